"""What a person hands in about one requirement, read from the request; the domain judges it.

Fields are optional by nature: a pressed button sends its state and nothing else, the panel sends texts as well.
What was not sent stays as it is (None), what was sent empty becomes empty.
"""

from collections.abc import Collection, Mapping

from django import forms
from django.core.files.base import File
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.refusals import Refusal
from checklists import plaintext, uploads
from checklists.models import Evidence
from checklists.planning import Care
from checklists.press_forms import PressForm
from checklists.proofs import ADDRESS_LIMIT, Proof
from stages.models import Kind, Requirement, Service

TAKEN = ",".join(f".{extension}" for extension in uploads.KINDS)


class Text(forms.CharField):
    """Several lines, cleaned as the domain keeps them."""

    widget = forms.Textarea(attrs={"rows": 2})

    def __init__(self, **options: object) -> None:
        super().__init__(required=False, **options)

    def clean(self, value: str | None) -> str:
        try:
            return plaintext.cleaned(super().clean(value))
        except Refusal as refusal:
            raise forms.ValidationError(str(refusal)) from refusal


class PieceField(forms.IntegerField):
    """One piece of evidence of a service, by its id: looked for when somebody has chosen one."""

    service: Service | None = None
    newer = _("This evidence has a newer revision since you looked: choose again.")
    default_error_messages = {"invalid": newer}

    def clean(self, value: str | None) -> Evidence | None:
        pk = super().clean(value)
        if pk is None:
            return None
        piece = self.service and self.service.evidence.current().filter(pk=pk).first()
        if piece is None:
            raise forms.ValidationError(self.newer, code="invalid_choice")
        return piece


