"""Asking at the desk. Each POST has the effect of one, however often it is sent."""

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import DetailView, View

from common import pagecache
from common.errors import Refusal
from members import phones
from members.models import UnionOrg
from signups import buttons, pieces
from signups.calendars import calendar_of
from signups.enums import HELD, SignupState, SignupStatus
from signups.forms import AppealForm, SignupForm
from signups.models import ConductPoint, Offering, Signup
from signups.querysets import yesterday
from signups.services import conduct, seats, standing


class SignupCreateView(LoginRequiredMixin, View):
    """The check page (GET, does nothing) and the asking (POST).

    A POST with the check page's form needs its tick. A POST without any of its fields
    is a sign-up as well: whoever built that button said so on it.
    """

    form_class = SignupForm  # names the fields of a form kept past the end of a session

    def get(self, request, pk):
        """What will be asked for, in whose name. Also where a log-in in between lands."""
        return self._check_page(request, pk)

    def post(self, request, pk):
        worker = getattr(request.user, "worker", None)
        if worker is None:
            return self._without_worker(request, self._listed(pk))
        promised = None
        if "promised" in request.POST:
            form = SignupForm(request.POST)
            if not form.is_valid():
                return self._check_page(request, pk, form)
            promised = form.cleaned_data["promised"]
        try:
            # on the hot path nothing is read of the offering: the statement knows it
            signup = seats.ask(offering_id=pk, worker=worker, by=request.user)
        except Offering.DoesNotExist as error:
            raise Http404 from error
        except seats.NotSeated as refusal:
            if refusal.url is None:
                raise Http404 from refusal
            _not_signed_up(request, refusal)
            return HttpResponseRedirect(refusal.url)
        except Refusal as refusal:
            offering = self._listed(pk)
            _not_signed_up(request, refusal)
            return redirect(offering)
        if promised == SignupForm.SEAT and signup.status == SignupStatus.WAITING:
            messages.warning(request, _("很抱歉，名额刚刚报满，已按先后为您排入候补。"))
        return redirect("signups:signup-detail", signup.pk)

    def _check_page(self, request, pk, form=None):
        worker = getattr(request.user, "worker", None)
        if worker is None:  # asked for nothing yet: on their way, not refused
            return HttpResponseRedirect(buttons.verify_url(self._listed(pk)))
        at = pagecache.moment_of(request)
        seen = standing.look_up([pk], worker, now=at.now).get(pk)
        if seen is None or not seen.offering.is_listed:
            raise Http404
        if seen.signup is not None:
            return redirect("signups:signup-detail", seen.signup.pk)
        if seen.reasons:
            _not_signed_up(request, Refusal(*seen.reasons))
            return redirect(seen.offering)
        page = pieces.check_page(at, pk)
        promised = SignupForm.QUEUE if seen.would_wait else SignupForm.SEAT
        if seen.draw is not None:
            promised = SignupForm.ENTRY
        return render(
            request,
            "signups/signup_form.html",
            {
                "page": page,
                "standing": seen,
                "seats": buttons.seats_line(seen)[0],
                "worker": worker,
                "union": UnionOrg.objects.name_of(worker.union_org_id),
                "phone": phones.masked(request.user.phone_last4),
                "form": form,
                "fields": page.fields[promised],
            },
        )

    def _listed(self, pk):
        return get_object_or_404(Offering.objects.listed(), pk=pk)

    def _without_worker(self, request, offering):
        """To where they become one, and back."""
        _not_signed_up(request, _("您的账号还没有认证职工身份，认证后才能报名。"))
        return HttpResponseRedirect(buttons.verify_url(offering))


def _not_signed_up(request, why):
    messages.error(request, str(why), extra_tags=_("报名未成功"))


class OwnSignupMixin(LoginRequiredMixin):
    """Only the worker's own rows; anybody else's is a 404 like one that never was."""

    def get_queryset(self):
        return (
            Signup.objects.filter(worker__user=self.request.user)
            .select_related("offering__rules", "offering__draw", "worker__union_org")
            .with_rank()
            .with_state()
            .with_moves(yesterday())
        )


class SignupDetailView(OwnSignupMixin, DetailView):
    """The result: seated with everything needed to come, or waiting with the rank."""

    context_object_name = "signup"
    template_name = "signups/signup_detail.html"

    def get_queryset(self):
        return super().get_queryset().with_meetings()

    def get_context_data(self, **kwargs):
        signup = self.object
        now = standing.database_now()
        every = list(signup.offering.occasions.all())
        coming = [occasion for occasion in every if occasion.starts_at > now]
        return super().get_context_data(
            crumbs=[(_("我的"), reverse("my")), (_("报名结果"), "")],
            is_held=signup.state in HELD,
            draw=signup.offering.draw if signup.choice_rank else None,
            is_drawn=signup.state == SignupState.SEATED
            and signup.choice_rank is not None
            and signup.promoted_at is None,
            may_ask=signup.state == SignupState.QUEUE_OVER and _may_ask(signup),
            first=coming[0] if coming else None,
            coming=len(coming),
            has_begun=len(coming) < len(every),
            total=len(every),
            span=pieces.span(every),
            notice=standing.notice(signup.offering),
            may_cancel=signup.state in HELD
            and signup.state != SignupState.OFFERED
            and standing.cancel_reason(signup, now) is None,
            may_accept=signup.may_accept,
            late_cost=standing.late_cost(signup, now),
            free_until=standing.own_cancel_deadline(signup),
            others=_others(signup, now),
            **kwargs,
        )


def _others(signup, now):
    """What is alike and could be had, for whom this did not come to pass."""
    lost = (SignupState.CALLED_OFF, SignupState.LAPSED, SignupState.QUEUE_OVER)
    if signup.state not in lost:
        return []
    return standing.alternatives(signup.offering, signup.worker, now=now)


