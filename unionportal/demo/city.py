"""A whole city: as many rows as the largest union of this kind would have.

Made in batches that meet the same constraints as everything else; what is there counts,
so a run that was broken off goes on where it stopped, and one more changes nothing.
People are invented: their numbers name a county that was never assigned, nobody of
them has a log-in.
"""

import random
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date, timedelta

from django.db import connection
from django.db.models import Max
from django.utils import timezone

from common import crypto
from common.services import indexing
from members import identity
from members.enums import UnionLevel
from members.models import UnionOrg, User, Worker
from news import services as news
from news.models import Article, Column
from unionportal.demo.members import CITY_CODE, GIVEN_NAMES, SURNAMES
from volunteers.enums import Evidence, RecordState, TeamKind
from volunteers.models import (
    TIMES,
    Membership,
    ServiceEvent,
    ServiceRecord,
    Skill,
    VolunteerProfile,
    VolunteerTeam,
)
from volunteers.services import chain, hours

Say = Callable[[str], None]

UNIONS, WORKERS, ARTICLES, VOLUNTEERS = 1_200, 300_000, 100_000, 20_000
RECORDS = 100_000  # of hours
BATCH = 1_000
_CROWD = 100  # at one service
LATEST = 30  # days: younger articles are those of the small scale
_SPAN = timedelta(days=20 * 365)  # over which the articles were published
_COUNTY = "510499"
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_TRADES = "机械 建筑 化工 纺织 物流 餐饮 家政 环卫 电力 水务 医药 教育 商贸 矿业 农机"
_TOPICS = (
    "技能比武 安全生产 夏送清凉 冬送温暖 职工书屋 健步行 集体协商 法律援助 女工关爱 "
    "金秋助学 劳动竞赛 班组建设 创新工作室 职工夜校 心理服务"
)
_DOINGS = "走进 举办 启动 推进 深化 组织 开展 落实"
_SENTENCES = (
    "{place}的工友们早早来到现场，带着自己的问题和想法",
    "工会干部把意见一条条记下来，当天就有了回复",
    "老师傅把多年的办法讲给年轻人听，边讲边做",
    "{topic}已经连续办了几年，报名的人一年比一年多",
    "大家说，离家近、时间合适，下了班就能来",
    "下一步还要把服务送到更多的班组和站点",
)


def make(
    say: Say,
    *,
    unions: int = UNIONS,
    workers: int = WORKERS,
    articles: int = ARTICLES,
    volunteers: int = VOLUNTEERS,
    records: int = RECORDS,
) -> None:
    """Top everything up to these numbers; ``say`` hears of each tenth."""
    _unions(say, unions)
    _workers(say, workers)
    _articles(say, articles)
    _volunteers(say, volunteers)
    _profiles(say)
    _hours(say, records)
    if indexing.sweep():
        say("The index of the search is made.")


def _told(say: Say, what: str, first: int, last: int) -> Iterator[range]:
    """Batches of the numbers from ``first`` to ``last``, reported tenth by tenth."""
    reported = first * 10 // max(last, 1)
    for start in range(first, last, BATCH):
        yield range(start, min(start + BATCH, last))
        tenth = min(start + BATCH, last) * 10 // last
        if tenth > reported:
            reported = tenth
            say(f"{what}: {tenth * 10} %")


def _unions(say: Say, wanted: int) -> None:
    """Grassroots unions below the counties and industries, in turn."""
    parents = list(UnionOrg.objects.districts())
    there = UnionOrg.objects.count()
    trades = _TRADES.split()
    for numbers in _told(say, "Unions", there, wanted):
        UnionOrg.objects.bulk_create(
            UnionOrg(
                parent=(parent := parents[n % len(parents)]),
                # three digits: the small scale's own have two
                code=f"{parent.code}{n // len(parents) + 100:03}",
                name=f"示例{trades[n % len(trades)]}第{n}工会",
                level=UnionLevel.GRASSROOTS,
            )
            for n in numbers
        )


