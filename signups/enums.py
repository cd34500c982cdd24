from django.db import models
from django.utils.translation import gettext_lazy as _


class SignupStatus(models.TextChoices):
    SEATED = "seated", _("已报名")
    WAITING = "waiting", _("候补")
    CANCELLED = "cancelled", _("已取消")


class SignupState(models.TextChoices):
    """How a signup stands for its person now: what its status, its offering and the
    clock say together (``SignupQuerySet.with_state``)."""

    SEATED = "seated", _("已报名")
    WAITING = "waiting", _("候补")
    QUEUE_OVER = "queue_over", _("候补已结束")
    CALLED_OFF = "called_off", _("已停办")
    CANCELLED = "cancelled", _("已取消")


# What one holds, and what one cannot even leave any more.
HELD = (SignupState.SEATED, SignupState.WAITING)
ENDED = (SignupState.CALLED_OFF, SignupState.CANCELLED)

LIVE = (SignupStatus.SEATED, SignupStatus.WAITING)


class PoolKind(models.TextChoices):
    GENERAL = "general", _("普通名额")
    RESERVED = "reserved", _("预留名额")


class Audience(models.TextChoices):
    """For whom a reserve is kept."""

    FRONTLINE = "frontline", _("一线职工")
    MIGRANT = "migrant", _("农民工")
    EITHER = "either", _("一线职工、农民工")
