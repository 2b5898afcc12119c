"""The chain of a service as every act on it opens it: locked, and refused while the service is archived."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.utils.translation import gettext as _

from accounts import chaining
from accounts.chaining import Trail
from accounts.refusals import Refusal
from stages.models import Service


class Archived(Refusal):
    """The service is archived: it can be read, and nothing else."""

    status = 409


@contextmanager
def chain(service: Service, *, at: datetime | None = None) -> Iterator[Trail]:
    """`accounts.chaining.chain` of a service. Archived when, read under the lock, the service is."""
    with chaining.chain(service.scope, at=at) as trail:
        service.refresh_from_db(fields=["archived_at"])
        refuse_archived(service)
        yield trail


def refuse_archived(service: Service) -> None:
    if service.archived_at:
        raise Archived(_("This service is archived: it can be read, not changed. A manager can bring it back."))
