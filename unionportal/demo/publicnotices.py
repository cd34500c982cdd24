"""公示 in three states: an edition whose people are before the public now, with an open
objection in the docket; one whose days are over and which waits to be approved; and one
that was conferred, with certificates and a group. The steps and periods lie on days
before today, as they would have been."""

import uuid
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from common.errors import Refusal
from common.workdays import end_of_period, is_workday
from honors import services
from honors.enums import (
    Gender,
    Industry,
    Level,
    ObjectionKind,
    ObjectionSource,
    ProgramKind,
)
from honors.enums import NominationRole as Role
from honors.enums import NominationState as State
from honors.models import (
    AwardEdition,
    AwardProgram,
    Honoree,
    Nomination,
    NoticeEntry,
    PublicNotice,
)
from honors.services import (
    editions,
    noticeperiods,
    objections,
    oldhonours,
    publicnotices,
)
from unionportal.demo import honours
from unionportal.demo.album import Album
from unionportal.demo.members import CITY_CODE, FIRST_BUSY_MEMBER, City
from unionportal.demo.nominations import SECRETARY, add_papers, step

W, M, GROUP = Gender.WOMAN, Gender.MAN, ""
WORKDAYS = 5
NOMINATORS = "全市各级基层工会。人选须为在岗职工，近五年没有违纪违法和安全责任事故。"

PIONEERS = {
    "name": "攀枝花市行业文明先锋",
    "kind": ProgramKind.CIVIL_PIONEER,
    "intro": "授予在窗口、班组和一线岗位上带头讲文明、树新风的职工和集体。",
}
MEDAL = {
    "name": "攀枝花市五一劳动奖章",
    "kind": ProgramKind.LABOUR_MEDAL,
    "intro": "授予在经济社会发展中作出突出贡献的职工。",
}

# union below the city's code, gender or GROUP, name of a group, position, industry,
# whether on the front line, brief
RUNNING = [
    ("8103", M, "", "轧钢操作工", Industry.STEEL, True,
     "把二十年的压下经验整理成参数表，全班换规格的时间缩短近一半。"),
    ("0202", W, "", "检验技师", Industry.HEALTH, True,
     "建起标本复核制度，危急值报告没有漏过一次。"),
    ("1102", M, "", "叉车班长", Industry.TRANSPORT, True,
     "带班十一年零事故，编写的装卸图册被多家企业借用。"),
    ("2102", W, "", "蔬菜技术员", Industry.FARMING, True,
     "试种成功九个新品种，手把手教会周边农户错峰上市。"),
    ("8201", M, "", "掘进队队长", Industry.MINING, True,
     "推行班前风险辨识，队里连续六年没有轻伤以上事故。"),
    ("0302", W, "", "水质检测员", Industry.PUBLIC, True,
     "每天取样走遍十二个点，检测记录经得起任何一次抽查。"),
]  # fmt: skip
OVER = [
    ("0203", W, "", "语文教师", Industry.EDUCATION, True,
     "坚持家访十六年，班里没有一个孩子掉队。"),
    ("8301", M, "", "维修电工", Industry.MACHINERY, True,
     "自学变频技术，修好的旧设备为厂里节约上百万元。"),
    ("0204", M, "", "快递员", Industry.TRANSPORT, True,
     "送件路上三次救人，从不对人提起。"),
    ("2101", W, "", "乡村医生", Industry.HEALTH, True,
     "翻山越岭为老人送药，药箱背坏了四个。"),
]  # fmt: skip
CONFERRED = [
    ("0201", W, "", "公交驾驶员", Industry.TRANSPORT, True,
     "十年如一日礼让斑马线，车厢成了流动的文明课堂。"),
    ("0202", W, "", "导诊护士", Industry.HEALTH, True,
     "记住老病号的名字和忌口，一句话就让人安心。"),
    ("0302", M, "", "管道抢修工", Industry.PUBLIC, True,
     "抢修完总把路面扫干净再走，居民写来的感谢信贴满一面墙。"),
    ("8302", M, "", "钢筋工", Industry.BUILDING, True,
     "工地上第一个戴好安全帽，也帮每个新来的工友戴好。"),
    ("8101", GROUP, "高炉配管甲班", "", Industry.STEEL, False,
     "全班二十三人，连续五年没有违章，交接班记录成为样本。"),
]  # fmt: skip
GROUP_DEEDS = (
    "甲班的交接班从不少于二十分钟：设备看一遍，记录对一遍，没有说清楚的事不下班。\n\n"
    "班里有一面“提醒墙”，谁都可以贴，贴了就有人改。五年下来，墙上的纸条越来越少，"
    "说话的人越来越多。"
)


