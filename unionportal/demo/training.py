"""Venues and six terms of free classes: five that are over, and one in sign-up."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from activities.training import services
from activities.training.enums import Level
from activities.training.models import CourseClass, CourseKind, Term
from activities.training.services import plans
from activities.venues.models import Venue
from activities.venues.services import save_venue
from common.workdays import Calendar
from signups.enums import (
    AttendanceState,
    Audience,
    Ground,
    OfferingKind,
    SignupStatus,
)
from signups.models import SeatPool, Signup
from signups.services import conduct
from signups.services.attendance import note_attendance
from signups.services.offerings import Reserve, publish_rules
from signups.services.seats import cancel, settle, sign_up
from unionportal.demo.course_texts import COURSES, SQUARE_DANCE, Course
from unionportal.demo.members import (
    FIRST_BUSY_MEMBER,
    FIRST_MEMBER,
    STEWARDED,
    City,
)

SEATS_EACH = 2
HOTLINE = "12351"
MANAGER, TEACHER, DESK = 5, 12, 13
TUESDAY = 2
LESSONS = 8  # each class has its eight topics
EVENING = (time(19), time(20, 30))
MORNING = (time(9, 30), time(11))
AFTERNOON = (time(14, 30), time(16, 30))
DAWN = (time(7, 30), time(8, 30))

PALACE, GALLERY = "市工人文化宫", "攀钢文化艺术馆"
VENUES = {
    PALACE: (
        "攀枝花市东区示例路1号",
        "综合楼一至三层设教室、合唱厅和展厅，门前广场可供晨练和排练。周二至周日9:00—21:30开放。",
        "公交到“文化宫”站下车\n学员可在东门临时停车",
    ),
    GALLERY: (
        "攀枝花市东区示例路9号",
        "设舞蹈厅、琴房、花艺室和烘焙室，教室均可无障碍到达。周二至周日9:00—21:30开放。",
        "公交到“艺术馆”站下车\n地下停车场按标识入场",
    ),
    # new: what people ask about it has yet to be written down
    "仁和职工活动中心": ("攀枝花市仁和区示例路20号", "设多功能厅和乒乓球室。", ""),
}


@dataclass(frozen=True)
class Plan:
    """One class of the term in sign-up. ``signed`` asks that reach the desk: beyond
    the seats they wait."""

    kind: str
    name: str
    venue: str
    room: str
    weekday: int
    hours: tuple[time, time]
    capacity: int
    signed: int
    level: Level = Level.ZERO
    reserve: tuple[Audience, int] | None = None
    opens_tomorrow: bool = False
    called_off: str = ""
    is_unopened: bool = False
    has_closed: bool = False
    has_begun: bool = False
    course: Course | None = None  # else that of the kind


PLANS = [
    Plan("声乐", "声乐基础班（周二晚）", PALACE, "合唱厅", 2, EVENING, 40, 17),
    Plan("瑜伽", "瑜伽基础班（周二晚）", PALACE, "302教室", 2, EVENING, 30, 26),
    Plan("舞蹈", "民族舞基础班（周三晚）", GALLERY, "舞蹈厅", 3, EVENING, 32, 41),
    Plan(
        *("书法", "书法基础班（周三晚）", PALACE, "203教室", 3, EVENING, 24, 11),
        reserve=(Audience.EITHER, 6),
    ),
    Plan("茶艺", "盖碗茶艺班（周四晚）", PALACE, "201教室", 4, EVENING, 24, 22),
    Plan(
        *("插花", "插花与生活班（周四晚）", GALLERY, "花艺室", 4, EVENING, 20, 0),
        opens_tomorrow=True,
    ),
    Plan("瑜伽", "瑜伽舒缓班（周五上午）", PALACE, "302教室", 5, MORNING, 25, 7),
    Plan(
        *("舞蹈", "广场舞领队班（周五晚）", PALACE, "105教室", 5, EVENING, 30, 6),
        level=Level.BASIC,
        called_off="105教室要检修地面，工期与上课时间重合，本班停办。已报名的学员可改报其他班级。",
        course=SQUARE_DANCE,
    ),
    Plan(
        *("瑜伽", "瑜伽进阶班（周四上午）", PALACE, "302教室", 4, MORNING, 20, 5),
        level=Level.FURTHER,
        is_unopened=True,
    ),
    Plan(
        *("国画", "写意国画班（周五上午）", PALACE, "203教室", 5, MORNING, 20, 6),
        level=Level.ZERO,
        has_closed=True,
    ),
    Plan("太极", "太极拳晨练班（周六早）", PALACE, "广场", 6, DAWN, 50, 21),
    Plan(
        *("国画", "花鸟国画班（周六上午）", PALACE, "203教室", 6, MORNING, 24, 9),
        level=Level.BASIC,
    ),
    Plan("烘焙", "烘焙入门班（周六下午）", GALLERY, "烘焙室", 6, AFTERNOON, 20, 32),
    Plan(
        *("摄影", "手机摄影班（周日上午）", PALACE, "108教室", 7, MORNING, 30, 36),
        level=Level.FURTHER,
    ),
    Plan(
        *("古筝", "古筝入门班（周日下午）", GALLERY, "琴房", 7, AFTERNOON, 16, 14),
        has_begun=True,
    ),
    Plan(
        *("剪辑", "手机剪辑班（周日晚）", PALACE, "108教室", 7, EVENING, 22, 10),
        reserve=(Audience.MIGRANT, 8),
    ),
]

# of the first member: seated, waiting, called off
FIRST_MEMBERS = {
    "声乐基础班（周二晚）",
    "手机摄影班（周日上午）",
    "广场舞领队班（周五晚）",
}

# number: (days since its first lesson, kinds)
PAST_TERMS = {
    1: (1290, "声乐 舞蹈 摄影"),
    2: (1050, "声乐 舞蹈 茶艺 摄影"),
    3: (800, "声乐 瑜伽 茶艺 书法"),
    4: (540, "舞蹈 瑜伽 烘焙 摄影"),
    5: (160, "声乐 茶艺 烘焙 国画 瑜伽"),
}
# the class of the teacher with an account whose last lesson was put off to today
_TODAY = (5, "瑜伽")
_FIRST_MEMBERS_PAST = {(3, 0), (5, 1)}
_PAST_ROOMS = ["合唱厅", "302教室", "201教室", "108教室", "203教室"]
_PAST_SEATS = 26

# What the page itself says (how many classes, until when one may cancel) is not here.
_NOTICE = (
    "名额已满可以参加候补，有人取消时按先后顺序自动递补。\n"
    "第一次课请提前10分钟到教室，由老师点名。\n"
    "培训不收学费，个别班的材料费用由学员分摊，详见各班说明。"
)
_ORDINALS = "一二三四五六七"


@dataclass(frozen=True)
class Taught:
    terms: int
    classes: int
    seated: int
    waiting: int


def make(city: City) -> Taught:
    """Venues, kinds, six terms, and those who signed up."""
    manager = city.staff[MANAGER]
    venues = {
        name: save_venue(
            venue=Venue(
                name=name,
                address=address,
                phone=HOTLINE,
                intro=intro,
                directions=way,
                position=n,
            ),
            by=city.staff[11],
        )
        for n, (name, (address, intro, way)) in enumerate(VENUES.items())
    }
    kinds = {
        name: services.save_kind(
            kind=CourseKind(name=name, position=n, motif=course.motif), by=manager
        )
        for n, (name, course) in enumerate(COURSES.items())
    }
    publish_rules(
        kind=OfferingKind.CLASS,
        cancel_hours=24,
        text="来不了请尽早取消，把名额留给其他职工。",
        is_offered=True,
        by=manager,
    )
    classes = 0
    for number, (days_ago, taught) in PAST_TERMS.items():
        term = _past_term(number, days_ago, manager)
        for n, kind in enumerate(taught.split()):
            made = _past_class(term, kinds[kind], n, venues[PALACE], manager)
            signed = _PAST_SEATS - (number * 3 + n * 5) % 7
            people = city.roster[n * _PAST_SEATS :][:signed]
            if (number, n) in _FIRST_MEMBERS_PAST:
                people = [city.members[FIRST_MEMBER], *people[1:]]
            if (number, kind) == _TODAY:
                busy = range(FIRST_BUSY_MEMBER, FIRST_BUSY_MEMBER + 5)
                people = [city.members[one] for one in busy] + people
                people = list(dict.fromkeys([*people, *_absent(city)]))
            _file_roster(made, people, city)
            classes += 1
            _name_teacher(city.staff[TEACHER], [made])
            if (number, kind) == _TODAY:
                _put_off_to_today(made, manager)
                _mark_absent(made, city)
    term = _open_term(manager)
    learners = _in_turn(city.learners)
    made = [(open_class(term, plan, kinds, venues, manager), plan) for plan in PLANS]
    _name_teacher(city.staff[TEACHER], [course_class for course_class, _plan in made])
    for course_class, plan in made:
        for n in range(plan.signed):
            if plan.name == _OFFERED and n == plan.capacity:
                first = city.members[FIRST_MEMBER]  # waits before all others
                offering = course_class.offering
                sign_up(offering_id=offering.pk, worker=first, by=first.user)
            worker = next(learners)
            by = worker.user or city.staff[DESK]
            sign_up(offering_id=course_class.offering.pk, worker=worker, by=by)
        if plan.name in FIRST_MEMBERS:
            first = city.members[FIRST_MEMBER]
            sign_up(offering_id=course_class.offering.pk, worker=first, by=first.user)
        if plan.called_off:
            services.call_off_class(
                course_class=course_class, reason=plan.called_off, by=manager
            )
        if plan.is_unopened:
            services.leave_unopened(course_class=course_class, by=manager)
        if plan.has_closed:
            services.change_class(
                course_class=course_class,
                closes_at=timezone.now() - timedelta(hours=1),
                by=manager,
            )
        if plan.has_begun:
            _begin(course_class, manager)
    _offer_a_seat({plan.name: c for c, plan in made})
    _prepare_next(term, manager)
    mine = Signup.objects.filter(offering__limits=term.limit)
    return Taught(
        terms=len(PAST_TERMS) + 1,
        classes=classes + len(made),
        seated=mine.filter(status=SignupStatus.SEATED).count(),
        waiting=mine.filter(status=SignupStatus.WAITING).count(),
    )


# the full class of the term in sign-up where the first member is offered a seat
_OFFERED = "民族舞基础班（周三晚）"


def _absent(city) -> list:
    """The first member, and one of the union whose steward has an account."""
    first = city.members[FIRST_MEMBER]
    union = city.unions[STEWARDED]
    theirs = [
        worker
        for number, worker in city.members.items()
        if worker.union_org_id == union.pk and number >= FIRST_BUSY_MEMBER
    ]
    return [first, theirs[0]]


def _mark_absent(course_class, city) -> None:
    """Both missed the lesson of some days ago: one appeals, one asks the unit to say
    that it was overtime."""
    lesson = list(course_class.lessons.in_order())[-2]
    day = _open_day(3)
    services.move_lesson(
        lesson=lesson,
        starts_at=_at(day, EVENING[0]),
        ends_at=_at(day, EVENING[1]),
        by=city.staff[MANAGER],
    )
    lesson.refresh_from_db()
    said = [
        (Ground.OTHER, "当晚下暴雨，公交停运，到教室时已经下课。"),
        (Ground.OVERTIME, "当晚临时顶班到九点，调度室有记录。"),
    ]
    for worker, (ground, text) in zip(_absent(city), said, strict=True):
        signup = Signup.objects.get(offering=course_class.offering, worker=worker)
        note_attendance(
            signup=signup,
            occasion=lesson.occasion,
            state=AttendanceState.ABSENT,
            by=city.staff[TEACHER],
        )
        conduct.appeal(
            point=signup.conduct_points.get(),
            ground=ground,
            text=text,
            by=worker.user,
        )


def _begin(course_class, by) -> None:
    """A class that could not wait for the others: its first two lessons were brought
    forward to the last days, and it is noted who came."""
    lessons = list(course_class.lessons.in_order())[:2]
    signups = list(Signup.objects.filter(offering=course_class.offering).seated())
    for lesson, days in zip(lessons, (4, 1), strict=True):
        day = _open_day(days)
        services.move_lesson(
            lesson=lesson,
            starts_at=_at(day, time(14, 30)),
            ends_at=_at(day, time(16)),
            by=by,
        )
        lesson.refresh_from_db()
        for n, signup in enumerate(signups):
            state = AttendanceState.PRESENT
            if n % 7 == 3:
                state = AttendanceState.EXCUSED
            elif (n + days) % 7 == 5:
                state = AttendanceState.LATE
            note_attendance(signup=signup, occasion=lesson.occasion, state=state, by=by)


def _offer_a_seat(classes) -> None:
    """To the first member, who waits first: somebody gave theirs back."""
    offering = classes[_OFFERED].offering
    seated = Signup.objects.filter(offering=offering).seated().order_by("pk")
    cancel(signup=seated[0], by=None)
    settle(offering_id=offering.pk)


def _open_day(days_ago: int) -> date:
    """The day so long ago, or the one before: on Mondays the venues are closed."""
    day = timezone.localdate() - timedelta(days=days_ago)
    return day - timedelta(days=day.isoweekday() == 1)


def _name_teacher(user, classes) -> None:
    """The classes of the teacher who has an account are theirs, not only by name."""
    for course_class in classes:
        if course_class.teacher_name == user.worker.name:
            services.change_class(
                course_class=course_class, teacher=user.worker, by=user
            )


def _in_turn(people):
    """Everybody once, those with and without a log-in mixed."""
    step = 37
    return (people[n * step % len(people)] for n in range(len(people)))


def _at(day: date, clock: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, clock))


def _holidays(first: date) -> set[date]:
    """The days off in the half year from ``first`` on, as far as the notices are known:
    the demonstration is shown in any year."""
    calendar = Calendar()
    days = (first + timedelta(days=n) for n in range(183))
    return {day for day in days if calendar.knows(day) and calendar.is_holiday(day)}


def _title(number: int) -> str:
    return f"第{_ORDINALS[number - 1]}期职工免费才艺培训"


def _past_term(number, days_ago, by) -> Term:
    first = timezone.localdate() - timedelta(days=days_ago)
    return services.open_term(
        number=number,
        title=_title(number),
        seats_each=SEATS_EACH,
        opens_at=_at(first - timedelta(days=20), time(9)),
        closes_at=_at(first - timedelta(days=5), time(18)),
        starts_on=first,
        ends_on=first + timedelta(weeks=LESSONS + 3),
        by=by,
        is_published=True,
    )


def _past_class(term, kind, n, venue, by) -> CourseClass:
    # Tuesday, Wednesday …: the palace is closed on Mondays, and no two classes of a
    # term share an evening.
    day = TUESDAY + n
    course = COURSES[kind.name]
    return services.open_class(
        term=term,
        kind=kind,
        name=f"{kind.name}班（周{'一二三四五六日'[day - 1]}晚）",
        venue=venue,
        room=_PAST_ROOMS[n],
        teacher_name=course.teacher,
        teacher_intro=course.teacher_intro,
        intro=course.intro,
        needs=course.needs,
        first_day=term.starts_on,
        weekdays={day},
        starts=EVENING[0],
        ends=EVENING[1],
        lessons=LESSONS,
        skip=_holidays(term.starts_on),
        topics=course.lessons,
        capacity=_PAST_SEATS + n * 2,
        by=by,
    )


def _put_off_to_today(course_class, by) -> None:
    """It has begun by now, whenever the demonstration is made: people check in."""
    *_earlier, last = course_class.lessons.in_order()
    now = timezone.localtime()
    starts_at = now.replace(minute=now.minute // 30 * 30, second=0, microsecond=0)
    ends_at = min(starts_at + timedelta(minutes=90), _at(now.date(), time(23, 59)))
    services.move_lesson(lesson=last, starts_at=starts_at, ends_at=ends_at, by=by)


def _file_roster(course_class, people, city) -> None:
    """Write who took part in a class that is over.

    The desk rightly takes nobody into the past and has no verb for old paper lists, so
    these rows are written directly; the table's own constraints hold for them too.
    """
    offering = course_class.offering
    pool = SeatPool.objects.get(offering=offering)
    Signup.objects.bulk_create(
        Signup(
            offering=offering,
            worker=worker,
            pool=pool,
            status=SignupStatus.SEATED,
            busy=offering.busy,
            asked_by=city.staff[DESK],
            created_at=offering.opens_at,
            changed_at=offering.opens_at,
        )
        for worker in people
    )
    SeatPool.objects.filter(pk=pool.pk).update(taken=len(people))


def first_lesson() -> date:
    """Of the term in sign-up: a Tuesday two weeks off, for on Mondays nobody teaches."""
    day = timezone.localdate() + timedelta(days=14)
    return day + timedelta(days=(TUESDAY - day.isoweekday()) % 7)


def _last_lesson(starts_on: date) -> date:
    """The last of eight lessons a week apart, whichever the weekday and however many
    of them a holiday takes."""
    holidays, ends = _holidays(starts_on), []
    for weekday in {plan.weekday for plan in PLANS}:
        day = starts_on + timedelta(days=weekday - TUESDAY)
        weeks = (day + timedelta(weeks=n) for n in range(2 * LESSONS))
        ends.append([day for day in weeks if day not in holidays][LESSONS - 1])
    return max(ends)


def _open_term(by) -> Term:
    today, starts_on = timezone.localdate(), first_lesson()
    return services.open_term(
        number=6,
        title=_title(6),
        seats_each=SEATS_EACH,
        opens_at=_at(today - timedelta(days=2), time(9)),
        closes_at=_at(today + timedelta(days=9), time(18)),
        starts_on=starts_on,
        ends_on=_last_lesson(starts_on),
        by=by,
        notice=_NOTICE,
        contact_phone=HOTLINE,
        is_published=True,
    )


def _prepare_next(term, by) -> None:
    """The term after this one lies on the desk as a draft, to be looked through."""
    number = term.number + 1
    plans.copy_term(
        source=term,
        starts_on=plans.next_start(term),
        title=_title(number),
        number=number,
        by=by,
    )


def open_class(term, plan: Plan, kinds, venues, by) -> CourseClass:
    course = plan.course or COURSES[plan.kind]
    window = {}
    if plan.opens_tomorrow:
        tomorrow = timezone.localdate() + timedelta(days=1)
        window = {"opens_at": _at(tomorrow, time(9))}
    reserve = None
    if plan.reserve:
        audience, seats = plan.reserve
        until = term.closes_at - timedelta(days=2)
        reserve = Reserve(audience=audience, capacity=seats, until=until)
    return services.open_class(
        term=term,
        kind=kinds[plan.kind],
        name=plan.name,
        level=plan.level,
        venue=venues[plan.venue],
        room=plan.room,
        teacher_name=course.teacher,
        teacher_intro=course.teacher_intro,
        intro=course.intro,
        needs=course.needs,
        min_to_open=10,
        first_day=term.starts_on,
        weekdays={plan.weekday},
        starts=plan.hours[0],
        ends=plan.hours[1],
        lessons=LESSONS,
        skip=_holidays(term.starts_on),
        topics=course.lessons,
        capacity=plan.capacity,
        reserve=reserve,
        by=by,
        **window,
    )
