"""A class with too few people: who may set it to 未开班, and what becomes of its people."""

from datetime import timedelta

import pytest
from django.utils import timezone

from activities.training.models import CourseClass
from activities.training.services.classes import leave_unopened
from common.errors import Refusal
from members.models import Notice
from signups.enums import SignupStatus
from signups.models import Offering
from tests.activities.factories import make_class, seat
from tests.factories import make_draw, make_worker_with_login

pytestmark = pytest.mark.django_db


def test_leave_unopened_releases_everybody_once():
    made = make_class(min_to_open=3)
    held = [seat(made, make_worker_with_login()), seat(made)]

    for _click in range(2):
        leave_unopened(course_class=made, by=None)

    for signup in held:
        signup.refresh_from_db()
        assert signup.status == SignupStatus.CALLED_OFF
    assert Offering.objects.get(pk=made.offering_id).is_unopened
    told = Notice.objects.filter(kind="signups.unopened")
    people = {one.worker.user_id for one in held} - {None}
    assert people and set(told.values_list("user", flat=True)) == people


def test_leave_unopened_is_refused_where_enough_have_come():
    made = make_class(min_to_open=1)
    held = seat(made)

    with pytest.raises(Refusal) as refused:
        leave_unopened(course_class=made, by=None)

    held.refresh_from_db()
    assert refused.value.reasons[0].code == "enough_people"
    assert held.status == SignupStatus.SEATED


def test_leave_unopened_waits_for_the_release_of_a_draw():
    """Before it nobody has a seat, so an empty class says nothing of how many come."""
    tomorrow = timezone.now() + timedelta(days=1)
    made = make_class(min_to_open=3, closes_at=tomorrow)
    make_draw([made.offering])

    with pytest.raises(Refusal):
        leave_unopened(course_class=made, by=None)

    assert not CourseClass.objects.too_few().exists()
