"""A juror's pages: what lies before them and nobody else, blind, closed after the
signing."""

import re
from secrets import token_hex

import pytest
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse

from honors.models import Ballot, NominationDocument, Recusal
from honors.services import juryresults
from members.enums import StewardRole
from members.models import Stewardship
from tests.architecture.test_doors import client_of
from tests.factories import make_user
from tests.honors.juries import files_of, keys_of, make_round, score_all, send
from tests.honors.nominations import make_secretary

pytestmark = pytest.mark.django_db


def page(ballot):
    return reverse("honors:ballot", args=[ballot.pk])


def filled(edition, value="80"):
    return {f"score-{key}": value for key in keys_of(edition)}


def add_paper(nomination):
    key = token_hex(16)
    default_storage.save(f"nominations/{key}.pdf", ContentFile(b"%PDF-"))
    return NominationDocument.objects.create(
        nomination=nomination, format="pdf", name="示例.pdf",
        key=key, size=5, sha256="0" * 64,
    )  # fmt: skip


def test_ballot_page_keeps_a_draft_and_sends_scores():
    edition = make_round(jurors=1, files=1, quorum=1)
    ballot = Ballot.objects.get()
    client = client_of(ballot.seat.user)
    first, *_rest = keys_of(edition)

    draft = client.post(page(ballot), {f"score-{first}": "７０", "save": "1"})
    ballot.refresh_from_db()
    assert (draft.status_code, ballot.submitted_at) == (302, None)
    assert [score.value for score in ballot.scores.all()] == [70]
    short = client.post(page(ballot), {f"score-{first}": "70", "send": "1"})
    ballot.refresh_from_db()
    assert len(short.context["form"].errors) == 3
    assert ballot.submitted_at is None

    sent = client.post(page(ballot), {**filled(edition), "send": "1"})

    ballot.refresh_from_db()
    assert sent["Location"] == reverse("honors:jury-list")
    assert ballot.submitted_at is not None
    assert ballot.scores.count() == 4


def test_ballot_page_loses_nothing_that_cannot_be_kept():
    edition = make_round(jurors=1, files=1, quorum=1)
    ballot = Ballot.objects.get()
    client = client_of(ballot.seat.user)
    first, *_rest = keys_of(edition)

    response = client.post(
        page(ballot),
        {f"score-{first}": "一百零一", "comment": "字" * 501, "save": "1"},
    )

    assert set(response.context["form"].errors) == {f"score-{first}", "comment"}
    assert "一百零一" in response.content.decode()
    assert "字" * 501 in response.content.decode()


def test_ballot_of_a_recused_juror_answers_404_with_its_papers():
    make_round(jurors=2, files=2)
    ballot = Ballot.objects.order_by("seat", "pk").first()
    paper = add_paper(ballot.nomination)
    document = reverse("honors:document", args=[paper.pk])
    client = client_of(ballot.seat.user)
    assert client.get(page(ballot)).status_code == 200
    assert client.get(document).status_code == 200

    refused = client.post(page(ballot), {"word": " ", "recuse": "1"})
    gone = client.post(page(ballot), {"word": "是本人的表弟", "recuse": "1"})

    assert refused.context["recusal"].errors
    assert gone.status_code == 302
    assert client.get(page(ballot)).status_code == 404
    assert client.post(page(ballot), {"send": "1"}).status_code == 404
    assert client.get(document).status_code == 404
    listed = client.get(reverse("honors:jury-list")).content.decode()
    assert ballot.nomination.name not in listed
    other = Ballot.objects.exclude(seat=ballot.seat).get(nomination=ballot.nomination)
    assert client_of(other.seat.user).get(document).status_code == 200


def test_recused_juror_does_not_get_in_by_reviewing_for_a_county():
    make_round(jurors=2, files=1)
    ballot = Ballot.objects.order_by("seat").first()
    paper = add_paper(ballot.nomination)
    user = ballot.seat.user
    Stewardship.objects.create(
        user=user, union_org=ballot.nomination.unit, role=StewardRole.REVIEWER
    )
    user.groups.add(Group.objects.get(name="县区审核"))
    work = reverse("admin:honors_nomination_work", args=[ballot.nomination_id])
    document = reverse("honors:document", args=[paper.pk])
    assert client_of(user).get(work).status_code == 200
    Recusal.objects.create(
        seat=ballot.seat, nomination=ballot.nomination, ground="kin", word="亲属"
    )

    assert client_of(user).get(work).status_code == 404
    assert client_of(user).get(document).status_code == 404


def test_ballot_is_there_for_its_juror_only():
    make_round(jurors=2, files=1)
    first, second = Ballot.objects.order_by("seat")
    for user in (second.seat.user, make_user(), make_secretary()):
        assert client_of(user).get(page(first)).status_code == 404
    first.seat.user.groups.clear()  # no juror any more
    assert client_of(first.seat.user).get(page(first)).status_code == 404


def test_jury_list_and_ballot_are_blind_before_the_signing():
    edition = make_round(jurors=2, files=1, quorum=1)
    first, second = Ballot.objects.order_by("seat")
    send(first, 37, comment="只有我看得到")

    client = client_of(second.seat.user)
    shown = client.get(page(second)).content.decode()
    shown += client.get(reverse("honors:jury-list")).content.decode()

    assert "只有我看得到" not in shown
    assert files_of(edition)[0].name in shown
    # names and numbers of files count on, and may hold any figure
    for words in (second.nomination.number, second.nomination.name):
        shown = shown.replace(words, "")
    assert not re.search(r"[>\"]\s*37\b", shown)


def test_ballot_page_is_read_only_after_the_signing():
    edition = make_round(jurors=1, files=1, quorum=1)
    score_all(edition, [80])
    juryresults.sign_off(edition=edition, by=make_secretary())
    ballot = Ballot.objects.get()
    client = client_of(ballot.seat.user)

    response = client.post(page(ballot), {**filled(edition, "90"), "send": "1"})

    assert response.status_code == 200
    assert response.context["is_open"] is False
    assert {score.value for score in ballot.scores.all()} == {80}


def test_jury_list_takes_as_many_queries_for_many_files(django_assert_max_num_queries):
    make_round(jurors=1, files=6, quorum=1)
    client = client_of(Ballot.objects.first().seat.user)
    client.get(reverse("honors:jury-list"))
    with django_assert_max_num_queries(14):
        client.get(reverse("honors:jury-list"))
