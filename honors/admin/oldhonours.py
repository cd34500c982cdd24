"""The pages on which a list of old honours is brought in: file, check, result."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.options import csrf_protect_m
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from common import sheets
from common.errors import Refusal
from common.services import queue
from honors.admin.publicnotices import JobAdmin
from honors.models import HonourImport
from honors.services import oldhonours
from members.services import roster

SHOWN = 100  # findings on the page; all of them are in the file to fetch


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("名单文件"),
        allow_empty_file=True,  # the service says it in our words
        help_text=_("Excel工作簿（.xlsx）或CSV，不超过10MB。"),
        error_messages={"required": _("请选择名单文件。")},
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt"}),
    )
    year = forms.IntegerField(
        label=_("年份"),
        required=False,
        min_value=1949,
        help_text=_("文件中没有“年份”一列时填写，用于每一行。"),
        error_messages={"invalid": _("请填写四位数的年份。")},
    )
    title = forms.CharField(
        label=_("荣誉称号"),
        required=False,
        max_length=40,
        help_text=_("文件中没有“荣誉称号”一列时填写，用于每一行。"),
    )

    def clean_year(self):
        year = self.cleaned_data["year"]
        if year and year > timezone.localdate().year:
            raise forms.ValidationError(_("年份不能晚于今年。"))
        return year


@admin.register(HonourImport)
class HonourImportAdmin(JobAdmin):
    list_display = [
        *("what", "by", "standing", "imported", "warned", "refused", "created_at"),
    ]
    list_display_links = None
    search_fields = ["file_name"]
    fields = ["file_name"]

    def get_queryset(self, request):
        return super().get_queryset(request).for_list()

    def has_add_permission(self, request):
        return request.user.has_perm(oldhonours.IMPORT)

    def has_view_permission(self, request, obj=None):
        may_read = request.user.has_perm("honors.view_honourimport")
        return may_read or self.has_add_permission(request)

    @admin.display(description=_("名单"), ordering="file_name")
    def what(self, row):
        return format_html('<a href="{}">{}</a>', self._at("work", row.pk), row)

    @admin.display(description=_("进度"))
    def standing(self, row):
        if row.applied_at:
            return _("已导入")
        return _("正在处理") if row.is_underway else _("未导入")

    @admin.display(description=_("导入"))
    def imported(self, row):
        return row.imported

    def get_urls(self):
        own = self._job_urls(
            ("<int:pk>/work/", self.work_view, "work"),
            ("<int:pk>/report/", self.report_view, "report"),
            ("<int:pk>/progress/", self.progress_view, "progress"),
        )
        return [*own, *super().get_urls()]

    def _row(self, request, pk, *, to_act=False):
        if not self.has_view_permission(request) or (
            to_act and not self.has_add_permission(request)
        ):
            raise PermissionDenied
        rows = HonourImport.objects.defer("content").select_related("by", "job")
        return get_object_or_404(rows, pk=pk)

    @csrf_protect_m
    def add_view(self, request, form_url="", extra_context=None):
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = UploadForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            file = form.cleaned_data["file"]
            try:
                row = oldhonours.upload(
                    file_name=file.name,
                    content=file.read(),  # a body is bounded
                    year=form.cleaned_data["year"],
                    title=form.cleaned_data["title"],
                    by=request.user,
                )
            except Refusal as refusal:
                refusal.show_in(form)
            else:
                return HttpResponseRedirect(self._at("work", row.pk))
        return self._page(request, "import_upload", _("导入旧荣誉"), form=form)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        row = self.get_object(request, object_id)
        if row is None or not self.has_view_permission(request, row):
            return super().change_view(request, object_id, form_url, extra_context)
        return HttpResponseRedirect(self._at("work", row.pk))

    @csrf_protect_m
    def work_view(self, request, pk):
        """GET: how far it is, what it would do, or what was done. POST: let it be done."""
        row = self._row(request, pk, to_act=request.method == "POST")
        if request.method == "POST":
            return self._start(request, row)
        if row.is_underway:
            return self._page(
                request,
                "import_progress",
                _("正在处理名单"),
                row=row,
                is_unattended=not queue.is_attended(),
            )
        report = oldhonours.result_of(honour_import=row)
        findings = report.findings if report else []
        is_pending = row.applied_at is None
        return self._page(
            request,
            "import_work",
            _("检查结果") if is_pending else _("导入结果"),
            row=row,
            report=report,
            is_stuck=is_pending and row.job is not None and row.job.is_parked,
            findings=findings[:SHOWN],
            total=len(findings),
            shown=SHOWN,
            may_import=is_pending and self.has_add_permission(request),
            may_publish=request.user.has_perm(oldhonours.CONFER),
            to_confer=f"{reverse('admin:honors_awardedition_changelist')}"
            "?conferred_at__isempty=1",
        )

    def _start(self, request, row):
        mode, asked = request.POST.get("mode", ""), {"honour_import": row}
        try:
            if mode == "check":
                oldhonours.start_check(**asked, by=request.user)
            elif mode in ("good", "all"):
                oldhonours.start_apply(
                    **asked,
                    by=request.user,
                    all_or_nothing=mode == "all",
                    is_public="is_public" in request.POST,
                )
        except Refusal as refusal:
            row.refresh_from_db(fields=["applied_at"])
            if row.applied_at is None:  # else: a second click, see the first
                self.message_user(request, str(refusal), messages.ERROR)
        return HttpResponseRedirect(self._at("work", row.pk))

    def progress_view(self, request, pk):
        row = self._row(request, pk)
        done = oldhonours.progress(honour_import=row)
        return JsonResponse({"done": done, "is_over": not row.is_underway})

    def report_view(self, request, pk):
        return require_GET(self._report)(request, pk)

    def _report(self, request, pk):
        """The findings as a file."""
        row = self._row(request, pk, to_act=True)
        report = oldhonours.result_of(honour_import=row)
        name = f"honours-{row.pk}.xlsx"
        return HttpResponse(
            roster.report_sheet(
                findings=report.findings if report else [], title=_("旧荣誉检查报告")
            ),
            content_type=sheets.XLSX,
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )
