"""Structured logs: one JSON object a line, with the request's id, and without
anything that leads to a person.

What must never appear: mobile numbers, identity numbers, codes, passwords, session
ids. The formatter masks them in the finished line, so that neither a message, its
arguments nor a traceback can carry one out.
"""

import json
import logging
import re
from contextvars import ContextVar
from datetime import UTC, datetime

request_id: ContextVar[str] = ContextVar("request_id", default="-")
request_path: ContextVar[str] = ContextVar("request_path", default="")

_SECRETS = (
    # key=value or "key": "value" of anything named like a secret
    (
        re.compile(
            r"(?i)((?:password\d?|passwd|secret|token|code|sessionid|csrftoken|"
            r"csrfmiddlewaretoken|authorization|cookie)[\"']?\s*[=:]\s*[\"']?)"
            r"([^\s\"'&,;}]+)"
        ),
        r"\1***",
    ),
    # the address of somebody's calendar is a secret
    (re.compile(r"(signups/calendar/)[^\s\"'/]+"), r"\1***"),
    # a text message that slipped into a line
    (re.compile(r"(验证码\D{0,3})\d{4,8}(?!\d)"), r"\1***"),
    # identity numbers (18 characters, or 15 digits of the old form), then mobiles
    (re.compile(r"(?<!\d)[1-9]\d{5}(?:18|19|20)\d{9}[\dXx](?!\d)"), "***"),
    (re.compile(r"(?<!\d)[1-9]\d{14}(?!\d)"), "***"),
    # … a mobile has eleven digits, however they are set apart
    (
        re.compile(r"(?<!\d)((?:\+?86[ .-]?)?1[3-9])(?:[ .-]?\d){9}(?!\d)"),
        r"\1***",
    ),
)
_FULL_WIDTH = str.maketrans("０１２３４５６７８９＋", "0123456789+")


def masked(text: str) -> str:
    """``text`` without phone numbers, identity numbers, codes and passwords."""
    text = text.translate(_FULL_WIDTH)
    for pattern, replacement in _SECRETS:
        text = pattern.sub(replacement, text)
    return text


class RequestIdFilter(logging.Filter):
    def filter(self, record):
        record.request_id = request_id.get()
        return True


class JsonFormatter(logging.Formatter):
    """Time with zone, level, logger, request id, message and traceback."""

    def format(self, record):
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname,
            "logger": record.name,
            "request": getattr(record, "request_id", request_id.get()),
            "message": masked(record.getMessage()),
        }
        if record.exc_info:
            line["traceback"] = masked(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)
