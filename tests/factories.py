"""Real rows for tests. Names are obviously invented; numbers come from a counter."""

from datetime import timedelta
from itertools import count

from django.conf import settings
from django.contrib.auth.models import Group
from django.utils import timezone

from members.models import Consent, UnionOrg, User, Worker
from members.services import accounts
from signups.enums import OfferingKind
from signups.models import Draw, Limit, Offering
from signups.services import draws, offerings

PASSWORD = "demo-2018"
_number = count(1)


def make_union(**fields) -> UnionOrg:
    n = next(_number)
    fields.setdefault("code", f"U{n:05d}")
    fields.setdefault("name", f"示例{n}厂工会")
    return UnionOrg.objects.create(**fields)


def make_user(*, roles=(), is_staff=False, **fields) -> User:
    """An account that has agreed to the notice, as after its first log-in."""
    n = next(_number)
    user = accounts.open_account(
        phone=fields.pop("phone", f"138{n:08d}"),
        password=PASSWORD,
        name=fields.pop("name", f"示例用户{n}"),
        roles=roles,
        is_staff=is_staff,
        **fields,
    )
    return agreed(user)


def make_user_of_every_role(**fields) -> User:
    """One who may do everything. No verb makes such an account: an auditor is nothing
    else."""
    user = make_user(is_staff=True, **fields)
    user.groups.set(Group.objects.all())
    return user


def agreed(user: User) -> User:
    """Not by the verb: its audit event would stand among those that a test looks at."""
    Consent.objects.create(
        user=user, version=settings.PRIVACY_VERSION, given_at=timezone.now()
    )
    return user


def make_worker(**fields) -> Worker:
    fields.setdefault("is_member", True)
    fields.setdefault("name", f"示例职工{next(_number)}")
    if "union_org" not in fields:
        fields["union_org"] = UnionOrg.objects.first() or make_union()
    return Worker.objects.create(**fields)


def make_worker_with_login(**fields) -> Worker:
    return make_worker(user=make_user(), **fields)


def make_limit(most=1, title="示例期", **fields) -> Limit:
    return Limit.objects.create(title=title, most=most, **fields)


def make_offering(*, capacity=2, times=None, starts_in_days=10, **fields) -> Offering:
    """Open since an hour, for a week; one two-hour occasion in ten days."""
    now = timezone.now()
    n = next(_number)
    fields.setdefault("opens_at", now - timedelta(hours=1))
    fields.setdefault("closes_at", now + timedelta(days=7))
    offering = offerings.open_offering(
        kind=fields.pop("kind", OfferingKind.CLASS),
        title=fields.pop("title", f"示例班{n}"),
        url_name="activities:training:class-detail",
        url_arg=n,
        capacity=capacity,
        by=None,
        **fields,
    )
    if times is None:
        start = now + timedelta(days=starts_in_days, hours=3 * n)
        times = [(start, start + timedelta(hours=2), "示例教室")]
    offerings.set_occasions(offering=offering, times=times, by=None)
    offering.refresh_from_db()
    return offering


def make_draw(made=None, **fields) -> Draw:
    """A draw over offerings that nobody has asked for yet, its value two days from now."""
    now = timezone.now()
    return draws.open_draw(
        offerings=made or [make_offering(closes_at=now + timedelta(days=1))],
        title=fields.pop("title", "示例期摇号"),
        value_name="双色球第2018066期",
        value_form="七个两位数",
        value_at=now + timedelta(days=2),
        results_at=now + timedelta(days=3),
        by=None,
        **fields,
    )
