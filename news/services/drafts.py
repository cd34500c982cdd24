"""Drafts: what editors type, kept at every moment, and judged when it is sent.

Lock order: Series, then Article; the draft goes with its article.
"""

from dataclasses import dataclass, replace

from django.db import transaction
from django.utils.translation import gettext as _

from common import history, letters, richtext
from common.errors import Reason, Refusal
from members.models import User
from news.content import Content, content_reasons, from_json, to_json
from news.models import Article, ArticleVersion, Draft
from news.services import duties
from news.services.versions import (
    SUMMARY_LENGTH,
    cleaned,
    content_of,
    print_version,
    refuse,
    settle,
)


@dataclass(frozen=True)
class Working:
    """What an editor goes on with: the draft, or the newest version where there is
    none. ``token`` names it; a page that was opened on another one says another."""

    content: Content | None
    token: str
    draft: Draft | None = None
    newest: ArticleVersion | None = None


def working_on(article: Article) -> Working:
    """Two or six queries."""
    newest = ArticleVersion.objects.newest_of(article)
    draft = Draft.objects.filter(article=article).first()
    number = newest.number if newest else 0
    if draft is not None:
        token = f"{number}.{draft.revision}"
        return Working(from_json(draft.content), token, draft, newest)
    content = content_of(newest) if newest else None
    if newest and newest.pk == article.live_version_id:
        content = replace(content, correction="")  # said already
    return Working(content, f"{number}.0", None, newest)


@transaction.atomic
@history.on_record
def save_draft(
    *,
    article: Article,
    content: Content,
    by: User | None,
    seen: str | None = None,
    is_typing: bool = False,
) -> Draft | None:
    """Keep ``content`` as what the article will say; the public sees nothing of it, and
    what is under review stays as it was sent. None where it says what the newest
    version says: then there is nothing to send.

    ``seen`` is the token of what the page showed. ``is_typing``: kept while somebody
    types, however unfinished. Raises Refusal: another saved since (``stale``), ``by``
    does not write in this column, or (unless typing) a reason of ``content_reasons``.
    """
    article = Article.objects.select_for_update().get(pk=article.pk)
    duties.check_edits(by, article.column_id)
    now = working_on(article)
    if is_typing:
        refuse(richtext.length_reasons(content.body, "body"))
    else:
        refuse(content_reasons(content))
    content = cleaned(content)
    if now.content == content:
        return now.draft
    if seen is not None and seen != now.token:
        text = _(
            "您打开后，这篇稿件已有他人保存。您填写的内容仍在下面，"
            "请在另一窗口打开稿件，核对后再保存。"
        )
        raise Refusal(Reason("stale", text))
    if now.draft is None:
        draft = Draft(article=article, base_version=now.newest, author=by, revision=0)
    else:
        draft = now.draft
    return _keep(article, draft, content, by)


def begin(article: Article, content: Content, author: User | None) -> Draft:
    """The first draft of a new article, within the verb that makes it."""
    draft = Draft(article=article, author=author, revision=0)
    return _keep(article, draft, content, author)


def _keep(article, draft: Draft, content: Content, by: User | None) -> Draft:
    draft.content = to_json(content)
    draft.picture_keys = [
        *(photo.picture.key for photo in content.photos),
        *(one.file.key for one in content.files),
    ]
    draft.revision += 1
    draft.saved_by = by
    if by is not None and by.pk not in draft.editors:
        draft.editors = [*draft.editors, by.pk]
    draft.save()
    settle(content)
    if not article.live_version_id:
        print_draft(article, content)
    else:
        article.save(update_fields=["updated_at"])
    return draft


def print_draft(article: Article, content: Content) -> None:
    """What the back office's lists print of an article that nobody has read yet."""
    article.title = letters.line(content.title)[:200] or _("（无标题）")
    article.subtitle = letters.line(content.subtitle)[:200]
    article.source_name = content.source_name[:60]
    article.summary = content.summary[:300] or richtext.plain(
        content.body, SUMMARY_LENGTH
    )
    article.save()


@transaction.atomic
@history.on_record
def discard_draft(*, article: Article, by: User | None) -> bool:
    """Throw away what was typed and not sent: the whole article if none of it was ever
    sent, otherwise only the draft. Whether the article is gone.

    Raises Refusal: there is no draft, or ``by`` did not begin it.
    """
    article = Article.objects.select_for_update().get(pk=article.pk)
    duties.check_edits(by, article.column_id)
    draft = Draft.objects.filter(article=article).first()
    if draft is None:
        raise Refusal(Reason("no_draft", _("没有未送审的草稿，不需要丢弃")))
    if by is not None and draft.author_id != by.pk:
        text = _("草稿是他人起草的，请由起草人丢弃")
        raise Refusal(Reason("not_author", text))
    newest = ArticleVersion.objects.newest_of(article)
    draft.delete()
    if newest is None:
        article.delete()
        return True
    if not article.live_version_id:
        print_version(article, newest)
        article.save()
    return False
