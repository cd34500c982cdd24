"""What a row of a roster made by hand means, and what is wrong with it. Knows no table of
the database.
"""

import datetime
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Self

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common import crypto
from common.errors import Reason, Refusal
from common.letters import western
from common.workbooks import UNREAD
from members import headers, identity, names
from members.cells import looks_like_identity, read_day, shown_value, text_of
from members.headers import Header

# … but a department or a post of such a name is no total
_TOTAL = re.compile(
    r"(?![^:：]*[科部处室股组岗员]$)(合计|总计|小计|共计|总人数|本页|合计人数|填表|制表|填报|审核|单位负责人|负责人"
    r"|备注|说明|注[:：])"
)


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
    name: str = ""  # whose row it is, masked


class SealedReport:
    """For the dataclass of what an import would do or did: as its row keeps it. What is
    no plain value of JSON is made again by ``_again``."""

    def sealed(self) -> str:
        """Everything of it, encrypted."""
        return crypto.seal(json.dumps(asdict(self), ensure_ascii=False))

    @classmethod
    def unsealed(cls, text: str) -> Self:
        values = json.loads(crypto.unseal(text))
        values["findings"] = [Finding(**one) for one in values["findings"]]
        return cls(**values | cls._again(values))

    @classmethod
    def _again(cls, values: dict) -> dict:
        return {}


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
    "cell_unread": gettext_lazy("在Excel中打开并保存一次，或把公式粘贴为数值"),
    "above_header": gettext_lazy("把这一行移到表头之下"),
    "name_missing": gettext_lazy("补上姓名"),
    "name_radical": gettext_lazy("对照身份证核对姓名"),
    "name_lost": gettext_lazy("按身份证改写，并存为Excel工作簿（.xlsx）"),
    "name_characters": gettext_lazy("只写姓名，说明文字写到备注列"),
    "name_long": gettext_lazy("只写姓名"),
    "identity_missing": gettext_lazy("补上身份证号码"),
    "identity_length": gettext_lazy("对照身份证补全或删去多余的数字"),
    "identity_check": gettext_lazy("对照身份证逐位核对"),
    "identity_birth": gettext_lazy("对照身份证核对第7至14位"),
    "identity_province": gettext_lazy("对照证件核对开头几位"),
    "identity_passport": gettext_lazy(
        "改填外国人永久居留身份证号码；没有的，可在“职工”中逐人新增"
    ),
    "identity_old": gettext_lazy("对照现在的身份证核对"),
    "identity_young": gettext_lazy("对照身份证核对出生日期"),
    "identity_aged": gettext_lazy("对照身份证核对出生日期"),
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


_LONGEST = 60  # characters of a document's number, blanks and marks included
_YOUNGEST = 16  # years, from which one may work
_OLDEST = 100
_UNITS = frozenset(
    [
        "单位",
        "单位名称",
        "所在单位",
        "工作单位",
        "所属单位",
        "工会",
        "工会名称",
        "所属工会",
        "所在工会",
        "基层工会",
        "基层工会名称",
        "工会组织",
        "公司",
        "公司名称",
        "企业",
        "企业名称",
    ]
)


