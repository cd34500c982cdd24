"""A draw as workers and staff meet it: cards, check page, 我的, its own page, the job."""

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone

from members.models import Notice
from signups.buttons import button
from signups.models import Draw, DrawChoice, DrawEntry, Signup
from signups.services import draws, standing
from tests.factories import make_limit, make_offering, make_user, make_worker_with_login
from tests.signups.test_draws import (
    DAY,
    HOUR,
    VALUE,
    close,
    drawn,
    enter,
    frozen,
    now_is,
    open_draw,
    released,
    the_value_comes,
)
from unionportal import work
from unionportal.services import write_roles

pytestmark = pytest.mark.django_db(transaction=True)

ROOT = Path(__file__).resolve().parents[2]


def sign_up_page(offering):
    return reverse("signups:signup-create", args=[offering.pk])


def state_of(offering, worker):
    offering.refresh_from_db()
    seen = standing.look_at(offering, worker)
    return button(seen, user=worker.user)


def logged_in(client, worker):
    client.force_login(worker.user)
    return client


def test_check_page_of_a_draw_prints_the_rule_and_its_form_enters(client):
    draw, made = open_draw()
    worker = make_worker_with_login()
    logged_in(client, worker)

    page = client.get(sign_up_page(made[0])).content.decode()
    response = client.post(
        sign_up_page(made[0]), {"promised": "entry", "agree": "on"}, follow=True
    )

    assert draw.value_name in page
    assert "第1志愿" in page
    entry = Signup.objects.get()
    assert (entry.status, entry.choice_rank) == ("applied", 1)
    assert "已登记为第1志愿" in response.content.decode()


def test_button_says_each_state_of_a_draw_in_its_own_words():
    draw, made = open_draw(classes=3, capacity=1, most=2)
    workers = [make_worker_with_login() for _ in range(3)]
    label = {state_of(made[0], workers[0]).label}
    for worker in workers:
        enter(made[0], worker)
    label |= {state_of(made[0], workers[0]).label, state_of(made[1], workers[0]).label}
    enter(made[1], workers[0])
    label |= {state_of(made[2], workers[0]).label}
    assert label == {"登记为第1志愿", "已登记 · 第1志愿", "登记为第2志愿", "志愿已满"}

    drawn(draw)
    waiting = {state_of(made[0], worker).label for worker in workers}
    assert waiting == {"待摇号 · 第1志愿"}

    draws.release(draw=draw, by=make_user())
    said = {state_of(made[0], worker).label for worker in workers}
    assert "已中签" in said
    assert "未中签 · 候补第1位" in said


def test_choice_moves_up_once_however_often_it_is_posted(client):
    draw, made = open_draw()
    worker = make_worker_with_login()
    first, second = (enter(offering, worker) for offering in made)
    logged_in(client, worker)
    there = reverse("signups:draw-order", args=[draw.pk])

    for _ in range(2):
        client.post(there, {"up": second.pk, "rank": 2})

    assert [now_is(one).choice_rank for one in (first, second)] == [2, 1]


def test_order_of_somebody_elses_choices_stays(client):
    draw, made = open_draw()
    worker = make_worker_with_login()
    _first, second = (enter(offering, worker) for offering in made)
    logged_in(client, make_worker_with_login())

    client.post(
        reverse("signups:draw-order", args=[draw.pk]), {"up": second.pk, "rank": 2}
    )

    assert now_is(second).choice_rank == 2


# --- nothing before its time ------------------------------------------------------


