"""How long a log-in lasts, where one is logged in, and what is on record of it."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from common import audit
from members.browsers import kind_of, masked_address
from members.models import LoginDevice, User
from members.services import devices
from tests.factories import make_user
from tests.members.guard import NUMBER, is_in, log_in, make_staff

pytestmark = pytest.mark.django_db

SECURITY = "/accounts/security/"
WECHAT = (
    "Mozilla/5.0 (Linux; Android 14; ALN-AL00) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Version/4.0 Chrome/116.0 Mobile Safari/537.36 MicroMessenger/8.0.50"
)
EDGE = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/129.0 Safari/537.36 Edg/129.0"
)


def rest(client, **how_long):
    """Let the session's row say that it was last used so long ago."""
    rows = Session.objects.filter(pk=client.cookies["sessionid"].value)
    row = rows.get()
    rows.update(expire_date=row.expire_date - timedelta(**how_long))


def writes(queries):
    return [
        q["sql"] for q in queries if not q["sql"].lstrip("( \n").startswith("SELECT")
    ]


# --- how long


@pytest.mark.parametrize("minutes, stays", [(29, True), (30, False), (300, False)])
def test_session_staff_are_logged_out_after_half_an_hour_of_nothing(
    client, minutes, stays
):
    make_staff()
    log_in(client)

    rest(client, minutes=minutes)

    assert is_in(client) is stays
    assert (client.get("/admin/").status_code == 200) is stays


@pytest.mark.parametrize("minutes, stays", [(9, True), (10, False)])
def test_session_how_long_staff_may_do_nothing_is_a_setting(
    client, settings, minutes, stays
):
    settings.STAFF_IDLE_SECONDS = 600
    make_staff()
    log_in(client)

    rest(client, minutes=minutes)

    assert is_in(client) is stays


def test_session_use_is_noted_once_of_requests_that_come_at_once():
    user = make_staff()
    client = Client()
    log_in(client)
    rest(client, minutes=5)
    row = Session.objects.get(pk=client.cookies["sessionid"].value)
    seen = timezone.now() - timedelta(minutes=5)  # by both, before either wrote

    noted = []
    for _ in range(2):
        devices.note_use(user=user, session_key=row.pk, used_at=seen)
        row.refresh_from_db()
        noted.append(row.expire_date)

    assert noted[0] == noted[1]


def test_session_half_hour_starts_again_with_every_request_of_staff(client):
    make_staff()
    log_in(client)
    for _ in range(4):
        rest(client, minutes=20)
        assert is_in(client)

    rest(client, minutes=31)

    assert not is_in(client)


def test_session_what_ran_out_does_not_come_back(client):
    """Nothing a visitor does may lengthen a session that is over."""
    make_staff()
    log_in(client)
    old = client.cookies["sessionid"].value
    rest(client, minutes=31)
    client.get(reverse("my"))

    stolen = type(client)()
    stolen.cookies["sessionid"] = old

    assert not is_in(client)
    assert not is_in(stolen)


@pytest.mark.parametrize(
    "past, stays",
    [
        (timedelta(hours=5), True),
        (timedelta(days=6, hours=23), True),
        (timedelta(days=7, minutes=1), False),
    ],
)
def test_session_workers_stay_logged_in_for_seven_days(client, past, stays):
    make_user(phone=NUMBER)
    log_in(client)

    rest(client, seconds=past.total_seconds())

    assert is_in(client) is stays


@pytest.mark.parametrize("is_staff", [False, True])
def test_session_no_session_is_older_than_seven_days_however_much_used(
    client, is_staff
):
    make_user(phone=NUMBER, is_staff=is_staff)
    log_in(client)
    session = client.session
    session["logged_in_at"] -= 7 * 24 * 3600 + 1
    session.save()

    assert not is_in(client)


def test_session_of_a_worker_costs_no_more_queries(client):
    make_user(phone=NUMBER)
    log_in(client)
    client.get(SECURITY)
    rest(client, hours=23)

    with CaptureQueriesContext(
        connection,
    ) as asked:
        client.get("/news/")

    about = [q["sql"] for q in asked if "django_session" in q["sql"]]
    assert len(about) == 1
    assert len([q for q in asked if "members_user" in q["sql"]]) == 1
    assert writes(asked) == []


