"""Ballots of the public vote. While it runs nothing here tells one candidate's from
another's: ``tally`` is for the moment of counting only."""

from django.db import models
from django.db.models import Count, F, Func


class VoteQuerySet(models.QuerySet):
    def valid(self):
        return self.filter(void__isnull=True)

    def tally(self) -> dict[int, int]:
        """Nomination's key → how many of these ballots name it. One query."""
        named = self.order_by().annotate(named=Func(F("choices"), function="unnest"))
        return dict(named.values_list("named").annotate(n=Count("pk")))


class VoteVoidQuerySet(models.QuerySet):
    def by_reason(self, edition):
        """(reason, by, day, how many) of the ballots of this edition that were voided,
        newest first."""
        rows = self.filter(vote__edition=edition).order_by()
        return (
            rows.values("reason", "by__name", "at")
            .annotate(n=Count("pk"))
            .order_by("-at")
        )
