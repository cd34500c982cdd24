"""Publishing verbs concurrently: none waits for another's place in a count.

Four pairs of verbs that met in a ring while the page generation was one row, forced to
interleave at the worst moment: one holds what the other needs next, the other has
published something already. Each with its *control*, the count in one row.
"""

import random
import threading
from datetime import timedelta
from functools import partial

import pytest
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from activities.training import services as training
from common import pagecache
from common.errors import Busy, Refusal
from common.models import PageChange
from news import services as news
from news.models import Column
from signups.services import offerings, seats
from tests.activities.factories import make_class, make_kind, make_term
from tests.activities.factories import seat as take_seat
from tests.concurrency import at_once
from tests.factories import make_offering, make_worker, make_worker_with_login
from tests.news.factories import make_column, make_content
from tests.volunteers.factories import make_membership
from unionportal import services as roof

pytestmark = pytest.mark.django_db(transaction=True)

WAIT = 10  # seconds at most


def name_lesson_and_move_it():
    lesson = make_class().lessons.first()
    at = timezone.now() + timedelta(days=40)
    moved = {"starts_at": at, "ends_at": at + timedelta(hours=1)}
    return (
        partial(training.name_lesson, lesson=lesson, topic="示例", by=None),
        partial(training.move_lesson, lesson=lesson, by=None, **moved),
    )


def close_account_and_move_occasion():
    worker = make_worker_with_login()
    make_membership(worker=worker)
    course_class = make_class()
    take_seat(course_class, worker)
    occasion = course_class.offering.occasions.first()
    at = timezone.now() + timedelta(days=40)
    moved = {"starts_at": at, "ends_at": at + timedelta(hours=1), "place": "示例"}
    return (
        partial(roof.close_account, user=worker.user),
        partial(offerings.move_occasion, occasion=occasion, by=None, **moved),
    )


def save_kind_and_open_class():
    kind, term = make_kind(), make_term()
    kind.name = "改名门类"
    return (
        partial(training.save_kind, kind=kind, by=None),
        partial(make_class, kind=kind, term=term),
    )


def save_column_and_file_articles():
    column = make_column()
    filing = news.Filing(column, make_content(), timezone.now())
    column.name = "改名栏目"
    return (
        partial(news.save_column, column=column, by=None),
        partial(news.file_articles, filings=[filing], by=None),
    )


PAIRS = pytest.mark.parametrize(
    "pair",
    [
        name_lesson_and_move_it,
        close_account_and_move_occasion,
        save_kind_and_open_class,
        save_column_and_file_articles,
    ],
    ids=lambda pair: pair.__name__,
)


def interleave(first, second, monkeypatch, count=pagecache.raise_generation):
    """``first`` does its work and counts once the transaction of ``second`` has counted;
    ``second`` begins when ``first`` has done its work. The errors of both."""
    has_worked, has_counted = threading.Event(), threading.Event()
    me = threading.local()

    def wait_and_count():
        if getattr(me, "is_first", False):
            has_worked.set()
            assert has_counted.wait(WAIT)
        count()

    monkeypatch.setattr(pagecache, "raise_generation", wait_and_count)

    def run_first():
        me.is_first = True
        return errors_of(first)

    def run_second():
        with transaction.atomic():
            pagecache.raise_generation()
            has_counted.set()
            assert has_worked.wait(WAIT)
            second()

    outcomes = at_once([run_first, partial(errors_of, run_second)])
    return [str(error.__cause__ or error) for error in outcomes if error]


def errors_of(call):
    with connection.cursor() as cursor:  # who may set it need not wait a second
        cursor.execute(
            "SELECT set_config('deadlock_timeout', '100ms', false) FROM pg_roles"
            " WHERE rolname = current_user AND rolsuper"
        )
    try:
        call()
    except (OperationalError, Busy) as error:
        return error
    return None


@PAIRS
def test_publishing_verbs_that_interleave_both_finish(pair, monkeypatch):
    assert interleave(*pair(), monkeypatch) == []


@PAIRS
def test_publishing_counted_in_one_row_is_a_deadlock(pair, monkeypatch):
    """The control: if this fails, the test above proves nothing."""

    def count_in_one_row():
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO common_pagegeneration AS base (id, number) VALUES (1, 1) "
                "ON CONFLICT (id) DO UPDATE SET number = base.number + 1"
            )

    [error] = interleave(*pair(), monkeypatch, count_in_one_row)

    assert "deadlock detected" in error


def test_call_off_class_concurrently_with_its_other_verbs_finishes():
    """Each goes on from the class to another of its rows; at random, so that a ring
    would be met by one of the tries."""
    errors = []

    def work(number):
        rng = random.Random(number)
        for course_class, lessons in classes:
            course_class.refresh_from_db()
            lesson = rng.choice(lessons)
            at = timezone.now() + timedelta(days=40, minutes=rng.randrange(9999))
            moved = {"starts_at": at, "ends_at": at + timedelta(minutes=1)}
            verb = rng.choice(
                [
                    partial(training.move_lesson, lesson=lesson, **moved),
                    partial(training.name_lesson, lesson=lesson, topic=str(number)),
                    partial(
                        training.change_class,
                        course_class=course_class,
                        name=f"{course_class.pk} {number}",
                        room=f"{course_class.pk} {number}",
                    ),
                    partial(
                        training.call_off_class, course_class=course_class, reason="无"
                    ),
                ]
            )
            try:
                verb(by=None)
            except Refusal:
                pass
            except OperationalError as error:
                errors.append(str(error))

    term = make_term()
    made = [make_class(term=term) for _n in range(8)]
    classes = [(one, list(one.lessons.all())) for one in made]

    at_once([partial(work, number) for number in range(4)])

    assert errors == []


def test_sign_up_and_cancel_count_no_change_of_pages():
    offering = make_offering()
    before = pagecache.moment().generation

    signup = seats.sign_up(offering_id=offering.pk, worker=make_worker(), by=None)
    seats.cancel(signup=signup, by=None)

    assert pagecache.moment().generation == before


def test_generation_rises_by_every_commit_and_by_no_rollback():
    """Also while rows are folded into the base, several times here."""
    committed = []

    def publish(number):
        rng = random.Random(number)
        for _n in range(50):
            with transaction.atomic():
                pagecache.raise_generation()
                if rng.random() < 0.2:
                    transaction.set_rollback(True)
                else:
                    committed.append(number)

    before = pagecache.moment().generation
    at_once([partial(publish, number) for number in range(6)])

    assert pagecache.moment().generation == before + len(committed)
    # one of these folds for certain: it is neither rolled back nor has company
    for _n in range(pagecache._FOLDED_EVERY):
        with transaction.atomic():
            pagecache.raise_generation()
    folded = len(committed) + pagecache._FOLDED_EVERY
    assert pagecache.moment().generation == before + folded
    assert PageChange.objects.count() <= pagecache._FOLDED_EVERY


def test_generation_that_is_new_is_never_read_with_old_content():
    """The generation is read first, as every page does; the content is of that count or
    newer, whatever commits meanwhile. It never goes back."""
    column = make_column(name="0")
    base = pagecache.moment().generation
    over = threading.Event()

    def publish():
        for number in range(1, 151):
            column.name = str(number)
            news.save_column(column=column, by=None)
        over.set()

    def read():
        seen = [base]
        while not over.is_set():
            seen.append(pagecache.moment().generation)
            shown = int(Column.objects.get(pk=column.pk).name)
            assert shown >= seen[-1] - base
        return seen

    _none, seen = at_once([publish, read])

    assert len(set(seen)) > 10
    assert seen == sorted(seen)
    assert pagecache.moment().generation == base + 150
