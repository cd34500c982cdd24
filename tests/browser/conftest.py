"""A browser that meets the real application, and nothing else in the world.

``page.goto("/news/")`` asks the live server, which runs in a thread and sees what
the test committed: browser tests use ``transactional_db`` by themselves.
"""

import time
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command
from django.db import connection, connections
from django.test import override_settings

from common import pagecache
from tests.browser.addresses import WORKER

LEAVING = 2  # seconds that sessions of ended requests have to go


@pytest.fixture(scope="session")
def playwright(playwright):
    """Playwright leaves an event loop running, under which Django keeps connections of
    its own: they are closed before the loop ends, or nobody could find them again."""
    yield playwright
    connections.close_all()


@pytest.fixture(scope="session")
def base_url(live_server):
    """What pytest-playwright puts before every address of ``page.goto``."""
    return live_server.url


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return {**browser_context_args, "locale": "zh-CN"}


@pytest.fixture
def context(context, base_url):
    """Blocks every request to another host, and fails the test that made one.

    The portal must work, and keep its visitors' secrets, without any third party.
    """
    strangers = keep_to(base_url, context)
    yield context
    assert strangers == [], "the page asked another host"


def keep_to(base_url, context):
    """Block what ``context`` asks of other hosts; the list fills with what it asked."""
    strangers = []

    def guard(route):
        address = urlsplit(route.request.url)
        own = address.netloc == urlsplit(base_url).netloc
        if own or address.scheme in {"data", "blob"}:
            route.continue_()
        else:
            strangers.append(route.request.url)
            route.abort()

    context.route("**/*", guard)
    return strangers


# the demonstration: made once in each process, a copy for each test


@pytest.fixture(scope="session")
def filled(django_db_setup, django_db_blocker, tmp_path_factory):
    """The name of a database with the demonstration's content and one class for the
    worker who looks around, and the folder of its pictures. Nobody writes to them."""
    from activities.training.models import CourseClass
    from members.models import User
    from signups.services import seats

    name = connection.settings_dict["NAME"] + "_filled"
    media = tmp_path_factory.mktemp("media")
    with (
        django_db_blocker.unblock(),
        database_copy(name),
        override_settings(MEDIA_ROOT=media),
    ):
        call_command("demo", verbosity=0)
        free = CourseClass.objects.open_now().first()
        worker = User.objects.by_phone("+86" + WORKER).worker
        seats.sign_up(offering_id=free.offering.pk, worker=worker, by=None)
    yield name, media
    with django_db_blocker.unblock():
        run_sql(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def portal(transactional_db, filled, settings):
    """The demonstration's content, in a database that ends with the test.

    Copying it takes a moment where making it takes many seconds.
    """
    template, settings.MEDIA_ROOT = filled
    name = template + "_copy"
    with database_copy(name, of=template):
        yield
    run_sql(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def database_copy(name, of=None):
    """Everybody who connects within meets a new copy of the database, also the threads
    of the live server: the settings of a connection are one object for them all."""
    at_home = connection.settings_dict["NAME"]
    connections.close_all()
    run_sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    see_off(of or at_home)
    run_sql(f'CREATE DATABASE "{name}" TEMPLATE "{of or at_home}"')
    connection.settings_dict["NAME"] = name
    pagecache.forget()
    try:
        yield
    finally:
        connections.close_all()
        connection.settings_dict["NAME"] = at_home
        pagecache.forget()


def see_off(name):
    """Nobody copies a database somebody is in. A connection that was closed lives on in
    the server for a moment; what a thread of the live server still holds is ended, and
    it connects anew when it is next asked."""
    others = "FROM pg_stat_activity WHERE datname = %s"
    with connection._nodb_cursor() as cursor:
        deadline = time.monotonic() + LEAVING
        while time.monotonic() < deadline:
            cursor.execute(f"SELECT count(*) {others}", [name])
            if cursor.fetchone()[0] == 0:
                return
            time.sleep(0.1)
        cursor.execute(f"SELECT pg_terminate_backend(pid, 5000) {others}", [name])


def run_sql(statement):
    """Outside of the test's database: one cannot copy where one stands."""
    with connection._nodb_cursor() as cursor:
        cursor.execute(statement)
