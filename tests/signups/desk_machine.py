"""A state machine of the desk: whatever people, staff and the clock do, in any order, what
a fair desk promises holds after every step.

The database's clock cannot be set, so time passes by moving every moment that the desk
has stored into the past.
"""

from contextlib import suppress
from datetime import timedelta

from django.db import connection
from django.db.models import Sum
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from common.errors import Refusal
from signups.enums import Audience, Mode, SignupStatus
from signups.models import Draw, DrawChoice, Offering, SeatPool, Signup
from signups.services import draws, offerings, seats
from signups.services.offerings import Reserve
from tests.factories import make_limit, make_offering, make_user, make_worker

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
S = SignupStatus
HOLDING = [S.SEATED, S.OFFERED]
# table → how its rows belong to an offering, and the columns that are moments
MOMENTS = {
    "signups_offering": ("id", ["opens_at", "closes_at", "starts_at", "ends_at",
                                "cancel_until", "withdrawn_at"]),
    "signups_occasion": ("offering_id", ["starts_at", "ends_at", "changed_at"]),
    "signups_seatpool": ("offering_id", ["until"]),
    "signups_signup": ("offering_id", ["created_at", "changed_at", "ended_at",
                                       "promoted_at", "left_queue_at", "offer_until"]),
}  # fmt: skip
OF_DRAW = ["value_at", "results_at", "frozen_at", "drawn_at", "released_at"]
_SHIFT = """
UPDATE {table} SET busy = coalesce((
    SELECT range_agg(tstzrange(lower(r) + {by}, upper(r) + {by}))
    FROM unnest(busy) r), '{{}}')
WHERE busy IS NOT NULL AND {of} = ANY (%(made)s)"""


def let_pass(time: timedelta, made: list[Offering], draw: Draw) -> None:
    of = {"made": [offering.pk for offering in made], "t": time, "draw": draw.pk}
    with connection.cursor() as cursor:

        def shift(table, columns, where):
            moved = ", ".join(f"{name} = {name} - %(t)s" for name in columns)
            cursor.execute(f"UPDATE {table} SET {moved} WHERE {where}", of)

        for table, (key, columns) in MOMENTS.items():
            shift(table, columns, f"{key} = ANY (%(made)s)")
        shift("signups_draw", OF_DRAW, "id = %(draw)s")
        offering = {"table": "signups_offering", "of": "id"}
        cursor.execute(_SHIFT.format(by="-%(t)s", **offering), of)
        # first away from one another: a row that has moved must not meet one that has not
        far = "(id %% 2000) * interval '100 years'"
        signup = {"table": "signups_signup", "of": "offering_id"}
        cursor.execute(_SHIFT.format(by=far, **signup), of)
        cursor.execute(_SHIFT.format(by=f"-({far}) - %(t)s", **signup), of)


