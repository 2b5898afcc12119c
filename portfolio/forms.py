from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from checklists.gates import Outcome
from portfolio.access import Offer
from portfolio.listing import Place, Wanted
from stages.models import Edition


class ListForm(forms.Form):
    """What the list is asked for. A value that is not on offer is left aside: a list never fails."""

    scope = forms.ChoiceField(choices=[("mine", ""), ("all", "")], required=False)
    q = forms.CharField(label=_("Name"), max_length=120, required=False)
    team = forms.ChoiceField(label=_("Team"), required=False)
    stage = forms.ChoiceField(label=_("Stage"), required=False)
    suggestion = forms.ChoiceField(
        label=_("Suggestion"),
        required=False,
        choices=[
            ("", _("Any suggestion")),
            (Outcome.GO.value, _("Go")),
            (Outcome.GO_WITH_CONDITIONS.value, _("Go with conditions")),
            (Outcome.NO_GO.value, _("No-go")),
        ],
    )
    after = forms.CharField(required=False)
    before = forms.CharField(required=False)

    def __init__(self, data: Any, *, teams: list[tuple[str, str]], stages: list[tuple[str, str]]) -> None:
        super().__init__(data)
        self.fields["q"].widget.input_type = "search"
        self.fields["team"].choices = [("", _("Any team")), *teams]
        self.fields["stage"].choices = [("", _("Any stage")), *stages]

    def wanted(self) -> Wanted:
        self.is_valid()
        asked = {name: self.cleaned_data.get(name, "") for name in self.fields}
        return Wanted(
            everything=asked["scope"] == "all",
            name=asked["q"],
            team=asked["team"],
            stage=asked["stage"],
            suggestion=asked["suggestion"],
            after=Place.read(asked["after"]),
            before=Place.read(asked["before"]),
        )


class DayInput(forms.DateInput):
    """The browser's own date field; it always speaks ISO 8601, whatever the page's language."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class EditionField(forms.ModelChoiceField):
    def label_from_instance(self, edition: Edition) -> str:
        return gettext("%(playbook)s, edition %(number)d") % {"playbook": edition.playbook, "number": edition.number}


class ServiceForm(forms.Form):
    name = forms.CharField(
        label=_("Name of the service"),
        max_length=120,
        help_text=_("As its users know it, for example: Birth certificate online."),
    )
    summary = forms.CharField(
        label=_("What it does"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One or two sentences: for whom, and what they get."),
    )
    team = forms.ModelChoiceField(queryset=None, label=_("Team"), help_text=_("Its members will see the service."))
    edition = EditionField(
        queryset=None,
        label=_("Playbook and edition"),
        help_text=_("What the service will be measured by. It stays with this edition."),
    )
    planned_on = forms.DateField(
        label=_("Planned go-live"),
        widget=DayInput(),
        help_text=_("The day you aim for. It says how much time is left."),
    )

    def __init__(self, data: Any = None, *, offer: Offer) -> None:
        super().__init__(data)
        self.fields["team"].queryset = offer.teams
        self.fields["edition"].queryset = offer.editions
        for name, choices in (("team", list(offer.teams)), ("edition", list(offer.editions))):
            if len(choices) == 1:
                self.fields[name].initial = choices[0]

    def clean_planned_on(self) -> Any:
        day = self.cleaned_data["planned_on"]
        if day < timezone.localdate():
            raise forms.ValidationError(_("Choose today or a later day: a planned go-live cannot be in the past."))
        return day


class WentLiveForm(forms.Form):
    on = forms.DateField(
        label=_("The day it went live"),
        widget=DayInput(),
        help_text=_("The day on which the first user could use it. It is recorded once."),
    )

    def clean_on(self) -> Any:
        day = self.cleaned_data["on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("This day has not come yet: record it when the service is live."))
        return day
