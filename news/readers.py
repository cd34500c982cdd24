"""Between the count in front of Django and the newsroom's numbers."""

import re
from collections.abc import Iterator
from functools import lru_cache

from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import HttpRequest

from common.readercount import Reading
from members.addresses import address_of
from news import services

_ARTICLE = re.compile(r"/news/([1-9][0-9]{0,17})/").fullmatch


@lru_cache(maxsize=4096)
def article_at(path: str) -> int | None:
    """The number of the article that is read at this path."""
    if not path.startswith("/news/"):  # most paths are something else
        return None
    found = _ARTICLE(path)
    return int(found[1]) if found else None


def write(readings: list[Reading]) -> int:
    """Count these readings; how many readers were new today."""
    return services.count_readers(readings=_with_addresses(readings))


def _with_addresses(readings) -> Iterator[tuple[int, str, str]]:
    known = {}  # many read from one address
    for key, said, forwarded, agent in readings:
        source = said, forwarded
        address = known.get(source)
        if address is None:
            address = known[source] = _address(*source)
        if address:
            yield key, address, agent


def _address(address: str, forwarded: str) -> str:
    """The reader's, as the proxy tells it; empty where nobody can say."""
    request = HttpRequest()
    request.META = {"REMOTE_ADDR": address}
    if forwarded:
        request.META["HTTP_X_FORWARDED_FOR"] = forwarded
    try:
        return address_of(request)
    except (PermissionDenied, ImproperlyConfigured, ValueError):
        return ""
