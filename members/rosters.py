"""What a roster made by hand means: where its header stands, what its columns are, and
what is wrong with a row. Knows no table of the database.
"""

import datetime
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.errors import Reason, Refusal
from common.letters import western
from common.sheets import Table
from members import identity, names

# What a column can be. Sex and birth are compared with the identity number and not
# kept; whatever else a roster holds (mobile, address, wages) is not even read.
FIELDS = {
    "name": gettext_lazy("姓名"),
    "identity": gettext_lazy("身份证号码"),
    "member_number": gettext_lazy("会员编号"),
    "is_member": gettext_lazy("工会会员（是/否）"),
    "joined_on": gettext_lazy("入会日期"),
    "is_frontline": gettext_lazy("一线职工（是/否）"),
    "is_migrant": gettext_lazy("农民工（是/否）"),
    "gender": gettext_lazy("性别（只用于核对）"),
    "born_on": gettext_lazy("出生日期（只用于核对）"),
}
NEEDED = ("name", "identity")

_SYNONYMS = {
    "name": "姓名 职工姓名 会员姓名 员工姓名 工会会员姓名 名字 人员姓名 name",
    "identity": (
        "身份证 身份证号 身份证号码 居民身份证 居民身份证号 居民身份证号码 公民身份号码 "
        "公民身份证号码 身份号码 证件号 证件号码 有效证件号 有效证件号码 身份证件号码 "
        "身份证明号码 身份证编号"
    ),
    "member_number": (
        "会员编号 会员号 会员证号 会员证编号 会员卡号 工会会员编号 工会会员证号 会籍号 "
        "工会证号 会员证号码"
    ),
    "is_member": "工会会员 是否会员 是否工会会员 是否入会 是否为工会会员 会员 入会",
    "joined_on": (
        "入会日期 入会时间 入会年月 加入工会日期 加入工会时间 加入工会组织时间"
    ),
    "is_frontline": "一线职工 是否一线 是否一线职工 一线 是否为一线职工 一线员工",
    "is_migrant": "农民工 是否农民工 是否为农民工 是否农民工会员 农民工会员",
    "gender": "性别",
    "born_on": "出生日期 出生年月 出生年月日 出生时间 生日 出生",
}
_FIELD_OF = {
    word: field for field, words in _SYNONYMS.items() for word in words.split()
}
_HEADER_WITHIN = 30  # rows that are not blank
_BRACKETS = re.compile(r"[(\[【〔].*?[)\]】〕]")
_NOISE = re.compile(r"[\s*＊:：、.#★☆△▲_\-/]|必填|选填")
# … but a department or a post of such a name is no total
_TOTAL = re.compile(
    r"(?![^:：]*[科部处室股组岗员]$)(合计|总计|小计|共计|总人数|本页|合计人数|填表|制表|填报|审核|单位负责人|负责人"
    r"|备注|说明|注[:：])"
)
_SHOWN = 30  # characters of a cell that a report repeats


@dataclass(frozen=True)
class Header:
    """``line`` and the texts of its cells, by number from 0."""

    sheet: str
    line: int
    titles: tuple[str, ...]

    def guess(self) -> dict[str, int]:
        """Field → column, by what people call them; the first of two takes it."""
        found: dict[str, int] = {}
        for number, title in enumerate(self.titles):
            field = _FIELD_OF.get(_word(title))
            if field:
                found.setdefault(field, number)
        return found


def _word(title: str) -> str:
    return _NOISE.sub("", _BRACKETS.sub("", western(title))).lower()


def text_of(value: Any) -> str:
    """A cell as a person reads it: 3.0 is 3, a date is 2018-06-01, no blanks around."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    return str(value).replace("\0", "").strip()


def find_header(table: Table) -> Header:
    """The row of the first sheet that has one in which most columns can be named;
    failing that, the first row with two cells or more, for somebody to say what they
    are. Raises Refusal where no row has two cells."""
    best: tuple[int, Header] | None = None
    for sheet in table.sheets:
        for seen, (line, values) in enumerate(table.rows(sheet)):
            if seen == _HEADER_WITHIN:
                break
            titles = tuple(" ".join(text_of(v).split()) for v in values)
            if sum(bool(t) for t in titles) < 2:
                continue  # a merged title
            header = Header(sheet, line, titles)
            hits = len(header.guess())
            if best is None or hits > best[0]:
                best = (hits, header)
        if best is not None and best[0] >= len(NEEDED):
            break
    if best is None:
        text = _("没有找到表头：应有一行写着“姓名”“身份证号码”等列名")
        raise Refusal(Reason("roster_no_header", text, field="file"))
    return best[1]


def check_columns(columns: Mapping[str, int], width: int) -> dict[str, int]:
    """``columns`` if they can be used; raises Refusal: a needed one is missing, one
    column means two things, an unknown field or column."""
    grounds = []
    for field in NEEDED:
        if field not in columns:
            text = _("请指明哪一列是“%(field)s”") % {"field": FIELDS[field]}
            grounds.append(Reason("roster_column_missing", text))
    if len(set(columns.values())) < len(columns):
        grounds.append(Reason("roster_column_twice", _("同一列不能对应两项内容")))
    if set(columns) - set(FIELDS) or any(
        not 0 <= number < width for number in columns.values()
    ):
        grounds.append(Reason("roster_column_unknown", _("列的对应有误，请重新选择")))
    if grounds:
        raise Refusal(*grounds)
    return dict(columns)


def sentence(*, imported: int, warned: int, refused: int) -> str:
    """What came of a roster: “导入4,620行，提醒80行，错误300行”."""
    return _("导入%(done)s行，提醒%(warned)s行，错误%(refused)s行") % {
        "done": f"{imported:,}",
        "warned": f"{warned:,}",
        "refused": f"{refused:,}",
    }


# --- one row ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to say of one cell. ``value`` is safe to show: numbers of documents
    are masked. An error keeps the row out, a warning does not."""

    line: int
    column: str
    value: str
    code: str
    reason: str
    advice: str
    is_error: bool = True


