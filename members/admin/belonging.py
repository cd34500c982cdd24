"""The back office of belonging: verifying by hand, transfers, corrections, the roster
check. What ``people.py`` registers takes its part from here."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from common import letters
from common.errors import Refusal
from common.letters import is_key
from common.modeladmin import PortalModelAdmin
from members import phones, spellings
from members.enums import CorrectionState, RosterState, TransferState
from members.models import CorrectionRequest, UnionOrg, UnionTransfer, User, Worker
from members.services import memberships, owndata, transfers, verification


class ByHandForm(forms.Form):
    """The account by its number, and why one is sure."""

    phone = forms.CharField(
        label=_("职工本人的手机号"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
        help_text=_("职工注册门户账号所用的手机号。"),
    )
    reason = forms.CharField(
        label=_("原因"),
        max_length=200,
        widget=forms.TextInput(attrs={"size": 60}),
        help_text=_("例如：已当面查看身份证。"),
    )

    def clean_phone(self):
        number = phones.canonical(self.cleaned_data["phone"])
        if number is None:
            raise forms.ValidationError(_("手机号码应为11位数字"))
        self.account = User.objects.by_phone(number)
        if self.account is None:
            raise forms.ValidationError(_("该手机号码还没有注册门户账号"))
        return number


class UndoForm(forms.Form):
    reason = forms.CharField(
        label=_("原因"),
        max_length=200,
        widget=forms.TextInput(attrs={"size": 60}),
    )


class VerifiesByHand:
    """Two pages beside a worker's: make an account theirs, and undo it."""

    change_form_template = "admin/members/worker/change_form.html"

    def get_urls(self):
        wrap = self.admin_site.admin_view
        return [
            path(
                "<path:object_id>/verify/",
                wrap(self.verify_view),
                name="members_worker_verify",
            ),
            path(
                "<path:object_id>/unverify/",
                wrap(self.undo_view),
                name="members_worker_unverify",
            ),
            *super().get_urls(),
        ]

    def render_change_form(self, request, context, *args, **kwargs):
        context["may_verify"] = request.user.has_perm("members.verify_worker")
        context["may_transfer"] = request.user.has_perm("members.add_uniontransfer")
        return super().render_change_form(request, context, *args, **kwargs)

    def verify_view(self, request, object_id):
        def act(worker, form):
            verification.verify_by_hand(
                worker=worker,
                user=form.account,
                by=request.user,
                reason=form.cleaned_data["reason"],
            )

        return self._by_hand(
            request, object_id, ByHandForm, act, _("人工认证职工身份"), _("已认证。")
        )

    def undo_view(self, request, object_id):
        def act(worker, form):
            verification.undo(
                worker=worker, by=request.user, reason=form.cleaned_data["reason"]
            )

        return self._by_hand(
            request, object_id, UndoForm, act, _("解除认证"), _("已解除认证。")
        )

    def _by_hand(self, request, object_id, form_class, act, title, done):
        if not request.user.has_perm("members.verify_worker"):
            raise PermissionDenied
        worker = self.get_object(request, object_id)
        if worker is None:
            raise Http404
        form = form_class(request.POST if request.method == "POST" else None)
        if form.is_valid():
            try:
                act(worker, form)
            except Refusal as refusal:
                refusal.show_in(form)
            else:
                self.message_user(request, done, messages.SUCCESS)
                return HttpResponseRedirect(
                    reverse("admin:members_worker_change", args=[worker.pk])
                )
        return TemplateResponse(
            request,
            "admin/members/worker/by_hand.html",
            {
                **self.admin_site.each_context(request),
                "title": title,
                "opts": self.opts,
                "worker": worker,
                "form": form,
            },
        )


class RosterStateFilter(admin.SimpleListFilter):
    title = _("名册核对")
    parameter_name = "roster"

    def lookups(self, request, model_admin):
        return RosterState.choices

    def queryset(self, request, queryset):
        if self.value() not in RosterState.values:
            return queryset
        return queryset.filter(roster_state=self.value())


