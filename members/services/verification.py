"""Verbs by which an account becomes that of a worker on the roster, and stops being so.

Lock order: User, then the fingerprints of what is tried (advisory, in their own order),
then Worker. Tries are counted under the locks of all they count for, so that twenty
posts at once are twenty tries one after the other.
"""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from common import audit, crypto, dates, history, letters
from common.enums import AuditOutcome, AuditVerb
from common.errors import Reason, Refusal
from members import identity, notices, spellings
from members.enums import ConsentKind, TryOutcome
from members.models import UnionOrg, User, VerificationTry, Worker
from members.services import consents
from members.services.notices import notify

# Three wrong tries lock for a day.
MAX_WRONG_TRIES = 3
LOCKED_FOR = timedelta(days=1)
# the text on the page that the consent was given to; a new text is a new version
IDENTITY_NOTICE = "2026-11"


@dataclass(frozen=True)
class TriesLeft:
    """How an account stands: ``left`` tries, or none until ``lifts_at``."""

    left: int
    lifts_at: datetime | None = None


def tries_left(user: User, *, now: datetime) -> TriesLeft:
    """How many tries an account has left at ``now``, the database's clock.

    Nothing is stored but the tries: whoever was wrong three times within a day waits a
    day from the third. A wrong try is forgotten after a day. Those of an earlier account
    of the same mobile number count too.
    """
    wrong = VerificationTry.objects.wrong()
    mine = wrong.filter(_by(user, _phone_key(user)))
    return _left_of(list(mine.values_list("at", flat=True)), now)


def forget_outdated() -> int:
    """Blank the fingerprints of tries that can count no more, and throw away those of
    closed accounts; how many rows. Called by ``tick``."""
    outdated = VerificationTry.objects.outdated()
    gone, _tables = outdated.filter(user__isnull=True).delete()
    marked = outdated.exclude(phone_hmac="", name_hmac="", number_hmac="")
    return gone + marked.update(phone_hmac="", name_hmac="", number_hmac="")


@dataclass(frozen=True)
class _Keys:
    """What a try counts for, beside its account: fingerprints."""

    phone_hmac: str
    name_hmac: str
    number_hmac: str

    def lock(self) -> None:
        """Wait for everybody who is trying one of the same things."""
        numbers = sorted(int(key[:15], 16) for key in asdict(self).values() if key)
        with connection.cursor() as cursor:
            for number in numbers:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])

    def tries_left(self, user: User, *, now: datetime) -> TriesLeft:
        """As the one of these stands that has the fewest tries left."""
        wrong = VerificationTry.objects.wrong()
        each = [_by(user, self.phone_hmac), Q(name_hmac=self.name_hmac)]
        if self.number_hmac:
            each.append(Q(number_hmac=self.number_hmac))
        found = [
            _left_of(list(wrong.filter(which).values_list("at", flat=True)), now)
            for which in each
        ]
        locked = [one for one in found if one.lifts_at]
        if locked:
            return max(locked, key=lambda one: one.lifts_at)
        return min(found, key=lambda one: one.left)


def _keys(user, union_org, name, last6, member_number) -> _Keys:
    """Of the number that is compared; ``""`` for none."""
    number = (
        last6 and f"identity:{last6}" or member_number and f"member:{member_number}"
    )
    return _Keys(
        phone_hmac=_phone_key(user),
        name_hmac=crypto.digest("try-name", f"{union_org.pk}:{name}"),
        number_hmac=number and crypto.digest("try-number", f"{union_org.pk}:{number}"),
    )


def _phone_key(user: User) -> str:
    return user.phone_hmac and crypto.digest("try-phone", user.phone_hmac) or ""


def _by(user: User, phone_hmac: str) -> Q:
    """The tries of an account, and of earlier ones of its number."""
    return Q(user=user) | Q(phone_hmac=phone_hmac) if phone_hmac else Q(user=user)


