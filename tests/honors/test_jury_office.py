"""The back office's pages of a jury, a vote and the list: through the door that the
honours secretary and who answers waivers use."""

import pytest
from django.urls import reverse
from django.utils import timezone

from common.models import Change
from honors.enums import Bound, CompositionKind, Gender, NominationState, RecusalGround
from honors.models import (
    Ballot,
    CompositionRule,
    JuryRound,
    Recusal,
    ShortlistDecision,
    ShortlistWaiver,
    Vote,
    VoteVoid,
)
from honors.services import votes
from tests.architecture.test_doors import client_of
from tests.factories import make_user
from tests.honors.juries import (
    close_vote,
    files_of,
    make_juror,
    make_leader,
    make_round,
    make_voter,
    score_all,
    send,
    vote_times,
)
from tests.honors.nominations import (
    make_call,
    make_county,
    make_nomination,
    make_secretary,
    make_unit,
)
from unionportal import work

pytestmark = pytest.mark.django_db
PAGES = ("jury", "minutes", "votes", "shortlist")


def at(edition, page):
    return reverse(f"admin:honors_awardedition_{page}", args=[edition.pk])


def codes(response):
    return {reason.code for reason in response.context["problems"]}


@pytest.fixture
def secretary():
    return make_secretary()


@pytest.fixture
def office(secretary):
    return client_of(secretary)


def sign(office, edition, *rows):
    """The scores of every juror, and the round signed off on its page."""
    score_all(edition, *rows)
    office.post(at(edition, "jury"), {"do": "sign"})
    return edition


def keys(edition, *numbers):
    files = files_of(edition)
    return [files[n].pk for n in numbers]


# --- who gets in ------------------------------------------------------------------------


def test_pages_are_closed_to_all_who_do_not_run_editions(office):
    edition = sign(office, make_round(jurors=1, files=1, quorum=1), [80])
    leader = client_of(make_leader())
    outside = [Ballot.objects.get().seat.user, make_user(is_staff=True)]
    asked = [reverse("admin:honors_awardedition_juries")]
    asked += [at(edition, page) for page in PAGES]

    got = {
        (user.pk, address): client_of(user).get(address).status_code
        for user in outside
        for address in asked
    }

    assert set(got.values()) == {403}
    assert [leader.get(address).status_code for address in asked] == [
        *(200, 403, 403, 403, 200)
    ]
    assert leader.post(
        at(edition, "shortlist"), {"do": "list", "picked": keys(edition, 0)}
    ).status_code in (403,)
    assert [file.state for file in files_of(edition)] == ["jury"]


def test_pages_of_an_edition_that_is_not_there_are_404(office):
    edition = make_round(jurors=1, files=1)  # no vote, and not signed off
    assert office.get(at(edition, "minutes")).status_code == 404
    assert office.get(at(edition, "votes")).status_code == 404
    edition.pk += 1
    assert {office.get(at(edition, page)).status_code for page in PAGES} == {404}


def test_juries_page_leads_to_the_editions_that_are_judged(office):
    judged = make_round(jurors=1, files=1, quorum=1, **vote_times())
    make_call(title="还在推荐的一届")

    shown = office.get(reverse("admin:honors_awardedition_juries"))

    assert [one.pk for one in shown.context["editions"]] == [judged.pk]
    for page in ("jury", "votes", "shortlist"):
        assert at(judged, page) in shown.content.decode()


def waiting(user):
    """What stands in their queue of today, each with its number."""
    found = work.waiting(user, timezone.localdate())
    return {one.title: one.number for one in found if one.number}


def test_queues_lead_jurors_secretary_and_leader_through_the_edition(office, secretary):
    leader, juror = make_leader(), make_juror()
    edition = make_call(quorum=1, quota=1)
    for _n in range(2):
        make_nomination(NominationState.ELIGIBLE, edition=edition)
    rule = CompositionRule.objects.create(
        edition=edition,
        kind=CompositionKind.WOMEN,
        bound=Bound.CEILING,
        percent=10,
        is_hard=True,
    )
    page, chosen = at(edition, "shortlist"), {"picked": []}
    asks = {"do": f"waive-{rule.pk}", f"why-{rule.pk}": "理由"}

    def queue(user, title, number=1):
        assert waiting(user).get(title) == number

    queue(secretary, "待开始评审的届次")
    office.post(at(edition, "jury"), {"do": "seat", "user": juror.pk})
    office.post(at(edition, "jury"), {"do": "start"})
    queue(secretary, "待开始评审的届次", None)
    queue(juror, "评审材料待评分", 2)
    queue(secretary, "评审材料待评分", None)
    queue(secretary, "评分已齐，待签认", None)
    score_all(edition, [80], [70])
    queue(juror, "评审材料待评分", None)
    queue(secretary, "评分已齐，待签认")
    office.post(at(edition, "jury"), {"do": "sign"})
    queue(secretary, "评分已齐，待签认", None)
    queue(secretary, "待确定拟推荐名单")
    chosen["picked"] = keys(edition, 0)
    office.post(page, asks | chosen)
    queue(leader, "名单豁免待审批")
    queue(secretary, "名单豁免待审批", None)
    grant = {"do": f"grant-{ShortlistWaiver.objects.get().pk}", "answer": "同意"}
    client_of(leader).post(page, grant)
    queue(leader, "名单豁免待审批", None)
    office.post(page, {"do": "list", **chosen})
    queue(secretary, "待确定拟推荐名单", None)
    queue(secretary, "名单待通知各推荐单位")
    office.post(page, {"do": "release"})
    queue(secretary, "名单待通知各推荐单位", None)


