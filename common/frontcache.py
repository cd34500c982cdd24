"""The cache in front of Django: finished public pages in each process's memory, for
visitors without a session.

A page is found by host, scheme, path, its declared parameters and the display words, and
is built from these alone: no other header, cookie or parameter of who asks reaches the
view, so none can change what the next reader gets (docs/decisions/0026-page-cache.md).
"""

import gzip
import hashlib
import io
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode

from django.conf import settings
from django.http import parse_cookie
from django.urls import Resolver404, resolve

from common.following import Follower, State
from common.middleware import Display
from common.publicpages import BUILD, MESSAGES, Build, PublicPage, declared

# Seconds, from before it was built: a seat taken is seen within one second. In the last
# of these one reader builds the page anew and the others still get it.
MOVING_HOLDS, MOVING_LASTS = 0.5, 0.8
SECONDS_TO_WAIT = 3  # for who builds the page already
SECONDS_WITHOUT = 600  # so long pages are served when there is no database
_LONGEST_QUERY, _MOST_PARAMETERS = 200, 8
_OVERHEAD = 1500  # bytes of an entry besides its page
_NOT_KEPT = {"connection", "content-length", "date", "etag", "last-modified"}
_NOT_KEPT |= {"x-request-id", "keep-alive", "transfer-encoding", "vary"}
_ZIP_LEVEL = 5  # a tenth of what a page takes to build
_OF_304 = {"cache-control", "etag", "vary"}


class Key(NamedTuple):
    host: str
    is_secure: bool
    path: str
    query: str
    display: str


@dataclass(frozen=True)
class Entry:
    """A page as it is sent. ``until`` is a time of the database's clock, ``built_at``
    one of ours, from before it was built."""

    status: str
    headers: list[tuple[str, str]]
    body: bytes
    zipped: bytes
    etag: str
    generation: int
    until: float
    built_at: float
    is_moving: bool

    @property
    def size(self) -> int:
        return (
            len(self.body)
            + len(self.zipped)
            + _OVERHEAD
            + sum(map(len, sum(self.headers, ())))
        )


class Store:
    """Entries up to so many bytes in all; the least recently used goes first."""

    def __init__(self, most: int):
        self.most, self.size = most, 0
        self._entries: OrderedDict[Key, Entry] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Key) -> Entry | None:
        with self._lock:
            entry = self._entries.get(key)
            if entry is not None:
                self._entries.move_to_end(key)
            return entry

    def put(self, key: Key, entry: Entry) -> None:
        if entry.size > self.most // 8:
            return
        with self._lock:
            if old := self._entries.pop(key, None):
                self.size -= old.size
            self._entries[key] = entry
            self.size += entry.size
            while self.size > self.most:
                _key, old = self._entries.popitem(last=False)
                self.size -= old.size


class Flight:
    """One building of one page, for which others wait."""

    def __init__(self):
        self.has_landed = threading.Event()
        self.is_kept = False


