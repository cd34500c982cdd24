"""Between the count in front of Django and the newsroom's numbers."""

import re
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
    addresses = {}
    for one in readings:
        source = (one.address, one.forwarded)
        if source not in addresses:
            addresses[source] = _address(*source)
    return services.count_readers(
        readings=[
            (one.key, address, one.agent)
            for one in readings
            if (address := addresses[one.address, one.forwarded])
        ]
    )


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
