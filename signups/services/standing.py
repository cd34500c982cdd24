"""Where a person stands with an offering: the rules of the desk as a question.

Buttons, the POST and the admin ask the same function, ``look``; a refusal prints
*every* reason it finds, each with the time it lifts.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common import dates
from common.errors import Reason
from members.models import UnionOrg, Worker
from signups.enums import SPACED, LimitPer, LimitUnit, Mode, SignupStatus
from signups.models import Draw, Limit, Offering, Signup
from signups.services import holdings
from signups.services.holdings import Held

# One offering given up so often within a day is not asked for again before the day is
# over. Nobody changes their mind five times; a row is left each time.
MOST_RETURNS = 5


@dataclass
class Standing:
    """One offering as one person sees it at one moment of the database's clock.

    Seats: ``taken`` of ``capacity`` over all pools (owed seats count as taken),
    ``left`` of them free for this person, ``reserved_left`` free in a reserve that this
    person may not use yet, ``left_to_all`` free for anybody. Whoever waits while a seat is free cannot use it: it has been
    offered to the queue before. ``waiting`` is the length of the queue, ``rank`` this
    person's place in it, ``signup`` what they hold (``SignupQuerySet.current``). Where a
    draw gives the seats: the ``draw``, and how many ``choices`` this person has in it.
    ``is_spared``: a closed window does not shut this person out, whose class was not
    opened; ``suspended_until``: they have as many points as suspend sign-up.
    ``reasons`` says why a sign-up would be refused now; empty means it would be taken
    or, if ``left`` is 0, wait.
    """

    offering: Offering
    now: datetime
    worker: Worker | None = None
    taken: int = 0
    capacity: int = 0
    left: int = 0
    reserved_left: int = 0
    left_to_all: int = 0
    waiting: int = 0
    is_spared: bool = False
    suspended_until: datetime | None = None
    rank: int | None = None
    signup: Signup | None = None
    draw: Draw | None = None
    choices: int = 0
    reasons: list[Reason] = field(default_factory=list)

    @property
    def codes(self) -> list[str]:
        return [reason.code for reason in self.reasons]

    @property
    def would_wait(self) -> bool:
        """A sign-up made now would join the queue."""
        return self.left == 0 and self.offering.mode != Mode.DRAW

    @property
    def is_open(self) -> bool:
        """Sign-up runs, seats or not; nothing is asked about who asks."""
        return next(_reasons_of_time(self), None) is None

    @property
    def has_begun(self) -> bool:
        """The first occasion has come: the queue is over, what is free is for whoever
        asks."""
        begins = self.offering.starts_at
        return begins is not None and begins <= self.now


def look(
    offerings: Iterable[Offering],
    worker: Worker | None,
    *,
    now: datetime | None = None,
    seats: int = 1,
) -> dict[int, Standing]:
    """The standing of ``worker`` (None: a visitor) with each offering, by its id, if
    they asked for ``seats`` seats.

    One query, however many offerings, for a visitor and for who holds nothing; three
    for who holds something; one more where a draw gives the seats. ``now`` is the database's clock if the caller has read
    it already.
    """
    offerings = {offering.pk: offering for offering in offerings}
    return _look(offerings, offerings, worker, now or database_now(), seats)


def look_up(
    offering_ids: Iterable[int], worker: Worker | None, *, now: datetime
) -> dict[int, Standing]:
    """``look`` for offerings that were not read yet: they come with their seats, in the
    same query, without their times and their notice. For pages that keep everything else
    of many offerings. What does not exist any more is left out."""
    return _look({}, offering_ids, worker, now, 1)


def _look(read: dict, offering_ids: Iterable[int], worker, now, seats: int):
    found, holds_anything = {}, False
    for offering, counts, holds in holdings.seats(offering_ids, worker):
        holds_anything = holds
        offering = read.get(offering.pk, offering)
        found[offering.pk] = Standing(offering, now, worker, *counts)
    held = holdings.Held(
        worker if holds_anything else None,
        found,
        [pk for pk, seen in found.items() if seen.offering.kind in SPACED],
    )
    drawn = {seen.offering.draw_id for seen in found.values() if _is_by_draw(seen)}
    draws = holdings.draws(drawn, worker)
    for standing in found.values():
        if signup := held.signups.get(standing.offering.pk):
            signup.offering = standing.offering
            standing.signup, standing.rank = signup, signup.rank
        if standing.offering.draw_id in draws:
            standing.draw, standing.choices = draws[standing.offering.draw_id]
        standing.reasons = list(_reasons(standing, held, seats))
    return found


def _is_by_draw(standing: Standing) -> bool:
    """Until the results are released: then it is a queue like any other."""
    offering = standing.offering
    return offering.mode == Mode.DRAW and offering.draw_id is not None


def look_at(offering: Offering, worker: Worker | None) -> Standing:
    """``look`` for one offering."""
    return look([offering], worker)[offering.pk]


def notice(offering: Offering) -> list[str]:
    """报名须知: all that a person agrees to, a line each. What the offering's wing says
    comes first, then the rules that the desk itself keeps."""
    text = offering.notice
    if offering.rules is not None:
        text += f"\n{offering.rules.text}"
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    lines += [
        _("%(limit)s。") % {"limit": says(limit)} for limit in every_limit(offering)
    ]
    if offering.mode == Mode.DRAW and offering.draw is not None:
        lines += draw_rules(offering.draw)
    if offering.busy != "{}":
        lines.append(_("时间不能与您已报的其他项目重叠。"))
    if offering.cancel_until is not None:
        until = dates.moment(cancel_deadline(offering))
        lines.append(
            _("%(until)s前可以自行取消，取消后再报需重新排队。") % {"until": until}
        )
    if offering.rules is not None:
        lines += conduct_lines(offering)
    return lines


def draw_rules(draw: Draw) -> list[str]:
    """How a draw decides, a line each: what one agrees to, and what its page prints."""
    return [
        line
        % {
            "n": draw.most_choices,
            "value": draw.value_name,
            "value_at": dates.moment(draw.value_at),
            "results_at": dates.moment(draw.results_at),
        }
        for line in _DRAW_RULES
    ]


_DRAW_RULES = [
    gettext_lazy(
        "名额由摇号决定，与登记先后无关。每人最多登记%(n)d个志愿，截止前可以随时调整、退出。"
    ),
    gettext_lazy(
        "登记截止后封存名单并公布名单指纹，再用“%(value)s”（%(value_at)s产生）摇号，谁都可以"
        "自己重算。"
    ),
    gettext_lazy(
        "先摇第一志愿，还有名额再摇第二志愿，依次类推。中签一个，其余志愿取消。"
    ),
    gettext_lazy("以往同类摇号每未中签一次，机会多一份；中签后重新计算。"),
    gettext_lazy(
        "未中签的按摇号顺序进入候补，有人退出时依次递补。结果于%(results_at)s公布。"
    ),
]


def conduct_lines(offering: Offering) -> list[str]:
    """What an offering's rules say of waiting and of not coming, a line each, with the
    numbers by which it is done."""
    rules, lines = offering.rules, []
    numbers = {f.name: getattr(rules, f.name) for f in rules._meta.concrete_fields}
    if offering.is_offered:
        lines.append(
            _(
                "候补有名额时，请在%(offer_hours)d小时内确认，逾期让给下一位；"
                "开始前%(offer_before_hours)d小时内直接递补。"
            )
        )
    lines += [
        line
        for asked, line in [
            (rules.day_hours, _("每人每天最多服务%(day_hours)d小时。")),
            (rules.rest_minutes, _("两次服务之间至少休息%(rest_minutes)d分钟。")),
            (
                rules.travel_minutes,
                _("两次服务地点不同的，中间至少留%(travel_minutes)d分钟路上时间。"),
            ),
        ]
        if asked and offering.kind in SPACED
    ]
    if rules.late_points:
        lines.append(
            _(
                "逾期取消计%(late_points)d分，开始前%(last_minute_hours)d小时内取消计"
                "%(last_minute_points)d分。"
            )
            if rules.last_minute_points
            else _("逾期取消计%(late_points)d分。")
        )
    if rules.no_show_points:
        lines.append(
            _("无故缺席计%(no_show_points)d分；加班、出差、病假由单位证明的不计。")
        )
    if rules.late_points or rules.no_show_points:
        lines.append(
            _(
                "退出候补、放弃递补名额不计分，开始前%(grace_hours)d小时内才递补的也不计"
                "分。计分%(point_days)d天后失效（节假日不计在内），可以申诉。"
            )
        )
        if rules.block_points:
            lines.append(_("有效计分满%(block_points)d分的，暂停报名，失效后恢复。"))
    lines = [line % numbers for line in lines]
    said = _("以上按《%(kind)s报名规则》第%(version)d版。")
    return [*lines, said % {"kind": rules.get_kind_display(), "version": rules.version}]


def database_now() -> datetime:
    """The clock that decides about opening and closing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT now()")
        return cursor.fetchone()[0]


