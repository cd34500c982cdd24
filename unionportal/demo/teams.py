"""Thirty volunteer teams, with some of the demonstration's workers in them."""

from datetime import timedelta

from django.utils import timezone

from unionportal.demo.members import CITY_CODE, FIRST_BUSY_MEMBER, City
from volunteers import services
from volunteers.enums import TeamKind as Kind
from volunteers.models import VolunteerTeam

# name, kind, union's code below the city's, slogan, takes new members
TEAMS = [
    ("劳模爱心团队", Kind.MODEL, "", "一技之长，送到门上", True),
    ("卫生志愿服务队", Kind.HEALTH, "", "把血压计背上山", True),
    ("红星志愿服务队", Kind.RED_STAR, "", "人多的地方有红星", True),
    ("示例公交志愿服务队", Kind.CIVILITY, "0201", "每一站都是第一站", True),
    ("示例中心医院义诊队", Kind.HEALTH, "0202", "多问一句，早查一步", False),
    ("示例第一小学课后陪伴队", Kind.CARE, "0203", "四点半，我们在", True),
    ("示例骑手随手拍志愿队", Kind.SAFETY, "0204", "路过就看一眼", True),
    ("东区劳动法律宣讲队", Kind.LAW, "02", "合同签字前先看三处", False),
    ("示例发电厂家电维修队", Kind.SKILL, "0301", "修好一台，省下一笔", True),
    ("示例供水公司护水队", Kind.GREEN, "0302", "一江清水慢慢流", False),
    ("西区文明劝导队", Kind.CIVILITY, "03", "好好说话，轻轻提醒", False),
    ("示例芒果园助农队", Kind.CARE, "1101", "采果季，搭把手", True),
    ("示例物流园安全宣讲队", Kind.SAFETY, "1102", "慢一秒，稳一路", False),
    ("仁和区环保志愿服务队", Kind.GREEN, "11", "山上捡一袋，山下干一片", True),
    ("示例米易医院健康讲师队", Kind.HEALTH, "2101", "讲得明白，听得进去", False),
    ("示例蔬菜公司爱心菜篮队", Kind.CARE, "2102", "一篮青菜，一声问候", False),
    ("米易县职工文艺志愿队", Kind.CULTURE, "21", "你搭台，我们唱", True),
    ("示例水电站护江队", Kind.GREEN, "2201", "守电也守江", False),
    ("示例茶业公司乡村课堂队", Kind.SKILL, "2202", "教一门手艺，多一条路", False),
    ("盐边县法律服务队", Kind.LAW, "22", "山路再远，也讲清楚", True),
    ("攀钢文艺轻骑队", Kind.CULTURE, "81", "一辆车就是一个舞台", True),
    ("示例炼铁厂帮困队", Kind.CARE, "8101", "有难处，说一声", False),
    ("示例轨梁厂焊接服务队", Kind.SKILL, "8102", "小毛病，上门焊", False),
    ("示例冷轧厂红星小队", Kind.RED_STAR, "8103", "自助机前有人教", True),
    ("攀煤应急救援志愿队", Kind.SAFETY, "82", "平时多练，关键时能上", False),
    ("示例宝鼎矿关爱矿嫂队", Kind.CARE, "8201", "井上井下一家人", False),
    ("示例洗煤厂巾帼志愿队", Kind.CIVILITY, "8202", "她们来了，楼道亮了", False),
    ("钢城集团技能帮扶队", Kind.SKILL, "83", "徒弟学会，师傅高兴", True),
    ("示例机修公司便民维修队", Kind.SKILL, "8301", "周六上午，社区门口见", False),
    ("示例建筑公司工友互助队", Kind.CARE, "8302", "出门在外，互相照应", True),
]
_INTRO = (
    "{name}由一线职工自愿组成，利用休息时间开展服务。队员来自不同工种，"
    "会什么就做什么：有的带工具上门，有的守在服务台，有的陪人说说话。\n\n"
    "每次活动前，队里先听服务对象的想法，再排人、排时间；活动结束当天登记，"
    "由组织单位核对。新队员参加一次岗前培训后即可出队。"
)
LED = "示例公交志愿服务队"  # by the contract's team leader


def make(city: City) -> int:
    """Every team, its leader and its members; how many teams."""
    coordinator = city.staff[17]
    today = timezone.localdate()
    volunteers = [
        worker for number, worker in city.members.items() if number >= FIRST_BUSY_MEMBER
    ] + city.roster
    at = 0
    homes = set()
    for n, (name, kind, below, slogan, is_recruiting) in enumerate(TEAMS):
        size = 24 - n % 5 * 2 if n < 3 else 4 + n * 7 % 13
        people = [volunteers[(at + k) % len(volunteers)] for k in range(size)]
        at += size
        leader = city.leader if name == LED else people[0]
        if name == LED:
            people[0] = leader
        team = services.save_team(
            team=VolunteerTeam(
                name=name,
                kind=kind,
                union_org=city.unions[CITY_CODE + below],
                leader=leader,
                slogan=slogan,
                founded_on=today - timedelta(days=400 + n * 53),
                intro=_INTRO.format(name=name),
                is_recruiting=is_recruiting,
            ),
            by=coordinator,
        )
        for k, worker in enumerate(people):
            services.enrol(
                team=team,
                worker=worker,
                by=coordinator,
                is_home=worker.pk not in homes,
                joined_on=today - timedelta(days=30 + k * 11),
            )
            homes.add(worker.pk)
    return len(TEAMS)
