"""Sending a text: who may still ask for one, and what became of it.

One advisory lock for the whole site, held while the texts of the last hour are counted
and the new row is put beside them; never while the gateway is called. Nothing else is
locked.
"""

import logging
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count, Q
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from common import crypto, dates
from common.errors import Reason, Refusal
from members import sms
from members.captcha import Captcha
from members.enums import SmsOutcome
from members.models import SmsMessage, User

log = logging.getLogger("portal.sms")

_LOCK = 0x534D53  # any number of our own
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SHOWN = 3  # addresses in ``usage``


def send(
    *,
    kind: str,
    phone: str,
    text: str,
    address: str | None,
    user: User | None = None,
    by: User | None = None,
    captcha: Captcha | None = None,
) -> SmsMessage:
    """Send one text to a canonical number, at most once, or say why not.

    ``user`` has that number, ``by`` is logged in and asks for the text; it counts for
    ``by`` if there is one. ``address`` is the visitor's, or None where nobody asked for
    the text (then no captcha is needed); ``captcha`` is used up only if it was needed,
    and given back if the text did not go out. The outcome is ``sent`` or ``unknown`` (the
    text may arrive, and counts). Raises Refusal: ``too_soon``, ``address_busy`` (both
    with the time they lift), ``captcha``, ``site_busy``, ``not_sent``. All limits are
    settings.

    The last part of the site's hour is kept for numbers with an account. Then the
    message ``is_crowded``, whoever asks, and an unknown number gets no text (outcome
    ``withheld``): the caller says the same to both.
    """
    message = _reserve(
        kind=kind, phone=phone, address=address, user=user, by=by, captcha=captcha
    )
    if message.outcome == SmsOutcome.WITHHELD:
        sms.linger()
        return message
    outcome = sms.deliver(sms.Text(key=message.pk, to=phone, text=text))
    SmsMessage.objects.filter(pk=message.pk).update(outcome=outcome)
    message.outcome = outcome
    did_not_go = outcome in (SmsOutcome.REFUSED, SmsOutcome.FAILED)
    if did_not_go and not message.is_crowded:
        if captcha:
            captcha.give_back()
        raise Refusal(Reason("not_sent", _("短信没有发出，请稍后再试一次")))
    return message


def tell(*, kind: str, phone: str, text: str, user: User) -> None:
    """Send a text that nobody asked for. What could not be sent is logged and no more:
    what it tells of has happened. The limits of the number and of the site hold."""
    try:
        send(kind=kind, phone=phone, text=text, address=None, user=user)
    except Refusal as refusal:
        log.warning("Not told (%s): %s", kind, ", ".join(sorted(refusal.codes)))


def captcha_level(address: str) -> int | None:
    """Of the captcha that the next text to this address needs, by how many were asked
    for from there within the hour; None for none. Read without the lock: for showing
    the question."""
    return _level(address, _now())


@dataclass(frozen=True)
class Usage:
    """How many texts went out, and where those who asked are: what staff see."""

    hour: int
    most: int  # an hour
    day: int
    withheld: int  # within the day
    addresses: list[tuple[str, int]]  # of the day: a fingerprint's first digits, texts

    @property
    def percent(self) -> int:
        return 100 * self.hour // self.most if self.most else 100


def usage() -> Usage:
    """Texts of the last hour and day, and the addresses that asked most. Two queries."""
    day = SmsMessage.objects.since(Now() - DAY)
    spent = SmsMessage.objects.spent()
    counts = day.aggregate(
        hour=Count("pk", filter=Q(pk__in=spent, created_at__gt=Now() - HOUR)),
        day=Count("pk", filter=Q(pk__in=spent)),
        withheld=Count("pk", filter=Q(outcome=SmsOutcome.WITHHELD)),
    )
    busiest = (
        day.exclude(address_hmac="")
        .values_list("address_hmac")
        .annotate(asked=Count("pk"))
        .order_by("-asked", "address_hmac")[:SHOWN]
    )
    return Usage(
        most=settings.SMS_SITE_HOURLY,
        addresses=[(mark[:8], asked) for mark, asked in busiest],
        **counts,
    )


def forget_outdated() -> int:
    """Throw away what is known of texts older than half a year; how many rows. Called
    by ``tick``."""
    forgotten, _tables = SmsMessage.objects.outdated().delete()
    return forgotten


