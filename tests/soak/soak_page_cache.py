"""The cache of finished pages in two server processes on one database: what is
published or taken is seen in a second, nobody's page is anybody else's, and a database
that is gone or hung keeps nobody waiting."""

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import timedelta
from itertools import product
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection, connections
from django.test import Client
from django.utils import timezone

from news import services as news
from news.services import moderating
from signups.services import seats
from tests.activities.factories import make_class, make_term
from tests.factories import make_user, make_worker, make_worker_with_login
from tests.news.comments import approved, make_comment, make_moderator
from tests.news.factories import (
    approve,
    make_article,
    make_content,
    make_photo,
    make_series,
    save_version,
)
from tests.unionportal.test_embedded_postgres import ROOT
from unionportal import services as roof
from unionportal.embedded_postgres import server as postgres
from unionportal.management.commands.serve import granian
from unionportal.models import GreyPeriod

pytestmark = pytest.mark.django_db(transaction=True)

HOST = "127.0.0.1"
LARGE = "display=elder"
SECOND = 1.0
SESSION = settings.SESSION_COOKIE_NAME


@pytest.fixture
def ports():
    """Two servers of one process each, on this test's database."""
    running, found = [], []
    for _number in range(2):
        with closing(socket.socket()) as free:
            free.bind((HOST, 0))
            port = free.getsockname()[1]
        command = granian(port)
        command[0] = sys.executable
        command[command.index("--workers") + 1] = "1"
        running.append(subprocess.Popen(command, cwd=ROOT, env=environment()))
        found.append(port)
    try:
        for port in found:
            wait_until(lambda port=port: status(port, "/readyz") == 200)
        yield found
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.wait(30)


def environment():
    database = connection.settings_dict
    host, url = database["HOST"], "postgres://"
    url += quote(database["USER"])
    if database.get("PASSWORD"):
        url += ":" + quote(database["PASSWORD"])
    is_socket = host.startswith("/")
    url += "@" if is_socket else f"@{host}:{database['PORT'] or 5432}"
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "unionportal.settings.test",
        "DATABASE_URL": f"{url}/{database['NAME']}",
        "PGHOST": host if is_socket else "",
    }


def ask(port, path, cookie="", **headers):
    """One request: status, headers, words and the seconds it took."""
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    if cookie:
        headers["Cookie"] = cookie
    began = time.monotonic()
    with closing(http.client.HTTPConnection(HOST, port, timeout=30)) as line:
        line.request("GET", path, headers={"Host": "localhost"} | headers)
        response = line.getresponse()
        words = response.read().decode(errors="ignore")
    return SimpleNamespace(
        status=response.status,
        headers=response.headers,
        text=words,
        seconds=time.monotonic() - began,
    )


def status(port, path):
    try:
        return ask(port, path).status
    except OSError:
        return None


def wait_until(holds, seconds=30):
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "It did not come."
        time.sleep(0.05)


def seen(what, ports, path, is_new, cookie=""):
    """Whether each answer that is asked for a second from now is the new one; prints
    when the first of each process was."""
    committed = time.monotonic()
    first = dict.fromkeys(ports)
    while time.monotonic() - committed < SECOND:
        for port in ports:
            if first[port] is None and is_new(ask(port, path, cookie)):
                first[port] = time.monotonic() - committed
        time.sleep(0.01)
    print(f"{what}: {[at and f'{at * 1000:.0f} ms' for at in first.values()]}")
    return all(is_new(ask(port, path, cookie)) for port in ports for _n in range(10))


