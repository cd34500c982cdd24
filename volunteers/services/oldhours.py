"""Bringing in hours of before this portal: a file is kept, checked, applied in the
background, taken back. What comes of it stands apart from hours with evidence.

Lock order: the turn of imports (advisory), HoursImport, then ImportedHours. Two imports
at once come in one after the other.
"""

from collections import defaultdict
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from common import history, logs, sheets, tasks
from common import progress as howfar
from common.errors import Reason, Refusal
from common.services import imports, in_turn
from members import spellings
from members.models import User, Worker
from members.rosters import Finding, SealedReport
from volunteers.models import (
    HoursImport,
    ImportedHours,
    Membership,
    VolunteerTeam,
)
from volunteers.querysets.oldhours import IMPORT
from volunteers.services import oldrows

_SECONDS = 900
_BATCH = 1000
_TURN = "old hours"


@dataclass
class Report(SealedReport):
    """What an import would do, or did: ``created`` rows are new, ``unchanged`` are there
    already, ``refused`` are kept out; ``minutes`` of the new ones."""

    created: int = 0
    unchanged: int = 0
    minutes: int = 0
    findings: list[Finding] = field(default_factory=list)

    @property
    def refused(self) -> int:
        return len({finding.line for finding in self.findings})


@transaction.atomic
@history.on_record
def upload(*, file_name: str, content: bytes, source: str, by: User) -> HoursImport:
    """Keep a file, sealed, for a day, and let it be checked in the background. Refusal:
    ``not_importer``, ``source_missing``, no table, too big."""
    _check_importer(by)
    source = source.strip()[:60]
    if not source:
        text = _("请写明出处，例如：2016年志愿服务台账。")
        raise Refusal(Reason("source_missing", text, field="source"))
    sheets.read(content)
    forget_outdated()
    row = HoursImport.objects.create(
        by=by,
        file_name=logs.masked(file_name)[-200:],
        source=source,
        content=imports.sealed(content),
    )
    return imports.start(row, check_in_background)


def _check_importer(by) -> None:
    if not by.has_perm(IMPORT):
        raise Refusal(Reason("not_importer", _("您不能导入历史服务时长。")))


@tasks.task(title=_lazy("检查历史服务时长"), seconds=_SECONDS, queue_name=tasks.LONG)
def check_in_background(import_id: int) -> None:
    imports.run(HoursImport.objects, import_id, _check)


def _check(row: HoursImport) -> None:
    check(hours_import=row)


def check(*, hours_import: HoursImport) -> Report:
    """A dry run: everything ``apply`` would do and say, and no hours are stored. Refusal:
    ``import_gone``, ``no_header``, no table; Busy."""
    with in_turn(_TURN):
        report = _through(hours_import, is_dry=True)
        pending = HoursImport.objects.pending().filter(pk=hours_import.pk)
        pending.update(report=report.sealed())
    return report


@transaction.atomic
@history.on_record
def start_apply(*, hours_import: HoursImport, by: User) -> HoursImport:
    """Let the good rows be brought in in the background; nothing where it already is.
    Refusal: ``not_importer``, ``import_gone``."""
    _check_importer(by)
    return imports.start(hours_import, apply_in_background, by.pk)


@tasks.task(title=_lazy("导入历史服务时长"), seconds=_SECONDS, queue_name=tasks.LONG)
def apply_in_background(import_id: int, by_id: int) -> None:
    by = User.objects.filter(pk=by_id).first()

    def act(row):
        apply(hours_import=row, by=by)

    imports.run(HoursImport.objects, import_id, act)


@transaction.atomic
@history.on_record
def apply(*, hours_import: HoursImport, by: User | None) -> Report:
    """Bring the good rows in, in one transaction; the same rows again change nothing.
    Afterwards the file is gone. Refusal: ``import_gone``, ``no_header``; Busy."""
    with in_turn(_TURN):
        row = imports.locked(hours_import)
        report = _through(row, is_dry=False)
        row.created, row.unchanged = report.created, report.unchanged
        row.refused, row.applied_at = report.refused, timezone.now()
        row.content, row.report = "", report.sealed()
        row.save()
    return report


@transaction.atomic
@history.on_record
def take_back(*, hours_import: HoursImport, by: User) -> int:
    """Take out again what one import brought in, as when it was the wrong list; how many
    rows. The history keeps that they were there. Refusal: ``not_importer``,
    ``not_applied``."""
    _check_importer(by)
    row = HoursImport.objects.select_for_update(of=("self",)).get(pk=hours_import.pk)
    if row.applied_at is None:
        raise Refusal(Reason("not_applied", _("这份名单还没有导入。")))
    if row.taken_back_at is not None:
        return 0
    count, _each = row.hours.all().delete()
    row.taken_back_at = timezone.now()
    row.save(update_fields=["taken_back_at", "updated_at"])
    return count


