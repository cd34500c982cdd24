"""After signing up, logging in, a new password and another number, nobody finds a
number or a code in any table, session, cache entry or line of a log."""

import base64
import hashlib
import json
import logging
import pickle
import re

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.urls import reverse

from common import crypto, logs
from tests.members.phone_tools import ask, let_pass, type_in

pytestmark = pytest.mark.django_db

NUMBER, OTHER = "13912345678", "13987654321"
PASSWORDS = ["木棉花开在金沙江边", "二滩水电站的灯火"]


@pytest.fixture
def lines(caplog):
    """Every line that the portal's own formatter would have written, and raw."""
    caplog.set_level(logging.DEBUG)
    written = []

    class Keep(logging.Handler):
        def emit(self, record):
            written.append(self.format(record))
            if record.name.partition(".")[0] == "portal":  # ours do not lean on masks
                written.append(record.getMessage())

    handler = Keep(level=logging.DEBUG)
    handler.setFormatter(logs.JsonFormatter())
    # statements with their parameters are the database library's, and never switched
    # on in production: the cipher and the fingerprints are made before they get there
    logging.getLogger("django.db.backends").setLevel(logging.DEBUG)
    logging.getLogger().addHandler(handler)
    yield written
    logging.getLogger().removeHandler(handler)
    logging.getLogger("django.db.backends").setLevel(logging.NOTSET)


def whole_life(client, outbox):
    """Everything the issue names; the codes that were used, in order."""
    used = []

    def prove(number):
        used.append(outbox.code_for(number))
        assert type_in(client, "000000").status_code == 200  # a wrong one before
        assert type_in(client, used[-1]).status_code == 302
        let_pass(seconds=61)

    ask(client, "account_signup", NUMBER)
    prove(NUMBER)
    let_pass(seconds=-61)
    client.post(reverse("account_set_password"), {"password": PASSWORDS[0]})
    let_pass(seconds=61)
    client.post(reverse("account_logout"))
    ask(client, "account_request_login_code", NUMBER)
    prove(NUMBER)
    client.post(reverse("account_logout"))
    client.post(reverse("account_login"), {"login": NUMBER, "password": "wrong-one"})
    ask(client, "account_reset_password", NUMBER)
    prove(NUMBER)
    client.post(reverse("account_set_password"), {"password": PASSWORDS[1]})
    client.post(reverse("account_change_phone_old"))
    prove(NUMBER)
    ask(client, "account_change_phone_new", OTHER)
    prove(OTHER)
    # one more code stays on its way, so that a session holds one
    stranger = type(client)()
    ask(stranger, "account_request_login_code", NUMBER)
    ask(stranger, "account_request_login_code", OTHER)
    used.append(outbox.code_for(OTHER))
    return used


def tables() -> dict[str, list[dict]]:
    """Every row of every table; what Postgres prints of it."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT to_jsonb(t)::text FROM "{table}" t')
            found[table] = [json.loads(row) for (row,) in cursor.fetchall()]
    return found


def texts_in(value):
    """Every text inside a row, however deep."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from texts_in(name)
            yield from texts_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts_in(inner)
    else:
        yield str(value)


def opened(cache_row) -> str:
    """A cache entry as its library wrote it."""
    return repr(pickle.loads(base64.b64decode(cache_row["value"])))  # noqa: S301


def unwrapped(session_row) -> str:
    """A session as far as somebody without the key comes."""
    payload = session_row["session_data"]
    return base64.urlsafe_b64decode(payload).decode("latin-1")


def spellings(secret):
    plain = [secret, "+86" + secret, "86" + secret]
    hashes = [
        make(spelling.encode()).hexdigest()
        for spelling in plain
        for make in (hashlib.sha256, hashlib.md5, hashlib.sha1)  # noqa: S324
    ]
    return [secret, *hashes]


def test_send_code_leaves_nothing_of_the_number_or_the_code_anywhere(
    client, outbox, lines
):
    cache.clear()
    logging.getLogger("portal.test").info("the collector works")
    used = whole_life(client, outbox)
    found = tables()
    rows = [(table, row) for table, kept in found.items() for row in kept]
    everything = "\n".join(
        [text for _table, row in rows for text in texts_in(row)]
        + [opened(row) for row in found["common_cache"]]
        + [unwrapped(row) for row in found["django_session"]]
    )
    said = "\n".join(lines)

    assert len(used) == 6
    assert len(found["members_smsmessage"]) >= 6
    assert found["common_cache"]
    assert found["django_session"]
    assert "the collector works" in lines
    for number in (NUMBER, OTHER):
        for spelling in spellings(number):
            assert spelling not in everything
        assert number not in said
    for code in used:
        for spelling in spellings(code)[1:]:
            assert spelling not in everything
        assert not stands_alone(code, everything + said)
    for password in PASSWORDS:
        assert password not in everything + said


def stands_alone(code, text):
    """As a number of its own: hexadecimal fingerprints and times contain any digits."""
    return re.search(rf"(?<![0-9A-Za-z_.\-:+/=]){code}(?![0-9A-Za-z_.\-:+/=])", text)


def test_send_code_seals_the_sessions_payload_without_the_code(client, outbox):
    """Whoever has the table and not the key reads nothing; with the key, no code."""
    ask(client, "account_signup", NUMBER)

    [row] = Session.objects.all()
    inside = json.loads(crypto.unseal(row.session_data))
    code = outbox.code_for(NUMBER)

    assert NUMBER not in row.session_data
    assert inside["sms_code"]["phone"] == "+86" + NUMBER
    assert not any(code == text for text in texts_in(inside))
    assert len(inside["sms_code"]["digest"]) == 64


def test_leak_search_finds_what_it_searches_for(client, outbox, lines):
    """The control: a number, its hash and a code put where they must not be."""
    cache.set("somewhere", NUMBER)
    session = client.session
    session["number"] = NUMBER
    session.save()
    logging.getLogger("portal").warning("sent to %s：验证码%s。", NUMBER, "482913")

    found = tables()

    assert any(NUMBER in opened(row) for row in found["common_cache"])
    assert NUMBER in "\n".join(lines)
    assert stands_alone("482913", "\n".join(lines))
    assert stands_alone("482913", "a 482913 b") and not stands_alone(
        "482913", "f482913"
    )
