"""How often one person may ask for something to be done.

Counted in this process, without a query: whoever asks thirty times in a minute is no
person, and is stopped whether the sum over all processes is thirty or a hundred and
twenty. Taking a seat costs nothing more by it (docs/decisions/0015-asking-without-end.md).
"""

import math
import threading
import time
from collections import deque

from django.conf import settings
from django.shortcuts import render
from django.utils.translation import gettext as _


class Pace:
    """At most ``most`` times in ``seconds`` for each key."""

    def __init__(self, most: int, seconds: float):
        self.most, self.seconds = most, seconds
        self._asked: dict[object, deque[float]] = {}
        self._lock = threading.Lock()
        self._swept_at = time.monotonic()

    def wait(self, key) -> int:
        """Note that ``key`` asks; 0, or how many whole seconds it has to wait. What is
        refused is not counted, so that waiting helps."""
        now = time.monotonic()
        with self._lock:
            if self._swept_at + self.seconds <= now:
                self._forget_rested(now)
            asked = self._asked.setdefault(key, deque(maxlen=self.most))
            if len(asked) < self.most or asked[0] + self.seconds <= now:
                asked.append(now)
                return 0
            return math.ceil(asked[0] + self.seconds - now)

    def rest(self, key) -> int:
        """How many whole seconds ``key`` has to wait now; asks for nothing itself."""
        now = time.monotonic()
        with self._lock:
            asked = self._asked.get(key, ())
            if len(asked) < self.most or asked[0] + self.seconds <= now:
                return 0
            return math.ceil(asked[0] + self.seconds - now)

    def forget(self) -> None:
        """Everybody; for tests."""
        with self._lock:
            self._asked.clear()

    def _forget_rested(self, now):
        self._swept_at = now
        self._asked = {
            key: asked
            for key, asked in self._asked.items()
            if asked and asked[-1] + self.seconds > now
        }


def too_many(request, text: str, seconds: int):
    """429: a page that says why, and a header that says for how long."""
    response = render(request, "account/too_many.html", {"text": text}, status=429)
    response["Retry-After"] = str(seconds)
    return response


def _is_leaving(request) -> bool:
    return request.resolver_match.view_name == "account_logout"


people = Pace(*settings.PERSON_PACE)


class OnePerson:
    """No person acts more often than ``settings.PERSON_PACE``, whatever they ask for.

    Stands behind ``Authentication``. Who is not logged in is counted by address and
    number, in front and by the log-in; the back office has its own limits, and rows
    that many clicks are honest for.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, *_view):
        is_office = request.path.startswith("/admin/")
        if request.method != "POST" or is_office or _is_leaving(request):
            return None
        if not request.user.is_authenticated:
            return None
        wait = people.wait(request.user.pk)
        if not wait:
            return None
        text = _("您操作得太频繁，刚才的没有办理，请%(n)d秒后再试。") % {"n": wait}
        return too_many(request, text, wait)
