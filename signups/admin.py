from django.contrib import admin, messages
from django.utils.translation import gettext_lazy as _

from common.admin import PortalModelAdmin
from signups.enums import LIVE
from signups.models import Offering, SeatPool, Signup
from signups.services import offerings, seats


class SeatPoolInline(admin.TabularInline):
    """Shown beside the offering; seats are changed on their own page, by the verb."""

    model = SeatPool
    fields = readonly_fields = [
        "kind",
        "audience",
        "capacity",
        "taken",
        "owed",
        "until",
    ]
    extra = 0
    can_delete = False
    show_change_link = True

    def has_add_permission(self, request, obj=None):
        return False


@admin.register(Offering)
class OfferingAdmin(PortalModelAdmin, admin.ModelAdmin):
    """The window and the rules of something that can be asked for. It is opened by the
    room it belongs to (a class, a slot), never here."""

    list_display = ["title", "opens_at", "closes_at", "seats", "withdrawn_at"]
    list_filter = ["opens_at"]
    search_fields = ["title"]
    fields = [
        "title",
        ("opens_at", "closes_at"),
        "cancel_until",
        "is_members_only",
        "waitlist_limit",
        ("withdrawn_at", "withdrawn_reason"),
    ]
    readonly_fields = ["title", "withdrawn_at", "withdrawn_reason"]
    inlines = [SeatPoolInline]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("pools")

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


@admin.register(SeatPool)
class SeatPoolAdmin(PortalModelAdmin, admin.ModelAdmin):
    """Only the number of seats can be changed; the queue is served at once."""

    list_display = ["offering", "kind", "audience", "capacity", "taken", "owed"]
    list_select_related = ["offering"]
    search_fields = ["offering__title"]
    fields = ["offering", "kind", "audience", "until", "taken", "owed", "capacity"]
    readonly_fields = ["offering", "kind", "audience", "until", "taken", "owed"]

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
        offerings.set_capacity(
            pool=obj, capacity=form.cleaned_data["capacity"], by=request.user
        )


@admin.register(Signup)
class SignupAdmin(PortalModelAdmin, admin.ModelAdmin):
    """Signing up and cancelling for somebody at the desk: the same verbs, the same
    refusals as on the page, and on record who did it."""

    list_display = [
        "worker",
        "union_org",
        "offering",
        "status",
        "created_at",
        "asked_by",
    ]
    list_filter = ["status"]
    list_select_related = ["worker__union_org", "offering", "asked_by"]
    search_fields = ["worker__name", "worker__member_number", "offering__title"]
    date_hierarchy = "created_at"
    fields = ["offering", "worker"]
    raw_id_fields = ["offering", "worker"]
    actions = ["cancel_selected"]

    def get_queryset(self, request):
        return super().get_queryset(request).managed_by(request.user)

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

    @admin.action(description=_("取消所选报名"), permissions=["change"])
    def cancel_selected(self, request, queryset):
        """Says first whose seat is given up: the next in the queue has it at once."""
        held = queryset.filter(status__in=LIVE)
        if "is_sure" not in request.POST:
            held = list(held)
            for signup in held:
                signup.in_words = f"{signup.worker} — {signup.offering}"
            if not held:
                said = _("所选报名都已取消。")
                self.message_user(request, said, messages.WARNING)
                return None
            return self.ask_first(
                request,
                held,
                title=_("取消报名"),
                told=_("取消后名额按候补先后自动递补；本人再报，需重新排队。"),
                confirm=_("确定取消"),
                leave=_("不取消，返回"),
            )
        self.act_on_each(
            request,
            held,
            lambda signup: seats.cancel(signup=signup, by=request.user),
            _("已取消%(n)d条报名。"),
        )
        return None

    @admin.display(description=_("所在工会"), ordering="worker__union_org__name")
    def union_org(self, signup):
        return signup.worker.union_org