@transaction.atomic
def _reserve(*, kind, phone, address, user, by, captcha) -> SmsMessage:
    _take_turns()
    now = _now()
    spent = SmsMessage.objects.spent().since(now - HOUR).count()
    grounds = [
        *_too_soon(phone, by, now),
        *_address_is_busy(address, now),
        *_site_is_busy(spent),
    ]
    if grounds:
        raise Refusal(*grounds)
    _ask_captcha(address, captcha, now)
    kept = round(settings.SMS_SITE_HOURLY * settings.SMS_SITE_KEPT)
    is_crowded = spent >= settings.SMS_SITE_HOURLY - kept
    message = SmsMessage(
        kind=kind,
        phone_hmac=crypto.digest("sms-phone", phone),
        address_hmac=crypto.digest("sms-address", address) if address else "",
        user=by or user,
    )
    if is_crowded and message.user is None:
        message.outcome = SmsOutcome.WITHHELD
    message.save(force_insert=True)
    message.is_crowded = is_crowded
    return message


def _take_turns() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def _now():
    """The database's clock by which rows are stamped, as it stands now that everybody
    before has had their turn (``now()`` would be when the transaction began)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement_timestamp()")
        return cursor.fetchone()[0]


def _too_soon(phone, by, now):
    """The ground for refusing another text to this number, or for this account, which
    may name any number as its new one."""
    within_hour = SmsMessage.objects.counted().since(now - HOUR)
    most = settings.SMS_NUMBER_HOURLY
    sent = _latest(within_hour.to_phone(phone), most)
    lifts = []
    if sent:
        lifts.append(sent[0] + timedelta(seconds=settings.SMS_NUMBER_SECONDS))
    if len(sent) >= most:
        lifts.append(sent[most - 1] + HOUR)
    if by is not None:
        most = settings.SMS_ACCOUNT_HOURLY
        sent = _latest(within_hour.of_account(by), most)
        if len(sent) >= most:
            lifts.append(sent[most - 1] + HOUR)
    lifts_at = max(lifts, default=now)
    if lifts_at <= now:
        return []
    text = _("发送太频繁，%(wait)s后可重发") % {"wait": _in_words(lifts_at - now)}
    return [Reason("too_soon", text, lifts_at=lifts_at)]


def _latest(messages, most) -> list:
    """When the latest of them were asked for."""
    times = messages.order_by("-created_at").values_list("created_at", flat=True)
    return list(times[:most])


def _in_words(wait: timedelta) -> str:
    seconds = -(-wait // timedelta(seconds=1))
    if seconds <= 120:
        return _("%(n)d秒") % {"n": seconds}
    return _("%(n)d分钟") % {"n": -(-seconds // 60)}


def _address_is_busy(address, now):
    """The ground for refusing more texts to one address for a while."""
    if address is None:
        return []
    most = settings.SMS_ADDRESS_DAILY
    within_day = SmsMessage.objects.counted().since(now - DAY)
    sent = _latest(within_day.from_address(address), most)
    if len(sent) < most:
        return []
    lifts_at = sent[-1] + DAY
    log.warning("An address has asked for all its texts of a day.")
    text = _(
        "您所在的网络今天获取验证码的次数已满，请于%(at)s后再试，或换一个网络"
        "（如关闭Wi-Fi，用手机流量）。设过密码的可以用密码登录"
    ) % {"at": dates.moment(lifts_at)}
    return [Reason("address_busy", text, lifts_at=lifts_at)]


def _site_is_busy(spent):
    if spent < settings.SMS_SITE_HOURLY:
        return []
    log.error("The whole site's ceiling of texts an hour is reached.")
    return [Reason("site_busy", _("现在获取验证码的人太多，请过一会儿再试"))]


def _level(address, now) -> int | None:
    """Five more asked for within the hour are a level more."""
    if address is None:
        return None
    asked = SmsMessage.objects.from_address(address).since(now - HOUR).count()
    over = asked - settings.SMS_ADDRESS_HOURLY
    return None if over < 0 else min(over // 5, settings.CAPTCHA_MOST)


def _ask_captcha(address, captcha, now) -> None:
    """Use the captcha up if one is needed. Raises Refusal: ``captcha``, or ``too_soon``
    when it is a sum and the last text to this address not long enough ago."""
    level = _level(address, now)
    if level is None:
        return
    lifts_at = now
    if level > 0:
        [last] = _latest(SmsMessage.objects.from_address(address), 1)
        wait = settings.CAPTCHA_SUM_SECONDS * 2 ** (level - 1)
        lifts_at = last + timedelta(seconds=wait)
    if captcha and captcha.redeem(level=level, takes_sum=lifts_at <= now):
        return
    if captcha and captcha.has_right_sum and lifts_at > now:
        text = _("现在获取验证码的人多，请过%(wait)s再按一次")
        text = text % {"wait": _in_words(lifts_at - now)}
        raise Refusal(Reason("too_soon", text, lifts_at=lifts_at))
    text = _("请先回答验证问题，再获取短信验证码")
    raise Refusal(Reason("captcha", text, field="answer"))
