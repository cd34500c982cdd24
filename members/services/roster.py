"""Verbs of rosters: a union's own list of its people, made by hand, becomes workers.

A file is read once (``roster_reading``): what was read is kept sealed beside it, shown
by the check, and written by the import, which only compares it with the workers again.
``start_check`` and ``start_apply`` do it in the background; ``check`` and ``apply`` at
once.

Lock order: the row of the union (so that two rosters of one union are brought in one
after the other), then that of the import, then the workers, a batch at a time.
"""

from collections.abc import Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice

from django.db import IntegrityError, OperationalError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from common import audit, history, logs, sheets, tasks
from common import progress as howfar
from common.errors import Busy, Reason, Refusal
from common.services import imports
from members import cells, headers
from members.enums import ImportState
from members.headers import Header
from members.models import RosterImport, UnionOrg, User
from members.rosters import Finding
from members.services import memberships
from members.services import roster_reading as reading
from members.services.roster_pass import Report, Run
from members.services.roster_reading import Reading, Tell, notices

SAMPLES = 5
# of the longest roster, on a busy machine
_SECONDS = 1800


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
        content=imports.sealed(content),
        header_line=header.line,
        columns=header.guess(),
    )


def preview(*, roster_import: RosterImport) -> Preview:
    """What the file's first rows look like under the present match of columns."""
    table = sheets.read(imports.content_of(roster_import))
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
    row = imports.locked(roster_import)
    header = headers.find_header(sheets.read(imports.content_of(row)))
    row.columns = headers.check_columns(columns, len(header.titles))
    row.state = ImportState.MATCHED
    row.reading = row.report = row.said = ""  # of another match
    row.save(
        update_fields=["columns", "state", "reading", "report", "said", "updated_at"]
    )
    return row


# --- what it would do ----------------------------------------------------------------


@transaction.atomic
@history.on_record
def start_check(*, roster_import: RosterImport, by: User | None) -> RosterImport:
    """Let the file be read and checked in the background; nothing where it already is
    being checked or applied. Raises Refusal: applied already or past its day."""
    return imports.start(roster_import, check_in_background)


@tasks.task(title=_lazy("检查名册"), seconds=_SECONDS, queue_name=tasks.LONG)
def check_in_background(import_id: int) -> None:
    imports.run(RosterImport.objects, import_id, _check)


def _check(row: RosterImport) -> None:
    check(roster_import=row)


def check(*, roster_import: RosterImport, whole: bool = False) -> Report:
    """A dry run: everything ``apply`` would do and say, and no worker is changed. What
    was read and what it says are kept, sealed, for ``checked`` and ``apply``.
    ``progress`` says how far it is. Raises Refusal as ``apply``."""
    org, columns = roster_import.union_org, roster_import.columns
    with transaction.atomic():
        tell = _announcing(roster_import, None)
        content = imports.content_of(roster_import)
        found = reading.read(content, columns, into=org.name, tell=tell)
        report = Run(org, found, is_dry=True).through(whole=whole, tell=tell)
        same = RosterImport.objects.pending().filter(
            pk=roster_import.pk, columns=columns
        )
        same.update(reading=found.sealed(), report=report.sealed(), rows=found.total)
    return report


