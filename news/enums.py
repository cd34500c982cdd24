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


class FileKind(models.TextChoices):
    """What a file of an article is; the names of ``common.filekinds.KINDS``."""

    PDF = "pdf", "PDF"
    DOCX = "docx", "DOCX"
    XLSX = "xlsx", "XLSX"
    MP4 = "mp4", "MP4"


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


class PhraseKind(models.TextChoices):
    """How a rule of fixed wording is meant."""

    WRONG = "wrong", _("错误写法")
    EXACT = "exact", _("必须准确")


class ChannelKind(models.TextChoices):
    NEWSPAPER = "newspaper", _("报刊")
    SITE = "site", _("网站")
    WEIBO = "weibo", _("微博")
    WECHAT = "wechat", _("微信公众号")
    APP = "app", _("客户端")
    BOARD = "board", _("宣传栏、电子屏")
    READING_ROOM = "reading_room", _("职工书屋")
    PALACE = "palace", _("工人文化宫")
    FORUM = "forum", _("论坛、讲坛")
    OTHER = "other", _("其他")


class Severity(models.TextChoices):
    """What an inspection came to."""

    NONE = "none", _("没有问题")
    MINOR = "minor", _("一般")
    MAJOR = "major", _("较重")
    GRAVE = "grave", _("严重")


class Stage(models.TextChoices):
    """Where the newest version stands in its reviews, whatever the public reads."""

    NONE = "none", _("未送审")
    FIRST = "first", _("待初审")
    SECOND = "second", _("待复审")
    FINAL = "final", _("待终审")
    RETURNED = "returned", _("已退改")


class Level(models.IntegerChoices):
    """The three reviews, in their order."""

    FIRST = 1, _("初审")
    SECOND = 2, _("复审")
    FINAL = 3, _("终审")

    @property
    def stage(self) -> Stage:
        """The stage in which an article waits for this review."""
        return Stage(self.name.lower())

    @property
    def right(self) -> str:
        """The permission of those who decide here."""
        return f"news.review_{self.name.lower()}"


LEVEL_OF = {level.stage: level for level in Level}


class Outcome(models.TextChoices):
    APPROVED = "approved", _("通过")
    RETURNED = "returned", _("退改")


class ColumnJob(models.TextChoices):
    """What somebody does in a column."""

    EDIT = "edit", _("编辑")
    FIRST = "first", _("初审")
    SECOND = "second", _("复审")
    FINAL = "final", _("终审")

    @property
    def right(self) -> str:
        """The permission without which the job is none."""
        if self == ColumnJob.EDIT:
            return "news.change_article"
        return f"news.review_{self}"


class Step(models.TextChoices):
    """What happened to an article that is no decision of a reviewer."""

    SENT = "sent", _("送审")
    RECALLED = "recalled", _("撤回送审")
    URGENT = "urgent", _("批准紧急发布")
    FILED = "filed", _("补录")
    PUBLISHED = "published", _("发布")
    WITHDRAWN = "withdrawn", _("撤稿")


class CommentState(models.TextChoices):
    """Where a comment stands. Readers see the second and the third."""

    PENDING = "pending", _("待审核")
    APPROVED = "approved", _("已显示")
    FLAGGED = "flagged", _("被举报")
    REJECTED = "rejected", _("未通过")
    HIDDEN = "hidden", _("已撤下")
    DELETED = "deleted", _("已删除")


SHOWN = (CommentState.APPROVED, CommentState.FLAGGED)
TURNED_DOWN = (CommentState.REJECTED, CommentState.HIDDEN)


class CommentMode(models.TextChoices):
    """How far comments are on, of all articles or of one; the later the stricter."""

    OPEN = "open", _("开放评论")
    CLOSED = "closed", _("不再接受新评论，已有的仍显示")
    OFF = "off", _("全部关闭，已有的也不显示")

    @classmethod
    def strictest(cls, modes) -> "CommentMode":
        """What holds where several have a say; open where nobody has."""
        order = list(cls)
        return max(map(cls, modes), key=order.index, default=cls.OPEN)


class ReportKind(models.TextChoices):
    """What a reader has against a comment."""

    UNLAWFUL = "unlawful", _("违法有害")
    ABUSE = "abuse", _("辱骂、人身攻击")
    PRIVACY = "privacy", _("泄露个人信息")
    ADVERT = "advert", _("广告、刷屏")
    FALSE = "false", _("不实信息")
    OTHER = "other", _("其他")


class Slot(models.TextChoices):
    """Where an article can be put forward."""

    SHOW = "show", _("首页图片新闻")
    RAIL = "rail", _("图文推荐")


class PageKind(models.TextChoices):
    ABOUT = "about", _("机构概况")
    GUIDE = "guide", _("办事指南")
