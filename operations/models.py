from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.plain import PlainModel


class Heartbeat(PlainModel):
    """One process, and when it last did what it is for: a web server answers, a worker or the mail sender
    hears, the scheduler sends.

    `name` is the machine, and the number of the process where one machine has several. Written by the process itself.
    """

    class Part(models.TextChoices):
        WEB = "web", _("web server")
        WORKER = "worker", _("worker")
        MAIL = "mail", _("mail sender")
        SCHEDULER = "scheduler", _("scheduler")

    part = models.CharField(max_length=10, choices=Part)
    name = models.CharField(max_length=200)
    since = models.DateTimeField()
    seen_at = models.DateTimeField()

    class Meta:
        ordering = ["part", "name"]
        constraints = [
            models.UniqueConstraint(fields=["part", "name"], name="heartbeat_once_a_process"),
            models.CheckConstraint(
                condition=models.Q(part__in=["web", "worker", "mail", "scheduler"]), name="heartbeat_part_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.part} {self.name}"

    @property
    def machine(self) -> str:
        return self.name.partition(":")[0]
