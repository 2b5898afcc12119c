"""The form that narrows the list of services, and the filters in force as its page tells them."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.forms.utils import flatatt
from django.utils.formats import date_format
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from checklists.gates import Outcome
from portfolio.forms import DayInput
from portfolio.wanted import Demanded, Filters, Order, Place, Wanted, Window


@dataclass(frozen=True)
class InForce:
    """A filter in force as the page names it, and the address of the list without it."""

    label: object
    value: object
    without: str


ARIA_SORT = {Order.SOONEST: "ascending", Order.LATEST: "descending"}


@dataclass(frozen=True)
class Column:
    """A heading that sorts: where its press leads, and how it sorts now as ARIA calls it, empty when it does not."""

    url: str
    sorted: str


class LongSelect(forms.Select):
    """One of hundreds. Django makes a dictionary and a template of each option; here each is written down."""

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: object = None) -> SafeString:
        chosen = str(value or "")
        options = [
            f'<option value="{escape(key)}"{" selected" if key == chosen else ""}>{escape(word)}</option>'
            for key, word in self.choices
        ]
        shown = flatatt(self.build_attrs(self.attrs, attrs))
        return format_html('<select name="{}"{}>{}</select>', name, shown, SafeString("".join(options)))


class ListForm(forms.Form):
    """What the list is asked for. A value that is not on offer is left aside: a list never fails."""

    scope = forms.ChoiceField(choices=[("mine", ""), ("all", "")], required=False)
    q = forms.CharField(label=_("Name"), max_length=120, required=False)
    team = forms.ChoiceField(label=_("Team"), required=False, widget=LongSelect)
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
    live = forms.ChoiceField(label=_("Goes live"), required=False, choices=[("", _("Any day")), *Window.choices])
    conditions = forms.ChoiceField(
        label=_("Conditions"), required=False, choices=[("", _("With or without")), *Demanded.choices]
    )
    live_from = forms.DateField(label=_("Goes live from"), required=False, widget=DayInput())
    live_to = forms.DateField(label=_("Goes live until"), required=False, widget=DayInput())
    archived = forms.ChoiceField(
        label=pgettext_lazy("filter", "Archive"),
        required=False,
        choices=[("", _("Without the archived")), ("yes", _("Only the archived"))],
    )
    sort = forms.ChoiceField(label=_("Sort by"), required=False, choices=Order.choices, widget=LongSelect)
    after = forms.CharField(required=False)
    before = forms.CharField(required=False)

    MORE = ("live_from", "live_to", "archived")  # folded away until one of them is asked for

    def __init__(self, data: Any, *, teams: list[tuple[str, str]], stages: list[tuple[str, str]]) -> None:
        super().__init__(data)
        self.fields["q"].widget.input_type = "search"
        self.fields["team"].choices = [("", _("Any team")), *teams]
        self.fields["stage"].choices = [("", _("Any stage")), *stages]

    def wanted(self) -> Wanted:
        self.is_valid()
        asked = {name: self.cleaned_data.get(name) or "" for name in self.fields}
        order = Order(asked["sort"] or Order.NAME)
        return Wanted(
            everything=asked["scope"] == "all",
            filters=Filters(**{one.name: asked[one.name] or one.default for one in fields(Filters)}),
            order=order,
            after=Place.read(asked["after"], order),
            before=Place.read(asked["before"], order),
        )

    def first(self) -> list[forms.BoundField]:
        """The fields that always stand there; who has only one team need not choose one."""
        lone = len(self.fields["team"].choices) <= 2 and not self.cleaned_data.get("team")
        left = (*self.MORE, "team" if lone else "")
        return [self[name] for name in (*(one.name for one in fields(Filters)), "sort") if name not in left]

    def more(self) -> list[forms.BoundField]:
        return [self[name] for name in self.MORE]

    def more_in_force(self) -> bool:
        return any(self.cleaned_data.get(name) for name in self.MORE)

    def columns(self, order: Order) -> dict[str, Column]:
        """The headings of the table that sort it: a second press on the day turns it round."""
        name = Column(self._address("sort"), "ascending" if order == Order.NAME else "")
        other = Order.LATEST if order == Order.SOONEST else Order.SOONEST
        day = Column(self._address("sort", sort=other.value), ARIA_SORT.get(order, ""))
        return {"name": name, "day": day}

    def told(self, names: Iterable[str]) -> list[InForce]:
        """These filters, as they are shown and taken away."""
        return [InForce(self.fields[name].label, self._words(name), self._address(name)) for name in names]

    def _words(self, name: str) -> object:
        value = self.cleaned_data[name]
        if isinstance(value, date):
            return date_format(value, "SHORT_DATE_FORMAT")
        return dict(getattr(self.fields[name], "choices", ())).get(value, value)

    def _address(self, without: str, **more: str) -> str:
        """The first page of the same list without one of its values, and with `more`."""
        kept = {key: value for key, value in self.data.items() if value and key not in (without, "after", "before")}
        return f"?{urlencode(kept | more)}"
