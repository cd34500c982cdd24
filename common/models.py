from django.db import models
from django.utils.translation import gettext_lazy as _


class Timestamped(models.Model):
    """When a row was made and last changed, by the application's clock."""

    created_at = models.DateTimeField(_("创建时间"), auto_now_add=True)
    updated_at = models.DateTimeField(_("更新时间"), auto_now=True)

    class Meta:
        abstract = True


class PageGeneration(models.Model):
    """One row: the number under which finished pieces of public pages are kept.

    Whoever changes what the public sees raises it in the same transaction, and every
    process drops what it kept (see ``common.pagecache``). No row yet means zero.
    """

    number = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="common_pagegeneration_single_row", condition=models.Q(pk=1)
            )
        ]

    def __str__(self):
        return str(self.number)
