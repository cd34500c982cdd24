"""Each January and July a union goes through its roster."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from common.errors import Refusal
from common.models import AuditEvent
from members.enums import RosterState
from members.models import Stewardship, UnionOrg
from members.services import memberships
from tests.factories import make_union, make_user

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")


def moment(*parts):
    return datetime(*parts, tzinfo=SHANGHAI)


LONG_AGO = moment(2020, 3, 1)


def state(at, *, confirmed=None, made=LONG_AGO):
    org = make_union()
    UnionOrg.objects.filter(pk=org.pk).update(
        roster_confirmed_at=confirmed, created_at=made
    )
    return UnionOrg.objects.with_roster_due(at=at).get(pk=org.pk).roster_state


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (moment(2027, 1, 1, 0, 0), RosterState.DUE),
        (moment(2027, 1, 31, 23, 59, 59), RosterState.DUE),
        (moment(2027, 2, 1, 0, 0), RosterState.OVERDUE),
        (moment(2027, 6, 30, 23, 59, 59), RosterState.OVERDUE),
        (moment(2027, 7, 1, 0, 0), RosterState.DUE),
        (moment(2027, 7, 31, 23, 59, 59), RosterState.DUE),
        (moment(2027, 8, 1, 0, 0), RosterState.OVERDUE),
        (moment(2027, 12, 31, 23, 59, 59), RosterState.OVERDUE),
    ],
)
@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Asia/Shanghai"])
def test_confirm_roster_due_in_january_and_july_of_shanghai_then_overdue(
    at, expected, zone
):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL TIME ZONE %s", [zone])

    assert state(at) == expected


@pytest.mark.parametrize(
    ("confirmed", "at", "expected"),
    [
        (moment(2027, 1, 1), moment(2027, 1, 2), RosterState.CONFIRMED),
        (moment(2027, 1, 1), moment(2027, 6, 30), RosterState.CONFIRMED),
        (moment(2027, 1, 1), moment(2027, 7, 1), RosterState.DUE),
        (moment(2026, 12, 31, 23, 59, 59), moment(2027, 1, 1), RosterState.DUE),
        (moment(2027, 5, 1), moment(2027, 6, 1), RosterState.CONFIRMED),  # late
        (moment(2027, 5, 1), moment(2027, 8, 1), RosterState.OVERDUE),
    ],
)
def test_confirm_roster_confirmation_holds_until_the_next_half_year(
    confirmed, at, expected
):
    assert state(at, confirmed=confirmed) == expected


def test_confirm_roster_is_not_due_for_a_union_made_after_the_window():
    made = moment(2027, 3, 1)

    assert state(moment(2027, 4, 1), made=made) == RosterState.CONFIRMED
    assert state(moment(2027, 7, 2), made=made) == RosterState.DUE


def test_confirm_roster_goes_by_the_databases_clock():
    org = make_union()
    memberships.confirm_roster(org=org, by=None)

    now = UnionOrg.objects.with_roster_due().get(pk=org.pk)

    assert now.roster_state == RosterState.CONFIRMED


def test_confirm_roster_steward_says_that_nothing_has_changed_and_it_is_on_record():
    org, steward = make_union(), make_user(is_staff=True)
    Stewardship.objects.create(user=steward, union_org=org)

    memberships.confirm_roster(org=org, by=steward)

    org.refresh_from_db()
    event = AuditEvent.objects.get(by=steward)
    assert org.roster_confirmed_at is not None
    assert (event.verb, event.of_key, event.reason) == (
        "update_membership",
        str(org.pk),
        "核对无变动",
    )


def test_confirm_roster_of_another_union_is_refused():
    org, steward = make_union(code="A"), make_user(is_staff=True)
    Stewardship.objects.create(user=steward, union_org=make_union(code="B"))

    with pytest.raises(Refusal) as caught:
        memberships.confirm_roster(org=org, by=steward)

    org.refresh_from_db()
    assert caught.value.codes == {"not_managed"}
    assert org.roster_confirmed_at is None
