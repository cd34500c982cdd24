"""The news room's part of the back office's home (``common.queues``)."""

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from common import finding
from common.letters import characters
from common.queues import Agenda, Finder, Hit, Job, Queue, only_reads, within
from news.commentquerysets import MODERATE
from news.enums import ColumnJob, Level, Stage
from news.models import (
    Article,
    Channel,
    Column,
    Comment,
    CommentAppeal,
    Inspection,
    Placement,
    StandingPage,
)

_ARTICLES = "admin:news_article_changelist"


def waiting(user) -> list[Queue]:
    """To each what they do with an article: a reviewer what waits for their review, an
    editor what was given back and what was not sent, and whoever answers for urgent
    releases those whose reviews are still due; what is overdue in columns and
    channels."""
    if only_reads(user) or not user.has_perm("news.view_article"):
        return []
    return [*_articles(user), *_comments(user), *_to_approve(user), *_overdue(user)]


def _comments(user) -> list[Queue]:
    """What readers said and reported in the columns of a moderator, and appeals against
    the decisions of others."""
    if not user.has_perm(MODERATE):
        return []
    mine, desk = Comment.objects.moderated_by(user), reverse("admin:news_comment_desk")
    return [
        Queue(_("待审核的评论"), mine.pending(), f"{desk}#pending", since="written_at"),
        Queue(_("被举报的评论"), mine.flagged(), f"{desk}#flagged", since="state_at"),
        Queue(
            _("评论申诉待答复"),
            CommentAppeal.objects.answered_by(user),
            f"{desk}#appeals",
            since="asked_at",
        ),
    ]


def _to_approve(user) -> list[Queue]:
    """What one person wrote or put forward, to the second person."""
    queues = []
    if user.has_perm("news.approve_standingpage"):
        queues.append(
            Queue(
                _("待批准的机构和办事页面"),
                StandingPage.objects.waiting_for(user),
                f"{reverse('admin:news_standingpage_changelist')}?is_waiting__exact=1",
                since="updated_at",
            )
        )
    if user.has_perm("news.approve_placement"):
        mine = Placement.objects.managed_by(user).exclude(made_by=user)
        queues.append(
            Queue(
                _("待批准的图片推荐"),
                mine.waiting(),
                f"{reverse('admin:news_placement_changelist')}?stands=waiting",
                since="updated_at",
            )
        )
    return queues


def _articles(user) -> list[Queue]:
    mine = Article.objects.managed_by(user)
    made = []
    for level in Level:
        if user.has_perm(level.right):
            job = ColumnJob(str(level.stage))
            made.append(
                Queue(
                    _("待%(level)s的稿件") % {"level": level.label},
                    Article.objects.to_review_by(user)
                    .managed_by(user, job)
                    .awaiting(level.stage),
                    f"{reverse(_ARTICLES)}?stage=mine",
                    since="stage_at",
                    due="due_on",
                )
            )
    if user.has_perm("news.change_article"):
        edited = Article.objects.managed_by(user, ColumnJob.EDIT)
        made += [
            Queue(
                _("退改的稿件"),
                edited.awaiting(Stage.RETURNED),
                f"{reverse(_ARTICLES)}?stage=returned",
                since="stage_at",
            ),
            Queue(
                _("未送审的草稿"),
                edited.unsent(),
                f"{reverse(_ARTICLES)}?stage=unsent",
                since="created_at",
            ),
        ]
    if user.has_perm("news.publish_urgently"):
        made.append(
            Queue(
                _("已紧急发布、三审待补"),
                mine.released_unread(),
                f"{reverse(_ARTICLES)}?stage=urgent",
                since="stage_at",
                due="due_on",
            )
        )
    return made


def _overdue(user) -> list[Queue]:
    """Columns that are not kept up, for those who write in them and who answer for
    them; channels that nobody looked at and findings that nobody put right."""
    queues = []
    jobs = [
        job for job in (ColumnJob.EDIT, ColumnJob.FINAL) if user.has_perm(job.right)
    ]
    if jobs:
        queues.append(
            Queue(
                _("栏目逾期未更新"),
                Column.objects.worked_in_by(user, *jobs).not_updated(),
                f"{reverse('admin:news_column_changelist')}?late=1",
                due="next_out",
            )
        )
    if user.has_perm("news.add_inspection"):
        queues += [
            Queue(
                _("宣传阵地逾期未检查"),
                Channel.objects.overdue(timezone.localdate()),
                f"{reverse('admin:news_channel_changelist')}?overdue=1",
                due="next_on",
            ),
            Queue(
                _("阵地检查待整改"),
                Inspection.objects.open(),
                f"{reverse('admin:news_inspection_changelist')}?open=1",
                since="on",
                due="due_on",
            ),
        ]
    return queues


def today(user, day) -> list[Agenda]:
    """What appears and what leaves the pages by itself on this day."""
    if not user.has_perm("news.view_article"):
        return []
    mine = Article.objects.managed_by(user)
    planned = mine.filter(live_version__isnull=False, withdrawn_at=None)
    return [
        Agenda(
            title,
            planned.filter(within(at, day)),
            at,
            "title",
            _preview,
        )
        for title, at in [(_("文章发布"), "publish_at"), (_("文章到期"), "expire_at")]
    ]


def jobs(user) -> list[Job]:
    made = []
    if user.has_perm("news.add_article"):
        made.append(
            Job(_("写文章"), reverse("admin:news_article_add"), _("图文报道、通知公告"))
        )
    if user.has_perm("news.view_article"):
        made.append(Job(_("全部文章"), reverse(_ARTICLES), _("按栏目、状态查找")))
    for right, title, name, hint in [
        (
            "moderate_comment",
            _("评论审核"),
            "comment_desk",
            _("通过、撤下、答复申诉"),
        ),
        (
            "close_comments",
            _("全站评论开关"),
            "comment_switch",
            _("开放或关闭"),
        ),
        (
            "add_inspection",
            _("记录阵地检查"),
            "inspection_add",
            _("报刊、网站、微信等"),
        ),
        ("add_channel", _("宣传阵地"), "channel_changelist", _("责任人和检查期限")),
        ("view_phrase", _("规范用语"), "phrase_changelist", _("送审前自动检查")),
    ]:
        if user.has_perm(f"news.{right}") and not only_reads(user):
            made.append(Job(title, reverse(f"admin:news_{name}"), hint))
    return made


def found(user, text) -> list[Finder]:
    """Articles and columns whose name holds every word."""
    if not user.has_perm("news.view_article"):
        return []
    wanted = Q()
    for word in characters(text).split():
        wanted &= finding.standing_in(Article, ["title"], word)
    finders = [
        Finder(
            _("文章"),
            Article.objects.managed_by(user)
            .filter(wanted)
            .select_related("column")
            .order_by("-pk"),
            lambda article: Hit(
                article.title, _preview(article.pk), str(article.column)
            ),
        )
    ]
    if user.has_perm("news.view_column"):
        finders.append(
            Finder(
                _("栏目"),
                Column.objects.managed_by(user).filter(
                    name__icontains=characters(text).strip()
                ),
                lambda column: Hit(
                    column.name, reverse("admin:news_column_change", args=[column.pk])
                ),
            )
        )
    return finders


def _preview(key):
    return reverse("admin:news_article_review", args=[key])
