"""Certificates of hours: asked for by who served, read and printed by them and by who
may issue for others."""

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.generic import View

from common import numerals, qr
from common.errors import Refusal
from members import certificatenumbers
from volunteers.forms import PeriodForm
from volunteers.models import HoursCertificate, ServiceRecord
from volunteers.services import certifying
from volunteers.services.hours import hours_said
from volunteers.views.joining import WorkersVerb, worker_of

LIST = "volunteers:certificates"
LISTED = 20  # records in the table of a certificate; the rest are counted


@method_decorator(never_cache, name="dispatch")
class CertificatesView(WorkersVerb):
    """志愿服务证明: those one has, and the button that makes one."""

    def get(self, request, form=None):
        worker = worker_of(request.user)
        made, may = [], 0
        if worker is not None:
            made = list(HoursCertificate.objects.filter(worker=worker).for_lists())
            own = ServiceRecord.objects.filter(worker=worker)
            may = own.certifiable().total()["minutes"]
            for one in made:
                one.hours = numerals.hours(one.minutes)[0]
        context = {
            "worker": worker,
            "made": made,
            "may": hours_said(may) if may else "",
            "form": form or PeriodForm(),
            "crumbs": [
                (_("我的"), reverse("my")),
                (_("我的志愿服务"), reverse("volunteers:my-services")),
                (_("志愿服务证明"), ""),
            ],
        }
        return TemplateResponse(request, "volunteers/certificates.html", context)

    def post(self, request):
        form = PeriodForm(request.POST)
        if form.is_valid():
            try:
                made = certifying.issue(
                    worker=self.worker, by=request.user, **form.cleaned_data
                )
            except Refusal as refusal:
                refusal.show_in(form)
            else:
                messages.success(request, _("证明已出具，可以打印或另存为PDF。"))
                return redirect("volunteers:certificate", made.paper.number)
        return self.get(request, form)


def found(request, number) -> HoursCertificate:
    rows = HoursCertificate.objects.visible_to(request.user).for_lists()
    typed = certificatenumbers.typed(number)
    return get_object_or_404(rows, paper__number=typed)


@method_decorator(never_cache, name="dispatch")
class HoursCertificateView(LoginRequiredMixin, View):
    """One certificate, a sheet of A4 to be printed. Anybody else's is 404."""

    http_method_names = ["get", "head"]

    def get(self, request, number):
        made = found(request, number)
        figures, capitals = numerals.hours(made.minutes)
        listed = made.records.select_related("event__team").order_by(
            "-served_on", "-pk"
        )
        rows = list(listed[:LISTED])
        for record in rows:
            record.hours = hours_said(record.minutes)
        context = {
            "made": made,
            "paper": made.paper,
            "figures": figures,
            "capitals": capitals,
            "records": rows,
            "more": made.records.count() - len(rows),
            "verify_at": request.build_absolute_uri(reverse("verify")),
            "verify_address": verify_address(made),
            "crumbs": [
                (_("志愿服务"), reverse("volunteers:team-list")),
                (_("志愿服务证明"), reverse(LIST)),
                (made.paper.printed_number, ""),
            ],
        }
        return TemplateResponse(request, "volunteers/certificate.html", context)


def verify_address(made) -> str:
    return f"{reverse('verify')}?number={made.paper.number}"


@method_decorator(never_cache, name="dispatch")
class HoursCertificateCodeView(LoginRequiredMixin, View):
    """The code on it, which leads to the page that verifies it."""

    http_method_names = ["get", "head"]

    def get(self, request, number):
        address = verify_address(found(request, number))
        picture = qr.svg(request.build_absolute_uri(address))
        return HttpResponse(picture, content_type="image/svg+xml")
