"""What the application server loads: Django, and the cache in front of it."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "unionportal.settings.production")


def _application():
    django = get_wsgi_application()
    if not settings.PAGE_CACHE_BYTES:
        return django
    # these need the tables' models, which are there only now
    from common.following import follower
    from common.frontcache import PageCache
    from unionportal.nextchange import next_change_at

    return PageCache(
        django,
        next_change_at=next_change_at,
        follower=follower,
        most=settings.PAGE_CACHE_BYTES,
    )


application = _application()
