"""How many forms one person sends within a minute: a bound, so that no script fills a trail that is kept for ever.

Counted by each web process for itself, in its memory: it costs no query, no other process needs it, and it is gone
with the minute. Where n processes serve, a person may send n times as many.
"""

import time
from collections import Counter
from threading import Lock


class Pace:
    """The forms of the minute that runs, by person."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._minute, self._sent = 0, Counter[int]()

    def allows(self, person: int, most: int) -> bool:
        """Count one more of this person; False when that is more than `most`."""
        minute = int(time.time() // 60)
        with self._lock:
            if minute != self._minute:
                self._minute, self._sent = minute, Counter()
            self._sent[person] += 1
            return self._sent[person] <= most

    def forget(self) -> None:
        with self._lock:
            self._sent.clear()


PACE = Pace()
