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
# Two paragraphs for each kind. In the first stands what only this team does, so that
# two teams of one kind do not read alike.
INTROS = {
    Kind.MODEL: (
        "{name}由得过荣誉的职工牵头，在岗的和退休的一起来，"
        "把手艺带到需要的人跟前。{own}\n\n"
        "哪家单位、哪个社区有事，先打电话说清楚，队里按工种派人，做完再回访一次。"
        "新队员跟着老师傅走一趟，即可参加服务。"
    ),
    Kind.HEALTH: (
        "{name}的队员多是医生、护士和药师，休息日量血压、看报告、教急救。"
        "{own}\n\n"
        "每次出门前先问清当地人最关心什么病，再配齐科室；"
        "需要复查的逐个记下，下一次带着名单去。"
    ),
    Kind.RED_STAR: (
        "哪里人多，{name}就出现在哪里：教老人用自助机，给外地人指路。"
        "{own}\n\n"
        "一次两小时，两人一组。"
        "新队员先跟着老队员站三次，再单独站岗。"
    ),
    Kind.LAW: (
        "{name}由律师、仲裁员和懂劳动法的工会干部组成，"
        "讲合同、工资、工伤和社会保险，也帮着看文书。{own}\n\n"
        "讲完当场答问；一时答不了的，记下电话，三个工作日内回复。"
    ),
    Kind.GREEN: (
        "{name}守着身边的山和水，捡垃圾、清河岸、认树认鸟。"
        "{own}\n\n"
        "每月第一个周末集合，手套和袋子由队里准备。"
        "汛期听防汛部门安排，谁也不单独下河。"
    ),
    Kind.CIVILITY: (
        "{name}的队员提醒一句、搀扶一把，遇到争执先劝后说。"
        "{own}\n\n"
        "上岗前统一学说话的分寸和安全要求，学完即可参加服务；"
        "每班结束在队里的本子上记下三件小事。"
    ),
    Kind.CULTURE: (
        "能唱的、能跳的、能写的聚成{name}，台子搭在哪里都能演。"
        "{own}\n\n"
        "节目由队员自己编，写的是班组里的人和事。"
        "每周排练一次，欢迎会乐器的职工加入。"
    ),
    Kind.SKILL: (
        "{name}里都是有一手的职工，会什么就教什么、修什么。"
        "{own}\n\n"
        "服务不收费，要换零件的按票据由本人付；"
        "修不好、教不了的，也说清楚该去找谁。"
    ),
    Kind.SAFETY: (
        "{name}平时讲安全、看隐患、练救护，遇到险情听应急部门统一指挥。"
        "{own}\n\n"
        "队员先学急救和自我保护，考核合格即可参加服务。"
        "发现隐患先登记，整改完再去看一次。"
    ),
    Kind.CARE: (
        "{name}惦记的是身边需要搭把手的人。"
        "{own}\n\n"
        "先听对方想要什么，再商量怎么帮，每次去的都是熟面孔；"
        "家里的事不往外说。"
    ),
}
OWN = {
    "劳模爱心团队": "水泵、老电路、用了多年的机床，都有人接手过。",
    "卫生志愿服务队": "路线按季节排，海拔高的村子每年都去。",
    "红星志愿服务队": "火车站、医院门诊和政务大厅是三个固定的点。",
    "示例公交志愿服务队": "炳草岗的站台是队里的第一个点，驾驶员和修理工轮流来。",
    "示例中心医院义诊队": "队里有一本口袋手册，新人照着它练问诊。",
    "示例第一小学课后陪伴队": "每天四点半到六点，教室的灯为还没人接的孩子留着。",
    "示例骑手随手拍志愿队": "骑手送餐路上看到井盖翘起、电线垂下，拍一张发到队里。",
    "东区劳动法律宣讲队": "楼宇里的小公司去得最多，一次只讲一份合同。",
    "示例发电厂家电维修队": "电饭锅、风扇、洗衣机，队员在厂门口一修就是一上午。",
    "示例供水公司护水队": "取水口上下游的河段，队员分段包干。",
    "西区文明劝导队": "早晚高峰的路口和菜市场口，每处站两个人。",
    "示例芒果园助农队": "采果季到果园帮忙选果、装车，也照看务工人员带来的孩子。",
    "示例物流园安全宣讲队": "在装卸口讲三分钟，叉车和货车司机听完再上车。",
    "仁和区环保志愿服务队": "从城边的步道走到山顶，一路捡到停车场。",
    "示例米易医院健康讲师队": "讲课进园区、进大棚，一次只讲一种常见病。",
    "示例蔬菜公司爱心菜篮队": "每周二把当天的青菜送到独居老人门口，顺便看看灶台和药盒。",
    "米易县职工文艺志愿队": "田埂边、晒场上都演过，观众里常有刚收工的人。",
    "示例水电站护江队": "坝区上下的岸线，值班的人下了班接着走。",
    "示例茶业公司乡村课堂队": "教采茶、炒茶，也教手机上怎样卖茶。",
    "盐边县法律服务队": "赶集的日子在乡场上摆一张桌子，路远的用电话接着问。",
    "攀钢文艺轻骑队": "一辆车装下音响和道具，开到厂区门口就开演。",
    "示例炼铁厂帮困队": "炉前班组里谁家有了难事，班组长先告诉队里。",
    "示例轨梁厂焊接服务队": "栏杆、铁门、晾衣架，带着焊机上门。",
    "示例冷轧厂红星小队": "轧线上的年轻人把周末两小时交给医院的自助机。",
    "攀煤应急救援志愿队": "队员来自井下和机修班，懂支护，也懂急救。",
    "示例宝鼎矿关爱矿嫂队": "矿嫂们排了值日，谁家男人上夜班，就有人去敲敲门。",
    "示例洗煤厂巾帼志愿队": "厂区家属楼的楼道灯和扶手，女工们一层一层看过去。",
    "钢城集团技能帮扶队": "钳工、电工、焊工都有师傅带，转岗的职工优先。",
    "示例机修公司便民维修队": "磨剪刀、配钥匙、修自行车，社区门口一张长桌。",
    "示例建筑公司工友互助队": "工棚里住着各县来的工友，谁病了、谁要回家，先在群里说一声。",
}
LED = "示例公交志愿服务队"  # by the contract's team leader
PARTNERED = "西区文明劝导队"  # by the partner organisation's


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
        leader = {LED: city.leader, PARTNERED: city.partner}.get(name, people[0])
        people[0] = leader
        team = services.save_team(
            team=VolunteerTeam(
                name=name,
                kind=kind,
                union_org=city.unions[CITY_CODE + below],
                leader=leader,
                # some have agreed to be named, the others stand masked
                leader_agreed_on=today - timedelta(days=200 - n)
                if n % 3 == 0
                else None,
                slogan=slogan,
                founded_on=today - timedelta(days=400 + n * 53),
                intro=INTROS[kind].format(name=name, own=OWN[name]),
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
    # the last one has lost its leader: the coordinator looks for another
    services.save_team(team=_without_leader(team), by=coordinator)
    return len(TEAMS)


def _without_leader(team: VolunteerTeam) -> VolunteerTeam:
    team.leader = team.leader_agreed_on = None
    return team
