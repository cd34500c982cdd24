"""The history of rows: what is written, what is not, and who is said to have asked."""

import pgtrigger
import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from common import history
from common.errors import Reason, Refusal
from common.models import Change
from members.models import User, Worker
from signups.models import SeatPool
from signups.services import offerings, seats
from tests.factories import (
    make_offering,
    make_user,
    make_worker,
    make_worker_with_login,
)
from tests.volunteers.factories import make_membership, make_team
from volunteers import services as volunteers
from volunteers.models import VolunteerTeam

pytestmark = pytest.mark.django_db


def last(row):
    return Change.objects.of(row).last()


# --- what is written


def test_history_stores_the_columns_that_changed_as_they_were_and_are():
    team = make_team(slogan="甲")

    VolunteerTeam.objects.filter(pk=team.pk).update(slogan="乙", is_recruiting=False)

    change = last(team)
    assert change.verb == "update"
    assert change.before["slogan"] == "甲"
    assert change.after["slogan"] == "乙"
    assert "name" not in change.after


def test_history_has_no_change_for_a_save_that_changes_nothing():
    team = make_team()
    before = Change.objects.count()

    team.save()  # moves updated_at

    assert Change.objects.count() == before


def test_history_never_holds_what_says_who_a_person_is():
    worker = make_worker_with_login(name="示例改名")
    Worker.objects.update(name="示例另名", is_migrant=True)
    User.objects.update(name="示例另名", phone_last4="4321")
    worker.delete()

    kept = str(list(Change.objects.values()))
    assert "is_migrant" in kept
    assert "示例" not in kept
    assert "4321" not in kept


def test_sign_up_writes_no_history_and_names_nobody():
    worker, offering = make_worker(), make_offering()
    before = Change.objects.count()

    with CaptureQueriesContext(connection) as queries:
        seats.sign_up(offering_id=offering.pk, worker=worker, by=None)

    assert Change.objects.count() == before
    assert "set_config" not in str(queries.captured_queries)


def test_history_tracks_a_pool_where_its_rules_change():
    offering = make_offering(capacity=3)
    pool = SeatPool.objects.get(offering=offering)

    offerings.set_capacity(pool=pool, capacity=5, by=None)

    change = last(pool)
    assert (change.before, change.after) == ({"capacity": 3}, {"capacity": 5})


# --- what cannot be done to it


@pytest.mark.parametrize(
    "statement",
    ["UPDATE common_change SET by_id = NULL", "DELETE FROM common_change"],
)
def test_history_table_refuses_changes(statement):
    make_team()

    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_history_is_written_although_triggers_are_ignored():
    team = make_team()

    with pgtrigger.ignore():
        VolunteerTeam.objects.filter(pk=team.pk).update(slogan="悄悄")

    assert last(team).after == {"slogan": "悄悄"}


# --- who asked


def change_slogan(team, slogan):
    VolunteerTeam.objects.filter(pk=team.pk).update(slogan=slogan)
    return last(team)


@transaction.atomic
@history.on_record
def write(*, team, by, then=None):
    """A verb that writes, calls another one, and writes again."""
    first = change_slogan(team, "先")
    if then is not None:
        then()
    return first, change_slogan(team, "后")


def test_asked_by_names_who_asked_and_nobody_afterwards():
    user, team = make_user(), make_team()

    changes = write(team=team, by=user)

    assert [change.by_id for change in changes] == [user.pk, user.pk]
    assert change_slogan(team, "此后").by_id is None


def test_asked_by_is_restored_after_a_verb_inside_another():
    outer, inner, team, other = make_user(), make_user(), make_team(), make_team()

    changes = write(team=team, by=outer, then=lambda: write(team=other, by=inner))

    assert [change.by_id for change in changes] == [outer.pk, outer.pk]
    assert last(other).by_id == inner.pk


def test_asked_by_is_restored_after_a_verb_inside_that_is_refused():
    outer, inner, team, other = make_user(), make_user(), make_team(), make_team()

    def refuse():
        raise Refusal(Reason("no", "不行"))

    def refused():
        with pytest.raises(Refusal):
            write(team=other, by=inner, then=refuse)

    changes = write(team=team, by=outer, then=refused)

    assert [change.by_id for change in changes] == [outer.pk, outer.pk]


def test_asked_by_nobody_inside_another_is_of_who_asked_the_other():
    user, membership = make_user(), make_membership()

    write(
        team=make_team(),
        by=user,
        then=lambda: volunteers.leave_all(worker=membership.worker, by=None),
    )

    assert Change.objects.get(of_table="volunteers_membership").by_id == user.pk


def test_asked_by_set_to_the_same_again_costs_nothing():
    user, team = make_user(), make_team()

    with CaptureQueriesContext(connection) as queries:
        write(team=team, by=user, then=lambda: write(team=team, by=user))

    said = [q for q in queries.captured_queries if "set_config" in q["sql"]]
    assert len(said) == 2  # once, and taken back, as a transaction goes on here


@pytest.mark.django_db(transaction=True)
def test_asked_by_ends_with_the_transaction():
    user, team = make_user(), make_team()

    write(team=team, by=user)

    assert change_slogan(team, "此后").by_id is None


@pytest.mark.django_db(transaction=True)
def test_asked_by_is_not_set_outside_a_transaction():
    with pytest.raises(RuntimeError), history.asked_by(make_user()):
        pass


def test_asked_by_of_a_command_is_its_name():
    """tick passes on a seat that a crash left owed."""
    offering = make_offering(capacity=1)
    seats.sign_up(offering_id=offering.pk, worker=make_worker(), by=None)
    waiting = seats.sign_up(offering_id=offering.pk, worker=make_worker(), by=None)
    SeatPool.objects.filter(offering=offering).update(capacity=2)

    call_command("tick", verbosity=0)

    waiting.refresh_from_db()
    assert waiting.status == "seated"
    assert last(waiting).context == {"cause": "settle"}


def test_asked_by_of_a_request_is_its_path_and_number(client, enter):
    user = enter("志愿服务统筹")
    team = make_team(slogan="甲")

    client.post(
        f"/admin/volunteers/volunteerteam/{team.pk}/change/",
        {"name": team.name, "kind": team.kind, "union_org": "",
         "slogan": "乙", "join_mode": team.join_mode, "is_active": "on"},
    )  # fmt: skip

    change = last(team)
    assert (change.by_id, change.after["slogan"]) == (user.pk, "乙")
    assert change.context["path"].startswith("/admin/volunteers/volunteerteam/")
    assert len(change.context["request"]) == 12
