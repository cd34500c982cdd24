"""The pages on which a roster is brought in: file, columns, check, result."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from common import audit, sheets
from common.errors import Refusal
from common.modeladmin import PortalModelAdmin
from common.services import queue
from members import headers
from members.enums import ImportState
from members.models import RosterImport, UnionOrg
from members.services import roster

SHOWN = 100  # findings on the page; all of them are in the file to fetch


class UnionChoice(forms.ModelChoiceField):
    def label_from_instance(self, org):
        return f"{org.code} {org.name}"


class UploadForm(forms.Form):
    union_org = UnionChoice(label=_("工会"), queryset=None, empty_label=_("请选择"))
    file = forms.FileField(
        label=_("名册文件"),
        allow_empty_file=True,  # the service says it in our words
        help_text=_(
            "Excel工作簿（.xlsx）或CSV，不超过10MB。文件加密保存，一天后删除。"
        ),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt"}),
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        orgs = UnionOrg.objects.managed_by(user).order_by("code")
        self.fields["union_org"].queryset = orgs
        if len(few := orgs[:2]) == 1:
            self.initial["union_org"] = few[0].pk


class ColumnsForm(forms.Form):
    """A box for each column of the file: what is it?"""

    def __init__(self, *args, preview, **kwargs):
        super().__init__(*args, **kwargs)
        field_of = {number: name for name, number in preview.columns.items()}
        choices = [("", _("不导入")), *headers.FIELDS.items()]
        self.numbers = {}
        for number, title in enumerate(preview.header.titles):
            if not title and not any(row[number] for row in preview.samples):
                continue
            name = f"column_{number}"
            self.numbers[name] = number
            self.fields[name] = forms.ChoiceField(
                label=title or _("第%(n)d列") % {"n": number + 1},
                choices=choices,
                required=False,
                initial=field_of.get(number, ""),
            )

    def clean(self):
        chosen = {}
        for name, number in self.numbers.items():
            field = self.cleaned_data.get(name)
            if field and field in chosen:
                text = _("“%(field)s”只能对应一列") % {"field": headers.FIELDS[field]}
                self.add_error(name, text)
            elif field:
                chosen[field] = number
        self.cleaned_data["columns"] = chosen
        return self.cleaned_data


class ApplyForm(forms.Form):
    whole = forms.BooleanField(required=False)
    mode = forms.ChoiceField(choices=[("good", ""), ("all", ""), ("check", "")])


class ProgressFilter(admin.SimpleListFilter):
    """Those that can still be brought in, as the home counts them."""

    title = _("进度")
    parameter_name = "progress"

    def lookups(self, request, model_admin):
        return [("pending", _("未完成，还可以继续"))]

    def queryset(self, request, queryset):
        return queryset.pending() if self.value() else queryset


@admin.register(RosterImport)
class RosterImportAdmin(PortalModelAdmin, admin.ModelAdmin):
    """What was brought in, and the door to bring more in. Rows are never edited."""

    list_display = [
        "file_name",
        "union_org",
        "by",
        "state",
        "imported",
        "warned",
        "refused",
        "created_at",
    ]
    list_filter = ["state", ProgressFilter]
    search_fields = ["file_name", "union_org__name"]
    ordering = ["-pk"]
    fields = ["file_name", "union_org"]

    def get_queryset(self, request):
        return super().get_queryset(request).managed_by(request.user).for_list()

    @admin.display(description=_("导入"))
    def imported(self, row):
        return row.imported

    def has_add_permission(self, request):
        return request.user.has_perm("members.import_roster")

    def has_view_permission(self, request, obj=None):
        return super().has_view_permission(request, obj) or self.has_add_permission(
            request
        )

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_urls(self):
        own = self._job_urls(
            ("<int:pk>/columns/", self.columns_view, "columns"),
            ("<int:pk>/check/", self.check_view, "check"),
            ("<int:pk>/report/", self.report_view, "report"),
            ("<int:pk>/progress/", self.progress_view, "progress"),
        )
        return [*own, *super().get_urls()]

    def _mine(self, request, pk, *, to_act=True):
        """A row of a union this user looks after; acting needs the right to import."""
        if not self.has_view_permission(request) or (
            to_act and not self.has_add_permission(request)
        ):
            raise PermissionDenied
        rows = self.get_queryset(request).select_related("union_org", "by", "job")
        return get_object_or_404(rows, pk=pk)

    def _page(self, request, name, title, **context):
        return self._job_page(
            request,
            f"members/roster_{name}",
            title,
            **context,
        )

    def _to(self, step, row):
        address = reverse(f"admin:members_rosterimport_{step}", args=[row.pk])
        return HttpResponseRedirect(address)

    # --- file

    def add_view(self, request, form_url="", extra_context=None):
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = UploadForm(
            request.POST or None, request.FILES or None, user=request.user
        )
        if request.method == "POST" and form.is_valid():
            file = form.cleaned_data["file"]
            try:
                row = roster.upload(
                    union_org=form.cleaned_data["union_org"],
                    file_name=file.name,
                    content=file.read(),  # a body is bounded
                    by=request.user,
                )
            except Refusal as refusal:
                refusal.show_in(form)
            else:
                return self._to("columns", row)
        return self._page(request, "upload", _("导入名册"), form=form)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """The step at which this roster is; a row that is not there is told by
        Django's own page."""
        row = self.get_object(request, object_id)
        if row is None or not self.has_view_permission(request, row):
            return super().change_view(request, object_id, form_url, extra_context)
        is_new = row.state == ImportState.UPLOADED
        may_match = is_new and self.has_add_permission(request)
        return self._to("columns" if may_match else "check", row)

    # --- columns

    def columns_view(self, request, pk):
        row = self._mine(request, pk)
        try:
            preview = roster.preview(roster_import=row)
        except Refusal:
            return self._to("check", row)
        form = ColumnsForm(request.POST or None, preview=preview)
        if request.method == "POST" and form.is_valid():
            try:
                roster.match(
                    roster_import=row,
                    columns=form.cleaned_data["columns"],
                    by=request.user,
                )
                roster.start_check(roster_import=row, by=request.user)
            except Refusal as refusal:
                refusal.show_in(form)
            else:
                return self._to("check", row)
        columns = [
            (form[name], [sample[number] for sample in preview.samples])
            for name, number in form.numbers.items()
        ]
        return self._page(
            request,
            "columns",
            _("对应列"),
            form=form,
            row=row,
            preview=preview,
            columns=columns,
        )

    # --- check, and result

    def check_view(self, request, pk):
        """GET before the import: everything it would do. POST: let it be done. GET while
        it is: how far it is; afterwards: what was done."""
        row = self._mine(request, pk, to_act=request.method == "POST")
        if request.method == "POST":
            return self._start(request, row)
        if row.is_underway:
            return self._page(
                request,
                "progress",
                _("正在处理名册"),
                row=row,
                is_unattended=not queue.is_attended(),
                rows=row.rows,
            )
        is_done = row.state == ImportState.APPLIED
        report, gone = None, ""
        try:
            report = (
                roster.result_of(roster_import=row)
                if is_done
                else roster.checked(roster_import=row)
            )
        except Refusal as refusal:
            gone = str(refusal)
        findings = report.findings if report else []
        return self._page(
            request,
            "check",
            _("导入结果") if is_done else _("检查结果"),
            row=row,
            report=None if is_done else report,
            notices=report.notices if report else [],
            gone=gone,
            said="" if is_done or row.said == gone else row.said,
            is_stuck=not is_done and row.job is not None and row.job.is_parked,
            findings=findings[:SHOWN],
            total=len(findings),
            shown=SHOWN,
            newcomers=report.newcomers[:SHOWN] if report else [],
            changes=report.changes[:SHOWN] if report else [],
            missing=report.missing[:SHOWN] if report else [],
            may_import=self.has_add_permission(request),
        )

    def _start(self, request, row):
        form = ApplyForm(request.POST)
        if not form.is_valid():
            return self._to("check", row)
        mode = form.cleaned_data["mode"]
        try:
            if mode == "check":
                roster.start_check(roster_import=row, by=request.user)
            else:
                roster.start_apply(
                    roster_import=row,
                    by=request.user,
                    all_or_nothing=mode == "all",
                    whole=form.cleaned_data["whole"],
                )
        except Refusal as refusal:
            row.refresh_from_db(fields=["state"])
            if row.state != ImportState.APPLIED:  # else: a second click, see the first
                self.message_user(request, str(refusal), messages.ERROR)
        return self._to("check", row)

    def progress_view(self, request, pk):
        """How far the check or import under way is, for the page that waits for it."""
        row = self._mine(request, pk)
        return JsonResponse(
            {
                "done": roster.progress(roster_import=row),
                "is_over": not row.is_underway,
            }
        )

    def report_view(self, request, pk):
        return require_GET(self._report)(request, pk)

    def _report(self, request, pk):
        """The findings as a file. Taking it away is on record."""
        row = self._mine(request, pk)
        try:
            report = (
                roster.result_of(roster_import=row)
                if row.state == ImportState.APPLIED
                else roster.checked(roster_import=row)
            )
        except Refusal as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            return self._to("check", row)
        audit.record("export", by=request.user, of=row)
        return HttpResponse(
            roster.report_sheet(findings=report.findings if report else []),
            content_type=sheets.XLSX,
            headers={
                "Content-Disposition": f'attachment; filename="roster-{row.pk}.xlsx"'
            },
        )
