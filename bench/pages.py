"""``page_uncached``, ``list_uncached``, ``home_uncached``: a page built again against a
bare view that sends as many bytes through the same middleware and the same server.

Pieces that are the same for every reader (frame, rails) come from the process's memory
as they do for every visitor but the first; everything else is asked and rendered.
"""

import asyncio
import statistics
import time

from bench import scene, server
from bench.report import Figure

ROUNDS = 9
SECONDS = 1.0  # of each round, for the page and for its reference
CONNECTIONS = 4


def measure() -> list[Figure]:
    scene.empty_database()
    article = scene.make_news()
    wanted = {
        "page_uncached": (article.get_absolute_url(), 0.10),
        "list_uncached": (article.column.get_absolute_url(), 0.08),
        "home_uncached": ("/", 0.06),
    }
    with server.running(workers=1) as (port, _process):
        return [
            _compare(port, name, path, reach) for name, (path, reach) in wanted.items()
        ]


def _compare(port, name, path, reach) -> Figure:
    size = asyncio.run(size_of(port, path))
    bare = f"/bench/bare/?bytes={size}"
    for address in (path, bare):
        asyncio.run(rate(port, address))  # warm up
    rates = [
        (asyncio.run(rate(port, path)), asyncio.run(rate(port, bare)))
        for _ in range(ROUNDS)
    ]
    return Figure(
        name,
        statistics.median(page for page, _bare in rates),
        "requests/s",
        statistics.median(page / bare for page, bare in rates),
        f"bare view sending as many bytes ({size})",
        reach,
    )


async def size_of(port, path, session="") -> int:
    """Bytes of the page's body; ``session`` is that of somebody who is logged in."""
    reader, writer = await asyncio.open_connection(server.HOST, port)
    size = await _get(port, path, session, reader, writer)
    writer.close()
    return size


async def rate(port, path, session="") -> float:
    """Answers a second over a few connections that are kept open."""
    answered = 0
    start = time.perf_counter()

    async def visitor():
        nonlocal answered
        reader, writer = await asyncio.open_connection(server.HOST, port)
        while time.perf_counter() - start < SECONDS:
            await _get(port, path, session, reader, writer)
            answered += 1
        writer.close()

    await asyncio.gather(*(visitor() for _ in range(CONNECTIONS)))
    return answered / (time.perf_counter() - start)


async def _get(port, path, session, reader, writer) -> int:
    request = f"GET {path} HTTP/1.1\r\nHost: {server.HOST}:{port}\r\n"
    if session:
        request += f"Cookie: sessionid={session}\r\n"
    request += "\r\n"
    writer.write(request.encode())
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    lines = head.split("\r\n")
    if " 200 " not in lines[0]:
        raise RuntimeError(f"{path} answered {lines[0]}")
    headers = dict(line.split(": ", 1) for line in lines[1:] if ": " in line)
    size = int(headers["content-length"])
    await reader.readexactly(size)
    return size
