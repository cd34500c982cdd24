"""Certificates of hours in the back office: looked at, issued for who has no log-in,
revoked. Rules live in services."""

from django.contrib import admin, messages
from django.contrib.admin.options import csrf_protect_m
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from common import numerals
from common.errors import Refusal
from common.modeladmin import PortalModelAdmin, ViewOnly
from volunteers.forms import ForSomebodyForm
from volunteers.models import HoursCertificate
from volunteers.querysets.certificates import CERTIFY
from volunteers.services import certifying
from volunteers.services.hours import hours_said
from volunteers.services.joining import worker_named


class StandingFilter(admin.SimpleListFilter):
    title = _("状态")
    parameter_name = "standing"

    def lookups(self, request, model_admin):
        return [("valid", _("有效")), ("revoked", _("已撤销"))]

    def queryset(self, request, queryset):
        if self.value() not in ("valid", "revoked"):
            return queryset
        return queryset.filter(paper__revoked_at__isnull=self.value() == "valid")


@admin.register(HoursCertificate)
class HoursCertificateAdmin(ViewOnly, PortalModelAdmin, admin.ModelAdmin):
    list_display = ["number", "holder", "first_on", "last_on", "hours", "standing"]
    list_display_links = None
    list_filter = [StandingFilter]
    list_select_related = ["paper", "worker"]
    search_fields = ["paper__number", "paper__holder_name"]
    fields = ["number", "holder", "first_on", "last_on", "hours", "standing"]

    def get_queryset(self, request):
        return super().get_queryset(request).managed_by(request.user)

    def get_urls(self):
        own = self._job_urls(
            ("issue/", self.issue_view, "issue"),
            ("<int:pk>/work/", self.work_view, "work"),
        )
        return [*own, *super().get_urls()]

    @admin.display(description=_("编号"), ordering="paper__number")
    def number(self, made):
        at = self._at("work", made.pk)
        return format_html('<a href="{}">{}</a>', at, made.paper.printed_number)

    @admin.display(description=_("持有人"), ordering="paper__holder_name")
    def holder(self, made):
        return made.paper.holder_name

    @admin.display(description=_("时长（小时）"), ordering="minutes")
    def hours(self, made):
        return numerals.hours(made.minutes)[0]

    @admin.display(description=_("状态"), ordering="paper__revoked_at")
    def standing(self, made):
        return _("已撤销") if made.paper.revoked_at else _("有效")

    def changelist_view(self, request, extra_context=None):
        extra = {"may_issue": request.user.has_perm(CERTIFY)}
        return super().changelist_view(request, extra | (extra_context or {}))

    @csrf_protect_m
    def issue_view(self, request):
        """For somebody who cannot ask for themselves: found by name and number."""
        if not request.user.has_perm(CERTIFY):
            raise PermissionDenied
        form = ForSomebodyForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            given = dict(form.cleaned_data)
            try:
                worker = worker_named(given.pop("name"), given.pop("number"))
                made = certifying.issue(worker=worker, by=request.user, **given)
            except Refusal as refusal:
                refusal.show_in(form)
            else:
                self.message_user(request, _("证明已出具。"), messages.SUCCESS)
                return HttpResponseRedirect(self._at("work", made.pk))
        return self._page(request, "issue", _("出具志愿服务证明"), form=form)

    @csrf_protect_m
    def work_view(self, request, pk):
        """One certificate: what it rests on; revoked here."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        rows = self.get_queryset(request).select_related("paper", "worker")
        made = get_object_or_404(rows, pk=pk)
        problems = []
        if request.method == "POST":
            if not request.user.has_perm(CERTIFY):
                raise PermissionDenied
            reason = request.POST.get("reason", "")[:200]
            try:
                certifying.revoke(certificate=made, reason=reason, by=request.user)
            except Refusal as refusal:
                problems = [str(one) for one in refusal.reasons]
            else:
                said = _("证明已撤销，查验时会显示。")
                self.message_user(request, said, messages.SUCCESS)
                return HttpResponseRedirect(self._at("work", pk))
        records = list(
            made.records.select_related("event__team").order_by("-served_on", "-pk")[
                :100
            ]
        )
        for record in records:
            record.hours = hours_said(record.minutes)
        return self._page(
            request,
            "work",
            _("%(name)s的志愿服务证明") % {"name": made.paper.holder_name},
            made=made,
            paper=made.paper,
            hours=numerals.hours(made.minutes)[0],
            records=records,
            problems=problems,
            typed=request.POST,
            may_revoke=request.user.has_perm(CERTIFY) and made.paper.revoked_at is None,
        )

    def _page(self, request, name, title, **context):
        return self._job_page(
            request,
            f"volunteers/hourscertificate/{name}",
            title,
            above=[(_("志愿服务证明"), self._at("changelist"))],
            **context,
        )
