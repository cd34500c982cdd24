from django.contrib import admin, messages
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from common import dates
from common.letters import is_key
from common.modeladmin import PortalModelAdmin
from members.admin.belonging import AnsweredOnce, AnswerForm
from signups import drawadmin  # noqa: F401  registers its page
from signups.enums import AppealState, OfferingKind, SignupState, SignupStatus
from signups.models import Appeal, Offering, Rules, SeatPool, Signup
from signups.services import conduct, offerings, seats


class SeatPoolInline(admin.TabularInline):
    """Shown beside the offering; seats are changed on their own page, by the verb."""

    model = SeatPool
    fields = readonly_fields = [
        "kind",
        "audience",
        "union_org",
        "capacity",
        "taken",
        "owed",
        "until",
        "page",
    ]
    extra = 0
    can_delete = False

    def has_add_permission(self, request, obj=None):
        return False

    @admin.display(description=_("名额页"))
    def page(self, pool):
        # in a column of its own: Django's link lies in a caption over the first cell
        there = reverse("admin:signups_seatpool_change", args=[pool.pk])
        return format_html('<a href="{}">{}</a>', there, _("打开"))


@admin.register(Offering)
class OfferingAdmin(PortalModelAdmin, admin.ModelAdmin):
    """The window and the rules of something that can be asked for. It is opened by the
    room it belongs to (a class, a slot), never here."""

    list_display = ["title", "kind", "opens_at", "closes_at", "seats", "withdrawn_at"]
    list_filter = ["kind", "opens_at"]
    search_fields = ["title"]
    told_apart_by = "limit_titles"
    fields = [
        "title",
        ("kind", "organiser", "rules"),
        ("opens_at", "closes_at"),
        "cancel_until",
        "is_members_only",
        "waitlist_limit",
        ("withdrawn_at", "withdrawn_reason"),
    ]
    readonly_fields = [
        "title",
        "kind",
        "organiser",
        "rules",
        "withdrawn_at",
        "withdrawn_reason",
    ]
    inlines = [SeatPoolInline]

    def get_queryset(self, request):
        rows = super().get_queryset(request).managed_by(request.user)
        return rows.select_related("organiser", "rules").prefetch_related(
            "pools", "limits"
        )

    def has_change_permission(self, request, obj=None):
        """What one manages only: the list is also for those who sign people up."""
        if not super().has_change_permission(request, obj):
            return False
        mine = Offering.objects.changeable_by(request.user)
        return obj is None or mine.filter(pk=obj.pk).exists()

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
        offerings.change_offering(
            offering=obj,
            by=request.user,
            **{name: form.cleaned_data[name] for name in form.changed_data},
        )

    @admin.display(description=_("已占/名额"))
    def seats(self, offering):
        pools = offering.pools.all()
        return f"{sum(p.taken for p in pools)}/{sum(p.capacity for p in pools)}"


@admin.register(Rules)
class RulesAdmin(PortalModelAdmin, admin.ModelAdmin):
    """New rules are a new version; what is open keeps the one it was opened with."""

    list_display = ["kind", "version", "cancel_hours", "block_points", "made_at"]
    list_filter = ["kind"]
    fieldsets = [
        (None, {"fields": ["kind", "cancel_hours", "text"]}),
        (
            _("候补"),
            {
                "fields": [
                    "is_offered",
                    ("offer_hours", "offer_before_hours"),
                    "grace_hours",
                ]
            },
        ),
        (
            _("守约计分"),
            {
                "fields": [
                    "late_points",
                    ("last_minute_hours", "last_minute_points"),
                    "no_show_points",
                    ("point_days", "block_points"),
                ]
            },
        ),
        (
            _("签到"),
            {"fields": [("check_in_minutes", "late_minutes"), "checks_out"]},
        ),
        (
            _("志愿服务"),
            {
                "fields": [
                    ("day_hours", "rest_minutes", "travel_minutes"),
                    "practised_after",
                ]
            },
        ),
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).managed_by(request.user)

    def formfield_for_choice_field(self, db_field, request, **kwargs):
        if db_field.name == "kind":
            kwargs["choices"] = [
                (kind.value, kind.label)
                for kind in OfferingKind.managed_by(request.user)
            ]
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
        made = offerings.publish_rules(by=request.user, **form.cleaned_data)
        obj.pk, obj.version = made.pk, made.version


class AppealAnswerForm(AnswerForm):
    WORDS = (_("属实，撤销计分"), _("不同意"))

    class Meta:
        model = Appeal
        fields = ["answer"]


