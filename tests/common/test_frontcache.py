"""The cache in front of Django, around an application that stands for Django: what is
kept, for whom, and for how long."""

import gzip
import io
import threading
import time
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from common import frontcache
from common.following import State
from common.frontcache import PageCache
from common.publicpages import BUILD, PublicPage

PUBLIC = [
    ("Content-Type", "text/html; charset=utf-8"),
    ("Cache-Control", "public, max-age=0, must-revalidate"),
    ("Vary", "Cookie"),
    ("X-Request-Id", "0123"),
]
PAGES = {
    "/": PublicPage(),
    "/list/": PublicPage(("page", "year")),
    "/seats/": PublicPage(is_moving=True),
}


class Known:
    """A follower that was told what it knows."""

    def __init__(self):
        self.generation, self.state = 1, State.KNOWN
        self.read_at = time.monotonic()
        self.clock = datetime(2026, 11, 1, tzinfo=UTC)

    def start(self):
        pass

    def now(self):
        return self.clock.timestamp()


class Django:
    """Answers with how often it was asked, and keeps what it was asked with."""

    def __init__(self, follower):
        self.follower, self.asked = follower, []
        self.status, self.headers, self.words = "200 OK", PUBLIC, ""
        self.holds = timedelta(hours=1)

    def __call__(self, environ, start_response):
        self.asked.append(environ)
        build = environ.get(BUILD)
        if build is not None:
            build.generation = self.follower.generation
            build.until = self.follower.clock + self.holds
        start_response(self.status, list(self.headers))
        return [f"page {len(self.asked)} {self.words}".encode()]


@pytest.fixture
def follower():
    return Known()


@pytest.fixture
def django(follower):
    return Django(follower)


@pytest.fixture
def site(django, follower, monkeypatch):
    monkeypatch.setattr(frontcache, "declaration", PAGES.get)
    return PageCache(django, next_change_at=None, follower=follower, most=100_000)


def ask(site, path="/", method="GET", **headers):
    path, _mark, query = path.partition("?")
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "HTTP_HOST": "portal.example.org",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
    } | headers
    said = []
    body = b"".join(site(environ, lambda *answer: said.extend(answer)))
    length = dict(said[1]).get("Content-Length")
    assert method == "HEAD" or length in (None, str(len(body)))
    if body.startswith(b"\x1f\x8b"):
        body = gzip.decompress(body)
    return SimpleNamespace(
        status=int(said[0][:3]), headers=dict(said[1]), text=body.decode().strip()
    )


def test_page_is_built_once_and_answered_from_memory(site, django):
    first, second = ask(site), ask(site)

    assert (first.text, second.text) == ("page 1", "page 1")
    assert first.headers == second.headers
    assert "X-Request-Id" not in first.headers


def test_page_is_compressed_for_who_takes_that_and_for_nobody_else(site, django):
    django.words = "示例" * 500
    plain = ask(site)
    zipped = ask(site, HTTP_ACCEPT_ENCODING="br, gzip;q=0.5")

    assert zipped.text == plain.text
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert int(zipped.headers["Content-Length"]) < int(plain.headers["Content-Length"])
    assert "Content-Encoding" not in plain.headers
    for accepted in ("", "br", "gzip;q=0", "identity, gzip; q=0.0"):
        answer = ask(site, HTTP_ACCEPT_ENCODING=accepted)
        assert "Content-Encoding" not in answer.headers
    # a cache on the way keeps them apart, and each is known by its own tag
    assert "Accept-Encoding" in plain.headers["Vary"]
    assert plain.headers["ETag"] != zipped.headers["ETag"]
    tag = zipped.headers["ETag"]
    again = ask(site, HTTP_ACCEPT_ENCODING="gzip", HTTP_IF_NONE_MATCH=tag)
    assert (again.status, again.headers["ETag"], again.text) == (304, tag, "")
    assert ask(site, HTTP_IF_NONE_MATCH=tag).status == 200
    assert len(django.asked) == 1


def test_page_is_built_again_under_a_new_generation(site, django, follower):
    ask(site)
    follower.generation = 2

    assert ask(site).text == "page 2"


def test_page_stored_under_a_generation_that_ended_while_it_was_built_is_not_used(
    site, django, follower
):
    inner = site.application

    def publish_meanwhile(environ, start_response):
        chunks = inner(environ, start_response)
        follower.generation += len(django.asked) == 1
        return chunks

    site.application = publish_meanwhile
    ask(site)

    assert ask(site).text == "page 2"
    assert ask(site).text == "page 2"


def test_page_dies_at_its_moment_by_the_clock_of_the_database(site, follower):
    ask(site)
    follower.clock += timedelta(minutes=59, seconds=59)
    assert ask(site).text == "page 1"
    follower.clock += timedelta(seconds=1)

    assert ask(site).text == "page 2"


def test_page_with_seats_dies_after_half_a_second(site, monkeypatch):
    ask(site, "/seats/")
    assert ask(site, "/seats/").text == "page 1"
    later = SimpleNamespace(monotonic=lambda: time.monotonic() + 0.6)
    monkeypatch.setattr(frontcache, "time", later)

    assert ask(site, "/seats/").text == "page 2"


