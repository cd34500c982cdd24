"""Public notices in the form of an official one; objecting, and how far an objection is;
certificates of honour on paper.

The notice's own pages may be kept in front of Django: the form stands at its own address.
"""

from datetime import date

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.generic import DetailView, ListView, View

from common import pace, qr, workdays
from common.errors import Refusal
from common.paging import ShortInLargePrint
from common.publicpages import PublicPage
from honors.enums import PeriodState
from honors.forms import ObjectionForm, ReceiptForm
from honors.models import Honoree, PublicNotice
from honors.services import objections
from members.addresses import address_of

objecting = pace.Pace(10, 600)
asking = pace.Pace(20, 60)


def _hall(*rest):
    return [(_("劳模工匠"), reverse("honors:honoree-list")), *rest]


def _notices(*rest):
    return _hall((_("公示"), reverse("honors:notice-list")), *rest)


def period_of(notice) -> str:
    """2018年6月4日至6月8日（5个工作日）, the year twice where it changes."""
    first, last = notice.starts_on, notice.ends_on
    words = _("%(year)d年%(month)d月%(day)d日")
    until = words if last.year != first.year else _("%(month)d月%(day)d日")
    return _("%(first)s至%(last)s（%(n)d个工作日）") % {
        "first": words % _parts(first),
        "last": until % _parts(last),
        "n": notice.workdays,
    }


def _parts(day: date) -> dict:
    return {"year": day.year, "month": day.month, "day": day.day}


def standing_of(notice, today: date) -> tuple[str, str]:
    """(colour, words) of the chip of a notice."""
    state = notice.state_on(today)
    if state != PeriodState.RUNNING:
        return ("warn" if state == PeriodState.STOPPED else ""), state.label
    left = workdays.workdays_between(today, notice.ends_on)
    return "ok", _("公示中，还剩%(n)d个工作日") % {"n": left}


class NoticeListView(ShortInLargePrint, ListView):
    public_page = PublicPage(("page",))
    paginate_by = 20
    template_name = "honors/notice_list.html"
    context_object_name = "notices"

    def get_queryset(self):
        return PublicNotice.objects.shown().for_list()

    def get_context_data(self, **kwargs):
        today = timezone.localdate()
        context = super().get_context_data(crumbs=_hall((_("公示"), "")), **kwargs)
        for notice in context["notices"]:
            notice.period = period_of(notice)
            notice.colour, notice.standing = standing_of(notice, today)
        return context


class NoticeDetailView(DetailView):
    """One notice, as long as the portal stands: running, over, or stopped."""

    public_page = PublicPage()
    template_name = "honors/notice_detail.html"
    context_object_name = "notice"

    def get_queryset(self):
        return PublicNotice.objects.shown().for_page()

    def get_context_data(self, **kwargs):
        notice, today = self.object, timezone.localdate()
        state = notice.state_on(today)
        colour, standing = standing_of(notice, today)
        return super().get_context_data(
            crumbs=_notices((notice.title, "")),
            entries=list(notice.entries.all()),
            period=period_of(notice),
            colour=colour,
            standing=standing,
            is_running=state == PeriodState.RUNNING,
            is_over=state == PeriodState.ENDED,
            after=getattr(notice, "restarted_as", None),
            signed_on=timezone.localtime(notice.published_at).date(),
            **kwargs,
        )


