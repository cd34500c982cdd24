"""The texts beside notices: each is sent once, or a person decides."""

from datetime import timedelta

import pytest
from django.utils import timezone

from common.errors import Refusal
from common.models import AuditEvent, BackgroundTask
from members import sms
from members.enums import SmsOutcome, TextState
from members.models import Notice, NoticeText, User
from members.services import notices, outbox
from tests.background import run_tasks
from tests.concurrency import at_once
from tests.factories import make_user
from tests.members.test_notices import tell

pytestmark = pytest.mark.django_db


class Mock:
    """A gateway that answers as told, and remembers the keys of what it was handed."""

    def __init__(self):
        self.answer = SmsOutcome.SENT
        self.handed = []

    def deliver(self, text):
        self.handed.append(text)
        if isinstance(self.answer, BaseException):
            raise self.answer
        return self.answer


@pytest.fixture
def gateway(monkeypatch, settings):
    settings.SMS_QUIET_FROM = settings.SMS_QUIET_UNTIL = 0
    mock = Mock()
    monkeypatch.setattr(sms, "deliver", mock.deliver)
    return mock


@pytest.fixture
def by_night(monkeypatch):
    tomorrow = timezone.now() + timedelta(hours=9)
    monkeypatch.setattr(outbox, "end_of_quiet", lambda now: tomorrow)
    return tomorrow


def state(key="1"):
    return NoticeText.objects.get(notice__key__endswith=f":{key}").state


def wait_no_more():
    NoticeText.objects.filter(state="waiting").update(due_at=timezone.now())


def test_texts_are_sent_by_a_task_each_once(gateway):
    first, second = make_user(phone="13811110001"), make_user(phone="13811110002")
    tell(first, second)

    assert gateway.handed == []  # nothing within the transaction of the event
    run_tasks()
    assert outbox.send_due() == 0

    assert [text.to for text in gateway.handed] == ["+8613811110001", "+8613811110002"]
    assert {text.text for text in gateway.handed} == {
        "【攀枝花市总工会】“示例班”有了新情况。"
    }
    assert set(NoticeText.objects.values_list("state", "tries")) == {("sent", 1)}


@pytest.mark.django_db(transaction=True)
def test_texts_are_sent_once_however_many_workers_send(gateway):
    tell(*[make_user() for _n in range(6)])

    sent = at_once([outbox.send_due] * 3)

    assert sum(sent) == 6
    assert len({text.key for text in gateway.handed}) == len(gateway.handed) == 6


def test_text_waits_for_the_morning_and_an_urgent_one_does_not(gateway, by_night):
    user = make_user()
    tell(user)
    tell(user, key="2", happens_at=timezone.now() + timedelta(hours=10))
    NoticeText.objects.update(due_at=timezone.now())  # a worker was late

    outbox.send_due()

    assert (state("1"), state("2")) == ("waiting", "sent")
    waiting = NoticeText.objects.get(state="waiting")
    assert waiting.due_at == by_night
    assert BackgroundTask.objects.waiting().filter(run_after=by_night).exists()


def test_text_is_dropped_where_it_would_tell_nothing(gateway):
    reader, moved = make_user(), make_user()
    tell(reader, moved)
    tell(reader, key="late", good_until=timezone.now())
    tell(moved, key="gone")
    notices.read(notice=Notice.objects.get(user=reader, key__endswith=":1"))
    User.objects.filter(pk=moved.pk).update(phone_verified=False)

    outbox.send_due()

    assert gateway.handed == []
    dropped = NoticeText.objects.order_by("pk").values_list("state", "dropped")
    assert list(dropped) == [
        ("cancelled", "read"),
        ("cancelled", "no_phone"),
        ("cancelled", "outdated"),
        ("cancelled", "no_phone"),
    ]


def test_text_that_never_reached_the_gateway_is_tried_again_then_fails(gateway):
    tell(make_user())
    gateway.answer = SmsOutcome.FAILED

    outbox.send_due()
    assert state() == "waiting"
    assert NoticeText.objects.get().due_at > timezone.now()
    assert outbox.send_due() == len(gateway.handed) - 1 == 0  # not before its time

    for _n in range(outbox.TRIES):
        wait_no_more()
        outbox.send_due()
    assert (state(), len(gateway.handed)) == ("failed", outbox.TRIES)
    assert len({text.key for text in gateway.handed}) == 1


