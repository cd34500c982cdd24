"""The comments under an article as finished HTML.

For visitors it is the same for everybody and is kept (``common.pagecache``); who is
logged in has it made for them, with the form, their votes and their token. Votes do
not let the kept pages go: a visitor reads how many there were when something was last
published (docs/decisions/0038-comments.md).
"""

from django.core.paginator import InvalidPage
from django.http import Http404
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from common import pagecache
from common.paging import MOST_COUNTED, BoundedPaginator
from members import names
from news import pieces
from news.commentforms import CommentForm
from news.enums import CommentMode
from news.models import Article, Comment
from news.services import comments

UNDER_ARTICLE = 5
PAGE = 20


class _Pages(BoundedPaginator):
    """Counts what came with the article no second time."""

    known = 0

    def counted(self, rows, most):
        if self.known > MOST_COUNTED:
            return super().counted(rows, most)
        return min(self.known, most)


def who(comment: Comment) -> str:
    """What readers are told of its author: never a whole name, none on request."""
    author = comment.user
    if author is None or author.closed_at is not None:
        return _("已注销用户")
    if comment.hides_name or not author.name:
        return _("匿名网友")
    return names.masked(author.name)


def section(request, article: Article, *, page=None, form=None) -> str:
    """Comments of an article that the public reads (as ``pieces.public_article`` has
    it, with what it knows of them): the first few, or a whole page of them; ``form`` is one that could not be stored. Raises Http404 for a page that there
    is not."""
    at = pagecache.moment_of(request)
    if request.user.is_authenticated:
        return _made(article, page, request, form)

    def build():
        return _made(article, page), pieces.next_change_at(at)

    return pagecache.cached(f"news:comments:{article.pk}:{page}", build, at=at)


def _made(article, page, request=None, form=None):
    mode = CommentMode.strictest(article.comment_modes)
    is_shown = article.comments_shown and mode != CommentMode.OFF
    rows = article.comments.shown().for_page() if is_shown else Comment.objects.none()
    pages = _Pages(rows, UNDER_ARTICLE if page is None else PAGE)
    pages.known = article.comments_shown if is_shown else 0
    pages.asked = page or 1
    try:
        here = pages.page(pages.num_pages if page == "last" else page or 1)
    except InvalidPage as error:
        raise Http404 from error
    shown = here.object_list
    context = {
        "article": article,
        "mode": mode,
        "page_obj": here,
        "is_whole": page is not None,
        "total": pages.count,
        "is_more": pages.is_more,
        "address": reverse("news:comments", args=[article.pk]),
        "reader": None,
    }
    liked = set()
    if request is not None:
        liked = shown.liked_by(request.user) if shown else set()
        context |= {
            "reader": request.user,
            "reasons": comments.writing_reasons(request.user),
            "form": form or CommentForm(),
            "csrf_token": get_token(request),
            "back": here.number if page is not None else "",
        }
    context["comments"] = [
        {
            "pk": comment.pk,
            "who": who(comment),
            "text": comment.text,
            "at": comment.written_at,
            "likes": comment.likes,
            "is_own": request is not None and comment.user_id == request.user.pk,
            "is_liked": comment.pk in liked,
        }
        for comment in shown
    ]
    return render_to_string("news/_comments.html", context)