def test_page_is_another_for_another_host_scheme_parameter_and_display(site, django):
    several = [
        ask(site, "/list/"),
        ask(site, "/list/", HTTP_HOST="other.example.org"),
        ask(site, "/list/", **{"wsgi.url_scheme": "https"}),
        ask(site, "/list/?page=2"),
        ask(site, "/list/?page=2&year=2026"),
        ask(site, "/list/", HTTP_COOKIE="display=elder"),
        ask(site, "/list/", HTTP_COOKIE="display=elder.contrast"),
    ]

    assert len({page.text for page in several}) == len(several)
    assert ask(site, "/list/?page=2").text == several[3].text
    # words nobody knows are none
    assert ask(site, "/list/", HTTP_COOKIE="display=x.elder").text == several[5].text
    assert ask(site, "/list/", HTTP_COOKIE="display=<script>").text == several[0].text


@pytest.mark.parametrize(
    "query", ["x=1", "page=1&page=2", "page=%32", "PAGE=2", "page", "=", "page=2&x=1"]
)
def test_page_with_other_parameters_is_for_this_reader_only(site, django, query):
    before = ask(site, "/list/").text

    ask(site, f"/list/?{query}")
    ask(site, f"/list/?{query}")

    assert len(django.asked) == 3
    assert django.asked[-1]["QUERY_STRING"] == query
    assert ask(site, "/list/").text == before


@pytest.mark.parametrize(
    "headers",
    [
        {"HTTP_COOKIE": "sessionid=abc"},
        {"HTTP_COOKIE": "a=b; sessionid=abc"},
        {"HTTP_COOKIE": "messages=abc"},
        {"HTTP_COOKIE": "a=\x00"},
        {"HTTP_AUTHORIZATION": "Basic eDp5"},
        {"CONTENT_LENGTH": "3"},
        {"CONTENT_TYPE": "text/html; charset=utf-7"},
        {"HTTP_TRANSFER_ENCODING": "chunked"},
        {"method": "POST"},
        {"method": "OPTIONS"},
    ],
    ids=str,
)
def test_request_that_may_be_of_a_person_goes_through_untouched(site, django, headers):
    ask(site)

    ask(site, **headers)
    ask(site, **headers)

    assert len(django.asked) == 3
    assert BUILD not in django.asked[-1]
    assert ask(site).text == "page 1"


def test_page_is_built_from_nothing_that_the_visitor_may_say(site, django):
    hostile = {
        "HTTP_X_FORWARDED_HOST": "evil.example.org",
        "HTTP_X_FORWARDED_PROTO": "https",
        "HTTP_X_FORWARDED_FOR": "203.0.113.9",
        "HTTP_X_ORIGINAL_URL": "/admin/",
        "HTTP_ACCEPT": "application/json",
        "HTTP_ACCEPT_LANGUAGE": "en",
        "HTTP_ACCEPT_ENCODING": "gzip",
        "HTTP_RANGE": "bytes=0-1",
        "HTTP_USER_AGENT": "<script>",
        "HTTP_REFERER": "https://evil.example.org/",
        "HTTP_IF_NONE_MATCH": '"x"',
        "HTTP_COOKIE": "lang=en; display=elder; csrftoken=abc",
    }
    first = ask(site, "/", **hostile)

    [built] = django.asked
    assert {name for name in built if name.startswith("HTTP_")} == {
        "HTTP_HOST",
        "HTTP_COOKIE",
    }
    assert built["HTTP_COOKIE"] == "display=elder"
    assert first.status == 200
    assert ask(site, "/", HTTP_COOKIE="display=elder").text == first.text


@pytest.mark.parametrize(
    ("headers", "words"),
    [
        ([*PUBLIC, ("Set-Cookie", "a=b")], ""),
        ([("Cache-Control", "private, public")], ""),
        ([("Cache-Control", "public, no-store")], ""),
        ([("Cache-Control", "max-age=60")], ""),
        ([], ""),
        ([*PUBLIC, ("Content-Security-Policy", "script-src 'nonce-abc'")], ""),
        ([*PUBLIC, ("Content-Encoding", "gzip")], ""),
        (PUBLIC, '<input name="csrfmiddlewaretoken" value="abc">'),
    ],
    ids=str,
)
def test_answer_that_may_be_of_a_person_is_never_kept(site, django, headers, words):
    django.headers, django.words = headers, words
    first = ask(site).text
    second = ask(site).text

    assert first != second
    assert site.store.size == 0


@pytest.mark.parametrize("status", ["404 Not Found", "410 Gone", "302 Found"])
def test_answer_other_than_a_page_is_never_kept(site, django, status):
    django.status = status
    ask(site)
    ask(site)

    assert len(django.asked) == 2


def test_page_that_did_not_say_that_it_is_public_is_never_kept(site, django):
    ask(site, "/my/")
    ask(site, "/my/")

    assert len(django.asked) == 2
    assert BUILD not in django.asked[0]


