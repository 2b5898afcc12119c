"""Several people acting in the same moment, each on a connection of their own."""

import threading
from collections.abc import Callable, Sequence

from django.db import connection

from accounts.refusals import Refusal


def crowd(act: Callable[[object], object], each: Sequence[object]) -> list[object]:
    """Call `act` with each, all at once; what they return, or the refusals they get, in no order."""
    gate, told = threading.Barrier(len(each)), []

    def one(given: object) -> None:
        gate.wait()
        try:
            told.append(act(given))
        except Refusal as refusal:
            told.append(refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(given,)) for given in each]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return told
