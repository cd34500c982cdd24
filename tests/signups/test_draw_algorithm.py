"""The algorithm of a draw, without a database."""

import random
from collections import Counter
from dataclasses import replace

from signups.draw import Choice, Seats, draw, list_hash, seed


def a_list(people=60, classes=4, capacity=5, most=3, luck=1, weights=None):
    """People with ranked choices among classes of one pool each."""
    chance = random.Random(luck)
    seats = [Seats(n, 50, capacity) for n in range(1, classes + 1)]
    choices = []
    for number in range(1, people + 1):
        weight = weights(number) if weights else 1
        wanted = chance.sample(range(1, classes + 1), chance.randint(1, most))
        choices += [
            Choice(number, offering, rank, weight, 1, (50,))
            for rank, offering in enumerate(wanted, start=1)
        ]
    return seats, choices


def test_draw_gives_every_seat_once_and_nobody_two():
    seats, choices = a_list()

    results = draw(seats, choices, "s")

    won = [place for place, result in results.items() if result.pool is not None]
    given = Counter(row.offering for row in choices if (row.number, row.rank) in won)
    assert given == {1: 5, 2: 5, 3: 5, 4: 5}
    assert len({number for number, _rank in won}) == len(won) == 20
    assert results.keys() == {(row.number, row.rank) for row in choices}


def test_draw_again_says_the_same_whatever_the_order_of_its_rows():
    seats, choices = a_list()
    shuffled = random.Random(7).sample(choices, len(choices))

    assert draw(seats, choices, "s") == draw(seats[::-1], shuffled, "s")
    assert draw(seats, choices, "s") != draw(seats, choices, "t")


def test_draw_goes_through_first_choices_before_second_ones():
    seats = [Seats(1, 50, 1), Seats(2, 50, 1)]
    # 1 and 2 want the same class first; 3 wants the other one first
    choices = [
        Choice(1, 1, 1, 1, 1, (50,)),
        Choice(1, 2, 2, 1, 1, (50,)),
        Choice(2, 1, 1, 1, 1, (50,)),
        Choice(2, 2, 2, 1, 1, (50,)),
        Choice(3, 2, 1, 1, 1, (50,)),
    ]

    for luck in range(20):
        results = draw(seats, choices, str(luck))
        assert results[3, 1].pool == 50
        loser = 2 if results[1, 1].pool else 1
        assert results[loser, 1].queue_no == results[loser, 2].queue_no == 1
        assert results[3 - loser, 2] == replace(results[3 - loser, 2], queue_no=None)


def test_draw_keeps_a_reserve_for_whom_it_suits_and_a_party_together():
    seats = [Seats(1, 30, 2), Seats(1, 50, 1)]
    choices = [
        Choice(1, 1, 1, 1, 2, (30, 50)),
        *(Choice(number, 1, 1, 1, 1, (50,)) for number in range(2, 6)),
    ]

    for luck in range(20):
        results = draw(seats, choices, str(luck))
        assert results[1, 1].pool == 30
        assert [r.pool for r in results.values()].count(50) == 1


def test_list_hash_is_another_one_when_a_row_is_touched():
    seats, choices = a_list(people=5)
    whole = list_hash([*seats, *choices])

    heavier = [replace(choices[0], weight=2), *choices[1:]]
    assert list_hash([*seats, *heavier]) != whole
    assert list_hash([*seats[:-1], replace(seats[-1], capacity=6), *choices]) != whole
    assert list_hash([*seats, *choices[:-1]]) != whole
    assert seed(whole, "01") != seed(whole, "02")


def test_draw_of_200_terms_favours_whoever_missed_three_times():
    """90 people a term for 30 seats; who misses has a ticket more the next time."""
    misses, tried, won_of = Counter(), Counter(), Counter()
    for term in range(200):
        seats, choices = a_list(
            people=90,
            classes=3,
            capacity=10,
            most=2,
            luck=term,
            weights=lambda number: 1 + misses[number],
        )
        results = draw(seats, choices, f"term {term}")
        winners = [number for (number, _r), got in results.items() if got.pool]
        assert len(set(winners)) == len(winners) == 30
        for number in {row.number for row in choices}:
            before = min(misses[number], 3)
            tried[before] += 1
            won_of[before] += number in winners
            misses[number] = 0 if number in winners else misses[number] + 1
    shares = {missed: won_of[missed] / tried[missed] for missed in tried}
    assert shares[0] < shares[1] < shares[2] < shares[3]
    assert shares[3] > 1.5 * shares[0], shares
