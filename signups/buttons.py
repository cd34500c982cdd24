"""The one state button under an offering, and the one line of reason beneath it.

What it says comes from ``services.standing``; nothing here decides anything.
"""

from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common import dates
from signups.enums import UNNUMBERED, Mode, OfferingKind, SignupStatus
from signups.models import Offering
from signups.services.standing import (
    Standing,
    cancel_reason,
    late_cost,
    own_cancel_deadline,
)

# after these nothing more needs saying
_SPOKEN_FOR = {
    "signed_up",
    "waiting",
    "applied",
    "drawing",
    "offered",
    "withdrawn",
    "over",
    "running",
    "closed",
}

_PAST = {"withdrawn", "over", "closed"}

TIGHT = 0.2  # at this share of seats left and below, the words turn to a warning


@dataclass
class Button:
    """``method`` is "get" or "" (nothing to press); ``tone`` names the style: primary,
    line, off, ok or warn.

    ``line`` is the sentence under the button, ``reasons`` the further ones, ``extra_*``
    a second, quieter action. ``lifts_at`` is when the button will change by itself.
    """

    state: str
    label: str
    tone: str = "off"
    method: str = ""
    url: str = ""
    line: str = ""
    reasons: list[str] = field(default_factory=list)
    extra_label: str = ""
    extra_url: str = ""
    lifts_at: datetime | None = None

    @property
    def is_active(self) -> bool:
        return bool(self.method)


def button(standing: Standing, *, user) -> Button:
    """What to show ``user`` for this standing: the table of states of a class card."""
    made = _held(standing) or _closed(standing)
    if made is None:
        made = _for_visitor(standing) if standing.worker is None else _open(standing)
        if standing.worker is None and user.is_authenticated:
            made = _without_worker(standing)
    if made.state in _SPOKEN_FOR:
        return made
    made.reasons = [
        reason.text
        for reason in standing.reasons
        if reason.code != "not_open" and reason.text != made.line
    ]
    return made


def seats_line(standing: Standing) -> tuple[str, bool]:
    """“余5席”, “名额紧张，余2席” or “已满”, and whether it is a warning. Empty when no
    seat can be had any more, however many are left."""
    codes = standing.codes
    if "withdrawn" in codes:
        return "", False
    if standing.offering.mode == Mode.DRAW:
        # nothing is taken before the results, and nobody comes first
        return _("共%(n)d席，摇号") % {"n": standing.capacity}, False
    if _PAST.intersection(codes):
        return "", False
    if "not_open" in codes:
        return _("共%(n)d席") % {"n": standing.capacity}, False
    if standing.left:
        is_tight = standing.left <= standing.capacity * TIGHT
        return _seats_left(standing.left, standing.reserved_left, is_tight), is_tight
    if standing.reserved_left:
        return _("余%(n)d席为预留名额") % {"n": standing.reserved_left}, True
    return _("已满"), False


def open_until(standing: Standing) -> str:
    """Until when a free seat can be had; with that it has begun, which whoever comes
    late is to know."""
    text = _("报名至%(at)s")
    if standing.has_begun:
        is_class = standing.offering.kind == OfferingKind.CLASS
        text = _("已开课，报名至%(at)s") if is_class else _("已开始，报名至%(at)s")
    return text % {"at": dates.moment(standing.offering.closes_at)}


@lru_cache(maxsize=1_000)
def _seats_left(left, reserved_left, is_tight):
    words = _("名额紧张，余%(n)d席") if is_tight else _("余%(n)d席")
    words %= {"n": left}
    if reserved_left:
        words += _("，另预留%(n)d席") % {"n": reserved_left}
    return words


