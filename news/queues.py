"""The news room's part of the back office's home (``common.queues``)."""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from common import finding
from common.letters import characters
from common.queues import Agenda, Finder, Hit, Job, Queue, only_reads, within
from news.models import Article, Column

_ARTICLES = "admin:news_article_changelist"


def waiting(user) -> list[Queue]:
    """Drafts, said to each by what they do with one: write on, read, or publish."""
    if only_reads(user) or not user.has_perm("news.view_article"):
        return []
    if user.has_perm("news.add_article"):
        title = _("未发布的草稿")
    elif user.has_perm("news.publish_article"):
        title = _("待发布的稿件")
    else:
        title = _("待读的稿件")
    return [
        Queue(
            title,
            Article.objects.drafts(),
            f"{reverse(_ARTICLES)}?state=draft",
            since="created_at",
        )
    ]


def today(user, day) -> list[Agenda]:
    """What appears and what leaves the pages by itself on this day."""
    if not user.has_perm("news.view_article"):
        return []
    planned = Article.objects.filter(live_version__isnull=False, withdrawn_at=None)
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
            Article.objects.filter(wanted).select_related("column").order_by("-pk"),
            lambda article: Hit(
                article.title, _preview(article.pk), str(article.column)
            ),
        )
    ]
    if user.has_perm("news.view_column"):
        finders.append(
            Finder(
                _("栏目"),
                Column.objects.filter(name__icontains=characters(text).strip()),
                lambda column: Hit(
                    column.name, reverse("admin:news_column_change", args=[column.pk])
                ),
            )
        )
    return finders


def _preview(key):
    return reverse("news:article-preview", args=[key])
