"""What is true: answers with what stands behind them, waivers, and the counts that lists keep."""

from checklists.models.answers import (
    STATES,
    UNANSWERED,
    Answer,
    Document,
    DocumentVersion,
    Evidence,
    State,
)
from checklists.models.proposals import Proposal
from checklists.models.tallies import Tally
from checklists.models.waivers import Waiver

__all__ = [
    "STATES",
    "UNANSWERED",
    "Answer",
    "Document",
    "DocumentVersion",
    "Evidence",
    "Proposal",
    "State",
    "Tally",
    "Waiver",
]
