"""A service made, changed, called off. Its seats stand at the desk: one offering of kind
post for each of its posts.

Lock order: ServiceEvent, then Need, then as at the desk (offering, holder, pool).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from common import crypto, dates, history, letters, pagecache
from common.errors import Reason, Refusal
from members.models import User
from members.services.notices import notify
from signups.enums import OfferingKind, PoolKind
from signups.models import Offering, Rules, Signup
from signups.services import offerings
from signups.services.offerings import Reserve
from signups.services.standing import database_now
from volunteers import errors, notices
from volunteers.models import (
    LONGEST,
    MOST_PEOPLE,
    Post,
    ServiceEvent,
    VolunteerTeam,
)
from volunteers.querysets.events import RUN
from volunteers.services import needs

PAGE = "volunteers:event-detail"
LONGEST_REASON = 200  # characters
_PHONE = re.compile(r"\+?[0-9]{7,15}")

# what posts ask for where nobody has published other rules for them
_RULES = {
    "cancel_hours": 24,
    "checks_out": True,
    "check_in_minutes": 30,
    "late_minutes": 10,
    "day_hours": 8,
    "rest_minutes": 30,
    "travel_minutes": 60,
    "practised_after": 3,
    # nobody is punished for having meant to help
    "late_points": 0,
    "last_minute_points": 0,
    "no_show_points": 0,
    "block_points": 0,
}


@dataclass(frozen=True)
class PostFacts:
    """One kind of work: ``number`` people, ``practised`` of whom have served often
    enough. ``pk`` of a post there is already, to change it."""

    name: str
    number: int
    practised: int = 0
    skills: str = ""
    pk: int | None = None


def may_run(user: User | None, team: VolunteerTeam) -> bool:
    """Whether this account answers for the services of a team: its leader, a deputy, or
    who looks after all teams. None is the system."""
    if user is None:
        return True
    teams = VolunteerTeam.objects.managed_by(user)
    return user.has_perm(RUN) and teams.filter(pk=team.pk).exists()


def check_runs(user: User | None, team: VolunteerTeam) -> None:
    """Raise Refusal (``not_run_by``) unless ``may_run``."""
    if not may_run(user, team):
        raise Refusal(errors.NOT_RUN_BY)


def rules_of_posts() -> Rules:
    """The newest rules of posts; where there are none yet, the usual ones are published."""
    newest = Rules.objects.newest_of(OfferingKind.POST)
    if newest is None:
        newest = offerings.publish_rules(
            kind=OfferingKind.POST,
            text=_(
                "服务免费、自愿，请量力而行。\n时长按签到、签退登记，不计路上时间。"
            ),
            by=None,
            **_RULES,
        )
    return newest


@transaction.atomic
@pagecache.publishes
@history.on_record
def open_event(
    *,
    event: ServiceEvent,
    posts: Sequence[PostFacts],
    contact_phone: str,
    by: User | None,
    opens_at: datetime | None = None,
) -> ServiceEvent:
    """Publish a service as filled in: sign-up is open at once (or from ``opens_at``)
    until it begins. Its need, if it has one, is planned by it.

    Refusal: ``not_run_by``, ``team_inactive``, ``event_past``, ``times_backwards``,
    ``too_long``, ``no_posts``, ``post_twice``, ``number_wrong``, ``practised_wrong``,
    ``phone_wrong``, ``foreign_need``, ``need_not_in_hand``.
    """
    check_runs(by, event.team)
    rules, now = rules_of_posts(), database_now()
    grounds = [*_against_times(event, rules), *_against_posts(posts)]
    if event.starts_at <= now and by is not None:
        grounds.append(errors.EVENT_PAST)
    if not event.team.is_active:
        grounds.append(errors.TEAM_INACTIVE)
    number = _number(contact_phone)
    if not number:
        grounds.append(errors.CONTACT_WRONG)
    if event.need_id and event.need.team_id != event.team_id:
        grounds.append(errors.FOREIGN_NEED)
    if grounds:
        raise Refusal(*grounds)
    event.contact_cipher, event.made_by = crypto.seal(number), by
    event.save()
    if event.need_id:
        needs.plan(need=event.need, by=by)
    for position, facts in enumerate(posts):
        _open_post(event, facts, position, rules, opens_at or now, by)
    _share_door(event, by)
    return event


def _open_post(event, facts, position, rules, opens_at, by) -> Post:
    cancel = event.starts_at - timedelta(hours=rules.cancel_hours)
    practised = facts.practised
    reserves = [Reserve(capacity=practised, is_practised=True)] if practised else []
    [offering] = offerings.open_many(
        drafts=[
            offerings.Draft(
                kind=OfferingKind.POST,
                title=_title(event, facts.name),
                url_name=PAGE,
                url_arg=event.pk,
                opens_at=min(opens_at, event.starts_at - timedelta(minutes=1)),
                closes_at=event.starts_at,
                capacity=facts.number - practised,
                times=[(event.starts_at, event.ends_at, event.place)],
                reserves=reserves,
                facts={
                    "organiser": event.team.union_org,
                    "is_members_only": False,
                    "cancel_until": cancel,
                    "notice": _notice(event, facts, rules),
                    "alike": f"event:{event.pk}",
                },
            )
        ],
        by=by,
    )
    return Post.objects.create(
        event=event,
        position=position,
        name=facts.name,
        skills=facts.skills,
        practised=practised,
        offering=offering,
    )


def _title(event, name) -> str:
    return f"{event.title} · {name}"


def _notice(event, facts, rules) -> str:
    lines = []
    if facts.skills:
        lines.append(_("要求：%(skills)s。") % {"skills": facts.skills})
    if facts.practised:
        lines.append(
            _("最后%(n)d个名额只留给参加过%(times)d次以上服务的志愿者。")
            % {"n": facts.practised, "times": rules.practised_after}
        )
    if event.meeting_point:
        lines.append(_("集合地点：%(place)s。") % {"place": event.meeting_point})
    if event.insurance:
        lines.append(_("保险：%(words)s") % {"words": event.insurance})
    if event.weather:
        lines.append(_("天气：%(words)s") % {"words": event.weather})
    return "\n".join(lines)


def _share_door(event, by) -> None:
    found = [occasion for _post, occasion in occasions_of(event)]
    offerings.share_door(occasions=found, by=by)


def occasions_of(event: ServiceEvent) -> list[tuple[Post, object]]:
    """(post, its occasion) of every post, in order; the first one's code opens all."""
    posts = event.posts.select_related("offering__rules").prefetch_related(
        "offering__occasions"
    )
    made = []
    for post in posts.order_by("position", "pk"):
        [occasion] = post.offering.occasions.all()
        occasion.offering = post.offering
        made.append((post, occasion))
    return made


