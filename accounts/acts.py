"""Who may do what: one table, for people, tests and code alike.

Roles are held on a team; auditor, editor and administrator are held on the whole site.
Rules about *the same person* (who asked does not decide) are the domain's, not this table's.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a person is on a team; a person may hold several."""

    VIEWER = "viewer", _("viewer")
    DESIGNER = "designer", _("designer")
    MANAGER = "manager", _("manager")


class SiteRole(models.TextChoices):
    """What a person is on the whole site."""

    AUDITOR = "auditor", _("auditor")
    EDITOR = "editor", _("editor")
    ADMINISTRATOR = "administrator", _("administrator")


class Act(models.TextChoices):
    SEE = "see", _("see a service, its history and reports")
    EXPORT = "export", _("ask for a report")
    EDIT = "edit", _("create or edit a service")
    ANSWER = "answer", _("answer, attach evidence, write and send deliverables")
    SUBMIT = "submit", _("ask for or withdraw a review")
    WENT_LIVE = "went_live", _("record that a service went live")
    ASK_WAIVER = "ask_waiver", _("ask for a waiver of a golden rule, take the request back")
    WAIVE = "waive", _("grant, refuse or end a waiver")
    APPROVE = "approve", _("approve or send back a deliverable")
    DECIDE = "decide", _("decide at a gate, confirm conditions")
    ARCHIVE = "archive", _("archive a service and bring it back")
    MEMBERS = "members", _("change members and roles of a team")
    PUBLISH = "publish", _("publish playbooks")
    AUDIT = "audit", _("take out the trail with its digests")
    TEAMS = "teams", _("create teams and give site-wide roles")
    OPERATE = "operate", _("see how the installation runs, and try again what failed")


READING = frozenset({Act.SEE, Act.EXPORT})

ACTS_OF_ROLE: dict[str, frozenset[Act]] = {
    Role.VIEWER: READING,
    Role.DESIGNER: READING | {Act.EDIT, Act.ANSWER, Act.SUBMIT, Act.ASK_WAIVER, Act.WENT_LIVE, Act.APPROVE},
    Role.MANAGER: READING | {Act.APPROVE, Act.WAIVE, Act.DECIDE, Act.ARCHIVE, Act.MEMBERS},
}
ACTS_OF_SITE_ROLE: dict[str, frozenset[Act]] = {
    SiteRole.AUDITOR: READING | {Act.AUDIT},
    SiteRole.EDITOR: frozenset({Act.PUBLISH}),
    SiteRole.ADMINISTRATOR: READING | {Act.MEMBERS, Act.TEAMS, Act.OPERATE},
}
