"""Unions, accounts and workers: those of the contract, and a roster without log-ins."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from members.enums import StewardRole, UnionLevel
from members.models import UnionOrg, User, Worker
from members.services import accounts, consents, rights

PASSWORD = "demo-2018"  # noqa: S105  public on purpose: it stands in the README
CITY_CODE = "5104"
# Of the members with a log-in, the first one has signed up and the next stay without any
# sign-up for those who try.
FIRST_MEMBER, FIRST_BUSY_MEMBER, LAST_MEMBER = 100, 120, 199
ROSTER = 260  # workers known from rosters only
LONG_NAME = "阿卜杜热合曼·买买提吐尔逊"
RARE_NAME = "𠮷田"

# code below the city's, name, level, short names if any; a code starts with its parent's
UNIONS = [
    ("02", "东区总工会", UnionLevel.COUNTY),
    ("0201", "示例公交公司工会", UnionLevel.GRASSROOTS, "公交、公汽、公共汽车公司"),
    ("0202", "示例中心医院工会", UnionLevel.GRASSROOTS, "中心医院、市医院"),
    ("0203", "示例第一小学工会", UnionLevel.GRASSROOTS, "一小、市一小"),
    ("0204", "示例快递行业联合工会", UnionLevel.GRASSROOTS, "快递、顺路快递、同城配送"),
    ("03", "西区总工会", UnionLevel.COUNTY),
    ("0301", "示例发电厂工会", UnionLevel.GRASSROOTS, "电厂、火电厂"),
    ("0302", "示例供水公司工会", UnionLevel.GRASSROOTS, "水司、自来水公司、水厂"),
    ("11", "仁和区总工会", UnionLevel.COUNTY),
    ("1101", "示例芒果合作社工会", UnionLevel.GRASSROOTS, "芒果社、果园"),
    ("1102", "示例物流园联合工会", UnionLevel.GRASSROOTS, "物流园、货运站"),
    ("21", "米易县总工会", UnionLevel.COUNTY),
    ("2101", "示例米易医院工会", UnionLevel.GRASSROOTS, "县医院、米易县医院"),
    ("2102", "示例蔬菜公司工会", UnionLevel.GRASSROOTS, "菜司、蔬菜基地"),
    ("22", "盐边县总工会", UnionLevel.COUNTY),
    ("2201", "示例水电站工会", UnionLevel.GRASSROOTS, "水电站、电站"),
    ("2202", "示例茶业公司工会", UnionLevel.GRASSROOTS, "茶厂、茶场"),
    ("81", "攀钢工会", UnionLevel.INDUSTRY, "攀枝花钢铁"),
    ("8101", "示例炼铁厂工会", UnionLevel.GRASSROOTS, "炼铁、攀钢炼铁厂、高炉"),
    ("8102", "示例轨梁厂工会", UnionLevel.GRASSROOTS, "轨梁、攀钢轨梁厂"),
    ("8103", "示例冷轧厂工会", UnionLevel.GRASSROOTS, "冷轧、攀钢冷轧厂"),
    ("82", "攀煤工会", UnionLevel.INDUSTRY, "攀枝花煤业"),
    ("8201", "示例宝鼎矿工会", UnionLevel.GRASSROOTS, "宝鼎、宝鼎煤矿"),
    ("8202", "示例洗煤厂工会", UnionLevel.GRASSROOTS, "洗煤、选煤厂"),
    ("83", "钢城集团公司工会", UnionLevel.INDUSTRY),
    ("8301", "示例机修公司工会", UnionLevel.GRASSROOTS, "机修、机修厂"),
    ("8302", "示例建筑公司工会", UnionLevel.GRASSROOTS, "建司、建筑队"),
]
STEWARDED = CITY_CODE + "0201"
REVIEWED_COUNTY = CITY_CODE + "02"
MIGRANTS_WORK_IN = {CITY_CODE + code for code in ("0204", "1101", "1102", "8302")}

# the last digits of the number, role, name
STAFF = [
    (0, "系统管理员", "沈建平"),
    (1, "编辑", "周文静"),
    (2, "初审", "吴海燕"),
    (3, "复审", "郑国梁"),
    (4, "终审", "王志诚"),
    (5, "培训管理员", "冯雅琴"),
    (6, "工会干部", "陈立新"),
    (7, "荣誉秘书", "褚云"),
    (8, "评委", "卫东明"),
    (9, "评委", "蒋丽"),
    (10, "队长", "沈立群"),
    (11, "场馆管理员", "韩松"),
    (12, "任课教师", "杨老师"),
    (13, "服务台", "朱玲"),
    (14, "审计员", "秦正"),
    (15, "编辑", "尤佳"),
    (16, "初审", "许可心"),
    (17, "志愿服务统筹", "何敏"),
    (18, "社会组织", "吕晴"),
]
# what they are besides
ALSO = {4: "分管领导", 16: "县区审核"}
LEADER, TEACHER, PARTNER = 10, 12, 18
OPENED = timedelta(days=40)  # accounts and rosters are that old

# Both lists have a prime length, so that the pairs repeat only after all are used.
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董"
GIVEN_NAMES = (
    "小棉 建国 秀兰 志强 丽华 永强 晓燕 国庆 春梅 海波 文静 大勇 红霞 俊杰 玉芳 "
    "志远 美玲 长河 雪梅 铁军 桂英 伟 敏 静 磊 洋 艳 勇 杰 娟 涛 明 霞 平 刚 "
    "攀生 金沙 木棉 向阳 安宁 雅砻"
)


@dataclass(frozen=True)
class City:
    """What the other rooms build upon: unions by code, staff by the last digits of
    their number, and the workers."""

    unions: dict[str, UnionOrg]
    staff: dict[int, User]
    members: dict[int, Worker]  # with a log-in, by the last three digits
    roster: list[Worker]  # without one
    leader: Worker
    teacher: Worker
    partner: Worker  # of a social organisation that leads a team

    @property
    def workers(self) -> list[Worker]:
        named = [self.leader, self.teacher, self.partner]
        return [*self.members.values(), *self.roster, *named]

    @property
    def learners(self) -> list[Worker]:
        """Those who fill the classes."""
        busy = [
            worker
            for number, worker in self.members.items()
            if number >= FIRST_BUSY_MEMBER
        ]
        return busy + self.roster


def invented_name(n: int) -> str:
    """The n-th of more than a thousand different names, all of them made up."""
    surname, given = SURNAMES[n % len(SURNAMES)], GIVEN_NAMES.split()
    return surname + given[n * 7 % len(given)]


def make() -> City:
    """Unions, then staff, then workers."""
    unions = _unions()
    staff = _staff(unions)
    members = _members(unions)
    roster = _roster(unions)
    leader = _worker(staff[LEADER].name, unions[STEWARDED], user=staff[LEADER])
    teacher = _worker(
        staff[TEACHER].name, unions[CITY_CODE + "0203"], user=staff[TEACHER]
    )
    partner = _worker(
        staff[PARTNER].name, unions[CITY_CODE + "03"], user=staff[PARTNER]
    )
    _account(200, name="新用户")
    # One hash for all: it costs a quarter of a second on purpose, and the password
    # is public anyway.
    opened_at = timezone.now() - OPENED
    User.objects.update(password=make_password(PASSWORD), created_at=opened_at)
    Worker.objects.update(created_at=opened_at)
    return City(unions, staff, members, roster, leader, teacher, partner)


def _unions() -> dict[str, UnionOrg]:
    city = UnionOrg.objects.create(
        code=CITY_CODE, name="攀枝花市总工会", level=UnionLevel.CITY
    )
    made = {CITY_CODE: city}
    for below, name, level, *short_names in UNIONS:
        code = CITY_CODE + below
        made[code] = UnionOrg.objects.create(
            code=code,
            name=name,
            level=level,
            parent=made[code[:-2]],
            short_names="".join(short_names),
        )
    return made


def _account(number: int, *, name: str, roles=(), is_staff=False) -> User:
    user = accounts.open_account(
        phone=f"13900000{number:03}",
        password=None,
        name=name,
        roles=roles,
        is_staff=is_staff,
    )
    consents.give(
        user=user, version=settings.PRIVACY_VERSION, given_at=timezone.now() - OPENED
    )
    return user


def not_yet_recognised() -> User:
    """An account that no roster knows."""
    user = _account(201, name="龚小桥")
    user.set_password(PASSWORD)
    user.save(update_fields=["password"])
    return user


def _staff(unions) -> dict[int, User]:
    made = {
        number: _account(
            number,
            name=name,
            roles=[role, ALSO[number]] if number in ALSO else [role],
            is_staff=True,
        )
        for number, role, name in STAFF
    }
    for number, code, role in [
        (6, STEWARDED, StewardRole.STEWARD),
        (16, REVIEWED_COUNTY, StewardRole.REVIEWER),
    ]:
        rights.give_stewardship(
            user=made[number], union_org=unions[code], role=role, by=None
        )
    return made


def _members(unions) -> dict[int, Worker]:
    special = {FIRST_MEMBER + 1: LONG_NAME, FIRST_MEMBER + 2: RARE_NAME}
    made = {}
    for number in range(FIRST_MEMBER, LAST_MEMBER + 1):
        name = special.get(number, invented_name(number))
        made[number] = _worker(
            name,
            _union_of(number, unions),
            user=_account(number, name=name),
            is_frontline=number % 3 == 0,
        )
    return made


def _roster(unions) -> list[Worker]:
    return [
        _worker(invented_name(n), _union_of(n, unions), is_frontline=n % 3 == 0)
        for n in range(LAST_MEMBER + 1, LAST_MEMBER + 1 + ROSTER)
    ]


def _union_of(n: int, unions) -> UnionOrg:
    grassroots = [code for code in unions if len(code) == 8]
    return unions[grassroots[n % len(grassroots)]]


def _worker(name, union, *, user=None, is_frontline=False) -> Worker:
    worker = Worker.objects.create(
        name=name,
        user=user,
        union_org=union,
        is_member=True,
        is_frontline=is_frontline,
        is_migrant=union.code in MIGRANTS_WORK_IN,
        verified_at=timezone.now() - OPENED + timedelta(hours=2) if user else None,
    )
    worker.member_number = f"SL{worker.pk:06}"
    worker.save(update_fields=["member_number", "updated_at"])
    return worker
