from collections.abc import Iterable, Mapping
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import languages, names
from accounts.acts import Role, SiteRole
from accounts.kinds import How, Kind
from accounts.models import User
from accounts.refusals import Conflict, Refusal

MEANING = {
    Role.VIEWER: _("viewer: reads, and asks for reports"),
    Role.DESIGNER: _("designer: answers, attaches evidence, asks for reviews"),
    Role.MANAGER: _("manager: decides at the gate, and says who is on the team"),
    SiteRole.AUDITOR: _("auditor: reads everything of all teams"),
    SiteRole.EDITOR: _("editor: publishes playbooks"),
    SiteRole.ADMINISTRATOR: _("administrator: teams, people and their roles"),
}


def offered(kind: Iterable[str]) -> list[tuple[str, Any]]:
    return [(role.value, MEANING[role]) for role in kind]


class NameField(forms.CharField):
    """A name that people can read and tell apart."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=120, **options)

    def clean(self, value: Any) -> str:
        try:
            return names.checked(super().clean(value))
        except Refusal as refusal:
            raise forms.ValidationError(str(refusal)) from refusal


class TeamForm(forms.Form):
    name = NameField(label=_("Name of the team"), help_text=_("For example: Civil registration."))


class AskForm(forms.Form):
    """One button: from now on, or no longer."""

    asked = forms.BooleanField(required=False)


class RolesForm(forms.Form):
    """Roles by tick boxes; `seen` carries those that the page showed, so that a stale tab is noticed."""

    kind: Any = Role
    roles = forms.MultipleChoiceField(label=_("Roles"), required=False, widget=forms.CheckboxSelectMultiple)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, held: Iterable[str]) -> None:
        self.held = sorted(held)
        super().__init__(data, initial={"roles": self.held, "seen": ",".join(self.held)})
        self.fields["roles"].choices = offered(self.kind)

    def clean_seen(self) -> frozenset[str]:
        return frozenset(filter(None, self.cleaned_data["seen"].split(",")))

    def anew(self, conflict: Conflict) -> "RolesForm":
        """The same ticks over the roles as they are now, and a sentence that says so."""
        held = conflict.detail["roles"]
        form = type(self)({"roles": self.cleaned_data["roles"], "seen": ",".join(sorted(held))}, held=held)
        now = ", ".join(str(self.kind(role).label) for role in sorted(held)) or gettext("none")
        form.add_error(None, _("%(why)s Now: %(roles)s. What you ticked is kept.") % {"why": conflict, "roles": now})
        return form


class MemberForm(RolesForm):
    leave_without_manager = forms.BooleanField(
        label=_("Leave the team without a manager"), required=False, widget=forms.HiddenInput
    )

    def ask(self, refusal: Refusal) -> None:
        """Ask whether leaving the team without a manager is meant."""
        self.fields["leave_without_manager"].widget = forms.CheckboxInput()
        self.add_error("leave_without_manager", _("%(why)s Tick this if it is meant.") % {"why": refusal})


class SiteRolesForm(RolesForm):
    kind = SiteRole


class InvitationForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail address"), max_length=254, help_text=_("The link goes there. It works once, for seven days.")
    )
    roles = forms.MultipleChoiceField(label=_("Roles"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, data: Any = None, *, kind: Iterable[str]) -> None:
        super().__init__(data)
        self.fields["roles"].choices = offered(kind)

    def clean_email(self) -> str:
        return self.cleaned_data["email"].lower()


class JoinForm(forms.Form):
    name = NameField(label=_("Your name"), help_text=_("As colleagues know you. It stands beside what you do."))
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        help_text=_("At least 8 characters, and none that everybody would guess."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("The password once more"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, data: Any = None, *, email: str) -> None:
        super().__init__(data)
        self.email = email
        self.fields["name"].widget.attrs["autocomplete"] = "name"

    def clean(self) -> dict[str, Any]:
        told = super().clean()
        password, again = told.get("password"), told.get("again")
        if password and again and password != again:
            self.add_error("again", _("The two passwords differ."))
        elif password:
            self._judge(password, told.get("name", ""))
        return told

    def _judge(self, password: str, name: str) -> None:
        try:
            validate_password(password, User(email=self.email, name=name))
        except forms.ValidationError as error:
            self.add_error("password", error)


class ProfileForm(forms.Form):
    name = NameField(label=_("Name"))
    language = forms.ChoiceField(label=_("Language"), required=False)
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        required=False,
        help_text=_("Times of day are shown in it. Days are counted as the installation counts them."),
    )

    def __init__(self, data: Any = None, *, person: User) -> None:
        fields = {"name": person.name, "language": person.language, "time_zone": person.time_zone}
        super().__init__(data, initial=fields)
        self.fields["language"].choices = [("", gettext("As the browser asks")), *languages.offered().items()]
        zones = sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith("Etc/"))
        here = gettext("As this installation: %(zone)s") % {"zone": settings.TIME_ZONE}
        self.fields["time_zone"].choices = [("", here), *((zone, zone.replace("_", " ")) for zone in zones)]


class LanguageForm(forms.Form):
    """The switcher's press: a language on offer, and the page to go back to."""

    language = forms.ChoiceField(choices=lambda: languages.offered().items())
    next = forms.CharField(required=False, max_length=2000)


class MailChoiceForm(forms.Form):
    """One row of radio buttons for each kind of notice."""

    def __init__(self, data: Any = None, *, chosen: Mapping[Kind, How]) -> None:
        super().__init__(data, initial=dict(chosen))
        for kind in Kind:
            self.fields[kind.value] = forms.ChoiceField(label=kind.label, choices=How.choices, widget=forms.RadioSelect)

    @property
    def chosen(self) -> dict[Kind, How]:
        return {Kind(kind): How(how) for kind, how in self.cleaned_data.items()}


class OneClickForm(forms.Form):
    """What a mail program posts by itself (RFC 8058)."""

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["List-Unsubscribe"] = forms.ChoiceField(choices=[("One-Click", "One-Click")])


class NoticePageForm(forms.Form):
    """Where a page of notices begins; nonsense means the first one."""

    before = forms.IntegerField(required=False, min_value=1, max_value=2**62)
    after = forms.IntegerField(required=False, min_value=1, max_value=2**62)

    @property
    def place(self) -> dict[str, int]:
        self.is_valid()
        return {name: self.cleaned_data.get(name) or 0 for name in ("before", "after")}


class EndSessionForm(forms.Form):
    session = forms.IntegerField(required=False, min_value=1)
