"""Access is loading: the first line of a view says what it needs, and gets the service or an answer."""

from django.core.exceptions import PermissionDenied
from django.db.models import F, QuerySet
from django.http import Http404, HttpRequest

from accounts.access import Standing, standing
from accounts.acts import READING, Act
from accounts.prepared import Prepared
from stages import catalogue
from stages.catalogue import Catalogue
from stages.models import Edition, Passage, Service

WHILE_ARCHIVED = READING | {Act.ARCHIVE}


def visible_services(who: Standing) -> QuerySet[Service]:
    """Every service the person may see; the start of each query over services."""
    if who.sees_all:
        return Service.objects.all()
    return Service.objects.filter(team__in=who.teams(Act.SEE))


def may_on(service: Service, who: Standing, act: Act) -> bool:
    """May the person do `act` on the service as it is? An archived one is read, and brought back."""
    return who.may(act, service.team_id) and (service.archived_at is None or act in WHILE_ARCHIVED)


def service_for(request: HttpRequest, slug: str, needs: Act = Act.SEE) -> Service:
    """The service, with team and edition. 404 when the person may not see it, 403 when not do `needs`."""
    who = standing(request)
    service = visible_services(who).select_related("team", "edition__playbook").filter(slug=slug).first()
    return _allowed(who, service, needs)


_LATEST: Prepared[Passage] = Prepared(
    lambda service, stage: (
        Passage.objects.filter(service__slug=service, stage__slug=stage)
        .select_related("service__team")
        .annotate(playbook=F("service__edition__playbook__name"))
        .counting()
        .order_by("-round")[:1]
    ),
    str,
    str,
)


def passage_for(request: HttpRequest, slug: str, stage: str, needs: Act = Act.SEE) -> Passage:
    """The latest passage of a service through a stage, in one query; 404 and 403 as `service_for`.

    Its stage and edition are those of the catalogue: their texts are not read again.
    """
    who = standing(request)
    passage = next(iter(_LATEST(slug, stage)), None)
    service = _allowed(who, passage and passage.service, needs)
    known = catalogue.of(service.edition_id).called(passage.playbook)
    passage.stage, service.edition = known.sheet_by_id(passage.stage_id).stage, known.edition
    return passage


def _allowed(who: Standing, service: Service | None, needs: Act) -> Service:
    if service is None or not who.may(Act.SEE, service.team_id):
        raise Http404
    if not who.may(needs, service.team_id):
        raise PermissionDenied
    return service


def edition_for(request: HttpRequest, slug: str, number: int) -> Catalogue:
    """A published edition; whoever is signed in may read it. 404 when there is none."""
    found = Edition.objects.filter(playbook__slug=slug, number=number).values_list("pk", "playbook__name").first()
    if found is None:
        raise Http404
    pk, name = found
    return catalogue.of(pk).called(name)
