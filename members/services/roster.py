"""Verbs of rosters: a union's own list of its people, made by hand, becomes workers.

Lock order: the row of the union (so that two rosters of one union are brought in one
after the other), then that of the import, then the workers, a batch at a time.
"""

import base64
import json
from collections.abc import Callable, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from itertools import islice
from typing import Any

import pghistory
from django.db import IntegrityError, OperationalError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common import audit, crypto, sheets
from common.errors import Busy, Reason, Refusal
from members import rosters
from members.enums import RosterState
from members.models import RosterImport, UnionOrg, User, Worker
from members.rosters import Finding, Header, Person

BATCH = 500
SHOWN_CHANGES = 1_000  # changes a report lists one by one; the rest is counted
SAMPLES = 5

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
        """“导入4,620行，提醒80行，错误300行”."""
        return _("导入%(done)s行，提醒%(warned)s行，错误%(refused)s行") % {
            "done": f"{self.imported:,}",
            "warned": f"{self.warned:,}",
            "refused": f"{self.refused:,}",
        }


@dataclass(frozen=True)
class Preview:
    """The head of a file: ``columns`` as matched so far; each of ``samples`` is a row,
    numbers of documents masked."""

    header: Header
    columns: dict[str, int]
    samples: list[list[str]]
    notices: list[str]


# --- bringing a file in ------------------------------------------------------------


@transaction.atomic
def upload(
    *, union_org: UnionOrg, file_name: str, content: bytes, by: User | None
) -> RosterImport:
    """Keep a file, sealed, for a day; its columns matched as far as they speak for
    themselves. Raises Refusal: not a table, too big, without a header."""
    header = rosters.find_header(sheets.read(content))
    forget_outdated()
    return RosterImport.objects.create(
        union_org=union_org,
        by=by,
        file_name=file_name[-200:],
        sheet=header.sheet[:100],
        content=crypto.seal(base64.b64encode(content).decode()),
        header_line=header.line,
        columns=header.guess(),
    )


def _content(roster_import: RosterImport) -> bytes:
    if not roster_import.content:
        text = _("这份名册已经导入或已过期，请重新上传")
        raise Refusal(Reason("roster_gone", text))
    return base64.b64decode(crypto.unseal(roster_import.content))


def preview(*, roster_import: RosterImport) -> Preview:
    """What the file's first rows look like under the present match of columns."""
    table = sheets.read(_content(roster_import))
    header = rosters.find_header(table)
    columns = roster_import.columns
    width = len(header.titles)
    samples = []
    rows = (row for row in table.rows(header.sheet) if row[0] > header.line)
    for _line, values in islice(rows, SAMPLES):
        padded = list(values)[:width] + [None] * (width - len(values))
        samples.append(
            [
                rosters.shown_value(
                    rosters.text_of(value), is_identity=columns.get("identity") == n
                )
                for n, value in enumerate(padded)
            ]
        )
    return Preview(header, columns, samples, _notices(table, header))


def _notices(table: sheets.Table, header: Header) -> list[str]:
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


def columns_by_title(*, content: bytes, titles: Mapping[str, str]) -> dict[str, int]:
    """The match of columns as they speak for themselves, but for those fields whose
    header ``titles`` names. Raises Refusal for a header that is not there."""
    header = rosters.find_header(sheets.read(content))
    columns = header.guess()
    for name, title in titles.items():
        wanted = "".join(title.split())
        for number, text in enumerate(header.titles):
            if "".join(text.split()) == wanted:
                columns = {f: n for f, n in columns.items() if n != number}
                columns[name] = number
                break
        else:
            text = _("表头中没有“%(title)s”这一列") % {"title": title}
            raise Refusal(Reason("roster_column_unknown", text))
    return columns


@transaction.atomic
def match(
    *, roster_import: RosterImport, columns: Mapping[str, int], by: User | None
) -> RosterImport:
    """Say what each column is. Raises Refusal: name or number without a column, a
    column for two things, a roster that is applied or past its day."""
    row = _locked(roster_import)
    header = rosters.find_header(sheets.read(_content(row)))
    row.columns = rosters.check_columns(columns, len(header.titles))
    row.state = RosterState.MATCHED
    row.save(update_fields=["columns", "state", "updated_at"])
    return row


def _locked(roster_import: RosterImport) -> RosterImport:
    row = (
        RosterImport.objects.pending()
        .select_for_update()
        .filter(pk=roster_import.pk)
        .first()
    )
    if row is None:
        text = _("这份名册已经导入或已过期，请重新上传")
        raise Refusal(Reason("roster_gone", text))
    return row


def check(*, roster_import: RosterImport, whole: bool = False) -> Report:
    """A dry run: everything ``apply`` would do and say, and nothing is changed."""
    return rehearse(
        union_org=roster_import.union_org,
        content=_content(roster_import),
        columns=roster_import.columns,
        whole=whole,
    )


