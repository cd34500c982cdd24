"""The newsroom's back office: another caller of the verbs of ``services``."""

import json

from django.contrib import admin, messages
from django.contrib.admin.checks import InlineModelAdminChecks
from django.contrib.admin.options import csrf_protect_m
from django.core.exceptions import PermissionDenied
from django.forms import modelformset_factory
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from js_asset import Media

from common import pagecache, richtext
from common.errors import Reason, Refusal
from common.modeladmin import Named, PortalModelAdmin
from news import services
from news.enums import ArticleState
from news.forms import (
    ArticleForm,
    BylineForm,
    BylineFormSet,
    PhotoForm,
    PhotoFormSet,
)
from news.models import Article, ArticlePhoto, ArticleVersion, Byline, Column, Series
from news.tidydesk import TidyingDesk


@admin.register(Column)
class ColumnAdmin(PortalModelAdmin, admin.ModelAdmin):
    list_display = ["name", "order", "in_menu", "is_active"]
    search_fields = ["name"]
    fields = ["name", "description", "order", "in_menu", "is_active"]

    def save_model(self, request, obj, form, change):
        services.save_column(column=obj, by=request.user)

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Series)
class SeriesAdmin(PortalModelAdmin, admin.ModelAdmin):
    list_display = ["title", "planned_parts"]
    search_fields = ["title"]
    fields = ["title", "intro", "planned_parts"]

    def save_model(self, request, obj, form, change):
        services.save_series(series=obj, by=request.user)

    def has_delete_permission(self, request, obj=None):
        return False


class PartsChecks(InlineModelAdminChecks):
    """The rows belong to a version, not to the article on whose page they are typed:
    the check for a foreign key between the two does not apply."""

    def _check_relation(self, obj, parent_model):
        return []

    def _check_exclude_of_parent_model(self, obj, parent_model):
        return []


