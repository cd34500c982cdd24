"""Services of the teams, over and to come, and the hours of those who served: a record in
every state, with work for a leader, for the coordinator and for the first member.

Nobody signs up, taps or confirms in the past: those rows are written as the verbs would
have left them then, and all that can be done today goes through the verbs.
"""

import csv
import io
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.utils import timezone

from common.errors import Refusal
from signups.enums import AttendanceState, SignupStatus
from signups.models import Attendance, SeatPool, Signup
from signups.services import seats
from unionportal.demo.members import FIRST_MEMBER, City
from unionportal.demo.teams import LED, PARTNERED
from volunteers.enums import NeedState, RecordState
from volunteers.enums import TeamKind as Kind
from volunteers.models import (
    Membership,
    Need,
    ServiceEvent,
    ServiceRecord,
    VolunteerTeam,
)
from volunteers.services import (
    certifying,
    chain,
    countersign,
    enrol,
    events,
    hours,
    oldhours,
)
from volunteers.services.events import PostFacts

LEADER, COORDINATOR = 10, 17
PHONE = "13900000301"  # of nobody
RED_STAR, HEALTH = "红星志愿服务队", "卫生志愿服务队"
FIRST_MEMBERS = RED_STAR  # the team of the first member
INSURANCE = "已为参加者购买一日意外险。"

# team, title, kind, place, days ago, hour, hours, people who came, served: people and
# person-times as the host confirmed them (None: not asked)
PAST = [
    (RED_STAR, "火车站春运引导", Kind.RED_STAR, "攀枝花南站", 330, 8, 4, 8, (900, 940)),
    (RED_STAR, "门诊大厅自助机帮手", Kind.RED_STAR, "示例中心医院", 212, 8, 3, 7, (160, 160)),
    (RED_STAR, "政务大厅导办", Kind.RED_STAR, "政务服务中心", 96, 9, 3, 6, (75, 82)),
    (RED_STAR, "火车站返程引导", Kind.RED_STAR, "攀枝花南站", 41, 8, 4, 8, (610, 610)),
    (HEALTH, "高山村入户量血压", Kind.HEALTH, "示例高山村", 150, 9, 5, 6, (48, 48)),
    (HEALTH, "社区急救培训", Kind.HEALTH, "炳草岗社区活动室", 55, 9, 3, 5, (36, 36)),
    ("劳模爱心团队", "老旧小区电路检修", Kind.MODEL, "清香坪社区", 120, 8, 4, 6, (22, 25)),
    ("劳模爱心团队", "技校学生见习指导", Kind.SKILL, "示例技工学校", 63, 9, 3, 5, None),
    (LED, "高考日站台护送", Kind.CIVILITY, "大渡口公交站", 172, 7, 3, 7, (430, 430)),
    (LED, "雨天站台撑伞", Kind.CIVILITY, "炳草岗公交站", 80, 7, 2, 6, (180, 210)),
    ("示例骑手随手拍志愿队", "车队安全讲座", Kind.SAFETY, "示例快递分拨中心", 33, 9, 3, 5, (40, 40)),
    ("仁和区环保志愿服务队", "河岸清理", Kind.GREEN, "大河边", 70, 9, 3, 9, None),
    ("示例建筑公司工友互助队", "敬老院理发", Kind.CARE, "示例敬老院", 40, 9, 3, 4, (31, 31)),
    (PARTNERED, "菜市场口文明劝导", Kind.CIVILITY, "河门口菜市场", 47, 7, 2, 5, None),
]  # fmt: skip
# team, title, kind, place, days ahead, hour, hours, posts, how many have signed up
COMING = [
    (LED, "早高峰站台引导", Kind.CIVILITY, "炳草岗公交站", 3, 7, 2,
     [PostFacts("引导员", 6), PostFacts("摄影", 1, skills="自带相机")], 4),
    (RED_STAR, "门诊大厅自助机帮手", Kind.RED_STAR, "示例中心医院", 5, 8, 3,
     [PostFacts("引导员", 8, practised=2)], 5),
    (HEALTH, "社区义诊", Kind.HEALTH, "炳草岗社区活动室", 6, 9, 3,
     [PostFacts("量血压", 3, skills="医护职业资格"), PostFacts("登记", 2)], 5),
    ("劳模爱心团队", "养老院电器检修", Kind.MODEL, "示例敬老院", 8, 9, 3,
     [PostFacts("电工", 4, skills="低压电工证")], 2),
    ("仁和区环保志愿服务队", "江边捡拾", Kind.GREEN, "大河边", 10, 9, 2,
     [PostFacts("队员", 20)], 6),
    ("示例骑手随手拍志愿队", "夜间道路隐患排查", Kind.SAFETY, "炳草岗片区", 11, 19, 2,
     [PostFacts("骑手", 6)], 0),
    ("示例芒果园助农队", "采果季选果装车", Kind.CARE, "示例芒果园", 15, 8, 4,
     [PostFacts("选果", 10), PostFacts("装车", 6)], 3),
]  # fmt: skip


