"""The steward's pages: of their own unions and those below, and of no others."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from members.enums import (
    CorrectionField,
    ImportState,
    StewardRole,
    TransferSide,
    TryOutcome,
)
from members.models import (
    CorrectionRequest,
    RosterImport,
    UnionTransfer,
    VerificationTry,
)
from members.services import rights
from signups.services.seats import sign_up
from tests.factories import make_offering, make_union, make_user, make_worker
from unionportal.services import write_roles

pytestmark = pytest.mark.django_db

PAGE = reverse("admin:steward")
CLASSES = reverse("admin:steward_classes")


@pytest.fixture
def mine():
    return make_union(code="5104010", name="示例东厂工会")


@pytest.fixture
def below(mine):
    return make_union(code="510401001", name="示例东厂一车间工会", parent=mine)


@pytest.fixture
def other():
    return make_union(code="5104020", name="示例西厂工会")


@pytest.fixture
def steward(client, mine):
    write_roles()
    user = make_user(roles=["工会干部"], is_staff=True)
    rights.give_stewardship(
        user=user, union_org=mine, role=StewardRole.STEWARD, by=None
    )
    client.force_login(user)
    return user


def tried(union, name):
    user = make_user(name=name)
    VerificationTry.objects.create(user=user, union_org=union, outcome=TryOutcome.WRONG)
    return user


def asked(union, **fields):
    return CorrectionRequest.objects.create(
        worker=make_worker(union_org=union, **fields), field=CorrectionField.NAME
    )


def brought(union, *, refused, days_ago=1):
    return RosterImport.objects.create(
        union_org=union,
        file_name="名册.xlsx",
        sheet="1",
        header_line=1,
        state=ImportState.APPLIED,
        applied_at=timezone.now() - timedelta(days=days_ago),
        refused=refused,
    )


def test_steward_sees_who_tried_in_vain_in_their_unions(
    client, steward, mine, below, other
):
    first, second = tried(mine, "王一"), tried(below, "王二")
    tried(other, "王三")
    make_worker(union_org=mine, user=tried(mine, "王四"))  # recognised since

    rows, is_more = client.get(PAGE).context["tried"]

    assert {account.pk for account in rows} == {first.pk, second.pk}
    assert not is_more
    assert "王三" not in client.get(PAGE).content.decode()


def test_steward_sees_what_waits_for_their_answer(client, steward, mine, below, other):
    correction = asked(below)
    asked(other)
    coming = UnionTransfer.objects.create(
        worker=make_worker(union_org=other),
        from_org=other,
        to_org=mine,
        reason="调动",
        asked_side=TransferSide.GIVING,
    )
    UnionTransfer.objects.create(  # asked by this side: the other answers
        worker=make_worker(union_org=mine),
        from_org=mine,
        to_org=other,
        reason="调动",
        asked_side=TransferSide.GIVING,
    )

    context = client.get(PAGE).context

    assert context["corrections"] == ([correction], False)
    assert context["transfers"] == ([coming], False)


def test_steward_sees_what_the_last_roster_left_open(client, steward, mine, below):
    brought(mine, refused=4, days_ago=9)
    brought(mine, refused=0)
    brought(below, refused=3)

    unions, _is_more = client.get(PAGE).context["unions"]

    assert {org.pk: org.last_roster["refused"] for org in unions} == {
        mine.pk: 0,
        below.pk: 3,
    }
    home = client.get(reverse("admin:index")).context["waiting"]
    open_ones = next(one for one in home if "错误行" in one.title)
    assert open_ones.number == 1


def test_steward_sees_who_of_their_unions_is_in_which_class(
    client, steward, mine, below, other
):
    offering = make_offering(capacity=2, title="瑜伽班")
    people = [make_worker(union_org=union) for union in (other, below, mine)]
    for worker in people:
        sign_up(offering_id=offering.pk, worker=worker, by=None)

    response = client.get(CLASSES, {"offering": offering.pk})

    held = response.context["held"]
    assert [(row["title"], row["seated"], row["waiting"]) for row in held] == [
        ("瑜伽班", 1, 1)
    ]
    assert [signup.worker for signup in response.context["people"]] == people[1:]
    assert [signup.rank for signup in response.context["people"]] == [None, 1]
    assert people[0].name not in response.content.decode()


def test_steward_narrows_the_classes_to_one_union(client, steward, mine, below):
    offering = make_offering(capacity=9)
    for union in (mine, below):
        sign_up(offering_id=offering.pk, worker=make_worker(union_org=union), by=None)

    held = client.get(CLASSES, {"union": below.pk}).context["held"]

    assert [row["seated"] for row in held] == [1]


@pytest.mark.parametrize("typed", ["x", "-1", "9" * 30, "１"])
def test_steward_classes_of_no_union_are_404(client, steward, typed):
    assert client.get(CLASSES, {"union": typed}).status_code == 404
    assert client.get(CLASSES, {"offering": typed}).status_code == 404


def test_steward_classes_of_a_foreign_union_are_404(client, steward, mine, other):
    foreign = make_offering(capacity=9)
    sign_up(offering_id=foreign.pk, worker=make_worker(union_org=other), by=None)

    assert client.get(CLASSES, {"union": other.pk}).status_code == 404
    assert client.get(CLASSES, {"offering": foreign.pk}).status_code == 404


@pytest.mark.parametrize("role", ["服务台", "编辑", "培训管理员", "审计员"])
def test_steward_pages_are_closed_to_other_roles(client, role):
    write_roles()
    client.force_login(make_user(roles=[role], is_staff=True))

    assert client.get(PAGE).status_code == 403
    assert client.get(CLASSES).status_code == 403


@pytest.mark.parametrize("rows", [1, 25])
def test_steward_pages_cost_at_most_ten_queries(client, steward, mine, rows):
    offering = make_offering(capacity=2)
    for n in range(rows):
        union = make_union(code=f"{mine.code}{n:03}")
        tried(union, f"王{n}")
        asked(union)
        brought(union, refused=1)
        sign_up(offering_id=offering.pk, worker=make_worker(union_org=union), by=None)

    for address in (PAGE, f"{CLASSES}?offering={offering.pk}"):
        with CaptureQueriesContext(connection) as queries:
            response = client.get(address)
        assert response.status_code == 200
        assert len(queries) <= 10

    assert len(client.get(PAGE).context["tried"][0]) == min(rows, 20)