class ProofForm(forms.Form):
    """A note, a link or a file: whichever part is filled in says which form the evidence has."""

    proof_text = Text(label=_("Note"))
    proof_address = forms.CharField(
        label=_("Link"), required=False, max_length=ADDRESS_LIMIT, widget=forms.URLInput(attrs={"inputmode": "url"})
    )
    proof_file = forms.FileField(label=_("File"), required=False, widget=forms.FileInput(attrs={"accept": TAKEN}))
    proof_title = forms.CharField(label=_("Title"), required=False, max_length=plaintext.TITLE_LIMIT)
    effective_from = forms.DateField(
        label=_("Effective from"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    valid_until = forms.DateField(
        label=_("Valid until"),
        help_text=_("Left empty, it does not end."),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    names = {"text": "proof_text", "address": "proof_address", "file": "proof_file", "title": "proof_title"}

    def clean(self) -> None:
        if self.cleaned_data.get("proof_address") and self.cleaned_data.get("proof_file"):
            self.add_error("proof_file", _("Give a link or a file, not both: add the other one afterwards."))

    @property
    def proof(self) -> Proof | None:
        """What was handed in; None when no part was filled in."""
        data = self.cleaned_data
        parts = (data.get("proof_file"), data.get("proof_address"), data.get("proof_text"))
        forms_of = (Evidence.Form.FILE, Evidence.Form.LINK, Evidence.Form.NOTE)
        form = next((form for form, part in zip(forms_of, parts, strict=True) if part), None)
        return form and self._proof(form)

    def _proof(self, form: str) -> Proof:
        data = self.cleaned_data
        return Proof(
            form=form,
            title=data.get("proof_title", ""),
            text=data.get("proof_text", ""),
            address=data.get("proof_address", ""),
            file=data.get("proof_file"),
            effective_from=data.get("effective_from"),
            valid_until=data.get("valid_until"),
        )


class AnswerForm(PressForm, ProofForm):
    """An answer to one requirement: the version seen, and all that may be new."""

    text = Text(label=_("Answer"))
    reason = Text(label=_("Reason why it does not apply"))
    note = Text(label=_("Note on this entry"))
    proof_piece = PieceField(label=_("Evidence of this service"), required=False)

    def __init__(
        self,
        requirement: Requirement,
        *args: object,
        holder: str = "",
        service: Service | None = None,
        **options: object,
    ) -> None:
        """`holder` is the id of the form element the fields belong to, wherever on the page they stand; `service`
        has the evidence that may be chosen.
        """
        super().__init__(requirement, *args, **options)
        if service:
            self.fields["proof_piece"].service = service
        if requirement.kind != Kind.QUESTION:
            del self.fields["text"]
        for name in self.fields if holder else ():
            self.fields[name].widget.attrs["form"] = holder

    def said(self) -> dict[str, object]:
        """The arguments of `answering.record`."""
        data = self.cleaned_data
        texts = {name: data.get(name) if name in self.data else None for name in ("text", "reason", "note")}
        return super().said() | {"proof": data.get("proof_piece") or self.proof, **texts}


class AttachForm(AnswerForm):
    """Evidence, with whatever else was said: here something has to be handed in."""

    def clean(self) -> None:
        super().clean()
        if not self.errors and self.proof is None and not self.cleaned_data.get("proof_piece"):
            self.add_error("proof_text", _("Write a note, give a link or choose a file."))


class RevisionForm(ProofForm):
    """All that a new revision says, filled in with what the one before says; a file stays unless another is chosen."""

    def __init__(self, evidence: Evidence, *args: object, **options: object) -> None:
        told = {"text": "proof_text", "address": "proof_address", "title": "proof_title"}
        initial = {field: getattr(evidence, name) for name, field in told.items()}
        dates = {name: getattr(evidence, name) for name in ("effective_from", "valid_until")}
        super().__init__(*args, initial=initial | dates, **options)
        self.evidence = evidence

    @property
    def revision(self) -> Proof:
        """What was handed in; where nothing is but dates and titles, the file that is there."""
        if self.evidence.form == Evidence.Form.FILE and not self.cleaned_data.get("proof_address"):
            return self._proof(Evidence.Form.FILE)
        return self.proof or self._proof(Evidence.Form.NOTE)

    def refuse(self, refusal: Refusal) -> None:
        field = self.names.get(str(refusal.detail.get("field")), str(refusal.detail.get("field")))
        self.add_error(field if field in self.fields else None, str(refusal))


class DocumentForm(forms.Form):
    """A new version of a deliverable: a link or a file."""

    address = forms.CharField(
        label=_("Link"), required=False, max_length=ADDRESS_LIMIT, widget=forms.URLInput(attrs={"inputmode": "url"})
    )
    file = forms.FileField(label=_("File"), required=False, widget=forms.FileInput(attrs={"accept": TAKEN}))
    title = forms.CharField(label=_("Title"), required=False, max_length=plaintext.TITLE_LIMIT)

    def clean(self) -> None:
        has_address, has_file = bool(self.cleaned_data.get("address")), bool(self.cleaned_data.get("file"))
        if not self.errors and has_address == has_file:
            self.add_error("address", _("Give a link or a file, one of them."))

    def said(self) -> dict[str, str | File | None]:
        return {name: self.cleaned_data[name] for name in ("address", "file", "title")}


class RemarkForm(forms.Form):
    """What the one who approves or sends back has to say."""

    remark = Text(label=_("Remark"))


class CareForm(forms.Form):
    """Who is responsible for an entry itself, and until when; beside each what was shown, to notice a stale tab."""

    responsible = forms.TypedChoiceField(
        label=_("Responsible"),
        coerce=int,
        empty_value=0,
        required=False,
        error_messages={"invalid_choice": _("Choose somebody who is on the team now.")},
    )
    due_on = forms.DateField(
        label=_("Due"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    seen_responsible = forms.IntegerField(required=False, widget=forms.HiddenInput)
    seen_due_on = forms.DateField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        slug: str,
        now: Care,
        members: Collection[User],
        role: str,
        typed: Mapping[str, str] | None = None,
    ) -> None:
        """`now` is what stands there; `role` says who does it while nobody is named; `typed` is not yet saved."""
        self.given = {"slug": slug, "now": now, "members": members, "role": role}
        super().__init__(data, initial=self._shown(now) | (typed or {}), auto_id=f"{slug}-%s")
        there = [*members] + [who for who in [now.responsible] if who and who not in members]
        self.people = {user.pk: user for user in there}
        self.fields["responsible"].choices = [("", role), *((user.pk, str(user)) for user in there)]

    @property
    def told(self) -> dict[str, Care]:
        """The arguments of `planning.entrust`."""
        data = self.cleaned_data
        wanted = Care(self.people.get(data["responsible"]), data["due_on"])
        return {"care": wanted, "seen": Care(self.people.get(data["seen_responsible"]), data["seen_due_on"])}

    @staticmethod
    def _shown(now: Care) -> dict[str, object]:
        shown = {"responsible": now.responsible and now.responsible.pk, "due_on": now.due_on}
        return shown | {f"seen_{name}": value for name, value in shown.items()}

    def after(self, refusal: Refusal) -> "CareForm":
        """With everything chosen: what is wrong at its field, or, after a conflict, on what is there now."""
        now: Care | None = refusal.detail.get("now")
        if now is None:
            field = str(refusal.detail.get("field"))
            self.add_error(field if field in self.fields else None, str(refusal))
            return self
        data = self.data.copy()
        data |= {name: str(value or "") for name, value in self._shown(now).items() if name.startswith("seen_")}
        form = type(self)(data, **self.given)
        day = date_format(now.due_on) if now.due_on else gettext("no due day")
        told = {"why": refusal, "name": now.responsible or gettext("nobody in particular"), "day": day}
        form.add_error(None, gettext("%(why)s Now: %(name)s, %(day)s. Your choice is kept: save it again.") % told)
        return form


class WaiverForm(forms.Form):
    """What is asked for: why the rule cannot be met now, what is done instead, until when."""

    reason = Text(label=_("Why the rule cannot be met now"))
    measure = Text(label=_("What is done instead"), help_text=_("So that nobody is harmed while the rule is not met."))
    expires_on = forms.DateField(
        label=_("Last day"),
        help_text=_("It counts up to and including this day; then the rule counts as not met again, by itself."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Say until which day.")},
    )

    def clean(self) -> None:
        missing = {"reason": _("Say why the rule cannot be met now."), "measure": _("Say what is done instead.")}
        for name, sentence in missing.items():
            if name not in self.errors and not self.cleaned_data.get(name):
                self.add_error(name, sentence)


class WaiverWordForm(forms.Form):
    """What a manager says to a request; refusing needs it, granting may go without."""

    word = Text(label=_("Your word to the team"), help_text=_("Needed to refuse; it stands with the waiver."))


class WaiverEndForm(forms.Form):
    reason = Text(label=_("Why it ends before its day"))