@dataclass
class Call:
    """An edition with the days on which its stages were."""

    program: AwardProgram
    year: int
    opened: date
    closed: date
    jury: tuple[date, date]
    starts_on: date
    conferred_on: date
    doc_no: str = ""
    most_heads: int | None = None  # per cent of the list; None without such rules
    people: list = field(default_factory=list)

    @property
    def title(self):
        return f"{self.year}年“{self.program.name}”"


# as a typed list from the archive: a year, a title, a name, and of some an employer
OLD = """年份,荣誉称号,姓名,单位,级别,县区
1978,四川省劳动模范,岳长林,,省级,
1978,四川省劳动模范,欧阳铁,攀枝花第一矿,省级,西区
1985,四川省劳动模范,卜桂芳,,省级,仁和区
1989,全国先进工作者,古丽,第二医院,国家级,东区
1995,四川省劳动模范,仇大川,攀枝花第一矿,省级,西区
1995,四川省劳动模范,司马光明,,省级,
2000,四川省五一劳动奖状,轨梁二班,示例轨梁厂,省级,攀钢工会
2005,四川省劳动模范,达娃卓玛,,省级,盐边县
"""


def make(city: City) -> int:
    """The three editions, and a list of old honours; how many notices are up. Where the days off are not known, a
    list stays on the secretary's desk, as it would."""
    by, today = city.staff[SECRETARY], timezone.localdate()
    old = oldhonours.upload(
        file_name="历年劳模名单.csv", content=OLD.encode(), by=by, is_to_check=False
    )
    oldhonours.apply(honour_import=old, by=by, is_public=True)
    made, turns, used = 0, Counter(), Counter()
    for call, state in _calls(by, today):
        edition = nominated(city, call, turns, used)
        try:
            notice = _noticed(edition, call.starts_on, by)
        except Refusal:
            continue
        made += 1
        if state == State.CITY_NOTICE:
            _oppose(notice)
        elif state == State.APPROVED:
            _opposed_in_vain(notice, by)
        else:
            _conferred(notice, call, by)
    return made


def _calls(by, today) -> list[tuple[Call, State]]:
    beautiful = AwardProgram.objects.get(name=honours.BEAUTIFUL["name"])
    medal, pioneers = (
        services.save_award(
            award=AwardProgram(level=Level.CITY, position=position, **facts), by=by
        )
        for position, facts in ((3, MEDAL), (4, PIONEERS))
    )
    newest = honours.newest_year(today)

    def ago(*days):
        return tuple(today - timedelta(n) for n in days)

    opened, closed, *jury = ago(75, 45, 38, 25)
    running = Call(
        medal, newest + 1, opened, closed, tuple(jury), _workday_before(today),
        today + timedelta(20), people=RUNNING,
    )  # fmt: skip
    opened, closed, *jury, starts_on = ago(100, 70, 60, 45, 22)
    over = Call(
        beautiful, newest + 1, opened, closed, tuple(jury), starts_on,
        today + timedelta(12), people=OVER,
    )  # fmt: skip
    day = honours.conferred_on(newest)
    opened, closed, first, last, starts_on = (
        day - timedelta(n) for n in (110, 70, 60, 45, 20)
    )
    conferred = Call(
        pioneers, newest, opened, closed, (first, last), starts_on, day,
        doc_no=f"攀工发〔{newest}〕12号", people=CONFERRED,
    )  # fmt: skip
    return [
        (running, State.CITY_NOTICE),
        (over, State.APPROVED),
        (conferred, State.CONFERRED),
    ]


