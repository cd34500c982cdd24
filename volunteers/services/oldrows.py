"""What stands in a list of old hours, read row by row. Asks the database nothing."""

import re
from dataclasses import dataclass, field
from datetime import date
from itertools import islice

from django.utils.translation import gettext as _

from common import letters, sheets
from common.errors import Reason, Refusal
from members.cells import looks_like_identity, read_day, shown_value, text_of
from members.headers import word
from members.rosters import Finding

# what a column can be, and what people call it; nothing else of a list is read
_SYNONYMS = {
    "team": "志愿服务队 服务队 队伍 团队 所属队伍 所在队伍 志愿队 队名",
    "name": "姓名 志愿者 志愿者姓名 队员 队员姓名",
    "number": "会员编号 会员号 会员证号 工会会员编号 会籍号",
    "day": "日期 服务日期 活动日期 服务时间 时间",
    "title": "服务 服务名称 活动 活动名称 服务内容 服务项目 项目",
    "hours": "时长 服务时长 小时 服务小时 工时 小时数 服务小时数",
    "minutes": "分钟 服务分钟 分钟数",
}
FIELDS = {said: name for name, words in _SYNONYMS.items() for said in words.split()}
NEEDED = {"team": "志愿服务队", "name": "姓名", "day": "日期"}
EARLIEST = date(1990, 1, 1)
DAY = 24 * 60
_HEADER_WITHIN = 30
_TOTAL = re.compile(r"合计|总计|小计|共计|备注|填表|制表")
_HOURS = re.compile(
    r"(?:(\d{1,3}(?:\.\d{1,2})?)(?:个?小时|h|$))?(?:(\d{1,4})(?:分钟|分))?", re.I
)


@dataclass(slots=True)
class OldRow:
    """A row that can be read."""

    line: int
    team: str
    name: str
    number: str
    day: date
    title: str
    minutes: int


@dataclass
class Found:
    """A list that was read: good rows, and what is wrong with cells; ``bad``: the lines
    that are kept out. ``columns``: field → title of its column."""

    columns: dict[str, str]
    rows: list[OldRow] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    bad: set[int] = field(default_factory=set)

    def refuse(self, line, name, value, code, reason, advice, whose=""):
        """What keeps a row out, at its cell."""
        self.findings.append(
            Finding(
                *(line, self.columns.get(name, ""), _shown(value)),
                *(code, reason, advice),
                name=_shown(whose),
            )
        )
        self.bad.add(line)


def _shown(value) -> str:
    return shown_value(str(value), is_identity=False)[:60]


def read(content: bytes, *, today: date) -> Found:
    """Read a file. Refusal: no table, ``no_header``."""
    table = sheets.read(content)
    sheet, header, titles, columns = _header(table)
    found = Found({name: titles[n] for name, n in columns.items()})
    for line, values in table.rows(sheet):
        if line > header:
            row = _row(found, columns, line, values, today)
            if row is not None and line not in found.bad:
                found.rows.append(row)
    _refuse_impossible(found)
    return found


def _header(table):
    needs_either = {"hours", "minutes"}
    for sheet in table.sheets:
        for line, values in islice(table.rows(sheet), _HEADER_WITHIN):
            texts = [" ".join(text_of(value).split()) for value in values]
            columns: dict[str, int] = {}
            for number, text in enumerate(texts):
                if name := FIELDS.get(word(text)):
                    columns.setdefault(name, number)
            if NEEDED.keys() <= columns.keys() and needs_either & columns.keys():
                return sheet, line, texts, columns
    text = _("没有找到表头：应有一行写着“志愿服务队”“姓名”“日期”“时长（小时）”等列名。")
    raise Refusal(Reason("no_header", text, field="file"))


def _row(found, columns, line, values, today) -> OldRow | None:
    def cell(name):
        at = columns.get(name)
        return values[at] if at is not None and at < len(values) else None

    texts = {name: letters.line(text_of(cell(name))) for name in _SYNONYMS}
    if not texts["name"] or _TOTAL.match(texts["team"] or texts["name"]):
        if texts["team"] and texts["day"] and not _TOTAL.match(texts["team"]):
            text = _("没有姓名")
            found.refuse(line, "name", "", "no_name", text, _("补上姓名"))
        return None
    name = texts["name"]

    def wrong(column, code, reason, advice):
        found.refuse(line, column, texts[column], code, reason, advice, name)

    if looks_like_identity(name) or re.search(r"\d{6}", name):
        wrong("name", "no_name", _("这不是姓名"), _("核对这一列"))
    if not texts["team"]:
        wrong("team", "no_team", _("没有写队伍"), _("每一行都写上队伍"))
    day, is_exact = read_day(cell("day"))
    if day is None or not is_exact:
        wrong("day", "no_day", _("日期不能识别"), _("写成2018-06-01的样子"))
    elif not EARLIEST <= day <= today:
        wrong("day", "day_off", _("日期太早或在今天以后"), _("核对年份"))
    minutes = _minutes(texts)
    if minutes is None:
        column = "hours" if texts["hours"] or "minutes" not in columns else "minutes"
        wrong(column, "no_hours", _("时长不能识别"), _("写小时数，如2.5"))
    elif not 1 <= minutes <= DAY:
        column = "hours" if texts["hours"] else "minutes"
        text = _("一次时长应在1分钟到24小时之间")
        wrong(column, "hours_off", text, _("核对单位是小时还是分钟"))
    title = texts["title"] or _("志愿服务")
    if len(title) > 40:
        wrong("title", "too_long", _("超过40字"), _("删短后再导入"))
    if line in found.bad:
        return None
    number = letters.number(texts["number"])
    return OldRow(line, texts["team"], name, number, day, title, minutes)


def _minutes(texts) -> int | None:
    if texts["hours"]:
        typed = "".join(letters.western(texts["hours"]).split())
        parts = _HOURS.fullmatch(typed)
        if parts is None or not any(parts.groups()):
            return None
        return round(float(parts[1] or 0) * 60) + int(parts[2] or 0)
    typed = letters.western(texts["minutes"]).strip().removesuffix("分钟")
    return int(typed) if typed.isdigit() and len(typed) < 6 else None


def _refuse_impossible(found) -> None:
    """A line that stands there twice, and more than a day of one person in a day."""
    seen, days = {}, {}
    for row in found.rows:
        key = (row.team, row.name, row.number, row.day, row.title)
        if first := seen.get(key):
            text = _("与第%(line)d行是同一条") % {"line": first}
            advice = _("确是两次的，在服务名称里写明")
            found.refuse(row.line, "name", row.name, "twice", text, advice, row.name)
            continue
        seen[key] = row.line
        person = (row.name, row.number, row.day)
        days[person] = days.get(person, 0) + row.minutes
        if days[person] > DAY:
            text = _("同一天合计超过24小时")
            advice = _("核对时长和日期")
            found.refuse(row.line, "day", row.day, "day_full", text, advice, row.name)
    found.rows = [row for row in found.rows if row.line not in found.bad]
