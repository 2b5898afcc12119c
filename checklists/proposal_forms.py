"""What a person sends to take over what an earlier service said: one entry, or several at once."""

from collections.abc import Mapping

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from stages.models import Requirement


class TakeForm(forms.Form):
    """Taking over what an earlier service said: the version of the answer that was looked at."""

    seen = forms.IntegerField(min_value=0)


class Ticked(forms.MultipleChoiceField):
    """What was ticked on a list that may have changed since: whoever takes it judges each."""

    def valid_value(self, value: str) -> bool:
        return True


class TakeSeveralForm(forms.Form):
    """Several entries of a stage, each as `slug~version`: the version of the answer that was looked at."""

    take = Ticked(error_messages={"required": _("Tick what you want to take over.")})

    def __init__(self, data: QueryDict | None, *, requirements: Mapping[str, Requirement]) -> None:
        super().__init__(data)
        self.requirements = requirements

    def clean_take(self) -> dict[Requirement, int]:
        """What is no entry of the stage is left aside; what is no version is none that was ever there."""
        named = (value.rpartition("~") for value in self.cleaned_data["take"])
        return {self.requirements[slug]: _version(seen) for slug, _sign, seen in named if slug in self.requirements}


def _version(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else -1
