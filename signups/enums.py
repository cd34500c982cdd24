from django.db import models
from django.utils.translation import gettext_lazy as _


class SignupStatus(models.TextChoices):
    SEATED = "seated", _("已报名")
    WAITING = "waiting", _("候补")
    CANCELLED = "cancelled", _("已取消")


LIVE = (SignupStatus.SEATED, SignupStatus.WAITING)


class PoolKind(models.TextChoices):
    GENERAL = "general", _("普通名额")
    RESERVED = "reserved", _("预留名额")


class Audience(models.TextChoices):
    """For whom a reserve is kept."""

    FRONTLINE = "frontline", _("一线职工")
    MIGRANT = "migrant", _("农民工")
    EITHER = "either", _("一线职工、农民工")
