"""One pass over a roster that was read (``roster_reading``): its rows against the workers
that are known, a batch at a time. Called by the verbs of ``roster``, inside their
transaction and under their lock of the union.
"""

from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from members import headers, rosters, spellings
from members.models import UnionOrg, Worker
from members.rosters import Finding
from members.services.roster_reading import Reading, Row, Tell

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


@dataclass(frozen=True, slots=True)
class Change:
    """A person whose row would become, or became, another: field → (old, new)."""

    line: int
    name: str
    fields: dict[str, tuple[str, str]]

    @property
    def in_words(self) -> list[tuple[str, str, str]]:
        """(what, old, new) for people."""
        words = headers.FIELDS | {"left_at": _("在册")}
        return [(str(words[name]), *pair) for name, pair in self.fields.items()]


@dataclass
class Report(rosters.SealedReport):
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
    rows: int = 0
    outcomes: dict[int, str] = field(
        default_factory=dict
    )  # of each row that was compared
    gone: list[int] = field(default_factory=list)  # keys of ``missing``

    @property
    def imported(self) -> int:
        return self.created + self.changed + self.unchanged

    @classmethod
    def _again(cls, values):
        return {
            "changes": [Change(**one) for one in values["changes"]],
            "outcomes": {int(n): word for n, word in values["outcomes"].items()},
        }

    @property
    def sentence(self) -> str:
        return rosters.sentence(
            imported=self.imported, warned=self.warned, refused=self.refused
        )


class Run:
    """One pass over a file that was read: its good rows go into the tables, a batch at
    a time."""

    def __init__(self, org: UnionOrg, reading: Reading, is_dry: bool = False):
        self.org, self.reading, self.is_dry = org, reading, is_dry
        self.report = Report(findings=list(reading.findings))
        self.now = timezone.now()

    def through(self, *, whole: bool, tell: Tell | None) -> Report:
        report, rows = self.report, self.reading.rows
        done = self.reading.bad
        for start in range(0, len(rows), BATCH):
            batch = {row.key: row for row in rows[start : start + BATCH]}
            self._batch(batch)
            done += len(batch)
            if tell is not None:
                tell(done)
        self._leavers(whole)
        bad = {f.line for f in report.findings if f.is_error}
        report.refused = len(bad)
        report.warned = len({f.line for f in report.findings} - bad)
        report.findings.sort(key=lambda f: f.line)
        report.notices = [*self.reading.notices, *report.notices]
        report.rows = self.reading.total
        return report

    # --- a batch

    def _batch(self, people: dict[str, Row]) -> None:
        known = {
            worker.identity_hmac: worker
            for worker in self._known(identity_hmac__in=people.keys())
        }
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
                reason = _("会员编号已登记给其他职工")
                self._refuse(person, "member_number", "number_taken", reason)
                continue
            if worker is None:
                new.append(self._newcomer(person, key))
            elif self._renew(worker, person, key):
                changed.append(worker)
        self._write(new, changed)

    def _known(self, **wanted):
        rows = Worker.objects.filter(**wanted).order_by("pk")
        return rows if self.is_dry else rows.select_for_update(no_key=True)

    def _refuse(self, person, column, code, reason):
        self._say(person, column, code, reason, _("核对这一行的内容"))
        self.report.outcomes[person.line] = "refused"

    def _elsewhere(self, person: Row) -> None:
        """Named on another union's roster: reported, never moved. Which union it is stays
        unsaid, or a roster of guesses would ask where anybody works."""
        reason = _("此人已在其他工会的名册上，未作改动")
        advice = _("如已调入本单位，请办理转会")
        self._say(person, "identity", "elsewhere", reason, advice, is_error=False)
        self.report.outcomes[person.line] = "elsewhere"

    def _say(self, person, column, code, reason, advice, *, is_error=True):
        self.report.findings.append(
            self.reading.say(person, column, code, reason, advice, is_error=is_error)
        )

    def _newcomer(self, person: Row, key: str) -> tuple[Row, Worker]:
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
        _identify(worker, person)
        return person, worker

    def _renew(self, worker: Worker, person: Row, key: str) -> bool:
        """Bring a known worker up to date; what the file does not say stays."""
        differs = {}
        for name in _ON_ROSTER:
            said, old = getattr(person, name), getattr(worker, name)
            if said is not None and said != old:
                differs[name] = (_word(old), _word(said))
                setattr(worker, name, said)
        if "name" in differs:
            reason = _("姓名与原登记“%(old)s”不同") % {"old": differs["name"][0]}
            advice = _("请核对是否同一人")
            self._say(person, "name", "name_changed", reason, advice, is_error=False)
        if worker.left_at is not None:
            differs["left_at"] = (_("不在册"), _("在册"))
            worker.left_at = None
        if worker.identity_hmac != key or not worker.identity_last6_hmac:
            differs["identity"] = ("", _("登记证件"))
            _identify(worker, person)
        if not differs:
            self.report.unchanged += 1
            self.report.outcomes[person.line] = "same"
            return False
        self.report.changed += 1
        self.report.outcomes[person.line] = "changed"
        if len(self.report.changes) < SHOWN_CHANGES:
            self.report.changes.append(Change(person.line, worker.name, differs))
        worker.updated_at = self.now
        return True

    def _write(self, new: list[tuple[Row, Worker]], changed: list[Worker]) -> None:
        """Two statements a batch. A person or member number that somebody else
        registered since the check is left out by the database and reported here."""
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
            arrived = set(rows.values_list("identity_hmac", flat=True))
        for person, worker in new:
            if worker.identity_hmac in arrived:
                self.report.created += 1
                self.report.outcomes[person.line] = "new"
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
        named = self.reading.named
        rows = here.values_list("pk", "name", "identity_hmac").order_by("pk")
        gone = {
            pk: name
            for pk, name, key in rows.iterator()
            if bytes.fromhex(key) not in named
        }
        self.report.missing, self.report.gone = list(gone.values()), list(gone)
        if not whole:
            return
        if self.reading.unread:
            text = _("有身份证号码读不出的行，无法断定谁已离开，没有标记离开人员")
            self.report.notices.append(text)
            return
        self.report.left = len(gone)
        if gone and not self.is_dry:
            Worker.objects.filter(pk__in=gone).update(
                left_at=self.now, updated_at=self.now
            )


def _identify(worker: Worker, person: Row) -> None:
    worker.identity_hmac = person.key
    worker.identity_last4 = person.last4
    worker.identity_last6_hmac = person.last6


def _is_same(holder: Worker | None, person: Row, org: UnionOrg) -> bool:
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
