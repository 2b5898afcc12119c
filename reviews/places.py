"""Names and addresses of what a service's trail is about: requirements, stages, reviews, conditions, reports."""

from collections.abc import Callable, Iterable, Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import TrailEntry
from reviews.models import Condition, Review
from stages import catalogue
from stages.models import Requirement, Service


class Places:
    """What the entries of a page are about, as (name, address): two queries for all of them, none for the playbook."""

    def __init__(self, service: Service, shown: Iterable[TrailEntry]) -> None:
        self.service = service
        self.sheets = catalogue.of(service.edition_id).sheets
        subjects = [entry.subject.partition(":") for entry in shown]
        asked = {kind: [pk for one, _, pk in subjects if one == kind] for kind in ("review", "condition")}
        self.reviews = self._reviews(asked["review"])
        self.conditions = self._conditions(asked["condition"])
        self.kinds: dict[str, Callable[[str], tuple[str, str]]] = {
            "requirement": self._requirement,
            "stage": self._stage,
            "role": self._role,
            "review": self._review,
            "condition": self._condition,
            "report": self._report,
            "evidence": self._evidence,
        }

    def of(self, entry: TrailEntry) -> tuple[str, str]:
        kind, _colon, which = entry.subject.partition(":")
        if kind == "snapshot":
            return _("its digest"), reverse("reviews:verify_digest", args=[entry.after["sha256"]])
        return self.kinds[kind](which) if kind in self.kinds else ("", "")

    def _requirement(self, slug: str) -> tuple[str, str]:
        found: Requirement | None = next((s.by_slug[slug] for s in self.sheets if slug in s.by_slug), None)
        if found is None:
            return slug, ""
        stage = next(sheet.stage for sheet in self.sheets if sheet.stage.pk == found.stage_id)
        return str(found), reverse("reviews:requirement", args=[self.service.slug, stage.slug, slug])

    def _stage(self, which: str) -> tuple[str, str]:
        slug, _slash, number = which.partition("/")
        title = next((str(sheet.stage.title) for sheet in self.sheets if sheet.stage.slug == slug), slug)
        if number != "1":
            title = _("%(stage)s, round %(round)s") % {"stage": title, "round": number}
        return title, reverse("reviews:workbench", args=[self.service.slug, slug])

    def _role(self, slug: str) -> tuple[str, str]:
        roles = catalogue.of(self.service.edition_id).roles
        title = next((str(role.title) for role in roles if role.slug == slug), slug)
        return title, reverse("portfolio:people", args=[self.service.slug])

    def _review(self, pk: str) -> tuple[str, str]:
        review = self.reviews[int(pk)]
        title = _("%(stage)s, review %(number)d") % {"stage": review.passage.stage, "number": review.number}
        return title, reverse("reviews:past_review", args=[self.service.slug, review.passage.stage.slug, review.number])

    def _condition(self, pk: str) -> tuple[str, str]:
        title = _("condition “%(text)s”") % {"text": self.conditions[int(pk)].text}
        return title, reverse("reviews:condition", args=[self.service.slug, int(pk)])

    def _evidence(self, pk: str) -> tuple[str, str]:
        return _("see the evidence"), reverse("reviews:evidence", args=[self.service.slug, int(pk)])

    def _report(self, pk: str) -> tuple[str, str]:
        return _("see the report"), reverse("reviews:report", args=[self.service.slug, int(pk)])

    def _reviews(self, keys: Sequence[str]) -> dict[int, Review]:
        return Review.objects.select_related("passage__stage").in_bulk([int(key) for key in keys])

    def _conditions(self, keys: Sequence[str]) -> dict[int, Condition]:
        return Condition.objects.in_bulk([int(key) for key in keys])
