"""What a person still owes, across services: to be handed over when they leave."""

from django.db.models import QuerySet

from accounts.models import User
from checklists import responsibility
from checklists.responsibility import Owed
from reviews.models import Condition
from stages.models import Assignment, Service


def conditions_of(person: User) -> QuerySet[Condition]:
    """The open conditions that a person owns, the most urgent first."""
    found = Condition.objects.filter(owner=person, state=Condition.State.OPEN).defer("decision__content")
    return found.select_related("service__team", "decision__review__passage__stage").order_by("due_on", "pk")


def roles_of(person: User) -> QuerySet[Assignment]:
    """The roles that a person fills on services which are not archived."""
    found = Assignment.objects.filter(user=person, service__archived_at=None)
    return found.select_related("service__team", "role").order_by("service__name", "service", "role__position")


def entries_of(person: User) -> list[Owed]:
    """The entries that name the person and still need something; those of a role go with the role."""
    everything = responsibility.entries_of(person, Service.objects.all())
    return [owed for owed in everything if owed.itself]
