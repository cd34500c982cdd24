from datetime import datetime, time, timedelta

from django.db import models
from django.db.models import (
    Count,
    Exists,
    F,
    Min,
    OuterRef,
    Prefetch,
    Q,
    Subquery,
    Sum,
)
from django.db.models.functions import Coalesce, Greatest, Now
from django.utils import timezone
from django.utils.translation import gettext as _

from members.models import UnionOrg, Worker
from signups.enums import (
    AppealState,
    OfferingKind,
    PoolKind,
    SignupState,
    SignupStatus,
)
from signups.functions import IsOpen, QueueMoves

_WAITS = Q(status=SignupStatus.WAITING)
_LAPSED = Q(status=SignupStatus.OFFERED, offer_until__lte=Now())
_QUEUE_OVER = _WAITS & ~Q(QueueMoves("offering__"))


def yesterday() -> datetime:
    """The beginning of yesterday, for what is said of “since yesterday”."""
    day = timezone.localdate() - timedelta(days=1)
    return timezone.make_aware(datetime.combine(day, time.min))


class RulesQuerySet(models.QuerySet):
    def newest_of(self, kind: str):
        """The rules that an offering of this kind gets when it is opened now, or None."""
        return self.filter(kind=kind).order_by("-version").first()

    def managed_by(self, user):
        """Rules of the kinds that this back-office user may manage; all of them for who
        may see all signups."""
        if user.has_perm("signups.view_all_signups"):
            return self.all()
        return self.filter(kind__in=OfferingKind.managed_by(user))


class OccasionQuerySet(models.QuerySet):
    def taking_place(self):
        """Those that were not cancelled, soonest first."""
        return self.filter(cancelled_at__isnull=True).order_by("starts_at", "pk")


class OfferingQuerySet(models.QuerySet):
    def listed(self):
        """What the public may know of."""
        return self.filter(is_listed=True)

    def alike_to(self, offering):
        """What does for this one, as far as the public knows of it: not more than a page
        could show."""
        return (
            self.listed()
            .filter(alike=offering.alike, withdrawn_at__isnull=True)
            .exclude(pk=offering.pk)
            .order_by("starts_at", "pk")[:30]
        )

    def open_now(self):
        """Those that can be asked for now, by the database's clock."""
        return self.filter(IsOpen())

    def next_change_at(self, now):
        """The next moment after ``now`` at which what pages say of an offering changes
        by itself: sign-up opens or closes, it begins or is over, a reserve is given
        free. None if nothing is planned. One query."""
        fields = ("opens_at", "closes_at", "starts_at", "ends_at", "pools__until")
        listed = self.listed().filter(withdrawn_at__isnull=True)
        found = listed.aggregate(
            **{name: Min(name, filter=Q(**{f"{name}__gt": now})) for name in fields}
        )
        return min((at for at in found.values() if at), default=None)

    def for_standing(self):
        """With all that ``services.standing`` reads of an offering, in two queries."""
        return self.select_related("rules", "draw").prefetch_related("limits")

    def for_check(self):
        """What the check page prints of one listed offering, in three queries."""
        occasions = self.model._meta.get_field("occasions").related_model.objects
        meetings = Prefetch("occasions", occasions.taking_place())
        return self.listed().for_standing().prefetch_related(meetings)

    def for_a_draw(self):
        """What nobody has asked for yet and still can be: a draw may give its seats."""
        signups = self.model._meta.get_field("signups").related_model.objects
        return self.filter(
            ~Exists(signups.live().filter(offering=OuterRef("pk"))),
            draw__isnull=True,
            withdrawn_at__isnull=True,
            closes_at__gt=Now(),
        )

    def with_seats(self):
        """Annotate ``seat_count``: the seats of all its pools."""
        return self.annotate(seat_count=Coalesce(Sum("pools__capacity"), 0))

    def needing_settlement(self):
        """Offerings that owe a seat, whoever may wait for it, have one free while
        somebody waits, or offered one that was not accepted in time."""
        signups = self.model._meta.get_field("signups").related_model.objects
        here = signups.filter(offering=OuterRef("pk"))
        waits = Exists(here.filter(status=SignupStatus.WAITING))
        is_free = Q(pools__taken__lt=F("pools__capacity"))
        return self.filter(
            Q(pools__owed__gt=0)
            | is_free & Q(QueueMoves()) & waits
            | Exists(here.lapsed())
        ).distinct()

    def changeable_by(self, user):
        """Offerings whose rules and seats this back-office user may change: of the
        kinds they have the right to manage (``signups.manage_<kind>``), those of the
        unions they look after; the city's own for city staff."""
        rows = self.filter(kind__in=OfferingKind.managed_by(user))
        if user.has_perm("members.view_all_workers"):
            return rows
        return rows.filter(organiser__in=UnionOrg.objects.managed_by(user))

    def managed_by(self, user):
        """Offerings that this back-office user may look up: what is public anyway, and
        what they manage; all of them for who may see all signups."""
        if user.has_perm("signups.view_all_signups"):
            return self.all()
        mine = self.model.objects.changeable_by(user)
        return self.filter(Q(is_listed=True) | Q(pk__in=mine.values("pk")))


