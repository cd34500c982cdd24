"""Where the wing's activities take place, and who has which room when."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Deferrable, F, Q
from django.utils.translation import gettext_lazy as _

from activities.venues.querysets import RoomUseQuerySet, VenueQuerySet
from common import history, links, searching
from common.models import Timestamped
from signups.models import Occasion


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
        triggers = [
            history.track(),
            searching.watch(
                "venues",
                columns=["name", "address", "intro", "directions", "is_active"],
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return links.row("activities:venues:venue-detail", self.pk)

    @property
    def direction_lines(self) -> list[str]:
        return [line.strip() for line in self.directions.splitlines() if line.strip()]


class Room(models.Model):
    """One room, hall or court of a venue. A hall may have courts as its parts: whoever
    has the hall has them too."""

    venue = models.ForeignKey(
        Venue,
        verbose_name=_("场馆"),
        on_delete=models.PROTECT,
        related_name="rooms",
    )
    name = models.CharField(_("名称"), max_length=30)
    parts = models.ManyToManyField(
        "self",
        verbose_name=_("分区"),
        through="RoomPart",
        symmetrical=False,
        related_name="wholes",
    )

    class Meta:
        verbose_name = verbose_name_plural = _("房间")
        ordering = ["venue", "name"]
        constraints = [
            models.UniqueConstraint(
                name="activities_venues_room_name_once",
                fields=["venue", "name"],
                violation_error_message=_("该场馆已有同名的房间。"),
            ),
            models.CheckConstraint(
                name="activities_venues_room_has_name",
                condition=~Q(name=""),
                violation_error_message=_("请填写房间名称。"),
            ),
        ]
        triggers = [history.track()]

    def __str__(self):
        return self.name


class RoomPart(models.Model):
    """A room that is part of a larger one."""

    whole = models.ForeignKey(
        Room, verbose_name=_("整场"), on_delete=models.CASCADE, related_name="+"
    )
    part = models.ForeignKey(
        Room, verbose_name=_("分区"), on_delete=models.CASCADE, related_name="+"
    )

    class Meta:
        verbose_name = verbose_name_plural = _("分区")
        constraints = [
            models.UniqueConstraint(
                name="activities_venues_roompart_once", fields=["whole", "part"]
            ),
            models.CheckConstraint(
                name="activities_venues_roompart_not_itself",
                condition=~Q(whole=F("part")),
                violation_error_message=_("房间不能是自己的分区。"),
            ),
        ]

    def __str__(self):
        return f"{self._meta.verbose_name} {self.pk}"


class RoomUse(models.Model):
    """Who has a room when: lessons, court slots, rehearsals and shows stay out of each
    other's way. Whoever has a whole room has a row for each of its parts as well."""

    room = models.ForeignKey(
        Room, verbose_name=_("房间"), on_delete=models.PROTECT, related_name="uses"
    )
    during = DateTimeRangeField(_("时间"))
    occasion = models.ForeignKey(
        Occasion,
        verbose_name=_("场次"),
        on_delete=models.PROTECT,
        null=True,
        related_name="room_uses",
    )
    # what for, as the next who wants the room reads it
    title = models.CharField(_("用途"), max_length=100)

    objects = RoomUseQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("房间使用")
        ordering = ["during", "room"]
        constraints = [
            ExclusionConstraint(
                name="activities_venues_roomuse_once",
                expressions=[
                    ("room", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
                # a series may move in one statement
                deferrable=Deferrable.IMMEDIATE,
                violation_error_message=_("该房间在这段时间已有安排。"),
            ),
            models.CheckConstraint(
                name="activities_venues_roomuse_has_time",
                condition=Q(during__isempty=False),
            ),
        ]

    def __str__(self):
        return f"{self._meta.verbose_name} {self.pk}"
