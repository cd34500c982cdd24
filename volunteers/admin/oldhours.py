"""The pages on which a list of old hours is brought in: file, check, result."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.options import csrf_protect_m
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from common import sheets
from common.errors import Refusal
from common.modeladmin import PortalModelAdmin, ViewOnly
from common.services import queue
from volunteers.models import HoursImport
from volunteers.querysets.oldhours import IMPORT
from volunteers.services import oldhours
from volunteers.services.hours import hours_said

SHOWN = 100  # findings on the page; all of them are in the file to fetch


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
class HoursImportAdmin(ViewOnly, PortalModelAdmin, admin.ModelAdmin):
    list_display = [
        *("what", "source", "by", "standing", "created", "unchanged", "refused"),
    ]
    list_display_links = None
    search_fields = ["file_name", "source"]
    fields = ["file_name", "source"]

    def get_queryset(self, request):
        return super().get_queryset(request).for_list()

    def has_add_permission(self, request):
        return request.user.has_perm(IMPORT)

    def has_view_permission(self, request, obj=None):
        may_read = request.user.has_perm("volunteers.view_hoursimport")
        return may_read or self.has_add_permission(request)

    def get_urls(self):
        own = self._job_urls(
            ("<int:pk>/work/", self.work_view, "work"),
            ("<int:pk>/report/", self.report_view, "report"),
            ("<int:pk>/progress/", self.progress_view, "progress"),
        )
        return [*own, *super().get_urls()]

    @admin.display(description=_("名单"), ordering="file_name")
    def what(self, row):
        return format_html('<a href="{}">{}</a>', self._at("work", row.pk), row)

    @admin.display(description=_("进度"))
    def standing(self, row):
        if row.taken_back_at:
            return _("已撤回")
        if row.applied_at:
            return _("已导入")
        return _("正在处理") if row.is_underway else _("未导入")

    def _row(self, request, pk, *, to_act=False):
        if not self.has_view_permission(request) or (
            to_act and not self.has_add_permission(request)
        ):
            raise PermissionDenied
        rows = HoursImport.objects.defer("content").select_related("by", "job")
        return get_object_or_404(rows, pk=pk)

    def _page(self, request, name, title, **context):
        above = [(self.opts.verbose_name_plural, self._at("changelist"))]
        return self._job_page(
            request, f"volunteers/hoursimport/{name}", title, above=above, **context
        )

    @csrf_protect_m
    def add_view(self, request, form_url="", extra_context=None):
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = UploadForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            file = form.cleaned_data["file"]
            try:
                row = oldhours.upload(
                    file_name=file.name,
                    content=file.read(),  # a body is bounded
                    source=form.cleaned_data["source"],
                    by=request.user,
                )
            except Refusal as refusal:
                refusal.show_in(form)
            else:
                return HttpResponseRedirect(self._at("work", row.pk))
        return self._page(request, "upload", _("导入历史服务时长"), form=form)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        row = self.get_object(request, object_id)
        if row is None or not self.has_view_permission(request, row):
            return super().change_view(request, object_id, form_url, extra_context)
        return HttpResponseRedirect(self._at("work", row.pk))

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
        return HttpResponseRedirect(self._at("work", row.pk))

    def progress_view(self, request, pk):
        row = self._row(request, pk)
        done = oldhours.progress(hours_import=row)
        return JsonResponse({"done": done, "is_over": not row.is_underway})

    def report_view(self, request, pk):
        """The findings as a file."""
        row = self._row(request, pk, to_act=True)
        report = oldhours.result_of(hours_import=row) or oldhours.Report()
        name = f"old-hours-{row.pk}.xlsx"
        return HttpResponse(
            oldhours.report_sheet(report),
            content_type=sheets.XLSX,
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )
