"""The rows that are measured: the demonstration, a city, and a rush's people."""

import secrets
from datetime import timedelta

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from common.sessions import SessionStore
from honors.enums import Gender, Industry
from honors.models import AwardEdition, AwardProgram, Honoree
from members.models import UnionOrg, User, Worker
from members.services import accounts
from signups.enums import OfferingKind
from signups.models import Offering, Signup
from signups.services import offerings
from unionportal.database.owner import as_owner
from unionportal.demo import city, services


def empty_database() -> None:
    """A database with the tables and nothing in them."""
    with as_owner(), connection.cursor() as cursor:
        # what an earlier run left of its references
        cursor.execute("DROP TABLE IF EXISTS bench_twin, bench_bare")
    call_command("migrate", interactive=False, verbosity=0)
    with as_owner():
        call_command("flush", interactive=False, verbosity=0)


def make_demonstration() -> None:
    """What a new portal shows, and somebody who may look at all of the back office."""
    services.make(lambda line: None)
    staff = accounts.open_account(
        phone="13900009999", password=None, name="示例总管", is_staff=True
    )
    staff.groups.set(Group.objects.all())


SIZES = {
    "town": {
        "unions": 60,
        "workers": 3_000,
        "articles": 1_000,
        "volunteers": 200,
        "records": 1_000,
    },
    "city": {
        "unions": city.UNIONS,
        "workers": city.WORKERS,
        "articles": city.ARTICLES,
        "volunteers": city.VOLUNTEERS,
        "records": city.RECORDS,
    },
}
HONOREES = {"town": 50, "city": 5_000}
WALL_YEARS = range(1969, 2019)  # of the same length in both: 1 or 100 names each


def make_city(size: str) -> None:
    """On top of the demonstration: so many rows, an old request of each worker, and
    names on the wall."""
    city.make(print, **SIZES[size])
    _old_signups()
    _old_honours(HONOREES[size])


def _old_honours(number: int) -> None:
    """So many names, spread over the years and districts."""
    program = AwardProgram.objects.order_by("pk").first()
    editions = AwardEdition.objects.bulk_create(
        AwardEdition(
            program=program,
            year=year,
            title=f"{year}年老荣誉",
            conferred_at=timezone.now(),
        )
        for year in WALL_YEARS
    )
    districts = list(UnionOrg.objects.districts())
    Honoree.objects.bulk_create(
        (
            Honoree(
                edition=editions[n % len(editions)],
                name=f"示例先进{n}",
                employer=f"示例{n}厂",
                position="班组长",
                industry=list(Industry)[n % len(Industry)],
                district=districts[n % len(districts)],
                gender=list(Gender)[n % len(Gender)],
                deed="把一件事做了很多年。",
                sort_key=f"{n * 7919 % number:05}",
            )
            for n in range(number)
        ),
        batch_size=1_000,
    )


def _old_signups() -> None:
    """One that was cancelled long ago for each worker, over all offerings of the past."""
    now = timezone.now()
    past = Offering.objects.filter(ends_at__lt=now).order_by("ends_at")
    offerings = list(past.values_list("pk", flat=True))
    workers = Worker.objects.order_by("pk").values_list("pk", flat=True)
    Signup.objects.bulk_create(
        (
            Signup(
                offering_id=offerings[n % len(offerings)],
                worker_id=pk,
                status="cancelled",
                ended_at=now - timedelta(days=200),
            )
            for n, pk in enumerate(workers)
        ),
        batch_size=2_000,
    )


def make_people(number: int) -> list[tuple[str, str]]:
    """``number`` verified workers who are logged in: (session id, CSRF secret)."""
    org = UnionOrg.objects.create(code="BENCH", name="示例工会")
    password = make_password(None)
    users = User.objects.bulk_create(
        [
            User(name=f"示例{n}", password=password, phone_verified=True)
            for n in range(number)
        ],
        batch_size=1000,
    )
    Worker.objects.bulk_create(
        [
            Worker(user=user, union_org=org, name=user.name, is_member=True)
            for user in users
        ],
        batch_size=1000,
    )
    sessions = [_session(user) for user in users]
    Session.objects.bulk_create(sessions, batch_size=1000)
    analyze()
    return [(session.session_key, secrets.token_hex(16)) for session in sessions]


def analyze(tables: str = "", *, vacuum: bool = False) -> None:
    """Statistics for the planner, as a server that has run for a day has them."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(f"{'VACUUM ' if vacuum else ''}ANALYZE {tables}")


def log_in(user) -> str:
    """The id of a session of ``user``."""
    session = _session(user)
    session.save()
    return session.session_key


def _session(user) -> Session:
    return Session(
        session_key=secrets.token_hex(16),
        session_data=SessionStore().encode(
            {
                SESSION_KEY: str(user.pk),
                BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
                HASH_SESSION_KEY: user.get_session_auth_hash(),
            }
        ),
        # as after a log-in: an older one would note its use in the middle of the rush
        expire_date=timezone.now() + timedelta(seconds=settings.SESSION_COOKIE_AGE),
    )


def make_classes(
    number: int, capacity: int, *, waitlist: int | None = None
) -> list[int]:
    """``number`` open offerings of ``capacity`` seats, weeks apart: their ids. As many
    may wait as ``waitlist`` says (None: everybody)."""
    now = timezone.now()
    made = []
    for n in range(number):
        offering = offerings.open_offering(
            kind=OfferingKind.CLASS,
            title=f"班{n}",
            url_name="home",
            opens_at=now - timedelta(minutes=5),
            closes_at=now + timedelta(days=1),
            capacity=capacity,
            waitlist_limit=waitlist,
            by=None,
        )
        start = now + timedelta(days=7 * (n + 1))
        times = [(start, start + timedelta(hours=2), "")]
        offerings.set_occasions(offering=offering, times=times, by=None)
        made.append(offering.pk)
    return made
