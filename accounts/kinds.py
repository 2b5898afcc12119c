"""What people are told: the kinds by which they choose how, and the sentence of each notice.

A kind is what a person says *at once*, *once a day* or *not by mail* to. A message is one sentence of a kind; what it
names (`%(service)s`) is told with it. Like the table of acts, it speaks of what the rooms above do.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class How(models.TextChoices):
    """How a notice goes by mail; in the app it stands always."""

    AT_ONCE = "at_once", _("at once")
    DAILY = "daily", _("once a day")
    NONE = "none", _("not by mail")


class Kind(models.TextChoices):
    REVIEW_ASKED = "review_asked", _("A decision is asked of you")
    DECIDED = "decided", _("A decision was made")
    APPROVAL_ASKED = "approval_asked", _("A document waits for your approval")
    DOCUMENT_JUDGED = "document_judged", _("Your document was approved or sent back")
    WAIVER_ASKED = "waiver_asked", _("A waiver is asked of you")
    WAIVER_ANSWERED = "waiver_answered", _("Your waiver was granted or refused")
    CONDITION_DUE = "condition_due", _("A condition you owe is due or overdue")
    CONDITION_SAID = "condition_said", _("A condition waits for your confirmation")
    CONDITION_JUDGED = "condition_judged", _("Your condition was confirmed or turned down")
    EVIDENCE_EXPIRES = "evidence_expires", _("Evidence of yours expires")
    ASSIGNED = "assigned", _("Something was assigned to you")


DEFAULTS: dict[Kind, How] = {
    Kind.REVIEW_ASKED: How.AT_ONCE,
    Kind.DECIDED: How.AT_ONCE,
    Kind.APPROVAL_ASKED: How.AT_ONCE,
    Kind.DOCUMENT_JUDGED: How.AT_ONCE,
    Kind.WAIVER_ASKED: How.AT_ONCE,
    Kind.WAIVER_ANSWERED: How.AT_ONCE,
    Kind.CONDITION_DUE: How.DAILY,
    Kind.CONDITION_SAID: How.AT_ONCE,
    Kind.CONDITION_JUDGED: How.AT_ONCE,
    Kind.EVIDENCE_EXPIRES: How.DAILY,
    Kind.ASSIGNED: How.DAILY,
}


class Message(models.TextChoices):
    """The sentence of a notice, also the subject of its mail: one line, no full stop. Names stand beside the words
    and never in the middle of them, so that other languages need not bend them.
    """

    REVIEW_ASKED = "review_asked", _("%(service)s, %(stage)s: decision asked for by %(who)s")
    DECIDED = "decided", _("%(service)s, %(stage)s: decided by %(who)s: %(outcome)s")
    APPROVAL_ASKED = "approval_asked", _("%(service)s: approval asked for by %(who)s: %(document)s")
    DOCUMENT_APPROVED = "document_approved", _("%(service)s: approved by %(who)s: %(document)s")
    DOCUMENT_SENT_BACK = "document_sent_back", _("%(service)s: sent back by %(who)s: %(document)s")
    WAIVER_ASKED = "waiver_asked", _("%(service)s: waiver asked for by %(who)s: %(rule)s")
    WAIVER_GRANTED = "waiver_granted", _("%(service)s: waiver granted by %(who)s: %(rule)s")
    WAIVER_REFUSED = "waiver_refused", _("%(service)s: waiver refused by %(who)s: %(rule)s")
    CONDITION_DUE = "condition_due", _("%(service)s: due on %(day)s: %(condition)s")
    CONDITION_OVERDUE = "condition_overdue", _("%(service)s: overdue since %(day)s: %(condition)s")
    CONDITION_SAID_MET = "condition_said_met", _("%(service)s: said to be met by %(who)s: %(condition)s")
    CONDITION_CONFIRMED = "condition_confirmed", _("%(service)s: confirmed by %(who)s: %(condition)s")
    CONDITION_TURNED_DOWN = "condition_turned_down", _("%(service)s: turned down by %(who)s: %(condition)s")
    EVIDENCE_EXPIRES = "evidence_expires", _("%(service)s: evidence counts until %(day)s: %(evidence)s")
    EVIDENCE_EXPIRED = "evidence_expired", _("%(service)s: evidence counted until %(day)s: %(evidence)s")
    CONDITION_OWED = "condition_owed", _("%(service)s: condition given to you, due on %(day)s: %(condition)s")
    ROLE_ASSIGNED = "role_assigned", _("%(service)s: role given to you by %(who)s: %(role)s")
    ENTRY_ASSIGNED = "entry_assigned", _("%(service)s: entry given to you by %(who)s: %(entry)s")


KIND_OF: dict[Message, Kind] = {
    Message.REVIEW_ASKED: Kind.REVIEW_ASKED,
    Message.DECIDED: Kind.DECIDED,
    Message.APPROVAL_ASKED: Kind.APPROVAL_ASKED,
    Message.DOCUMENT_APPROVED: Kind.DOCUMENT_JUDGED,
    Message.DOCUMENT_SENT_BACK: Kind.DOCUMENT_JUDGED,
    Message.WAIVER_ASKED: Kind.WAIVER_ASKED,
    Message.WAIVER_GRANTED: Kind.WAIVER_ANSWERED,
    Message.WAIVER_REFUSED: Kind.WAIVER_ANSWERED,
    Message.CONDITION_DUE: Kind.CONDITION_DUE,
    Message.CONDITION_OVERDUE: Kind.CONDITION_DUE,
    Message.CONDITION_SAID_MET: Kind.CONDITION_SAID,
    Message.CONDITION_CONFIRMED: Kind.CONDITION_JUDGED,
    Message.CONDITION_TURNED_DOWN: Kind.CONDITION_JUDGED,
    Message.EVIDENCE_EXPIRES: Kind.EVIDENCE_EXPIRES,
    Message.EVIDENCE_EXPIRED: Kind.EVIDENCE_EXPIRES,
    Message.CONDITION_OWED: Kind.ASSIGNED,
    Message.ROLE_ASSIGNED: Kind.ASSIGNED,
    Message.ENTRY_ASSIGNED: Kind.ASSIGNED,
}
