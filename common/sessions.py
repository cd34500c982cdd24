"""Database sessions whose payload is encrypted: the log-in library keeps the phone
number, and later the code sent to it, in the session."""

import json

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from common import crypto


class SessionStore(DatabaseStore):
    @classmethod
    def get_model_class(cls):
        from django.contrib.sessions.models import Session

        return Session

    def encode(self, session_dict):
        return crypto.seal(json.dumps(session_dict, separators=(",", ":")))

    def decode(self, session_data):
        try:
            return json.loads(crypto.unseal(session_data))
        except (crypto.InvalidToken, ValueError):
            return {}  # a key was retired or the row was touched: logged out
