"""Where the wing's activities take place."""

import pghistory
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from activities.venues.querysets import VenueQuerySet
from common.models import Timestamped


@pghistory.track(
    pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent()
)
class Venue(Timestamped):
    """One house of the union with rooms to meet in. One that closed is set inactive."""

    name = models.CharField(_("名称"), max_length=60, unique=True)
    address = models.CharField(_("地址"), max_length=200, blank=True)
    phone = models.CharField(_("咨询电话"), max_length=40, blank=True)
    intro = models.TextField(
        _("简介"), blank=True, help_text=_("有哪些教室和设施，空一行即另起一段。")
    )
    directions = models.TextField(
        _("交通指引"), blank=True, help_text=_("公交线路、停车、入口，一行一条。")
    )
    position = models.PositiveSmallIntegerField(
        _("次序"), default=0, help_text=_("小的在前。")
    )
    is_active = models.BooleanField(
        _("开放"), default=True, help_text=_("停用的场馆请取消勾选，不要删除。")
    )

    objects = VenueQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("场馆")
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                name="activities_venues_venue_has_name",
                condition=~Q(name=""),
                violation_error_message=_("请填写场馆名称。"),
            )
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("activities:venues:venue-detail", args=[self.pk])

    @property
    def direction_lines(self) -> list[str]:
        return [line.strip() for line in self.directions.splitlines() if line.strip()]
