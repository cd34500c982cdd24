"""What a page says once, after a redirect (“报名成功”), travels in the cookie
``messages``.

In the session it would cost a write, flushed to the disk, for each refused sign-up of a
rush. It is sealed, since it may name people, and belongs to whom it was said to: who
logs in next at a shared computer is not shown it. What is too long for a cookie goes
into the session. A page that is asked for with this cookie is of one person.
"""

import json

from django.conf import settings
from django.contrib.messages.storage.base import BaseStorage
from django.contrib.messages.storage.cookie import MessageDecoder, MessageEncoder
from django.contrib.messages.storage.session import SessionStorage

from common import crypto
from common.publicpages import MESSAGES as COOKIE

_MOST = 2048  # bytes
_SECONDS = 3600  # after which nobody knows any more what it was about
_PURPOSE = "messages"  # no other sealed text is taken for messages


class SealedCookieStorage(BaseStorage):
    """Django's message storage; see above."""

    def __init__(self, request, *args, **kwargs):
        super().__init__(request, *args, **kwargs)
        self._session = SessionStorage(request)
        self._is_in_session = False

    def _get(self, *args, **kwargs):
        sealed = self.request.COOKIES.get(COOKIE)
        if not sealed:
            return [], True
        try:
            opened = json.loads(crypto.unseal(sealed), cls=MessageDecoder)
            purpose, whose, found = opened
        except (crypto.InvalidToken, ValueError, TypeError):
            return [], True
        if purpose != _PURPOSE or whose not in (None, self._who()):
            return [], True
        if found is None:
            self._is_in_session = True
            return self._session._get()
        return found, True

    def _store(self, messages, response, *args, **kwargs):
        if not messages:
            if self._is_in_session:
                self._session._store([], response)
            self._take_away(response)
            return []
        sealed = self._sealed(messages)
        if len(sealed) > _MOST:
            self._session._store(messages, response)
            sealed = self._sealed(None)
        response.set_cookie(
            COOKIE,
            sealed,
            max_age=_SECONDS,
            domain=settings.SESSION_COOKIE_DOMAIN,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite=settings.SESSION_COOKIE_SAMESITE,
        )
        return []

    def _take_away(self, response):
        response.delete_cookie(
            COOKIE,
            domain=settings.SESSION_COOKIE_DOMAIN,
            samesite=settings.SESSION_COOKIE_SAMESITE,
        )

    def _sealed(self, messages) -> str:
        content = [_PURPOSE, self._who(), messages]
        return crypto.seal(json.dumps(content, cls=MessageEncoder, ensure_ascii=False))

    def _who(self) -> int | None:
        """Who is logged in, as this request ends."""
        return getattr(getattr(self.request, "user", None), "pk", None)
