"""What is asked of the teams and who asks to come into them: skills, profiles, requests
and invitations that wait, needs answered and unanswered, the figures of the report."""

from datetime import datetime, time, timedelta

from django.utils import timezone

from common import crypto
from unionportal.demo.members import CITY_CODE, STEWARDED, City
from volunteers.enums import JoinMode, NeedMove, NeedState, Qualifier, ReportedOf
from volunteers.enums import TeamKind as Kind
from volunteers.models import (
    JoinRequest,
    Need,
    NeedStep,
    Partner,
    ReportedFigure,
    Skill,
    VolunteerTeam,
)
from volunteers.services import joining, needs, profiles

COORDINATOR, STEWARD, PARTNER, LEADER = 17, 6, 18, 10
SKILLS = [
    "急救",
    "量血压",
    "家电维修",
    "电焊",
    "法律咨询",
    "摄影",
    "主持",
    "手语",
    "理发",
    "心理疏导",
    "课业辅导",
    "写春联",
    "开车",
    "讲安全",
]
SOURCE = "《攀枝花日报》2018年6月1日"
# figure, value, how soft, unit
REPORTED = [
    (ReportedOf.TEAMS, 30, Qualifier.EXACT, "支"),
    (ReportedOf.PEOPLE, 20000, Qualifier.NEARLY, "人"),
    (ReportedOf.SERVICES, 600, Qualifier.OVER, "场（次）"),
    (ReportedOf.SERVED, 19000, Qualifier.OVER, "人（次）"),
]
OPEN_TO_ALL = {"红星志愿服务队", "仁和区环保志愿服务队"}
BY_INVITATION = {"示例中心医院义诊队", "攀煤应急救援志愿队"}
ASKING = {
    103: "每周三休息，想在站台上帮忙。",
    105: "会手语，愿意做引导。",
    107: "",
}
PHONE = "13900000300"  # of nobody

# who asks, title, kind, district below the city's, place, days ahead, hour, hours,
# people, skills, what became of it
COMING = [
    ("partner", "社区老人量血压", Kind.HEALTH, "02", "炳草岗社区活动室", 6, 9, 3, 4,
     ["量血压", "急救"], ""),
    ("partner", "独居老人家电检修", Kind.SKILL, "03", "清香坪社区", 9, 14, 3, 3,
     ["家电维修"], ""),
    ("partner", "开学季站台引导", Kind.CIVILITY, "02", "大渡口公交站", 4, 7, 2, 6, [],
     "offered"),
    ("partner", "社区路口文明劝导", Kind.CIVILITY, "03", "河门口路口", 8, 7, 2, 4, [],
     "taken"),
    ("steward", "夜班驾驶员法律咨询", Kind.LAW, "02", "公交公司调度室", 7, 20, 2, 2,
     ["法律咨询"], ""),
    ("steward", "职工子女课后辅导", Kind.CARE, "02", "公交公司职工之家", 5, 16, 2, 3,
     ["课业辅导"], "taken"),
    ("county", "新春写春联送春联", Kind.CULTURE, "11", "仁和镇广场", 20, 9, 4, 8,
     ["写春联"], "declined"),
]  # fmt: skip
# who asks, title, kind, district, days ago, hours until it was taken (None: never),
# how it ended, team, reason
PAST = [
    ("partner", "敬老院理发", Kind.CARE, "03", 40, 5, NeedState.DONE,
     "示例建筑公司工友互助队", ""),
    ("partner", "社区急救培训", Kind.HEALTH, "02", 55, 20, NeedState.DONE,
     "卫生志愿服务队", ""),
    ("steward", "车队安全讲座", Kind.SAFETY, "02", 33, 9, NeedState.DONE,
     "示例骑手随手拍志愿队", ""),
    ("county", "河岸清理", Kind.GREEN, "11", 70, 3, NeedState.DONE,
     "仁和区环保志愿服务队", ""),
    ("partner", "手语翻译", Kind.OTHER, "02", 28, None, NeedState.UNMET, "",
     "当天没有会手语的队员有空"),
    ("steward", "站台遮阳棚维修", Kind.SKILL, "02", 25, None, NeedState.WITHDRAWN, "",
     "施工单位已修好"),
    ("partner", "社区广场便民维修", Kind.SKILL, "03", 4, 6, NeedState.TAKEN,
     "示例机修公司便民维修队", ""),
]  # fmt: skip


def make(city: City) -> int:
    """All of it; how many needs."""
    _figures(city)
    skills = _skills(city)
    _modes(city)
    _profiles(city, skills)
    _requests(city)
    partner = profiles.save_partner(
        partner=Partner(name="示例邻里公益服务中心", about="助老、助残、社区便民"),
        by=city.staff[COORDINATOR],
        account_phone="13900000018",
    )
    profiles.save_partner(
        partner=Partner(name="示例暖阳助老协会", about="居家养老"),
        by=city.staff[COORDINATOR],
    )
    askers = {
        "partner": ({"partner": partner}, city.staff[PARTNER]),
        "steward": ({"union_org": city.unions[STEWARDED]}, city.staff[STEWARD]),
        "county": (
            {"union_org": city.unions[f"{CITY_CODE}11"]},
            city.staff[COORDINATOR],
        ),
    }
    for row in COMING:
        _coming(city, askers, skills, *row)
    for row in PAST:
        _past(city, askers, *row)
    _grow_old()
    return len(COMING) + len(PAST)


def _figures(city):
    for of, value, qualifier, unit in REPORTED:
        profiles.save_figure(
            figure=ReportedFigure(
                of=of, value=value, qualifier=qualifier, unit=unit, source=SOURCE
            ),
            by=city.staff[COORDINATOR],
        )


