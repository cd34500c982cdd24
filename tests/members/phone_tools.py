"""What the tests of codes and texts share: the phone in one's hand."""

import json
import re
from datetime import timedelta
from pathlib import Path

from django.db.models import F
from django.urls import reverse

from members.models import SmsMessage

# Every code of this process's tests: none may stand in a log (tests/conftest.py).
CODES = set()


class Outbox:
    """The texts that went out, oldest first."""

    def __init__(self, path):
        self.path = Path(path)

    @property
    def texts(self):
        if not self.path.exists():
            return []
        return [json.loads(line) for line in self.path.read_text().splitlines()]

    def code_for(self, number):
        """The six digits of the last text to this number."""
        last = [text for text in self.texts if text["to"] == "+86" + number][-1]
        code = re.search(r"(?<!\d)\d{6}(?!\d)", last["text"])[0]
        CODES.add(code)
        return code


def let_pass(**time):
    """Every text so far was asked for (and its code used) that much earlier."""
    ago = timedelta(**time)
    SmsMessage.objects.update(
        created_at=F("created_at") - ago, used_at=F("used_at") - ago
    )


def ask(client, door, number, **more):
    """With the notice agreed to, where it stands above the button."""
    typed = {"phone": number, "agreed": "on"}
    if door == "account_login":  # one box for both ways in, and a button for this one
        typed |= {"login": number, "how": "code"}
    return client.post(reverse(door), typed | more)


def type_in(client, code):
    return client.post(reverse("account_code"), {"code": code})
