"""Before the end nobody outside the office learns how it stands: guests, voters, jurors,
nominating units, on their pages, in addresses, feeds and in what order things come."""

import re
from difflib import unified_diff

import pytest
from django.urls import reverse

from honors.models import Ballot, Nomination
from honors.services import juryresults, shortlist, votes
from tests.architecture.test_doors import client_of
from tests.honors.juries import (
    close_vote,
    files_of,
    make_round,
    make_voter,
    send,
    vote_times,
)
from tests.honors.nominations import make_secretary, make_steward

pytestmark = pytest.mark.django_db


def read(client, *addresses):
    pages = [client.get(address).content.decode() for address in addresses]
    return [
        re.sub(r'(csrfmiddlewaretoken" value|nonce)="[^"]*"|<updated>[^<]*', "", page)
        for page in pages
    ]


@pytest.fixture
def voted():
    """Three files, each juror's eyes on all, ballots cast, and the vote over."""
    edition = make_round(jurors=2, files=3, quota=2, quorum=1, **vote_times())
    files, voter = files_of(edition), make_voter()
    for worker, chosen in ((voter, files[:2]), (make_voter(), files[2:])):
        keys = [file.pk for file in chosen]
        votes.cast(edition=edition, worker=worker, choices=keys, by=worker.user)
    close_vote(edition)
    return edition, files, voter


def changed(before, after):
    """The lines that are not as they were, by reader and address."""
    return {
        place: list(unified_diff(page.splitlines(), after[place].splitlines(), n=0))
        for place, page in before.items()
        if page != after[place]
    }


def test_results_are_on_no_page_of_outsiders_before_the_nominators_are_told(voted):
    edition, files, voter = voted
    by = make_secretary()
    public = [
        edition.get_absolute_url(),
        reverse("honors:honoree-list"),
        reverse("honors:notice-list"),
        reverse("search") + f"?q={files[1].name}",
        "/sitemap.xml",
        "/news/feed/",
    ]
    own = [reverse("honors:vote", args=[edition.pk]), "/my/", "/my/messages/"]
    nominated = reverse("honors:nomination-list")
    readers = {"guest": (client_of(), public)}
    readers["voter"] = client_of(voter.user), [*public, *own]
    for file in files:
        client = client_of(make_steward(file.unit))
        page = reverse("honors:nomination-detail", args=[file.pk])
        readers[file.pk] = client, [nominated, page]

    def everything():
        return {
            (who, address): page
            for who, (client, addresses) in readers.items()
            for address, page in zip(addresses, read(client, *addresses), strict=True)
        }

    before = everything()
    assert files[0].name in before["voter", own[0]]  # what they chose
    for ballot in Ballot.objects.order_by("pk"):
        send(ballot, 60 + ballot.nomination_id % 30)
    juryresults.sign_off(edition=edition, by=by)
    keys = [row.nomination_id for row in shortlist.ranking(edition)]
    assert changed(before, everything()) == {}
    shortlist.shortlist(edition=edition, picked=keys[:2], by=by)
    assert changed(before, everything()) == {}
    shortlist.undo_shortlist(edition=edition, by=by, reason="漏看一项")
    assert changed(before, everything()) == {}
    shortlist.shortlist(edition=edition, picked=keys[:2], by=by)
    assert changed(before, everything()) == {}

    shortlist.release_results(edition=edition, by=by)

    told = changed(before, everything())
    assert {who for who, _address in told} == {file.pk for file in files}
    assert len(told) == 2 * len(files)


def test_pages_of_a_juror_tell_nothing_of_others_and_no_rank(voted):
    edition, files, _voter = voted
    first, second = [seat.user for seat in edition.jury_seats.order_by("pk")]
    client = client_of(second)
    mine = Ballot.objects.of_juror(second).order_by("pk")
    addresses = [reverse("honors:jury-list")]
    addresses += [reverse("honors:ballot", args=[ballot.pk]) for ballot in mine]
    order = [ballot.nomination.name for ballot in mine]

    before = read(client, *addresses)
    for points, ballot in zip(
        (11, 55, 99), Ballot.objects.of_juror(first), strict=True
    ):
        send(ballot, points, comment="只给签认的人看")
    assert read(client, *addresses) == before
    for ballot in mine:
        send(ballot, 50)
    juryresults.sign_off(edition=edition, by=make_secretary())

    shown = "".join(read(client, *addresses))
    assert "只给签认的人看" not in shown
    results = Nomination.objects.filter(edition=edition).values_list(
        "jury_result__final_score", flat=True
    )
    assert not [score for score in results if str(score) in shown]
    listed = read(client, addresses[0])[0]
    assert sorted(order, key=listed.index) == order
