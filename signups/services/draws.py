"""A draw (摇号), step by step: opened, entered, frozen, its public value typed by two
people, drawn, released.

Lock order: the holder, then the draw's row (an entry: FOR SHARE, inside
``signups_take``); a step of the draw takes its row first and, at the release, then the
winners and the pools: nobody enters any more by then.
"""

import json
import secrets
import unicodedata
from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from common import dates, history, pagecache, progress
from common.errors import Reason, Refusal
from common.services import after_commit
from members.models import User, Worker
from signups import draw as algorithm
from signups.enums import DrawStage, Mode, SignupStatus
from signups.models import (
    Draw,
    DrawChoice,
    DrawEntry,
    DrawValue,
    Offering,
    SeatPool,
    Signup,
)
from signups.services import drawlists, seats, telling
from signups.services.standing import database_now

_AT_ONCE = 1000  # rows that are written before it is said how far it is
_NUMBERS = secrets.SystemRandom()  # nobody can foresee or repeat who gets which number


def _locked(draw: Draw) -> Draw:
    return Draw.objects.select_for_update().get(pk=draw.pk)


# --- opening --------------------------------------------------------------------------


@transaction.atomic
@pagecache.publishes
@history.on_record
def open_draw(
    *,
    offerings: Sequence[Offering],
    title: str,
    value_name: str,
    value_form: str,
    value_at: datetime,
    results_at: datetime,
    by: User | None,
    most_choices: int = 3,
) -> Draw:
    """Let a draw give the seats of these offerings, which nobody has asked for yet.

    Refusal: ``no_offerings``, ``already_asked``, ``has_blocks``, ``value_too_early``,
    ``results_too_early``, ``too_many_choices``.
    """
    rows = Offering.objects.filter(pk__in=[one.pk for one in offerings])
    locked = list(rows.order_by("pk").select_for_update(no_key=True, of=("self",)))
    grounds = []
    if not locked or any(one.withdrawn_at or one.draw_id for one in locked):
        grounds.append(
            Reason("no_offerings", _("没有可以摇号的班，或其中有的已停办、已在摇号。"))
        )
    if Signup.objects.live().filter(offering__in=locked).exists():
        grounds.append(
            Reason("already_asked", _("已有人按先到先得报名，不能再改为摇号。"))
        )
    if any(one.max_block for one in locked):
        grounds.append(Reason("has_blocks", _("接受单位集体报名的项目不能摇号。")))
    grounds += _times_wrong(locked, value_at, results_at)
    if not 1 <= most_choices <= 9:
        text = _("每人最多志愿数应为1至9。")
        grounds.append(Reason("too_many_choices", text, field="most_choices"))
    if grounds:
        raise Refusal(*grounds)
    draw = Draw.objects.create(
        kind=locked[0].kind,
        organiser_id=locked[0].organiser_id,
        title=title,
        most_choices=most_choices,
        value_name=value_name,
        value_form=value_form,
        value_at=value_at,
        results_at=results_at,
    )
    rows.update(draw=draw, mode=Mode.DRAW)
    return draw


def _times_wrong(offerings, value_at, results_at):
    last = max((one.closes_at for one in offerings), default=None)
    if last is not None and value_at <= last:
        yield Reason(
            "value_too_early",
            _("公开数应在登记截止（%(at)s）之后才产生。") % {"at": dates.moment(last)},
            field="value_at",
        )
    if results_at <= value_at:
        yield Reason(
            "results_too_early",
            _("公布结果应晚于公开数产生时间。"),
            field="results_at",
        )


@transaction.atomic
@pagecache.publishes
@history.on_record
def change_draw(*, draw: Draw, by: User | None, **changes) -> Draw:
    """Change title, public value or times before the list is frozen. Refusal:
    ``frozen``, and those of ``open_draw``."""
    draw = _locked(draw)
    if draw.frozen_at is not None:
        raise Refusal(Reason("frozen", _("名单已封存，规则不能再改。")))
    unknown = changes.keys() - _CHANGEABLE
    if unknown:
        raise TypeError(f"Not changeable here: {sorted(unknown)}")
    for name, value in changes.items():
        setattr(draw, name, value)
    grounds = list(_times_wrong(draw.offerings.all(), draw.value_at, draw.results_at))
    if grounds:
        raise Refusal(*grounds)
    draw.save()
    return draw


_CHANGEABLE = {"title", "value_name", "value_form", "value_at", "results_at"}


# --- one's choices --------------------------------------------------------------------