class PageCache:
    """A WSGI application around Django's.

    ``next_change_at(moment)`` gives the next moment at which public pages change by
    themselves. What is not a declared public page goes through untouched.
    """

    def __init__(self, application, *, next_change_at, follower: Follower, most: int):
        self.application = application
        self.next_change_at = next_change_at
        self.follower = follower
        self.store = Store(most)
        self._flights: dict[Key, Flight] = {}
        self._lock = threading.Lock()
        # how the server in front says https, where there is one (Django's setting)
        header = settings.SECURE_PROXY_SSL_HEADER
        self._scheme_header, self._https = header or ("wsgi.url_scheme", "https")
        self._session = settings.SESSION_COOKIE_NAME

    def __call__(self, environ, start_response):
        self.follower.start()
        key = self.key(environ)
        if key is None:
            return self.application(environ, start_response)
        entry = self.store.get(key)
        if entry is not None and self._is_good(entry, MOVING_HOLDS):
            return answer(entry, environ, start_response)
        page = declaration(key.path)
        if page is None:
            return self.application(environ, start_response)
        is_down = self.follower.state is State.DOWN
        if is_down and entry is not None and self._stands_in(entry):
            return answer(entry, environ, start_response)
        return self._built(key, page, environ, start_response)

    # --- what may be kept -------------------------------------------------------------

    def key(self, environ) -> Key | None:
        """What the page of this request depends on; None if it may depend on more."""
        if (
            environ["REQUEST_METHOD"] not in ("GET", "HEAD")
            or "HTTP_AUTHORIZATION" in environ
            or "HTTP_TRANSFER_ENCODING" in environ
            or environ.get("CONTENT_TYPE")
            or environ.get("CONTENT_LENGTH", "0") not in ("", "0")
        ):
            return None
        host, path = environ.get("HTTP_HOST"), environ.get("PATH_INFO", "")
        if not host:
            return None
        cookie, display = environ.get("HTTP_COOKIE"), ""
        if cookie:
            if self._session in cookie or MESSAGES in cookie or not _is_clean(cookie):
                return None
            chosen = parse_cookie(cookie).get(Display.COOKIE, "")
            display = ".".join(Display.words(chosen))
        query = environ.get("QUERY_STRING", "")
        if query and not _is_declared(query, declaration(path)):
            return None
        is_secure = environ.get(self._scheme_header) == self._https
        return Key(host, is_secure, path, query, display)

    def _is_good(self, entry: Entry, holds: float) -> bool:
        follower = self.follower
        return (
            entry.generation == follower.generation
            and follower.state is State.KNOWN
            and follower.now() < entry.until
            and not (entry.is_moving and time.monotonic() - entry.built_at > holds)
        )

    def _stands_in(self, entry: Entry) -> bool:
        """Whether this page is better than none, when there is no database: it was good
        at the last moment at which there was one, ten minutes ago at most."""
        follower = self.follower
        return (
            entry.generation == follower.generation
            and time.monotonic() - follower.read_at < SECONDS_WITHOUT
        )

    # --- building it ------------------------------------------------------------------

    def _built(self, key, page, environ, start_response):
        """The page from who builds it already, or built here."""
        if self.follower.state is not State.KNOWN:  # whatever is kept serves nobody
            return self._build(key, page, Flight(), environ, start_response)
        arrived = time.monotonic()
        deadline = arrived + SECONDS_TO_WAIT
        while True:
            with self._lock:
                flight = self._flights.get(key)
                if flight is None:
                    flight = self._flights[key] = Flight()
                    break
            entry = self.store.get(key)
            if entry is not None and self._is_good(entry, MOVING_LASTS):
                return answer(entry, environ, start_response)
            flight.has_landed.wait(max(0.0, deadline - time.monotonic()))
            # what is not kept, or takes too long, is built for each by themselves
            if not flight.is_kept or time.monotonic() > deadline:
                return self.application(environ, start_response)
            entry = self.store.get(key)
            if entry is not None and (
                entry.built_at > arrived or self._is_good(entry, MOVING_LASTS)
            ):
                return answer(entry, environ, start_response)
            # published while it was being built
        try:
            return self._build(key, page, flight, environ, start_response)
        finally:
            with self._lock:
                del self._flights[key]
            flight.has_landed.set()

    def _build(self, key, page, flight, environ, start_response):
        began = time.monotonic()
        build = Build(self.next_change_at)
        status, headers, body = self._ask_django(environ, key, build)
        entry = self._entry(page, build, began, status, headers, body)
        if entry is not None:
            self.store.put(key, entry)
            flight.is_kept = True
            return answer(entry, environ, start_response)
        if status.startswith("503"):
            entry = self.store.get(key)
            if entry is not None and self._stands_in(entry):
                return answer(entry, environ, start_response)
        if any(name.lower() == "set-cookie" for name, _value in headers):
            # it depends on cookies that it was not given
            return self.application(environ, start_response)
        start_response(status, headers)
        return [b""] if environ["REQUEST_METHOD"] == "HEAD" else [body]

    def _ask_django(self, environ, key: Key, build: Build):
        clean = {name: environ[name] for name in _PASSED_ON if name in environ}
        clean |= {
            "REQUEST_METHOD": "GET",  # one page for GET and HEAD
            "HTTP_HOST": key.host,
            "QUERY_STRING": key.query,
            "wsgi.input": io.BytesIO(),
            BUILD: build,
        }
        if self._scheme_header in environ:
            clean[self._scheme_header] = environ[self._scheme_header]
        if key.display:
            clean["HTTP_COOKIE"] = f"{Display.COOKIE}={key.display}"
        said = []

        def start_response(status, headers, _exception=None):
            said[:] = [status, headers]

        chunks = self.application(clean, start_response)
        try:
            body = b"".join(chunks)
        finally:
            if hasattr(chunks, "close"):
                chunks.close()
        return said[0], said[1], body

    def _entry(self, page, build, began, status, headers, body) -> Entry | None:
        """The finished page if it may be kept. A view's declaration is believed and
        looked through: what a person could be known by makes it nobody else's."""
        said = {name.lower(): value for name, value in headers}
        control = said.get("cache-control", "")
        if (
            build.until is None
            or build.generation is None
            or not status.startswith("200")
            or "public" not in control
            or "private" in control
            or "no-store" in control
            or "set-cookie" in said
            or "content-encoding" in said
            or "'nonce-" in said.get("content-security-policy", "")
            or b"csrfmiddlewaretoken" in body
        ):
            return None
        etag = f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
        kept = [pair for pair in headers if pair[0].lower() not in _NOT_KEPT]
        vary = [said["vary"]] if "vary" in said else []
        kept.append(("Vary", ", ".join([*vary, "Accept-Encoding"])))
        return Entry(
            status=status,
            headers=kept,
            body=body,
            zipped=gzip.compress(body, _ZIP_LEVEL, mtime=0),
            etag=etag,
            generation=build.generation,
            until=build.until.timestamp(),
            built_at=began,
            is_moving=page.is_moving,
        )


