from django.db import models
from django.utils.translation import gettext_lazy as _


class MemberRole(models.TextChoices):
    """The leader is the team's own field: a team has one, or none yet."""

    MEMBER = "member", _("队员")
    DEPUTY = "deputy", _("副队长")


class TeamKind(models.TextChoices):
    MODEL = "model", _("劳模爱心")
    HEALTH = "health", _("卫生健康")
    RED_STAR = "redstar", _("红星")
    LAW = "law", _("法律服务")
    GREEN = "green", _("生态环保")
    CIVILITY = "civility", _("文明劝导")
    CULTURE = "culture", _("文化文艺")
    SKILL = "skill", _("技能帮扶")
    SAFETY = "safety", _("安全应急")
    CARE = "care", _("关爱帮扶")
    OTHER = "other", _("其他")