def _workers(say: Say, wanted: int) -> None:
    orgs = list(
        UnionOrg.objects.filter(level=UnionLevel.GRASSROOTS)
        .order_by("code")
        .values_list("pk", flat=True)
    )
    given, now = GIVEN_NAMES.split(), timezone.now()
    there = Worker.objects.count()
    for numbers in _told(say, "Workers", there, wanted):
        made = []
        for n in numbers:
            number = identity_number(n)
            made.append(
                Worker(
                    union_org_id=orgs[n % len(orgs)],
                    name=SURNAMES[n % len(SURNAMES)]
                    + given[n // 7 % len(given)]
                    + given[n // 311 % len(given)][0],
                    member_number=f"SC{n:08}",
                    identity_hmac=crypto.digest("identity", number),
                    identity_last6_hmac=identity.last6_fingerprint(number[-6:]),
                    identity_last4=number[-4:],
                    is_member=n % 17 != 0,
                    is_frontline=n % 3 == 0,
                    is_migrant=n % 11 == 0,
                    created_at=now,
                )
            )
        Worker.objects.bulk_create(made)


def identity_number(n: int) -> str:
    """The n-th invented identity number: valid in every digit but of no county."""
    day = date(1962, 1, 1) + timedelta(days=n % 16_000)
    head = f"{_COUNTY}{day:%Y%m%d}{n // 16_000:03}"
    total = sum(w * int(digit) for w, digit in zip(_WEIGHTS, head, strict=True))
    return head + "10X98765432"[total % 11]


def _articles(say: Say, wanted: int) -> None:
    columns = list(Column.objects.order_by("pk"))
    topics, doings = _TOPICS.split(), _DOINGS.split()
    places = list(
        UnionOrg.objects.filter(code__startswith=CITY_CODE)
        .order_by("code")
        .values_list("name", flat=True)[:200]
    )
    there = Article.objects.count()
    latest = timezone.now() - timedelta(days=LATEST)
    for numbers in _told(say, "Articles", there, wanted):
        filings = []
        for n in numbers:
            dice = random.Random(n)  # noqa: S311  invented texts, the same each time
            place, topic = dice.choice(places), dice.choice(topics)
            filings.append(
                news.Filing(
                    column=columns[n % len(columns)],
                    content=news.Content(
                        title=f"{place}{dice.choice(doings)}{topic}（第{n}期）",
                        source_name=place,
                        body=_body(dice, place, topic),
                        bylines=(news.Credit("correspondent", "罗永安"),),
                    ),
                    publish_at=latest - _SPAN * n / wanted,
                )
            )
        news.file_articles(filings=filings, by=None)


def _body(dice, place, topic) -> str:
    paragraphs = []
    for _n in range(dice.randint(4, 9)):
        said = dice.sample(_SENTENCES, 4)
        text = "。".join(said).format(place=place, topic=topic)
        paragraphs.append(f"<p>{text}。</p>")
    return "".join(paragraphs)


def _volunteers(say: Say, wanted: int) -> None:
    """Workers who are in no team yet join the teams in turn."""
    teams = list(VolunteerTeam.objects.filter(is_active=True).order_by("pk"))
    there = Membership.objects.count()
    last = Membership.objects.aggregate(last=Max("worker"))["last"] or 0
    free = Worker.objects.filter(pk__gt=last, team_memberships=None).order_by("pk")
    people = list(free.values_list("pk", flat=True)[: max(wanted - there, 0)])
    joined = timezone.localdate() - timedelta(days=90)
    for numbers in _told(say, "Volunteers", there, there + len(people)):
        Membership.objects.bulk_create(
            Membership(
                team=teams[n % len(teams)],
                worker_id=people[n - there],
                is_home=True,
                joined_on=joined - timedelta(days=n % 900),
            )
            for n in numbers
        )


def _profiles(say: Say) -> None:
    """Each volunteer says what they can do, where and when."""
    skills = list(Skill.objects.order_by("pk").values_list("pk", flat=True))
    districts = list(UnionOrg.objects.districts().values_list("pk", flat=True))
    if not skills:
        return
    silent = Membership.objects.current().filter(worker__volunteer_profile=None)
    people = list(silent.order_by("worker").values_list("worker", flat=True).distinct())
    can, goes = (
        VolunteerProfile.skills.through,
        VolunteerProfile.districts.through,
    )
    for numbers in _told(say, "Profiles", 0, len(people)):
        made = VolunteerProfile.objects.bulk_create(
            VolunteerProfile(
                worker_id=people[n], free=sorted({n % TIMES, n // 7 % TIMES})
            )
            for n in numbers
        )
        can.objects.bulk_create(
            can(
                volunteerprofile_id=row.pk, skill_id=skills[row.worker_id % len(skills)]
            )
            for row in made
        )
        goes.objects.bulk_create(
            goes(
                volunteerprofile_id=row.pk,
                unionorg_id=districts[row.worker_id % len(districts)],
            )
            for row in made
        )


def _hours(say: Say, wanted: int) -> None:
    """Services of the teams in turn, one a week, at each some hundred of the team, and
    their hours as links of the chain."""
    staff = list(User.objects.filter(is_staff=True).order_by("pk")[:2])
    members = defaultdict(list)
    held = Membership.objects.current().order_by("worker")
    for team, worker in held.filter(worker__user=None).values_list("team", "worker"):
        members[team].append(worker)
    teams = sorted(members)
    there = ServiceRecord.objects.count()
    if len(staff) < 2 or not teams or there >= wanted:
        return
    latest = timezone.localtime().replace(hour=9, minute=0, second=0, microsecond=0)
    made, reported = there, there * 10 // wanted
    n = ServiceEvent.objects.count()
    while made < wanted:
        team, week = teams[n % len(teams)], n // len(teams)
        people = members[team]
        first = week * 37 % len(people)
        crowd = (people[first:] + people[:first])[: min(_CROWD, wanted - made)]
        _one_service(team, latest - timedelta(days=30 + week * 7), crowd, staff, n)
        made, n = made + len(crowd), n + 1
        if made * 10 // wanted > reported:
            reported = made * 10 // wanted
            say(f"Hours: {reported * 10} %")


def _one_service(team, starts_at, crowd, staff, n) -> None:
    recorder, confirmer = staff
    ends_at = starts_at + timedelta(hours=3)
    event = ServiceEvent.objects.create(
        team_id=team,
        title=f"便民服务第{n}场",
        kind=list(TeamKind)[n % len(TeamKind)],
        place="示例广场",
        starts_at=starts_at,
        ends_at=ends_at,
        closed_at=ends_at,
        made_by=recorder,
    )
    confirmed_at = ends_at + timedelta(days=1)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM"
            " generate_series(1, %s)",
            [ServiceRecord._meta.db_table, len(crowd)],
        )
        ids = [row[0] for row in cursor.fetchall()]
    records = [
        ServiceRecord(
            pk=pk,
            event=event,
            worker_id=worker,
            served_on=timezone.localdate(starts_at),
            length=event.minutes,
            minutes=120 + pk % 60,
            arrived_at=starts_at,
            left_at=ends_at,
            evidence_in=Evidence.CODE,
            evidence_out=Evidence.CODE,
            state=RecordState.CONFIRMED,
            recorded_by=recorder,
            recorded_at=ends_at,
            confirmed_by=confirmer,
            confirmed_at=confirmed_at,
            public_until=hours.public_until(confirmed_at),
        )
        for pk, worker in zip(ids, crowd, strict=True)
    ]
    chain.file(records)
