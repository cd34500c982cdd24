from django.db import models
from django.utils.translation import gettext_lazy as _


class Level(models.TextChoices):
    ZERO = "zero", _("零基础")
    BASIC = "basic", _("初级")
    FURTHER = "further", _("提高")


class Motif(models.TextChoices):
    """The drawing that stands for a kind of class: ``static/img/class-<motif>.svg``."""

    SING = "sing", _("声乐")
    MUSIC = "music", _("器乐")
    DANCE = "dance", _("舞蹈")
    WRITE = "write", _("书法")
    PAINT = "paint", _("绘画")
    PHOTO = "photo", _("摄影")
    DIGITAL = "digital", _("手机与电脑")
    TEA = "tea", _("茶艺")
    BAKE = "bake", _("烘焙")
    COOK = "cook", _("厨艺")
    YOGA = "yoga", _("瑜伽")
    TAICHI = "taichi", _("太极")
    SPORT = "sport", _("球类健身")
    FLOWER = "flower", _("花艺")
    CRAFT = "craft", _("手工")
    LANGUAGE = "language", _("外语")
    FAMILY = "family", _("亲子")
    OTHER = "other", _("其他")


class When(models.TextChoices):
    """When a class meets, as visitors choose it; judged by its first lesson."""

    DAYTIME = "daytime", _("工作日白天")
    EVENING = "evening", _("工作日晚")
    WEEKEND = "weekend", _("周末")


class Order(models.TextChoices):
    """How the classes of a term are ordered."""

    START = "start", _("开课时间")
    SEATS = "seats", _("余席")
