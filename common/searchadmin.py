"""The word list of the search in the back office, and making the index anew."""

from django.contrib import admin, messages
from django.contrib.admin.options import csrf_protect_m
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from common.modeladmin import PortalModelAdmin
from common.models import SearchRun, SearchWord
from common.services import indexing


@admin.register(SearchWord)
class SearchWordAdmin(PortalModelAdmin, admin.ModelAdmin):
    """Words that are never cut apart. The list says how far the index is."""

    change_list_template = "admin/common/searchword/change_list.html"
    list_display = ["word", "is_suggested", "updated_at"]
    list_filter = ["is_suggested"]
    search_fields = ["word"]
    fields = ["word", "is_suggested"]

    def save_model(self, request, obj, form, change):
        indexing.save_word(word=obj, by=request.user)

    def delete_model(self, request, obj):
        indexing.delete_word(word=obj, by=request.user)

    def get_actions(self, request):
        """One by one: each has the whole index made anew."""
        return {}

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(
            request, {**(extra_context or {}), "run": SearchRun.objects.first()}
        )

    def get_urls(self):
        view = self.admin_site.admin_view(require_POST(self.reindex_view))
        return [
            path("reindex/", view, name="common_searchword_reindex"),
            *super().get_urls(),
        ]

    @csrf_protect_m
    def reindex_view(self, request):
        if not self.has_change_permission(request):
            raise PermissionDenied
        indexing.ask_for_all(by=request.user)
        text = _("已安排重建索引，期间仍可搜索。")
        self.message_user(request, text, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:common_searchword_changelist"))
