"""Texts on their way out: the outbox, and gateways of every bad sort, each a real
server on this machine."""

import contextlib
import io
import json
import os
import socket
import ssl
import stat
import sys
import threading
import uuid
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.urls import reverse

from members import sms
from members.enums import SmsOutcome
from members.models import SmsMessage
from members.sms import gateway as gateway_module
from tests.concurrency import at_once
from tests.factories import make_user
from tests.members.phone_tools import ask

NUMBER = "13912345678"
# Seconds that a bad gateway holds on, unless it is let go at the end of the test. Who
# still waits for it after half a second of patience waits until then.
HELD = 120
YES = b'{"status": "ok", "message_id": "17"}'


class Server:
    """A gateway that does as it is told, and remembers what it was asked."""

    def __init__(self):
        self.asked = []
        self.behave = self.answer(200, YES)
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                length = int(self.headers["Content-Length"])
                body = json.loads(self.rfile.read(length))
                outer.asked.append((dict(self.headers), body))
                outer.behave(self)

            def log_message(self, *args):
                """Quiet."""

        class Quiet(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *args):
                """The portal hung up: what these tests are about."""

        self.http = Quiet(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.http.serve_forever, args=(0.05,))
        self.thread.start()
        self.url = f"http://127.0.0.1:{self.http.server_port}/send?account=union"
        self.awake = threading.Event()
        self.has_let_go = threading.Event()

    @staticmethod
    def answer(status, body=b"", headers=()):
        def behave(handler):
            handler.send_response(status)
            for name, value in headers:
                handler.send_header(name, value)
            handler.send_header("Content-Length", str(len(body)))
            handler.end_headers()
            handler.wfile.write(body)

        return behave

    def sleep(self, handler):
        self.awake.wait(HELD)
        self.has_let_go.set()

    def drip(self, handler):
        """A byte now and then: no single wait is ever long, all together are."""
        for _ in range(10 * HELD):
            if self.awake.wait(0.1):
                break
            try:
                handler.wfile.write(b"H")
                handler.wfile.flush()
            except OSError:  # the portal hung up first, as it should
                return
        self.has_let_go.set()

    def hang_up(self, handler):
        handler.connection.shutdown(socket.SHUT_RDWR)

    def close(self):
        self.awake.set()
        self.http.shutdown()
        self.http.server_close()
        self.thread.join()


@pytest.fixture
def server(settings):
    server = Server()
    settings.SMS_BACKEND = "gateway"
    settings.SMS_URL, settings.SMS_KEY = server.url, "a-key-of-the-union"
    settings.SMS_ADDRESS_HOURLY = 10_000
    sms.forget()
    yield server
    server.close()
    sms.forget()


def deliver():
    return sms.deliver(sms.Text(key=uuid.uuid4(), to="+86" + NUMBER, text="你好"))


def test_deliver_gateway_gets_the_text_its_number_and_its_key(server):
    text = sms.Text(key=uuid.uuid4(), to="+86" + NUMBER, text="验证码123456")

    assert sms.deliver(text) == SmsOutcome.SENT
    [(headers, body)] = server.asked
    assert body == {"id": str(text.key), "to": text.to, "text": text.text}
    assert headers["Idempotency-Key"] == str(text.key)
    assert headers["Authorization"] == "Bearer a-key-of-the-union"


@pytest.mark.parametrize("way", ["yes", "no", "garbage", "hang_up", "sleep"])
def test_deliver_no_line_about_a_text_names_its_number_or_what_it_says(
    server, settings, caplog, way
):
    """As written, before anything is masked: the masks are the second lock."""
    settings.SMS_SECONDS = 0.5
    ways = {
        "yes": server.answer(200, YES),
        "no": server.answer(400, b"no such number: 13912345678"),
        "garbage": server.answer(200, b"13912345678?"),
    }
    server.behave = ways.get(way) or getattr(server, way)
    text = sms.Text(key=uuid.uuid4(), to="+86" + NUMBER, text="验证码482913")

    with caplog.at_level("DEBUG"):
        sms.deliver(text)

    assert str(text.key) in caplog.text
    assert NUMBER not in caplog.text and "482913" not in caplog.text


LONG = b'{"status": "ok", "pad": "' + b"x" * 100_000 + b'"}'