@dataclass(frozen=True)
class Made:
    """How many services, and records of hours."""

    events: int
    records: int


def make(city: City) -> Made:
    """All of it."""
    events.rules_of_posts()
    teams = {team.name: team for team in VolunteerTeam.objects.select_related("leader")}
    first = city.members[FIRST_MEMBER]
    enrol(
        team=teams[FIRST_MEMBERS],
        worker=first,
        by=city.staff[COORDINATOR],
        is_home=True,
        joined_on=timezone.localdate() - timedelta(days=35),
    )
    people = {name: _members(team) for name, team in teams.items()}
    for name, *rest in PAST:
        came = people[name]
        if name == FIRST_MEMBERS:
            came = [first, *(one for one in came if one != first)]
        _long_ago(city, teams[name], came, *rest)
    _put_right(city)
    _of_these_days(city, teams[LED], people[LED])
    _publicised(city, teams[RED_STAR], [first, *people[RED_STAR]])
    for name, *rest in COMING:
        mine = [first] if name == FIRST_MEMBERS else []
        _coming(city, teams[name], [*mine, *people[name]], *rest)
    _planned(city)
    _certify(first)
    _old_lists(city, first)
    return Made(ServiceEvent.objects.count(), ServiceRecord.objects.count())


def _members(team) -> list:
    """Those in the team, without who leads one: nobody writes down their own hours."""
    rows = Membership.objects.filter(team=team, left_on=None, worker__led_teams=None)
    return [row.worker for row in rows.select_related("worker__user").order_by("pk")]


# --- what is over


def _held(team, title, kind, place, starts_at, length, people) -> ServiceEvent:
    """A service that began at ``starts_at``, with these seated at it."""
    event = events.open_event(
        event=ServiceEvent(
            team=team,
            title=title,
            kind=kind,
            place=place,
            starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=length),
            contact_name="值班队员",
            insurance=INSURANCE,
        ),
        posts=[PostFacts("队员", max(len(people) + 2, 6))],
        contact_phone=PHONE,
        opens_at=starts_at - timedelta(days=10),
        by=None,
    )
    [(post, _occasion)] = events.occasions_of(event)
    offering = post.offering
    pool = SeatPool.objects.get(offering=offering)
    Signup.objects.bulk_create(
        Signup(
            offering=offering,
            worker=worker,
            pool=pool,
            status=SignupStatus.SEATED,
            busy=offering.busy,
            asked_by=worker.user,
            created_at=offering.opens_at,
            changed_at=offering.opens_at,
        )
        for worker in people
    )
    SeatPool.objects.filter(pk=pool.pk).update(taken=len(people))
    return event


def _tapped(event, without_out=0) -> None:
    """Everybody came a little early or late and left when it ended; the last
    ``without_out`` forgot to tap when they left."""
    [(_post, occasion)] = events.occasions_of(event)
    signups = list(Signup.objects.filter(offering__post__event=event).order_by("pk"))
    forgot = {one.pk for one in signups[len(signups) - without_out :]}
    Attendance.objects.bulk_create(
        Attendance(
            signup=signup,
            occasion=occasion,
            state=AttendanceState.PRESENT,
            arrived_at=event.starts_at + timedelta(minutes=n % 4 * 5 - 8),
            left_at=None
            if signup.pk in forgot
            else event.ends_at - timedelta(minutes=n % 3 * 10),
            noted_by=signup.asked_by,
        )
        for n, signup in enumerate(signups)
    )


