"""``page_uncached`` and ``list_uncached``: a page built anew against a bare view that
sends as many bytes through the same middleware, in one process."""

import statistics
import time
from io import BytesIO

from django.core.handlers.wsgi import WSGIHandler
from django.db import close_old_connections

from bench import doors, scene
from bench.report import Figure

ROUNDS = 9
SECONDS = 0.7  # of each round, for the page and for its reference


def measure() -> list[Figure]:
    scene.empty_database()
    article = scene.make_news()
    ask = _Asker()
    return [
        _compare(ask, "page_uncached", article.get_absolute_url(), reach=0.10),
        _compare(ask, "list_uncached", article.column.get_absolute_url(), reach=0.08),
        _compare(ask, "home_uncached", "/", reach=0.06),
    ]


class _Asker:
    """A visitor without cookies, straight at the WSGI application."""

    def __init__(self):
        self.handler = WSGIHandler()

    def __call__(self, path):
        status = []
        environ = {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": path,
            "QUERY_STRING": "",
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "8000",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "wsgi.url_scheme": "http",
            "wsgi.input": BytesIO(),
            "wsgi.errors": BytesIO(),
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
        }
        answer = self.handler(environ, lambda line, headers: status.append(line))
        body = b"".join(answer)
        answer.close()
        if status != ["200 OK"]:
            raise RuntimeError(f"{path} answered {status}")
        return body


def _compare(ask, name, path, *, reach) -> Figure:
    doors.page = ask(path)
    for address in (path, "/bench/bare/"):
        _rate(ask, address)  # warm up
    rates = [(_rate(ask, path), _rate(ask, "/bench/bare/")) for _ in range(ROUNDS)]
    close_old_connections()
    return Figure(
        name,
        statistics.median(page for page, _bare in rates),
        "requests/s",
        statistics.median(page / bare for page, bare in rates),
        f"bare view sending the same {len(doors.page)} bytes",
        reach,
    )


def _rate(ask, path) -> float:
    asked, start = 0, time.perf_counter()
    while (spent := time.perf_counter() - start) < SECONDS:
        ask(path)
        asked += 1
    return asked / spent
