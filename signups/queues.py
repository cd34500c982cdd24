"""The desk's part of the back office's home (``common.queues``)."""

from django.urls import reverse
from django.utils.translation import gettext as _

from common.queues import Job, Queue, only_reads
from signups.models import Draw

_DRAWS = "admin:signups_draw_changelist"


def waiting(user) -> list[Queue]:
    """The next step of each draw, for who runs it; a public value to be typed also for
    who does it beside them."""
    if only_reads(user):
        return []
    made, link = [], reverse(_DRAWS)
    if user.has_perm("signups.run_draw"):
        mine = Draw.objects.run_by(user)
        made += [
            Queue(_("待封存名单的摇号"), mine.to_freeze(), link, due="value_at"),
            Queue(_("待摇号、待公布"), mine.to_release(), link, due="results_at"),
        ]
    if user.has_perm("signups.witness_draw") or user.has_perm("signups.run_draw"):
        rows = Draw.objects.managed_by(user).to_type(user)
        made.append(Queue(_("待录入公开数的摇号"), rows, link, due="results_at"))
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