def answer(entry: Entry, environ, start_response) -> list[bytes]:
    """The page, its head, or 304 for who has it; compressed for who takes that.

    Nothing in it is anybody's secret, so what its length tells is told to nobody. Pages
    of persons are not compressed, here or in front.
    """
    body, etag, encoding = entry.body, entry.etag, []
    if _takes_gzip(environ.get("HTTP_ACCEPT_ENCODING", "")):
        body, etag = entry.zipped, f'{entry.etag[:-1]}-gzip"'
        encoding = [("Content-Encoding", "gzip")]
    asked = environ.get("HTTP_IF_NONE_MATCH")
    if asked is not None and _has(asked, etag):
        headers = [pair for pair in entry.headers if pair[0].lower() in _OF_304]
        start_response("304 Not Modified", [*headers, ("ETag", etag)])
        return [b""]
    length = ("Content-Length", str(len(body)))
    start_response(entry.status, [*entry.headers, *encoding, ("ETag", etag), length])
    return [b""] if environ["REQUEST_METHOD"] == "HEAD" else [body]


@lru_cache(maxsize=256)
def _takes_gzip(accepted: str) -> bool:
    """Whether an Accept-Encoding names gzip and does not refuse it."""
    for part in accepted.lower().split(","):
        name, _semicolon, weight = part.partition(";")
        if name.strip() in ("gzip", "x-gzip"):
            return weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False


@lru_cache(maxsize=4096)
def declaration(path: str) -> PublicPage | None:
    """What the view of this path (as WSGI spells it) has declared."""
    try:
        match = resolve(path.encode("latin-1").decode())
    except (Resolver404, UnicodeError):
        return None
    return declared(match.func)


def _is_declared(query: str, page: PublicPage | None) -> bool:
    """Whether the parameters are those of the page, each once, spelt as we spell them:
    one page has one address, and a page of the list no second one."""
    if page is None or not page.parameters or len(query) > _LONGEST_QUERY:
        return False
    try:
        pairs = parse_qsl(
            query,
            keep_blank_values=True,
            strict_parsing=True,
            max_num_fields=_MOST_PARAMETERS,
        )
    except ValueError:
        return False
    names = [name for name, _value in pairs]
    return (
        len(set(names)) == len(names)
        and set(names) <= set(page.parameters)
        and urlencode(pairs) == query
    )


def _is_clean(cookie: str) -> bool:
    return "\x00" not in cookie and "%00" not in cookie  # else: RefuseBadInput


def _has(asked: str, etag: str) -> bool:
    tags = [tag.strip().removeprefix("W/") for tag in asked.split(",")]
    return etag in tags or tags == ["*"]


# All that a page may be built from besides its key: nothing here is the visitor's to say.
_PASSED_ON = (
    "SCRIPT_NAME",
    "PATH_INFO",
    "SERVER_NAME",
    "SERVER_PORT",
    "SERVER_PROTOCOL",
    "REMOTE_ADDR",
    "wsgi.version",
    "wsgi.url_scheme",
    "wsgi.errors",
    "wsgi.multithread",
    "wsgi.multiprocess",
    "wsgi.run_once",
)