def test_text_that_the_gateway_refused_fails_at_once(gateway):
    tell(make_user())
    gateway.answer = SmsOutcome.REFUSED

    outbox.send_due()

    assert state() == "failed"


def test_text_without_an_answer_is_sent_again_under_its_key(gateway):
    tell(make_user())
    gateway.answer = SmsOutcome.UNKNOWN
    outbox.send_due()

    gateway.answer = SmsOutcome.SENT
    wait_no_more()
    outbox.send_due()

    assert state() == "sent"
    first, second = gateway.handed
    assert first.key == second.key


def test_text_without_an_answer_is_of_unknown_fate_where_keys_mean_nothing(
    gateway, settings
):
    settings.SMS_KNOWS_KEYS = False
    tell(make_user())
    gateway.answer = SmsOutcome.UNKNOWN

    outbox.send_due()
    wait_no_more()
    outbox.send_due()

    assert (state(), len(gateway.handed)) == ("unknown", 1)


@pytest.mark.parametrize(("knows_keys", "handed"), [(True, 2), (False, 1)])
def test_text_whose_process_died_while_sending(gateway, settings, knows_keys, handed):
    settings.SMS_KNOWS_KEYS = knows_keys
    tell(make_user())
    gateway.answer = SystemExit()
    with pytest.raises(SystemExit):
        outbox.send_due()
    assert state() == "sending"

    gateway.answer = SmsOutcome.SENT
    outbox.send_due()
    assert len(gateway.handed) == 1  # it may be at it still
    NoticeText.objects.update(handed_at=timezone.now() - outbox.ADRIFT)
    assert outbox.resume() is False  # the task that was asked for is there yet
    run_tasks()

    assert len(gateway.handed) == handed
    assert state() == ("sent" if knows_keys else "unknown")
    assert len({text.key for text in gateway.handed}) == 1


def test_sending_is_taken_up_again_where_nobody_has_asked(gateway):
    tell(make_user())
    BackgroundTask.objects.all().delete()

    assert outbox.resume() is True
    assert outbox.resume() is False
    run_tasks()

    assert state() == "sent"
    assert outbox.resume() is False


def test_note_of_a_worker_that_was_given_up_changes_nothing(gateway):
    tell(make_user())
    text = outbox._take(timezone.now())
    NoticeText.objects.update(handed_at=timezone.now() - outbox.ADRIFT)
    outbox.rescue()
    outbox.send_due()

    outbox._note(text, SmsOutcome.REFUSED)

    assert state() == "sent"


# --- what a person decides -------------------------------------------------------------


@pytest.fixture
def desk(enter):
    return enter("服务台")


def stuck(state=TextState.UNKNOWN):
    tell(make_user())
    now = timezone.now()
    NoticeText.objects.update(state=state, ended_at=now, tries=outbox.TRIES)
    return NoticeText.objects.get()


def test_resend_sends_under_the_same_key_and_stands_on_record(gateway, desk, by_night):
    text = stuck()

    outbox.resend(text=text, by=desk)
    run_tasks()

    assert (state(), len(gateway.handed)) == ("sent", 1)
    assert gateway.handed[0].key == text.key
    assert AuditEvent.objects.filter(verb="settle_text", by=desk).count() == 1


def test_resend_is_refused_where_nothing_is_stuck_or_nobody_may(gateway, desk):
    text = stuck()
    with pytest.raises(Refusal) as refused:
        outbox.resend(text=text, by=make_user(is_staff=True))
    assert refused.value.codes == {"no_right"}

    outbox.settle_as_sent(text=text, by=desk)
    with pytest.raises(Refusal) as refused:
        outbox.resend(text=text, by=desk)
    assert refused.value.codes == {"not_stuck"}
    assert gateway.handed == []


def test_resend_is_refused_where_the_person_has_read_it(desk):
    text = stuck()
    notices.read(notice=text.notice)

    with pytest.raises(Refusal) as refused:
        outbox.resend(text=text, by=desk)

    assert refused.value.codes == {"already_read"}