def test_round_is_not_to_be_signed_while_its_vote_runs(secretary):
    edition = make_round(jurors=1, files=1, quorum=1, **vote_times())
    score_all(edition, [80])
    assert "评分已齐，待签认" not in waiting(secretary)
    close_vote(edition)
    assert waiting(secretary)["评分已齐，待签认"] == 1


# --- the jury ---------------------------------------------------------------------------


def test_jury_page_walks_from_the_first_seat_to_the_signing_off(office, secretary):
    edition = make_call(quorum=1, quota=1)
    county = make_county()
    own = make_nomination(
        NominationState.ELIGIBLE, edition=edition, unit=make_unit(county)
    )
    other = make_nomination(NominationState.ELIGIBLE, edition=edition)
    page, kin, free, gone = at(edition, "jury"), *(make_juror() for _n in range(3))

    office.post(page, {"do": "seat", "user": kin.pk, "union": county.name})
    office.post(page, {"do": "seat", "user": free.pk, "union": " "})
    office.post(page, {"do": "seat", "user": gone.pk})
    unseated = edition.jury_seats.get(user=gone)
    office.post(page, {"do": "unseat", "seat": unseated.pk})
    office.post(page, {"do": "start"})

    assert {(b.seat.user, b.nomination) for b in Ballot.objects.all()} == {
        (free, own),
        (free, other),
        (kin, other),
    }
    assert Recusal.objects.get().ground == RecusalGround.UNIT
    early = office.post(page, {"do": "sign"})
    assert codes(early) == {"quorum"}
    office.post(
        page,
        {
            "do": "recuse",
            "seat": edition.jury_seats.get(user=kin).pk,
            "nomination": other.pk,
            "word": "师徒",
        },
    )
    for ballot in Ballot.objects.filter(seat__user=free):
        send(ballot, 80)
    office.post(page, {"do": "sign"})

    held = JuryRound.objects.get()
    assert held.signed_off_by == secretary
    assert Recusal.objects.filter(ground=RecusalGround.SECRETARY).count() == 1
    shown = office.get(page).content.decode()
    assert at(edition, "minutes") in shown
    assert codes(office.post(page, {"do": "seat", "user": make_juror().pk})) == {
        "jury_locked"
    }


def test_jury_page_says_what_is_wrong_and_keeps_what_was_typed(office):
    edition = make_round(jurors=2, files=2)
    page, nominee = at(edition, "jury"), files_of(edition)[1]
    new, seat = make_juror(), edition.jury_seats.last()

    unknown = office.post(
        page, {"do": "seat", "user": new.pk, "union": "没有这个<b>工会"}
    )
    wordless = office.post(
        page, {"do": "recuse", "seat": seat.pk, "nomination": nominee.pk, "word": " "}
    )

    assert codes(unknown) == {"union_unknown"}
    shown = unknown.content.decode()
    assert 'value="没有这个&lt;b&gt;工会"' in shown
    assert codes(wordless) == {"word_missing"}
    for typed in ("", "x", "9" * 30, str(make_user().pk)):
        assert codes(office.post(page, {"do": "seat", "user": typed})) == {
            "not_a_juror"
        }
    for data in ({"seat": "x"}, {"seat": "9" * 30}):
        for do in ("unseat", "recuse"):
            assert office.post(page, {"do": do, **data}).status_code == 404
    assert office.post(page, {"do": "nothing"}).status_code == 302


def test_jury_page_takes_no_seat_of_another_edition(office):
    edition, other = make_round(jurors=1, files=1), make_round(jurors=1, files=1)
    seat = other.jury_seats.get()
    for data in (
        {"do": "unseat", "seat": seat.pk},
        {
            "do": "recuse",
            "seat": edition.jury_seats.get().pk,
            "nomination": files_of(other)[0].pk,
            "word": "亲属",
        },
    ):
        assert office.post(at(edition, "jury"), data).status_code == 404
    assert other.jury_seats.count() == 1
    assert not Recusal.objects.exists()


