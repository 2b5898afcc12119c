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
    Kind.EVIDENCE_EXPIRES: How.DAILY,
    Kind.ASSIGNED: How.DAILY,
}


class Message(models.TextChoices):
    """The sentence of a notice, also the subject of its mail: one line, no full stop."""

    REVIEW_ASKED = "review_asked", _("%(who)s asks for a decision on %(stage)s of %(service)s")
    DECIDED = "decided", _("%(who)s decided on %(stage)s of %(service)s: %(outcome)s")
    APPROVAL_ASKED = "approval_asked", _("%(who)s sent %(document)s of %(service)s for approval")
    DOCUMENT_APPROVED = "document_approved", _("%(who)s approved %(document)s of %(service)s")
    DOCUMENT_SENT_BACK = "document_sent_back", _("%(who)s sent back %(document)s of %(service)s")
    WAIVER_ASKED = "waiver_asked", _("%(who)s asks to waive %(rule)s for %(service)s")
    WAIVER_GRANTED = "waiver_granted", _("%(who)s granted the waiver of %(rule)s for %(service)s")
    WAIVER_REFUSED = "waiver_refused", _("%(who)s refused the waiver of %(rule)s for %(service)s")
    CONDITION_DUE = "condition_due", _("Due on %(day)s: %(condition)s (%(service)s)")
    CONDITION_OVERDUE = "condition_overdue", _("Overdue since %(day)s: %(condition)s (%(service)s)")
    EVIDENCE_EXPIRES = "evidence_expires", _("Evidence “%(evidence)s” of %(service)s counts until %(day)s")
    EVIDENCE_EXPIRED = "evidence_expired", _("Evidence “%(evidence)s” of %(service)s counted until %(day)s")
    CONDITION_OWED = "condition_owed", _("You owe a condition of %(service)s by %(day)s: %(condition)s")
    ROLE_ASSIGNED = "role_assigned", _("%(who)s made you %(role)s of %(service)s")
    ENTRY_ASSIGNED = "entry_assigned", _("%(who)s made you responsible for %(entry)s of %(service)s")


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
    Message.EVIDENCE_EXPIRES: Kind.EVIDENCE_EXPIRES,
    Message.EVIDENCE_EXPIRED: Kind.EVIDENCE_EXPIRES,
    Message.CONDITION_OWED: Kind.ASSIGNED,
    Message.ROLE_ASSIGNED: Kind.ASSIGNED,
    Message.ENTRY_ASSIGNED: Kind.ASSIGNED,
}
