"""The list of a draw, read: as it is frozen, checked and published."""

from django.db import connection
from django.db.models import Count, F, Q

from members.models import Worker
from signups import draw as algorithm
from signups.enums import DrawOutcome, SignupStatus
from signups.models import Draw, DrawChoice, DrawEntry, Offering, Signup


def seats_to_freeze(draw: Draw) -> list[dict]:
    """The free seats of every pool of a draw's offerings that take place: what the list
    says of them."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT o.id, p.position, p.capacity - p.taken, p.kind, p.audience, o.title
            FROM signups_seatpool p JOIN signups_offering o ON o.id = p.offering_id
            WHERE o.draw_id = %s AND o.withdrawn_at IS NULL
            ORDER BY o.id, p.position
            """,
            [draw.pk],
        )
        names = ["offering", "pool", "capacity", "kind", "audience", "title"]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def weights(draw: Draw) -> dict[int, int]:
    """Worker → number of tickets, of all who have asked: one, and one more for each
    earlier draw of this kind in which they won nothing, since they last did. A seat out
    of the queue counts as won."""
    with connection.cursor() as cursor:
        cursor.execute(_WEIGHTS, {"draw": draw.pk, "kind": draw.kind})
        return dict(cursor.fetchall())


_WEIGHTS = """
WITH asked AS (
    SELECT DISTINCT s.worker_id FROM signups_signup s
    JOIN signups_offering o ON o.id = s.offering_id
    WHERE o.draw_id = %(draw)s AND s.status = 'applied'
), earlier AS (
    SELECT e.worker_id, d.released_at, EXISTS (
        SELECT FROM signups_drawchoice c JOIN signups_signup s ON s.id = c.signup_id
        WHERE c.entry_id = e.id AND (c.outcome = 'won'
            OR s.status = 'seated')) AS is_won
    FROM asked
    JOIN signups_drawentry e ON e.worker_id = asked.worker_id
    JOIN signups_draw d ON d.id = e.draw_id
    WHERE d.kind = %(kind)s AND d.released_at IS NOT NULL AND d.id <> %(draw)s
)
SELECT asked.worker_id, 1 + count(e.worker_id)
FROM asked
LEFT JOIN earlier e ON e.worker_id = asked.worker_id AND NOT e.is_won
    AND e.released_at > coalesce((
        SELECT max(w.released_at) FROM earlier w
        WHERE w.worker_id = asked.worker_id AND w.is_won), '-infinity')
GROUP BY asked.worker_id
"""


def weight_of(draw: Draw, worker: Worker) -> int:
    """How many tickets a worker has, or would have."""
    if draw.frozen_at is not None:
        entry = DrawEntry.objects.filter(draw=draw, worker=worker).first()
        return entry.weight if entry else 1
    return weights(draw).get(worker.pk, 1)


def applied(draw: Draw):
    """Each live choice, best first, with the pools that suit its person now: worker,
    signup, pools. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT s.worker_id, s.id, coalesce((
                SELECT string_agg(p.position::text, '+' ORDER BY p.position)
                FROM signups_seatpool p
                WHERE p.offering_id = o.id AND signups_suits(
                    p.kind, p.audience, p.union_code, p.until,
                    w.is_frontline, w.is_migrant, u.code, false)), '')
            FROM signups_signup s
            JOIN signups_offering o ON o.id = s.offering_id
            JOIN members_worker w ON w.id = s.worker_id
            JOIN members_unionorg u ON u.id = w.union_org_id
            WHERE o.draw_id = %s AND s.status = 'applied'
            ORDER BY s.worker_id, s.choice_rank NULLS LAST, s.id
            """,
            [draw.pk],
        )
        return cursor.fetchall()


def impossible(draw: Draw) -> list[int]:
    """Signups of those who could not have the seat if they won it: no member any more,
    something else at the same time, a limit reached."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT s.id FROM signups_signup s
            JOIN signups_offering o ON o.id = s.offering_id
            JOIN members_worker w ON w.id = s.worker_id
            WHERE o.draw_id = %s AND s.status = 'applied' AND (
                o.is_members_only AND NOT members_is_member(w.is_member, w.left_at)
                OR EXISTS (SELECT FROM signups_signup held
                           WHERE held.worker_id = s.worker_id AND held.busy && o.busy)
                OR EXISTS (SELECT FROM signups_signup held
                           WHERE held.worker_id = s.worker_id AND held.busy IS NOT NULL)
                   AND signups_over_limit(o.id, s.worker_id, s.seats))
            ORDER BY s.id
            """,
            [draw.pk],
        )
        return [pk for (pk,) in cursor.fetchall()]