class DrawQuerySet(models.QuerySet):
    def public(self):
        """Draws that the public may know of: of something that is listed."""
        offerings = self.model._meta.get_field("offerings").related_model.objects
        return self.filter(Exists(offerings.listed().filter(draw=OuterRef("pk"))))

    def managed_by(self, user):
        """Draws whose pages this back-office user may open: of the kinds they manage,
        and all of them for who types the public value beside somebody else or may see
        all signups. Results before their release are for ``run_by`` only."""
        if user.has_perm("signups.witness_draw") or user.has_perm(
            "signups.view_all_signups"
        ):
            return self.all()
        return self.run_by(user)

    def between_list_and_release(self):
        """Those whose list stands and whose results nobody has been told."""
        return self.filter(frozen_at__isnull=False, released_at__isnull=True)

    def to_freeze(self):
        """Those whose entering is over and whose list stands open."""
        offerings = self.model._meta.get_field("offerings").related_model.objects
        here = offerings.filter(draw=OuterRef("pk"))
        return self.filter(Exists(here), frozen_at__isnull=True).exclude(
            Exists(here.filter(closes_at__gt=Now()))
        )

    def to_type(self, user):
        """Those whose public value exists by now and was not typed by ``user``."""
        typed = self.model._meta.get_field("values").related_model.objects
        return self.filter(
            ~Exists(typed.filter(draw=OuterRef("pk"), by=user)),
            frozen_at__isnull=False,
            value="",
            value_at__lte=Now(),
        )

    def to_release(self):
        """Those that can be drawn, or are drawn and not released."""
        return self.filter(released_at__isnull=True).exclude(value="")

    def run_by(self, user):
        """Draws that this back-office user may hold."""
        if not user.has_perm("signups.run_draw"):
            return self.none()
        rows = self.filter(kind__in=OfferingKind.managed_by(user))
        if user.has_perm("members.view_all_workers"):
            return rows
        return rows.filter(organiser__in=UnionOrg.objects.managed_by(user))


class DrawChoiceQuerySet(models.QuerySet):
    def as_list(self):
        """The frozen list in its order: number, offering, rank, weight, seats, pools;
        then outcome and place in the queue. One query."""
        return self.order_by("entry__number", "rank").values_list(
            "entry__number",
            "signup__offering",
            "rank",
            "entry__weight",
            "signup__seats",
            "pools",
            "outcome",
            "queue_no",
        )


class SeatPoolQuerySet(models.QuerySet):
    def with_a_seat(self):
        """Pools that owe a seat, have one free, or offered one that was not accepted in
        time; in the order in which they are given."""
        signups = self.model._meta.get_field("signups").related_model.objects
        return self.filter(
            Q(owed__gt=0)
            | Q(taken__lt=F("capacity"))
            | Exists(signups.lapsed().filter(pool=OuterRef("pk")))
        ).order_by("position")

    def reserved(self):
        """Pools kept for somebody."""
        return self.exclude(kind=PoolKind.GENERAL).order_by("position")

    def managed_by(self, user):
        """Pools of the offerings that this back-office user may see."""
        offerings = self.model._meta.get_field("offering").related_model.objects
        return self.filter(offering__in=offerings.managed_by(user))


