from django.db import models
from django.utils.translation import gettext_lazy as _


class LinkGroup(models.TextChoices):
    """The groups of links in the footer, in their order there."""

    SUPERIOR = "superior", _("上级工会")
    COUNTY = "county", _("区县工会")
    GOVERNMENT = "government", _("政府与部门")
    MEDIA = "media", _("本地媒体")
    REPORT = "report", _("举报与监督")


class MarkKind(models.TextChoices):
    """Pictures that others give the union and that the portal never draws itself."""

    EMBLEM = "emblem", _("工会会徽（网页左上角）")
    BADGE = "badge", _("党政机关、事业单位网站标识（页脚）")
    POLICE = "police", _("公安备案图标（页脚）")
    WECHAT = "wechat", _("公众号二维码（页脚）")
