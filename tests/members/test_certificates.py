"""Certificates: their numbers, the verbs, and the page that verifies them."""

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse

from common.errors import Refusal
from members import certificatenumbers
from members.models import Certificate
from members.services import certificates
from tests.factories import make_user, make_worker
from unionportal import views
from unionportal.services import write_roles

VERIFY = reverse("verify")


@pytest.fixture(autouse=True)
def nobody_has_asked():
    views.verifying.forget()


def issued(name="王小刚", **more) -> Certificate:
    facts = {"kind": "service", "title": "机密名称", "by": None} | more
    return certificates.issue(holder=make_worker(name=name), **facts)


def codes(call, **arguments):
    with pytest.raises(Refusal) as refusal:
        call(by=None, **arguments)
    return refusal.value.codes


# --- the number -----------------------------------------------------------------------


def test_a_number_is_whole_and_no_two_are_alike():
    drawn = {certificatenumbers.draw() for _ in range(2000)}

    assert len(drawn) == 2000
    assert all(certificatenumbers.is_whole(number) for number in drawn)
    assert len({number[:3] for number in drawn}) > 1500  # no order in them


def test_every_slip_of_one_character_and_every_swap_is_found():
    number = certificatenumbers.draw()
    slips = {
        number[:at] + char + number[at + 1 :]
        for at in range(len(number))
        for char in certificatenumbers.ALPHABET
    }
    swaps = set()
    for a in range(len(number)):
        for b in range(a):
            chars = list(number)
            chars[a], chars[b] = chars[b], chars[a]
            swaps.add("".join(chars))

    others = (slips | swaps) - {number}
    assert len(others) > 350
    assert not any(certificatenumbers.is_whole(other) for other in others)
    assert not certificatenumbers.is_whole(number[:-1])
    assert not certificatenumbers.is_whole("0" + number[1:])


def test_a_number_is_read_however_it_is_typed():
    number = certificatenumbers.draw()
    wide = "".join(chr(ord(char) + 0xFEE0) for char in number)

    for typed in (
        certificatenumbers.grouped(number).lower(),
        f" {number[:5]}\u200b {number[5:]}\t",
        wide,
        number.replace(number[4:6], f"{number[4:5]}—{number[5:6]}", 1),
    ):
        assert certificatenumbers.typed(typed) == number


# --- the verbs ------------------------------------------------------------------------


@pytest.mark.django_db
def test_issue_freezes_the_name_and_what_it_says():
    by = make_user()
    certificate = issued(by=by, facts={"服务时长": "12小时"})
    worker = certificate.holder
    worker.name = "李大刚"
    worker.save()

    certificate.refresh_from_db()

    assert (certificate.holder_name, certificate.issued_by) == ("王小刚", by)
    assert certificate.facts == {"服务时长": "12小时"}
    with pytest.raises(ValueError, match="nonsense"):
        issued(kind="nonsense")


@pytest.mark.django_db
def test_revoke_wants_a_reason_and_is_for_good():
    certificate, by = issued(), make_user()

    assert codes(certificates.revoke, certificate=certificate, reason=" ") == {
        "reason_missing"
    }
    revoked = certificates.revoke(certificate=certificate, reason="登记有误", by=by)
    assert (revoked.revoked_by, revoked.revoke_reason) == (by, "登记有误")
    assert codes(certificates.revoke, certificate=certificate, reason="再撤") == {
        "already_revoked"
    }


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change", [{"holder_name": "别人"}, {"title": "别的"}, {"number": "2" * 12}]
)
def test_the_table_changes_nothing_that_a_certificate_says(change):
    certificate = issued()
    row = Certificate.objects.filter(pk=certificate.pk)

    with pytest.raises((DatabaseError, IntegrityError)), transaction.atomic():
        row.update(**change)
    with pytest.raises((DatabaseError, IntegrityError)), transaction.atomic():
        row.delete()
    with pytest.raises(IntegrityError, match="with_reason"), transaction.atomic():
        row.update(revoke_reason="没有时间")
    row.update(holder=None)  # a person may be forgotten


# --- the page -------------------------------------------------------------------------


@pytest.mark.django_db
def test_verify_shows_a_masked_name_and_whether_it_holds(client):
    certificate = issued()
    asked = {"number": certificate.printed_number.lower()}

    valid = client.get(VERIFY, asked)
    certificates.revoke(certificate=certificate, reason="机密原因", by=None)
    revoked = client.get(VERIFY, asked).content.decode()

    page = valid.content.decode()
    assert "证书有效" in page and "志愿服务证明" in page and "王*刚" in page
    assert certificate.printed_number in page
    assert "no-store" in valid["Cache-Control"]
    assert "证书已撤销" in revoked and "证书有效" not in revoked
    for word in ("王小刚", "机密名称", "机密原因"):
        assert word not in page + revoked


@pytest.mark.django_db
def test_verify_says_what_is_wrong_with_a_number(client):
    unknown = certificatenumbers.draw()
    issued()

    for typed, said in (
        (unknown, "没有这个编号的证书"),
        (unknown[:-1], "编号不正确"),
        ("", "请填写证书上的编号"),
        ("王" * 90, "number"),
    ):
        page = client.get(VERIFY, {"number": typed})
        assert page.status_code == 200
        assert said in page.content.decode() and page.context["form"].errors
        assert page.context["certificate"] is None
    assert "errors" not in client.get(VERIFY).context["form"].__dict__


@pytest.mark.django_db
def test_verify_is_not_asked_without_end(client):
    answers = [
        client.get(VERIFY, {"number": certificatenumbers.draw()}) for _ in range(31)
    ]

    assert {answer.status_code for answer in answers[:30]} == {200}
    assert answers[30].status_code == 429 and int(answers[30]["Retry-After"]) > 0
    elsewhere = client.get(VERIFY, {"number": "2"}, REMOTE_ADDR="192.0.2.9")
    assert elsewhere.status_code == 200
    assert client.post(VERIFY).status_code == 405


@pytest.mark.django_db
def test_ones_own_data_hold_ones_certificates():
    certificate = issued(facts={"服务时长": "12小时"})
    issued(name="别人")

    (facts,) = Certificate.objects.facts_of(certificate.holder)

    assert facts["编号"] == certificate.printed_number
    assert facts["内容"] == "服务时长：12小时"


# --- the back office ------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "sees"), [("审计员", True), ("系统管理员", False), ("工会干部", False)]
)
def test_certificates_are_looked_at_and_nothing_else(client, role, sees):
    write_roles()
    client.force_login(make_user(is_staff=True, roles=[role]))
    certificate = issued()
    listed = reverse("admin:members_certificate_changelist")
    row = reverse("admin:members_certificate_change", args=[certificate.pk])

    assert client.get(listed).status_code == (200 if sees else 403)
    assert client.get(row).status_code == (200 if sees else 403)
    assert client.post(row, {"title": "别的"}).status_code == 403
    assert client.get(reverse("admin:members_certificate_add")).status_code == 403
