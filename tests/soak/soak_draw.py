"""A draw of nine thousand people from its list to its release, in the background."""

import time

import pytest
from django.utils import timezone

from bench import scene
from members.models import Notice, Worker
from signups.models import DrawChoice, Signup
from signups.services import drawjobs, drawlists, draws
from tests.background import run_tasks
from tests.factories import make_user
from tests.signups.test_draws import VALUE, close, now_is, open_draw, the_value_comes

PEOPLE, CLASSES, CAPACITY, CHOICES = 9_000, 60, 25, 3


@pytest.mark.django_db(transaction=True)
def test_draw_of_nine_thousand_people_says_the_same_again():
    draw, made = open_draw(classes=CLASSES, capacity=CAPACITY)
    scene.make_people(PEOPLE)
    Signup.objects.bulk_create(
        (
            Signup(
                offering=made[(7 * n + 13 * rank) % CLASSES],
                worker_id=worker,
                status="applied",
                choice_rank=rank,
            )
            for n, worker in enumerate(Worker.objects.values_list("pk", flat=True))
            for rank in range(1, CHOICES + 1)
        ),
        batch_size=2_000,
    )
    scene.analyze()
    close(draw)
    by, seconds = make_user(), {}

    def take(step):
        began = time.monotonic()
        assert not drawjobs.take(draw=draw, step=step, by=by)
        seconds[f"{step} asked"] = round(time.monotonic() - began, 2)
        began = time.monotonic()
        run_tasks()
        seconds[step] = round(time.monotonic() - began, 1)

    take("freeze")
    the_value_comes(draw)
    for _ in range(2):
        draws.type_value(draw=now_is(draw), value=VALUE, by=make_user())
    take("draw")
    again = drawlists.results(now_is(draw))
    kept = DrawChoice.objects.order_by("entry__number", "rank").values_list(
        "entry__number", "rank", "outcome", "pool__position", "queue_no"
    )
    assert [list(row) for row in kept] == again
    take("release")

    print(f"draw of {PEOPLE} people, {CHOICES} choices each: {seconds}")
    assert now_is(draw).released_at <= timezone.now()
    seated = Signup.objects.filter(status="seated")
    assert seated.count() == CLASSES * CAPACITY
    assert seated.values("worker").distinct().count() == seated.count()
    assert Notice.objects.count() == PEOPLE