def _held(standing):
    signup = standing.signup
    if signup is None:
        return None
    if signup.status == SignupStatus.OFFERED:
        return _offered(standing)
    if signup.status == SignupStatus.APPLIED:
        return _entered(standing)
    made = _seated(signup) if signup.status == SignupStatus.SEATED else _waits(standing)
    if cancel_reason(signup, standing.now) is None:
        made.extra_label = (
            _("取消报名") if signup.status == SignupStatus.SEATED else _("取消候补")
        )
        made.extra_url = reverse("signups:signup-cancel", args=[signup.pk])
        if until := own_cancel_deadline(signup):
            made.line = _("%(until)s前可取消") % {"until": dates.moment(until)}
        if cost := late_cost(signup, standing.now):
            made.line = _("取消时间已过，现在取消计%(n)d分") % {"n": cost}
    elif signup.status == SignupStatus.SEATED:
        made.line = _("取消时间已过")
    return made


def _seated(signup):
    is_drawn = signup.choice_rank is not None and signup.promoted_at is None
    return Button("signed_up", _("已中签") if is_drawn else _("已报名"), tone="ok")


def _waits(standing):
    label = _("候补中 · 第%(rank)d位")
    if standing.signup.choice_rank and standing.signup.queue_no != UNNUMBERED:
        label = _("未中签 · 候补第%(rank)d位")
        if standing.signup.queue_no == 0:
            label = _("中签未能占座 · 候补第%(rank)d位")
    return Button(
        "waiting",
        label % {"rank": standing.rank},
        tone="warn",
        line=_("共%(n)d人候补") % {"n": standing.waiting},
    )


def _entered(standing):
    """In a draw: what one asked for, or that it is being decided."""
    draw, rank = standing.draw, standing.signup.choice_rank
    if draw is None:
        made = Button("applied", _("待摇号"), tone="ok")
    elif standing.now < standing.offering.closes_at:
        made = Button(
            "applied",
            _("已登记 · 第%(rank)d志愿") % {"rank": rank},
            tone="ok",
            line=_("%(at)s前可以调整")
            % {"at": dates.moment(standing.offering.closes_at)},
        )
    else:
        made = Button(
            "drawing",
            _("待摇号 · 第%(rank)d志愿") % {"rank": rank},
            tone="ok",
            line=_results_at(draw),
        )
    if draw is not None:
        made.extra_label, made.extra_url = _("我的志愿"), draw.get_absolute_url()
    return made


def _results_at(draw):
    return _("结果将于%(at)s公布") % {"at": dates.moment(draw.results_at)}


def _offered(standing):
    """One press away: the page says until when, and takes it or lets it go."""
    signup = standing.signup
    page = reverse("signups:signup-detail", args=[signup.pk])
    if signup.offer_until is not None and signup.offer_until <= standing.now:
        return Button(
            "waiting",
            _("逾期未确认"),
            line=_("名额已让给下一位"),
            extra_label=_("查看"),
            extra_url=page,
        )
    made = Button("offered", _("确认参加"), tone="primary", method="get", url=page)
    if signup.offer_until is not None:
        made.line = _("请于%(until)s前确认，逾期自动让给下一位") % {
            "until": dates.moment(signup.offer_until)
        }
    return made


def _closed(standing):
    offering = standing.offering
    codes = standing.codes
    if "not_listed" in codes:
        return Button("not_listed", _("尚未公开"))
    if "withdrawn" in codes:
        label = _("未开班") if offering.is_unopened else _("已停办")
        return Button("withdrawn", label, line=offering.withdrawn_reason)
    is_class = offering.kind == OfferingKind.CLASS
    if "over" in codes:
        return Button("over", _("已结课") if is_class else _("已结束"))
    if "closed" in codes and standing.draw is not None:
        return Button(
            "drawing",
            _("待摇号"),
            line=_results_at(standing.draw),
            extra_label=_("查看摇号"),
            extra_url=standing.draw.get_absolute_url(),
        )
    if "closed" in codes:
        return (
            Button("running", _("已开课") if is_class else _("已开始"))
            if standing.has_begun
            else Button("closed", _("报名已截止"))
        )
    if "not_open" in codes:
        return Button(
            "not_open",
            _("%(at)s 开始报名") % {"at": dates.moment(offering.opens_at)},
            lifts_at=offering.opens_at,
        )
    return None


