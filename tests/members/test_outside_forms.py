"""What no form asks for has no effect, other people's rows are not there, and a claimed
address helps nobody. The public addresses come from the resolver: one that is added
tomorrow is tried here without a line of code."""

import logging
import re
from urllib.parse import urlencode

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.core.management.color import no_style
from django.db import connection
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

from common import pace
from members.models import User, Worker
from signups.models import Appeal, Attendance, ConductPoint, Offering, Signup
from tests.factories import PASSWORD, make_user
from tests.members import matrix
from tests.members.matrix import REGISTERED
from unionportal.services import write_roles

pytestmark = pytest.mark.django_db

NUMBER = "13912345678"
# how a browser sends a form without a file, and read in a tenth of the time
FORM = "application/x-www-form-urlencoded"
# columns that say who may do what, or whose a row is; nobody types them
POWERS = {"is_staff", "is_superuser", "is_active", "phone_verified", "verified_at"}
POWERS |= {"is_member", "union_org_id", "identity_hmac", "public_id"}


@pytest.fixture(autouse=True)
def quiet():
    logging.disable(logging.ERROR)
    yield
    logging.disable(logging.NOTSET)


def public_patterns(resolver, namespace=""):
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            if pattern.namespace == "admin":
                continue
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else ""
            yield from public_patterns(pattern, inner or namespace)
        else:
            yield f"{namespace}{pattern.name}", pattern.pattern.converters


PUBLIC = dict(public_patterns(get_resolver()))


def addresses(house, name):
    """The address of this name, for every row whose number it might take."""
    converters = PUBLIC[name]
    if not converters:
        return [reverse(name)]
    keys = {row.pk for row in house.rows.values() if isinstance(row.pk, int)}
    found = []
    for key in sorted(keys):
        args = dict.fromkeys(converters, key)
        args |= {n: "0" * 32 for n, c in converters.items() if n == "key"}
        found.append(reverse(name, kwargs=args))
    return found


def everything(house):
    """Every column of every table, as an attacker would add it to any form."""
    data = {}
    for model in REGISTERED:
        data |= matrix.typed(house, model, "B")
    data |= {f"{name}_id": "1" for name in list(data)}
    data |= {"is_superuser": "on", "role": "1", "roles": "系统管理员", "votes": "9"}
    data |= {"hours": "999", "wait": "0", "pool": "1", "rank": "1", "by": "1"}
    user, worker = house.row(User, "B"), house.row(Worker, "B")
    return data | {"user": user.pk, "user_id": user.pk, "worker": worker.pk} | {
        "worker_id": worker.pk, "asked_by": user.pk, "status": "seated",
        "groups": list(Group.objects.values_list("pk", flat=True)),
    }  # fmt: skip


def takeover(house, user, worker, changes):
    """What among the changes is not this person's to change."""
    for table, key, old, new in changes:
        model = matrix.tables()[table]
        row = house.rows.get(("B", model))
        if table == "members_notice" and old is None:
            continue  # what somebody asks for is told to whom it concerns
        if old and row is not None and key == str(row.pk):
            yield f"changed {table} #{key} of another"
        if model._meta.auto_created and model._meta.app_label in ("members", "auth"):
            yield f"gave a right: {table}"
        if old and new and table in ("members_user", "members_worker"):
            for column in POWERS & {c for c in new if old[c] != new[c]}:
                yield f"changed {column} of {table} #{key}"
        for column, own in [("worker_id", worker), ("user_id", user), ("by_id", user)]:
            holder = (new or old).get(column)
            if holder is not None and holder != (own and own.pk):
                yield f"{table} #{key} stands under another's name"
        asked_by = (new or {}).get("asked_by_id")
        if old is None and asked_by not in (None, user and user.pk):
            yield f"{table} #{key} was asked for by another"


@pytest.mark.slow  # every public address, each with every column
def test_forms_ignore_every_field_that_is_not_theirs():
    type_everything("worker")  # a visitor and staff: make soak


def number_from_the_start():
    """Rows of different tables share their numbers again. Late in a run no two do, and
    every address would be tried for three times as many."""
    tables = [model for model in apps.get_models() if model._meta.managed]
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), tables):
            cursor.execute(statement)


def type_everything(who):
    """T22, T5: every public address, every row's number, every column as a field."""
    number_from_the_start()
    house = matrix.build()
    user = {"worker": house.row(User, "A"), "visitor": None}.get(
        who, house.staff["无角色"]
    )
    worker = house.row(Worker, "A") if who == "worker" else None
    client = Client(raise_request_exception=False)
    if user:
        client.force_login(user)
    # a free place: signing up must work, or nothing has been tried
    Attendance.objects.filter(signup__worker=worker).delete()
    Appeal.objects.filter(point__signup__worker=worker).delete()
    ConductPoint.objects.filter(signup__worker=worker).delete()
    Signup.objects.filter(worker=worker).delete()
    body = urlencode(everything(house), doseq=True)
    before, problems, done = matrix.stored(), [], []

    for name in PUBLIC:
        for address in addresses(house, name):
            cookies = client.cookies.copy()

            def act(address=address):
                pace.people.forget()  # nobody would ask all of this within a minute
                written = matrix.writes()
                response = client.post(address, body, FORM)
                names = matrix.written_since(written)
                return response, list(matrix.changes(before, names))

            response, changed = matrix.one_try(act)
            client.cookies = cookies
            if response.status_code >= 500:
                problems.append(f"{address}: {response.status_code}")
            for what in takeover(house, user, worker, changed):
                problems.append(f"{address}: {what}")
            done += changed

    assert not problems, "\n".join(problems)
    tables = {table for table, *_rest in done}
    assert ("signups_signup" in tables) == (who == "worker"), "something was tried"


