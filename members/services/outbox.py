"""Sending the texts that stand in the outbox (``NoticeText``), each once.

A text is taken by one statement that skips what others hold, and stands as ``sending``
before the gateway is called; nothing is locked while it is. Its ``key`` is the same
however often it is handed over. So a text whose process died may be handed over again
where the gateway knows its keys (``SMS_KNOWS_KEYS``), and is of unknown fate where it
does not: then a person decides.
"""

import logging
import time
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from common import audit, history, tasks
from common.enums import AuditVerb
from common.errors import Reason, Refusal
from common.models import BackgroundTask
from members import phones, sms
from members.enums import SmsOutcome, TextDrop, TextState
from members.models import NoticeText, User

log = logging.getLogger("portal.sms")

TRIES = 5
# before the next try, by the number of tries so far
PAUSES = [timedelta(minutes=n) for n in (1, 5, 15, 60)]
# Longer than any call takes (SMS_SECONDS): whoever has not come back has died.
ADRIFT = timedelta(seconds=15)
RUN = timedelta(seconds=30)  # of one task: then it ends, and the next goes on


@tasks.task(title=_lazy("发送短信通知"), seconds=RUN.seconds + 30)
def send_texts() -> None:
    """Hand over what is due; asks for itself again where there is more."""
    send_due()


def begin(*, at: datetime) -> None:
    """Texts that are due ``at`` are sent then: asked for with the commit of the
    transaction under way, in which they were written."""
    send_texts.using(run_after=at).enqueue()


@transaction.atomic
def resume() -> bool:
    """Ask for the sending of what is due where nobody does: a safety net, for ``tick``.
    Whether that was needed."""
    if not is_due() or BackgroundTask.objects.asked_for(send_texts).exists():
        return False
    begin(at=timezone.now())
    return True


def end_of_quiet(now: datetime) -> datetime | None:
    """When the quiet hours end in which ``now`` falls; None by day."""
    local = timezone.localtime(now)
    begins, ends = settings.SMS_QUIET_FROM, settings.SMS_QUIET_UNTIL
    if begins == ends:
        return None
    hour = local.hour
    is_night = begins <= hour or hour < ends if begins > ends else begins <= hour < ends
    if not is_night:
        return None
    morning = local.replace(hour=ends, minute=0, second=0, microsecond=0)
    return morning if hour < ends else morning + timedelta(days=1)


def send_due() -> int:
    """Hand over what is due, one after the other, for as long as ``RUN``; how many went
    out. What is left is asked for anew. May run at any time, any number of times,
    concurrently."""
    rescue()
    ends, sent = time.monotonic() + RUN.seconds, 0
    while (text := _take(timezone.now())) is not None:
        sent += _send(text) == TextState.SENT
        if time.monotonic() > ends:
            _go_on()
            break
    return sent


@transaction.atomic
def _go_on() -> None:
    begin(at=timezone.now())


@transaction.atomic
def rescue() -> int:
    """Texts that were handed over by a process that has died: they wait again, or are of
    unknown fate. How many."""
    adrift = NoticeText.objects.adrift(timezone.now() - ADRIFT)
    if settings.SMS_KNOWS_KEYS:
        again = adrift.filter(tries__lt=TRIES)
        found = again.update(state=TextState.WAITING, due_at=Now())
    else:
        found = 0
    return found + adrift.update(state=TextState.UNKNOWN, ended_at=Now())


@transaction.atomic
def _take(now: datetime) -> NoticeText | None:
    """The next text that is to go out now, ours alone from here on; those that are not
    to go any more are dropped on the way."""
    while True:
        text = (
            NoticeText.objects.due(now)
            .select_for_update(of=("self",), skip_locked=True)
            .select_related("notice__user")
            .first()
        )
        if text is None:
            return None
        morning = end_of_quiet(now)
        if why := _grounds(text, now):
            text.state, text.dropped, text.ended_at = TextState.CANCELLED, why, now
        elif morning is not None and not text.is_urgent:
            text.due_at = morning
            begin(at=morning)
        else:
            text.state, text.handed_at = TextState.SENDING, now
            text.tries += 1
            text.save(update_fields=["state", "handed_at", "tries"])
            return text
        text.save(update_fields=["state", "dropped", "ended_at", "due_at"])


