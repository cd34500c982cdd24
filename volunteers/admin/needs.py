"""Needs in the back office: filed in a form, dealt with on one page, and what is kept for
them: skills, partners, figures of a report, who asked to come into a team."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.options import csrf_protect_m
from django.core.exceptions import PermissionDenied
from django.db.models.functions import Now
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from common import dates
from common.errors import Refusal
from common.letters import is_key
from common.modeladmin import PortalModelAdmin, ViewOnly
from members import phones
from members.models import UnionOrg
from volunteers.enums import IN_HAND, OVER, NeedState
from volunteers.models import (
    JoinRequest,
    Need,
    Partner,
    ReportedFigure,
    Skill,
    VolunteerTeam,
)
from volunteers.services import indicators, matching, needs, profiles

MOST_TEAMS = 300  # in the box of the coordinator
MOST_YEARS = 5


class NeedForm(forms.ModelForm):
    """What is asked for. The number to call is typed, and never read back."""

    contact_phone = forms.CharField(
        label=_("联系电话"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )

    class Meta:
        model = Need
        fields = [
            "union_org",
            "partner",
            "title",
            "kind",
            "detail",
            "district",
            "place",
            "starts_at",
            "ends_at",
            "people",
            "skills",
            "contact_name",
        ]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        phone = self.fields.get("contact_phone")
        if phone is None:
            return
        if self.instance.pk:
            last4 = self.instance.contact_phone[-4:]
            words = _("已留号码%(last4)s；不改请留空。")
            phone.help_text = words % {"last4": phones.masked(last4)}
        else:
            phone.help_text = _("加密保存，只有承接的队伍看得到。")


class OverFilter(admin.SimpleListFilter):
    """Those in hand whose time is over, as the home counts them."""

    title = _("进度")
    parameter_name = "over"

    def lookups(self, request, model_admin):
        return [("1", _("时间已过、待确认完成"))]

    def queryset(self, request, queryset):
        if not self.value():
            return queryset
        return queryset.filter(state__in=IN_HAND, ends_at__lt=Now())


@admin.register(Need)
class NeedAdmin(PortalModelAdmin, admin.ModelAdmin):
    """A list for everybody concerned; each sees the rows that ``managed_by`` gives."""

    form = NeedForm
    list_display = ["what", "kind", "asked_by", "district", "state", "team", "filed_on"]
    list_display_links = None
    list_filter = ["state", OverFilter, "kind"]
    list_select_related = ["union_org", "partner", "district", "team"]
    search_fields = ["title", "place"]
    autocomplete_fields = ["union_org"]

    SHOWN = (
        "title",
        "kind",
        "detail",
        "district",
        "place",
        "starts_at",
        "ends_at",
        "people",
        "skills",
        "state",
    )

    def get_urls(self):
        own = self._job_urls(
            ("indicators/", self.measured, "indicators"),
            ("<int:pk>/work/", self.work_view, "work"),
        )
        return [*own, *super().get_urls()]

    def get_queryset(self, request):
        return super().get_queryset(request).managed_by(request.user)

    def has_change_permission(self, request, obj=None):
        may = super().has_change_permission(request, obj)
        if obj is None or not may:
            return may
        is_open = obj.state in (NeedState.OPEN, NeedState.OFFERED)
        mine = Need.objects.filed_for(request.user)
        return is_open and mine.filter(pk=obj.pk).exists()

    def has_delete_permission(self, request, obj=None):
        return False

    def get_fields(self, request, obj=None):
        if obj is not None and not self.has_change_permission(request, obj):
            return self.SHOWN  # whom to call stands on the page of the work
        whole = [*NeedForm.Meta.fields, "contact_phone"]
        if request.user.has_perm(needs.ASSIGN):
            return whole
        partner = Partner.objects.of_user(request.user).first()
        return [
            name
            for name in whole
            if name != "partner" and (name != "union_org" or partner is None)
        ]

    def get_readonly_fields(self, request, obj=None):
        if obj is not None and not self.has_change_permission(request, obj):
            return self.SHOWN
        return []

    def get_changeform_initial_data(self, request):
        """Whoever looks after one union asks in its name."""
        given = super().get_changeform_initial_data(request)
        if not request.user.has_perm(needs.ASSIGN):
            mine = UnionOrg.objects.managed_by(request.user)[:2]
            given = {**given, **({"union_org": mine[0].pk} if len(mine) == 1 else {})}
        return given

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if field is not None and db_field.name == "district":
            field.queryset = UnionOrg.objects.of_directory()
        return field

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        kwargs["widget"] = forms.CheckboxSelectMultiple()
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        field.help_text = ""
        field.queryset = Skill.objects.offered()
        return field

    def get_form(self, request, obj=None, change=False, **kwargs):
        """A partner's account asks in its partner's name, and is not asked for it."""
        made = super().get_form(request, obj, change=change, **kwargs)
        if change or request.user.has_perm(needs.ASSIGN):
            return made
        partner = Partner.objects.of_user(request.user).first()

        class InNameOfPartner(made):
            def _post_clean(self):
                self.instance.partner = partner
                super()._post_clean()

        return InNameOfPartner if partner else made

    def save_model(self, request, obj, form, change):
        verb = needs.change_need if change else needs.file_need
        verb(
            need=obj,
            by=request.user,
            skills=form.cleaned_data["skills"],
            contact_phone=form.cleaned_data["contact_phone"],
        )

    def response_add(self, request, obj, post_url_continue=None):
        said = _("需求已提出，有队伍承接时会通知您。")
        self.message_user(request, said, messages.SUCCESS)
        return HttpResponseRedirect(self._at("work", obj.pk))

    # --- the list

    @admin.display(description=_("需求"), ordering="title")
    def what(self, need):
        return format_html('<a href="{}">{}</a>', self._at("work", need.pk), need.title)

    @admin.display(description=_("提出单位"))
    def asked_by(self, need):
        return need.asked_for_by

    @admin.display(description=_("提出时间"), ordering="filed_at")
    def filed_on(self, need):
        return f"{timezone.localtime(need.filed_at):%Y-%m-%d}"

    # --- the work

    def _need(self, request, pk):
        if not self.has_view_permission(request):
            raise PermissionDenied
        return get_object_or_404(self.get_queryset(request).for_list(), pk=pk)

    @csrf_protect_m
    def work_view(self, request, pk):
        """One need: what it is, what happened, and what this person may do."""
        need = self._need(request, pk)
        if request.method != "POST":
            return self._show(request, need)
        try:
            said = self._act(request, need)
        except Refusal as refusal:
            need = get_object_or_404(self.get_queryset(request).for_list(), pk=pk)
            return self._show(request, need, problems=refusal.reasons)
        if said:
            self.message_user(request, said, messages.SUCCESS)
        is_theirs = self.get_queryset(request).filter(pk=pk).exists()
        return HttpResponseRedirect(
            self._at("work", pk) if is_theirs else self._at("changelist")
        )

    def _act(self, request, need):
        """Do what was asked for; the words for it, empty for an unknown wish."""
        asked = {"need": need, "by": request.user}
        reason = {"reason": request.POST.get("reason", "")}
        do = request.POST.get("do", "")
        if do in ("take", "offer"):
            team = self._team(request)
            if do == "take":
                needs.take(**asked, team=team)
                return _("“%(team)s”已承接。") % {"team": team}
            needs.offer(**asked, team=team)
            return _("已指派给“%(team)s”，等队长答复。") % {"team": team}
        if do == "done":
            needs.finish(**asked)
            return _("需求已完成。")
        verbs = {
            "decline": (needs.decline, _("已谢绝，需求重新等待承接。")),
            "return": (needs.give_back, _("已退回，需求重新等待承接。")),
            "unmet": (needs.leave_unmet, _("已记为未能满足。")),
            "withdraw": (needs.withdraw_need, _("需求已撤回。")),
        }
        verb, said = verbs.get(do, (None, ""))
        if verb:
            verb(**asked, **reason)
        return said

    @staticmethod
    def _team(request):
        """The team named in the form, within this person's rights; else 404."""
        rows, typed = VolunteerTeam.objects.active(), request.POST.get("team", "")
        if not request.user.has_perm(needs.ASSIGN):
            rows = rows.run_by(request.user)
        return get_object_or_404(rows, pk=int(typed) if is_key(typed) else None)

    def _show(self, request, need, problems=()):
        user, assigns = request.user, request.user.has_perm(needs.ASSIGN)
        own = []
        if user.has_perm(needs.TAKE):
            own = list(VolunteerTeam.objects.active().run_by(user).order_by("name"))
        has_it = need.team_id in {team.pk for team in own}
        files = needs.files(user, need)
        is_open, is_offered = (
            need.state == NeedState.OPEN,
            need.state == NeedState.OFFERED,
        )
        in_hand, is_late = need.state in IN_HAND, need.ends_at <= timezone.now()
        context = {
            **self.admin_site.each_context(request),
            "title": need.title,
            "opts": self.opts,
            "above": [(_("服务需求"), self._at("changelist"))],
            "need": need,
            "problems": problems,
            "typed": request.POST.get("reason", "")[:200],
            "when": dates.window(need.starts_at, need.ends_at),
            "skills": "、".join(map(str, need.skills.all())),
            "contact": need.contact_phone if needs.may_see_contact(user, need) else "",
            "own": own,
            "may_take": bool(own) and is_open and not is_late,
            "may_answer": is_offered and (has_it or assigns),
            "may_return": need.state == NeedState.TAKEN and (has_it or assigns),
            "may_finish": in_hand and (has_it or files or assigns),
            "may_offer": assigns and is_open and not is_late,
            "may_close": assigns and (is_open or is_offered),
            "may_withdraw": files and need.state not in (*OVER, NeedState.PLANNED),
            "may_change": self.has_change_permission(request, need),
            "is_late": is_late and not need.ended_at,
        }
        if files or assigns or has_it:
            context["steps"] = list(need.steps.select_related("team", "by"))
        if assigns and is_open:
            context["teams"] = matching.teams_for(need)
            context["all_teams"] = list(
                VolunteerTeam.objects.active().order_by("name")[:MOST_TEAMS]
            )
        if (has_it or assigns) and need.state not in OVER:
            context["people"] = matching.volunteers_for(
                skills=[skill.pk for skill in need.skills.all()],
                district=need.district,
                starts_at=need.starts_at,
                ends_at=need.ends_at,
                team=None if assigns and not has_it else need.team,
            )
        return TemplateResponse(request, "admin/volunteers/need/work.html", context)

    def measured(self, request):
        """The indicators of one year, or of the twelve months up to now."""
        if not request.user.has_perm("volunteers.view_all_teams"):
            raise PermissionDenied
        this = timezone.localdate().year
        years = [this - n for n in range(MOST_YEARS)]
        typed = request.GET.get("year", "")
        chosen = int(typed) if typed in map(str, years) else None
        span = indicators.year_of(chosen) if chosen else indicators.last_year()
        context = {
            **self.admin_site.each_context(request),
            "title": _("志愿服务指标"),
            "opts": self.opts,
            "indicators": indicators.measure(*span),
            "years": years,
            "chosen": chosen,
        }
        return TemplateResponse(
            request, "admin/volunteers/need/indicators.html", context
        )


