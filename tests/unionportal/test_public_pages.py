"""Which pages are public, that nothing of a person or a process is in them, and when
they change by themselves."""

import time
from datetime import datetime, timedelta

import psycopg2
import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connection, transaction
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import get_resolver, resolve, reverse
from django.utils import timezone

from common import following, pagecache
from common.frontcache import PageCache, declaration
from common.publicpages import PublicPage, PublicPages, declared
from honors.enums import NominationState
from news import services as news
from news.models import ArticleReaders
from news.services import approve_page
from tests.activities.factories import make_class, make_term
from tests.architecture.test_doors import ANYONE, DOORS, names
from tests.common.test_frontcache import Known
from tests.factories import make_offering, make_user, make_worker_with_login
from tests.honors.factories import make_honoree
from tests.honors.nominations import make_nomination, put_up
from tests.news.comments import approved, make_comment
from tests.news.factories import make_article, make_series
from tests.news.test_pages import make_page
from tests.volunteers.factories import make_team
from tests.volunteers.services import make_event
from unionportal.nextchange import next_change_at

pytestmark = pytest.mark.django_db

# Open to visitors and built for each of them all the same.
FOR_EACH = {
    # forms with a token, and what follows them
    *(name for name in DOORS if name.startswith(("account_", "mfa_"))),
    "verify",  # counts who asks
    # as many pages as questions, and whoever asks too often is told to wait
    "search",
    "search-suggestions",
    "healthz",
    "readyz",
    "styleguide",
    "security-txt",  # says until when it is good, to the second
    # pictures and files, which say themselves how long they hold
    "site-mark",
    "news:file",
    "news:photo",
    "news:article-qr",
    "honors:portrait",
    "honors:document",
    "volunteers:photo",
    "volunteers:event-calendar",
    # forms for people without a log-in
    "honors:objection-create",
    "honors:objection-state",
    "volunteers:countersign",  # one person's: whoever holds the secret address
    "activities:training:class-calendar",
    "signups:draw-detail",  # shows each their own choices
    "signups:draw-file",
    "signups:draw-script",  # one file, the same for all, fetched once a draw
    "passport",  # one person's: whoever was given the secret address
    "signups:calendar-feed",  # one person's: whoever knows the secret address
}


@pytest.fixture
def addresses():
    """Every public page with a row to show: its name and address."""
    article = make_article(series=make_series(), series_no=1)
    course_class, honoree, team = make_class(), make_honoree(), make_team()
    make_term()  # a second one: the pages of terms are a choice
    person = make_nomination(NominationState.CITY_NOTICE)
    rows = {
        "news:column-detail": article.column,
        "news:column-feed": article.column,
        "news:column-rss": article.column,
        "news:series-detail": article.series,
        "news:article-detail": article,
        "news:comments": article,
        "activities:venues:venue-detail": course_class.venue,
        "activities:training:term-detail": course_class.term,
        "activities:training:class-detail": course_class,
        "honors:honoree-detail": honoree,
        "honors:edition-detail": honoree.edition,
        "honors:notice-detail": put_up([person], starts_on=timezone.localdate()),
        "volunteers:team-detail": team,
        "volunteers:event-detail": make_event(),
        "guide-detail": approve_page(page=make_page(make_user()), by=make_user()),
        "sitemap-section": None,
    }
    found = {}
    for name in names(get_resolver()):
        arguments = [rows[name].pk] if rows.get(name) else []
        arguments = ["news"] if name == "sitemap-section" else arguments
        if name in DOORS and DOORS[name].who == ANYONE and name not in FOR_EACH:
            found[name] = reverse(name, args=arguments)
    return found


def test_pages_for_everybody_are_declared_public_or_a_reason_is_listed(addresses):
    undeclared = [
        name for name, path in addresses.items() if not declared(resolve(path).func)
    ]
    assert undeclared == []
    private = [name for name, door in DOORS.items() if door.who != ANYONE]
    wrong = [
        name
        for name in [*private, *FOR_EACH & DOORS.keys()]
        if declaration(reverse(name, args=DOORS[name].args))
    ]
    assert wrong == []


