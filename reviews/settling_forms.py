"""What people fill in to settle a condition, and to open a passed stage again."""

from typing import Any, Self

from django import forms
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from accounts.refusals import Refusal
from checklists.forms import ProofForm
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
    def of(cls, condition: Condition, data: QueryDict | None = None, files: MultiValueDict | None = None) -> Self:
        return cls(data, files, prefix=f"{cls.word}-{condition.pk}", initial={"seen": cls.seen_of(condition)})

    @staticmethod
    def seen_of(condition: Condition) -> str:
        """What the form says that its reader saw: when it was last said that the condition is met."""
        return condition.said_met_at.isoformat() if condition.said_met_at else ""

    @property
    def told(self) -> dict[str, Any]:
        """What the act is to be told."""
        return self.cleaned_data

    def refuse(self, refusal: Refusal) -> None:
        """At its field; a refusal of the whole act is shown above the page."""
        if (field := refusal.detail.get("field")) in self.fields:
            self.add_error(field, str(refusal))


class SayingForm(SettlingForm, ProofForm):
    """That a condition is met, with what shows it: a note, a link or a file."""

    word = "said"
    effective_from = valid_until = None  # what shows that it is met is looked at once

    def clean(self) -> None:
        super().clean()
        if not self.errors and self.proof is None:
            self.add_error("proof_text", _("Write a note, give a link or choose a file."))

    @property
    def told(self) -> dict[str, Any]:
        return {"proof": self.proof}

    def refuse(self, refusal: Refusal) -> None:
        field = self.names.get(str(refusal.detail.get("field")))
        if field:
            self.add_error(field, str(refusal))


class ClosingForm(SettlingForm):
    word = "condition"
    seen = forms.DateTimeField(widget=forms.HiddenInput, required=False)
    note = forms.CharField(
        label=_("Remark"),
        help_text=_("It closes the condition under your name."),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=LONG,
        required=False,
    )


class TurningDownForm(SettlingForm):
    word = "down"
    seen = forms.DateTimeField(widget=forms.HiddenInput, required=False)
    reason = forms.CharField(
        label=_("What is missing"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=LONG,
        error_messages={"required": _("Say what is missing.")},
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
    seen = forms.DateField(widget=forms.HiddenInput, input_formats=["%Y-%m-%d"], required=False)
    field_order = ["due_on", "reason"]

    @staticmethod
    def seen_of(condition: Condition) -> str:
        return condition.due_on.isoformat() if condition.due_on else ""
