"""A worker's own dealings with teams: coming in, answering, leaving, and what they say
of themselves. No address names a person: each acts on who is logged in."""

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import View

from common.errors import Refusal
from volunteers.enums import JoinSide, JoinState
from volunteers.forms import AskForm, ProfileForm
from volunteers.models import (
    JoinRequest,
    Membership,
    VolunteerProfile,
    VolunteerTeam,
)
from volunteers.services import joining, profiles

MINE = "my-volunteering"


def worker_of(user):
    return getattr(user, "worker", None)


class WorkersVerb(LoginRequiredMixin, View):
    """A verb of a verified worker; who is none yet is led to where one becomes it. Its
    GET does nothing but lead to the page with the button."""

    http_method_names = ["get", "post", "head"]

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated and request.method == "POST":
            self.worker = worker_of(request.user)
            if self.worker is None:
                messages.error(request, _("您的账号还没有认证职工身份。"))
                return redirect("my-verify")
        return super().dispatch(request, *args, **kwargs)

    def done(self, request, act, said, to):
        """Do it, say so or why not, and go on to ``to``."""
        try:
            act()
        except Refusal as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, said)
        return redirect(to)


class JoinView(WorkersVerb):
    def get(self, request, pk):
        return redirect(get_object_or_404(VolunteerTeam.objects.active(), pk=pk))

    def post(self, request, pk):
        team = get_object_or_404(VolunteerTeam, pk=pk)
        to = team if team.is_active else reverse("volunteers:team-list")
        form = AskForm(request.POST)
        if not form.is_valid():
            messages.error(request, _("想对队长说的话最多200个字。"))
            return redirect(to)
        try:
            made = joining.ask_to_join(
                team=team,
                worker=self.worker,
                by=request.user,
                message=form.cleaned_data["message"],
            )
        except Refusal as refusal:
            messages.error(request, str(refusal))
            return redirect(to)
        if isinstance(made, Membership):
            said = _("您已加入“%(team)s”。") % {"team": team}
        else:
            said = _("申请已提交，请等队长答复，结果会发到您的消息里。")
        messages.success(request, said)
        return redirect(to)


class LeaveView(WorkersVerb):
    """A page that says the consequence; its POST leaves."""

    def get(self, request, pk):
        team = get_object_or_404(VolunteerTeam, pk=pk)
        worker = worker_of(request.user)
        held = worker and team.memberships.current().filter(worker=worker).first()
        if not held:
            raise Http404
        context = {
            "team": team,
            "membership": held,
            "leads": team.leader_id == worker.pk,
            "crumbs": _crumbs(_("退出队伍")),
        }
        return TemplateResponse(request, "volunteers/team_leave.html", context)

    def post(self, request, pk):
        team = get_object_or_404(VolunteerTeam, pk=pk)

        def act():
            joining.leave(team=team, worker=self.worker, by=request.user)

        return self.done(request, act, _("您已退出“%(team)s”。") % {"team": team}, MINE)


class MembershipView(WorkersVerb):
    """Of a stay of one's own: make the team one's home, be named, be masked again."""

    def get(self, request, pk):
        get_object_or_404(VolunteerTeam, pk=pk)
        return redirect(MINE)

    def post(self, request, pk):
        team = get_object_or_404(VolunteerTeam, pk=pk)
        asked = {"team": team, "worker": self.worker, "by": request.user}
        verbs = {
            "home": (joining.make_home, {}, _("“%(team)s”已设为您的主队。")),
            "named": (
                joining.agree_to_be_named,
                {"agrees": True},
                _("“%(team)s”的页面会显示您的全名，可随时收回。"),
            ),
            "masked": (
                joining.agree_to_be_named,
                {"agrees": False},
                _("“%(team)s”的页面不再显示您的全名。"),
            ),
        }
        verb, more, said = verbs.get(request.POST.get("do", ""), (None, {}, ""))
        if verb is None:
            return redirect(MINE)
        return self.done(
            request, lambda: verb(**asked, **more), said % {"team": team}, MINE
        )


class JoinAnswerView(WorkersVerb):
    """Accept or decline an invitation, or take back a request, of one's own."""

    def get(self, request, pk):
        worker = worker_of(request.user)
        get_object_or_404(JoinRequest, pk=pk, worker=worker)
        return redirect(MINE)

    def post(self, request, pk):
        asked = get_object_or_404(JoinRequest, pk=pk, worker=self.worker)
        verbs = {
            "accept": (joining.accept_invitation, _("您已加入“%(team)s”。")),
            "decline": (joining.decline_invitation, _("已谢绝“%(team)s”的邀请。")),
            "take-back": (joining.take_back, _("已撤回加入“%(team)s”的申请。")),
        }
        verb, said = verbs.get(request.POST.get("do", ""), (None, ""))
        if verb is None:
            return redirect(MINE)

        def act():
            verb(request=asked, worker=self.worker, by=request.user)

        return self.done(request, act, said % {"team": asked.team}, MINE)


class MyVolunteeringView(LoginRequiredMixin, View):
    """我的 → 志愿服务: teams, invitations, requests, and one's profile, which this page
    saves."""

    http_method_names = ["get", "post", "head"]

    def get(self, request):
        return self._show(request, ProfileForm(profile=self._profile(request)))

    def post(self, request):
        worker = worker_of(request.user)
        if worker is None:
            messages.error(request, _("您的账号还没有认证职工身份。"))
            return redirect("my-verify")
        form = ProfileForm(request.POST, profile=self._profile(request))
        if form.is_valid():
            try:
                profiles.save_profile(
                    worker=worker, by=request.user, **form.cleaned_data
                )
            except Refusal as refusal:
                refusal.show_in(form)
            else:
                messages.success(request, _("志愿者资料已保存。"))
                return redirect(MINE)
        return self._show(request, form)

    def _profile(self, request):
        worker = worker_of(request.user)
        if worker is None:
            return None
        rows = VolunteerProfile.objects.prefetch_related("skills", "districts")
        return rows.filter(worker=worker).first()

    def _show(self, request, form):
        worker = worker_of(request.user)
        teams, asked = [], []
        if worker:
            teams = list(VolunteerTeam.objects.of_worker(worker))
            asked = list(JoinRequest.objects.of_worker(worker))
        waits = [row for row in asked if row.state == JoinState.OPEN]
        context = {
            "form": form,
            "worker": worker,
            "teams": teams,
            "has_home": any(team.is_home for team in teams),
            "invitations": [row for row in waits if row.side == JoinSide.TEAM],
            "requests": [row for row in waits if row.side == JoinSide.WORKER],
            "declined": [
                row
                for row in asked
                if row.state == JoinState.DECLINED and row.side == JoinSide.WORKER
            ][:3],
            "crumbs": _crumbs(_("志愿服务")),
        }
        return TemplateResponse(request, "volunteers/mine.html", context)


def _crumbs(title):
    return [(_("我的"), reverse("my")), (title, "")]
