"""Services with people at them, made through the verbs; then moved into the past, as time
would have done."""

from datetime import timedelta
from itertools import count

from django.db import connection
from django.utils import timezone

from signups.models import Occasion, Offering
from signups.services import checkin, offerings, seats
from tests.factories import make_user, make_worker_with_login
from tests.volunteers.factories import make_team
from unionportal.services import write_roles
from volunteers.enums import MemberRole, TeamKind
from volunteers.models import ServiceEvent
from volunteers.services import enrol
from volunteers.services.day import HERE, Line, note_roster
from volunteers.services.events import PostFacts, open_event
from volunteers.services.hours import close_day, confirm

HOUR = timedelta(hours=1)
_number = count(1)


def make_leader(**fields):
    """A worker with a log-in that has the role of leaders."""
    write_roles()
    worker = make_worker_with_login(**fields)
    account = make_user(roles=["队长"], is_staff=True)
    old, worker.user = worker.user, account
    worker.save()
    old.delete()
    return worker


def make_led_team(**fields):
    return make_team(leader=make_leader(), **fields)


def make_deputy(team):
    deputy = make_leader()
    enrol(team=team, worker=deputy, by=None, role=MemberRole.DEPUTY)
    return deputy


def make_coordinator():
    write_roles()
    return make_user(roles=["志愿服务统筹"], is_staff=True)


def make_event(*, team=None, posts=None, hours=2, starts_in=48 * HOUR, **fields):
    """A service in two days with one post for ten, opened by its leader."""
    team = team or make_led_team()
    start = timezone.localtime().replace(minute=0, second=0, microsecond=0) + starts_in
    fields.setdefault("title", f"示例服务{next(_number)}")
    fields.setdefault("kind", TeamKind.CARE)
    fields.setdefault("place", "示例广场")
    event = ServiceEvent(
        team=team, starts_at=start, ends_at=start + hours * HOUR, **fields
    )
    return open_event(
        event=event,
        posts=posts or [PostFacts("引导员", 10)],
        contact_phone="13800001234",
        by=team.leader.user,
    )


def sign_up(event, worker=None, post=0):
    worker = worker or make_worker_with_login()
    offering = event.posts.order_by("position")[post].offering
    return seats.sign_up(offering_id=offering.pk, worker=worker, by=worker.user)


def shift(event, *, to):
    """The service begins at ``to``, without anybody doing anything."""
    by = to - event.starts_at
    length = event.ends_at - event.starts_at
    ServiceEvent.objects.filter(pk=event.pk).update(starts_at=to, ends_at=to + length)
    found = Offering.objects.filter(post__event=event)
    Occasion.objects.filter(offering__in=found).update(
        starts_at=to, ends_at=to + length
    )
    for offering in found:
        offering.opens_at += min(by, timedelta(0))
        offering.closes_at = to
        offering.save()
        offerings.refresh_times(offering=offering)
    event.refresh_from_db()
    return event


def begun(event, ago=HOUR):
    # whole minutes, as people write them
    return shift(event, to=timezone.now().replace(second=0, microsecond=0) - ago)


def tap(signup, *, out=False):
    """With the code of this moment."""
    occasion = Occasion.objects.select_related("offering__rules").get(
        offering=signup.offering_id
    )
    worker = signup.worker
    verb = checkin.check_out if out else checkin.check_in
    code = checkin.code_of(occasion).digits
    return verb(occasion=occasion, worker=worker, code=code, by=worker.user)


def served(*, team=None, people=1, worker=None, **fields):
    """A service that is over, at which these were noted on the roster for all of it, and
    its records, which the leader wrote down."""
    event = make_event(team=team, **fields)
    signups = [sign_up(event, worker if n == 0 else None) for n in range(people)]
    shift(event, to=event.starts_at - (event.starts_at - timezone.now()) - 4 * HOUR)
    lines = [
        Line(
            signup.pk,
            HERE,
            arrived_at=event.starts_at,
            left_at=event.ends_at,
            reason="没有手机",
        )
        for signup in signups
    ]
    note_roster(event=event, lines=lines, by=event.team.leader.user)
    return event, close_day(event=event, by=event.team.leader.user)


def behind_the_back(sql, *params):
    """As somebody would who may switch the triggers off."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(sql, params)
        cursor.execute("SET session_replication_role = origin")


def days_later(record, days=8):
    """The days in which it is publicised are over."""
    behind_the_back(
        "UPDATE volunteers_servicerecord SET public_until = public_until - %s"
        " WHERE id = %s",
        timedelta(days=days),
        record.pk,
    )


def certifiable(*, worker=None, **fields):
    """Hours that were written down, confirmed and publicised: the record."""
    _event, [record] = served(worker=worker or make_worker_with_login(), **fields)
    confirm(records=[record], by=make_coordinator())
    days_later(record)
    return record
