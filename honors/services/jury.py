"""Verbs of a jury: who sits on it, which files lie before whom, their scores.

Who may what: ``run_edition`` seats, starts and recuses (the page asks for it); a juror
scores the files that were dealt to them and are not theirs to leave alone. What is wrong
with a score is said at its field; nothing typed is lost.

Lock order: AwardEdition, JuryRound (a juror: FOR SHARE, by the tables), Nominations.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib.auth.models import Permission
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from common import history, letters, pagecache
from common.errors import Reason, Refusal
from common.services import refusing
from honors import errors, notices
from honors.enums import JuryMode, NominationRole, NominationState, RecusalGround
from honors.models import (
    AwardEdition,
    Ballot,
    Criterion,
    JuryRound,
    JurySeat,
    Nomination,
    Recusal,
    Score,
    Vote,
)
from honors.models.jury import HIGHEST_SCORE, LONGEST_COMMENT, LONGEST_WORD
from honors.services.nominations import move
from members.enums import UnionLevel
from members.models import Stewardship, UnionOrg, User
from members.services.notices import notify

# One more than the quorum: somebody may abstain.
SPARE = 1
_GROUND = {
    "honors_juryseat_once": errors.ALREADY_SEATED,
    "honors_jury_locked": errors.JURY_LOCKED,
    "honors_jury_begun": errors.JURY_BEGUN,
}


# --- who sits -------------------------------------------------------------------------


@transaction.atomic
@history.on_record
def seat_juror(
    *, edition: AwardEdition, user: User, union_org: UnionOrg | None, by: User
) -> JurySeat:
    """Seat a juror; ``union_org`` is where they work, their own record tells it where
    there is one. In a round under way they get their files at once.

    Refusal: ``not_a_juror``, ``runs_the_edition``, ``already_seated``, ``jury_locked``.
    """
    if not user.has_perm("honors.score_nomination"):
        raise Refusal(errors.NOT_A_JUROR)
    if user.has_perm("honors.run_edition") or user.has_perm("honors.approve_waiver"):
        raise Refusal(errors.RUNS_THE_EDITION)
    held = _round(edition)
    with refusing(_GROUND):
        seat = JurySeat.objects.create(
            edition=edition,
            user=user,
            union_org=union_org or _own_union(user),
            seated_by=by,
        )
    if held is not None:
        _deal(held)
        _call(held, [seat], by)
    return seat


def _own_union(user) -> UnionOrg | None:
    worker = getattr(user, "worker", None)
    return worker and worker.union_org


@transaction.atomic
@history.on_record
def unseat_juror(*, seat: JurySeat, by: User) -> None:
    """Take somebody off the jury who has neither scored nor is recused; their files go
    to the others. Refusal: ``has_scored``, ``jury_locked``."""
    held = _round(seat.edition)
    if (
        seat.ballots.filter(submitted_at__isnull=False).exists()
        or seat.recusals.exists()
    ):
        raise Refusal(errors.HAS_SCORED)
    with refusing(_GROUND):
        seat.delete()
    if held is not None:
        _deal(held)


def _round(edition, *, must=False) -> JuryRound | None:
    """The round of an edition, locked: an edition's steps take turns."""
    AwardEdition.objects.select_for_update().get(pk=edition.pk)
    held = JuryRound.objects.select_for_update().filter(edition=edition).first()
    if held is None and must:
        raise Refusal(errors.JURY_BEGUN)
    if held is not None and held.is_signed_off:
        raise Refusal(errors.JURY_LOCKED)
    return held


# --- the round ------------------------------------------------------------------------


@transaction.atomic
@pagecache.publishes
@history.on_record
def start_jury(*, edition: AwardEdition, by: User) -> JuryRound:
    """Bring every eligible nomination before the jury and deal the files. Method, quorum
    and weights are fixed from now on. Doing it again brings those that have become
    eligible since, as long as nobody has voted.

    Refusal: ``no_jurors``, ``nothing_eligible``, ``criteria_missing``, ``vote_begun``,
    ``jury_locked``, ``own_nomination``.
    """
    held = _round(edition)
    edition.refresh_from_db()
    files = list(
        Nomination.objects.select_for_update()
        .filter(edition=edition, state=NominationState.ELIGIBLE)
        .order_by("pk")
    )
    seats = list(edition.jury_seats.select_related("user"))
    criteria = list(Criterion.objects.filter(program=edition.program_id))
    grounds = []
    if not files:
        grounds.append(errors.NOTHING_ELIGIBLE)
    if not seats:
        grounds.append(errors.NO_JURORS)
    if not criteria:
        grounds.append(errors.CRITERIA_MISSING)
    if Vote.objects.filter(edition=edition).exists():
        grounds.append(errors.VOTE_BEGUN)
    if grounds:
        raise Refusal(*grounds)
    for nomination in files:
        move(
            nomination=nomination,
            to=NominationState.JURY,
            by=by,
            role=NominationRole.SECRETARY,
        )
    if held is None:
        # sorted() keeps the order of the page among equals
        heaviest = sorted(criteria, key=lambda one: -one.weight)
        held = JuryRound.objects.create(
            edition=edition,
            method=edition.score_method,
            quorum=edition.quorum,
            vote_weight=edition.vote_weight,
            weights=[[one.pk, one.weight] for one in heaviest],
            started_by=by,
        )
    _deal(held)
    _call(held, seats, by)
    return held


