"""Sign-in and one's own password: the pages of allauth that this product uses, and no others."""

from allauth.account import urls

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
