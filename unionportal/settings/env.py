"""Read the process environment, loudly.

What is empty is absent: a line ``MEDIA_ROOT=`` of a copied file means the default. The
functions below the line are production's: each takes one kind of value, and refuses one
that everybody knows, that can be guessed, or that cannot be what was meant.
"""

import base64
import binascii
import os
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

_MISSING = object()
_ON = {"1", "true", "yes", "on"}


def text(name: str, default=_MISSING) -> str:
    value = os.environ.get(name, "").strip()
    if not value and default is _MISSING:
        raise ImproperlyConfigured(f"Environment variable {name} is required.")
    return value or default


def flag(name: str, default: bool = False) -> bool:
    return text(name, "1" if default else "0").lower() in _ON


def number(name: str, default: int) -> int:
    """A whole number from 1."""
    value = text(name, str(default))
    if not (value.isascii() and value.isdigit() and int(value)):
        raise ImproperlyConfigured(f"{name} must be a whole number from 1.")
    return int(value)


def words(name: str, default=_MISSING) -> list[str]:
    found = [word for word in text(name, default).replace(",", " ").split() if word]
    if not found and default is _MISSING:
        raise ImproperlyConfigured(f"Environment variable {name} is required.")
    return found


def database(*, purpose: str | None = None, as_owner: bool = False) -> dict | None:
    """Django's DATABASES entry for DATABASE_URL, with the owner of DATABASE_OWNER_URL
    if there is one (``as_owner``: the owner does everything); None without
    DATABASE_URL. For ``purpose`` and the owner see ``unionportal.database``."""
    config = _postgres("DATABASE_URL")
    if config is None:
        return None
    config |= {"ENGINE": "unionportal.database", "PURPOSE": purpose}
    owner = _postgres("DATABASE_OWNER_URL")
    if owner is not None:
        where = ("NAME", "HOST", "PORT")
        if any(owner[part] != config[part] for part in where):
            raise ImproperlyConfigured(
                "DATABASE_OWNER_URL must name the database of DATABASE_URL."
            )
        if not owner["USER"] or not config["USER"] or owner["USER"] == config["USER"]:
            raise ImproperlyConfigured(
                "DATABASE_OWNER_URL must name another role than DATABASE_URL, "
                "and both must name one: docs/operations.md, Two roles."
            )
        other = {part: owner[part] for part in ("USER", "PASSWORD")}
        config |= other if as_owner else {"OWNER": other}
    return config


def joined(config: dict, more: dict) -> dict:
    """A DATABASES entry and what holds for all; an option of the address wins (a
    ``sslmode=verify-full`` must not get lost)."""
    options = more.get("OPTIONS", {}) | config.get("OPTIONS", {})
    return config | more | {"OPTIONS": options}


def _postgres(name: str) -> dict | None:
    if not text(name, ""):
        return None
    try:
        config = environ.Env.db_url_config(text(name))
    except Exception as error:
        raise ImproperlyConfigured(f"{name} cannot be read.") from error
    if config.get("ENGINE") != "django.db.backends.postgresql":
        raise ImproperlyConfigured(f"{name} must name a PostgreSQL database.")
    return config


# --- production's -------------------------------------------------------------------

# What the keys of the demonstration, of the suite and of Django's own templates say.
_PUBLIC_KEYS = ("demonstration-only", "only-for-tests", "django-insecure")
_KEY_LENGTH, _KEY_LETTERS = 50, 10
_KNOWN_PASSWORDS = {"password", "postgres", "changeme"}


def key(name: str) -> str:
    """A long secret that nobody can guess."""
    value = text(name)
    if any(word in value for word in _PUBLIC_KEYS):
        raise ImproperlyConfigured(f"{name} must not be a key that is public.")
    if len(value) < _KEY_LENGTH or len(set(value)) < _KEY_LETTERS:
        raise ImproperlyConfigured(
            f"{name} must be {_KEY_LENGTH} random characters or more: "
            'python -c "import secrets; print(secrets.token_urlsafe(50))"'
        )
    return value


def fernet_keys(name: str) -> list[str]:
    """Keys of 32 random bytes each, as ``Fernet.generate_key()`` makes them."""
    found = words(name)
    for number_of, value in enumerate(found, 1):
        try:
            seed = base64.b64decode(value, altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            seed = b""
        if len(seed) != 32:
            raise ImproperlyConfigured(
                f"{name}: key {number_of} must be a Fernet key: python -c "
                '"from cryptography.fernet import Fernet; '
                'print(Fernet.generate_key().decode())"'
            )
        # never so of 32 random bytes; the demonstration's and the suite's are sentences
        if seed.isascii() or len(set(seed)) < _KEY_LETTERS:
            raise ImproperlyConfigured(
                f"{name}: key {number_of} must be random and not public."
            )
    return found


def hosts(name: str) -> list[str]:
    """Names of hosts, without wildcard, scheme or port."""
    found = words(name)
    for value in found:
        if set(value) & set("*/:") and not value.startswith("["):
            raise ImproperlyConfigured(
                f"{name} must name the portal's hosts, without *, scheme or port: "
                f"not {value}"
            )
    return found


def origins(name: str) -> list[str]:
    """Origins of the portal: ``https://`` and a host, without wildcard or path."""
    found = words(name)
    for value in found:
        parts = urlsplit(value)
        if parts.scheme != "https" or value != f"https://{parts.netloc}":
            raise ImproperlyConfigured(
                f"{name} must be https:// and a host each: not {value}"
            )
        if "*" in value or not parts.hostname:
            raise ImproperlyConfigured(
                f"{name} must name the portal's hosts, without *: not {value}"
            )
    return found


def https(name: str) -> str:
    """An address that is asked over TLS."""
    value = text(name)
    parts = urlsplit(value)
    if parts.scheme != "https" or not parts.hostname:
        raise ImproperlyConfigured(f"{name} must begin with https:// and a host.")
    return value


def guarded_database() -> dict:
    """Production's database, whose passwords stand in no file that everybody has."""
    text("DATABASE_URL")
    config = database(purpose="production")
    for name, part in (
        ("DATABASE_URL", config),
        ("DATABASE_OWNER_URL", config.get("OWNER")),
    ):
        if part and part["PASSWORD"] in _KNOWN_PASSWORDS | {part["USER"]} - {""}:
            raise ImproperlyConfigured(f"{name} must have a password nobody knows.")
    if config["USER"] == "postgres":
        raise ImproperlyConfigured(
            "DATABASE_URL must not be the superuser's: docs/operations.md, Two roles."
        )
    return config


def refuse(*names: str, because: str) -> None:
    """None of these variables may say anything here."""
    for name in names:
        if text(name, "0").lower() not in {"0", "false", "no", "off"}:
            raise ImproperlyConfigured(f"{name} must not be set here: {because}")
