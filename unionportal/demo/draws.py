"""Three draws of the term in sign-up: one that can be entered, one whose public value
waits for the second person, and one that is released."""

from datetime import datetime, time, timedelta

from django.utils import timezone

from activities.training.models import CourseKind, Term
from activities.venues.models import Venue
from signups.models import Draw, Signup
from signups.services import draws, offerings
from signups.services.seats import sign_up
from unionportal.demo.members import City
from unionportal.demo.training import (
    AFTERNOON,
    DESK,
    EVENING,
    GALLERY,
    MANAGER,
    MORNING,
    Plan,
    open_class,
)

VALUE = "02070916232811"
FORM = "六个红球从小到大，再写蓝球，都写两位，共14位数字"

# name of the draw: its classes, and how many enter
RELEASED = (
    "周末亲手做班摇号",
    [
        Plan("烘焙", "烘焙周末班（周六上午）", GALLERY, "面点室", 6, MORNING, 12, 0),
        Plan("插花", "花艺周末班（周六上午）", GALLERY, "花艺二室", 6, MORNING, 10, 0),
        Plan("茶艺", "茶艺周末班（周日下午）", GALLERY, "茶室", 7, AFTERNOON, 10, 0),
    ],
    40,
)
FROZEN = (
    "午后舒展班摇号",
    [
        Plan("瑜伽", "瑜伽午后班（周三下午）", GALLERY, "形体室", 3, AFTERNOON, 12, 0),
        Plan("太极", "太极午后班（周四下午）", GALLERY, "形体室", 4, AFTERNOON, 12, 0),
    ],
    30,
)
OPEN = (
    "热门晚班摇号",
    [
        Plan("摄影", "人像摄影班（周二晚）", GALLERY, "影像室", 2, EVENING, 15, 0),
        Plan("古筝", "古筝小班（周四晚）", GALLERY, "琴房二室", 4, EVENING, 8, 0),
        Plan("国画", "山水国画班（周五晚）", GALLERY, "画室", 5, EVENING, 16, 0),
    ],
    25,
)


def make(city: City) -> int:
    """The three draws; how many entered them."""
    term = Term.objects.get(number=6)
    held = Signup.objects.live().filter(offering__limits=term.limit)
    free = set(held.values_list("worker", flat=True))
    people = [worker for worker in city.learners if worker.pk not in free]
    today = timezone.localdate()

    released = _open(term, RELEASED, city, people, closes_in=1)
    _freeze(released, city, value_at=_at(today - timedelta(days=1), time(21, 15)))
    draws.type_value(draw=released, value=VALUE, by=city.staff[DESK])
    draws.draw_lots(draw=released, by=city.staff[MANAGER])
    draws.release(draw=released, by=city.staff[MANAGER])

    # those who have just missed come again, with a ticket more
    losers = [entry.worker for entry in _losers(released)]
    frozen = _open(term, FROZEN, city, losers[:8] + people[40:], closes_in=1)
    _freeze(frozen, city, value_at=timezone.now() - timedelta(minutes=90))

    _open(term, OPEN, city, people[::-1], closes_in=5)
    return Signup.objects.filter(offering__draw__isnull=False).count()


def _losers(draw: Draw):
    won = draw.entries.filter(choices__outcome="won")
    rest = draw.entries.exclude(pk__in=won)
    return rest.select_related("worker__user").order_by("number")


def _open(term, plan, city, people, *, closes_in) -> Draw:
    """A draw over new classes of the term, entered by the first of ``people``."""
    title, plans, entrants = plan
    manager, today = city.staff[MANAGER], timezone.localdate()
    kinds = {kind.name: kind for kind in CourseKind.objects.all()}
    venues = {venue.name: venue for venue in Venue.objects.all()}
    closes_at = _at(today + timedelta(days=closes_in), time(18))
    made = []
    for one in plans:
        offering = open_class(term, one, kinds, venues, manager).offering
        made.append(
            offerings.change_offering(
                offering=offering, closes_at=closes_at, by=manager
            )
        )
    value_day = today + timedelta(days=closes_in + 1)
    draw = draws.open_draw(
        offerings=made,
        title=title,
        value_name=f"中国福利彩票双色球{value_day:%Y年%m月%d日}开奖号码",
        value_form=FORM,
        value_at=_at(value_day, time(21, 15)),
        results_at=_at(value_day + timedelta(days=1), time(10)),
        by=manager,
    )
    for n, worker in enumerate(people[:entrants]):
        by = worker.user or city.staff[DESK]
        for rank in range(1 + n % len(made)):
            offering = made[(n + rank) % len(made)]
            sign_up(offering_id=offering.pk, worker=worker, by=by)
    return draw


def _freeze(draw: Draw, city: City, *, value_at: datetime) -> None:
    """Close and freeze it, and let its value have come since.

    The verbs rightly freeze nothing whose value exists; that days have passed is written
    directly. The table's own constraints hold for it too.
    """
    now = timezone.now()
    opened = now - timedelta(days=6)
    for offering in draw.offerings.order_by("pk"):
        offerings.change_offering(
            offering=offering,
            opens_at=opened,
            closes_at=min(now, value_at) - timedelta(hours=3),
            by=city.staff[MANAGER],
        )
    draws.freeze(draw=draw, by=city.staff[MANAGER])
    day = timezone.localtime(value_at)
    Draw.objects.filter(pk=draw.pk).update(
        value_name=f"中国福利彩票双色球{day:%Y年%m月%d日}开奖号码",
        frozen_at=value_at - timedelta(hours=2),
        value_at=value_at,
        results_at=max(value_at + timedelta(hours=12), now - timedelta(hours=1)),
    )
    draws.type_value(draw=draw, value=VALUE, by=city.staff[MANAGER])


def _at(day, clock) -> datetime:
    return timezone.make_aware(datetime.combine(day, clock))
