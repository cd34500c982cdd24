from django.contrib import admin, messages
from django.contrib.admin.options import csrf_protect_m
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from common.errors import Refusal
from common.modeladmin import Named, PortalModelAdmin
from honors import errors, services
from honors.admin.juries import JuryPages
from honors.admin.publicnotices import ToDoFilter
from honors.cards import stages
from honors.enums import NominationState
from honors.forms import HonoreeForm
from honors.models import (
    AwardEdition,
    AwardProgram,
    CompositionRule,
    Criterion,
    Honoree,
    Nomination,
    RequiredDocument,
)
from honors.services import editions
from members.models import UnionOrg

MOST_WAITING = 50


class CriterionInline(Named, admin.TabularInline):
    model = Criterion
    extra = 0
    fields = ["name", "weight", "description", "position"]


class RequiredDocumentInline(Named, admin.TabularInline):
    model = RequiredDocument
    extra = 0
    fields = ["name", "kind", "is_required", "is_for_heads", "position"]


class CompositionRuleInline(Named, admin.TabularInline):
    model = CompositionRule
    extra = 0
    fields = ["kind", "bound", "percent", "is_hard"]

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "is_hard":  # a table has no room for help: its head says it
            field.help_text = ""
            field.label = _("硬性要求（不满足时名单不能提交）")
        return field


class PartsByVerb:
    """The rows below an award or an edition are stored by a verb, all at once."""

    def save_related(self, request, form, formsets, change):
        rows: list[Model] = []
        dropped: list[Model] = []
        for formset in formsets:
            rows += formset.save(commit=False)
            dropped += formset.deleted_objects
        if rows or dropped:
            editions.save_parts(rows=rows, dropped=dropped, by=request.user)


@admin.register(AwardProgram)
class AwardProgramAdmin(PartsByVerb, PortalModelAdmin, admin.ModelAdmin):
    list_display = ["name", "level", "kind", "position"]
    list_filter = ["level", "kind"]
    search_fields = ["name"]
    fields = ["name", "level", "kind", "position", "intro"]

    def get_inlines(self, request, obj):
        """A new award gets the usual ones, to be changed afterwards."""
        return [CriterionInline, RequiredDocumentInline] if obj else []

    def save_model(self, request, obj, form, change):
        services.save_award(award=obj, by=request.user)


class ToConferFilter(ToDoFilter):
    waits, label = "to_confer", _("待授予并公开")


