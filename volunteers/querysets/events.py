"""Whose services, which are to come, what was confirmed of them."""

from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Sum
from django.db.models.functions import Now

from volunteers.enums import CountersignState

RUN = "volunteers.run_service"


class ServiceEventQuerySet(models.QuerySet):
    def managed_by(self, user):
        """Whoever may see all teams sees all; who leads a team, those of the team."""
        if user.has_perm("volunteers.view_all_teams"):
            return self.all()
        teams = self.model._meta.get_field("team").related_model
        return self.filter(team__in=teams.objects.run_by(user))

    def run_by(self, user):
        """Those that this account may work at: of the teams it leads or is deputy of;
        of all teams for who looks after them."""
        return self.managed_by(user) if user.has_perm(RUN) else self.none()

    def public(self):
        """Those that have a page: of active teams, and what was done by the others."""
        return self.filter(Q(team__is_active=True) | Q(closed_at__isnull=False))

    def coming(self):
        """To come or under way, of active teams, the soonest first."""
        return self.filter(
            team__is_active=True, called_off_at=None, ends_at__gt=Now()
        ).order_by("starts_at", "pk")

    def past(self):
        """Those that took place, the newest first."""
        return self.filter(called_off_at=None, ends_at__lte=Now()).order_by(
            "-starts_at", "-pk"
        )

    def to_record(self):
        """Over, and nobody has written the hours down yet."""
        return self.filter(
            called_off_at=None, closed_at=None, ends_at__lte=Now()
        ).order_by("starts_at", "pk")

    def for_rows(self):
        """What a list of services prints of each, without the seats; one query."""
        return self.select_related("team").defer("about", "contact_cipher")

    def with_served(self):
        """Annotate ``people`` and ``person_times``: what the host confirmed, else null."""
        signed = Q(countersign__state=CountersignState.SIGNED)
        return self.annotate(
            people=models.Case(models.When(signed, then=F("countersign__people"))),
            person_times=models.Case(
                models.When(signed, then=F("countersign__person_times"))
            ),
        )

    def for_page(self):
        """One service with its team, its posts and what the desk says of them; two
        queries."""
        posts = self.model._meta.get_field("posts").related_model
        of_desk = posts.objects.select_related("offering__rules")
        return self.select_related("team__leader", "need").prefetch_related(
            models.Prefetch("posts", of_desk)
        )

    def signed_up(self, worker):
        """Those at which this worker has a seat."""
        posts = self.model._meta.get_field("posts").related_model
        held = posts.objects.filter(
            event=OuterRef("pk"),
            offering__signups__worker=worker,
            offering__signups__status__in=["seated", "completed", "no_show"],
        )
        return self.filter(Exists(held))

    def served(self) -> dict[str, int]:
        """What hosts have confirmed of these: ``events``, ``people``, ``person_times``,
        three figures that are never added up with each other. One query."""
        rows = self.filter(countersign__state=CountersignState.SIGNED)
        found = rows.order_by().aggregate(
            events=Count("pk"),
            people=Sum("countersign__people"),
            person_times=Sum("countersign__person_times"),
        )
        return {name: number or 0 for name, number in found.items()}


class EventPhotoQuerySet(models.QuerySet):
    def published(self):
        return self.filter(published_at__isnull=False)

    def visible_to(self, user):
        """Everybody sees what was published; whoever works at a service all of it, and so
        does who may look at all teams."""
        if not user.is_authenticated:
            return self.published()
        events = self.model._meta.get_field("event").related_model
        mine = events.objects.managed_by(user)
        return self.filter(Q(published_at__isnull=False) | Q(event__in=mine))
