"""Accounts, unions, workers and who looks after whom, as staff see them."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from common.errors import Refusal
from common.modeladmin import PortalModelAdmin
from members import names
from members.admin.belonging import (
    AnsweredOnce,
    AnswerForm,
    ConfirmsRoster,
    RosterStateFilter,
    VerifiesByHand,
)
from members.enums import RoleRequestState
from members.forms import AccountForm, RevealPhoneForm
from members.models import RoleRequest, Stewardship, UnionOrg, User, Worker
from members.services import (
    accounts,
    duties,
    logins,
    rights,
    second_factor,
    unions,
    workers,
)


class RevealsPhone:
    """A page beside a person's row that shows the full number to who may see it and
    says why. Mix into a ModelAdmin whose rows have or are an account."""

    def account_of(self, row) -> User | None:
        raise NotImplementedError

    @property
    def phone_url_name(self):
        return f"{self.opts.app_label}_{self.opts.model_name}_phone"

    def get_urls(self):
        view = self.admin_site.admin_view(self.phone_view)
        return [
            path("<int:pk>/phone/", view, name=self.phone_url_name),
            *super().get_urls(),
        ]

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        account = self.account_of(obj) if obj else None
        if account and account.phone_last4 and self.may_reveal(request):
            context["phone_page"] = reverse(
                f"admin:{self.phone_url_name}", args=[obj.pk]
            )
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def may_reveal(self, request):
        return request.user.has_perm("members.reveal_phone")

    @method_decorator(sensitive_variables())
    def phone_view(self, request, pk):
        """Asks why; by POST shows the number on this answer alone, in no address, no
        message and no cache (``admin_view`` marks every page of the back office so)."""
        row = self.get_queryset(request).filter(pk=pk).first()
        is_allowed = self.has_view_permission(request) and self.may_reveal(request)
        if row is None or not is_allowed:
            if there := self.model.objects.filter(pk=pk).first():
                rights.refuse_reveal(of=there, by=request.user)
            raise Http404 if is_allowed else PermissionDenied
        back = reverse(
            f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[pk]
        )
        account = self.account_of(row)
        if account is None:
            self.message_user(request, _("该职工还没有账号。"), messages.WARNING)
            return HttpResponseRedirect(back)
        form, number = RevealPhoneForm(), ""
        if request.method == "POST":
            form = RevealPhoneForm(request.POST)
            form.is_valid()
            try:
                number = rights.reveal_phone(
                    user=account,
                    by=request.user,
                    reason=form.cleaned_data.get("reason", ""),
                )
            except Refusal as refusal:
                refusal.show_in(form)
        context = self.admin_site.each_context(request) | {
            "title": _("查看完整手机号"),
            "opts": self.opts,
            "person": str(row),
            "back": back,
            "form": form,
            "number": number,
        }
        return TemplateResponse(request, "admin/members/reveal_phone.html", context)


@admin.register(User)
class UserAdmin(RevealsPhone, PortalModelAdmin, admin.ModelAdmin):
    """Accounts of staff and workers. The number is shown by its last four digits."""

    form = AccountForm
    list_display = ["__str__", "phone_last4", "is_staff", "is_active", "last_login"]
    list_filter = ["is_staff", "is_active", "groups"]
    search_fields = ["name", "phone_last4"]
    ordering = ["pk"]
    fields = ["name", "phone", "password1", "groups", "is_staff", "is_active"]
    filter_horizontal = ["groups"]
    actions = ["reset_second_factor", "reopen"]

    @admin.action(description=_("重置所选账号的动态口令"), permissions=["change"])
    def reset_second_factor(self, request, queryset):
        self.act_on_each(
            request,
            queryset,
            lambda user: second_factor.reset(user=user, by=request.user),
            _("已重置%(n)d个账号的动态口令，对方下次登录时重新设置。"),
        )

    @admin.action(description=_("重新启用长期未用的账号"), permissions=["change"])
    def reopen(self, request, queryset):
        self.act_on_each(
            request,
            queryset,
            lambda user: logins.reopen(user=user, by=request.user),
            _("已重新启用%(n)d个账号。"),
        )

    def get_queryset(self, request):
        return super().get_queryset(request).managed_by(request.user)

    def account_of(self, row):
        return row

    def get_fields(self, request, obj=None):
        return [
            field
            for field in self.fields
            if obj is None or field not in ("phone", "password1")
        ]

    def has_delete_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
        self._save(request, obj, form, change)
        if obj.role_requests.open().filter(asked_by=request.user).exists():
            text = _(
                "新增的角色和进入后台的权限须由另一位系统管理员在“角色申请”中确认后生效。"
            )
            self.message_user(request, text, messages.WARNING)

    def save_related(self, request, form, formsets, change):
        """The verb has given the roles, or asked for them; the form gives none."""

    def _save(self, request, obj, form, change):
        if change:
            accounts.change_account(
                user=obj,
                by=request.user,
                name=form.cleaned_data["name"],
                is_staff=form.cleaned_data["is_staff"],
                is_active=form.cleaned_data["is_active"],
                roles=form.cleaned_data["groups"],
            )
            return
        made = accounts.open_account(
            phone=form.cleaned_data["phone"],
            password=form.cleaned_data["password1"],
            name=form.cleaned_data["name"],
            is_staff=form.cleaned_data["is_staff"],
            roles=[role.name for role in form.cleaned_data["groups"]],
            by=request.user,
        )
        obj.__dict__.update(made.__dict__)


class RoleAnswerForm(AnswerForm):
    answer = None
    WORDS = (_("确认"), _("不同意"))

    class Meta:
        model = RoleRequest
        fields = []


@admin.register(RoleRequest)
class RoleRequestAdmin(AnsweredOnce, PortalModelAdmin, admin.ModelAdmin):
    """Roles that one administrator asked for and another one confirms."""

    open_state = RoleRequestState.OPEN
    asked = ("user", "phone_last4", "wanted", "gives_staff", "asked_by", "asked_at")
    answered = (*asked, "state", "answered_by", "answered_at")
    form = RoleAnswerForm
    list_display = ["user", "wanted", "gives_staff", "asked_by", "state", "asked_at"]
    list_filter = ["state"]
    list_select_related = ["user", "asked_by"]
    search_fields = ["user__name"]

    def get_fields(self, request, obj=None):
        fields = super().get_fields(request, obj)
        return [field for field in fields if field != "answer"]

    def has_add_permission(self, request):
        return False

    @admin.display(description=_("新增角色"))
    def wanted(self, asked):
        return "、".join(asked.roles) or "—"

    @admin.display(description=_("手机尾号"))
    def phone_last4(self, asked):
        return asked.user.phone_last4

    def save_model(self, request, obj, form, change):
        answer = duties.confirm if form.is_yes else duties.decline
        answer(request=obj, by=request.user)


@admin.register(UnionOrg)
class UnionOrgAdmin(ConfirmsRoster, PortalModelAdmin, admin.ModelAdmin):
    list_display = ["name", "code", "level", "parent", "roster"]
    list_filter = [RosterStateFilter, "level"]
    list_select_related = ["parent"]
    search_fields = ["name", "short_names", "code"]
    autocomplete_fields = ["parent"]
    fields = ["name", "short_names", "code", "level", "parent"]

    def get_queryset(self, request):
        return super().get_queryset(request).managed_by(request.user)

    def has_delete_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
        unions.save_union(org=obj, by=request.user)


@admin.register(Worker)
class WorkerAdmin(RevealsPhone, VerifiesByHand, PortalModelAdmin, admin.ModelAdmin):
    list_display = ["name", "union_org", "member_number", "is_member", "verified_at"]
    told_apart_by = "union_org"
    list_filter = ["is_member", "is_frontline", "is_migrant"]
    list_select_related = ["union_org"]
    search_fields = ["name", "member_number"]
    autocomplete_fields = ["union_org"]
    fields = [
        "name",
        "union_org",
        "member_number",
        "is_member",
        "is_frontline",
        "is_migrant",
    ]

    def get_readonly_fields(self, request, obj=None):
        """Who is on a roster changes unions by a transfer, which keeps the history."""
        return ["union_org"] if obj else []

    def get_queryset(self, request):
        return super().get_queryset(request).managed_by(request.user)

    def account_of(self, row):
        return row.user

    def get_search_results(self, request, queryset, search_term):
        """A name is found however its dot is typed."""
        plain = names.plain(search_term)
        return super().get_search_results(request, queryset, plain)

    def save_model(self, request, obj, form, change):
        workers.save_worker(worker=obj, by=request.user)

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Stewardship)
class StewardshipAdmin(PortalModelAdmin, admin.ModelAdmin):
    list_display = ["user", "union_org", "role"]
    list_filter = ["role"]
    list_select_related = ["user", "union_org"]
    search_fields = ["user__name", "union_org__name"]
    autocomplete_fields = ["user", "union_org"]
    fields = ["user", "union_org", "role"]

    def get_queryset(self, request):
        return super().get_queryset(request).managed_by(request.user)

    def save_model(self, request, obj, form, change):
        if change:
            rights.change_stewardship(stewardship=obj, by=request.user)
        else:
            given = rights.give_stewardship(by=request.user, **form.cleaned_data)
            obj.pk = given.pk

    def delete_model(self, request, obj):
        rights.take_stewardship(stewardship=obj, by=request.user)
