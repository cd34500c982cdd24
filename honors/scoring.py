"""How the scores of a jury become one figure and the figures a ranking.

Decimal only, and rounded (half up) to two places once, at the end of each figure that is
printed: what decides is what stands on paper. Nothing here reads a table.

- A juror's points for a file are the mean of their values, weighted by the criteria.
- The jury's score is the median of those points, or their trimmed mean: the highest and
  the lowest are left out where there are at least ``TRIMS_FROM``. Who abstained or was
  recused counts nowhere.
- The result is the jury's score and the share of the public vote (in per cent of the
  ballots that count), weighted by the edition's weight of the vote.
- Of two equal results the one with the higher score of the jury stands first, then the
  one that has more in the weightiest criterion, then in the next. Who is equal in all of
  it shares a rank.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

MEDIAN, TRIMMED = "median", "trimmed"
TRIMS_FROM = 3
HIGHEST = 100  # of one value
HIGHEST_VOTE_WEIGHT = 40  # per cent
_CENT = Decimal("0.01")


def rounded(figure: Decimal) -> Decimal:
    """To two places, half up."""
    return figure.quantize(_CENT, rounding=ROUND_HALF_UP)


def points(values: Mapping[int, int], weights: Mapping[int, int]) -> Decimal:
    """A juror's points out of 100: their values by criterion, weighted. Not rounded.
    Every criterion has a value; the weights need not add up to 100."""
    total = sum(weights.values())
    found = sum(Decimal(values[key]) * weight for key, weight in weights.items())
    return found / total


def median(figures: Sequence[Decimal]) -> Decimal:
    ordered = sorted(figures)
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return (ordered[middle - 1] + ordered[middle]) / 2


def trimmed_mean(figures: Sequence[Decimal]) -> Decimal:
    """The mean without one highest and one lowest; of fewer than ``TRIMS_FROM``, the
    mean of all."""
    ordered = sorted(figures)
    kept = ordered[1:-1] if len(ordered) >= TRIMS_FROM else ordered
    return sum(kept, Decimal(0)) / len(kept)


def together(figures: Sequence[Decimal], method: str) -> Decimal:
    """The figures of several jurors as one. Not rounded. At least one figure."""
    return median(figures) if method == MEDIAN else trimmed_mean(figures)


@dataclass(frozen=True)
class Tally:
    """What is known of one file: the values of each juror who counts, by criterion; how
    many ballots of the public vote named it."""

    key: int
    ballots: Sequence[Mapping[int, int]]
    votes: int = 0


@dataclass
class Standing:
    """Where a file stands. ``by_criterion``: the jurors' values of each criterion as
    one figure. ``is_tied``: somebody else has the same rank."""

    key: int
    jury: Decimal
    by_criterion: dict[int, Decimal]
    votes: int
    share: Decimal
    final: Decimal
    counted: int
    rank: int = 0
    is_tied: bool = False
    order: tuple = field(default=(), repr=False)


def rank(
    tallies: Sequence[Tally],
    *,
    weights: Mapping[int, int],
    method: str,
    vote_weight: int = 0,
    vote_ballots: int = 0,
) -> list[Standing]:
    """The files in their order, first to last; those of one rank in the order given.

    ``weights``: criterion → weight, weightiest first among equals in the order given.
    ``vote_weight``: per cent, at most 40 (ValueError); ``vote_ballots``: how many ballots
    of the public vote count.
    """
    if not 0 <= vote_weight <= HIGHEST_VOTE_WEIGHT:
        raise ValueError("The public vote weighs at most 40 per cent.")
    heaviest = sorted(weights, key=lambda key: -weights[key])
    found = [
        _standing(tally, weights, heaviest, method, vote_weight, vote_ballots)
        for tally in tallies
    ]
    found.sort(key=lambda one: one.order, reverse=True)
    for place, one in enumerate(found, start=1):
        before = found[place - 2] if place > 1 else None
        is_same = before is not None and before.order == one.order
        one.rank = before.rank if is_same else place
        if is_same:
            before.is_tied = one.is_tied = True
    return found


def _standing(tally, weights, heaviest, method, vote_weight, vote_ballots) -> Standing:
    jury = rounded(together([points(b, weights) for b in tally.ballots], method))
    by_criterion = {
        key: rounded(together([Decimal(b[key]) for b in tally.ballots], method))
        for key in weights
    }
    share = Decimal(0)
    if vote_ballots:
        share = Decimal(100) * tally.votes / vote_ballots
    final = (jury * (100 - vote_weight) + share * vote_weight) / 100
    final = rounded(final)
    return Standing(
        key=tally.key,
        jury=jury,
        by_criterion=by_criterion,
        votes=tally.votes,
        share=rounded(share),
        final=final,
        counted=len(tally.ballots),
        order=(final, jury, *(by_criterion[key] for key in heaviest)),
    )