@transaction.atomic
@pagecache.publishes
@history.on_record
def change_event(
    *,
    event: ServiceEvent,
    posts: Sequence[PostFacts],
    contact_phone: str,
    by: User | None,
) -> ServiceEvent:
    """Store a service as filled in again; ``contact_phone`` may be empty, then it stays.
    Posts may be added, renamed and made larger, or smaller down to the seats taken.

    Who is signed up or waits is told: of another time or place by the desk, of anything
    else that they would have to know by this room.

    Refusal: those of ``open_event``, ``called_off``, ``event_closed``, ``event_begun``
    (the times), ``below_taken``.
    """
    stored = lock_event(event)
    check_runs(by, stored.team)
    if stored.called_off_at is not None:
        raise Refusal(errors.EVENT_OFF)
    if stored.closed_at is not None:
        raise Refusal(errors.EVENT_CLOSED)
    rules, now = rules_of_posts(), database_now()
    is_moved = (stored.starts_at, stored.ends_at) != (event.starts_at, event.ends_at)
    grounds = [*_against_times(event, rules), *_against_posts(posts)]
    if is_moved and stored.starts_at <= now:
        grounds.append(errors.EVENT_BEGUN)
    elif is_moved and event.starts_at <= now:
        grounds.append(errors.EVENT_PAST)
    number = _number(contact_phone) if contact_phone.strip() else stored.contact_phone
    if not number:
        grounds.append(errors.CONTACT_WRONG)
    if grounds:
        raise Refusal(*grounds)
    was = {name: getattr(stored, name) for name in _FACTS}
    event.contact_cipher = crypto.seal(number)
    event.save(update_fields=[*_FACTS, "contact_cipher", "updated_at"])
    is_elsewhere = is_moved or was["place"] != event.place
    _change_posts(event, posts, rules, by, now, is_elsewhere)
    changed = [name for name in _TOLD if was[name] != getattr(event, name)]
    if changed and now < event.ends_at:
        _tell_changed(event, changed, by)
    return event


_FACTS = [
    "title",
    "kind",
    "about",
    "place",
    "meeting_point",
    "starts_at",
    "ends_at",
    "insurance",
    "weather",
    "contact_name",
]
# the desk tells of time and place
_TOLD = ["meeting_point", "insurance", "weather"]


def _change_posts(event, posts, rules, by, now, is_elsewhere) -> None:
    held = {post.pk: (post, occasion) for post, occasion in occasions_of(event)}
    for position, facts in enumerate(posts):
        if facts.pk not in held:
            _open_post(event, facts, position, rules, now, by)
            continue
        post, occasion = held[facts.pk]
        post.position, post.name = position, facts.name
        post.skills, post.practised = facts.skills, facts.practised
        post.save()
        cancel = event.starts_at - timedelta(hours=rules.cancel_hours)
        if is_elsewhere:
            offerings.move_occasion(
                occasion=occasion,
                starts_at=event.starts_at,
                ends_at=event.ends_at,
                place=event.place,
                by=by,
            )
        offerings.change_offering(
            offering=post.offering,
            title=_title(event, facts.name),
            notice=_notice(event, facts, rules),
            closes_at=event.starts_at,
            cancel_until=cancel,
            by=by,
        )
        _resize(post, facts, by)
    _share_door(event, by)