def test_minutes_page_puts_all_on_paper_that_counted(office, secretary):
    edition = make_round(jurors=3, files=2, quorum=1, vote_weight=40, **vote_times())
    files, ballots = files_of(edition), list(Ballot.objects.order_by("seat", "pk"))
    for _n in range(2):
        worker = make_voter()
        votes.cast(
            edition=edition, worker=worker, choices=[files[1].pk], by=worker.user
        )
    odd = Vote.objects.first().union_org_id
    office.post(
        at(edition, "votes"),
        {"do": "void", "kind": "union", "key": odd, "reason": "查实代投"},
    )
    send(ballots[0], 61, comment="功夫扎实")
    send(ballots[1], 73)
    send(ballots[2], is_abstaining=True)
    send(ballots[3], 73)
    send(ballots[5], 75)
    office.post(
        at(edition, "jury"),
        {
            "do": "recuse",
            "seat": ballots[4].seat_id,
            "nomination": ballots[4].nomination_id,
            "word": "师徒关系",
        },
    )
    close_vote(edition)
    office.post(at(edition, "jury"), {"do": "sign"})

    shown = office.get(at(edition, "minutes"))

    made = shown.context["made"]
    # 73×60 % + 100×40 % = 83.8; 61×60 % = 36.6
    assert [
        (row.nomination, str(row.final_score), points) for row, _f, points in made.rows
    ] == [
        (files[1], "83.80", ["73.00", "73.00", "75.00"]),
        (files[0], "36.60", ["61.00", "弃权", "回避"]),
    ]
    text = shown.content.decode()
    for words in ("功夫扎实", "师徒关系", "查实代投", secretary.name):
        assert words in text
    held = JuryRound.objects.get()
    assert (held.vote_ballots, held.vote_voided) == (1, 1)


# --- the vote ---------------------------------------------------------------------------


def test_votes_page_voids_what_is_odd_and_keeps_it_on_record(office, secretary):
    edition = make_round(jurors=1, files=3, quorum=1, **vote_times())
    crowd = make_voter().union_org
    for number in range(3):
        worker = make_voter(**({} if number else {"union_org": crowd}))
        votes.cast(
            edition=edition, worker=worker, choices=keys(edition, 0), by=worker.user
        )
    page, data = at(edition, "votes"), {"do": "void", "kind": "union", "key": crowd.pk}

    wordless = office.post(page, {**data, "reason": " "})
    assert codes(wordless) == {"void_reason_missing"}
    assert not VoteVoid.objects.exists()
    office.post(page, {**data, "reason": "由一人代投，已核实"})
    office.post(page, {**data, "reason": "又按了一次"})

    void = VoteVoid.objects.get()
    assert (void.by, void.reason) == (secretary, "由一人代投，已核实")
    assert Vote.objects.count() == 3
    shown = office.get(page)
    assert (shown.context["sheet"].ballots, shown.context["sheet"].voided) == (3, 1)
    assert "由一人代投，已核实" in shown.content.decode()
    # nobody on it: neither whom a ballot names nor who cast it
    for file in files_of(edition):
        assert file.name not in shown.content.decode()
    for key in ("", "x", "9" * 40, "2018-13-01"):
        for kind in ("minute", "union", "device", "nothing"):
            odd = {"do": "void", "kind": kind, "key": key, "reason": "x"}
            assert office.post(page, odd).status_code == 302
    assert VoteVoid.objects.count() == 1


# --- the list ---------------------------------------------------------------------------


@pytest.fixture
def ranked(office):
    """Three in the order of their files: two heads, a woman; at most half are heads."""
    edition = make_call(quorum=1, quota=2)
    for facts in (
        {"is_head": True, "gender": Gender.MAN},
        {"is_head": True, "gender": Gender.MAN},
        {"gender": Gender.WOMAN},
    ):
        make_nomination(NominationState.ELIGIBLE, edition=edition, **facts)
    rule = CompositionRule.objects.create(
        edition=edition,
        kind=CompositionKind.HEADS,
        bound=Bound.CEILING,
        percent=50,
        is_hard=True,
    )
    office.post(at(edition, "jury"), {"do": "seat", "user": make_juror().pk})
    office.post(at(edition, "jury"), {"do": "start"})
    sign(office, edition, [90], [80], [70])
    return edition, rule


def ticked(response):
    return [
        row.nomination_id
        for row, is_picked, _g in response.context["rows"]
        if is_picked
    ]


