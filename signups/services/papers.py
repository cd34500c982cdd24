"""Lists on paper: printed with a code on each line, photographed, typed back.

A code says which sheet and which line: two digits of the line and two that check them,
so that one wrong digit, or a code of another sheet, is noticed. What is typed back is
done by the same verbs and within the same limits as if the person did it themselves;
who did it and for whom stands on the rows.

Lock order: PaperSheet, then whatever the desk locks (holder, pool).
"""

from collections import Counter

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from common import dates, history, picturestore
from common.errors import Busy, Reason, Refusal
from common.picturestore import Kept
from common.services import after_commit
from members.models import UnionOrg, User, Worker
from signups.enums import (
    AttendanceState,
    PaperOutcome,
    PaperPurpose,
    SignupStatus,
)
from signups.models import Occasion, Offering, PaperLine, PaperSheet, Signup
from signups.services import attendance, checkin, seats
from signups.services.standing import database_now

SHELF = "papers"
LINES = 30  # of one sheet of A4
MOST_SHEETS = 20  # printed at once
_COUNTED = [PaperOutcome.DONE, PaperOutcome.WAITS, PaperOutcome.REFUSED]


def code_of(sheet: PaperSheet, number: int) -> str:
    """Four digits for one line. 97 is prime and the numbers below 100 are told apart by
    it, so one digit more or less always changes the check."""
    return f"{number:02d}{(number * 37 + sheet.pk * 13 + 5) % 97:02d}"


def line_of(sheet: PaperSheet, code: str) -> int | None:
    """The line whose code this is, or None."""
    is_code = len(code) == 4 and code.isascii() and code.isdigit()
    number = int(code[:2]) if is_code else 0
    return number if number and code_of(sheet, number) == code else None


@transaction.atomic
@history.on_record
def print_sheets(
    *,
    offering: Offering,
    union_org: UnionOrg,
    by: User,
    occasion: Occasion | None = None,
    with_accounts: bool = True,
) -> list[PaperSheet]:
    """Sheets of this union's own people: to sign up for an offering, or, of those with a
    seat, to tick who came to its ``occasion``. ``with_accounts=False`` leaves out who
    has a log-in and can do it themselves.

    Refusal: ``nobody``, ``too_many_people``, ``other_offering``.
    """
    if occasion is not None and occasion.offering_id != offering.pk:
        raise Refusal(Reason("other_offering", _("这一场不属于所报的项目。")))
    people = Worker.objects.filter(union_org=union_org, left_at__isnull=True)
    held = Signup.objects.filter(offering=offering)
    if occasion is not None:
        seated = held.filter(status=SignupStatus.SEATED, worker__isnull=False)
        people = people.filter(pk__in=seated.values("worker"))
    else:
        live = held.live().filter(worker__isnull=False)
        people = people.exclude(pk__in=live.values("worker"))
    if not with_accounts:
        people = people.filter(user__isnull=True)
    people = list(people.order_by("name", "pk")[: LINES * MOST_SHEETS + 1])
    if not people:
        raise Refusal(Reason("nobody", _("没有可列入名单的职工。")))
    if len(people) > LINES * MOST_SHEETS:
        text = _("一次最多打印%(n)d人，请按下级单位分别打印。")
        raise Refusal(Reason("too_many_people", text % {"n": LINES * MOST_SHEETS}))
    made = []
    for first in range(0, len(people), LINES):
        sheet = PaperSheet.objects.create(
            purpose=PaperPurpose.ATTENDANCE if occasion else PaperPurpose.SIGN_UP,
            offering=offering,
            occasion=occasion,
            union_org=union_org,
            printed_by=by,
        )
        PaperLine.objects.bulk_create(
            PaperLine(sheet=sheet, number=number, worker=worker)
            for number, worker in enumerate(people[first : first + LINES], start=1)
        )
        made.append(sheet)
    return made


@transaction.atomic
@history.on_record
def attach(*, sheet: PaperSheet, kept: Kept, by: User) -> PaperSheet:
    """The photo of the sheet as it was filled in; another one takes its place, whose
    fingerprint stays in the history. Refusal: ``closed``."""
    sheet = _open(sheet)
    sheet.photo_key, sheet.photo_sha256 = kept.key, kept.sha256
    sheet.photo_by, sheet.photo_at = by, Now()
    sheet.save(update_fields=["photo_key", "photo_sha256", "photo_by", "photo_at"])
    after_commit(picturestore.settle, SHELF, kept.key)
    return sheet


def forget_photos() -> int:
    """Delete photos that were uploaded and never attached; how many."""
    return picturestore.sweep(
        SHELF, lambda key: PaperSheet.objects.filter(photo_key=key).exists()
    )


def enter(*, sheet: PaperSheet, codes: list[str], by: User) -> list[PaperLine]:
    """Type ticked lines back by their codes, in as many goes as it takes. A wrong code
    stops it before anything is done; then each line is done by itself: who could not be
    signed up is named with every reason, the others are. A line that was entered before
    is left as it is. The lines that were entered now.

    Refusal: ``closed``, ``no_photo``, ``no_codes``, ``too_early`` (who came is not known
    before the door opens); at the field ``codes``: ``wrong_code``, ``twice``. Busy: the
    lines before it are entered.
    """
    grounds = _against_entering(sheet)
    numbers = {code: line_of(sheet, code) for code in codes}
    known = set(sheet.lines.values_list("number", flat=True))
    wrong = [code for code, number in numbers.items() if number not in known]
    if wrong:
        text = _("这些编码不是这张名单上的，请对照纸面核对：%(codes)s。")
        text %= {"codes": "、".join(wrong)}
        grounds.append(Reason("wrong_code", text, field="codes"))
    if twice := [code for code, n in Counter(codes).items() if n > 1]:
        text = _("这些编码录了两次：%(codes)s。") % {"codes": "、".join(twice)}
        grounds.append(Reason("twice", text, field="codes"))
    if not codes:
        grounds.append(Reason("no_codes", _("请填写打勾的行的编码。"), field="codes"))
    if grounds:
        raise Refusal(*grounds)
    entered = [_enter_one(sheet=sheet, number=numbers[c], by=by) for c in codes]
    return [line for line in entered if line is not None]