def _grounds(text: NoticeText, now: datetime) -> str:
    """Why it is not to go out after all, or the empty string."""
    if text.notice.read_at is not None:
        return TextDrop.READ
    if text.good_until <= now:
        return TextDrop.OUTDATED
    user = text.notice.user
    if not (user.phone_verified and user.phone_cipher and user.is_active):
        return TextDrop.NO_PHONE
    return ""


def _send(text: NoticeText) -> str:
    phone = phones.of(text.notice.user)
    outcome = sms.deliver(sms.Text(key=text.key, to=phone, text=text.text))
    return _note(text, outcome)


@transaction.atomic
def _note(text: NoticeText, outcome: str) -> str:
    """What became of a text that we took. A rescue may have been quicker."""
    mine = NoticeText.objects.filter(
        pk=text.pk, state=TextState.SENDING, tries=text.tries
    )
    may_repeat = outcome == SmsOutcome.FAILED or (
        outcome == SmsOutcome.UNKNOWN and settings.SMS_KNOWS_KEYS
    )
    if may_repeat and text.tries < TRIES:
        pause = PAUSES[text.tries - 1]
        due_at = timezone.now() + pause
        mine.update(state=TextState.WAITING, due_at=due_at)
        begin(at=due_at)
        return TextState.WAITING
    state = {
        SmsOutcome.SENT: TextState.SENT,
        SmsOutcome.UNKNOWN: TextState.UNKNOWN,
    }.get(outcome, TextState.FAILED)
    mine.update(state=state, ended_at=Now())
    if state != TextState.SENT:
        log.warning("text %s: %s", text.key, state)
    return state


# --- what a person decides ------------------------------------------------------------


@transaction.atomic
@history.on_record
def resend(*, text: NoticeText, by: User) -> NoticeText:
    """Send a text again that did not go out or whose fate is unknown, now and under the
    same key, at night as well: somebody has decided.

    Raises Refusal: ``no_right``, ``not_stuck`` (it went out, waits or was dropped),
    ``already_read``, ``outdated``, ``no_phone``.
    """
    text = (
        NoticeText.objects.select_for_update(of=("self",))
        .select_related("notice__user")
        .get(pk=text.pk)
    )
    now = timezone.now()
    _check_stuck(text, by)
    if why := _grounds(text, now):
        raise Refusal(
            {
                TextDrop.READ: Reason(
                    "already_read", _("本人已读这条消息，不必再发。")
                ),
                TextDrop.OUTDATED: Reason(
                    "outdated", _("所说的事情已经过去，不必再发。")
                ),
                TextDrop.NO_PHONE: Reason("no_phone", _("该账号没有已验证的手机号。")),
            }[why]
        )
    text.state, text.ended_at = TextState.WAITING, None
    text.due_at, text.is_urgent, text.tries = now, True, 0
    text.save(update_fields=["state", "ended_at", "due_at", "is_urgent", "tries"])
    audit.record(AuditVerb.SETTLE_TEXT, by=by, of=text, after=_("重发"))
    begin(at=now)
    return text


@transaction.atomic
@history.on_record
def settle_as_sent(*, text: NoticeText, by: User) -> NoticeText:
    """A text of unknown fate has arrived, as somebody found out, or its person was told
    otherwise. Raises Refusal: ``no_right``, ``not_stuck``."""
    text = NoticeText.objects.select_for_update().get(pk=text.pk)
    _check_stuck(text, by)
    text.state, text.ended_at = TextState.SENT, timezone.now()
    text.save(update_fields=["state", "ended_at"])
    audit.record(AuditVerb.SETTLE_TEXT, by=by, of=text, after=_("记为已告知"))
    return text


def _check_stuck(text: NoticeText, by: User) -> None:
    grounds = []
    if not by.has_perm("members.resend_noticetext"):
        grounds.append(Reason("no_right", _("您没有处理短信通知的权限。")))
    if text.state not in (TextState.FAILED, TextState.UNKNOWN):
        said = _("这条短信的状态是“%(state)s”，无需处理。")
        said = said % {"state": text.get_state_display()}
        grounds.append(Reason("not_stuck", said))
    if grounds:
        raise Refusal(*grounds)


def is_due() -> bool:
    """Whether anything waits to be sent now, or was left by a process that has died."""
    now = timezone.now()
    return (
        NoticeText.objects.due(now).exists()
        or NoticeText.objects.adrift(now - ADRIFT).exists()
    )
