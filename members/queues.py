"""The part of people and unions in the back office's home (``common.queues``)."""

from functools import partial

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from common.queues import Finder, Hit, Job, Queue
from members import phones
from members.enums import CorrectionState, RosterState, TextState, TransferState
from members.models import (
    CorrectionRequest,
    NoticeText,
    RoleRequest,
    RosterImport,
    UnionOrg,
    UnionTransfer,
    User,
    Worker,
)

ROSTER_MONTHS = (1, 7)  # in which a roster is due; then it is overdue


def waiting(user) -> list[Queue]:
    """What the people of this person's unions ask for, what their rosters want, and who
    is to get a role."""
    orgs = UnionOrg.objects.managed_by(user)
    everywhere = user.has_perm("members.view_all_workers")
    made = []
    if user.has_perm("members.change_correctionrequest"):
        rows = CorrectionRequest.objects.filter(state=CorrectionState.OPEN)
        made.append(
            Queue(
                _("待答复的更正申请"),
                rows if everywhere else rows.filter(worker__union_org__in=orgs),
                _open_ones("correctionrequest", CorrectionState.OPEN),
                since="asked_at",
            )
        )
    if user.has_perm("members.change_uniontransfer"):
        made.append(
            Queue(
                _("待确认的转会"),
                UnionTransfer.objects.to_answer(user, orgs),
                _open_ones("uniontransfer", TransferState.PROPOSED),
                since="asked_at",
            )
        )
    if user.has_perm("members.confirm_roster"):
        made.append(
            Queue(
                _("没有认证成功的职工"),
                User.objects.tried_in_vain(orgs),
                f"{reverse('admin:steward')}#verify",
                since="tried_at",
            )
        )
    if user.has_perm("members.import_roster"):
        rows = RosterImport.objects.pending()
        made.append(
            Queue(
                _("未完成的名册导入（一天内有效）"),
                rows if everywhere else rows.filter(union_org__in=orgs),
                f"{reverse('admin:members_rosterimport_changelist')}?progress=pending",
                since="created_at",
            )
        )
    if user.has_perm("members.confirm_roster"):
        is_due = timezone.localdate().month in ROSTER_MONTHS
        state = RosterState.DUE if is_due else RosterState.OVERDUE
        made += [
            Queue(
                _("名册有错误行的工会"),
                RosterImport.objects.left_open().filter(union_org__in=orgs),
                f"{reverse('admin:steward')}#rosters",
                since="applied_at",
            ),
            Queue(
                _("名册待核对的工会（每年1月、7月）"),
                orgs.awaiting_check(),
                f"{reverse('admin:members_unionorg_changelist')}?roster={state}",
            ),
        ]
    if user.has_perm("members.change_rolerequest"):
        # who asked, or is to get the role, cannot be the second person
        own = Q(asked_by=user) | Q(user=user)
        made.append(
            Queue(
                _("待确认的角色申请"),
                RoleRequest.objects.open().exclude(own),
                _open_ones("rolerequest", "open"),
                since="asked_at",
            )
        )
    if user.has_perm("members.resend_noticetext"):
        texts = NoticeText.objects.of_unknown_fate().managed_by(user)
        made.append(
            Queue(
                _("结果不明的短信"),
                texts,
                _open_ones("noticetext", TextState.UNKNOWN),
                since="ended_at",
            )
        )
    return made


def jobs(user) -> list[Job]:
    made = []
    if user.has_perm("members.import_roster"):
        made.append(
            Job(
                _("导入名册"),
                reverse("admin:members_rosterimport_add"),
                _("上传单位现有的表格即可"),
            )
        )
    if user.has_perm("members.add_uniontransfer"):
        made.append(
            Job(
                _("办理转会"),
                reverse("admin:members_uniontransfer_add"),
                _("职工转入或转出工会"),
            )
        )
    if user.has_perm("members.add_user"):
        made.append(
            Job(
                _("开设账号"),
                reverse("admin:members_user_add"),
                _("工作人员的账号和角色"),
            )
        )
    return made


def found(user, text) -> list[Finder]:
    """People by their name, member number or mobile number, unions by name or code:
    of one's own unions. No number is shown but the last four digits of a mobile."""
    finders = []
    if user.has_perm("members.view_worker"):
        finders.append(
            Finder(
                _("职工"),
                Worker.objects.managed_by(user)
                .found_by(text)
                .select_related("union_org", "user")
                .order_by("pk"),
                partial(_worker_hit, user),
            )
        )
    if user.has_perm("members.view_user"):
        phone = phones.canonical(text)
        users = User.objects.managed_by(user)
        finders.append(
            Finder(
                _("工作人员账号"),
                users.of_staff_found_by(text)
                if phone is None
                else users.of_phone(phone),
                lambda account: Hit(
                    account.name or _("账号"),
                    reverse("admin:members_user_change", args=[account.pk]),
                    phones.masked(account.phone_last4),
                ),
            )
        )
    if user.has_perm("members.view_unionorg"):
        finders.append(
            Finder(
                _("工会"),
                UnionOrg.objects.managed_by(user).named_like(text),
                lambda org: Hit(
                    org.name,
                    reverse("admin:members_unionorg_change", args=[org.pk]),
                    org.code,
                ),
            )
        )
    return finders


def _worker_hit(user, worker):
    parts = [worker.union_org.name]
    if worker.user and worker.user.phone_last4:
        parts.append(phones.masked(worker.user.phone_last4))
    if worker.left_at:
        parts.append(_("不在册"))
    # who serves people comes to the page on which that is done
    serves = user.has_perms(["members.view_worker", "signups.add_signup"])
    page = "admin:desk-person" if serves else "admin:members_worker_change"
    address = reverse(page, args=[worker.pk])
    return Hit(worker.name, address, "，".join(parts))


def _open_ones(model_name, state):
    return f"{reverse(f'admin:members_{model_name}_changelist')}?state__exact={state}"