def every_limit(offering: Offering) -> list[Limit]:
    """The limits of an offering, oldest first."""
    return sorted(offering.limits.all(), key=lambda limit: limit.pk)


def says(limit: Limit) -> str:
    """A limit in words: 本期每人限报2门."""
    return _LIMIT_SAYS[limit.unit] % {
        "per": _PER_SAYS[limit.per],
        "n": limit.most,
        "hours": f"{limit.most / 60:g}",
    }


_PER_SAYS = {
    LimitPer.ALL: gettext_lazy("本期"),
    LimitPer.DAY: gettext_lazy("每天"),
    LimitPer.WEEK: gettext_lazy("每周"),
    LimitPer.MONTH: gettext_lazy("每月"),
}
_LIMIT_SAYS = {
    LimitUnit.SIGNUPS: gettext_lazy("%(per)s每人限报%(n)d项"),
    LimitUnit.SEATS: gettext_lazy("%(per)s每人限%(n)d个名额"),
    LimitUnit.MINUTES: gettext_lazy("%(per)s每人限%(hours)s小时"),
}


def own_cancel_deadline(signup: Signup) -> datetime | None:
    """Until when the worker may give it back and it costs nothing; None: as long as they
    like.

    A seat until ``Offering.cancel_until`` or the start, whichever comes first, so that
    somebody else can still use it; one that came to them late (``is_promoted_late``)
    until the start. Leaving a queue and declining an offer are always free.
    """
    if signup.status != SignupStatus.SEATED:
        return None
    if is_promoted_late(signup):
        return signup.offering.starts_at
    return cancel_deadline(signup.offering)


