"""What an edition asks for: its dates checked against each other as a whole, its criteria
and papers, and the moment it is announced.

Lock order: AwardEdition, alone.
"""

from collections.abc import Collection
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Model, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from common import history, pagecache
from common.errors import Reason, Refusal
from common.workdays import end_of_period
from honors import errors
from honors.enums import DocumentKind, ProgramKind
from honors.models import (
    AwardEdition,
    AwardProgram,
    Criterion,
    JuryRound,
    RequiredDocument,
)
from honors.models.wall import MOST_VOTE_WEIGHT
from members.models import User

# of each its name, weight and description
CRAFTSMEN = [
    ("敬业专注", 20, "热爱本职岗位，长期专注一项技艺。"),
    ("品质至上", 25, "追求精益求精，产品和服务质量过硬。"),
    ("技艺超群", 35, "掌握绝技绝活，在同行中公认领先。"),
    ("传承创新", 20, "带徒传技，有技术革新成果。"),
]
OTHERS = [
    ("爱岗敬业", 40, "在平凡岗位上长期踏实工作。"),
    ("工作实绩", 40, "成绩突出，受到服务对象和同事认可。"),
    ("示范带动", 20, "带动身边的人，传递正能量。"),
]
# of each its name, kind, whether it is required, and whether of company heads only
PAPERS = [
    ("推荐表（盖章）", DocumentKind.SCAN, True, False),
    ("职代会或单位集体研究意见", DocumentKind.UNIT_OPINION, True, False),
    ("近期免冠照片", DocumentKind.PHOTO, False, False),
    ("税务部门意见", DocumentKind.OPINION, True, True),
    ("应急管理（安全生产）部门意见", DocumentKind.OPINION, True, True),
    ("社会保险经办机构意见", DocumentKind.OPINION, True, True),
    ("生态环境部门意见", DocumentKind.OPINION, True, True),
]


def give_defaults(program: AwardProgram) -> None:
    """Criteria and papers of a new award; staff change them."""
    criteria = CRAFTSMEN if program.kind == ProgramKind.CRAFTSMAN else OTHERS
    Criterion.objects.bulk_create(
        Criterion(
            program=program, name=name, weight=weight, description=said, position=n
        )
        for n, (name, weight, said) in enumerate(criteria, start=1)
    )
    RequiredDocument.objects.bulk_create(
        RequiredDocument(
            program=program,
            name=name,
            kind=kind,
            is_required=is_required,
            is_for_heads=is_for_heads,
            position=n,
        )
        for n, (name, kind, is_required, is_for_heads) in enumerate(PAPERS, start=1)
    )


def faults(edition: AwardEdition) -> list[Reason]:
    """What is wrong with the dates and numbers of an edition, taken together; each at
    the field to change. An edition without dates has none."""
    found: list[Reason] = []

    def wrong(text, field):
        found.append(Reason("dates", text, field=field))

    opens, closes = edition.nominations_open_at, edition.nominations_close_at
    if (opens is None) != (closes is None):
        wrong(
            _("推荐的开始和截止时间请一起填写。"),
            "nominations_close_at" if closes is None else "nominations_open_at",
        )
    elif opens and opens >= closes:
        wrong(_("推荐截止时间应晚于开始时间。"), "nominations_close_at")
    if (edition.jury_from is None) != (edition.jury_until is None):
        wrong(
            _("评审的开始和截止日请一起填写。"),
            "jury_until" if edition.jury_until is None else "jury_from",
        )
    if (edition.vote_opens_at is None) != (edition.vote_closes_at is None):
        wrong(
            _("投票的开始和截止时间请一起填写；不投票的都留空。"),
            "vote_closes_at" if edition.vote_closes_at is None else "vote_opens_at",
        )
    if edition.vote_weight > MOST_VOTE_WEIGHT:
        wrong(_("投票占总成绩不能超过40%。"), "vote_weight")
    elif edition.vote_weight and edition.vote_opens_at is None:
        wrong(_("投票计入总成绩的，请填写投票的起止时间。"), "vote_opens_at")
    found += _declared(edition)
    if not found:
        found += _out_of_order(edition)
    return found


def _declared(edition) -> list[Reason]:
    """By what a jury scores is said before it begins and holds to its end."""
    held = edition.pk and JuryRound.objects.filter(edition=edition.pk).first()
    if not held:
        return []
    names = {"score_method": held.method, "quorum": held.quorum}
    names["vote_weight"] = held.vote_weight
    return [
        errors.JURY_RULES_FIXED.at(name)
        for name, value in names.items()
        if getattr(edition, name) != value
    ]