@admin.register(Skill)
class SkillAdmin(PortalModelAdmin, admin.ModelAdmin):
    list_display = ["name", "is_active"]
    list_filter = ["is_active"]
    search_fields = ["name"]
    fields = ["name", "is_active"]

    def has_delete_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
        profiles.save_skill(skill=obj, by=request.user)


class PartnerForm(forms.ModelForm):
    """A partner and the accounts that act for it."""

    account_phone = forms.CharField(
        label=_("添加登录账号"),
        max_length=20,
        required=False,
        help_text=_("该账号的手机号。账号由系统管理员开设，角色为“社会组织”。"),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    dropped = forms.TypedMultipleChoiceField(
        label=_("解除账号"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("勾选后保存，该账号不再看到这家社会组织的需求。"),
    )

    class Meta:
        model = Partner
        fields = ["name", "about", "is_active"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "dropped" not in self.fields:
            return
        held = self.instance.accounts.select_related("user") if self.instance.pk else []
        self.fields["dropped"].choices = [
            (row.user_id, f"{row.user}（{phones.masked(row.user.phone_last4)}）")
            for row in held
        ]


@admin.register(Partner)
class PartnerAdmin(PortalModelAdmin, admin.ModelAdmin):
    form = PartnerForm
    list_display = ["name", "about", "is_active"]
    list_filter = ["is_active"]
    search_fields = ["name"]

    def get_queryset(self, request):
        return super().get_queryset(request).managed_by(request.user)

    def get_fields(self, request, obj=None):
        names = ["name", "about", "is_active"]
        if obj is not None and not self.has_change_permission(request, obj):
            return names
        return [*names, "account_phone", *(["dropped"] if obj else [])]

    def has_delete_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
        profiles.save_partner(
            partner=obj,
            by=request.user,
            account_phone=form.cleaned_data["account_phone"],
            dropped=form.cleaned_data.get("dropped", ()),
        )


@admin.register(ReportedFigure)
class ReportedFigureAdmin(PortalModelAdmin, admin.ModelAdmin):
    list_display = ["of", "in_words", "source"]
    fields = ["of", "value", "qualifier", "unit", "source"]

    def get_readonly_fields(self, request, obj=None):
        return ["of"] if obj else []

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.display(description=_("上报数"))
    def in_words(self, figure):
        return figure.in_words

    def save_model(self, request, obj, form, change):
        profiles.save_figure(figure=obj, by=request.user)


@admin.register(JoinRequest)
class JoinRequestAdmin(ViewOnly, PortalModelAdmin, admin.ModelAdmin):
    """Who asked to come into which team, and what became of it. Answered on the team's
    own page, to which the row leads."""

    list_display = ["who", "team", "side", "state", "asked_at", "answered_at"]
    list_display_links = None
    list_filter = ["state", "side"]
    list_select_related = ["worker", "team"]
    search_fields = ["worker__name", "team__name"]
    fields = [
        "worker",
        "team",
        "side",
        "message",
        "state",
        "asked_at",
        "answered_at",
        "answer",
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).managed_by(request.user)

    @admin.display(description=_("职工"), ordering="worker__name")
    def who(self, asked):
        team = reverse("admin:volunteers_volunteerteam_run", args=[asked.team_id])
        return format_html('<a href="{}#requests">{}</a>', team, asked.worker)
