"""Checking in, by the people themselves: a page for each occasion, opened by its
address or by the code that a leader's telephone shows."""

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import View

from common import dates
from common.errors import Refusal
from signups.enums import AttendanceState
from signups.forms import CheckInForm
from signups.models import Attendance, Occasion, Signup
from signups.rollcall import said_of
from signups.services import checkin
from signups.services.standing import database_now


class CheckInView(LoginRequiredMixin, View):
    """One tap. An occasion of something one never asked for is a 404 like one that never
    was; whoever asked and has no seat is led to what became of it."""

    form_class = (
        CheckInForm  # names the fields of a form kept past the end of a session
    )

    def get(self, request, pk):
        """The code of a scanned address stands in its box; nothing is done yet."""
        occasion, signup, elsewhere = self._mine(request, pk)
        if signup is None:
            return elsewhere
        return self._page(request, occasion, signup)

    def post(self, request, pk):
        occasion, signup, elsewhere = self._mine(request, pk)
        if signup is None:
            return elsewhere
        goes = "out" in request.POST
        form = CheckInForm(
            request.POST,
            seats=1 if goes else signup.seats,
            label=_("签退") if goes else "",
        )
        verb = checkin.check_out if goes else checkin.check_in
        if form.is_valid():
            more = {} if goes else {"people": form.cleaned_data.get("people")}
            try:
                row = verb(
                    occasion=occasion,
                    worker=signup.worker,
                    code=form.cleaned_data["code"],
                    by=request.user,
                    **more,
                )
            except Refusal as refusal:
                refusal.show_in(form)
            else:
                self._say(request, row, goes)
                return redirect("signups:check-in", pk)
        return self._page(request, occasion, signup, form)

    def _mine(self, request, pk):
        """(occasion, the seat, where to go without one)."""
        worker = getattr(request.user, "worker", None)
        rows = Occasion.objects.select_related("offering__rules")
        occasion = rows.filter(pk=pk).first()
        if worker is None or occasion is None:
            raise Http404
        signup = checkin.seat_of(worker, occasion)
        if signup is not None:
            signup.worker = worker
            return occasion, signup, None
        asked = Signup.objects.filter(worker=worker, offering=occasion.offering_id)
        newest = asked.order_by("-pk").first()
        if newest is None:
            raise Http404
        messages.warning(request, _("您没有这一场的名额，不能签到。"))
        return occasion, None, redirect("signups:signup-detail", newest.pk)

    def _say(self, request, row, goes):
        if goes:
            said = _("已签退，%(at)s。") % {"at": dates.clock(row.left_at)}
        elif row.arrived_at is None or row.state not in (
            AttendanceState.PRESENT,
            AttendanceState.LATE,
        ):
            said = _("已登记为“%(state)s”。") % {"state": row.get_state_display()}
        else:
            said = _("已签到，%(at)s。") % {"at": dates.clock(row.arrived_at)}
        messages.success(request, said)

    def _page(self, request, occasion, signup, form=None):
        now, hours = database_now(), checkin.hours_of(occasion)
        rows = Attendance.objects.filter(signup=signup, occasion=occasion)
        row = rows.select_related("noted_by").first()
        has_come = row is not None and row.arrived_at is not None
        is_here = has_come or (row is not None and row.people > 0)
        may_leave = (
            has_come
            and row.left_at is None
            and hours.out_until is not None
            and now < hours.out_until
        )
        is_off = (
            occasion.cancelled_at is not None
            or occasion.offering.withdrawn_at is not None
        )
        form = form or CheckInForm(
            initial={"code": request.GET.get("code", "")[:12]},
            seats=1 if may_leave else signup.seats,
            label=_("签退") if may_leave else "",
        )
        return render(
            request,
            "signups/check_in.html",
            {
                "crumbs": [(_("我的"), reverse("my")), (_("签到"), "")],
                "occasion": occasion,
                "offering": occasion.offering,
                "signup": signup,
                "attendance": row,
                "said": said_of(row, signup.worker) if row else "",
                "is_here": is_here,
                "may_leave": may_leave,
                "is_off": is_off,
                "is_open": hours.is_open(now) and not is_off,
                "is_before": now < hours.opens_at,
                "opens_at": hours.opens_at,
                "late_from": hours.late_from,
                "form": form,
            },
        )
