"""What every request passes through, in the order of MIDDLEWARE."""

import codecs
import logging
import re
import secrets
from urllib.parse import unquote_to_bytes

import pghistory.middleware
from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.utils.cache import add_never_cache_headers

from common import audit, logs

log = logging.getLogger("portal.request")


class RefuseBadInput:
    """400 to bytes that no honest browser sends, before anything else looks at them.

    A NUL reaches Postgres as a ValueError, a charset such as utf-7 makes Django's own
    400 handler fail, and broken UTF-8 turns into question marks somewhere: all three
    would be a 500 or worse. Bodies are checked by Django as it parses them; here only
    a NUL in a form is looked for, since Django lets that through.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if self.is_bad(request):
            page = render_to_string("400.html")
            return HttpResponse(page, status=400)
        return self.get_response(request)

    def process_view(self, request, *_view):
        """A NUL between the files of an upload: the form is parsed by now, for the
        check of its token."""
        if request.method != "POST" or meta_type(request) != "multipart/form-data":
            return None
        fields = request.POST.lists()
        if any("\x00" in text for name, texts in fields for text in (name, *texts)):
            return HttpResponse(render_to_string("400.html"), status=400)
        return None

    def is_bad(self, request) -> bool:
        meta = request.META
        query = unquote_to_bytes(meta.get("QUERY_STRING", ""))
        cookie = meta.get("HTTP_COOKIE", "")
        return bool(
            not _is_clean(query)
            or "\x00" in request.path
            # Django has decoded the path by now and put broken bytes back as %FF
            or _BROKEN_BYTE.search(request.path)
            or "\x00" in cookie
            or "%00" in cookie
            or not _is_utf8(meta.get("CONTENT_TYPE", ""))
            or (request.method == "POST" and self.has_nul(request))
        )

    def has_nul(self, request) -> bool:
        """A NUL in a form field. A file may hold any byte, so uploads are not read."""
        kind = meta_type(request)
        if kind != "application/x-www-form-urlencoded":
            return False
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdigit() or int(length) > 5 * 1024 * 1024:
            return False  # Django refuses it with 400 of its own
        body = request.body
        return (
            b"%00" in body or b"\x00" in body or not _is_clean(unquote_to_bytes(body))
        )


_BROKEN_BYTE = re.compile(r"%[89A-Fa-f][0-9A-Fa-f]")


def meta_type(request) -> str:
    return request.META.get("CONTENT_TYPE", "").partition(";")[0].strip().lower()


def _is_clean(raw: bytes) -> bool:
    if b"\x00" in raw:
        return False
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


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
        response = self.get_response(request)
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
        chosen = set(request.COOKIES.get(self.COOKIE, "").split("."))
        words = [word for word in self.WORDS if word in chosen]
        request.display = " ".join(words)
        asked = [name for name in self.SWITCHES if name in request.GET]
        if asked and request.method == "GET":
            return self.switch(request, words, asked)
        return self.get_response(request)

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


class History(pghistory.middleware.HistoryMiddleware):
    """Tell the audit trail who asked, except on the hot path of signing up.

    The desk records who asked on the signup itself; the context costs a rush a third.
    """

    def __call__(self, request):
        if request.path.startswith("/signups/"):
            return self.get_response(request)
        return super().__call__(request)