def test_changes_are_seen_in_a_second_by_two_processes(ports):
    article, other = make_article(title="示例初稿"), make_article()
    course_class = make_class()
    page, feed = article.get_absolute_url(), "/news/feed/"
    term, made = course_class.term.get_absolute_url(), course_class.get_absolute_url()
    pages = ["/", "/news/", page, feed, "/sitemap-news.xml", term, made]
    for port, path, cookie in product(ports, pages, ["", LARGE]):
        assert ask(port, path, cookie).status == 200

    new = make_article(title="示例新发")
    shows = lambda answer: "示例新发" in answer.text  # noqa: E731
    assert seen("published, in the list", ports, "/news/", shows)
    assert all(shows(ask(port, path)) for port in ports for path in ("/", feed))

    version = save_version(
        article=article, content=make_content(title="示例更正"), by=None
    )
    approve(version)
    assert seen("corrected", ports, page, lambda a: "示例更正" in a.text)
    assert all(
        "示例初稿" not in ask(port, path).text for port in ports for path in pages
    )

    news.withdraw(article=article, by=None, reason="示例原因")
    assert seen("withdrawn", ports, page, lambda a: a.status == 410)
    for port, path in product(ports, ["/", "/news/", feed, "/sitemap-news.xml"]):
        assert page not in ask(port, path).text

    seats.sign_up(offering_id=course_class.offering.pk, worker=make_worker(), by=None)
    assert seen("a seat, on the class", ports, made, lambda a: "余9席" in a.text)
    signup = seats.sign_up(
        offering_id=course_class.offering.pk, worker=make_worker(), by=None
    )
    assert seen("a seat, on the term", ports, term, lambda a: "余8席" in a.text)
    seats.cancel(signup=signup, by=None)
    assert seen("a seat, at home", ports, "/", lambda a: "余9席" in a.text)
    assert new.pk > other.pk


def test_approved_comment_is_seen_in_a_second_by_two_processes(ports):
    article = make_article(keywords=["技能"])
    make_article(keywords=["技能"], title="相关的一篇")
    approved(make_comment(article=article, text="说得好"))
    page = article.get_absolute_url()
    for port in ports:
        held = ask(port, page)
        assert "说得好" in held.text and "相关的一篇" in held.text
        # kept: nobody has a session, and it is known by its ETag
        assert "public" in held.headers["Cache-Control"]
        assert ask(port, page, If_None_Match=held.headers["ETag"]).status == 304
    comment = make_comment(article=article, text="又一句")
    by = make_moderator(comment)
    assert all("又一句" not in ask(port, page).text for port in ports)

    moderating.approve_comment(comment=comment, by=by)
    assert seen("a comment", ports, page, lambda a: "又一句" in a.text)
    moderating.hide_comment(comment=comment, by=by, reason="离题")
    assert seen("a comment hidden", ports, page, lambda a: "又一句" not in a.text)
    moderating.set_comments(article=article, mode="off", by=by)
    assert seen("comments off", ports, page, lambda a: "说得好" not in a.text)


def test_withdrawn_article_is_nowhere_in_a_second_for_two_processes(ports):
    series, photo = make_series(), make_photo(caption="琥珀榴莲图")
    article = make_article(
        title="琥珀榴莲头条",
        series=series,
        series_no=1,
        photos=(photo,),
        keywords=["榴莲"],
    )
    other = make_article(series=series, series_no=2, keywords=["榴莲"])
    page, picture = article.get_absolute_url(), article.lead_photo.small_url
    column = article.column.get_absolute_url()
    pages = ["/", "/news/", column, series.get_absolute_url(), other.get_absolute_url()]
    pages += ["/news/feed/", "/news/rss/", f"{column}feed/", f"{column}rss/"]
    pages += ["/sitemap-news.xml", f"/search/?q={quote('琥珀')}"]
    suggested = f"/search/suggestions/?q={quote('琥珀')}"
    title = json.dumps(article.title)[1:-1]  # as it stands in an answer to a script
    for port in ports:
        assert all(page in ask(port, path).text for path in pages)
        assert title in ask(port, suggested).text
        assert ask(port, picture).status == 200

    news.withdraw(article=article, by=None, reason="示例原因")

    assert seen("withdrawn, its page", ports, page, lambda a: a.status == 410)
    for port in ports:
        assert [path for path in pages if page in ask(port, path).text] == []
        assert title not in ask(port, suggested).text
        assert ask(port, picture).status == 404
        assert ask(port, f"{page}qr.svg").status == 404


def test_grey_and_large_print_arrive_at_once(ports):
    article = make_article()
    pages = ["/", article.get_absolute_url()]
    for port, path in product(ports, pages):
        assert 'data-display="elder"' in ask(port, path, LARGE).text
        assert 'data-display=""' in ask(port, path).text
    today = timezone.localdate()
    period = GreyPeriod(starts_on=today, ends_on=today)

    roof.save_site_part(row=period, by=None)
    for path, cookie in product(pages, ["", LARGE]):
        is_grey = lambda a: " data-grey" in a.text.partition("<head")[0]  # noqa: E731
        assert seen(f"grey, {path} {cookie}", ports, path, is_grey, cookie)
    roof.remove_site_part(row=period, by=None)
    is_not = lambda a: " data-grey" not in a.text.partition("<head")[0]  # noqa: E731
    assert seen("grey no more", ports, "/", is_not)

    large = ask(ports[0], "/?elder=1")
    assert (large.status, large.headers["Location"]) == (302, "/")
    assert "display=elder" in large.headers["Set-Cookie"]


