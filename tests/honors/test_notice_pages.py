"""Pages of public notices, objections and certificates of honour."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from common.models import AuditEvent
from honors import services
from honors.enums import NominationState, ObjectionState
from honors.models import Honoree, Objection, PublicNotice
from honors.services import publicnotices
from honors.views import notices as views
from members.enums import StewardRole
from members.models import Stewardship
from tests.factories import make_user, make_worker_with_login
from tests.honors.nominations import (
    know_days_off,
    make_call,
    make_nomination,
    make_secretary,
    put_up,
)
from tests.honors.objections import object_to

pytestmark = pytest.mark.django_db
S = NominationState


@pytest.fixture(autouse=True)
def calm():
    know_days_off()
    views.objecting.forget()
    views.asking.forget()


@pytest.fixture
def secretary():
    return make_secretary()


@pytest.fixture
def person():
    return make_nomination(S.CITY_NOTICE, name="示例人选甲")


@pytest.fixture
def running(person):
    return put_up([person], starts_on=timezone.localdate())


@pytest.fixture
def over():
    return put_up([make_nomination(S.CITY_NOTICE)])


def said(**changed):
    return {
        "sent_as": uuid.uuid4(),
        "kind": "person",
        "name": "示例反映人",
        "phone": "13700001234",
        "text": "示例事实。",
    } | changed


def objection_page(notice):
    return reverse("honors:objection-create", args=[notice.pk])


def test_notice_page_is_public_from_its_first_day_and_stays(client, running, over):
    person = make_nomination(S.CITY_NOTICE)
    tomorrow = put_up([person], starts_on=timezone.localdate() + timedelta(days=1))

    listed = client.get(reverse("honors:notice-list")).context["notices"]

    assert {notice.pk for notice in listed} == {running.pk, over.pk}
    assert client.get(running.get_absolute_url()).status_code == 200
    assert client.get(over.get_absolute_url()).status_code == 200
    assert client.get(tomorrow.get_absolute_url()).status_code == 404


def test_notice_page_is_one_for_all_and_says_nothing_of_objections(
    client, over, secretary
):
    before = client.get(over.get_absolute_url())
    object_to(over, secretary, name="密名甲乙")

    after = client.get(over.get_absolute_url())

    assert "public" in after["Cache-Control"]
    assert "csrfmiddlewaretoken" not in after.content.decode()
    assert after.content == before.content


def test_notice_pages_cost_the_same_however_long(client, django_assert_max_num_queries):
    edition = make_call()
    notice = put_up([make_nomination(S.CITY_NOTICE, edition=edition) for _ in range(8)])

    with django_assert_max_num_queries(6):
        client.get(notice.get_absolute_url())
    with django_assert_max_num_queries(6):
        client.get(reverse("honors:notice-list"))


def test_objection_page_takes_one_and_gives_a_receipt(client, running, person):
    data = said(nomination=person.pk)

    first = client.post(objection_page(running), data, follow=True)
    client.post(objection_page(running), data)

    objection = Objection.objects.get()
    assert objection.nomination == person
    assert objection.printed_receipt in first.content.decode()
    state = client.post(
        reverse("honors:objection-state"),
        {"receipt": objection.printed_receipt, "last4": "1234"},
    )
    assert state.context["objection"] == objection
    wrong = client.post(
        reverse("honors:objection-state"),
        {"receipt": objection.printed_receipt, "last4": "1235"},
    )
    assert wrong.context["objection"] is None


def test_objection_page_keeps_what_was_typed(client, running):
    response = client.post(objection_page(running), said(name="", text="很长的事实"))

    assert response.context["form"].errors.keys() == {"name"}
    assert "很长的事实" in response.content.decode()
    assert not Objection.objects.exists()


def test_objection_page_after_the_end_has_no_form(client, over):
    assert "<textarea" not in client.get(objection_page(over)).content.decode()

    response = client.post(objection_page(over), said())

    assert not Objection.objects.exists()
    assert response.context["form"].errors


def test_objection_page_does_not_note_who_is_logged_in(client, running):
    client.force_login(make_user())

    client.post(objection_page(running), said())

    assert Objection.objects.get().entered_by is None


def test_objection_pages_are_asked_in_a_measure(client, running):
    page = reverse("honors:objection-state")
    guess = {"receipt": "2222-2222-2222", "last4": "0000"}

    answers = [client.post(page, guess).status_code for _ in range(21)]

    assert answers == [200] * 20 + [429]


# --- the back office


def at(model, name, *args):
    return reverse(f"admin:honors_{model}_{name}", args=args)


def test_start_page_looks_first_and_publishes_the_shortlist(client, secretary):
    edition = make_call()
    one = make_nomination(S.SHORTLISTED, edition=edition)
    client.force_login(secretary)
    page = at("publicnotice", "start", edition.pk)
    typed = {
        "people": one.pk, "title": "公示", "lead": "正文",
        "starts_on": timezone.localdate().isoformat(), "phone": "1234567",
        "address": "某路", "office": "某会", f"summary-{one.pk}": "一句话",
    }  # fmt: skip

    look = client.post(page, typed)
    assert look.context["ends_on"]
    assert not PublicNotice.objects.exists()
    client.post(page, typed | {"publish": "1"})

    notice = PublicNotice.objects.get()
    assert notice.entries.get().summary == "一句话"
    again = at("publicnotice", "again", notice.pk)
    client.post(again, typed | {"phone": "7654321", "publish": "1"})
    assert not hasattr(PublicNotice.objects.get(pk=notice.pk), "restarted_as")
    client.post(again, typed | {"phone": "7654321", "publish": "1", "reason": "有误"})
    assert PublicNotice.objects.get(restarts=notice).phone == "7654321"


def test_approve_page_approves_and_leads_to_conferring(client, over, secretary):
    client.force_login(secretary)
    page = at("publicnotice", "work", over.pk)
    assert client.get(page).context["may_approve"]

    client.post(page, {"do": "approve", "reason": "会议纪要"})

    nomination = over.entries.get().nomination
    assert nomination.state == S.APPROVED
    assert nomination.steps.last().reason == "会议纪要"
    assert client.get(page).context["to_confer"]


def test_docket_page_leaves_an_event_and_decides(client, over, secretary):
    objection = object_to(over, secretary)
    client.force_login(secretary)
    page = at("objection", "work", objection.pk)

    assert "示例反映人" in client.get(page).content.decode()
    assert AuditEvent.objects.filter(verb="view_objection").count() == 1
    listed = client.get(at("objection", "changelist")).content.decode()
    assert "示例反映人" not in listed
    person = over.entries.get().nomination_id
    client.post(page, {"do": "investigate", "nomination": person})
    client.post(page, {"do": "note", "text": "已谈话", "nomination": person})
    client.post(page, {"do": "dismiss", "text": "不实", "nomination": person})

    objection.refresh_from_db()
    assert objection.state == ObjectionState.DISMISSED
    assert objection.nomination_id == person


def test_docket_pages_are_not_there_for_the_nominees_unit(client, over, secretary):
    objection = object_to(over, secretary)
    unit = over.entries.get().nomination.unit
    steward = make_secretary()
    Stewardship.objects.create(user=steward, union_org=unit, role=StewardRole.STEWARD)
    client.force_login(steward)

    assert client.get(at("objection", "work", objection.pk)).status_code == 404
    assert client.get(at("objection", "file", objection.pk, 1)).status_code == 404
    listed = client.get(at("objection", "changelist"))
    assert objection not in listed.context["cl"].result_list
    assert not AuditEvent.objects.filter(verb="view_objection").exists()


def test_letter_page_enters_by_postmark(client, over, secretary):
    client.force_login(secretary)
    page = at("objection", "enter", over.pk)

    wrong = client.post(page, said(source="letter"))
    assert "postmarked_on" in wrong.context["form"].errors
    day = over.ends_on.isoformat()
    client.post(page, said(source="letter", postmarked_on=day))

    assert Objection.objects.get().entered_by == secretary


# --- certificates


@pytest.fixture
def honoured(secretary):
    worker = make_worker_with_login()
    person = make_nomination(S.CITY_NOTICE, name="吕䶮", worker=worker)
    publicnotices.approve(notice=put_up([person]), by=secretary)
    services.confer_edition(edition=person.edition, by=secretary)
    return Honoree.objects.get()


def test_certificate_page_is_for_its_holder_and_who_keeps_the_hall(
    client, honoured, secretary
):
    number = honoured.certificate.number
    pages = [
        reverse("honors:certificate", args=[number]),
        reverse("honors:certificate-qr", args=[number]),
    ]
    for user, status in (
        (honoured.worker.user, 200),
        (secretary, 200),
        (make_user(), 404),
        (make_worker_with_login().user, 404),
    ):
        client.force_login(user)
        assert [client.get(page).status_code for page in pages] == [status] * 2


def test_verify_page_says_of_a_revoked_honour_that_it_is(client, honoured, secretary):
    page = f"{reverse('verify')}?number={honoured.cert_no}"
    assert "证书有效" in client.get(page).content.decode()

    services.revoke(honoree=honoured, reason="查实", by=secretary)

    said = client.get(page).content.decode()
    assert "证书已撤销" in said
    assert "吕䶮" not in said
    client.force_login(honoured.worker.user)
    paper = client.get(
        reverse("honors:certificate", args=[honoured.certificate.number])
    )
    assert "已撤销" in paper.content.decode()
