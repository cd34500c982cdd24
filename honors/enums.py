from django.db import models
from django.utils.translation import gettext_lazy as _


class Level(models.TextChoices):
    NATIONAL = "national", _("国家级")
    PROVINCIAL = "provincial", _("省级")
    CITY = "city", _("市级")
    COUNTY = "county", _("县区级")
    UNIT = "unit", _("单位级")


class ProgramKind(models.TextChoices):
    CRAFTSMAN = "craftsman", _("工匠")
    BEAUTIFUL_WORKER = "beautiful", _("最美劳动者")
    CIVIL_PIONEER = "civil", _("文明先锋")
    MODEL_WORKER = "model", _("劳动模范")
    LABOUR_MEDAL = "medal", _("五一劳动奖章")
    COLLECTIVE = "collective", _("集体荣誉")
    OTHER = "other", _("其他")


class Industry(models.TextChoices):
    STEEL = "steel", _("钢铁钒钛")
    MINING = "mining", _("能源矿业")
    MACHINERY = "machinery", _("机械制造")
    BUILDING = "building", _("建筑水电")
    TRANSPORT = "transport", _("交通运输")
    HEALTH = "health", _("医疗卫生")
    EDUCATION = "education", _("教育科研")
    PUBLIC = "public", _("公共服务")
    CULTURE = "culture", _("文化旅游")
    FARMING = "farming", _("现代农业")
    OTHER = "other", _("其他行业")


class Gender(models.TextChoices):
    WOMAN = "woman", _("女")
    MAN = "man", _("男")
