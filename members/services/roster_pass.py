"""One pass over a roster: its rows against the workers that are known, a batch at a
time. Called by the verbs of ``roster``, inside their transaction and under their lock
of the union.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from common import logs, sheets
from common.errors import Refusal
from members import headers, identity, names, rosters, spellings
from members.headers import Header
from members.models import UnionOrg, Worker
from members.rosters import Finding, Person

BATCH = 500
SHOWN_CHANGES = 1_000  # changes a report lists one by one; the rest is counted

_ON_ROSTER = ("name", "member_number", "is_member", "is_frontline", "is_migrant")
_WRITTEN = [
    *_ON_ROSTER,
    "identity_hmac",
    "identity_last4",
    "identity_last6_hmac",
    "left_at",
    "updated_at",
]

Tell = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Change:
    """A person whose row would become, or became, another: field → (old, new)."""

    line: int
    name: str
    fields: dict[str, tuple[str, str]]

    @property
    def in_words(self) -> list[tuple[str, str, str]]:
        """(what, old, new) for people."""
        words = headers.FIELDS | {"left_at": _("在册")}
        return [(str(words[name]), *pair) for name, pair in self.fields.items()]


@dataclass
class Report:
    """What a roster did, or in a dry run would do. Lines are those of the file."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    left: int = 0
    warned: int = 0
    refused: int = 0
    is_applied: bool = False
    findings: list[Finding] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    newcomers: list[tuple[int, str]] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)

    @property
    def imported(self) -> int:
        return self.created + self.changed + self.unchanged

    @property
    def sentence(self) -> str:
        return rosters.sentence(
            imported=self.imported, warned=self.warned, refused=self.refused
        )


def notices(table: sheets.Table, header: Header) -> list[str]:
    said = []
    if header.is_missing:
        text = _("没有找到表头，从第%(line)d行起都按人员读取，请核对各列是什么")
        said.append(text % {"line": header.line + 1})
    hidden = sorted(line for name, line in table.hidden_rows if name == header.sheet)
    if hidden:
        text = _("隐藏的行也读取了：共%(n)d行（%(lines)s）")
        said.append(text % {"n": len(hidden), "lines": _lines(hidden)})
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


def _lines(numbers: list[int]) -> str:
    shown = "、".join(_("第%(line)d行") % {"line": line} for line in numbers[:10])
    return shown + ("…" if len(numbers) > 10 else "")