def test_session_of_staff_costs_one_write_a_minute(client):
    make_staff()
    log_in(client)
    with CaptureQueriesContext(connection) as at_once:
        client.get("/news/")
    rest(client, seconds=61)
    with CaptureQueriesContext(connection) as later:
        client.get("/news/")
    with CaptureQueriesContext(connection) as again:
        client.get("/news/")

    assert writes(at_once) == []
    assert len(writes(later)) == 1
    assert 'UPDATE "django_session"' in writes(later)[0]
    assert writes(again) == []


def test_session_is_not_read_by_a_page_that_asks_for_nobody(client):
    make_staff()
    log_in(client)

    with CaptureQueriesContext(connection) as asked:
        client.get("/healthz")

    assert [q for q in asked if "members_user" in q["sql"]] == []


# --- where


def test_devices_page_list_shows_each_browser_and_marks_this_one(client):
    make_user(phone=NUMBER)
    log_in(client, headers={"user-agent": EDGE}, REMOTE_ADDR="203.0.113.9")
    phone = type(client)()
    log_in(phone, headers={"user-agent": WECHAT}, REMOTE_ADDR="2001:db8::7:8")

    page = client.get(SECURITY).content.decode()

    assert "Windows · Edge" in page
    assert "Android · 微信" in page
    assert "203.0.*.*" in page
    assert "2001:db8:*" in page
    assert page.count("本机") == 1
    assert page.index("Windows · Edge") < page.index("本机")


def test_note_device_stores_no_whole_address_and_nothing_a_browser_says(client):
    make_user(phone=NUMBER)
    evil = "<script>alert(1)</script> Windows Firefox"
    log_in(client, headers={"user-agent": evil}, REMOTE_ADDR="203.0.113.9")

    device = LoginDevice.objects.get()

    assert (device.kind, device.address) == ("Windows · Firefox", "203.0.*.*")


@pytest.mark.parametrize(
    "address, shown",
    [
        ("10.11.12.13", "10.11.*.*"),
        ("2001:db8:1:2::3", "2001:db8:*"),
        ("::1", "0:0:*"),
        ("::ffff:203.0.113.9", "203.0.*.*"),
        ("", ""),
        (None, ""),
        ("nonsense", ""),
    ],
)
def test_devices_page_address_is_shown_by_its_first_two_groups(address, shown):
    assert masked_address(address) == shown


def test_devices_page_unknown_browser_is_called_so():
    assert kind_of("curl/8.0") == "未知设备"
    assert kind_of("") == "未知设备"


@pytest.mark.parametrize("browsers", [1, 5])
def test_devices_page_list_costs_the_same_however_long(
    client, browsers, django_assert_num_queries
):
    make_user(phone=NUMBER)
    log_in(client)
    for _ in range(browsers - 1):
        log_in(type(client)())
    client.get(SECURITY)

    # session, user, frame, unread notices, devices
    with django_assert_num_queries(5):
        response = client.get(SECURITY)

    assert len(response.context["devices"]) == browsers


def test_devices_page_advises_ending_others_where_there_are_any(client):
    make_user(phone=NUMBER)
    log_in(client)
    alone = client.get(SECURITY).content.decode()
    log_in(type(client)())
    beside = client.get(SECURITY).content.decode()

    assert "请立即退出其他设备" not in alone
    assert "请立即退出其他设备" in beside
    assert reverse("account_end_devices") in beside


def test_end_others_logs_them_out_at_once(client):
    make_user(phone=NUMBER)
    log_in(client)
    others = [type(client)() for _ in range(2)]
    for other in others:
        log_in(other)

    response = client.post(reverse("account_end_devices"))

    assert response["Location"] == SECURITY
    assert is_in(client)
    assert not any(is_in(other) for other in others)
    assert LoginDevice.objects.count() == 1


def test_devices_page_nobody_elses_devices_are_shown_or_ended(client):
    make_user(phone=NUMBER)
    log_in(client)
    other = type(client)()
    make_user(phone="13912345679")
    log_in(other, phone="13912345679", headers={"user-agent": WECHAT})

    page = client.get(SECURITY).content.decode()
    client.post(reverse("account_end_devices"))

    assert "微信" not in page
    assert is_in(other)


