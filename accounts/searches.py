"""Words that people look for are found in any case, on either engine."""

from django.db.models import Q


def holding(text: str, *fields: str) -> Q:
    """Rows that hold `text` in one of the fields. SQLite folds only ASCII: for the rest common spellings are tried."""
    found = Q()
    for variant in {text, text.lower(), text.upper(), text.title()}:
        for field in fields:
            found |= Q(**{f"{field}__icontains": variant})
    return found