def _workday_before(day) -> date:
    """So that the period that begins on it is not over today."""
    try:
        day -= timedelta(1)
        while not is_workday(day):
            day -= timedelta(1)
    except Refusal:
        return day
    return day


def nominated(city, call, turns, used, *, until=State.SHORTLISTED) -> AwardEdition:
    """An edition whose nominations have come to ``until``. The tables take nominations
    while they are open by the clock: the days that were come after them."""
    by, now = city.staff[SECRETARY], timezone.now()
    edition = services.save_award(
        award=AwardEdition(
            program=call.program, year=call.year, title=call.title,
            nominators=NOMINATORS, quota=len(call.people), doc_no=call.doc_no,
            awarding_body=honours.CONFERRED_BY, notice_days=WORKDAYS,
            nominations_open_at=now - timedelta(days=60),
            nominations_close_at=now + timedelta(days=1),
        ),
        by=by,
    )  # fmt: skip
    if call.most_heads is not None:
        honours.compose(edition, heads=call.most_heads, by=by)
    edition = editions.announce(edition=edition, by=by)
    for row in call.people:
        _bring(city, call, edition, turns, used, until, *row)
    AwardEdition.objects.filter(pk=edition.pk).update(
        announced_at=_at(call.opened, 8),
        nominations_open_at=_at(call.opened, 9),
        nominations_close_at=_at(call.closed, 18),
        jury_from=call.jury[0],
        jury_until=call.jury[1],
        conferred_on=call.conferred_on,
    )
    edition.refresh_from_db()
    return edition


def _bring(
    city, call, edition, turns, used, until, below, gender, name, position, industry,
    is_frontline, brief, flags="",
):  # fmt: skip
    unit = city.unions[CITY_CODE + below]
    # those with a log-in can print their certificate; who tries the site stays clean
    people = [
        *(worker for n, worker in city.members.items() if n >= FIRST_BUSY_MEMBER + 20),
        *city.roster,
    ]
    of_unit = [one for one in people if one.union_org_id == unit.pk]
    logged_in = [one for one in of_unit if one.user_id]
    worker = None
    if gender != GROUP:
        worker = of_unit[used[below]]
        used[below] += 1
        name = worker.name
    clerk = logged_in[-1].user
    employer = unit.name.removesuffix("工会")
    deeds = GROUP_DEEDS
    if worker:
        person = (name, gender, employer, position, industry, "")
        deeds = honours.story(person, turns).format(
            name=name, employer=employer, position=position
        )
    nomination = Nomination.objects.create(
        edition=edition, unit=unit, worker=worker, name=name, gender=gender,
        is_group=worker is None, employer=employer, position=position,
        industry=industry, brief=brief, deeds=deeds, created_by=clerk,
        is_frontline=is_frontline, is_migrant="migrant" in flags,
        is_head="head" in flags,
    )  # fmt: skip
    nomination.refresh_from_db()
    add_papers(nomination, clerk)
    by, county, today = city.staff[SECRETARY], logged_in[0].user, timezone.localdate()
    agreed = "同意推荐。"
    first, last = call.jury
    for to, role, who, day, reason in (
        (State.UNIT_NOTICE, Role.STEWARD, clerk, call.opened + timedelta(3), ""),
        (State.UNIT_SUBMITTED, Role.STEWARD, clerk, call.closed - timedelta(8), ""),
        (State.COUNTY_REVIEW, Role.REVIEWER, county, call.closed, agreed),
        (State.ELIGIBLE, Role.SECRETARY, by, first - timedelta(2), agreed),
        (State.JURY, Role.SECRETARY, by, first, ""),
        (State.SHORTLISTED, Role.SECRETARY, by, last, ""),
    ):
        step(nomination, to, role, who, (today - day).days, reason)
        if to == until:
            break