def progress(*, hours_import: HoursImport) -> int | None:
    """How many rows a check or an import under way has done; None when none is."""
    return howfar.announced(f"hours {hours_import.pk}")


def result_of(*, hours_import: HoursImport) -> Report | None:
    """What the last check or the import said, to the end of the day; then None."""
    text = hours_import.report
    return Report.unsealed(text) if text else None


@transaction.atomic
def forget_outdated() -> int:
    """Throw away files and reports older than a day; how many."""
    return HoursImport.objects.outdated().update(content="", report="")


def report_sheet(report: Report) -> bytes:
    """The findings as XLSX, bad cells red."""
    titles = [_("行号"), _("姓名"), _("列"), _("原值"), _("原因"), _("建议")]

    def rows():
        yield [sheets.Cell(title, "head") for title in titles]
        for one in report.findings:
            value = sheets.Cell(one.value, "red")
            yield [one.line, one.name, one.column, value, one.reason, one.advice]

    return sheets.to_xlsx(
        rows(), title=_("历史时长检查报告"), widths=[8, 12, 16, 26, 40, 40]
    )


# --- below the verbs


def _through(row: HoursImport, *, is_dry: bool) -> Report:
    found = oldrows.read(imports.content_of(row), today=timezone.localdate())
    report = Report()
    teams = {
        spellings.comparable(team.name): team for team in VolunteerTeam.objects.all()
    }
    people = _People(teams.values())
    for at in range(0, len(found.rows), _BATCH):
        _batch(row, found, found.rows[at : at + _BATCH], teams, people, report, is_dry)
        howfar.announce(f"hours {row.pk}", at + _BATCH)
    report.findings = sorted(found.findings, key=lambda one: one.line)
    return report


def _batch(row, found, rows, teams, people, report, is_dry) -> None:
    people.learn({one.number for one in rows if one.number})
    wanted: dict[tuple, ImportedHours] = {}
    for one in rows:
        team = teams.get(spellings.comparable(one.team))
        if team is None:
            text, advice = _("没有这支队伍"), _("写本站登记的队名")
            found.refuse(one.line, "team", one.team, "team", text, advice, one.name)
            continue
        worker, text = people.find(one, team)
        if worker is None:
            advice = _("填写会员编号，并与名册上的姓名一致")
            found.refuse(one.line, "name", one.name, "person", text, advice, one.name)
            continue
        key = (worker, team.pk, one.day, one.title)
        if key in wanted:
            text, advice = _("同一人同一天的同一次服务写了两行"), _("留下一行")
            found.refuse(one.line, "name", one.name, "twice", text, advice, one.name)
            continue
        wanted[key] = ImportedHours(
            imported_from=row,
            line=one.line,
            team=team,
            worker_id=worker,
            served_on=one.day,
            title=one.title,
            minutes=one.minutes,
        )
    there = set(
        ImportedHours.objects.filter(
            worker__in={key[0] for key in wanted},
            served_on__in={key[2] for key in wanted},
        ).values_list("worker", "team", "served_on", "title")
    )
    new = [one for key, one in wanted.items() if key not in there]
    report.created += len(new)
    report.unchanged += len(wanted) - len(new)
    report.minutes += sum(one.minutes for one in new)
    if not is_dry:
        ImportedHours.objects.bulk_create(new)


class _People:
    """Who a row means: whoever has the member number and the name; without a number, the
    one member of the team, now or earlier, who is called so."""

    def __init__(self, teams):
        self.by_number: dict[str, tuple[int, str]] = {}
        self.in_team = defaultdict(lambda: defaultdict(set))
        held = Membership.objects.filter(team__in=teams).order_by()
        for team, worker, name in held.values_list(
            "team", "worker", "worker__name"
        ).iterator(chunk_size=5000):
            self.in_team[team][spellings.comparable(name)].add(worker)

    def learn(self, numbers) -> None:
        wanted = numbers - self.by_number.keys()
        rows = Worker.objects.filter(member_number__in=wanted)
        for number, pk, name in rows.values_list("member_number", "pk", "name"):
            self.by_number[number] = (pk, spellings.comparable(name))

    def find(self, row, team) -> tuple[int | None, str]:
        name = spellings.comparable(row.name)
        if row.number:
            pk, called = self.by_number.get(row.number, (None, ""))
            if pk is None or called != name:
                return None, _("没有姓名与会员编号都相符的职工")
            return pk, ""
        named = self.in_team[team.pk].get(name, ())
        if len(named) == 1:
            return next(iter(named)), ""
        if named:
            return None, _("队里有几位同名的队员")
        return None, _("队里没有这位队员")