class PaperSheetQuerySet(models.QuerySet):
    def managed_by(self, user):
        """Sheets of the unions that this back-office user looks after; all for who may
        see all signups."""
        if user.has_perm("signups.view_all_signups"):
            return self.all()
        return self.filter(union_org__in=UnionOrg.objects.managed_by(user))

    def left_open(self):
        """Those that were not reconciled yet."""
        return self.filter(closed_at__isnull=True)

    def for_list(self):
        """Open ones first, the newest first, with ``count`` lines and ``entered`` of
        them. One query."""
        counted = Q(lines__outcome__in=["done", "waits", "refused"])
        return (
            self.select_related("offering", "occasion", "union_org", "printed_by")
            .annotate(count=Count("lines"), entered=Count("lines", filter=counted))
            .order_by(F("closed_at").desc(nulls_first=True), "-pk")
        )


class SignupQuerySet(models.QuerySet):
    def live(self):
        """Asked for and not ended, also where waiting means nothing any more: see
        ``current``."""
        return self.filter(ended_at__isnull=True)

    def current(self):
        """What still means something to its person: all that lives, except a place in a
        queue that is over. Everything that is shown or counted by person asks this."""
        return self.live().exclude(_QUEUE_OVER)

    def left_lately(self):
        """Those given up within a day; see ``standing.MOST_RETURNS``."""
        since = Now() - timedelta(days=1)
        return self.filter(status=SignupStatus.CANCELLED, ended_at__gt=since)

    def holding_anything(self):
        """What is current, and what has ended and holds its person's time all the same
        (a no-show)."""
        return self.filter(Q(ended_at__isnull=True) | Q(busy__isnull=False)).exclude(
            _QUEUE_OVER
        )

    def with_state(self):
        """Annotate ``state``, one of ``enums.SignupState``: how it stands now."""
        return self.annotate(
            state=models.Case(
                models.When(_QUEUE_OVER, then=models.Value(SignupState.QUEUE_OVER)),
                # though nobody has passed it on yet
                models.When(_LAPSED, then=models.Value(SignupState.LAPSED)),
                default=F("status"),
                output_field=models.CharField(),
            )
        )

    def choices_in(self, draw, worker):
        """What a worker has entered for in a draw and has not left, best first."""
        return self.filter(
            worker=worker, offering__draw=draw, status=SignupStatus.APPLIED
        ).order_by("choice_rank", "pk")

    def in_draw(self):
        """What stands on a draw's page for its person: what still lives, and all that a
        frozen list named, with ``outcome`` and ``drawn_no`` once they are released."""
        is_released = Q(offering__draw__released_at__isnull=False)
        return self.filter(
            Q(ended_at__isnull=True) | Q(draw_choice__isnull=False)
        ).annotate(
            outcome=models.Case(
                models.When(is_released, then=F("draw_choice__outcome")),
                output_field=models.CharField(),
            ),
            drawn_no=models.Case(
                models.When(is_released, then=F("draw_choice__queue_no"))
            ),
        )

    def behind(self, signup):
        """The choices of the same person in the same draw after this one."""
        return self.choices_in(signup.offering.draw_id, signup.worker_id).filter(
            choice_rank__gt=signup.choice_rank
        )

    def seated(self):
        """Who holds a seat and has accepted it."""
        return self.filter(status=SignupStatus.SEATED)

    def waiting(self):
        """Waiters in the order of the queue, which still moves."""
        return self.current().filter(_WAITS).order_by("queue_no", "pk")

    def lapsed(self):
        """Offers that were not accepted in time and whose seats are still held."""
        return self.filter(_LAPSED)

    def with_rank(self):
        """Annotate ``rank`` (1 is next) and ``queue`` (how many wait); null unless
        waiting in a queue that moves."""
        queue = self.model.objects.filter(
            offering=OuterRef("offering"), status=SignupStatus.WAITING
        ).order_by()
        ahead = Q(queue_no__lt=OuterRef("queue_no")) | Q(
            queue_no=OuterRef("queue_no"), pk__lte=OuterRef("pk")
        )

        def count(rows):
            return Subquery(rows.values("offering").annotate(n=Count("pk")).values("n"))

        waits = _WAITS & Q(QueueMoves("offering__"))
        return self.annotate(
            rank=models.Case(models.When(waits, then=count(queue.filter(ahead)))),
            queue=models.Case(models.When(waits, then=Coalesce(count(queue), 0))),
        )

    def with_moves(self, since):
        """Annotate ``moved``: by how many places a waiter came nearer since a moment (or
        since they came, if that is later), and ``freed``: how many seats that others let
        lapse are on their way to the queue. For one worker's few rows."""
        everybody = self.model.objects.filter(offering=OuterRef("offering")).order_by()
        left = Greatest("promoted_at", "left_queue_at")
        gone = everybody.annotate(left_at=left).filter(
            Q(queue_no__lt=OuterRef("queue_no"))
            | Q(queue_no=OuterRef("queue_no"), pk__lt=OuterRef("pk")),
            left_at__gte=since,
            left_at__gt=OuterRef("created_at"),
        )
        lapsed = everybody.lapsed()
        moved = gone.values("offering").annotate(n=Count("pk")).values("n")
        freed = lapsed.values("offering").annotate(n=Sum("seats")).values("n")

        def while_waiting(rows):
            said = Coalesce(Subquery(rows, models.IntegerField()), 0)
            return models.Case(models.When(_WAITS, then=said), default=0)

        return self.annotate(moved=while_waiting(moved), freed=while_waiting(freed))

    def with_meetings(self):
        """With the occasions that take place, as ``offering.occasions``; one query."""
        occasions = self.model._meta.get_field(
            "offering"
        ).related_model._meta.get_field("occasions")
        meetings = occasions.related_model.objects.taking_place()
        return self.prefetch_related(Prefetch("offering__occasions", meetings))

    def with_next_occasion(self):
        """Annotate ``next_id``, ``next_at``, ``next_ends`` and ``next_place``: the next
        time to come, or the one that is on; null where there is none, as where all was
        called off."""
        occasions = self.model._meta.get_field(
            "offering"
        ).related_model._meta.get_field("occasions")
        coming = (
            occasions.related_model.objects.taking_place()
            .filter(
                offering=OuterRef("offering"),
                offering__withdrawn_at__isnull=True,
                ends_at__gt=Now(),
            )
            .values("pk", "starts_at", "ends_at", "place")[:1]
        )
        return self.annotate(
            next_id=Subquery(coming.values("pk")),
            next_ends=Subquery(coming.values("ends_at")),
            next_at=Subquery(coming.values("starts_at")),
            next_place=Subquery(coming.values("place")),
        )

    def for_my_page(self, worker):
        """A worker's signups with all that their page prints: one query, soonest
        first, what is over last. Of the cancelled only those that somebody else
        cancelled: they say why."""
        own_doing = Q(status=SignupStatus.CANCELLED, cancelled_reason="")
        own_doing |= Q(status__in=[SignupStatus.CANCELLED_LATE, SignupStatus.DECLINED])
        return (
            self.filter(worker=worker)
            .exclude(own_doing)
            .select_related("offering__rules", "offering__draw")
            .annotate(draw_number=F("draw_choice__entry__number"))
            .with_state()
            .with_rank()
            .with_moves(yesterday())
            .with_next_occasion()
            .order_by(F("next_at").asc(nulls_last=True), "-pk")
        )

    def for_list(self):
        """Who holds a seat, by name, then who waits, in the order of the queue: with all
        that the back office prints of each. One query."""
        return (
            self.live()
            .select_related("worker__union_org", "worker__user", "union_org")
            .with_rank()
            .order_by(
                models.Case(models.When(_WAITS, then=1), default=0),
                "queue_no",
                "pk",
            )
        )

    def of_people(self, orgs):
        """What the workers of ``orgs`` (unions or their keys) hold or wait for that is
        not over."""
        return self.current().filter(
            Q(offering__ends_at__isnull=True) | Q(offering__ends_at__gt=Now()),
            worker__union_org__in=orgs,
        )

    def by_offering(self):
        """Rows of ``offering``, ``title``, ``starts_at``, ``seated`` and ``waiting``:
        how many of these are in what, the soonest first. One query."""
        return (
            self.order_by()
            .values("offering", title=F("offering__title"))
            .annotate(
                starts_at=F("offering__starts_at"),
                seated=Count("pk", filter=Q(status=SignupStatus.SEATED)),
                waiting=Count("pk", filter=_WAITS),
            )
            .order_by("starts_at", "offering")
        )

    def of_one_offering(self, offering, *, after=None):
        """These signups for one offering in the order in which they were asked for,
        from behind the key ``after``, with state, rank, worker and union."""
        rows = self.filter(offering=offering)
        if after is not None:
            rows = rows.filter(pk__gt=after)
        return (
            rows.select_related("worker__union_org")
            .with_state()
            .with_rank()
            .order_by("pk")
        )

    def managed_by(self, user):
        """Signups that this back-office user looks after: all for who has that right,
        those for the offerings they manage, and those of their unions and its workers."""
        if user.has_perm("signups.view_all_signups"):
            return self.all()
        offerings = self.model._meta.get_field("offering").related_model.objects
        mine = Q(offering__in=offerings.changeable_by(user))
        if not user.has_perm("members.view_all_workers"):
            # who sees every worker of the city does not therefore see all they do
            mine |= Q(worker__in=Worker.objects.managed_by(user))
            mine |= Q(union_org__in=UnionOrg.objects.managed_by(user))
        return self.filter(mine)

    def to_give_up(self, worker):
        """What a worker still holds or waits for that is not over, pool by pool: whoever
        gives up several locks the pools in one order."""
        return (
            self.current()
            .filter(
                Q(offering__ends_at__isnull=True) | Q(offering__ends_at__gt=Now()),
                worker=worker,
            )
            .order_by(F("pool").asc(nulls_last=True), "pk")
        )

    def facts_of(self, worker) -> list[dict]:
        """Everything the desk keeps about a worker's signups, oldest first, as label →
        plain value, for their own-data page. One query."""
        rows = (
            self.filter(worker=worker)
            .select_related("offering")
            .with_state()
            .order_by("pk")
        )
        return [
            {
                _("报名号"): signup.pk,
                _("所报"): signup.offering.title,
                _("状态"): SignupState(signup.state).label,
                _("停办或取消的原因"): (
                    signup.offering.withdrawn_reason
                    if signup.state == SignupState.CALLED_OFF
                    else signup.cancelled_reason
                ),
                _("报名时间"): signup.created_at,
                _("变动时间"): signup.changed_at,
            }
            for signup in rows
        ]


