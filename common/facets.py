"""Filters of a list page as links: facets to choose from, picks to take back.

Everything is in the address, so that a filtered list can be sent to a colleague, works
without a script, and the back button does what it says.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode


@dataclass(frozen=True)
class Choice:
    """One link of a facet. ``count`` is None where a number would mislead, and in words
    (1000+) where counting ended."""

    label: str
    url: str
    count: int | str | None
    is_chosen: bool


@dataclass(frozen=True)
class Facet:
    title: str
    choices: list[Choice]


@dataclass(frozen=True)
class Pick:
    """A filter in force; ``url`` is the list without it."""

    label: str
    url: str


def address(chosen: dict, **changes) -> str:
    """The list with ``chosen``, changed; a value of None takes that filter away.

    The page number is left behind: another list has other pages.
    """
    query = {k: v for k, v in {**chosen, **changes}.items() if v not in (None, "")}
    return "?" + urlencode(query)


def facet(
    title, name: str, rows: Iterable[tuple], chosen: dict, *, whole: str
) -> Facet:
    """A facet over parameter ``name``: ``rows`` are (value, label, count).

    ``whole`` is the word of the link that takes the filter away. It carries no number:
    entries of different facets are not to be added up.
    """
    now = chosen.get(name)
    choices = [Choice(whole, address(chosen, **{name: None}), None, now is None)]
    choices += [
        Choice(label, address(chosen, **{name: value}), count, value == now)
        for value, label, count in rows
    ]
    return Facet(title, choices)


def picks(chosen: dict, labels: dict[str, str]) -> list[Pick]:
    """One pick for each filter in force, in the order of ``labels``."""
    return [
        Pick(labels[name], address(chosen, **{name: None}))
        for name in labels
        if name in chosen
    ]
