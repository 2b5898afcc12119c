"""Which evidence of a service is looked for, read from the address of its list."""

from django import forms
from django.utils.translation import gettext_lazy as _


class PiecesForm(forms.Form):
    """Which evidence of a service is looked for; what is not on offer is left aside."""

    show = forms.ChoiceField(
        label=_("Show"),
        required=False,
        choices=[
            ("all", _("All")),
            ("expiring", _("Expiring within 30 days")),
            ("expired", _("Expired")),
            ("nowhere", _("Behind no answer")),
        ],
    )
    q = forms.CharField(label=_("Find"), required=False, max_length=80)
    page = forms.IntegerField(required=False, min_value=1, max_value=10_000)

    def wanted(self) -> tuple[str, str, int]:
        """The key of a filter, words to find, and the number of a page."""
        self.is_valid()
        data = self.cleaned_data
        return data.get("show") or "all", data.get("q", ""), data.get("page") or 1
