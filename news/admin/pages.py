"""机构概况 and 办事指南: written on one page, read and approved on another."""

from django.contrib import admin, messages
from django.contrib.admin.options import csrf_protect_m
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from js_asset import Media

from common.errors import Refusal
from common.modeladmin import PortalModelAdmin
from news import pieces, services
from news.forms import StandingPageForm
from news.models import StandingPage


@admin.register(StandingPage)
class StandingPageAdmin(PortalModelAdmin, admin.ModelAdmin):
    form = StandingPageForm
    list_display = ["title", "kind", "order", "standing", "reading", "live_at"]
    list_filter = ["kind", "is_waiting"]
    search_fields = ["title"]
    fieldsets = [
        (None, {"fields": ["kind", "title", "order", "lead"]}),
        (
            _("怎么办（办事指南）"),
            {"fields": ["steps", "papers", "place", "hours", "phone"]},
        ),
        (_("正文"), {"fields": ["body"]}),
    ]

    @admin.display(description=_("状态"))
    def standing(self, page):
        if page.live is None:
            return _("未公开，待批准")
        return _("已公开，新的修改待批准") if page.is_waiting else _("已公开")

    @admin.display(description=_("审阅"))
    def reading(self, page):
        address = reverse("admin:news_standingpage_read", args=[page.pk])
        return format_html('<a href="{}">{}</a>', address, _("预览和批准"))

    def has_delete_permission(self, request, obj=None):
        return False

    def get_view_on_site_url(self, obj=None):
        if obj is None or obj.live is None:
            return None
        return super().get_view_on_site_url(obj)

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        """The editor's import map is an inline script: it needs the nonce."""
        context["media"] = Media.from_media(
            context["media"], nonce=str(request.csp_nonce)
        )
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def save_model(self, request, obj, form, change):
        services.save_page(page=obj, by=request.user)

    # --- read and approved ------------------------------------------------------------

    def get_urls(self):
        wrap = self.admin_site.admin_view
        return [
            path("<int:pk>/read/", wrap(self.read), name="news_standingpage_read"),
            *super().get_urls(),
        ]

    @csrf_protect_m
    def read(self, request, pk):
        """The page as it will stand, with what may be done about it."""
        page = self.get_object(request, str(pk))
        if not self.has_view_permission(request, page):
            raise PermissionDenied
        if page is None:
            raise Http404
        may_approve = request.user.has_perm("news.approve_standingpage")
        if request.method == "POST":
            if not may_approve:
                raise PermissionDenied
            self.act(request, page)
            return HttpResponseRedirect(request.path)
        context = self.admin_site.each_context(request) | {
            "opts": self.opts,
            "title": str(page),
            "page": page,
            "shown": pieces.standing_words({n: getattr(page, n) for n in page.WORDS}),
            "standing": self.standing(page),
            "may_approve": may_approve,
            "may_change": self.has_change_permission(request, page),
        }
        return TemplateResponse(request, "admin/news/standingpage/read.html", context)

    def act(self, request, page):
        try:
            if "_take_down" in request.POST:
                services.take_down_page(page=page, by=request.user)
                said = _("已撤下，公众不再看到这一页。")
            else:
                seen = request.POST.get("seen", "")
                services.approve_page(page=page, by=request.user, seen=seen)
                said = _("已批准，公众现在看到的就是这一版。")
        except Refusal as refusal:
            self.message_user(request, refusal, messages.ERROR)
        else:
            self.message_user(request, said, messages.SUCCESS)