def test_article_that_is_due_comes_at_its_moment(ports):
    due = timezone.now() + timedelta(seconds=4)
    article = make_article(title="示例定时", at=due)
    places = ["/", "/news/", "/news/feed/", "/sitemap-news.xml"]
    address = article.get_absolute_url()
    marks = dict.fromkeys(places, "示例定时") | {"/sitemap-news.xml": address}
    while timezone.now() < due - timedelta(seconds=0.5):
        for port, path in product(ports, places):
            answer = ask(port, path)
            if timezone.now() < due:
                assert marks[path] not in answer.text
        assert ask(ports[0], address).status == 404 or timezone.now() >= due

    time.sleep(max(0.0, (due - timezone.now()).total_seconds()) + 0.5)

    for port, path in product(ports, places):
        assert marks[path] in ask(port, path).text, path
    assert all(ask(port, address).status == 200 for port in ports)


def test_nobody_is_shown_the_page_of_another(ports):
    """Five people and guests, two hundred requests, all mixed up, while things are
    published and so everything is built anew again and again."""
    article, course_class = make_article(), make_class()
    people = {}
    for number in range(5):
        # long, so that the strip prints it whole
        name = f"示例某某{'甲乙丙丁戊'[number]}"
        user = make_worker_with_login(name=name).user
        user.name = name
        user.save(update_fields=["name"])
        client = Client()
        client.force_login(user)
        people[name] = f"{SESSION}={client.cookies[SESSION].value}"
    people[""] = ""
    pages = ["/", "/news/", article.get_absolute_url(), course_class.get_absolute_url()]
    pages += [course_class.term.get_absolute_url(), "/volunteers/", "/my/"]
    asked = [
        (port, path, name, display)
        for port, path, name, display in product(ports, pages, people, ["", LARGE])
        if not (path == "/my/" and not name)
    ]
    asked = sorted(asked * 2, key=lambda one: hash((one, id(one))))[:300]

    def look(one):
        port, path, name, display = one
        cookie = "; ".join(part for part in (display, people[name]) if part)
        answer = ask(port, path, cookie)
        found = set(re.findall("示例某某[甲乙丙丁戊]", answer.text))
        return (
            answer.status == 200
            and found == ({name} if name else set())
            and ("public" in answer.headers.get("Cache-Control", "")) is not bool(name)
            and ('data-display="elder"' in answer.text) is bool(display)
        )

    with ThreadPoolExecutor(12) as crowd:
        answers = [crowd.submit(look, one) for one in asked]
        while not all(answer.done() for answer in answers):
            make_article()
            time.sleep(0.1)
    assert len(asked) >= 150
    assert all(answer.result() for answer in answers)


def test_hostile_requests_change_nothing_for_the_next_reader(ports):
    article = make_article()
    port = ports[0]
    pages = ["/", "/news/", article.get_absolute_url(), make_term().get_absolute_url()]
    before = {path: ask(port, path).text for path in pages}
    hostile = [
        {"X_Forwarded_Host": "evil.example.org"},
        {"X_Forwarded_Proto": "https", "X_Forwarded_Ssl": "on"},
        {"X_Forwarded_Prefix": "/evil", "X_Script_Name": "/evil"},
        {"X_Original_Url": "/admin/", "X_Rewrite_Url": "/admin/"},
        {"X_Http_Method_Override": "POST", "X_Method_Override": "DELETE"},
        {"Host": "evil.example.org"},
        {"Host": "localhost:9999"},
        {"Host": "LOCALHOST"},
        {"Forwarded": "host=evil.example.org;proto=https"},
        {"Accept": "application/json"},
        {"Accept_Language": "en"},
        {"Accept_Encoding": "br, gzip"},
        {"Range": "bytes=0-9"},
        {"Authorization": "Basic eDp5"},
        {"If_None_Match": '"x"'},
        {"If_Modified_Since": "Thu, 01 Jan 2037 00:00:00 GMT"},
        {"User_Agent": "<script>evil</script>"},
        {"Referer": "https://evil.example.org/"},
        {"Content_Type": "text/html; charset=utf-7"},
        {"Cookie": "lang=en; django_language=en; csrftoken=evil"},
        {"Cookie": "display=<script>evil"},
        {"Cookie": f"{SESSION}=evil; messages=evil"},
        {"Cookie": 'display="elder; x=1'},
    ]
    queries = ["x=evil", "page=1&page=evil", "page=%31", "next=//evil.example.org"]
    queries += ["%00", "page=99999999", "elder=evil", "utm_source=evil", "&&&"]
    for path in pages:
        for headers in hostile:
            answer = ask(port, path, **headers)
            assert answer.status < 500
        for query in queries:
            assert ask(port, f"{path}?{query}").status < 500

        after = ask(port, path)
        assert (after.status, after.text) == (200, before[path])
        assert "evil" not in after.text
        elder = ask(port, path, LARGE)
        assert 'data-display="elder"' in elder.text and "evil" not in elder.text