class ConfirmsRoster:
    """The state of each union's half-yearly check, and the word that it is done."""

    actions = ["confirm_roster"]

    def get_queryset(self, request):
        return super().get_queryset(request).with_roster_due()

    def has_confirm_roster_permission(self, request):
        return request.user.has_perm("members.confirm_roster")

    @admin.display(description=_("名册核对"), ordering="roster_confirmed_at")
    def roster(self, org):
        return RosterState(org.roster_state).label

    @admin.action(description=_("名册已核对，无变动"), permissions=["confirm_roster"])
    def confirm_roster(self, request, queryset):
        self.act_on_each(
            request,
            queryset,
            lambda org: memberships.confirm_roster(org=org, by=request.user),
            _("已确认%(n)d个工会的名册。"),
        )


class NewTransferForm(forms.ModelForm):
    """Whom, whereto and why.

    The receiving side may not see the worker yet: it names them by name and member
    number. The giving side comes from the worker's own page.
    """

    name = forms.CharField(label=_("职工姓名"), max_length=60)
    member_number = forms.CharField(label=_("会员编号"), max_length=30)
    to_name = forms.CharField(
        label=_("转入工会"),
        max_length=100,
        help_text=_("填写工会的编码或完整名称。"),
        widget=forms.TextInput(attrs={"size": 40}),
    )

    class Meta:
        model = UnionTransfer
        fields = ["reason"]

    def clean_to_name(self):
        typed = self.cleaned_data["to_name"].strip()
        found = UnionOrg.objects.filter(code=typed).first()
        if found is None:
            named = list(UnionOrg.objects.filter(name=typed)[:2])
            found = named[0] if len(named) == 1 else None
        if found is None:
            near = "、".join(
                f"{org.name}（{org.code}）"
                for org in UnionOrg.objects.named_like(typed)[:5]
            )
            raise forms.ValidationError(
                _("没有找到这个工会，请填写编码或完整名称。%(near)s"),
                params={
                    "near": _("相近的有：%(near)s") % {"near": near} if near else ""
                },
            )
        return found

    def clean(self):
        given = super().clean()
        if "name" in self.fields and not self.errors:
            row = Worker.objects.filter(
                member_number__iexact=letters.number(given["member_number"])
            ).first()
            typed = spellings.comparable(given["name"])
            if row is None or spellings.comparable(row.name) != typed:
                raise forms.ValidationError(_("没有姓名与会员编号都相符的职工。"))
            self.worker = row
        return given


class OwnTransferForm(NewTransferForm):
    """Whom is known: the asker came from the worker's page."""

    name = None
    member_number = None