def _long_ago(
    city, team, people, title, kind, place, ago, hour, length, number, served
):
    event = _held(
        team, title, kind, place, _moment(-ago, hour), length, people[:number]
    )
    _tapped(event)
    leader = team.leader and team.leader.user
    ServiceEvent.objects.filter(pk=event.pk).update(
        made_by=leader or city.staff[LEADER]
    )
    records, by = hours.close_day(event=event, by=None), city.staff[COORDINATOR]
    for record in records:
        record.recorded_at = event.ends_at + timedelta(hours=2)
        record.confirmed_at = event.ends_at + timedelta(days=2)
        record.public_until = hours.public_until(record.confirmed_at)
        record.state, record.confirmed_by = RecordState.CONFIRMED, by
    chain.append(records)
    ServiceEvent.objects.filter(pk=event.pk).update(
        closed_at=event.ends_at + timedelta(hours=2)
    )
    if served:
        _row, token = countersign.ask(
            event=event, people=served[0], person_times=served[1], host=place, by=by
        )
        countersign.answer(token=token, signer="值班负责人", agrees=True, remark="")


def _put_right(city) -> None:
    """Of the oldest hours, some were corrected, and some voided, by two people."""
    writer, other = city.staff[COORDINATOR], city.staff[LEADER]
    event = ServiceEvent.objects.filter(team__name=LED).earliest("starts_at")
    corrected, voided = event.records.select_related("worker").order_by("pk")[:2]
    # what was certified of them is revoked with the correction
    certifying.issue(worker=voided.worker, by=writer)
    changes = [
        hours.correct(
            record=corrected,
            minutes=corrected.minutes - 30,
            reason="中途离开半小时，本人说明",
            by=writer,
        ),
        hours.correct(record=voided, minutes=0, reason="当天签到的是别人", by=writer),
    ]
    hours.confirm(records=changes, by=other)


def _of_these_days(city, team, people) -> None:
    """The contract's leader: hours to write down, to confirm, to prove and disputed;
    the coordinator confirms what the leader wrote down."""
    leader, coordinator = city.staff[LEADER], city.staff[COORDINATOR]
    kind, place = Kind.CIVILITY, "炳草岗公交站"
    to_write = _held(
        team, "晚高峰站台引导", kind, place, _moment(-1, 17), 2, people[:4]
    )
    _tapped(to_write, without_out=1)

    by_leader = _held(team, "周末站台引导", kind, place, _moment(-3, 7), 2, people[:5])
    _tapped(by_leader)
    records = hours.close_day(event=by_leader, by=leader)
    hours.send_back(record=records[-1], reason="请核对离开时间", by=coordinator)
    hours.drop(record=records[-2], reason="误登，当天换了人", by=leader)

    by_coordinator = _held(
        team, "站台无障碍引导", kind, "大渡口公交站", _moment(-5, 7), 2, people[2:6]
    )
    _tapped(by_coordinator)
    hours.close_day(event=by_coordinator, by=coordinator)
    countersign.ask(
        event=by_coordinator, people=60, person_times=66, host="示例公交场站", by=leader
    )

    disputed = _held(
        team, "站台秩序维护", kind, "大渡口公交站", _moment(-9, 7), 3, people[:5]
    )
    _tapped(disputed)
    last = disputed.posts.get().offering.signups.latest("pk")
    Attendance.objects.filter(signup=last).delete()
    records = hours.close_day(event=disputed, by=coordinator)
    hours.confirm(records=records, by=leader)
    hours.record_unproven(
        event=disputed,
        signup=last,
        minutes=150,
        reason="当天手机没电，没有签到",
        by=leader,
    )
    one = next(record for record in records if record.worker.user_id)
    hours.dispute(
        record=one,
        worker=one.worker,
        text="我到得早，7点就在站台，请按7点起算。",
        by=one.worker.user,
    )
    called_off = _held(team, "长途客运站引导", kind, place, _moment(2, 7), 2, [])
    events.call_off_event(event=called_off, reason="客运站当天检修停运", by=leader)


