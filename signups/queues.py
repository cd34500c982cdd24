"""The desk's part of the back office's home (``common.queues``)."""

from django.urls import reverse
from django.utils.translation import gettext as _

from common.queues import Job, Queue, only_reads
from signups.enums import AppealState, OfferingKind
from signups.models import Appeal, Draw

_DRAWS = "admin:signups_draw_changelist"


def waiting(user) -> list[Queue]:
    """The next step of each draw, for who runs it; a public value to be typed also for
    who does it beside them."""
    if only_reads(user):
        return []
    made = []
    if user.has_perm("signups.run_draw"):
        mine = Draw.objects.run_by(user)
        made += [
            Queue(
                _("待封存名单的摇号"),
                mine.to_freeze(),
                _draws("freeze"),
                due="value_at",
            ),
            Queue(
                _("待摇号、待公布"),
                mine.to_release(),
                _draws("release"),
                due="results_at",
            ),
        ]
    if user.has_perm("signups.witness_draw") or user.has_perm("signups.run_draw"):
        rows = Draw.objects.managed_by(user).to_type(user)
        link = _draws("type")
        made.append(Queue(_("待录入公开数的摇号"), rows, link, due="results_at"))
    return made + _appeals(user)


def _draws(step) -> str:
    """The list of those whose next step this is (``drawadmin.StepFilter``)."""
    return f"{reverse(_DRAWS)}?step={step}"


def _appeals(user) -> list[Queue]:
    """What workers ask about their points: a steward's own people, and what one runs."""
    if not user.has_perm("signups.change_appeal"):
        return []
    rows = Appeal.objects.open().decidable_by(user)
    made = []
    for right, for_unit, title in [
        (
            user.has_perm("signups.excuse_absence"),
            True,
            _("待证明的缺席（加班、出差、病假）"),
        ),
        (bool(OfferingKind.managed_by(user)), False, _("待办理的计分申诉")),
    ]:
        if right:
            listing = reverse("admin:signups_appeal_changelist")
            made.append(
                Queue(
                    title,
                    rows.filter(is_for_unit=for_unit),
                    f"{listing}?state__exact={AppealState.OPEN}",
                    since="asked_at",
                )
            )
    return made


def jobs(user) -> list[Job]:
    made = []
    if user.has_perm("signups.view_signup"):
        made.append(
            Job(
                _("报名记录"),
                reverse("admin:signups_signup_changelist"),
                _("查找、取消报名"),
            )
        )
    if user.has_perm("signups.view_draw") and not only_reads(user):
        made.append(Job(_("摇号"), reverse(_DRAWS), _("登记、封存、录入公开数、公布")))
    return made
