"""Before the end nobody learns how it stands, on no page, in no address, feed or list and
by no order in which things come: before the signing off not even the office, and before
the nominators are told nobody outside of it."""

import re
from difflib import unified_diff

import pytest
from django.db import transaction
from django.urls import reverse

from honors.models import Ballot, Nomination
from honors.services import juryresults, shortlist, votes
from tests.architecture.test_doors import client_of
from tests.factories import make_user
from tests.honors.juries import (
    close_vote,
    files_of,
    make_leader,
    make_round,
    make_voter,
    send,
    vote_times,
)
from tests.honors.nominations import make_secretary, make_steward

pytestmark = pytest.mark.django_db


def read(client, *addresses):
    return tidied([client.get(address) for address in addresses])


def tidied(answers):
    """Pages without what is new each time."""
    new = (
        r'(csrfmiddlewaretoken" value|nonce)="[^"]*"|<updated>[^<]*'
        r"|/change/\d+/|\b\d\d:\d\d(:\d\d)?\b"
    )
    return [re.sub(new, "", answer.content.decode()) for answer in answers]


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


LISTS = ("nomination", "awardedition")


def addresses_of(edition):
    """Role → what somebody in it may open of an edition before the jury."""
    files = files_of(edition)
    admin = "admin:honors_"
    public = [
        edition.get_absolute_url(),
        *map(reverse, ("honors:honoree-list", "honors:notice-list")),
        *("/", "/sitemap.xml", "/news/feed/", f"/search/?q={files[0].name}"),
    ]
    works = [reverse(f"{admin}nomination_work", args=[one.pk]) for one in files]
    lists = [reverse(f"{admin}{name}_changelist") for name in LISTS]
    jobs = [reverse(f"{admin}awardedition_juries")]
    jobs += [
        reverse(f"{admin}awardedition_{name}", args=[edition.pk])
        for name in ("jury", "votes", "shortlist", "run", "change")
    ]
    record = [
        reverse("admin:common_change_changelist"),
        reverse("admin:common_auditevent_changelist"),
    ]
    vote = [reverse("honors:vote", args=[edition.pk]), "/my/", "/my/messages/"]
    return {
        "guest": public,
        "voter": [*public, *vote],
        "waiting voter": vote,
        "steward": [
            reverse("honors:nomination-list"),
            reverse("honors:nomination-detail", args=[files[0].pk]),
        ],
        "secretary": ["/admin/", *jobs, *works, *lists],
        "leader": ["/admin/", jobs[0]],
        "auditor": ["/admin/", *record],
        "administrator": [f"{reverse('admin:find')}?q={files[0].name}"],
        "juror": [
            reverse("honors:jury-list"),
            *(
                reverse("honors:ballot", args=[ballot.pk])
                for ballot in edition.jury_seats.last().ballots.order_by("pk")
            ),
        ],
    }


def test_pages_before_the_signing_off_are_the_same_whoever_leads():
    """Two ends of one edition, in which another file leads by far: every page that
    anybody may open reads the same, while the vote runs and when it is over."""
    edition = make_round(jurors=3, files=3, quorum=1, quota=2, **vote_times())
    files, voters = files_of(edition), [make_voter() for _n in range(4)]
    *scoring, waiting = edition.jury_seats.order_by("pk")
    first = voters.pop()
    votes.cast(edition=edition, worker=first, choices=[files[2].pk], by=first.user)
    people = {
        "guest": None,
        "voter": first.user,
        "waiting voter": make_voter().user,
        "steward": make_steward(files[0].unit),
        "secretary": make_secretary(),
        "leader": make_leader(),
        "auditor": make_user(roles=["审计员"], is_staff=True),
        "administrator": make_user(roles=["系统管理员"], is_staff=True),
        "juror": waiting.user,
    }
    clients = {role: client_of(user) for role, user in people.items()}

    def shown():
        found = {}
        for role, addresses in addresses_of(edition).items():
            for address in addresses:
                answer = clients[role].get(address)
                assert answer.status_code == 200, (role, address)
                [found[role, address]] = tidied([answer])
        return found

    def where_leads(file):
        with transaction.atomic():
            for ballot in Ballot.objects.filter(seat__in=scoring):
                leads = ballot.nomination_id == file.pk
                send(ballot, 97 if leads else 3, comment="甲" if leads else "乙")
            for voter in voters:
                chosen = {"choices": [file.pk], "by": voter.user}
                votes.cast(edition=edition, worker=voter, **chosen)
            running = shown()
            close_vote(edition)
            over = shown()
            transaction.set_rollback(True)
        edition.refresh_from_db()
        return running, over

    one, other = where_leads(files[0]), where_leads(files[1])

    for before, after in zip(one, other, strict=True):
        assert changed(before, after) == {}


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
