"""The minutes of a round that was signed off: everything that is put on paper."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from honors.models import (
    Ballot,
    Criterion,
    JuryResult,
    JuryRound,
    JurySeat,
    Recusal,
    ShortlistDecision,
    ShortlistWaiver,
    VoteVoid,
)
from honors.services import juryresults


@dataclass(frozen=True)
class Minutes:
    """``criteria``: with the weights that counted. ``rows``: (result, its figures by
    criterion, the points of each of ``seats`` or why there are none)."""

    criteria: list[Criterion]
    seats: list[JurySeat]
    rows: list[tuple[JuryResult, list[str], list[str]]]
    recusals: list[Recusal]
    comments: list[Ballot]
    voided: list
    waivers: list[ShortlistWaiver]
    decision: ShortlistDecision | None

    @property
    def weights(self) -> str:
        return "，".join(f"{one.name}{one.weight}%" for one in self.criteria)


ABSTAINED, RECUSED, NOTHING = _("弃权"), _("回避"), "—"


def of_round(held: JuryRound) -> Minutes:
    """ValueError before the round is signed off. A dozen queries."""
    points = juryresults.scores_of(held)
    edition = held.edition_id
    known = Criterion.objects.in_bulk(held.weight_of)
    criteria = [known[key] for key in held.weight_of]
    for one in criteria:
        one.weight = held.weight_of[one.pk]
    seats = list(JurySeat.objects.filter(edition=edition).select_related("user"))
    recusals = list(
        Recusal.objects.filter(seat__edition=edition).select_related(
            "seat__user", "nomination"
        )
    )
    ballots = list(
        Ballot.objects.filter(seat__edition=edition, submitted_at__isnull=False)
        .not_recused()
        .select_related("seat__user", "nomination")
    )
    said = {(one.nomination_id, one.seat_id): RECUSED for one in recusals}
    said |= {
        (one.nomination_id, one.seat_id): ABSTAINED
        for one in ballots
        if one.is_abstaining
    }
    said |= points
    results = JuryResult.objects.filter(edition=edition).select_related(
        "nomination__unit"
    )
    return Minutes(
        criteria=criteria,
        seats=seats,
        rows=[
            (
                row,
                [row.by_criterion.get(str(one.pk), NOTHING) for one in criteria],
                [said.get((row.nomination_id, seat.pk), NOTHING) for seat in seats],
            )
            for row in results
        ],
        recusals=recusals,
        comments=[one for one in ballots if one.comment],
        voided=list(VoteVoid.objects.by_reason(held.edition)),
        waivers=list(
            ShortlistWaiver.objects.filter(edition=edition).select_related(
                "asked_by", "answered_by"
            )
        ),
        decision=ShortlistDecision.objects.filter(edition=edition)
        .select_related("by")
        .last(),
    )
