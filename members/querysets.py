from django.contrib.auth.base_user import BaseUserManager
from django.db import models
from django.db.models import Q

from common import crypto
from members import phones
from members.enums import UnionLevel


class UserManager(BaseUserManager):
    def by_phone(self, phone: str):
        """The account of a canonical number, or None."""
        return self.filter(phone_hmac=crypto.digest("phone", phone)).first()

    def get_by_natural_key(self, username):
        """Django's command-line tools may name an account by its mobile number."""
        phone = phones.canonical(username)
        if phone:
            return self.get(phone_hmac=crypto.digest("phone", phone))
        return self.get(public_id=username)


class UnionOrgQuerySet(models.QuerySet):
    def below(self, orgs):
        """``orgs`` and everything under them in the tree, found by code prefix."""
        wanted = Q(pk__in=[])
        for code in orgs.values_list("code", flat=True):
            wanted |= Q(code__startswith=code)
        return self.filter(wanted)

    def above(self, code):
        """The unions whose code ``code`` starts with, the nearest first."""
        starts = [code[:length] for length in range(1, len(code))]
        return self.filter(code__in=starts).order_by("-code")

    def districts(self):
        """County and industry unions: what a directory is narrowed by, in code order."""
        return self.filter(level__in=[UnionLevel.COUNTY, UnionLevel.INDUSTRY]).order_by(
            "code"
        )

    def managed_by(self, user):
        """The unions whose people this back-office user looks after.

        Whoever may see all workers (city staff) looks after every union; a steward
        looks after the unions of their stewardships and those below them.
        """
        if user.has_perm("members.view_all_workers"):
            return self.all()
        return self.below(self.model.objects.filter(stewardships__user=user))


class WorkerQuerySet(models.QuerySet):
    def managed_by(self, user):
        """Workers of the unions this back-office user looks after; nobody for others."""
        if user.has_perm("members.view_all_workers"):
            return self.all()
        orgs = self.model._meta.get_field("union_org").related_model
        return self.filter(union_org__in=orgs.objects.managed_by(user))


class StewardshipQuerySet(models.QuerySet):
    def managed_by(self, user):
        """Only city staff see who looks after which union."""
        return self.all() if user.has_perm("members.view_all_workers") else self.none()


class LoginDeviceQuerySet(models.QuerySet):
    def lasting(self, past):
        """Those whose session lasts beyond that moment, the latest used first; the
        session comes along, for it tells when it was used."""
        return (
            self.filter(session__expire_date__gt=past)
            .select_related("session")
            .order_by("-session__expire_date")
        )
