"""What every request passes through, in the order of MIDDLEWARE."""

import codecs
import logging
import re
import secrets
from contextlib import suppress

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.utils.cache import add_never_cache_headers

from common import audit, logs

log = logging.getLogger("portal.request")


class RefuseBadInput:
    """400 to an address or a header that no honest browser sends, before anything else
    looks at it.

    A NUL reaches Postgres as a ValueError, a charset such as utf-7 makes Django's own
    400 handler fail, and broken UTF-8 turns into question marks somewhere: all three
    would be a 500 or worse.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if self.is_bad(request):
            return _refused(400)
        return self.get_response(request)

    def is_bad(self, request) -> bool:
        meta = request.META
        # a server hands over bytes as the characters of the same number
        query = meta.get("QUERY_STRING", "").encode("latin-1", "replace")
        cookie = meta.get("HTTP_COOKIE", "")
        return bool(
            not is_clean(query)
            or "\x00" in request.path
            # Django has decoded the path by now and put broken bytes back as %FF
            or _BROKEN_BYTE.search(request.path)
            or "\x00" in cookie
            or "%00" in cookie
            or not _is_utf8(meta.get("CONTENT_TYPE", ""))
        )


class RefuseBadBody:
    """413 to a body longer than any form of ours, 400 to one with bad bytes in it.

    Stands behind the sessions and before whatever reads a form: who is logged in may
    send the long forms and the files of the back office, everybody else what a page
    for everybody asks (``settings.BODY_BYTES``). The length is the one that the server
    reads by; a body without one is empty to Django.

    A NUL gets through Django; broken UTF-8 becomes question marks.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isascii() or not length.isdigit():
            return _refused(400)
        if len(length) > 12 or int(length) > self.most(request, int(length)):
            _throw_away(request)
            return _refused(413)
        kind = meta_type(request)
        is_form = kind == "application/x-www-form-urlencoded"
        # not decoded for it: a letter may be three bytes, and a piece of its own
        if request.method == "POST" and is_form and not is_clean(request.body):
            return _refused(400)
        return self.get_response(request)

    def most(self, request, length: int) -> int:
        """Bytes that this request may bring; the session is asked only where it counts.
        One that has ended counts: what it typed is kept (``members.security``)."""
        most = settings.BODY_BYTES
        is_office = request.path.startswith("/admin/")
        if length <= most["anybody"] or not is_office or not _is_somebody(request):
            return most["anybody"]
        is_upload = meta_type(request) == "multipart/form-data"
        return most["upload" if is_upload else "staff"]

    def process_view(self, request, *_view):
        """A NUL or broken UTF-8 between the files of an upload, which may hold any byte
        themselves: the form is parsed now, for the check of its token."""
        if request.method != "POST" or meta_type(request) != "multipart/form-data":
            return None
        fields = request.POST.lists()
        if any("\x00" in text for name, texts in fields for text in (name, *texts)):
            return _refused(400)
        return None


def _throw_away(request) -> None:
    """Read on, piece by piece, and keep nothing: who is still sending when the answer
    comes is shown a broken connection instead of it. Nobody is waited for longer than
    an upload takes."""
    left = settings.BODY_BYTES["upload"]
    with suppress(OSError):
        while left > 0 and (piece := request.read(_PIECE)):
            left -= len(piece)


def _is_somebody(request) -> bool:
    has_session = settings.SESSION_COOKIE_NAME in request.COOKIES
    return has_session and request.session.is_somebodys


def _refused(status: int) -> HttpResponse:
    return HttpResponse(render_to_string(f"{status}.html"), status=status)


_PIECE = 64 * 1024
_BROKEN_BYTE = re.compile(r"%[89A-Fa-f][0-9A-Fa-f]")


