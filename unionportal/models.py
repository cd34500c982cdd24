"""What the union says about itself around every page. Staff change it in the back
office, without a release."""

from django.core.validators import RegexValidator, URLValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from common import history
from common.models import Timestamped
from members.models import Worker
from unionportal.enums import LinkGroup, MarkKind
from unionportal.querysets import PassportShareQuerySet, SiteSettingsQuerySet

_phone = RegexValidator(
    r"^[0-9][0-9 -]{2,18}[0-9]$", _("电话只能由数字和“-”组成，例如 0812-1234567")
)
_web_address = URLValidator(
    schemes=["http", "https"], message=_("网址应以 https:// 或 http:// 开头")
)


class SiteSettings(Timestamped):
    """One row: slogan, contacts and filing numbers. What is empty is not shown."""

    slogan = models.CharField(
        _("标语"), max_length=30, default="钒钛之都 · 阳光花城", blank=True
    )
    organiser = models.CharField(_("承办单位"), max_length=60, blank=True)
    address = models.CharField(_("地址"), max_length=120, blank=True)
    postcode = models.CharField(
        _("邮编"),
        max_length=6,
        blank=True,
        validators=[RegexValidator(r"^[0-9]{6}$", _("邮编应为6位数字"))],
    )
    phone = models.CharField(
        _("联系电话"),
        max_length=20,
        blank=True,
        validators=[_phone],
        help_text=_("页脚和出错页面上的电话，带区号。没有时显示服务热线。"),
    )
    hotline = models.CharField(
        _("职工服务热线"),
        max_length=20,
        default="12351",
        validators=[_phone],
        help_text=_("长者版“打电话”打的就是它。"),
    )
    report_phone = models.CharField(
        _("违法和不良信息举报电话"), max_length=20, blank=True, validators=[_phone]
    )
    report_email = models.EmailField(_("举报邮箱"), max_length=80, blank=True)
    icp = models.CharField(
        _("ICP备案号"),
        max_length=40,
        blank=True,
        validators=[
            RegexValidator(
                r"ICP备[0-9]{5,12}号(-[0-9]{1,3})?$",
                _("应与备案系统一致，例如 蜀ICP备12345678号-1"),
            )
        ],
        help_text=_("页脚链接到工业和信息化部的备案网站。"),
    )
    police_record = models.CharField(
        _("公安备案号"),
        max_length=40,
        blank=True,
        validators=[
            RegexValidator(
                r"公网安备\s?[0-9]{14}号$",
                _("应与备案系统一致，例如 川公网安备51040202000001号"),
            )
        ],
        help_text=_("页脚链接到公安机关的备案网站。"),
    )
    id_code = models.CharField(
        _("网站标识码"),
        max_length=20,
        blank=True,
        validators=[RegexValidator(r"^[0-9A-Za-z]+$", _("只能是数字和字母"))],
        help_text=_("上级分配了才填写。"),
    )

    objects = SiteSettingsQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("网站设置")
        constraints = [
            models.CheckConstraint(
                name="unionportal_sitesettings_single_row", condition=Q(pk=1)
            ),
            models.CheckConstraint(
                name="unionportal_sitesettings_has_hotline", condition=~Q(hotline="")
            ),
        ]
        triggers = [history.track()]

    def __str__(self):
        return str(_("网站设置"))


class PartOfSite(Timestamped):
    """A row of a list that is filled in on the settings' own page."""

    site = models.ForeignKey(
        SiteSettings, verbose_name=_("网站设置"), on_delete=models.PROTECT
    )

    class Meta:
        abstract = True


class GreyPeriod(PartOfSite):
    """Days of mourning, first and last included, by the clock of Shanghai: every public
    page goes grey by itself and comes back by itself."""

    starts_on = models.DateField(_("从"))
    ends_on = models.DateField(_("到（含当天）"))
    occasion = models.CharField(_("事由（只在后台可见）"), max_length=60)

    class Meta:
        verbose_name = verbose_name_plural = _("灰色显示日期")
        ordering = ["-starts_on"]
        constraints = [
            models.CheckConstraint(
                name="unionportal_greyperiod_ends_after_start",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("结束日期不能早于开始日期。"),
            )
        ]
        triggers = [history.track()]

    def __str__(self):
        return f"{self.starts_on} — {self.ends_on}"


