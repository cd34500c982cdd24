"""``manage.py import_roster FILE --union CODE``: the roster of one union."""

from pathlib import Path

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from common.commands import PortalCommand
from common.errors import Refusal
from members import headers
from members.models import UnionOrg
from members.services import roster


class Command(PortalCommand):
    help = (
        "Bring a union's roster (XLSX or CSV) in: its people become workers. The same "
        "file again changes nothing. Every bad row is reported on stderr, or as XLSX with "
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
            + ", ".join(headers.FIELDS),
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
        self.stderr.write(_("已处理%(n)s行") % {"n": f"{done:,}"})

    def _say(self, done, dry_run):
        for f in done.findings:
            kind = _("错误") if f.is_error else _("提醒")
            line = _("第%(line)d行") % {"line": f.line}
            self.stderr.write(
                f"{line} {f.name} {f.column} {f.value} {kind}：{f.reason}。{f.advice}"
            )
        for notice in done.notices:
            self.stderr.write(notice)
        if dry_run:
            self._diff(done)
        counts = _("新增%(new)d，更新%(changed)d，未变%(same)d，离开%(left)d")
        self.stdout.write(
            counts
            % {
                "new": done.created,
                "changed": done.changed,
                "same": done.unchanged,
                "left": done.left,
            }
        )
        if done.is_applied or dry_run:
            self.stdout.write(done.sentence)
        else:
            self.stdout.write(_("有错误行，全部未导入。"))

    def _diff(self, done):
        """What would happen, a person a line: + new, ~ changed, - missing."""
        for _at, name in done.newcomers:
            self.stdout.write(f"+ {name}")
        for change in done.changes:
            words = "，".join(
                f"{label} {old}→{new}" for label, old, new in change.in_words
            )
            self.stdout.write(f"~ {change.name}：{words}")
        for name in done.missing:
            self.stdout.write(f"- {name}")


def _pairs(column):
    pairs = {}
    for given in column:
        field, mark, title = given.partition("=")
        if not mark or field not in headers.FIELDS:
            raise CommandError(f"--column {given}: write FIELD=HEADER.")
        pairs[field] = title
    return pairs
