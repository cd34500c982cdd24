"""The list of articles, and the page on which one is written."""

import json

from django.contrib import admin, messages
from django.contrib.admin.options import csrf_protect_m
from django.contrib.admin.utils import flatten_fieldsets
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import (
    Http404,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
    JsonResponse,
)
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from js_asset import Media

from common import images, richtext, staleforms
from common.errors import Reason, Refusal
from common.modeladmin import PortalModelAdmin
from news import services
from news.admin.actions import ArticleActions
from news.admin.checking import CheckPages
from news.admin.parts import BylineInline, FileInline, PhotoInline, VideoInline
from news.admin.reviewing import ReviewPages
from news.admin.uploads import Uploads
from news.cards import due_in_words, returned_with, standing_in_words
from news.enums import LEVEL_OF, ArticleState, ColumnJob, Stage
from news.forms import PARTS, ArticleForm, fingerprint, working_of
from news.models import Article, Column
from news.tidydesk import TidyingDesk


def parts_seen(text: str) -> dict:
    """What a page says that it showed of the credits and pictures."""
    try:
        shown = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return shown if isinstance(shown, dict) else {}


def parts_of(formsets) -> dict:
    """What the page's formsets hold, by its name in ``Content``."""
    return {
        name: tuple(rows.content()) for name, rows in zip(PARTS, formsets, strict=True)
    }


class StateFilter(admin.SimpleListFilter):
    title = _("状态")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return ArticleState.choices

    def queryset(self, request, queryset):
        return queryset.filter(state=self.value()) if self.value() else queryset


class StageFilter(admin.SimpleListFilter):
    """Where articles stand on their way; ``mine`` leads here from 待办."""

    title = _("审核")
    parameter_name = "stage"

    def lookups(self, request, model_admin):
        return [
            ("mine", _("待我审核")),
            ("urgent", _("已紧急发布、待补审")),
            ("unsent", _("未送审的草稿")),
            *((value, label) for value, label in Stage.choices if value != Stage.NONE),
        ]

    def queryset(self, request, queryset):
        chosen = self.value()
        if chosen == "mine":
            return queryset.to_review_by(request.user)
        if chosen == "urgent":
            return queryset.released_unread()
        if chosen == "unsent":
            return queryset.unsent()
        return queryset.awaiting(chosen) if chosen else queryset


class OwnColumnFilter(admin.RelatedFieldListFilter):
    """The columns in which the asker works."""

    def field_choices(self, field, request, model_admin):
        columns = Column.objects.managed_by(request.user)
        return [(column.pk, str(column)) for column in columns]


