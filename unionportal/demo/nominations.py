"""An edition that takes nominations: drafts, a notice that is over and what came back for
the steward, what waits for a county's reviewer and for the honours secretary, and what
workers proposed to their union. The persons are workers of the demonstration."""

from collections import Counter
from datetime import datetime, time, timedelta

from django.core.files.base import ContentFile
from django.utils import timezone

from honors import services
from honors.enums import Gender, Industry
from honors.enums import NominationRole as Role
from honors.enums import NominationState as State
from honors.models import (
    AwardEdition,
    AwardProgram,
    Nomination,
    NominationStep,
)
from honors.services import editions, nominations, papers, proposals
from unionportal.demo import honours
from unionportal.demo.members import CITY_CODE, STEWARDED, City

STEWARD, SECRETARY, REVIEWER = 6, 7, 16
OPENED, CLOSES = 20, 25  # days ago, days ahead
W, M = Gender.WOMAN, Gender.MAN

# unit below the city's code, gender, position, industry, flags, brief, where it is, and
# why, if that was said
PEOPLE = [
    ("0201", M, "公交驾驶员", Industry.TRANSPORT, "frontline",
     "驾驶公交车二十二年，安全行车近百万公里；整理出一条线路的路况图，新司机人手一份。",
     State.DRAFT, ""),
    ("0201", M, "车辆维修技师", Industry.MACHINERY, "frontline",
     "自制七种拆装工具，把一台变速箱的检修时间缩短一半；带出十一名徒弟，三人已能独立带班。",
     State.UNIT_NOTICE, ""),
    ("0201", W, "线路调度员", Industry.TRANSPORT, "frontline",
     "重排三条夜班线的时刻，让下夜班的工友都赶得上末班车；编写的调度口诀全公司沿用。",
     State.RETURNED, "推荐表没有盖章，请盖章后重新扫描上传。"),
    ("0201", M, "安全检查员", Industry.TRANSPORT, "",
     "查出隐患四百余处，处处有整改记录；把检查方法编成图册，车间班前会每天讲一页。",
     State.UNIT_SUBMITTED, ""),
    ("0202", W, "手术室护士长", Industry.HEALTH, "frontline",
     "配合手术六千余台，器械清点从未出错；改进的摆台方法在全院推广。",
     State.UNIT_SUBMITTED, ""),
    ("0203", W, "科学教师", Industry.EDUCATION, "frontline",
     "用废旧材料做出六十多件教具，带学生办起校园气象站；公开课教案供全区使用。",
     State.UNIT_SUBMITTED, ""),
    ("0301", M, "锅炉检修工", Industry.MINING, "frontline",
     "攻下受热面磨损难题，机组连续运行天数创下本厂纪录；两项革新成果已推广。",
     State.COUNTY_REVIEW, "同意推荐。"),
    ("8101", M, "高炉配管工", Industry.STEEL, "frontline migrant",
     "在高温岗位上干了十九年，焊过的管线没有返修；总结的检漏办法写进了操作规程。",
     State.COUNTY_REVIEW, "同意推荐。"),
    ("0302", M, "供水公司负责人", Industry.PUBLIC, "head",
     "带领职工改造老旧管网，漏损率逐年下降；坚持每月到抢修一线值班。",
     State.COUNTY_REVIEW, "同意推荐，有关部门意见正在补。"),
    ("8102", W, "探伤工", Industry.STEEL, "frontline",
     "看过的探伤曲线装满三个柜子，判断准确，多次避免批量质量事故。",
     State.ELIGIBLE, "同意推荐。"),
    ("1101", W, "果品分级工", Industry.FARMING, "frontline migrant",
     "把看色、听声、掂分量的经验编成口诀，教会两百多名务工姐妹，果品等级率明显提高。",
     State.ELIGIBLE, "同意推荐。"),
    ("2201", M, "闸门运行工", Industry.BUILDING, "frontline",
     "守护泄洪闸十五年，汛期操作从未失误。",
     State.REJECTED, "从事本岗位的年限不符合本届条件。"),
]  # fmt: skip
# who of the stewarded union proposes (how manieth of those with a log-in), whom (empty:
# themselves), position, reason, answer if the union has said no
PROPOSED = [
    (0, "", "公交驾驶员", "开夜班车十四年，自学手语，能和听障乘客简单交谈。", ""),
    (1, "袁师傅", "车身修补工", "手艺好，肯教人，我们几个都是他带出来的。", ""),
    (2, "", "票务员", "今年岗位练兵得了第一名。", "今年名额已定，明年请再提出。"),
]
AGREED = "同意推荐。"


def make(city: City) -> int:
    """The edition with everything in it; how many nominations."""
    edition = _edition(city)
    turns = Counter()
    used = Counter()
    for row in PEOPLE:
        _bring(city, edition, turns, used, *row)
    _propose(city, edition)
    return len(PEOPLE)