class FooterLink(PartOfSite):
    """A link to another site at the foot of every page."""

    group = models.CharField(_("分组"), max_length=12, choices=LinkGroup)
    name = models.CharField(_("名称"), max_length=40)
    url = models.CharField(_("网址"), max_length=300, validators=[_web_address])
    position = models.PositiveSmallIntegerField(_("次序（小的在前）"), default=0)

    class Meta:
        verbose_name = verbose_name_plural = _("友情链接")
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                name="unionportal_footerlink_known_group",
                condition=Q(group__in=LinkGroup.values),
            ),
            models.CheckConstraint(
                name="unionportal_footerlink_web_address",
                condition=Q(url__regex=r"^https?://"),
                violation_error_message=_("网址应以 https:// 或 http:// 开头"),
            ),
            models.UniqueConstraint(
                name="unionportal_footerlink_once_a_group",
                fields=["group", "name"],
                violation_error_message=_("这一组里已经有同名的链接。"),
            ),
        ]
        triggers = [history.track()]

    def __str__(self):
        return self.name


def mark_path(key: str) -> str:
    """Where the picture of a mark is stored."""
    return f"marks/{key}.png"


class SiteMark(Timestamped):
    """An emblem, badge or code picture as the union was given it, re-made as PNG.

    ``key`` is random and new for each upload, so that nobody sees the old picture.
    """

    kind = models.CharField(_("用处"), max_length=10, choices=MarkKind)
    link = models.CharField(
        _("点击后打开"),
        max_length=300,
        blank=True,
        validators=[_web_address],
        help_text=_("标识附带的核验网址；没有就不填。"),
    )
    key = models.CharField(_("文件"), max_length=32, editable=False)
    width = models.PositiveSmallIntegerField(_("宽"), editable=False)
    height = models.PositiveSmallIntegerField(_("高"), editable=False)

    class Meta:
        verbose_name = verbose_name_plural = _("标识图片")
        ordering = ["kind"]
        constraints = [
            models.UniqueConstraint(
                name="unionportal_sitemark_one_of_a_kind",
                fields=["kind"],
                violation_error_message=_("这一用处已经有图片，请在原来那行更换。"),
            ),
            models.CheckConstraint(
                name="unionportal_sitemark_known_kind",
                condition=Q(kind__in=MarkKind.values),
            ),
            models.CheckConstraint(
                name="unionportal_sitemark_has_picture",
                condition=~Q(key="") & Q(width__gt=0, height__gt=0),
            ),
            models.CheckConstraint(
                name="unionportal_sitemark_web_address",
                condition=Q(link="") | Q(link__regex=r"^https?://"),
            ),
        ]
        triggers = [history.track()]

    def __str__(self):
        return self.get_kind_display()


class PassportShare(models.Model):
    """An address by which others may read one worker's passport, until it ends by itself
    or is taken back. Of what is secret in it only a fingerprint is kept."""

    worker = models.ForeignKey(
        Worker,
        verbose_name=_("职工"),
        on_delete=models.CASCADE,
        related_name="passport_shares",
    )
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    for_whom = models.CharField(_("给谁看"), max_length=30, blank=True)
    shows_name = models.BooleanField(_("显示全名"), default=False)
    made_at = models.DateTimeField(_("生成时间"), db_default=Now(), editable=False)
    expires_at = models.DateTimeField(_("有效至"))
    revoked_at = models.DateTimeField(_("停用时间"), null=True, editable=False)

    objects = PassportShareQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("成长档案分享")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="unionportal_passportshare_ends",
                condition=Q(expires_at__gt=F("made_at")),
                violation_error_message=_("有效期应在生成以后。"),
            )
        ]
        triggers = [history.track(but=["token_hash", "for_whom"])]

    def __str__(self):
        return f"{self._meta.verbose_name} {self.pk}"
