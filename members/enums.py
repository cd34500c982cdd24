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


class SmsKind(models.TextChoices):
    """What a text message was for. The first five carry a code."""

    SIGNUP = "signup", _("注册验证码")
    LOGIN = "login", _("登录验证码")
    RESET = "reset", _("重设密码验证码")
    OLD_PHONE = "old_phone", _("换号验证码（原号码）")
    NEW_PHONE = "new_phone", _("换号验证码（新号码）")
    TAKEN = "taken", _("告知号码已有账号")
    NO_ACCOUNT = "no_account", _("告知号码没有账号")


class SmsOutcome(models.TextChoices):
    """How far a text message came, as far as the portal can know."""

    SENT = "sent", _("已发出")
    REFUSED = "refused", _("短信平台拒绝")
    FAILED = "failed", _("未能送到短信平台")
    UNKNOWN = "unknown", _("结果不明")


class ConsentKind(models.TextChoices):
    PRIVACY = "privacy", _("个人信息处理告知")
