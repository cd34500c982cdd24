"""Many browsers in one thread: small enough that the server is what is measured.

Each has a connection that is kept open, sends a request when the one before it has been
answered, and reads nothing of the answer but its status and where it ends.
"""

import re
import selectors
import socket
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urlencode

from bench.server import HOST

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_PATIENCE = 60  # seconds without any answer


@dataclass
class Load:
    """``answers`` in ``seconds``; ``statuses`` counts them; ``times`` is how long each
    took, in seconds; ``size`` is the length of the last body."""

    seconds: float = 0.0
    statuses: Counter = field(default_factory=Counter)
    times: list[float] = field(default_factory=list)
    size: int = 0

    @property
    def answers(self) -> int:
        return len(self.times)

    @property
    def rate(self) -> float:
        return self.answers / self.seconds

    def within(self, share: float) -> float:
        """Milliseconds within which this share was answered."""
        return sorted(self.times)[int(share * (len(self.times) - 1))] * 1000


def get(port: int, path: str, session: str = "") -> bytes:
    """A GET; ``session`` is that of somebody who is logged in."""
    cookie = f"Cookie: sessionid={session}\r\n" if session else ""
    return f"GET {path} HTTP/1.1\r\nHost: {HOST}:{port}\r\n{cookie}\r\n".encode()


def post(port: int, path: str, session: str, csrf: str, **fields) -> bytes:
    """The form of one button, by somebody who is logged in, with what was ticked."""
    body = urlencode({"csrfmiddlewaretoken": csrf, **fields}, doseq=True)
    return (
        f"POST {path} HTTP/1.1\r\n"
        f"Host: {HOST}:{port}\r\n"
        f"Origin: http://{HOST}:{port}\r\n"
        f"Cookie: sessionid={session}; csrftoken={csrf}\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(body)}\r\n\r\n{body}"
    ).encode()


def for_seconds(seconds: float, request: bytes, *, least: int = 1) -> Iterator[bytes]:
    """The same request until the time is over, and so often at the least."""
    end = None
    sent = 0
    while end is None or sent < least or time.perf_counter() < end:
        end = end or time.perf_counter() + seconds
        sent += 1
        yield request


def send(port: int, requests: Iterable[bytes], connections: int) -> Load:
    """Send them all over so many connections, which are open before the first is sent."""
    waiting = iter(requests)
    load = Load()
    with selectors.DefaultSelector() as selector:
        browsers = [_Browser(port) for _ in range(connections)]
        start = time.perf_counter()
        busy = 0
        for browser in browsers:
            if browser.ask(waiting):
                selector.register(browser.socket, selectors.EVENT_READ, browser)
                busy += 1
        while busy:
            events = selector.select(_PATIENCE)
            if not events:
                raise RuntimeError(f"No answer for {_PATIENCE} seconds.")
            for key, _mask in events:
                browser = key.data
                if not browser.read(load) or browser.ask(waiting):
                    continue
                selector.unregister(browser.socket)
                busy -= 1
        load.seconds = time.perf_counter() - start
        for browser in browsers:
            browser.socket.close()
    return load


class _Browser:
    def __init__(self, port):
        self.socket = socket.create_connection((HOST, port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.answer = b""
        self.sent_at = 0.0

    def ask(self, waiting) -> bool:
        request = next(waiting, None)
        if request is None:
            return False
        self.answer = b""
        self.sent_at = time.perf_counter()
        self.socket.sendall(request)
        return True

    def read(self, load) -> bool:
        """Read what has come; whether that was all of the answer."""
        piece = self.socket.recv(1 << 18)
        if not piece:
            raise RuntimeError("The server closed a connection.")
        self.answer += piece
        head = self.answer.find(b"\r\n\r\n")
        if head < 0:
            return False
        found = _LENGTH.search(self.answer, 0, head)
        if found:
            size = int(found[1])
            if len(self.answer) < head + 4 + size:
                return False
        elif not self.answer.endswith(b"\r\n0\r\n\r\n"):
            return False  # chunked: there is no other way here
        else:
            size = len(self.answer) - head - 4
        load.times.append(time.perf_counter() - self.sent_at)
        load.statuses[int(self.answer[9:12])] += 1
        load.size = size
        return True
