"""The jury's rows: whose they are, and what of them counts."""

from django.db import models
from django.db.models import Exists, OuterRef, Q

from honors.enums import NominationState


class JuryRoundQuerySet(models.QuerySet):
    def open(self):
        return self.filter(signed_off_at__isnull=True)


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
