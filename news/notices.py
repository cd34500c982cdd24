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

_COMMENTER = _("发表评论的人")

COMMENT_SHOWN = register(
    Kind(
        name="news.comment_shown",
        label=_("评论通过审核"),
        gets=_COMMENTER,
        title=_("您的评论已显示：《%(title)s》"),
    )
)
COMMENT_REFUSED = register(
    Kind(
        name="news.comment_refused",
        label=_("评论未通过审核"),
        gets=_COMMENTER,
        title=_("您的评论未通过审核：《%(title)s》"),
        body=_("原因：%(reason)s。如有不同意见，可在“我的评论”申诉一次。"),
    )
)
COMMENT_HIDDEN = register(
    Kind(
        name="news.comment_hidden",
        label=_("评论被撤下"),
        gets=_COMMENTER,
        title=_("您的评论已被撤下：《%(title)s》"),
        body=_("原因：%(reason)s。如有不同意见，可在“我的评论”申诉一次。"),
    )
)
APPEAL_ANSWERED = register(
    Kind(
        name="news.comment_appeal_answered",
        label=_("评论申诉有了答复"),
        gets=_COMMENTER,
        title=_("您的评论申诉已答复：《%(title)s》"),
        body=_("%(state)s。%(reason)s"),
    )
)
REPORT_ANSWERED = register(
    Kind(
        name="news.comment_report_answered",
        label=_("举报的评论已处理"),
        gets=_("举报评论的人"),
        title=_("您举报的评论已处理：《%(title)s》"),
        body=_("%(state)s。感谢您的监督。"),
    )
)
