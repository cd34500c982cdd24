"""公示 in the back office: put up, counted anew, approved when it is over; and the
dockets of objections, each look into which is on record."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.options import csrf_protect_m
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from common.errors import Refusal
from common.letters import is_key
from common.modeladmin import PortalModelAdmin, ViewOnly
from common.moments import DayField
from common.workdays import end_of_period
from honors.enums import NominationState, ObjectionState, PeriodState
from honors.forms import LetterForm
from honors.models import AwardEdition, Nomination, Objection, PublicNotice
from honors.services import noticeperiods, objections, publicnotices
from honors.views.notices import facts_of, period_of, show_refusal

MOST_LISTED = 200
_S = NominationState


class NoticeForm(forms.Form):
    """What the office writes of a notice; how long it runs is the edition's."""

    title = forms.CharField(label=_("标题"), max_length=200, required=False)
    lead = forms.CharField(
        label=_("正文"),
        max_length=5000,
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    starts_on = DayField(
        label=_("开始日期"),
        error_messages={
            "required": _("请填写开始日期。"),
            "invalid": _("请按“2018-06-01”的格式填写日期。"),
        },
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    phone = forms.CharField(label=_("联系电话"), max_length=200, required=False)
    email = forms.EmailField(
        label=_("电子邮箱"),
        max_length=200,
        required=False,
        error_messages={"invalid": _("请填写完整的电子邮箱地址，也可不填。")},
    )
    address = forms.CharField(label=_("通信地址"), max_length=300, required=False)
    office = forms.CharField(label=_("落款单位"), max_length=200, required=False)


class AgainForm(NoticeForm):
    reason = forms.CharField(
        label=_("重新公示的原因"),
        max_length=200,
        error_messages={"required": _("请写明重新公示的原因。")},
    )
    field_order = ["reason"]


class JobAdmin(ViewOnly, PortalModelAdmin, admin.ModelAdmin):
    """Rows that are worked on at pages of their own, for whoever may see them."""

    def has_module_permission(self, request):
        return self.has_view_permission(request)

    def _page(self, request, name, title, **context):
        above = [(self.opts.verbose_name_plural, self._at("changelist"))]
        return self._job_page(
            request,
            f"honors/{name}",
            title,
            above=above,
            **context,
        )


class ToDoFilter(admin.SimpleListFilter):
    """Those that wait for somebody, as the home counts them. ``waits`` says which, of
    the queryset's methods."""

    title = _("进度")
    parameter_name = "todo"
    waits = label = ""

    def lookups(self, request, model_admin):
        return [("1", self.label)]

    def queryset(self, request, queryset):
        return getattr(queryset, self.waits)() if self.value() else queryset


class ToApproveFilter(ToDoFilter):
    waits, label = "to_approve", _("公示期满，待审定")


class OpenFilter(ToDoFilter):
    waits, label = "open", _("待办结")


@admin.register(PublicNotice)
class PublicNoticeAdmin(JobAdmin):
    list_display = ["what", "edition", "starts_on", "ends_on", "standing"]
    list_display_links = None
    list_select_related = ["edition"]
    list_filter = [ToApproveFilter, "edition"]
    search_fields = ["title"]
    fields = ["title", "edition", "starts_on", "ends_on"]

    def get_urls(self):
        own = self._job_urls(
            ("start/", self.choose_view, "choose"),
            ("start/<int:pk>/", self.start_view, "start"),
            ("<int:pk>/work/", self.work_view, "work"),
            ("<int:pk>/again/", self.again_view, "again"),
        )
        return [*own, *super().get_urls()]

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm(publicnotices.RUN)

    @admin.display(description=_("公示"), ordering="title")
    def what(self, notice):
        return format_html(
            '<a href="{}">{}</a>', self._at("work", notice.pk), notice.title
        )

    @admin.display(description=_("状态"))
    def standing(self, notice):
        return notice.state_on(timezone.localdate()).label

    def _allowed(self, request):
        if not self.has_view_permission(request):
            raise PermissionDenied

    def choose_view(self, request):
        """Which edition: those whose shortlist waits to be put up."""
        self._allowed(request)
        editions = AwardEdition.objects.filter(
            nominations__state=_S.SHORTLISTED
        ).distinct()
        return self._page(
            request, "notice_choose", _("发起公示"), editions=editions[:MOST_LISTED]
        )

    @csrf_protect_m
    def start_view(self, request, pk):
        """A shortlist, with what the notice says; looked at, then published."""
        self._allowed(request)
        edition = get_object_or_404(
            AwardEdition.objects.select_related("program"), pk=pk
        )
        people = list(Nomination.objects.filter(edition=edition, state=_S.SHORTLISTED))
        last = PublicNotice.objects.order_by("-pk").first()
        initial = (
            {
                name: getattr(last, name)
                for name in ("phone", "email", "address", "office")
            }
            if last
            else {"office": edition.awarding_body}
        )
        initial |= {
            "title": _("关于%(title)s拟推荐人选的公示") % {"title": edition.title},
            "lead": _(
                "根据评选工作安排，经推荐、审核和评审，现将%(title)s拟推荐人选予以公示，"
                "接受社会监督。"
            )
            % {"title": edition.title},
            "starts_on": timezone.localdate(),
        }
        form = NoticeForm(request.POST or None, initial=initial)

        def publish(facts, summaries):
            typed = request.POST.get("people", "").split(",")
            return publicnotices.publish(
                edition=edition,
                people={int(key) for key in typed if is_key(key)},
                facts=facts,
                summaries=summaries,
                by=request.user,
            )

        return self._written(request, edition, people, form, publish, _("发起公示"))

    @csrf_protect_m
    def again_view(self, request, pk):
        """A notice whose own words were wrong: stopped, and put up anew."""
        self._allowed(request)
        notice = get_object_or_404(PublicNotice.objects.published().standing(), pk=pk)
        people = list(
            Nomination.objects.filter(
                notice_entries__notice=notice, state=_S.CITY_NOTICE
            )
        )
        initial = {name: getattr(notice, name) for name in noticeperiods.FACTS}
        initial["starts_on"] = timezone.localdate()
        form = AgainForm(request.POST or None, initial=initial)

        def publish(facts, summaries):
            return noticeperiods.restart(
                notice=notice,
                reason=facts.pop("reason"),
                by=request.user,
                facts=facts,
                summaries=summaries,
            )

        known = dict(notice.entries.values_list("nomination", "summary"))
        return self._written(
            request, notice.edition, people, form, publish, _("重新公示"), known
        )

    def _written(self, request, edition, people, form, publish, title, known=None):
        """The form of a notice with its list; previewed or published."""
        people = noticeperiods.in_order(people, edition.name_order)
        for person in people:
            person.box = f"summary-{person.pk}"
            person.summary = request.POST.get(
                person.box, (known or {}).get(person.pk)
            ) or noticeperiods.summary_of(person)
        ends_on = None
        if request.method == "POST" and form.is_valid():
            facts = dict(form.cleaned_data)
            try:
                ends_on = end_of_period(
                    facts["starts_on"],
                    edition.notice_days,
                    first_counts=edition.first_day_counts,
                )
                if "publish" in request.POST:
                    summaries = {person.pk: person.summary for person in people}
                    notice = publish(facts, summaries)
                    said = _("已发布公示，%(day)s结束。") % {
                        "day": notice.ends_on.isoformat()
                    }
                    self.message_user(request, said, messages.SUCCESS)
                    return HttpResponseRedirect(self._at("work", notice.pk))
            except Refusal as refusal:
                refusal.show_in(form)
        return self._page(
            request,
            "notice_form",
            title,
            edition=edition,
            form=form,
            people=people,
            keys=",".join(str(person.pk) for person in people),
            ends_on=ends_on,
            most=noticeperiods.LONGEST_SUMMARY,
        )

    @csrf_protect_m
    def work_view(self, request, pk):
        """Where a notice is, who on it may be approved, and who is held up."""
        self._allowed(request)
        notices = PublicNotice.objects.published().for_page()
        notice = get_object_or_404(notices, pk=pk)
        problems = ()
        if request.method == "POST" and request.POST.get("do") == "approve":
            try:
                done = publicnotices.approve(
                    notice=notice,
                    by=request.user,
                    ground=request.POST.get("reason", ""),
                )
            except Refusal as refusal:
                problems = refusal.reasons
            else:
                said = _("已审定%(n)d名人选。") % {"n": len(done)}
                self.message_user(request, said, messages.SUCCESS)
                return HttpResponseRedirect(self._at("work", pk))
        entries = list(notice.entries.all())
        opposed = publicnotices.opposed_on([entry.nomination for entry in entries])
        for entry in entries:
            entry.is_opposed = entry.nomination_id in opposed
        waiting = [e for e in entries if e.nomination.state == _S.CITY_NOTICE]
        state = notice.state_on(timezone.localdate())
        user = request.user
        return self._page(
            request,
            "notice_work",
            notice.title,
            notice=notice,
            period=period_of(notice),
            state=state.label,
            entries=entries,
            problems=problems,
            typed=request.POST.get("reason", "")[:1000],
            after=getattr(notice, "restarted_as", None),
            is_public=notice.starts_on <= timezone.localdate(),
            may_approve=state == PeriodState.ENDED
            and any(not entry.is_opposed for entry in waiting),
            may_restart=notice.stopped_at is None and bool(waiting),
            may_handle=user.has_perm(objections.HANDLE),
            to_confer=any(e.nomination.state == _S.APPROVED for e in entries)
            and user.has_perm("honors.confer_awardedition"),
        )


@admin.register(Objection)
class ObjectionAdmin(JobAdmin):
    """Each sees the dockets that ``readable_by`` gives; the list holds nothing typed."""

    list_display = ["what", "notice", "about", "source", "state", "received_on"]
    list_display_links = None
    list_filter = [OpenFilter, "state", "source"]
    list_select_related = ["notice", "nomination"]
    fields = ["notice", "state", "source"]

    def get_urls(self):
        own = self._job_urls(
            ("<int:pk>/work/", self.work_view, "work"),
            ("<int:pk>/files/<int:file>/", self.file_view, "file"),
            ("enter/<int:pk>/", self.enter_view, "enter"),
        )
        return [*own, *super().get_urls()]

    def get_queryset(self, request):
        rows = super().get_queryset(request).readable_by(request.user)
        return rows.defer("sealed", "outcome")

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm(objections.HANDLE)

    @admin.display(description=_("异议"))
    def what(self, objection):
        words = _("第%(n)d号") % {"n": objection.pk}
        return format_html('<a href="{}">{}</a>', self._at("work", objection.pk), words)

    @admin.display(description=_("涉及人选"))
    def about(self, objection):
        return objection.nomination.name if objection.nomination else _("整个名单")

    @admin.display(description=_("收到日期"), ordering="received_at")
    def received_on(self, objection):
        return f"{timezone.localtime(objection.received_at):%Y-%m-%d}"

    def _docket(self, request, pk):
        if not self.has_view_permission(request):
            raise PermissionDenied
        rows = Objection.objects.readable_by(request.user).for_docket()
        return get_object_or_404(rows, pk=pk)

    @csrf_protect_m
    def work_view(self, request, pk):
        """One docket, opened on record; noted in, decided."""
        objection = self._docket(request, pk)
        problems = ()
        if request.method == "POST":
            try:
                said = self._act(request, objection)
            except Refusal as refusal:
                problems = refusal.reasons
                objection = self._docket(request, pk)
            else:
                if said:
                    self.message_user(request, said, messages.SUCCESS)
                return HttpResponseRedirect(self._at("work", pk))
        opened = objections.look(objection=objection, by=request.user)
        return self._page(
            request,
            "docket",
            _("第%(n)d号异议") % {"n": objection.pk},
            objection=objection,
            opened=opened,
            files=list(objection.files.defer("sealed")),
            entries=list(objection.notice.entries.all()),
            problems=problems,
            typed=request.POST.get("text", "")[:5000],
            may_begin=objection.state == ObjectionState.RECEIVED,
            may_decide=objection.state == ObjectionState.INVESTIGATING,
        )

    def _act(self, request, objection):
        asked = {"objection": objection, "by": request.user}
        text, do = request.POST.get("text", ""), request.POST.get("do", "")
        if do == "investigate":
            objections.investigate(**asked, nomination=self._about(request, objection))
            return _("已开始调查核实。")
        if do == "note":
            objections.note(**asked, text=text)
            return _("已记入卷宗。")
        if do == "dismiss":
            objections.dismiss(**asked, outcome=text)
            return _("已办结：异议不成立。")
        if do == "uphold":
            about = self._about(request, objection)
            objections.uphold(**asked, outcome=text, nomination=about)
            return _("已办结：异议成立，该人选不再推荐。")
        return ""

    @staticmethod
    def _about(request, objection):
        typed = request.POST.get("nomination", "")
        if not is_key(typed):
            return None
        entries = objection.notice.entries.select_related("nomination")
        entry = entries.filter(nomination=int(typed)).first()
        return entry and entry.nomination

    def file_view(self, request, pk, file):
        """A paper of a docket: never inside a page, never kept by a browser."""
        found = get_object_or_404(self._docket(request, pk).files, pk=file)
        content, kind = objections.open_file(file=found, by=request.user)
        response = HttpResponse(content, content_type=kind)
        ending = "pdf" if kind == "application/pdf" else "jpg"
        name = f"objection-{pk}-{file}.{ending}"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        response["X-Content-Type-Options"] = "nosniff"
        response["Cache-Control"] = "private, no-store"
        return response

    @csrf_protect_m
    def enter_view(self, request, pk):
        """What came by letter or in person."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        notice = get_object_or_404(PublicNotice.objects.shown().for_page(), pk=pk)
        data = (request.POST, request.FILES) if request.method == "POST" else ()
        form = LetterForm(*data, entries=notice.entries.all())
        if data and form.is_valid():
            try:
                made = objections.object_to(
                    notice=notice, by=request.user, **facts_of(form, notice)
                )
            except Refusal as refusal:
                show_refusal(refusal, form)
            else:
                said = _("已登记，回执编号：%(number)s。")
                self.message_user(
                    request, said % {"number": made.printed_receipt}, messages.SUCCESS
                )
                return HttpResponseRedirect(self._at("changelist"))
        return self._page(
            request, "objection_enter", _("登记来信来访"), notice=notice, form=form
        )
