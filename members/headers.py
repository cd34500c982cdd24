"""Where the header of a roster made by hand stands, and what its columns are."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.errors import Reason, Refusal
from common.letters import western
from common.sheets import Table
from members.cells import looks_like_identity, shown_value, text_of

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
_HEADER_ROWS = 3
_LONGEST = 1000  # of a title read; brackets left open cost the square of it
_BRACKETS = re.compile(r"[(\[【〔].*?[)\]】〕]")
_NOISE = re.compile(r"[\s*＊:：、.#★☆△▲_\-/]|必填|选填")


@dataclass(frozen=True)
class Header:
    """``line`` (the last of its lines) and the texts of its cells, by number from 0,
    masked like any other cell. ``columns``: field → column of a table without titles,
    as its cells speak for themselves; its ``line`` is that before the first."""

    sheet: str
    line: int
    titles: tuple[str, ...]
    columns: tuple[tuple[str, int], ...] = ()

    @property
    def is_missing(self) -> bool:
        return not any(self.titles)

    def guess(self) -> dict[str, int]:
        """Field → column, by what people call them; the first of two takes it."""
        return dict(self.columns) or guess(self.titles)

    def title(self, number: int) -> str:
        """What a column is called, where it has no title by its number."""
        return self.titles[number] or _("第%(n)d列") % {"n": number + 1}


def guess(titles: Iterable[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for number, title in enumerate(titles):
        field = _FIELD_OF.get(word(title))
        if field:
            found.setdefault(field, number)
    return found


def word(title: str) -> str:
    return _NOISE.sub("", _BRACKETS.sub("", western(title[:_LONGEST]))).lower()


def find_header(table: Table) -> Header:
    """The lines of the first sheet that has some in which most columns can be named;
    failing that, the first row with two cells or more that is no person, for somebody
    to say what they are; failing that, the table has no header and its first row is
    the first person. Raises Refusal where no row has two cells."""
    best: tuple[int, Header] | None = None
    bare: Header | None = None
    for sheet in table.sheets:
        head = []
        for line, values in islice(table.rows(sheet), _HEADER_WITHIN):
            texts = tuple(" ".join(text_of(value).split()) for value in values)
            if sum(bool(text) for text in texts) > 1:  # else a merged title
                head.append((line, texts))
        for header in _headers(sheet, head):
            hits = len(header.guess())
            if best is None or hits > best[0]:
                best = (hits, header)
        bare = bare or _without_header(sheet, head)
        if best is not None and best[0] >= len(NEEDED):
            return best[1]
    if bare is not None and (best is None or best[0] < len(NEEDED)):
        return bare
    if best is None:
        text = _("没有找到表头：应有一行写着“姓名”“身份证号码”等列名")
        raise Refusal(Reason("roster_no_header", text, field="file"))
    return best[1]


def _headers(sheet: str, head: list[tuple[int, tuple]]) -> Iterator[Header]:
    """Each row that may be a header, with the rows below it that name more columns of
    it: a title over several columns, and under it what each of them is."""
    for n, (line, texts) in enumerate(head):
        if any(looks_like_identity(text) for text in texts):
            continue
        best, joined = (line, texts), texts
        for below, more in head[n + 1 : n + _HEADER_ROWS]:
            joined = _under(joined, more)
            if below > line + _HEADER_ROWS or not joined:
                break
            if len(guess(joined)) > len(guess(best[1])):
                best = (below, joined)
        titles = tuple(shown_value(text, is_identity=False) for text in best[1])
        yield Header(sheet, best[0], titles)


def _under(texts: tuple, more: tuple) -> tuple:
    """``texts`` with the titles of the row below; nothing where that row is a person,
    who has a name or a number under such a title, or digits anywhere."""
    known = guess(texts)
    for field in NEEDED:
        if field in known and known[field] < len(more) and more[known[field]]:
            return ()
    if any(char.isdigit() for text in more for char in text):
        return ()
    width = max(len(texts), len(more))
    return tuple(
        lower or upper
        for upper, lower in zip(
            texts + ("",) * (width - len(texts)),
            more + ("",) * (width - len(more)),
            strict=True,
        )
    )


def _without_header(sheet: str, head: list[tuple[int, tuple]]) -> Header | None:
    """A table that begins with its first person: a name, and a number as documents
    have."""
    if not head:
        return None
    line, texts = head[0]
    numbers = [n for n, text in enumerate(texts) if looks_like_identity(text)]
    people = [n for n, text in enumerate(texts) if _HAN_NAME.fullmatch(text)]
    if not numbers:
        return None
    width = max(len(texts) for _line, texts in head)
    columns = [("identity", numbers[0]), *(("name", n) for n in people[:1])]
    return Header(sheet, line - 1, ("",) * width, tuple(columns))


_HAN_NAME = re.compile(r"[^\W\d_a-zA-Z]{2,4}")


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
