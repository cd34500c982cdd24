"""People served, confirmed by the host through a link that only they have."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from common.errors import Refusal
from tests.volunteers.services import make_event, make_led_team, served
from volunteers.enums import CountersignState
from volunteers.models import Countersign, ServiceEvent
from volunteers.services import countersign

pytestmark = pytest.mark.django_db


def ask(event, people=30, person_times=45, by=None):
    return countersign.ask(
        event=event,
        people=people,
        person_times=person_times,
        host="示例社区",
        by=by or event.team.leader.user,
    )


def answer(token, **said):
    said = {"signer": "王某", "agrees": True, "remark": ""} | said
    return countersign.answer(token=token, **said)


def refused(verb, *args, **kwargs):
    with pytest.raises(Refusal) as caught:
        verb(*args, **kwargs)
    return caught.value.codes


def test_figures_count_once_the_host_has_confirmed_them():
    event, _records = served()
    _row, token = ask(event)

    assert ServiceEvent.objects.served() == {
        "events": 0,
        "people": 0,
        "person_times": 0,
    }
    assert answer(token).state == CountersignState.SIGNED
    assert ServiceEvent.objects.served() == {
        "events": 1,
        "people": 30,
        "person_times": 45,
    }


def test_link_is_kept_nowhere_and_used_once():
    event, _records = served()
    row, token = ask(event)

    assert token not in str(Countersign.objects.values().get())
    assert countersign.find(token) == row
    answer(token)
    assert countersign.find(token) is None
    assert refused(answer, token) == {"link_gone"}


def test_link_of_before_is_good_for_nothing_after_a_new_one_and_ends_by_itself():
    event, _records = served()
    _row, old = ask(event)
    row, new = ask(event, people=20, person_times=20)

    assert refused(answer, old) == {"link_gone"}
    Countersign.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert refused(answer, new) == {"link_gone"}
    assert countersign.find(new) is None
    row.refresh_from_db()
    assert row.state == CountersignState.WAITING


def test_host_who_disagrees_says_what_is_wrong_and_is_asked_again():
    event, _records = served()
    _row, token = ask(event)

    assert refused(answer, token, agrees=False) == {"remark_missing"}
    row = answer(token, agrees=False, remark="只来了20人")
    assert row.state == CountersignState.DISPUTED
    assert ServiceEvent.objects.served()["people"] == 0
    _row, token = ask(event, people=20, person_times=20)
    assert answer(token).people == 20


def test_signed_figures_change_no_more():
    event, _records = served()
    _row, token = ask(event)
    answer(token)

    assert refused(ask, event) == {"signed_already"}
    with (
        pytest.raises(IntegrityError, match="stays as it was"),
        transaction.atomic(),
    ):
        Countersign.objects.update(people=3000, person_times=3000)


def test_figures_are_refused_that_cannot_be():
    event, _records = served()
    for people, person_times in ((0, 0), (5, 4), (1, 1_000_001)):
        assert refused(ask, event, people, person_times) == {"figures_wrong"}
    assert refused(ask, make_event()) == {"event_not_over"}
    assert refused(ask, event, by=make_led_team().leader.user) == {"not_run_by"}
    ask(event)
    with pytest.raises(IntegrityError), transaction.atomic():
        Countersign.objects.update(people=5, person_times=4)
