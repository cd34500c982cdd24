"""Whose needs, skills and partners."""

from django.db import models
from django.db.models import Q

from volunteers.enums import NeedState


class SkillQuerySet(models.QuerySet):
    def offered(self):
        """Those that may be chosen anew."""
        return self.filter(is_active=True)


class PartnerQuerySet(models.QuerySet):
    def managed_by(self, user):
        """Who assigns needs keeps all partners; a partner's account sees its own."""
        if user.has_perm("volunteers.view_all_teams"):
            return self.all()
        return self.of_user(user)

    def of_user(self, user):
        """The partner this account acts for, as long as it is one."""
        return self.filter(accounts__user=user, is_active=True)


class NeedQuerySet(models.QuerySet):
    def managed_by(self, user):
        """Whoever may see all teams sees all needs. Others see what they file for: a
        steward those of their unions, a partner its own; and who leads a team those that
        wait for anybody or are in their team's hands."""
        if user.has_perm("volunteers.view_all_teams"):
            return self.all()
        return self.filter(self._filed_for(user) | self._before(user))

    def filed_for(self, user):
        """Those that this person may change: filed by whom they act for."""
        if user.has_perm("volunteers.assign_need"):
            return self.all()
        return self.filter(self._filed_for(user))

    def asked_by(self, user):
        """Those that this person filed, or that were filed by whom they act for: whom to
        call is theirs to read."""
        return self.filter(self._filed_for(user) | Q(filed_by=user))

    def in_teams_of(self, user):
        """Those offered to, or taken by, a team of this person."""
        teams = self.model._meta.get_field("team").related_model
        return self.filter(team__in=teams.objects.run_by(user))

    def _filed_for(self, user):
        if not user.has_perm("volunteers.add_need"):
            return Q(pk__in=[])
        partners = self.model._meta.get_field("partner").related_model
        found = Q(partner__in=partners.objects.of_user(user))
        if user.has_perm("members.view_all_workers"):
            return found  # looks after no union of their own
        orgs = self.model._meta.get_field("union_org").related_model
        return found | Q(union_org__in=orgs.objects.managed_by(user))

    def _before(self, user):
        if not user.has_perm("volunteers.take_need"):
            return Q(pk__in=[])
        teams = self.model._meta.get_field("team").related_model
        return Q(state=NeedState.OPEN) | Q(team__in=teams.objects.run_by(user))

    def waiting(self):
        """For anybody to take them."""
        return self.filter(state=NeedState.OPEN)

    def offered(self):
        return self.filter(state=NeedState.OFFERED)

    def under_way(self):
        """Offered to a team or in its hands, what comes first at the top."""
        states = [NeedState.OFFERED, NeedState.TAKEN, NeedState.PLANNED]
        return self.filter(state__in=states).order_by("starts_at", "pk")

    def for_list(self):
        """With all that a list of needs prints, in one query."""
        return self.select_related("union_org", "partner", "district", "team")
