"""What the application server loads: Django, the cache in front of it, and in front of
both the count of readers. Each is handed on as its method: a call of an instance takes
twice as long, which a page from the cache feels."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "unionportal.settings.production")


def _application():
    django = get_wsgi_application()
    portal = _cached(django) if settings.PAGE_CACHE_BYTES else django
    if not settings.COUNTS_READERS:
        return portal
    from common.readercount import ReaderCount
    from news import readers

    count = ReaderCount(portal, key_of=readers.article_at, write=readers.write)
    return count.__call__


def _cached(django):
    # these need the tables' models, which are there only now
    from common.following import follower
    from common.frontcache import PageCache
    from unionportal.nextchange import next_change_at

    cache = PageCache(
        django,
        next_change_at=next_change_at,
        follower=follower,
        most=settings.PAGE_CACHE_BYTES,
    )
    return cache.__call__


application = _application()
