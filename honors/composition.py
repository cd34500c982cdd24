"""Who is on a list, against the rules of its edition: so many per cent of frontline
workers at least, of company heads at most.

Shares are compared as whole numbers (3 of 6 is exactly a half), never as what is
printed. A group (a team, a workshop) is nobody's share and is not counted. Nothing here
reads a table.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

AT_LEAST, AT_MOST = "floor", "ceiling"


@dataclass(frozen=True)
class Rule:
    """``percent`` (0 to 100) of the list must at least, or may at most, belong to
    ``group``. ``is_hard``: a list that does not keep it is refused."""

    key: int
    group: str
    bound: str
    percent: int
    is_hard: bool


@dataclass(frozen=True)
class Reading:
    """What the meter shows for a rule: ``count`` of ``total`` belong to its group.
    ``lacking``: how many members more (or fewer, for a ceiling) the list of this length
    would need."""

    rule: Rule
    count: int
    total: int

    @property
    def percent(self) -> Decimal:
        """To one place, for the eye only."""
        if not self.total:
            return Decimal("0.0")
        share = Decimal(100 * self.count) / self.total
        return share.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)

    @property
    def is_kept(self) -> bool:
        if self.rule.bound == AT_LEAST:
            return self.count * 100 >= self.rule.percent * self.total
        return self.count * 100 <= self.rule.percent * self.total

    @property
    def bound_count(self) -> int:
        """The floor, or ceiling, in people for a list of this length."""
        whole = self.rule.percent * self.total
        return -(-whole // 100) if self.rule.bound == AT_LEAST else whole // 100

    @property
    def lacking(self) -> int:
        return abs(self.count - self.bound_count) if not self.is_kept else 0

    @property
    def stops(self) -> bool:
        return self.rule.is_hard and not self.is_kept


def read(rules: Iterable[Rule], people: Sequence[frozenset[str]]) -> list[Reading]:
    """Every rule for a list of people, each given by the groups they belong to."""
    return [
        Reading(
            rule=rule,
            count=sum(1 for groups in people if rule.group in groups),
            total=len(people),
        )
        for rule in rules
    ]
