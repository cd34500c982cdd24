"""Periods of working days across 2018 to 2027, worked out by hand from the official
notices: each line names the days that were counted, w for a weekend that is worked."""

from datetime import date

import pytest

from common import workdays
from common.errors import Refusal
from common.models import Holiday

pytestmark = pytest.mark.django_db

# first day, working days, last day; the first day counts
PERIODS = [
    # Sun 11 w, 12, 13, 14; 15 to 21 off; Thu 22
    ("2018-02-11", 5, "2018-02-22"),
    # Mon 12, 13, 14; 15 to 21 off; 22, 23
    ("2018-02-12", 5, "2018-02-23"),
    # Thu 26, 27, Sat 28 w; 29 April to 1 May off; 2, 3 May
    ("2018-04-26", 5, "2018-05-03"),
    # begins on a day off, which is not counted: 2, 3, 4
    ("2018-05-01", 3, "2018-05-04"),
    # Thu 14, 15; 16, 17 weekend, Mon 18 off; 19, 20, 21
    ("2018-06-14", 5, "2018-06-21"),
    # Wed 26, 27, 28, Sat 29 w, Sun 30 w
    ("2018-09-26", 5, "2018-09-30"),
    # Fri 28, 29 w, 30 w; 1 to 7 October off; Mon 8, 9
    ("2018-09-28", 5, "2018-10-09"),
    # Thu 27, 28, Sat 29 w (the notice for 2019); 30, 31, 1 off; 2, 3 January
    ("2018-12-27", 5, "2019-01-03"),
    # Fri 1, Sat 2 w, Sun 3 w; 4 to 10 off; Mon 11, 12
    ("2019-02-01", 5, "2019-02-12"),
    # Sun 28 w, 29, 30; 1 to 4 May off; Sun 5 w, Mon 6
    ("2019-04-28", 5, "2019-05-06"),
    # Thu 12; Fri 13 to Sun 15 off; 16, 17, 18, 19
    ("2019-09-12", 5, "2019-09-19"),
    # Sun 29 w, Mon 30; 1 to 7 off; Tue 8, 9, 10
    ("2019-09-29", 5, "2019-10-10"),
    # Mon 30, 31; Wed 1 off; 2, 3; weekend; Mon 6
    ("2019-12-30", 5, "2020-01-06"),
    # Wed 22, 23; 24 January to 2 February off (prolonged by decree); Mon 3, 4, 5
    ("2020-01-22", 5, "2020-02-05"),
    # Wed 24; 25 to 27 off; Sun 28 w, 29, 30, 1 July
    ("2020-06-24", 5, "2020-07-01"),
    # Sun 27 w, 28, 29, 30; 1 to 8 October off; Fri 9
    ("2020-09-27", 5, "2020-10-09"),
    # Wed 10; 11 to 17 off; Thu 18, 19, Sat 20 w, Mon 22
    ("2021-02-10", 5, "2021-02-22"),
    # Sat 18 w; 19 to 21 off; 22, 23, Fri 24, Sun 26 w
    ("2021-09-18", 5, "2021-09-26"),
    # Fri 28, Sat 29 w, Sun 30 w; 31 January to 6 February off; Mon 7, 8
    ("2022-01-28", 5, "2022-02-08"),
    # Fri 1, Sat 2 w; 3 to 5 off; 6, 7, 8
    ("2022-04-01", 5, "2022-04-08"),
    # Fri 30; 1 to 7 October off; Sat 8 w, Sun 9 w, 10, 11
    ("2022-09-30", 5, "2022-10-11"),
    # seven: Fri 28; 29 April to 3 May off; Thu 4, 5, Sat 6 w, Mon 8, 9, 10
    ("2023-04-28", 7, "2023-05-10"),
    # Wed 21; 22 to 24 off; Sun 25 w, 26, 27, 28
    ("2023-06-21", 5, "2023-06-28"),
    # Thu 28; 29 September to 6 October off; Sat 7 w, Sun 8 w, 9, 10
    ("2023-09-28", 5, "2023-10-10"),
    # Thu 8, Fri 9 (New Year's Eve, worked); 10 to 17 off; Sun 18 w, 19, 20
    ("2024-02-08", 5, "2024-02-20"),
    # Fri 13, Sat 14 w; 15 to 17 off; 18, 19, 20
    ("2024-09-13", 5, "2024-09-20"),
    # Fri 24, Sun 26 w, Mon 27; 28 January to 4 February off; 5, 6
    ("2025-01-24", 5, "2025-02-06"),
    # Sun 28 w, 29, 30; 1 to 8 October off; Thu 9, 10
    ("2025-09-28", 5, "2025-10-10"),
    # Fri 13, Sat 14 w; 15 to 23 off; Tue 24, 25, 26
    ("2026-02-13", 5, "2026-02-26"),
    # Fri 9, Sat 10 w, Mon 12, 13, 14
    ("2026-10-09", 5, "2026-10-14"),
]


def test_periods_end_on_the_day_that_was_counted_by_hand():
    counted = [
        (first, n, str(_end(date.fromisoformat(first), n)))
        for first, n, _last in PERIODS
    ]

    assert counted == PERIODS


def _end(first, n, *, first_counts=True):
    return workdays.end_of_period(first, n, first_counts=first_counts)


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("2018-04-26", "2018-05-04"),  # 27, 28 w, 2, 3, 4 May
        ("2018-06-14", "2018-06-22"),  # 15, 19, 20, 21, 22
        ("2018-05-01", "2018-05-08"),  # a day off counts neither way: 2, 3, 4, 7, 8
    ],
)
def test_a_period_whose_first_day_does_not_count_ends_a_working_day_later(first, last):
    assert str(_end(date.fromisoformat(first), 5, first_counts=False)) == last


def test_a_period_that_reaches_a_year_without_its_notice_is_refused():
    """2027 is refused until its notice is entered, and then counted by it."""
    first = date(2026, 12, 23)
    assert str(_end(first, 2)) == "2026-12-24"
    with pytest.raises(Refusal, match="2027年的放假安排尚未录入"):
        _end(first, 5)

    facts = {"name": "元旦", "notice_year": 2027, "notice": "示例"}
    Holiday.objects.create(date=date(2027, 1, 1), works=False, **facts)
    Holiday.objects.create(date=date(2027, 1, 2), works=True, **facts)

    # Wed 23, 24, Fri 25, Mon 28, 29, 30, 31; Fri 1 off; Sat 2 w
    assert str(_end(first, 8)) == "2027-01-02"
