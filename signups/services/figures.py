"""How asking for some offerings went, counted: for who answers for them. No names."""

from dataclasses import dataclass

from django.db.models import Count, F, Q, Sum

from signups.enums import AttendanceState, SignupStatus
from signups.models import Attendance, Offering, SeatPool, Signup
from signups.services import drawlists

_S, _A = SignupStatus, AttendanceState


@dataclass(slots=True)
class Figures:
    """Of one offering. ``seats``, ``seated``, ``offered`` and ``free`` count seats, what
    follows people, the attendance times that somebody came or not."""

    offering: Offering
    seats: int = 0
    seated: int = 0
    offered: int = 0
    waiting: int = 0
    # what became of who was next in the queue: had the seat, declined, did not answer
    promoted: int = 0
    declined: int = 0
    lapsed: int = 0
    left: int = 0
    # of people who had a seat
    cancelled: int = 0
    cancelled_late: int = 0
    absentees: int = 0
    # of lessons
    came: int = 0
    excused: int = 0
    absent: int = 0
    # of a draw: choices, and what they led to once it is released
    first: int = 0
    further: int = 0
    won: int = 0
    queued: int = 0

    @property
    def free(self) -> int:
        return max(self.seats - self.seated - self.offered, 0)

    @property
    def asked(self) -> int:
        return self.first + self.further


def of_offerings(offerings) -> list[Figures]:
    """One for each of these (a queryset), in its order; five queries whatever their
    number. The results of a draw count from its release on."""
    found = {one.pk: Figures(one) for one in offerings.select_related("draw")}
    rows = [
        SeatPool.objects.filter(offering__in=found)
        .order_by()
        .values("offering")
        .annotate(seats=Sum("capacity")),
        _requests(found),
        _attendance(found),
        *drawlists.counts(found),
    ]
    for counted in rows:
        for row in counted:
            figures = found[row.pop("offering")]
            for name, number in row.items():
                setattr(figures, name, number or 0)
    return list(found.values())


def _requests(offerings):
    people = {
        "waiting": Q(status=_S.WAITING),
        "promoted": Q(promoted_at__isnull=False, status=_S.SEATED),
        "declined": Q(status=_S.DECLINED),
        "lapsed": Q(status=_S.LAPSED),
        "left": Q(status=_S.CANCELLED, left_queue_at__isnull=False),
        "cancelled": Q(status=_S.CANCELLED, left_queue_at=None, choice_rank=None),
        "cancelled_late": Q(status=_S.CANCELLED_LATE),
    }
    return (
        Signup.objects.filter(offering__in=offerings)
        .order_by()
        .values("offering")
        .annotate(
            seated=Sum("seats", filter=Q(status=_S.SEATED)),
            offered=Sum("seats", filter=Q(status=_S.OFFERED)),
            **{name: Count("pk", filter=which) for name, which in people.items()},
        )
    )


def _attendance(offerings):
    return (
        Attendance.objects.filter(occasion__offering__in=offerings)
        .order_by()
        .values(offering=F("occasion__offering"))
        .annotate(
            came=Sum("people", filter=Q(state__in=[_A.PRESENT, _A.LATE, _A.MADE_UP])),
            excused=Count("pk", filter=Q(state=_A.EXCUSED)),
            absent=Count("pk", filter=Q(state=_A.ABSENT)),
            absentees=Count("signup", distinct=True, filter=Q(state=_A.ABSENT)),
        )
    )
