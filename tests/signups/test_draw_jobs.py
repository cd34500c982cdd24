"""The steps of a draw of many people, in the background."""

import pytest
from django.urls import reverse

from common.models import BackgroundTask
from signups.models import DrawChoice
from signups.services import drawjobs, draws
from tests.background import run_tasks
from tests.factories import make_user, make_worker
from tests.pages import markup
from tests.signups.test_draws import (
    VALUE,
    close,
    enter,
    now_is,
    open_draw,
    the_value_comes,
)
from unionportal.services import write_roles

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def large(monkeypatch):
    """A draw that counts as one of many people, closed for entries."""
    monkeypatch.setattr(drawjobs, "MANY", 3)
    draw, made = open_draw(classes=2, capacity=1)
    for _ in range(4):
        worker = make_worker()
        for offering in made:
            enter(offering, worker)
    close(draw)
    return draw


@pytest.fixture
def manager(client):
    write_roles()
    client.force_login(make_user(roles=["培训管理员"], is_staff=True))
    return client


def at(name, draw):
    return reverse(f"admin:signups_draw_{name}", args=[draw.pk])


def test_steps_of_a_large_draw_wait_for_nobody_and_are_done_in_the_background(
    manager, large
):
    for _click in range(2):
        manager.post(at("freeze", large))
    page = manager.get(at("run", large))
    told = manager.get(at("progress", large)).json()

    assert now_is(large).frozen_at is None
    assert BackgroundTask.objects.count() == 1
    assert "正在后台办理" in markup(page)
    assert told == {"done": None, "is_over": False}

    run_tasks()
    assert now_is(large).frozen_at is not None
    assert manager.get(at("progress", large)).json()["is_over"] is True

    the_value_comes(large)
    for _ in range(2):
        draws.type_value(draw=large, value=VALUE, by=make_user())
    manager.post(at("draw", large))
    run_tasks()
    assert now_is(large).drawn_at is not None
    manager.post(at("release", large), {"sure": "on"})
    run_tasks()
    assert now_is(large).released_at is not None


def test_step_in_the_background_run_again_changes_nothing(large):
    by = make_user()
    drawjobs.take(draw=large, step="freeze", by=by)
    run_tasks()
    the_value_comes(large)
    for _ in range(2):
        draws.type_value(draw=large, value=VALUE, by=make_user())

    results = []
    for _ in range(2):
        drawjobs.take_in_background.call(large.pk, "freeze", by.pk)
        drawjobs.take_in_background.call(large.pk, "draw", by.pk)
        rows = DrawChoice.objects.order_by("pk")
        results.append((now_is(large).list_hash, list(rows.values())))

    assert results[0] == results[1]


def test_step_in_the_background_says_on_its_page_why_it_came_to_nothing(manager, large):
    type(large).objects.filter(pk=large.pk).update(value_at=large.created_at)

    manager.post(at("freeze", large))
    run_tasks()

    assert "公开数的产生时间已过" in markup(manager.get(at("run", large)))
    assert now_is(large).frozen_at is None


def test_step_of_a_small_draw_is_done_at_once(large, monkeypatch):
    monkeypatch.setattr(drawjobs, "MANY", 500)

    assert drawjobs.take(draw=large, step="freeze", by=make_user())
    assert now_is(large).frozen_at is not None