def _for_visitor(standing):
    if standing.reasons:
        return _refused(standing)
    next_page = urlencode({"next": check_url(standing.offering)})
    waits = standing.would_wait
    at = {"at": dates.moment(standing.offering.closes_at)}
    line = open_until(standing)
    if waits:
        line = _("名额已满，候补登记至%(at)s") % at
        if standing.reserved_left:
            line = _("仅余预留名额，候补登记至%(at)s") % at
    label = _("登录后参加候补") if waits else _("登录后报名")
    if standing.draw is not None:
        label = _("登录后登记意愿")
        line = _("登记至%(at)s，摇号不分先后") % at
    return Button(
        "anonymous",
        label,
        tone="line" if waits else "primary",
        method="get",
        url=f"{reverse('account_login')}?{next_page}",
        line=line,
    )


def check_url(offering: Offering) -> str:
    """The page that says what will be asked for, in whose name."""
    return _check_url(offering.pk)


@lru_cache(maxsize=1_000)  # each open card has one
def _check_url(pk):
    return reverse("signups:signup-create", args=[pk])


def verify_url(offering: Offering) -> str:
    """Where a log-in without a worker becomes one, and goes on to the check page."""
    return f"{reverse('my-verify')}?{urlencode({'next': check_url(offering)})}"


def _without_worker(standing):
    return Button(
        "no_worker",
        _("认证职工身份后报名"),
        tone="line",
        method="get",
        url=verify_url(standing.offering),
        line=_("您的账号还没有认证职工身份。"),
    )


# what the worker can change by giving a seat back
_BY_OWN_SEATS = {"limit", "clash", "day_full", "rest", "travel"}

_REFUSED = {
    "left_union": gettext_lazy("限工会会员"),
    "not_member": gettext_lazy("限工会会员"),
    "limit": gettext_lazy("已达限报门数"),
    "clash": gettext_lazy("时间冲突"),
    "day_full": gettext_lazy("当天服务已满"),
    "rest": gettext_lazy("休息时间不足"),
    "travel": gettext_lazy("路上时间不足"),
    "returned_often": gettext_lazy("暂不能再报"),
    "choices_full": gettext_lazy("志愿已满"),
    "suspended": gettext_lazy("暂停报名"),
    "full": gettext_lazy("名额已满"),
}


def _refused(standing):
    first = standing.reasons[0]
    label = _REFUSED[first.code]
    if first.code == "full" and standing.reserved_left:
        label = _("仅余预留名额")
    made = Button(first.code, label, line=first.text)
    if first.code == "choices_full":
        made.extra_label = _("我的志愿")
        made.extra_url = standing.draw.get_absolute_url()
    made.lifts_at = first.lifts_at
    if first.code == "suspended":
        made.extra_label, made.extra_url = (
            _("查看计分、申诉"),
            reverse("signups:conduct"),
        )
    if first.code in _BY_OWN_SEATS:
        made.extra_label, made.extra_url = _("查看我的报名"), reverse("my")
    return made


def _open(standing):
    if standing.reasons:
        return _refused(standing)
    url = check_url(standing.offering)
    closes = {"at": dates.moment(standing.offering.closes_at)}
    if standing.draw is not None:
        return Button(
            "enter",
            _("登记为第%(n)d志愿") % {"n": standing.choices + 1},
            tone="primary",
            method="get",
            url=url,
            line=_("登记至%(at)s，摇号不分先后") % closes,
        )
    if standing.would_wait:
        return Button(
            "waitlist",
            _("参加候补") if standing.reserved_left else _("名额已满，参加候补"),
            tone="line",
            method="get",
            url=url,
            line=_("已有%(n)d人候补") % {"n": standing.waiting}
            if standing.waiting
            else _("候补登记至%(at)s") % closes,
        )
    return Button(
        "open",
        _("立即报名"),
        tone="primary",
        method="get",
        url=url,
        line=open_until(standing),
    )
