"""Awards and who was honoured: eleven craftsmen, twenty-two workers, all invented.

The union's report gives the two numbers and no levels, so every award here is the
city's own.
"""

from datetime import date

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from honors import services
from honors.enums import Gender, Industry, Level, ProgramKind
from honors.models import AwardEdition, AwardProgram
from unionportal.demo import pictures
from unionportal.demo.members import MARK, City
from unionportal.demo.pictures.portraits import named

W, M = Gender.WOMAN, Gender.MAN
SECRETARY = 7
PORTRAIT_SIZE = (600, 800)
# what is worn at work, by industry and then by post
_WEARS = {
    Industry.STEEL: "helmet",
    Industry.MINING: "helmet",
    Industry.MACHINERY: "helmet",
    Industry.BUILDING: "helmet",
    Industry.TRANSPORT: "cap",
    Industry.FARMING: "straw",
}
_WEARS_AS = {
    "钛材检测员": "",
    "制茶师": "",
    "急诊护士长": "nurse",
    "助产士": "nurse",
    "消防员": "helmet",
    "管道抢修工": "helmet",
    "抄表员": "cap",
    "环卫工": "straw",
}
_CONFERRED_BY = "攀枝花市总工会"

CRAFTSMEN = {
    "name": "攀枝花工匠",
    "kind": ProgramKind.CRAFTSMAN,
    "intro": "授予技艺精湛、肯带徒弟、在一线岗位上把活做到极致的职工。",
}
BEAUTIFUL = {
    "name": "最美劳动者",
    "kind": ProgramKind.BEAUTIFUL_WORKER,
    "intro": "授予在平凡岗位上长年做好一件事、让身边人信服的职工。",
}

# years before the newest, then: name, gender, employer, position, industry, deed
_CRAFTSMEN_BY_AGE = {
    0: [
        ("张守炉", M, "示例炼铁厂", "高炉炉前工", Industry.STEEL,
         "守炉二十七年，把一炉铁水的温差控制在五度以内。"),
        ("赵铁军", M, "示例轨梁厂", "焊接高级技师", Industry.STEEL,
         "一把焊枪修好进口轧机，省下半年等件的时间。"),
        ("罗静", W, "示例钛业公司", "钛材检测员", Industry.STEEL,
         "经她手的检测数据十五年没有一次返工。"),
        ("谢永强", M, "示例宝鼎矿", "综采机组检修工", Industry.MINING,
         "听声音就能判断截割部哪个轴承该换。"),
    ],
    1: [
        ("彭志远", M, "示例机修公司", "装配钳工", Industry.MACHINERY,
         "画了四十多张草图，治好了一颗总是松动的螺栓。"),
        ("周明", M, "示例水电站", "水轮机检修工程师", Industry.BUILDING,
         "攻下泄洪闸振动难题，停机时间一年比一年少。"),
        ("吉木阿依", W, "示例彝绣工坊", "彝绣技师", Industry.CULTURE,
         "把老纹样绣上新衣裳，带出三十多名徒弟。"),
        ("唐国庆", M, "示例冷轧厂", "轧钢自动化技师", Industry.STEEL,
         "自己写的一段程序，让换辊时间缩短了一半。"),
    ],
    2: [
        ("何海波", M, "示例发电厂", "继电保护技师", Industry.MINING,
         "三千多页手写巡检记录，换来多年零误动。"),
        ("董桂英", W, "示例茶业公司", "制茶师", Industry.FARMING,
         "一锅手工茶炒了三十年，闭眼能分出火候。"),
        ("孙大勇", M, "示例建筑公司", "架子工班长", Industry.BUILDING,
         "搭过上百座高架，他带的班组没有出过事故。"),
    ],
}  # fmt: skip

_BEAUTIFUL_BY_AGE = {
    0: [
        ("李小棉", W, "示例公交公司", "公交驾驶员", Industry.TRANSPORT,
         "安全行车八十万公里，车厢里的针线盒备了十年。"),
        ("陈雪梅", W, "示例中心医院", "急诊护士长", Industry.HEALTH,
         "夜班最多的人，也是笑容最多的人。"),
        ("马长河", M, "示例建筑公司", "混凝土工", Industry.BUILDING,
         "修过的桥连起来，够他从家走到工地。"),
        ("高文静", W, "示例第一小学", "语文教师", Industry.EDUCATION,
         "坚持给每个学生写评语，一届一届从不重样。"),
        ("吴金沙", M, "示例供水公司", "管道抢修工", Industry.PUBLIC,
         "凌晨三点的抢修电话，他从没漏接过一个。"),
        ("杨春梅", W, "示例环卫站", "环卫工", Industry.PUBLIC,
         "一条街扫了十八年，哪棵树先落叶她最清楚。"),
        ("韩向阳", M, "示例快递网点", "快递员", Industry.TRANSPORT,
         "爬遍老小区的楼梯，顺手帮老人带下垃圾。"),
        ("谢小梅", W, "示例洗煤厂", "电工", Industry.MINING,
         "四十岁转岗学电，成了厂里第一位女值班电工。"),
    ],
    1: [
        ("王建国", M, "示例炼铁厂", "天车工", Industry.STEEL,
         "钢包起吊上万次，稳得能放住一杯水。"),
        ("刘红霞", W, "示例米易医院", "助产士", Industry.HEALTH,
         "迎接过几千个新生命，手机二十四小时不关。"),
        ("郭勇", M, "示例宝鼎矿", "瓦斯检查员", Industry.MINING,
         "每班多走一公里，只为多测一个点。"),
        ("宋玉芳", W, "示例芒果合作社", "选果班长", Industry.FARMING,
         "教会上百名务工姐妹看色、听声、掂分量。"),
        ("林涛", M, "示例物流园", "叉车司机", Industry.TRANSPORT,
         "十二年没碰坏过一箱货，新手都跟他学倒车。"),
        ("冯艳", W, "示例供电所", "抄表员", Industry.PUBLIC,
         "山路走破的鞋摆了一排，一户也没落下。"),
        ("于刚", M, "示例消防站", "消防员", Industry.PUBLIC,
         "第一个进去，最后一个出来。"),
    ],
    2: [
        ("胡志强", M, "示例冷轧厂", "磨辊工", Industry.STEEL,
         "用一块抹布和一双手，守住头发丝的十分之一。"),
        ("郑丽华", W, "示例幼儿园", "保育员", Industry.EDUCATION,
         "记得住每个孩子的过敏食物和小名。"),
        ("徐安宁", M, "示例森林管护站", "护林员", Industry.FARMING,
         "二十一年巡山，鞋底丈量过每一道山梁。"),
        ("朱娟", W, "示例政务大厅", "窗口受理员", Industry.PUBLIC,
         "把别人说三遍的事，一遍说明白。"),
        ("董磊", M, "示例机修公司", "车工", Industry.MACHINERY,
         "练出一手盲测绝活，误差不到一根头发丝。"),
        ("梁敏", W, "示例文化馆", "合唱指导", Industry.CULTURE,
         "教会从没唱过歌的工友，唱出四个声部。"),
        ("唐平", M, "示例水电站", "运行值班员", Industry.BUILDING,
         "守着江水过了十六个除夕。"),
    ],
}  # fmt: skip