def rehearse(
    *,
    union_org: UnionOrg,
    content: bytes,
    columns: Mapping[str, int] | None = None,
    whole: bool = False,
    tell: Tell | None = None,
) -> Report:
    """A dry run of a file that nobody keeps. ``columns`` None: as they speak for
    themselves."""
    return _Run(union_org, content, columns, is_dry=True).through(
        whole=whole, tell=tell
    )


def apply(
    *,
    roster_import: RosterImport,
    by: User | None,
    all_or_nothing: bool = False,
    whole: bool = False,
    tell: Tell | None = None,
) -> Report:
    """Bring the good rows in; with ``all_or_nothing`` nothing if one row is bad, with
    ``whole`` people of the union who are not in the file are marked as left.

    The same roster again changes nothing. ``tell`` is called with the number of rows
    done so far. Afterwards the file is gone; the report is kept sealed to the end of
    the day. Raises Refusal: applied already or past its day (a second click sees the
    first one's result), columns not matched. Raises Busy when another import holds
    this union for too long.
    """
    with _in_one_go(roster_import.union_org) as org:
        row = _locked(roster_import)
        with pghistory.context(
            roster_import=row.pk, **({"user": by.pk} if by is not None else {})
        ):
            run = _Run(org, _content(row), row.columns)
            with transaction.atomic():
                report = run.through(whole=whole, tell=tell)
                if all_or_nothing and report.refused:
                    transaction.set_rollback(True)
        report.is_applied = not (all_or_nothing and report.refused)
        if report.is_applied:
            _note(row, report, whole)
        outcome = "done" if report.is_applied else "refused"
        audit.record("import_roster", by=by, of=row, outcome=outcome)
    return report


def _note(row: RosterImport, report: Report, whole: bool) -> None:
    for name in ("created", "changed", "unchanged", "warned", "refused", "left"):
        setattr(row, name, getattr(report, name))
    row.is_whole = whole
    row.state, row.content, row.applied_at = RosterState.APPLIED, "", timezone.now()
    row.report = crypto.seal(
        json.dumps([asdict(finding) for finding in report.findings])
    )
    row.save()


def findings_of(*, roster_import: RosterImport) -> list[Finding]:
    """What an applied roster's report said, to the end of its day; then nothing."""
    if not roster_import.report:
        return []
    kept = json.loads(crypto.unseal(roster_import.report))
    return [Finding(**finding) for finding in kept]


@transaction.atomic
def forget_outdated() -> int:
    """Throw away the files and reports of rosters older than a day; how many. Called
    by every upload, and by ``tick``; both may run at once."""
    return RosterImport.objects.outdated().update(content="", report="")


def report_sheet(*, findings: list[Finding]) -> bytes:
    """The findings as XLSX: bad cells red, doubtful ones yellow."""
    titles = [_("行号"), _("列"), _("原值"), _("原因"), _("建议"), _("类别")]

    def rows():
        yield [sheets.Cell(title, "head") for title in titles]
        for f in findings:
            fill = "red" if f.is_error else "yellow"
            kind = _("错误") if f.is_error else _("提醒")
            value = sheets.Cell(f.value, fill)
            yield [f.line, f.column, value, f.reason, f.advice, kind]

    return sheets.to_xlsx(
        rows(), title=_("名册检查报告"), widths=[8, 18, 26, 50, 40, 8]
    )


# --- the run -----------------------------------------------------------------------


@contextmanager
def _in_one_go(union_org: UnionOrg):
    """One transaction, alone in its union. NO KEY UPDATE: people may sign up and be
    registered meanwhile, only another roster of the union has to wait."""
    try:
        with transaction.atomic():
            rows = UnionOrg.objects.select_for_update(no_key=True)
            yield rows.get(pk=union_org.pk)
    except (OperationalError, IntegrityError) as error:
        # A wait past the lock limit, a deadlock with another union's roster, or a row
        # that somebody registered in the same moment: all rolled back.
        text = _("另一份名册正在导入，请稍后再试。")
        raise Busy(Reason("roster_busy", text)) from error


class _Run:
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
            *_notices(self.table, self.header),
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
            key = crypto.digest("identity", person.document.whole)
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
    worker.identity_last6_hmac = last6_digest(person.document.last6)


def last6_digest(last6: str) -> str:
    """The fingerprint of a number's last six characters (X large): what a person is
    verified by, beside name and union."""
    return crypto.digest("identity-last6", last6)


def _is_same(holder: Worker | None, person: Person, org: UnionOrg) -> bool:
    return (
        holder is not None
        and holder.union_org_id == org.pk
        and holder.identity_hmac is None
        and holder.name == person.name
    )


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return _("是") if value else _("否")
    return str(value)
