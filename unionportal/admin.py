"""The one back office: 市总工会管理后台."""

from collections.abc import Iterable

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.db.models.base import ModelBase
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

    # the libraries' own tables: roles are written in roles.py, e-mail is not used
    LEFT_OUT = {"auth", "account"}

    def register(self, model_or_iterable, admin_class=None, **options):
        models = (
            model_or_iterable
            if isinstance(model_or_iterable, Iterable)
            and not isinstance(model_or_iterable, ModelBase)
            else [model_or_iterable]
        )
        wanted = [m for m in models if m._meta.app_label not in self.LEFT_OUT]
        super().register(wanted, admin_class, **options)

    def get_app_list(self, request, app_label=None):
        apps = super().get_app_list(request, app_label)
        place = {label: number for number, label in enumerate(self.ORDER)}
        return sorted(apps, key=lambda app: place.get(app["app_label"], len(place)))

    @method_decorator(never_cache)
    def login(self, request, extra_context=None):
        """Staff come in by the portal's own log-in page: phone, password, lock-out."""
        return secure_admin_login(super().login)(request, extra_context)
