"""A worker's own services and hours, what a team is shown of each other's hours, and the
page of a host who confirms how many were served."""

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.generic import View

from common import dates
from common.errors import Refusal
from volunteers import errors
from volunteers.enums import HoursState
from volunteers.forms import CountersignForm
from volunteers.models import ImportedHours, ServiceEvent, ServiceRecord, VolunteerTeam
from volunteers.services import countersign, hours
from volunteers.services.hours import hours_said
from volunteers.views.joining import WorkersVerb, worker_of

MINE = "volunteers:my-services"
PAGE = 30
OLD = 100  # lines of old lists
WARNED = {HoursState.DISPUTED, HoursState.RETURNED, HoursState.UNPROVEN}


def crumbs(*rest):
    return [(_("志愿服务"), reverse("volunteers:team-list")), *rest]


class MyServicesView(LoginRequiredMixin, View):
    """我的志愿服务: what one is signed up for, and every record of one's hours with where
    it stands."""

    http_method_names = ["get", "head"]

    def get(self, request):
        return show_services(request)


def show_services(request, refused=None):
    """The page of a worker's services. ``refused``: ``pk`` of a record that could not be
    disputed, ``why``, and what was ``typed``."""
    worker = worker_of(request.user)
    context = {
        "worker": worker,
        "crumbs": [(_("我的"), reverse("my")), (_("我的志愿服务"), "")],
    }
    if worker is not None:
        rows = ServiceRecord.objects.for_person(worker)
        pages = Paginator(rows, PAGE).get_page(request.GET.get("page", 1))
        for record in pages:
            _dress(record, refused)
        own = ServiceRecord.objects.filter(worker=worker)
        counts, shown = own.certifiable().total(), own.publicised().total()
        old = ImportedHours.objects.for_person(worker)
        listed = list(old[:OLD])
        for one in listed:
            one.hours = hours_said(one.minutes)
        context |= {
            "old": listed,
            "old_hours": hours_said(old.total()["minutes"]),
            "page_obj": pages,
            "coming": [
                {"event": event, "when": dates.meeting(event.starts_at, event.ends_at)}
                for event in ServiceEvent.objects.coming().signed_up(worker).for_rows()
            ],
            "totals": [
                (_("可出具证明"), hours_said(counts["minutes"])),
                (_("公示中"), hours_said(shown["minutes"])),
            ],
        }
    return TemplateResponse(request, "volunteers/my_services.html", context)


def _dress(record, refused):
    record.state_said = HoursState(record.standing).label
    record.hours = hours_said(record.minutes)
    record.is_warned = record.standing in WARNED
    record.asked = next(iter(record.disputes.all()), None)
    record.may_dispute = (
        record.standing == HoursState.PUBLICISED and record.asked is None
    )
    if refused and refused["pk"] == record.pk:
        record.refused, record.may_dispute = refused, True


class DisputeView(WorkersVerb):
    """时长有误？ of a record of one's own, while it is publicised."""

    def get(self, request, pk):
        worker = worker_of(request.user)
        get_object_or_404(ServiceRecord, pk=pk, worker=worker)
        return redirect(MINE)

    def post(self, request, pk):
        record = get_object_or_404(ServiceRecord, pk=pk, worker=self.worker)
        typed = request.POST.get("text", "")
        try:
            hours.dispute(
                record=record, worker=self.worker, text=typed, by=request.user
            )
        except Refusal as refusal:
            refused = {"pk": pk, "why": str(refusal), "typed": typed[:300]}
            return show_services(request, refused)
        messages.success(request, _("已提交，队里答复后会发消息告诉您。"))
        return redirect(MINE)


class TeamHoursView(LoginRequiredMixin, View):
    """公示: the hours of a team's services that were confirmed in the last seven days, for
    its members."""

    http_method_names = ["get", "head"]

    def get(self, request, pk):
        worker, user = worker_of(request.user), request.user
        team = get_object_or_404(VolunteerTeam, pk=pk)
        is_member = (
            worker is not None
            and team.memberships.current().filter(worker=worker).exists()
        )
        if not (
            is_member or VolunteerTeam.objects.managed_by(user).filter(pk=pk).exists()
        ):
            raise Http404
        rows = (
            ServiceRecord.objects.filter(event__team=team)
            .publicised()
            .select_related("event", "worker")
        )
        pages = Paginator(rows, 2 * PAGE).get_page(request.GET.get("page", 1))
        for record in pages:
            record.hours = hours_said(record.minutes)
        context = {
            "team": team,
            "records": pages,
            "page_obj": pages,
            "crumbs": crumbs((team.name, team.get_absolute_url()), (_("时长公示"), "")),
        }
        return TemplateResponse(request, "volunteers/team_hours.html", context)


@method_decorator(never_cache, name="dispatch")
class CountersignView(View):
    """The host confirms how many were served, or says what is wrong. Whoever has the link
    needs no log-in; of it nothing is kept that could be used again."""

    http_method_names = ["get", "head", "post"]

    def get(self, request, token, form=None):
        row = countersign.find(token)
        if row is None:
            return _gone(request)
        event = row.event
        context = {
            "row": row,
            "event": event,
            "when": dates.meeting(event.starts_at, event.ends_at),
            "form": form or CountersignForm(),
            "crumbs": crumbs((_("确认服务人数"), "")),
        }
        return TemplateResponse(request, "volunteers/countersign.html", context)

    def post(self, request, token):
        form = CountersignForm(request.POST)
        agrees = request.POST.get("do") != "dispute"
        if form.is_valid():
            try:
                row = countersign.answer(
                    token=token, agrees=agrees, **form.cleaned_data
                )
            except Refusal as refusal:
                if refusal.codes == {"link_gone"}:
                    return _gone(request)
                refusal.show_in(form)
            else:
                context = {"row": row, "crumbs": crumbs((_("确认服务人数"), ""))}
                return TemplateResponse(
                    request, "volunteers/countersign_done.html", context
                )
        return self.get(request, token, form)


def _gone(request):
    """Answered, expired, replaced or never there: all are the same page."""
    context = {"said": errors.LINK_GONE.text, "crumbs": crumbs((_("确认服务人数"), ""))}
    return TemplateResponse(
        request, "volunteers/countersign_gone.html", context, status=404
    )
