from datetime import timedelta

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.expressions import RawSQL
from django.db.models.functions import Now
from django.utils import timezone
from django_tasks import TaskResultStatus as Status
from django_tasks_db.models import DBTaskResultQuerySet


class AuditEventQuerySet(models.QuerySet):
    def by(self, key: int):
        """What this account did, by its number; also when the account is gone."""
        return self.filter(by_id=key)

    def between(self, since, until):
        """Those from ``since`` (None: from the beginning) to before ``until``, in the
        order of time."""
        rows = self.filter(at__lt=until).order_by("at", "pk")
        return rows if since is None else rows.filter(at__gte=since)


class ChangeQuerySet(models.QuerySet):
    def with_who(self):
        """With ``by_name`` of the account that asked; None for the system."""
        people = get_user_model().objects.filter(pk=models.OuterRef("by_id"))
        return self.annotate(by_name=models.Subquery(people.values("name")))

    def by(self, key: int):
        return self.filter(by_id=key)

    def of(self, row):
        """The changes of one row, also of one that is gone, in their order."""
        return self.filter(of_table=row._meta.db_table, of_id=row.pk).order_by("pk")


class HolidayQuerySet(models.QuerySet):
    def of_notice(self, year: int) -> dict:
        """Date → whether it is worked, of the notice for ``year``; empty without one."""
        return dict(self.filter(notice_year=year).values_list("date", "works"))


class BackgroundTaskQuerySet(DBTaskResultQuerySet):
    def waiting(self):
        """Due or resting between two tries."""
        return self.filter(status=Status.READY)

    def asked_for(self, job):
        """Tasks of this declaration that are due or under way; not those that rest."""
        is_due = models.Q(run_after__lte=timezone.now()) | models.Q(
            status=Status.RUNNING
        )
        return self.filter(
            is_due,
            task_path=job.module_path,
            status__in=[Status.READY, Status.RUNNING],
        )

    def parked(self):
        """Given up after all tries: somebody has to look."""
        return self.filter(status=Status.FAILED)

    def outdated(self, succeeded: timedelta, parked: timedelta):
        now = timezone.now()
        return self.filter(
            models.Q(status=Status.SUCCESSFUL, finished_at__lt=now - succeeded)
            | models.Q(status=Status.FAILED, finished_at__lt=now - parked)
        )


class TaskWorkerQuerySet(models.QuerySet):
    def seen_within(self, time: timedelta):
        return self.filter(seen_at__gte=Now() - time)

    def seen_before(self, time: timedelta):
        return self.filter(seen_at__lt=Now() - time)


class SearchEntryQuerySet(models.QuerySet):
    def matching(self, query: str):
        """Entries that answer a ``tsquery``."""
        return self.filter(
            RawSQL(
                '"common_searchentry"."words" @@ %s::tsquery',
                [query],
                output_field=models.BooleanField(),
            )
        )

    def current(self):
        """Entries whose time has come and is not over, by the database's clock, and
        whose row has not changed since they were made."""
        due = apps.get_model("common", "SearchDue").objects
        changed = due.filter(kind=OuterRef("kind"), key=OuterRef("key"))
        return self.filter(
            Q(since=None) | Q(since__lte=Now()),
            Q(until=None) | Q(until__gt=Now()),
            ~Exists(changed),
        )

    def with_rank(self, query: str):
        """Annotate ``rank``, how much of an entry's words the query's are. Reads every
        entry's words: for a few hundred rows, named by their keys."""
        rank = RawSQL(
            "ts_rank('{0.05,0.3,0.6,1.0}', common_searchentry.words, %s::tsquery, 1)",
            [query],
            output_field=models.FloatField(),
        )
        return self.annotate(rank=rank)
