"""Sessions in the database, looked for only under a key that could be one of ours: a cookie may hold anything."""

from django.contrib.sessions.backends import db


class SessionStore(db.SessionStore):
    def _validate_session_key(self, key: str) -> bool:
        """Ours are letters and figures; PostgreSQL does not even look for some of the others."""
        return super()._validate_session_key(key) and key.isascii() and key.isalnum()
