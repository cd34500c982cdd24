"""Nominations in the back office: a list for each who deals with them, and one page on
which a county, an industry union or the city reads one and decides."""

from django.contrib import admin, messages
from django.contrib.admin.options import csrf_protect_m
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from common.errors import Refusal
from common.letters import is_key
from common.modeladmin import PortalModelAdmin, ViewOnly
from honors.enums import MOVES, NominationRole, NominationState
from honors.models import Nomination
from honors.services import nominations, papers

RIGHTS = ("honors.nominate", "honors.review_nomination", "honors.run_edition")
_S = NominationState


@admin.register(Nomination)
class NominationAdmin(ViewOnly, PortalModelAdmin, admin.ModelAdmin):
    """Each sees the rows that ``managed_by`` gives; nothing is typed here."""

    list_display = ["who", "edition", "unit", "state", "submitted_on"]
    list_display_links = None
    list_filter = ["state", "edition"]
    list_select_related = ["edition", "unit"]
    search_fields = ["name"]
    fields = ["edition", "unit", "name", "state", "brief", "deeds"]

    def get_urls(self):
        own = self._job_urls(("<int:pk>/work/", self.work_view, "work"))
        return [*own, *super().get_urls()]

    def get_queryset(self, request):
        return super().get_queryset(request).managed_by(request.user)

    def has_module_permission(self, request):
        return self.has_view_permission(request)

    def has_view_permission(self, request, obj=None):
        return any(request.user.has_perm(right) for right in RIGHTS)

    @admin.display(description=_("姓名或集体名称"), ordering="name")
    def who(self, nomination):
        name = nomination.name or _("（未填姓名）")
        if nomination.submitted_at is None:
            address = reverse("honors:nomination-detail", args=[nomination.pk])
        else:
            address = self._at("work", nomination.pk)
        return format_html('<a href="{}">{}</a>', address, name)

    @admin.display(description=_("提交日期"), ordering="submitted_at")
    def submitted_on(self, nomination):
        if nomination.submitted_at is None:
            return "—"
        return f"{timezone.localtime(nomination.submitted_at):%Y-%m-%d}"

    # --- one nomination

    @csrf_protect_m
    def work_view(self, request, pk):
        """What it says, its papers, what happened, and what this person may decide."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        nomination = get_object_or_404(self.get_queryset(request).for_page(), pk=pk)
        if request.method != "POST":
            return self._show(request, nomination)
        try:
            said = self._act(request, nomination)
        except Refusal as refusal:
            return self._show(request, nomination, refusal.reasons)
        if said:
            self.message_user(request, said, messages.SUCCESS)
        return HttpResponseRedirect(self._at("work", pk))

    def _act(self, request, nomination):
        """Do what was asked for, with the words that were on the page (``version``);
        what is said of it, empty for an unknown wish."""
        typed = request.POST.get("version", "")
        if is_key(typed):
            nomination.version = int(typed)
        seen = request.POST.get("seen", "")
        if seen in NominationState.values:
            nomination.state = seen
        by, reason = request.user, request.POST.get("reason", "")
        do = request.POST.get("do", "")
        verbs = {
            "accept": (nominations.county_accept, _("已同意，转市总工会审查资格。")),
            "eligible": (nominations.declare_eligible, _("资格审查通过。")),
            "return": (nominations.send_back, _("已退回推荐单位。")),
            "reject": (nominations.reject, _("已作未通过处理。")),
            "withdraw": (nominations.withdraw, _("已撤回。")),
        }
        verb, said = verbs.get(do, (None, ""))
        if verb is None:
            return ""
        more = {}
        if do in ("accept", "eligible"):
            more["upload"] = request.FILES.get("file")
        verb(nomination=nomination, by=by, reason=reason, **more)
        return said

    def _show(self, request, one, problems=()):
        one = get_object_or_404(self.get_queryset(request).for_page(), pk=one.pk)
        roles = Nomination.objects.all().capacities_of(request.user, one)
        if one.state == _S.UNIT_SUBMITTED and nominations.has_district(one):
            # the county's turn: the city waits for it
            judges = roles & {NominationRole.REVIEWER}
        else:
            judges = roles - {NominationRole.STEWARD}

        def may(to, among=judges):
            return bool(set(MOVES.get((one.state, to), ())) & among)

        steps = list(one.steps.select_related("by", "document").order_by("pk"))
        is_own = any(
            step.role == NominationRole.STEWARD and step.by_id == request.user.pk
            for step in steps
        )
        context = {
            **self.admin_site.each_context(request),
            "title": one.name or one.number,
            "opts": self.opts,
            "above": [(_("推荐人选"), self._at("changelist"))],
            "nomination": one,
            "problems": problems,
            "typed": request.POST.get("reason", "")[:1000],
            "papers": list(one.documents.present().select_related("required_document")),
            "lacking": [str(reason) for reason in papers.lacking(one)],
            "steps": steps,
            "is_own": is_own and bool(judges),
            "may_accept": may(_S.COUNTY_REVIEW) and not is_own,
            "may_declare": may(_S.ELIGIBLE) and not is_own,
            "may_return": may(_S.RETURNED) and not is_own,
            "may_reject": may(_S.REJECTED) and not is_own,
            "may_withdraw": may(_S.WITHDRAWN, roles & {NominationRole.STEWARD}),
            "waits_for_county": one.state == _S.UNIT_SUBMITTED
            and NominationRole.SECRETARY in roles
            and not judges,
        }
        return TemplateResponse(request, "admin/honors/nomination/work.html", context)
