from django.db import models
from django.utils.translation import gettext_lazy as _


class BylineRole(models.TextChoices):
    """What somebody did for an article."""

    REPORTER = "reporter", _("记者")
    CORRESPONDENT = "correspondent", _("通讯员")
    AUTHOR = "author", _("作者")
    PHOTOGRAPHER = "photographer", _("摄影")
    EDITOR = "editor", _("编辑")
    RESPONSIBLE = "responsible", _("责任编辑")
    REVIEWER = "reviewer", _("审核")


# Printed above the text; the others sign below it.
WRITERS = (
    BylineRole.REPORTER,
    BylineRole.CORRESPONDENT,
    BylineRole.AUTHOR,
    BylineRole.PHOTOGRAPHER,
)
SIGNERS = (BylineRole.EDITOR, BylineRole.RESPONSIBLE, BylineRole.REVIEWER)


class ArticleState(models.TextChoices):
    """Where an article stands by the database's clock: computed, never stored."""

    DRAFT = "draft", _("草稿")
    SCHEDULED = "scheduled", _("定时")
    LIVE = "live", _("已发布")
    EXPIRED = "expired", _("已下线")
    WITHDRAWN = "withdrawn", _("已撤稿")
