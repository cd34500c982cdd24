"""Pages that belong to no single room: the wings meet here, each asked for one named
queryset."""

import logging
import sys
from datetime import UTC, timedelta

from django.contrib.auth.mixins import LoginRequiredMixin
from django.db import InterfaceError, OperationalError, connection
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django.views.generic import TemplateView, View

from activities.training.pieces import live_strip
from common import pace, picturestore
from common.errors import Reason, Refusal
from common.publicpages import PublicPage
from members import phones
from members.addresses import address_of
from members.services import certificates
from members.views import stale
from signups.enums import HELD, SignupState
from signups.models import Signup
from signups.services import checkin
from signups.services.conduct import counting
from signups.services.standing import cancel_reason
from unionportal import home, site, sitemap
from unionportal.context import moment_of
from unionportal.forms import CertificateForm
from unionportal.models import SiteMark, mark_path
from volunteers.models import VolunteerTeam

log = logging.getLogger("portal.roof")
verifying = pace.Pace(30, 60)
opening = pace.Pace(20, 3600)

MARK_HOLDS = 3600  # seconds; another picture has another address


class HomeView(TemplateView):
    public_page = PublicPage(is_moving=True)
    template_name = "home.html"

    def get_context_data(self, **kwargs):
        at = moment_of(self.request)
        return super().get_context_data(
            **home.blocks(at),
            live=live_strip(at),
            figures_on=timezone.localtime(at.now).date(),
            keep=home.keeper(at),
            linked=home.linked(self.request, site.current(at)),
            **kwargs,
        )


class CertificateView(View):
    """Whether a certificate is genuine, for whoever has its number: typed here, or in
    the address of the code on it. An address may ask thirty times in a minute."""

    http_method_names = ["get", "head"]

    @method_decorator(never_cache)
    def dispatch(self, request, *args, **kwargs):
        return super().dispatch(request, *args, **kwargs)

    def get(self, request):
        form, certificate = CertificateForm(request.GET or None), None
        is_open = False
        if form.is_bound:
            wait = verifying.wait(address_of(request))
            if wait:
                text = _("您查验得太频繁，请%(n)d秒后再试。") % {"n": wait}
                return pace.too_many(request, text, wait)
            if form.is_valid():
                try:
                    certificate = certificates.verify(form.cleaned_data["number"])
                    is_open = self._opens(certificate, form.cleaned_data["last4"])
                except Refusal as refusal:
                    refusal.show_in(form)
        context = {
            "form": form,
            "certificate": certificate,
            "is_open": is_open,
            "crumbs": [(_("证书查验"), "")],
        }
        return render(request, "verify.html", context)

    @staticmethod
    def _opens(certificate, last4) -> bool:
        """Nobody tries all ends of a number: so many for each certificate in an hour."""
        if not last4:
            return False
        if opening.wait(certificate.pk):
            text = _("这份证书核对得太频繁，请一小时后再填后四位。")
            raise Refusal(Reason("too_often", text, field="last4"))
        certificates.check_last4(certificate, last4)
        return True


class MyView(LoginRequiredMixin, TemplateView):
    """What one worker has asked for, soonest first."""

    template_name = "my.html"

    def get_context_data(self, **kwargs):
        user = self.request.user
        worker = getattr(user, "worker", None)
        now = moment_of(self.request).now
        mine = list(Signup.objects.for_my_page(worker)) if worker else []
        for signup in mine:
            signup.may_cancel = cancel_reason(signup, now) is None
            signup.check_in = checkin.open_for(signup, now)
        seated = [s for s in mine if s.state == SignupState.SEATED]
        return super().get_context_data(
            crumbs=[(_("我的"), "")],
            worker=worker,
            phone=phones.masked(user.phone_last4),
            coming=[signup for signup in seated if signup.next_at],
            entered=[s for s in mine if s.state == SignupState.APPLIED],
            offered=[s for s in mine if s.may_accept],
            waiting=[
                s for s in mine if s.state == SignupState.WAITING and not s.may_accept
            ],
            points=counting(worker) if worker else 0,
            changed=_changed(mine, now),
            teams=list(VolunteerTeam.objects.of_worker(worker)) if worker else [],
            past=[signup for signup in seated if not signup.next_at],
            **kwargs,
        )


def _changed(mine, now):
    """What did not come to pass as asked for, until it would have been over: called
    off, cancelled by somebody else, waited for in vain. Who has asked for the same thing
    again knows."""
    held = {signup.offering_id for signup in mine if signup.state in HELD}
    return [
        signup
        for signup in mine
        if signup.state not in HELD
        and signup.offering_id not in held
        and (signup.offering.ends_at is None or now < signup.offering.ends_at)
    ]


class SiteMapView(TemplateView):
    """Every section of the portal on one page, in the order of the menu."""

    public_page = PublicPage()
    template_name = "site_map.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            sections=sitemap.sections(),
            crumbs=[(_("网站地图"), "")],
            **kwargs,
        )


class StatementView(TemplateView):
    """Who runs the portal, how its texts may be used, how it is made accessible."""

    public_page = PublicPage()
    template_name = "statement.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(crumbs=[(_("网站声明"), "")], **kwargs)


class MarkView(View):
    """A picture of the site's settings, as long as it is one of them."""

    http_method_names = ["get", "head"]

    def get(self, request, key):
        if not SiteMark.objects.filter(key=key).exists():
            raise Http404
        return picturestore.answer(
            request, mark_path(key), public_for=MARK_HOLDS, kind="image/png"
        )


@require_safe
def security_txt(request):
    """Where a weakness is reported (RFC 9116); good for half a year from today."""
    details = site.current(moment_of(request))
    until = timezone.now().replace(microsecond=0) + timedelta(days=183)
    lines = [
        f"Contact: {request.build_absolute_uri(reverse('statement'))}",
        f"Contact: tel:{''.join(filter(str.isdigit, details.phone or details.hotline))}",
        f"Expires: {until.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: zh, en",
        f"Canonical: {request.build_absolute_uri(request.path)}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")


@require_safe
@never_cache
def healthz(request):
    """The process answers."""
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
def readyz(request):
    """The process and its database answer."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except OperationalError:
        log.warning("The database does not answer.")
        return JsonResponse({"status": "database unavailable"}, status=503)
    return JsonResponse({"status": "ok"})


def bad_request(request, exception):
    return HttpResponse(render_to_string("400.html"), status=400)


def forbidden(request, exception):
    return render(request, "403.html", status=403)


def csrf_failure(request, reason=""):
    """Whoever logged in meanwhile in another tab goes on; else 403."""
    return stale.go_on(request, reason) or render(request, "403_csrf.html", status=403)


def not_found(request, exception):
    return render(request, "404.html", status=404)


def server_error(request):
    """No context processor and no query: whatever broke may be what they need.

    A database that is gone or too busy to give a lock is a 503 that asks people to come
    back; anything else is a 500 with the number under which the log tells more.
    """
    shown = {
        "request_id": getattr(request, "request_id", ""),
        "phone": site.phone_by_heart(),
    }
    if isinstance(sys.exception(), OperationalError | InterfaceError):
        response = HttpResponse(render_to_string("503.html", shown), status=503)
        response["Retry-After"] = "30"
        return response
    return HttpResponse(render_to_string("500.html", shown), status=500)
