"""Old honours: a list from years ago is checked, and its good rows come into the register.

The same list again changes nothing; a fuller one fills in what was left empty in rows
that an import made, and never changes what stands there. Awards and editions that are
not there yet are made; whether their people are public at once is asked for.

Lock order: the turn of imports (advisory), HonourImport, then what is written, by the
tables' own rules. Two lists at once come in one after the other, so that the second meets
what the first brought, whole.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.db import IntegrityError, OperationalError, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from common import history, letters, logs, pagecache, tasks
from common import progress as howfar
from common.errors import Busy, Reason, Refusal
from common.services import imports, in_turn
from honors.enums import Level, ProgramKind
from honors.models import (
    AwardEdition,
    AwardProgram,
    Honoree,
    HonourImport,
    Nomination,
)
from honors.services import oldrows
from honors.services.oldrows import Found, OldRow
from honors.services.wall import confer_edition, put_in_order, save_award
from members import rosters
from members.models import UnionOrg, User
from members.rosters import Finding, SealedReport

IMPORT, CONFER = "honors.import_honours", "honors.confer_awardedition"
BATCH = 500
_SECONDS = 1800
# what a list may fill in later; name, year and title say whose honour it is
FILLED = (
    *("employer", "position", "district", "industry", "gender", "ethnicity"),
    *("cert_no", "deed", "deeds"),
)
_KINDS = [
    (ProgramKind.CRAFTSMAN, ("工匠",)),
    (ProgramKind.BEAUTIFUL_WORKER, ("最美",)),
    (ProgramKind.MODEL_WORKER, ("劳动模范", "劳模", "先进工作者", "先进生产者")),
    (ProgramKind.COLLECTIVE, ("集体", "奖状", "先锋号", "标兵岗", "班组")),
    (ProgramKind.LABOUR_MEDAL, ("奖章",)),
    (ProgramKind.CIVIL_PIONEER, ("文明",)),
]

Tell = Callable[[int], None]


@dataclass
class Report(SealedReport):
    """What an import would do, or did. ``awards``: (name, level) of those it makes;
    ``editions``: titles of those; ``columns``: field → title in the file."""

    created: int = 0
    filled: int = 0
    unchanged: int = 0
    warned: int = 0
    refused: int = 0
    findings: list[Finding] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    awards: list[tuple[str, str]] = field(default_factory=list)
    editions: list[str] = field(default_factory=list)
    columns: dict[str, str] = field(default_factory=dict)
    is_applied: bool = False

    @property
    def imported(self) -> int:
        return self.created + self.filled + self.unchanged

    @property
    def sentence(self) -> str:
        return rosters.sentence(
            imported=self.imported, warned=self.warned, refused=self.refused
        )

    @classmethod
    def _again(cls, values):
        return {"awards": [tuple(one) for one in values["awards"]]}


# --- a file ---------------------------------------------------------------------------


@transaction.atomic
@history.on_record
def upload(
    *,
    file_name: str,
    content: bytes,
    by: User | None,
    year: int | None = None,
    title: str = "",
    is_to_check: bool = True,
) -> HonourImport:
    """Keep a file, sealed, for a day, and let it be checked in the background unless
    somebody waits for it. ``year`` and ``title`` hold for every row where the file has no
    such column.

    Refusal: ``import_no_right``, ``no_header``, and those of ``common.sheets.read``.
    """
    _may(by)
    title = letters.line(title)[:40]
    oldrows.read(content, year=year, title=title, today=timezone.localdate())
    forget_outdated()
    row = HonourImport.objects.create(
        by=by,
        file_name=logs.masked(file_name)[-200:],
        year=year,
        title=title,
        content=imports.sealed(content),
    )
    return imports.start(row, check_in_background) if is_to_check else row


def _may(by) -> None:
    if by is not None and not by.has_perm(IMPORT):
        raise Refusal(Reason("import_no_right", _("您没有导入旧荣誉的权限。")))


def _read(row: HonourImport) -> Found:
    return oldrows.read(
        imports.content_of(row),
        year=row.year,
        title=row.title,
        today=timezone.localdate(),
    )


@transaction.atomic
def forget_outdated() -> int:
    """Throw away the files and reports of lists older than a day; how many. Called by
    every upload, and by ``tick``."""
    return HonourImport.objects.outdated().update(content="", report="")


# --- in the background ----------------------------------------------------------------


@transaction.atomic
@history.on_record
def start_check(*, honour_import: HonourImport, by: User | None) -> HonourImport:
    """Let the list be checked again; nothing where it is under way. Refusal:
    ``import_no_right``, ``import_gone``."""
    _may(by)
    return imports.start(honour_import, check_in_background)


@transaction.atomic
@history.on_record
def start_apply(
    *,
    honour_import: HonourImport,
    by: User,
    all_or_nothing: bool = False,
    is_public: bool = False,
) -> HonourImport:
    """Let ``apply`` be done; nothing where it is under way. Refusals as ``apply``."""
    _may(by)
    _may_publish(by, is_public)
    asked = (by.pk, all_or_nothing, is_public)
    return imports.start(honour_import, apply_in_background, *asked)


@tasks.task(title=_lazy("检查旧荣誉名单"), seconds=_SECONDS, queue_name=tasks.LONG)
def check_in_background(import_id: int) -> None:
    imports.run(HonourImport.objects, import_id, _check)


def _check(row: HonourImport) -> None:
    check(honour_import=row)


@tasks.task(title=_lazy("导入旧荣誉名单"), seconds=_SECONDS, queue_name=tasks.LONG)
def apply_in_background(
    import_id: int, by_id: int, all_or_nothing: bool, is_public: bool
) -> None:
    by = User.objects.filter(pk=by_id).first()

    def act(row):
        report = apply(
            honour_import=row,
            by=by,
            all_or_nothing=all_or_nothing,
            is_public=is_public,
        )
        return "" if report.is_applied else _("有错误行，全部未导入。")

    imports.run(HonourImport.objects, import_id, act)


def progress(*, honour_import: HonourImport) -> int | None:
    """How many rows a check or import under way has done; None when none is."""
    return howfar.announced(f"honours {honour_import.pk}")


# --- what it does ---------------------------------------------------------------------


def check(*, honour_import: HonourImport) -> Report:
    """A dry run: everything ``apply`` would do and say, and nothing is changed. Its
    report is kept. Refusal: ``import_gone``."""
    with transaction.atomic():
        found = _read(honour_import)
        report = _Run(found).through(_announcing(honour_import))
        HonourImport.objects.pending().filter(pk=honour_import.pk).update(
            report=report.sealed(), rows=found.total
        )
    return report


def rehearse(*, content: bytes, year: int | None = None, title: str = "") -> Report:
    """A dry run of a file that nobody keeps."""
    found = oldrows.read(content, year=year, title=title, today=timezone.localdate())
    return _Run(found).through()


def result_of(*, honour_import: HonourImport) -> Report | None:
    """What the last check or the import said, to the end of its day; then None."""
    sealed = honour_import.report
    return Report.unsealed(sealed) if sealed else None


def apply(
    *,
    honour_import: HonourImport,
    by: User | None,
    all_or_nothing: bool = False,
    is_public: bool = False,
    tell: Tell | None = None,
) -> Report:
    """Bring the good rows in, or with ``all_or_nothing`` nothing if one is bad. Each new
    honouree names the import. ``is_public``: editions that it makes are conferred at
    once; otherwise they wait for somebody to confer them.

    Refusal: ``import_no_right``, ``import_gone``, ``confer_no_right``; Busy when
    another import, or somebody at the same names, takes too long.
    """
    _may(by)
    _may_publish(by, is_public)
    try:
        with in_turn("old honours"):
            return _apply(honour_import, by, all_or_nothing, is_public, tell)
    except (IntegrityError, OperationalError) as error:
        text = _("另一份名单正在导入，请稍后再试。")
        raise Busy(Reason("import_busy", text)) from error


def _may_publish(by, is_public) -> None:
    if is_public and by is not None and not by.has_perm(CONFER):
        text = _("您没有授予并公开届次的权限，请不勾选“同时公开”。")
        raise Refusal(Reason("confer_no_right", text))


@transaction.atomic
@pagecache.publishes
def _apply(honour_import, by, all_or_nothing, is_public, tell) -> Report:
    row = imports.locked(honour_import)
    found = _read(row)
    with history.asked_by(by, honour_import=row.pk):
        with transaction.atomic():
            run = _Run(found, row, by=by)
            report = run.through(_announcing(row, tell))
            if all_or_nothing and report.refused:
                transaction.set_rollback(True)
            elif is_public:
                for edition in run.made:
                    confer_edition(edition=edition, by=by)
        report.is_applied = not (all_or_nothing and report.refused)
        if report.is_applied:
            for name in ("created", "filled", "unchanged", "warned", "refused"):
                setattr(row, name, getattr(report, name))
            row.rows, row.content = found.total, ""
            row.applied_at, row.report = timezone.now(), report.sealed()
            row.save()
    return report


def _announcing(row, tell=None) -> Tell:
    def announce(done):
        howfar.announce(f"honours {row.pk}", done)
        if tell is not None:
            tell(done)

    return announce


class _Run:
    """One pass over the good rows of a list, beside what is in the register; they are
    written for the import ``row``, and without one only said."""

    def __init__(self, found: Found, row: HonourImport | None = None, *, by=None):
        self.is_dry, self.by = row is None, by
        self.found, self.row = found, row
        self.report = Report(columns=found.columns)
        self.made: list[AwardEdition] = []
        self.programs = {one.name: one for one in AwardProgram.objects.all()}
        chosen = Nomination.objects.filter(edition=OuterRef("pk"))
        self.editions: dict[tuple, list] = {}
        for edition in AwardEdition.objects.annotate(is_chosen=Exists(chosen)):
            key = (edition.program_id, edition.year)
            self.editions.setdefault(key, []).append(edition)
        self.districts = {}
        for union in UnionOrg.objects.districts():
            self.districts[union.name] = union
            self.districts.setdefault(union.name.removesuffix("总工会"), union)
        self.known: dict[int | str, list[Honoree]] = {}
        self.numbers = set(
            Honoree.objects.exclude(cert_no="").values_list("cert_no", flat=True)
        )
        self.new: list[Honoree] = []

    def through(self, tell: Tell | None = None) -> Report:
        for n, row in enumerate(self.found.rows, start=1):
            self._take(row)
            if n % BATCH == 0:
                self._store()
                if tell is not None:
                    tell(n)
        self._store()
        report = self.report
        report.findings = sorted(self.found.findings, key=lambda one: one.line)
        report.notices = self.found.notices
        report.refused = len(self.found.bad)
        report.warned = len(
            {one.line for one in report.findings if not one.is_error} - self.found.bad
        )
        return report

    def _take(self, row: OldRow) -> None:
        edition = self._edition(row)
        if edition is None:
            return
        facts = self._facts(row)
        there, refused = self._same(row, edition)
        if refused:
            return
        if there is None:
            honoree = Honoree(
                edition=edition,
                name=row.name,
                is_group=row.is_group or edition.program.kind == ProgramKind.COLLECTIVE,
                imported_from=self.row,
                **facts,
            )
            put_in_order(honoree)
            self.new.append(honoree)
            self.known[_key(edition)].append(honoree)
            self.report.created += 1
            return
        self._fill(row, there, facts)

    def _store(self) -> None:
        if not self.is_dry:
            Honoree.objects.bulk_create(self.new)
        self.new = []

    # --- which edition

    def _edition(self, row) -> AwardEdition | None:
        program = self.programs.get(row.title) or self._new_program(row)
        editions = self.editions.setdefault((program.pk or program.name, row.year), [])
        wanted = [one for one in editions if row.edition in ("", one.title)]
        if len(wanted) > 1:
            usual = [one for one in wanted if one.title == _title(row)]
            wanted = usual or wanted
        if len(wanted) > 1:
            text = _("这一年有%(n)d届“%(title)s”") % {
                "n": len(wanted),
                "title": row.title,
            }
            advice = _("在“届次”列写明是哪一届")
            self.found.say(row, "title", "which_edition", text, advice)
            return None
        if not wanted:
            return self._new_edition(row, program, editions)
        if getattr(wanted[0], "is_chosen", False):
            text = _("这一届是在本站评选产生的，名单不能导入")
            advice = _("从文件中删去这一行")
            self.found.say(row, "title", "chosen_edition", text, advice)
            return None
        return wanted[0]

    def _new_program(self, row) -> AwardProgram:
        level = row.level or oldrows.level_of(row.title) or Level.CITY
        kind = next(
            (k for k, words in _KINDS if any(word in row.title for word in words)),
            ProgramKind.OTHER,
        )
        program = AwardProgram(
            name=row.title, level=level, kind=kind, position=len(self.programs) + 10
        )
        if not self.is_dry:
            program = save_award(award=program, by=self.by)
        self.programs[row.title] = program
        said = program.get_level_display(), program.get_kind_display()
        self.report.awards.append((row.title, " · ".join(map(str, said))))
        return program

    def _new_edition(self, row, program, editions) -> AwardEdition:
        edition = AwardEdition(
            program=program,
            year=row.year,
            title=row.edition or _title(row),
            awarding_body=row.awarding_body,
            doc_no=row.doc_no,
        )
        if not self.is_dry:
            edition = save_award(award=edition, by=self.by)
            self.made.append(edition)
        editions.append(edition)
        self.known[_key(edition)] = []
        self.report.editions.append(edition.title)
        return edition

    # --- whose row

    def _facts(self, row) -> dict:
        district = self.districts.get(row.district)
        if row.district and district is None:
            text = _("没有这个县区（产业）工会，未采用")
            advice = _("写工会名称，如“东区”或“东区总工会”")
            self.found.say(row, "district", "district", text, advice, is_error=False)
        number = row.cert_no
        if number and number in self.numbers and not self._is_own(row):
            text = _("证书编号已登记给其他获奖者，未采用")
            advice = _("核对证书编号")
            self.found.say(row, "cert_no", "cert_no", text, advice, is_error=False)
            number = ""
        self.numbers.update({number} - {""})
        is_short = len(row.deed) <= oldrows.SHORT_DEED and "\n" not in row.deed
        return {
            "employer": row.employer,
            "position": row.position,
            "district": district,
            "industry": row.industry,
            "gender": row.gender,
            "ethnicity": row.ethnicity,
            "cert_no": number,
            "deed": row.deed if is_short else "",
            "deeds": "" if is_short else row.deed,
        }

    def _is_own(self, row) -> bool:
        """Whether somebody of that name bears the number: the same list once more."""
        rows = Honoree.objects.filter(cert_no=row.cert_no, name=row.name)
        return rows.exists()

    def _of(self, edition) -> list[Honoree]:
        key = _key(edition)
        if key not in self.known:
            rows = Honoree.objects.filter(edition=edition).select_related("district")
            self.known[key] = list(rows)
        return self.known[key]

    def _same(self, row, edition) -> tuple[Honoree | None, bool]:
        """(the honouree that a row is about, whether nobody can tell which)."""
        named = [one for one in self._of(edition) if one.name == row.name]
        exact = [one for one in named if one.employer == row.employer]
        if exact:
            return exact[0], False
        if not row.employer:
            if len(named) > 1:
                text = _("这一届有%(n)d位同名的获奖者") % {"n": len(named)}
                self.found.say(row, "name", "which_person", text, _("写明单位"))
                return None, True
            return (named[0] if named else None), False
        # of one list they are two people; a later list knows the employer of an earlier
        this = self.row.pk if self.row else None
        bare = [
            one
            for one in named
            if not one.employer and one.imported_from_id not in (None, this)
        ]
        return (bare[0] if bare else None), False

    def _fill(self, row, there, facts) -> None:
        """Fill in what an earlier list left empty; never change what stands there."""
        empty = [name for name in FILLED if facts[name] and not getattr(there, name)]
        other = [
            name
            for name in FILLED
            if facts[name] and getattr(there, name) not in ("", None, facts[name])
        ]
        if other:
            labels = "、".join(
                str(Honoree._meta.get_field(name).verbose_name) for name in other
            )
            text = _("与已登记的不同，未改动：%(labels)s") % {"labels": labels}
            advice = _("确需更正的，在荣誉名录中修改")
            self.found.say(row, "name", "differs", text, advice, is_error=False)
        if there.revoked_on:
            text = _("这项荣誉已经撤销，未改动")
            advice = _("不必处理")
            self.found.say(row, "name", "revoked", text, advice, is_error=False)
            empty = []
        if empty and not there.imported_from_id and there.pk:
            text = _("已由人工登记，未补充")
            advice = _("需要补充的，在荣誉名录中修改")
            self.found.say(row, "name", "by_hand", text, advice, is_error=False)
            empty = []
        if not empty:
            self.report.unchanged += 1
            return
        for name in empty:
            setattr(there, name, facts[name])
        self.report.filled += 1
        if not self.is_dry and there.pk:
            there.save(update_fields=[*empty, "updated_at"])


def _key(edition):
    return edition.pk or f"{edition.program.name} {edition.year} {edition.title}"


def _title(row) -> str:
    return _("%(year)d年“%(title)s”") % {"year": row.year, "title": row.title}
