"""The portal at work as its application's role, which owns nothing; and what that role
is refused, whoever has taken the application over.

The rest of the suite works as the owner of the tables.
"""

from io import StringIO

import pgtrigger
import psycopg2
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import ConnectionHandler, DatabaseError, connection, connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from common import audit, services
from common.models import AuditEvent, AuditSeal
from members.models import User
from news.models import Article, ArticleVersion
from signups.models import Signup
from tests.activities.factories import make_class
from tests.factories import PASSWORD, make_user, make_worker
from tests.members.phone_tools import ask, type_in
from tests.members.test_codes import NUMBER
from tests.news.back_office import ADD, in_all_columns, moment, typed
from tests.news.factories import approve, make_column, make_reviewers
from unionportal.database import base, purpose, rights
from unionportal.database.checks import the_application_owns_nothing
from unionportal.database.owner import as_owner
from unionportal.services import write_roles

ROLE = "portal_application_of_tests"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def application(transactional_db):
    """From here every new connection, of whatever thread, is the application's role."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(2018)")  # the suite's other processes
        cursor.execute("SELECT FROM pg_roles WHERE rolname = %s", [ROLE])
        if cursor.fetchone() is None:
            cursor.execute(f"CREATE ROLE {ROLE}")
        cursor.execute("SELECT pg_advisory_unlock(2018)")
    rights.grant(ROLE)
    options = connection.settings_dict["OPTIONS"]
    kept = options["options"]
    options["options"] = f"{kept} -c role={ROLE}"
    connections.close_all()
    yield
    options["options"] = kept
    connections.close_all()


def statement(text, *values):
    with connection.cursor() as cursor:
        cursor.execute(text, values)
        return cursor.fetchall() if cursor.description else None


# --- what it is refused ---------------------------------------------------------------


@pytest.mark.parametrize(
    "deed",
    [
        "DELETE FROM {table}",
        "UPDATE {table} SET {column} = NULL",
        "TRUNCATE {table}",
        "TRUNCATE {table} CASCADE",
        "DROP TABLE {table} CASCADE",
        "ALTER TABLE {table} DISABLE TRIGGER ALL",
        "ALTER TABLE {table} ADD COLUMN x int",
        "CREATE TRIGGER x BEFORE INSERT ON {table} FOR EACH ROW"
        " EXECUTE FUNCTION suppress_redundant_updates_trigger()",
        "CREATE RULE x AS ON INSERT TO {table} DO INSTEAD NOTHING",
        "ALTER TABLE {table} OWNER TO CURRENT_USER",
        "LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE",
    ],
)
@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("common_auditevent", "by_label"),
        ("common_auditseal", "events"),
        ("common_change", "after"),
        ("news_articleversion", "title"),
    ],
)
def test_database_role_what_is_append_only_cannot_be_touched(
    application, deed, table, column
):
    audit.record("export", by=None)

    with pytest.raises(DatabaseError) as refused, pgtrigger.ignore():
        statement(deed.format(table=table, column=column))

    assert isinstance(refused.value.__cause__, psycopg2.errors.InsufficientPrivilege)
    assert AuditEvent.objects.count() == 1


@pytest.mark.parametrize(
    "deed",
    [
        "SET session_replication_role = replica",
        "ALTER ROLE CURRENT_USER SUPERUSER",
        "DROP TRIGGER pgtrigger_append_only_085fa ON common_auditevent",
        "DROP FUNCTION common_record_change(text, text, jsonb, jsonb, text[])",
        "CREATE TABLE x (id int)",
        "CREATE TEMP TABLE common_auditevent (id int)",
        "CREATE FUNCTION x() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE OR REPLACE FUNCTION common_forget_names(account bigint) RETURNS void "
        "LANGUAGE sql AS 'SELECT NULL::void'",
        "ALTER FUNCTION common_forget_addresses() RESET ALL",
        "CREATE SCHEMA x",
        "CREATE ROLE x",
        "DROP SCHEMA public CASCADE",
        "INSERT INTO django_migrations (app, name, applied) VALUES ('x', 'x', now())",
        "COMMENT ON TABLE django_migrations IS 'x'",
        "ALTER DATABASE {database} SET session_replication_role = replica",
        "SELECT pg_read_file('postgresql.conf')",
        "COPY common_auditevent TO PROGRAM 'cat'",
    ],
)
def test_database_role_nothing_can_be_made_or_switched_off(application, deed):
    database = connection.ops.quote_name(connection.settings_dict["NAME"])

    with pytest.raises(DatabaseError) as refused:
        statement(deed.format(database=database))

    assert isinstance(refused.value.__cause__, psycopg2.errors.InsufficientPrivilege)


def test_forget_as_the_application_blanks_a_name_and_changes_nothing_else(application):
    user, other = make_user(name="甲示例"), make_user(name="乙示例")
    for by in (user, other):
        audit.record("export", by=by, reason="对账", before="甲", after="乙")
    before = list(AuditEvent.objects.order_by("pk").values())

    audit.forget(user)

    after = list(AuditEvent.objects.order_by("pk").values())
    for row in before:
        row["by_label"] = "" if row["by_id"] == user.pk else row["by_label"]
    assert after == before
    statement("SELECT set_config('portal.forgetting', 'on', false)")
    with pytest.raises(DatabaseError, match="permission denied"):
        AuditEvent.objects.update(by_label="")


def test_forget_addresses_leaves_those_younger_than_half_a_year(application):
    audit.record("export", by=None)
    statement(
        "INSERT INTO common_auditevent (at, verb, by_label, address, of_model, of_key,"
        " outcome, reason, before, after, request_id) SELECT now() - interval '1 day'"
        " * n, 'export', '', '10.0.0.1', '', '', 'done', '', '', '', ''"
        " FROM generate_series(182, 184, 2) n"
    )

    assert services.forget_addresses() == 1
    assert AuditEvent.objects.exclude(address=None).count() == 1


# --- what it does ---------------------------------------------------------------------


def test_database_role_check_finds_nothing_wrong(application):
    assert the_application_owns_nothing(databases=["default"]) == []


def test_database_role_lets_somebody_sign_up_take_a_seat_and_close_the_account(
    application, outbox
):
    made, client = make_class(capacity=1), Client()
    ask(client, "account_signup", NUMBER)
    type_in(client, outbox.code_for(NUMBER))
    user = User.objects.get()
    worker = make_worker(user=user)

    client.post(
        reverse("signups:signup-create", args=[made.offering.pk]),
        {"promised": "seat", "agree": "on"},
    )
    assert Signup.objects.get(worker=worker).status == "seated"
    client.post(reverse("my-close"), {"word": "注销"})

    user.refresh_from_db()
    assert user.closed_at
    mine = AuditEvent.objects.filter(by=user)
    assert mine.exists()
    assert not mine.exclude(by_label="").exists()


def test_database_role_lets_an_editor_publish_correct_and_withdraw(
    application, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    write_roles()
    client = Client()
    user = make_user(phone="13812345678", is_staff=True, roles=["编辑"])
    in_all_columns(user)
    reviewers = make_reviewers()
    login = {"login": "13812345678", "password": PASSWORD}
    client.post(reverse("account_login"), login)

    client.post(ADD, typed(make_column(), _send=""))
    approve(ArticleVersion.objects.get(), reviewers)

    article = Article.objects.live().get()
    assert client.get(article.get_absolute_url()).status_code == 200
    client.post(
        reverse("admin:news_article_change", args=[article.pk]),
        typed(
            article.column,
            title="更正后的标题",
            correction="标题有误",
            _send="",
            **moment(article.publish_at),
        ),
    )
    assert ArticleVersion.objects.count() == 2
    withdraw = reverse("admin:news_article_withdraw", args=[article.pk])
    client.post(withdraw, {"reason": "事实有误"})
    assert not Article.objects.live().exists()


def test_database_role_lets_tick_run(application):
    AuditEvent.objects.create(
        at=timezone.now() - timezone.timedelta(hours=1), verb="log_in", outcome="done"
    )

    call_command("tick", stdout=StringIO())
    call_command("check_audit", stdout=StringIO())
    call_command("sync_roles", stdout=StringIO())

    assert AuditSeal.objects.count() == 1


def test_database_role_command_becomes_the_owner_and_the_application_again(
    application, monkeypatch
):
    owner = connection.settings_dict["USER"]
    monkeypatch.setitem(connection.settings_dict, "OWNER", {"USER": owner})
    monkeypatch.setitem(connection.settings_dict, "USER", ROLE)

    with as_owner() as named:
        assert named == ROLE
        assert connection.settings_dict["USER"] == owner

    assert connection.settings_dict["USER"] == ROLE


# --- what a database is for -----------------------------------------------------------


@pytest.fixture
def connect(transactional_db, monkeypatch):
    """Connect to the test's database as settings for this purpose would; the mark that
    a test leaves is taken away."""
    settings = connection.settings_dict

    def connect(purpose, **fields):
        entry = settings | {"PURPOSE": purpose} | fields
        other = ConnectionHandler({"default": entry})["default"]
        try:
            base.DatabaseWrapper(other.settings_dict).get_new_connection(
                other.get_connection_params() | {"host": settings["HOST"]}
            ).close()
        finally:
            other.close()

    yield connect
    statement("COMMENT ON TABLE django_migrations IS NULL")


def test_mark_database_keeps_a_demonstration_out_of_productions_database(connect):
    purpose.mark("production")

    connect("production")
    with pytest.raises(ImproperlyConfigured, match="marked production"):
        connect("demonstration")


def test_mark_database_keeps_production_out_of_a_demonstration(connect):
    purpose.mark("demonstration")

    connect("demonstration")
    with pytest.raises(ImproperlyConfigured, match="marked demonstration"):
        connect("production")


def test_mark_database_lets_a_demonstration_take_an_unmarked_one_without_accounts(
    connect,
):
    connect("demonstration")
    with pytest.raises(ImproperlyConfigured, match="on another machine"):
        connect("demonstration", HOST="db.example")

    make_user()
    with pytest.raises(ImproperlyConfigured, match="has accounts"):
        connect("demonstration")
    connect("production")

    call_command("mark_database", "demonstration", stdout=StringIO())
    connect("demonstration", HOST="db.example")


def test_mark_database_says_the_same_to_who_may_not_even_read(connect, application):
    """The rights of a role are given by the first ``migrate``, and so is the mark."""
    with pytest.raises(ImproperlyConfigured, match="has accounts"):
        connect("demonstration", OPTIONS={"options": "-c role=pg_monitor"})


def test_mark_database_changes_no_mark_where_somebody_has_an_account(connect):
    purpose.mark("demonstration")
    make_user()

    with pytest.raises(CommandError, match="begins with an empty one"):
        call_command("mark_database", "production", stdout=StringIO())


def test_migrate_marks_the_database(connect, monkeypatch):
    monkeypatch.setitem(connection.settings_dict, "PURPOSE", "production")

    call_command("migrate", verbosity=0)

    with pytest.raises(ImproperlyConfigured, match="marked production"):
        connect("demonstration")


def test_migrate_is_refused_to_the_applications_role_and_says_who_can(application):
    with pytest.raises(CommandError, match="DATABASE_OWNER_URL"):
        call_command("migrate", verbosity=0)


def test_database_role_check_names_what_the_owner_may_do():
    """Production with one role for everything, as before there were two."""
    (privileged, owns, *_) = the_application_owns_nothing(databases=["default"])

    assert "could erase the audit" in privileged.msg
    assert "it owns" in owns.msg
    assert the_application_owns_nothing(databases=None) == []
