"""The one back office: 市总工会管理后台."""

from collections.abc import Iterable
from functools import partial

from allauth.account.adapter import get_adapter
from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.contenttypes.models import ContentType
from django.contrib.contenttypes.views import shortcut
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models.base import ModelBase
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from common.letters import characters
from common.models import AuditEvent, BackgroundTask
from common.queues import MOST_FOUND, Hit
from members.models import User
from members.services import texting
from unionportal import auditing, deeds, steward, work
from unionportal.paperdesk import PaperDesk
from unionportal.servicedesk import ServiceDesk

LONGEST_SEARCH = 60


class Autocomplete(AutocompleteJsonView):
    """Suggestions for the boxes that ask for them, and for no other relation."""

    def process_request(self, request):
        asked = [request.GET.get(name) for name in ("app_label", "model_name")]
        fields = [
            model_admin.autocomplete_fields
            for model, model_admin in self.admin_site._registry.items()
            if [model._meta.app_label, model._meta.model_name] == asked
        ]
        if not fields or request.GET.get("field_name") not in fields[0]:
            raise PermissionDenied
        return super().process_request(request)

    def get_queryset(self):
        rows, by = super().get_queryset(), self.model_admin.told_apart_by
        is_relation = by in {field.name for field in rows.model._meta.fields}
        return rows.select_related(by) if is_relation else rows

    def serialize_result(self, obj, to_field_name):
        """Two people of one name are told apart by their unions."""
        result = super().serialize_result(obj, to_field_name)
        by = self.model_admin.told_apart_by
        if by and (apart := getattr(obj, by)):
            result["text"] = _("%(name)s（%(apart)s）") % {"name": obj, "apart": apart}
        return result


class PortalAdminSite(admin.AdminSite):
    site_header = _("市总工会管理后台")
    site_title = _("市总工会管理后台")
    index_title = _("工作台")
    enable_nav_sidebar = False  # the tables have a page of their own

    # what staff use daily comes first
    ORDER = (
        "news",
        "activities_training",
        "activities_venues",
        "signups",
        "honors",
        "volunteers",
        "members",
        "unionportal",
        "common",
    )

    # the libraries' own tables: roles are written in roles.py, e-mail is not used, the
    # second factor is reset by a verb of the account
    LEFT_OUT = {"auth", "account", "mfa"}

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
        apps = super().get_app_list(request)
        apps = self.with_audit_apart(apps)
        place = {label: number for number, label in enumerate(self.ORDER)}
        apps.sort(key=lambda app: place.get(app["app_label"], len(place)))
        return [app for app in apps if app_label in (None, app["app_label"])]

    def with_audit_apart(self, apps):
        """The audit and the history of rows stand in a section of their own."""
        audit = {"name": _("审计"), "app_label": "common", "has_module_perms": True}
        audit |= {"app_url": reverse("admin:app_list", args=["common"]), "models": []}
        for app in apps:
            kept = []
            for entry in app["models"]:
                model_admin = self._registry[entry["model"]]
                is_audit = getattr(model_admin, "is_audit", False)
                (audit["models"] if is_audit else kept).append(entry)
            app["models"] = kept
            if app["app_label"] == "common":  # what is left of it
                tasks = any(entry["model"] is BackgroundTask for entry in kept)
                app["name"] = _("日历与后台任务") if tasks else _("日历")
        audit["models"].sort(key=lambda entry: entry["model"] is not AuditEvent)
        return [app for app in [*apps, audit] if app["models"]]

    def get_urls(self):
        """“View on site” leads to rows of the back office only: some of the libraries'
        models have no table behind them."""
        return [
            path(
                "r/<path:content_type_id>/<path:object_id>/",
                self.admin_view(self.view_on_site),
                name="view_on_site",
            ),
            path("tables/", self.admin_view(self.tables_view), name="tables"),
            path("find/", self.admin_view(self.find_view), name="find"),
            path("steward/", self._page(steward.page), name="steward"),
            path(
                "steward/classes/",
                self._page(steward.classes),
                name="steward_classes",
            ),
            path("audit/", self._page(auditing.page), name="audit"),
            path("audit/export/", self._page(auditing.export), name="audit_export"),
            *ServiceDesk(self).urls(),
            *PaperDesk(self).urls(),
            *super().get_urls(),
        ]

    def _page(self, view):
        """A page of the roof: for staff, like every other of the back office."""
        return self.admin_view(partial(view, self))

    def view_on_site(self, request, content_type_id, object_id):
        kinds = ContentType.objects.get_for_models(*self._registry).values()
        if content_type_id not in {str(kind.pk) for kind in kinds}:
            raise Http404
        try:
            return shortcut(request, content_type_id, object_id)
        except ValidationError as error:  # no key of that model: a UUID, for example
            raise Http404 from error

    def index(self, request, extra_context=None):
        """The staff's home: what waits for this person, what is on today, their jobs
        and what they did last. The tables stand behind 全部数据."""
        user, today = request.user, timezone.localdate()
        context = {
            **self.each_context(request),
            "title": _("工作台"),
            "me": User.objects.for_greeting(user),
            "waiting": work.waiting(user, today),
            "agenda": work.today(user, today),
            "jobs": work.jobs(user),
            "deeds": deeds.recent(user),
            **(extra_context or {}),
        }
        if user.has_perm("members.add_user"):  # who runs the site
            context["texts"] = texting.usage()
        request.current_app = self.name
        return TemplateResponse(request, "admin/home.html", context)

    def tables_view(self, request):
        """全部数据: every table this person may open, section by section."""
        context = {
            **self.each_context(request),
            "title": _("全部数据"),
            "app_list": self.get_app_list(request),
        }
        return TemplateResponse(request, "admin/index.html", context)

    def find_view(self, request):
        """The command box: people, articles, classes, teams, pages by their name. A
        page like any other; the key that leads to the box is a script's."""
        text = request.GET.get("q", "")[:LONGEST_SEARCH]
        context = {
            **self.each_context(request),
            "title": _("查找"),
            "q": text,
            "pages": self._pages_named(request, text),
            "found": work.found(request.user, text),
        }
        return TemplateResponse(request, "admin/find.html", context)

    def _pages_named(self, request, text):
        """Jobs and lists of rows in whose name every word of ``text`` stands."""
        words = characters(text).split()
        lists = [
            Hit(str(entry["name"]), entry["admin_url"], str(app["name"]))
            for app in self.get_app_list(request)
            for entry in app["models"]
            if entry["admin_url"]
        ]
        jobs = [Hit(job.title, job.link, job.hint) for job in work.jobs(request.user)]
        return [
            page
            for page in [*jobs, *lists]
            if words and all(word in page.text for word in words)
        ][:MOST_FOUND]

    def autocomplete_view(self, request):
        return Autocomplete.as_view(admin_site=self)(request)

    @method_decorator(never_cache)
    def login(self, request, extra_context=None):
        """Staff come in by the portal's own log-in page: phone, password, lock-out."""
        return secure_admin_login(super().login)(request, extra_context)

    @method_decorator(require_POST)
    def logout(self, request, extra_context=None):
        """On record, like the portal's own."""
        get_adapter(request).logout(request)
        return redirect("home")

    def password_change(self, request, extra_context=None):
        """The portal's own page, which knows the rules for staff."""
        return redirect("account_change_password")

    def password_change_done(self, request, extra_context=None):
        return redirect("account_security")