@transaction.atomic
@history.on_record
def order_choices(
    *, draw: Draw, worker: Worker, signups: Sequence[int], by: User | None
) -> None:
    """Put a worker's choices into this order; ``signups`` names each of them once.

    Refusal: ``closed`` when entering is over for one of them, ``choices_changed`` when
    they are others by now.
    """
    seats.lock(worker_id=worker.pk)
    held = Signup.objects.choices_in(draw, worker).select_related("offering")
    mine = {signup.pk: signup for signup in held}
    draw = Draw.objects.select_for_update(no_key=True).get(pk=draw.pk)
    now = database_now()
    if draw.frozen_at or any(one.offering.closes_at <= now for one in mine.values()):
        raise Refusal(Reason("closed", _("登记已截止，志愿不能再改。")))
    if sorted(signups) != sorted(mine):
        raise Refusal(
            Reason("choices_changed", _("您的志愿已有变动，请按现在的再排一次。"))
        )
    for rank, pk in enumerate(signups, start=1):
        if mine[pk].choice_rank != rank:
            Signup.objects.filter(pk=pk).update(choice_rank=rank, changed_at=Now())


# --- the list -------------------------------------------------------------------------


@transaction.atomic
@pagecache.publishes
@history.on_record
def freeze(*, draw: Draw, by: User | None) -> Draw:
    """Close the list for good and publish its hash: random numbers, choices in order,
    weights. Choices that could not be had any more are taken off it first, and their
    people told why. Freezing twice is freezing once.

    Refusal: ``not_closed``, ``value_known`` (it would prove nothing any more),
    ``nobody_asked``.
    """
    draw = _locked(draw)
    if draw.frozen_at is not None:
        return draw
    now = database_now()
    going = draw.offerings.filter(withdrawn_at__isnull=True)
    last = max(going.values_list("closes_at", flat=True), default=None)
    if last is not None and now < last:
        at = {"at": dates.moment(last)}
        raise Refusal(
            Reason("not_closed", _("登记到%(at)s才截止。") % at, lifts_at=last)
        )
    if draw.value_at <= now:
        raise Refusal(
            Reason(
                "value_known",
                _("公开数的产生时间已过，请先改用一个还没有产生的公开数。"),
            )
        )
    _take_off(draw, by)
    weights = drawlists.weights(draw)
    people = [
        (worker, [(pk, pools) for _worker, pk, pools in rows])
        for worker, rows in groupby(drawlists.applied(draw), key=lambda row: row[0])
    ]
    if not people:
        raise Refusal(Reason("nobody_asked", _("没有人登记，无需摇号。")))
    numbers = list(range(1, len(people) + 1))
    _NUMBERS.shuffle(numbers)
    numbered = list(zip(people, numbers, strict=True))
    for start in range(0, len(numbered), _AT_ONCE):
        _enter(draw, numbered[start : start + _AT_ONCE], weights)
        _announce(draw, min(start + _AT_ONCE, len(numbered)))
    with connection.cursor() as cursor:
        cursor.execute(_MARK_SIGNUPS, [draw.pk])
    draw.seats = drawlists.seats_to_freeze(draw)
    draw.list_hash = drawlists.hash_now(draw)
    draw.frozen_at = now
    draw.save(update_fields=["seats", "list_hash", "frozen_at", "updated_at"])
    return draw


def _enter(draw, numbered, weights):
    """So many people and their choices go onto the list."""
    entries = DrawEntry.objects.bulk_create(
        DrawEntry(draw=draw, worker_id=worker, number=number, weight=weights[worker])
        for (worker, _choices), number in numbered
    )
    DrawChoice.objects.bulk_create(
        DrawChoice(entry=entry, signup_id=pk, rank=rank, pools=pools)
        for entry, ((_worker, choices), _number) in zip(entries, numbered, strict=True)
        for rank, (pk, pools) in enumerate(choices, start=1)
    )


def _announce(draw: Draw, people: int) -> None:
    """For how many people the step under way is done (``drawjobs.done``)."""
    progress.announce(f"draw {draw.pk}", people)


# what each signup is shown with: its rank without gaps, and its tickets
_MARK_SIGNUPS = """
UPDATE signups_signup s SET choice_rank = c.rank, weight = e.weight
FROM signups_drawchoice c JOIN signups_drawentry e ON e.id = c.entry_id
WHERE e.draw_id = %s AND s.id = c.signup_id
    AND (s.choice_rank, s.weight) IS DISTINCT FROM (c.rank, e.weight)
"""


def _take_off(draw: Draw, by: User | None) -> None:
    reason = _("封存名单时，您已不符合条件，或已报了同一时间的其他项目、达到限报数。")
    rows = Signup.objects.filter(pk__in=drawlists.impossible(draw))
    for signup in rows.select_related("offering").order_by("pk"):
        if Signup.objects.filter(pk=signup.pk, status=SignupStatus.APPLIED).update(
            status=SignupStatus.CANCELLED,
            cancelled_reason=reason,
            ended_at=Now(),
            changed_at=Now(),
        ):
            telling.cancelled(signup=signup, but=by, reason=reason)


