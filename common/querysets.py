from django.contrib.auth import get_user_model
from django.db import models
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast


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
    """Rows of any history table, newest first, with who made the change: ``by_id`` and
    ``by_name`` of the account (None for the system) and ``by_url``, the page."""

    def with_who(self):
        people = get_user_model().objects.filter(pk=models.OuterRef("by_id"))
        return (
            self.annotate(
                by_id=Cast(
                    KeyTextTransform("user", "pgh_context__metadata"),
                    models.BigIntegerField(),
                ),
                by_url=KeyTextTransform("url", "pgh_context__metadata"),
            )
            .annotate(by_name=models.Subquery(people.values("name")))
            .order_by("-pgh_id")
        )

    def by(self, key: int):
        return self.filter(by_id=key)

    def before(self, change):
        """Earlier rows of the same thing, the nearest first."""
        return self.filter(
            pgh_obj_id=change.pgh_obj_id, pgh_id__lt=change.pgh_id
        ).order_by("-pgh_id")
