"""256 browsers at once: a small HTTP client, the same for both arms of a comparison."""

import asyncio
import time
from collections import Counter
from dataclasses import dataclass

from bench.server import HOST

CONNECTIONS = 256


@dataclass(frozen=True)
class Post:
    path: str
    session: str
    csrf: str

    def encode(self, port: int) -> bytes:
        body = f"csrfmiddlewaretoken={self.csrf}".encode()
        head = (
            f"POST {self.path} HTTP/1.1\r\n"
            f"Host: {HOST}:{port}\r\n"
            f"Origin: http://{HOST}:{port}\r\n"
            f"Cookie: sessionid={self.session}; csrftoken={self.csrf}\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body


def send(port: int, posts: list[Post]) -> tuple[float, Counter]:
    """Send all posts over 256 connections; (answers a second, answers by status)."""
    return asyncio.run(_send(port, posts))


async def _send(port, posts):
    waiting = iter(posts)
    statuses = Counter()
    gate = asyncio.Event()

    async def browser():
        reader, writer = await asyncio.open_connection(HOST, port)
        await gate.wait()
        for post in waiting:
            writer.write(post.encode(port))
            statuses[await _answer(reader)] += 1
        writer.close()

    browsers = [asyncio.create_task(browser()) for _ in range(CONNECTIONS)]
    await asyncio.sleep(0.5)  # everybody is connected before the doors open
    start = time.perf_counter()
    gate.set()
    await asyncio.gather(*browsers)
    return len(posts) / (time.perf_counter() - start), statuses


async def _answer(reader) -> int:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    lines = head.split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines[1:] if ": " in line)
    if headers.get("transfer-encoding") == "chunked":
        while size := int(await reader.readline(), 16):
            await reader.readexactly(size + 2)
        await reader.readexactly(2)
    else:
        await reader.readexactly(int(headers.get("content-length", 0)))
    return int(lines[0].split()[1])