def _left_of(tries: list[datetime], now: datetime) -> TriesLeft:
    """How one stands whose wrong ``tries``, the newest first, these are."""
    if tries:
        latest = tries[0]
        together = [at for at in tries if at > latest - LOCKED_FOR]
        if len(together) >= MAX_WRONG_TRIES and now < latest + LOCKED_FOR:
            return TriesLeft(0, latest + LOCKED_FOR)
    return TriesLeft(MAX_WRONG_TRIES - sum(at > now - LOCKED_FOR for at in tries))


def database_now() -> datetime:
    """The clock that counts the day of a lock, as of this statement: ``now()`` stands
    still from the moment a transaction began to wait for its lock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement_timestamp()")
        return cursor.fetchone()[0]


def verify(
    *,
    user: User,
    union_org: UnionOrg,
    name: str,
    identity_last6: str = "",
    member_number: str = "",
    consented: bool = False,
) -> Worker:
    """Make ``user`` the log-in of the one row of ``union_org``'s roster that bears this
    name and identity number (its last six characters) or member number.

    However they are typed: names are compared as ``spellings`` has them, numbers as
    ``letters`` and ``identity`` do. What
    was typed is not kept. ``consented``: the person agreed to the comparison of the
    identity number (PIPL art. 29), needed with ``identity_last6`` only.

    A try counts for the account and its mobile number, for this name in this union and
    for this number in this union: three wrong ones lock each of them for a day.

    Raises Refusal and counts the try: ``not_on_roster``, the same whether name, number
    or union was wrong, the row has left or already has a log-in (the audit knows).
    Counts nothing: ``ambiguous`` when two rows match, ``already_verified``,
    ``no_consent``, ``locked`` with ``lifts_at``. Never inside another transaction: a
    wrong try that is rolled back would be a free one.
    """
    with transaction.atomic(durable=True):
        answer = _try(
            User.objects.select_for_update(of=("self",), no_key=True).get(pk=user.pk),
            union_org,
            spellings.comparable(name),
            identity.plain(identity_last6),
            letters.number(member_number),
            consented,
        )
    if isinstance(answer, Reason):
        raise Refusal(answer)
    return answer


def has_rested(user: User) -> bool:
    """Whether nobody has logged in to a verified worker's account for so long
    (settings.RESTED_DAYS) that its number may have been given to another person."""
    since = user.last_login or user.created_at
    rested = since <= timezone.now() - timedelta(days=settings.RESTED_DAYS)
    return rested and Worker.objects.filter(user=user).exists()


def recognise(*, user: User, identity_last6: str) -> None:
    """Whoever holds the number of ``user`` is the worker: the end of the identity number
    on the roster agrees. The tries are those of ``verify``, and so are their locks.

    Raises Refusal: ``not_recognised`` (counts), ``locked``, ``last6_missing``. Never
    inside another transaction.
    """
    last6 = letters.number(identity_last6)
    if not last6:
        text = _("请填写登录密码，或身份证号后六位")
        raise Refusal(Reason("last6_missing", text, field="identity_last6"))
    with transaction.atomic(durable=True):
        row = Worker.objects.select_related("union_org").get(user=user)
        user = User.objects.select_for_update(of=("self",), no_key=True).get(pk=user.pk)
        answer = _recognise(user, row, last6)
    if answer is not None:
        raise Refusal(answer.at("identity_last6"))


def _recognise(user, row, last6) -> Reason | None:
    name = spellings.comparable(row.name)
    keys = _keys(user, row.union_org, name, last6, "")
    keys.lock()
    before = keys.tries_left(user, now=database_now())
    if before.lifts_at:
        return _locked(before.lifts_at)
    known = crypto.digest("identity-last6", last6)
    if constant_time_compare(known, row.identity_last6_hmac):
        audit.record(
            AuditVerb.VERIFY_WORKER, by=user, of=row, after=_("久未登录，已核对")
        )
        return None
    _note(user, row.union_org, TryOutcome.WRONG, keys)
    _refused(user, row, _("久未登录，后六位不符"))
    return _wrong(keys.tries_left(user, now=database_now()))


def _try(user, union_org, name, last6, member_number, consented) -> Worker | Reason:
    if Worker.objects.filter(user=user).exists():
        return Reason("already_verified", _("您的账号已经认证了职工身份。"))
    if last6 and not consented:
        text = _("请先阅读说明，同意核对证件号后六位，再打勾。")
        return Reason("no_consent", text, field="consent")
    keys = _keys(user, union_org, name, last6, member_number)
    keys.lock()
    now = database_now()
    before = keys.tries_left(user, now=now)
    if before.lifts_at:
        return _locked(before.lifts_at)
    if last6:
        consents.give(
            user=user,
            kind=ConsentKind.IDENTITY,
            version=IDENTITY_NOTICE,
            given_at=now,
        )
    rows = _rows(union_org, name, last6, member_number)
    free = [row for row in rows if row.user_id is None]
    if len(rows) == 1 and free and _claim(free[0], user):
        _note(user, union_org, TryOutcome.MATCHED, keys, used_identity=bool(last6))
        audit.record(AuditVerb.VERIFY_WORKER, by=user, of=free[0])
        return free[0]
    if len(rows) > 1 and free:
        _note(user, union_org, TryOutcome.AMBIGUOUS, keys)
        _refused(user, free[0], _("名册中多条相符"))
        text = _(
            "名册中有多条记录与您填写的相符，无法自动认证。请联系所在单位工会或服务台"
            "当面认证。"
        )
        return Reason("ambiguous", text)
    _note(user, union_org, TryOutcome.WRONG, keys)
    # a taken row costs the same statements as none: the clock tells no more than we do
    if rows:
        _refused(user, rows[0], _("名册该行已有账号"))
    else:
        _refused(user, union_org, _("与名册不符"))
    return _wrong(keys.tries_left(user, now=database_now()))


def _rows(union_org, name, last6, member_number) -> list[Worker]:
    """The rows on the roster of this union, not left, that bear what was typed."""
    rows = Worker.objects.filter(union_org=union_org, left_at__isnull=True)
    if last6:
        rows = rows.filter(identity_last6_hmac=crypto.digest("identity-last6", last6))
    elif member_number:
        rows = rows.filter(member_number__iexact=member_number)
    else:
        return []
    return [row for row in rows if spellings.comparable(row.name) == name]


def _claim(row: Worker, user: User) -> bool:
    """Whether ``row`` became the user's: nobody was quicker, and it is still there."""
    claimed = Worker.objects.filter(
        pk=row.pk, user__isnull=True, left_at__isnull=True
    ).update(user=user, verified_at=Now(), updated_at=Now())
    if claimed:
        row.refresh_from_db()
    return bool(claimed)


