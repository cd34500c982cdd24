"""Which pages are the same for every visitor, and what they say about being kept.

A view declares it: ``public_page = PublicPage(...)`` in a class, ``@public_page(...)``
on a function. What is declared may be kept in front of Django (``common.frontcache``) for
whoever has no session, so such a page holds nothing of a person, no form with a token,
no nonce and nothing of this process.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.utils.cache import patch_cache_control, patch_vary_headers

from common import pagecache

MESSAGES = "messages"  # the cookie of common.messagecookie
BUILD = "portal.build"  # where the cache in front of Django lays its Build


@dataclass(frozen=True)
class PublicPage:
    """``parameters``: the names that the address may have after its "?"; with any other
    the page is built for this one reader. ``is_moving``: it prints what changes without
    being published (seats, people), and is kept for half a second only."""

    parameters: tuple[str, ...] = ()
    is_moving: bool = False


@dataclass
class Build:
    """One building of a page, between the cache in front and the middleware: what was
    true before it began, and until when the page holds (None: not to be kept)."""

    next_change_at: Callable[[pagecache.Moment], datetime]
    generation: int | None = None
    until: datetime | None = field(default=None)


def public_page(*parameters: str, is_moving: bool = False):
    """Declare a view function; see ``PublicPage``."""

    def declare(view):
        view.public_page = PublicPage(parameters, is_moving)
        return view

    return declare


def declared(view) -> PublicPage | None:
    """What a view, as the addresses name it, has declared."""
    of_class = getattr(view, "view_class", None)
    return getattr(view, "public_page", None) or getattr(of_class, "public_page", None)


class PublicPages:
    """A declared page that a visitor without a session gets says that it is public, to
    be asked for anew each time: an unchanged one is answered with 304.

    The outermost that looks at cookies: what is set by others must be seen here.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        build = request.META.get(BUILD)
        if build is not None:
            # before anything else is read
            build.generation = pagecache.moment_of(request).generation
        response = self.get_response(request)
        if getattr(request, "public_page", None) and _is_public(request, response):
            patch_cache_control(response, public=True, max_age=0, must_revalidate=True)
            patch_vary_headers(response, ["Cookie"])
            if build is not None:
                build.until = build.next_change_at(request.moment)
        return response

    def process_view(self, request, view, *_arguments):
        request.public_page = declared(view)


def _is_public(request, response) -> bool:
    return (
        response.status_code == 200
        and not response.cookies
        and not response.has_header("Cache-Control")
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
        and MESSAGES not in request.COOKIES
    )
