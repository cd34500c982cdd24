"""The pages on which a list of old hours is brought in: file, check, result."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.options import csrf_protect_m
from django.utils.translation import gettext_lazy as _

from common.errors import Refusal
from common.importadmin import SHOWN, ImportPages
from common.modeladmin import PortalModelAdmin, ViewOnly
from common.services import queue
from volunteers.models import HoursImport
from volunteers.querysets.oldhours import IMPORT
from volunteers.services import oldhours
from volunteers.services.hours import hours_said


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("台账文件"),
        allow_empty_file=True,  # the service says it in our words
        help_text=_(
            "Excel工作簿（.xlsx）或CSV，不超过10MB。列名要有：志愿服务队、姓名、日期、"
            "时长（小时）；最好有会员编号、服务名称。"
        ),
        error_messages={"required": _("请选择台账文件。")},
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt"}),
    )
    source = forms.CharField(
        label=_("出处"),
        max_length=60,
        help_text=_("例如：2016年志愿服务台账。会写在每条记录旁。"),
        error_messages={"required": _("请写明出处。")},
    )


@admin.register(HoursImport)
class HoursImportAdmin(ImportPages, ViewOnly, PortalModelAdmin, admin.ModelAdmin):
    right, report_name = IMPORT, "old-hours"
    upload_form, upload_page = UploadForm, "upload"
    upload_title = _("导入历史服务时长")
    list_display = [
        *("what", "source", "by", "standing", "created", "unchanged", "refused"),
    ]
    search_fields = ["file_name", "source"]
    fields = ["file_name", "source"]

    @admin.display(description=_("进度"))
    def standing(self, row):
        return _("已撤回") if row.taken_back_at else super().standing(row)

    def _page(self, request, name, title, **context):
        above = [(self.opts.verbose_name_plural, self._at("changelist"))]
        return self._job_page(
            request, f"volunteers/hoursimport/{name}", title, above=above, **context
        )

    def upload(self, **facts):
        return oldhours.upload(**facts)

    def done(self, row):
        return oldhours.progress(hours_import=row)

    def report_sheet(self, row):
        report = oldhours.result_of(hours_import=row)
        return oldhours.report_sheet(report or oldhours.Report())

    @csrf_protect_m
    def work_view(self, request, pk):
        """GET: how far it is, what it would do, or what was done. POST: let it be done,
        or taken back."""
        row = self._row(request, pk, to_act=request.method == "POST")
        if request.method == "POST":
            return self._act(request, row)
        report = None if row.is_underway else oldhours.result_of(hours_import=row)
        findings = report.findings if report else []
        may = self.has_add_permission(request)
        return self._page(
            request,
            "work",
            _("历史服务时长：%(file)s") % {"file": row.file_name},
            row=row,
            is_unattended=row.is_underway and not queue.is_attended(),
            report=report,
            hours=hours_said(report.minutes) if report else "",
            findings=findings[:SHOWN],
            more=max(len(findings) - SHOWN, 0),
            may_import=may
            and row.applied_at is None
            and report is not None
            and report.created > 0,
            may_take_back=may and row.applied_at and not row.taken_back_at,
            may_fetch=may and bool(findings),
        )

    def _act(self, request, row):
        do = request.POST.get("do", "")
        asked = {"hours_import": row, "by": request.user}
        try:
            if do == "import":
                oldhours.start_apply(**asked)
            elif do == "take_back":
                count = oldhours.take_back(**asked)
                said = _("已撤回%(n)d条。") % {"n": count}
                self.message_user(request, said, messages.SUCCESS)
        except Refusal as refusal:
            row.refresh_from_db(fields=["applied_at"])
            if do != "import" or row.applied_at is None:  # else: a second click
                self.message_user(request, str(refusal), messages.ERROR)
        return self._to_work(row)
