"""The wall as a visitor narrows it: how many there are by each filter, and one page.

Costs by who is shown, not by how many were ever honoured: what each filter leaves is
counted in one statement over groups, and a page is looked for in the years that it shows.
"""

from dataclasses import dataclass

from django.db import connections
from django.db.models import BooleanField, Count, ExpressionWrapper, F, Q, Value

from common import letters

# filter → where its value is found from an honouree
FILTERS = {
    "program": "edition__program",
    "year": "edition__year",
    "industry": "industry",
    "level": "edition__program__level",
    "district": "district",
}
ORDERS = {"pinyin": "sort_key", "strokes": "stroke_key"}


@dataclass(frozen=True)
class Counts:
    """``total`` of what was chosen; ``by``: filter → value → entries that the *other*
    filters leave; ``years``: of what was chosen, newest first; ``awards``: whatever was
    chosen, award → entries on the wall."""

    total: int
    by: dict[str, dict]
    years: list[tuple[int, int]]
    awards: dict[int, int]


def named(*, name="", unit="") -> Q:
    """Those in whose name, and in whose employer of then, what was typed stands."""
    found = Q()
    if name := letters.characters(name).strip():
        found &= Q(name__icontains=name)
    if unit := letters.characters(unit).strip():
        found &= Q(employer__icontains=unit)
    return found


def counted(rows, chosen: dict) -> Counts:
    """Count ``rows`` (those on the wall) for every filter at once. One query."""
    text = named(name=chosen.get("name", ""), unit=chosen.get("unit", ""))
    entries = Count("pk", filter=text) if text else Count("pk")
    conditions = {f"is_{name}": _held(name, chosen.get(name)) for name in FILTERS}
    groups = (
        rows.order_by()
        .values("edition", "industry", "district")
        .annotate(
            n=Count("pk"),
            found=entries,
            **{f"by_{name}": F(path) for name, path in FILTERS.items()},
            **conditions,
        )
    )
    return _sums(*groups.query.sql_with_params(), using=rows.db)


def _held(name, value):
    asked = Q(**{FILTERS[name]: value}) if value else None
    if asked is None:
        return Value(True, output_field=BooleanField())
    return ExpressionWrapper(asked, output_field=BooleanField())


def _sums(sql, params, *, using) -> Counts:
    names = list(FILTERS)
    columns = ", ".join(f"by_{name}" for name in names)
    sets = ", ".join(f"(by_{name})" for name in names)
    whole = " AND ".join(f"is_{name}" for name in names)
    sums = [f"sum(found) FILTER (WHERE {whole})", "sum(n)"]
    for name in names:
        others = " AND ".join(f"is_{other}" for other in names if other != name)
        sums.append(f"sum(found) FILTER (WHERE {others})")
    parts = [f"SELECT grouping({columns}), {columns},", ", ".join(sums)]
    parts += ["FROM (", sql, f") AS wall GROUP BY GROUPING SETS ({sets}, ())"]
    by = {name: {} for name in names}
    total, years, awards = 0, [], {}
    # grouping() has a bit for each column that was summed over, the first one highest
    every = 2 ** len(names) - 1
    of = {every - 2 ** (len(names) - 1 - at): name for at, name in enumerate(names)}
    with connections[using].cursor() as cursor:
        cursor.execute(" ".join(parts), params)
        for row in cursor.fetchall():
            name, values = of.get(row[0]), row[1 : 1 + len(names)]
            chosen, there, *left = row[1 + len(names) :]
            if name is None:
                total = int(chosen or 0)
                continue
            at = names.index(name)
            if left[at]:
                by[name][values[at]] = int(left[at])
            if name == "year" and chosen:
                years.append((values[at], int(chosen)))
            if name == "program":
                awards[values[at]] = int(there)
    return Counts(total, by, sorted(years, reverse=True), awards)


class Page:
    """What a paginator takes for the list of the wall: its length is known, and a slice
    reads only the years that it shows."""

    def __init__(self, rows, counts: Counts, order: str):
        self.rows, self.counts = rows, counts
        self.key = ORDERS.get(order, ORDERS["pinyin"])

    def count(self) -> int:
        return self.counts.total

    def __len__(self) -> int:
        return self.counts.total

    def __getitem__(self, wanted: slice):
        passed, before, years = 0, 0, []
        for year, entries in self.counts.years:
            if passed >= wanted.stop:
                break
            if passed + entries > wanted.start:
                years.append(year)
            else:
                before += entries
            passed += entries
        rows = self.rows.filter(edition__year__in=years).for_cards(self.key)
        return rows[wanted.start - before : wanted.stop - before]
