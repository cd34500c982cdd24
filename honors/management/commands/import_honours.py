"""``manage.py import_honours FILE``: a list of old honours."""

from pathlib import Path

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from common.commands import PortalCommand
from common.errors import Refusal
from honors.services import oldhonours
from members.services import roster


class Command(PortalCommand):
    help = (
        "Bring a list of old honours (XLSX or CSV) in. The same file again changes "
        "nothing. Every bad row is reported on stderr, or as XLSX with --report. Exit "
        "code: 0 all good, 1 refused or nothing brought in, 2 without the bad rows."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--year", type=int, help="where the file has no such column"
        )
        parser.add_argument("--title", default="", help="as --year: the award")
        parser.add_argument(
            "--dry-run",
            action="store_true",
            help="say what would happen, change nothing",
        )
        parser.add_argument(
            "--all-or-nothing", action="store_true", help="one bad row stops everything"
        )
        parser.add_argument(
            "--public",
            action="store_true",
            help="editions that are made are public at once",
        )
        parser.add_argument(
            "--report", type=Path, help="write the bad rows here (XLSX)"
        )

    def handle(self, *, file, dry_run, report, **options):
        try:
            content = file.read_bytes()
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}.") from error
        try:
            done = self._run(file.name, content, dry_run, options)
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        if report is not None:
            title = _("旧荣誉检查报告")
            sheet = roster.report_sheet(findings=done.findings, title=title)
            report.write_bytes(sheet)
        self._say(done, dry_run)
        if done.refused:
            raise SystemExit(2 if done.is_applied else 1)

    def _run(self, file_name, content, dry_run, options):
        usual = {"year": options["year"], "title": options["title"]}
        if dry_run:
            return oldhonours.rehearse(content=content, **usual)
        row = oldhonours.upload(
            file_name=file_name, content=content, by=None, is_to_check=False, **usual
        )
        return oldhonours.apply(
            honour_import=row,
            by=None,
            all_or_nothing=options["all_or_nothing"],
            is_public=options["public"],
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
        for name, kind in done.awards:
            self.stdout.write(f"+ {name}（{kind}）")
        counts = _("新增%(new)d，补充%(filled)d，未变%(same)d")
        self.stdout.write(
            counts
            % {"new": done.created, "filled": done.filled, "same": done.unchanged}
        )
        if done.is_applied or dry_run:
            self.stdout.write(done.sentence)
        else:
            self.stdout.write(_("有错误行，全部未导入。"))
