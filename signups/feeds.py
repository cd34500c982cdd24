"""The calendar of one person, for their calendar program, which has no session: the
address is all it knows. It holds titles, times and places, and no name of anybody."""

from django.http import Http404, HttpResponse
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_safe

from signups.calendars import calendar_of_person
from signups.services import feeds


@require_safe
def calendar_feed(request, token):
    """What the person holds a seat of. An address that was taken back is a 404 like one
    that never was."""
    worker = feeds.reader(token)
    if worker is None:
        raise Http404
    response = HttpResponse(
        calendar_of_person(worker, request.build_absolute_uri),
        content_type="text/calendar; charset=utf-8",
        headers={
            "Content-Disposition": 'inline; filename="calendar.ics"',
            "X-Robots-Tag": "noindex",
            "Referrer-Policy": "no-referrer",
        },
    )
    add_never_cache_headers(response)
    return response
