"""The only module that encrypts or hashes anything kept. One day it may have to be
SM4 and SM3: then this file changes and no other.

``FIELD_KEYS`` (Fernet keys; the first encrypts, all decrypt) and ``LOOKUP_KEY`` (the
HMAC key of search columns) come from the environment and are never in the database.
"""

import hashlib
import hmac
from collections.abc import Callable
from functools import cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

__all__ = ["InvalidToken", "cache_key", "digest", "digests", "seal", "unseal"]

_HASH = hashlib.sha256


@cache
def _fernet(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def seal(text: str) -> str:
    """Encrypt ``text`` for storage."""
    return _fernet(tuple(settings.FIELD_KEYS)).encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """The text behind ``seal``; raises InvalidToken when no key fits."""
    return _fernet(tuple(settings.FIELD_KEYS)).decrypt(sealed.encode()).decode()


def digest(purpose: str, text: str) -> str:
    """A keyed fingerprint: equal texts meet, nobody without the key can try them all.

    64 hexadecimal characters. ``purpose`` keeps a phone number and an identity number
    of the same digits apart.
    """
    message = f"{purpose}:{text}".encode()
    return hmac.new(settings.LOOKUP_KEY.encode(), message, _HASH).hexdigest()


def digests(purpose: str) -> Callable[[str], str]:
    """``digest`` for many texts of one purpose: what they share is hashed once."""
    shared = hmac.new(settings.LOOKUP_KEY.encode(), f"{purpose}:".encode(), _HASH)

    def digest_of(text: str) -> str:
        own = shared.copy()
        own.update(text.encode())
        return own.hexdigest()

    return digest_of


def cache_key(key: str, prefix: str, version: int) -> str:
    """Django's KEY_FUNCTION: no key in the cache's table can be guessed back.

    allauth names its rate-limit entries after a plain hash of the phone number, and
    there are few enough numbers to try each one.
    """
    return f"{prefix}:{version}:{digest('cache', key)}"
