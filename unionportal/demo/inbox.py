"""What people were told: notices of several kinds, read and unread, and an outbox in
which each state of a text stands."""

from datetime import timedelta

from django.utils import timezone

from activities.training import services as training
from activities.training.models import CourseClass
from members.enums import CorrectionField, TextState
from members.models import Notice, NoticeText
from members.services import notices, outbox, owndata, transfers, workers
from signups.models import Signup
from signups.services import seats
from unionportal.demo.members import CITY_CODE, FIRST_MEMBER, City

MANAGER, DESK = 5, 13
FULL, MOVED = "民族舞基础班（周三晚）", "声乐基础班（周二晚）"


def make(city: City) -> int:
    """Things happen to people, and they are told; how many notices."""
    _answer(city)
    _transfer(city)
    _cancel(city)
    _move(city)
    _read_some(city)
    _grow_old()
    _send()
    return Notice.objects.count()


def _answer(city) -> None:
    """The first member has asked for two corrections; one was made."""
    worker, desk = city.members[FIRST_MEMBER], city.staff[DESK]
    for field, note, accepted, answer in [
        (CorrectionField.OTHER, "姓名中间的空格请去掉。", True, "名册上已改。"),
        (
            CorrectionField.IS_MIGRANT,
            "",
            False,
            "请带劳动合同到单位工会当面核对。",
        ),
    ]:
        asked = owndata.ask_correction(
            worker=worker, by=worker.user, field=field, proposed="是", note=note
        )
        owndata.answer_correction(
            request=asked, by=desk, accepted=accepted, answer=answer
        )


def _transfer(city) -> None:
    """… has moved to another union, and is entered there as a frontline worker."""
    worker = city.members[FIRST_MEMBER]
    there = city.unions[CITY_CODE + "0202"]
    if worker.union_org_id == there.pk:
        there = city.unions[CITY_CODE + "0203"]
    transfers.transfer(worker=worker, to=there, by=city.staff[DESK], reason="工作调动")
    worker.refresh_from_db()
    worker.is_frontline = True
    workers.save_worker(worker=worker, by=city.staff[DESK])


def _cancel(city) -> None:
    """The desk cancels a seat of a full class: the first who waits has it."""
    full = CourseClass.objects.get(name=FULL, term__number=6).offering
    held = Signup.objects.filter(offering=full, worker__user__isnull=False)
    for signup in held.seated().order_by("pk")[:3]:
        seats.cancel(
            signup=signup, by=city.staff[DESK], reason="本人来电，请代为取消。"
        )
    seats.settle(offering_id=full.pk)


def _move(city) -> None:
    lesson = CourseClass.objects.get(name=MOVED, term__number=6).lessons.last()
    occasion, later = lesson.occasion, timedelta(minutes=30)
    training.move_lesson(
        lesson=lesson,
        starts_at=occasion.starts_at + later,
        ends_at=occasion.ends_at + later,
        by=city.staff[MANAGER],
    )


def _read_some(city) -> None:
    """The first member has read one of theirs, others have read all."""
    first = city.members[FIRST_MEMBER].user
    notices.read(notice=Notice.objects.shown_to(first).order_by("pk")[0])
    others = Notice.objects.exclude(user=first).order_by("pk")
    for notice in others[::3]:
        notices.read(notice=notice)


def _grow_old() -> None:
    """Each a few hours before the next, the last one an hour ago."""
    now = timezone.now()
    rows = list(Notice.objects.order_by("-pk"))
    for n, row in enumerate(rows):
        row.created_at = row.shown_at = now - timedelta(hours=1 + n)
        row.read_at = row.read_at and row.shown_at + timedelta(minutes=20)
    Notice.objects.bulk_update(rows, ["created_at", "shown_at", "read_at"])


def _send() -> None:
    """As after a few days: most went out, one did not, one may have, one waits for the
    morning."""
    now = timezone.now()
    waiting = NoticeText.objects.filter(state=TextState.WAITING).order_by("pk")
    unknown, failed, last, *sent = waiting
    sent = NoticeText.objects.filter(pk__in=[text.pk for text in sent])
    sent.update(state=TextState.SENT, tries=1, handed_at=now, ended_at=now)
    for text, state, tries in [
        (unknown, TextState.UNKNOWN, 1),
        (failed, TextState.FAILED, outbox.TRIES),
    ]:
        NoticeText.objects.filter(pk=text.pk).update(
            state=state, tries=tries, handed_at=now, ended_at=now
        )
    morning = timezone.localtime(now + timedelta(days=1)).replace(
        hour=8, minute=0, second=0, microsecond=0
    )
    NoticeText.objects.filter(pk=last.pk).update(due_at=morning)
