"""Worked out by hand beside each figure."""

from decimal import Decimal

import pytest

from honors import composition, scoring
from honors.composition import AT_LEAST, AT_MOST, Rule
from honors.scoring import MEDIAN, TRIMMED, Tally, rank

WEIGHTS = {1: 40, 2: 30, 3: 20, 4: 10}


def ballot(*values):
    return dict(enumerate(values, start=1))


def of(*totals):
    """Ballots whose every value is the same: so are their points."""
    return [ballot(*[total] * 4) for total in totals]


def test_points_of_a_juror_weigh_each_criterion():
    # 90×40 + 80×30 + 70×20 + 60×10 = 3600 + 2400 + 1400 + 600 = 8000; / 100
    assert scoring.points(ballot(90, 80, 70, 60), WEIGHTS) == 80
    # weights that add up to 3: (90×2 + 60×1) / 3
    assert scoring.points({1: 90, 2: 60}, {1: 2, 2: 1}) == 80


def test_median_is_the_middle_or_the_mean_of_the_two_middle_ones():
    assert scoring.median([Decimal(n) for n in (70, 99, 80)]) == 80
    assert scoring.median([Decimal(n) for n in (70, 99, 80, 81)]) == Decimal("80.5")


def test_trimmed_mean_leaves_out_one_highest_and_one_lowest():
    # 60 and 99 go; (80 + 82 + 99) / 3 = 87
    figures = [Decimal(n) for n in (99, 60, 80, 82, 99)]
    assert scoring.trimmed_mean(figures) == 87
    assert scoring.trimmed_mean(figures[:3]) == 80  # of 99, 60, 80 the 80
    assert scoring.trimmed_mean(figures[:2]) == Decimal("79.5")  # nothing to leave out


def test_rank_takes_the_median_where_the_edition_says_so_and_else_the_trimmed_mean():
    tally = [Tally(7, of(60, 80, 82, 99, 99))]

    by_median = rank(tally, weights=WEIGHTS, method=MEDIAN)
    by_mean = rank(tally, weights=WEIGHTS, method=TRIMMED)

    assert [one.jury for one in by_median] == [Decimal("82.00")]
    assert [one.jury for one in by_mean] == [Decimal("87.00")]


def test_rank_adds_the_share_of_the_vote_by_its_weight():
    # 90×60 % + 25×40 % = 54 + 10; 80×60 % + 75×40 % = 48 + 30
    tallies = [Tally(1, of(90), votes=10), Tally(2, of(80), votes=30)]

    found = rank(
        tallies, weights=WEIGHTS, method=MEDIAN, vote_weight=40, vote_ballots=40
    )

    assert [(one.key, one.final) for one in found] == [
        (2, Decimal("78.00")),
        (1, Decimal("64.00")),
    ]
    assert [one.share for one in found] == [75, 25]


def test_rank_rounds_half_up_once():
    # 2 of 3 ballots: 66.67 %; 80×70 % + 66.666…×30 % = 56 + 20 exactly
    found = rank(
        [Tally(1, of(80), votes=2)],
        weights=WEIGHTS,
        method=MEDIAN,
        vote_weight=30,
        vote_ballots=3,
    )
    assert (found[0].share, found[0].final) == (Decimal("66.67"), Decimal("76.00"))
    assert scoring.rounded(Decimal("82.125")) == Decimal("82.13")


def test_rank_refuses_a_vote_of_more_than_forty_per_cent():
    with pytest.raises(ValueError, match="40"):
        rank([], weights=WEIGHTS, method=MEDIAN, vote_weight=41)


def test_rank_breaks_ties_by_the_jury_then_by_the_weightiest_criterion():
    # all 80.00; the second has more from the jury, the fourth more dedication (40 %)
    tallies = [
        # 70×60 % + 95×40 % = 42 + 38
        Tally(1, of(70), votes=95),
        # 90×60 % + 65×40 % = 54 + 26
        Tally(2, of(90), votes=65),
        Tally(3, of(80), votes=80),
        # 83×40 + 76×30 + 80×20 + 80×10 = 3320 + 2280 + 1600 + 800 = 8000
        Tally(4, [ballot(83, 76, 80, 80)], votes=80),
    ]

    found = rank(
        tallies, weights=WEIGHTS, method=MEDIAN, vote_weight=40, vote_ballots=100
    )

    assert {one.final for one in found} == {Decimal("80.00")}
    assert [(one.key, one.rank, one.is_tied) for one in found] == [
        (2, 1, False),
        (4, 2, False),
        (3, 3, False),
        (1, 4, False),
    ]


def test_rank_is_shared_by_who_is_equal_in_everything():
    found = rank(
        [Tally(1, of(70)), Tally(2, of(80)), Tally(3, of(80)), Tally(4, of(60))],
        weights=WEIGHTS,
        method=TRIMMED,
    )
    assert [(one.key, one.rank, one.is_tied) for one in found] == [
        (2, 1, True),
        (3, 1, True),
        (1, 3, False),
        (4, 4, False),
    ]


def reading(rule, *groups):
    return composition.read([rule], [frozenset(each.split()) for each in groups])[0]


def test_meter_counts_a_floor_and_a_ceiling_exactly():
    floor = Rule(1, "frontline", AT_LEAST, 50, is_hard=True)
    ceiling = Rule(2, "head", AT_MOST, 20, is_hard=True)

    half = reading(floor, "frontline", "frontline women", "", "women")
    short = reading(floor, "frontline", "", "women")  # 1 of 3 wants 2
    one_of_five = reading(ceiling, "head", *[""] * 4)
    one_of_four = reading(ceiling, "head", *[""] * 3)  # 20 % of 4 is none

    assert (half.is_kept, half.count, half.percent) == (True, 2, Decimal("50.0"))
    assert (short.is_kept, short.lacking, short.percent) == (False, 1, Decimal("33.3"))
    assert one_of_five.is_kept
    assert (one_of_four.stops, one_of_four.lacking) == (True, 1)


def test_meter_is_not_fooled_by_a_share_that_only_rounds_up():
    # 2 of 3 is 66.7 on the page and less than 67
    rule = Rule(1, "frontline", AT_LEAST, 67, is_hard=False)
    found = reading(rule, "frontline", "frontline", "")
    assert (found.is_kept, found.stops) == (False, False)
