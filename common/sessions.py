"""Database sessions whose payload is encrypted: the log-in library keeps the phone
number, and later the code sent to it, in the session."""

import json
from datetime import timedelta

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils import timezone

from common import crypto

LAPSED = "lapsed_session"  # what a session holds of the one that ended before it


class SessionStore(DatabaseStore):
    """Beside what it holds, a session says when it was used (``used_at``), and what it
    held if its time has run out (``lapsed``): both from the row that is read anyway."""

    def __init__(self, session_key=None):
        super().__init__(session_key)
        self.used_at = None  # None: made in this request
        self.lapsed = None

    @classmethod
    def get_model_class(cls):
        from django.contrib.sessions.models import Session

        return Session

    @property
    def is_somebodys(self) -> bool:
        """Whether somebody is logged in by it, or was until it ended."""
        return SESSION_KEY in self or LAPSED in self or self.lapsed is not None

    def load(self):
        row = self.model.objects.filter(session_key=self.session_key).first()
        if row is None:
            self._session_key = None
            return {}
        payload = self.decode(row.session_data)
        if row.expire_date <= timezone.now():
            self._session_key = None
            self.lapsed = payload
            return {}
        # each session lives equally long after it was last noted
        age = self.get_expiry_age(expiry=payload.get("_session_expiry"))
        self.used_at = row.expire_date - timedelta(seconds=age)
        return payload

    def encode(self, session_dict):
        return crypto.seal(json.dumps(session_dict, separators=(",", ":")))

    def decode(self, session_data):
        try:
            return json.loads(crypto.unseal(session_data))
        except (crypto.InvalidToken, ValueError):
            return {}  # a key was retired or the row was touched: logged out
