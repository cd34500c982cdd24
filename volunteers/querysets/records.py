"""Hours: whose, how they stand, what may be certified of them.

For certificates, figures and exports begin with ``certifiable`` (or ``in_force`` for what
is confirmed, publicised or not) and sum with ``minutes_by_…``.
"""

from django.db import models
from django.db.models import Case, Count, Exists, F, OuterRef, Q, Sum, Value, When
from django.db.models.functions import Now, TruncMonth
from django.utils.translation import gettext as _

from volunteers.enums import DisputeState, HoursState, RecordSort, RecordState
from volunteers.querysets.events import RUN

S = RecordState


class ServiceRecordQuerySet(models.QuerySet):
    def managed_by(self, user):
        """Those of the teams this back-office user looks after."""
        events = self.model._meta.get_field("event").related_model
        return self.filter(event__in=events.objects.managed_by(user))

    def run_by(self, user):
        """Those that this account may work at, their own among them."""
        return self.managed_by(user) if user.has_perm(RUN) else self.none()

    def live(self):
        """Without those that were taken down before anybody confirmed them."""
        return self.exclude(state=S.DROPPED)

    def _successors(self):
        return self.model.objects.filter(supersedes=OuterRef("pk")).live().order_by()

    def in_force(self):
        """Confirmed, and neither corrected nor voided by a confirmed row. Hours that
        count, whether their seven days are over or not."""
        return self.filter(state=S.CONFIRMED).filter(
            ~Q(sort=RecordSort.VOID),
            ~Exists(self._successors().filter(state=S.CONFIRMED)),
        )

    def certifiable(self):
        """What a certificate may say, by the database's clock: in force, publicised for
        seven days, with no dispute open and no correction under way."""
        disputes = self.model._meta.get_field("disputes").related_model
        is_disputed = Exists(
            disputes.objects.open().filter(record=OuterRef("pk")).order_by()
        )
        return self.filter(
            ~Q(sort=RecordSort.VOID),
            ~Exists(self._successors()),
            ~is_disputed,
            state=S.CONFIRMED,
            public_until__lte=Now(),
        )

    def publicised(self):
        """In force, and shown to the team for objections now; the newest first."""
        return (
            self.in_force()
            .filter(public_until__gt=Now())
            .order_by("-confirmed_at", "-pk")
        )

    def with_state(self):
        """Annotate ``standing``, one of ``enums.HoursState``."""
        disputes = self.model._meta.get_field("disputes").related_model
        open_one = disputes.objects.open().filter(record=OuterRef("pk")).order_by()
        successors = self._successors()
        confirmed = successors.filter(state=S.CONFIRMED)
        waits = Exists(open_one) | Exists(successors)

        def say(said, *conditions, **filters):
            return When(Q(*conditions, **filters), then=Value(said.value))

        return self.annotate(
            standing=Case(
                say(HoursState.VOID, state=S.CONFIRMED, sort=RecordSort.VOID),
                say(HoursState.CORRECTED, Exists(confirmed)),
                say(HoursState.DISPUTED, waits, state=S.CONFIRMED),
                say(HoursState.CERTIFIABLE, state=S.CONFIRMED, public_until__lte=Now()),
                say(HoursState.PUBLICISED, state=S.CONFIRMED),
                default=F("state"),
                output_field=models.CharField(),
            )
        )

    def to_confirm(self, user):
        """What waits for a second person who may be this one: not written down by them,
        not proved by them, not theirs."""
        return (
            self.run_by(user)
            .filter(state=S.RECORDED)
            .exclude(recorded_by=user)
            .exclude(proved_by=user)
            .exclude(worker__user=user)
        )

    def to_prove(self, user):
        return self.run_by(user).filter(state__in=[S.UNPROVEN, S.RETURNED])

    def for_lists(self):
        """With all that lists print of each; one query."""
        return self.select_related(
            "event__team", "worker", "post", "recorded_by", "confirmed_by"
        ).with_state()

    def for_person(self, worker):
        """A worker's own, newest first, with state and the open dispute; two queries."""
        return (
            self.live()
            .filter(worker=worker)
            .select_related("event__team", "post")
            .prefetch_related("disputes")
            .with_state()
            .order_by("-served_on", "-pk")
        )

    # --- sums, in minutes; each one query

    def total(self) -> dict[str, int]:
        """``minutes``, ``records`` and ``people`` (each once)."""
        found = self.order_by().aggregate(
            minutes=Sum("minutes"),
            records=Count("pk"),
            people=Count("worker", distinct=True),
        )
        return {name: number or 0 for name, number in found.items()}

    def minutes_by_worker(self):
        """Rows of ``worker``, ``minutes`` and ``services``."""
        return self._summed("worker")

    def minutes_by_team(self):
        """Rows of ``team``, ``minutes`` and ``services``."""
        return self._summed(team=F("event__team"))

    def minutes_by_kind(self):
        """Rows of ``kind`` (of the service), ``minutes`` and ``services``."""
        return self._summed(kind=F("event__kind"))

    def minutes_by_month(self):
        """Rows of ``month`` (its first day), ``minutes`` and ``services``, in order."""
        return self._summed(month=TruncMonth("served_on")).order_by("month")

    def _summed(self, *names, **columns):
        return (
            self.order_by()
            .values(*names, **columns)
            .annotate(minutes=Sum("minutes"), services=Count("event", distinct=True))
            .order_by(*names, *columns)
        )

    def facts_of(self, worker) -> list[dict]:
        """Everything kept about a worker's hours, for their own-data page."""
        return [
            {
                _("服务"): record.event.title,
                _("队伍"): record.event.team.name,
                _("日期"): record.served_on,
                _("时长（分钟）"): record.minutes,
                _("到场"): record.arrived_at,
                _("离开"): record.left_at,
                _("状态"): HoursState(record.standing).label,
                _("说明"): record.reason,
                _("我的异议"): "\n".join(
                    f"{one.text}（{one.get_state_display()}）{one.answer}"
                    for one in record.disputes.all()
                ),
            }
            for record in self.for_person(worker)
        ]


class HoursDisputeQuerySet(models.QuerySet):
    def open(self):
        return self.filter(state=DisputeState.OPEN)

    def answerable_by(self, user):
        """Open ones that this account may answer: never about hours of their own."""
        records = self.model._meta.get_field("record").related_model
        mine = records.objects.run_by(user)
        return self.open().filter(record__in=mine).exclude(record__worker__user=user)