def read(draw: Draw):
    """The frozen list out of the tables: its rows of seats, and (choice, outcome, place
    in the queue) of each choice, in the canonical order. One query."""
    seats = [
        algorithm.Seats(row["offering"], row["pool"], row["capacity"])
        for row in draw.seats
    ]
    choices = []
    for *row, pools, outcome, queue_no in DrawChoice.objects.filter(
        entry__draw=draw
    ).as_list():
        suiting = tuple(int(pool) for pool in pools.split("+") if pool)
        choices.append((algorithm.Choice(*row, suiting), outcome, queue_no))
    return seats, choices


def hash_now(draw: Draw) -> str:
    """The hash of the list as it stands in the tables."""
    seats, choices = read(draw)
    return algorithm.list_hash([*seats, *(choice for choice, *_result in choices)])


def published(draw: Draw) -> bytes:
    """The file anybody may repeat the draw from: no names, random numbers. Results and
    the public value stand in it once they are released."""
    seats, choices = read(draw)
    is_released = draw.released_at is not None
    titles = {(row["offering"], row["pool"]): row for row in draw.seats}
    rows = [(row, _seats_note(titles[row.offering, row.pool]), "") for row in seats] + [
        (
            choice,
            "",
            algorithm.result_in_words(outcome == DrawOutcome.WON, queue_no)
            if is_released
            else "",
        )
        for choice, outcome, queue_no in choices
    ]
    return algorithm.as_csv(rows, draw.value if is_released else "")


def _seats_note(row: dict) -> str:
    # a title is somebody's text: no cell of a spreadsheet begins with a formula's sign
    return f"{row['kind']} {row['audience']} {row['title']}".replace("  ", " ")


def results(draw: Draw) -> list[list]:
    """What the public value decides: number, rank, outcome, pool and place in the queue
    of each choice, by number. Pure reckoning over the frozen list."""
    seats, choices = read(draw)
    only = [choice for choice, *_result in choices]
    decided = algorithm.draw(seats, only, draw.seed)
    rows = []
    for (number, rank), result in decided.items():
        outcome = DrawOutcome.OTHER
        if result.pool is not None:
            outcome = DrawOutcome.WON
        elif result.queue_no is not None:
            outcome = DrawOutcome.QUEUE
        rows.append([number, rank, outcome, result.pool, result.queue_no])
    return sorted(rows, key=lambda row: row[:2])


def counts(offerings, *, is_shown=False):
    """Choices for each of these offerings, as rows of ``offering``, ``first``,
    ``further``, ``won`` and ``queued``: those of lists that are still open, and those of
    frozen ones. Results count from their release on; ``is_shown``: from the draw on, for
    who runs it only. Two queries."""
    live = (
        Signup.objects.filter(
            offering__in=offerings,
            status=SignupStatus.APPLIED,
            offering__draw__frozen_at__isnull=True,
        )
        .order_by()
        .values("offering")
        .annotate(
            first=Count("pk", filter=Q(choice_rank=1) | Q(choice_rank=None)),
            further=Count("pk", filter=Q(choice_rank__gt=1)),
        )
    )
    shown = Q() if is_shown else Q(entry__draw__released_at__isnull=False)
    frozen = (
        DrawChoice.objects.filter(signup__offering__in=offerings)
        .order_by()
        .values(offering=F("signup__offering"))
        .annotate(
            first=Count("pk", filter=Q(rank=1)),
            further=Count("pk", filter=Q(rank__gt=1)),
            won=Count("pk", filter=shown & Q(outcome=DrawOutcome.WON)),
            queued=Count("pk", filter=shown & Q(outcome=DrawOutcome.QUEUE)),
        )
    )
    return live, frozen


def summary(draw: Draw) -> list[dict]:
    """For each offering: seats, choices by rank, and what was drawn. For who runs the
    draw only, before the release."""
    offerings = list(Offering.objects.filter(draw=draw).order_by("pk").with_seats())
    live, frozen = counts([one.pk for one in offerings], is_shown=True)
    counted = {row["offering"]: row for row in [*live, *frozen]}
    return [
        {
            "offering": offering,
            "seats": offering.seat_count,
            "first": row.get("first", 0),
            "asked": row.get("first", 0) + row.get("further", 0),
            "won": row.get("won", 0),
            "waiting": row.get("queued", 0),
        }
        for offering in offerings
        for row in [counted.get(offering.pk, {})]
    ]