@admin.register(AwardEdition)
class AwardEditionAdmin(JuryPages, PartsByVerb, PortalModelAdmin, admin.ModelAdmin):
    list_display = [
        "title",
        "program",
        "year",
        "work",
        "conferred_on",
        "doc_no",
        "is_public",
    ]
    list_filter = [
        ToConferFilter,
        ("conferred_at", admin.EmptyFieldListFilter),
        "program",
        "year",
    ]
    list_select_related = ["program"]
    search_fields = ["title", "doc_no", "program__name"]
    autocomplete_fields = ["program"]
    date_hierarchy = "conferred_on"
    readonly_fields = ["announced_at", "conferred_at", "conferred_by"]
    actions = ["confer_selected", "unconfer_selected"]
    inlines = [CompositionRuleInline]
    fieldsets = [
        (_("这一届"), {"fields": ["program", "year", "title", "intro", "quota"]}),
        (
            _("推荐"),
            {
                "description": _(
                    "已经评完的旧届次，以下各段都可留空。日期要前后相接：推荐截止以后"
                    "县区（产业）工会审核，审核以后评审。"
                ),
                "fields": [
                    "nominators",
                    "unit_quota",
                    "takes_proposals",
                    "nominations_open_at",
                    "nominations_close_at",
                    "unit_notice_days",
                    "county_review_by",
                ],
            },
        ),
        (
            _("评审"),
            {
                "fields": [
                    "jury_from",
                    "jury_until",
                    "jury_mode",
                    "score_method",
                    "quorum",
                ]
            },
        ),
        (
            _("投票"),
            {
                "description": _("不设投票的，起止时间留空。"),
                "fields": ["vote_opens_at", "vote_closes_at", "vote_weight"],
            },
        ),
        (
            _("市级公示"),
            {"fields": ["notice_days", "first_day_counts", "name_order"]},
        ),
        (
            _("表彰"),
            {
                "fields": [
                    "conferred_on",
                    "awarding_body",
                    "doc_no",
                    "announced_at",
                    "conferred_at",
                    "conferred_by",
                ]
            },
        ),
    ]

    def get_urls(self):
        own = self._job_urls(("<int:pk>/run/", self.run_view, "run"))
        return [*own, *super().get_urls()]

    @admin.display(description=_("办理"))
    def work(self, edition):
        address = reverse("admin:honors_awardedition_run", args=[edition.pk])
        return format_html('<a href="{}">{}</a>', address, _("推荐与进度"))

    @csrf_protect_m
    def run_view(self, request, pk):
        """An edition at work: its dates, what came in, what waits; announced here."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        edition = get_object_or_404(AwardEdition.objects.for_page(), pk=pk)
        may_run = request.user.has_perm("honors.run_edition")
        problems = ()
        if request.method == "POST":
            if not may_run:
                raise PermissionDenied
            try:
                said = self._announce(request, edition)
            except Refusal as refusal:
                problems = refusal.reasons
            else:
                if said:
                    self.message_user(request, said, messages.SUCCESS)
                return HttpResponseRedirect(request.path)
        rows = Nomination.objects.filter(edition=edition)
        waiting = rows.for_city_to_do(request.user).for_list().order_by("submitted_at")
        waiting = list(waiting[: MOST_WAITING + 1])
        counts = rows.count_by_state() if may_run else {}
        is_announced = edition.announced_at is not None
        context = {
            **self.admin_site.each_context(request),
            "title": edition.title,
            "opts": self.opts,
            "above": [(_("评选届次"), reverse("admin:honors_awardedition_changelist"))],
            "edition": edition,
            "problems": problems,
            "stages": stages(edition, timezone.now()),
            "counts": [
                (state.value, state.label, counts[state.value])
                for state in NominationState
                if state.value in counts
            ],
            "waiting": waiting[:MOST_WAITING],
            "is_more": len(waiting) > MOST_WAITING,
            "may_change": self.has_change_permission(request, edition),
            "may_announce": may_run and not is_announced and not edition.conferred_at,
            "may_take_back": may_run and is_announced and not rows.exists(),
        }
        return TemplateResponse(request, "admin/honors/awardedition/run.html", context)

    @staticmethod
    def _announce(request, edition):
        do = request.POST.get("do", "")
        if do == "announce":
            editions.announce(edition=edition, by=request.user)
            return _("已发布，公开页面上可以看到。")
        if do == "take-back":
            editions.take_back(edition=edition, by=request.user)
            return _("已撤回发布。")
        return ""

    @admin.display(description=_("已公开"), boolean=True, ordering="conferred_at")
    def is_public(self, edition):
        return edition.conferred_at is not None

    def has_confer_permission(self, request):
        return request.user.has_perm("honors.confer_awardedition")

    @admin.action(description=_("授予并公开所选届次"), permissions=["confer"])
    def confer_selected(self, request, queryset):
        def confer(edition):
            services.confer_edition(edition=edition, by=request.user)
            self.log_change(request, edition, str(_("授予并公开")))

        self.act_on_each(request, queryset, confer, _("已授予并公开%(n)d届。"))

    @admin.action(description=_("撤回公开所选届次"), permissions=["confer"])
    def unconfer_selected(self, request, queryset):
        def unconfer(edition):
            services.unconfer_edition(edition=edition, by=request.user)
            self.log_change(request, edition, str(_("撤回公开")))

        self.act_on_each(request, queryset, unconfer, _("已撤回%(n)d届的公开。"))

    def save_model(self, request, obj, form, change):
        services.save_award(award=obj, by=request.user)


class StandingFilter(admin.SimpleListFilter):
    title = _("状态")
    parameter_name = "standing"

    def lookups(self, request, model_admin):
        return [("valid", _("有效")), ("revoked", _("已撤销"))]

    def queryset(self, request, queryset):
        if self.value() not in ("valid", "revoked"):
            return queryset
        return queryset.filter(revoked_on__isnull=self.value() == "valid")


class SourceFilter(admin.SimpleListFilter):
    title = _("来源")
    parameter_name = "source"

    def lookups(self, request, model_admin):
        return [
            ("chosen", _("本站评选")),
            ("imported", _("旧名单导入")),
            ("entered", _("人工登记")),
        ]

    def queryset(self, request, queryset):
        wanted = {
            "chosen": {"nomination__isnull": False},
            "imported": {"imported_from__isnull": False},
            "entered": {"nomination__isnull": True, "imported_from__isnull": True},
        }
        return queryset.filter(**wanted.get(self.value(), {}))


@admin.register(Honoree)
class HonoreeAdmin(PortalModelAdmin, admin.ModelAdmin):
    """Conferring is adding a row, revoking is an action with a reason; nothing is
    deleted."""

    list_display = ["name", "edition", "employer", "industry", "is_group", "standing"]
    list_filter = [
        StandingFilter,
        SourceFilter,
        "edition__program",
        "edition__year",
        "industry",
        "is_group",
    ]
    list_select_related = ["edition"]
    search_fields = ["name", "employer", "cert_no"]
    autocomplete_fields = ["edition"]
    raw_id_fields = ["worker"]
    readonly_fields = [
        "standing",
        "revoke_reason",
        "is_tied",
        "picture",
        "source",
        "paper",
    ]
    form = HonoreeForm
    actions = ["revoke_selected", "reinstate_selected"]
    fieldsets = [
        (
            _("荣誉"),
            {
                "fields": [
                    *("edition", "cert_no", "paper"),
                    *("source", "standing", "revoke_reason"),
                ]
            },
        ),
        (
            _("获奖者"),
            {
                "fields": [
                    "name",
                    "is_group",
                    "employer",
                    "position",
                    "industry",
                    "district",
                    "gender",
                    "ethnicity",
                    "worker",
                ],
                "description": _("姓名、单位和岗位按获奖时填写，以后不随本人变动。"),
            },
        ),
        (
            _("事迹"),
            {
                "description": _("照片、民族和本人的话，请先征得本人同意再填写。"),
                "fields": [
                    "deed",
                    "deeds",
                    "motto",
                    "picture",
                    "portrait",
                    "receipt",
                    "is_portrait_removed",
                    "portrait_focus",
                    "report_pages",
                ],
            },
        ),
    ]

    def get_fieldsets(self, request, obj=None):
        """Tying an honour to a worker is for those who may see every worker; the others
        learn that it is tied, not to whom. The portrait is shown, and can be taken
        away, where there is one."""
        instead = {}
        if not request.user.has_perm("members.view_all_workers"):
            instead["worker"] = "is_tied"
        may_change = obj is None or self.has_change_permission(request, obj)
        if obj is None or not obj.portrait_key:
            instead |= {"picture": None, "is_portrait_removed": None}
        if not may_change:
            instead |= {"receipt": None, "is_portrait_removed": None}
            instead["report_pages"] = None
            if obj.portrait_key:
                instead["portrait"] = None
        return [
            (
                title,
                options
                | {
                    "fields": [
                        instead.get(name, name)
                        for name in options["fields"]
                        if instead.get(name, name)
                    ]
                },
            )
            for title, options in super().get_fieldsets(request, obj)
        ]

    @admin.display(description=_("已关联职工"), boolean=True)
    def is_tied(self, honoree):
        return honoree.worker_id is not None

    @admin.display(description=_("页面配图"))
    def picture(self, honoree):
        portrait = honoree.portrait(480)
        return format_html(
            '<img class="portrait" src="{}" width="{}" height="{}" alt="{}"> {}',
            portrait["url"],
            portrait["width"],
            portrait["height"],
            honoree.name,
            "" if honoree.portrait_key else _("没有照片，页面显示示意图"),
        )

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "district":  # of the honoured, not of who writes it down
            field.queryset = UnionOrg.objects.districts()
        return field

    # for those who may only view: the form's box is not there then, and the model's
    # method of this name wants a width
    @admin.display(description=_("照片"), boolean=True)
    def portrait(self, honoree):
        return bool(honoree.portrait_key)

    def has_delete_permission(self, request, obj=None):
        return False

    def has_revoke_permission(self, request):
        return request.user.has_perm("honors.revoke_honoree")

    def save_model(self, request, obj, form, change):
        """Adding a row here is conferring; the rules and the order key are the
        service's."""
        facts = dict(form.cleaned_data)
        is_removed = facts.pop("is_portrait_removed", False)
        del facts["portrait"], facts["receipt"]
        reports = facts.pop("report_pages", None)
        if change:
            honoree = services.amend(honoree=obj, by=request.user)
        else:
            honoree = services.confer(by=request.user, **facts)
            obj.pk = honoree.pk
        if reports is not None:
            services.set_reports(honoree=honoree, keys=reports, by=request.user)
        if form.kept or is_removed:
            services.set_portrait(honoree=honoree, portrait=form.kept, by=request.user)

    @admin.display(description=_("荣誉证书"))
    def paper(self, honoree):
        if honoree.certificate_id is None:
            return _("没有在本站颁发")
        number = honoree.certificate.number
        page = reverse("honors:certificate", args=[number])
        return format_html('<a href="{}">{}</a>', page, _("打印荣誉证书"))

    @admin.display(description=_("来源"))
    def source(self, honoree):
        if honoree.imported_from_id:
            return _("旧名单导入（第%(n)d号）") % {"n": honoree.imported_from_id}
        return _("本站评选") if honoree.nomination_id else _("人工登记")

    @admin.display(description=_("状态"), ordering="revoked_on")
    def standing(self, obj):
        if obj.revoked_on:
            return _("%(day)s撤销") % {"day": obj.revoked_on.isoformat()}
        return _("有效")

    @admin.action(description=_("撤销所选荣誉"), permissions=["revoke"])
    def revoke_selected(self, request, queryset):
        """Asks for the reason on a page of its own: it stays with the honour."""
        reason = request.POST.get("reason", "").strip()
        if not reason:
            return self.ask_first(
                request,
                queryset,
                title=_("撤销荣誉"),
                consequence=_(
                    "撤销后不再出现在荣誉殿堂，记录保留在后台；有误时可以恢复。"
                ),
                label=_("撤销原因"),
                confirm=_("确定撤销"),
                leave=_("不撤销，返回"),
                error=errors.REASON_MISSING.text if "reason" in request.POST else "",
            )

        def revoke(honoree):
            services.revoke(honoree=honoree, reason=reason, by=request.user)
            self.log_change(request, honoree, str(_("撤销荣誉")))

        self.act_on_each(request, queryset, revoke, _("已撤销%(n)d项荣誉。"))
        return None

    @admin.action(description=_("恢复所选荣誉（撤销有误时）"), permissions=["revoke"])
    def reinstate_selected(self, request, queryset):
        def reinstate(honoree):
            services.reinstate(honoree=honoree, by=request.user)
            self.log_change(request, honoree, str(_("恢复荣誉")))

        self.act_on_each(request, queryset, reinstate, _("已恢复%(n)d项荣誉。"))