def test_nobody_reads_a_result_before_the_release(client):
    """Every page of a person and of others is the same before the draw and after it."""
    write_roles()
    draw, made = open_draw(capacity=1)
    workers = [make_worker_with_login() for _ in range(3)]
    for worker in workers:
        enter(made[0], worker)
    frozen(draw)
    the_value_comes(draw)
    for _ in range(2):
        draws.type_value(draw=draw, value=VALUE, by=make_user())
    witness = make_user(is_staff=True, roles=["服务台"])
    entry = Signup.objects.get(worker=workers[0])
    looks = [
        (workers[0].user, reverse("my")),
        (workers[0].user, reverse("my-messages")),
        (workers[0].user, reverse("signups:signup-detail", args=[entry.pk])),
        (workers[0].user, reverse("signups:signup-calendar", args=[entry.pk])),
        (workers[0].user, draw.get_absolute_url()),
        (None, draw.get_absolute_url()),
        (None, reverse("signups:draw-file", args=[draw.pk])),
        (witness, reverse("admin:signups_signup_changelist")),
        (witness, reverse("admin:signups_offering_changelist")),
    ]

    def seen():
        pages = []
        for user, address in looks:
            client.logout()
            if user:
                client.force_login(user)
            response = client.get(address)
            assert response.status_code == 200, address
            pages.append(plain(response))
        return pages

    def plain(response):
        text = response.content.decode()
        return [
            line
            for line in text.splitlines()
            if not any(
                word in line
                for word in (
                    "csrf",
                    "nonce",
                    "DTSTAMP",
                )
            )
        ]

    before = seen()
    draws.draw_lots(draw=draw, by=None)
    assert DrawChoice.objects.filter(outcome="won").exists()

    for (_user, address), old, new in zip(looks, before, seen(), strict=True):
        assert old == new, address
    assert not Notice.objects.exists()
    client.force_login(witness)
    page = client.get(at("run", draw)).content.decode()
    assert "中签</th>" not in page
    assert made[0].title not in page


def test_draw_page_shows_each_worker_their_own_number_and_no_name(client):
    draw, made = open_draw(capacity=1)
    workers = [make_worker_with_login() for _ in range(3)]
    for worker in workers:
        enter(made[0], worker)
    released(draw)
    number = DrawEntry.objects.get(worker=workers[0]).number

    public = client.get(draw.get_absolute_url()).content.decode()
    logged_in(client, workers[0])
    mine = client.get(draw.get_absolute_url()).content.decode()
    my_page = client.get(reverse("my")).content.decode()
    file = client.get(reverse("signups:draw-file", args=[draw.pk])).content.decode()

    draw.refresh_from_db()
    assert f'您的登记号：<strong class="num">{number}</strong>' in mine
    assert f"登记号{number}" in my_page
    assert "登记号：" not in public
    assert draw.list_hash in public
    assert draw.value in public
    for worker in workers:
        assert worker.name not in public + file


def test_draw_file_is_kept_by_nobody_before_its_results_and_never_stale_after(client):
    draw, made = open_draw(capacity=1)
    for _n in range(3):
        enter(made[0], make_worker_with_login())
    address = reverse("signups:draw-file", args=[draw.pk])
    assert client.get(address).status_code == 404
    frozen(draw)
    listed = client.get(address)
    assert listed["Cache-Control"] == "no-store"
    assert not listed.has_header("ETag")

    the_value_comes(draw)
    for _ in range(2):
        draws.type_value(draw=draw, value=VALUE, by=make_user())
    draws.draw_lots(draw=draw, by=None)
    draws.release(draw=draw, by=make_user())
    final = client.get(address)
    assert final["Cache-Control"] == "public, no-cache"
    assert final.content != listed.content
    mark = final["ETag"]
    again = client.get(address, headers={"if-none-match": mark})
    assert (again.status_code, again.content) == (304, b"")
    old = client.get(address, headers={"if-none-match": '"of-before"'})
    assert (old.status_code, old.content) == (200, final.content)


