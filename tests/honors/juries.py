"""Editions before a jury, for tests."""

from datetime import timedelta

from django.utils import timezone

from honors.enums import NominationState
from honors.models import AwardEdition, Ballot, Criterion
from honors.services import jury
from members.models import Worker
from tests.factories import make_union, make_user, make_worker_with_login
from tests.honors.nominations import make_call, make_nomination, make_secretary
from unionportal.services import write_roles

_VOTE = ("vote_opens_at", "vote_closes_at", "vote_weight")


def make_juror(**fields):
    write_roles()
    return make_user(roles=["评委"], is_staff=True, **fields)


def make_leader():
    write_roles()
    return make_user(roles=["分管领导"], is_staff=True)


def make_round(*, jurors=3, files=2, by=None, **fields) -> AwardEdition:
    """An edition whose jury has just been given ``files`` nominations, of two places
    unless said."""
    fields.setdefault("quota", 2)
    fields.setdefault("quorum", min(jurors, 3))
    votes = {name: fields.pop(name) for name in list(fields) if name in _VOTE}
    edition = make_call(**fields)
    by = by or make_secretary()
    for _n in range(files):
        make_nomination(NominationState.ELIGIBLE, edition=edition)
    if votes:
        # nominations are over by then
        votes["nominations_close_at"] = votes.get("vote_opens_at", timezone.now())
        begun = timezone.now() - timedelta(days=60)
        AwardEdition.objects.filter(pk=edition.pk).update(
            nominations_open_at=begun, **votes
        )
        edition.refresh_from_db()
    for _n in range(jurors):
        jury.seat_juror(edition=edition, user=make_juror(), union_org=None, by=by)
    jury.start_jury(edition=edition, by=by)
    return edition


def files_of(edition):
    return list(edition.nominations.order_by("pk"))


def keys_of(edition) -> list[int]:
    """The criteria of an edition, in the order of its page."""
    criteria = Criterion.objects.filter(program=edition.program_id)
    return list(criteria.values_list("pk", flat=True))


def send(ballot: Ballot, *values, **facts) -> Ballot:
    """Send a juror's scores: one for all criteria, or one each."""
    keys = keys_of(ballot.nomination.edition)
    if len(values) == 1:
        values = values * len(keys)
    return jury.save_ballot(
        ballot=ballot,
        values={key: str(value) for key, value in zip(keys, values, strict=False)},
        comment=facts.pop("comment", ""),
        by=ballot.seat.user,
        sends=facts.pop("sends", True),
        **facts,
    )


def score_all(edition, *rows) -> None:
    """Every juror's scores: a row for each file, a value for each juror."""
    for file, row in zip(files_of(edition), rows, strict=True):
        ballots = Ballot.objects.filter(nomination=file).order_by("seat")
        for ballot, value in zip(ballots, row, strict=True):
            send(ballot, value)


def close_vote(edition) -> None:
    now = timezone.now()
    AwardEdition.objects.filter(pk=edition.pk).update(
        vote_opens_at=now - timedelta(days=2), vote_closes_at=now
    )
    edition.refresh_from_db()


def vote_times(*, opens=-1, closes=24) -> dict:
    """In hours from now."""
    now = timezone.now()
    return {
        "vote_opens_at": now + timedelta(hours=opens),
        "vote_closes_at": now + timedelta(hours=closes),
    }


def make_voter(**fields) -> Worker:
    fields.setdefault("union_org", make_union())
    return make_worker_with_login(**fields)