@dataclass(slots=True)
class Person:
    """What one row says. ``None`` means that the file does not say it."""

    line: int
    name: str = ""
    document: identity.Identity | None = None
    member_number: str | None = None
    is_member: bool | None = None
    is_frontline: bool | None = None
    is_migrant: bool | None = None
    is_bad: bool = False  # an error keeps the row out


_ADVICE = {
    "name_missing": gettext_lazy("补上姓名"),
    "name_lost": gettext_lazy("按身份证改写，并存为Excel工作簿（.xlsx）"),
    "name_characters": gettext_lazy("只写姓名，说明文字写到备注列"),
    "name_long": gettext_lazy("只写姓名"),
    "identity_missing": gettext_lazy("补上身份证号码"),
    "identity_length": gettext_lazy("对照身份证补全或删去多余的数字"),
    "identity_check": gettext_lazy("对照身份证逐位核对"),
    "identity_birth": gettext_lazy("对照身份证核对第7至14位"),
    "identity_province": gettext_lazy("对照身份证核对开头两位"),
    "identity_characters": gettext_lazy("只写号码，不要写其他文字"),
    "identity_digits_lost": gettext_lazy("把该列设为“文本”格式，再重新填写号码"),
    "member_number": gettext_lazy("会员编号只用字母和数字，不超过30个"),
    "date": gettext_lazy("写成2018-06-01这样的日期"),
    "yes_no": gettext_lazy("写“是”或“否”"),
    "gender": gettext_lazy("核对性别和身份证号码第17位"),
    "birth": gettext_lazy("核对出生日期和身份证号码第7至14位"),
}
_YES = {*"是√✓✔有已对y1", "yes", "true", "会员", "已入会", "农民工", "一线"}
_NO = {*"否×✗✘无未非xn0—", "不是", "no", "false", "非会员", "未入会"}
# 1.2E+17, and what a cell shows that cannot show its number: #VALUE!, ######
_LOST_DIGITS = re.compile(r"[0-9](\.[0-9]+)?E\+?[0-9]+|#.*")
_EXACT = 15  # digits that Excel keeps of a number
_MEMBER_NUMBER = re.compile(r"[0-9A-Za-z一-鿿][0-9A-Za-z一-鿿()./_-]{0,29}")


