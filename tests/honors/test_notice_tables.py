"""What the tables of public notices hold by themselves."""

import pytest
from django.db import connection

from tests.common.test_periods import PERIODS

pytestmark = pytest.mark.django_db


def test_database_ends_a_period_on_the_day_that_was_counted_by_hand():
    counted = []
    with connection.cursor() as cursor:
        for first, n, _last in PERIODS:
            cursor.execute("SELECT honors_period_end(%s, %s, true)", [first, n])
            counted.append((first, n, str(cursor.fetchone()[0])))

    assert counted == PERIODS