def _publicised(city, team, people) -> None:
    """Confirmed yesterday: shown to the team, and may be disputed by who served."""
    event = _held(
        team,
        "政务大厅导办",
        Kind.RED_STAR,
        "政务服务中心",
        _moment(-6, 9),
        3,
        list(dict.fromkeys(people))[:5],
    )
    _tapped(event)
    ServiceEvent.objects.filter(pk=event.pk).update(made_by=city.staff[LEADER])
    records = hours.close_day(event=event, by=None)
    hours.confirm(records=records, by=city.staff[COORDINATOR])


# --- what is to come


def _coming(city, team, people, title, kind, place, ahead, hour, length, posts, number):
    starts_at = _moment(ahead, hour)
    event = events.open_event(
        event=ServiceEvent(
            team=team,
            title=title,
            kind=kind,
            place=place,
            meeting_point=f"{place}门口",
            starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=length),
            contact_name="值班队员",
            insurance=INSURANCE,
            weather="小雨照常，暴雨取消并通知大家。",
        ),
        posts=posts,
        contact_phone=PHONE,
        by=city.staff[COORDINATOR],
    )
    offerings = [post.offering_id for post in event.posts.order_by("position")]
    seated = 0
    for worker in people:
        if seated == number:
            break
        try:
            seats.sign_up(
                offering_id=offerings[seated % len(offerings)],
                worker=worker,
                by=worker.user,
            )
        except Refusal:  # at a class then, or not on the roster any more
            continue
        seated += 1


def _planned(city) -> None:
    """The partner's need that a team has taken has its service now."""
    need = Need.objects.filter(team__name=PARTNERED, state=NeedState.TAKEN).latest("pk")
    events.open_event(
        event=ServiceEvent(
            team=need.team,
            need=need,
            title=need.title,
            kind=need.kind,
            place=need.place,
            starts_at=need.starts_at,
            ends_at=need.ends_at,
        ),
        posts=[PostFacts("劝导员", need.people)],
        contact_phone=PHONE,
        by=city.staff[COORDINATOR],
    )


def _certify(first) -> None:
    """The first member has a certificate that holds."""
    certifying.issue(worker=first, by=first.user)


def _old_lists(city, first) -> None:
    """Two years of an old list, of which one line names nobody; and one that waits for
    the coordinator's word."""
    year = timezone.localdate().year
    by = city.staff[COORDINATOR]
    led = Membership.objects.filter(team__name=LED, left_on=None).select_related(
        "worker"
    )
    people = [first, *(row.worker for row in led[:5])]
    for back, source in ((3, "志愿服务台账"), (2, "志愿服务台账（补）")):
        lines = [
            [
                LED if n else FIRST_MEMBERS,
                one.name,
                one.member_number,
                f"{year - back}-0{n + 3}-1{n}",
                "站台引导" if n else "火车站引导",
                "2.5",
            ]
            for n, one in enumerate(people)
        ]
        lines.append([LED, "查无此人", "", f"{year - back}-05-05", "站台引导", "3"])
        row = oldhours.upload(
            file_name=f"{year - back}年志愿服务台账.csv",
            content=_list(lines),
            source=f"{year - back}年{source}",
            by=by,
        )
        oldhours.check(hours_import=row)
        if back == 3:
            oldhours.apply(hours_import=row, by=by)


def _list(lines) -> bytes:
    out = io.StringIO()
    head = ["志愿服务队", "姓名", "会员编号", "日期", "服务名称", "时长（小时）"]
    csv.writer(out).writerows([head, *lines])
    return out.getvalue().encode("utf-8-sig")


def _moment(ahead: int, hour: int) -> datetime:
    day = timezone.localdate() + timedelta(days=ahead)
    return timezone.make_aware(datetime.combine(day, time(hour)))