# --- the database ------------------------------------------------------------------------


@pytest.fixture
def database():
    """The data folder of the private server that this test's database is on."""
    found = connection.settings_dict.get("SERVER")
    if found is None:
        pytest.skip("the database is not a private one")
    return found.data


@pytest.fixture
def warm(ports):
    """Pages that are in both memories, and one that is in none."""
    article, course_class = make_article(), make_class()
    kept = ["/", article.get_absolute_url(), course_class.term.get_absolute_url()]
    client = Client()
    client.force_login(make_user())
    for port, path in product(ports, kept):
        assert ask(port, path).status == 200
    time.sleep(1)  # the threads have read once more
    return SimpleNamespace(
        kept=kept,
        others=["/news/?year=2026", "/accounts/login/", "/readyz"],
        session=f"{SESSION}={client.cookies[SESSION].value}",
    )


def load(ports, warm, seconds):
    """A steady load for so long: what was answered, to whom, and the longest waits."""
    told, waits = Counter(), Counter()
    ends = time.monotonic() + seconds
    asked = [("kept", path, "") for path in warm.kept]
    asked += [("other", path, "") for path in warm.others]
    asked += [("person", "/", warm.session)]

    def go_on(port, kind, path, cookie):
        while time.monotonic() < ends:
            answer = ask(port, path, cookie)
            told[kind, answer.status] += 1
            waits[kind] = max(waits[kind], answer.seconds)
            if answer.status == 503 and path != "/readyz":
                assert re.search("[\u4e00-\u9fff]", answer.text)
                assert answer.headers["Retry-After"]
            time.sleep(0.2)

    with ThreadPoolExecutor(2 * len(asked)) as crowd:
        jobs = [crowd.submit(go_on, port, *one) for port in ports for one in asked]
    for job in jobs:
        job.result()
    print(dict(told), {kind: f"{wait:.1f} s" for kind, wait in waits.items()})
    return told, waits


def test_database_that_is_gone_for_a_minute_leaves_the_pages_that_are_there(
    ports, warm, database
):
    connections.close_all()
    os.kill(postgres.postmaster(database), signal.SIGINT)
    wait_until(lambda: postgres.postmaster(database) is None)

    told, waits = load(ports, warm, 60)

    assert told.keys() == {("kept", 200), ("other", 503), ("person", 503)}
    assert max(waits.values()) < 3
    postgres.start_or_join(connection.settings_dict["SERVER"])
    wait_until(lambda: all(status(port, "/readyz") == 200 for port in ports))
    told, waits = load(ports, warm, 3)
    assert {code for _kind, code in told} == {200}
    make_article(title="示例之后")
    assert seen("after it came back", ports, "/news/", lambda a: "示例之后" in a.text)


def test_database_that_hangs_keeps_nobody_waiting(ports, warm, database):
    with hung(database):
        told, waits = load(ports, warm, 20)
    assert told.keys() == {("kept", 200), ("other", 503), ("person", 503)}
    assert waits["kept"] < 5 and waits["other"] < 5 and waits["person"] < 5

    wait_until(lambda: all(status(port, "/readyz") == 200 for port in ports))
    told, waits = load(ports, warm, 3)
    assert {code for _kind, code in told} == {200}
    make_article(title="示例之后")
    assert seen("after it went on", ports, "/news/", lambda a: "示例之后" in a.text)


@contextmanager
def hung(data):
    """Every process of the server is stopped where it stands."""
    connections.close_all()
    first = postgres.postmaster(data)
    children = Path(f"/proc/{first}/task/{first}/children").read_text().split()
    pids = [first, *map(int, children)]
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in reversed(pids):
            os.kill(pid, signal.SIGCONT)
