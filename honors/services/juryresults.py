"""Signing off a round: the scores and the public vote become a ranking, for good.

Lock order: AwardEdition (FOR UPDATE: who is voting comes first), JuryRound.
"""

from collections import defaultdict

from django.db import transaction
from django.db.models import Count
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from common import history, pagecache
from common.errors import Reason, Refusal
from common.services import refusing
from honors import errors, scoring
from honors.enums import NominationState
from honors.models import (
    AwardEdition,
    Ballot,
    JuryResult,
    JuryRound,
    Nomination,
    Recusal,
    Score,
    Vote,
)
from members.models import User

_GROUND = {
    "honors_juryround_locked": errors.JURY_LOCKED,
    "honors_juryround_vote_over": errors.VOTE_RUNS,
    "honors_juryround_quorum": Reason("quorum", _("有效评分的评委人数不足。")),
}


def lacking(held: JuryRound) -> list[Reason]:
    """The files with fewer scores than the quorum, each with how many it lacks. One
    query."""
    counted = dict(
        Ballot.objects.counting()
        .filter(nomination__edition=held.edition_id)
        .values_list("nomination")
        .annotate(n=Count("pk"))
        .order_by()
    )
    files = Nomination.objects.filter(
        edition=held.edition_id, state=NominationState.JURY
    )
    found = []
    for key, name in files.order_by("pk").values_list("pk", "name"):
        short = held.quorum - counted.get(key, 0)
        if short > 0:
            text = _("%(name)s还差%(n)d位评委的有效评分。") % {"name": name, "n": short}
            found.append(Reason("quorum", text))
    return found


@transaction.atomic
@pagecache.publishes
@history.on_record
def sign_off(*, edition: AwardEdition, by: User) -> JuryRound:
    """End the scoring: count, rank and keep the results. Nothing of the round changes
    afterwards.

    Refusal: ``jury_begun`` (it has not), ``jury_locked``, ``vote_runs``,
    ``nothing_to_sign``, ``quorum`` (one for each file, with how many it lacks).
    """
    AwardEdition.objects.select_for_update().get(pk=edition.pk)
    held = JuryRound.objects.select_for_update().filter(edition=edition).first()
    if held is None:
        raise Refusal(errors.JURY_BEGUN)
    if held.is_signed_off:
        raise Refusal(errors.JURY_LOCKED)
    grounds = lacking(held)
    if AwardEdition.objects.filter(pk=edition.pk, vote_closes_at__gt=Now()).exists():
        grounds.insert(0, errors.VOTE_RUNS)
    files = list(
        Nomination.objects.filter(edition=edition, state=NominationState.JURY)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    if not files:
        grounds.append(errors.NOTHING_TO_SIGN)
    if grounds:
        raise Refusal(*grounds)
    valid = Vote.objects.filter(edition=edition).valid()
    held.vote_ballots = valid.count()
    held.vote_voided = Vote.objects.filter(edition=edition).count() - held.vote_ballots
    with refusing(_GROUND):
        JuryResult.objects.bulk_create(_results(held, files, valid.tally()))
        held.signed_off_at = Now()
        held.signed_off_by = by
        held.save()
    held.refresh_from_db()
    return held


def _results(held, files, votes):
    ballots = _scores(held)
    abstained = _number_of(
        Ballot.objects.not_recused().filter(
            submitted_at__isnull=False, is_abstaining=True
        ),
        held,
    )
    recused = _number_of(Recusal.objects, held)
    ranked = scoring.rank(
        [
            scoring.Tally(key, list(ballots[key].values()), votes.get(key, 0))
            for key in files
        ],
        weights=held.weight_of,
        method=held.method,
        vote_weight=held.vote_weight,
        vote_ballots=held.vote_ballots,
    )
    return [
        JuryResult(
            edition_id=held.edition_id,
            nomination_id=one.key,
            jury_score=one.jury,
            by_criterion={str(key): str(n) for key, n in one.by_criterion.items()},
            counted=one.counted,
            abstained=abstained.get(one.key, 0),
            recused=recused.get(one.key, 0),
            votes=one.votes,
            vote_share=one.share,
            final_score=one.final,
            rank=one.rank,
            is_tied=one.is_tied,
        )
        for one in ranked
    ]


def _scores(held) -> dict[int, dict[int, dict[int, int]]]:
    """Nomination → ballot → criterion → value, of the ballots that count."""
    found = defaultdict(lambda: defaultdict(dict))
    counting = Ballot.objects.counting().filter(nomination__edition=held.edition_id)
    for file, ballot, criterion, value in Score.objects.filter(
        ballot__in=counting
    ).values_list("ballot__nomination", "ballot", "criterion", "value"):
        found[file][ballot][criterion] = value
    return found


def _number_of(rows, held) -> dict[int, int]:
    mine = rows.filter(nomination__edition=held.edition_id).order_by()
    return dict(mine.values_list("nomination").annotate(n=Count("pk")))


def scores_of(held: JuryRound) -> dict[tuple[int, int], str]:
    """(nomination, seat) → the points of one juror, as the minutes print them. For a
    round that is signed off: before, whoever asks must not."""
    if not held.is_signed_off:
        raise ValueError("Scores are nobody's before the round is signed off.")
    found = {}
    seats = dict(
        Ballot.objects.filter(nomination__edition=held.edition_id).values_list(
            "pk", "seat"
        )
    )
    for file, ballots in _scores(held).items():
        for ballot, values in ballots.items():
            made = scoring.rounded(scoring.points(values, held.weight_of))
            found[file, seats[ballot]] = str(made)
    return found
