"""The rows that are measured: a column of long articles, and a rush's people."""

import secrets
from datetime import timedelta

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from common.sessions import SessionStore
from members.models import UnionOrg, User, Worker
from news import services as news
from news.models import Article, Column, Series
from signups.enums import OfferingKind
from signups.services import offerings
from unionportal.database.owner import as_owner

ARTICLES = 60
PARAGRAPH = (
    "——把课堂搬到班组旁边。夜班的工友下班就能赶上第一节课，老师把教具带到车间的休息室，"
    "一边讲一边看大家上手。“以前觉得学这些是别人的事，现在每周都有盼头。”一位学员说。"
    "工会把意见一条条记下来，下一期的课表就照着改。"
)


def empty_database() -> None:
    """A database with the tables and nothing in them."""
    with as_owner(), connection.cursor() as cursor:
        # what an earlier run left of its references
        cursor.execute("DROP TABLE IF EXISTS bench_twin, bench_bare")
    call_command("migrate", interactive=False, verbosity=0)
    with as_owner():
        call_command("flush", interactive=False, verbosity=0)


def make_news() -> Article:
    """A menu of columns, and one of them full of articles as long as a feature report;
    the first part of a series is the one whose page is measured."""
    columns = [
        Column.objects.create(name=f"栏目{n}", order=n, in_menu=n < 5) for n in range(8)
    ]
    series = Series.objects.create(title="系列纪实", planned_parts=3)
    measured = None
    now = timezone.now()
    for n in range(ARTICLES):
        body = "".join(
            f"<h2>第{part}节 走进班组</h2>" + f"<p>{PARAGRAPH}</p>" * 5
            for part in range(1, 4)
        )
        article = news.create_article(
            column=columns[0],
            content=news.Content(
                title=f"下班去上课：文化宫夜校第{n}次见闻",
                subtitle="一间教室里的三代学员",
                source_name="示例日报",
                is_reprint=True,
                editor_note="从今天起陆续刊发系列纪实，记录职工身边的变化。",
                body=body,
                bylines=(news.Credit("reporter", "示例·王记者"),),
            ),
            by=None,
            series=None if n else series,
            series_no=None if n else 1,
        )
        news.publish(
            article=article,
            version=article.versions.get(),
            by=None,
            at=now - timedelta(hours=n + 1),
        )
        measured = measured or article
    return measured


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


def make_classes(number: int, capacity: int) -> list[int]:
    """``number`` open offerings of ``capacity`` seats, weeks apart: their ids."""
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
            by=None,
        )
        start = now + timedelta(days=7 * (n + 1))
        times = [(start, start + timedelta(hours=2), "")]
        offerings.set_occasions(offering=offering, times=times, by=None)
        made.append(offering.pk)
    return made
