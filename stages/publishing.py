"""A playbook file becomes a published edition, whole and for ever. The only writer of playbooks and what is in them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain as joined

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import chaining
from accounts.chaining import Trail
from accounts.models import User
from accounts.refusals import Conflict
from stages import playbook_file
from stages.faults import BrokenPlaybook
from stages.models import Edition, ExitCriterion, Kind, Playbook, Requirement, Resource, Role, Stage
from stages.playbook_file import PlaybookFile
from stages.texts import LocalText

__all__ = ["BrokenPlaybook", "Published", "publish"]


@dataclass(frozen=True)
class Published:
    """`new` is False when the same content was published before."""

    edition: Edition
    new: bool


@transaction.atomic
def publish(*, by: User | None, text: bytes | str, at: datetime | None = None) -> Published:
    """Publish the edition in a playbook file; `by` is None for the command.

    BrokenPlaybook with every fault of the file; Conflict when its number is published with other content, or the
    playbook belongs to another publisher. The same content again changes nothing but what is told of its translations.
    """
    file = playbook_file.read(text)
    playbook = _playbook(file)
    with chaining.chain(playbook.scope, at=at) as trail:
        playbook.refresh_from_db()
        _check_publisher(playbook, file)
        edition = playbook.editions.filter(number=file.edition).first()
        if edition:
            return Published(_told(trail, by, _same(edition, file), file), new=False)
        return Published(_written(trail, by, playbook, file), new=True)


def _playbook(file: PlaybookFile) -> Playbook:
    """The row to lock; made by the first edition, so that two first editions at once queue behind each other."""
    told = {"name": file.playbook.name, "publisher": file.playbook.publisher}
    return Playbook.objects.get_or_create(slug=file.playbook.slug, defaults=told)[0]


def _check_publisher(playbook: Playbook, file: PlaybookFile) -> None:
    if playbook.publisher != file.playbook.publisher:
        told = {"slug": playbook.slug, "publisher": playbook.publisher}
        raise Conflict(_("The playbook “%(slug)s” is published by “%(publisher)s”.") % told)


def _same(edition: Edition, file: PlaybookFile) -> Edition:
    if edition.digest != file.digest:
        told = {"number": edition.number, "slug": edition.playbook.slug}
        sentence = _(
            "Edition %(number)d of “%(slug)s” is published with other content and never changes; "
            "give this content the next number."
        )
        raise Conflict(sentence % told)
    return edition


def _told(trail: Trail, by: User | None, edition: Edition, file: PlaybookFile) -> Edition:
    """What the file says now of its translations: who has read them may only come after publishing."""
    told = file.model_dump()["translations"]
    if edition.translations != told:
        changed = {"before": edition.translations, "after": told}
        trail.add(by=by, verb="translations_told", subject=f"edition:{edition.number}", **changed)
        edition.translations = told
        edition.save(update_fields=["translations"])
    return edition


def _written(trail: Trail, by: User | None, playbook: Playbook, file: PlaybookFile) -> Edition:
    edition = Edition.objects.create(
        playbook=playbook,
        number=file.edition,
        language=file.language,
        licence=file.licence,
        summary=file.summary,
        translations=file.model_dump()["translations"],
        threshold=file.threshold,
        answer_age_months=file.answer_age_months,
        digest=file.digest,
        published_at=trail.at,
        published_by=by,
    )
    _write_content(edition, file)
    _rename(playbook, file)
    trail.add(by=by, verb="published", subject=f"edition:{edition.number}", after={"digest": edition.digest})
    return edition


def _rename(playbook: Playbook, file: PlaybookFile) -> None:
    """The newest edition says what the playbook is called, in which languages."""
    newest = playbook.editions.order_by("-number").first()
    if newest and newest.number == file.edition and playbook.name != file.playbook.name:
        playbook.name = file.playbook.name
        playbook.save(update_fields=["name"])


def _write_content(edition: Edition, file: PlaybookFile) -> None:
    roles = Role.objects.bulk_create(_roles(edition, file))
    by_slug = {role.slug: role for role in roles}
    stages = Stage.objects.bulk_create(_stages(edition, file))
    pairs = list(zip(stages, file.stages, strict=True))
    Stage.roles.through.objects.bulk_create(
        Stage.roles.through(stage=stage, role=by_slug[slug]) for stage, told in pairs for slug in told.roles
    )
    Requirement.objects.bulk_create(joined(*(_requirements(stage, told, by_slug) for stage, told in pairs)))
    ExitCriterion.objects.bulk_create(joined(*(_criteria(stage, told) for stage, told in pairs)))
    Resource.objects.bulk_create(joined(*(_resources(stage, told) for stage, told in pairs)))


def _roles(edition: Edition, file: PlaybookFile) -> Iterator[Role]:
    for position, told in enumerate(file.roles, 1):
        yield Role(edition=edition, position=position, **told.model_dump())


def _stages(edition: Edition, file: PlaybookFile) -> Iterator[Stage]:
    own = {"slug", "title", "purpose", "entry", "gate", "gate_question", "interval_months", "source"}
    for position, told in enumerate(file.stages, 1):
        yield Stage(edition=edition, position=position, **told.model_dump(include=own))


def _requirements(stage: Stage, told: playbook_file.Stage, roles: dict[str, Role]) -> Iterator[Requirement]:
    """In the order that pages and reports keep: rules, items, deliverables, questions."""
    kinds = {
        Kind.RULE: told.rules,
        Kind.ITEM: told.items,
        Kind.DELIVERABLE: told.deliverables,
        Kind.QUESTION: told.questions,
    }
    every = ((kind, entry) for kind, entries in kinds.items() for entry in entries)
    for position, (kind, entry) in enumerate(every, 1):
        yield _requirement(stage, kind, entry, roles[entry.role], position)


def _requirement(stage: Stage, kind: Kind, entry: playbook_file.Requirement, role: Role, position: int) -> Requirement:
    fields = entry.model_dump(exclude={"role"})
    own = {key: fields.pop(key) for key in ("slug", "number", "title", "required", "source")}
    guidance = fields.pop("guidance") or LocalText(own=stage.edition.language)
    about = fields.pop("about", "")
    return Requirement(
        edition=stage.edition,
        stage=stage,
        kind=kind,
        position=position,
        role=role,
        guidance=guidance,
        about=about,
        options=fields,
        **own,
    )


def _criteria(stage: Stage, told: playbook_file.Stage) -> Iterator[ExitCriterion]:
    for position, criterion in enumerate(told.criteria, 1):
        fields = criterion.model_dump()
        computed = fields.pop("computed")
        if computed and not computed["slugs"]:
            computed = {"rule": computed["rule"]}
        yield ExitCriterion(stage=stage, position=position, computed=computed, **fields)


def _resources(stage: Stage, told: playbook_file.Stage) -> Iterable[Resource]:
    for position, resource in enumerate(told.resources, 1):
        address = resource.address or ""
        yield Resource(stage=stage, position=position, title=resource.title, address=address, source=resource.source)
