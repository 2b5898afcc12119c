"""One settings file. Every default runs; `.env.example` names and explains each variable."""

from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from accounts import limits
from launchkit import production
from launchkit.keys import generated

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
environ.Env.read_env(env.str("LAUNCHKIT_ENV_FILE", str(BASE_DIR / ".env")))

# -- what kind of installation ------------------------------------------------------------------------
MODE = env.str("LAUNCHKIT_MODE", "embedded")
if MODE not in ("embedded", "production"):
    raise ValueError(f"LAUNCHKIT_MODE is {MODE!r}; it must be 'embedded' or 'production'.")
PRODUCTION = MODE == "production"
VAR_DIR = Path(env.str("LAUNCHKIT_VAR", str(BASE_DIR / "var")))
DEBUG = env.bool("DEBUG", False)
VERSION = "0.1.0"  # as in pyproject.toml, which no image holds

if PRODUCTION:
    SECRET_KEY = env.str("SECRET_KEY", "")
    TRAIL_KEY = env.str("LAUNCHKIT_TRAIL_KEY", "")
    ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[])
else:
    SECRET_KEY = env.str("SECRET_KEY", "") or generated(VAR_DIR / "secret.key")
    TRAIL_KEY = env.str("LAUNCHKIT_TRAIL_KEY", "") or generated(VAR_DIR / "trail.key")
    ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
DEMO = not PRODUCTION
DEMO_DOMAIN = "demo.launchkit.example"
DEMO_PASSWORD = "ready-to-launch"  # noqa: S105 - printed by `make run`; production refuses accounts of this domain

# -- parts ------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "launchkit",
    "operations",
    "portfolio",
    "reviews",
    "checklists",
    "stages",
    "accounts",
    "jobs",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "crispy_forms",
    "django_htmx",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
]
MIDDLEWARE = [
    "launchkit.middleware.RequestMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "launchkit.middleware.PrivacyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "accounts.middleware.PersonMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "launchkit.middleware.RefusalMiddleware",
]
ROOT_URLCONF = "launchkit.urls"
WSGI_APPLICATION = "launchkit.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "launchkit.context.demo_signins",
                "accounts.context.standing",
                "accounts.context.zone",
                "accounts.context.languages_offered",
                "accounts.context.unread",
            ],
        },
    },
    {
        "NAME": "compiled",
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {"environment": "launchkit.compiled.environment"},
    },
]
CRISPY_TEMPLATE_PACK = "launchkit"
CRISPY_ALLOWED_TEMPLATE_PACKS = ("launchkit",)
FORM_RENDERER = "django.forms.renderers.Jinja2"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# -- data ---------------------------------------------------------------------------------------------
DATABASE_URL = env.str("DATABASE_URL", "") or f"sqlite:///{VAR_DIR / 'launchkit.sqlite3'}"
try:
    DATABASES = {"default": env.db_url_config(DATABASE_URL)}
except ValueError:  # what it says holds a part of the address, perhaps of the password
    raise ImproperlyConfigured(
        "DATABASE_URL cannot be read: postgres://user:password@host:port/name, in which signs of a password such as "
        "/ # ? @ are written as %2F %23 %3F %40."
    ) from None
_database = DATABASES["default"]
SQLITE = _database["ENGINE"].endswith("sqlite3")
_database["ATOMIC_REQUESTS"] = False
if SQLITE:
    Path(_database["NAME"]).parent.mkdir(parents=True, exist_ok=True)
    _database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",  # the immediate transaction is the chain lock here
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
    }
else:
    _database["CONN_MAX_AGE"] = 60
    _database["CONN_HEALTH_CHECKS"] = True
    _database.setdefault("OPTIONS", {})["options"] = (
        "-c statement_timeout=15000 -c lock_timeout=5000 -c plan_cache_mode=force_generic_plan"
    )
    # A host that says nothing for so many seconds is a database that is away.
    _database["OPTIONS"].setdefault("connect_timeout", 5)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = env.str("REDIS_URL", "")
if PRODUCTION:  # counts attempts to sign in, over all web processes; not in Redis, for no page waits for the broker
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.db.DatabaseCache",
            "LOCATION": "launchkit_cache",
            "OPTIONS": {"MAX_ENTRIES": 100_000},
        }
    }