_TRAIL = rb"(?:[\x80-\xbf]|%[89ABab][0-9A-Fa-f])"
# UTF-8 as it stands in a form or a query, each byte as it is or as % and two digits: no
# NUL, nothing cut short, nothing spelt longer than it is. Each step is taken once, and
# nothing is copied.
_CLEAN = re.compile(
    rb"""(?:
      [^\x00%\x80-\xff]++
    | %(?!00)(?![89A-Fa-f][0-9A-Fa-f])
    | (?:[\xc2-\xdf]|%(?:[Cc][2-9A-Fa-f]|[Dd][0-9A-Fa-f])) TRAIL
    | (?:\xe0|%[Ee]0) (?:[\xa0-\xbf]|%[ABab][0-9A-Fa-f]) TRAIL
    | (?:\xed|%[Ee][Dd]) (?:[\x80-\x9f]|%[89][0-9A-Fa-f]) TRAIL
    | (?:[\xe1-\xec\xee\xef]|%[Ee][1-9A-Ca-cEeFf]) TRAIL TRAIL
    | (?:\xf0|%[Ff]0) (?:[\x90-\xbf]|%[9ABab][0-9A-Fa-f]) TRAIL TRAIL
    | (?:[\xf1-\xf3]|%[Ff][1-3]) TRAIL TRAIL TRAIL
    | (?:\xf4|%[Ff]4) (?:[\x80-\x8f]|%8[0-9A-Fa-f]) TRAIL TRAIL
    )*+""".replace(b"TRAIL", _TRAIL),
    re.VERBOSE,
)


def is_clean(raw: bytes) -> bool:
    """Whether these bytes of a form or a query are UTF-8 without a NUL once decoded."""
    return _CLEAN.match(raw).end() == len(raw)


def meta_type(request) -> str:
    return request.META.get("CONTENT_TYPE", "").partition(";")[0].strip().lower()


def _is_utf8(content_type: str) -> bool:
    found = re.search(r"charset\s*=\s*\"?([^\s;\"]*)", content_type, re.IGNORECASE)
    if not found:
        return True
    try:
        return codecs.lookup(found[1]).name == "utf-8"
    except LookupError:
        return False


class RequestId:
    """Give each request a short id: in every log line, in the answer, on the 500 page."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.request_id = secrets.token_hex(6)
        # not taken back: Django writes its line about a 404 after this has returned, and
        # the next request of this thread brings its own
        logs.request_id.set(request.request_id)
        path = logs.request_path.set(request.path)
        try:
            response = self.get_response(request)
        finally:
            logs.request_path.reset(path)
        response["X-Request-Id"] = request.request_id
        return response


class AuditScene:
    """Audit events of this request know where it came from (see ``common.audit``)."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        with audit.scene(request):
            return self.get_response(request)


class PermissionsPolicy:
    """The portal asks for none of the device's sensors."""

    POLICY = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response.setdefault("Permissions-Policy", self.POLICY)
        return response


class PrivatePages:
    """What somebody who is logged in was shown is kept by no browser and no proxy: the
    next person at a shared computer must not find it by going back (ASVS 14.3.2).

    A view that says itself how long its answer holds (a picture) is left alone.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if (
            not response.has_header("Cache-Control")
            # asking for the user without a session would make the answer vary by cookie
            and settings.SESSION_COOKIE_NAME in request.COOKIES
            and request.user.is_authenticated
        ):
            add_never_cache_headers(response)
        return response


class Display:
    """Large print, high contrast and text size: a cookie of whitelisted words.

    ``?elder=1`` (or ``0``), ``?contrast=1``, ``?font=l`` on any page changes the cookie
    and comes back to the page without the parameter, so it works without JavaScript.
    ``request.display`` is the string that ``<html data-display>`` prints.
    """

    COOKIE = "display"
    SWITCHES = {
        "elder": {"1": "elder", "0": None},
        "contrast": {"1": "contrast", "0": None},
        "font": {"l": "font-l", "s": "font-s", "m": None},
    }
    WORDS = ("elder", "contrast", "font-l", "font-s")

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        words = self.words(request.COOKIES.get(self.COOKIE, ""))
        request.display = " ".join(words)
        asked = [name for name in self.SWITCHES if name in request.GET]
        if asked and request.method == "GET":
            return self.switch(request, words, asked)
        return self.get_response(request)

    @classmethod
    def words(cls, cookie: str) -> list[str]:
        """The known words of the cookie's value, in their order."""
        chosen = cookie.split(".")
        return [word for word in cls.WORDS if word in chosen]

    def switch(self, request, words, asked):
        for name in asked:
            options = self.SWITCHES[name]
            word = options.get(request.GET[name])
            words = [old for old in words if old not in options.values()]
            words += [word] if word else []
        query = request.GET.copy()
        for name in asked:
            del query[name]
        rest = query.urlencode()
        # request.path begins with one slash: "//host" would leave the site
        path = "/" + request.path.lstrip("/")
        response = HttpResponseRedirect(f"{path}?{rest}" if rest else path)
        response.set_cookie(
            self.COOKIE,
            ".".join(words),
            max_age=365 * 24 * 3600,
            httponly=True,
            samesite="Lax",
            secure=request.is_secure(),
        )
        return response
