"""The roles of a service's playbook: who fills each, and how much it brings, stage by stage."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from accounts.models import User
from stages import assignments, catalogue
from stages.assignments import Filled
from stages.models import Role, Service, Stage


@dataclass(frozen=True)
class Part:
    """One role: who fills it (None: nobody yet), and how many entries it brings in each stage."""

    role: Role
    held: Filled | None
    entries: tuple[tuple[Stage, int], ...]


@dataclass(frozen=True)
class Cast:
    """Everybody's part in one service; `members` are those who may take one."""

    service: Service
    filled: Mapping[int, Filled]
    members: tuple[User, ...]

    @property
    def roles(self) -> tuple[Role, ...]:
        return catalogue.of(self.service.edition_id).roles

    @property
    def parts(self) -> list[Part]:
        counts = self._counts()
        return [Part(role, self.filled.get(role.pk), counts[role.pk]) for role in self.roles]

    def _counts(self) -> dict[int, tuple[tuple[Stage, int], ...]]:
        sheets = catalogue.of(self.service.edition_id).sheets
        asked = [(sheet.stage, Counter(one.role_id for one in sheet.requirements)) for sheet in sheets]
        return {role.pk: tuple((stage, n[role.pk]) for stage, n in asked if n[role.pk]) for role in self.roles}

    @property
    def to_hand_over(self) -> list[tuple[Role, User]]:
        """Roles of people who have left the team or cannot sign in any more."""
        held = ((role, self.filled[role.pk]) for role in self.roles if role.pk in self.filled)
        return [(role, one.user) for role, one in held if one.gone]

    @property
    def number(self) -> int:
        return sum(1 for one in self.filled.values() if not one.gone)


def of(service: Service) -> Cast:
    """Two queries."""
    return Cast(service, assignments.of(service), tuple(assignments.members(service)))
