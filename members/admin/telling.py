"""The outbox of texts, and which kinds of notice a text goes out for."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from common.modeladmin import PortalModelAdmin, ViewOnly
from members import names, noticekinds, phones
from members.enums import TextState
from members.models import NoticeText, SmsChoice
from members.services import notices, outbox

# about which somebody has to decide
STUCK = (TextState.FAILED, TextState.UNKNOWN)


class KindFilter(admin.SimpleListFilter):
    title = _("种类")
    parameter_name = "kind"

    def lookups(self, request, model_admin):
        return [(kind.name, kind.label) for kind in noticekinds.texted()]

    def queryset(self, request, queryset):
        return queryset.filter(notice__kind=self.value()) if self.value() else queryset


@admin.register(NoticeText)
class NoticeTextAdmin(ViewOnly, PortalModelAdmin, admin.ModelAdmin):
    """What goes out by SMS: to whom (masked), how far it came. One of unknown fate is
    sent again, or noted as arrived, by somebody who decides it."""

    list_display = ["person", "kind_name", "state", "due_at", "tries", "ended_at"]
    list_filter = ["state", KindFilter]
    search_fields = ["notice__user__phone_last4", "notice__user__worker__member_number"]
    search_help_text = _("按手机尾号或会员编号查找")
    date_hierarchy = "created_at"
    has_long_history = True
    fields = [
        "person",
        "kind_name",
        "text",
        "state",
        "dropped",
        "is_urgent",
        "due_at",
        "good_until",
        "tries",
        "handed_at",
        "ended_at",
    ]
    actions = ["resend_selected", "note_as_sent"]

    def get_queryset(self, request):
        return super().get_queryset(request).managed_by(request.user).for_list()

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        """The page of one text offers what its list does."""
        may = obj is not None and self.has_resend_permission(request)
        context["is_stuck"] = may and obj.state in STUCK
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def has_resend_permission(self, request):
        return request.user.has_perm("members.resend_noticetext")

    @admin.display(description=_("收件人"))
    def person(self, text):
        user = text.notice.user
        worker = getattr(user, "worker", None)
        name = names.masked(worker.name if worker else user.name)
        return f"{name}（{phones.masked(user.phone_last4)}）"

    @admin.display(description=_("种类"), ordering="notice__kind")
    def kind_name(self, text):
        return text.notice.label

    @admin.action(description=_("重发所选短信"), permissions=["resend"])
    def resend_selected(self, request, queryset):
        """Says first what may happen: of one whose fate is unknown a second may come."""
        stuck = self._stuck(request, queryset)
        if not stuck or "is_sure" not in request.POST:
            return stuck and self.ask_first(
                request,
                stuck,
                title=_("重发短信"),
                consequence=_(
                    "立即重发，不避开夜间。结果不明的那些本人可能已经收到，会收到第二条。"
                ),
                confirm=_("确定重发"),
                leave=_("不重发，返回"),
            )
        self.act_on_each(
            request,
            stuck,
            lambda text: outbox.resend(text=text, by=request.user),
            _("%(n)d条短信已排队重发。"),
        )
        return None

    @admin.action(description=_("所选短信记为已告知"), permissions=["resend"])
    def note_as_sent(self, request, queryset):
        self.act_on_each(
            request,
            self._stuck(request, queryset) or [],
            lambda text: outbox.settle_as_sent(text=text, by=request.user),
            _("%(n)d条短信已记为告知。"),
        )

    def _stuck(self, request, queryset):
        """Those of the chosen about which there is something to decide, or None with a
        message."""
        stuck = [text for text in queryset if text.state in STUCK]
        for text in stuck:
            text.in_words = f"{self.person(text)}：{text.text}"
        if not stuck:
            said = _("所选短信都不是“未发出”或“结果不明”，无需处理。")
            self.message_user(request, said, messages.WARNING)
        return stuck or None


@admin.register(SmsChoice)
class SmsChoiceAdmin(ViewOnly, PortalModelAdmin, admin.ModelAdmin):
    """One page: every kind of notice, and whether a text goes out for it."""

    fields = ["kind", "is_on", "updated_at"]

    def has_choose_permission(self, request):
        return request.user.has_perm("members.change_smschoice")

    def changelist_view(self, request, extra_context=None):
        if not self.has_view_permission(request):
            raise PermissionDenied
        may_choose = self.has_choose_permission(request)
        if request.method == "POST":
            if not may_choose:
                raise PermissionDenied
            changed = notices.choose_texts(
                kinds=request.POST.getlist("kinds"), by=request.user
            )
            said = _("短信通知设置已保存，%(n)d项有变动。") % {"n": len(changed)}
            self.message_user(request, said, messages.SUCCESS)
            return HttpResponseRedirect(request.path)
        chosen = notices.texts_chosen()
        context = self.admin_site.each_context(request) | {
            "title": self.opts.verbose_name,
            "opts": self.opts,
            "may_choose": may_choose,
            "kinds": [
                {
                    "name": kind.name,
                    "label": kind.label,
                    "gets": kind.gets,
                    "text": kind.sample,
                    "may_refuse": kind.may_refuse,
                    "is_on": chosen[kind.name],
                }
                for kind in noticekinds.texted()
            ],
            "untexted": [
                (kind.label, kind.gets) for kind in noticekinds.every() if not kind.text
            ],
        }
        return TemplateResponse(request, "admin/members/sms_choices.html", context)
