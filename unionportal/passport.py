"""职工成长档案: one worker's classes, hours and honours on one page, for themselves, and
for whoever they gave an address of it. It shows what was finished and counts what can be
counted; nothing of it is typed.
"""

from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.db.models import Count, Q, Sum
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.generic import View

from common import numerals
from common.errors import Refusal
from common.letters import is_key
from honors.models import Honoree
from members import names
from members.models import Worker
from members.services import owndata
from signups.enums import AttendanceState, OfferingKind, SignupStatus
from signups.models import Signup
from unionportal import services
from unionportal.models import PassportShare
from volunteers.models import ServiceRecord

MOST = 50  # rows of each kind on the page; sums are of all
CAME = [AttendanceState.PRESENT, AttendanceState.LATE, AttendanceState.MADE_UP]


@dataclass(frozen=True)
class Passport:
    """What a passport says: ``classes`` (Signup with came and held), ``hours`` in figures
    with how many ``services``, ``teams`` (name, hours), ``honours`` (Honoree)."""

    classes: list
    hours: str
    services: int
    teams: list[tuple[str, str]]
    honours: list


def gather(worker: Worker) -> Passport:
    """All of it, as it is now; a constant number of queries."""
    certifiable = ServiceRecord.objects.filter(worker=worker).certifiable()
    by_team = (
        certifiable.order_by()
        .values("event__team__name")
        .annotate(minutes=Sum("minutes"), services=Count("event", distinct=True))
    )
    teams = list(by_team.order_by("-minutes", "event__team__name"))
    return Passport(
        classes=list(_classes(worker)[:MOST]),
        hours=numerals.hours(sum(row["minutes"] for row in teams))[0],
        services=sum(row["services"] for row in teams),
        teams=[
            (row["event__team__name"], numerals.hours(row["minutes"])[0])
            for row in teams
        ],
        honours=list(
            Honoree.objects.filter(worker=worker)
            .on_wall()
            .for_cards()
            .select_related("certificate")[:MOST]
        ),
    )


def _classes(worker):
    """Those that are over and to which they came at least once, the newest first."""
    over = Signup.objects.filter(
        worker=worker,
        status=SignupStatus.SEATED,
        offering__kind=OfferingKind.CLASS,
        offering__withdrawn_at=None,
        offering__ends_at__lt=timezone.now(),
    )
    taking_place = Q(offering__occasions__cancelled_at=None)
    return (
        over.select_related("offering")
        .annotate(
            came=Count(
                "attendances", filter=Q(attendances__state__in=CAME), distinct=True
            ),
            held=Count("offering__occasions", filter=taking_place, distinct=True),
        )
        .filter(came__gt=0)
        .order_by("-offering__ends_at", "pk")
    )


class ShareForm(forms.Form):
    days = forms.TypedChoiceField(
        label=gettext_lazy("有效期"),
        coerce=int,
        choices=[(n, gettext_lazy("%(n)d天") % {"n": n}) for n in services.SHARE_DAYS],
        initial=30,
        error_messages={"required": gettext_lazy("请选择有效期")},
    )
    for_whom = forms.CharField(
        label=gettext_lazy("给谁看（只有您自己看得到）"), max_length=30, required=False
    )
    shows_name = forms.BooleanField(
        label=gettext_lazy("显示我的全名（不勾选时只显示姓，如王*刚）"), required=False
    )


@method_decorator(never_cache, name="dispatch")
class PassportView(LoginRequiredMixin, View):
    """One's own, with the addresses one has given away. A new address is shown on the one
    page after it was made."""

    http_method_names = ["get", "head", "post"]
    SESSION = "passport_share"

    def get(self, request, form=None):
        worker = owndata.worker_of(request.user)
        context = {
            "worker": worker,
            "crumbs": [(_("我的"), reverse("my")), (_("职工成长档案"), "")],
        }
        if worker is not None:
            context |= {
                "passport": gather(worker),
                "name": worker.name,
                "form": form or ShareForm(),
                "shares": list(worker.passport_shares.usable()),
                "address": self._address(request),
            }
        return TemplateResponse(request, "my/passport.html", context)

    def _address(self, request) -> str:
        token = request.session.pop(self.SESSION, None)
        if not token or services.shared_passport(token) is None:
            return ""
        return request.build_absolute_uri(reverse("passport", args=[token]))

    def post(self, request):
        worker = owndata.worker_of(request.user)
        if worker is None:
            return redirect("my-verify")
        if "revoke" in request.POST:
            return self._revoke(request, worker)
        form = ShareForm(request.POST)
        if form.is_valid():
            try:
                _share, token = services.share_passport(
                    worker=worker, by=request.user, **form.cleaned_data
                )
            except Refusal as refusal:
                refusal.show_in(form)
            else:
                request.session[self.SESSION] = token
                return redirect("my-passport")
        return self.get(request, form)

    @staticmethod
    def _revoke(request, worker):
        typed = request.POST["revoke"]
        if not is_key(typed):
            raise Http404
        row = get_object_or_404(PassportShare, pk=int(typed), worker=worker)
        services.revoke_share(worker=worker, pk=row.pk, by=request.user)
        messages.success(request, _("链接已停用，打不开了。"))
        return redirect("my-passport")


@method_decorator(never_cache, name="dispatch")
class SharedPassportView(View):
    """What whoever has the address reads: no number of anybody, a masked name unless the
    owner chose otherwise. Taken back, over and never made are the same 404."""

    http_method_names = ["get", "head"]

    def get(self, request, token):
        share = services.shared_passport(token)
        if share is None:
            raise Http404
        worker = share.worker
        context = {
            "share": share,
            "worker": worker,
            "passport": gather(worker),
            "name": worker.name if share.shows_name else names.masked(worker.name),
            "crumbs": [(_("职工成长档案"), "")],
        }
        response = TemplateResponse(request, "my/passport_shared.html", context)
        response["X-Robots-Tag"] = "noindex, nofollow"
        response["Referrer-Policy"] = "no-referrer"
        return response
