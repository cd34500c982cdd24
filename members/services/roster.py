"""Verbs of rosters: a union's own list of its people, made by hand, becomes workers.

Lock order: the row of the union (so that two rosters of one union are brought in one
after the other), then that of the import, then the workers, a batch at a time.
"""

import base64
import json
from collections.abc import Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from itertools import islice

from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common import audit, crypto, history, logs, sheets
from common.errors import Busy, Reason, Refusal
from members import cells, headers
from members.enums import ImportState
from members.headers import Header
from members.models import RosterImport, UnionOrg, User
from members.rosters import Finding
from members.services import memberships
from members.services.roster_pass import Report, Run, Tell, notices

SAMPLES = 5
_SESSION = "roster {} {}"  # key of the import, rows done: what a session is called


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
@history.on_record
def upload(
    *, union_org: UnionOrg, file_name: str, content: bytes, by: User | None
) -> RosterImport:
    """Keep a file, sealed, for a day; its columns matched as far as they speak for
    themselves. Raises Refusal: not a table, too big, without a header."""
    header = headers.find_header(sheets.read(content))
    forget_outdated()
    return RosterImport.objects.create(
        union_org=union_org,
        by=by,
        file_name=logs.masked(file_name)[-200:],
        sheet=logs.masked(header.sheet)[:100],
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
    header = headers.find_header(table)
    columns = roster_import.columns
    width = len(header.titles)
    samples = []
    rows = (row for row in table.rows(header.sheet) if row[0] > header.line)
    for _line, values in islice(rows, SAMPLES):
        padded = list(values)[:width] + [None] * (width - len(values))
        samples.append(
            [
                cells.shown_value(
                    cells.text_of(value), is_identity=columns.get("identity") == n
                )
                for n, value in enumerate(padded)
            ]
        )
    return Preview(header, columns, samples, notices(table, header))


def columns_by_title(*, content: bytes, titles: Mapping[str, str]) -> dict[str, int]:
    """The match of columns as they speak for themselves, but for those fields whose
    header ``titles`` names. Raises Refusal for a header that is not there."""
    header = headers.find_header(sheets.read(content))
    columns = header.guess()
    for name, title in titles.items():
        wanted = "".join(title.split())
        for number in range(len(header.titles)):
            if "".join(header.title(number).split()) == wanted:
                columns = {f: n for f, n in columns.items() if n != number}
                columns[name] = number
                break
        else:
            text = _("表头中没有“%(title)s”这一列") % {"title": title}
            raise Refusal(Reason("roster_column_unknown", text))
    return columns


@transaction.atomic
@history.on_record
def match(
    *, roster_import: RosterImport, columns: Mapping[str, int], by: User | None
) -> RosterImport:
    """Say what each column is. Raises Refusal: name or number without a column, a
    column for two things, a roster that is applied or past its day."""
    row = _locked(roster_import)
    header = headers.find_header(sheets.read(_content(row)))
    row.columns = headers.check_columns(columns, len(header.titles))
    row.state = ImportState.MATCHED
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
    """A dry run: everything ``apply`` would do and say, and nothing is changed.
    ``progress`` says how far it is."""
    with transaction.atomic():
        return rehearse(
            union_org=roster_import.union_org,
            content=_content(roster_import),
            columns=roster_import.columns,
            whole=whole,
            tell=_announcing(roster_import, None),
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
    return Run(union_org, content, columns, is_dry=True).through(whole=whole, tell=tell)


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
    the day. ``progress`` says how far it is. Raises Refusal: applied already or past its day (a second click sees the
    first one's result), columns not matched. Raises Busy when another import holds
    this union for too long.
    """
    with _in_one_go(roster_import.union_org) as org:
        row = _locked(roster_import)
        with history.asked_by(by, roster_import=row.pk):
            run = Run(org, _content(row), row.columns)
            with transaction.atomic():
                report = run.through(whole=whole, tell=_announcing(row, tell))
                if all_or_nothing and report.refused:
                    transaction.set_rollback(True)
        report.is_applied = not (all_or_nothing and report.refused)
        if report.is_applied:
            _note(row, report, whole)
            if whole:  # the half-yearly check is done with it
                memberships.confirm_roster(org=org, by=by, reason=_("整册导入名册"))
        outcome = "done" if report.is_applied else "refused"
        audit.record("import_roster", by=by, of=row, outcome=outcome)
    return report


def progress(*, roster_import: RosterImport) -> int | None:
    """The number of rows that a check or an import under way has done so far; None
    when none is under way or it has not done its first batch."""
    name = _SESSION.format(roster_import.pk, "")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT max(substr(application_name, %s)::int) FROM pg_stat_activity"
            " WHERE datname = current_database()"
            " AND starts_with(application_name, %s)",
            [len(name) + 1, name],
        )
        return cursor.fetchone()[0]


def _announcing(row: RosterImport, tell: Tell | None) -> Tell:
    """Nobody sees a row of a transaction before its end, but everybody the name that
    its session bears: to the end of the transaction it says how far it is."""

    def announce(done: int) -> None:
        with connection.cursor() as cursor:
            name = _SESSION.format(row.pk, done)
            cursor.execute("SELECT set_config('application_name', %s, true)", [name])
        if tell is not None:
            tell(done)

    return announce


def _note(row: RosterImport, report: Report, whole: bool) -> None:
    for name in ("created", "changed", "unchanged", "warned", "refused", "left"):
        setattr(row, name, getattr(report, name))
    row.is_whole = whole
    row.state, row.content, row.applied_at = ImportState.APPLIED, "", timezone.now()
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
    titles = [
        *(_("行号"), _("姓名"), _("列"), _("原值")),
        *(_("原因"), _("建议"), _("类别")),
    ]

    def rows():
        yield [sheets.Cell(title, "head") for title in titles]
        for f in findings:
            fill = "red" if f.is_error else "yellow"
            kind = _("错误") if f.is_error else _("提醒")
            value = sheets.Cell(f.value, fill)
            yield [f.line, f.name, f.column, value, f.reason, f.advice, kind]

    return sheets.to_xlsx(
        rows(), title=_("名册检查报告"), widths=[8, 10, 18, 26, 50, 40, 8]
    )


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
