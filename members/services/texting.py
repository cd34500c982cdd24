"""Sending a text: who may still ask for one, and what became of it.

One advisory lock for the whole site, held while the texts of the last hour are counted
and the new row is put beside them; never while the gateway is called. Nothing else is
locked.
"""

import logging
from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from common import crypto
from common.errors import Reason, Refusal
from members import sms
from members.captcha import Captcha
from members.enums import SmsOutcome
from members.models import SmsMessage, User

log = logging.getLogger("portal.sms")

_LOCK = 0x534D53  # any number of our own
HOUR = timedelta(hours=1)


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
    text may arrive, and counts). Raises Refusal: ``too_soon`` (with the time it lifts),
    ``captcha``, ``site_busy``, ``not_sent``. Limits: plan, T2; all are settings.
    """
    message = _reserve(
        kind=kind, phone=phone, address=address, user=user, by=by, captcha=captcha
    )
    outcome = sms.deliver(sms.Text(key=message.pk, to=phone, text=text))
    SmsMessage.objects.filter(pk=message.pk).update(outcome=outcome)
    message.outcome = outcome
    if outcome in (SmsOutcome.REFUSED, SmsOutcome.FAILED):
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


def is_captcha_needed(address: str) -> bool:
    """Whether so many texts were asked for from this address within the hour that the
    next one needs a captcha. Read without the lock: for showing the question."""
    return _needs_captcha(address, _now())


def forget_outdated() -> int:
    """Throw away what is known of texts older than half a year; how many rows. Called
    by ``tick``."""
    forgotten, _tables = SmsMessage.objects.outdated().delete()
    return forgotten


@transaction.atomic
def _reserve(*, kind, phone, address, user, by, captcha) -> SmsMessage:
    _take_turns()
    now = _now()
    grounds = [*_too_soon(phone, by, now), *_site_is_busy(now)]
    if grounds:
        raise Refusal(*grounds)
    if _needs_captcha(address, now) and not (captcha and captcha.redeem()):
        text = _("请先回答验证问题，再获取短信验证码")
        raise Refusal(Reason("captcha", text, field="answer"))
    return SmsMessage.objects.create(
        kind=kind,
        phone_hmac=crypto.digest("sms-phone", phone),
        address_hmac=crypto.digest("sms-address", address) if address else "",
        user=by or user,
    )


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


def _site_is_busy(now):
    asked = SmsMessage.objects.counted().since(now - HOUR).count()
    if asked < settings.SMS_SITE_HOURLY:
        return []
    log.error("The whole site's ceiling of texts an hour is reached.")
    return [Reason("site_busy", _("现在获取验证码的人太多，请过一会儿再试"))]


def _needs_captcha(address, now) -> bool:
    if address is None:
        return False
    asked = SmsMessage.objects.from_address(address).since(now - HOUR).count()
    return asked >= settings.SMS_ADDRESS_HOURLY