class Run:
    """One pass over a file: every row is judged, then those that are good go into the
    tables, a batch at a time."""

    def __init__(
        self,
        org: UnionOrg,
        content: bytes,
        columns: Mapping[str, int] | None,
        is_dry: bool = False,
    ):
        self.org, self.is_dry = org, is_dry
        self.table = sheets.read(content)
        self.header = headers.find_header(self.table)
        if columns is None:
            columns = self.header.guess()
        self.columns = headers.check_columns(columns, len(self.header.titles))
        self.reader = rosters.Reader(
            self.header, self.columns, today=timezone.localdate()
        )
        self.report = Report(findings=self.reader.findings)
        self.now = timezone.now()
        self.present: set[bytes] = set()  # fingerprints of all whom the file names
        self.sheet_strays: set[bytes] = set()
        self.unread = 0  # bad rows of whom nobody can tell who they are

    def through(self, *, whole: bool, tell: Tell | None) -> Report:
        report, done = self.report, 0
        people = list(self.reader.people(self.table.rows(self.header.sheet)))
        good = self._judged(people)
        done = len(people) - len(good)
        for start in range(0, len(good), BATCH):
            batch = dict(good[start : start + BATCH])
            self._batch(batch)
            done += len(batch)
            if tell is not None:
                tell(done)
        self._look_into_other_sheets()
        self._leavers(whole)
        bad = {f.line for f in report.findings if f.is_error}
        report.refused = len(bad)
        report.warned = len({f.line for f in report.findings} - bad)
        report.findings.sort(key=lambda f: f.line)
        report.notices = [
            *notices(self.table, self.header),
            *self._said(),
            *report.notices,
        ]
        return report

    def _said(self):
        said = []
        if self.reader.skipped:
            lines = "、".join(
                _("第%(line)d行（%(why)s）") % {"line": line, "why": why}
                for line, why in self.reader.skipped[:10]
            )
            text = _("跳过%(n)d行：%(lines)s")
            said.append(text % {"n": len(self.reader.skipped), "lines": lines})
        said += self._said_of_strays()
        units = sorted(unit for unit in self.reader.units if unit)
        if len(units) > 1:
            text = _(
                "名册写有%(n)d个不同的单位（%(names)s），这里全部登记到“%(org)s”，"
                "如不是同一个工会的，请分开导入"
            )
            names = "、".join(map(logs.masked, units[:3])) + "…" * (len(units) > 3)
            said.append(text % {"n": len(units), "names": names, "org": self.org.name})
        lost = sum(f.code == "name_lost" for f in self.report.findings)
        if lost and self.table.encoding == "gb18030":
            text = _(
                "这份CSV是GBK编码，保存时有%(n)d个姓名的生僻字已丢失，"
                "请在原表中另存为Excel工作簿（.xlsx）后再上传"
            )
            said.append(text % {"n": lost})
        return said

    def _said_of_strays(self):
        said = []
        if columns := sorted(self.reader.stray_columns):
            titles = "、".join(f"“{self.header.title(n)}”" for n in columns)
            text = _("%(titles)s列中也有身份证号码，没有读取")
            said.append(text % {"titles": titles})
        if others := len(self.sheet_strays - self.present):
            text = _("没有读取的工作表中另有%(n)d人，请另存为单独的文件再导入")
            said.append(text % {"n": others})
        return said

    # --- all rows against each other

    def _judged(self, people: list[Person]) -> list[tuple[str, Person]]:
        """(fingerprint, person) of every good row, once."""
        rows = []
        for person in people:
            if person.document is None:
                self.unread += 1
                continue
            key = identity.fingerprint(person.document)
            self.present.add(bytes.fromhex(key))
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
                good += same
                continue
            for other, person in _each_with_another(same):
                reason = _("会员编号与第%(line)d行相同") % {"line": other.line}
                self._refuse(person, "member_number", "number_twice", reason)
        return good

    def _refuse_for_name(self, person, other):
        """Nobody can tell which of two names a number belongs to: neither is taken."""
        reason = _("与第%(line)d行是同一身份证号码，姓名却不同") % {"line": other.line}
        advice = _("对照身份证，改正其中一行")
        self._refuse(person, "identity", "twice_other_name", reason, advice)

    # --- a batch

    def _batch(self, people: dict[str, Person]) -> None:
        known = {
            worker.identity_hmac: worker
            for worker in self._known(identity_hmac__in=people.keys())
        }
        numbers = {p.member_number for p in people.values()} - {None}
        holders = {w.member_number: w for w in self._known(member_number__in=numbers)}
        new, changed = [], []
        for key, person in sorted(people.items()):
            worker = known.get(key)
            if worker is not None and worker.union_org_id != self.org.pk:
                self._elsewhere(person)
                continue
            holder = holders.get(person.member_number)
            if worker is None and _is_same(holder, person, self.org):
                worker = holder  # registered by hand, without a document
            if holder is not None and holder.pk != getattr(worker, "pk", None):
                reason = _("会员编号已登记给其他职工")
                self._refuse(person, "member_number", "number_taken", reason)
                continue
            if worker is None:
                new.append(self._newcomer(person, key))
            elif self._renew(worker, person, key):
                changed.append(worker)
        self._write(new, changed)

    def _known(self, **wanted):
        rows = Worker.objects.filter(**wanted).order_by("pk")
        return rows if self.is_dry else rows.select_for_update(no_key=True)

    def _refuse(self, person, column, code, reason, advice=None):
        shown = person.document.whole if column == "identity" else person.member_number
        advice = advice or _("核对这一行的内容")
        self._say(person, column, shown, code, reason, advice)

    def _elsewhere(self, person: Person) -> None:
        """Named on another union's roster: reported, never moved. Which union it is stays
        unsaid, or a roster of guesses would ask where anybody works."""
        reason = _("此人已在其他工会的名册上，未作改动")
        advice = _("如已调入本单位，请办理转会")
        shown = person.document.whole
        self._say(person, "identity", shown, "elsewhere", reason, advice, False)

    def _say(self, person, column, shown, code, reason, advice, is_error=True):
        self.reader.say(
            *(person.line, column, shown, code, reason),
            advice=advice,
            is_error=is_error,
            name=names.masked(person.name),
        )

    def _newcomer(self, person: Person, key: str) -> tuple[Person, Worker]:
        """On a union's roster means a member, where no column says otherwise."""
        is_member = True if person.is_member is None else person.is_member
        worker = Worker(
            union_org=self.org,
            name=person.name,
            member_number=person.member_number or "",
            is_member=is_member,
            is_frontline=bool(person.is_frontline),
            is_migrant=bool(person.is_migrant),
        )
        _identify(worker, person, key)
        return person, worker

    def _renew(self, worker: Worker, person: Person, key: str) -> bool:
        """Bring a known worker up to date; what the file does not say stays."""
        differs = {}
        for name in _ON_ROSTER:
            said, old = getattr(person, name), getattr(worker, name)
            if said is not None and said != old:
                differs[name] = (_word(old), _word(said))
                setattr(worker, name, said)
        if "name" in differs:
            reason = _("姓名与原登记“%(old)s”不同") % {"old": differs["name"][0]}
            advice = _("请核对是否同一人")
            self._say(
                person, "name", person.name, "name_changed", reason, advice, False
            )
        if worker.left_at is not None:
            differs["left_at"] = (_("不在册"), _("在册"))
            worker.left_at = None
        if worker.identity_hmac != key or not worker.identity_last6_hmac:
            differs["identity"] = ("", _("登记证件"))
            _identify(worker, person, key)
        if not differs:
            self.report.unchanged += 1
            return False
        self.report.changed += 1
        if len(self.report.changes) < SHOWN_CHANGES:
            self.report.changes.append(Change(person.line, worker.name, differs))
        worker.updated_at = self.now
        return True

    def _write(self, new: list[tuple[Person, Worker]], changed: list[Worker]) -> None:
        """Two statements a batch. A person or member number that somebody else
        registered since the check is left out by the database and reported here."""
        if self.is_dry:
            arrived = {worker.identity_hmac for _person, worker in new}
        else:
            if changed:
                Worker.objects.bulk_update(changed, _WRITTEN)
            Worker.objects.bulk_create(
                [worker for _person, worker in new], ignore_conflicts=True
            )
            keys = [worker.identity_hmac for _person, worker in new]
            rows = Worker.objects.filter(identity_hmac__in=keys, union_org=self.org)
            arrived = set(rows.values_list("identity_hmac", flat=True))
        for person, worker in new:
            if worker.identity_hmac in arrived:
                self.report.created += 1
                if len(self.report.newcomers) < SHOWN_CHANGES:
                    self.report.newcomers.append((person.line, person.name))
            else:
                reason = _("同一时间有人登记了这个证件或会员编号，请再导入一次")
                self._refuse(person, "identity", "overtaken", reason)

    # --- those the file does not name

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

    def _leavers(self, whole: bool) -> None:
        """Only workers with a document can be compared. While a bad row may be anybody,
        nobody is marked as left."""
        here = Worker.objects.filter(
            union_org=self.org, left_at=None, identity_hmac__isnull=False
        )
        named = self.present | self.reader.strays | self.sheet_strays
        rows = here.values_list("pk", "name", "identity_hmac").order_by("pk")
        gone = {
            pk: name
            for pk, name, key in rows.iterator()
            if bytes.fromhex(key) not in named
        }
        self.report.missing = list(gone.values())
        if not whole:
            return
        if self.unread:
            text = _("有身份证号码读不出的行，无法断定谁已离开，没有标记离开人员")
            self.report.notices.append(text)
            return
        self.report.left = len(gone)
        if gone and not self.is_dry:
            Worker.objects.filter(pk__in=gone).update(
                left_at=self.now, updated_at=self.now
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


def _identify(worker: Worker, person: Person, key: str) -> None:
    worker.identity_hmac = key
    worker.identity_last4 = person.document.last4
    worker.identity_last6_hmac = identity.last6_fingerprint(person.document.last6)


def _is_same(holder: Worker | None, person: Person, org: UnionOrg) -> bool:
    return (
        holder is not None
        and holder.union_org_id == org.pk
        and holder.identity_hmac is None
        and spellings.comparable(holder.name) == spellings.comparable(person.name)
    )


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return _("是") if value else _("否")
    return str(value)
