"""The one back office: 市总工会管理后台."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache


class PortalAdminSite(admin.AdminSite):
    site_header = _("市总工会管理后台")
    site_title = _("市总工会管理后台")
    index_title = _("后台首页")
    enable_nav_sidebar = True

    # what staff use daily comes first
    ORDER = (
        "news",
        "activities_training",
        "activities_venues",
        "signups",
        "honors",
        "volunteers",
        "members",
    )

    def get_app_list(self, request, app_label=None):
        apps = super().get_app_list(request, app_label)
        place = {label: number for number, label in enumerate(self.ORDER)}
        return sorted(apps, key=lambda app: place.get(app["app_label"], len(place)))

    @method_decorator(never_cache)
    def login(self, request, extra_context=None):
        """Staff come in by the portal's own log-in page: phone, password, lock-out."""
        return secure_admin_login(super().login)(request, extra_context)