@pytest.fixture
def one_connection():
    """A request does not end the connection that the test's transaction is on."""
    signals = [request_started, request_finished]
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


def test_public_pages_hold_nothing_of_a_person_and_are_kept(addresses, one_connection):
    site = PageCache(
        WSGIHandler(), next_change_at=next_change_at, follower=Known(), most=10**7
    )
    not_kept = {}
    for number, (name, path) in enumerate(addresses.items(), 1):
        environ = RequestFactory().get(path).environ | {"HTTP_HOST": "testserver"}
        said = []
        site(environ, lambda *answer: said.append(answer))  # noqa: B023
        if len(site.store._entries) != number - len(not_kept):
            not_kept[name] = said
    assert not_kept == {}


def test_article_page_with_what_readers_said_is_kept_until_they_say_more(
    one_connection, django_assert_num_queries
):
    article = make_article(keywords=["技能"])
    related = make_article(keywords=["技能"], title="相关的一篇")
    ArticleReaders.objects.create(article=article, number=1234)
    approved(make_comment(article=article, text="说得好"))
    follower = Known()
    site = PageCache(
        WSGIHandler(), next_change_at=next_change_at, follower=follower, most=10**7
    )

    def page():
        request = RequestFactory().get(article.get_absolute_url())
        return b"".join(
            site(request.environ | {"HTTP_HOST": "testserver"}, lambda *_said: None)
        )

    follower.generation = pagecache.moment().generation
    first = page()
    with django_assert_num_queries(0):
        assert page() == first
    for words in ("说得好", "1,234", related.title):
        assert words in first.decode()
    approved(make_comment(article=article, text="又一句"))
    follower.generation = pagecache.moment().generation  # as its thread is told
    assert "又一句" in page().decode()


