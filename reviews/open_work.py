"""What a person still owes, across services: to be handed over when they leave."""

from django.db.models import QuerySet

from accounts.models import User
from reviews.models import Condition


def conditions_of(person: User) -> QuerySet[Condition]:
    """The open conditions that a person owns, the most urgent first."""
    found = Condition.objects.filter(owner=person, state=Condition.State.OPEN).defer("decision__content")
    return found.select_related("service__team", "decision__review__passage__stage").order_by("due_on", "pk")