def _note(user, union_org, outcome, keys, *, used_identity=False) -> None:
    counts = asdict(keys) if outcome == TryOutcome.WRONG else {}
    VerificationTry.objects.create(
        user=user,
        union_org=union_org,
        outcome=outcome,
        used_identity=used_identity,
        **counts,
    )


def _refused(user, of, why) -> None:
    audit.record(
        AuditVerb.VERIFY_WORKER,
        by=user,
        of=of,
        outcome=AuditOutcome.REFUSED,
        reason=str(why),
    )


def _wrong(after: TriesLeft) -> Reason:
    if after.lifts_at:
        text = _(
            "所填信息与名册不符，已连续%(n)d次。请于%(at)s后再试，或请所在单位工会、"
            "服务台当面认证。"
        ) % {"n": MAX_WRONG_TRIES, "at": dates.moment(after.lifts_at)}
        return Reason("not_on_roster", text, lifts_at=after.lifts_at)
    text = _(
        "所填信息与名册不符，还可以再试%(n)d次。请核对所填各项；确认无误的，请联系"
        "所在单位工会或服务台。"
    )
    return Reason("not_on_roster", text % {"n": after.left})


def _locked(lifts_at: datetime) -> Reason:
    text = _("已连续%(n)d次不符，请于%(at)s后再试，或请所在单位工会、服务台当面认证。")
    return Reason(
        "locked",
        text % {"n": MAX_WRONG_TRIES, "at": dates.moment(lifts_at)},
        lifts_at=lifts_at,
    )