GRACE_HOURS = 24  # where no rules say otherwise


def is_promoted_late(signup: Signup, starts_at: datetime | None = None) -> bool:
    """Whether a seat came out of the queue so late before ``starts_at`` (the first
    occasion) that nobody can be blamed for not using it."""
    offering = signup.offering
    starts_at = starts_at or offering.starts_at
    if signup.promoted_at is None or starts_at is None:
        return False
    hours = offering.rules.grace_hours if offering.rules else GRACE_HOURS
    until = cancel_deadline(offering)
    return (
        signup.promoted_at >= starts_at - timedelta(hours=hours)
        or signup.promoted_at >= until
    )


def late_cost(signup: Signup, now: datetime) -> int | None:
    """What giving a seat back at ``now`` costs its worker in points, by the offering's
    rules; None while it is free."""
    until = own_cancel_deadline(signup)
    if until is None or now < until:
        return None
    rules = signup.offering.rules
    if rules is None:
        return None
    starts_at = signup.offering.starts_at
    if starts_at and now >= starts_at - timedelta(hours=rules.last_minute_hours):
        return max(rules.last_minute_points, rules.late_points)
    return rules.late_points


def cancel_deadline(offering: Offering) -> datetime | None:
    """Until when a seat of this offering may be given back."""
    limits = (offering.starts_at, offering.cancel_until)
    return min((limit for limit in limits if limit), default=None)


def cancel_reason(signup: Signup, now: datetime) -> Reason | None:
    """Why the worker may not cancel by themselves any more, or None."""
    if signup.offering.withdrawn_at is not None:
        return Reason("withdrawn", _("本项已停办，无需取消。"))
    until = own_cancel_deadline(signup)
    if until is None or now < until:
        return None
    starts_at = signup.offering.starts_at
    is_ruled = signup.offering.rules_id is not None
    if is_ruled and starts_at is not None and now < starts_at:
        return None  # late: ``late_cost`` says what it costs
    return Reason(
        "cancel_over",
        _("取消时间已过（%(until)s截止），如有困难请联系主办单位。")
        % {"until": dates.moment(until)},
    )


def accept_reasons(signup: Signup) -> list[Reason]:
    """Why the seats of a signup cannot be accepted now; never empty."""
    if signup.status == SignupStatus.LAPSED:
        text = _("确认时间已过（%(until)s截止），名额已递补给下一位。")
        until = dates.moment(signup.offer_until)
        return [Reason("offer_lapsed", text % {"until": until})]
    if signup.status != SignupStatus.OFFERED:
        return [Reason("nothing_offered", _("目前没有等您确认的名额。"))]
    spaced = [signup.offering_id] if signup.offering.kind in SPACED else []
    held = holdings.Held(signup.worker, [signup.offering_id], spaced)
    standing = Standing(offering=signup.offering, now=database_now())
    return list(_reasons_of_what_is_held(standing, held, signup.seats)) or [
        Reason("busy", _("暂时无法确认，请稍后再试。"))
    ]


