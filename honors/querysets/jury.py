"""The jury's rows: whose they are, and what of them counts."""

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Now

from honors.enums import NominationState


class JuryRoundQuerySet(models.QuerySet):
    def open(self):
        return self.filter(signed_off_at__isnull=True)

    def to_sign(self):
        """Those that lack nothing any more: every file before the jury has its quorum,
        and no vote runs."""
        files = self._files(NominationState.JURY)
        ballots = files.model._meta.get_field("ballots").related_model.objects
        scores = (
            ballots.counting()
            .filter(nomination=OuterRef("pk"))
            .order_by()
            .values("nomination")
            .annotate(n=models.Count("pk"))
            .values("n")
        )
        short = files.annotate(
            scored=Coalesce(Subquery(scores), 0), asked=OuterRef("quorum")
        ).filter(scored__lt=F("asked"))
        return self.open().filter(
            Q(edition__vote_closes_at__isnull=True)
            | Q(edition__vote_closes_at__lte=Now()),
            Exists(files),
            ~Exists(short),
        )

    def to_list(self):
        """Those that were signed off and of whose files nobody is on a list yet."""
        return self._signed_with(NominationState.JURY).exclude(
            Exists(self._files(NominationState.SHORTLISTED))
        )

    def to_release(self):
        """Those whose list stands while the nominators have not been told."""
        return self._signed_with(NominationState.JURY).filter(
            Exists(self._files(NominationState.SHORTLISTED))
        )

    def _signed_with(self, state):
        return self.filter(
            Exists(self._files(state)),
            signed_off_at__isnull=False,
            edition__conferred_at__isnull=True,
        )

    def _files(self, state):
        model = self.model._meta.get_field("edition").related_model
        files = model._meta.get_field("nominations").related_model.objects
        return files.filter(edition=OuterRef("edition"), state=state)


class BallotQuerySet(models.QuerySet):
    def with_recusal(self):
        """Annotate ``is_recused``."""
        seats = self.model._meta.get_field("seat").related_model
        recusals = seats._meta.get_field("recusals").related_model.objects
        return self.annotate(
            is_recused=Exists(
                recusals.filter(
                    seat=OuterRef("seat"), nomination=OuterRef("nomination")
                )
            )
        )

    def not_recused(self):
        return self.with_recusal().filter(is_recused=False)

    def of_juror(self, user):
        """The files that lie before this person, in whatever round, but for those they
        are recused from: for them these do not exist. Nor for who is no juror any
        more."""
        if not user.has_perm("honors.score_nomination"):
            return self.none()
        return self.filter(seat__user=user).not_recused()

    def to_score(self, user):
        """Those of them that wait for this person's scores."""
        return self.of_juror(user).filter(
            submitted_at__isnull=True,
            nomination__state=NominationState.JURY,
            nomination__edition__jury_round__signed_off_at__isnull=True,
        )

    def counting(self):
        """Those whose scores count: sent, not abstaining, not recused."""
        return self.not_recused().filter(
            submitted_at__isnull=False, is_abstaining=False
        )

    def for_list(self):
        """What a juror's list prints, in one query."""
        return (
            self.select_related("nomination__edition__jury_round")
            .defer(
                "nomination__brief", "nomination__deeds", "nomination__edition__intro"
            )
            .order_by("nomination__edition", "pk")
        )

    def for_page(self):
        """One ballot with its scores, file, edition and round, in two queries."""
        return self.select_related(
            "seat", "nomination__edition__jury_round", "nomination__unit"
        ).prefetch_related("scores")


def of_juror(nominations, user):
    """Those of ``nominations`` that lie before this person as a juror and that they are
    not recused from."""
    ballots = nominations.model._meta.get_field("ballots").related_model.objects
    return nominations.filter(pk__in=ballots.of_juror(user).values("nomination"))


def not_recused(nominations, user):
    """Without those that this person, as a juror, is recused from."""
    return nominations.exclude(
        pk__in=nominations.model._meta.get_field("recusals")
        .related_model.objects.filter(seat__user=user)
        .values("nomination")
    )


def candidates() -> Q:
    """Nominations that are before the jury, and so on the ballot of a public vote."""
    return Q(state=NominationState.JURY)