def test_shortlist_page_suggests_the_first_of_the_ranking_and_measures_what_is_ticked(
    office, ranked
):
    edition, _rule = ranked
    page = at(edition, "shortlist")

    first = office.get(page)
    assert ticked(first) == keys(edition, 0, 1)
    [(meter, _why)] = first.context["meters"]
    assert (meter.reading.count, meter.stops) == (2, True)
    other = office.post(page, {"do": "measure", "picked": keys(edition, 0, 2)})
    [(meter, _why)] = other.context["meters"]
    assert ticked(other) == keys(edition, 0, 2)
    assert (meter.reading.count, meter.stops) == (1, False)
    nobody = office.post(page, {"do": "list", "reason": "写到一半的理由"})
    assert codes(nobody) == {"nobody_picked"}
    assert ticked(nobody) == []
    assert "写到一半的理由" in nobody.content.decode()
    assert {file.state for file in files_of(edition)} == {"jury"}


def test_shortlist_page_stops_at_a_hard_rule_and_takes_a_list_out_of_order_with_a_reason(
    office, ranked
):
    edition, _rule = ranked
    page = at(edition, "shortlist")

    assert codes(office.post(page, {"do": "list", "picked": keys(edition, 0, 1)})) == {
        "composition"
    }
    wanted = {"do": "list", "picked": keys(edition, 0, 2)}
    assert codes(office.post(page, wanted)) == {"order_reason_missing"}
    office.post(page, {**wanted, "reason": "先试一次"})
    assert codes(office.post(page, {"do": "undo", "reason": ""})) == {"reason_missing"}
    office.post(page, {"do": "undo", "reason": "理由要改"})
    odd = [*keys(edition, 0, 2), "9" * 30, "x"]
    office.post(page, {**wanted, "picked": odd, "reason": "负责人比例"})

    assert [file.state for file in files_of(edition)] == [
        *("shortlisted", "jury", "shortlisted")
    ]
    assert ShortlistDecision.objects.last().reason == "负责人比例"
    assert ticked(office.get(page)) == keys(edition, 0, 2)


def test_shortlist_page_waives_a_hard_rule_by_a_second_named_person(
    office, secretary, ranked
):
    edition, rule = ranked
    page, leader = at(edition, "shortlist"), make_leader()
    asks = {"do": f"waive-{rule.pk}", "picked": keys(edition, 0, 1)}

    wordless = office.post(page, asks)
    assert codes(wordless) == {"waiver_reason_missing"}
    office.post(page, {**asks, f"why-{rule.pk}": "本届无其他合格人选"})
    waiver = ShortlistWaiver.objects.get()
    own = office.post(page, {"do": f"grant-{waiver.pk}", "answer": "我自己同意"})
    assert codes(own) == {"waiver_no_right", "waiver_own"}
    theirs = client_of(leader)
    empty = theirs.post(page, {"do": f"grant-{waiver.pk}", "answer": ""})
    assert codes(empty) == {"waiver_answer_missing"}
    granted = theirs.post(
        page, {"do": f"grant-{waiver.pk}", "answer": "同意，仅此一届"}
    )
    assert granted.status_code == 302
    waiver.refresh_from_db()
    assert (waiver.asked_by, waiver.answered_by) == (secretary, leader)
    assert waiver.is_granted

    office.post(page, {"do": "list", "picked": keys(edition, 0, 1)})

    [[_said, _read, is_kept, is_waived]] = ShortlistDecision.objects.get().composition
    assert (is_kept, is_waived) == (False, True)
    assert Change.objects.filter(of_table="honors_shortlistwaiver", by=leader).exists()
    minutes = office.get(at(edition, "minutes")).content.decode()
    for words in ("本届无其他合格人选", "同意，仅此一届", leader.name):
        assert words in minutes


def test_shortlist_page_tells_all_units_at_once_and_ends_the_rest(office, ranked):
    edition, _rule = ranked
    page = at(edition, "shortlist")
    assert codes(office.post(page, {"do": "release"})) == {"no_shortlist"}
    chosen = {"picked": keys(edition, 0, 2), "reason": "负责人比例"}
    office.post(page, {"do": "list", **chosen})

    office.post(page, {"do": "release"})

    assert [file.state for file in files_of(edition)] == [
        *("shortlisted", "rejected", "shortlisted")
    ]


def test_office_pages_take_as_many_queries_for_many(
    office, django_assert_max_num_queries
):
    edition = make_round(jurors=6, files=8, quorum=1, **vote_times())
    score_all(edition, *[[70] * 6] * 8)
    close_vote(edition)
    office.get(at(edition, "jury"))
    with django_assert_max_num_queries(22):
        office.get(at(edition, "jury"))
    office.post(at(edition, "jury"), {"do": "sign"})
    with django_assert_max_num_queries(24):
        office.get(at(edition, "minutes"))
    with django_assert_max_num_queries(22):
        office.get(at(edition, "shortlist"))
    with django_assert_max_num_queries(20):
        office.get(at(edition, "votes"))