@pytest.mark.parametrize(
    ("status", "body", "outcome"),
    [
        (200, YES, SmsOutcome.SENT),
        (202, b'{"status": "OK"}', SmsOutcome.SENT),
        (400, YES, SmsOutcome.REFUSED),
        (401, b"", SmsOutcome.REFUSED),
        (429, b"{}", SmsOutcome.REFUSED),
        (302, YES, SmsOutcome.REFUSED),
        (500, YES, SmsOutcome.UNKNOWN),
        (503, b"", SmsOutcome.UNKNOWN),
        # says 200 and means no
        (200, b'{"status": "failed"}', SmsOutcome.REFUSED),
        (200, b'{"status": "ok", "error": "quota"}', SmsOutcome.REFUSED),
        (200, b'{"status": "ok", "failed": ["+861"]}', SmsOutcome.REFUSED),
        (200, b'{"status": null}', SmsOutcome.REFUSED),
        # nobody can read that
        (200, b"", SmsOutcome.UNKNOWN),
        (200, b"OK", SmsOutcome.UNKNOWN),
        (200, b"{}", SmsOutcome.UNKNOWN),
        (200, b'["ok"]', SmsOutcome.UNKNOWN),
        (200, b"\xff\xfe\x00", SmsOutcome.UNKNOWN),
        (200, b"<html>Welcome to Wi-Fi</html>", SmsOutcome.UNKNOWN),
        (200, b"[" * 60_000, SmsOutcome.UNKNOWN),
        (200, LONG, SmsOutcome.UNKNOWN),
    ],
)
def test_deliver_what_an_answer_means(server, status, body, outcome):
    server.behave = server.answer(status, body, [("Location", "/elsewhere")])

    assert deliver() == outcome
    assert len(server.asked) == 1  # never a second try


def test_deliver_provider_may_say_yes_in_its_own_words(server, settings):
    settings.SMS_SUCCESS = "code=0"
    server.behave = server.answer(200, b'{"code": 0}')

    assert deliver() == SmsOutcome.SENT


@pytest.mark.parametrize("way", ["sleep", "drip"])
def test_deliver_gateway_that_sleeps_or_drips_holds_nobody(server, settings, way):
    settings.SMS_SECONDS = 0.5
    server.behave = getattr(server, way)

    assert deliver() == SmsOutcome.UNKNOWN
    # nor a thread, although the gateway has not finished
    for thread in left_behind():
        thread.join(HELD)
    assert not server.has_let_go.is_set()
    assert left_behind() == []


def left_behind():
    return [thread for thread in threading.enumerate() if thread.name == "sms"]


def test_deliver_gateway_that_hangs_up_leaves_the_outcome_open(server):
    server.behave = server.hang_up

    assert deliver() == SmsOutcome.UNKNOWN


def test_deliver_gateway_that_is_not_there_never_had_the_text(server, settings):
    settings.SMS_URL = f"http://127.0.0.1:{free_port()}/"

    assert deliver() == SmsOutcome.FAILED


def free_port():
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return asked.getsockname()[1]


