"""A cell of a roster: its text as a person reads it, what of it may be shown, and the day
that it means.
"""

import datetime
import re
from typing import Any

from django.utils.translation import gettext as _

from common import letters
from common.letters import western
from common.workbooks import UNREAD
from members import identity

_MOST = 100  # characters of a cell that are read; what is sound is far shorter
_SHOWN = 30  # characters of a cell that a report repeats
_QUOTED = re.compile(r'[=＝]\s*"(.*)"', re.DOTALL)


def text_of(value: Any) -> str:
    """A cell as a person reads it: 3.0 is 3, a date is 2018-06-01, no blanks around,
    ``="…"`` (a CSV's way to keep a number a text) is what stands inside."""
    if value is None:
        return ""
    if value is UNREAD:
        return _("（读不出）")
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    text = letters.seen(str(value)[:_MOST]).strip()
    if found := _QUOTED.fullmatch(text):
        text = found[1].replace('""', '"').strip()
    return text


_IDENTITY_LIKE = re.compile(r"[0-9]{15}|[0-9]{17}[0-9X]")


def looks_like_identity(text: str) -> bool:
    """Whether this may be a resident's number, sound or not."""
    return len(text) > 14 and bool(_IDENTITY_LIKE.fullmatch(identity.plain(text)))


_LONG_NUMBER = re.compile(r"[0-9]{7,}[0-9Xx]?")


def shown_value(text: str, *, is_identity: bool) -> str:
    """A cell as a report may repeat it. In a column of documents everything is masked;
    elsewhere any number long enough to lead to a person."""
    if is_identity:
        return identity.masked(text)
    if _LONG_NUMBER.search(identity.plain(text)) and read_day(text)[0] is None:
        return identity.masked(text)
    return text[:_SHOWN]


# --- days ------------------------------------------------------------------------

_DAY = re.compile(
    r"((?:18|19|20)[0-9]{2})(?:[-/.年]([0-9]{1,2})(?:[-/.月]([0-9]{1,2})日?|月)?)?"
    r"(?:T?[ ]?[0-9:.]+)?"
)
_SOLID = re.compile(r"((?:18|19|20)[0-9]{2})([0-9]{2})([0-9]{2})?")
_LONGEST = 100  # of a day; blanks in a row cost the square of it
_AROUND_SIGN = re.compile(r"\s*([年月./-])\s*")
_EPOCH = datetime.date(1899, 12, 30)  # Excel's day 0
_SERIALS = range(1_000, 80_000)


def read_day(value: Any) -> tuple[datetime.date | None, bool]:
    """(day, whether it is exact to the day) of whatever stands in a cell of dates:
    a date, Excel's number of one, 2018-06-01, 2018/6/1, 2018.6.1, 2018年6月1日,
    20180601; a month alone means its first day. (None, False) if it is none of them.

    2018.1 typed as a number may have been October: that is no day.
    """
    if isinstance(value, datetime.datetime):
        return value.date(), True
    if isinstance(value, datetime.date):
        return value, True
    if isinstance(value, float) and not value.is_integer():
        return None, False
    # before it is cut: what stands behind many blanks is part of it
    if isinstance(value, str) and len(value) > _LONGEST:
        return None, False
    text = text_of(value)
    text = _AROUND_SIGN.sub(r"\1", western(text)).strip("'")
    found = _SOLID.fullmatch(text) or _DAY.fullmatch(text)
    if found is None:
        if text.isdecimal() and int(text) in _SERIALS:
            return _EPOCH + datetime.timedelta(days=int(text)), True
        return None, False
    year, month, day = found.groups()
    if month is None:
        return None, False
    try:
        return datetime.date(int(year), int(month), int(day or 1)), day is not None
    except ValueError:
        return None, False
