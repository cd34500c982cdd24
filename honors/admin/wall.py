from django.contrib import admin
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from common.modeladmin import PortalModelAdmin
from honors import errors, services
from honors.forms import HonoreeForm
from honors.models import AwardEdition, AwardProgram, Honoree


@admin.register(AwardProgram)
class AwardProgramAdmin(PortalModelAdmin, admin.ModelAdmin):
    list_display = ["name", "level", "kind", "position"]
    list_filter = ["level", "kind"]
    search_fields = ["name"]
    fields = ["name", "level", "kind", "position", "intro"]

    def save_model(self, request, obj, form, change):
        services.save_award(award=obj, by=request.user)


@admin.register(AwardEdition)
class AwardEditionAdmin(PortalModelAdmin, admin.ModelAdmin):
    list_display = ["title", "program", "year", "conferred_on", "doc_no", "is_public"]
    list_filter = [
        ("conferred_at", admin.EmptyFieldListFilter),
        "program",
        "year",
    ]
    list_select_related = ["program"]
    search_fields = ["title", "doc_no", "program__name"]
    autocomplete_fields = ["program"]
    date_hierarchy = "conferred_on"
    readonly_fields = ["conferred_at", "conferred_by"]
    actions = ["confer_selected", "unconfer_selected"]
    fields = [
        "program",
        "year",
        "title",
        "conferred_on",
        "awarding_body",
        "doc_no",
        "intro",
        "conferred_at",
        "conferred_by",
    ]

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


@admin.register(Honoree)
class HonoreeAdmin(PortalModelAdmin, admin.ModelAdmin):
    """Conferring is adding a row, revoking is an action with a reason; nothing is
    deleted."""

    list_display = ["name", "edition", "employer", "industry", "is_group", "standing"]
    list_filter = [
        StandingFilter,
        "edition__program",
        "edition__year",
        "industry",
        "is_group",
    ]
    list_select_related = ["edition"]
    search_fields = ["name", "employer", "cert_no"]
    autocomplete_fields = ["edition"]
    raw_id_fields = ["worker"]
    readonly_fields = ["standing", "revoke_reason", "is_tied", "picture"]
    form = HonoreeForm
    actions = ["revoke_selected", "reinstate_selected"]
    fieldsets = [
        (_("荣誉"), {"fields": ["edition", "cert_no", "standing", "revoke_reason"]}),
        (
            _("获奖者"),
            {
                "fields": [
                    "name",
                    "is_group",
                    "employer",
                    "position",
                    "industry",
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
        if change:
            honoree = services.amend(honoree=obj, by=request.user)
        else:
            honoree = services.confer(by=request.user, **facts)
            obj.pk = honoree.pk
        if form.kept or is_removed:
            services.set_portrait(honoree=honoree, portrait=form.kept, by=request.user)

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
