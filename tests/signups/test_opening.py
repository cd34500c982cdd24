"""Nine o'clock in Shanghai, to the millisecond and by the database's clock alone.

``now()`` stands still within a transaction, so that the moment of opening can be laid
exactly on it, or a millisecond behind it.
"""

import os
import time
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from common.errors import Refusal
from common.moments import MomentField
from signups.models import Offering
from signups.services import seats, standing
from tests.factories import make_offering, make_worker

pytestmark = pytest.mark.django_db(transaction=True)

MILLISECOND = timedelta(milliseconds=1)
ZONES = ["UTC", "America/New_York", "Pacific/Kiritimati"]


@pytest.fixture(params=ZONES)
def abroad(request, monkeypatch):
    """Server and database live by the clock of another country."""
    here, given = os.environ.get("TZ"), connection.settings_dict["OPTIONS"]
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    there = f"{given.get('options', '')} -c TimeZone={request.param}"
    monkeypatch.setitem(given, "options", there.strip())
    connection.close()
    yield request.param
    connection.close()
    if here is not None:
        os.environ["TZ"] = here
    time.tzset()


def opening(at):
    offering = make_offering()
    Offering.objects.filter(pk=offering.pk).update(
        opens_at=at, closes_at=at + timedelta(days=7)
    )
    offering.refresh_from_db()
    return offering


def ask(offering):
    return seats.sign_up(offering_id=offering.pk, worker=make_worker(), by=None)


@transaction.atomic
def test_opening_is_exact_to_the_millisecond_whatever_the_servers_zone(abroad):
    now = standing.database_now()
    due, early = opening(now), opening(now + MILLISECOND)

    ask(due)
    with pytest.raises(Refusal) as caught:
        ask(early)

    [reason] = caught.value.reasons
    assert (reason.code, reason.lifts_at) == ("not_open", early.opens_at)
    assert standing.look_at(due, make_worker()).reasons == []
    assert standing.look_at(early, make_worker()).codes == ["not_open"]


def test_opening_typed_as_nine_is_nine_in_shanghai_whatever_the_servers_zone(abroad):
    typed = MomentField().clean(["2018-06-05", "09:00:00"])
    offering = opening(typed)

    assert offering.opens_at == datetime(2018, 6, 5, 1, 0, tzinfo=UTC)
    assert f"{timezone.localtime(offering.opens_at):%H:%M:%S}" == "09:00:00"


@pytest.mark.parametrize("hours", [-1, 1])
@transaction.atomic
def test_opening_asks_the_database_and_not_the_servers_clock(hours, monkeypatch):
    now = standing.database_now()
    due, early = opening(now), opening(now + MILLISECOND)
    wrong = timezone.now() + timedelta(hours=hours)
    monkeypatch.setattr(timezone, "now", lambda: wrong)
    monkeypatch.setattr(time, "time", lambda: wrong.timestamp())

    ask(due)
    with pytest.raises(Refusal) as caught:
        ask(early)

    assert caught.value.codes == {"not_open"}


@transaction.atomic
def test_closing_is_exact_to_the_millisecond():
    now = standing.database_now()
    over, last = make_offering(), make_offering()
    Offering.objects.filter(pk=over.pk).update(closes_at=now)
    Offering.objects.filter(pk=last.pk).update(closes_at=now + MILLISECOND)

    ask(last)
    with pytest.raises(Refusal) as caught:
        ask(over)

    assert caught.value.codes == {"closed"}
