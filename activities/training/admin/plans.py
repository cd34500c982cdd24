"""Opening a term: copied from the last one, one sheet for all its classes, looked at as
a worker would, published at once."""

import secrets
from copy import copy
from dataclasses import replace

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from activities.training import views
from activities.training.admin import planfile, plansheet
from activities.training.models import Term, TermPlan
from activities.training.services import plans
from common import dates, pagecache, sheets
from common.errors import Refusal
from common.modeladmin import LineField, PortalModelAdmin
from common.moments import DayField


class CopyForm(forms.Form):
    """The few things about a new term that nobody else knows."""

    number = forms.IntegerField(label=_("期号"), min_value=1, max_value=999)
    title = LineField(label=_("名称"), max_length=80)
    starts_on = DayField(
        label=_("上课开始"),
        help_text=_("各班的星期、时间、教室、教师和名额照旧，报名时间一同顺延。"),
    )


_ORDINALS = "〇一二三四五六七八九"


def in_ordinals(number: int) -> str:
    """六, 十二, 二十: how terms are counted; digits from a hundred on."""
    if number >= 100:
        return str(number)
    tens, ones = divmod(number, 10)
    words = ("" if tens == 1 else _ORDINALS[tens]) + "十" if tens else ""
    return words + (_ORDINALS[ones] if ones or not tens else "")


def _next_title(source: Term) -> str:
    """“第七期…” after “第六期…”, as its title writes the number."""
    for write in (in_ordinals, str):
        old, new = write(source.number), write(source.number + 1)
        if f"第{old}期" in source.title:
            return source.title.replace(f"第{old}期", f"第{new}期", 1)
    return source.title


