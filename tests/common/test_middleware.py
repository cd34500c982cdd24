"""The front door: bad bytes, request ids, headers, display modes."""

import random
import re
from urllib.parse import unquote_to_bytes, urlencode

import pytest
from django.conf import settings
from django.test import RequestFactory
from django.test.client import FakePayload
from django.urls import reverse

from common.middleware import Display, is_clean
from signups.services import seats
from tests.factories import make_offering, make_worker_with_login

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/healthz", "/accounts/login/", "/no-such-page/"])
@pytest.mark.parametrize(
    "query", ["q=%00", "q=%ff%fe", "%00=1", "q=\x00".replace("\x00", "%00%00")]
)
def test_request_with_bad_bytes_in_the_query_is_400(client, path, query):
    response = client.get(f"{path}?{query}")

    assert response.status_code == 400
    assert "不能识别的字符" in response.content.decode()


@pytest.mark.parametrize("path", ["/%00", "/news/%ff/", "/news/%c3%28/", "/healthz%00"])
def test_request_with_bad_bytes_in_the_path_is_400(client, path):
    assert client.get(path).status_code == 400


@pytest.mark.parametrize("charset", ["utf-7", "gbk", "nonsense", "utf-16"])
@pytest.mark.parametrize("path", ["/accounts/login/", "/no-such-page/"])
def test_request_in_a_foreign_charset_is_400(client, path, charset):
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
def test_request_with_bad_bytes_in_a_form_is_400(client, body):
    response = client.post(
        "/accounts/login/", data=body, content_type="application/x-www-form-urlencoded"
    )

    assert response.status_code == 400


def test_request_with_a_nul_in_a_cookie_is_400(client):
    client.cookies["display"] = "elder%00"

    assert client.get("/healthz").status_code == 400


def test_request_with_good_chinese_input_passes(client):
    assert client.get("/healthz?q=工会&page=2").status_code == 200


def test_response_names_its_request(client):
    first, second = client.get("/healthz"), client.get("/healthz")

    assert len(first["X-Request-Id"]) == 12
    assert first["X-Request-Id"] != second["X-Request-Id"]


def test_response_headers(client):
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


FORM = "application/x-www-form-urlencoded"


def test_request_form_bytes_are_judged_as_if_they_were_decoded():
    """Every way to write one to four bytes, against decoding them."""
    dice = random.Random(11)
    edges = [0, 1, 0x25, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1]
    edges += [0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED, 0xEE, 0xEF, 0xF0, 0xF1, 0xF3, 0xF4]
    edges += [0xF5, 0xFF]
    spelt = ["%{:02X}", "%{:02x}"]
    for _ in range(30_000):
        raw = [dice.choice(edges) for _ in range(dice.randint(1, 5))]
        if dice.random() < 0.3:
            raw = [*dice.choice("字é😀").encode(), *raw]
        body = b"".join(
            bytes([byte])
            if dice.random() < 0.4
            else dice.choice(spelt).format(byte).encode()
            for byte in raw
        )
        decoded = unquote_to_bytes(body)
        try:
            decoded.decode()
        except UnicodeDecodeError:
            is_good = False
        else:
            is_good = b"\x00" not in decoded
        assert is_clean(body) == is_good, body


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/accounts/login/", FORM),
        ("/accounts/login/", "multipart/form-data; boundary=x"),
        ("/admin/login/", FORM),
        ("/admin/news/article/add/", "multipart/form-data; boundary=x"),
        ("/no-such-page/", "application/json"),
    ],
)
def test_request_with_a_strangers_long_body_is_413_and_stored_nowhere(
    client, path, kind
):
    """Five megabytes of %41 took a worker from 100 to 506 MB."""
    client.generic("POST", path, "x", content_type=kind)  # a session of nobody
    body = FakePayload(b"login=" + b"%41" * 100_000)
    asked = []
    read, body.readline = body.read, lambda *_: pytest.fail("read whole")
    body.read = lambda size=10**9: asked.append(size) or read(size)

    answer = client.request(
        **{
            "PATH_INFO": path,
            "REQUEST_METHOD": "POST",
            "CONTENT_TYPE": kind,
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": body,
        }
    )

    assert answer.status_code == 413
    assert "太长" in answer.content.decode()
    assert max(asked) <= 64 * 1024


@pytest.mark.parametrize("length", ["x", "-1", "²", "9" * 5000])
def test_request_with_a_length_that_is_none_is_refused(client, length):
    answer = client.generic("POST", "/accounts/login/", "", CONTENT_LENGTH=length)

    assert answer.status_code in (400, 413)


def test_request_of_staff_may_be_a_long_form_of_the_back_office(client, enter):
    enter("编辑")
    long = {"title": "字" * 100_000}
    page, elsewhere = reverse("admin:news_article_add"), reverse("account_login")

    assert client.post(page, urlencode(long), content_type=FORM).status_code == 200
    assert client.post(page, long).status_code == 200
    assert client.post(page, {"a": "字" * 7_000_000}).status_code == 413
    assert client.post(elsewhere, long).status_code == 413


def test_request_limits_of_the_server_in_front_let_pass_what_the_portal_reads():
    front = (settings.BASE_DIR / "deploy" / "nginx.conf").read_text()

    sizes = re.findall(r"client_max_body_size (\d+)([km]);", front)
    sizes = {int(n) * {"k": 1024, "m": 1024**2}[unit] for n, unit in sizes}
    assert sizes == {settings.BODY_BYTES["anybody"], settings.BODY_BYTES["upload"]}


def test_request_with_a_nul_between_the_files_of_an_upload_is_400(client):
    assert client.post("/accounts/login/", {"login": "a\x00"}).status_code == 400


# --- pages of people who are logged in


@pytest.mark.django_db
def test_response_to_somebody_logged_in_is_not_stored_by_a_browser(client):
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
def test_response_to_a_visitor_may_be_stored(client):
    response = client.get(reverse("home"))

    assert "no-store" not in response.get("Cache-Control", "")
