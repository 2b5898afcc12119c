"""What opens under a row: its forms, with what was typed, and why it opened (a question, a refusal, a conflict)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.forms import Form
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from accounts import calendar
from accounts.refusals import Conflict, Refusal
from checklists import waiving
from checklists.answering import ProofNeeded
from checklists.forms import AnswerForm, CareForm, DocumentForm, RemarkForm, WaiverEndForm, WaiverForm, WaiverWordForm
from checklists.models import Evidence, State
from checklists.planning import care_of
from checklists.press_forms import SENT, PressForm
from checklists.readiness import Row
from reviews.bench import Bench
from stages import assignments
from stages.models import Kind, Requirement, Service

OPEN, ASKED, CLOSED = "open", "asked", "closed"
WHO, WAIVER = "who", "waiver"  # open, with the focus on who does it, or on asking for a waiver
# What the domain calls a part, and the field of the answer's form that holds it.
TYPED = ("text", "reason", "note", "proof_text", "proof_address", "proof_title")
CARE = ("responsible", "due_on", "seen_responsible", "seen_due_on")
PARTS = {name: f"proof_{name}" for name in ("piece", "address", "file", "title", "text")}


@dataclass(frozen=True)
class WaiverForms:
    """To ask, to answer, to end. `opened`: did the reader come to ask? `failed` names the one that was not taken,
    `sentence` says what stood against it.
    """

    ask: WaiverForm
    word: WaiverWordForm
    end: WaiverEndForm
    opened: bool = False
    failed: str = ""
    sentence: str = ""

    @property
    def first(self) -> bool:
        """Is it what the reader came for? Then it stands above the evidence."""
        return self.opened or bool(self.failed or self.sentence)


@dataclass(frozen=True)
class Panel:
    """`mode`: open for good, opened to ask for one thing, or closed around a conflict that is shown alone."""

    form: AnswerForm
    document: DocumentForm | None = None
    remark: RemarkForm | None = None
    care: CareForm | None = None
    mode: str = OPEN
    asks: str = ""
    sentence: str = ""
    conflict: Conflict | None = None
    looked_at: str | None = None
    waiver: WaiverForms | None = None

    @property
    def seen(self) -> object:
        """The version looked at when this was typed; None once the newer one is shown, or nothing was typed yet."""
        if self.form.is_bound and not self.conflict:
            return self.form.data.get("seen")
        return self.looked_at

    @property
    def wanted(self) -> Mapping[str, str]:
        """The button that was pressed: its name and value, to be pressed again."""
        known = [name for name in ("rating", "state") if name in self.form.fields and name not in self.form.errors]
        pressed = {name: self.form.data.get(name, "") for name in known}
        return next(({"name": name, "value": value} for name, value in pressed.items() if value), {})

    @property
    def again(self) -> bool:
        """Is the button that was pressed offered again, beside what kept it from being taken?"""
        return bool(self.asks or self.form.errors) and bool(self.wanted)

    @property
    def whole(self) -> bool:
        """Did the person open it? Then every field stays, so that nothing typed into one is lost."""
        return self.mode == OPEN

    @property
    def shows_reason(self) -> bool:
        return self.asks == "reason" or self.wanted.get("value") == State.NOT_APPLICABLE

    @property
    def wanted_word(self) -> str:
        """The same in words, for the button that saves it."""
        wanted = self.wanted
        return wanted.get("value", "") if wanted.get("name") == "rating" else str(State(wanted["value"]).label)

    @property
    def sent(self) -> Mapping[str, str]:
        """The words that were sent; a reason counts only where it is to not apply."""
        names = ("text", "reason", "note", "proof_text", "proof_address")
        said = {name: self.form.cleaned_data.get(name, "") for name in names}
        return said if self.shows_reason else said | {"reason": ""}

    @property
    def chosen(self) -> Evidence | None:
        """Evidence of the service that was chosen, to be sent once more with what is asked for."""
        return self.form.cleaned_data.get("proof_piece") if self.form.is_bound else None

    @property
    def details_open(self) -> bool:
        """Is something wrong with, or already typed into, what stands folded away?"""
        names = ("proof_title", "effective_from", "valid_until")
        return any(self.form[name].errors or self.form[name].value() for name in names)

    @property
    def wanted_state(self) -> str:
        """The same as the key of a state."""
        wanted = self.wanted
        return f"rated_{wanted['value']}" if wanted.get("name") == "rating" else wanted.get("value", "")


def mode_of(request: HttpRequest) -> str:
    """Was the panel open when the person acted?"""
    said = request.POST.get("panel", "")
    return said if said in (OPEN, ASKED) else CLOSED


def fresh(row: Row, typed: Mapping[str, str] | None = None) -> Panel:
    """The panel as it opens: what is stored, and over it what was typed but not yet saved.

    `typed` may hold `seen`, the version that was looked at while typing.
    """
    stored = {name: getattr(row.answer, name) for name in ("text", "reason", "note")} if row.answer else {}
    asked = row.requirement
    initial = stored | {name: value for name, value in (typed or {}).items() if isinstance(value, str)}
    form = AnswerForm(asked, initial=initial, auto_id=f"{asked.slug}-%s", holder=f"{asked.slug}-form")
    looked_at = (typed or {}).get("seen")
    return Panel(form, *_document_forms(asked, initial), looked_at=looked_at, waiver=_waiver_forms(asked))


def bound(
    request: HttpRequest, requirement: Requirement, service: Service, form: type[AnswerForm] = AnswerForm
) -> PressForm:
    """The form of an answer as it was sent; a small one where a button was pressed and nothing else."""
    if form is AnswerForm and request.POST.keys() <= SENT and not request.FILES:
        return PressForm(requirement, request.POST)
    options = {"auto_id": f"{requirement.slug}-%s", "holder": f"{requirement.slug}-form", "service": service}
    return form(requirement, request.POST, request.FILES, **options)


def filled(requirement: Requirement, said: Mapping[str, object]) -> AnswerForm:
    """The form of an answer as if this had been sent."""
    data = QueryDict(mutable=True)
    data.update({name: str(value) for name, value in said.items()})
    return _sent(requirement, data)


def _sent(requirement: Requirement, data: QueryDict) -> AnswerForm:
    form = AnswerForm(requirement, data, auto_id=f"{requirement.slug}-%s", holder=f"{requirement.slug}-form")
    form.is_valid()
    return form


def _whole(form: PressForm) -> AnswerForm:
    """With all that may be asked for beside what was pressed."""
    return form if isinstance(form, AnswerForm) else _sent(form.requirement, form.data)


def refused(form: PressForm, refusal: Refusal | None, mode: str) -> Panel:
    """The panel after an answer was not taken: nothing typed is lost, and it says what is missing."""
    asked, form = form.requirement, _whole(form)
    waiver = _waiver_forms(asked) if mode == OPEN else None
    panel = Panel(form, *_document_forms(asked, form.data), mode=OPEN if mode == OPEN else ASKED, waiver=waiver)
    if isinstance(refusal, Conflict):
        typed = any(form.data.get(name) for name in TYPED)
        return replace(panel, conflict=refusal, mode=panel.mode if typed else mode)
    asks, field = _asked_for(form, refusal)
    if asks:
        # type right away; the sentence that asks is read out with the field
        form.fields[field].widget.attrs |= {"autofocus": True, "aria-describedby": f"{form.requirement.slug}-ask"}
        return replace(panel, asks=asks, sentence=str(refusal))
    _blame(form, refusal, PARTS)
    return panel


def with_document(panel: Panel, form: DocumentForm | RemarkForm, refusal: Refusal | None) -> Panel:
    """The panel with a version or a remark that was not taken."""
    _blame(form, refusal, {})
    return replace(panel, document=form) if isinstance(form, DocumentForm) else replace(panel, remark=form)


def with_care(panel: Panel, bench: Bench, slug: str, data: QueryDict | None = None) -> Panel:
    """The panel with who does it and until when, for who may say so; over it what was typed but not yet saved."""
    if panel.care or not panel.whole or not bench.may.plan:
        return panel
    typed = panel.form.data if panel.form.is_bound else panel.form.initial
    return replace(
        panel, care=_care(bench, bench.row(slug), data, {name: typed[name] for name in CARE if name in typed})
    )


def _care(bench: Bench, row: Row, data: QueryDict | None, typed: Mapping[str, str]) -> CareForm:
    asked, held = row.requirement, bench.roles.get(row.requirement.role_id)
    return CareForm(
        data,
        slug=asked.slug,
        now=care_of(row.answer),
        members=list(assignments.members(bench.passage.service)),
        role=_("By role: %(name)s") % {"name": held.user if held else _("nobody yet")},
        typed=typed,
    )


def waiver_form(request: HttpRequest, requirement: Requirement, kind: type[Form]) -> Form:
    """A form about a waiver as it was sent."""
    return kind(request.POST, **_waiver_ids(requirement))


def asking(panel: Panel) -> Panel:
    """The panel of somebody who comes to ask for a waiver."""
    return replace(panel, waiver=replace(panel.waiver, opened=True)) if panel.waiver else panel


def with_waiver(panel: Panel, form: Form, refusal: Refusal | None) -> Panel:
    """The panel with what was said about a waiver and not taken: at its field, else above the forms."""
    name = _WAIVER_FORMS.get(type(form), "")
    forms = replace(panel.waiver, **{name: form}) if name else panel.waiver
    field = str(refusal.detail.get("field", "")) if refusal else ""
    if field in form.fields:
        form.add_error(field, str(refusal))
    sentence = str(refusal) if refusal and field not in form.fields else ""
    return replace(panel, waiver=replace(forms, failed=name, sentence=sentence))


def _waiver_forms(requirement: Requirement) -> WaiverForms | None:
    if requirement.kind != Kind.RULE:
        return None
    ids, day = _waiver_ids(requirement), waiving.usual_day(requirement.edition, calendar.day())
    return WaiverForms(WaiverForm(initial={"expires_on": day}, **ids), WaiverWordForm(**ids), WaiverEndForm(**ids))


def _waiver_ids(requirement: Requirement) -> dict[str, str]:
    return {"prefix": "waiver", "auto_id": f"{requirement.slug}-%s"}


_WAIVER_FORMS = {WaiverForm: "ask", WaiverWordForm: "word", WaiverEndForm: "end"}


def _asked_for(form: AnswerForm, refusal: Refusal | None) -> tuple[str, str]:
    """What the answer lacks, and the field that asks for it; empty when something is wrong instead."""
    if isinstance(refusal, ProofNeeded):
        return "proof", "proof_text"
    lacks_reason = bool(refusal) and refusal.detail.get("field") == "reason"
    return ("reason", "reason") if lacks_reason else ("", "")


def _blame(form: Form, refusal: Refusal | None, parts: Mapping[str, str]) -> None:
    """Show a refusal at the field it is about, else above them all."""
    if refusal:
        field = str(refusal.detail.get("field"))
        name = parts.get(field, field)
        form.add_error(name if name in form.fields else None, str(refusal))


def _document_forms(
    requirement: Requirement, typed: Mapping[str, str]
) -> tuple[DocumentForm | None, RemarkForm | None]:
    if requirement.kind != Kind.DELIVERABLE:
        return None, None
    initial = {name: typed.get(name, "") for name in ("address", "title", "remark")}
    slug = requirement.slug
    return (
        DocumentForm(initial=initial, auto_id=f"{slug}-document-%s"),
        RemarkForm(initial=initial, auto_id=f"{slug}-%s"),
    )
