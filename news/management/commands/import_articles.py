"""``manage.py import_articles FILE``: the articles of the site before this one."""

from collections import Counter
from pathlib import Path

from django.core.management.base import CommandError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common import letters, sheets
from common.commands import PortalCommand
from common.errors import Refusal
from members import phones
from members.models import User
from news import dedecms, oldarticles
from news.services import importing

_EVERY = 100  # articles between two lines of progress
_RESULTS = {
    importing.NEW: gettext_lazy("新导入"),
    importing.CHANGED: gettext_lazy("已更新"),
    importing.SAME: gettext_lazy("未变"),
    importing.KEPT: gettext_lazy("保留本站的"),
    importing.SKIPPED: gettext_lazy("跳过"),
    importing.REFUSED: gettext_lazy("未导入"),
}


class Command(PortalCommand):
    help = (
        "Bring the articles of another site in: JSON lines (docs/importing.md), or a "
        "MySQL dump of DedeCMS in UTF-8 or GBK. They are live at once under their own "
        "day, on record as imported by the named person. The same file again changes "
        "nothing. A file that is not whole is refused and nothing is brought in. "
        "Exit code: 0 all good, 1 refused or nothing brought in, 2 without the bad ones."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--by", default="", help="mobile number of who answers for it"
        )
        parser.add_argument(
            "--reason", default="", help="on what ground they are public"
        )
        parser.add_argument(
            "--source",
            default="",
            help="what the other site is called; with an article's number it names it "
            "for good (default: dedecms or jsonl)",
        )
        parser.add_argument(
            "--uploads", type=Path, help="folder with the other site's uploaded files"
        )
        parser.add_argument(
            "--column",
            action="append",
            default=[],
            metavar="THERE=HERE",
            help="what a column of the other site is called here",
        )
        parser.add_argument("--prefix", help="of the tables, where a dump has several")
        parser.add_argument(
            "--dry-run",
            action="store_true",
            help="say what would happen, change nothing",
        )
        parser.add_argument(
            "--report", type=Path, help="write a line for each article here (CSV)"
        )

    def handle(
        self, *, file, by, reason, source, uploads, column, prefix, dry_run, report,
        **options,
    ):  # fmt: skip
        if uploads is not None and not uploads.is_dir():
            raise CommandError(f"{uploads}: no such folder.")
        phone = phones.canonical(by) if by else ""
        counts = Counter()
        try:
            with file.open("rb") as opened:
                is_json = _is_json_lines(opened)
                articles = (
                    oldarticles.from_json_lines(opened)
                    if is_json
                    else dedecms.articles(opened, prefix=prefix)
                )
                outcomes = importing.import_articles(
                    articles=articles,
                    source=source or ("jsonl" if is_json else "dedecms"),
                    importer=User.objects.by_phone(phone) if phone else None,
                    reason=reason,
                    uploads=uploads,
                    columns=_pairs(column),
                    is_dry=dry_run,
                )
                self._write(outcomes, counts, report)
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}.") from error
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        self._say(counts, dry_run)

    def _write(self, outcomes, counts, report):
        written = report.open("wb") if report else None
        try:
            if written:
                written.write(sheets.to_csv([_titles()]))
            for done, outcome in enumerate(outcomes, start=1):
                counts[outcome.result] += 1
                self._name(outcome)
                if written:
                    row = sheets.to_csv([_row(outcome)])
                    written.write(row.removeprefix(b"\xef\xbb\xbf"))
                if done % _EVERY == 0:
                    said = _("已处理%(n)s篇") % {"n": f"{done:,}"}
                    self.stderr.write(said)
        finally:
            if written:
                written.close()

    def _name(self, outcome):
        """What somebody should look at, a line each."""
        if outcome.notes:
            where = _("第%(line)d行") % {"line": outcome.line}
            self.stderr.write(
                f"{where} {outcome.key} {outcome.title} "
                f"{_RESULTS[outcome.result]}：{'；'.join(outcome.notes)}"
            )

    def _say(self, counts, dry_run):
        said = "，".join(
            f"{label}{counts[result]}" for result, label in _RESULTS.items()
        )
        self.stdout.write(said)
        if dry_run:
            self.stdout.write(_("这是试运行，没有改动任何内容。"))
        good = counts.total() - counts[importing.REFUSED]
        if counts[importing.REFUSED] or not good:
            raise SystemExit(2 if good else 1)


def _titles():
    return [
        *(_("行号"), _("原编号"), _("标题"), _("结果")),
        *(_("说明"), _("图片"), _("本站编号")),
    ]


def _row(outcome):
    return [
        *(outcome.line, outcome.key, outcome.title, _RESULTS[outcome.result]),
        *("；".join(outcome.notes), outcome.pictures, outcome.article or ""),
    ]


def _is_json_lines(file) -> bool:
    """By its content: every line of one is an object."""
    head = file.read(4096).removeprefix(b"\xef\xbb\xbf").lstrip()
    file.seek(0)
    return head.startswith(b"{")


def _pairs(column):
    pairs = {}
    for given in column:
        there, mark, here = given.partition("=")
        if not mark or not there.strip() or not here.strip():
            raise CommandError(f"--column {given}: write THERE=HERE.")
        pairs[letters.line(there)] = letters.line(here)
    return pairs
