"""Texts to a provider's HTTPS address.

One POST of JSON ``{"id", "to", "text"}`` with ``Authorization: Bearer`` and
``Idempotency-Key``. What the answer means:

=================================================  ===========================
no connection, circuit open                        failed: it was never there
3xx, 4xx, or 2xx that says no in its body          refused
2xx whose body says yes (``SMS_SUCCESS``)          sent
5xx, no answer in time, an answer nobody can read  unknown: it may have gone out
=================================================  ===========================

A socket's own time-out starts again with every byte, and looking a name up has none at
all. So the call runs in a thread of its own and is left behind when its time is over.
"""

import http.client
import json
import logging
import socket
import ssl
import time
from threading import BoundedSemaphore, Lock, Thread
from urllib.parse import urlsplit

from django.conf import settings

from members.enums import SmsOutcome

log = logging.getLogger("portal.sms")

MOST_OF_AN_ANSWER = 64 * 1024
# Calls under way at the same time; those left behind count until their socket ends.
AT_ONCE = 16
# Words with which providers say in a 200 that something went wrong after all.
COMPLAINTS = ("error", "errors", "failed", "failure", "failures")


class Circuit:
    """Open after so many calls in a row without an answer: then nobody waits. After a
    pause one call is let through, and its answer decides."""

    def __init__(self):
        self._lock = Lock()
        self._in_a_row = 0
        self._open_until = 0.0

    def lets_through(self) -> bool:
        with self._lock:
            if self._in_a_row < settings.SMS_CIRCUIT_FAILURES:
                return True
            if time.monotonic() < self._open_until:
                return False
            self._open_until = time.monotonic() + settings.SMS_CIRCUIT_SECONDS
            return True

    def note(self, outcome: SmsOutcome) -> None:
        with self._lock:
            if outcome in (SmsOutcome.SENT, SmsOutcome.REFUSED):
                self._in_a_row = 0
                return
            self._in_a_row += 1
            if self._in_a_row >= settings.SMS_CIRCUIT_FAILURES:
                self._open_until = time.monotonic() + settings.SMS_CIRCUIT_SECONDS
                log.error("The SMS gateway does not answer: not called for a while.")


class Gateway:
    def __init__(self, *, url, key, success):
        self.url = urlsplit(url)
        self.key = key
        self.field, _, self.wanted = success.partition("=")
        self.circuit = Circuit()
        self.free = BoundedSemaphore(AT_ONCE)

    def deliver(self, text):
        if not self.circuit.lets_through():
            return SmsOutcome.FAILED
        if not self.free.acquire(blocking=False):
            log.error("Too many calls of the SMS gateway hang: not called.")
            return SmsOutcome.FAILED
        call = _Call(self, text)
        Thread(target=call.run, daemon=True, name="sms").start()
        outcome = call.outcome_within(settings.SMS_SECONDS)
        self.circuit.note(outcome)
        log.info("sms %s: %s", text.key, outcome.value)
        return outcome

    def judged(self, status: int, body: bytes) -> SmsOutcome:
        """What an answer means; see the table above."""
        if 300 <= status < 500:
            return SmsOutcome.REFUSED
        if not 200 <= status < 300:
            return SmsOutcome.UNKNOWN
        try:
            answer = json.loads(body)
        except (ValueError, RecursionError):
            return SmsOutcome.UNKNOWN
        if not isinstance(answer, dict):
            return SmsOutcome.UNKNOWN
        if any(answer.get(word) for word in COMPLAINTS):
            return SmsOutcome.REFUSED
        if self.field not in answer:
            return SmsOutcome.UNKNOWN
        said = str(answer[self.field]).lower()
        return SmsOutcome.SENT if said == self.wanted.lower() else SmsOutcome.REFUSED


class _Call:
    """One call in its own thread. Once given up before the text was on its way, it may
    not send it any more: the person has been told that it was not sent."""

    def __init__(self, gateway, text):
        self.gateway = gateway
        self.text = text
        self.lock = Lock()
        self.is_on_its_way = False
        self.is_given_up = False
        self.outcome = None
        self.done = Lock()
        self.done.acquire()
        self.connection = None

    def outcome_within(self, seconds) -> SmsOutcome:
        self.done.acquire(timeout=seconds)
        with self.lock:
            if self.outcome is None:
                self.is_given_up = True
                self._hang_up()
            return self.outcome or self._without_answer()

    def run(self):
        try:
            outcome = self._send()
        except (OSError, http.client.HTTPException, ValueError) as error:
            log.warning("sms %s: %s", self.text.key, type(error).__name__)
            outcome = None
        finally:
            self.gateway.free.release()
        with self.lock:
            self.outcome = outcome or self._without_answer()
        self.done.release()

    def _without_answer(self):
        return SmsOutcome.UNKNOWN if self.is_on_its_way else SmsOutcome.FAILED

    def _send(self):
        gateway = self.gateway
        self.connection = connection = self._connection()
        connection.connect()
        with self.lock:
            if self.is_given_up:
                connection.close()
                return None
            self.is_on_its_way = True
        try:
            connection.request("POST", self._target(), self._body(), self._headers())
            answer = connection.getresponse()
            return gateway.judged(answer.status, answer.read(MOST_OF_AN_ANSWER))
        finally:
            connection.close()

    def _connection(self):
        url, seconds = self.gateway.url, settings.SMS_SECONDS
        if url.scheme == "https":
            return http.client.HTTPSConnection(
                url.hostname,
                url.port,
                timeout=seconds,
                context=ssl.create_default_context(),
            )
        return http.client.HTTPConnection(url.hostname, url.port, timeout=seconds)

    def _target(self):
        url = self.gateway.url
        return (url.path or "/") + (f"?{url.query}" if url.query else "")

    def _body(self):
        text = self.text
        return json.dumps(
            {"id": str(text.key), "to": text.to, "text": text.text}, ensure_ascii=False
        ).encode()

    def _headers(self):
        return {
            "Content-Type": "application/json; charset=utf-8",
            "Accept": "application/json",
            "Authorization": f"Bearer {self.gateway.key}",
            "Idempotency-Key": str(self.text.key),
        }

    def _hang_up(self):
        """Wake the thread that still reads: under TLS too, without TLS's own farewell."""
        line = getattr(self.connection, "sock", None)
        if line is None:
            return
        try:
            socket.socket.shutdown(line, socket.SHUT_RDWR)
        except OSError:
            log.info("sms %s: the line was down already", self.text.key)