@method_decorator(never_cache, name="dispatch")
class ObjectionView(View):
    """The form of an objection; nobody needs to log in, and who did is not noted."""

    http_method_names = ["get", "head", "post"]

    def get(self, request, pk):
        return self._show(request, self._notice(pk))

    def post(self, request, pk):
        notice = self._notice(pk)
        wait = objecting.wait(address_of(request))
        if wait:
            text = _("提交得太频繁，请%(n)d秒后再试。") % {"n": wait}
            return pace.too_many(request, text, wait)
        form = self._form(notice, request.POST, request.FILES)
        if not form.is_valid():
            return self._show(request, notice, form)
        try:
            objection = objections.object_to(notice=notice, **facts_of(form, notice))
        except Refusal as refusal:
            show_refusal(refusal, form)
            return self._show(request, notice, form)
        said = _("已收到您的异议。回执编号：%(number)s，请抄下或拍照，查询时要用。")
        messages.success(request, said % {"number": objection.printed_receipt})
        return HttpResponseRedirect(reverse("honors:objection-state"))

    @staticmethod
    def _notice(pk):
        return get_object_or_404(PublicNotice.objects.shown().for_page(), pk=pk)

    @staticmethod
    def _form(notice, *data):
        return ObjectionForm(*data, entries=notice.entries.all())

    def _show(self, request, notice, form=None):
        today = timezone.localdate()
        context = {
            "notice": notice,
            "form": form or self._form(notice),
            "is_running": notice.state_on(today) == PeriodState.RUNNING,
            "after": getattr(notice, "restarted_as", None),
            "crumbs": _notices(
                (notice.title, notice.get_absolute_url()), (_("提出异议"), "")
            ),
        }
        return TemplateResponse(request, "honors/objection_form.html", context)


def facts_of(form, notice) -> dict:
    """What ``objections.object_to`` takes of a form of an objection."""
    facts = dict(form.cleaned_data)
    evidence, about = facts.pop("evidence"), facts.pop("nomination")
    listed = {entry.nomination_id: entry.nomination for entry in notice.entries.all()}
    files = [evidence] if evidence else []
    return facts | {"files": files, "nomination": listed.get(about)}


def show_refusal(refusal, form) -> None:
    """At its field; what concerns the files, at the box there is for them."""
    reasons = (r.at("evidence") if r.field == "files" else r for r in refusal.reasons)
    Refusal(*reasons).show_in(form)


@method_decorator(never_cache, name="dispatch")
class ObjectionStateView(View):
    """How far an objection is, by its receipt and the end of the phone left with it."""

    http_method_names = ["get", "head", "post"]

    def get(self, request):
        return self._show(request, ReceiptForm())

    def post(self, request):
        wait = asking.wait(address_of(request))
        if wait:
            text = _("查询得太频繁，请%(n)d秒后再试。") % {"n": wait}
            return pace.too_many(request, text, wait)
        form, objection = ReceiptForm(request.POST), None
        if form.is_valid():
            try:
                objection = objections.state_of(**form.cleaned_data)
            except Refusal as refusal:
                refusal.show_in(form)
        return self._show(request, form, objection)

    @staticmethod
    def _show(request, form, objection=None):
        crumbs = _notices((_("异议办理查询"), ""))
        context = {"form": form, "objection": objection, "crumbs": crumbs}
        return TemplateResponse(request, "honors/objection_state.html", context)


class HonourCertificateView(LoginRequiredMixin, View):
    """A certificate of honour for paper: for its holder, and for who keeps the hall."""

    http_method_names = ["get", "head"]

    def get(self, request, number):
        honoree = self._honoree(request, number)
        certificate = honoree.certificate
        address = f"{reverse('verify')}?number={certificate.number}"
        context = {
            "honoree": honoree,
            "certificate": certificate,
            "verify_at": request.build_absolute_uri(reverse("verify")),
            "verify_address": address,
            "crumbs": _hall((_("荣誉证书"), "")),
        }
        return TemplateResponse(request, "honors/certificate.html", context)

    @staticmethod
    def _honoree(request, number):
        rows = Honoree.objects.select_related("certificate", "edition__program")
        if not request.user.has_perm("honors.view_honoree"):
            rows = rows.filter(certificate__holder__user=request.user)
        return get_object_or_404(rows, certificate__number=number)


class HonourCertificateCodeView(HonourCertificateView):
    """The code on it, which leads to the page that verifies it."""

    def get(self, request, number):
        certificate = self._honoree(request, number).certificate
        address = f"{reverse('verify')}?number={certificate.number}"
        picture = qr.svg(request.build_absolute_uri(address))
        response = HttpResponse(picture, content_type="image/svg+xml")
        response["Cache-Control"] = "private, no-store"
        return response