def test_sign_up_ignores_everything_typed_but_the_row():
    """The row is the worker's own, asked for by them, at the end of the queue."""
    house = matrix.build()
    offering, worker = house.row(Offering, ""), house.row(Worker, "A")
    Attendance.objects.filter(signup__worker=worker).delete()
    Appeal.objects.filter(point__signup__worker=worker).delete()
    ConductPoint.objects.filter(signup__worker=worker).delete()
    Signup.objects.filter(worker=worker).delete()
    offering.pools.update(taken=1, capacity=1)
    client = Client()
    client.force_login(worker.user)
    data = everything(house)

    client.post(reverse("signups:signup-create", args=[offering.pk]), data)

    signup = Signup.objects.get(worker=worker)
    assert (signup.status, signup.asked_by) == ("waiting", worker.user)


def test_log_in_gives_no_rights(client):
    write_roles()
    user = make_user(phone=NUMBER)
    groups = list(Group.objects.values_list("pk", flat=True))

    response = client.post(
        reverse("account_login"),
        {"login": NUMBER, "password": PASSWORD, "is_staff": "on", "groups": groups}
        | {"is_superuser": "on", "user": "1", "phone_verified": "on"},
    )

    user.refresh_from_db()
    assert response.status_code == 302
    assert (user.is_staff, user.is_superuser) == (False, False)
    assert not user.groups.exists()


# --- T5: what is not one's own


def words(response, key) -> str:
    """A page without its token and the number it was asked for by."""
    page = re.sub(
        r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode()
    )
    return page.replace(f"/{key}/", "/KEY/")


@pytest.mark.parametrize("method", ["get", "post"])
def test_cancel_answers_another_workers_signup_as_one_that_is_not_there(client, method):
    house = matrix.build()
    foreign = house.row(Signup, "B")
    client.force_login(house.row(User, "A"))
    rows = [name for name in PUBLIC if name.startswith("signups:signup-")]
    rows.remove("signups:signup-create")  # takes an offering

    assert len(rows) > 2
    for name in rows:
        there = getattr(client, method)(reverse(name, args=[foreign.pk]))
        nowhere = getattr(client, method)(reverse(name, args=[foreign.pk + 10**6]))
        assert there.status_code == nowhere.status_code
        assert there.status_code in {404, 405}
        assert words(there, foreign.pk) == words(nowhere, foreign.pk + 10**6)


# --- T23: an address that is claimed


def wrong(client, n, **headers):
    return client.post(
        reverse("account_login"),
        {"login": NUMBER, "password": f"wrong-password-{n}"},
        **headers,
    )


@pytest.mark.parametrize("proxies", [0, 1])
def test_log_in_lock_is_not_lifted_by_claiming_another_address_each_time(
    client, settings, proxies
):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    make_user(phone=NUMBER)
    for n in range(20):
        wrong(client, n, HTTP_X_FORWARDED_FOR=f"198.51.100.{n}")

    locked = client.post(
        reverse("account_login"),
        {"login": NUMBER, "password": PASSWORD},
        HTTP_X_FORWARDED_FOR="198.51.100.99",
    )

    assert "请10分钟后再试" in locked.content.decode()
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    ("proxies", "claimed"),
    [(0, "198.51.100.{n}"), (1, "198.51.100.{n}, 203.0.113.9")],
)
def test_send_code_counts_the_address_that_the_proxy_saw(
    client, settings, proxies, claimed
):
    """What a visitor writes into the header stands before what the proxy adds."""
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    settings.ACCOUNT_RATE_LIMITS = {"login": "3/m/ip", "login_failed": "99/10m/key"}

    answers = [
        wrong(client, n, HTTP_X_FORWARDED_FOR=claimed.format(n=n)).status_code
        for n in range(6)
    ]

    assert answers == [200] * 3 + [429] * 3


def test_send_code_counts_another_visitor_of_the_proxy_apart(client, settings):
    """The control: were the proxy's own address counted, everybody would be locked."""
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    settings.ACCOUNT_RATE_LIMITS = {"login": "3/m/ip", "login_failed": "99/10m/key"}
    for n in range(4):
        wrong(client, n, HTTP_X_FORWARDED_FOR="203.0.113.9")

    assert wrong(client, 9, HTTP_X_FORWARDED_FOR="203.0.113.10").status_code == 200
