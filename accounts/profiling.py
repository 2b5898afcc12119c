"""What people say about themselves: their name, language and time zone."""

from datetime import datetime

from accounts import chaining, names
from accounts.models import User


def change(*, by: User, name: str, language: str, time_zone: str, at: datetime | None = None) -> User:
    """A person's own name and settings. The trail keeps the change of a name; it stands beside what they did.

    Refusal for a name that nobody can read.
    """
    name = names.checked(name)
    with chaining.chain("site", at=at) as trail:
        person = User.objects.get(pk=by.pk)
        if name != person.name:
            told = {"before": {"name": person.name}, "after": {"name": name}}
            trail.add(by=person, verb="renamed", subject=f"person:{person.pk}", **told)
        person.name, person.language, person.time_zone = name, language, time_zone
        person.save(update_fields=["name", "language", "time_zone"])
    return person


def speak(*, by: User, language: str, at: datetime | None = None) -> User:
    """The language a person reads from now on. Of no concern to the trail, like the other settings."""
    with chaining.chain("site", at=at):
        person = User.objects.get(pk=by.pk)
        person.language = language
        person.save(update_fields=["language"])
    return person