# --- the public value -----------------------------------------------------------------


@transaction.atomic
@pagecache.publishes
@history.on_record
def type_value(*, draw: Draw, value: str, by: User) -> Draw:
    """Note the public value as ``by`` reads it. It stands when two different people have
    typed the same; until then each may correct their own.

    Refusal: ``not_frozen``, ``not_yet`` (before the value exists), ``value_stands``,
    ``no_digits``.
    """
    draw = _locked(draw)
    typed = "".join(unicodedata.normalize("NFKC", value).split())
    now = database_now()
    if draw.frozen_at is None:
        raise Refusal(Reason("not_frozen", _("名单还没有封存。")))
    if draw.value:
        raise Refusal(Reason("value_stands", _("两人录入的公开数一致，不能再改。")))
    if now < draw.value_at:
        at = {"at": dates.moment(draw.value_at)}
        raise Refusal(
            Reason("not_yet", _("公开数到%(at)s才产生。") % at, lifts_at=draw.value_at)
        )
    if not (typed.isascii() and typed.isdigit() and len(typed) <= 100):
        raise Refusal(
            Reason(
                "no_digits",
                _("公开数只写数字，写法：%s。") % draw.value_form,
                field="value",
            )
        )
    DrawValue.objects.update_or_create(draw=draw, by=by, defaults={"value": typed})
    others = DrawValue.objects.filter(draw=draw, value=typed).exclude(by=by)
    if others.exists():
        draw.value = typed
        draw.save(update_fields=["value", "updated_at"])
    return draw


# --- drawing and releasing ------------------------------------------------------------


@transaction.atomic
@history.on_record
def draw_lots(*, draw: Draw, by: User | None) -> Draw:
    """Reckon every result out of the list and the public value, and keep them where
    nobody but who runs the draw sees them. Drawing twice, or at once, is drawing once.

    Refusal: ``no_value``; ``list_touched`` when the list is not the one whose hash was
    published.
    """
    draw = _locked(draw)
    if draw.drawn_at is not None:
        return draw
    if draw.stage != DrawStage.AGREED:
        raise Refusal(Reason("no_value", _("公开数还没有由两个人录入一致。")))
    if drawlists.hash_now(draw) != draw.list_hash:
        raise Refusal(
            Reason("list_touched", _("名单与封存时公布的指纹不符，不能摇号。"))
        )
    draw.seed = algorithm.seed(draw.list_hash, draw.value)
    rows = drawlists.results(draw)
    for start in range(0, len(rows), _AT_ONCE):
        part = rows[start : start + _AT_ONCE]
        with connection.cursor() as cursor:
            cursor.execute(_WRITE, [json.dumps(part), draw.pk])
        _announce(draw, len({number for number, *_rest in rows[: start + _AT_ONCE]}))
    draw.drawn_at = database_now()
    draw.save(update_fields=["seed", "drawn_at", "updated_at"])
    return draw


_WRITE = """
UPDATE signups_drawchoice c
SET outcome = r.row->>2, queue_no = (r.row->>4)::integer,
    pool_id = (SELECT p.id FROM signups_seatpool p
               WHERE p.offering_id = s.offering_id
                   AND p.position = (r.row->>3)::integer)
FROM jsonb_array_elements(%s::jsonb) AS r (row), signups_drawentry e, signups_signup s
WHERE e.draw_id = %s AND c.entry_id = e.id AND s.id = c.signup_id
    AND e.number = (r.row->>0)::integer AND c.rank = (r.row->>1)::integer
"""


@transaction.atomic
@pagecache.publishes
@history.on_record
def release(*, draw: Draw, by: User) -> Draw:
    """Give the drawn seats, put the others into their queues and tell everybody, all in
    one moment and in the name of ``by``. Releasing twice is releasing once. Refusal:
    ``not_drawn``."""
    draw = _locked(draw)
    if draw.released_at is not None:
        return draw
    if draw.drawn_at is None:
        raise Refusal(Reason("not_drawn", _("还没有摇号。")))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT signups_release_draw(%s, %s)",
            [draw.pk, _("已中签“%s”，其余志愿随之取消。")],
        )
    draw.released_at, draw.released_by = database_now(), by
    draw.save(update_fields=["released_at", "released_by", "updated_at"])
    telling.drawn(draw=draw, but=by)
    wanting = SeatPool.objects.filter(offering__draw=draw).with_a_seat()
    for pk in sorted(set(wanting.values_list("offering", flat=True))):
        after_commit(seats.settle, offering_id=pk)
    return draw
