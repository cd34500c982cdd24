"""Pages of the back office for what was done: the audit, and the history of rows."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.options import csrf_protect_m
from django.contrib.admin.widgets import AdminTextareaWidget
from django.contrib.auth import get_user_model
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.db.models import Case, Q, When
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django_tasks import TaskResultStatus as Status
from django_tasks_db.models import DBTaskResult

from common import history, holidays, searchadmin, services  # noqa: F401 (registers)
from common.enums import AuditVerb, ChangeVerb
from common.errors import Refusal
from common.labels import change_in_words, row_named, to_the_second
from common.letters import is_key, western
from common.modeladmin import PortalModelAdmin, ViewOnly
from common.models import AuditEvent, BackgroundTask, Change, Holiday
from common.services import queue

WEEKDAYS = [_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日")]


admin.site.unregister(DBTaskResult)  # the library's page; ours is BackgroundTaskAdmin


class ReadOnly(ViewOnly):
    """Rows that are read and nothing else, without a single action."""

    is_audit = True

    def has_module_permission(self, request):
        return self.has_view_permission(request)

    def get_actions(self, request):
        return {}


class WhoFilter(admin.SimpleListFilter):
    """One person's rows. There are too many people to list: a name in the list leads
    here, and the chosen one is shown so that they can be let go."""

    title = _("操作人")
    parameter_name = "who"

    def lookups(self, request, model_admin):
        if self.parameter_name not in self.used_parameters:
            return []
        chosen = self.used_parameters[self.parameter_name]
        people = get_user_model().objects.filter(pk=chosen if is_key(chosen) else None)
        person = people.first()
        return [(chosen, str(person) if person else _("已不存在的账号"))]

    def has_output(self):
        """A filter that is not shown is not applied."""
        return self.parameter_name in self.used_parameters

    def queryset(self, request, queryset):
        chosen = self.value()
        if chosen is None:
            return queryset
        return queryset.by(int(chosen)) if is_key(chosen) else queryset.none()


def link_to_who(model, key, name):
    """The name of who did it, leading to everything they did in this list."""
    if key is None:
        return "—"
    here = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    return format_html('<a href="{}?who={}">{}</a>', here, key, name or f"#{key}")


class VerbFilter(admin.SimpleListFilter):
    title = _("操作")
    parameter_name = "verb"

    def lookups(self, request, model_admin):
        return AuditVerb.choices

    def queryset(self, request, queryset):
        return queryset.filter(verb=self.value()) if self.value() else queryset


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnly, PortalModelAdmin, admin.ModelAdmin):
    """What belongs to no row: log-ins, exports, reveals of a number, rights given."""

    list_display = ["moment", "what", "who", "address", "of", "result", "reason"]
    list_filter = [VerbFilter, "outcome", WhoFilter]
    search_fields = ["by_label", "of_key", "request_id"]
    search_help_text = _("按操作人姓名、对象编号或请求编号查找")
    date_hierarchy = "at"
    has_long_history = True
    fields = [
        "moment",
        "what",
        "who",
        "address",
        "of",
        "result",
        "reason",
        "before",
        "after",
        "request_id",
    ]

    @admin.display(description=_("时间"), ordering="at")
    def moment(self, event):
        return to_the_second(event.at)

    @admin.display(description=_("操作"), ordering="verb")
    def what(self, event):
        return AuditVerb(event.verb).label

    @admin.display(description=_("操作人"))
    def who(self, event):
        return link_to_who(self.model, event.by_id, event.by_label)

    @admin.display(description=_("对象"))
    def of(self, event):
        return row_named(event.of_model, event.of_key)

    @admin.display(description=_("结果"), ordering="outcome")
    def result(self, event):
        return event.get_outcome_display()


class TableFilter(admin.SimpleListFilter):
    title = _("类别")
    parameter_name = "of_table"

    def lookups(self, request, model_admin):
        names = [
            (table, model._meta.verbose_name)
            for table, model in history.tracked().items()
        ]
        return sorted(names, key=lambda entry: str(entry[1]))

    def queryset(self, request, queryset):
        return queryset.filter(of_table=self.value()) if self.value() else queryset


class RowFilter(admin.SimpleListFilter):
    """The changes of one row, to which its name in the list leads."""

    title = _("对象")
    parameter_name = "row"

    def lookups(self, request, model_admin):
        chosen = self.used_parameters.get(self.parameter_name)
        return [(chosen, f"#{chosen}")] if chosen else []

    def has_output(self):
        return self.parameter_name in self.used_parameters

    def queryset(self, request, queryset):
        chosen = self.value()
        if chosen is None:
            return queryset
        return queryset.filter(of_id=int(chosen)) if is_key(chosen) else queryset.none()


@admin.register(Change)
class ChangeAdmin(ReadOnly, PortalModelAdmin, admin.ModelAdmin):
    """Who changed which row of which tracked table, from what to what."""

    list_display = ["moment", "what", "who", "row", "columns"]
    list_display_links = ["moment"]
    list_filter = ["verb", TableFilter, WhoFilter, RowFilter]
    date_hierarchy = "at"
    has_long_history = True
    fields = ["moment", "what", "who", "row", "changes", "cause", "path", "request"]
    search_fields = ["of_id"]
    search_help_text = _("按操作人姓名或对象编号查找")

    def get_queryset(self, request):
        return super().get_queryset(request).with_who()

    def get_search_results(self, request, queryset, search_term):
        """By the number of the row or the name of who changed it."""
        term = western(search_term[: self.LONGEST_SEARCH]).strip()
        if not term:
            return queryset, False
        people = get_user_model().objects.filter(name__contains=term)
        wanted = Q(by_id__in=people.values("pk"))
        if is_key(term):
            wanted |= Q(of_id=int(term))
        return queryset.filter(wanted), False

    @admin.display(description=_("时间"), ordering="pk")
    def moment(self, change):
        return to_the_second(change.at)

    @admin.display(description=_("操作"), ordering="verb")
    def what(self, change):
        return change.get_verb_display()

    @admin.display(description=_("操作人"))
    def who(self, change):
        return link_to_who(self.model, change.by_id, change.by_name)

    @admin.display(description=_("对象"))
    def row(self, change):
        model = history.tracked().get(change.of_table)
        label = model._meta.label_lower if model else change.of_table
        return format_html(
            '<a href="{}?of_table={}&row={}">{}</a>',
            reverse("admin:common_change_changelist"),
            change.of_table,
            change.of_id,
            row_named(label, change.of_id),
        )

    @admin.display(description=_("变更的项目"))
    def columns(self, change):
        if change.verb != ChangeVerb.UPDATE:
            return "—"
        return "、".join(str(name) for name, _was, _is in change_in_words(change))

    @admin.display(description=_("内容（变更前 → 变更后）"))
    def changes(self, change):
        return "\n".join(
            f"{name}：{was} → {now}" if was and now else f"{name}：{was or now}"
            for name, was, now in change_in_words(change)
        )

    @admin.display(description=_("起因"))
    def cause(self, change):
        return self.known(change, "cause")

    @admin.display(description=_("页面地址"))
    def path(self, change):
        return self.known(change, "path")

    @admin.display(description=_("请求编号"))
    def request(self, change):
        return self.known(change, "request")

    def known(self, change, key):
        return (change.context or {}).get(key, "—")


class NoticeForm(forms.Form):
    """A whole notice, as it was copied from the web."""

    text = forms.CharField(
        label=_("通知全文"),
        max_length=20000,
        widget=AdminTextareaWidget(attrs={"rows": 18}),
        help_text=_("从“国务院办公厅关于某年部分节假日安排的通知”的标题起，全文粘贴。"),
    )
    title = forms.CharField(
        label=_("文号或日期"),
        max_length=100,
        help_text=_("例如：国办发明电〔2024〕12号。每一天都记着出自哪份通知。"),
    )
    seen = forms.CharField(max_length=200, required=False, widget=forms.HiddenInput)


@admin.register(Holiday)
class HolidayAdmin(PortalModelAdmin, admin.ModelAdmin):
    """Festivals and worked weekends: pasted as a whole notice, looked at, saved."""

    change_list_template = "admin/common/holiday/change_list.html"
    list_display = ["date", "weekday", "works", "name", "notice"]
    list_filter = ["notice_year", "works"]
    search_fields = ["name", "notice"]
    date_hierarchy = "date"
    fields = ["date", "works", "name", "notice_year", "notice"]

    @admin.display(description=_("星期"))
    def weekday(self, holiday):
        return WEEKDAYS[holiday.date.weekday()]

    def get_readonly_fields(self, request, obj=None):
        return ["date"] if obj else []

    def has_delete_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
        services.save_holiday(holiday=obj, by=request.user)

    def get_urls(self):
        view = self.admin_site.admin_view(self.paste_view)
        return [
            path("notice/", view, name="common_holiday_notice"),
            *super().get_urls(),
        ]

    @csrf_protect_m
    def paste_view(self, request):
        """The notice, then its days as they were read, then saving: what is saved is
        what was looked at, word for word."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form, notice = NoticeForm(request.POST or None), None
        if request.method == "POST" and form.is_valid():
            text, title = form.cleaned_data["text"], form.cleaned_data["title"]
            seal = signing.Signer(salt="common.notice").signature(text)
            try:
                notice = holidays.read(text)
                if "_save" in request.POST and form.cleaned_data["seen"] == seal:
                    n = services.save_notice(
                        notice=notice, title=title, by=request.user
                    )
                    said = _("已保存%(year)d年的放假安排，共%(n)d天。")
                    self.message_user(
                        request, said % {"year": notice.year, "n": n}, messages.SUCCESS
                    )
                    return HttpResponseRedirect(
                        reverse("admin:common_holiday_changelist")
                    )
            except Refusal as refusal:
                form.add_error("text", str(refusal))
                notice = None
            else:
                form.data = form.data.copy()
                form.data["seen"] = seal
        context = self.admin_site.each_context(request) | {
            "title": _("录入放假通知"),
            "opts": self.opts,
            "form": form,
            "notice": notice,
            "days": [
                (day, WEEKDAYS[day.date.weekday()])
                for day in (notice.days if notice else [])
            ],
        }
        return TemplateResponse(request, "admin/common/holiday/notice.html", context)