@admin.register(Article)
class ArticleAdmin(
    CheckPages,
    Uploads,
    ReviewPages,
    ArticleActions,
    TidyingDesk,
    PortalModelAdmin,
    admin.ModelAdmin,
):
    """Saving keeps a draft, 送审 makes a version of it. Whoever has no job in a column
    finds none of its articles, by whatever address."""

    form = ArticleForm
    inlines = [BylineInline, PhotoInline, FileInline, VideoInline]  # as ``PARTS``
    change_form_template = "admin/news/article/change_form.html"
    list_display = ["title", "column", "standing", "due", "publish_at", "updated_at"]
    list_filter = [StageFilter, StateFilter, ("column", OwnColumnFilter)]
    list_select_related = ["column", "claim__user"]
    search_fields = ["title", "subtitle", "source_name"]
    autocomplete_fields = ["series", "chosen"]
    ordering = ["-updated_at", "-pk"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "base",
                    "parts",
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
        (_("相关阅读"), {"fields": ["keywords", "chosen"]}),
    ]

    def get_queryset(self, request):
        rows = super().get_queryset(request).managed_by(request.user)
        return rows.with_state()

    def get_object(self, request, object_id, from_field=None):
        """A foreign column's article is 404 like one that is not there."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        article = super().get_object(request, object_id, from_field)
        if article is None:
            raise Http404
        return article

    @admin.display(description=_("状态"), ordering="state")
    def standing(self, article):
        return standing_in_words(article)

    @admin.display(description=_("审核期限"), ordering="due_on")
    def due(self, article):
        return due_in_words(article)

    # --- who may do what ----------------------------------------------------------

    def has_delete_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        """In the columns of which they are an editor."""
        if not super().has_change_permission(request, obj):
            return False
        return obj is None or self.works_in(request, obj, ColumnJob.EDIT)

    def has_publish_permission(self, request, obj=None):
        return request.user.has_perm("news.publish_article")

    def works_in(self, request, article, *jobs):
        """Whether the asker has one of these jobs in the article's column; asked for
        once a request."""
        known = request.__dict__.setdefault("news_jobs", {})
        key = (article.column_id, jobs)
        if key not in known:
            known[key] = services.may(request.user, article.column_id, *jobs)
        return known[key]

    def get_fieldsets(self, request, obj=None):
        """A correction is of what the public has read."""
        found = super().get_fieldsets(request, obj)
        state = getattr(obj, "state", ArticleState.DRAFT)
        if state in (ArticleState.DRAFT, ArticleState.SCHEDULED):
            return found
        return [*found, (_("更正"), {"fields": ["correction"]})]

    def get_readonly_fields(self, request, obj=None):
        """Once published, its place and times change at once for the public."""
        if obj and obj.live_version_id and not self.has_publish_permission(request):
            return (*ArticleForm.PLACE, "chosen")
        return ()

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "column":
            chosen = request.resolver_match.kwargs.get("object_id")
            columns = Column.objects.to_write_in(chosen)
            field.queryset = columns.worked_in_by(request.user, ColumnJob.EDIT)
        return field

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        """A report of another column is named beside theirs once the public reads it."""
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        if db_field.name == "chosen":
            mine = Article.objects.managed_by(request.user).values("pk")
            live = Article.objects.live().values("pk")
            field.queryset = Article.objects.filter(Q(pk__in=mine) | Q(pk__in=live))
        return field

    # --- the page -----------------------------------------------------------------

    def get_view_on_site_url(self, obj=None):
        """Only where the public can see it; for all else there is 预览."""
        if obj is None or obj.state != ArticleState.LIVE:
            return None
        return super().get_view_on_site_url(obj)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """Reviewers, who may read and not write, come to the page on which they read
        the article as it will stand."""
        article = self.get_object(request, object_id)
        if not self.has_change_permission(request, article):
            return HttpResponseRedirect(
                reverse("admin:news_article_review", args=[article.pk])
            )
        return super().change_view(request, object_id, form_url, extra_context)

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        """The editor's import map is an inline script: it needs the nonce."""
        context["media"] = Media.from_media(
            context["media"], nonce=str(request.csp_nonce)
        )
        working = working_of(obj) if obj else None
        context |= {
            "may_publish": bool(obj) and self.has_publish_permission(request),
            "working": working,
            "live": obj.live_version if obj else None,
            "is_public": bool(obj and obj.state == ArticleState.LIVE),
            "standing": self.standing(obj) if obj else "",
            "may_recall": bool(obj)
            and obj.stage in LEVEL_OF
            and obj.live_version_id != obj.review_version_id,
            "returned": returned_with(obj),
            "may_discard": bool(
                working and working.draft and working.draft.author_id == request.user.pk
            ),
            "autosave": reverse("admin:news_article_autosave", args=[obj.pk])
            if obj
            else reverse("admin:news_article_autosave_new"),
            "accept": images.ACCEPT,
            "upload": reverse("admin:news_article_picture", args=[obj.pk])
            if obj
            else reverse("admin:news_article_picture_new"),
            "attach": reverse("admin:news_article_file", args=[obj.pk])
            if obj
            else reverse("admin:news_article_file_new"),
            "show_save_and_add_another": False,
        }
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    # --- saving -------------------------------------------------------------------

    def save_model(self, request, obj, form, change):
        """Nothing yet: the words are complete once the inlines are read."""

    def save_related(self, request, form, formsets, change):
        parts = parts_of(formsets)
        article, base = form.instance, form.cleaned_data["base"] or None
        if change and form.is_minded:
            parts = self.merged(form, parts)
            base = form.working.token
        content = form.content(parts)
        if change:
            services.save_draft(
                article=article, content=content, by=request.user, seen=base
            )
            if not self.get_readonly_fields(request, article):
                services.place(article=article, by=request.user, **form.place())
        else:
            article = services.create_article(
                content=content, by=request.user, **form.place()
            )
            form.instance.pk = article.pk
            form.instance._state.adding = False
        if "_send" in request.POST:
            article = self.get_queryset(request).get(pk=article.pk)
            refused = services.sending_reasons(article)
            if refused:
                raise Refusal(*refused)
            request.reads_check = bool(self.said_before(article))
            if not request.reads_check:
                services.send(article=article, by=request.user)

    def merged(self, form, typed):
        """The parts as typed; where only somebody else has changed them
        since the page was opened, theirs. Refusal ``stale`` where both did."""
        stored = form.working.content
        shown = parts_seen(form.data.get("parts", ""))
        parts, grounds = {}, []
        words = (_("署名"), _("照片"), _("附件"), _("视频链接"))
        for name, word in zip(PARTS, words, strict=True):
            mine = typed[name]
            theirs = getattr(stored, name) if stored else ()
            old = shown.get(name, fingerprint(theirs))
            is_mine, is_theirs = fingerprint(mine) != old, fingerprint(theirs) != old
            parts[name] = mine if is_mine else theirs
            if is_mine and is_theirs and mine != theirs:
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

    def construct_change_message(self, request, form, formsets, add=False):
        """The words changed are in the versions; here stands what was done."""
        is_sent = "_send" in request.POST and not request.reads_check
        done = _("送审") if is_sent else _("保存")
        return json.dumps([{"added": {}}]) if add else str(done)

    def response_add(self, request, obj, post_url_continue=None):
        return self.back_to_page(request, obj)

    def response_change(self, request, obj):
        return self.back_to_page(request, obj)

    def back_to_page(self, request, obj):
        """Back on the article's page, or on to what readers will see, with a sentence
        that says where it stands."""
        article = self.get_queryset(request).get(pk=obj.pk)
        lost = richtext.strange_pictures(request.POST.get("body", ""))
        if lost:
            text = _(
                "正文中有%(n)d张从别处粘贴来的图片没有保留。"
                "请在“照片”中添加这些图片，再插入正文。"
            )
            self.message_user(request, text % {"n": lost}, messages.WARNING)
        reads_check = "_send" in request.POST and request.reads_check
        if reads_check:
            said = _("草稿已保存，还没有送审。请看过下面的提醒再送审。")
        elif "_send" in request.POST:
            said = _("已送审，等待初审。")
        elif working_of(article).draft is None:
            said = _("已保存。")
        elif article.state == ArticleState.LIVE:
            said = _("草稿已保存，尚未送审。公众看到的仍是原来的版本。")
        elif article.state == ArticleState.SCHEDULED:
            said = _("草稿已保存，尚未送审。到时显示的仍是原来的版本。")
        else:
            said = _("草稿已保存，尚未送审。")
        level = messages.WARNING if reads_check else messages.SUCCESS
        self.message_user(request, said, level)
        if "_preview" in request.POST:
            return HttpResponseRedirect(
                reverse("news:article-preview", args=[article.pk])
            )
        page = "review" if "_send" in request.POST else "change"
        page = "check" if reads_check else page
        return HttpResponseRedirect(
            reverse(f"admin:news_article_{page}", args=[article.pk])
        )

    # --- kept while one types ---------------------------------------------------------

    def get_urls(self):
        wrap = self.admin_site.admin_view
        return [
            path(
                "autosave/", wrap(self.autosave_new), name="news_article_autosave_new"
            ),
            path(
                "<int:pk>/autosave/", wrap(self.autosave), name="news_article_autosave"
            ),
            path("photos/", wrap(self.photos_new), name="news_article_photos_new"),
            path(
                "<int:pk>/photos/", wrap(self.photos_view), name="news_article_photos"
            ),
            *super().get_urls(),
        ]

    @csrf_protect_m
    def autosave_new(self, request):
        """The first words of a new article: kept as soon as it has title and column."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        return self.keep_typed(request, None)

    @csrf_protect_m
    def autosave(self, request, pk):
        article = self.found(request, pk)
        if not self.has_change_permission(request, article):
            raise PermissionDenied
        return self.keep_typed(request, article)

    def keep_typed(self, request, article):
        """Answers in JSON with what the page then shows as stored; what is refused
        stays in the page, and 保存 says why."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        form_class = self.get_form(request, article, change=article is not None)
        form = form_class(request.POST, instance=article or Article())
        form.is_valid()
        formsets = []
        for formset, _inline in self.get_formsets_with_inlines(request, article):
            rows = formset(
                request.POST,
                instance=article,
                prefix=formset.get_default_prefix(),
            )
            rows.is_valid()
            formsets.append(rows)
        content = form.content_as_typed(parts_of(formsets))
        try:
            if article is None:
                column = form.cleaned_data.get("column")
                if not column or not content.title.strip():
                    return JsonResponse({"waits": True})
                article = services.create_article(
                    column=column, content=content, by=request.user, is_typing=True
                )
            else:
                services.save_draft(
                    article=article,
                    content=content,
                    by=request.user,
                    seen=form.data.get("base") or None,
                    is_typing=True,
                )
        except Refusal as refusal:
            return JsonResponse({"said": str(refusal)}, status=409)
        return JsonResponse(self.shown_now(request, article.pk))

    def shown_now(self, request, pk):
        """What a page would say today that it has shown (``common.staleforms``)."""
        article = self.get_queryset(request).get(pk=pk)
        form = self.get_form(request, article, change=True)(instance=article)
        names = flatten_fieldsets(self.get_fieldsets(request, article))
        moment = timezone.localtime().strftime("%H:%M")
        return {
            "base": form.initial["base"],
            "parts": form.initial["parts"],
            "seen": staleforms.seen_in([(form, names)]),
            "address": reverse("admin:news_article_change", args=[pk]),
            "autosave": reverse("admin:news_article_autosave", args=[pk]),
            "said": _("已自动保存 %(at)s") % {"at": moment},
        }

    def photos_new(self, request):
        if not self.has_add_permission(request):
            raise PermissionDenied
        return self.picker(request, None)

    def photos_view(self, request, pk):
        article = self.found(request, pk)
        if not self.has_change_permission(request, article):
            raise PermissionDenied
        return self.picker(request, working_of(article).content)

    def picker(self, request, content):
        """The editor's picker window: the draft's pictures, one to choose."""
        number = request.GET.get("CKEditorFuncNum", "")
        if not number.removeprefix("-").isdigit():
            raise Http404
        context = self.admin_site.each_context(request) | {
            "title": _("选择照片"),
            "photos": services.photos_of(content) if content else [],
            "number": number,
            "is_popup": True,
        }
        return TemplateResponse(request, "admin/news/article/photos.html", context)
