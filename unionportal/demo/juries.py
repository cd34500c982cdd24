"""Editions that are judged: one whose files wait for the jurors' scores, one whose public
vote is open, and one that was signed off, whose list waits for the honours secretary and
a waiver for who answers it. What is scored and voted goes through the verbs."""

from collections import Counter
from datetime import timedelta

from django.contrib.auth.models import Group
from django.utils import timezone

from common import crypto
from honors import services
from honors.enums import (
    CompositionKind,
    Gender,
    Industry,
    Level,
    ProgramKind,
    RecusalGround,
)
from honors.enums import NominationState as State
from honors.models import (
    AwardEdition,
    AwardProgram,
    Ballot,
    CompositionRule,
    Criterion,
    JuryRound,
    Nomination,
    Vote,
)
from honors.services import jury, juryresults, shortlist
from members.models import User
from unionportal.demo import honours
from unionportal.demo.members import CITY_CODE, LAST_MEMBER, City
from unionportal.demo.nominations import SECRETARY
from unionportal.demo.publicnotices import Call, nominated

W, M = Gender.WOMAN, Gender.MAN
JURORS = (8, 9)  # of the staff, and two members
MEMBERS = (LAST_MEMBER - 1, LAST_MEMBER)
HOSPITAL = "0202"  # where the first juror works: recused from its nominees
USED = 6  # workers of each union that other editions name
VOTED = range(130, 158)

INNOVATORS = {
    "name": "攀枝花市职工创新能手",
    "kind": ProgramKind.OTHER,
    "intro": "授予在岗位上提出并做成革新、成果已经用起来的职工。",
}
MIGRANTS = {
    "name": "攀枝花市优秀农民工",
    "kind": ProgramKind.OTHER,
    "intro": "授予在攀务工、技术过硬、在工友中有口碑的农民工。",
}

# union below the city's code, gender, name of a group, position, industry, whether on
# the front line, brief, further flags
JUDGED = [
    ("8101", M, "", "高炉热风炉工", Industry.STEEL, True,
     "改了烧炉的换炉顺序，热风温度稳了，煤气省了，全厂三座炉子都照着做。"),
    ("0202", W, "", "影像技师", Industry.HEALTH, True,
     "设计的儿童检查固定架，让哭闹的孩子一次拍好，少吃一次射线。"),
    ("0301", M, "", "热控检修工", Industry.MINING, True,
     "写的一段校验程序，让半天的仪表校验缩到四十分钟。"),
    ("8301", M, "", "铣工", Industry.MACHINERY, True,
     "用报废刀杆做出可调夹具，单件换装时间缩短三分之二。"),
    ("0302", W, "", "管网调度员", Industry.PUBLIC, True,
     "把夜间流量曲线和报修记录对在一起，提前找出十七处暗漏。"),
]  # fmt: skip
STANDING = [
    ("0201", W, "", "公交驾驶员", Industry.TRANSPORT, True,
     "二十一年没有一起有责投诉，把一条线开成了老人等车时说的“她那趟车”。"),
    ("8102", M, "", "轧钢工", Industry.STEEL, True,
     "钢轨矫直的手感教给了十四名徒弟，其中六人当了班长。"),
    ("2202", W, "", "制茶工", Industry.FARMING, True,
     "把炒青火候写成人人看得懂的一页纸，带全村三十户增收。"),
    ("8201", M, "", "采煤机司机", Industry.MINING, True,
     "连续九年安全产煤，自编的听声判断口诀成了班组教材。"),
    ("2101", W, "", "乡村医生", Industry.HEALTH, True,
     "守着一个卫生站二十六年，半夜敲门从不让人等。"),
    ("0204", M, "", "快递员", Industry.TRANSPORT, True,
     "山路上送件十二年，顺手给独居老人捎药带菜。"),
]  # fmt: skip
# in the order in which the jury sees them; two heads of companies among the first four
SIGNED = [
    ("8302", M, "", "钢筋工", Industry.BUILDING, True,
     "看图下料从不浪费，教会四十多名同乡识图。", "migrant"),
    ("1102", M, "", "物流公司负责人", Industry.TRANSPORT, False,
     "从装卸工做起，公司里八成是同乡，年年按时发薪。", "migrant head"),
    ("1101", W, "", "果品分级工", Industry.FARMING, True,
     "一个人带出一个分级班，让同村姐妹在家门口就业。", "migrant"),
    ("8302", M, "", "劳务公司负责人", Industry.BUILDING, False,
     "给工地办夜校，三年有五十六人考到技能证。", "migrant head"),
    ("0204", W, "", "分拣员", Industry.TRANSPORT, True,
     "记得住两千多个地址，错分率全站最低。", "migrant"),
    ("1102", M, "", "叉车工", Industry.TRANSPORT, True,
     "五年零货损，带徒弟先教检查刹车。", "migrant"),
    ("8302", M, "", "架子工", Industry.BUILDING, True,
     "每天上架前带全班做一遍安全检查，从没省过。", "migrant"),
]  # fmt: skip
# a juror's points of each of them, and what one leaves from another
POINTS, STEP = (93, 91, 88, 86, 84, 80, 76), 2