def _deal(held: JuryRound) -> None:
    """Recuse by own unit, then put the files before the jurors: all before everybody, or
    each before so many as its quorum and one to spare, the least busy first. What was
    dealt stays; safe to do again."""
    edition = held.edition
    seats = list(edition.jury_seats.select_related("user", "union_org").order_by("pk"))
    files = list(
        Nomination.objects.filter(edition=edition, state=NominationState.JURY)
        .select_related("unit", "worker__union_org")
        .order_by("pk")
    )
    _recuse_own(seats, files)
    recused = set(
        Recusal.objects.filter(seat__in=seats).values_list("seat", "nomination")
    )
    dealt = set(Ballot.objects.filter(seat__in=seats).values_list("seat", "nomination"))
    busy = Counter(seat for seat, _file in dealt - recused)
    free = {
        file.pk: [seat for seat in seats if (seat.pk, file.pk) not in recused]
        for file in files
    }
    made = []
    # those that few may score come first
    for file in sorted(files, key=lambda one: len(free[one.pk])):
        has = [seat for seat in free[file.pk] if (seat.pk, file.pk) in dealt]
        rest = [seat for seat in free[file.pk] if (seat.pk, file.pk) not in dealt]
        if edition.jury_mode == JuryMode.ASSIGNED:
            rest.sort(key=lambda seat: (busy[seat.pk], seat.pk))
            rest = rest[: max(held.quorum + SPARE - len(has), 0)]
        for seat in rest:
            busy[seat.pk] += 1
            made.append(Ballot(seat=seat, nomination=file))
    Ballot.objects.bulk_create(made)


def _recuse_own(seats, files) -> None:
    held = {}
    for user, code in (
        Stewardship.objects.filter(user__in=[seat.user_id for seat in seats])
        .exclude(union_org__level=UnionLevel.CITY)
        .values_list("user", "union_org__code")
    ):
        held.setdefault(user, []).append(code)
    known = set(
        Recusal.objects.filter(seat__in=seats).values_list("seat", "nomination")
    )
    made = []
    for seat in seats:
        worker = getattr(seat.user, "worker", None)
        codes = list(held.get(seat.user_id, ()))
        for union in (seat.union_org, worker and worker.union_org):
            # whoever works at the city's federation is not kin to the whole city
            if union is not None and union.level != UnionLevel.CITY:
                codes.append(union.code)
        for file in files:
            ground = _own_ground(worker, codes, file)
            if ground and (seat.pk, file.pk) not in known:
                made.append(Recusal(seat=seat, nomination=file, ground=ground))
    Recusal.objects.bulk_create(made)


def _own_ground(worker, codes, file) -> str:
    if worker is not None and worker.pk == file.worker_id:
        return RecusalGround.SELF
    theirs = [file.unit.code]
    if file.worker is not None:
        theirs.append(file.worker.union_org.code)
    is_own = any(there.startswith(code) for code in codes for there in theirs)
    return RecusalGround.UNIT if is_own else ""


def _call(held, seats, by) -> None:
    """Tell the jurors that files lie before them; each once a round."""
    title = held.edition.title
    for seat in seats:
        waiting = Ballot.objects.to_score(seat.user).filter(seat=seat).count()
        if waiting:
            notify(
                kind=notices.JURY_CALLED,
                to={seat.user_id: None},
                facts={"title": title, "n": waiting},
                key=f"jury:{held.pk}:{seat.pk}",
                about=f"jury:{held.pk}",
                url_name="honors:jury-list",
                but=by,
            )


@dataclass(frozen=True)
class Progress:
    """How far a jury is, and of no score what it is. ``seats``: JurySeats with ``dealt``
    and ``sent``; ``files``: Nominations before the jury with ``sent`` and ``abstained``;
    ``recusals``."""

    seats: list[JurySeat]
    files: list[Nomination]
    recusals: list[Recusal]


def progress(edition: AwardEdition) -> Progress:
    """Four queries, however many sit."""
    seats = list(edition.jury_seats.select_related("user", "union_org").order_by("pk"))
    files = list(
        Nomination.objects.filter(edition=edition, jury_result__isnull=True)
        .filter(state=NominationState.JURY)
        .select_related("unit")
        .defer("brief", "deeds")
        .order_by("pk")
    )
    dealt, sent, counted, abstained = Counter(), Counter(), Counter(), Counter()
    rows = Ballot.objects.filter(seat__edition=edition).not_recused()
    for seat, file, at, abstains in rows.values_list(
        "seat", "nomination", "submitted_at", "is_abstaining"
    ):
        dealt[seat] += 1
        if at is not None:
            sent[seat] += 1
            (abstained if abstains else counted)[file] += 1
    for seat in seats:
        seat.dealt, seat.sent = dealt[seat.pk], sent[seat.pk]
    for file in files:
        file.sent, file.abstained = counted[file.pk], abstained[file.pk]
    recusals = Recusal.objects.filter(seat__edition=edition)
    recusals = list(recusals.select_related("seat__user", "nomination"))
    return Progress(seats, files, recusals)