class Reader:
    """Reads rows by the match of columns; what it says of each is in ``findings``."""

    def __init__(
        self, header: Header, columns: Mapping[str, int], *, today: datetime.date
    ):
        self.header = header
        self.columns = columns
        self.today = today
        self.findings: list[Finding] = []
        self.skipped: list[tuple[int, str]] = []  # (line, why)

    def people(self, rows: Iterable[tuple[int, tuple]]) -> Iterator[Person]:
        """Each row below the header, the bad ones (``is_bad``) as far as they could be
        read."""
        for line, values in rows:
            if line <= self.header.line or self._is_no_person(line, values):
                continue
            before = len(self.findings)
            person = self._person(line, values)
            person.is_bad = any(f.is_error for f in self.findings[before:])
            yield person

    def _cell(self, values, field):
        number = self.columns.get(field)
        return values[number] if number is not None and number < len(values) else None

    def _is_no_person(self, line, values):
        """Total rows, signatures under the table, and headers repeated on each page."""
        texts = [text_of(value) for value in values]
        filled = [text for text in texts if text]
        if not any(text_of(self._cell(values, field)) for field in self.columns):
            return True  # numbered in advance, or a remark at the side
        name = names.plain(text_of(self._cell(values, "name")))
        digits = identity.plain(text_of(self._cell(values, "identity")))
        first = names.plain(filled[0])
        if len(digits) < 8 and (_TOTAL.match(first) or _TOTAL.match(name)):
            self.skipped.append((line, first[:_SHOWN]))
            return True
        titles = [title for title in self.header.titles if title]
        if [" ".join(text.split()) for text in filled] == titles:
            self.skipped.append((line, _("重复的表头")))
            return True
        return False

    def say(self, line, field, value, code, reason, *, advice=None, is_error=True):
        """One finding about a cell; also for those who know the database."""
        number = self.columns.get(field)
        shown = shown_value(text_of(value), is_identity=field == "identity")
        column = self.header.titles[number] if number is not None else ""
        text = advice if advice is not None else str(_ADVICE.get(code, ""))
        self.findings.append(
            Finding(line, column, shown, code, str(reason), text, is_error)
        )

    def _person(self, line, values):
        person = Person(line)
        raw = self._cell(values, "name")
        try:
            person.name = names.read(text_of(raw))
        except Refusal as refusal:
            self._refuse(line, "name", raw, refusal)
        else:
            if len(person.name) == 1:
                text = _("姓名只有一个字，请核对")
                self._warn(line, "name", raw, "name_short", text)
        person.document = self._document(line, self._cell(values, "identity"))
        person.member_number = self._member_number(line, values)
        joined = self._joined(line, values)
        person.is_member = self._yes_no(line, values, "is_member")
        if person.is_member is None:
            person.is_member = joined
        person.is_frontline = self._yes_no(line, values, "is_frontline")
        person.is_migrant = self._yes_no(line, values, "is_migrant")
        if person.document is not None:
            self._compare(line, values, person.document)
        return person

    def _refuse(self, line, field, value, refusal):
        for reason in refusal.reasons:
            self.say(line, field, value, reason.code, reason.text)

    def _warn(self, line, field, value, code, text, *, kind=""):
        advice = str(_ADVICE.get(kind or code, _("请核对")))
        self.say(line, field, value, code, text, advice=advice, is_error=False)

    def _document(self, line, raw):
        text = text_of(raw)
        plain = identity.plain(text)
        typed_as_number = isinstance(raw, int | float) and len(plain) > _EXACT
        if typed_as_number or _LOST_DIGITS.fullmatch(plain):
            reason = _("身份证号码被存成数字，后几位已经丢失")
            self.say(line, "identity", raw, "identity_digits_lost", reason)
            return None
        try:
            document = identity.read(text, today=self.today)
        except Refusal as refusal:
            self._refuse(line, "identity", raw, refusal)
            return None
        if document.kind == "pass" and document.whole.isdigit():
            text = _("8位号码按台湾居民来往大陆通行证登记")
            self._warn(line, "identity", raw, "identity_taiwan", text)
        return document

    def _member_number(self, line, values):
        if "member_number" not in self.columns:
            return None
        raw = self._cell(values, "member_number")
        number = _plain_number(text_of(raw))
        if not number:
            return None
        lost = isinstance(raw, int | float) and len(number) > _EXACT
        if lost or _LOST_DIGITS.fullmatch(number):
            reason = _("会员编号被存成数字，后几位已经丢失")
            advice = _ADVICE["identity_digits_lost"]
            self.say(
                line, "member_number", raw, "member_number", reason, advice=str(advice)
            )
        elif not _MEMBER_NUMBER.fullmatch(number):
            self.say(line, "member_number", raw, "member_number", _("会员编号不能识别"))
        return number

    def _yes_no(self, line, values, field):
        raw = self._cell(values, field)
        word = western(text_of(raw)).lower()
        if not word:
            return None
        if word in _YES or word in _NO:
            return word in _YES
        text = _("“%(word)s”不能识别为是或否，未采用") % {"word": word[:_SHOWN]}
        self._warn(line, field, raw, "yes_no", text)
        return None

    def _joined(self, line, values):
        """True where a sound day of joining stands, else None."""
        raw = self._cell(values, "joined_on")
        if not text_of(raw):
            return None
        day, _is_exact = read_day(raw)
        if day is None:
            text = _("日期不能识别，未采用")
            self._warn(line, "joined_on", raw, "date", text)
            return None
        if day > self.today:
            text = _("入会日期还没有到，未采用")
            self._warn(line, "joined_on", raw, "joined_later", text, kind="date")
            return None
        return True

    def _compare(self, line, values, document):
        raw = self._cell(values, "gender")
        word = text_of(raw)
        is_male = {"男": True, "女": False}.get(word[:1])
        if word and document.is_male is not None and is_male is not document.is_male:
            text = _("性别与身份证号码不一致")
            self._warn(line, "gender", raw, "gender", text)
        raw = self._cell(values, "born_on")
        if not text_of(raw):
            return
        day, is_exact = read_day(raw)
        if day is None:
            self._warn(line, "born_on", raw, "date", _("日期不能识别，未采用"))
        elif document.born is not None and (
            (day != document.born)
            if is_exact
            else (day.year, day.month) != (document.born.year, document.born.month)
        ):
            text = _("出生日期与身份证号码不一致")
            self._warn(line, "born_on", raw, "birth", text)


def _plain_number(typed: str) -> str:
    return "".join(western(typed).split()).lstrip("'")


def read_member_number(typed: str) -> str:
    """A member number as a roster's row would be stored with it, empty for none; raises
    Refusal for what is no number."""
    number = _plain_number(typed)
    if number and not _MEMBER_NUMBER.fullmatch(number):
        text = "{}：{}".format(_("会员编号不能识别"), _ADVICE["member_number"])
        raise Refusal(Reason("member_number", text, field="member_number"))
    return number


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
    text = _AROUND_SIGN.sub(r"\1", western(text_of(value))).strip("'")
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
