"""Certificates of hours: of what they are made, who reads them, what a stranger is told,
how they end."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, InternalError, transaction
from django.urls import reverse

from common.errors import Refusal
from members.models import Certificate, Notice
from tests.factories import make_worker, make_worker_with_login
from tests.pages import markup
from tests.volunteers.services import (
    certifiable,
    make_coordinator,
    make_leader,
    served,
)
from unionportal import views
from volunteers.models import HoursCertificate
from volunteers.services import certifying, hours

pytestmark = pytest.mark.django_db

VERIFY = reverse("verify")
MINE = reverse("volunteers:certificates")


@pytest.fixture(autouse=True)
def nobody_has_asked():
    views.verifying.forget()
    views.opening.forget()


def issue(worker, by=None, **period):
    return certifying.issue(worker=worker, by=by or worker.user, **period)


def refused(verb, **asked):
    with pytest.raises(Refusal) as caught:
        verb(**asked)
    return caught.value


def printed(made):
    return reverse("volunteers:certificate", args=[made.paper.number])


def test_issue_says_hours_period_and_the_end_of_a_number():
    worker = make_worker_with_login(name="王小刚", identity_last4="123X")
    first, second = certifiable(worker=worker), certifiable(worker=worker, hours=1.6)

    made = issue(worker)

    assert set(made.records.all()) == {first, second}
    assert made.minutes == 216
    assert made.paper.facts["服务时长"] == "3.6小时"
    assert made.paper.facts["证件号码"] == "**************123X"
    assert issue(worker) == made  # the same asked for twice is one
    assert Certificate.objects.count() == 1


def test_issue_takes_only_what_was_confirmed_and_publicised():
    worker = make_worker_with_login()
    _event, [record] = served(worker=worker)
    assert refused(issue, worker=worker).codes == {"no_hours"}

    hours.confirm(records=[record], by=make_coordinator())
    [reason] = refused(issue, worker=worker).reasons
    record.refresh_from_db()

    assert reason.lifts_at == record.public_until
    assert not HoursCertificate.objects.exists()


def test_issue_keeps_to_the_days_asked_for():
    worker = make_worker_with_login()
    record = certifiable(worker=worker)
    day = record.served_on

    later = refused(issue, worker=worker, first_on=day + timedelta(days=1))
    backwards = refused(
        issue, worker=worker, first_on=day, last_on=day - timedelta(days=1)
    )

    assert later.codes == {"no_hours"} and backwards.codes == {"period_backwards"}
    assert issue(worker, first_on=day, last_on=day).minutes == record.minutes


def test_issue_for_others_is_the_coordinators():
    worker = make_worker_with_login()
    certifiable(worker=worker)

    for stranger in (make_worker_with_login().user, make_leader().user):
        refusal = refused(issue, worker=worker, by=stranger)
        assert refusal.codes == {"not_certifier"}
    assert issue(worker, by=make_coordinator()).paper.holder == worker


def test_correction_of_a_record_revokes_what_was_certified_of_it():
    worker = make_worker_with_login()
    record = certifiable(worker=worker)
    made = issue(worker)
    leader = record.event.team.leader.user
    correction = hours.correct(record=record, minutes=30, reason="早退", by=leader)
    assert HoursCertificate.objects.standing().get() == made  # nobody confirmed it yet

    hours.confirm(records=[correction], by=make_coordinator())

    made.paper.refresh_from_db()
    assert made.paper.revoked_at is not None and "更正" in made.paper.revoke_reason
    told = Notice.objects.filter(user=worker.user, kind="members.certificate_revoked")
    assert told.count() == 1


def test_revoke_is_the_coordinators_and_wants_a_reason():
    worker = make_worker_with_login()
    certifiable(worker=worker)
    made, by = issue(worker), make_coordinator()

    own = refused(certifying.revoke, certificate=made, reason="不要了", by=worker.user)
    assert own.codes == {"not_certifier"}
    bare = refused(certifying.revoke, certificate=made, reason=" ", by=by)
    assert bare.codes == {"reason_missing"}
    certifying.revoke(certificate=made, reason="登记有误", by=by)
    assert not HoursCertificate.objects.standing().exists()
    assert issue(worker) != made  # another number


def test_table_changes_nothing_that_a_certificate_rests_on():
    worker = make_worker_with_login()
    certifiable(worker=worker)
    made = issue(worker)

    for change in (
        lambda: HoursCertificate.objects.filter(pk=made.pk).update(minutes=999),
        lambda: made.lines.all().delete(),
    ):
        with pytest.raises((InternalError, IntegrityError)), transaction.atomic():
            change()


# --- pages


def test_worker_asks_for_a_certificate_and_prints_it(client):
    worker = make_worker_with_login(name="阿卜杜热合曼·买买提吐尔逊")
    certifiable(worker=worker, title="站台引导")
    client.force_login(worker.user)

    response = client.post(MINE, {"first_on": "", "last_on": ""}, follow=True)

    page = response.content.decode()
    assert response.status_code == 200
    for words in (worker.name, "站台引导", "2小时", "贰小时"):
        assert words in page
    made = HoursCertificate.objects.get()
    assert made.paper.printed_number in client.get(MINE).content.decode()
    code = client.get(reverse("volunteers:certificate-code", args=[made.paper.number]))
    assert code["Content-Type"] == "image/svg+xml"
    assert "no-store" in code["Cache-Control"]


def test_dates_that_are_none_stay_in_the_form(client):
    worker = make_worker_with_login()
    client.force_login(worker.user)

    response = client.post(MINE, {"first_on": "昨天", "last_on": "2018-06-31"})

    assert response.status_code == 200
    assert set(response.context["form"].errors) == {"first_on", "last_on"}
    assert 'value="昨天"' in markup(response)


def test_certificate_of_somebody_else_is_404(client):
    worker = make_worker_with_login()
    certifiable(worker=worker)
    made = issue(worker)
    code = reverse("volunteers:certificate-code", args=[made.paper.number])

    for stranger in (make_worker_with_login().user, make_leader().user):
        client.force_login(stranger)
        assert client.get(printed(made)).status_code == 404
        assert client.get(code).status_code == 404
    client.force_login(make_coordinator())
    assert client.get(printed(made)).status_code == 200


def test_stranger_verifies_hours_by_the_number_and_its_printed_end(client):
    worker = make_worker_with_login(name="王小刚", identity_last4="123X")
    certifiable(worker=worker, hours=1.6)
    number = issue(worker).paper.printed_number

    bare = client.get(VERIFY, {"number": number}).content.decode()
    wrong = client.get(VERIFY, {"number": number, "last4": "1234"})
    right = client.get(VERIFY, {"number": number, "last4": "１２３x"}).content.decode()

    assert "证书有效" in bare and "1.6小时" not in bare
    assert "1.6小时" not in wrong.content.decode()
    assert "last4" in wrong.context["form"].errors
    assert "1.6小时" in right and "王*刚" in right and "王小刚" not in right


def test_ends_of_a_number_are_not_tried_without_end(client):
    worker = make_worker_with_login(identity_last4="0021")
    certifiable(worker=worker)
    number = issue(worker).paper.number

    for n in range(20):
        address = f"192.0.2.{n}"
        client.get(VERIFY, {"number": number, "last4": f"{n:04}"}, REMOTE_ADDR=address)
    last = client.get(VERIFY, {"number": number, "last4": "0021"})

    assert not last.context["is_open"]
    assert "一小时" in last.content.decode()


def test_revoked_certificate_says_so_everywhere(client):
    worker = make_worker_with_login()
    certifiable(worker=worker)
    made = issue(worker)
    certifying.revoke(certificate=made, reason="登记有误", by=make_coordinator())
    client.force_login(worker.user)

    assert "已撤销" in client.get(printed(made)).content.decode()
    page = client.get(VERIFY, {"number": made.paper.number}).content.decode()
    assert "证书已撤销" in page


def test_staff_issue_for_who_has_no_account_and_revoke(client):
    worker = make_worker(name="张秀兰", member_number="PZH2018001")
    certifiable(worker=worker)
    client.force_login(make_coordinator())
    at = reverse("admin:volunteers_hourscertificate_issue")

    wrong = client.post(at, {"name": "李秀兰", "number": "PZH2018001"})
    made = client.post(at, {"name": "张秀兰", "number": "PZH2018001"}, follow=True)

    assert wrong.status_code == 200 and wrong.context["form"].errors
    assert made.status_code == 200
    one = HoursCertificate.objects.get()
    assert one.paper.holder_last4 == "8001"
    work = reverse("admin:volunteers_hourscertificate_work", args=[one.pk])
    assert client.post(work, {"reason": ""}).status_code == 200
    client.post(work, {"reason": "写错了人"})
    one.paper.refresh_from_db()
    assert one.paper.revoke_reason == "写错了人"
