from datetime import timedelta

from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Now
from django.utils.translation import gettext as _

from members.models import Worker
from signups.enums import LIVE, PoolKind, SignupState, SignupStatus

# Of a signup: what it was for does not take place.
_CALLED_OFF = Q(offering__withdrawn_at__isnull=False)


def _has_queue(of: str = "") -> Q:
    """A queue ends with the first occasion: nobody is promoted into what has begun."""
    begins = f"{of}starts_at"
    return Q(**{f"{begins}__isnull": True}) | Q(**{f"{begins}__gt": Now()})


_WAITS = Q(status=SignupStatus.WAITING)


class OfferingQuerySet(models.QuerySet):
    def listed(self):
        """What the public may know of."""
        return self.filter(is_listed=True)

    def for_check(self):
        """What the check page prints of one listed offering, in two queries."""
        return self.listed().select_related("group").prefetch_related("occasions")

    def needing_settlement(self):
        """Offerings that owe a seat, whoever may wait for it, or have one free while
        somebody waits."""
        is_owed = Q(pools__owed__gt=0)
        is_missed = (
            Q(
                pools__taken__lt=F("pools__capacity"),
                signups__status=SignupStatus.WAITING,
                withdrawn_at__isnull=True,
            )
            & _has_queue()
        )
        return self.filter(is_owed | is_missed).distinct()


class SeatPoolQuerySet(models.QuerySet):
    def with_a_seat(self):
        """Pools that owe a seat or have one free."""
        return self.filter(Q(owed__gt=0) | Q(taken__lt=F("capacity")))

    def reserved(self):
        """Pools kept for an audience."""
        return self.filter(kind=PoolKind.RESERVED).order_by("pk")


class SignupQuerySet(models.QuerySet):
    def live(self):
        """Seated or waiting, also where that means nothing any more: see ``current``."""
        return self.filter(status__in=LIVE)

    def current(self):
        """What still means something to its person: a seat or a place in the queue of
        what was not called off, and whose queue is not over. Everything that is shown
        or counted by person asks this."""
        return self.live().taking_place().exclude(_WAITS & ~_has_queue("offering__"))

    def taking_place(self):
        """Signups for what was not called off."""
        return self.exclude(_CALLED_OFF)

    def left_lately(self):
        """Those given up within a day; see ``standing.MOST_RETURNS``."""
        since = Now() - timedelta(days=1)
        return self.filter(status=SignupStatus.CANCELLED, changed_at__gt=since)

    def queue_over(self):
        """Those who were still waiting when it began: nobody in there moves any more."""
        return self.taking_place().filter(_WAITS & ~_has_queue("offering__"))

    def with_state(self):
        """Annotate ``state``, one of ``enums.SignupState``: how it stands now."""
        state = SignupState
        return self.annotate(
            state=models.Case(
                models.When(
                    status=SignupStatus.CANCELLED, then=models.Value(state.CANCELLED)
                ),
                models.When(_CALLED_OFF, then=models.Value(state.CALLED_OFF)),
                models.When(
                    _WAITS & ~_has_queue("offering__"),
                    then=models.Value(state.QUEUE_OVER),
                ),
                default=F("status"),
                output_field=models.CharField(),
            )
        )

    def waiting(self):
        """Waiters in the order of the queue: the id is taken after the pools are
        settled, so it is the order of arrival."""
        return self.current().filter(_WAITS).order_by("pk")

    def queue_lengths(self):
        """How many wait for each offering: rows of ``offering`` and ``n``."""
        return self.waiting().order_by().values("offering").annotate(n=Count("pk"))

    def with_rank(self):
        """Annotate ``rank`` (1 is next) and ``queue`` (how many wait); null unless
        waiting in a queue that moves."""
        queue = self.model.objects.filter(
            offering=OuterRef("offering"), status=SignupStatus.WAITING
        ).order_by()

        def count(rows):
            return Subquery(rows.values("offering").annotate(n=Count("pk")).values("n"))

        waits = _WAITS & _has_queue("offering__") & ~_CALLED_OFF
        return self.annotate(
            rank=models.Case(
                models.When(waits, then=count(queue.filter(pk__lte=OuterRef("pk"))))
            ),
            queue=models.Case(models.When(waits, then=Coalesce(count(queue), 0))),
        )

    def with_next_occasion(self):
        """Annotate ``next_at`` and ``next_place``: the next time to come, or null;
        what was called off has none."""
        occasions = self.model._meta.get_field(
            "offering"
        ).related_model._meta.get_field("occasions")
        coming = (
            occasions.related_model.objects.filter(
                offering=OuterRef("offering"),
                offering__withdrawn_at__isnull=True,
                ends_at__gt=Now(),
            )
            .order_by("starts_at")
            .values("starts_at", "place")[:1]
        )
        return self.annotate(
            next_at=Subquery(coming.values("starts_at")),
            next_place=Subquery(coming.values("place")),
        )

    def for_my_page(self, worker):
        """A worker's signups with all that their page prints: one query, soonest
        first, what is over last. Of the cancelled only those that somebody else
        cancelled: they say why."""
        return (
            self.filter(worker=worker)
            .exclude(status=SignupStatus.CANCELLED, cancelled_reason="")
            .select_related("offering")
            .with_state()
            .with_rank()
            .with_next_occasion()
            .order_by(F("next_at").asc(nulls_last=True), "-pk")
        )

    def managed_by(self, user):
        """Signups of the workers whose union this back-office user looks after."""
        if user.has_perm("members.view_all_workers"):
            return self.all()
        return self.filter(worker__in=Worker.objects.managed_by(user))

    def to_give_up(self, worker):
        """What a worker still holds or waits for that is neither over nor called off,
        pool by pool: whoever gives up several locks the pools in one order."""
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
