"""``manage.py import_roster FILE --union CODE``: the roster of one union."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from common.errors import Refusal
from members import rosters
from members.models import UnionOrg
from members.services import roster


class Command(BaseCommand):
    help = (
        "Bring a union's roster (XLSX or CSV) in: its people become workers. The same "
        "file again changes nothing. Every bad row is told on stderr, or as XLSX with "
        "--report. Exit code: 0 all good, 1 refused or nothing brought in, "
        "2 brought in without the bad rows."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--union", required=True, help="code of the union")
        parser.add_argument(
            "--dry-run",
            action="store_true",
            help="say what would happen, change nothing",
        )
        parser.add_argument(
            "--all-or-nothing", action="store_true", help="one bad row stops everything"
        )
        parser.add_argument(
            "--whole",
            action="store_true",
            help="this is the whole roster: who is not in it is marked as left",
        )
        parser.add_argument(
            "--column",
            action="append",
            default=[],
            metavar="FIELD=HEADER",
            help="what a column is, where its header does not say: one of "
            + ", ".join(rosters.FIELDS),
        )
        parser.add_argument(
            "--report", type=Path, help="write the bad rows here (XLSX)"
        )

    def handle(
        self, *, file, union, dry_run, all_or_nothing, whole, column, report, **options
    ):
        org = UnionOrg.objects.filter(code=union).first()
        if org is None:
            raise CommandError(f"No union with the code {union}.")
        try:
            content = file.read_bytes()
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}.") from error
        try:
            done = self._run(
                org, file.name, content, column, dry_run, all_or_nothing, whole
            )
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        if report is not None:
            report.write_bytes(roster.report_sheet(findings=done.findings))
        self._say(done, dry_run)
        if done.refused:
            raise SystemExit(2 if done.is_applied else 1)

    def _run(self, org, file_name, content, column, dry_run, all_or_nothing, whole):
        columns = roster.columns_by_title(content=content, titles=_pairs(column))
        if dry_run:
            return roster.rehearse(
                union_org=org,
                content=content,
                columns=columns,
                whole=whole,
                tell=self._progress,
            )
        kept = roster.upload(
            union_org=org, file_name=file_name, content=content, by=None
        )
        roster.match(roster_import=kept, columns=columns, by=None)
        return roster.apply(
            roster_import=kept,
            by=None,
            all_or_nothing=all_or_nothing,
            whole=whole,
            tell=self._progress,
        )

    def _progress(self, done):
        self.stderr.write(f"{done} rows …")

    def _say(self, done, dry_run):
        for f in done.findings:
            kind = "错误" if f.is_error else "提醒"
            self.stderr.write(
                f"第{f.line}行 {f.column} {f.value} {kind}：{f.reason}。{f.advice}"
            )
        for notice in done.notices:
            self.stderr.write(notice)
        if dry_run:
            for line, name in done.newcomers:
                self.stdout.write(f"+ 第{line}行 {name}")
            for change in done.changes:
                fields = "，".join(
                    f"{name} {old}→{new}" for name, (old, new) in change.fields.items()
                )
                self.stdout.write(f"~ 第{change.line}行 {change.name}：{fields}")
            for name in done.missing:
                self.stdout.write(f"- {name}")
        self.stdout.write(
            f"新增{done.created}，更新{done.changed}，未变{done.unchanged}，"
            f"离开{done.left}"
        )
        if done.is_applied or dry_run:
            self.stdout.write(done.sentence)
        else:
            self.stdout.write("有错误行，全部未导入。")


def _pairs(column):
    pairs = {}
    for given in column:
        field, mark, title = given.partition("=")
        if not mark or field not in rosters.FIELDS:
            raise CommandError(f"--column {given}: write FIELD=HEADER.")
        pairs[field] = title
    return pairs