def _noticed(edition, starts_on, by) -> PublicNotice:
    """The list put up on the morning of a day that was. Refusal: days off unknown."""
    ends_on = end_of_period(starts_on, WORKDAYS, first_counts=True)
    people = list(Nomination.objects.filter(edition=edition).order_by("pk"))
    notice = PublicNotice.objects.create(
        edition=edition,
        title=f"关于{edition.title}拟推荐人选的公示",
        lead="根据评选工作安排，经单位推荐、县区（产业）工会审核和评审，现将"
        f"{edition.title}拟推荐人选予以公示，接受社会监督。",
        starts_on=starts_on,
        workdays=WORKDAYS,
        ends_on=ends_on,
        name_order=edition.name_order,
        phone="0812-0000000",
        email="honours@example.org",
        address="示例路1号攀枝花市总工会",
        office=honours.CONFERRED_BY,
    )
    ordered = noticeperiods.in_order(people, edition.name_order)
    for number, person in enumerate(ordered, start=1):
        NoticeEntry.objects.create(
            notice=notice, nomination=person, number=number, name=person.name,
            employer=person.employer, position=person.position, brief=person.brief,
            summary=noticeperiods.summary_of(person),
            content_digest=person.content_digest,
        )  # fmt: skip
    notice.published_at, notice.published_by = _at(starts_on, 8), by
    notice.save()
    days = (timezone.localdate() - starts_on).days
    for person in people:
        step(person, State.CITY_NOTICE, Role.SECRETARY, by, days)
    return notice


def _oppose(notice) -> None:
    """Received today, by somebody who signed; the secretary has not looked yet."""
    entry = notice.entries.select_related("nomination").last()
    objections.object_to(
        notice=notice,
        sent_as=uuid.uuid4(),
        kind=ObjectionKind.PERSON,
        name="温小满",
        phone="0812-0000001",
        text="材料中说的技术革新是班组几个人一起做的，请核实是否写清楚了其他人的贡献。",
        nomination=entry.nomination,
    )


def _opposed_in_vain(notice, by) -> None:
    """A letter from within the days, looked into and answered."""
    entry = notice.entries.select_related("nomination").first()
    letter = objections.object_to(
        notice=notice,
        sent_as=uuid.uuid4(),
        kind=ObjectionKind.PERSON,
        source=ObjectionSource.LETTER,
        postmarked_on=notice.ends_on,
        name="穆青山",
        phone="0812-0000002",
        text="听说这位同志今年已经调离一线岗位，请核实。",
        nomination=entry.nomination,
        by=by,
    )
    objections.investigate(objection=letter, by=by)
    objections.note(
        objection=letter, by=by, text="已到单位查阅今年的排班表，并与班组三人谈话。"
    )
    objections.dismiss(
        objection=letter, by=by, outcome="经查，该同志一直在一线岗位，反映情况不属实。"
    )


def _conferred(notice, call, by) -> None:
    ground = f"{notice.edition.year}年第4次主席办公会议"
    publicnotices.approve(notice=notice, by=by, ground=ground)
    edition = services.confer_edition(edition=notice.edition, by=by)
    AwardEdition.objects.filter(pk=edition.pk).update(
        conferred_at=_at(call.conferred_on, 10)
    )
    album = Album()
    people = Honoree.objects.filter(edition=edition, is_group=False)
    for honoree in people.select_related("edition__program"):
        upload = album.next(honours.motif(honoree))
        portrait = services.keep_portrait(upload)
        services.set_portrait(honoree=honoree, portrait=portrait, by=by)


def _at(day, hour) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour)))