def test_public_page_asks_to_be_asked_for_anew_each_time(client):
    response = client.get(reverse("news:article-list"))

    assert response["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert response["Vary"] == "Cookie"


@pytest.mark.parametrize(
    ("cookies", "answer", "is_public"),
    [
        ({}, {}, True),
        ({"display": "elder", "csrftoken": "abc"}, {}, True),
        ({"sessionid": "abc"}, {}, False),
        ({"messages": "abc"}, {}, False),
        ({}, {"status": 404}, False),
        ({}, {"headers": {"Cache-Control": "no-store"}}, False),
        ({}, {"headers": {"Set-Cookie": "a=b"}}, False),
    ],
    ids=str,
)
def test_public_page_says_so_only_where_nothing_is_of_a_person(
    cookies, answer, is_public
):
    request = RequestFactory().get("/")
    request.COOKIES = cookies
    request.public_page = PublicPage()
    response = HttpResponse(status=answer.get("status", 200))
    for name, value in answer.get("headers", {}).items():
        if name == "Set-Cookie":
            response.set_cookie(*value.split("="))
        else:
            response[name] = value

    response = PublicPages(lambda request: response)(request)

    assert ("public" in response.get("Cache-Control", "")) is is_public


def test_public_page_is_kept_nowhere_for_who_is_logged_in(client):
    client.force_login(make_worker_with_login().user)

    response = client.get(reverse("news:article-list"))

    assert "no-store" in response["Cache-Control"]


def at(now: datetime) -> pagecache.Moment:
    return pagecache.Moment(pagecache.moment().generation, now)


NOON = timezone.make_aware(datetime(2031, 5, 6, 12))
SECOND = timedelta(seconds=1)


def test_pages_change_within_a_minute_and_at_midnight():
    assert next_change_at(at(NOON)) == NOON + timedelta(minutes=1)
    midnight = timezone.make_aware(datetime(2031, 5, 7))
    pagecache.forget()
    assert next_change_at(at(midnight - SECOND)) == midnight


def of_article():
    article = make_article()
    type(article).objects.filter(pk=article.pk).update(publish_at=NOON)


def of_expiry():
    article = make_article()
    type(article).objects.filter(pk=article.pk).update(expire_at=NOON)


def of_offering(**times):
    def plan():
        offering = make_offering()
        type(offering).objects.filter(pk=offering.pk).update(**times)

    return plan


def of_reserve():
    offering = make_offering()
    offering.pools.create(
        kind="audience", audience="frontline", capacity=1, position=0, until=NOON
    )


def of_term(**times):
    def plan():
        term = make_term()
        type(term).objects.filter(pk=term.pk).update(**times)

    return plan


DAY = timedelta(days=1)
PLANS = {
    "article due": of_article,
    "article expires": of_expiry,
    "sign-up opens": of_offering(opens_at=NOON, closes_at=NOON + DAY),
    "sign-up closes": of_offering(closes_at=NOON),
    "begins": of_offering(starts_at=NOON),
    "is over": of_offering(ends_at=NOON),
    "reserve given free": of_reserve,
    "term opens": of_term(opens_at=NOON, closes_at=NOON + DAY),
    "term closes": of_term(closes_at=NOON),
    "term announced": of_term(opens_at=NOON + 7 * DAY, closes_at=NOON + 8 * DAY),
}


@pytest.mark.parametrize("plan", PLANS.values(), ids=PLANS)
def test_pages_change_at_the_moment_of_each_wing(plan):
    plan()

    assert next_change_at(at(NOON - 10 * SECOND)) == NOON
    assert next_change_at(at(NOON)) > NOON


@pytest.mark.django_db(transaction=True)
def test_publishing_tells_every_process_with_its_commit():
    parameters = connection.get_connection_params()
    parameters.pop("cursor_factory", None)
    listener = psycopg2.connect(**parameters)
    listener.autocommit = True
    try:
        listener.cursor().execute(f"LISTEN {following.CHANNEL}")

        def heard():
            listener.cursor().execute("SELECT 1")  # what has come is read with it
            found, listener.notifies[:] = len(listener.notifies), []
            return found

        article = make_article()
        heard()
        with transaction.atomic():
            news.withdraw(article=article, by=None, reason="示例原因")
            assert heard() == 0
            transaction.set_rollback(True)
        assert heard() == 0
        news.withdraw(article=article, by=None, reason="示例原因")
        assert heard() == 1
    finally:
        listener.close()


@pytest.fixture
def follower():
    """One that follows the database of this test; its thread ends with it."""
    follower = following.Follower()
    yield follower
    follower._is_ending.set()
    with connection.cursor() as cursor:
        cursor.execute(f"NOTIFY {following.CHANNEL}")  # else it would sleep on
    follower.end()


@pytest.mark.django_db(transaction=True)
def test_follower_is_told_of_a_publication(follower, monkeypatch):
    monkeypatch.setattr(following, "EVERY", 60)  # it does not look by itself
    follower.start()
    wait_until(lambda: follower.state is following.State.KNOWN)
    before = follower.generation

    make_article()

    wait_until(lambda: follower.generation > before)
    assert follower.now() == pytest.approx(pagecache.moment().now.timestamp(), abs=60)


@pytest.mark.django_db(transaction=True)
def test_follower_survives_a_lost_connection(follower):
    follower.start()
    wait_until(lambda: follower.state is following.State.KNOWN)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() "  # others follow theirs
            "AND query LIKE '%%common_pagechange%%' AND pid <> pg_backend_pid()"
        )
        assert cursor.fetchall() == [(True,)]
    lost_at = time.monotonic()
    make_article()  # several commits: one may be read before the next

    wait_until(lambda: follower.generation == pagecache.moment().generation)
    assert follower.read_at > lost_at


def wait_until(holds):
    """At most until so many looks were in vain: it will not come any more."""
    for _look in range(1000):
        if holds():
            return
        time.sleep(0.02)
    pytest.fail("It did not come.")
