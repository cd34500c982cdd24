"""Two lists of old honours that are brought in at the same moment, with the control."""

import threading
from contextlib import nullcontext, suppress
from functools import partial

import pytest

from honors.models import Honoree
from honors.services import oldhonours
from tests.concurrency import at_once
from tests.honors.factories import make_edition, make_program

pytestmark = pytest.mark.django_db(transaction=True)

SHORT = "年份,荣誉称号,姓名\n1998,示例称号,王伟\n"
LONG = "年份,荣誉称号,姓名,单位\n1998,示例称号,王伟,示例厂\n"


@pytest.fixture
def bring_in_both(monkeypatch):
    """Each import waits for the other before it writes, where it can."""
    make_edition(program=make_program(name="示例称号"), year=1998)
    rows = [
        oldhonours.upload(file_name="名单.csv", content=text.encode(), by=None)
        for text in (SHORT, LONG)
    ]
    meeting = threading.Barrier(2, timeout=1)
    store = oldhonours._Run._store

    def store_together(run):
        with suppress(threading.BrokenBarrierError):  # the other waits for its turn
            meeting.wait()
        store(run)

    monkeypatch.setattr(oldhonours._Run, "_store", store_together)
    return lambda: at_once(
        [partial(oldhonours.apply, honour_import=row, by=None) for row in rows]
    )


def test_apply_of_two_lists_at_once_keeps_one_row_a_person(bring_in_both):
    reports = bring_in_both()

    assert [one.is_applied for one in reports] == [True, True]
    assert sum(one.created for one in reports) == 1
    assert [one.employer for one in Honoree.objects.all()] == ["示例厂"]


def test_apply_of_two_lists_at_once_would_keep_two_rows_without_the_turn(
    bring_in_both, monkeypatch
):
    """The control: neither list sees what the other brings."""
    monkeypatch.setattr(oldhonours, "in_turn", lambda what: nullcontext())

    bring_in_both()

    assert Honoree.objects.count() == 2
