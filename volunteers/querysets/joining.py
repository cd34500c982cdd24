"""Requests and invitations, what volunteers say of themselves, figures of a report."""

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.utils.translation import gettext as _

from volunteers.enums import JoinSide, JoinState, time_in_words


class JoinRequestQuerySet(models.QuerySet):
    def managed_by(self, user):
        """Those of the teams this back-office user looks after."""
        teams = self.model._meta.get_field("team").related_model
        return self.filter(team__in=teams.objects.managed_by(user))

    def open(self):
        return self.filter(state=JoinState.OPEN)

    def asked_by_workers(self):
        return self.filter(side=JoinSide.WORKER)

    def to_answer(self, user):
        """Requests of workers that wait for this leader or deputy."""
        teams = self.model._meta.get_field("team").related_model
        return (
            self.open().asked_by_workers().filter(team__in=teams.objects.run_by(user))
        )

    def invitations(self):
        """Those that wait for the invited worker."""
        return self.open().filter(side=JoinSide.TEAM)

    def of_worker(self, worker):
        """What waits of this worker's, and what was answered lately, the newest first,
        each with its team. One query; already sliced."""
        return self.filter(worker=worker).select_related("team").order_by("-pk")[:20]

    def for_team(self):
        """What the leader's page prints of the requests that wait, oldest first."""
        return (
            self.open().select_related("worker__union_org").order_by("asked_at", "pk")
        )

    def facts_of(self, worker) -> list[dict]:
        """Everything kept, as label → plain value, for their own-data page. One query."""
        return [
            {
                _("志愿服务队"): asked.team.name,
                _("方式"): asked.get_side_display(),
                _("附言"): asked.message,
                _("状态"): asked.get_state_display(),
                _("提出时间"): asked.asked_at,
                _("答复"): asked.answer,
            }
            for asked in self.filter(worker=worker)
            .select_related("team")
            .order_by("pk")
        ]


class VolunteerProfileQuerySet(models.QuerySet):
    def of_volunteers(self, team=None):
        """Of people who are in an active team now, or in this one."""
        worker = self.model._meta.get_field("worker").related_model
        memberships = worker._meta.get_field("team_memberships").related_model
        return self.filter(
            models.Exists(
                memberships.objects.current().filter(
                    models.Q(team=team) if team else models.Q(team__is_active=True),
                    worker=models.OuterRef("worker"),
                )
            )
        )

    def facts_of(self, worker) -> list[dict]:
        """What a volunteer said of themselves, as label → plain value. One query."""

        def names(relation):
            rows = self.model.objects.filter(pk=models.OuterRef("pk"))
            named = rows.filter(**{f"{relation}__isnull": False})
            column = f"{relation}__name"
            return ArraySubquery(named.order_by(column).values(column))

        rows = self.filter(worker=worker)
        return [
            {
                _("我会的"): "、".join(row.can),
                _("方便去的地方"): "、".join(row.goes),
                _("有空的时间"): "、".join(map(time_in_words, row.free)),
            }
            for row in rows.annotate(can=names("skills"), goes=names("districts"))
        ]


class ReportedFigureQuerySet(models.QuerySet):
    pass