@transaction.atomic
@history.on_record
def verify_by_hand(*, worker: Worker, user: User, by: User, reason: str) -> Worker:
    """A steward or the desk saw the person and their papers: ``worker``'s log-in is
    ``user`` from now on. No lock-out holds here.

    Raises Refusal: ``own_account`` (nobody recognises themselves), ``account_closed``,
    ``already_verified``, ``row_taken``, ``row_left``, ``reason_missing``.
    """
    user = User.objects.select_for_update(of=("self",), no_key=True).get(pk=user.pk)
    row = Worker.objects.select_for_update(of=("self",), no_key=True).get(pk=worker.pk)
    grounds = []
    if user.pk == by.pk:
        text = _("不能为自己的账号认证，请由其他人员办理。")
        grounds.append(Reason("own_account", text, field="phone"))
    if not user.is_active:
        text = _("该账号已停用。")
        grounds.append(Reason("account_closed", text, field="phone"))
    if Worker.objects.filter(user=user).exclude(pk=row.pk).exists():
        text = _("该账号已认证为另一位职工。")
        grounds.append(Reason("already_verified", text, field="phone"))
    if row.user_id is not None:
        grounds.append(Reason("row_taken", _("该职工已有账号，请先解除原认证。")))
    if row.left_at is not None:
        grounds.append(Reason("row_left", _("该职工已不在册。")))
    grounds += _no_reason(reason)
    if grounds:
        raise Refusal(*grounds)
    row.user, row.verified_at = user, database_now()
    row.save(update_fields=["user", "verified_at", "updated_at"])
    audit.record(AuditVerb.VERIFY_WORKER, by=by, of=row, reason=reason)
    _tell(notices.VERIFIED, user, row, {"title": row.union_org.name}, by)
    return row


@transaction.atomic
@history.on_record
def undo(*, worker: Worker, by: User | None, reason: str) -> Worker:
    """Part a worker's row from its log-in; whose it was can be recognised again.

    What the worker asked for stays theirs. Raises Refusal: ``not_verified``,
    ``own_account``, ``reason_missing``.
    """
    row = Worker.objects.select_for_update(of=("self",), no_key=True).get(pk=worker.pk)
    grounds = []
    if row.user_id is None:
        grounds.append(Reason("not_verified", _("该职工没有关联账号。")))
    elif by is not None and row.user_id == by.pk:
        text = _("不能解除自己的认证，请由其他人员办理。")
        grounds.append(Reason("own_account", text))
    grounds += _no_reason(reason)
    if grounds:
        raise Refusal(*grounds)
    user = row.user
    part(row)
    audit.record(
        AuditVerb.VERIFY_WORKER, by=by, of=row, reason=reason, after=_("已解除认证")
    )
    _tell(notices.UNVERIFIED, user, row, {}, by)
    return row


def _tell(kind, user: User, row: Worker, facts, by: User | None) -> None:
    notify(
        kind=kind,
        to={user.pk: None},
        about=f"worker:{row.pk}",
        facts=facts,
        url_name="my-verify",
        but=by,
    )


def part(row: Worker) -> None:
    """The row, locked by the caller, loses its log-in."""
    row.user = row.verified_at = None
    row.save(update_fields=["user", "verified_at", "updated_at"])


def _no_reason(reason: str) -> list[Reason]:
    if reason.strip():
        return []
    return [Reason("reason_missing", _("请写明原因。"), field="reason")]
