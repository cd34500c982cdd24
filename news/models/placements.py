"""What editors put forward: an article in a place of its own, for a time."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from common import history
from common.models import Timestamped
from news.enums import Slot
from news.models.articles import Article
from news.querysets import PlacementQuerySet


class Placement(Timestamped):
    """An article among the pictures of home, or among 图文推荐, from ``starts_at`` to
    ``ends_at``. It shows once somebody else has approved it, and while its article is
    public and has a picture; what is left of the place fills itself."""

    slot = models.CharField(_("位置"), max_length=10, choices=Slot)
    article = models.ForeignKey(
        Article,
        verbose_name=_("文章"),
        on_delete=models.PROTECT,
        related_name="placements",
    )
    position = models.PositiveSmallIntegerField(
        _("顺序"), default=1, help_text=_("数字小的在前。")
    )
    starts_at = models.DateTimeField(_("开始时间"))
    ends_at = models.DateTimeField(
        _("结束时间"), null=True, blank=True, help_text=_("到时自动撤下。")
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("提出人"),
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("批准人"),
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
    )
    approved_at = models.DateTimeField(_("批准时间"), null=True, editable=False)

    objects = PlacementQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("图片推荐")
        ordering = ["slot", "position", "-pk"]
        permissions = [("approve_placement", _("批准图片推荐"))]
        constraints = [
            models.UniqueConstraint(
                name="news_placement_once",
                fields=["slot", "article"],
                violation_error_message=_("这篇文章已在这个位置。"),
            ),
            models.CheckConstraint(
                name="news_placement_ends_after_start",
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")),
                violation_error_message=_("结束时间须在开始时间之后。"),
            ),
            models.CheckConstraint(
                name="news_placement_approved_by_another",
                condition=Q(approved_by__isnull=True)
                | Q(made_by__isnull=True)
                | ~Q(approved_by=F("made_by")),
                violation_error_message=_("不能批准自己提出的推荐。"),
            ),
        ]
        triggers = [history.track()]

    def __str__(self):
        return f"{self.get_slot_display()}{self.position}"
