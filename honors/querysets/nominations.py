"""Nominations: whose rows they are."""

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now, TruncDate

from honors.enums import (
    EDITABLE,
    ENDED,
    NominationRole,
    NominationState,
    ProposalState,
)
from honors.querysets.jury import not_recused, of_juror
from members.enums import StewardRole


def unions_of(model, user, role):
    """The unions that ``user`` looks after in this role of a stewardship, and those
    below them. ``model`` has a ``unit``."""
    unions = model._meta.get_field("unit").related_model.objects
    held = unions.filter(stewardships__user=user, stewardships__role=role)
    return unions.below(held)


class NominationQuerySet(models.QuerySet):
    def units_of(self, user):
        """The unions for which this person nominates."""
        unions = unions_of(self.model, user, StewardRole.STEWARD)
        return unions if user.has_perm("honors.nominate") else unions.none()

    def of_units(self, user):
        """Those of the unions for which this person nominates."""
        return self.filter(unit__in=self.units_of(user))

    def of_counties(self, user):
        """Those that came to the county or industry union for which this person reviews:
        a draft is nobody's but its unit's."""
        if not user.has_perm("honors.review_nomination"):
            return self.none()
        unions = unions_of(self.model, user, StewardRole.REVIEWER)
        return self.submitted().filter(unit__in=unions)

    def submitted(self):
        """Those that ever left their unit."""
        return self.filter(submitted_at__isnull=False)

    def managed_by(self, user):
        """Every nomination this person may open in whatever capacity; a foreign one is
        not there, nor, but for its own unit's, one that they are recused from as a
        juror."""
        if user.has_perm("honors.run_edition"):
            mine = not_recused(self.submitted(), user)
            if user.has_perm("honors.nominate"):
                mine |= self.of_units(user)
            return mine
        return self.of_units(user) | not_recused(self.of_counties(user), user)

    def live(self):
        """Neither rejected nor withdrawn."""
        return self.exclude(state__in=ENDED)

    def for_unit_to_do(self, user):
        """What waits for the unit: drafts, returned ones, and those whose notice is
        over."""
        over = Q(state=NominationState.UNIT_NOTICE, unit_notice_until__lt=_today())
        return self.of_units(user).filter(Q(state__in=EDITABLE) | over)

    def for_county_to_do(self, user):
        return self.of_counties(user).filter(state=NominationState.UNIT_SUBMITTED)

    def for_city_to_do(self, user):
        """Those that wait for the eligibility check, and those that wait for a county
        where none stands above the unit."""
        if not user.has_perm("honors.run_edition"):
            return self.none()
        return self.with_district().filter(
            Q(state=NominationState.COUNTY_REVIEW)
            | Q(state=NominationState.UNIT_SUBMITTED, has_district=False)
        )

    def with_district(self):
        """Annotate ``has_district``: whether a county or industry union stands above the
        unit, or is the unit."""
        unions = self.model._meta.get_field("unit").related_model.objects
        code = models.ExpressionWrapper(
            OuterRef("unit__code"), output_field=models.CharField()
        )
        above = unions.districts().order_by().annotate(below=code)
        return self.annotate(
            has_district=Exists(above.filter(below__startswith=F("code")))
        )

    def count_by_state(self):
        """State → how many, of those handed on; in one query."""
        rows = self.submitted().order_by("state").values_list("state")
        return dict(rows.annotate(n=models.Count("pk")))

    def for_list(self):
        """What the lists print, in one query; without the long texts."""
        return (
            self.select_related("edition", "unit")
            .defer("brief", "deeds", "edition__intro")
            .order_by("-pk")
        )

    def for_page(self):
        """One nomination with its edition, award and unit."""
        return self.select_related("edition__program", "unit", "worker")

    def capacities_of(self, user, nomination) -> set[str]:
        """In what capacities this person may act on this nomination. A question to the
        database for each that their rights allow."""
        mine = self.filter(pk=nomination.pk)
        found = set()
        if mine.of_units(user).exists():
            found.add(NominationRole.STEWARD)
        if mine.of_counties(user).exists():
            found.add(NominationRole.REVIEWER)
        if user.has_perm("honors.run_edition") and nomination.submitted_at:
            found.add(NominationRole.SECRETARY)
        return found


class NominationDocumentQuerySet(models.QuerySet):
    def present(self):
        return self.filter(removed_at__isnull=True)

    def readable_by(self, user):
        """The documents this person may open now: of what they manage, and of the files
        that lie before them as a juror. Every fetch asks."""
        nominations = self.model._meta.get_field("nomination").related_model.objects
        mine = Q(nomination__in=nominations.managed_by(user))
        mine |= Q(nomination__in=of_juror(nominations.all(), user))
        return self.present().filter(mine)


class ProposalQuerySet(models.QuerySet):
    def open(self):
        return self.filter(state=ProposalState.OPEN)

    def of_units(self, user):
        """Those made to the unions for which this person nominates."""
        if not user.has_perm("honors.nominate"):
            return self.none()
        return self.filter(unit__in=unions_of(self.model, user, StewardRole.STEWARD))


def _today():
    """The day in Shanghai by the database's clock."""
    return TruncDate(Now())
