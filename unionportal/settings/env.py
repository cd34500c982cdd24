"""Read the process environment, loudly."""

import os

import environ
from django.core.exceptions import ImproperlyConfigured

_MISSING = object()


def text(name: str, default=_MISSING) -> str:
    value = os.environ.get(name, default)
    if value is _MISSING or value == "" and default is _MISSING:
        raise ImproperlyConfigured(f"Environment variable {name} is required.")
    return value


def flag(name: str, default: bool = False) -> bool:
    return text(name, "1" if default else "0").lower() in {"1", "true", "yes", "on"}


def number(name: str, default: int) -> int:
    value = text(name, str(default))
    try:
        return int(value)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} must be a whole number.") from error


def words(name: str, default=_MISSING) -> list[str]:
    return [word for word in text(name, default).replace(",", " ").split() if word]


def database(url: str) -> dict:
    """Django's DATABASES entry for a postgres:// address; any other is refused."""
    try:
        config = environ.Env.db_url_config(url)
    except Exception as error:
        raise ImproperlyConfigured("DATABASE_URL cannot be read.") from error
    if config.get("ENGINE") != "django.db.backends.postgresql":
        raise ImproperlyConfigured("DATABASE_URL must name a PostgreSQL database.")
    return config
