from django.db import models
from django.utils.translation import gettext_lazy as _


class Level(models.TextChoices):
    ZERO = "zero", _("零基础")
    BASIC = "basic", _("初级")
    FURTHER = "further", _("提高")


class Motif(models.TextChoices):
    """The drawing that stands for a kind of class: ``static/img/class-<motif>.svg``."""

    SING = "sing", _("声乐")
    DANCE = "dance", _("舞蹈")
    TEA = "tea", _("茶艺")
    PHOTO = "photo", _("摄影")
    YOGA = "yoga", _("瑜伽")
    BAKE = "bake", _("烘焙")
    OTHER = "other", _("其他")


class When(models.TextChoices):
    """When a class meets, as visitors choose it; judged by its first lesson."""

    EVENING = "evening", _("工作日晚")
    WEEKEND = "weekend", _("周末")


class Order(models.TextChoices):
    """How the classes of a term are ordered."""

    START = "start", _("开课时间")
    SEATS = "seats", _("余位")
