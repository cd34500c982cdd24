"""Asking at the desk. Each POST has the effect of one, however often it is sent."""

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.generic import DetailView, View

from common.errors import Refusal
from signups.enums import SignupStatus
from signups.models import Offering, Signup
from signups.services import seats, standing


class SignupCreateView(LoginRequiredMixin, View):
    """Ask for a seat, say what happened, go to the result or back to the page."""

    def get(self, request, pk):
        """Where a log-in in between lands: back at the page, nothing done."""
        return redirect(get_object_or_404(Offering, pk=pk))

    def post(self, request, pk):
        offering = get_object_or_404(Offering, pk=pk)
        worker = getattr(request.user, "worker", None)
        if worker is None:
            messages.error(
                request, _("您的账号还没有认证职工身份，请联系所在单位工会。")
            )
            return redirect(offering)
        try:
            signup = seats.sign_up(offering=offering, worker=worker, by=request.user)
        except Refusal as refusal:
            for reason in refusal.reasons:
                messages.error(request, reason.text)
            return redirect(offering)
        return redirect("signups:signup-detail", signup.pk)


class OwnSignupMixin(LoginRequiredMixin):
    """Only the worker's own rows; anybody else's is a 404 like one that never was."""

    def get_queryset(self):
        return Signup.objects.filter(worker__user=self.request.user).select_related(
            "offering", "worker__union_org"
        )


class SignupDetailView(OwnSignupMixin, DetailView):
    """The result: seated with everything needed to come, or waiting with the rank."""

    context_object_name = "signup"
    template_name = "signups/signup_detail.html"

    def get_queryset(self):
        return (
            super().get_queryset().with_rank().prefetch_related("offering__occasions")
        )


class SignupCancelView(OwnSignupMixin, DetailView):
    """A page that says the consequence, then the deed."""

    context_object_name = "signup"
    template_name = "signups/signup_confirm_cancel.html"

    def get_queryset(self):
        return super().get_queryset().with_rank()

    def get(self, request, *args, **kwargs):
        signup = self.get_object()
        if signup.status == SignupStatus.CANCELLED:
            return HttpResponseRedirect(signup.offering.page)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        seen = standing.look_at(self.object.offering, self.object.worker)
        return super().get_context_data(
            waiting=seen.waiting,
            refusal=standing.cancel_reason(self.object, seen.now),
            **kwargs,
        )

    def post(self, request, pk):
        signup = self.get_object()
        was_waiting = signup.status == SignupStatus.WAITING
        try:
            seats.cancel(signup=signup, by=request.user)
        except Refusal as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(
                request, _("已取消候补。") if was_waiting else _("已取消报名。")
            )
        return HttpResponseRedirect(signup.offering.page)
