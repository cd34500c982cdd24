"""A service: opened with posts at the desk, changed, called off; the desk's rules hold."""

from datetime import timedelta

import pytest
from django.utils import timezone

from common import dates
from common.errors import Refusal
from members.models import Notice
from signups.enums import OfferingKind, PoolKind, SignupStatus
from signups.models import Offering, Signup
from tests.factories import make_worker_with_login
from tests.volunteers.factories import make_need
from tests.volunteers.services import (
    HOUR,
    begun,
    make_coordinator,
    make_deputy,
    make_event,
    make_led_team,
    served,
    shift,
    sign_up,
)
from volunteers.enums import NeedState
from volunteers.models import ServiceEvent
from volunteers.services import events, needs
from volunteers.services.events import PostFacts

pytestmark = pytest.mark.django_db
GUIDE = PostFacts("引导员", 10)


def refused(verb, **asked):
    with pytest.raises(Refusal) as caught:
        verb(**asked)
    return caught.value


def again(event, **changes):
    """Its form sent again, with these changes."""
    stored = ServiceEvent.objects.get(pk=event.pk)
    facts = changes.pop("posts", None) or [
        PostFacts(post.name, 10, post.practised, post.skills, post.pk)
        for post in event.posts.all()
    ]
    for name, value in changes.items():
        setattr(stored, name, value)
    return {
        "event": stored,
        "posts": facts,
        "contact_phone": "",
        "by": event.team.leader.user,
    }


def told(kind):
    return set(Notice.objects.filter(kind=kind).values_list("user", flat=True))


# --- opened


def test_open_event_offers_each_post_at_the_desk_until_it_begins():
    posts = [PostFacts("引导员", 10, practised=2), PostFacts("摄影", 1)]
    event = make_event(posts=posts)

    guide, photo = event.posts.order_by("position")
    pools = dict(guide.offering.pools.values_list("kind", "capacity"))
    assert pools == {PoolKind.GENERAL: 8, PoolKind.PRACTISED: 2}
    assert photo.offering.kind == OfferingKind.POST
    assert photo.offering.closes_at == event.starts_at
    occasion = photo.offering.occasions.get()
    assert (occasion.starts_at, occasion.ends_at, occasion.place) == (
        event.starts_at,
        event.ends_at,
        event.place,
    )
    assert sign_up(event, post=1).status == SignupStatus.SEATED
    assert sign_up(event, post=1).status == SignupStatus.WAITING


def test_open_event_keeps_the_last_seats_for_who_has_served_often():
    event = make_event(posts=[PostFacts("引导员", 2, practised=1)])

    assert sign_up(event).status == SignupStatus.SEATED
    assert sign_up(event).status == SignupStatus.WAITING


def test_open_event_is_for_who_runs_the_team_only():
    team = make_led_team()
    asked = again(make_event(team=team))
    asked |= {"posts": [GUIDE], "contact_phone": "13800001234"}
    for by in (make_led_team().leader.user, make_worker_with_login().user):
        assert refused(events.open_event, **asked | {"by": by}).codes == {"not_run_by"}
    for by in (make_deputy(team).user, make_coordinator()):
        asked["event"].pk = None
        asked["event"]._state.adding = True
        assert events.open_event(**asked | {"by": by}).pk


def test_open_event_refuses_what_cannot_be_at_its_field():
    event = again(make_event())["event"]
    event.pk, event._state.adding = None, True
    event.starts_at = timezone.now() - HOUR
    event.ends_at = event.starts_at + 2 * HOUR

    refusal = refused(
        events.open_event,
        event=event,
        posts=[PostFacts("引导员", 2, practised=3), PostFacts("引导员", 5)],
        contact_phone="找我",
        by=event.team.leader.user,
    )

    assert refusal.codes == {
        "event_past",
        "post_twice",
        "practised_wrong",
        "phone_wrong",
    }
    assert not Offering.objects.filter(post=None, kind=OfferingKind.POST).exists()


def test_open_event_plans_its_need_and_calling_off_gives_it_back():
    team = make_led_team()
    need = make_need()
    leader = team.leader.user
    needs.take(need=need, team=team, by=leader)
    need.refresh_from_db()

    event = make_event(team=team, need=need)
    need.refresh_from_db()
    assert need.state == NeedState.PLANNED
    events.call_off_event(event=event, reason="暴雨", by=leader)

    need.refresh_from_db()
    assert need.state == NeedState.TAKEN


def test_open_event_refuses_the_need_of_another_team():
    other = make_led_team()
    need = make_need()
    needs.take(need=need, team=other, by=other.leader.user)
    need.refresh_from_db()

    assert refused(make_event, need=need).codes == {"foreign_need"}


# --- the desk's rules, at services


@pytest.mark.parametrize(
    ("later", "place", "code"),
    [
        (2.25, "示例广场", "rest"),
        (2.5, "示例广场", ""),
        (2.75, "江边公园", "travel"),
        (3, "江边公园", ""),
        (2, "示例广场", "rest"),  # back to back: no clash, but no rest
        (1, "示例广场", "clash"),  # staggered
        (0.5, "示例广场", "clash"),  # contained
    ],
)
def test_sign_up_to_a_second_service_asks_for_rest_and_the_way(later, place, code):
    worker = make_worker_with_login()
    first = make_event(starts_in=48 * HOUR)
    sign_up(first, worker)
    second = make_event(starts_in=(48 + later) * HOUR, hours=1, place=place)

    if not code:
        assert sign_up(second, worker).status == SignupStatus.SEATED
        return
    refusal = refused(sign_up, event=second, worker=worker)
    assert refusal.codes == {code}
    if code != "clash":
        minutes = 60 if code == "travel" else 30
        free = first.ends_at + timedelta(minutes=minutes)
        assert dates.moment(timezone.localtime(free)) in str(refusal)


