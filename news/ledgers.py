"""What the newsroom keeps beside its articles: where old ones came from, how words and
names must be written, and the union's channels with their inspections.
"""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from common import history
from common.models import Timestamped
from news.enums import ChannelKind, PhraseKind, Severity
from news.ledgerquerysets import ChannelQuerySet, InspectionQuerySet, PhraseQuerySet


class ImportedArticle(models.Model):
    """An article that was public on another site before: which one it was there, and who
    brought it in on what ground. It was not read by three people here, and this row
    says so."""

    source = models.CharField(_("来自"), max_length=40)
    external_key = models.CharField(_("原编号"), max_length=100)
    article = models.OneToOneField(
        "news.Article",
        verbose_name=_("文章"),
        on_delete=models.PROTECT,
        related_name="imported",
    )
    # what was brought in last; a newer version was written here
    version = models.ForeignKey(
        "news.ArticleVersion",
        verbose_name=_("导入的版本"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    # of the row that was handed over (``OldArticle.digest``)
    row_sha256 = models.CharField(_("原稿校验值"), max_length=64, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("导入人"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    reason = models.CharField(_("依据"), max_length=200)
    at = models.DateTimeField(_("导入时间"), auto_now=True)

    class Meta:
        verbose_name = verbose_name_plural = _("导入的文章")
        permissions = [("import_articles", _("导入旧站文章"))]
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                name="news_importedarticle_once",
                fields=["source", "external_key"],
                violation_error_message=_("这一篇已经导入。"),
            ),
            models.CheckConstraint(
                name="news_importedarticle_named",
                condition=~Q(external_key="") & ~Q(reason="") & ~Q(source=""),
                violation_error_message=_("请写明来自哪里、原编号和依据。"),
            ),
        ]
        triggers = [history.track()]

    def __str__(self):
        return f"{self.source} {self.external_key}"


class Phrase(Timestamped):
    """One rule of fixed wording: a wrong form and the right one, or a phrase, name or
    post that must be written exactly like this."""

    kind = models.CharField(
        _("类别"), max_length=10, choices=PhraseKind, default=PhraseKind.WRONG
    )
    wrong = models.CharField(
        _("错误写法"),
        max_length=60,
        blank=True,
        help_text=_("“必须准确”的不填：写得相近而不相同的地方会自动找出。"),
    )
    right = models.CharField(_("规范写法"), max_length=60)
    note = models.CharField(
        _("说明"), max_length=200, blank=True, help_text=_("出处、何时起用，可不填。")
    )
    is_active = models.BooleanField(_("启用"), default=True)

    objects = PhraseQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("规范用语")
        ordering = ["right", "wrong", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="news_phrase_once",
                fields=["wrong", "right"],
                violation_error_message=_("这一条已在列表中。"),
            ),
            models.CheckConstraint(
                name="news_phrase_has_right",
                condition=~Q(right=""),
                violation_error_message=_("请填写规范写法。"),
            ),
            models.CheckConstraint(
                name="news_phrase_wrong_fits_kind",
                condition=Q(kind=PhraseKind.EXACT, wrong="")
                | Q(kind=PhraseKind.WRONG) & ~Q(wrong=""),
                violation_error_message=_(
                    "“错误写法”一类须填错误写法，“必须准确”一类不填。"
                ),
            ),
            models.CheckConstraint(
                name="news_phrase_wrong_is_not_right",
                condition=~Q(wrong=F("right")),
                violation_error_message=_("错误写法和规范写法相同。"),
            ),
        ]
        triggers = [history.track()]

    def __str__(self):
        return f"{self.wrong} → {self.right}" if self.wrong else self.right


@pgtrigger.register(
    pgtrigger.Protect(
        name="never_changed", operation=pgtrigger.Update | pgtrigger.Delete
    )
)
class WordingWaiver(models.Model):
    """Somebody said, by name and with a reason, that a find of the wording guard stands
    as it is. It holds for these words at this place of this article: an edit there
    voids it, an edit elsewhere does not."""

    article = models.ForeignKey(
        "news.Article", on_delete=models.PROTECT, related_name="waivers"
    )
    # of the content that was read when it was waived
    sha256 = models.CharField(_("校验值"), max_length=64, editable=False)
    # as the rule was then: it may be changed or deleted later
    wrong = models.CharField(_("写法"), max_length=80)
    right = models.CharField(_("规范写法"), max_length=60)
    place = models.CharField(_("位置"), max_length=40)
    context = models.CharField(_("上下文"), max_length=160)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("放行人"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    reason = models.CharField(_("理由"), max_length=200)
    at = models.DateTimeField(_("时间"), auto_now_add=True)

    changeable = ()

    class Meta:
        verbose_name = verbose_name_plural = _("用语放行")
        ordering = ["article", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="news_wordingwaiver_once",
                fields=["article", "wrong", "right", "context"],
                violation_error_message=_("这一处已经放行。"),
            ),
            models.CheckConstraint(
                name="news_wordingwaiver_has_reason",
                condition=~Q(reason=""),
                violation_error_message=_("请填写理由。"),
            ),
        ]

    def __str__(self):
        return f"{self.wrong} {self.place}"


class Channel(Timestamped):
    """One place where the union speaks to the public, on whoever's machine: a paper, an
    account, a noticeboard. Who answers for it, and how often somebody looks at it."""

    name = models.CharField(_("名称"), max_length=60, unique=True)
    kind = models.CharField(_("类型"), max_length=20, choices=ChannelKind)
    url = models.URLField(_("网址"), max_length=300, blank=True)
    host = models.CharField(_("主管单位"), max_length=60)
    sponsor = models.CharField(_("主办单位"), max_length=60)
    responsible = models.CharField(
        _("责任人"), max_length=30, help_text=_("姓名和职务，如“示例（宣教部部长）”。")
    )
    inspect_every_days = models.PositiveSmallIntegerField(
        _("每多少天检查一次"), default=30
    )
    is_active = models.BooleanField(
        _("在用"), default=True, help_text=_("停办的不再要求检查，检查记录保留。")
    )

    objects = ChannelQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("宣传阵地")
        ordering = ["kind", "name"]
        constraints = [
            models.CheckConstraint(
                name="news_channel_is_answered_for",
                condition=~Q(host="") & ~Q(sponsor="") & ~Q(responsible=""),
                violation_error_message=_("请填写主管单位、主办单位和责任人。"),
            ),
            models.CheckConstraint(
                name="news_channel_is_inspected",
                condition=Q(inspect_every_days__range=(1, 366)),
                violation_error_message=_("检查间隔为1至366天。"),
            ),
        ]
        triggers = [history.track(but=["responsible"])]

    def __str__(self):
        return self.name


class Inspection(Timestamped):
    """Somebody looked at a channel on a day: what they found, how grave it is, by when
    it is put right and when it was."""

    channel = models.ForeignKey(
        Channel,
        verbose_name=_("宣传阵地"),
        on_delete=models.PROTECT,
        related_name="inspections",
    )
    on = models.DateField(_("检查日期"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("检查人"),
        on_delete=models.PROTECT,
        editable=False,
        related_name="+",
    )
    severity = models.CharField(
        _("结果"), max_length=10, choices=Severity, default=Severity.NONE
    )
    findings = models.TextField(
        _("发现的问题"), max_length=2000, blank=True, help_text=_("没有问题可不填。")
    )
    due_on = models.DateField(
        _("整改期限"), null=True, blank=True, help_text=_("有问题的必填。")
    )
    fixed_on = models.DateField(_("整改日期"), null=True, blank=True)
    fixed_note = models.CharField(_("整改情况"), max_length=300, blank=True)

    objects = InspectionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("阵地检查")
        ordering = ["-on", "-pk"]
        indexes = [
            models.Index(
                name="news_inspection_open",
                fields=["due_on"],
                condition=Q(fixed_on__isnull=True) & ~Q(severity=Severity.NONE),
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="news_inspection_problem_is_said",
                condition=Q(severity=Severity.NONE)
                | ~Q(findings="") & Q(due_on__isnull=False),
                violation_error_message=_("有问题的须写明问题和整改期限。"),
            ),
            models.CheckConstraint(
                name="news_inspection_due_after",
                condition=Q(due_on__isnull=True) | Q(due_on__gte=F("on")),
                violation_error_message=_("整改期限不能早于检查日期。"),
            ),
            models.CheckConstraint(
                name="news_inspection_fixed_after",
                condition=Q(fixed_on__isnull=True)
                | Q(fixed_on__gte=F("on")) & ~Q(fixed_note=""),
                violation_error_message=_(
                    "整改日期不能早于检查日期，并请写明整改情况。"
                ),
            ),
        ]
        triggers = [history.track(but=["findings", "fixed_note"])]

    def __str__(self):
        return f"{self.channel} {self.on}"
