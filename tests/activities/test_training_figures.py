"""The board of a term: who may see it, and that page, table and workbook agree."""

import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from tests.activities.factories import make_class, make_term, seat
from tests.factories import make_user
from unionportal.services import write_roles

pytestmark = pytest.mark.django_db


def at(name, *args):
    return reverse(f"admin:activities_training_term_{name}", args=args)


def log_in(client, *roles):
    write_roles()
    client.force_login(make_user(roles=roles, is_staff=True))
    return client


@pytest.fixture
def manager(client):
    return log_in(client, "培训管理员")


@pytest.fixture
def term():
    term = make_term()
    full, half = make_class(term=term, capacity=1), make_class(term=term, capacity=2)
    for made in (full, full, half):
        seat(made)
    return term


def test_board_shows_each_class_of_its_term_and_of_no_other(manager, term):
    seat(make_class())

    response = manager.get(at("figures", term.pk))

    fill, queue, *_rest = response.context["charts"]
    assert fill.head == ["班", "已报", "待确认", "空余", "名额", "报满率"]
    assert [row[1:] for row in fill.rows] == [
        [1, 0, 0, 1, "100%"],
        [1, 0, 1, 2, "50%"],
    ]
    assert [row[1] for row in queue.rows] == [1]  # of the full class only


def test_workbook_of_a_board_holds_the_numbers_of_its_page(manager, term):
    page = manager.get(at("figures", term.pk))
    answer = manager.get(at("workbook", term.pk))

    book = load_workbook(io.BytesIO(answer.content))
    charts = page.context["charts"]
    assert book.sheetnames == [str(chart.title) for chart in charts]
    for chart in charts:
        head, *rows = book[chart.title].values
        assert list(head) == chart.head
        assert [list(row) for row in rows] == chart.rows


def test_board_of_a_term_without_classes_says_there_is_nothing(manager):
    response = manager.get(at("figures", make_term().pk))

    assert response.status_code == 200
    assert all(chart.is_empty for chart in response.context["charts"])


def test_board_is_found_from_the_home_by_who_answers_for_the_classes(manager, term):
    assert at("choose") in manager.get(reverse("admin:index")).content.decode()
    assert manager.get(at("choose")).url == at("figures", term.pk)


def test_board_is_closed_to_a_teacher_and_an_editor(client, term):
    for role in ("任课教师", "编辑"):
        log_in(client, role)

        assert client.get(at("figures", term.pk)).status_code == 403
        assert client.get(at("workbook", term.pk)).status_code == 403


def test_board_costs_the_same_whatever_the_number_of_classes(
    manager, term, django_assert_max_num_queries
):
    with django_assert_max_num_queries(30) as few:
        manager.get(at("figures", term.pk))
    for _ in range(4):
        seat(make_class(term=term))
    with django_assert_max_num_queries(len(few)):
        manager.get(at("figures", term.pk))