@pytest.mark.parametrize("is_staff, shown", [(True, 1), (False, 2)])
def test_devices_page_session_that_idled_away_is_no_device_any_more(
    client, is_staff, shown
):
    user = make_user(phone=NUMBER, is_staff=is_staff)
    other = type(client)()
    log_in(other)
    rest(other, hours=5)
    log_in(client)

    assert len(client.get(SECURITY).context["devices"]) == shown
    assert user.devices.count() == 2


def test_devices_page_by_get_ends_nothing(client):
    make_user(phone=NUMBER)
    log_in(client)
    other = type(client)()
    log_in(other)

    client.get(reverse("account_end_devices"))

    assert is_in(other)


# --- what a thief of cookies may do


def test_log_in_makes_an_earlier_cookie_worth_nothing(client):
    make_user(phone=NUMBER)
    client.get(reverse("account_login"))
    session = client.session
    session["planted"] = "1"
    session.save()
    client.cookies["sessionid"] = planted = session.session_key

    log_in(client)

    thief = type(client)()
    thief.cookies["sessionid"] = planted
    assert not is_in(thief)
    assert is_in(client)


@pytest.mark.parametrize("way_out", ["account_logout", "admin:logout"])
def test_log_out_makes_an_earlier_cookie_worth_nothing(client, way_out):
    make_staff()
    log_in(client)
    old = client.cookies["sessionid"].value

    client.post(reverse(way_out))

    client.cookies["sessionid"] = old
    assert not is_in(client)
    assert not LoginDevice.objects.exists()
    assert not Session.objects.filter(pk=old).exists()


def test_log_out_of_the_back_office_is_by_post_only(client):
    make_staff()
    log_in(client)

    assert client.get(reverse("admin:logout")).status_code == 405
    assert is_in(client)


# --- on record


@pytest.fixture
def recorded(monkeypatch):
    events = []

    def note(verb, *, by, of=None, outcome="done", **_more):
        by, of = getattr(by, "pk", None), getattr(of, "pk", None)
        events.append((verb, by, of, outcome))

    monkeypatch.setattr(audit, "record", note)
    return events


def test_log_in_and_log_out_are_on_record(client, recorded):
    user = make_user(phone=NUMBER)

    log_in(client)
    client.post(reverse("account_logout"))

    assert recorded == [
        ("log_in", user.pk, user.pk, "done"),
        ("log_out", user.pk, user.pk, "done"),
    ]


def test_log_out_by_the_back_office_is_on_record_too(client, recorded):
    user = make_staff()
    log_in(client)
    recorded.clear()

    client.post(reverse("admin:logout"))

    assert recorded == [("log_out", user.pk, user.pk, "done")]


def test_log_in_failures_are_on_record_for_whom_they_concern(client, recorded):
    user = make_user(phone=NUMBER)

    log_in(client, password="wrong-password")
    log_in(client, phone="13700000000", password="wrong-password")

    assert recorded == [
        ("log_in", None, user.pk, "failed"),
        ("log_in", None, None, "failed"),
    ]


def test_log_in_refused_before_the_password_is_checked_is_on_record(client, recorded):
    user = make_user(phone=NUMBER)
    for _ in range(5):
        log_in(client, password="wrong-password")
    recorded.clear()

    log_in(client)

    assert recorded == [("log_in", None, user.pk, "refused")]


@pytest.mark.parametrize("why", ["switched off", "unused"])
def test_log_in_of_who_may_not_come_in_is_on_record(client, recorded, why):
    user = make_staff()
    long_ago = timezone.now() - timedelta(days=100)
    change = {"is_active": False} if why == "switched off" else {"created_at": long_ago}
    User.objects.filter(pk=user.pk).update(**change)
    recorded.clear()

    log_in(client)

    assert recorded == [("log_in", None, user.pk, "refused")]
    assert not is_in(client)


def test_end_others_is_on_record(client, recorded):
    user = make_user(phone=NUMBER)
    log_in(client)
    recorded.clear()

    client.post(reverse("account_end_devices"))

    assert recorded == [("end_sessions", user.pk, user.pk, "done")]
