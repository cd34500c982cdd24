"""Certificates of hours: whose, which hold."""

from django.db import models

CERTIFY = "volunteers.certify_hours"


class HoursCertificateQuerySet(models.QuerySet):
    def managed_by(self, user):
        """Those of everybody, for who may look at all teams; a leader has the hours, not
        the papers that people made of them."""
        if user.has_perm("volunteers.view_all_teams"):
            return self.all()
        return self.none()

    def visible_to(self, user):
        """One's own; all of them for who issues and revokes them."""
        if user.has_perm(CERTIFY):
            return self.managed_by(user)
        return self.filter(worker__user=user)

    def standing(self):
        """Not revoked."""
        return self.filter(paper__revoked_at=None)

    def for_lists(self):
        """With all that lists print of each; one query."""
        return self.select_related("paper", "worker").order_by("-pk")