def who_may_sit():
    """Log-ins with the right to score, by their names."""
    right = Permission.objects.filter(
        codename="score_nomination", content_type__app_label="honors"
    )
    has = Q(groups__permissions__in=right) | Q(user_permissions__in=right)
    rows = User.objects.filter(has, is_active=True, closed_at__isnull=True)
    return rows.distinct().order_by("name", "pk")


# --- recusal --------------------------------------------------------------------------


@transaction.atomic
@history.on_record
def recuse(
    *, seat: JurySeat, nomination: Nomination, ground: str, word: str, by: User
) -> Recusal:
    """A juror has nothing more to do with a file, which goes to another; scores they
    gave do not count. By themselves (KIN) or by who runs the edition (SECRETARY); the
    page knows which. There is no way back. Twice is once.

    Refusal: ``word_missing``, ``jury_begun``, ``jury_locked``.
    """
    word = letters.line(word)[:LONGEST_WORD]
    if not word:
        raise Refusal(errors.WORD_MISSING)
    held = _round(seat.edition, must=True)
    known = Recusal.objects.filter(seat=seat, nomination=nomination).first()
    if known is not None:
        return known
    with refusing(_GROUND):
        made = Recusal.objects.create(
            seat=seat, nomination=nomination, ground=ground, word=word, by=by
        )
    _deal(held)
    return made


# --- scores ---------------------------------------------------------------------------


@transaction.atomic
@history.on_record
def save_ballot(
    *,
    ballot: Ballot,
    values: Mapping[int, str],
    comment: str,
    by: User,
    is_abstaining: bool = False,
    sends: bool = False,
) -> Ballot:
    """Keep a juror's scores, finished or not; ``sends`` makes them count, from when on
    they may still be changed (as a whole) until the round is signed off. ``values``:
    criterion's key → what was typed.

    A draft keeps what is a score and leaves out what is none; one with boxes left empty
    does not count any more, whatever was sent before.

    Refusal: ``not_assigned``, ``file_ended``, ``jury_locked``, and those of
    ``check_ballot`` if it ``sends``.
    """
    ballot = Ballot.objects.of_juror(by).filter(pk=ballot.pk).first()
    if ballot is None:
        raise Refusal(errors.NOT_ASSIGNED)
    # held until the end, so that nobody signs off in between
    held = (
        JuryRound.objects.select_for_update()
        .filter(edition__nominations=ballot.nomination_id)
        .first()
    )
    if held is None or held.is_signed_off:
        raise Refusal(errors.JURY_LOCKED)
    if ballot.nomination.state != NominationState.JURY:
        raise Refusal(errors.FILE_ENDED)
    criteria = list(held.weight_of)
    if sends and (grounds := check_ballot(held, values, comment, is_abstaining)):
        raise Refusal(*grounds)
    known = {key: number(values.get(key, "")) for key in criteria}
    ballot.comment = letters.line(comment)[:LONGEST_COMMENT]
    ballot.is_abstaining = is_abstaining
    ballot.saved_at = Now()
    # a draft of what was sent already would else count with boxes left empty
    is_whole = is_abstaining or None not in known.values()
    if sends:
        ballot.submitted_at = Now()
    elif not is_whole:
        ballot.submitted_at = None
    ballot.save()
    ballot.scores.all().delete()
    Score.objects.bulk_create(
        Score(ballot=ballot, criterion_id=key, value=value)
        for key, value in known.items()
        if value is not None
    )
    ballot.refresh_from_db()
    return ballot


def number(typed: str) -> int | None:
    """A score as typed, in digits of any width; None for what is none."""
    typed = letters.number(str(typed)).strip()
    if not (typed.isascii() and typed.isdigit() and len(typed) <= 3):
        return None
    value = int(typed)
    return value if value <= HIGHEST_SCORE else None


def check_ballot(
    held: JuryRound, values: Mapping[int, str], comment: str, is_abstaining: bool
) -> list[Reason]:
    """What a ballot lacks before it can be sent, each at its field (``score-<key>``)."""
    found = []
    if len(letters.line(comment)) > LONGEST_COMMENT:
        text = _("评语最多%(n)d字。") % {"n": LONGEST_COMMENT}
        found.append(Reason("comment_too_long", text, field="comment"))
    if is_abstaining:
        return found
    for key in held.weight_of:
        typed = str(values.get(key, "")).strip()
        if number(typed) is None:
            text = (
                _("请填写0到%(most)d的整数。") % {"most": HIGHEST_SCORE}
                if typed
                else _("请打分，或选择弃权。")
            )
            code = "score" if typed else "score_missing"
            found.append(Reason(code, text, field=f"score-{key}"))
    return found
