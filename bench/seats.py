"""``rush_sql``: the seat statement on one hot class, against one plain durable insert
of the same row; 64 clients, a commit each."""

import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

from django.db import connection

from bench import scene
from bench.report import Figure
from members.models import UnionOrg, Worker
from signups.models import Offering, SeatPool, Signup
from unionportal.database.owner import as_owner

CLIENTS = 64
EACH = 50  # requests a client makes in a round
ROUNDS = 5
CAPACITY = 30


def measure(_wanted) -> list[Figure]:
    scene.empty_database()
    org = UnionOrg.objects.create(code="BENCH", name="示例工会")
    workers = Worker.objects.bulk_create(
        Worker(union_org=org, name=f"示例{n}", is_member=True)
        for n in range(CLIENTS * EACH)
    )
    _make_references()
    arms = {"seat": _take, "twin": _insert_twin, "bare": _insert_bare}
    rates = {name: [] for name in arms}
    with ThreadPoolExecutor(CLIENTS) as pool:
        for number in range(1 + ROUNDS):  # the first warms the connections up
            offering = Offering.objects.get(pk=scene.make_classes(1, CAPACITY)[0])
            for name, act in arms.items():
                rate = _rate(pool, partial(act, offering), workers)
                if number:
                    rates[name].append(rate)
            _check(offering)
            Signup.objects.all().delete()  # the same people come to the next round
        _rate(pool, lambda worker: connection.close(), workers[:CLIENTS])
    ratios = [
        seat / twin for seat, twin in zip(rates["seat"], rates["twin"], strict=True)
    ]
    bare = [
        seat / bare for seat, bare in zip(rates["seat"], rates["bare"], strict=True)
    ]
    return [
        Figure(
            "rush_sql",
            statistics.median(rates["seat"]),
            "signups/s",
            statistics.median(ratios),
            f"plain durable insert of the same row, {CLIENTS} clients",
            0.6,
            note=f"{statistics.median(bare):.3f} of an insert into a table "
            "without keys or indexes",
        )
    ]


def _make_references() -> None:
    """A twin of the table (same columns, keys, checks, indexes) and a bare one."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SHOW synchronous_commit")
        if cursor.fetchone() != ("on",):
            raise RuntimeError("The bench's Postgres does not commit durably.")
        cursor.execute("CREATE TABLE bench_twin (LIKE signups_signup INCLUDING ALL)")
        for column, table in {
            "offering_id": "signups_offering",
            "worker_id": "members_worker",
            "pool_id": "signups_seatpool",
            "union_org_id": "members_unionorg",
            "asked_by_id": "members_user",
        }.items():
            cursor.execute(
                f"ALTER TABLE bench_twin ADD FOREIGN KEY ({column}) "
                f"REFERENCES {table} DEFERRABLE INITIALLY DEFERRED"
            )
        cursor.execute(
            "CREATE TABLE bench_bare (id bigserial PRIMARY KEY, offering_id bigint, "
            "worker_id bigint, created_at timestamptz DEFAULT now())"
        )
        cursor.execute("ANALYZE")


def _rate(pool, act, workers) -> float:
    """``act`` for every worker, shared among all clients; how many a second."""
    gate = Barrier(CLIENTS + 1)
    share = len(workers) // CLIENTS

    def client(number):
        connection.ensure_connection()
        gate.wait()
        for worker in workers[number * share : (number + 1) * share]:
            act(worker)

    running = [pool.submit(client, number) for number in range(CLIENTS)]
    gate.wait()
    start = time.perf_counter()
    for one in running:
        one.result()
    return len(workers) / (time.perf_counter() - start)


def _take(offering, worker):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT * FROM signups_take(%s, %s, NULL, NULL)", [offering.pk, worker.pk]
        )
        if cursor.fetchone()[0] is None:
            raise RuntimeError("A sign-up was refused.")


def _insert_twin(offering, worker):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO bench_twin (offering_id, worker_id, status) "
            "VALUES (%s, %s, 'waiting') RETURNING id",
            [offering.pk, worker.pk],
        )
        cursor.fetchone()


def _insert_bare(offering, worker):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO bench_bare (offering_id, worker_id) VALUES (%s, %s) "
            "RETURNING id",
            [offering.pk, worker.pk],
        )
        cursor.fetchone()


def _check(offering):
    seated = Signup.objects.filter(offering=offering, status="seated").count()
    taken = SeatPool.objects.get(offering=offering).taken
    if (seated, taken) != (CAPACITY, CAPACITY):
        raise RuntimeError(f"{seated} seated, {taken} taken, of {CAPACITY} seats.")
