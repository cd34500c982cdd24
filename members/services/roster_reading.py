"""What stands in a roster's file, read and judged by itself: every row alone, and all
rows against each other. Asks the database nothing, so it holds for as long as the file
does and can be kept (``sealed``): without a single number of a document, only what a
worker's row would have of it.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from common import crypto, logs, sheets
from common.errors import Refusal
from members import headers, identity, names, rosters, spellings
from members.cells import shown_value
from members.headers import Header
from members.rosters import Finding, Person

TOLD_EVERY = 1_000  # rows

Tell = Callable[[int], None]


@dataclass(slots=True)
class Row:
    """A good row. ``key`` and ``last6`` are fingerprints. ``None``: the file does not
    say it."""

    line: int
    name: str
    key: str
    last4: str
    last6: str
    shown: str  # the number of the document, masked
    member_number: str | None
    is_member: bool | None
    is_frontline: bool | None
    is_migrant: bool | None


@dataclass(slots=True)
class Reading:
    """A file that was read. ``others`` are the fingerprints of all whom it names beside
    its good rows; ``unread`` counts bad rows of whom nobody can tell who they are."""

    rows: list[Row]
    bad: int
    findings: list[Finding]
    titles: dict[str, str]
    notices: list[str]
    others: set[str]
    unread: int

    @property
    def total(self) -> int:
        return len(self.rows) + self.bad

    @property
    def named(self) -> set[bytes]:
        """Fingerprints of everybody who stands anywhere in the file."""
        return {bytes.fromhex(key) for key in self.others} | {
            bytes.fromhex(row.key) for row in self.rows
        }

    def say(self, row: Row, column, code, reason, advice, *, is_error=True) -> Finding:
        """One finding of somebody who knows the database about a good row."""
        raw = {"identity": row.shown, "name": row.name}.get(column, row.member_number)
        shown = shown_value(raw or "", is_identity=False)
        return Finding(
            *(row.line, self.titles.get(column, ""), shown, code, str(reason)),
            *(advice, is_error, names.masked(row.name)),
        )

    def sealed(self) -> str:
        values = {
            "rows": [[getattr(row, name) for name in _COLUMNS] for row in self.rows],
            "bad": self.bad,
            "findings": [asdict(finding) for finding in self.findings],
            "titles": self.titles,
            "notices": self.notices,
            "others": sorted(self.others),
            "unread": self.unread,
        }
        return crypto.seal(json.dumps(values))

    @classmethod
    def unsealed(cls, text: str) -> "Reading":
        values = json.loads(crypto.unseal(text))
        values["rows"] = [Row(*row) for row in values["rows"]]
        values["findings"] = [Finding(**one) for one in values["findings"]]
        values["others"] = set(values["others"])
        return cls(**values)


_COLUMNS = tuple(Row.__dataclass_fields__)


def read(
    content: bytes,
    columns: Mapping[str, int] | None,
    *,
    into: str,
    tell: Tell | None = None,
) -> Reading:
    """Read a file by the match of its columns (None: as they speak for themselves).
    ``into`` is the name of the union it is for. Raises Refusal: no table, no header, name
    or number without a column."""
    return _File(content, columns, into).read(tell)


class _File:
    def __init__(self, content, columns, into):
        self.into = into
        self.table = sheets.read(content)
        self.header = headers.find_header(self.table)
        if columns is None:
            columns = self.header.guess()
        self.columns = headers.check_columns(columns, len(self.header.titles))
        self.reader = rosters.Reader(
            self.header, self.columns, today=timezone.localdate()
        )
        self.sheet_strays: set[bytes] = set()
        self.unread = 0

    def read(self, tell: Tell | None) -> Reading:
        people = []
        for person in self.reader.people(self.table.rows(self.header.sheet)):
            people.append(person)
            if tell is not None and len(people) % TOLD_EVERY == 0:
                tell(len(people))
        named, good = self._judged(people)
        self._look_into_other_sheets()
        others = named.union(
            (key.hex() for key in self.reader.strays),
            (key.hex() for key in self.sheet_strays),
        )
        said = [*notices(self.table, self.header), *self._said(named)]
        return Reading(
            rows=good,
            bad=len(people) - len(good),
            findings=self.reader.findings,
            titles={name: self.header.title(n) for name, n in self.columns.items()},
            notices=said,
            others=others - {row.key for row in good},
            unread=self.unread,
        )

    # --- all rows against each other

    def _judged(self, people: list[Person]) -> tuple[set[str], list[Row]]:
        """The fingerprints of all people, and every good row, once."""
        named, rows = set(), []
        for person in people:
            if person.document is None:
                self.unread += 1
                continue
            key = identity.fingerprint(person.document)
            named.add(key)
            if not person.is_bad:
                rows.append((key, person))
        first = {}
        for key, same in _grouped(rows, lambda row: row[0]).items():
            if len({spellings.comparable(person.name) for _key, person in same}) > 1:
                for other, person in _each_with_another(same):
                    self._refuse_for_name(person, other)
                continue
            first[key] = same[0][1]
            for _key, person in same[1:]:
                reason = _("与第%(line)d行是同一身份证号码") % {"line": same[0][1].line}
                advice = _("只保留一行")
                self._refuse(person, "identity", "twice_in_file", reason, advice)
        good = []
        for same in _grouped(
            first.items(), lambda row: row[1].member_number or row[0]
        ).values():
            if len(same) == 1:
                good += (_row(person, key) for key, person in same)
                continue
            for other, person in _each_with_another(same):
                reason = _("会员编号与第%(line)d行相同") % {"line": other.line}
                self._refuse(person, "member_number", "number_twice", reason)
        return named, good

    def _refuse_for_name(self, person, other):
        """Nobody can tell which of two names a number belongs to: neither is taken."""
        reason = _("与第%(line)d行是同一身份证号码，姓名却不同") % {"line": other.line}
        advice = _("对照身份证，改正其中一行")
        self._refuse(person, "identity", "twice_other_name", reason, advice)

    def _refuse(self, person, column, code, reason, advice=None):
        shown = person.document.whole if column == "identity" else person.member_number
        advice = advice or _("核对这一行的内容")
        self.reader.say(
            *(person.line, column, shown, code, reason),
            advice=advice,
            name=names.masked(person.name),
        )

    def _look_into_other_sheets(self) -> None:
        """Who stands on a sheet that is not read is in the file all the same."""
        if self.table.book is None:
            return
        try:
            for name in (*self.table.sheets, *self.table.hidden):
                if name != self.header.sheet:
                    for _line, values in self.table.rows(name):
                        strays = self.reader.strays_among(values)
                        self.sheet_strays.update(strays.values())
        except Refusal:
            self.unread += 1

    # --- what is said of the whole

    def _said(self, named):
        said = []
        if self.reader.skipped:
            lines = "、".join(
                _("第%(line)d行（%(why)s）") % {"line": line, "why": why}
                for line, why in self.reader.skipped[:10]
            )
            text = _("跳过%(n)d行：%(lines)s")
            said.append(text % {"n": len(self.reader.skipped), "lines": lines})
        said += self._said_of_strays(named)
        units = sorted(unit for unit in self.reader.units if unit)
        if len(units) > 1:
            text = _(
                "名册写有%(n)d个不同的单位（%(names)s），这里全部登记到“%(org)s”，"
                "如不是同一个工会的，请分开导入"
            )
            shown = "、".join(map(logs.masked, units[:3])) + "…" * (len(units) > 3)
            said.append(text % {"n": len(units), "names": shown, "org": self.into})
        lost = sum(f.code == "name_lost" for f in self.reader.findings)
        if lost and self.table.encoding == "gb18030":
            text = _(
                "这份CSV是GBK编码，保存时有%(n)d个姓名的生僻字已丢失，"
                "请在原表中另存为Excel工作簿（.xlsx）后再上传"
            )
            said.append(text % {"n": lost})
        return said

    def _said_of_strays(self, named):
        said = []
        if columns := sorted(self.reader.stray_columns):
            titles = "、".join(f"“{self.header.title(n)}”" for n in columns)
            text = _("%(titles)s列中也有身份证号码，没有读取")
            said.append(text % {"titles": titles})
        if others := len({key.hex() for key in self.sheet_strays} - named):
            text = _("没有读取的工作表中另有%(n)d人，请另存为单独的文件再导入")
            said.append(text % {"n": others})
        return said


def _row(person: Person, key: str) -> Row:
    document = person.document
    return Row(
        line=person.line,
        name=person.name,
        key=key,
        last4=document.last4,
        last6=identity.last6_fingerprint(document.last6),
        shown=identity.masked(document.whole),
        member_number=person.member_number,
        is_member=person.is_member,
        is_frontline=person.is_frontline,
        is_migrant=person.is_migrant,
    )


def _grouped(rows, key) -> dict:
    groups: dict = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    return groups


def _each_with_another(same: list[tuple[str, Person]]):
    """(another's row, person) for each of several rows."""
    people = [person for _key, person in same]
    return zip([people[1], *people], people, strict=False)


def notices(table: sheets.Table, header: Header) -> list[str]:
    said = []
    if header.is_missing:
        text = _("没有找到表头，从第%(line)d行起都按人员读取，请核对各列是什么")
        said.append(text % {"line": header.line + 1})
    hidden = sorted(line for name, line in table.hidden_rows if name == header.sheet)
    if hidden:
        text = _("隐藏的行也读取了：共%(n)d行（%(lines)s）")
        said.append(text % {"n": len(hidden), "lines": line_numbers(hidden)})
    if table.hidden:
        names = "、".join(map(logs.masked, table.hidden))
        said.append(_("隐藏的工作表没有读取：%(names)s") % {"names": names})
    others = [name for name in table.sheets if name != header.sheet]
    if others:
        text = _("只读取工作表“%(read)s”，没有读取：%(names)s")
        names = "、".join(map(logs.masked, others))
        said.append(text % {"read": logs.masked(header.sheet), "names": names})
    if table.damaged:
        text = _("文件中有%(n)d处不能识别的字符，请在原表中另存为.xlsx后再上传")
        said.append(text % {"n": table.damaged})
    return said


def line_numbers(numbers: list[int]) -> str:
    shown = "、".join(_("第%(line)d行") % {"line": line} for line in numbers[:10])
    return shown + ("…" if len(numbers) > 10 else "")
