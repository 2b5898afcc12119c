"""How long a job may take, in seconds, each limit inside the next: a test holds the order.

What a job starts gives up first (`rendering.CHILD`), then the task is told to stop, then it is killed; what a kill
leaves behind is free again when its lease ends, before the attempt counts as lost and long before a broker hands out
the message a second time. A row that is not ready by its deadline has failed, whoever is alive to say so.
"""

SOFT = 75
HARD = 90
ATTEMPT = 120
VISIBILITY = 300

LEASE = 20
RENEW = 5
SWEEP = 5
UNCLAIMED = 15  # a message unclaimed for so long is sent again
DEAF = 30  # nobody works although something waits: the worker hears nothing

ATTEMPTS = 3
DEADLINE = ATTEMPTS * ATTEMPT
