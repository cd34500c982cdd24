"""Seats and the state button as HTML. Whoever shows many offerings on one page builds
these two anew for each of them, so they are put together here and not by templates:
those took a tenth of a millisecond for each line."""

from functools import lru_cache

from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _

from signups.buttons import Button

KEPT = 2_000  # of each kind, in each process: those that were asked for last


@lru_cache(maxsize=KEPT)
def seat_bar(taken: int, capacity: int, text: str = "", is_tight=False) -> str:
    """How many of all seats are given away, and ``text`` beside the bar (余5席; may be
    empty); ``is_tight`` when few are left."""
    said = {"taken": taken, "capacity": capacity}
    return format_html(
        '<p class="seat{}"><span class="num">{}{}</span>'
        '<progress max="{}" value="{}" aria-label="{}"></progress></p>',
        " seat--tight" if is_tight else "",
        _("已报%(taken)s/%(capacity)s") % said,
        format_html("　<b>{}</b>", text) if text else "",
        capacity,
        taken,
        _("已报%(taken)s席，共%(capacity)s席") % said,
    )


def state_button(button: Button, subject: str = "") -> str:
    """The button, or the statement where there is nothing to press, and what is said
    under it. ``subject``: the name of the class, for people who hear the page.

    What most people see of most offerings is the same words; what is about one person
    is put together for them and not kept."""
    if button.state in _FOR_ALL and not (button.reasons or button.extra_url):
        made = (button.label, button.tone, button.url, button.line, button.lifts_at)
        return _for_all(*made, subject)
    return _state_button(button, subject)


_FOR_ALL = {
    "anonymous",
    "no_worker",
    "open",
    "waitlist",
    "enter",
    "not_open",
    "closed",
    "running",
    "over",
    "withdrawn",
}


@lru_cache(maxsize=KEPT)
def _for_all(label, tone, url, line, lifts_at, subject):
    made = Button("", label, tone, url=url, line=line, lifts_at=lifts_at)
    return _state_button(made, subject)


def _state_button(button, subject):
    spoken = format_html('<span class="vh">：{}</span>', subject) if subject else ""
    return format_html(
        "{}{}{}", _pressed(button, spoken), _why(button, spoken), _reasons(button)
    )


def countdown(moment) -> str:
    """The attributes by which a script counts down to ``moment``; without one the
    element stays hidden."""
    return format_html(
        'data-countdown="{}" data-before="{}" data-units="{}" data-done="{}" hidden',
        timezone.localtime(moment).isoformat(),
        _("还有"),
        _("天 小时 分 秒"),
        _("时间已到，刷新本页"),
    )


def _pressed(button, spoken):
    if button.url:
        return format_html(
            '<a class="btn btn--block{}" href="{}">{}{}</a>',
            " btn--line" if button.tone == "line" else "",
            button.url,
            button.label,
            spoken,
        )
    if button.tone == "ok":
        return format_html(
            '<p class="btn btn--block btn--ok"><span aria-hidden="true">✓&nbsp;</span>'
            "{}</p>",
            button.label,
        )
    return format_html(
        '<p class="btn btn--block btn--{}">{}</p>',
        "warn" if button.tone == "warn" else "off",
        button.label,
    )


def _why(button, spoken):
    if not (button.line or button.lifts_at or button.extra_url):
        return ""
    extra = line = lifts = ""
    if button.extra_url:
        extra = format_html(
            '<a class="textlink" href="{}">{}{}</a>',
            button.extra_url,
            button.extra_label,
            spoken,
        )
    if button.line:
        line = format_html("<span>{}</span>", button.line)
    if button.lifts_at:
        lifts = format_html('<span class="num" {}></span>', countdown(button.lifts_at))
    return format_html('<div class="card__why">{} {} {}</div>', extra, line, lifts)


def _reasons(button):
    if not button.reasons:
        return ""
    items = ""
    for reason in button.reasons:
        items = format_html("{}<li>{}</li>", items, reason)
    return format_html('<ul class="card__reasons dots">{}</ul>', items)