def test_script_of_the_documentation_repeats_a_draw_from_its_file_alone(
    client, tmp_path
):
    draw, made = open_draw(classes=3, capacity=2)
    for n in range(12):
        worker = make_worker_with_login()
        for offering in made[n % 3 :] + made[: n % 3]:
            enter(offering, worker)
    released(draw)
    file = tmp_path / "draw.csv"
    file.write_bytes(client.get(reverse("signups:draw-file", args=[draw.pk])).content)

    def run(file):
        return subprocess.run(  # noqa: S603
            [sys.executable, "-I", str(ROOT / "docs/draw.py"), str(file)],
            capture_output=True,
            text=True,
            check=False,
        )

    done = run(file)
    draw.refresh_from_db()
    assert done.returncode == 0, done.stderr
    assert draw.list_hash in done.stdout
    assert draw.seed in done.stdout
    assert done.stdout.count(",won") == 6
    # one ticket more for somebody is another list and another result
    touched = tmp_path / "touched.csv"
    touched.write_text(file.read_text("utf-8").replace(",1,1,1,50", ",1,7,1,50", 1))
    again = run(touched)
    assert draw.list_hash not in again.stdout
    assert again.returncode != 0


# --- the job ----------------------------------------------------------------------


def staff(*roles):
    write_roles()
    return make_user(is_staff=True, roles=roles)


def at(name, draw):
    return reverse(f"admin:signups_draw_{name}", args=[draw.pk])


def test_staff_lead_a_draw_from_its_opening_to_its_release(client):
    manager, desk = staff("培训管理员"), staff("服务台")
    limit = make_limit()
    offering = make_offering(
        capacity=1, limits=[limit], closes_at=timezone.now() + HOUR
    )
    client.force_login(manager)
    times = {"value_at": timezone.now() + DAY, "results_at": timezone.now() + 2 * DAY}
    boxes = {}
    for name, moment in times.items():
        local = timezone.localtime(moment)
        boxes |= {f"{name}_0": f"{local:%Y-%m-%d}", f"{name}_1": f"{local:%H:%M:%S}"}
    client.post(
        reverse("admin:signups_draw_add"),
        boxes
        | {
            "group": limit.pk,
            "title": "第六期摇号",
            "value_name": "双色球第2018066期",
            "value_form": "十四位数字",
            "most_choices": 3,
        },
    )
    draw = Draw.objects.get()
    workers = [make_worker_with_login() for _ in range(2)]
    for worker in workers:
        enter(offering, worker)
    close(draw)
    assert "待封存名单的摇号" in waiting_for(manager)

    client.post(at("freeze", draw))
    the_value_comes(draw)
    assert "待录入公开数的摇号" in waiting_for(desk)
    client.post(at("value", draw), {"value": VALUE})
    assert "待录入公开数的摇号" not in waiting_for(manager)
    client.post(
        at("value", draw), {"value": VALUE}
    )  # the same person agrees with nobody
    client.post(at("draw", draw))
    assert now_is(draw).stage == "frozen"
    client.force_login(desk)
    assert VALUE not in client.get(at("run", draw)).content.decode()
    client.post(at("value", draw), {"value": VALUE})
    assert client.post(at("draw", draw)).status_code == 403
    client.force_login(manager)
    client.post(at("draw", draw))
    client.post(at("release", draw))  # without the tick
    assert now_is(draw).stage == "drawn"
    client.post(at("release", draw), {"sure": "on"})

    draw = now_is(draw)
    assert (draw.stage, draw.released_by) == ("released", manager)
    assert Signup.objects.filter(status="seated").count() == 1
    assert waiting_for(manager) == set()


def waiting_for(user):
    queues = work.waiting(type(user).objects.get(pk=user.pk), timezone.localdate())
    return {one.title for one in queues if one.number and "摇号" in one.title}


def test_steps_of_a_draw_are_refused_to_others_and_do_nothing_by_get(client):
    draw, made = open_draw()
    enter(made[0], make_worker_with_login())
    close(draw)
    for who in (staff("工会干部"), staff("审计员"), staff("服务台")):
        client.force_login(who)
        for name in ("freeze", "draw", "release"):
            response = client.post(at(name, draw), {"sure": "on"})
            assert response.status_code in (403, 404)
    client.force_login(staff("培训管理员"))
    client.get(at("freeze", draw))
    assert now_is(draw).frozen_at is None
    assert timedelta(0) < now_is(draw).value_at - timezone.now()
