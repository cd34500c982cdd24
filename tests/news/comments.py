"""Comments for tests, made by the verbs that pages use."""

from itertools import count

from django.contrib.auth.models import Permission

from news import services
from news.enums import ColumnJob
from news.models import Comment
from news.services import comments, moderating
from tests.factories import make_user
from tests.news.factories import make_article

_number = count(1)


def make_comment(*, article=None, by=None, text=None, hides_name=False) -> Comment:
    """One that waits for a moderator."""
    return comments.write_comment(
        article=article or make_article(),
        text=text or f"示例评论{next(_number)}",
        by=by or make_user(),
        hides_name=hides_name,
    )


def make_moderator(comment, *, may_close=False, **fields):
    """Somebody who works in the column of the comment's article, and moderates."""
    user = make_user(is_staff=True, **fields)
    names = ["moderate_comment", "view_comment", "view_article", "change_article"]
    names += ["close_comments"] if may_close else []
    user.user_permissions.set(
        Permission.objects.filter(content_type__app_label="news", codename__in=names)
    )
    column = comment.article.column
    services.give_duty(column=column, user=user, job=ColumnJob.EDIT, by=None)
    return user


def approved(comment=None) -> Comment:
    """Let through by a moderator of its column."""
    comment = comment or make_comment()
    by = make_moderator(comment)
    moderating.approve_comment(comment=comment, by=by)
    comment.refresh_from_db()
    return comment


def turned_down(comment=None, reason="与文章无关") -> Comment:
    comment = comment or make_comment()
    by = make_moderator(comment)
    moderating.refuse_comment(comment=comment, by=by, reason=reason)
    comment.refresh_from_db()
    return comment