def test_page_that_sets_a_cookie_is_built_from_the_whole_request(site, django):
    django.headers = [*PUBLIC, ("Set-Cookie", "a=b")]
    ask(site, HTTP_COOKIE="csrftoken=abc")

    assert django.asked[-1]["HTTP_COOKIE"] == "csrftoken=abc"


def test_who_has_the_page_gets_304(site):
    page = ask(site)
    etag = page.headers["ETag"]

    for asked in (etag, f"W/{etag}", f'"x", {etag}', "*"):
        for method in ("GET", "HEAD"):
            again = ask(site, method=method, HTTP_IF_NONE_MATCH=asked)
            assert (again.status, again.text) == (304, "")
            assert again.headers.keys() == {"Cache-Control", "ETag", "Vary"}
    assert ask(site, HTTP_IF_NONE_MATCH='"other"').status == 200
    large = ask(site, HTTP_COOKIE="display=elder", HTTP_IF_NONE_MATCH=etag)
    assert large.status == 200


def test_head_has_the_headers_of_the_page_and_no_body(site):
    head, page = ask(site, method="HEAD"), ask(site)

    assert head.text == ""
    assert head.headers == page.headers
    assert int(page.headers["Content-Length"]) == len("page 1 ")


def test_memory_is_bounded_in_bytes(site, django):
    django.words = "x" * 5000
    for number in range(100):
        ask(site, "/")
        ask(site, f"/list/?page={number}")

    assert site.store.size <= 100_000
    assert ask(site, "/").text.startswith("page 1 ")  # who is asked for often stays
    django.words = "x" * 95_000
    ask(site, "/list/")
    assert ask(site, "/").text.startswith("page 1 ")  # one large page pushes nobody out


def at_once(site, readers, path="/"):
    """Texts of so many readers who ask while the first is still being served."""
    texts, gate, inner = [], threading.Event(), site.application

    def slow(environ, start_response):
        gate.wait(5)
        return inner(environ, start_response)

    site.application = slow
    threads = [
        threading.Thread(target=lambda: texts.append(ask(site, path).text))
        for _ in range(readers)
    ]
    for thread in threads:
        thread.start()
    time.sleep(0.1)
    gate.set()
    for thread in threads:
        thread.join(10)
    return texts


def test_page_is_built_by_one_reader_while_the_others_wait(site, django):
    assert at_once(site, 8) == ["page 1"] * 8
    assert len(django.asked) == 1


def test_page_that_is_not_kept_makes_nobody_wait_in_a_row(site, django):
    django.status = "404 Not Found"
    together = threading.Barrier(7)

    def meet(environ, start_response):
        if django.asked:
            together.wait(2)  # breaks if they come one after the other
        return django(environ, start_response)

    site.application = meet

    assert len(set(at_once(site, 8))) == 8


def test_page_with_seats_is_given_to_others_while_it_is_built_anew(
    site, django, monkeypatch
):
    ask(site, "/seats/")
    began = next(iter(site.store._entries.values())).built_at
    monkeypatch.setattr(
        frontcache, "time", SimpleNamespace(monotonic=lambda: began + 0.6)
    )
    texts = []

    def while_it_is_built(environ, start_response):
        site.application = django
        texts.append(ask(site, "/seats/").text)
        return django(environ, start_response)

    site.application = while_it_is_built

    assert ask(site, "/seats/").text == "page 2"
    assert texts == ["page 1"]


def test_page_is_built_for_everybody_while_the_generation_is_not_known(
    site, django, follower
):
    ask(site)
    follower.state = State.UNKNOWN

    assert [ask(site).text, ask(site).text] == ["page 2", "page 3"]


def test_page_goes_on_without_a_database_for_ten_minutes(site, django, follower):
    ask(site)
    ask(site, "/seats/")
    django.status, django.headers = "503 Service Unavailable", []
    follower.state = State.DOWN
    follower.clock += timedelta(hours=2)  # its moment has passed: better than nothing

    assert [ask(site).text, ask(site, "/seats/").text] == ["page 1", "page 2"]
    assert len(django.asked) == 2  # which would try to reach the database
    assert ask(site, "/list/").status == 503
    follower.state = State.UNKNOWN  # it may be only us who cannot read
    assert ask(site).text == "page 1"
    follower.read_at -= frontcache.SECONDS_WITHOUT
    assert ask(site).status == 503
    follower.state = State.DOWN
    assert ask(site).status == 503


def test_page_of_an_earlier_generation_is_not_shown_without_a_database(
    site, django, follower
):
    ask(site)
    follower.generation = 2
    django.status, django.headers = "503 Service Unavailable", []
    follower.state = State.DOWN

    assert ask(site).status == 503


def test_page_is_built_again_after_a_builder_that_broke(site, django):
    def breaks(environ, start_response):
        raise RuntimeError

    site.application = breaks
    with pytest.raises(RuntimeError):
        ask(site)
    site.application = django

    assert ask(site).text == "page 1"