# Evidence, documents and reports: never served as public files, each download asks for permission.
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(VAR_DIR / "files"), "base_url": None},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True  # pages link to nothing else
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", str(VAR_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
UPLOAD_LIMIT = 10 * 1024 * 1024  # bytes of one file of evidence or one document version
ACTS_A_MINUTE = env.int("LAUNCHKIT_ACTS_A_MINUTE", 600)  # forms of one person, in each web process; 0: any number
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 512 * 1024
PLAYBOOKS_DIR = BASE_DIR / "fixtures" / "playbooks"

# -- people -------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.WithRoles"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
ACCOUNT_ADAPTER = "accounts.adapter.ClosedAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_USER_DISPLAY = "accounts.context.display_name"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/accounts/login/"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # no mail to an address that nobody here has
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "accounts.reset_keys.ResetKeys"  # noqa: S105 - the name of a class
ACCOUNT_RATE_LIMITS = {"join": "30/m/ip", "invite": "60/h/user", "unsubscribe": "30/m/ip", "upload": "200/h/user"}
MFA_ADAPTER = "accounts.adapter.SecondStepAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {
    "authenticate": "accounts.authenticator_forms.CodeForm",
    "reauthenticate": "accounts.authenticator_forms.CodeAgainForm",
    "login_webauthn": "accounts.authenticator_forms.PasskeySignInForm",
    "authenticate_webauthn": "accounts.authenticator_forms.PasskeyStepForm",
    "reauthenticate_webauthn": "accounts.authenticator_forms.PasskeyAgainForm",
}
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Launchkit"
MFA_TOTP_TOLERANCE = 1  # steps of 30 s that a phone's clock may be off
MFA_ALLOW_UNVERIFIED_EMAIL = True  # the invitation's link has verified it
# Where people reach this installation: what links in mails begin with, and what reports print to be verified at.
ADDRESS = env.str("LAUNCHKIT_ADDRESS", "").rstrip("/") or (
    f"https://{ALLOWED_HOSTS[0].lstrip('.')}" if PRODUCTION and ALLOWED_HOSTS else "http://127.0.0.1:8000"
)
EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = limits.SILENCE
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "launchkit@localhost")

# -- sessions, cookies, headers -----------------------------------------------------------------------
SESSION_ENGINE = "accounts.session_store"
SESSION_COOKIE_AGE = 8 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "launchkit.errors.csrf_failure"
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
if PRODUCTION:
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
    if env.bool("BEHIND_PROXY", False):
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
        ALLAUTH_TRUSTED_PROXY_COUNT = 1  # attempts to sign in are counted by the address that the proxy saw
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    },
}

# -- language and time --------------------------------------------------------------------------------
LANGUAGE_CODE = env.str("LAUNCHKIT_LANGUAGE", "en")
LANGUAGES = [  # each named in itself, for who looks for it
    ("el", "Ελληνικά"),
    ("en", "English"),
    ("fr", "Français"),
    ("lt", "Lietuvių"),
    ("pt", "Português"),
]
if LANGUAGE_CODE not in dict(LANGUAGES):
    raise ValueError(f"LAUNCHKIT_LANGUAGE is {LANGUAGE_CODE!r}; it must be one of {', '.join(dict(LANGUAGES))}.")
LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60  # what somebody chose who is not signed in
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = PRODUCTION
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["launchkit.formats"]
TIME_ZONE = env.str("TIME_ZONE", "UTC")
USE_TZ = True

# -- background work (see launchkit/celery.py) --------------------------------------------------------
CELERY_BROKER_URL = REDIS_URL or "folders://localhost"  # a host, since Celery warns without one
WORKER_CHILDREN = env.int("WORKER_CHILDREN", 1)  # reports rendered at once by one worker
CELERY_TASK_ROUTES = {"accounts.tasks.*": {"queue": "mail"}}  # a worker of their own: a mail server may hang
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True

# -- logs: everything to standard error, with faults and their tracebacks, which no person is ever shown, and without
# secrets (launchkit/logs.py); in production a line is JSON ----------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "launchkit.logs.formatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", "WARNING")},
    "loggers": {
        "django": {"handlers": [], "level": "NOTSET", "propagate": True},
        "django.request": {"level": "ERROR"},  # a refusal (403, 404, 409, 422) is an answer, nothing to report
        # a line for each request and each report made
        "launchkit.done": {"level": "INFO" if PRODUCTION else "NOTSET"},
    },
}

if PRODUCTION:
    production.refuse(
        debug=DEBUG,
        secret_key=SECRET_KEY,
        trail_key=TRAIL_KEY,
        hosts=ALLOWED_HOSTS,
        database=_database["ENGINE"],
        broker=REDIS_URL,
        var=VAR_DIR,
    )