class ConductPointQuerySet(models.QuerySet):
    def counting(self):
        """Points that count now, by the database's clock."""
        return self.filter(lifted_at__isnull=True, expires_at__gt=Now())

    def of_worker(self, worker):
        """A worker's own points, the newest first, with what they were given for and
        what was answered. Two queries."""
        return (
            self.filter(worker=worker)
            .select_related("signup__offering__rules", "occasion")
            .prefetch_related("appeals")
        )

    def facts_of(self, worker) -> list[dict]:
        """Everything kept about a worker's points and appeals, oldest first, for their
        own-data page. Two queries."""
        return [
            {
                _("所报"): point.signup.offering.title,
                _("事由"): point.get_cause_display(),
                _("分数"): point.weight,
                _("发生时间"): point.happened_at,
                _("有效至"): point.expires_at,
                _("撤销原因"): point.get_lifted_as_display(),
                _("申诉"): "\n".join(
                    f"{one.get_ground_display()}：{one.text}"
                    f"（{one.get_state_display()}）{one.answer}"
                    for one in point.appeals.all()
                ),
            }
            for point in self.of_worker(worker).order_by("pk")
        ]


class AppealQuerySet(models.QuerySet):
    def open(self):
        return self.filter(state=AppealState.OPEN)

    def decidable_by(self, user):
        """Those that this back-office user may answer: of the people of their unions
        what a unit confirms, of what they manage all else. Never their own."""
        found = Q(pk__in=[])
        if user.has_perm("signups.excuse_absence"):
            orgs = UnionOrg.objects.managed_by(user)
            found |= Q(is_for_unit=True, point__worker__union_org__in=orgs)
        offerings = self.model.point.field.related_model.signup.field.related_model
        mine = offerings.offering.field.related_model.objects.changeable_by(user)
        found |= Q(is_for_unit=False, point__signup__offering__in=mine)
        return self.filter(found).exclude(point__worker__user=user)

    def managed_by(self, user):
        """Those that this user may look up; all of them for who may see all signups."""
        if user.has_perm("signups.view_all_signups"):
            return self.all()
        return self.decidable_by(user)
