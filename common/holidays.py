"""Reading the official notice of a year's holidays and make-up working days.

The notices of the State Council's office are written alike for years: one numbered
paragraph a festival, “放假” for days off, “上班” for weekends that are worked.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from common import letters
from common.errors import Reason, Refusal

# What every whole notice names; a year with less is not known.
FESTIVALS = ("元旦", "春节", "清明", "劳动", "端午", "中秋", "国庆")
_YEAR = re.compile(r"(\d{4})年\s*\S{0,8}?(?:节假日|假期)")
_PARAGRAPH = re.compile(
    r"^\s*[一二三四五六七八九十]+、\s*([^:\s]+?)\s*:(.*)$", re.MULTILINE
)
_DAY = r"(?:(\d{4})年)?(?:(\d{1,2})月)?(\d{1,2})日"
_SPAN = re.compile(rf"{_DAY}(?:\s*至\s*{_DAY})?")
_LONGEST = timedelta(days=15)  # of one festival, with the weekends around it


@dataclass(frozen=True)
class NamedDay:
    """One day that is not what its weekday says, or that belongs to a festival."""

    date: date
    works: bool
    name: str


@dataclass(frozen=True)
class Notice:
    """What was read: the year it is for, and its days in order."""

    year: int
    days: tuple[NamedDay, ...]

    @property
    def missing(self) -> list[str]:
        """Festivals that it does not name."""
        named = "".join(day.name for day in self.days)
        return [festival for festival in FESTIVALS if festival not in named]


def read(text: str) -> Notice:
    """The days of a notice as it was pasted.

    What stands in brackets is left out, month and year carry over from the day before,
    and a sentence with neither 上班 nor 放假 or 补休 (“鼓励…休息”) says nothing.
    Raises Refusal, with a sentence for the field ``text``.
    """
    text = re.sub(r"\([^()]*\)", "", letters.western(text))
    if not (found := _YEAR.search(text)):
        raise _no("year_missing", _("没有读到年份，请连同通知的标题一起粘贴。"))
    year, days = int(found[1]), {}
    for name, body in _PARAGRAPH.findall(text):
        read_days = list(_days_of(name, body, year))
        if not read_days:
            said = _("“%(name)s”一段没有读出日期。") % {"name": name}
            raise _no("no_days", said)
        for day in read_days:
            if days.setdefault(day.date, day).works != day.works:
                said = _("%(day)s既写放假又写上班。") % {"day": day.date.isoformat()}
                raise _no("contradiction", said)
    if not days:
        raise _no("no_paragraph", _("没有读到“一、元旦：”这样的段落。"))
    return Notice(year, tuple(days[day] for day in sorted(days)))


def _days_of(name, body, year):
    at = [year, None]  # year and month carry over
    for sentence in re.split("[。;]", body):
        works = "上班" in sentence
        if not works and not re.search("放假|补休", sentence):
            continue
        for span in _SPAN.finditer(sentence):
            first = _day(at, span.groups()[:3], span[0])
            last = _day(at, span.groups()[3:], span[0]) if span[6] else first
            is_near = date(year - 1, 12, 1) <= first and last <= date(year, 12, 31)
            if not is_near or not first <= last <= first + _LONGEST:
                raise _odd(span[0])
            while first <= last:
                yield NamedDay(first, works, name)
                first += timedelta(days=1)


def _day(at, parts, said):
    year, month, day = (int(part) if part else None for part in parts)
    at[0] = at[0] if year is None else year
    at[1] = at[1] if month is None else month
    try:
        return date(at[0], at[1] or 0, day)
    except ValueError as error:
        raise _odd(said) from error


def _odd(said):
    return _no("odd_day", _("“%(said)s”读不成日期，请核对。") % {"said": said})


def _no(code, text):
    return Refusal(Reason(code, text, field="text"))