def test_deliver_text_given_up_before_it_was_on_its_way_is_never_sent(
    server, settings, monkeypatch
):
    """The name's look-up hangs; the person was told that nothing was sent."""
    settings.SMS_SECONDS = 0.3
    looked_up = threading.Event()
    real = socket.getaddrinfo

    def slow(*args, **kwargs):
        looked_up.wait(HELD)
        return real(*args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    assert deliver() == SmsOutcome.FAILED
    looked_up.set()
    for thread in left_behind():
        thread.join(HELD)

    assert left_behind() == []
    assert server.asked == []


@pytest.mark.django_db  # threads of these tests connect
def test_deliver_gateway_that_does_not_answer_is_left_alone_for_a_while(
    server, settings, monkeypatch
):
    now = 1000.0  # a clock that goes on when it is told to
    monkeypatch.setattr(gateway_module, "time", SimpleNamespace(monotonic=lambda: now))
    settings.SMS_CIRCUIT_SECONDS = 60
    server.behave = server.answer(500)
    for _ in range(3):
        assert deliver() == SmsOutcome.UNKNOWN

    assert deliver() == SmsOutcome.FAILED
    now += 59.9
    assert deliver() == SmsOutcome.FAILED
    assert len(server.asked) == 3
    now += 0.2
    assert at_once([deliver] * 4).count(SmsOutcome.FAILED) == 3  # one looks again
    assert len(server.asked) == 4
    now += 60.1
    server.behave = server.answer(200, YES)
    assert [deliver(), deliver()] == [SmsOutcome.SENT] * 2


def test_deliver_refusal_is_an_answer_and_opens_no_circuit(server):
    server.behave = server.answer(400)

    assert [deliver() for _ in range(5)] == [SmsOutcome.REFUSED] * 5
    assert len(server.asked) == 5


@pytest.mark.django_db  # threads of these tests connect
def test_deliver_no_more_than_so_many_calls_hang_at_once(server, settings, monkeypatch):
    monkeypatch.setattr(gateway_module, "AT_ONCE", 2)
    sms.forget()
    settings.SMS_SECONDS = 0.4
    server.behave = server.sleep

    said = at_once([deliver] * 5)

    assert said.count(SmsOutcome.FAILED) == 3
    assert len(server.asked) == 2


@pytest.mark.parametrize("way", ["yes", "hang_up"])
def test_deliver_call_that_is_over_frees_its_place(server, settings, monkeypatch, way):
    monkeypatch.setattr(gateway_module, "AT_ONCE", 2)
    settings.SMS_CIRCUIT_FAILURES = 100
    sms.forget()
    server.behave = server.answer(200, YES) if way == "yes" else server.hang_up

    assert SmsOutcome.FAILED not in [deliver() for _ in range(5)]
    assert len(server.asked) == 5


# --- over TLS ---------------------------------------------------------------------------


def certificate(folder, *, name):
    """A server's certificate that nobody vouches for, with its key in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    file = folder / f"{name}.pem"
    file.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain
        )
    )
    return file


@pytest.fixture
def behind_tls(server, settings, tmp_path, monkeypatch):
    """Put the gateway behind TLS, as ``name``; ``is_known``: somebody vouches for it."""

    def put(*, name, is_known):
        file = certificate(tmp_path, name=name)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        server.http.socket = context.wrap_socket(server.http.socket, server_side=True)
        if is_known:
            monkeypatch.setenv("SSL_CERT_FILE", str(file))
        settings.SMS_URL = f"https://localhost:{server.http.server_port}/send"

    return put


@pytest.mark.parametrize(
    ("name", "is_known", "outcome"),
    [
        ("localhost", True, SmsOutcome.SENT),
        ("localhost", False, SmsOutcome.FAILED),  # anybody could have made that one
        ("other.example", True, SmsOutcome.FAILED),
    ],
)
def test_deliver_text_goes_over_tls_to_the_gateway_itself_and_nobody_else(
    server, behind_tls, name, is_known, outcome
):
    behind_tls(name=name, is_known=is_known)

    assert deliver() == outcome

    assert len(server.asked) == (outcome == SmsOutcome.SENT)


def test_deliver_gateway_that_never_ends_its_greeting_holds_nobody(server, settings):
    """It takes the connection and is silent, before any text is on its way."""
    settings.SMS_SECONDS = 0.5
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.SMS_URL = f"https://127.0.0.1:{silent.getsockname()[1]}/send"

        # which it does not end before this block does: else we would wait for ever
        assert deliver() == SmsOutcome.FAILED

        for thread in left_behind():
            thread.join(HELD)
        assert left_behind() == []


# --- what the person sees ---------------------------------------------------------------


def ask_for_a_code(client):
    return ask(client, "account_signup", NUMBER)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "body", [(400, b""), (200, b'{"status": "no"}'), (401, b"denied")]
)
def test_send_code_that_is_refused_is_said_in_chinese_and_may_be_asked_for_again(
    client, server, body
):
    server.behave = server.answer(*body)

    page = ask_for_a_code(client).content.decode()

    assert "短信没有发出，请稍后再试一次" in page
    assert SmsMessage.objects.get().outcome == SmsOutcome.REFUSED
    server.behave = server.answer(200, YES)
    assert ask_for_a_code(client)["Location"] == reverse("account_code")
    assert len(server.asked) == 2


@pytest.mark.django_db
@pytest.mark.parametrize("way", ["sleep", "drip", "hang_up", "500", "garbage"])
def test_send_code_of_unknown_fate_is_said_in_chinese_and_its_code_works(
    client, server, settings, way
):
    """It may arrive after all; asking again at once would send a second one."""
    settings.SMS_SECONDS = 0.5
    ways = {"500": server.answer(500), "garbage": server.answer(200, b"?")}
    server.behave = ways.get(way) or getattr(server, way)
    make_user(phone=NUMBER)

    answer = ask(client, "account_request_login_code", NUMBER)
    page = client.get(answer["Location"]).content.decode()

    assert "短信平台没有回应，短信可能没有发出" in page
    assert SmsMessage.objects.get().outcome == SmsOutcome.UNKNOWN
    assert (
        "秒后可重发"
        in ask(client, "account_request_login_code", NUMBER).content.decode()
    )
    assert len(server.asked) == 1
    text = server.asked[0][1]["text"]
    code = text[text.index("验证码") + 3 :][:6]
    client.post(reverse("account_code"), {"code": code})
    assert "_auth_user_id" in client.session


@pytest.mark.django_db
def test_deliver_longest_wait_is_below_five_seconds(client, server):
    """With the time-out as it stands in the settings."""
    server.behave = server.sleep

    ask_for_a_code(client)

    assert SmsMessage.objects.get().outcome == SmsOutcome.UNKNOWN


@pytest.mark.django_db
def test_log_in_by_password_works_while_the_gateway_is_down(client, server, settings):
    settings.SMS_URL = f"http://127.0.0.1:{free_port()}/"
    user = make_user(phone=NUMBER)
    assert (
        "短信没有发出"
        in ask(client, "account_request_login_code", NUMBER).content.decode()
    )

    client.post(reverse("account_login"), {"login": NUMBER, "password": "demo-2018"})

    assert client.session["_auth_user_id"] == str(user.pk)
    assert SmsMessage.objects.get().outcome == SmsOutcome.FAILED


@pytest.mark.django_db
def test_send_code_leaves_the_row_when_the_process_dies_while_sending(
    server, monkeypatch
):
    from members.services import codes

    class Died(BaseException):
        """As kill -9 would."""

    def die(text):
        raise Died

    monkeypatch.setattr(sms, "deliver", die)
    with pytest.raises(Died):
        codes.send_code(purpose="signup", phone="+86" + NUMBER, address="192.0.2.1")

    assert SmsMessage.objects.get().outcome == SmsOutcome.UNKNOWN


# --- the outbox ---------------------------------------------------------------------------


def test_outbox_holds_one_json_object_a_line_for_its_owner_only(outbox, capsys):
    text = sms.Text(key=uuid.uuid4(), to="+86" + NUMBER, text="验证码123456\n第二行")
    sms.deliver(text)
    sms.deliver(text)

    assert [sorted(line) for line in outbox.texts] == [["at", "text", "to"]] * 2
    assert outbox.texts[0]["to"] == "+86" + NUMBER
    assert outbox.texts[0]["text"] == text.text
    assert stat.S_IMODE(outbox.path.stat().st_mode) == 0o600
    shown = capsys.readouterr().out
    assert "123456" in shown and NUMBER not in shown


def test_outbox_that_was_open_to_all_is_closed(outbox):
    outbox.path.parent.mkdir()
    outbox.path.touch(mode=0o644)

    deliver()

    assert stat.S_IMODE(outbox.path.stat().st_mode) == 0o600


def gone(tmp_path):
    reading, writing = os.pipe()
    os.close(reading)
    return os.fdopen(writing, "w", buffering=1)


def closed(tmp_path):
    file = (tmp_path / "closed").open("w")
    file.close()
    return file


def ascii_only(tmp_path):
    return io.TextIOWrapper(io.BytesIO(), encoding="ascii")


@pytest.mark.parametrize("console", [gone, closed, ascii_only])
def test_console_that_takes_no_text_takes_none_back(
    outbox, monkeypatch, tmp_path, console
):
    """Else somebody whose code is in the file would be shown an error page."""
    broken = console(tmp_path)
    monkeypatch.setattr(sys, "stdout", broken)

    assert deliver() == SmsOutcome.SENT

    assert len(outbox.texts) == 1
    with contextlib.suppress(OSError):  # what it never took
        broken.close()


def test_outbox_that_cannot_be_written_is_a_text_that_was_not_sent(outbox):
    outbox.path.parent.write_text("a file where the folder should be")

    assert deliver() == SmsOutcome.FAILED
