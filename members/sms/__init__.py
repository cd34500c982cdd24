"""Text messages: one interface, two ways out.

``outbox``   a file and the console, for demonstration and development
``gateway``  a provider's HTTPS address, for production

``deliver`` answers within ``SMS_SECONDS`` and raises nothing: how far the text came is
its answer. It never tries twice; whether to ask for another text is for the person.
"""

import random
import time
from collections import deque
from dataclasses import dataclass
from functools import cache
from typing import Protocol
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from members.enums import SmsOutcome


@dataclass(frozen=True)
class Text:
    """``key`` names this text to the gateway once and for all; ``to`` is canonical."""

    key: UUID
    to: str
    text: str


class Backend(Protocol):
    def deliver(self, text: Text) -> SmsOutcome: ...


# seconds that the last calls took
_took = deque([0.0], maxlen=20)


def deliver(text: Text) -> SmsOutcome:
    """Hand one text over, once."""
    began = time.monotonic()
    try:
        return backend().deliver(text)
    finally:
        _took.append(time.monotonic() - began)


def linger() -> None:
    """Take as long as ``deliver`` lately did, and do nothing: the clock must not tell
    that no text went out."""
    time.sleep(random.choice(_took))  # noqa: S311


def backend() -> Backend:
    """The way out that the settings name; one per process, since it remembers whether
    the gateway answers."""
    return _backend(
        settings.SMS_BACKEND,
        str(settings.SMS_OUTBOX),
        settings.SMS_URL,
        settings.SMS_KEY,
        settings.SMS_SUCCESS,
    )


def forget() -> None:
    """Start with a closed circuit again (tests)."""
    _backend.cache_clear()


@cache
def _backend(name, outbox_file, url, key, success) -> Backend:
    from members.sms.gateway import Gateway
    from members.sms.outbox import Outbox

    if name == "outbox":
        return Outbox(outbox_file)
    if name == "gateway":
        return Gateway(url=url, key=key, success=success)
    raise ImproperlyConfigured("SMS_BACKEND must be outbox or gateway.")