def checked(*, roster_import: RosterImport) -> Report:
    """What the last check said; where there was none, a dry run that is not kept. Raises
    Refusal as ``check``."""
    if roster_import.content and roster_import.report:
        return Report.unsealed(roster_import.report)
    return rehearse(
        union_org=roster_import.union_org,
        content=imports.content_of(roster_import),
        columns=roster_import.columns,
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
    found = reading.read(content, columns, into=union_org.name)
    return Run(union_org, found, is_dry=True).through(whole=whole, tell=tell)


# --- doing it ------------------------------------------------------------------------


@transaction.atomic
@history.on_record
def start_apply(
    *,
    roster_import: RosterImport,
    by: User,
    all_or_nothing: bool = False,
    whole: bool = False,
) -> RosterImport:
    """Let ``apply`` be done in the background; nothing where it already is. Raises
    Refusal: applied already or past its day."""
    audit.record(
        "import_roster", by=by, of=roster_import, reason=_("已提交，在后台导入")
    )
    asked = (by.pk, all_or_nothing, whole)
    return imports.start(roster_import, apply_in_background, *asked)


@tasks.task(title=_lazy("导入名册"), seconds=_SECONDS, queue_name=tasks.LONG)
def apply_in_background(
    import_id: int, by_id: int, all_or_nothing: bool, whole: bool
) -> None:
    by = User.objects.filter(pk=by_id).first()

    def act(row):
        try:
            report = apply(
                roster_import=row, by=by, all_or_nothing=all_or_nothing, whole=whole
            )
        except Refusal as refusal:
            if "roster_outdated" in refusal.codes:
                check(roster_import=row)
            raise
        return "" if report.is_applied else _("有错误行，全部未导入。")

    imports.run(RosterImport.objects, import_id, act)


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

    What a check has read is not read again. Rows that come to something else than it
    showed, since workers changed meanwhile, are done as things stand, and the report says
    which. The same roster again changes nothing. ``tell`` is called with the number of
    rows done so far, which ``progress`` says too. Afterwards file and reading are gone;
    the report is kept sealed to the end of the day.

    Raises Refusal: applied already or past its day (a second click sees the first one's
    result), columns not matched, ``roster_outdated`` when with ``whole`` somebody would
    be marked as left whom the check did not name. Raises Busy when another import holds
    this union for too long.
    """
    with _in_one_go(roster_import.union_org) as org:
        row = imports.locked(roster_import)
        shown = Report.unsealed(row.report) if row.report else None
        if row.reading:
            found = Reading.unsealed(row.reading)
        else:
            found = reading.read(imports.content_of(row), row.columns, into=org.name)
        with history.asked_by(by, roster_import=row.pk):
            run = Run(org, found)
            with transaction.atomic():
                report = run.through(whole=whole, tell=_announcing(row, tell))
                if all_or_nothing and report.refused:
                    transaction.set_rollback(True)
                elif shown is not None:
                    _compare(report, shown)
        report.is_applied = not (all_or_nothing and report.refused)
        if report.is_applied:
            _note(row, report, whole)
            if whole:  # the half-yearly check is done with it
                memberships.confirm_roster(org=org, by=by, reason=_("整册导入名册"))
        outcome = "done" if report.is_applied else "refused"
        audit.record("import_roster", by=by, of=row, outcome=outcome)
    return report


def _compare(report: Report, shown: Report) -> None:
    """Say which rows came to something else than was shown; refuse to mark somebody as
    left whom nobody was shown."""
    more = set(report.gone) - set(shown.gone) if report.left else ()
    if more:
        text = _(
            "检查之后又有%(n)d人登记到本工会，名册上没有他们。已重新检查，"
            "请核对后再导入"
        )
        raise Refusal(Reason("roster_outdated", text % {"n": len(more)}))
    lines = sorted(
        line
        for line, outcome in report.outcomes.items()
        if shown.outcomes.get(line) != outcome
    )
    if lines:
        text = _("检查之后有%(n)d行的情况变了，已按现在的情况处理：%(lines)s")
        said = text % {"n": len(lines), "lines": reading.line_numbers(lines)}
        report.notices.append(said)


def progress(*, roster_import: RosterImport) -> int | None:
    """The number of rows that a check or an import under way has done so far; None
    when none is under way or it has said nothing yet."""
    return howfar.announced(f"roster {roster_import.pk}")


def _announcing(row: RosterImport, tell: Tell | None) -> Tell:
    def announce(done: int) -> None:
        howfar.announce(f"roster {row.pk}", done)
        if tell is not None:
            tell(done)

    return announce


def _note(row: RosterImport, report: Report, whole: bool) -> None:
    for name in ("created", "changed", "unchanged", "warned", "refused", "left"):
        setattr(row, name, getattr(report, name))
    row.is_whole = whole
    row.state, row.applied_at = ImportState.APPLIED, timezone.now()
    row.content = row.reading = ""
    # of whom it names nothing but what is to be put right
    kept = replace(report, changes=[], newcomers=[], missing=[], gone=[], outcomes={})
    row.report, row.rows = kept.sealed(), report.rows
    row.save()


def result_of(*, roster_import: RosterImport) -> Report | None:
    """What an applied roster's report said, to the end of its day; then None."""
    report = roster_import.report
    return Report.unsealed(report) if report else None


def findings_of(*, roster_import: RosterImport) -> list[Finding]:
    """Those of ``result_of``."""
    report = result_of(roster_import=roster_import)
    return report.findings if report else []


@transaction.atomic
def forget_outdated() -> int:
    """Throw away the files, readings and reports of rosters older than a day; how many. Called
    by every upload, and by ``tick``; both may run at once."""
    return RosterImport.objects.outdated().update(content="", reading="", report="")


def report_sheet(*, findings: list[Finding], title: str = "") -> bytes:
    """The findings as XLSX: bad cells red, doubtful ones yellow. ``title`` of the sheet
    where it is no roster."""
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
        rows(), title=str(title or _("名册检查报告")), widths=[8, 10, 18, 26, 50, 40, 8]
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
