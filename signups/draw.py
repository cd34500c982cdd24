"""The algorithm of a draw (摇号), out of nothing but its list and a public value.

Whole numbers and SHA-256 only, so that anybody can repeat it in any language:
``docs/draw.py`` does it in thirty lines of its own, from the published file alone.

- The list has a row for each pool of seats and one for each choice of each entry; its
  hash is that of its rows, seven fields joined by commas, each with a line feed.
- The seed is the SHA-256 of the list's hash and the public value, joined by ``|``.
- Each entry has as many tickets as its weight; its key is the smallest SHA-256 of
  ``seed|number|ticket``. More tickets make a small key likelier.
- First the first choices are gone through in the order of the keys, then the second
  choices of those who have won nothing, and so on. Each gets seats of the first of their
  pools that has enough.
- Whoever has won nothing waits for each of their choices, first choices first, in the
  order of the keys.
"""

import csv
import io
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

SEATS, ENTRY, VALUE = "seats", "entry", "value"
COLUMNS = [
    "类别",
    "登记号",
    "班号",
    "志愿",
    "权重",
    "人数",
    "名额",
    "说明",
    "结果",
]
HASHED = 7  # of the columns


@dataclass(frozen=True)
class Seats:
    """``capacity`` seats of one pool of an offering, tried in the order of ``pool``."""

    offering: int
    pool: int
    capacity: int

    @property
    def fields(self) -> list:
        return [SEATS, "", self.offering, "", "", self.capacity, self.pool]


@dataclass(frozen=True)
class Choice:
    """One choice of the entry ``number``: its ``rank``-th, for ``seats`` people, of seats
    of any of ``pools``."""

    number: int
    offering: int
    rank: int
    weight: int
    seats: int
    pools: tuple[int, ...]

    @property
    def fields(self) -> list:
        pools = "+".join(str(pool) for pool in self.pools)
        return [
            ENTRY,
            self.number,
            self.offering,
            self.rank,
            self.weight,
            self.seats,
            pools,
        ]


@dataclass(frozen=True)
class Result:
    """``pool`` of a seat, ``queue_no`` of a place in the queue; neither where the entry
    has won another choice."""

    pool: int | None = None
    queue_no: int | None = None


def list_hash(rows: Iterable[Seats | Choice]) -> str:
    """The SHA-256 of a list in its canonical order."""
    text = "".join(",".join(str(one) for one in row.fields) + "\n" for row in rows)
    return sha256(text.encode()).hexdigest()


def seed(hash_of_list: str, value: str) -> str:
    return sha256(f"{hash_of_list}|{value}".encode()).hexdigest()


def key(seed: str, number: int, weight: int) -> str:
    """An entry's place in the draw: the smaller the better."""
    return min(
        sha256(f"{seed}|{number}|{ticket}".encode()).hexdigest()
        for ticket in range(1, weight + 1)
    )


def draw(
    seats: Iterable[Seats], choices: Iterable[Choice], seed: str
) -> dict[tuple[int, int], Result]:
    """The result of each choice, by (number, rank). Says the same whatever the order of
    the rows."""
    choices = list(choices)
    free = {(row.offering, row.pool): row.capacity for row in seats}
    keys = {row.number: key(seed, row.number, row.weight) for row in choices}
    in_order = sorted(choices, key=lambda row: (row.rank, keys[row.number], row.number))
    won = {}
    for row in in_order:
        if row.number in won:
            continue
        for pool in row.pools:
            if free.get((row.offering, pool), 0) >= row.seats:
                free[row.offering, pool] -= row.seats
                won[row.number] = (row.rank, pool)
                break
    results, waiting = {}, defaultdict(int)
    for row in in_order:
        rank, pool = won.get(row.number, (None, None))
        if rank is None:
            waiting[row.offering] += 1
            result = Result(queue_no=waiting[row.offering])
        else:
            result = Result(pool=pool) if rank == row.rank else Result()
        results[row.number, row.rank] = result
    return results


def as_csv(rows: Iterable[tuple], value: str = "") -> bytes:
    """The published file: ``rows`` are (row of the list, note, result in words); with a
    ``value`` it says what was drawn with. Opens in a spreadsheet as it is."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row, note, result in rows:
        writer.writerow([*row.fields, note, result])
    if value:
        # quoted by a letter, or a spreadsheet would make a number of it
        writer.writerow([VALUE, "", "", "", "", "", "", f"v{value}", ""])
    return b"\xef\xbb\xbf" + file.getvalue().encode()


def result_in_words(won: bool, queue_no: int | None) -> str:
    """What the published file says of a choice: won, waiting-3, other."""
    if won:
        return "won"
    return "other" if queue_no is None else f"waiting-{queue_no}"