class TaskStateFilter(admin.SimpleListFilter):
    title = _("状态")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [
            (Status.FAILED, _("已停止")),
            (Status.READY, _("等待运行")),
            (Status.RUNNING, _("运行中")),
            (Status.SUCCESSFUL, _("已完成")),
        ]

    def queryset(self, request, queryset):
        return queryset.filter(status=self.value()) if self.value() else queryset


NEVER = 9999  # the year in which the library writes "at once"


@admin.register(BackgroundTask)
class BackgroundTaskAdmin(ReadOnly, PortalModelAdmin, admin.ModelAdmin):
    """What waits, runs, or was given up and wants somebody: those come first. Tasks that
    went well are thrown away after a day."""

    is_audit = False
    change_list_template = "admin/common/backgroundtask/change_list.html"
    change_form_template = "admin/common/backgroundtask/change_form.html"
    list_display = ["title", "state_shown", "tries", "asked_for", "due", "why"]
    list_filter = [TaskStateFilter]
    ordering = [Case(When(status=Status.FAILED, then=0), default=1), "-enqueued_at"]
    fields = [*list_display, "started", "ended", "arguments", "told"]
    actions = ["rerun_chosen"]

    def get_actions(self, request):
        return super(ReadOnly, self).get_actions(request)

    def has_rerun_permission(self, request):
        return request.user.has_perm("common.rerun_backgroundtask")

    @admin.display(description=_("任务"))
    def title(self, task):
        return task.title

    @admin.display(description=_("状态"), ordering="status")
    def state_shown(self, task):
        return task.state

    @admin.display(description=_("已试次数"))
    def tries(self, task):
        return task.tries

    @admin.display(description=_("交办时间"), ordering="enqueued_at")
    def asked_for(self, task):
        return to_the_second(task.enqueued_at)

    @admin.display(description=_("开始时间"))
    def started(self, task):
        return to_the_second(task.started_at) if task.started_at else "—"

    @admin.display(description=_("结束时间"))
    def ended(self, task):
        return to_the_second(task.finished_at) if task.finished_at else "—"

    @admin.display(description=_("下次运行"))
    def due(self, task):
        if task.status != Status.READY or task.run_after.year == NEVER:
            return "—"
        return to_the_second(task.run_after)

    @admin.display(description=_("最近一次的错误"))
    def why(self, task):
        if task.exception_class_path == queue.DIED:
            return _("运行它的进程中断了")
        return task.exception_class_path.rpartition(".")[2] or "—"

    @admin.display(description=_("参数"))
    def arguments(self, task):
        given = task.args_kwargs
        said = [*given.get("args", []), *given.get("kwargs", {}).values()]
        return "、".join(map(str, said)) or "—"

    @admin.display(description=_("错误详情"))
    def told(self, task):
        return format_html("<pre>{}</pre>", task.traceback) if task.traceback else "—"

    @admin.action(description=_("重新运行所选任务"), permissions=["rerun"])
    def rerun_chosen(self, request, queryset):
        def act(task):
            queue.rerun(task=task, by=request.user)

        self.act_on_each(request, queryset, act, _("%(n)d项任务将重新运行。"))

    def changelist_view(self, request, extra_context=None):
        context = {"is_unattended": not queue.is_attended()}
        return super().changelist_view(request, context | (extra_context or {}))

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """Its one button is 重新运行."""
        task = self.get_object(request, object_id)
        may = task is not None and self.has_rerun_permission(request)
        if request.method == "POST" and "_rerun" in request.POST:
            if not may:
                raise PermissionDenied
            try:
                queue.rerun(task=task, by=request.user)
            except Refusal as refusal:
                self.message_user(request, refusal, messages.ERROR)
            else:
                self.message_user(request, _("任务将重新运行。"), messages.SUCCESS)
            return HttpResponseRedirect(request.get_full_path())
        context = {"may_rerun": may and task.status == Status.FAILED}
        context |= extra_context or {}
        return super().change_view(request, object_id, form_url, context)