def alternatives(
    offering: Offering, worker: Worker | None, *, now: datetime, most: int = 3
) -> list[Offering]:
    """What is alike and could be had by this person now, the soonest first: a free seat
    and nothing against it. Two queries, three for who holds something; one where nothing
    is alike."""
    if not offering.alike:
        return []
    others = Offering.objects.alike_to(offering).values_list("pk", flat=True)
    return [
        one.offering
        for one in sorted(
            look_up(list(others), worker, now=now).values(),
            key=lambda seen: (seen.offering.starts_at or seen.now, seen.offering.pk),
        )
        if not one.reasons and not one.would_wait
    ][:most]


def block_reasons(offering: Offering, union_org: UnionOrg, seats: int) -> list[Reason]:
    """Every reason against a block of ``seats`` seats for a union now."""
    standing = Standing(offering=offering, now=database_now())
    reasons = list(_reasons_of_time(standing))
    if not offering.max_block:
        reasons.append(Reason("no_blocks", _("本项不接受单位集体报名。")))
    elif not 1 <= seats <= offering.max_block:
        text = _("单位报名每次1至%(n)d个名额。") % {"n": offering.max_block}
        reasons.append(Reason("too_many_seats", text, field="seats"))
    return reasons or [Reason("full", _("名额和候补都已满。"))]


_PLAINLY = {
    "not_listed": gettext_lazy("本项尚未公开。"),
    "withdrawn": gettext_lazy("本项已停办。"),
    "over": gettext_lazy("本项已结束。"),
    "closed": gettext_lazy("报名已截止。"),
    "not_open": gettext_lazy("报名尚未开始。"),
    "left_union": gettext_lazy("本项限工会会员，您已不在原单位工会的名册上。"),
    "not_member": gettext_lazy("本项限工会会员，请向所在单位工会申请入会或登记会籍。"),
    "too_many_seats": gettext_lazy("名额数超过每人可报的数量。"),
    "returned_often": gettext_lazy("您一天内取消本项的次数过多，请过一天再报。"),
    "suspended": gettext_lazy("您的计分已满，暂停报名。"),
    "limit": gettext_lazy("您已报的项目达到了限报数。"),
    "clash": gettext_lazy("与您已报的项目时间冲突。"),
    "day_full": gettext_lazy("您当天的服务已达每天最多的小时数。"),
    "rest": gettext_lazy("与您已报的服务之间休息时间不足。"),
    "travel": gettext_lazy("与您已报的服务不在一处，路上时间不足。"),
    "choices_full": gettext_lazy("您登记的志愿已到上限，可以先退出一个再登记。"),
    "full": gettext_lazy("名额已满。"),
}


def plainly(code: str) -> str:
    """A reason in a sentence that needs no look at the offering: ``signups_take`` gives
    the code of the first of ``look``'s reasons."""
    return str(_PLAINLY[code])


def _reasons(standing: Standing, held: Held, seats: int):
    """Every reason against a sign-up, the one that decides the button first."""
    if standing.signup is not None:
        yield Reason("already", _already(standing))
    yield from _reasons_of_time(standing)
    if standing.worker is not None:
        yield from _reasons_of_who_asks(standing, held, seats)
    if standing.signup is None and (full := _full(standing, seats)):
        yield full


def _reasons_of_who_asks(standing: Standing, held: Held, seats: int):
    offering, worker = standing.offering, standing.worker
    if offering.is_members_only and worker.left_at is not None:
        yield Reason(
            "left_union",
            _(
                "本项限工会会员，您已不在“%(union)s”的名册上，请向现单位工会登记会籍或"
                "办理转会。"
            )
            % {"union": worker.union_org},
        )
    elif offering.is_members_only and not worker.is_member:
        yield Reason(
            "not_member", _("本项限工会会员，请向所在单位工会申请入会或登记会籍。")
        )
    if standing.signup is not None:
        return
    if standing.suspended_until is not None:
        at = standing.suspended_until
        text = _("您的有效计分已满%(points)d分，暂停报名至%(at)s。")
        points = offering.rules.block_points
        said = text % {"points": points, "at": dates.moment(at)}
        yield Reason("suspended", said, lifts_at=at)
    if not 1 <= seats <= offering.max_seats:
        text = _("每人最多报%(n)d个名额。") % {"n": offering.max_seats}
        yield Reason("too_many_seats", text, field="seats")
    yield from _reasons_of_what_is_held(standing, held, seats)
    if standing.draw is not None and standing.choices >= standing.draw.most_choices:
        text = _("您已登记%(n)d个志愿，每人最多%(n)d个，可以先退出一个再登记。")
        yield Reason("choices_full", text % {"n": standing.draw.most_choices})


