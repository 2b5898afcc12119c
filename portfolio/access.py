"""Who may add a service, what there is to choose from, and what a person may do with one."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest

from accounts.access import standing
from accounts.acts import Act
from accounts.models import Team
from stages.access import may_on
from stages.models import Edition, Service


@dataclass(frozen=True)
class Offer:
    """The teams a person may add a service to, the editions it may be measured by, and what it may be a copy of."""

    teams: QuerySet[Team]
    editions: QuerySet[Edition]
    earlier: QuerySet[Service]


def offer_for(request: HttpRequest) -> Offer:
    """Teams where the person is a designer, with all their services, and the latest edition of each playbook.

    403 without such a team.
    """
    teams = standing(request).teams(Act.EDIT)
    if not teams:
        raise PermissionDenied
    newer = Edition.objects.filter(playbook=OuterRef("playbook"), number__gt=OuterRef("number"))
    latest = Edition.objects.exclude(Exists(newer)).select_related("playbook")
    earlier = Service.objects.filter(team__in=teams).select_related("team", "edition__playbook")
    return Offer(Team.objects.filter(pk__in=teams), latest, earlier)


def acts_on(request: HttpRequest, service: Service) -> dict[str, bool]:
    """What the person may do with the service, by the name of the act; an archived one is only read."""
    who = standing(request)
    return {act.value: may_on(service, who, act) for act in Act}
