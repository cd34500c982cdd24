"""What goes with the words of a version and is no picture: files, and films elsewhere."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from common import filestore
from news import videohosts
from news.enums import FileKind
from news.models.articles import ArticleVersion
from news.querysets import ArticleFileQuerySet


@pgtrigger.register(
    pgtrigger.Protect(
        name="never_changed", operation=pgtrigger.Update | pgtrigger.Delete
    )
)
class ArticleFile(models.Model):
    """One file in one version: a document to be downloaded, or a film that the page
    plays. The same file in the next version is a new row with the same ``key``.

    The bytes lie in ``newsfiles/<key>/``, written once by ``services.keep_file``.
    """

    version = models.ForeignKey(
        ArticleVersion, on_delete=models.PROTECT, related_name="files"
    )
    key = models.CharField(max_length=32, editable=False)
    sha256 = models.CharField(_("文件校验值"), max_length=64, editable=False)
    size = models.PositiveIntegerField(_("大小"), editable=False)  # bytes
    kind = models.CharField(_("格式"), max_length=4, choices=FileKind, editable=False)
    name = models.CharField(
        _("名称"),
        max_length=80,
        help_text=_("读者看到的名称，不必写扩展名。如“报名表”。"),
    )
    order = models.PositiveSmallIntegerField(_("顺序"), default=0)

    objects = ArticleFileQuerySet.as_manager()
    changeable = ()

    class Meta:
        verbose_name = verbose_name_plural = _("附件")
        ordering = ["order", "pk"]
        indexes = [models.Index(name="news_articlefile_key", fields=["key"])]
        constraints = [
            models.UniqueConstraint(
                name="news_articlefile_once",
                fields=["version", "key"],
                violation_error_message=_("同一个文件不能添加两次。"),
            ),
            models.CheckConstraint(
                name="news_articlefile_has_name",
                condition=~Q(name=""),
                violation_error_message=_("请填写附件的名称。"),
            ),
            models.CheckConstraint(
                name="news_articlefile_kind_is_known",
                condition=Q(kind__in=FileKind.values),
                violation_error_message=_("不认识的文件格式。"),
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("news:file", args=[self.key])

    @property
    def is_film(self) -> bool:
        return self.kind == FileKind.MP4

    @property
    def file_name(self) -> str:
        return f"{self.name}.{self.kind}"

    @property
    def weight(self) -> str:
        return filestore.size_in_words(self.size)


@pgtrigger.register(
    pgtrigger.Protect(
        name="never_changed", operation=pgtrigger.Update | pgtrigger.Delete
    )
)
class ArticleVideo(models.Model):
    """A film on another site, in one version: a card that leads there."""

    version = models.ForeignKey(
        ArticleVersion, on_delete=models.PROTECT, related_name="videos"
    )
    url = models.URLField(_("播放页网址"), max_length=500)
    title = models.CharField(_("视频标题"), max_length=80)
    order = models.PositiveSmallIntegerField(_("顺序"), default=0)

    changeable = ()

    class Meta:
        verbose_name = verbose_name_plural = _("视频链接")
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(
                name="news_articlevideo_has_title",
                condition=~Q(title=""),
                violation_error_message=_("请填写视频标题。"),
            ),
            models.CheckConstraint(
                name="news_articlevideo_url_is_web",
                condition=Q(url__startswith="https://"),
                violation_error_message=_("视频网址须以 https:// 开头。"),
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def host(self) -> str:
        return videohosts.host_of(self.url)
