"""A worker proposes themselves or a colleague; their union takes it up or says why not.

Lock order: Proposal, then Nomination.
"""

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from common import history, letters
from common.errors import Reason, Refusal
from common.services import refusing
from honors import errors, notices
from honors.enums import ProposalState
from honors.models import BRIEF, AwardEdition, Nomination, Proposal
from honors.services import nominations
from members.models import User, Worker
from members.services.notices import notify

_GROUND = {"honors_proposal_one_open": errors.ALREADY_PROPOSED}


@transaction.atomic
@history.on_record
def propose(
    *,
    edition: AwardEdition,
    proposer: Worker,
    by: User,
    reason: str,
    is_self: bool = True,
    name: str = "",
    position: str = "",
) -> Proposal:
    """Propose oneself, or a colleague by name, to one's own union.

    Refusal: ``not_verified``, ``no_proposals``, ``nominations_closed``, ``missing``,
    ``too_long``, ``already_proposed``.
    """
    grounds = []
    if proposer.verified_at is None:
        grounds.append(errors.NOT_VERIFIED)
    if not edition.takes_proposals:
        grounds.append(errors.NO_PROPOSALS)
    elif not nominations.is_open(edition):
        grounds.append(errors.NOMINATIONS_CLOSED)
    name = proposer.name if is_self else letters.line(name)
    reason = letters.prose(reason)
    if not name:
        text = _("请填写被提名人的姓名。")
        grounds.append(Reason("missing", text, field="name"))
    if not reason:
        grounds.append(Reason("missing", _("请填写推荐理由。"), field="reason"))
    number = letters.count(reason)
    if number > BRIEF:
        text = _("推荐理由已写%(n)d字，超过%(most)d字，请删去%(over)d字。")
        text %= {"n": number, "most": BRIEF, "over": number - BRIEF}
        grounds.append(Reason("too_long", text, field="reason"))
    if grounds:
        raise Refusal(*grounds)
    with refusing(_GROUND):
        return Proposal.objects.create(
            edition=edition,
            unit=proposer.union_org,
            proposer=proposer,
            is_self=is_self,
            name=name,
            position=letters.line(position)[:60],
            reason=reason,
        )


@transaction.atomic
@history.on_record
def take_up(*, proposal: Proposal, by: User) -> Nomination:
    """The union nominates who was proposed: a draft begins with what was said. The
    proposer is told.

    Refusal: ``not_from_here``, ``proposal_answered``, and those of ``start_draft``.
    """
    proposal = _locked(proposal, by)
    worker = proposal.proposer if proposal.is_self else None
    nomination = nominations.start_draft(
        edition=proposal.edition, unit=proposal.unit, by=by, worker=worker
    )
    facts = {"brief": proposal.reason, "position": proposal.position}
    if worker is None:
        facts["name"] = proposal.name
        facts["employer"] = proposal.unit.name.removesuffix("工会")
    nomination = nominations.save_draft(
        nomination=nomination, version=nomination.version, facts=facts, by=by
    )
    proposal.state, proposal.nomination = ProposalState.TAKEN, nomination
    _answer(proposal, by)
    _tell(proposal, notices.PROPOSAL_TAKEN, by)
    return nomination


@transaction.atomic
@history.on_record
def decline(*, proposal: Proposal, by: User, answer: str) -> Proposal:
    """The union does not nominate who was proposed, and says why to the proposer.

    Refusal: ``not_from_here``, ``proposal_answered``, ``answer_missing``.
    """
    proposal = _locked(proposal, by)
    answer = letters.line(answer)[:200]
    if not answer:
        raise Refusal(errors.ANSWER_MISSING)
    proposal.state, proposal.answer = ProposalState.DECLINED, answer
    _answer(proposal, by)
    _tell(proposal, notices.PROPOSAL_DECLINED, by)
    return proposal


def _locked(proposal, by):
    proposal = Proposal.objects.select_for_update().get(pk=proposal.pk)
    if not Proposal.objects.of_units(by).filter(pk=proposal.pk).exists():
        raise Refusal(errors.NOT_FROM_HERE)
    if proposal.state != ProposalState.OPEN:
        raise Refusal(errors.PROPOSAL_ANSWERED)
    return proposal


def _answer(proposal, by):
    proposal.answered_by, proposal.answered_at = by, Now()
    proposal.save()
    proposal.refresh_from_db()


def _tell(proposal, kind, by):
    if proposal.proposer.user_id is None:
        return
    notify(
        kind=kind,
        to={proposal.proposer.user_id: proposal.edition_id},
        key=proposal.pk,
        about=f"proposal:{proposal.pk}",
        facts={
            "title": proposal.edition.title,
            "unit": proposal.unit.name,
            "name": proposal.name,
            "answer": proposal.answer,
        },
        url_name="honors:edition-detail",
        but=by,
    )
