from django.db import models
from django.utils.translation import gettext_lazy as _


class UnionLevel(models.TextChoices):
    CITY = "city", _("市总工会")
    COUNTY = "county", _("县（区）总工会")
    INDUSTRY = "industry", _("产业工会")
    GRASSROOTS = "grassroots", _("基层工会")


class StewardRole(models.TextChoices):
    STEWARD = "steward", _("工会干部")
    REVIEWER = "reviewer", _("审核人")


class RosterState(models.TextChoices):
    UPLOADED = "uploaded", _("待对应列")
    MATCHED = "matched", _("待导入")
    APPLIED = "applied", _("已导入")