class PartsInline(Named, admin.options.InlineModelAdmin):
    """Bylines or photos of the newest version, on the article's page. Whoever may
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


class StateFilter(admin.SimpleListFilter):
    title = _("状态")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return ArticleState.choices

    def queryset(self, request, queryset):
        return queryset.filter(state=self.value()) if self.value() else queryset


@admin.register(Article)
class ArticleAdmin(TidyingDesk, PortalModelAdmin, admin.ModelAdmin):
    """Saving keeps a version; publishing and withdrawing are buttons of their own and
    ask for ``news.publish_article``."""

    form = ArticleForm
    inlines = [BylineInline, PhotoInline]
    change_form_template = "admin/news/article/change_form.html"
    list_display = ["title", "column", "standing", "publish_at", "updated_at"]
    list_filter = [StateFilter, "column"]
    list_select_related = ["column"]
    search_fields = ["title", "subtitle", "source_name"]
    autocomplete_fields = ["series"]
    ordering = ["-updated_at", "-pk"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "base",
                    "column",
                    "title",
                    "subtitle",
                    ("series", "series_no"),
                ]
            },
        ),
        (_("来源"), {"fields": [("source_name", "is_reprint"), "source_url"]}),
        (_("内容"), {"fields": ["editor_note", "body", "summary"]}),
        (
            _("发布"),
            {"fields": ["publish_at", "expire_at", ("is_pinned", "is_headline")]},
        ),
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).with_state()

    @admin.display(description=_("状态"), ordering="state")
    def standing(self, article):
        if article.state == ArticleState.SCHEDULED:
            moment = timezone.localtime(article.publish_at)
            return _("定于%(when)s发布") % {"when": moment.strftime("%Y-%m-%d %H:%M")}
        return ArticleState(article.state).label

    # --- who may do what ----------------------------------------------------------

    def has_delete_permission(self, request, obj=None):
        return False

    def has_publish_permission(self, request):
        return request.user.has_perm("news.publish_article")

    def get_readonly_fields(self, request, obj=None):
        """Once published, its place and times change at once for the public."""
        if obj and obj.live_version_id and not self.has_publish_permission(request):
            return ArticleForm.PLACE
        return ()

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "column":
            chosen = request.resolver_match.kwargs.get("object_id")
            field.queryset = Column.objects.to_write_in(chosen)
        return field

    # --- the page -----------------------------------------------------------------

    def get_view_on_site_url(self, obj=None):
        """Only where the public can see it; for all else there is 预览."""
        if obj is None or obj.state != ArticleState.LIVE:
            return None
        return super().get_view_on_site_url(obj)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """Reviewers, who may read and not write, read the article as it will stand."""
        article = self.get_object(request, object_id)
        if article and not self.has_change_permission(request, article):
            if self.has_view_permission(request, article):
                return HttpResponseRedirect(
                    reverse("news:article-preview", args=[article.pk])
                )
            raise PermissionDenied
        return super().change_view(request, object_id, form_url, extra_context)

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        """The editor's import map is an inline script: it needs the nonce."""
        context["media"] = Media.from_media(
            context["media"], nonce=str(request.csp_nonce)
        )
        newest = ArticleVersion.objects.newest_of(obj) if obj else None
        context |= {
            "may_publish": self.has_publish_permission(request),
            "newest": newest,
            "live": obj.live_version if obj else None,
            "is_public": bool(obj and obj.state == ArticleState.LIVE),
            "standing": self.standing(obj) if obj else "",
            "show_save_and_add_another": False,
        }
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    # --- saving -------------------------------------------------------------------

    def save_model(self, request, obj, form, change):
        """Nothing yet: the words are complete once the inlines are read."""

    def save_related(self, request, form, formsets, change):
        bylines, photos = (tuple(formset.content()) for formset in formsets)
        article, base = form.instance, form.cleaned_data["base"]
        if change and form.is_minded:
            bylines, photos = self.merged(article, base, bylines, photos)
            base = form.initial["base"]
        content = form.content(bylines, photos)
        if change:
            version = services.save_version(
                article=article, content=content, by=request.user, base=base
            )
            if not self.get_readonly_fields(request, article):
                place = form.place()
                if self.is_wanted_now(request, form):
                    place["publish_at"] = form.initial["publish_at"]
                services.place(article=article, by=request.user, **place)
        else:
            article = services.create_article(
                content=content, by=request.user, **form.place()
            )
            version = article.versions.get()
            form.instance.pk = article.pk
            form.instance._state.adding = False
        if "_publish" in request.POST or "_schedule" in request.POST:
            self.publish(request, article, version, form)

    def merged(self, article, base, *typed):
        """The bylines and photos as typed; where only somebody else has changed them
        since version ``base``, theirs. Refusal ``stale`` where both did."""
        newest = ArticleVersion.objects.newest_of(article)
        shown = article.versions.filter(number=base).first() or newest
        before, now = services.content_of(shown), services.content_of(newest)
        parts, grounds = [], []
        for name, word, mine in zip(
            ("bylines", "photos"), (_("署名"), _("照片")), typed, strict=True
        ):
            old, theirs = getattr(before, name), getattr(now, name)
            parts.append(theirs if mine == old else mine)
            if mine not in (old, theirs) and theirs != old:
                text = _(
                    "您打开此页后，他人已改%(part)s，现为“%(stored)s”。"
                    "下面仍是您填写的，再次保存即以您的为准。"
                ) % {
                    "part": word,
                    "stored": "、".join(part.in_words for part in theirs) or _("空"),
                }
                grounds.append(Reason("stale", text))
        if grounds:
            raise Refusal(*grounds)
        return parts

    def publish(self, request, article, version, form):
        if not self.has_publish_permission(request):
            raise PermissionDenied
        now = pagecache.moment().now
        at = form.cleaned_data.get("publish_at")
        is_future = at is not None and at > now
        if "_schedule" in request.POST and not is_future:
            text = _("定时发布请填写将来的时间")
            raise Refusal(Reason("not_future", text, field="publish_at"))
        if "_publish" in request.POST and is_future:
            text = _("这是将来的时间：请用“定时发布”，或清空后立即发布")
            raise Refusal(Reason("future", text, field="publish_at"))
        if self.is_wanted_now(request, form):
            at = now
        services.publish(article=article, version=version, by=request.user, at=at)

    def is_wanted_now(self, request, form):
        """An article that waits for its time was published with the time emptied: at
        once, as the hint beside the field says."""
        return (
            "_publish" in request.POST
            and form.cleaned_data.get("publish_at") is None
            and getattr(form.instance, "state", "") == ArticleState.SCHEDULED
        )

    def construct_change_message(self, request, form, formsets, add=False):
        """The words changed are in the versions; here stands what was done."""
        done = _("保存")
        if "_publish" in request.POST:
            done = _("发布")
        if "_schedule" in request.POST:
            done = _("定时发布")
        return json.dumps([{"added": {}}]) if add else str(done)

    def response_add(self, request, obj, post_url_continue=None):
        return self.back_to_page(request, obj)

    def response_change(self, request, obj):
        return self.back_to_page(request, obj)

    def back_to_page(self, request, obj):
        """Back on the article's page, or on to what readers will see, with a sentence
        that says where it stands."""
        article = self.get_queryset(request).get(pk=obj.pk)
        newest = ArticleVersion.objects.newest_of(article)
        lost = richtext.strange_pictures(request.POST.get("body", ""))
        if lost:
            text = _(
                "正文中有%(n)d张从别处粘贴来的图片没有保留。"
                "请在“照片”中添加这些图片，再插入正文。"
            )
            self.message_user(request, text % {"n": lost}, messages.WARNING)
        if "_publish" in request.POST:
            said = _("已发布。")
        elif "_schedule" in request.POST:
            said = self.standing(article) + _("。到时自动显示，无需再操作。")
        elif article.live_version_id == newest.pk:
            said = _("已保存。")
        elif article.state == ArticleState.LIVE:
            said = _("已保存。修改尚未发布，公众看到的仍是原来的版本。")
        elif article.state == ArticleState.SCHEDULED:
            said = _("已保存。修改尚未排定，到时显示的仍是原来的版本。")
        else:
            said = _("已保存，尚未发布。")
        self.message_user(request, said, messages.SUCCESS)
        name = "news:article-preview"
        if "_preview" not in request.POST:
            name = "admin:news_article_change"
        return HttpResponseRedirect(reverse(name, args=[article.pk]))

    # --- more addresses -------------------------------------------------------------

    def get_urls(self):
        wrap = self.admin_site.admin_view
        return [
            path(
                "<int:pk>/photos/", wrap(self.photos_view), name="news_article_photos"
            ),
            path(
                "<int:pk>/withdraw/",
                wrap(self.withdraw_view),
                name="news_article_withdraw",
            ),
            path(
                "<int:pk>/publish/<int:number>/",
                wrap(self.publish_view),
                name="news_article_publish",
            ),
            *super().get_urls(),
        ]

    def photos_view(self, request, pk):
        """The editor's picker window: the article's saved photos, one to choose."""
        article = get_object_or_404(Article, pk=pk)
        if not self.has_change_permission(request, article):
            raise PermissionDenied
        number = request.GET.get("CKEditorFuncNum", "")
        if not number.removeprefix("-").isdigit():
            raise Http404
        version = ArticleVersion.objects.newest_of(article)
        context = self.admin_site.each_context(request) | {
            "title": _("选择照片"),
            "photos": version.photos.all() if version else [],
            "number": number,
            "is_popup": True,
        }
        return TemplateResponse(request, "admin/news/article/photos.html", context)

    @csrf_protect_m
    def publish_view(self, request, pk, number):
        """For who releases and does not write: asks once, then publishes the version
        that was read in the preview, and no other."""
        article = get_object_or_404(self.get_queryset(request), pk=pk)
        if not self.has_publish_permission(request):
            raise PermissionDenied
        version = get_object_or_404(article.versions, number=number)
        if request.method == "POST":
            try:
                services.publish(article=article, version=version, by=request.user)
            except Refusal as refusal:
                self.message_user(request, str(refusal), messages.ERROR)
            else:
                self.log_change(request, article, _("发布"))
                self.message_user(request, _("已发布。"), messages.SUCCESS)
            back = reverse("news:article-preview", args=[article.pk])
            return HttpResponseRedirect(back)
        context = self.admin_site.each_context(request) | {
            "title": _("发布"),
            "article": article,
            "version": version,
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/news/article/publish.html", context)

    @csrf_protect_m
    def withdraw_view(self, request, pk):
        """Asks once, then takes the article off the public pages."""
        article = get_object_or_404(self.get_queryset(request), pk=pk)
        if not self.has_publish_permission(request):
            raise PermissionDenied
        deed, done = _("撤稿"), _("已撤稿。")
        if article.state == ArticleState.SCHEDULED:
            deed, done = _("取消定时发布"), _("已取消定时发布。")
        if request.method == "POST":
            try:
                services.withdraw(article=article, by=request.user)
            except Refusal as refusal:
                self.message_user(request, str(refusal), messages.ERROR)
            else:
                self.log_change(request, article, str(deed))
                self.message_user(request, done, messages.SUCCESS)
            return HttpResponseRedirect(
                reverse("admin:news_article_change", args=[article.pk])
            )
        context = self.admin_site.each_context(request) | {
            "title": deed,
            "article": article,
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/news/article/withdraw.html", context)
