"""Hours in the back office: what waits for a second person, what has no evidence, what is
disputed; one page for each record. Rules live in services."""

from django.contrib import admin, messages
from django.contrib.admin.options import csrf_protect_m
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from common import dates
from common.errors import Refusal
from common.letters import is_key
from common.modeladmin import PortalModelAdmin, ViewOnly
from volunteers.admin import board
from volunteers.admin.events import add_labels, whole_number
from volunteers.enums import HoursState, RecordState
from volunteers.models import HoursDispute, ServiceRecord
from volunteers.querysets.events import RUN
from volunteers.services import hours

PAGE = 100  # records to confirm on one page
MOST = 50  # of what else waits


@admin.register(ServiceRecord)
class ServiceRecordAdmin(ViewOnly, PortalModelAdmin, admin.ModelAdmin):
    list_display = ["who", "event", "served_on", "hours", "state", "number"]
    list_display_links = None
    list_filter = ["state", "sort"]
    list_select_related = ["worker", "event"]
    search_fields = ["worker__name", "event__title"]
    fields = [
        "worker",
        "event",
        "served_on",
        "minutes",
        "state",
        "evidence_in",
        "evidence_out",
        "reason",
        "recorded_by",
        "confirmed_by",
        "confirmed_at",
        "public_until",
        "number",
        "digest",
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).managed_by(request.user)

    def get_urls(self):
        boards = [
            ("board/", board.page, "board"),
            ("board.xlsx", board.workbook, "workbook"),
            ("hours.xlsx", board.hours, "hours"),
        ]
        own = self._job_urls(
            *((route, self._read(view), name) for route, view, name in boards),
            ("desk/", self.desk_view, "desk"),
            ("<int:pk>/work/", self.work_view, "work"),
        )
        return [*own, *super().get_urls()]

    def _read(self, view):
        @require_GET
        def looked_at(request):
            return view(request, self)

        return looked_at

    @admin.display(description=_("志愿者"), ordering="worker__name")
    def who(self, record):
        at = self._at("work", record.pk)
        return format_html('<a href="{}">{}</a>', at, record.worker)

    @admin.display(description=_("时长"), ordering="minutes")
    def hours(self, record):
        return hours.hours_said(record.minutes)

    # --- what waits

    @csrf_protect_m
    def desk_view(self, request):
        """What this person may confirm, ticked and confirmed at once; what has no
        evidence; what is disputed."""
        user = request.user
        if not (self.has_view_permission(request) and user.has_perm(RUN)):
            raise PermissionDenied
        problems = []
        if request.method == "POST":
            chosen = [int(key) for key in request.POST.getlist("record") if is_key(key)]
            rows = list(ServiceRecord.objects.run_by(user).filter(pk__in=chosen[:PAGE]))
            if not rows:
                problems = [_("请勾选要确认的时长。")]
            else:
                try:
                    made = hours.confirm(records=rows, by=user)
                except Refusal as refusal:
                    problems = [str(reason) for reason in refusal.reasons]
                else:
                    said = _("已确认%(n)d条，公示七天。") % {"n": len(made)}
                    self.message_user(request, said, messages.SUCCESS)
                    return HttpResponseRedirect(self._at("desk"))
        waiting = ServiceRecord.objects.to_confirm(user).for_lists()
        pages = Paginator(waiting.order_by("event", "pk"), PAGE)
        to_confirm = pages.get_page(request.GET.get("p", 1))
        to_prove = ServiceRecord.objects.to_prove(user).for_lists()
        to_prove = list(to_prove.order_by("recorded_at", "pk")[:MOST])
        for record in [*to_confirm, *to_prove]:
            add_labels(record)
        disputes = HoursDispute.objects.answerable_by(user).order_by("asked_at", "pk")
        context = {
            **self.admin_site.each_context(request),
            "title": _("时长确认"),
            "opts": self.opts,
            "above": [],
            "to_confirm": to_confirm,
            "to_prove": to_prove,
            "disputes": list(
                disputes.select_related("record__worker", "record__event__team")[:MOST]
            ),
            "problems": problems,
        }
        return TemplateResponse(
            request, "admin/volunteers/servicerecord/desk.html", context
        )

    # --- one record

    @csrf_protect_m
    def work_view(self, request, pk):
        """One record: what shows it, where it stands, what this person may do."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        record = self._record(request, pk)
        if request.method != "POST":
            return self._show(request, record)
        if not request.user.has_perm(RUN):
            raise PermissionDenied
        try:
            said = self._act(request, record)
        except Refusal as refusal:
            problems = [str(reason) for reason in refusal.reasons]
            return self._show(request, self._record(request, pk), problems)
        if said:
            self.message_user(request, said, messages.SUCCESS)
        return HttpResponseRedirect(self._at("work", pk))

    def _record(self, request, pk):
        rows = self.get_queryset(request).for_lists().select_related("proved_by")
        return get_object_or_404(rows, pk=pk)

    def _act(self, request, record):
        typed = request.POST
        asked = {"record": record, "by": request.user}
        reason = {"reason": typed.get("reason", "")}
        minutes = {"minutes": whole_number(typed.get("minutes", ""))}
        do = typed.get("do", "")
        if do == "confirm":
            hours.confirm(records=[record], by=request.user)
            return _("已确认，公示七天。")
        if do in ("stands", "upheld"):
            found = get_object_or_404(record.disputes.open())
            hours.answer_dispute(
                dispute=found,
                minutes=None if do == "stands" else minutes["minutes"],
                answer=reason["reason"],
                by=request.user,
            )
            if do == "stands":
                return _("已答复，维持原时长。")
            return _("已答复，更正后的时长请另一位负责人确认。")
        verbs = {
            "return": (hours.send_back, reason, _("已退回登记人。")),
            "prove": (hours.prove, reason, _("佐证已登记，请另一位负责人确认。")),
            "amend": (
                hours.amend,
                reason | minutes,
                _("已重新登记，请另一位负责人确认。"),
            ),
            "drop": (hours.drop, reason, _("已撤下。")),
            "correct": (
                hours.correct,
                reason | minutes,
                _("更正已登记，请另一位负责人确认；确认以前原时长有效。"),
            ),
            "void": (
                hours.correct,
                reason | {"minutes": 0},
                _("作废已登记，请另一位负责人确认；确认以前原时长有效。"),
            ),
        }
        verb, facts, said = verbs.get(do, (None, {}, ""))
        if verb:
            verb(**asked, **facts)
        return said

    def _show(self, request, record, problems=()):
        user = request.user
        add_labels(record)
        acts = user.has_perm(RUN)
        is_own = record.worker.user_id is not None and record.worker.user_id == user.pk
        state = record.state
        waits = state == RecordState.RECORDED
        in_hand = state in (RecordState.RECORDED, RecordState.RETURNED)
        counts = record.standing in (
            HoursState.PUBLICISED,
            HoursState.CERTIFIABLE,
            HoursState.DISPUTED,
        )
        dispute = record.disputes.open().first()
        is_under_way = record.successors.live().exists()
        may = acts and not is_own
        context = {
            **self.admin_site.each_context(request),
            "title": _("%(name)s的服务时长") % {"name": record.worker.name},
            "opts": self.opts,
            "above": [
                (_("时长确认"), self._at("desk")),
                (
                    record.event.title,
                    reverse(
                        "admin:volunteers_serviceevent_hours", args=[record.event_id]
                    ),
                ),
            ],
            "record": record,
            "arrived": record.arrived_at and dates.moment(record.arrived_at),
            "left": record.left_at and dates.moment(record.left_at),
            "dispute": dispute,
            "disputes": list(record.disputes.exclude(pk=dispute and dispute.pk)),
            "problems": problems,
            "typed": request.POST,
            "is_own": is_own,
            "may_confirm": may
            and waits
            and user.pk not in (record.recorded_by_id, record.proved_by_id),
            "may_prove": may and state == RecordState.UNPROVEN,
            "may_amend": acts and in_hand and record.sort == "service",
            "may_drop": acts
            and state not in (RecordState.CONFIRMED, RecordState.DROPPED),
            "may_correct": may and counts and not is_under_way and dispute is None,
            "may_answer": may and dispute is not None and not is_under_way,
        }
        return TemplateResponse(
            request, "admin/volunteers/servicerecord/work.html", context
        )
