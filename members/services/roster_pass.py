"""One pass over a roster: its rows against the workers that are known, a batch at a
time. Called by the verbs of ``roster``, inside their transaction and under their lock
of the union.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from common import sheets
from members import identity, rosters, spellings
from members.models import UnionOrg, Worker
from members.rosters import Finding, Header, Person

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
        words = rosters.FIELDS | {"left_at": _("在册")}
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
    if table.hidden:
        names = "、".join(table.hidden)
        said.append(_("隐藏的工作表没有读取：%(names)s") % {"names": names})
    others = [name for name in table.sheets if name != header.sheet]
    if others:
        text = _("只读取工作表“%(read)s”，没有读取：%(names)s")
        said.append(text % {"read": header.sheet, "names": "、".join(others)})
    if table.damaged:
        text = _("文件中有%(n)d处不能识别的字符，请在原表中另存为.xlsx后再上传")
        said.append(text % {"n": table.damaged})
    return said


class Run:
    """One pass over a file, a batch of rows at a time, so that memory stays flat."""

    def __init__(
        self,
        org: UnionOrg,
        content: bytes,
        columns: Mapping[str, int] | None,
        is_dry: bool = False,
    ):
        self.org, self.is_dry = org, is_dry
        self.table = sheets.read(content)
        self.header = rosters.find_header(self.table)
        if columns is None:
            columns = self.header.guess()
        self.columns = rosters.check_columns(columns, len(self.header.titles))
        self.reader = rosters.Reader(
            self.header, self.columns, today=timezone.localdate()
        )
        self.report = Report(findings=self.reader.findings)
        self.now = timezone.now()
        self.first_line: dict[bytes, int] = {}  # fingerprint → the line it stood in
        self.number_line: dict[str, int] = {}
        self.present: set[int] = set()  # keys of workers the file names
        self.bad_lines: set[int] = set()
        self.unread = 0  # bad rows of whom nobody can tell who they are

    def through(self, *, whole: bool, tell: Tell | None) -> Report:
        report, done = self.report, 0
        people = self.reader.people(self.table.rows(self.header.sheet))
        while batch := list(islice(people, BATCH)):
            self._batch(batch)
            done += len(batch)
            if tell is not None:
                tell(done)
        self._leavers(whole)
        report.refused = len(self.bad_lines)
        report.warned = len(
            {f.line for f in report.findings if not f.is_error} - self.bad_lines
        )
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
        lost = sum(f.code == "name_lost" for f in self.report.findings)
        if lost and self.table.encoding == "gb18030":
            text = _(
                "这份CSV是GBK编码，保存时有%(n)d个姓名的生僻字已丢失，"
                "请在原表中另存为Excel工作簿（.xlsx）后再上传"
            )
            said.append(text % {"n": lost})
        return said

    # --- a batch

    def _batch(self, batch: list[Person]) -> None:
        people, bad = {}, set()
        for person in batch:
            if person.is_bad:
                self.bad_lines.add(person.line)
            if person.document is None:
                self.unread += 1
                continue
            key = identity.fingerprint(person.document)
            if person.is_bad:
                bad.add(key)
            elif self._is_first(person, key):
                people[key] = person
        known = {
            worker.identity_hmac: worker
            for worker in self._known(identity_hmac__in=people.keys() | bad)
        }
        self.present.update(w.pk for w in known.values() if w.identity_hmac in bad)
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
                if worker is not None:
                    self.present.add(worker.pk)
                reason = _("会员编号已登记给其他职工")
                self._refuse(person, "member_number", "number_taken", reason)
                continue
            if worker is None:
                new.append(self._newcomer(person, key))
            else:
                self.present.add(worker.pk)
                if self._renew(worker, person, key):
                    changed.append(worker)
        self._write(new, changed)

    def _known(self, **wanted):
        rows = Worker.objects.filter(**wanted).order_by("pk")
        return rows if self.is_dry else rows.select_for_update(no_key=True)

    def _is_first(self, person: Person, key: str) -> bool:
        mark = bytes.fromhex(key)
        if before := self.first_line.get(mark):
            reason = _("与第%(line)d行是同一身份证号码") % {"line": before}
            advice = _("只保留一行")
            self._refuse(person, "identity", "twice_in_file", reason, advice)
            return False
        self.first_line[mark] = person.line
        number = person.member_number
        if number is not None:
            if before := self.number_line.get(number):
                reason = _("会员编号与第%(line)d行相同") % {"line": before}
                self._refuse(person, "member_number", "number_twice", reason)
                return False
            self.number_line[number] = person.line
        return True

    def _refuse(self, person, column, code, reason, advice=None):
        shown = person.document.whole if column == "identity" else person.member_number
        advice = advice or _("核对这一行的内容")
        self.reader.say(person.line, column, shown, code, reason, advice=advice)
        self.bad_lines.add(person.line)

    def _elsewhere(self, person: Person) -> None:
        """Named on another union's roster: told, never moved. Which union it is stays
        unsaid, or a roster of guesses would ask where anybody works."""
        reason = _("此人已在其他工会的名册上，未作改动")
        advice = _("如已调入本单位，请办理转会")
        shown = person.document.whole
        self.reader.say(
            person.line,
            "identity",
            shown,
            "elsewhere",
            reason,
            advice=advice,
            is_error=False,
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
            self.reader.say(
                person.line,
                "name",
                person.name,
                "name_changed",
                reason,
                advice=_("请核对是否同一人"),
                is_error=False,
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
        registered since the look is left out by the database and told here."""
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
            stored = dict(rows.values_list("identity_hmac", "pk"))
            self.present.update(stored.values())
            arrived = stored.keys()
        for person, worker in new:
            if worker.identity_hmac in arrived:
                self.report.created += 1
                if len(self.report.newcomers) < SHOWN_CHANGES:
                    self.report.newcomers.append((person.line, person.name))
            else:
                reason = _("同一时间有人登记了这个证件或会员编号，请再导入一次")
                self._refuse(person, "identity", "overtaken", reason)

    # --- those the file does not name

    def _leavers(self, whole: bool) -> None:
        """Only workers with a document can be compared. While a bad row may be anybody,
        nobody is marked as left."""
        here = Worker.objects.filter(
            union_org=self.org, left_at=None, identity_hmac__isnull=False
        )
        gone = {}
        for pk, name in here.values_list("pk", "name").order_by("pk").iterator():
            if pk not in self.present:
                gone[pk] = name
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
