"""The evidence of a service, piece by piece: where each stands, until when, in which revision."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from accounts import searches
from checklists import files, validity
from checklists.models import Answer, Evidence
from checklists.validity import Validity
from stages import catalogue
from stages.models import Requirement, Service


@dataclass(frozen=True)
class Piece:
    """The current revision of a piece on a day, and the requirements whose answers stand on it."""

    evidence: Evidence
    behind: tuple[Requirement, ...]
    on: date

    @property
    def validity(self) -> Validity:
        return validity.of(self.evidence.effective_from, self.evidence.valid_until, self.on)

    @property
    def in_force(self) -> bool:
        return self.validity in (Validity.IN_FORCE, Validity.EXPIRING)

    @property
    def file_is_there(self) -> bool:
        return files.present(self.evidence)

    @property
    def sentence(self) -> str:
        return validity.sentence(self.evidence.effective_from, self.evidence.valid_until, self.on)


def of(
    service: Service, *, on: date, show: str = "", find: str = "", beside: Iterable[Evidence] = ()
) -> QuerySet[Evidence]:
    """The current revisions of a service, by title; `show` is a key of `counts`, `find` words of the title.

    Without those `beside` which others are looked for.
    """
    found = service.evidence.current().select_related("added_by").order_by("title", "pk")
    if find:
        found = found.filter(searches.holding(find, "title", "file_name", "address"))
    found = found.exclude(pk__in=[one.pk for one in beside])
    return found.filter(_shown(on)[show]) if show else found


def counts(service: Service, *, on: date) -> Mapping[str, int]:
    """How many pieces each filter has, in one query."""
    shown = _shown(on)
    return service.evidence.current().aggregate(**{key: Count("pk", filter=fits) for key, fits in shown.items()})


def _shown(on: date) -> dict[str, Q]:
    begun = Q(effective_from__lte=on)
    stands = Exists(Answer.evidence.through.objects.filter(evidence=OuterRef("pk")))
    return {
        "all": Q(),
        "expiring": begun & Q(valid_until__gte=on, valid_until__lte=on + timedelta(days=validity.SOON)),
        "expired": Q(valid_until__lt=on),
        "nowhere": ~Q(stands),
    }


def placed(service: Service, shown: Iterable[Evidence], *, on: date) -> tuple[Piece, ...]:
    """Pieces with where they stand, in one query for all of them."""
    shown = tuple(shown)
    behind = _behind(service, [one.pk for one in shown])
    return tuple(Piece(one, behind[one.pk], on) for one in shown)


def _behind(service: Service, keys: Collection[int]) -> Mapping[int, tuple[Requirement, ...]]:
    links = Answer.evidence.through.objects.filter(evidence__in=keys).values_list("evidence", "answer__requirement")
    found: dict[int, set[int]] = defaultdict(set)
    for evidence, requirement in links:
        found[evidence].add(requirement)
    asked = [one for sheet in catalogue.of(service.edition_id).sheets for one in sheet.requirements]
    return {key: tuple(one for one in asked if one.pk in found[key]) for key in keys}


def revisions(evidence: Evidence) -> tuple[Evidence, ...]:
    """All revisions of a piece, the latest first."""
    return tuple(Evidence.objects.filter(series=evidence.series).select_related("added_by").order_by("-number"))