def test_sign_up_beyond_the_days_hours_says_the_next_day():
    worker = make_worker_with_login()
    noon = timezone.localtime().replace(hour=8, minute=0, second=0, microsecond=0)
    day = noon + timedelta(days=3)
    first, second = make_event(hours=6), make_event(hours=3)
    for event, hour in ((first, 0), (second, 8)):
        events.change_event(
            **again(
                event,
                starts_at=day + hour * HOUR,
                ends_at=day + (hour + (6 if event is first else 3)) * HOUR,
            )
        )
    sign_up(first, worker)

    refusal = refused(sign_up, event=second, worker=worker)

    assert refusal.codes == {"day_full"}
    midnight = (day + timedelta(days=1)).replace(hour=0)
    assert dates.moment(midnight) in str(refusal)


def test_open_event_longer_than_a_days_hours_is_refused():
    assert refused(make_event, hours=9).codes == {"too_long"}


# --- changed


def test_change_event_tells_everybody_signed_up_or_waiting_of_time_and_place():
    event = make_event(posts=[PostFacts("引导员", 1)])
    seated, waiting = sign_up(event), sign_up(event)
    post = event.posts.get()
    posts = [PostFacts("引导员", 1, pk=post.pk)]
    start = event.starts_at + HOUR

    events.change_event(
        **again(
            event,
            posts=posts,
            starts_at=start,
            ends_at=start + 2 * HOUR,
            place="江边公园",
        )
    )

    users = {seated.worker.user_id, waiting.worker.user_id}
    kinds = Notice.objects.filter(user__in=users).values_list("kind", "user")
    moved = {user for kind, user in kinds if kind.startswith("signups.")}
    assert moved == users
    occasion = post.offering.occasions.get()
    assert (occasion.starts_at, occasion.place) == (start, "江边公园")
    post.offering.refresh_from_db()
    assert post.offering.closes_at == start


def test_change_event_tells_of_where_to_meet_and_not_of_a_corrected_description():
    event = make_event()
    signup = sign_up(event)

    events.change_event(**again(event, about="更详细的说明"))
    assert told("volunteers.event_changed") == set()
    events.change_event(**again(event, meeting_point="东门"))

    assert told("volunteers.event_changed") == {signup.worker.user_id}


def test_change_event_gives_a_larger_post_to_the_queue_and_takes_no_seat_away(
    django_capture_on_commit_callbacks,
):
    event = make_event(posts=[PostFacts("引导员", 1)])
    sign_up(event)
    waiting = sign_up(event)
    post = event.posts.get()

    asked = again(event, posts=[PostFacts("引导员", 2, pk=post.pk)])
    with django_capture_on_commit_callbacks(execute=True):
        events.change_event(**asked)
    waiting.refresh_from_db()
    assert waiting.status in (SignupStatus.SEATED, SignupStatus.OFFERED)

    smaller = again(event, posts=[PostFacts("引导员", 1, pk=post.pk)])
    assert refused(events.change_event, **smaller).codes == {"below_taken"}


def test_change_event_keeps_the_number_to_call_that_was_not_typed_again():
    event = make_event()

    events.change_event(**again(event, title="另一个名称"))

    event.refresh_from_db()
    assert event.contact_phone == "13800001234"
    assert event.posts.get().offering.title.startswith("另一个名称")


def test_change_event_moves_no_service_that_has_begun():
    event = begun(make_event(), ago=HOUR / 2)

    asked = again(event, ends_at=event.ends_at + HOUR)

    assert refused(events.change_event, **asked).codes == {"event_begun"}


# --- called off


def test_call_off_event_frees_people_and_tells_them_why():
    event = make_event()
    signup = sign_up(event)
    leader = event.team.leader.user

    assert refused(events.call_off_event, event=event, reason=" ", by=leader).codes == {
        "needs_reason"
    }
    events.call_off_event(event=event, reason="暴雨红色预警", by=leader)
    events.call_off_event(event=event, reason="再次", by=leader)

    event.refresh_from_db()
    assert event.called_off_reason == "暴雨红色预警"
    notice = Notice.objects.get(user=signup.worker.user)
    assert "暴雨红色预警" in notice.body
    assert not Signup.objects.filter(pk=signup.pk).current().exists()
    same_time = make_event()
    assert sign_up(same_time, signup.worker).status == SignupStatus.SEATED


def test_call_off_event_is_not_for_what_has_taken_place():
    event, _records = served()
    leader = event.team.leader.user

    assert refused(events.call_off_event, event=event, reason="x", by=leader).codes == {
        "event_closed"
    }
    over = shift(make_event(), to=timezone.now() - 5 * HOUR)
    by = over.team.leader.user
    assert refused(events.call_off_event, event=over, reason="x", by=by).codes == {
        "event_over"
    }
