"""Pages that stay: who the union is, and how something is done."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from common import history, searching
from common.models import Timestamped
from news.enums import PageKind
from news.querysets import StandingPageQuerySet


class StandingPage(Timestamped):
    """One page of 机构概况 or 办事指南. Staff write in its fields; the public reads
    ``live``, what of them a second person approved last."""

    WORDS = ("title", "lead", "steps", "papers", "place", "hours", "phone", "body")

    kind = models.CharField(_("栏目"), max_length=10, choices=PageKind)
    order = models.PositiveSmallIntegerField(
        _("顺序"), default=1, help_text=_("数字小的在前。")
    )
    title = models.CharField(_("标题"), max_length=40)
    lead = models.CharField(
        _("一句话说明"),
        max_length=200,
        blank=True,
        help_text=_("办事指南写谁可以办、办什么。"),
    )
    steps = models.TextField(_("办理步骤"), blank=True, help_text=_("每行一步。"))
    papers = models.TextField(
        _("所需材料"), blank=True, help_text=_("每行一种，写明原件还是复印件、几份。")
    )
    place = models.CharField(_("办理地点"), max_length=200, blank=True)
    hours = models.CharField(_("办理时间"), max_length=100, blank=True)
    phone = models.CharField(_("咨询电话"), max_length=60, blank=True)
    body = models.TextField(_("正文"), blank=True)
    is_waiting = models.BooleanField(_("待批准"), default=False, editable=False)
    editors = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("修改人"),
        related_name="+",
        editable=False,
        blank=True,
    )
    live = models.JSONField(_("公开的内容"), null=True, editable=False)
    live_at = models.DateTimeField(_("公开时间"), null=True, editable=False)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("批准人"),
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
    )

    objects = StandingPageQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("机构和办事页面")
        ordering = ["kind", "order", "pk"]
        permissions = [("approve_standingpage", _("批准机构和办事页面"))]
        constraints = [
            models.UniqueConstraint(
                name="news_standingpage_title_once",
                fields=["kind", "title"],
                violation_error_message=_("这个栏目已有同名页面。"),
            ),
            models.CheckConstraint(
                name="news_standingpage_live_since",
                condition=Q(live__isnull=True, live_at__isnull=True)
                | Q(live__isnull=False, live_at__isnull=False),
            ),
        ]
        triggers = [
            history.track(),
            searching.watch("pages", columns=["live"]),
        ]

    def __str__(self):
        return self.title

    @property
    def mark(self) -> str:
        """Changes with every save."""
        return f"{self.updated_at:%Y%m%d%H%M%S%f}"

    def get_absolute_url(self):
        if self.kind == PageKind.GUIDE:
            return reverse("guide-detail", args=[self.pk])
        return f"{reverse('about')}#page-{self.pk}"
