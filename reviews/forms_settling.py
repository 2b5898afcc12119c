"""What people fill in to settle a condition, and to open a passed stage again."""

from typing import Self

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.refusals import Refusal
from reviews.models import Condition
from stages import reasons

LONG = 4000


class ReopenForm(forms.Form):
    reason = forms.CharField(
        label=_("Why"),
        help_text=_("Stands in the history of the service and beside the stage, under your name."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=reasons.LIMIT,
        error_messages={"required": _("Say why the stage is reopened.")},
    )


class SettlingForm(forms.Form):
    """What a manager says of one condition; its prefix keeps several on one page apart."""

    word = ""

    @classmethod
    def of(cls, condition: Condition, data: QueryDict | None = None) -> Self:
        return cls(data, prefix=f"{cls.word}-{condition.pk}", initial={"seen": condition.due_on.isoformat()})

    def refuse(self, refusal: Refusal) -> None:
        """At its field; a refusal of the whole act is shown above the page."""
        if (field := refusal.detail.get("field")) in self.fields:
            self.add_error(field, str(refusal))


class ClosingForm(SettlingForm):
    word = "condition"
    note = forms.CharField(
        label=_("What shows it"),
        help_text=_("One sentence; it closes the condition under your name."),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=LONG,
        error_messages={"required": _("Say what shows that the condition is met.")},
    )


class DroppingForm(SettlingForm):
    word = "drop"
    reason = forms.CharField(
        label=_("Why"),
        help_text=_("It stays with the condition, under your name."),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=LONG,
        error_messages={"required": _("Say why.")},
    )


class ExtendingForm(DroppingForm):
    word = "extend"
    due_on = forms.DateField(
        label=_("New day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
        error_messages={"required": _("Say by when.")},
    )
    seen = forms.DateField(widget=forms.HiddenInput, input_formats=["%Y-%m-%d"])
    field_order = ["due_on", "reason"]
