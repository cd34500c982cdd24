"""Checking in at an occasion: a code that changes every half minute shows that somebody
is where it is shown.

For every wing. Whoever leads shows ``code_of`` (pages: ``signups.rollcall``); a person
who holds a seat opens the address of the occasion and taps (``check_in``, ``check_out``).
What they may is read from the offering's rules (``hours_of``). Everything is judged by
the database's clock; the clocks of telephones and of this process mean nothing.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common import crypto, dates, history
from common.errors import Reason, Refusal
from common.pace import Pace
from members.models import User, Worker
from signups.enums import AttendanceState, SignupStatus
from signups.models import Attendance, Occasion, Rules, Signup
from signups.services.standing import database_now

STEP = 30  # seconds; a code holds in its own half minute and in those beside it
DIGITS = 6
OUT_LATER = timedelta(minutes=30)  # one may check out so long after the end

# wrong codes of one account at one occasion, in each process: three codes of a million
# hold at a time
tries = Pace(10, 600)


@dataclass(frozen=True)
class Hours:
    """When one may check in to an occasion, and what it means."""

    opens_at: datetime
    late_from: datetime
    closes_at: datetime
    out_until: datetime | None  # None where nobody checks out

    def is_open(self, now: datetime) -> bool:
        """Whether somebody may check in now."""
        return self.opens_at <= now < self.closes_at

    def shows_code(self, now: datetime) -> bool:
        """Whether a code is of use now: to check in, or out."""
        return self.opens_at <= now < (self.out_until or self.closes_at)


def hours_of(occasion: Occasion) -> Hours:
    """The hours of an occasion by its offering's rules, or by the usual ones where it
    has none. Reads ``occasion.offering.rules``."""
    rules = occasion.offering.rules or Rules()
    minutes = {"before": rules.check_in_minutes, "late": rules.late_minutes}
    return Hours(
        opens_at=occasion.starts_at - timedelta(minutes=minutes["before"]),
        late_from=occasion.starts_at + timedelta(minutes=minutes["late"]),
        closes_at=occasion.ends_at,
        out_until=occasion.ends_at + OUT_LATER if rules.checks_out else None,
    )


def open_for(signup: Signup, now: datetime) -> int | None:
    """The id of the occasion that this signup's person may check in to now, or None.
    Asks nothing: reads what ``SignupQuerySet.for_my_page`` annotates."""
    if signup.status != SignupStatus.SEATED or signup.next_id is None:
        return None
    coming = Occasion(
        offering=signup.offering, starts_at=signup.next_at, ends_at=signup.next_ends
    )
    return signup.next_id if hours_of(coming).is_open(now) else None


@dataclass(frozen=True)
class Code:
    """Six digits, and for how many whole seconds they are the newest (at least 1)."""

    digits: str
    seconds: int


def code_of(occasion: Occasion, now: datetime | None = None) -> Code:
    """What to show at the door at this moment of the database's clock."""
    stamp = (now or database_now()).timestamp()
    return Code(
        _digits(_door(occasion), int(stamp // STEP)), max(1, int(STEP - stamp % STEP))
    )


def _door(occasion: Occasion) -> int:
    """Whose code opens an occasion: its own, or the one it shares a door with."""
    return occasion.door_id or occasion.pk


def _digits(occasion_id: int, step: int) -> str:
    mixed = crypto.digest("check-in", f"{occasion_id}:{step}")
    return f"{int(mixed[:15], 16) % 10**DIGITS:0{DIGITS}d}"


def _is_right(occasion: Occasion, typed: str, now: datetime) -> bool:
    step = int(now.timestamp() // STEP)
    good = [_digits(_door(occasion), near) for near in (step - 1, step, step + 1)]
    given = typed.encode()
    return any(hmac.compare_digest(code.encode(), given) for code in good)


def seat_of(worker: Worker, occasion: Occasion) -> Signup | None:
    """The signup by which this worker is to come to an occasion, or None."""
    return Signup.objects.filter(
        worker=worker, offering=occasion.offering_id, status=SignupStatus.SEATED
    ).first()


@transaction.atomic
@history.on_record
def check_in(
    *,
    occasion: Occasion,
    worker: Worker,
    code: str,
    by: User,
    people: int | None = None,
) -> Attendance:
    """Write down that this worker is here, in time or late by the clock; ``people`` of
    their party, all of it where nothing is said. Checking in twice is checking in once,
    whatever the second code. What staff noted is left alone, but for an absence of
    somebody who had not tapped yet: they came after all.

    ``by`` is the worker's own account, or that of a steward or the service desk, who
    are shown the same code at the same place: the limits are the same.

    Refusal: ``not_seated``, ``occasion_cancelled``, ``called_off``, ``too_early`` (lifts
    when it opens), ``over``, ``wrong_code``, ``too_many_tries``, ``too_many_people``.
    """
    now = database_now()
    signup, row = _locked(occasion, worker)
    if row is not None and (row.state in _HERE or row.arrived_at):
        return row
    hours = hours_of(occasion)
    grounds = _closed(occasion, now, hours.opens_at, hours.closes_at)
    people = signup.seats if people is None else people
    if not 1 <= people <= signup.seats:
        text = _("到场人数应为1至%(n)d。") % {"n": signup.seats}
        grounds.append(Reason("too_many_people", text, field="people"))
    _check(grounds, occasion, code, by, now)
    late = now >= hours.late_from
    row = row or Attendance(signup=signup, occasion=occasion)
    row.state = AttendanceState.LATE if late else AttendanceState.PRESENT
    row.people, row.noted_by = people, by
    row.arrived_at = now
    row.save()
    return row


@transaction.atomic
@history.on_record
def check_out(*, occasion: Occasion, worker: Worker, code: str, by: User) -> Attendance:
    """Write down that this worker goes now. Twice is once: the first time stands.

    Refusal: ``no_check_out`` (these rules ask for none), ``not_in`` (they never checked
    in), and those of ``check_in``.
    """
    now = database_now()
    _signup, row = _locked(occasion, worker)
    if row is not None and row.left_at is not None:
        return row
    until = hours_of(occasion).out_until
    if until is None:
        raise Refusal(Reason("no_check_out", _("这一场不用签退。")))
    grounds = _closed(occasion, now, None, until)
    if row is None or row.arrived_at is None:
        text = _("您还没有签到，不能签退。请联系带班的老师或负责人。")
        grounds.append(Reason("not_in", text))
    _check(grounds, occasion, code, by, now)
    row.left_at, row.noted_by = now, by
    row.save(update_fields=["left_at", "noted_by"])
    return row


_HERE = (AttendanceState.PRESENT, AttendanceState.LATE, AttendanceState.MADE_UP)


def _locked(occasion: Occasion, worker: Worker):
    """(signup, attendance or None), the signup locked: taps of one person come one after
    the other, and after a roll that is being saved."""
    signup = (
        Signup.objects.select_for_update(of=("self",), no_key=True)
        .filter(
            worker=worker, offering=occasion.offering_id, status=SignupStatus.SEATED
        )
        .first()
    )
    if signup is None:
        raise Refusal(Reason("not_seated", _("没有这一场的名额，不能签到。")))
    return signup, Attendance.objects.filter(signup=signup, occasion=occasion).first()


def _closed(occasion, now, opens_at, closes_at) -> list[Reason]:
    grounds = []
    if occasion.offering.withdrawn_at is not None:
        grounds.append(Reason("called_off", _("这一项已停办。")))
    if occasion.cancelled_at is not None:
        grounds.append(Reason("occasion_cancelled", _("这一场已取消。")))
    if opens_at is not None and now < opens_at:
        text = _("还没有到签到时间，%(at)s起可以签到。")
        text %= {"at": dates.moment(timezone.localtime(opens_at))}
        grounds.append(Reason("too_early", text, lifts_at=opens_at))
    if now >= closes_at:
        text = _("时间已过，请联系带班的老师或负责人登记。")
        grounds.append(Reason("over", text))
    return grounds


def _check(grounds: list[Reason], occasion, code: str, by: User, now) -> None:
    """Raise what stands against it. A code is judged only where it could be of use, so
    that nobody spends tries before the door opens."""
    if grounds:
        raise Refusal(*grounds)
    key = (by.pk, occasion.pk)
    if rest := tries.rest(key):
        text = _("签到码输错多次，请%(n)d分钟后再试，或请老师登记。")
        text %= {"n": -(-rest // 60)}
        raise Refusal(Reason("too_many_tries", text, field="code"))
    if not _is_right(occasion, code.strip(), now):
        tries.wait(key)
        text = _("签到码不对或已过期。请看现场屏幕上现在的6位数字。")
        raise Refusal(Reason("wrong_code", text, field="code"))
