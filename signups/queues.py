"""The desk's part of the back office's home (``common.queues``)."""

from django.urls import reverse
from django.utils.translation import gettext as _

from common.queues import Job


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
    return made
