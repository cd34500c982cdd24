"""Readings are noted in front of everything that answers, and written together."""

import pytest

from common.readercount import UNCOUNTED, ReaderCount


class Portal:
    status, is_staff = "200 OK", False

    def __call__(self, environ, start_response):
        if self.is_staff:
            environ[UNCOUNTED] = True
        start_response(self.status, [])
        return [b"page"]


@pytest.fixture
def portal():
    return Portal()


@pytest.fixture
def written():
    return []


@pytest.fixture
def count(portal, written, monkeypatch):
    made = ReaderCount(
        portal,
        key_of=lambda path: path if path.startswith("/read/") else None,
        write=written.append,
    )
    monkeypatch.setattr(made, "_start", lambda: None)
    return made


def ask(count, path="/read/1", method="GET", **environ):
    environ = {"REMOTE_ADDR": "203.0.113.5", "HTTP_USER_AGENT": "Firefox"} | environ
    environ |= {"REQUEST_METHOD": method, "PATH_INFO": path}
    return b"".join(count(environ, lambda *_answer: None))


def keys(written):
    return [reading.key for batch in written for reading in batch]


def test_readings_of_one_reader_are_written_once(count, written):
    for _ in range(100):
        assert ask(count) == b"page"
    ask(count, "/read/2")
    ask(count, HTTP_USER_AGENT="Safari")
    count.flush()
    ask(count)
    count.flush()

    assert sorted(keys(written)) == ["/read/1", "/read/1", "/read/2"]
    assert len(written) == 1


@pytest.mark.parametrize(
    "told",
    [
        {"path": "/other/1"},
        {"method": "HEAD"},
        {"method": "POST"},
        {"HTTP_SEC_PURPOSE": "prefetch;prerender"},
    ],
)
def test_readings_leave_out_what_nobody_reads(count, written, told):
    ask(count, **told)
    count.flush()

    assert written == []


@pytest.mark.parametrize("status", ["404 Not Found", "410 Gone", "302 Found"])
def test_readings_leave_out_answers_that_are_no_page(count, written, portal, status):
    portal.status = status
    ask(count)
    count.flush()

    assert written == []


def test_readings_have_who_is_answered_with_304_and_not_the_house(
    count, written, portal
):
    portal.status = "304 Not Modified"
    ask(count, "/read/1")
    portal.is_staff = True
    ask(count, "/read/2")
    count.flush()

    assert keys(written) == ["/read/1"]


def test_readings_that_could_not_be_written_wait(count, written):
    def fail(_readings):
        raise OSError("gone")

    count.write = fail
    ask(count)
    count.flush()
    count.write = written.append
    count.flush()

    assert keys(written) == ["/read/1"]
