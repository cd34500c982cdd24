from django.db import models
from django.db.models import Count, F, FilteredRelation, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from common import finding
from members.enums import UnionLevel
from volunteers.enums import MemberRole


class VolunteerTeamQuerySet(models.QuerySet):
    def active(self):
        """Teams that have a public page."""
        return self.filter(is_active=True)

    def recruiting(self):
        return self.active().filter(is_recruiting=True)

    def managed_by(self, user):
        """Whoever may see all teams sees all; a leader, and a deputy as long as they
        are one, see their team."""
        if user.has_perm("volunteers.view_all_teams"):
            return self.all()
        return self.run_by(user)

    def run_by(self, user):
        """The teams this account leads, or is a deputy of."""
        memberships = self.model._meta.get_field("memberships").related_model
        deputies = memberships.objects.current().filter(
            role=MemberRole.DEPUTY, worker__user=user
        )
        return self.filter(Q(leader__user=user) | Q(pk__in=deputies.values("team")))

    def led_by(self, user):
        """Active teams that would be without a leader if this account were gone."""
        return self.active().filter(leader__user=user)

    def with_members(self):
        """Annotate ``member_count``, so that no list counts team by team."""
        memberships = self.model._meta.get_field("memberships").related_model
        counted = (
            memberships.objects.current()
            .filter(team=OuterRef("pk"))
            .order_by()
            .values("team")
            .annotate(n=Count("worker"))  # of the index of those who are in a team
            .values("n")
        )
        return self.annotate(member_count=Coalesce(Subquery(counted), 0))

    def for_cards(self):
        """Everything ``_team.html`` prints, in one query: the largest team first."""
        return (
            self.active()
            .select_related("union_org", "leader")
            .defer("intro")
            .with_members()
            .order_by("-member_count", "pk")
        )

    def for_search(self, keys):
        """What can be found of these: active teams, with their unions."""
        return self.active().filter(pk__in=keys).select_related("union_org")

    def for_home(self):
        """Four teams for the home page: those that take new members come first. One
        query; already sliced."""
        return self.for_cards().order_by("-is_recruiting", "-member_count", "pk")[:4]

    def for_page(self):
        """One team's page, with its count, in one query."""
        return self.active().select_related("union_org", "leader").with_members()

    def of_worker(self, worker):
        """The teams a worker is in or leads, home first, each with ``joined_on``,
        ``is_home``, ``role`` and ``agreed_on`` (None where they only lead). One
        query."""
        return self._stays(
            Q(memberships__worker=worker, memberships__left_on=None), worker
        )

    def _stays(self, condition, worker):
        """Teams with the memberships of a worker under ``condition``, and those they
        only lead."""
        mine = FilteredRelation("memberships", condition=condition)
        return (
            self.annotate(mine=mine)
            .filter(Q(mine__isnull=False) | Q(leader=worker))
            .annotate(
                joined_on=F("mine__joined_on"),
                left_on=F("mine__left_on"),
                is_home=F("mine__is_home"),
                role=F("mine__role"),
                agreed_on=F("mine__agreed_on"),
            )
            .order_by(F("is_home").desc(nulls_last=True), F("joined_on"), "pk")
        )

    def facts_of(self, worker) -> list[dict]:
        """Everything kept about a worker's teams, also those they left, home first, as
        label → plain value, for their own-data page. One query."""
        return [
            {
                _("队名"): team.name,
                _("主队"): team.is_home,
                _("入队日期"): team.joined_on,
                _("退队日期"): team.left_on,
                _("副队长"): team.role == MemberRole.DEPUTY,
                _("队长"): team.leader_id == worker.pk,
                _("同意公开全名的日期"): team.leader_agreed_on
                if team.leader_id == worker.pk and team.leader_agreed_on
                else team.agreed_on,
            }
            for team in self._stays(Q(memberships__worker=worker), worker)
        ]

    def codes_of_unions(self) -> list[str]:
        """The code of each team's union, for counting by district; one query."""
        return list(
            self.order_by()
            .filter(union_org__isnull=False)
            .values_list("union_org__code", flat=True)
        )

    def chosen(self, *, kind="", district=None, recruiting=False):
        """Narrowed by what the visitor chose; whatever is empty does not narrow.

        ``district`` is a UnionOrg: its own teams and those of the unions below it; of
        the city's, which everything is below, its own.
        """
        rows = self
        if kind:
            rows = rows.filter(kind=kind)
        if district and district.level == UnionLevel.CITY:
            rows = rows.filter(union_org=district)
        elif district:
            rows = rows.filter(union_org__code__startswith=district.code)
        if recruiting:
            rows = rows.filter(is_recruiting=True)
        return rows

    def count_by_kind(self):
        """(value, teams), most first."""
        return (
            self.order_by()
            .values_list("kind")
            .annotate(teams=Count("pk"))
            .order_by("-teams", "kind")
        )

    def figures(self) -> dict[str, int]:
        """Counted, not reported: ``teams`` active, ``recruiting`` of them, and
        ``people``, each counted once city-wide however many teams they are in. One
        query."""
        active = Q(is_active=True)
        # joined so, the index of those who are in a team has all of it
        current = FilteredRelation(
            "memberships", condition=Q(memberships__left_on=None)
        )
        return self.annotate(current=current).aggregate(
            teams=Count("pk", filter=active, distinct=True),
            recruiting=Count(
                "pk", filter=active & Q(is_recruiting=True), distinct=True
            ),
            people=Count("current__worker", filter=active, distinct=True),
        )


class MembershipQuerySet(models.QuerySet):
    def current(self):
        """Those of people who are in their team now."""
        return self.filter(left_on=None)

    def managed_by(self, user):
        """Members of the teams this back-office user looks after."""
        teams = self.model._meta.get_field("team").related_model
        return self.filter(team__in=teams.objects.managed_by(user))

    def for_team(self, team, name=""):
        """A team's members with all that its leader reads of them, in the order of
        joining; those in whose name each word of ``name`` stands. One query."""
        workers = self.model._meta.get_field("worker").related_model
        rows = self.filter(team=team).for_export().order_by("joined_on", "pk")
        for word in name.split():
            found = workers.objects.filter(finding.standing_in(workers, ["name"], word))
            rows = rows.filter(worker__in=found.order_by().values("pk"))
        return rows

    def for_export(self):
        """Those in their team now with all that a list of them prints, team by team."""
        return (
            self.current()
            .select_related("team", "worker__union_org", "worker__user")
            .order_by("team", "joined_on", "pk")
        )

    def for_names(self):
        """What a team's page prints of its members, oldest first, in one query."""
        return self.current().select_related("worker").order_by("joined_on", "pk")
