"""The pages on which a list of old honours is brought in: file, check, result."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.options import csrf_protect_m
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.errors import Refusal
from common.importadmin import SHOWN, ImportPages
from common.services import queue
from honors.admin.publicnotices import JobAdmin
from honors.models import HonourImport
from honors.services import oldhonours
from members.services import roster


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
class HonourImportAdmin(ImportPages, JobAdmin):
    right, report_name = oldhonours.IMPORT, "honours"
    upload_form, upload_page = UploadForm, "import_upload"
    upload_title = _("导入旧荣誉")
    list_display = [
        *("what", "by", "standing", "imported", "warned", "refused", "created_at"),
    ]
    search_fields = ["file_name"]
    fields = ["file_name"]

    @admin.display(description=_("导入"))
    def imported(self, row):
        return row.imported

    def upload(self, **facts):
        return oldhonours.upload(**facts)

    def done(self, row):
        return oldhonours.progress(honour_import=row)

    def report_sheet(self, row):
        report = oldhonours.result_of(honour_import=row)
        findings = report.findings if report else []
        return roster.report_sheet(findings=findings, title=_("旧荣誉检查报告"))

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
        return self._to_work(row)
