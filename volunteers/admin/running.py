"""A team at work, for its leader's telephone: who asks to come in, who is invited, who is
in it, and the list to take along. Whose team it is was decided by ``managed_by``."""

from itertools import chain

from django import forms
from django.contrib import messages
from django.contrib.admin.options import csrf_protect_m
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET

from common import audit, letters, pace, sheets
from common.enums import AuditVerb
from common.errors import Refusal
from common.paging import BoundedPaginator
from members.forms import RevealPhoneForm
from members.services import rights
from volunteers.enums import JoinMode, JoinSide
from volunteers.models import JoinRequest, Membership, Need, VolunteerTeam
from volunteers.services import joining

PAGE = 50  # members, and requests, on one page
MOST_NEEDS = 10
CALL = "volunteers.call_members"
EXPORT = "volunteers.export_members"
HEAD = (_("姓名"), _("工会"), _("职务"), _("主队"), _("入队日期"), _("手机尾号"))
WIDTHS = [14, 30, 10, 8, 14, 10]

# names and numbers are not for trying out
inviting = pace.Pace(30, 3600)


class InviteForm(forms.Form):
    """A worker by name and one number. Whether there is one is the verb's to say."""

    name = forms.CharField(
        label=_("姓名"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("请填写姓名。")},
    )
    number = forms.CharField(
        label=_("会员编号或手机号"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("请填写会员编号或手机号。")},
    )
    message = forms.CharField(
        label=_("附言（可以不填）"), max_length=200, required=False
    )


class JoiningForm(forms.Form):
    join_mode = forms.ChoiceField(label=_("加入方式"), choices=JoinMode)
    is_recruiting = forms.BooleanField(label=_("正在招募"), required=False)