class Reader:
    """Reads rows by the match of columns; what it says of each is in ``findings``.
    Afterwards ``strays`` are the fingerprints of documents that stand in the table but
    not in the column of documents, ``stray_columns`` where they stand, ``units`` the
    employers it names."""

    def __init__(
        self, header: Header, columns: Mapping[str, int], *, today: datetime.date
    ):
        self.header = header
        self.columns = columns
        self.today = today
        self.findings: list[Finding] = []
        self.skipped: list[tuple[int, str]] = []  # (line, why)
        self.strays: set[bytes] = set()
        self.stray_columns: set[int] = set()
        self.units: set[str] = set()
        read = set(columns.values())
        self._unit = next(
            (
                number
                for number, title in enumerate(header.titles)
                if number not in read and headers.word(title) in _UNITS
            ),
            None,
        )
        self._mapped = read
        self._values: tuple = ()  # of the row at hand

    def people(self, rows: Iterable[tuple[int, tuple]]) -> Iterator[Person]:
        """Each row below the header, the bad ones (``is_bad``) as far as they could be
        read."""
        for line, values in rows:
            self._values = values
            if line <= self.header.line:
                self._above(line, values)
                continue
            self._look_for_strays(values)
            if self._is_no_person(line, values):
                continue
            if self._unit is not None and self._unit < len(values):
                self.units.add(text_of(values[self._unit]))
            before = len(self.findings)
            person = self._person(line, values)
            person.is_bad = any(f.is_error for f in self.findings[before:])
            yield person

    def _cell(self, values, field):
        number = self.columns.get(field)
        return values[number] if number is not None and number < len(values) else None

    def _masked_name(self):
        raw = self._cell(self._values, "name")
        text = "" if raw is UNREAD else names.plain(text_of(raw))
        return names.masked(shown_value(text, is_identity=False))

    def _above(self, line, values):
        """A person above the header is reported, not lost."""
        for document in self.strays_among(values).values():
            self.strays.add(document)
            reason = _("这一行在表头之上，没有读取")
            self.say(line, "identity", "", "above_header", reason)

    def _look_for_strays(self, values):
        for number, document in self.strays_among(values).items():
            if number not in self._mapped:
                self.strays.add(document)
                self.stray_columns.add(number)

    def strays_among(self, values) -> dict[int, bytes]:
        """Column → fingerprint of every document number in a row that is not read."""
        found = {number: self._stray(value) for number, value in enumerate(values)}
        return {number: document for number, document in found.items() if document}

    def _stray(self, value) -> bytes | None:
        """The fingerprint of a document number in a cell that is not read as one."""
        is_long = isinstance(value, str) and 15 <= len(value) <= _LONGEST
        if not (is_long or isinstance(value, int)):
            return None
        text = text_of(value)
        if not looks_like_identity(text):
            return None
        try:
            document = identity.read(text, today=self.today)
        except Refusal:
            return None
        return bytes.fromhex(identity.fingerprint(document))

    def _is_no_person(self, line, values):
        """Total rows, signatures under the table, and headers repeated on each page."""
        if not any(text_of(self._cell(values, field)) for field in self.columns):
            return True  # numbered in advance, or a remark at the side
        digits = identity.plain(text_of(self._cell(values, "identity")))
        if len(digits) < 8:
            name = names.plain(text_of(self._cell(values, "name")))
            first = names.plain(next(text for v in values if (text := text_of(v))))
            if _TOTAL.match(first) or _TOTAL.match(name):
                self.skipped.append((line, shown_value(first, is_identity=False)))
                return True
        if not digits.isdecimal() and self._is_header(values):
            self.skipped.append((line, _("重复的表头")))
            return True
        return False

    def _is_header(self, values):
        """Repeated on each page, as it stands at the top or as titles are known."""
        texts = [" ".join(text_of(value).split()) for value in values]
        titles = [title for title in self.header.titles if title]
        is_known = headers.guess(texts).keys() >= set(headers.NEEDED)
        return is_known or [text for text in texts if text] == titles

    def say(
        self, line, field, value, code, reason, *, advice=None, is_error=True, name=None
    ):
        """One finding about a cell; also for those who know the database, who say whose
        row it is."""
        number = self.columns.get(field)
        shown = shown_value(text_of(value), is_identity=field == "identity")
        column = self.header.title(number) if number is not None else ""
        text = advice if advice is not None else str(_ADVICE.get(code, ""))
        self.findings.append(
            Finding(
                line,
                column,
                shown,
                code,
                str(reason),
                text,
                is_error,
                name or self._masked_name(),
            )
        )

    def _person(self, line, values):
        person = Person(line)
        lost = self._unread(line, values)
        if lost:
            columns = {self.columns[name] for name in lost}
            values = tuple(None if n in columns else v for n, v in enumerate(values))
        if "name" not in lost:
            person.name = self._read_name(line, values)
        if "identity" not in lost:
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
            if person.is_member is not False:
                self._judge_age(line, values, person.document)
        return person

    def _unread(self, line, values) -> list[str]:
        """The fields whose cell is filled and cannot be read: each is reported. What is
        only compared keeps nobody out."""
        lost = [f for f in self.columns if self._cell(values, f) is UNREAD]
        for name in lost:
            is_error = name not in ("gender", "born_on")
            reason = _("公式没有计算结果，读不出内容")
            self.say(line, name, UNREAD, "cell_unread", reason, is_error=is_error)
        return lost

    def _read_name(self, line, values):
        raw = self._cell(values, "name")
        try:
            name = names.read(text_of(raw))
        except Refusal as refusal:
            self._refuse(line, "name", raw, refusal)
            return ""
        if len(name) == 1:
            text = _("姓名只有一个字，请核对")
            self._warn(line, "name", raw, "name_short", text)
        if found := names.lookalikes(text_of(raw)):
            typed, meant = ("".join(chars) for chars in zip(*found, strict=True))
            text = _("姓名中的“%(typed)s”只是形似的符号，已换成“%(meant)s”")
            said = text % {"typed": typed, "meant": meant}
            self._warn(line, "name", raw, "name_radical", said)
        return name

    def _judge_age(self, line, values, document):
        if document.born is None:
            return
        raw, born = self._cell(values, "identity"), document.born
        years = self.today.year - born.year
        years -= (self.today.month, self.today.day) < (born.month, born.day)
        if years < _YOUNGEST:
            text = _("按号码中的出生日期不满%(n)d周岁") % {"n": _YOUNGEST}
            self._warn(line, "identity", raw, "identity_young", text)
        elif years >= _OLDEST:
            text = _("按号码中的出生日期已满%(n)d周岁") % {"n": _OLDEST}
            self._warn(line, "identity", raw, "identity_aged", text)

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
        if document.kind == "old":
            text = _("15位旧号码，已按规则补成18位")
            self._warn(line, "identity", raw, "identity_old", text)
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
        shown = shown_value(text_of(raw), is_identity=False)
        text = _("“%(word)s”不能识别为是或否，未采用") % {"word": shown}
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
