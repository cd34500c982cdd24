"""The pages of the back office on which a list is brought in: a file is sent, checked in
the background, and what came of it shown (``common.services.imports``)."""

from django import forms
from django.contrib import admin
from django.contrib.admin.options import csrf_protect_m
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from common import sheets
from common.errors import Refusal

SHOWN = 100  # findings on the page; all of them are in the file to fetch


class ImportPages:
    """Mix in before ``ViewOnly``. Whoever may import (``right``) acts, whoever may see
    the rows reads.

    The class gives ``right``, ``upload_form`` (its field ``file``, and what the verb
    ``upload`` takes besides), ``upload_title`` and ``upload_page`` (its template),
    ``report_name`` (of the file to fetch), and ``work_view``, ``upload``, ``done`` and
    ``report_sheet``.
    """

    right = upload_page = report_name = ""
    upload_form: type[forms.Form]
    upload_title = ""
    list_display_links = None

    def work_view(self, request, pk):
        raise NotImplementedError

    def upload(self, **facts):
        """Keep the file; the row. May raise Refusal."""
        raise NotImplementedError

    def done(self, row) -> int | None:
        """How many rows are done of what is under way."""
        raise NotImplementedError

    def report_sheet(self, row) -> bytes:
        """The findings as XLSX."""
        raise NotImplementedError

    def get_queryset(self, request):
        return super().get_queryset(request).for_list()

    def has_add_permission(self, request):
        return request.user.has_perm(self.right)

    def has_view_permission(self, request, obj=None):
        view = f"{self.opts.app_label}.view_{self.opts.model_name}"
        return request.user.has_perm(view) or self.has_add_permission(request)

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
        if row.applied_at:
            return _("已导入")
        return _("正在处理") if row.is_underway else _("未导入")

    def _row(self, request, pk, *, to_act=False):
        if not self.has_view_permission(request) or (
            to_act and not self.has_add_permission(request)
        ):
            raise PermissionDenied
        rows = self.model.objects.defer("content").select_related("by", "job")
        return get_object_or_404(rows, pk=pk)

    def _to_work(self, row):
        return HttpResponseRedirect(self._at("work", row.pk))

    @csrf_protect_m
    def add_view(self, request, form_url="", extra_context=None):
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = self.upload_form(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            facts = {**form.cleaned_data, "by": request.user}
            file = facts.pop("file")
            try:
                # a body is bounded
                row = self.upload(file_name=file.name, content=file.read(), **facts)
            except Refusal as refusal:
                refusal.show_in(form)
            else:
                return self._to_work(row)
        return self._page(request, self.upload_page, self.upload_title, form=form)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        row = self.get_object(request, object_id)
        if row is None or not self.has_view_permission(request, row):
            return super().change_view(request, object_id, form_url, extra_context)
        return self._to_work(row)

    def progress_view(self, request, pk):
        row = self._row(request, pk)
        return JsonResponse({"done": self.done(row), "is_over": not row.is_underway})

    @method_decorator(require_GET)
    def report_view(self, request, pk):
        """The findings as a file."""
        row = self._row(request, pk, to_act=True)
        name = f"{self.report_name}-{row.pk}.xlsx"
        return HttpResponse(
            self.report_sheet(row),
            content_type=sheets.XLSX,
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )
