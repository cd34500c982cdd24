"""Credits, pictures, attachments and films on an article's page in the back office."""

from django.contrib import admin
from django.contrib.admin.checks import InlineModelAdminChecks
from django.forms import modelformset_factory
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from common.modeladmin import Named
from news.forms import (
    BylineForm,
    BylineFormSet,
    FileForm,
    FileFormSet,
    PhotoForm,
    PhotoFormSet,
    VideoForm,
    VideoFormSet,
)
from news.models import ArticleFile, ArticlePhoto, ArticleVideo, Byline


class PartsChecks(InlineModelAdminChecks):
    """The rows belong to a version, not to the article on whose page they are typed:
    the check for a foreign key between the two does not apply."""

    def _check_relation(self, obj, parent_model):
        return []

    def _check_exclude_of_parent_model(self, obj, parent_model):
        return []


class PartsInline(Named, admin.options.InlineModelAdmin):
    """Bylines, photos or files of the draft, on the article's page. Whoever may
    change the article may change them."""

    checks_class = PartsChecks
    formset = None
    extra = 1

    def get_formset(self, request, obj=None, **kwargs):
        return modelformset_factory(
            self.model,
            form=self.form,
            formset=self.formset,
            formfield_callback=lambda field, **options: self.formfield_for_dbfield(
                field, request, **options
            ),
            extra=self.extra,
            can_delete=True,
        )

    def has_add_permission(self, request, obj=None):
        return request.user.has_perms(["news.change_article"])

    has_change_permission = has_add_permission
    has_delete_permission = has_add_permission
    has_view_permission = has_add_permission


class BylineInline(PartsInline):
    model = Byline
    form = BylineForm
    formset = BylineFormSet
    template = "admin/edit_inline/tabular.html"
    verbose_name_plural = _("署名")
    fields = ["role", "name"]


class PhotoInline(PartsInline):
    model = ArticlePhoto
    form = PhotoForm
    formset = PhotoFormSet
    template = "admin/edit_inline/stacked.html"
    measure_word = _("张")
    verbose_name_plural = _("照片（说明、供图以此处为准，正文中的图片随之更新）")
    extra = 0
    readonly_fields = ["picture"]
    fields = [
        "picture",
        "file",
        "receipt",
        "key",
        ("caption", "credit"),
        ("alt", "is_decorative"),
        "order",
    ]

    @admin.display(description=_("图片"))
    def picture(self, photo):
        if not photo.key:
            return "—"
        return format_html(
            '<img src="{}" alt="{}" width="160">', photo.small_url, photo.spoken
        )


class FileInline(PartsInline):
    model = ArticleFile
    form = FileForm
    formset = FileFormSet
    template = "admin/edit_inline/stacked.html"
    measure_word = _("个")
    verbose_name = _("附件或视频文件")
    verbose_name_plural = _("附件和视频文件（附件列在文末，视频放在正文前）")
    extra = 0
    readonly_fields = ["download"]
    fields = ["download", "file", "receipt", "key", ("name", "order")]

    @admin.display(description=_("已上传"))
    def download(self, file):
        if not file.key:
            return "—"
        return format_html(
            '<a href="{}">{}，{}</a>',
            file.get_absolute_url(),
            file.get_kind_display(),
            file.weight,
        )


class VideoInline(PartsInline):
    model = ArticleVideo
    form = VideoForm
    formset = VideoFormSet
    template = "admin/edit_inline/tabular.html"
    verbose_name_plural = _("视频链接（读者点开后到该网站观看）")
    extra = 0
    fields = ["url", "title", "order"]
