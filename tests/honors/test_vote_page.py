"""The page of the public vote: for members, in two looks, and silent about its standing."""

import re

import pytest
from django.urls import reverse

from honors.models import Vote
from honors.services import votes
from tests.architecture.test_doors import client_of
from tests.factories import make_user
from tests.honors.juries import close_vote, files_of, make_round, make_voter, vote_times
from tests.honors.nominations import make_call

pytestmark = pytest.mark.django_db


def make_vote(**times):
    return make_round(
        jurors=1, files=4, quota=2, quorum=1, vote_weight=40, **vote_times(**times)
    )


def page(edition):
    return reverse("honors:vote", args=[edition.pk])


def keys(edition, *numbers):
    files = files_of(edition)
    return [files[n].pk for n in numbers]


def test_vote_page_casts_after_a_last_look():
    edition, worker = make_vote(), make_voter()
    client = client_of(worker.user)
    chosen = {"choices": keys(edition, 2, 0)}

    look = client.post(page(edition), {**chosen, "do": "look"})
    assert look.context["is_last_look"]
    assert {one.pk for one in look.context["candidates"]} == set(chosen["choices"])
    assert not Vote.objects.exists()
    back = client.post(page(edition), {**chosen, "do": "back"})
    assert back.context["choices"] == set(chosen["choices"])
    cast = client.post(page(edition), {**chosen, "do": "cast"})
    again = client.post(page(edition), {"choices": keys(edition, 1), "do": "cast"})

    assert cast.status_code == again.status_code == 302
    vote = Vote.objects.get()
    assert (vote.worker, vote.choices) == (worker, sorted(chosen["choices"]))
    assert vote.device
    shown = client.get(page(edition))
    assert [one.pk for one in shown.context["candidates"]] != []
    assert {one.pk for one in shown.context["candidates"]} == set(chosen["choices"])


def test_vote_page_keeps_what_was_ticked_when_it_is_refused():
    edition, worker = make_vote(), make_voter()
    many = keys(edition, 0, 1, 2)

    response = client_of(worker.user).post(
        page(edition), {"choices": [*many, "x", "9" * 30], "do": "cast"}
    )

    assert [reason.code for reason in response.context["problems"]] == ["vote_choices"]
    assert response.context["choices"] == set(many)
    assert not Vote.objects.exists()


def test_vote_page_shows_candidates_to_members_only():
    edition = make_vote()
    names = [file.name for file in files_of(edition)]
    for user in (make_user(), make_voter(is_member=False).user):
        client = client_of(user)
        shown = client.get(page(edition)).content.decode()
        client.post(page(edition), {"choices": keys(edition, 0), "do": "cast"})
        assert not [name for name in names if name in shown]
    assert not Vote.objects.exists()


@pytest.mark.parametrize(
    "times", [{"opens": 1, "closes": 2}, {"opens": -2, "closes": -1}]
)
def test_vote_page_outside_the_hours_shows_nobody_and_takes_nothing(times):
    edition = make_vote(**times)
    client = client_of(make_voter().user)
    data = {"choices": keys(edition, 0), "do": "cast"}

    shown = client.get(page(edition)).content.decode()
    answered = client.post(page(edition), data)

    assert answered.status_code == 200
    assert not Vote.objects.exists()
    assert files_of(edition)[0].name not in shown


def test_vote_page_of_an_edition_without_a_vote_or_not_announced_is_404():
    client = client_of(make_voter().user)
    hidden = make_vote()
    type(hidden).objects.filter(pk=hidden.pk).update(announced_at=None)
    assert client.get(page(hidden)).status_code == 404
    assert client.get(page(make_call())).status_code == 404


def without_tokens(content):
    return re.sub(r'(name="csrfmiddlewaretoken" value|nonce)="[^"]*"', "", content)


def test_how_a_vote_stands_is_on_no_page_before_its_end():
    edition = make_vote()
    leader = keys(edition, 3)
    reader = make_voter()
    readers = [client_of(reader.user), client_of()]
    addresses = [
        page(edition),
        edition.get_absolute_url(),
        reverse("honors:honoree-list"),
        "/sitemap.xml",
    ]

    def everything():
        return [
            without_tokens(client.get(address).content.decode())
            for client in readers
            for address in addresses
        ]

    before = everything()
    for _n in range(7):
        worker = make_voter()
        votes.cast(edition=edition, worker=worker, choices=leader, by=worker.user)

    assert everything() == before


def test_vote_page_after_the_end_tells_voters_what_they_chose_and_no_number():
    edition, worker = make_vote(), make_voter()
    for other in (worker, *[make_voter() for _n in range(3)]):
        votes.cast(
            edition=edition, worker=other, choices=keys(edition, 1), by=other.user
        )
    close_vote(edition)

    voter = client_of(worker.user).get(page(edition))
    other = client_of(make_voter().user).get(page(edition))

    assert [one.pk for one in voter.context["candidates"]] == keys(edition, 1)
    assert other.context["candidates"] == []


def test_vote_page_takes_few_queries_however_many_stand(django_assert_max_num_queries):
    edition = make_vote()
    client = client_of(make_voter().user)
    client.get(page(edition))
    with django_assert_max_num_queries(13):
        client.get(page(edition))
