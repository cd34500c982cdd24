"""News and feature reports.

An ``Article`` is the address, the times and what lists print; every word of it is in
an ``ArticleVersion``, which the tables themselves refuse to change. The public reads
``Article.live_version`` while the database's clock is between ``publish_at`` and
``expire_at``.
"""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from common import finding, history, images, links, numerals, searching
from common.models import Timestamped
from news.enums import BylineRole, Stage
from news.querysets import (
    ArticlePhotoQuerySet,
    ArticleQuerySet,
    ArticleVersionQuerySet,
    ColumnQuerySet,
    SeriesQuerySet,
)

MOST_ANNOUNCED = 30  # parts of a series


class Column(Timestamped):
    """One heading under which news is published (栏目)."""

    name = models.CharField(_("名称"), max_length=20, unique=True)
    description = models.CharField(
        _("简介"),
        max_length=200,
        blank=True,
        help_text=_("用于搜索引擎和栏目页，一两句话。"),
    )
    order = models.PositiveSmallIntegerField(_("顺序"), default=0)
    in_menu = models.BooleanField(_("在主菜单中"), default=False)
    is_active = models.BooleanField(
        _("启用"),
        default=True,
        help_text=_(
            "停用后不再出现在菜单、首页和写稿时的选项中，已发布的文章仍可阅读。"
        ),
    )
    update_every_days = models.PositiveSmallIntegerField(
        _("最长多少天更新一次"),
        null=True,
        blank=True,
        help_text=_("超过这些天没有新文章，会出现在待办中。不要求可留空。"),
    )

    objects = ColumnQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("栏目")
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(
                name="news_column_updates_in_time",
                condition=Q(update_every_days__isnull=True)
                | Q(update_every_days__range=(1, 999)),
                violation_error_message=_("更新间隔为1至999天。"),
            )
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return links.row("news:column-detail", self.pk)