def _already(standing: Standing) -> str:
    status = standing.signup.status
    if status == SignupStatus.WAITING:
        return _("您排在候补第%(rank)d位。") % {"rank": standing.rank}
    if status == SignupStatus.OFFERED:
        return _("已有名额等您确认。")
    if status == SignupStatus.APPLIED:
        if standing.signup.choice_rank is None:
            return _("您已报名，等待摇号。")
        text = _("您已登记为第%(n)d志愿，等待摇号。")
        return text % {"n": standing.signup.choice_rank}
    return _("您已报名。")


def _reasons_of_time(standing: Standing):
    offering, now = standing.offering, standing.now
    if not offering.is_listed:
        yield Reason("not_listed", _("本项尚未公开。"))
    if offering.withdrawn_at is not None:
        yield Reason("withdrawn", offering.withdrawn_reason or _("本项已停办。"))
    elif offering.ends_at is not None and offering.ends_at <= now:
        yield Reason("over", _("本项已结束。"))
    elif offering.closes_at <= now and not standing.is_spared:
        yield Reason(
            "closed",
            _("报名已于%(at)s截止。") % {"at": dates.moment(offering.closes_at)},
        )
    elif now < offering.opens_at:
        yield Reason(
            "not_open",
            _("报名于%(at)s开始。") % {"at": dates.moment(offering.opens_at)},
            lifts_at=offering.opens_at,
        )


def _reasons_of_what_is_held(standing, held, seats):
    offering = standing.offering
    left = sorted(held.left.get(offering.pk, []))
    if len(left) >= MOST_RETURNS:
        lifts_at = left[-MOST_RETURNS] + timedelta(days=1)
        text = _("您一天内已%(n)d次取消本项，%(at)s后可以再报。")
        said = text % {"n": len(left), "at": dates.moment(lifts_at)}
        yield Reason("returned_often", said, lifts_at=lifts_at)
    for _pk, mine in sorted(held.limits.get(offering.pk, {}).items()):
        limit = mine.limit
        each = seats if limit.unit == LimitUnit.SEATS else 1
        if mine.held + mine.amount * each > limit.most:
            yield Reason(
                "limit",
                _("%(limit)s，您已报：%(titles)s。")
                % {"limit": says(limit), "titles": "、".join(mine.titles)},
            )
    for title in held.clashes.get(offering.pk, []):
        yield Reason("clash", _("与您已报的“%(title)s”时间冲突。") % {"title": title})
    for near in held.near.get(offering.pk, []):
        text = _TOO_NEAR[near.code] % {"title": near.title, "n": near.needs}
        if near.free_from is not None:
            at = {"at": dates.moment(near.free_from)}
            text += _("您可以报%(at)s以后开始的服务。") % at
        yield Reason(near.code, text)


_TOO_NEAR = {
    "day_full": gettext_lazy("每天最多服务%(n)d小时，您当天已报“%(title)s”。"),
    "rest": gettext_lazy("与您已报的“%(title)s”相隔不足%(n)d分钟，须留出休息时间。"),
    "travel": gettext_lazy(
        "与您已报的“%(title)s”不在一处，相隔不足%(n)d分钟，须留出路上的时间。"
    ),
}


def _full(standing: Standing, seats: int) -> Reason | None:
    """No seat, and no queue (and no draw) that one could join."""
    limit = standing.offering.waitlist_limit
    is_unknown = standing.worker is None and standing.reserved_left
    if standing.left >= seats or is_unknown:
        return None
    if standing.has_begun:
        return Reason("full", _("名额已满，已经开课，不再候补。"))
    if standing.offering.mode == Mode.DRAW or limit is None or standing.waiting < limit:
        return None
    return Reason("full", _("名额和候补都已满。") if limit else _("名额已满。"))
