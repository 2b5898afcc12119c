from datetime import date
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts import calendar
from accounts.refusals import Refusal
from checklists import due_dates
from portfolio.access import Offer
from stages import reasons
from stages.keeping import Words, words_of
from stages.models import Edition, Service


class DayInput(forms.DateInput):
    """The browser's own date field; it always speaks ISO 8601, whatever the page's language."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class EditionField(forms.ModelChoiceField):
    def label_from_instance(self, edition: Edition) -> str:
        return gettext("%(playbook)s, edition %(number)d") % {"playbook": edition.playbook, "number": edition.number}


class EarlierField(forms.ModelChoiceField):
    def label_from_instance(self, service: Service) -> str:
        return gettext("%(service)s (%(team)s)") % {"service": service, "team": service.team}


class NamingForm(forms.Form):
    """What people call a service and say of it."""

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


class ServiceForm(NamingForm):
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

    copy_of = EarlierField(
        queryset=None,
        to_field_name="slug",
        required=False,
        label=_("Start from an earlier service"),
        empty_label=_("Start empty"),
        help_text=_(
            "What it said comes along as proposals, with its evidence. Nothing counts until somebody takes it over."
        ),
    )

    def __init__(self, data: Any = None, *, offer: Offer, copy_of: str = "") -> None:
        """`copy_of` is the address of an earlier service to begin with; one that is not on offer is left aside."""
        earlier = offer.earlier.filter(slug=copy_of).first() if copy_of and copy_of.isprintable() else None
        super().__init__(data, initial={"copy_of": earlier.slug, "team": earlier.team_id} if earlier else None)
        self.fields["team"].queryset = offer.teams
        self.fields["edition"].queryset = offer.editions
        self.fields["copy_of"].queryset = offer.earlier
        for name, choices in (("team", list(offer.teams)), ("edition", list(offer.editions))):
            if len(choices) == 1:
                self.fields[name].initial = choices[0]

    def refuse(self, refusal: Refusal) -> None:
        """Say it at its field, else above them all."""
        field = str(refusal.detail.get("field"))
        self.add_error(field if field in self.fields else None, str(refusal))

    def clean_planned_on(self) -> Any:
        day = self.cleaned_data["planned_on"]
        if day < calendar.day():
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
        if day > calendar.day():
            raise forms.ValidationError(_("This day has not come yet: record it when the service is live."))
        return day


class UpkeepForm(forms.Form):
    """What one act of `stages.keeping` is told."""

    @classmethod
    def about(cls, service: Service, data: Any = None) -> "UpkeepForm":
        return cls(data, initial=cls.shown(service))

    @staticmethod
    def shown(service: Service) -> dict[str, object]:
        """What stands in the form at first; `seen` says what its reader saw."""
        return {}

    @property
    def told(self) -> dict[str, Any]:
        return self.cleaned_data

    def after(self, service: Service, refusal: Refusal) -> "UpkeepForm":
        """With everything typed: what is wrong at its field, or, after a conflict, on what is true now."""
        if field := refusal.detail.get("field"):
            self.add_error(str(field), str(refusal))
            return self
        data = self.data.copy()
        data["seen"] = str(self.shown(service)["seen"])
        return self.about(service, data)

    def versus(self, now: dict[str, object]) -> list[tuple[str, str, str]]:
        """Label, what stands there now and what was sent, of each part that `now` names."""
        self.is_valid()
        return [(self[name].label, _said(there), _said(self.cleaned_data.get(name, ""))) for name, there in now.items()]


def _said(value: object) -> str:
    return date_format(value) if isinstance(value, date) else str(value)


class WordsForm(UpkeepForm, NamingForm):
    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)

    @staticmethod
    def shown(service: Service) -> dict[str, object]:
        words = words_of(service)
        return {**words._asdict(), "seen": words.digest}

    @property
    def told(self) -> dict[str, Any]:
        told = self.cleaned_data
        return {"words": Words(told["name"], told["summary"]), "seen": told["seen"]}


class ReasonForm(UpkeepForm):
    reason = forms.CharField(
        label=_("Why"),
        max_length=reasons.LIMIT,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One sentence; it stays with the service, under your name."),
        error_messages={"required": _("Say why: the reason stays with the service.")},
    )


class CorrectionForm(ReasonForm):
    """Another day on which the service went live."""

    on = forms.DateField(label=_("It went live on"), widget=DayInput())
    seen = forms.DateField(widget=forms.HiddenInput)
    field_order = ["on", "reason"]

    @staticmethod
    def shown(service: Service) -> dict[str, object]:
        return {"on": service.went_live_on, "seen": service.went_live_on and service.went_live_on.isoformat()}


class PlanForm(ReasonForm):
    planned_on = forms.DateField(label=_("New day"), widget=DayInput())
    with_dates = forms.BooleanField(required=False)
    seen = forms.DateField(widget=forms.HiddenInput)
    field_order = ["planned_on", "with_dates", "reason"]

    @classmethod
    def about(cls, service: Service, data: Any = None) -> "PlanForm":
        """Due days that are set move only when that is asked for; where none is set there is nothing to ask."""
        form = super().about(service, data)
        if number := sum(len(plan.dated) for plan in due_dates.of(service)):
            label = ngettext(
                "Move the %(n)d due day by as many days", "Move the %(n)d due days by as many days", number
            )
            form.fields["with_dates"].label = label % {"n": number}
            form.fields["with_dates"].help_text = _(
                "Those of entries that still need something. Left alone, they stay."
            )
        else:
            del form.fields["with_dates"]
        return form

    @staticmethod
    def shown(service: Service) -> dict[str, object]:
        return {"planned_on": service.planned_on, "seen": service.planned_on.isoformat()}


class PagesForm(forms.Form):
    """How much of my work to show; nonsense means one page."""

    more = forms.IntegerField(required=False, min_value=1, max_value=20)

    @property
    def pages(self) -> int:
        return (self.is_valid() and self.cleaned_data["more"]) or 1


class AcceptForm(forms.Form):
    """Which proposals are accepted: those of one stage or all, as they were shown."""

    stage = forms.SlugField(required=False)
    seen = forms.CharField(max_length=64)