def _resize(post, facts, by) -> None:
    pools = {pool.kind: pool for pool in post.offering.pools.order_by("pk")}
    general = pools[PoolKind.GENERAL]
    if PoolKind.PRACTISED in pools:
        kept, reserve = facts.practised, pools[PoolKind.PRACTISED]
        if reserve.capacity != kept:
            offerings.set_capacity(pool=reserve, capacity=kept, by=by)
    elif facts.practised:
        offerings.add_reserve(
            offering=post.offering,
            reserve=Reserve(capacity=facts.practised, is_practised=True),
            by=by,
        )
    wanted = facts.number - facts.practised
    if general.capacity != wanted:
        offerings.set_capacity(pool=general, capacity=wanted, by=by)


def _tell_changed(event, changed, by) -> int:
    labels = [
        f"{ServiceEvent._meta.get_field(name).verbose_name}：{getattr(event, name)}"
        for name in changed
        if getattr(event, name)
    ]
    return notify(
        kind=notices.EVENT_CHANGED,
        to=signed_up(event),
        about=f"event:{event.pk}",
        facts={
            "title": event.title,
            "at": dates.start(event.starts_at),
            "what": "；".join(labels),
        },
        url_name=PAGE,
        but=by,
    )


def signed_up(event: ServiceEvent) -> dict[int, int]:
    """Account → the service's number, of everybody who has a seat or waits."""
    rows = Signup.objects.filter(offering__post__event=event).current()
    users = rows.filter(worker__user__isnull=False).values_list(
        "worker__user", flat=True
    )
    return dict.fromkeys(users, event.pk)


@transaction.atomic
@pagecache.publishes
@history.on_record
def call_off_event(
    *, event: ServiceEvent, reason: str, by: User | None
) -> ServiceEvent:
    """Let a service not take place: seats and people's time are free, everybody signed
    up is told why, its need waits for another service. Twice is once.

    Refusal: ``not_run_by``, ``event_over``, ``event_closed``, ``needs_reason``,
    ``reason_too_long``.
    """
    reason = reason.strip()
    event = lock_event(event)
    check_runs(by, event.team)
    if event.called_off_at is not None:
        return event
    grounds = []
    if event.closed_at is not None:
        grounds.append(errors.EVENT_CLOSED)
    elif event.ends_at <= database_now():
        grounds.append(errors.EVENT_OVER)
    if not reason:
        grounds.append(errors.WHY_OFF)
    elif len(reason) > LONGEST_REASON:
        grounds.append(errors.REASON_LONG)
    if grounds:
        raise Refusal(*grounds)
    event.called_off_at, event.called_off_reason = database_now(), reason
    event.save(update_fields=["called_off_at", "called_off_reason", "updated_at"])
    for offering in Offering.objects.filter(post__event=event).order_by("pk"):
        offerings.withdraw_offering(offering=offering, reason=reason, by=by)
    if event.need_id:
        needs.unplan(need=event.need, by=by)
    return event


def lock_event(event: ServiceEvent) -> ServiceEvent:
    """The stored row, which nobody else changes until the transaction ends."""
    return (
        ServiceEvent.objects.select_for_update(of=("self",), no_key=True)
        .select_related("team", "need")
        .get(pk=event.pk)
    )


# --- below the verbs


def _number(typed: str) -> str:
    plain = re.sub(r"[\s()（）\-‐–—]", "", letters.western(typed))
    return plain if _PHONE.fullmatch(plain) else ""


def _against_times(event: ServiceEvent, rules: Rules) -> list[Reason]:
    if event.ends_at <= event.starts_at:
        return [errors.EVENT_BACKWARDS]
    length = event.ends_at - event.starts_at
    if length > LONGEST:
        return [errors.EVENT_TOO_LONG]
    if rules.day_hours and length > timedelta(hours=rules.day_hours):
        text = _("按报名规则每人每天最多服务%(n)d小时，请分成几次。")
        text %= {"n": rules.day_hours}
        return [Reason("too_long", text, field="ends")]
    return []


def _against_posts(posts: Sequence[PostFacts]) -> list[Reason]:
    if not posts:
        return [errors.NO_POSTS]
    grounds = []
    if len({post.name for post in posts}) < len(posts):
        grounds.append(errors.POST_TWICE)
    if any(not 1 <= post.number <= MOST_PEOPLE for post in posts):
        grounds.append(errors.NUMBER_WRONG)
    elif any(not 0 <= post.practised <= post.number for post in posts):
        grounds.append(errors.PRACTISED_WRONG)
    return grounds
