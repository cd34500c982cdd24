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
INTROS = {
    Kind.MODEL: "{name}由获得荣誉的职工牵头，他们退下来的带着在岗的，把手艺和经验讲给需要的人听。"
    "进车间能解决设备上的难题，进社区能修水电、教技能。\n\n"
    "单位和社区有需要，先打电话说清楚是什么事；队里按工种派人，做完再回访一次。",
    Kind.HEALTH: "{name}的队员多是医生、护士和药师，休息日到社区、工地和偏远站点量血压、看报告、教急救。\n\n"
    "每次义诊前先问清当地人最关心什么病，再配齐科室；需要复查的逐个记下来，下一次带着名单去。",
    Kind.RED_STAR: "哪里人多，{name}就出现在哪里：车站、医院、政务大厅，教老人用自助机，给外地人指路。\n\n"
    "一次两小时，两人一组，新队员先跟着老队员站三次，再单独站岗。",
    Kind.LAW: "{name}由律师、仲裁员和懂劳动法的工会干部组成，讲合同、工资、工伤和社会保险，也帮着看文书。\n\n"
    "宣讲用身边的案例，讲完当场答问；一时答不了的，记下电话，三个工作日内回复。",
    Kind.GREEN: "{name}常年守着身边的山和水：捡垃圾、清河岸、记水位，也带孩子认树认鸟。\n\n"
    "每月第一个周末集合，手套和袋子由队里准备；汛期听防汛部门安排，不单独下河。",
    Kind.CIVILITY: "{name}的队员守在路口、站台和楼道，提醒一句、搀扶一把，遇到争执先劝后说。\n\n"
    "上岗前统一学说话的分寸和安全要求，每班结束在队里的本子上记下三件小事。",
    Kind.CULTURE: "能唱的、能跳的、能写的聚成{name}，把节目送到工地、矿区和敬老院，台子搭在哪里都能演。\n\n"
    "节目由队员自己编，写的是班组里的人和事；每周排练一次，欢迎会乐器的职工加入。",
    Kind.SKILL: "{name}由有技术等级的职工组成，修家电、焊农具、教手艺，修不好的说清楚为什么。\n\n"
    "上门服务不收费，换零件按票据由本人付；周六上午在社区设点，平时可以电话预约。",
    Kind.SAFETY: "{name}平时讲安全、查隐患、练救援，遇到险情听应急部门统一指挥。\n\n"
    "队员先学急救和自我保护，考核合格后上岗；发现隐患拍照登记，整改完再去看一次。",
    Kind.CARE: "{name}惦记的是遇到难处的人：生病的工友、放学没人接的孩子、独居的老人。\n\n"
    "一户由两名队员固定联系，先听对方想要什么，再商量怎么帮；家里的事不往外说。",
}
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
                intro=INTROS[kind].format(name=name),
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