def _may_ask(signup):
    seen = standing.look_at(signup.offering, signup.worker)
    return not (seen.reasons or seen.would_wait)


class SignupCalendarView(OwnSignupMixin, DetailView):
    """加入日历 from the worker's own signup."""

    def get(self, request, pk):
        signup = self.get_object()
        offering = signup.offering
        body = calendar_of(
            offering,
            offering.occasions.all(),
            url=request.build_absolute_uri(offering.get_absolute_url()),
            signup=signup,
        )
        return HttpResponse(
            body,
            content_type="text/calendar; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="signup-{pk}.ics"'},
        )


class SignupCancelView(OwnSignupMixin, DetailView):
    """A page that says the consequence; its POST cancels."""

    context_object_name = "signup"
    template_name = "signups/signup_confirm_cancel.html"

    def get_queryset(self):
        return super().get_queryset().with_meetings()

    def get(self, request, *args, **kwargs):
        signup = self.get_object()
        if not signup.is_live:
            return redirect("signups:signup-detail", signup.pk)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        seen = standing.look_at(self.object.offering, self.object.worker)
        return super().get_context_data(
            crumbs=[(_("我的"), reverse("my")), (_("取消报名"), "")],
            meetings=list(self.object.offering.occasions.all()),
            waiting=seen.waiting,
            refusal=standing.cancel_reason(self.object, seen.now),
            late_cost=standing.late_cost(self.object, seen.now),
            **kwargs,
        )

    def post(self, request, pk):
        signup = self.get_object()
        said = {
            SignupStatus.WAITING: _("已取消候补：%s。"),
            SignupStatus.APPLIED: _("已退出摇号登记：%s。"),
        }.get(signup.status, _("已取消报名：%s。"))
        try:
            ended = seats.cancel(signup=signup, by=request.user)
        except Refusal as refusal:
            messages.error(request, str(refusal), extra_tags=_("取消未成功"))
        else:
            if ended.status == SignupStatus.CANCELLED_LATE:
                said = _("已逾期取消：%s。")
            messages.success(request, said % signup.offering.title)
        return redirect("my")


class SignupAcceptView(OwnSignupMixin, View):
    """确认参加: takes the seat that is offered, or that others let lapse. A GET (a log-in
    in between) leads to the page that asks."""

    def get(self, request, pk):
        return redirect(
            "signups:signup-detail", get_object_or_404(self.get_queryset(), pk=pk).pk
        )

    def post(self, request, pk):
        signup = get_object_or_404(self.get_queryset(), pk=pk)
        try:
            seats.accept(signup=signup, by=request.user)
        except Refusal as refusal:
            messages.error(request, str(refusal), extra_tags=_("确认未成功"))
        else:
            said = _("已确认参加：%s。")
            messages.success(request, said % signup.offering.title)
        return redirect("signups:signup-detail", pk)


class SignupDeclineView(SignupAcceptView):
    """放弃名额: lets the next one have it; it is never counted against anybody."""

    def post(self, request, pk):
        signup = get_object_or_404(self.get_queryset(), pk=pk)
        try:
            ended = seats.decline(signup=signup, by=request.user)
        except Refusal as refusal:
            messages.error(request, str(refusal), extra_tags=_("未能放弃"))
            return redirect("signups:signup-detail", pk)
        if ended.status == SignupStatus.DECLINED:
            said = _("已把名额让给下一位：%s。放弃递补名额不计分。")
            messages.success(request, said % signup.offering.title)
        return redirect("my")


class OwnPointsMixin(LoginRequiredMixin):
    """Only the worker's own points; anybody else's is a 404."""

    def points(self):
        worker = getattr(self.request.user, "worker", None)
        return ConductPoint.objects.of_worker(worker) if worker else None


class ConductView(OwnPointsMixin, View):
    """守约计分: what was counted, until when, and what one may do about it."""

    def get(self, request):
        rows = self.points()
        now = standing.database_now()
        points = list(rows[:50]) if rows is not None else []
        for point in points:
            point.is_counting = point.lifted_at is None and now < point.expires_at
            asked = {one.is_for_unit for one in point.appeals.all()}
            point.may_appeal = point.is_counting and len(asked) < 2
        counting = [point for point in points if point.is_counting]
        context = {
            "crumbs": [(_("我的"), reverse("my")), (_("守约计分"), "")],
            "points": points,
            "total": sum(point.weight for point in counting),
        }
        return render(request, "signups/conduct.html", context)


class AppealCreateView(OwnPointsMixin, View):
    """申诉: the unit confirms overtime, travel and sickness; all else is looked at by
    whoever runs what was missed."""

    form_class = AppealForm

    def get(self, request, pk):
        return self._page(request, self._point(pk), AppealForm())

    def post(self, request, pk):
        point, form = self._point(pk), AppealForm(request.POST)
        if form.is_valid():
            try:
                conduct.appeal(point=point, by=request.user, **form.cleaned_data)
            except Refusal as refusal:
                refusal.show_in(form)
            else:
                messages.success(request, _("已提交，结果会发到您的消息里。"))
                return redirect("signups:conduct")
        return self._page(request, point, form)

    def _point(self, pk):
        rows = self.points()
        if rows is None:
            raise Http404
        return get_object_or_404(rows, pk=pk)

    def _page(self, request, point, form):
        crumbs = [
            (_("我的"), reverse("my")),
            (_("守约计分"), reverse("signups:conduct")),
        ]
        context = {"crumbs": [*crumbs, (_("申诉"), "")], "point": point, "form": form}
        return render(request, "signups/appeal_form.html", context)
