"""Two measured indicators for each of the four words 精准 多元 智慧 实效, each from
records alone: what was counted above, what below the line, and over which time. Where
nothing was recorded it says so."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Avg, Count, DurationField, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext as _

from common import dates
from volunteers.enums import JoinSide, NeedMove, NeedState
from volunteers.models import (
    JoinRequest,
    Need,
    NeedStep,
    VolunteerProfile,
    VolunteerTeam,
)

YEAR = timedelta(days=365)
ANSWER_WITHIN = timedelta(days=3)


@dataclass(frozen=True)
class Indicator:
    """``above`` and ``below`` are what is divided, with what each counts; ``value`` is
    written out, empty where there is nothing to divide by."""

    word: str
    title: str
    above_is: str
    below_is: str
    above: int
    below: int
    period: str
    value: str

    @property
    def has_data(self) -> bool:
        return bool(self.value)


def last_year(now: datetime | None = None) -> tuple[datetime, datetime]:
    """The twelve months up to now."""
    now = now or timezone.now()
    return now - YEAR, now


def year_of(year: int) -> tuple[datetime, datetime]:
    """One calendar year, up to now at the latest."""
    first, after = (timezone.make_aware(datetime(n, 1, 1)) for n in (year, year + 1))
    return first, min(after, timezone.now())


def measure(since: datetime, until: datetime) -> list[Indicator]:
    """The eight indicators of the time from ``since`` to before ``until``. Six
    statements."""
    period = dates.span(since, until - timedelta(seconds=1))
    filed = _of_filed(since, until)
    offers = _of_offers(since, until)
    ended = _of_ended(since, until)
    joined = _of_requests(since, until)
    told = _of_profiles()
    precise, diverse = _("精准"), _("多元")
    clever, real = _("智慧"), _("实效")
    return [
        _share(
            precise,
            _("需求承接率"),
            _("有队伍承接的需求（项）"),
            _("期内提出的需求，承接前撤回的除外（项）"),
            filed["taken"],
            filed["all"] - filed["gone"],
            period,
        ),
        _share(
            precise,
            _("指派采纳率"),
            _("队伍答应承接的指派（次）"),
            _("期内作出且已有答复的指派（次）"),
            offers["taken"],
            offers["taken"] + offers["declined"],
            period,
        ),
        _share(
            diverse,
            _("类别覆盖率"),
            _("有需求获承接的服务类别（类）"),
            _("期内有需求的服务类别（类）"),
            filed["kinds_taken"],
            filed["kinds"],
            period,
        ),
        _share(
            diverse,
            _("社会组织需求占比"),
            _("合作社会组织提出的需求（项）"),
            _("期内提出的全部需求（项）"),
            filed["partners"],
            filed["all"],
            period,
        ),
        _share(
            clever,
            _("入队申请3日答复率"),
            _("3日内答复的网上入队申请（件）"),
            _("期内提出、已满3日的网上入队申请，本人撤回的除外（件）"),
            joined["in_time"],
            joined["due"],
            period,
        ),
        _share(
            clever,
            _("志愿者资料完整率"),
            _("填了特长、地点和时间的队员（人）"),
            _("在队队员，一人只计一次（人）"),
            told["whole"],
            told["people"],
            _("截至%(day)s") % {"day": dates.day(timezone.now())},
        ),
        _share(
            real,
            _("需求办结率"),
            _("已完成的需求（项）"),
            _("时间在期内到期的需求，撤回的除外（项）"),
            ended["done"],
            ended["due"],
            period,
        ),
        _response(real, filed, period),
    ]


def _share(word, title, above_is, below_is, above, below, period) -> Indicator:
    value = f"{above * 100 / below:.1f}%" if below else ""
    return Indicator(word, title, above_is, below_is, above, below, period, value)


def _response(word, filed, period) -> Indicator:
    """Hours from filing to the first team that took it."""
    taken, mean = filed["taken"], filed["response"]
    value, total = "", 0
    if mean is not None:
        hours = mean.total_seconds() / 3600
        value, total = _("%(n).1f小时") % {"n": hours}, round(hours * taken)
    return Indicator(
        word,
        _("平均响应时间"),
        _("从提出到首次有队伍承接的时间之和（小时）"),
        _("期内提出并获承接的需求（项）"),
        total,
        taken,
        period,
        value,
    )


def _of_filed(since, until):
    first = NeedStep.objects.filter(need=OuterRef("pk"), move=NeedMove.TAKEN)
    taken = Q(first_taken_at__isnull=False)
    rows = Need.objects.filter(filed_at__gte=since, filed_at__lt=until).annotate(
        first_taken_at=Subquery(first.order_by("pk").values("at")[:1])
    )
    return rows.aggregate(
        all=Count("pk"),
        taken=Count("pk", filter=taken),
        gone=Count("pk", filter=Q(state=NeedState.WITHDRAWN) & ~taken),
        partners=Count("pk", filter=Q(partner__isnull=False)),
        kinds=Count("kind", distinct=True),
        kinds_taken=Count("kind", filter=taken, distinct=True),
        response=Avg(Cast(F("first_taken_at") - F("filed_at"), DurationField())),
    )


def _of_offers(since, until):
    """Offers that the team itself answered, after this offer and before another."""
    offers = NeedStep.objects.filter(move=NeedMove.OFFERED, at__gte=since, at__lt=until)
    later = NeedStep.objects.filter(need=OuterRef("need"), pk__gt=OuterRef("pk"))
    answer = later.order_by("pk").values("move")[:1]
    return offers.annotate(answer=Subquery(answer)).aggregate(
        taken=Count("pk", filter=Q(answer=NeedMove.TAKEN)),
        declined=Count("pk", filter=Q(answer=NeedMove.DECLINED)),
    )


def _of_ended(since, until):
    rows = Need.objects.filter(ends_at__gte=since, ends_at__lt=until)
    return rows.exclude(state=NeedState.WITHDRAWN).aggregate(
        due=Count("pk"), done=Count("pk", filter=Q(state=NeedState.DONE))
    )


def _of_requests(since, until):
    now = timezone.now()
    rows = JoinRequest.objects.filter(
        side=JoinSide.WORKER,
        asked_at__gte=since,
        asked_at__lt=min(until, now - ANSWER_WITHIN),
    ).exclude(state="withdrawn")
    in_time = Q(answered_at__lte=F("asked_at") + ANSWER_WITHIN)
    return rows.aggregate(due=Count("pk"), in_time=Count("pk", filter=in_time))


def _of_profiles():
    through = VolunteerProfile.skills.through, VolunteerProfile.districts.through
    held = [
        Exists(table.objects.filter(volunteerprofile=OuterRef("pk")))
        for table in through
    ]
    whole = VolunteerProfile.objects.of_volunteers().filter(*held).exclude(free=[])
    people = VolunteerTeam.objects.figures()["people"]
    return {"whole": whole.count(), "people": people}
