"""Sign-in, its second step and one's own password: the pages of allauth that this product uses, and no others."""

from allauth.account import urls
from allauth.mfa.base import views as code
from allauth.mfa.webauthn import views as passkey
from django.urls import path

from accounts.views.authenticators import PasskeyAgainView

OFFERED = {
    "account_login",
    "account_logout",
    "account_inactive",
    "account_signup",  # closed by `ClosedAdapter`; allauth's sign-in page asks for its address
    "account_reauthenticate",
    "account_change_password",
    "account_set_password",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
}
urlpatterns = [pattern for pattern in urls.urlpatterns if pattern.name in OFFERED]
urlpatterns += [
    path("second-step/", code.authenticate, name="mfa_authenticate"),
    path("second-step/again/", code.reauthenticate, name="mfa_reauthenticate"),
    path("passkey/", passkey.login_webauthn, name="mfa_login_webauthn"),
    path("passkey/again/", PasskeyAgainView.as_view(), name="mfa_reauthenticate_webauthn"),
]