class RunsTeam:
    """The pages of one team that are work and no form. Mix into the team's ModelAdmin."""

    def get_urls(self):
        own = self._job_urls(
            ("mine/", self.mine_view, "mine"),
            ("<int:pk>/run/", self.run_view, "run"),
            ("<int:pk>/invite/", self.invite_view, "invite"),
            ("<int:pk>/joining/", self.joining_view, "joining"),
            ("<int:pk>/requests/<int:asked>/", self.answer_view, "answer"),
            ("<int:pk>/members/<int:member>/phone/", self.number_view, "number"),
            ("<int:pk>/members.xlsx", self.export_view, "export"),
        )
        return [*own, *super().get_urls()]

    # --- whose, and may they

    def _team(self, request, pk, right=joining.RUN):
        """A team of this person's, whom ``right`` lets do it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if right and not request.user.has_perm(right):
            raise PermissionDenied
        return get_object_or_404(
            self.get_queryset(request).select_related("union_org", "leader"), pk=pk
        )

    def _back(self, request, team, said):
        self.message_user(request, said, messages.SUCCESS)
        return HttpResponseRedirect(self._at("run", team.pk))

    # --- pages

    @method_decorator(require_GET)
    def mine_view(self, request):
        """To the one team of a leader; to the list for who has several."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        teams = VolunteerTeam.objects.active().run_by(request.user)
        found = list(teams.values_list("pk", flat=True)[:2])
        if len(found) == 1 and request.user.has_perm(joining.RUN):
            return HttpResponseRedirect(self._at("run", found[0]))
        return HttpResponseRedirect(self._at("changelist"))

    @method_decorator(require_GET)
    def run_view(self, request, pk):
        return self._show(request, self._team(request, pk))

    def _show(self, request, team, invite=None, refused=None):
        """The team's page. ``refused``: the request that could not be answered, with
        ``problem`` and what was ``typed``."""
        words = request.GET.get("q", "")[:60]
        rows = Membership.objects.for_team(team, letters.western(words))
        pages = Paginator(rows, PAGE) if not words else BoundedPaginator(rows, PAGE)
        pages.asked = request.GET.get("p", 1)
        if not words:
            pages.count = team.member_count  # known already
        asked = list(JoinRequest.objects.for_team().filter(team=team)[: 2 * PAGE])
        for one in asked:
            if refused is not None and one.pk == refused.pk:
                one.problem, one.typed = refused.problem, refused.typed
        needs = Need.objects.filter(team=team).under_way().for_list()
        return TemplateResponse(
            request,
            "admin/volunteers/volunteerteam/run.html",
            {
                **self.admin_site.each_context(request),
                "title": team.name,
                "opts": self.opts,
                "above": [(_("志愿服务队"), self._at("changelist"))],
                "team": team,
                "requests": [one for one in asked if one.side == JoinSide.WORKER],
                "invited": [one for one in asked if one.side == JoinSide.TEAM],
                "needs": list(needs[:MOST_NEEDS]),
                "members": pages.get_page(pages.asked),
                "words": words,
                "invite": invite or InviteForm(),
                "modes": JoinMode.choices,
                "may_call": request.user.has_perm(CALL),
                "may_export": request.user.has_perm(EXPORT),
            },
        )

    @csrf_protect_m
    def invite_view(self, request, pk):
        team = self._team(request, pk)
        if request.method != "POST":
            return HttpResponseRedirect(self._at("run", team.pk))
        form = InviteForm(request.POST)
        if form.is_valid():
            wait = inviting.wait(request.user.pk)
            if wait:
                text = _("您邀请得太频繁，请%(n)d秒后再试。") % {"n": wait}
                return pace.too_many(request, text, wait)
            try:
                made = joining.invite(team=team, by=request.user, **form.cleaned_data)
            except Refusal as refusal:
                refusal.show_in(form)
            else:
                name = form.cleaned_data["name"]
                if isinstance(made, Membership):
                    said = _("%(name)s此前已申请，现已入队。")
                else:
                    said = _("已邀请%(name)s，等本人答复。")
                return self._back(request, team, said % {"name": name})
        return self._show(request, team, invite=form)

    @csrf_protect_m
    def joining_view(self, request, pk):
        """How one comes into the team."""
        team = self._team(request, pk)
        form = JoiningForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            try:
                joining.set_joining(team=team, by=request.user, **form.cleaned_data)
            except Refusal as refusal:
                self.message_user(request, refusal, messages.ERROR)
            else:
                return self._back(request, team, _("加入方式已保存。"))
        return HttpResponseRedirect(self._at("run", team.pk))

    @csrf_protect_m
    def answer_view(self, request, pk, asked):
        """Accept or decline a request; take back an invitation."""
        team = self._team(request, pk)
        row = get_object_or_404(team.join_requests.select_related("worker"), pk=asked)
        if request.method != "POST":
            return HttpResponseRedirect(self._at("run", team.pk))
        do, by = request.POST.get("do", ""), request.user
        name = {"name": row.worker.name}
        typed = request.POST.get("answer", "")
        try:
            if do == "accept":
                joining.accept_request(request=row, by=by)
                return self._back(request, team, _("%(name)s已入队。") % name)
            if do == "decline":
                joining.decline_request(request=row, by=by, answer=typed)
                return self._back(request, team, _("已答复%(name)s。") % name)
            if do == "take-back":
                joining.take_back(request=row, by=by)
                said = _("对%(name)s的邀请已撤回。")
                return self._back(request, team, said % name)
        except Refusal as refusal:
            if not team.join_requests.open().filter(pk=row.pk).exists():
                self.message_user(request, refusal, messages.ERROR)
                return HttpResponseRedirect(self._at("run", team.pk))
            row.problem, row.typed = str(refusal), typed[:200]
            return self._show(request, team, refused=row)
        return HttpResponseRedirect(self._at("run", team.pk))

    @method_decorator(sensitive_variables())
    @csrf_protect_m
    def number_view(self, request, pk, member):
        """Asks why; by POST shows the number on this answer alone."""
        team = self._team(request, pk, right="")
        if not request.user.has_perm(CALL):
            rights.refuse_reveal(of=team, by=request.user)
            raise PermissionDenied
        people = team.memberships.current().select_related("worker__user")
        row = get_object_or_404(people, pk=member)
        back = self._at("run", pk)
        if row.worker.user is None:
            said = _("该队员还没有账号，请向所在工会联系。")
            self.message_user(request, said, messages.WARNING)
            return HttpResponseRedirect(back)
        form, number = RevealPhoneForm(), ""
        if request.method == "POST":
            form = RevealPhoneForm(request.POST)
            form.is_valid()
            try:
                number = rights.reveal_phone(
                    user=row.worker.user,
                    by=request.user,
                    reason=form.cleaned_data.get("reason", ""),
                    right=CALL,
                )
            except Refusal as refusal:
                refusal.show_in(form)
        context = self.admin_site.each_context(request) | {
            "title": _("查看完整手机号"),
            "opts": self.opts,
            "person": str(row.worker),
            "back": back,
            "form": form,
            "number": number,
        }
        return TemplateResponse(request, "admin/members/reveal_phone.html", context)

    @method_decorator(require_GET)
    def export_view(self, request, pk):
        """The members as a workbook, without a whole number of anybody; on record."""
        team = self._team(request, pk, right=EXPORT)
        rows = list(Membership.objects.for_team(team))
        said = _("“%(team)s”队员名单，%(n)d人") % {"team": team, "n": len(rows)}
        audit.record(AuditVerb.EXPORT, by=request.user, of=team, reason=said)
        lines = (line(row) for row in rows)
        return workbook(HEAD, lines, WIDTHS, f"team-{team.pk}.xlsx")


