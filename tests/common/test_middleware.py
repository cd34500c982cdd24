"""The front door: bad bytes, request ids, headers, display modes."""

import pytest
from django.test import RequestFactory
from django.urls import reverse

from common.middleware import Display, RefuseBadInput
from signups.services import seats
from tests.factories import make_offering, make_worker_with_login

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/healthz", "/accounts/login/", "/no-such-page/"])
@pytest.mark.parametrize(
    "query", ["q=%00", "q=%ff%fe", "%00=1", "q=\x00".replace("\x00", "%00%00")]
)
def test_bad_bytes_in_the_query_are_400(client, path, query):
    response = client.get(f"{path}?{query}")

    assert response.status_code == 400
    assert "不能识别的字符" in response.content.decode()


@pytest.mark.parametrize("path", ["/%00", "/news/%ff/", "/news/%c3%28/", "/healthz%00"])
def test_bad_bytes_in_the_path_are_400(client, path):
    assert client.get(path).status_code == 400


@pytest.mark.parametrize("charset", ["utf-7", "gbk", "nonsense", "utf-16"])
@pytest.mark.parametrize("path", ["/accounts/login/", "/no-such-page/"])
def test_foreign_charsets_are_400(client, path, charset):
    response = client.generic(
        "POST",
        path,
        b"login=1",
        content_type=f"application/x-www-form-urlencoded; charset={charset}",
    )

    assert response.status_code == 400


@pytest.mark.parametrize(
    "body", ["login=%00", "login=\x00", "login=%ff", b"login=\xff"]
)
def test_bad_bytes_in_a_form_are_400(client, body):
    response = client.post(
        "/accounts/login/", data=body, content_type="application/x-www-form-urlencoded"
    )

    assert response.status_code == 400


def test_a_nul_in_a_cookie_is_400(client):
    client.cookies["display"] = "elder%00"

    assert client.get("/healthz").status_code == 400


def test_good_chinese_input_passes(client):
    assert client.get("/healthz?q=工会&page=2").status_code == 200


def test_every_answer_names_its_request(client):
    first, second = client.get("/healthz"), client.get("/healthz")

    assert len(first["X-Request-Id"]) == 12
    assert first["X-Request-Id"] != second["X-Request-Id"]


def test_the_headers_of_every_answer(client):
    answer = client.get("/accounts/login/")

    policy = answer["Content-Security-Policy"]
    assert "unsafe" not in policy
    for directive in (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "form-action 'self'",
    ):
        assert directive in policy
    assert "nonce" not in policy
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "geolocation=()" in answer["Permissions-Policy"]


@pytest.mark.parametrize(
    ("cookie", "address", "goes_to", "then"),
    [
        ("", "/healthz?elder=1", "/healthz", "elder"),
        ("elder", "/healthz?elder=0", "/healthz", ""),
        ("elder", "/healthz?contrast=1&page=2", "/healthz?page=2", "elder.contrast"),
        ("font-l", "/healthz?font=s", "/healthz", "font-s"),
        ("font-l", "/healthz?font=m", "/healthz", ""),
        ("", "/healthz?elder=rubbish", "/healthz", ""),
    ],
)
def test_display_switches_without_script_and_come_back(
    client, cookie, address, goes_to, then
):
    if cookie:
        client.cookies["display"] = cookie

    response = client.get(address)

    assert (response.status_code, response["Location"]) == (302, goes_to)
    assert response.cookies["display"].value == then


def test_display_knows_only_its_own_words():
    seen = {}
    door = Display(lambda request: seen.update(display=request.display))
    request = RequestFactory().get("/")
    request.COOKIES["display"] = 'elder."><script>.contrast'

    door(request)

    assert seen["display"] == "elder contrast"


def test_display_never_leaves_the_site():
    request = RequestFactory().get("/?elder=1")
    request.path = "//evil.example/"  # as a server hands over GET //evil.example/

    response = Display(lambda request: None)(request)

    assert response["Location"] == "/evil.example/"


def test_an_upload_is_not_read_by_the_front_door():
    request = RequestFactory().post("/", {"f": "x"})
    request.META["CONTENT_TYPE"] = "multipart/form-data; boundary=x"

    assert not RefuseBadInput(None).is_bad(request)
    assert not hasattr(request, "_body")


# --- pages of people who are logged in


@pytest.mark.django_db
def test_no_page_of_somebody_logged_in_is_kept_by_a_browser(client):
    """A shared computer: after logging out, “back” must not show their seats."""
    worker = make_worker_with_login()
    offering = make_offering()
    signup = seats.sign_up(offering_id=offering.pk, worker=worker, by=None)
    client.force_login(worker.user)
    other = make_offering()

    for address in (
        reverse("my"),
        reverse("home"),
        reverse("signups:signup-detail", args=[signup.pk]),
        reverse("signups:signup-cancel", args=[signup.pk]),
        reverse("signups:signup-create", args=[other.pk]),
    ):
        response = client.get(address)

        assert response.status_code == 200
        assert "no-store" in response["Cache-Control"], address


@pytest.mark.django_db
def test_pages_of_visitors_may_be_kept(client):
    response = client.get(reverse("home"))

    assert "no-store" not in response.get("Cache-Control", "")