_DEEDS = [
    "{name}在{employer}工作多年，现任{position}。刚到岗位的那几年，白天跟着师傅做，"
    "晚上把当天没弄懂的地方记下来，第二天再问。这样的笔记本，到今天已经攒了满满一箱。\n\n"
    "如今，徒弟们也开始带徒弟了。问起有什么经验，回答只有一句话：“没有捷径，"
    "就是每天比昨天多做对一点。”",
    "提起{employer}的{position}{name}，工友们先想到的不是奖状，是那双闲不住的手。"
    "别人歇着的时候在琢磨，别人嫌麻烦的事主动揽过来。\n\n"
    "几次有机会离开一线，最后都留了下来。“活儿在这里，人就在这里。”",
    "从学徒到{position}，{name}在{employer}只做了一件事：把手里的活做到放心。"
    "遇到难题，先在纸上画，再到现场试，一遍不成就两遍。\n\n"
    "这些年，办法传给了班组，脾气也传给了班组：不糊弄，不将就，当天的事当天清。",
    "{name}的一天从提前二十分钟到岗开始。在{employer}，{position}这个岗位并不起眼，"
    "可少了谁都不行。\n\n"
    "同事说，最佩服的是这份长久：晴天如此，雨天如此，有人看着如此，没人看着也如此。",
]
_MOTTOES = [
    "活干得好不好，自己心里最清楚。",
    "把手上这件事做好，就对得起这身工装。",
    "师傅怎么教我的，我就怎么教徒弟。",
    "别人看不见的地方，更要干净。",
    "不怕慢，就怕糊弄。",
]


def make(city: City) -> int:
    """Both awards with three editions each; how many names."""
    by = city.staff[SECRETARY]
    today = timezone.localdate()
    newest = today.year if today >= _conferred_on(today.year) else today.year - 1
    made = 0
    awards = ((CRAFTSMEN, _CRAFTSMEN_BY_AGE), (BEAUTIFUL, _BEAUTIFUL_BY_AGE))
    for position, (facts, by_age) in enumerate(awards):
        award = services.save_award(
            award=AwardProgram(level=Level.CITY, position=position, **facts),
            by=by,
        )
        for age in sorted(by_age, reverse=True):
            edition = _edition(award, newest - age, by)
            for person in by_age[age]:
                _confer(edition, made, by, *person)
                made += 1
    return made


def _conferred_on(year: int) -> date:
    return date(year, 4, 28)  # days before the day of labour


def _edition(award: AwardProgram, year: int, by) -> AwardEdition:
    return services.save_award(
        award=AwardEdition(
            program=award,
            year=year,
            title=f"{year}年“{award.name}”",
            conferred_on=_conferred_on(year),
            conferred_by=_CONFERRED_BY,
        ),
        by=by,
    )


def _confer(edition, n, by, name, gender, employer, position, industry, deed):
    honoree = services.confer(
        edition=edition,
        name=MARK + name,
        employer=employer,
        by=by,
        gender=gender,
        position=position,
        industry=industry,
        deed=deed,
        deeds=_DEEDS[n % len(_DEEDS)].format(
            name=MARK + name, employer=employer, position=position
        ),
        motto=_MOTTOES[n % len(_MOTTOES)],
    )
    motif = named(
        is_woman=gender == W,
        wears=_WEARS_AS.get(position, _WEARS.get(industry, "")),
        has_medal=edition.program.kind == ProgramKind.CRAFTSMAN,
    )
    drawn = pictures.draw(motif, n, PORTRAIT_SIZE)
    upload = SimpleUploadedFile(f"{motif}.jpg", drawn)
    kept = services.keep_portrait(upload)
    services.set_portrait(honoree=honoree, portrait=kept, by=by)
