"""A pressed button: it sends what it is and the version that was looked at, and nothing else.

Nine of ten answers are one. Their form has three fields where that of an answer has thirteen, which are made anew for
each request.
"""

from django import forms

from checklists.models import State
from stages.models import Kind, Requirement

SENT = frozenset({"csrfmiddlewaretoken", "seen", "state", "rating"})


class PressForm(forms.Form):
    """`rating` by itself means rated."""

    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    state = forms.ChoiceField(choices=State.choices, required=False)
    rating = forms.TypedChoiceField(choices=[(n, n) for n in range(4)], coerce=int, empty_value=None, required=False)

    def __init__(self, requirement: Requirement, *args: object, **options: object) -> None:
        super().__init__(*args, **options)
        self.requirement = requirement
        if requirement.kind != Kind.QUESTION:
            del self.fields["rating"]

    def clean_state(self) -> str | None:
        rated = "rating" in self.fields and self.data.get("rating") not in (None, "")
        return State.RATED.value if rated else self.cleaned_data["state"] or None

    def said(self) -> dict[str, object]:
        """The arguments of `answering.record`."""
        data = self.cleaned_data
        return {"seen": data["seen"], "state": data["state"], "rating": data.get("rating")}