def _edition(city) -> AwardEdition:
    program = AwardProgram.objects.get(name=honours.CRAFTSMEN["name"])
    last = AwardEdition.objects.filter(program=program).order_by("-year")[0]
    by, today = city.staff[SECRETARY], timezone.localdate()
    edition = AwardEdition(
        program=program,
        year=last.year + 1,
        title=f"{last.year + 1}年“{program.name}”",
        intro="面向全市各行各业，寻找技艺精湛、肯带徒弟、把活做到极致的一线职工。",
        quota=12,
        unit_quota=3,
        nominators="全市各级基层工会。人选须为在岗职工，从事本岗位满十年，"
        "近五年没有违纪违法和安全责任事故。",
        nominations_open_at=_moment(today - timedelta(OPENED), 9),
        nominations_close_at=_moment(today + timedelta(CLOSES), 18),
        county_review_by=today + timedelta(CLOSES + 10),
        jury_from=today + timedelta(CLOSES + 14),
        jury_until=today + timedelta(CLOSES + 24),
        vote_opens_at=_moment(today + timedelta(CLOSES + 14), 9),
        vote_closes_at=_moment(today + timedelta(CLOSES + 24), 18),
        vote_weight=20,
        conferred_on=max(
            honours.conferred_on(last.year + 1), today + timedelta(CLOSES + 60)
        ),
        awarding_body=last.awarding_body,
    )
    edition = services.save_award(award=edition, by=by)
    honours.compose(edition, heads=10, by=by)
    return editions.announce(edition=edition, by=by)


def _bring(
    city, edition, turns, used, below, gender, position, industry, flags, brief, state,
    why,
):  # fmt: skip
    """One nomination of a unit, which went its way on days before today; the steps are
    written as they would have been."""
    unit = city.unions[CITY_CODE + below]
    worker = [one for one in city.roster if one.union_org_id == unit.pk][used[below]]
    used[below] += 1
    clerk = city.staff[STEWARD] if unit.code == STEWARDED else _login_of(city, below)
    nomination = Nomination(
        edition=edition, unit=unit, worker=worker, name=worker.name, gender=gender,
        employer=unit.name.removesuffix("工会"), position=position, industry=industry,
        brief=brief, created_by=clerk,
        is_frontline="frontline" in flags, is_migrant="migrant" in flags,
        is_head="head" in flags,
    )  # fmt: skip
    if state != State.DRAFT:
        person = (worker.name, gender, nomination.employer, position, industry, "")
        nomination.deeds = honours.story(person, turns).format(
            name=worker.name, employer=nomination.employer, position=position
        )
    nomination.save()
    nomination.refresh_from_db()
    if state == State.DRAFT:
        return
    add_papers(nomination, clerk)
    county = city.staff[REVIEWER]
    if below[:2] != "02":  # nobody of the demonstration reviews there
        county = _login_of(city, below, turn=1)
    city_said = (State.ELIGIBLE, State.REJECTED)
    steps = [
        (State.UNIT_NOTICE, Role.STEWARD, clerk, ""),
        (State.UNIT_SUBMITTED, Role.STEWARD, clerk, ""),
        (State.COUNTY_REVIEW, Role.REVIEWER, county, AGREED),
    ]
    if state in city_said:
        steps.append((state, Role.SECRETARY, city.staff[SECRETARY], why))
    elif state == State.COUNTY_REVIEW:
        steps[2] = (*steps[2][:3], why)
    else:
        steps = steps[: {State.UNIT_NOTICE: 1}.get(state, 2)]
    for days, (to, role, by, reason) in zip((18, 9, 6, 2), steps, strict=False):
        step(nomination, to, role, by, days, reason)
    if state == State.RETURNED:  # today, and the unit is told
        nominations.send_back(nomination=nomination, by=county, reason=why)


def step(nomination, to, role, by, days, reason=""):
    """One step as it was taken so many days ago."""
    at = timezone.now() - timedelta(days=days)
    if to == State.UNIT_NOTICE:
        nomination.unit_notice_from = at.date() + timedelta(days=1)
        nomination.unit_notice_until = at.date() + timedelta(days=8)
        nomination.unit_notice_place = "单位门口公告栏"
        nomination.unit_notice_digest = nomination.content_digest
    elif to == State.UNIT_SUBMITTED:
        nomination.submitted_at = at
    NominationStep.objects.create(
        nomination=nomination, from_state=nomination.state, to_state=to, role=role,
        by=by, at=at, reason=reason, version=nomination.version,
        content_digest=nomination.content_digest,
    )  # fmt: skip
    nomination.state = to
    nomination.save()
    nomination.refresh_from_db()


def add_papers(nomination, by):
    """Every paper that each nomination needs; those of company heads are missing."""
    for asked in papers.asked_of(nomination):
        if asked.is_required and not asked.is_for_heads:
            upload = ContentFile(_blank_pdf(), name=f"{asked.name}.pdf")
            papers.keep(nomination=nomination, upload=upload, required=asked, by=by)


def _propose(city, edition):
    unit = city.unions[STEWARDED]
    mine = [
        worker for worker in city.members.values() if worker.union_org_id == unit.pk
    ]
    for turn, name, position, reason, answer in PROPOSED:
        proposer = mine[-1 - turn]
        made = proposals.propose(
            edition=edition, proposer=proposer, by=proposer.user, reason=reason,
            is_self=not name, name=name, position=position,
        )  # fmt: skip
        if answer:
            proposals.decline(proposal=made, by=city.staff[STEWARD], answer=answer)


def _login_of(city, below, turn=0):
    """A log-in of somebody who works in this union, or else in its county."""
    county = CITY_CODE + below[:2]
    found = [
        worker
        for worker in city.members.values()
        if worker.union_org.code.startswith(county)
    ]
    found.sort(key=lambda worker: worker.union_org.code != CITY_CODE + below)
    return found[turn].user


def _moment(day, hour) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour)))


def _blank_pdf() -> bytes:
    """One empty page of A4."""
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>",
    ]
    made, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, start=1):
        places.append(len(made))
        made += b"%d 0 obj%sendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return (
        made
        + b"xref\n0 4\n0000000000 65535 f \n"
        + table
        + b"trailer<</Size 4/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % len(made)
    )
