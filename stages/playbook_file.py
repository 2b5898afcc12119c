"""The playbook file: its shape as one schema, and reading it with every fault told. Pure."""

import hashlib
import json
from datetime import date
from typing import Annotated, Any, Literal, Self

from django.core.exceptions import ValidationError as RefusedAddress
from django.core.validators import URLValidator
from django.utils.translation import gettext as _
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)
from pydantic import ValidationInfo as Info

from accounts import characters
from stages import playbook_checks, yaml_reading
from stages.fault_sentences import sentence
from stages.faults import BrokenPlaybook, Fault
from stages.texts import LocalText
from stages.yaml_reading import Document

MOST_FAULTS = 500
SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"
LANGUAGE = r"^[a-z]{2,3}(-[a-z0-9]{2,4})?$"
web_address = URLValidator(schemes=["http", "https"])


def _tidy(value: object) -> object:
    return characters.tidy(value) if isinstance(value, str) else "" if value is None else value


def readable(text: str) -> str:
    """The tidy text itself; ValueError, with the sentence, when it holds what hides or disturbs it."""
    if found := characters.unreadable(text):
        raise ValueError(_("Characters that hide or disturb the text: %(found)s.") % {"found": ", ".join(found[:5])})
    return text


def _by_language(value: object, info: Info) -> object:
    """A plain text is one in the edition's own language."""
    return {info.context["own"]: value} if value is None or isinstance(value, str) else value


def _with_own(texts: dict[str, str], info: Info) -> LocalText:
    own = info.context["own"]
    if own not in texts:
        raise ValueError(_("The text in the edition’s own language (%(own)s) is missing.") % {"own": own})
    return LocalText(own=own, **texts)


def _not_own(language: str) -> str:
    if language == "own":
        raise ValueError(_("“own” is not a language."))
    return language


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise ValueError(_("This is not a day, as 2026-12-01.")) from error


def _on_the_web(address: str) -> str:
    try:
        web_address(address)
    except RefusedAddress as error:
        raise ValueError(_("This is not a web address (http or https).")) from error
    if "@" in address.split("/", 3)[2]:
        raise ValueError(_("An address must not carry a name or a password."))
    return address


def line(longest: int, *checks: Any) -> Any:
    """A plain text of one to `longest` characters, tidied, with nothing hidden in it."""
    bounds = StringConstraints(min_length=1, max_length=longest)
    return Annotated[str, bounds, BeforeValidator(_tidy), AfterValidator(readable), *map(AfterValidator, checks)]


def local(longest: int) -> Any:
    """A text by language, `{"own": "en", "en": …}` once read."""
    language = Annotated[str, StringConstraints(pattern=LANGUAGE, max_length=8), AfterValidator(_not_own)]
    texts = dict[language, line(longest)]  # type: ignore[misc, valid-type]
    return Annotated[texts, Field(max_length=40), BeforeValidator(_by_language), AfterValidator(_with_own)]


Slug = Annotated[str, StringConstraints(pattern=SLUG, max_length=80)]
Number = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9.-]*$", max_length=12)]
Language = Annotated[str, StringConstraints(pattern=LANGUAGE, max_length=8), AfterValidator(_not_own)]
Title, Guidance, Source = local(300), local(2000), line(200)
Months = Annotated[int, Field(ge=1, le=120)]


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Playbook(Part):
    slug: Slug
    name: Title
    publisher: line(200)


class Role(Part):
    slug: Slug
    title: Title
    responsible_for: Guidance
    source: Source


class Requirement(Part):
    slug: Slug
    number: Number
    title: Title
    required: bool
    role: Slug
    source: Source


class Rule(Requirement):
    guidance: Guidance
    origin: Literal["source", "derived"]
    may_not_apply: bool = False


class Item(Requirement):
    guidance: Guidance | None = None


class Deliverable(Requirement):
    guidance: Guidance
    sections: Annotated[list[Title], Field(min_length=1, max_length=60)]


class Question(Requirement):
    guidance: Guidance | None = None
    about: Slug
    good_evidence: Guidance


class Computed(Part):
    rule: Literal["rules_met", "approved", "done", "deliverables_approved", "conditions_closed", "score"]
    slugs: Annotated[list[Slug], Field(max_length=100)] = []


class Criterion(Part):
    slug: Slug
    title: Title
    source: Source
    computed: Computed | None = None


class Resource(Part):
    title: Title
    address: line(500, _on_the_web) | None = None
    source: Source


def many(kind: type) -> Any:
    return Annotated[list[kind], Field(max_length=300)]  # type: ignore[valid-type]


class Stage(Part):
    slug: Slug
    title: Title
    purpose: Guidance
    entry: Guidance
    gate: Title
    gate_question: Guidance
    interval_months: Months | None = None
    roles: many(Slug) = []
    source: Source
    rules: many(Rule) = []
    items: many(Item) = []
    deliverables: many(Deliverable) = []
    questions: many(Question) = []
    criteria: many(Criterion) = []
    resources: many(Resource) = []


class Translation(Part):
    """How the texts in one language came about, and which native reader has read them, when."""

    made: Literal["person", "machine"]
    read_by: line(120) | None = None
    read_on: Annotated[str, AfterValidator(_day)] | None = None

    @model_validator(mode="after")
    def read_by_somebody_on_a_day(self) -> Self:
        if (self.read_by is None) != (self.read_on is None):
            raise ValueError(_("Say both who has read it and on which day."))
        return self


class PlaybookFile(Part):
    playbook: Playbook
    edition: Annotated[int, Field(ge=1, le=9999)]
    language: Language
    licence: line(120)
    summary: Guidance
    translations: Annotated[dict[Language, Translation], Field(max_length=40)] = {}
    threshold: Annotated[int, Field(ge=0, le=100)]
    answer_age_months: Months
    roles: Annotated[list[Role], Field(min_length=1, max_length=100)]
    stages: Annotated[list[Stage], Field(min_length=1, max_length=20)]

    @property
    def digest(self) -> str:
        """SHA-256 of the content. How the file is written (comments, order of keys, folding) does not count, nor what
        is told of its translations: they are read when the edition is out already."""
        told = self.model_dump(exclude={"translations"})
        content = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(content.encode()).hexdigest()


def read(text: bytes | str) -> PlaybookFile:
    """The playbook in a file; BrokenPlaybook with every fault found, in the order of the file."""
    document = yaml_reading.read(text)
    file, misshapen = _shaped(document)
    faults = [*document.faults, *misshapen, *playbook_checks.faults(document)]
    if faults or file is None:
        raise BrokenPlaybook(_in_order(faults))
    return file


def _shaped(document: Document) -> tuple[PlaybookFile | None, list[Fault]]:
    data = document.data
    own = data.get("language") if isinstance(data, dict) else None
    try:
        return PlaybookFile.model_validate(data, context={"own": own if isinstance(own, str) else "en"}), []
    except ValidationError as error:
        details = error.errors(include_url=False, include_input=False)
        return None, [document.fault(_path(detail["loc"]), sentence(detail)) for detail in details]


def _path(loc: tuple[str | int, ...]) -> tuple[str | int, ...]:
    return loc[:-1] if loc and loc[-1] == "[key]" else loc


def _in_order(faults: list[Fault]) -> list[Fault]:
    found = sorted(dict.fromkeys(faults), key=lambda fault: fault.line or 0)
    left = len(found) - MOST_FAULTS
    more = [Fault("", _("%(left)d more faults are not shown.") % {"left": left})] if left > 0 else []
    return found[:MOST_FAULTS] + more
