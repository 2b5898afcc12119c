"""Which reports there are, and of what one can be asked for."""

from stages.models import Passage, PassageState, Service


def current_passage(service: Service) -> Passage:
    """The stage a service works on: the one that is open or in review, else the last it passed."""
    passages = service.passages.exclude(state=PassageState.LOCKED).select_related("stage__edition__playbook")
    passage = passages.order_by("stage__position", "round").last()
    passage.service = service
    return passage
