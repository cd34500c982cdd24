"""Texts into a file and onto the console. For invented people only: both show what the
text says, and the file shows the number."""

import json
import logging
import os
import sys
from pathlib import Path

from django.utils import timezone

from members.enums import SmsOutcome

log = logging.getLogger("portal.sms")


class Outbox:
    """One JSON object a line: ``to``, ``text``, ``at``. Readable by its owner alone."""

    def __init__(self, path):
        self.path = Path(path)

    def deliver(self, text):
        line = {
            "to": text.to,
            "text": text.text,
            "at": timezone.localtime().isoformat(),
        }
        try:
            self._append((json.dumps(line, ensure_ascii=False) + "\n").encode())
        except OSError:
            log.exception("The outbox file cannot be written.")
            return SmsOutcome.FAILED
        self._show(f"SMS ({text.to[-4:]}): {text.text}\n")
        return SmsOutcome.SENT

    def _show(self, line):
        """Not through the log, which has no numbers and codes in it. The text is in the
        file: a console that is gone, or knows no Chinese, takes nothing back."""
        try:
            sys.stdout.write(line)
            sys.stdout.flush()
        except (OSError, ValueError) as error:  # a closed one is a ValueError
            log.warning("sms: the console takes no text (%s)", type(error).__name__)

    def _append(self, line):
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
        file = os.open(self.path, flags, 0o600)
        try:
            os.fchmod(file, 0o600)  # a file that stood there with other rights
            os.write(file, line)
        finally:
            os.close(file)
