"""What stands in a list of old honours, read row by row: often only a year, a title and a
name. Asks the database nothing.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import islice

from django.utils.translation import gettext as _

from common import letters, sheets
from common.errors import Reason, Refusal
from common.workbooks import UNREAD
from honors.enums import Gender, Industry, Level
from members.cells import looks_like_identity, shown_value, text_of
from members.headers import Header, word
from members.rosters import Finding
from members.services.roster_reading import line_numbers, notices

# what a column can be, and what people call it; a telephone, an identity number, a birth
# date or an address is not even read
_SYNONYMS = {
    "year": "年份 年度 获奖年份 授予年份 表彰年份 评选年份 时间 获奖时间 授予时间 表彰时间",
    "title": "荣誉称号 称号 荣誉 荣誉名称 奖项 奖项名称 获奖名称 授予称号 获得荣誉",
    "name": "姓名 名称 获奖者 获奖人 获奖人姓名 姓名或集体名称 姓名名称 集体名称 获奖个人 劳模姓名",
    "edition": "届次 届次名称 届别",
    "employer": "单位 工作单位 所在单位 单位名称 获奖时单位 获奖时的单位 当时单位 推荐单位",
    "position": "职务 岗位 职务岗位 职务或岗位 工种 获奖时岗位 获奖时的岗位 单位职务",
    "level": "级别 荣誉级别 层级 等级",
    "district": "县区 区县 县区产业 所属县区 所在县区 地区 县区工会",
    "industry": "行业 所属行业",
    "gender": "性别",
    "ethnicity": "民族",
    "is_group": "集体 是否集体 类型 个人或集体 对象",
    "awarding_body": "授予单位 颁奖单位 表彰单位 授予机关 颁发单位 命名单位",
    "doc_no": "文号 表彰文号 文件号 文件文号 命名文号",
    "cert_no": "证书编号 证书号 证书号码 编号证书",
    "deed": "事迹 主要事迹 简要事迹 先进事迹 事迹简介",
}
FIELDS = {word_: name for name, words in _SYNONYMS.items() for word_ in words.split()}
NEEDED = {"year": "年份", "title": "荣誉称号", "name": "姓名"}
# field → the most characters it has room for
_LONGEST = {"name": 60, "title": 40, "edition": 80, "employer": 100, "position": 60}
_LONGEST |= {"awarding_body": 100, "doc_no": 60, "cert_no": 40, "ethnicity": 20}
_HEADER_WITHIN = 30
_YEAR = re.compile(r"(?<!\d)(19[4-9]\d|20\d\d)(?!\d)")
_TOTAL = re.compile(r"合计|总计|小计|共计|备注|说明|注[:：]|填表|制表|审核")
_SEVERAL = re.compile(r"[、，,;；/]")
_SPACED = re.compile(r"(?<=[\u3400-\u9fff]) (?=[\u3400-\u9fff])")
_LOST = ("?", "？", "\ufffd", "□")
_YES = ("是", "集体", "y", "yes", "1")
_LEVEL_WORDS = [
    (Level.NATIONAL, ("国家", "全国", "中央")),
    (Level.PROVINCIAL, ("省",)),
    (Level.CITY, ("市",)),
    (Level.COUNTY, ("县", "区")),
    (Level.UNIT, ("单位", "企业", "公司")),
]
SHORT_DEED = 80


@dataclass(slots=True)
class OldRow:
    """A good row. Empty: the file does not say it."""

    line: int
    year: int
    title: str
    name: str
    edition: str = ""
    employer: str = ""
    position: str = ""
    level: str = ""
    district: str = ""
    industry: str = ""
    gender: str = ""
    ethnicity: str = ""
    is_group: bool = False
    awarding_body: str = ""
    doc_no: str = ""
    cert_no: str = ""
    deed: str = ""


@dataclass
class Found:
    """A list that was read: good rows, what is wrong with cells, what is said of the
    whole; ``columns``: field → title of its column; ``bad``: lines kept out."""

    columns: dict[str, str]
    rows: list[OldRow] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    bad: set[int] = field(default_factory=set)

    @property
    def total(self) -> int:
        return len(self.rows) + len(self.bad)

    def say(self, row, name, code, reason, advice, *, is_error=True, value=None):
        """One thing to say of one cell; an error keeps the row out."""
        raw = getattr(row, name, "") if value is None else value
        shown = shown_value(str(raw), is_identity=False)
        self.findings.append(
            Finding(
                *(row.line, self.columns.get(name, ""), shown, code, reason, advice),
                is_error=is_error,
                name=shown_value(row.name, is_identity=False),
            )
        )
        if is_error:
            self.bad.add(row.line)


def read(content: bytes, *, year: int | None, title: str, today: date) -> Found:
    """Read a file; ``year`` and ``title`` hold where it has no such column. A blank year
    or title under one that is filled is that one: lists merge such cells.

    Refusal: no table, ``no_header``.
    """
    table = sheets.read(content)
    header, columns = _header(table, has_year=bool(year), has_title=bool(title))
    found = Found({name: header.titles[n] for name, n in columns.items()})
    reader = _Reader(found, columns, {"year": year, "title": title}, today)
    lines = (row for row in table.rows(header.sheet) if row[0] > header.line)
    for row in reader.rows(lines):
        found.rows.append(row)
    _refuse_twice(found)
    found.rows = [row for row in found.rows if row.line not in found.bad]
    found.notices = [*notices(table, header), *reader.said(header)]
    return found


def _header(table, *, has_year, has_title) -> tuple[Header, dict[str, int]]:
    needed = {"name"}
    if not has_year:
        needed.add("year")
    if not has_title:
        needed.add("title")
    for sheet in table.sheets:
        for line, values in islice(table.rows(sheet), _HEADER_WITHIN):
            texts = tuple(" ".join(text_of(value).split()) for value in values)
            columns: dict[str, int] = {}
            for number, text in enumerate(texts):
                if name := FIELDS.get(word(text)):
                    columns.setdefault(name, number)
            if needed <= columns.keys():
                titles = tuple(shown_value(t, is_identity=False) for t in texts)
                return Header(sheet, line, titles), columns
    text = _("没有找到表头：应有一行写着%(names)s等列名。")
    names = "".join(f"“{said}”" for name, said in NEEDED.items() if name in needed)
    raise Refusal(Reason("no_header", text % {"names": names}, field="file"))


class _Reader:
    def __init__(self, found, columns, usual, today):
        self.found, self.columns, self.usual = found, columns, usual
        self.today = today
        self.above = dict.fromkeys(("year", "title", "edition"), "")
        self.carried: list[int] = []
        self.skipped = 0

    def rows(self, lines) -> Iterator[OldRow]:
        for line, values in lines:
            row = self._row(line, values)
            if row is not None:
                yield row

    def said(self, header) -> list[str]:
        said = []
        if self.carried:
            text = _(
                "有%(n)d行没有写年份或称号，按上一行的读取（合并的单元格），请核对："
                "%(lines)s"
            )
            lines = line_numbers(self.carried)
            said.append(text % {"n": len(self.carried), "lines": lines})
        if self.skipped:
            said.append(_("跳过%(n)d行没有姓名的行") % {"n": self.skipped})
        read_ = set(self.columns.values())
        others = [t for n, t in enumerate(header.titles) if t and n not in read_]
        if others:
            text = _("没有读取的列：%(names)s")
            said.append(text % {"names": "、".join(others[:12])})
        return said

    def _cell(self, values, name):
        at = self.columns.get(name)
        return values[at] if at is not None and at < len(values) else None

    def _text(self, values, name):
        return letters.line(text_of(self._cell(values, name)))

    def _row(self, line, values) -> OldRow | None:
        name = _SPACED.sub("", self._text(values, "name"))
        first = next((t for v in values if (t := text_of(v))), "")
        if not name or _TOTAL.match(first) and len(name) > 20:
            self._carry(values)
            self.skipped += 1
            return None
        if _TOTAL.match(name):
            self.skipped += 1
            return None
        texts = {key: self._text(values, key) for key in _SYNONYMS if key != "deed"}
        if any(
            not texts[key] and self.above[key] and key in self.columns
            for key in ("year", "title")
        ):
            self.carried.append(line)
        texts |= self._carry(values)
        row = OldRow(line, 0, self._title(texts["title"]), name)
        if self._cell(values, "name") is UNREAD:
            name = "?"
        self._judge_name(row, name)
        row.year = self._year(row, texts["year"])
        for key in ("edition", "employer", "position", "awarding_body", "doc_no"):
            setattr(row, key, texts[key])
        row.cert_no, row.ethnicity = texts["cert_no"], texts["ethnicity"]
        row.district = texts["district"]
        for key, most in _LONGEST.items():
            if len(getattr(row, key)) > most:
                text = _("超过%(most)d字") % {"most": most}
                self.found.say(row, key, "too_long", text, _("删短后再导入"))
        row.gender = self._choice(row, "gender", texts, Gender)
        row.industry = self._choice(row, "industry", texts, Industry)
        row.level = self._level(row, texts["level"])
        row.is_group = texts["is_group"].lower() in _YES
        row.deed = letters.prose(str(self._cell(values, "deed") or ""))[:2000]
        return row if row.line not in self.found.bad else None

    def _carry(self, values) -> dict:
        """Year, title and edition of a row, or else of the one above."""
        for key in self.above:
            if text := self._text(values, key):
                if key == "title" and text != self.above["title"]:
                    self.above["edition"] = ""
                self.above[key] = text
        usual = {"year": str(self.usual["year"] or ""), "title": self.usual["title"]}
        return {key: text or usual.get(key, "") for key, text in self.above.items()}

    @staticmethod
    def _title(text):
        return text.strip("“”\"'「」《》 ")

    def _judge_name(self, row, name):
        def wrong(code, reason, advice):
            self.found.say(row, "name", code, reason, advice)

        if any(mark in name for mark in _LOST):
            wrong("name_lost", _("姓名含有不能识别的字符"), _("在原表中补上这个字"))
        elif _SEVERAL.search(name):
            wrong("several_names", _("一格里有几个姓名"), _("分成几行，一行一个"))
        elif looks_like_identity(name) or re.search(r"\d{6}", name):
            wrong("no_name", _("这不是姓名"), _("核对这一列是不是姓名"))
        if not row.title:
            text = _("没有荣誉称号")
            self.found.say(row, "title", "title_missing", text, _("补上称号"))

    def _year(self, row, text) -> int:
        found = _YEAR.search(letters.western(text))
        if found and 1949 <= (year := int(found[1])) <= self.today.year:
            return year
        reason = _("没有年份") if not text else _("年份不能识别")
        advice = _("写成四位数，如1998")
        self.found.say(row, "year", "year", reason, advice, value=text)
        return 0

    def _choice(self, row, name, texts, choices):
        text = texts[name]
        if not text:
            return ""
        for value, label in choices.choices:
            if text in (value, label):
                return value
        reason = _("“%(text)s”不能识别，未采用") % {"text": text[:20]}
        advice = "、".join(str(label) for label in choices.labels)
        advice = _("可用：%(labels)s") % {"labels": advice}
        self.found.say(row, name, "choice", reason, advice, is_error=False, value=text)
        return ""

    def _level(self, row, text):
        if not text:
            return ""
        if level := level_of(text):
            return level
        reason = _("级别不能识别，未采用")
        advice = _("可用：国家级、省级、市级、县区级、单位级")
        self.found.say(
            row, "level", "choice", reason, advice, is_error=False, value=text
        )
        return ""


def level_of(text: str) -> str:
    """The level that a word such as 全国 or 市级 names; empty for none."""
    for level, words in _LEVEL_WORDS:
        if any(said in text for said in words):
            return level.value
    return ""


def _refuse_twice(found) -> None:
    """Of one honour, named twice in a file, only the first row is taken."""
    first: dict[tuple, OldRow] = {}
    for row in found.rows:
        key = (row.year, row.title, row.edition, row.name, row.employer)
        if key in first:
            text = _("与第%(line)d行相同") % {"line": first[key].line}
            found.say(row, "name", "twice_in_file", text, _("只保留一行"))
        else:
            first[key] = row
