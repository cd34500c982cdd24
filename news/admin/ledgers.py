"""Pages of the back office for the newsroom's ledgers."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.options import csrf_protect_m
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from common.admin import ReadOnly
from common.errors import Refusal
from common.modeladmin import PortalModelAdmin
from news.models import (
    Article,
    Channel,
    ImportedArticle,
    Inspection,
    Phrase,
    WordingWaiver,
)
from news.services import channels, wording


class PasteForm(forms.Form):
    text = forms.CharField(
        label=_("规范用语"),
        max_length=50_000,
        widget=AdminTextareaWidget(attrs={"rows": 16}),
        help_text=_(
            "每行一条：“错误写法 → 规范写法”；只写一个用语的，表示必须一字不差。"
            "从表格中复制的两列也可以直接粘贴。"
        ),
    )


@admin.register(Phrase)
class PhraseAdmin(PortalModelAdmin, admin.ModelAdmin):
    change_list_template = "admin/news/phrase/change_list.html"
    list_display = ["right", "wrong", "kind", "note", "is_active"]
    list_display_links = ["right"]
    list_filter = ["kind", "is_active"]
    search_fields = ["right", "wrong", "note"]
    fields = ["kind", "wrong", "right", "note", "is_active"]

    def has_delete_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
        wording.save_phrase(phrase=obj, by=request.user)

    def get_urls(self):
        view = self.admin_site.admin_view(self.paste_view)
        return [path("paste/", view, name="news_phrase_paste"), *super().get_urls()]

    @csrf_protect_m
    def paste_view(self, request):
        """Many lines at once: all of them, or none and which are wrong."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = PasteForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                n = wording.paste_phrases(
                    text=form.cleaned_data["text"], by=request.user
                )
            except Refusal as refusal:
                refusal.show_in(form)
            else:
                said = _("新增%(n)d条规范用语。") % {"n": n}
                self.message_user(request, said, messages.SUCCESS)
                return HttpResponseRedirect(reverse("admin:news_phrase_changelist"))
        return TemplateResponse(
            request,
            "admin/news/phrase/paste.html",
            {
                **self.admin_site.each_context(request),
                "opts": self.opts,
                "title": _("粘贴规范用语"),
                "form": form,
            },
        )


class OfArticles:
    """Rows about articles, of those only that this person may read."""

    def get_queryset(self, request):
        articles = Article.objects.managed_by(request.user)
        found = super().get_queryset(request)
        return found.filter(article__in=articles.order_by().values("pk"))


@admin.register(WordingWaiver)
class WordingWaiverAdmin(OfArticles, ReadOnly, PortalModelAdmin, admin.ModelAdmin):
    """Waivers are read here; they are given where the article is read."""

    is_audit = False
    list_display = ["article", "place", "wrong", "right", "by", "reason", "at"]
    list_select_related = ["article", "by"]
    list_filter = ["at"]
    search_fields = ["wrong", "right", "reason"]
    fields = ["article", "place", "wrong", "right", "context", "by", "reason", "at"]


@admin.register(ImportedArticle)
class ImportedArticleAdmin(OfArticles, ReadOnly, PortalModelAdmin, admin.ModelAdmin):
    is_audit = False
    list_display = ["article", "source", "external_key", "by", "reason", "at"]
    list_select_related = ["article", "by"]
    list_filter = ["source"]
    search_fields = ["external_key", "article__title"]
    fields = ["preview", "source", "external_key", "by", "reason", "at"]

    @admin.display(description=_("文章"))
    def preview(self, row):
        address = reverse("admin:news_article_review", args=[row.article_id])
        return format_html('<a href="{}">{}</a>', address, row.article)


class OverdueFilter(admin.SimpleListFilter):
    title = _("检查")
    parameter_name = "overdue"

    def lookups(self, request, model_admin):
        return [("1", _("逾期未检查"))]

    def queryset(self, request, queryset):
        if self.value() != "1":
            return queryset
        today = timezone.localdate()
        return queryset.filter(is_active=True, next_on__lt=today)


@admin.register(Channel)
class ChannelAdmin(PortalModelAdmin, admin.ModelAdmin):
    list_display = [
        *("name", "kind", "host", "sponsor", "responsible"),
        *("last", "next", "is_active"),
    ]
    list_filter = [OverdueFilter, "kind", "is_active"]
    search_fields = ["name", "host", "sponsor", "responsible"]
    fields = [
        *("name", "kind", "url", "host", "sponsor", "responsible"),
        *("inspect_every_days", "is_active"),
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).with_next()

    def has_delete_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
        channels.save_channel(channel=obj, by=request.user)

    @admin.display(description=_("上次检查"), ordering="inspected_on")
    def last(self, channel):
        return channel.inspected_on or _("没有检查过")

    @admin.display(description=_("应检查于"), ordering="next_on")
    def next(self, channel):
        if not channel.is_active:
            return "—"
        late = channel.next_on < timezone.localdate()
        words = _("%(day)s（已逾期）") if late else "%(day)s"
        return words % {"day": channel.next_on}


class OpenFilter(admin.SimpleListFilter):
    title = _("整改")
    parameter_name = "open"

    def lookups(self, request, model_admin):
        return [("1", _("待整改"))]

    def queryset(self, request, queryset):
        return queryset.open() if self.value() == "1" else queryset


class InspectionForm(forms.ModelForm):
    """The rules about its columns are left to the verb, which says each at its field;
    the table has the last word."""

    def _get_validation_exclusions(self):
        return super()._get_validation_exclusions() | set(self.fields)


@admin.register(Inspection)
class InspectionAdmin(PortalModelAdmin, admin.ModelAdmin):
    form = InspectionForm
    list_display = ["on", "channel", "severity", "due_on", "fixed_on", "by"]
    list_display_links = ["on", "channel"]
    list_select_related = ["channel", "by"]
    list_filter = [OpenFilter, "severity", "channel"]
    search_fields = ["channel__name", "findings"]
    date_hierarchy = "on"
    fieldsets = [
        (None, {"fields": ["channel", "on", "severity", "findings", "due_on"]}),
        (_("整改"), {"fields": ["fixed_on", "fixed_note"]}),
    ]

    def get_changeform_initial_data(self, request):
        """It is written down on the day itself."""
        given = super().get_changeform_initial_data(request)
        return {"on": timezone.localdate(), **given}

    def has_delete_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
        channels.save_inspection(inspection=obj, by=request.user)