@admin.register(Appeal)
class AppealAdmin(AnsweredOnce, PortalModelAdmin, admin.ModelAdmin):
    """What workers say about their points: the unit confirms overtime, travel and
    sickness of its own people; all else is for whoever runs what was missed."""

    open_state = AppealState.OPEN
    asked = ("worker", "union_org", "what", "cause", "happened_at", "ground", "text")
    answered = (*asked, "asked_at", "state", "answered_by", "answered_at", "answer")
    form = AppealAnswerForm
    list_display = [
        "worker",
        "union_org",
        "what",
        "cause",
        "ground",
        "state",
        "asked_at",
    ]
    list_filter = ["state", "ground"]
    list_select_related = [
        "point__worker__union_org",
        "point__signup__offering",
    ]
    search_fields = ["point__worker__name", "point__signup__offering__title"]
    search_help_text = _("按姓名或所报的名称查找")

    def has_add_permission(self, request):
        return False

    def person(self, obj):
        return obj.point.worker

    def has_change_permission(self, request, obj=None):
        if not super().has_change_permission(request, obj):
            return False
        mine = Appeal.objects.decidable_by(request.user)
        return obj is None or mine.filter(pk=obj.pk).exists()

    def save_model(self, request, obj, form, change):
        conduct.answer_appeal(
            appeal=obj,
            accepted=form.is_yes,
            by=request.user,
            answer=form.cleaned_data["answer"],
        )

    @admin.display(description=_("职工"), ordering="point__worker__name")
    def worker(self, appeal):
        return appeal.point.worker

    @admin.display(description=_("所在工会"))
    def union_org(self, appeal):
        return appeal.point.worker.union_org

    @admin.display(description=_("所报"))
    def what(self, appeal):
        return appeal.point.signup.offering

    @admin.display(description=_("事由"))
    def cause(self, appeal):
        return appeal.point.get_cause_display()

    @admin.display(description=_("发生时间"))
    def happened_at(self, appeal):
        return dates.moment(appeal.point.happened_at)


@admin.register(SeatPool)
class SeatPoolAdmin(PortalModelAdmin, admin.ModelAdmin):
    """Only the number of seats can be changed; the queue is served at once."""

    list_display = ["offering", "kind", "audience", "capacity", "taken", "owed"]
    list_select_related = ["offering"]
    search_fields = ["offering__title"]
    readonly_fields = [
        "offering",
        "kind",
        "audience",
        "union_org",
        "until",
        "taken",
        "owed",
    ]
    fields = [*readonly_fields, "capacity"]

    def get_queryset(self, request):
        return super().get_queryset(request).managed_by(request.user)

    def has_change_permission(self, request, obj=None):
        """The seats of what one manages only."""
        if not super().has_change_permission(request, obj):
            return False
        mine = Offering.objects.changeable_by(request.user)
        return obj is None or mine.filter(pk=obj.offering_id).exists()

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
        offerings.set_capacity(
            pool=obj, capacity=form.cleaned_data["capacity"], by=request.user
        )


class OfferingFilter(admin.SimpleListFilter):
    """The signups of one offering. There are too many to list: a class leads here, and
    the chosen one is shown so that it can be let go."""

    title = _("报名项目")
    parameter_name = "offering__id__exact"

    def lookups(self, request, model_admin):
        self.offering = None
        chosen = self.used_parameters.get(self.parameter_name)
        if chosen is None:
            return []
        if is_key(chosen):
            self.offering = Offering.objects.filter(pk=chosen).first()
        return [(chosen, self.offering.title if self.offering else _("没有这一项"))]

    def has_output(self):
        """A filter that is not shown is not applied."""
        return self.parameter_name in self.used_parameters

    def queryset(self, request, queryset):
        chosen = self.value()
        if chosen is None:
            return queryset
        return queryset.filter(offering=chosen) if is_key(chosen) else queryset.none()


