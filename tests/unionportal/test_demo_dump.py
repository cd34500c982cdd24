"""What somebody finds who has stolen a dump of the demonstration's database."""

import base64
import hashlib
import re
import zlib
from contextlib import suppress

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client

from members.models import UnionOrg
from members.services import roster
from tests.factories import PASSWORD
from tests.members import phone_tools, rosters
from tests.unionportal.accounts import STAFF

pytestmark = pytest.mark.django_db


def every_cell():
    """All that a dump holds: (table, text), and what each text decodes to."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.tables"
            " WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
        )
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                for cell in row:
                    # a key may be six figures long, and is no code
                    yield table, f"#{cell}" if isinstance(cell, int) else str(cell)
                    for decoded in decodings(str(cell)):
                        yield table, decoded


def decodings(text):
    """As a thief tries: signed payloads, base64, compressed."""
    for part in {text, *text.split(":")}:
        try:
            raw = base64.urlsafe_b64decode(part.lstrip(".") + "=" * (-len(part) % 4))
        except ValueError:
            continue
        yield raw.decode("latin-1")
        with suppress(zlib.error):
            yield zlib.decompress(raw).decode("latin-1")


def visits(outbox):
    """What leaves sessions and cache rows behind: a failure and a log-in by password, a
    log-in by code, and a code on its way of every other kind; and a roster uploaded.
    Returns the codes and the numbers that were typed."""
    visitor = Client()
    for password in ("wrong", PASSWORD):
        visitor.post("/accounts/login/", {"login": "13900000120", "password": password})
    known, new, other = "13900000121", "13812344321", "13812344322"

    by_code = Client()
    phone_tools.ask(by_code, "account_request_login_code", known)
    codes = [outbox.code_for(known)]
    phone_tools.type_in(by_code, codes[0])
    assert by_code.session.get("_auth_user_id"), "logged in by code"

    phone_tools.let_pass(minutes=2)
    for door, number in [
        ("account_request_login_code", known),
        ("account_reset_password", "13900000122"),
        ("account_signup", new),
    ]:
        on_its_way = Client()
        phone_tools.ask(on_its_way, door, number)
        codes.append(outbox.code_for(number))

    phone_tools.ask(visitor, "account_change_phone_old", "")
    codes.append(outbox.code_for("13900000120"))
    phone_tools.type_in(visitor, codes[-1])
    phone_tools.ask(visitor, "account_change_phone_new", other)
    codes.append(outbox.code_for(other))

    whole = rosters.number(77)
    content = rosters.plain_csv(["示例甲", whole, ""])
    kept = roster.upload(
        union_org=UnionOrg.objects.first(), file_name="a.csv", content=content, by=None
    )
    roster.check(roster_import=kept)
    return codes, [new, other, whole]


@pytest.mark.slow  # every cell of every table is read
def test_demo_stolen_dump_names_no_number_and_no_code(made, outbox):
    """T27, D13: what a thief of the database decodes leads to nobody."""
    codes, typed = visits(outbox)
    assert Session.objects.count() >= 5
    numbers = [f"13900000{n:03}" for n in (*STAFF, *range(100, 201))]
    traces = {*numbers, *typed}
    for number in [*numbers, *typed]:
        for spelling in (number, f"+86{number}", f"86{number}"):
            traces.add(hashlib.sha256(spelling.encode()).hexdigest())
            traces.add(hashlib.md5(spelling.encode()).hexdigest())  # noqa: S324
    for code in codes:
        traces.add(hashlib.sha256(code.encode()).hexdigest())
        traces.add(hashlib.md5(code.encode()).hexdigest())  # noqa: S324
    any_mobile = re.compile(r"(?<![0-9A-Za-z])(?:\+?86)?1[3-9][0-9]{9}(?![0-9A-Za-z])")
    any_identity = re.compile(
        r"(?<![0-9])[1-9][0-9]{5}(?:19|20)[0-9]{9}[0-9Xx](?![0-9])"
    )
    any_code = re.compile(rf"(?<![0-9A-Za-z.#])(?:{'|'.join(codes)})(?![0-9A-Za-z])")

    seen, found = set(), []
    for table, text in every_cell():
        seen.add(table)
        if any(kind.search(text) for kind in (any_mobile, any_identity, any_code)):
            found.append((table, text[:80]))
        found += [(table, trace) for trace in traces if trace in text]

    assert {"members_user", "django_session", "common_cache"} <= seen
    assert {"members_rosterimport", "members_smsmessage"} <= seen
    assert found == []