class Desk(RuleBasedStateMachine):
    people = st.integers(0, 7)
    things = st.sampled_from([0, 0, 1, 1, 1, 1, 2, 3, 4])
    numbers = st.integers(0, 50)

    @initialize(
        capacities=st.lists(st.integers(1, 3), min_size=5, max_size=5),
        most=st.integers(1, 3),
    )
    def open(self, capacities, most):
        now = timezone.now()
        self.staff = [make_user(), make_user()]
        self.workers = [
            make_worker(is_frontline=n == 7, is_migrant=n == 3) for n in range(8)
        ]
        limit = make_limit(most)
        until = now + 12 * HOUR
        reserve = Reserve(capacity=2, audience=Audience.FRONTLINE, until=until)
        start = now + 9 * DAY
        same = [(start, start + 2 * HOUR, "")]
        made = [
            {"max_seats": 5, "is_offered": True},
            {"times": same, "reserves": [reserve]},
            {"times": same, "is_offered": True, "max_seats": 3},
            {"mode": Mode.DRAW, "closes_at": now + DAY},
            {"mode": Mode.DRAW, "closes_at": now + DAY, "times": same},
        ]
        self.offerings = [
            make_offering(
                capacity=capacity,
                starts_in_days=8,
                limits=[limit] if n else [],
                **facts,
            )
            for n, (capacity, facts) in enumerate(zip(capacities, made, strict=True))
        ]
        self.most = most
        self.asked = {}
        self.draw = draws.open_draw(
            offerings=self.offerings[3:],
            title=f"示例摇号{self.offerings[0].pk}",
            value_name="示例公开数",
            value_form="七位数",
            value_at=now + 2 * DAY,
            results_at=now + 3 * DAY,
            by=None,
            most_choices=2,
        )
        self.before = {}

    # --- what happens ----------------------------------------------------------------

    @rule(who=people, what=things, number=st.integers(1, 5))
    def ask(self, who, what, number):
        offering = self.offerings[what]
        try:
            signup = seats.sign_up(
                offering_id=offering.pk,
                worker=self.workers[who],
                seats=min(number, offering.max_seats),
                by=None,
            )
        except Refusal:
            return
        self.asked.setdefault(signup.pk, min(number, offering.max_seats))

    @rule(what=things, people=st.permutations(range(8)), number=st.integers(2, 6))
    def rush(self, what, people, number):
        for who in people[:number]:
            self.ask(who=who, what=what, number=1 + who % 2)

    @rule(which=numbers)
    def cancel(self, which):
        self._of_one(which, seats.cancel, ended_at=None)

    @rule(which=numbers)
    def cancel_a_seat(self, which):
        self._of_one(which, seats.cancel, status=S.SEATED)

    @rule(which=numbers)
    def accept(self, which):
        self._of_one(which, seats.accept, status=S.OFFERED)

    @rule(which=numbers)
    def decline(self, which):
        self._of_one(which, seats.decline, status=S.OFFERED)

    @rule(what=things, capacity=st.integers(1, 6))
    def change_capacity(self, what, capacity):
        pool = self.offerings[what].pools.order_by("position").last()
        with suppress(Refusal):
            offerings.set_capacity(pool=pool, capacity=capacity, by=None)

    @rule(hours=st.sampled_from([1, 13, 13, 25]))
    def time_passes(self, hours):
        self._let_pass(hours * HOUR)

    @rule(what=things, is_today=st.sampled_from([False, False, True]))
    def call_off(self, what, is_today):
        if not is_today:  # seldom
            return
        with suppress(Refusal):
            offerings.withdraw_offering(
                offering=self.offerings[what], reason="教室检修", by=self.staff[0]
            )

    @rule()
    def draw_lots(self):
        closes_at = max(
            Offering.objects.filter(draw=self.draw).values_list("closes_at", flat=True)
        )
        self._let_pass(max(closes_at - timezone.now() + HOUR, timedelta()))
        try:
            draws.freeze(draw=self.draw, by=self.staff[0])
        except Refusal:
            return
        self.draw.refresh_from_db()
        self._let_pass(max(self.draw.value_at - timezone.now() + HOUR, timedelta()))
        if not self.draw.value:
            for staff in self.staff:
                draws.type_value(draw=self.draw, value="0102030", by=staff)
        draws.draw_lots(draw=self.draw, by=self.staff[0])
        draws.release(draw=self.draw, by=self.staff[0])
        won = DrawChoice.objects.filter(outcome="won", entry__draw=self.draw)
        winners = list(won.values_list("entry__worker", flat=True))
        assert len(winners) == len(set(winners)), "somebody won two"

    @rule()
    def tick(self):
        """Then no seat is left that somebody waits for."""
        seats.settle_all()
        for pool in self._pools():
            free = pool.capacity - pool.taken
            if free <= 0 or not self._moves(pool.offering):
                continue
            for waiting in self._waiting(pool.offering_id):
                assert not (waiting.seats <= free and self._suits(waiting, pool)), (
                    f"{free} seats stay free while #{waiting.pk} waits"
                )

    # --- what holds ------------------------------------------------------------------

    @invariant()
    def seats_add_up(self):
        for pool in self._pools():
            held = pool.signups.filter(status__in=HOLDING)
            number = held.aggregate(n=Sum("seats"))["n"] or 0
            assert pool.taken == number + pool.owed, f"pool {pool.pk}"
            assert 0 <= pool.owed <= pool.taken <= pool.capacity

    @invariant()
    def nobody_is_twice_or_in_two_places_or_over_a_limit(self):
        for worker in getattr(self, "workers", ()):
            live = list(worker.signups.filter(ended_at=None).select_related("offering"))
            assert len({s.offering_id for s in live}) == len(live)
            seated = [s for s in live if s.status == S.SEATED]
            limited = [s for s in seated if s.offering_id != self.offerings[0].pk]
            assert len(limited) <= self.most
            for n, one in enumerate(seated):
                for other in seated[n + 1 :]:
                    assert not self._overlap(one.busy, other.busy)

    @invariant()
    def parties_stay_together(self):
        for signup in Signup.objects.filter(pk__in=getattr(self, "asked", ())):
            assert signup.seats == self.asked[signup.pk]

    @invariant()
    def nobody_passes_the_queue(self):
        """Whoever came to seats since the last step was not behind somebody of as many
        seats or fewer whom these suit."""
        now = {s.pk: s for s in self._all()}
        for signup in now.values():
            was = self.before.get(signup.pk)
            if signup.status not in HOLDING or was in HOLDING or was == S.APPLIED:
                continue
            if not self._moves(signup.offering):
                continue
            for waiting in self._waiting(signup.offering_id):
                is_before = self._place(waiting) < self._place(signup)
                was_waiting = self.before.get(waiting.pk) == S.WAITING
                if is_before and was_waiting and waiting.seats <= signup.seats:
                    assert not self._suits(waiting, signup.pool), (
                        f"#{signup.pk} passed #{waiting.pk}"
                    )
        self.before = {pk: signup.status for pk, signup in now.items()}

    # --- helpers ---------------------------------------------------------------------

    def _let_pass(self, time):
        let_pass(time, self.offerings, self.draw)

    def _all(self):
        made = getattr(self, "offerings", ())
        found = Signup.objects.filter(offering__in=[o.pk for o in made])
        return found.select_related("offering", "pool", "worker")

    def _pools(self):
        made = [o.pk for o in getattr(self, "offerings", ())]
        return SeatPool.objects.filter(offering__in=made).select_related("offering")

    def _of_one(self, which, verb, **state):
        found = list(self._all().filter(**state).order_by("pk"))
        if found:
            with suppress(Refusal):
                verb(signup=found[which % len(found)], by=None)

    def _waiting(self, offering_id):
        waiting = Signup.objects.filter(offering=offering_id, status=S.WAITING)
        return waiting.select_related("worker").order_by("queue_no", "pk")

    def _place(self, signup):
        number = signup.queue_no
        return (number is None, number or 0, signup.pk)

    def _moves(self, offering):
        offering = Offering.objects.get(pk=offering.pk)
        return offering.withdrawn_at is None and timezone.now() < offering.starts_at

    def _suits(self, signup, pool):
        """As the rules say it, in Python: the pool is for them, they hold nothing at
        that time and stay within the limit."""
        worker = signup.worker
        is_kept = pool.until is None or timezone.now() < pool.until
        if pool.kind == "audience" and is_kept and not worker.is_frontline:
            return False
        seated = worker.signups.filter(status=S.SEATED).exclude(pk=signup.pk)
        time = Offering.objects.get(pk=signup.offering_id).busy
        if any(self._overlap(held.busy, time) for held in seated):
            return False
        if signup.offering_id == self.offerings[0].pk:
            return True
        return seated.exclude(offering=self.offerings[0]).count() < self.most

    @staticmethod
    def _overlap(one, other):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT %s::tstzmultirange && %s::tstzmultirange",
                [str(one), str(other)],
            )
            return cursor.fetchone()[0]
