"""What this room tells people, in its words."""

from django.utils.translation import gettext_lazy as _

from members.noticekinds import Kind, register

RETURNED = register(
    Kind(
        name="news.returned",
        label=_("稿件退改"),
        gets=_("起草和修改稿件的编辑"),
        title=_("《%(title)s》被%(level)s退改"),
        body=_("意见：%(reason)s"),
    )
)
APPROVED = register(
    Kind(
        name="news.approved",
        label=_("稿件通过三审"),
        gets=_("起草和修改稿件的编辑"),
        title=_("《%(title)s》已通过三审"),
    )
)
PUBLISHED = register(
    Kind(
        name="news.published",
        label=_("稿件发布"),
        gets=_("起草和修改稿件的编辑"),
        title=_("《%(title)s》已安排发布"),
        body=_("发布时间：%(when)s"),
    )
)
