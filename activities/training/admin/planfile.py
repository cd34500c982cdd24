"""The classes of a term's sheet as a workbook: taken away, filled in by whoever arranges
them, and brought back. What cannot be understood is kept as it stands and named at its
box, as if it had been typed there."""

import re
from datetime import date, datetime, time, timedelta

from django.utils.translation import gettext as _

from activities.training.admin.plansheet import LONGEST_TEXT, ClassBoxes, words_of
from activities.training.models import CourseKind
from activities.training.services import plans
from activities.venues.models import Venue
from common import sheets, workbooks
from common.errors import Reason, Refusal

COLUMNS = list(ClassBoxes.base_fields)
_YES = {"是", "1", "y", "yes", "√", "true"}
_DAYS = {name: number for number, name in enumerate("一二三四五六日", start=1)}
_DAYS["天"] = 7
_CLOCKS = ("starts", "ends")


def labels() -> dict[str, str]:
    """Box → the head of its column."""
    return {name: str(box.label) for name, box in ClassBoxes.base_fields.items()}


def written(plan) -> bytes:
    """The rows of a plan as a workbook, one a class."""
    kinds = {str(pk): name for pk, name in CourseKind.objects.values_list("pk", "name")}
    venues = {str(pk): name for pk, name in Venue.objects.values_list("pk", "name")}

    def said(name, text):
        if name == "weekdays":
            return words_of(text) if text else ""
        if name == "keeps_holidays":
            return _("是") if text else ""
        return {"kind": kinds, "venue": venues}.get(name, {}).get(text, text)

    head = [sheets.Cell(label, "head") for label in labels().values()]
    rows = [[said(name, row.get(name, "")) for name in COLUMNS] for row in plan.rows]
    widths = [24 if name in ("name", "venue") else 12 for name in COLUMNS]
    return sheets.to_xlsx([head, *rows], title=_("班级"), widths=widths)


def read(content: bytes, rows: list[dict]) -> tuple[list[dict], int]:
    """The plan's rows with what a file says of them, and how many classes are new: a
    class of the same name is changed, another one added, one that is not in the file
    stays. Refusal: that of a file that cannot be read; ``no_classes``, ``too_many``."""
    table = sheets.read(content)
    names = {label: name for name, label in labels().items()}
    head: dict[int, str] = {}
    kinds = {name: str(pk) for pk, name in CourseKind.objects.values_list("pk", "name")}
    venues = {
        name: str(pk) for pk, name in Venue.objects.active().values_list("pk", "name")
    }
    made = [dict(row) for row in rows]
    by_name = {row.get("name", ""): row for row in made}
    known = len(made)
    for _line, values in table.rows(table.sheets[0]):
        if not head:
            found = {n: names.get(_text(value)) for n, value in enumerate(values)}
            if "name" in found.values():
                head = {n: name for n, name in found.items() if name}
            continue
        given = {name: values[n] for n, name in head.items() if n < len(values)}
        texts = {
            name: _boxed(name, value, kinds, venues) for name, value in given.items()
        }
        if not texts.get("name"):
            continue
        row = by_name.get(texts["name"])
        if row is None:
            row = by_name[texts["name"]] = {"key": f"f{len(made)}"}
            made.append(row)
        row |= texts
    if not head:
        text = _("没有找到表头“%(name)s”，请先下载表格再填写。")
        raise Refusal(Reason("no_classes", text % {"name": labels()["name"]}))
    if len(made) > plans.MOST_ROWS:
        text = _("一期最多%(n)d个班。") % {"n": plans.MOST_ROWS}
        raise Refusal(Reason("too_many", text))
    return made, len(made) - known


def _boxed(name, value, kinds, venues) -> str:
    if name in _CLOCKS:
        # an office program keeps a time of the day as a part of one
        if isinstance(value, float) and 0 <= value < 1:
            value = datetime.min + timedelta(minutes=round(value * 24 * 60))
        if isinstance(value, (datetime, time)):
            return f"{value:%H:%M}"
    text = _text(value)
    if name == "weekdays":
        return _weekdays(text)
    if name == "keeps_holidays":
        return "on" if text.lower() in _YES else ""
    return {"kind": kinds, "venue": venues}.get(name, {}).get(text, text)


def _text(value) -> str:
    if value is None or value is workbooks.UNREAD:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return " ".join(str(value).replace("\0", "").split())[:LONGEST_TEXT]


def _weekdays(text: str) -> str:
    """“2,4” of 周二、周四; what is no list of weekdays stays as it is."""
    bare = re.sub(r"周|星期|礼拜|[\s,，、;；和]", "", text)
    days = {_DAYS.get(one, int(one) if one in "1234567" else None) for one in bare}
    if not days or None in days:
        return text
    return ",".join(str(day) for day in sorted(days))