class Series(Timestamped):
    """Articles that appear in numbered parts (系列报道)."""

    title = models.CharField(_("系列名称"), max_length=200)
    intro = models.TextField(_("导语"), blank=True)
    planned_parts = models.PositiveSmallIntegerField(
        _("计划期数"),
        null=True,
        blank=True,
        help_text=_("全部刊发前，页面显示“待续”。不确定可留空。"),
    )
    announces_next = models.BooleanField(
        _("预告下一期"),
        default=False,
        help_text=_("页面列出尚未刊发的期号，如“（二）即将刊发”，不显示标题。"),
    )

    objects = SeriesQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("系列报道")
        ordering = ["-pk"]
        triggers = [
            searching.watch(
                "news",
                columns=["title"],
                keys="SELECT id FROM news_article"
                " WHERE series_id = NEW.id AND live_version_id IS NOT NULL",
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="news_series_plans_some_part",
                condition=Q(planned_parts__isnull=True) | Q(planned_parts__gt=0),
                violation_error_message=_("计划期数至少为1。"),
            )
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return links.row("news:series-detail", self.pk)

    def awaits_more(self, parts_out: int) -> bool:
        """待续: not all planned parts are out, or nobody said how many there will be."""
        return self.planned_parts is None or parts_out < self.planned_parts

    def coming(self, numbers_out: list[int]) -> list[str]:
        """（二）, （三）: numbers of the planned parts that are not out, as far as staff
        announce them; of a series without a plan the next. Never more than numbers."""
        if not self.announces_next:
            return []
        last = self.planned_parts or max(numbers_out, default=0) + 1
        return [
            f"（{numerals.chinese(number)}）"
            for number in range(1, min(last, MOST_ANNOUNCED) + 1)
            if number not in numbers_out
        ]


class Article(Timestamped):
    """One article: address, place, times, and what lists print of its live version.

    Before the first publication the printed fields follow what was typed last, so that
    the back office can list drafts.
    """

    column = models.ForeignKey(
        Column,
        verbose_name=_("栏目"),
        on_delete=models.PROTECT,
        related_name="articles",
    )
    series = models.ForeignKey(
        Series,
        verbose_name=_("系列报道"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="articles",
    )
    series_no = models.PositiveSmallIntegerField(
        _("第几期"),
        null=True,
        blank=True,
        help_text=_("填数字，页面显示为“（一）”。"),
    )
    publish_at = models.DateTimeField(
        _("发布时间"),
        null=True,
        blank=True,
        help_text=_("立即发布可留空；补录旧稿填原发布时间；定时发布填将来的时间。"),
    )
    expire_at = models.DateTimeField(
        _("下线时间"), null=True, blank=True, help_text=_("到时自动下线，一般留空。")
    )
    withdrawn_at = models.DateTimeField(
        _("撤稿时间"), null=True, blank=True, editable=False
    )
    corrected_at = models.DateTimeField(
        _("更正时间"), null=True, blank=True, editable=False
    )
    is_pinned = models.BooleanField(_("栏目置顶"), default=False)
    keywords = ArrayField(
        models.CharField(max_length=12),
        verbose_name=_("关键词"),
        default=list,
        blank=True,
    )
    chosen = models.ManyToManyField(
        "self",
        verbose_name=_("相关文章"),
        symmetrical=False,
        blank=True,
        related_name="chosen_by",
        help_text=_("文末“相关阅读”先列这些，其次是同系列、同关键词的文章。"),
    )
    is_headline = models.BooleanField(
        _("首页头条"), default=False, help_text=_("有多篇时，首页显示最新的一篇。")
    )
    live_version = models.ForeignKey(
        "ArticleVersion",
        verbose_name=_("发布的版本"),
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
    )
    # where the newest version stands in its reviews; what is public stays beside it
    stage = models.CharField(
        _("审核环节"),
        max_length=10,
        choices=Stage,
        default=Stage.NONE,
        editable=False,
    )
    stage_at = models.DateTimeField(
        _("进入本环节的时间"), null=True, blank=True, editable=False
    )
    due_on = models.DateField(_("审核期限"), null=True, blank=True, editable=False)
    review_version = models.ForeignKey(
        "ArticleVersion",
        verbose_name=_("送审的版本"),
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
    )

    # copies of the version that lists print; services fill them
    title = models.CharField(_("标题"), max_length=200)
    subtitle = models.CharField(_("副题"), max_length=200, blank=True)
    summary = models.CharField(_("摘要"), max_length=300, blank=True)
    source_name = models.CharField(_("来源"), max_length=60, blank=True)
    lead_photo = models.ForeignKey(
        "ArticlePhoto",
        verbose_name=_("题图"),
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
    )

    objects = ArticleQuerySet.as_manager()
    searched_columns = ("title", "subtitle", "source_name")

    class Meta:
        verbose_name = verbose_name_plural = _("文章")
        permissions = [
            ("publish_article", _("发布和撤稿")),
            ("review_first", _("初审")),
            ("review_second", _("复审")),
            ("review_final", _("终审")),
            ("publish_urgently", _("批准紧急发布")),
            ("all_columns", _("不限栏目")),
        ]
        indexes = [
            models.Index(
                name="news_article_in_review",
                fields=["stage", "column", "stage_at"],
                condition=~Q(stage="none"),
            ),
            # expire_at comes along: a page far down is walked to in the index alone
            models.Index(
                name="news_article_newest_out",
                fields=["-publish_at", "-id"],
                include=["expire_at"],
                condition=Q(live_version__isnull=False, withdrawn_at__isnull=True),
            ),
            models.Index(
                name="news_article_column_newest_out",
                fields=["column", "-publish_at", "-id"],
                include=["expire_at"],
                condition=Q(live_version__isnull=False, withdrawn_at__isnull=True),
            ),
            models.Index(
                name="news_article_column_pinned_out",
                fields=["column", "-is_pinned", "-publish_at", "-id"],
                include=["expire_at"],
                condition=Q(live_version__isnull=False, withdrawn_at__isnull=True),
            ),
            GinIndex(
                name="news_article_keywords",
                fields=["keywords"],
                condition=~Q(keywords=[]),
            ),
            models.Index(
                name="news_article_headline",
                fields=["-publish_at", "-id"],
                condition=Q(is_headline=True),
            ),
            models.Index(
                name="news_article_corrected",
                fields=["-corrected_at"],
                condition=Q(corrected_at__isnull=False),
            ),
            models.Index(name="news_article_edited", fields=["-updated_at", "-id"]),
            finding.index("news_article_found", ("title", "subtitle", "source_name")),
            models.Index(
                name="news_article_expiring",
                fields=["expire_at"],
                condition=Q(expire_at__isnull=False),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                name="news_article_series_part_once",
                fields=["series", "series_no"],
                condition=Q(series__isnull=False),
                violation_error_message=_("这个系列已有这一期。"),
            ),
            models.CheckConstraint(
                name="news_article_series_part_whole",
                condition=Q(series__isnull=True, series_no__isnull=True)
                | Q(series__isnull=False, series_no__gt=0),
                violation_error_message=_("系列报道和第几期要么都填，要么都不填。"),
            ),
            models.CheckConstraint(
                name="news_article_published_has_time",
                condition=Q(live_version__isnull=True) | Q(publish_at__isnull=False),
                violation_error_message=_("已发布的文章须有发布时间。"),
            ),
            models.CheckConstraint(
                name="news_article_expires_after_publication",
                condition=Q(expire_at__isnull=True)
                | Q(publish_at__isnull=True)
                | Q(expire_at__gt=F("publish_at")),
                violation_error_message=_("下线时间须在发布时间之后。"),
            ),
            models.CheckConstraint(
                name="news_article_stage_has_version",
                condition=Q(stage="none", review_version__isnull=True)
                | Q(
                    ~Q(stage="none"),
                    review_version__isnull=False,
                    stage_at__isnull=False,
                ),
                violation_error_message=_("送审的稿件须有送审的版本。"),
            ),
            models.CheckConstraint(
                name="news_article_withdrawn_was_published",
                condition=Q(withdrawn_at__isnull=True) | Q(live_version__isnull=False),
                violation_error_message=_("没有发布过的文章不能撤稿。"),
            ),
        ]
        triggers = [
            history.track(),
            searching.watch(
                "news",
                columns=[
                    "live_version_id",
                    "withdrawn_at",
                    "publish_at",
                    "expire_at",
                    "column_id",
                    "series_id",
                ],
                only="live_version_id IS NOT NULL",
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return links.row("news:article-detail", self.pk)

    @property
    def part(self) -> str:
        """（一）, or nothing when it belongs to no series."""
        return f"（{numerals.chinese(self.series_no)}）" if self.series_no else ""


@pgtrigger.register(
    pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
    # the author may only be forgotten, when an account goes
    pgtrigger.ReadOnly(name="never_changed", exclude=["author"]),
)
class ArticleVersion(models.Model):
    """All the words of an article as they were saved once. Never changed: a
    correction is a new version, and a decision names the one that was read."""

    article = models.ForeignKey(
        Article, on_delete=models.PROTECT, related_name="versions"
    )
    number = models.PositiveIntegerField(_("版本"))
    # which fields the SHA-256 covers and in what spelling: ``content.digest``
    format = models.PositiveSmallIntegerField(_("格式"), editable=False)
    title = models.CharField(_("标题"), max_length=200)
    subtitle = models.CharField(
        _("副题"),
        max_length=200,
        blank=True,
        help_text=_("不必输入破折号，页面会加上。"),
    )
    is_reprint = models.BooleanField(_("转载"), default=False)
    source_name = models.CharField(
        _("来源"), max_length=60, blank=True, help_text=_("转载必填，如“攀枝花日报”。")
    )
    source_url = models.URLField(_("原文网址"), max_length=500, blank=True)
    summary = models.CharField(
        _("摘要"),
        max_length=300,
        blank=True,
        help_text=_("用于列表和分享，留空则取正文开头。"),
    )
    editor_note = models.TextField(
        _("编者按"), blank=True, help_text=_("空行分段；不必输入“编者按”三字。")
    )
    body = models.TextField(_("正文"), blank=True)
    correction = models.CharField(
        _("更正说明"),
        max_length=300,
        blank=True,
        help_text=_("公众可见，附日期列在文章末尾，如“第三段人数应为120人”。"),
    )
    sha256 = models.CharField(_("校验值"), max_length=64, editable=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("保存人"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
    )
    created_at = models.DateTimeField(_("保存时间"), auto_now_add=True)

    objects = ArticleVersionQuerySet.as_manager()
    changeable = ("author",)

    class Meta:
        verbose_name = verbose_name_plural = _("文章版本")
        ordering = ["article", "number"]
        constraints = [
            models.UniqueConstraint(
                name="news_articleversion_number_once",
                fields=["article", "number"],
                violation_error_message=_("这篇稿件刚被他人修改。"),
            ),
            models.CheckConstraint(
                name="news_articleversion_has_title",
                condition=~Q(title=""),
                violation_error_message=_("请填写标题。"),
            ),
            models.CheckConstraint(
                name="news_articleversion_reprint_names_source",
                condition=Q(is_reprint=False) | ~Q(source_name=""),
                violation_error_message=_("转载的文章请填写来源。"),
            ),
            models.CheckConstraint(
                name="news_articleversion_source_url_is_web",
                condition=Q(source_url="") | Q(source_url__regex="^https?://"),
                violation_error_message=_("原文网址须以 http:// 或 https:// 开头。"),
            ),
        ]

    def __str__(self):
        return f"{self.title}（{self.number}）"


@pgtrigger.register(
    pgtrigger.Protect(
        name="never_changed", operation=pgtrigger.Update | pgtrigger.Delete
    )
)
class Byline(models.Model):
    """One person's credit in one version: 记者 王刚."""

    version = models.ForeignKey(
        ArticleVersion, on_delete=models.PROTECT, related_name="bylines"
    )
    role = models.CharField(
        _("身份"), max_length=20, choices=BylineRole, default=BylineRole.REPORTER
    )
    name = models.CharField(_("姓名"), max_length=60)
    order = models.PositiveSmallIntegerField(_("顺序"), default=0)

    changeable = ()

    class Meta:
        verbose_name = verbose_name_plural = _("署名")
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(
                name="news_byline_has_name",
                condition=~Q(name=""),
                violation_error_message=_("请填写姓名"),
            )
        ]

    def __str__(self):
        return f"{self.get_role_display()} {self.name}"


@pgtrigger.register(
    pgtrigger.Protect(
        name="never_changed", operation=pgtrigger.Update | pgtrigger.Delete
    )
)
class ArticlePhoto(models.Model):
    """One picture in one version, with its words. The same file in the next version is
    a new row with the same ``key``, so that addresses of pictures outlive corrections.

    The files are ``news/<key>/<width>.jpg``, written once by ``services.keep_picture``.
    """

    version = models.ForeignKey(
        ArticleVersion, on_delete=models.PROTECT, related_name="photos"
    )
    key = models.CharField(max_length=32, editable=False)
    sha256 = models.CharField(_("原文件校验值"), max_length=64, editable=False)
    width = models.PositiveIntegerField(_("宽"), editable=False)
    height = models.PositiveIntegerField(_("高"), editable=False)
    caption = models.CharField(_("图片说明"), max_length=200, blank=True)
    credit = models.CharField(
        _("供图"), max_length=60, blank=True, help_text=_("如“市总工会供图”。")
    )
    alt = models.CharField(
        _("画面描述"),
        max_length=200,
        blank=True,
        help_text=_("给看不到图片的人听：画面里有什么。"),
    )
    is_decorative = models.BooleanField(
        _("仅作装饰"), default=False, help_text=_("没有信息的图片，读屏软件会跳过。")
    )
    is_placed = models.BooleanField(_("已插入正文"), default=False, editable=False)
    order = models.PositiveSmallIntegerField(_("顺序"), default=0)

    objects = ArticlePhotoQuerySet.as_manager()
    changeable = ()

    class Meta:
        verbose_name = verbose_name_plural = _("照片")
        ordering = ["order", "pk"]
        indexes = [models.Index(name="news_articlephoto_key", fields=["key"])]
        constraints = [
            models.UniqueConstraint(
                name="news_articlephoto_once",
                fields=["version", "key"],
                violation_error_message=_("同一张照片不能添加两次。"),
            ),
            models.CheckConstraint(
                name="news_articlephoto_described",
                condition=Q(is_decorative=True) | ~Q(alt=""),
                violation_error_message=_("请填写画面描述，或勾选“仅作装饰”。"),
            ),
        ]

    def __str__(self):
        return self.caption or self.alt or self.key

    def url(self, name: int) -> str:
        """The address of the rendition named by its width limit."""
        return images.rendition_url("news:photo", self.key, name)

    @property
    def small_url(self) -> str:
        return self.url(480)

    @property
    def medium_url(self) -> str:
        return self.url(960)

    @property
    def large_url(self) -> str:
        return self.url(max(images.WIDTHS))

    @property
    def srcset(self) -> str:
        return images.srcset(self.url, self.width, self.height)

    @property
    def spoken(self) -> str:
        """The ``alt`` attribute: empty for a decorative picture."""
        return "" if self.is_decorative else self.alt

    @property
    def caption_with_credit(self) -> str:
        credit = f"（{self.credit}）" if self.credit else ""
        return f"{self.caption}{credit}"
