"""Telling people: who is told, once; what is no longer true; what is not shown yet."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from common.errors import Refusal
from members import noticekinds
from members.enums import TextDrop, TextState
from members.models import Notice, NoticeRelease, NoticeText, SmsChoice
from members.noticekinds import LONGEST_TEXT, Kind
from members.services import notices, owndata
from members.services.notices import notify
from tests.concurrency import at_once
from tests.factories import make_user

pytestmark = pytest.mark.django_db

TITLE = "示例" + "市总工会宣传教育与职工文化工作" * 7  # longer than any


def kind(name="signups.promoted", **fields):
    fields.setdefault("is_texted", True)
    fields.setdefault("text", "“%(title)s”有了新情况。")
    return Kind(name=name, label="示例", gets="本人", title="关于%(title)s", **fields)


def tell(*users, key="1", about="offering:5", of=None, **fields):
    fields.setdefault("facts", {"title": "示例班"})
    return notify(
        kind=of or kind(),
        to={user.pk: None for user in users},
        key=key,
        about=about,
        **fields,
    )


def texts():
    return list(NoticeText.objects.order_by("pk").values_list("state", "dropped"))


# --- once, and to nobody else ----------------------------------------------------------


def test_notify_tells_each_person_of_an_event_once():
    first, second = make_user(), make_user()

    told = [tell(first), tell(first, second), tell(first, key="2")]

    assert told == [1, 1, 1]
    assert Notice.objects.filter(user=first).count() == 2
    assert NoticeText.objects.count() == 3


def test_notify_leaves_out_whoever_brought_it_about_and_closed_accounts():
    actor, closed, other = make_user(), make_user(), make_user()
    owndata.close(user=closed)

    assert tell(actor, closed, other, but=actor) == 1

    assert Notice.objects.get().user == other


def test_notify_many_costs_the_same_however_many(django_assert_max_num_queries):
    many = [make_user() for _n in range(12)]

    with django_assert_max_num_queries(10):
        assert tell(*many) == 12

    assert NoticeText.objects.count() == 12


def test_notify_is_undone_with_the_transaction_of_its_event():
    from django.db import transaction

    user = make_user()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        tell(user)
        raise ZeroDivisionError

    assert Notice.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_notify_of_one_event_concurrently_leaves_one():
    user = make_user()

    told = at_once([lambda: tell(user)] * 4)

    assert sorted(told) == [0, 0, 0, 1]
    assert Notice.objects.count() == NoticeText.objects.count() == 1


# --- the text --------------------------------------------------------------------------


@pytest.mark.parametrize("each", noticekinds.texted(), ids=lambda each: each.name)
def test_text_of_every_kind_is_one_message_and_names_nobody(each):
    for column in ("%(name)s", "%(reason)s", "%(answer)s", "%(number)s"):
        assert column not in str(each.text)
    day = "2027年12月26日（周六）19:00"
    facts = {"title": TITLE, "until": day, "old": day, "started": day, "starts": day}

    text = each.text_of(facts)

    assert len(text) <= LONGEST_TEXT
    assert text.startswith("【攀枝花市总工会】")
    # only the title was cut
    end = str(each.text).rpartition(")s")[2]
    assert text.endswith(end)


def test_text_is_written_for_proven_numbers_only():
    proven, typed_by_staff = make_user(), make_user(by=make_user())

    assert tell(proven, typed_by_staff) == 2

    assert NoticeText.objects.get().notice.user == proven


def test_text_goes_by_the_choice_of_staff():
    user, staff = make_user(), make_user()
    switched = next(each for each in noticekinds.texted() if each.is_texted)
    all_but = [each.name for each in noticekinds.texted() if each != switched]

    notices.choose_texts(kinds=all_but, by=staff)
    tell(user, of=kind(switched.name))
    tell(user, of=kind(switched.name, is_texted=False), key="2")
    assert NoticeText.objects.count() == 0

    notices.choose_texts(kinds=[switched.name], by=staff)
    tell(user, of=kind(switched.name, is_texted=False), key="3")
    assert NoticeText.objects.count() == 1
    assert SmsChoice.objects.get(kind=switched.name).is_on


def test_text_is_not_written_for_who_does_without_and_the_notice_is():
    user, other = make_user(), make_user()
    tell(user, other)

    notices.refuse_texts(user=user, kinds=["signups.promoted"])
    tell(user, other, key="2")

    assert Notice.objects.filter(user=user).count() == 2
    mine = NoticeText.objects.get(notice__user=user)
    assert (mine.state, mine.dropped) == (TextState.CANCELLED, TextDrop.REFUSED)
    assert NoticeText.objects.filter(notice__user=other, state="waiting").count() == 2


def test_refuse_texts_refuses_what_must_be_told():
    user = make_user()

    with pytest.raises(Refusal) as refused:
        notices.refuse_texts(user=user, kinds=["signups.called_off"])
    tell(user, of=kind("signups.called_off", may_refuse=False))

    assert refused.value.codes == {"must_be_told"}
    assert NoticeText.objects.count() == 1


# --- what is no longer true ------------------------------------------------------------


def test_notify_drops_waiting_texts_that_it_contradicts():
    user, other = make_user(), make_user()
    tell(user, other)
    tell(user, about="offering:5/occasion:1", key="2")
    tell(user, about="offering:50", key="3")

    tell(user, of=kind("signups.called_off", replaces=("*",)), key="4")

    assert [state for state, _why in texts()] == [
        "cancelled",  # of the user
        "waiting",  # of somebody who is not concerned
        "cancelled",  # about a part of it
        "waiting",  # about something else
        "waiting",
    ]
    assert Notice.objects.filter(user=user).count() == 4  # what was said was said


def test_notify_drops_only_the_kinds_that_it_replaces():
    user = make_user()
    tell(user)
    tell(user, of=kind("signups.moved"), key="2")

    tell(user, of=kind("signups.offered", replaces=("signups.moved",)), key="3")

    assert [state for state, _why in texts()] == ["waiting", "cancelled", "waiting"]


def test_notify_takes_nothing_back_that_is_on_its_way():
    user = make_user()
    tell(user)
    NoticeText.objects.update(state=TextState.SENDING)

    tell(user, of=kind("signups.called_off", replaces=("*",)), key="2")

    assert [state for state, _why in texts()] == ["sending", "waiting"]


# --- released together -----------------------------------------------------------------


@pytest.fixture
def release():
    return notices.prepare_release(title="示例摇号结果", by=None)


def test_release_shows_nothing_before_and_everything_at_once(release):
    from members.services import outbox

    drawn, not_drawn = make_user(), make_user()
    tell(drawn, release=release)
    tell(not_drawn, of=kind("signups.lapsed"), release=release)
    for user in (drawn, not_drawn):
        assert Notice.objects.unread_count(user) == 0
        assert list(Notice.objects.for_inbox(user)) == []
        assert Notice.objects.facts_of(user) == []
    assert outbox.send_due() == 0
    assert notices.read_all(user=drawn, until=timezone.now()) == 0

    shown = notices.release_group(release=release, by=None)

    assert shown == 2
    assert notices.release_group(release=release, by=None) == 0
    for user in (drawn, not_drawn):
        assert Notice.objects.unread_count(user) == 1
    times = set(Notice.objects.values_list("shown_at", flat=True))
    assert len(times) == 1


def test_release_holds_no_contradiction(release):
    user = make_user()
    tell(user, release=release)

    lost = kind("signups.lapsed", replaces=("signups.promoted",))
    tell(user, of=lost, key="2", release=release)
    notices.release_group(release=release, by=None)

    assert [notice.kind for notice in Notice.objects.for_inbox(user)] == [
        "signups.lapsed"
    ]


# --- when ------------------------------------------------------------------------------


def at(hour, minute=0, day=1):
    return timezone.make_aware(datetime(2026, 6, day, hour, minute))


@pytest.mark.parametrize(
    ("now", "due_at"),
    [
        (at(21, 59), at(21, 59)),
        (at(22), at(8, day=2)),
        (at(23, 30), at(8, day=2)),
        (at(3), at(8)),
        (at(7, 59), at(8)),
        (at(8), at(8)),
    ],
)
def test_text_written_at_night_waits_for_the_morning(now, due_at):
    assert notices.due(now) == (due_at, False)


def test_text_goes_at_night_where_the_morning_is_too_late():
    dawn, evening = at(7, 30, day=2), at(19, day=2)

    assert notices.due(at(23), dawn) == (at(23), True)
    assert notices.due(at(23), evening) == (at(8, day=2), False)


def test_quiet_hours_are_a_setting(settings):
    settings.SMS_QUIET_FROM, settings.SMS_QUIET_UNTIL = 12, 14
    assert notices.due(at(13)) == (at(14), False)
    assert notices.due(at(23)) == (at(23), False)

    settings.SMS_QUIET_FROM = settings.SMS_QUIET_UNTIL = 0
    assert notices.due(at(3)) == (at(3), False)


# --- forgetting ------------------------------------------------------------------------


def test_notices_of_a_closed_account_are_gone():
    user, other = make_user(), make_user()
    tell(user, other)
    notices.refuse_texts(user=user, kinds=["members.corrected"])

    owndata.close(user=user)

    assert Notice.objects.get().user == other
    assert user.sms_refusals.count() == 0


def test_forget_outdated_throws_notices_away_after_a_year_and_texts_after_half():
    user = make_user()
    tell(user)
    tell(user, key="2")
    tell(user, key="3")
    old = Notice.objects.get(key__endswith=":1")
    half, young = Notice.objects.exclude(pk=old.pk).order_by("pk")
    now = timezone.now()
    Notice.objects.filter(pk=old.pk).update(created_at=now - timedelta(days=366))
    NoticeText.objects.filter(notice=half).update(
        created_at=now - timedelta(days=184), state="sent", ended_at=now
    )
    empty = NoticeRelease.objects.create(title="示例")
    NoticeRelease.objects.update(created_at=now - timedelta(days=366))

    notices.forget_outdated()

    assert set(Notice.objects.all()) == {half, young}
    assert NoticeText.objects.get().notice == young
    assert not NoticeRelease.objects.filter(pk=empty.pk).exists()
