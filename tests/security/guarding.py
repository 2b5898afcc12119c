"""What every answer carries, so that a browser does not do what others want."""

from collections.abc import Mapping

FILE_IN_A_BOX = "sandbox; default-src 'none'"
OURS_ALONE = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}
GUARDS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def missing(headers: Mapping[str, str]) -> list[str]:
    """What these headers lack of it, in words."""
    wrong = [f"{name}: {headers.get(name)}" for name, value in GUARDS.items() if headers.get(name) != value]
    policy = headers.get("Content-Security-Policy", "")
    if policy != FILE_IN_A_BOX and dict(one.strip().split(" ", 1) for one in policy.split(";") if one) != OURS_ALONE:
        wrong.append(f"Content-Security-Policy: {policy}")
    if headers.get("Cache-Control", "") == "":
        wrong.append("no Cache-Control")
    return wrong