@admin.register(TermPlan)
class TermPlanAdmin(PortalModelAdmin, admin.ModelAdmin):
    """Terms that are being prepared. A row leads to its sheet."""

    list_display = ["title", "classes", "changed_by", "updated_at", "state"]
    list_display_links = ["title"]
    fields = ["title"]
    readonly_fields = ["title"]

    def get_queryset(self, request):
        return super().get_queryset(request).for_list()

    @admin.display(description=_("名称"))
    def title(self, plan):
        return str(plan)

    @admin.display(description=_("班级"))
    def classes(self, plan):
        return _("%(n)d个班") % {"n": len(plan.rows)}

    @admin.display(description=_("状态"))
    def state(self, plan):
        return _("已公布") if plan.term_id else _("草稿")

    def has_delete_permission(self, request, obj=None):
        return False

    def get_urls(self):
        own = self._job_urls(
            ("<int:pk>/publish/", self.publish_view, "publish"),
            ("<int:pk>/drop/", self.drop_view, "drop"),
            ("<int:pk>/classes.xlsx", self.file_view, "file"),
            ("<int:pk>/bring/", self.bring_view, "bring"),
            ("<int:pk>/preview/", self.preview_view, "preview"),
            ("<int:pk>/preview/<str:key>/", self.preview_view, "class"),
        )
        return [*own, *super().get_urls()]

    def _page(self, request, name, title, **context):
        return self._job_page(
            request,
            f"activities_training/termplan/{name}",
            title,
            **context,
        )

    def _to(self, page, *args):
        name = f"admin:activities_training_termplan_{page}"
        return HttpResponseRedirect(reverse(name, args=args))

    def _plan(self, request, pk):
        if not self.has_change_permission(request):
            raise PermissionDenied
        return get_object_or_404(TermPlan.objects.select_related("term"), pk=pk)

    # --- copying

    def add_view(self, request, form_url="", extra_context=None):
        """Asks for the new number, title and first day, with everything proposed."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        source = Term.objects.order_by("-number").first()
        initial = {"number": 1}
        if source is not None:
            initial = {
                "number": source.number + 1,
                "title": _next_title(source),
                "starts_on": plans.next_start(source).isoformat(),
            }
        form = CopyForm(request.POST or None, initial=initial)
        if request.method == "POST" and form.is_valid():
            try:
                made = plans.copy_term(
                    source=source, by=request.user, **form.cleaned_data
                )
            except Refusal as refusal:
                refusal.show_in(form)
            else:
                return self._to("change", made.pk)
        return self._page(
            request,
            "copy",
            _("开新一期"),
            form=form,
            source=source,
            count=source.classes.count() if source else 0,
        )

    # --- the sheet

    def change_view(self, request, object_id, form_url="", extra_context=None):
        plan = self.get_object(request, object_id)
        if plan is None or not self.has_change_permission(request, plan):
            return super().change_view(request, object_id, form_url, extra_context)
        if plan.term is not None:
            return HttpResponseRedirect(
                reverse("admin:activities_training_term_change", args=[plan.term_id])
            )
        if request.method == "POST":
            return self._sent(request, plan)
        return self._sheet(request, plan, plansheet.Sheet(plan.content))

    def _sheet(self, request, plan, sheet, refusal=None):
        return self._page(
            request,
            "sheet",
            str(plan),
            plan=plan,
            sheet=sheet,
            refusal=refusal,
            more=len(sheet.rows) < plans.MOST_ROWS,
        )

    def _sent(self, request, plan):
        content = plansheet.content_of(request.POST)
        if "_add_row" in request.POST:
            content["classes"].append(plansheet.blank_row(content["classes"]))
        revision = request.POST.get("revision", "")
        try:
            plans.save_plan(
                plan=plan,
                content=content,
                revision=int(revision) if revision.isdecimal() else -1,
                by=request.user,
            )
        except Refusal as refusal:
            plan.refresh_from_db()
            if plan.term_id is not None:
                self.message_user(request, str(refusal), messages.ERROR)
                return self._to("changelist")
            known = {row["key"] for row in content["classes"]}
            content["classes"] += [row for row in plan.rows if row["key"] not in known]
            sheet = plansheet.Sheet(content)
            sheet.show_other(plan.content)
            return self._sheet(request, plan, sheet, refusal)
        if "_add_row" in request.POST:
            here = reverse("admin:activities_training_termplan_change", args=[plan.pk])
            return HttpResponseRedirect(f"{here}#row-{len(content['classes'])}")
        if "_publish" in request.POST:
            return self._to("publish", plan.pk)
        if "_preview" in request.POST:
            return self._to("preview", plan.pk)
        self.message_user(request, _("草稿已保存。"), messages.SUCCESS)
        return self._to("change", plan.pk)

    def drop_view(self, request, pk):
        """Asks once, then throws the plan away."""
        plan = self._plan(request, pk)
        if request.method == "POST":
            try:
                plans.drop_plan(plan=plan, by=request.user)
            except Refusal as refusal:
                self.message_user(request, str(refusal), messages.ERROR)
            else:
                self.message_user(request, _("草稿已删除。"), messages.SUCCESS)
            return self._to("changelist")
        return self._page(request, "drop", _("删除草稿"), plan=plan)

    # --- its classes as a workbook

    @method_decorator(require_GET)
    def file_view(self, request, pk):
        plan = self._plan(request, pk)
        name = f'attachment; filename="classes-{pk}.xlsx"'
        return HttpResponse(
            planfile.written(plan),
            content_type=sheets.XLSX,
            headers={"Content-Disposition": name},
        )

    @method_decorator(require_POST)
    def bring_view(self, request, pk):
        """Brings the classes of a file onto the sheet, where each box is judged."""
        plan = self._plan(request, pk)
        revision, upload = request.POST.get("revision", ""), request.FILES.get("file")
        if upload is None:
            self.message_user(request, _("请先选择文件。"), messages.ERROR)
            return self._to("change", pk)
        try:
            rows, new = planfile.read(upload.read(sheets.MAX_BYTES + 1), plan.rows)
            plans.save_plan(
                plan=plan,
                content=plan.content | {"classes": rows},
                revision=int(revision) if revision.isdecimal() else -1,
                by=request.user,
            )
        except Refusal as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
        else:
            said = _("已读入表格：新增%(new)d个班，现共%(n)d个班，请核对后再公布。")
            words = {"new": new, "n": len(rows)}
            self.message_user(request, said % words, messages.SUCCESS)
        return self._to("change", pk)

    # --- publishing

    def publish_view(self, request, pk):
        """Says what will be public, then makes it so."""
        plan = self._plan(request, pk)
        if plan.term is not None:
            return HttpResponseRedirect(plan.term.get_absolute_url())
        sheet = plansheet.Sheet(plan.content)
        if not sheet.is_ready:
            self.message_user(request, _not_ready(sheet), messages.ERROR)
            return self._to("change", pk)
        if request.method == "POST":
            revision = request.POST.get("revision", "")
            try:
                term = plans.publish_plan(
                    plan=plan,
                    revision=int(revision) if revision.isdecimal() else -1,
                    term=sheet.planned_term,
                    rows=sheet.planned_rows,
                    by=request.user,
                )
            except Refusal as refusal:
                sheet.show(refusal)
                return self._sheet(request, plan, sheet, refusal)
            said = _("已公布%(title)s，共%(n)d个班。")
            words = {"title": term.title, "n": len(sheet.rows)}
            self.message_user(request, said % words, messages.SUCCESS)
            return HttpResponseRedirect(term.get_absolute_url())
        term = sheet.planned_term
        days = [day for row in sheet.rows for day in row.schedule.days]
        return self._page(
            request,
            "publish",
            _("公布新一期"),
            plan=plan,
            sheet=sheet,
            window=dates.window(term.opens_at, term.closes_at),
            span=dates.span(term.starts_on, max(days)),
        )

    @method_decorator(require_GET)
    def preview_view(self, request, pk, key=None):
        """The public page of the term, or of one of its classes, as a visitor will see
        it: made for this answer, and nothing of it stays."""
        plan = self._plan(request, pk)
        if plan.term is not None:
            return HttpResponseRedirect(plan.term.get_absolute_url())
        sheet = plansheet.Sheet(plan.content)
        if not sheet.is_ready:
            self.message_user(request, _not_ready(sheet), messages.ERROR)
            return self._to("change", pk)
        if key is not None and key not in {row.key for row in sheet.rows}:
            raise Http404
        visitor = copy(request)
        visitor.user = AnonymousUser()
        # a generation of its own: what is built here is found by nobody afterwards
        visitor.moment = replace(
            pagecache.moment_of(request), generation=-1 - secrets.randbits(60)
        )
        messages.info(request, _("这是预览，只有您看得到；还没有公布。"))

        def look(term, classes):
            if key is None:
                seen = views.TermDetailView.as_view()(visitor, pk=term.pk)
            else:
                made = classes[key]
                seen = views.ClassDetailView.as_view()(visitor, pk=made.pk)
            page = seen.render().content.decode()
            here = reverse("admin:activities_training_termplan_preview", args=[plan.pk])
            addresses = {
                made.get_absolute_url(): f"{here}{key_of}/"
                for key_of, made in classes.items()
            }
            addresses[term.get_absolute_url()] = here
            return _leading_to(page, addresses)

        try:
            page = plans.preview_plan(
                plan=plan,
                term=sheet.planned_term,
                rows=sheet.planned_rows,
                look=look,
            )
        except Refusal as refusal:
            sheet.show(refusal)
            return self._sheet(request, plan, sheet, refusal)
        return HttpResponse(page)


def _leading_to(page: str, addresses: dict) -> str:
    """The links of a page to what does not exist lead to their previews."""
    for address, there in addresses.items():
        calendar = f'href="{address}calendar.ics"'
        page = page.replace(calendar, f'href="{there}"')
        page = page.replace(f'href="{address}', f'href="{there}')
    return page


def _not_ready(sheet):
    if not sheet.rows:
        return _("还没有班级，请至少填写一个班。")
    return _("还有%(n)d处需要改正，见下面各格。") % {"n": sheet.faults}