def _out_of_order(edition) -> list[Reason]:
    """Each stage begins after the one before it has ended; those that are not filled in
    are passed over."""
    found = []
    stages = [
        (_("推荐"), "nominations_open_at", "nominations_close_at"),
        (_("县区（产业）审核"), "county_review_by", "county_review_by"),
        (_("评审"), "jury_from", "jury_until"),
    ]
    latest, latest_said = None, ""
    for said, first, last in stages:
        begins, ends = _day(edition, first), _day(edition, last, is_end=True)
        if begins is None or ends is None:
            continue
        if ends < begins:
            text = _("%(stage)s截止日不能早于开始日。") % {"stage": said}
            found.append(Reason("dates", text, field=last))
        elif latest and begins < latest:
            text = _("%(stage)s不能早于%(before)s截止（%(day)s）。")
            text %= {"stage": said, "before": latest_said, "day": latest.isoformat()}
            found.append(Reason("dates", text, field=first))
        latest, latest_said = max(ends, latest or ends), said
    closes, votes = edition.nominations_close_at, edition.vote_opens_at
    if votes and edition.vote_closes_at <= votes:
        text = _("投票截止时间应晚于开始时间。")
        found.append(Reason("dates", text, field="vote_closes_at"))
    if votes and closes and votes < closes:
        text = _("投票不能在推荐截止以前开始。")
        found.append(Reason("dates", text, field="vote_opens_at"))
    if edition.vote_closes_at:
        latest = max(latest or date.min, _day(edition, "vote_closes_at", is_end=True))
    if latest and edition.conferred_on and edition.conferred_on <= latest:
        text = _("表彰日期应在评审和投票结束（%(day)s）以后。")
        text %= {"day": latest.isoformat()}
        found.append(Reason("dates", text, field="conferred_on"))
    if not found and edition.nominations_open_at:
        found += _too_short(edition)
    return found


def _too_short(edition) -> list[Reason]:
    """A unit needs time for its notice within the days of nominating."""
    first = _day(edition, "nominations_open_at")
    try:
        last = end_of_period(
            first, edition.unit_notice_days, first_counts=edition.first_day_counts
        )
    except Refusal:  # of a year whose holidays are not known yet
        return []
    if last < _day(edition, "nominations_close_at", is_end=True):
        return []
    text = _("推荐期太短：单位公示%(n)d个工作日最早到%(day)s才结束。")
    text %= {"n": edition.unit_notice_days, "day": last.isoformat()}
    return [Reason("dates", text, field="nominations_close_at")]


def _day(edition, name, *, is_end=False) -> date | None:
    """The day of a date or moment; what ends at midnight ended the day before."""
    value = getattr(edition, name)
    if value is None or not hasattr(value, "hour"):
        return value
    return timezone.localtime(value - timedelta(microseconds=is_end)).date()


@transaction.atomic
@pagecache.publishes
@history.on_record
def save_parts(
    *, rows: Collection[Model], dropped: Collection[Model] = (), by: User | None
) -> None:
    """Store criteria and papers of an award, or rules of composition of an edition, as
    filled in on one page.

    Refusal: ``announced`` (an edition that is not conferred yet told everybody other
    ones), ``weights`` (criteria that do not add up to 100).
    """
    _not_announced([*rows, *dropped])
    for row in dropped:
        row.delete()
    for row in rows:
        row.save()
    programs = {
        row.program_id for row in [*rows, *dropped] if isinstance(row, Criterion)
    }
    for program in programs:
        if reason := _weights(program):
            raise Refusal(reason)


def _not_announced(rows: Collection[Model]) -> None:
    """What people were nominated by is what they are judged by."""
    told = AwardEdition.objects.filter(
        Q(program__in={row.program_id for row in rows if hasattr(row, "program_id")})
        | Q(pk__in={row.edition_id for row in rows if hasattr(row, "edition_id")}),
        announced_at__isnull=False,
        conferred_at__isnull=True,
    )
    # whoever announces one at this moment is waited for
    if edition := told.select_for_update(of=["self"]).first():
        text = _(
            "“%(edition)s”已经公布评选办法，授予之前不能更改标准、材料和结构要求。"
        )
        raise Refusal(Reason("announced", text % {"edition": edition}))


def _weights(program) -> Reason | None:
    total = Criterion.objects.filter(program=program).aggregate(n=Sum("weight"))["n"]
    if total in (None, 100):
        return None
    text = _("各项评选标准的权重加起来应为100，现在是%(n)d。") % {"n": total}
    return Reason("weights", text)


@transaction.atomic
@pagecache.publishes
@history.on_record
def announce(*, edition: AwardEdition, by: User | None) -> AwardEdition:
    """Make the page of an edition public and, when their time comes, its nominations
    open. Doing it twice changes nothing.

    Refusal: ``dates``, ``nominators_missing``, ``criteria_missing``, ``weights``.
    """
    edition = AwardEdition.objects.select_for_update().get(pk=edition.pk)
    if edition.announced_at is not None:
        return edition
    grounds = faults(edition)
    if edition.nominations_open_at is None:
        text = _("发布前请填写推荐的起止时间。")
        grounds.append(Reason("dates", text, field="nominations_open_at"))
    if not edition.nominators:
        grounds.append(errors.NOMINATORS_MISSING)
    if not Criterion.objects.filter(program=edition.program_id).exists():
        grounds.append(errors.CRITERIA_MISSING)
    elif reason := _weights(edition.program_id):
        grounds.append(reason)
    if grounds:
        raise Refusal(*grounds)
    edition.announced_at = timezone.now()
    edition.save(update_fields=["announced_at", "updated_at"])
    return edition


@transaction.atomic
@pagecache.publishes
@history.on_record
def take_back(*, edition: AwardEdition, by: User | None) -> AwardEdition:
    """Take an edition off the public pages again that was announced in error, as long
    as nobody has begun a nomination. Doing it twice changes nothing.

    Refusal: ``has_nominations``.
    """
    edition = AwardEdition.objects.select_for_update().get(pk=edition.pk)
    if edition.nominations.exists() or edition.proposals.exists():
        raise Refusal(errors.HAS_NOMINATIONS)
    edition.announced_at = None
    edition.save(update_fields=["announced_at", "updated_at"])
    return edition