def _against_entering(sheet) -> list[Reason]:
    grounds = []
    if sheet.closed_at is not None:
        grounds.append(_closed())
    if not sheet.photo_key:
        grounds.append(Reason("no_photo", _("请先上传填好的名单的照片，再录入。")))
    if sheet.occasion is not None:
        opens_at = checkin.hours_of(sheet.occasion).opens_at
        if database_now() < opens_at:
            text = _("%(at)s起才能录入到场。") % {"at": dates.moment(opens_at)}
            grounds.append(Reason("too_early", text, lifts_at=opens_at))
    return grounds


def _closed() -> Reason:
    return Reason("closed", _("这张名单已核对完毕，不能再改。"))


def _open(sheet: PaperSheet) -> PaperSheet:
    sheet = (
        PaperSheet.objects.select_for_update(of=("self",), no_key=True)
        .select_related("offering", "occasion")
        .get(pk=sheet.pk)
    )
    if sheet.closed_at is not None:
        raise Refusal(_closed())
    return sheet


@transaction.atomic
@history.on_record
def _enter_one(*, sheet: PaperSheet, number: int, by: User) -> PaperLine | None:
    sheet = _open(sheet)
    line = sheet.lines.select_related("worker").get(number=number)
    if line.outcome in _COUNTED:
        return None
    act = _sign_up if sheet.purpose == PaperPurpose.SIGN_UP else _note
    try:
        line.signup, line.outcome = act(sheet, line, by)
        line.said = ""
    except Busy:
        raise
    except Refusal as refusal:
        line.signup, line.outcome = None, PaperOutcome.REFUSED
        line.said = str(refusal)[:300]
    line.entered_by, line.entered_at = by, Now()
    line.save()
    return line


def _sign_up(sheet, line, by):
    signup = seats.sign_up(offering_id=sheet.offering_id, worker=line.worker, by=by)
    has_seat = signup.status == SignupStatus.SEATED
    return signup, PaperOutcome.DONE if has_seat else PaperOutcome.WAITS


def _note(sheet, line, by):
    signup = checkin.seat_of(line.worker, sheet.occasion)
    if signup is None:
        raise Refusal(Reason("not_seated", _("没有名额，不能登记到场。")))
    # who has tapped is noted already, and better
    if not signup.attendances.filter(
        occasion=sheet.occasion, state__in=["present", "late", "made_up"]
    ).exists():
        attendance.note_attendance(
            signup=signup,
            occasion=sheet.occasion,
            state=AttendanceState.PRESENT,
            by=by,
        )
    return signup, PaperOutcome.DONE


@transaction.atomic
@history.on_record
def take_back(*, line: PaperLine, by: User) -> PaperLine:
    """A line was typed by mistake: what it brought about is undone by the desk's own
    verbs, and the person reads why. Twice is once. Refusal: ``closed``, and those of
    ``seats.cancel``."""
    sheet = _open(line.sheet)
    line = sheet.lines.select_related("signup").get(pk=line.pk)
    if line.outcome not in _COUNTED:
        return line
    if line.signup is not None and sheet.purpose == PaperPurpose.SIGN_UP:
        reason = _("纸质名单录入有误，已更正。")
        seats.cancel(signup=line.signup, by=by, reason=reason)
    elif line.signup is not None:
        attendance.note_attendance(
            signup=line.signup,
            occasion=sheet.occasion,
            state=AttendanceState.ABSENT,
            by=by,
        )
    line.outcome, line.said, line.signup = PaperOutcome.TAKEN_BACK, "", None
    line.entered_by, line.entered_at = by, Now()
    line.save()
    return line


def entered(sheet: PaperSheet) -> int:
    """How many lines were typed back and stand."""
    return sheet.lines.filter(outcome__in=_COUNTED).count()


@transaction.atomic
@history.on_record
def close(*, sheet: PaperSheet, total: int, by: User) -> PaperSheet:
    """Nothing more is typed back: what was counted on the paper agrees with it. Closing
    again with the same total is closing once.

    Refusal: ``no_photo``; ``difference`` at the field ``total``, which says how many are
    missing or too many; ``closed`` with another total.
    """
    stored = PaperSheet.objects.select_for_update(no_key=True).get(pk=sheet.pk)
    if stored.closed_at is not None and stored.total == total:
        return stored
    sheet = _open(sheet)
    grounds = []
    if not sheet.photo_key:
        grounds.append(Reason("no_photo", _("请先上传填好的名单的照片，再录入。")))
    done = entered(sheet)
    if done != total:
        words = {"total": total, "done": done, "n": abs(total - done)}
        text = (
            _("纸上合计%(total)d人，已录入%(done)d人，少录%(n)d人。")
            if done < total
            else _("纸上合计%(total)d人，已录入%(done)d人，多录%(n)d人。")
        )
        grounds.append(Reason("difference", text % words, field="total"))
    if grounds:
        raise Refusal(*grounds)
    sheet.total, sheet.closed_by, sheet.closed_at = total, by, Now()
    sheet.save(update_fields=["total", "closed_by", "closed_at"])
    return sheet