def make(city: City) -> int:
    """The three editions; how many nominations they have."""
    by, juror = city.staff[SECRETARY], Group.objects.get(name="评委")
    jurors = [city.staff[number] for number in JURORS]
    for number in MEMBERS:
        city.members[number].user.groups.add(juror)
        jurors.append(User.objects.get(pk=city.members[number].user_id))
    rows = (*JUDGED, *STANDING, *SIGNED)
    used, turns = Counter({row[0]: USED for row in rows}), Counter()
    for call, fill in _calls(by):
        edition = nominated(city, call, turns, used, until=State.ELIGIBLE)
        fill(city, edition, jurors, by)
    return len(rows)


def _calls(by):
    models = AwardProgram.objects.get(name=honours.MODELS["name"])
    innovators, migrants = (
        services.save_award(
            award=AwardProgram(level=Level.CITY, position=position, **facts), by=by
        )
        for position, facts in ((5, INNOVATORS), (6, MIGRANTS))
    )
    today = timezone.localdate()
    year = honours.newest_year(today) + 1

    def call(program, people, begun, until, most_heads=None):
        """Its jury began and ends so many days from today."""
        opened, closed, first, last, notice, conferred = (
            today + timedelta(n)
            for n in (begun - 45, begun - 10, begun, until, until + 10, until + 40)
        )
        return Call(
            program, year, opened, closed, (first, last), notice, conferred,
            most_heads=most_heads, people=people,
        )  # fmt: skip

    return [
        (call(innovators, JUDGED, -3, 8), _to_score),
        (call(models, STANDING, -4, 6), _to_vote),
        (call(migrants, SIGNED, -15, -2, most_heads=25), _to_list),
    ]


def _seat(city, edition, jurors, by):
    """The first juror works at the hospital; of the members it is known where."""
    for user in jurors:
        own = city.unions[CITY_CODE + HOSPITAL] if user == jurors[0] else None
        jury.seat_juror(edition=edition, user=user, union_org=own, by=by)
    jury.start_jury(edition=edition, by=by)


def _begin(edition, **fields):
    AwardEdition.objects.filter(pk=edition.pk).update(**fields)
    edition.refresh_from_db()


def _to_score(city, edition, jurors, by):
    """Everything waits for the two of the staff, but for one that one of them left to
    the others; a member has begun."""
    _begin(edition, quota=3, quorum=2)
    _seat(city, edition, jurors, by)
    known = edition.jury_seats.get(user=jurors[1])
    pupil = Nomination.objects.filter(edition=edition).last()
    jury.recuse(
        seat=known,
        nomination=pupil,
        ground=RecusalGround.KIN,
        word="人选是本人带过的徒弟",
        by=jurors[1],
    )
    mine = Ballot.objects.of_juror(jurors[2]).filter(seat__edition=edition)
    for ballot in mine.order_by("pk")[:2]:
        _score(ballot, 85)


def _to_vote(city, edition, jurors, by):
    """Open since yesterday for five days more, with ballots of members; some came by one
    kind of device."""
    now = timezone.now()
    _begin(
        edition,
        quota=3,
        quorum=2,
        vote_weight=30,
        vote_opens_at=now - timedelta(days=1),
        vote_closes_at=now + timedelta(days=5),
    )
    _seat(city, edition, jurors, by)
    _vote(city, edition)


def _to_list(city, edition, jurors, by):
    """Signed off. With the first four of the ranking half would be heads of companies,
    which a rule forbids: a waiver is asked for."""
    now = timezone.now()
    _begin(
        edition,
        quota=4,
        quorum=3,
        vote_weight=20,
        vote_opens_at=now - timedelta(days=12),
        vote_closes_at=now + timedelta(hours=1),
    )
    _seat(city, edition, jurors, by)
    JuryRound.objects.filter(edition=edition).update(
        started_at=now - timedelta(days=13)
    )
    _vote(city, edition)
    points = dict(
        zip(
            edition.nominations.order_by("pk").values_list("pk", flat=True),
            POINTS,
            strict=True,
        )
    )
    for turn, user in enumerate(jurors):
        mine = Ballot.objects.of_juror(user).filter(seat__edition=edition)
        for ballot in mine:
            _score(ballot, points[ballot.nomination_id] - turn * STEP)
    _begin(edition, vote_closes_at=now - timedelta(days=1))
    juryresults.sign_off(edition=edition, by=by)
    first = [row.nomination_id for row in shortlist.ranking(edition)[: edition.quota]]
    [heads] = CompositionRule.objects.filter(
        edition=edition, kind=CompositionKind.HEADS
    )
    shortlist.ask_waiver(
        edition=edition,
        rule=heads,
        picked=first,
        reason="两名负责人都由农民工成长起来，带动就业突出，成绩在前四名。",
        by=by,
    )


def _score(ballot, points):
    edition = ballot.nomination.edition
    keys = Criterion.objects.filter(program=edition.program_id)
    keys = keys.values_list("pk", flat=True)
    jury.save_ballot(
        ballot=ballot,
        values={key: str(points - n) for n, key in enumerate(keys)},
        comment="",
        by=ballot.seat.user,
        sends=True,
    )


def _vote(city, edition):
    """Ballots of members, as the verb keeps them; the first of each ten by one kind of
    device out of one net."""
    files = list(edition.nominations.order_by("pk").values_list("pk", flat=True))
    same = crypto.digest("vote", f"{edition.pk}:Android · 10.8.*.*")
    Vote.objects.bulk_create(
        Vote(
            edition=edition,
            worker=city.members[number],
            union_org_id=city.members[number].union_org_id,
            choices=sorted({files[number % 4], files[(number * 7) % len(files)]}),
            device=same if number % 5 == 0 else "",
        )
        for number in VOTED
    )