class AnswerForm(forms.ModelForm):
    """Yes or no, and why."""

    YES, NO = "yes", "no"

    verdict = forms.ChoiceField(label=_("办理"), widget=forms.RadioSelect)
    answer = forms.CharField(
        label=_("答复"),
        max_length=200,
        required=False,
        help_text=_("不同意时必填，职工本人会看到。"),
        widget=forms.TextInput(attrs={"size": 60}),
    )

    WORDS = (_("同意"), _("不同意"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "verdict" in self.fields:
            self.fields["verdict"].choices = list(
                zip((self.YES, self.NO), self.WORDS, strict=True)
            )

    @property
    def is_yes(self):
        return self.cleaned_data["verdict"] == self.YES


class TransferAnswerForm(AnswerForm):
    class Meta:
        model = UnionTransfer
        fields = ["answer"]


class CorrectionAnswerForm(AnswerForm):
    WORDS = (_("已核实，更正名册"), _("不予更正"))

    class Meta:
        model = CorrectionRequest
        fields = ["answer"]


class AnsweredOnce:
    """Rows that are asked and then answered: read-only but for the answer, and wholly
    once that is given."""

    open_state = ""
    asked = ()
    answered = ()

    def get_queryset(self, request):
        return super().get_queryset(request).managed_by(request.user)

    def has_delete_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        is_open = obj is None or obj.state == self.open_state
        return is_open and super().has_change_permission(request, obj)

    def get_readonly_fields(self, request, obj=None):
        if obj is None:
            return []
        return self.asked if self.has_change_permission(request, obj) else self.answered

    def person(self, obj):
        """Whom the row is about."""
        return obj.worker if hasattr(obj, "worker") else obj.user

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        """It is named by the person, not by a number."""
        if obj is not None:
            what = self.opts.verbose_name
            open_to = self.has_change_permission(request, obj)
            context["title"] = _("答复%(what)s") % {"what": what} if open_to else what
            context["subtitle"] = self.person(obj).name
            # an answer is given once: one button
            context["show_save_and_continue"] = context["show_save_and_add_another"] = (
                False
            )
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def response_change(self, request, obj):
        said = _("已答复%(name)s的%(what)s。")
        said %= {"name": self.person(obj).name, "what": self.opts.verbose_name}
        self.message_user(request, said, messages.SUCCESS)
        return self.response_post_save_change(request, obj)

    def get_fields(self, request, obj=None):
        if self.has_change_permission(request, obj):
            return [*self.asked, "verdict", "answer"]
        return self.answered


@admin.register(UnionTransfer)
class UnionTransferAdmin(AnsweredOnce, PortalModelAdmin, admin.ModelAdmin):
    """Moves between unions: adding a row asks or does, answering it moves or not."""

    open_state = TransferState.PROPOSED
    asked = ("worker", "from_org", "to_org", "reason", "asked_side", "asked_at")
    answered = (*asked, "state", "by", "at", "answer")
    list_display = ["worker", "from_org", "to_org", "state", "asked_at", "at"]
    list_filter = ["state"]
    list_select_related = ["worker", "from_org", "to_org"]
    search_fields = ["worker__name", "worker__member_number"]

    def get_form(self, request, obj=None, change=False, **kwargs):
        if obj is not None:
            kwargs["form"] = TransferAnswerForm
        elif self._own_worker(request):
            kwargs["form"] = OwnTransferForm
        else:
            kwargs["form"] = NewTransferForm
        return super().get_form(request, obj, change=change, **kwargs)

    def get_fields(self, request, obj=None):
        if obj is not None:
            return super().get_fields(request, obj)
        whom = [] if self._own_worker(request) else ["name", "member_number"]
        return [*whom, "to_name", "reason"]

    def add_view(self, request, form_url="", extra_context=None):
        worker = self._own_worker(request)
        title = _("%(name)s 转会") % {"name": worker.name} if worker else _("申请转会")
        return super().add_view(request, form_url, {"title": title})

    def _own_worker(self, request) -> Worker | None:
        """Who is named by the address, if the asker looks after them."""
        typed = request.GET.get("worker", "")
        if not is_key(typed):
            return None
        return Worker.objects.managed_by(request.user).filter(pk=typed).first()

    def save_model(self, request, obj, form, change):
        if not change:
            made = transfers.transfer(
                worker=self._own_worker(request) or form.worker,
                to=form.cleaned_data["to_name"],
                by=request.user,
                reason=form.cleaned_data["reason"],
            )
            obj.__dict__.update(made.__dict__)
        elif form.is_yes:
            transfers.accept(transfer=obj, by=request.user)
        else:
            transfers.decline(
                transfer=obj, by=request.user, reason=form.cleaned_data["answer"]
            )


@admin.register(CorrectionRequest)
class CorrectionRequestAdmin(AnsweredOnce, PortalModelAdmin, admin.ModelAdmin):
    """What workers say is wrong about them on the roster."""

    open_state = CorrectionState.OPEN
    asked = ("worker", "field", "on_roster", "proposed", "note", "asked_at")
    answered = (
        "worker",
        "field",
        "proposed",
        "note",
        "asked_at",
        "state",
        "answered_by",
        "answered_at",
        "answer",
    )
    form = CorrectionAnswerForm
    list_display = ["worker", "field", "proposed", "state", "asked_at"]
    list_filter = ["state", "field"]
    list_select_related = ["worker"]
    search_fields = ["worker__name", "worker__member_number"]

    def has_add_permission(self, request):
        return False

    @admin.display(description=_("名册上现为"))
    def on_roster(self, asked):
        value = getattr(asked.worker, asked.field, "")
        if isinstance(value, bool):
            return _("是") if value else _("否")
        return value

    def save_model(self, request, obj, form, change):
        owndata.answer_correction(
            request=obj,
            by=request.user,
            accepted=form.is_yes,
            answer=form.cleaned_data["answer"],
        )
