"""What a person says about a service as a whole: who fills the roles of its playbook."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.refusals import Refusal
from stages.assignments import Filled
from stages.models import Role


class PeopleForm(forms.Form):
    """Who fills each role of the playbook; beside each choice stands who was shown, so that a stale tab is noticed."""

    def __init__(
        self, data: Any = None, *, roles: Sequence[Role], members: Collection[User], filled: Mapping[int, Filled]
    ) -> None:
        super().__init__(data)
        self.given = {"roles": roles, "members": members, "filled": filled}
        self.roles = roles
        self.people = {user.pk: user for user in [*members, *(one.user for one in filled.values())]}
        there = [(user.pk, str(user)) for user in members]
        for role in roles:
            held = filled.get(role.pk)
            gone = [(held.user.pk, str(held.user))] if held and held.gone else []
            self.fields[role.slug] = forms.TypedChoiceField(
                label=role.title,
                choices=[("", _("Nobody yet")), *there, *gone],
                coerce=int,
                empty_value=0,
                required=False,
                initial=held.user.pk if held else "",
                error_messages={"invalid_choice": _("Choose somebody who is on the team now.")},
            )
            self.fields[f"seen-{role.slug}"] = forms.IntegerField(
                widget=forms.HiddenInput, required=False, initial=held.user.pk if held else ""
            )

    def of(self, role: Role) -> tuple[forms.BoundField, forms.BoundField]:
        """The choice, and who was shown."""
        return self[role.slug], self[f"seen-{role.slug}"]

    @property
    def told(self) -> dict[str, dict[str, User | None]]:
        """The arguments of `assigning.assign`; of who was seen and is unknown here, nobody knows."""
        data = self.cleaned_data
        return {
            "people": {role.slug: self.people.get(data[role.slug]) for role in self.roles},
            "seen": {role.slug: self.people.get(data[f"seen-{role.slug}"]) for role in self.roles},
        }

    def anew(self, conflict: Refusal) -> "PeopleForm":
        """The same choices on what is there now; where somebody else was faster it says so."""
        data, now = self.data.copy(), conflict.detail["now"]
        for slug, user in now.items():
            data[f"seen-{slug}"] = str(user.pk) if user else ""
        form = type(self)(data, **self.given)
        for slug, user in now.items():
            told = {"name": user or gettext("nobody")}
            form.add_error(slug, gettext("Now it is %(name)s. Your choice is kept: save it if it is right.") % told)
        return form
