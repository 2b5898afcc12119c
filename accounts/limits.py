"""How long sending a mail may take, in seconds, each limit inside the next: a test holds the order.

A server that keeps silent is left first, then the run is told to stop, then it is killed; a claim outlives any run, so
that nobody sends what somebody else may still be sending.
"""

SILENCE = 10
RUN = 30  # no further mail is begun after that
SOFT = 60
HARD = 75
LEASE = 120

EVERY = 10  # between two looks at what is due
PAUSES = (60, 300, 1800, 7200, 28800, 86400)  # until the next attempt; given up after the last, in 35 hours
ATTEMPTS = len(PAUSES) + 1
