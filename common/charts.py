"""Charts that a server draws: where each bar of a figure stands, for
``includes/_chart.html``, which prints it as SVG inside the page with the same numbers as
a table below. Nothing of it needs JavaScript, an inline style or another host.

Numbers are whole and never negative. Bars begin at nought. What is drawn fits 343 units
of width, the text column of a telephone, where a unit is a pixel; on wider screens it
grows a little. Series are told apart by hatches as much as by colour, so that they can
be read in grey and on paper.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

WIDTH = 343
# how a series is filled (includes/_chart.html, css/charts.css)
SOLID, HATCHED, STRIPED, DOTTED, BLANK = LOOKS = range(5)
_LETTER = 14  # the size of what is written; a Chinese character is as wide
_EDGE = 1


@dataclass(frozen=True, slots=True)
class Mark:
    """One bar, or one part of a stacked bar."""

    x: float
    y: float
    width: float
    height: float
    look: int


@dataclass(frozen=True, slots=True)
class Text:
    """Words at a place; ``anchor`` as SVG has it."""

    x: float
    y: float
    words: str
    anchor: str = "start"
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the axis."""

    x1: float
    y1: float
    x2: float
    y2: float


@dataclass(slots=True)
class Chart:
    """A figure ready to be printed. ``key`` makes its ids unique on the page. The table
    is ``head`` and ``rows``, whose first cell names the row."""

    key: str
    title: str
    summary: str
    head: list[str]
    rows: list[list[Any]]
    legend: list[tuple[int, str]]  # look and name; nothing where one series is all
    looks: list[int]
    is_empty: bool
    note: str = ""
    height: int = 0
    width: int = WIDTH
    marks: list[Mark] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)


def round_top(most: int) -> int:
    """The top of an axis that holds ``most``: 1, 2, 2.5 or 5 by a power of ten, and a
    whole number."""
    step = 1
    while True:
        for top in (step, 2 * step, 5 * step // 2, 5 * step):
            if top >= most and (top * 2 != 5 * step or step > 1):
                return top
        step *= 10


def bars(
    *,
    key: str,
    title: str,
    of: str,
    series: Sequence[str],
    rows: Sequence[tuple[str, Sequence[int]]],
    looks: Sequence[int] = LOOKS,
    more: Sequence[tuple[str, Sequence[Any]]] = (),
    note: str = "",
    summary: str = "",
) -> Chart:
    """Lying bars, one a row under its name, its parts (one for each of ``series``) one
    behind the other and their sum at the end: for long names. ``of`` heads the names in
    the table, ``looks`` fills each series, ``more`` are (head, cells) of further columns
    that are not drawn; ``summary`` says in a sentence what the picture shows, for who
    cannot see it."""
    chart = _chart(key, title, of, series, rows, looks, more, note, summary)
    if chart.is_empty:
        return chart
    most = max(sum(values) for _name, values in rows)
    reach = WIDTH - 2 * _EDGE - _wide(str(most)) - 6
    scale = reach / round_top(most)
    y = 0
    for name, values in rows:
        x = float(_EDGE)
        chart.texts.append(Text(x, y + 14, _cut(name, WIDTH)))
        for look, value in zip(chart.looks, values, strict=True):
            if value:
                chart.marks.append(Mark(x, y + 20, _r(value * scale), 12, look))
                x = _r(x + value * scale)
        chart.texts.append(Text(x + 5, y + 31, str(sum(values)), is_number=True))
        y += 42
    chart.lines.append(Line(_EDGE, 18, _EDGE, y - 8))
    chart.height = y - 4
    return chart


def columns(
    *,
    key: str,
    title: str,
    of: str,
    series: Sequence[str],
    rows: Sequence[tuple[str, Sequence[int]]],
    looks: Sequence[int] = LOOKS,
    more: Sequence[tuple[str, Sequence[Any]]] = (),
    note: str = "",
    summary: str = "",
) -> Chart:
    """Standing bars side by side for what follows in time (months, days; at most some
    two dozen), stacked where there are several series. Names of two or three letters;
    where they would meet, only every second, third … is written (the table has all)."""
    chart = _chart(key, title, of, series, rows, looks, more, note, summary)
    if chart.is_empty:
        return chart
    top = round_top(max(sum(values) for _name, values in rows))
    left, foot, high = _wide(str(top)) + 8, 186, 160
    room = WIDTH - left - _EDGE
    step = room / len(rows)
    thick = _r(min(step * 0.7, 36))
    for part in (0, 1, 2) if top % 2 == 0 else (0, 2):
        y = foot - high * part / 2
        chart.lines.append(Line(left, y, WIDTH - _EDGE, y))
        said = str(top * part // 2)
        chart.texts.append(Text(left - 6, y + 5, said, "end", is_number=True))
    widest = max(_wide(name) for name, _values in rows) + 6
    every = max(1, -(-widest // max(1, int(step))))
    numbers = step >= _wide(str(top)) + 2
    for n, (name, values) in enumerate(rows):
        middle, y = _r(left + step * (n + 0.5)), float(foot)
        for look, value in zip(chart.looks, values, strict=True):
            if value:
                tall = _r(high * value / top)
                y = _r(y - tall)
                chart.marks.append(Mark(_r(middle - thick / 2), y, thick, tall, look))
        if numbers and sum(values):
            said = str(sum(values))
            chart.texts.append(Text(middle, y - 5, said, "middle", is_number=True))
        if n % every == 0:
            chart.texts.append(Text(middle, foot + 20, name, "middle"))
    chart.height = foot + 28
    return chart


def _chart(key, title, of, series, rows, looks, more, note, summary):
    if not 1 <= len(series) <= len(LOOKS):
        raise ValueError(f"A chart has 1 to {len(LOOKS)} series.")
    for _name, values in rows:
        if len(values) != len(series) or any(value < 0 for value in values):
            raise ValueError("A row has one number for each series, from 0.")
    table = [
        [name, *values, *(cells[n] for _head, cells in more)]
        for n, (name, values) in enumerate(rows)
    ]
    return Chart(
        key=key,
        title=title,
        summary=summary or title,
        head=[of, *series, *(head for head, _cells in more)],
        rows=table,
        legend=list(zip(looks, series, strict=False)) if len(series) > 1 else [],
        looks=list(looks[: len(series)]),
        is_empty=not any(any(values) for _name, values in rows),
        note=note,
    )


def _wide(words: str) -> int:
    """About how wide these words are written."""
    return sum(_LETTER if ord(one) > 0x2E7F else 8 for one in words)


def _cut(words: str, room: int) -> str:
    if _wide(words) <= room:
        return words
    while words and _wide(words) + _LETTER > room:
        words = words[:-1]
    return words + "…"


def _r(number: float) -> float:
    return round(number, 1)