class ExportsMembers:
    """The list of all members within this person's rights as a workbook. Mix into the
    memberships' ModelAdmin."""

    change_list_template = "admin/volunteers/membership/change_list.html"

    def get_urls(self):
        view = self.admin_site.admin_view(self.export_view)
        return [
            path("members.xlsx", view, name="volunteers_membership_export"),
            *super().get_urls(),
        ]

    def changelist_view(self, request, extra_context=None):
        context = {"may_export": request.user.has_perm(EXPORT)}
        return super().changelist_view(request, context | (extra_context or {}))

    @method_decorator(require_GET)
    def export_view(self, request):
        if not (self.has_view_permission(request) and request.user.has_perm(EXPORT)):
            raise PermissionDenied
        rows = self.get_queryset(request).for_export()
        number = rows.count()
        if number > sheets.MAX_ROWS:
            said = _("超过%(n)d行，请按队伍分别导出。") % {"n": sheets.MAX_ROWS}
            self.message_user(request, said, messages.ERROR)
            return HttpResponseRedirect(
                reverse("admin:volunteers_membership_changelist")
            )
        said = _("全部在队队员名单，%(n)d行") % {"n": number}
        audit.record(AuditVerb.EXPORT, by=request.user, of=Membership, reason=said)
        head = (_("队伍"), *HEAD)
        # the whole city's are never held at once
        found = rows.iterator(chunk_size=1_000)
        lines = ((row.team.name, *line(row)) for row in found)
        return workbook(head, lines, [24, *WIDTHS], "members.xlsx")


def line(row: Membership) -> tuple:
    """One member as the lists to take along print them."""
    account = row.worker.user
    return (
        row.worker.name,
        row.worker.union_org.name,
        row.get_role_display(),
        _("是") if row.is_home else "",
        f"{row.joined_on:%Y-%m-%d}",
        account.phone_last4 if account else "",
    )


def workbook(head, lines, widths, name) -> HttpResponse:
    titles = [sheets.Cell(str(word), "head") for word in head]
    content = sheets.to_xlsx(
        chain([titles], lines), title=str(_("队员名单")), widths=widths
    )
    return HttpResponse(
        content,
        content_type=sheets.XLSX,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