@admin.register(Signup)
class SignupAdmin(PortalModelAdmin, admin.ModelAdmin):
    """Signing up and cancelling for somebody at the desk: the same verbs, the same
    refusals as on the page, and on record who did it."""

    list_display = [
        "worker",
        "union_org",
        "offering",
        "state",
        "created_at",
        "asked_by",
    ]
    list_filter = ["status", OfferingFilter]
    list_select_related = ["worker__union_org", "union_org", "offering", "asked_by"]
    search_fields = ["worker__name", "worker__member_number", "offering__title"]
    search_help_text = _("按姓名、会员编号或班名查找")
    date_hierarchy = "created_at"
    has_long_history = True
    fields = ["offering", "worker"]
    autocomplete_fields = ["offering", "worker"]
    actions = ["cancel_selected"]

    def get_queryset(self, request):
        return super().get_queryset(request).managed_by(request.user).with_state()

    def get_changelist_instance(self, request):
        changelist = super().get_changelist_instance(request)
        for spec in changelist.filter_specs:
            offering = getattr(spec, "offering", None)
            if offering is not None:
                changelist.title = _("%(title)s的报名") % {"title": offering.title}
        return changelist

    def get_fields(self, request, obj=None):
        if obj is None:
            return self.fields
        further = {
            SignupState.WAITING: ["place_in_queue"],
            SignupState.CALLED_OFF: ["called_off_reason"],
            SignupState.CANCELLED: ["cancelled_at", "cancelled_reason"],
        }.get(obj.state, [] if obj.is_live else ["ended_at"])
        return [*self.fields, "state", "created_at", *further, "asked_by"]

    def get_readonly_fields(self, request, obj=None):
        return self.get_fields(request, obj) if obj else []

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        if obj is not None:
            context["title"] = f"{obj.worker} — {obj.offering}"
            context["subtitle"] = None
            context["may_cancel"] = obj.is_live and self.has_change_permission(request)
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def has_change_permission(self, request, obj=None):
        """Rows are not edited: they are made and cancelled by verbs."""
        return obj is None and super().has_change_permission(request)

    def has_delete_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
        signup = seats.sign_up(
            offering_id=obj.offering_id, worker=obj.worker, by=request.user
        )
        obj.pk, obj.status = signup.pk, signup.status

    def response_add(self, request, obj, post_url_continue=None):
        """Names whom it was done for, and what: Django would give the row's number."""
        said = (
            _("已为%(worker)s报名“%(offering)s”。")
            if obj.status == SignupStatus.SEATED
            else _("“%(offering)s”名额已满，已为%(worker)s排入候补。")
        )
        words = {"worker": obj.worker, "offering": obj.offering}
        self.message_user(request, said % words, messages.SUCCESS)
        if "_addanother" in request.POST:
            return HttpResponseRedirect(request.get_full_path())
        return self.response_post_save_add(request, obj)

    @admin.action(description=_("取消所选报名"), permissions=["change"])
    def cancel_selected(self, request, queryset):
        """Says first whose seat is given up, for the next in the queue has it at once,
        and asks why: they will read it."""
        held = list(
            queryset.live().select_related("worker__union_org", "union_org", "offering")
        )
        if not held:
            said = _("所选报名都已取消或停办。")
            self.message_user(request, said, messages.WARNING)
            return None
        for signup in held:
            signup.in_words = _("%(worker)s（%(union)s） — %(offering)s") % {
                "worker": signup.worker or _("单位集体报名"),
                "union": self.union_org(signup),
                "offering": signup.offering,
            }
        reason = request.POST.get("reason", "").strip()
        if not reason:
            return self.ask_first(
                request,
                held,
                title=_("取消报名"),
                consequence=_(
                    "空出的名额随即由候补的人依次递补；取消后不能恢复，只能重新报名。"
                    "原因会显示给本人。"
                ),
                label=_("取消原因"),
                confirm=_("确定取消"),
                leave=_("不取消，返回"),
                error=_("请填写取消原因，本人会看到。")
                if "is_sure" in request.POST
                else "",
            )
        self.act_on_each(
            request,
            held,
            lambda signup: seats.cancel(signup=signup, by=request.user, reason=reason),
            _("已取消%(n)d条报名。"),
        )
        return None

    @admin.display(description=_("候补位次"))
    def place_in_queue(self, signup):
        ranked = Signup.objects.filter(pk=signup.pk).with_rank().get()
        return _("第%(rank)d位（共%(queue)d位）") % {
            "rank": ranked.rank,
            "queue": ranked.queue,
        }

    @admin.display(description=_("状态"), ordering="status")
    def state(self, signup):
        return SignupState(signup.state).label

    @admin.display(description=_("停办原因"))
    def called_off_reason(self, signup):
        return signup.offering.withdrawn_reason

    @admin.display(description=_("取消时间"))
    def cancelled_at(self, signup):
        # nothing moves a cancelled row any more
        return dates.moment(signup.ended_at)

    @admin.display(description=_("所在工会"), ordering="worker__union_org__name")
    def union_org(self, signup):
        return signup.worker.union_org if signup.worker else signup.union_org
