"""The least a checklist needs: groups, things with counters, entries, replies with proofs, and what happened."""

from django.conf import settings
from django.db import models


class Group(models.Model):
    name = models.CharField(max_length=120)

    def __str__(self) -> str:
        return self.name


class Thing(models.Model):
    group = models.ForeignKey(Group, on_delete=models.PROTECT)
    name = models.CharField(max_length=120)
    planned_on = models.DateField()

    class Meta:
        indexes = [models.Index(fields=["name", "id"], name="thing_by_name")]

    def __str__(self) -> str:
        return self.name


class Counter(models.Model):
    thing = models.ForeignKey(Thing, on_delete=models.CASCADE, related_name="counters")
    part = models.PositiveSmallIntegerField()
    asked = models.PositiveSmallIntegerField()
    done = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["thing", "part"], name="counter_once")]

    def __str__(self) -> str:
        return f"{self.done} of {self.asked}"


class Entry(models.Model):
    """What is asked; `part` is the page that it stands on."""

    part = models.PositiveSmallIntegerField(db_index=True)
    number = models.CharField(max_length=12)
    title = models.CharField(max_length=300)
    guidance = models.TextField()

    def __str__(self) -> str:
        return self.title


class Reply(models.Model):
    thing = models.ForeignKey(Thing, on_delete=models.CASCADE)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT)
    state = models.CharField(max_length=14)
    text = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    said_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["thing", "entry"], name="reply_once")]

    def __str__(self) -> str:
        return self.state


class Proof(models.Model):
    reply = models.ForeignKey(Reply, on_delete=models.CASCADE, related_name="proofs")
    title = models.CharField(max_length=200)
    address = models.URLField(max_length=500)
    added_on = models.DateField()

    def __str__(self) -> str:
        return self.title


class Happened(models.Model):
    thing = models.ForeignKey(Thing, on_delete=models.CASCADE)
    who = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    what = models.CharField(max_length=40)
    before = models.JSONField()
    after = models.JSONField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.what
