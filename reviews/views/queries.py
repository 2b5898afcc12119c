"""What the pages that look something up are asked: forms that are sent with GET."""

from collections.abc import Iterable
from dataclasses import asdict

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from reviews import verification, wording_trail
from reviews.history import Wanted

LAST = 2**63 - 1  # the last number a sequence can have


class DigestForm(forms.Form):
    digest = forms.CharField(
        label=_("Digest"),
        help_text=_("64 digits and letters from a to f, as on page one of a report. Spaces do not matter."),
        max_length=500,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
        error_messages={"required": _("Enter the digest to look up.")},
    )

    def clean_digest(self) -> str:
        digest = verification.digest_in(self.cleaned_data["digest"])
        if not digest:
            raise forms.ValidationError(
                _("This holds no digest. A digest has exactly 64 characters: digits and letters from a to f.")
            )
        return digest


class HistoryForm(forms.Form):
    """Whose deeds, of which kind, from which place on. A value that is not on offer is left aside."""

    who = forms.TypedChoiceField(label=_("Person"), required=False, coerce=int, empty_value=0)
    kind = forms.ChoiceField(label=_("What"), required=False)
    before = forms.IntegerField(required=False, min_value=1, max_value=LAST)
    after = forms.IntegerField(required=False, min_value=1, max_value=LAST)

    def __init__(self, data: QueryDict, *, people: Iterable[User]) -> None:
        super().__init__(data)
        self.fields["who"].choices = [("", _("Everybody")), *((person.pk, str(person)) for person in people)]
        kinds = ((key, title) for key, (title, _verbs) in wording_trail.KINDS.items())
        self.fields["kind"].choices = [("", _("Everything")), *kinds]

    def wanted(self) -> Wanted:
        self.is_valid()
        return Wanted(**{name: self.cleaned_data.get(name) or field for name, field in asdict(Wanted()).items()})