def _skills(city) -> dict[str, Skill]:
    return {
        name: profiles.save_skill(skill=Skill(name=name), by=city.staff[COORDINATOR])
        for name in SKILLS
    }


def _modes(city):
    """Who takes whom: most by request, some freely, some by invitation, others nobody."""
    for team in VolunteerTeam.objects.all():
        mode = JoinMode.REQUEST if team.is_recruiting else JoinMode.CLOSED
        if team.name in OPEN_TO_ALL:
            mode = JoinMode.FREE
        elif team.name in BY_INVITATION:
            mode = JoinMode.INVITATION
        joining.set_joining(
            team=team, join_mode=mode, is_recruiting=team.is_recruiting, by=None
        )


def _profiles(city, skills):
    """What volunteers with a log-in said of themselves; not all of them did."""
    names = list(skills)
    districts = [
        city.unions[CITY_CODE + code] for code in ("02", "03", "11", "21", "22")
    ]
    for number, worker in city.members.items():
        if number < 120 or number % 2:
            continue
        profiles.save_profile(
            worker=worker,
            by=worker.user,
            skills=[skills[names[(number + k) % len(names)]] for k in (0, 5)],
            districts=[districts[number // 2 % 5], districts[(number // 2 + 1) % 5]],
            free=[15, 16, 18, 19] if number % 4 else [number % 7 * 3, 17, 20],
        )


def _requests(city):
    """Three ask to come in, one is told no, one who has come and gone; two teams would
    like the first of those who try."""
    led = city.leader.led_teams.get()
    for number, message in ASKING.items():
        worker = city.members[number]
        joining.ask_to_join(team=led, worker=worker, by=worker.user, message=message)
    refused = city.members[109]
    asked = joining.ask_to_join(team=led, worker=refused, by=refused.user)
    joining.decline_request(
        request=asked, by=city.staff[LEADER], answer="本月名额已满，下月请再申请。"
    )
    first = city.members[100]
    wanted = [
        (led, city.staff[LEADER], "站台缺人手，您家离得近。"),
        (
            VolunteerTeam.objects.get(name="示例中心医院义诊队"),
            city.staff[COORDINATOR],
            "",
        ),
    ]
    for team, by, message in wanted:
        joining.invite(
            team=team,
            name=first.name,
            number=first.member_number,
            by=by,
            message=message,
        )


def _coming(
    city, askers, skills, asker, title, kind, below, place, ahead, hour, hours, people,
    wanted, became,
):  # fmt: skip
    who, by = askers[asker]
    starts_at = _moment(ahead, hour)
    need = needs.file_need(
        need=Need(
            title=title,
            kind=kind,
            district=city.unions[CITY_CODE + below],
            place=place,
            starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=hours),
            people=people,
            contact_name="联络员",
            **who,
        ),
        by=by,
        skills=[skills[name] for name in wanted],
        contact_phone=PHONE,
    )
    coordinator = city.staff[COORDINATOR]
    led = city.leader.led_teams.get()
    if became == "offered":
        needs.offer(need=need, team=led, by=coordinator)
    elif became == "taken" and asker == "partner":
        team = city.partner.led_teams.get()
        needs.take(need=need, team=team, by=coordinator)
    elif became == "taken":
        needs.take(need=need, team=led, by=city.staff[LEADER])
    elif became == "declined":
        needs.offer(need=need, team=led, by=coordinator)
        reason = "队里没有会写春联的，路也远。"
        needs.decline(need=need, by=city.staff[LEADER], reason=reason)


def _past(city, askers, asker, title, kind, below, ago, hours, state, team, reason):
    """A need of before: nobody can file one now, so its rows are written as they would
    be."""
    who, by = askers[asker]
    filed_at = timezone.now() - timedelta(days=ago + 6)
    taken_at = filed_at + timedelta(hours=hours) if hours else None
    starts_at = _moment(-ago, 9)
    ended_at = starts_at + timedelta(hours=3) if taken_at else filed_at + timedelta(3)
    if state == NeedState.TAKEN:  # nobody has said yet that it was done
        ended_at = None
    found = VolunteerTeam.objects.get(name=team) if team else None
    need = Need.objects.create(
        title=title,
        kind=kind,
        district=city.unions[CITY_CODE + below],
        place="社区活动室",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=3),
        people=4,
        contact_name="联络员",
        contact_cipher=crypto.seal(PHONE),
        filed_by=by,
        filed_at=filed_at,
        taken_at=taken_at,
        ended_at=ended_at,
        state=state,
        team=found,
        reason=reason,
        **who,
    )
    steps = [(NeedMove.FILED, filed_at, None, "")]
    if taken_at:
        steps.append((NeedMove.TAKEN, taken_at, found, ""))
    if ended_at:
        steps.append((NeedMove(state.value), ended_at, found, reason))
    NeedStep.objects.bulk_create(
        NeedStep(need=need, move=move, at=at, team=of, reason=why, by=by)
        for move, at, of, why in steps
    )


def _moment(ahead: int, hour: int) -> datetime:
    day = timezone.localdate() + timedelta(days=ahead)
    return timezone.make_aware(datetime.combine(day, time(hour)))


def _grow_old() -> None:
    """They have waited for some days; the first request too long."""
    now = timezone.now()
    waiting = JoinRequest.objects.open().order_by("pk")
    for n, pk in enumerate(waiting.values_list("pk", flat=True)):
        JoinRequest.objects.filter(pk=pk).update(asked_at=now - timedelta(days=5 - n))
