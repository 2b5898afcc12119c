"""What people fill in at the gate: asking for a review, the decision with its conditions, closing a condition."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.forms.utils import ErrorDict, ErrorList
from django.http import QueryDict
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from accounts import languages
from accounts.models import User
from accounts.refusals import Refusal
from checklists import gates
from reviews import deciders, look, reports
from reviews.cases import Case
from reviews.deciding import Demand
from reviews.models import Confirmation, Decision, Outcome, Snapshot
from reviews.submitting import Said
from stages import catalogue
from stages.models import ExitCriterion, Kind, Requirement, Service

LONG, ROWS_AT_FIRST, ROWS_AT_MOST = 4000, 2, 10
FURTHEST_AFTER_LIVE = 730  # days


class AskForm(forms.Form):
    """A note to the manager, and for each exit criterion that a person confirms: met or not, and what shows it."""

    note = forms.CharField(
        label=_("Note to the manager"),
        help_text=_("What should be known before looking? The note does not change what is sealed."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=LONG,
        required=False,
    )

    def __init__(self, *args: Any, criteria: Iterable[ExitCriterion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.criteria = [criterion for criterion in criteria if criterion.computed is None]
        for number, criterion in enumerate(self.criteria, start=1):
            self.fields[f"met_{criterion.slug}"] = _met_field(number, criterion)
            self.fields[f"note_{criterion.slug}"] = _shown_field(criterion)
        self.order_fields([name for name in self.fields if name != "note"])

    @staticmethod
    def said(note: str, confirmations: Iterable[Confirmation]) -> dict[str, str]:
        """What was said of the criteria, as the form begins with it."""
        told = {"note": note}
        for one in confirmations:
            told |= {f"met_{one.criterion.slug}": "yes" if one.met else "no", f"note_{one.criterion.slug}": one.note}
        return told

    @property
    def pairs(self) -> list[tuple[ExitCriterion, forms.BoundField, forms.BoundField]]:
        return [(one, self[f"met_{one.slug}"], self[f"note_{one.slug}"]) for one in self.criteria]

    @property
    def confirmations(self) -> list[Said]:
        told = self.cleaned_data
        return [(one, told[f"met_{one.slug}"] == "yes", told[f"note_{one.slug}"]) for one in self.criteria]

    def refuse(self, refusal: Refusal) -> None:
        self.add_error(None, str(refusal))


def _met_field(number: int, criterion: ExitCriterion) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=f"{number}. {criterion.title}",
        choices=[("yes", _("Yes, it is met")), ("no", _("No, not yet"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Say whether this is met.")},
    )


def _shown_field(criterion: ExitCriterion) -> forms.CharField:
    return forms.CharField(
        label=_("What shows it, or what is missing"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=LONG,
        error_messages={"required": _("Say in a sentence what shows it, or what is missing.")},
    )


class ConditionForm(forms.Form):
    """One row of the decision's conditions; a row left empty asks for nothing."""

    text = forms.CharField(
        label=_("What is demanded"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=LONG,
        error_messages={"required": _("Say what is demanded.")},
    )
    owner = forms.ChoiceField(label=_("Owner"), error_messages={"required": _("Say who owes it.")})
    due_on = forms.DateField(
        label=_("Due"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
        required=False,
    )
    days_after_live = forms.IntegerField(
        label=_("or so many days after go-live"), min_value=1, max_value=FURTHEST_AFTER_LIVE, required=False
    )
    about = forms.ChoiceField(label=_("About"), required=False)

    def __init__(self, *args: Any, members: Sequence[User], requirements: Sequence[Requirement], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.members = {str(member.pk): member for member in members}
        self.requirements = {requirement.slug: requirement for requirement in requirements}
        names = [(pk, str(member)) for pk, member in self.members.items()]
        self.fields["owner"].choices = [("", gettext("choose a member")), *names]
        chosen = [(one.slug, f"{one.number} {_short(str(one.title))}") for one in requirements]
        self.fields["about"].choices = [("", gettext("nothing in particular")), *chosen]

    def clean(self) -> None:
        """By a day or after go-live: one of them, in a row where something is demanded."""
        due = (self.cleaned_data.get("due_on"), self.cleaned_data.get("days_after_live"))
        if self.has_changed() and not {"due_on", "days_after_live"} & self.errors.keys() and due.count(None) != 1:
            self.add_error("due_on", _("Say by when: a day, or how many days after go-live."))

    @property
    def demand(self) -> Demand:
        told = self.cleaned_data
        linked = [self.requirements[told["about"]]] if told["about"] else []
        return Demand(told["text"], self.members[told["owner"]], told["due_on"], linked, told["days_after_live"])


def _short(title: str) -> str:
    return title if len(title) <= 60 else f"{title[:59]}…"


ConditionSet = forms.formset_factory(
    ConditionForm, extra=ROWS_AT_FIRST, max_num=ROWS_AT_MOST, absolute_max=ROWS_AT_MOST, validate_max=True
)


class PictureForm(forms.Form):
    """Which picture a decision form showed."""

    seen_snapshot = forms.CharField(required=False, max_length=64)

    @property
    def seen(self) -> str:
        return self.cleaned_data["seen_snapshot"] if self.is_valid() else ""


class DecisionForm(forms.Form):
    """The decision. Its hidden fields say which picture and which changes its reader saw."""

    seen_snapshot = forms.CharField(widget=forms.HiddenInput, required=False)
    seen_changes = forms.CharField(widget=forms.HiddenInput, required=False)
    seen_keys = forms.CharField(widget=forms.HiddenInput, required=False)
    outcome = forms.ChoiceField(
        label=_("Decision"),
        choices=Outcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose go, go with conditions or no-go.")},
    )
    rationale = forms.CharField(
        label=_("Why"),
        help_text=_("Stands on page one of the report, under your name."),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=LONG,
        error_messages={"required": _("Say why: no decision is signed without its reasons.")},
    )
    looked = forms.BooleanField(
        label=_("I have looked at the sealed picture and at everything that changed since."),
        error_messages={"required": _("Confirm that you have looked; a signed decision is not changed any more.")},
    )

    def __init__(self, data: Any = None, *, case: Case) -> None:
        super().__init__(data, initial=seen(case))
        self.case = case
        passage = case.review.passage
        sheet = catalogue.of(passage.service.edition_id).sheet_by_id(passage.stage_id)
        given = {
            "members": tuple(deciders.members_of(passage.service.team)),
            "requirements": sheet.requirements,
        }
        self.conditions = ConditionSet(data, prefix="conditions", form_kwargs=given)

    @classmethod
    def longer(cls, data: QueryDict, case: Case) -> "DecisionForm":
        """The form with one condition more, and nothing said yet about what was typed."""
        total = cls(data, case=case).conditions.total_form_count()
        return cls(_with(data, {"conditions-TOTAL_FORMS": min(total + 1, ROWS_AT_MOST)}), case=case)._unjudged()

    @classmethod
    def anew(cls, data: QueryDict, case: Case) -> "DecisionForm":
        """The form on what is true now, with what was typed; that it was looked at has to be said again."""
        form = cls(_with(data, {**seen(case), "looked": ""}), case=case)._unjudged()
        form.shown_before = frozenset(data.get("seen_keys", "").split())
        return form

    shown_before: frozenset[str] | None = None
    told: tuple[str, ...] = ("outcome", "rationale", "seen_snapshot", "seen_changes")

    @property
    def choices(self) -> list[dict[str, object]]:
        chosen = self["outcome"].value() or ""
        stands = self.case.review.decision
        went = stands is not None and stands.outcome != Outcome.NO_GO
        return look.choices(self.case.suggestion.outcome, self.case.rules_unmet, chosen, went=went)

    @property
    def rules_to_waive(self) -> list[tuple[str, str]]:
        """Number and slug of the golden rules that stand against any go."""
        return [(one.entry.number, one.entry.slug) for one in self.case.unmet if one.entry.kind == Kind.RULE]

    @property
    def asks_conditions(self) -> bool:
        """Rows are shown where conditions are possible, and wherever something was typed."""
        possible = gates.allowed(
            gates.Outcome.GO_WITH_CONDITIONS, suggested=self.case.suggestion.outcome, rules_unmet=self.case.rules_unmet
        )
        return possible or any(row.has_changed() for row in self.conditions)

    @property
    def may_grow(self) -> bool:
        return self.conditions.total_form_count() < ROWS_AT_MOST

    @property
    def signed(self) -> dict[str, Any]:
        """What `deciding.decide` is to be told."""
        told = {name: self.cleaned_data[name] for name in self.told}
        return {**told, "conditions": [row.demand for row in self.written]}

    @property
    def written(self) -> list[ConditionForm]:
        """The rows that ask for something."""
        return [row for row in self.conditions if row.has_changed()]

    @property
    def failed(self) -> bool:
        return self.is_bound and bool(self.errors or self.conditions.total_error_count())

    def is_valid(self) -> bool:
        """Both parts are judged, so that everything wrong is said at once."""
        return all([super().is_valid(), self.conditions.is_valid()])

    def refuse(self, refusal: Refusal) -> None:
        """Show a refusal at the field it is about, of the condition it is about; else above them all."""
        place, field = refusal.detail.get("place"), refusal.detail.get("field")
        form = self if place is None else self.written[place]
        form.add_error(field if field in form.fields else None, str(refusal))

    def _unjudged(self) -> "DecisionForm":
        for form in (self, *self.conditions):
            form._errors = ErrorDict()
        self.conditions._errors = [form._errors for form in self.conditions]
        self.conditions._non_form_errors = ErrorList()
        return self


class SupersedingForm(DecisionForm):
    """The decision that takes the place of a mistaken one."""

    seen_decision = forms.CharField(widget=forms.HiddenInput, required=False)
    mistake = forms.CharField(
        label=_("What was mistaken"),
        help_text=_("Stays beside the decision that stood, and in the record of the new one."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=LONG,
        error_messages={"required": _("Say what was mistaken.")},
    )
    told = (*DecisionForm.told, "mistake", "seen_decision")


def seen(case: Case) -> dict[str, str]:
    """What a form says that its reader saw."""
    keys = " ".join(change.key for change in case.changes)
    told = {"seen_snapshot": case.review.snapshot.sha256, "seen_changes": case.changes_digest, "seen_keys": keys}
    return told | ({"seen_decision": case.review.decision.sha256} if case.review.decision else {})


def _with(data: QueryDict, more: dict[str, object]) -> QueryDict:
    changed = data.copy()
    for name, value in more.items():
        changed[name] = str(value)
    return changed


class ReportForm(forms.Form):
    """Of which sealed record a report is asked for, and in which language: today's, in the reader's, if not said."""

    record = forms.ChoiceField(
        label=_("What the report shows"),
        help_text=_("A report renders one sealed record and can be made again, the same, at any time."),
    )
    language = forms.ChoiceField(label=_("Language"))

    def __init__(self, data: QueryDict | None = None, *, service: Service, wanted: str) -> None:
        unsaid = {"record": reports.TODAY, "language": get_language()}
        super().__init__(None if data is None else unsaid | data.dict(), initial=unsaid | {"record": wanted})
        self.service = service
        self.fields["record"].choices = [(one.value, one.title) for one in reports.choices(service)]
        self.fields["language"].choices = languages.offered().items()

    @property
    def record_chosen(self) -> Snapshot | Decision | None:
        return reports.record_of(self.service, self.cleaned_data["record"])

    @property
    def language_chosen(self) -> str:
        return self.cleaned_data["language"]
