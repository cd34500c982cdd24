"""What the shared partials print of an article, as plain values that can be kept."""

from django.utils.translation import gettext as _

from news.models import Article, ArticlePhoto


def thumb(photo: ArticlePhoto | None) -> dict | None:
    """The small rendition beside a row. Its words are in the title, so ``alt`` is
    empty: a screen reader need not hear them twice."""
    if photo is None:
        return None
    return {
        "url": photo.small_url,
        "width": photo.width,
        "height": photo.height,
        "alt": "",
    }


def row(article: Article) -> dict:
    """One article for ``includes/_article_row.html`` and its kin; of ``for_rows()``."""
    chips = [_("置顶")] if article.is_pinned else []
    if article.part:
        chips.append(_("连载%(part)s") % {"part": article.part})
    return {
        "pk": article.pk,
        "url": article.get_absolute_url(),
        "title": article.title,
        "subtitle": article.subtitle,
        "summary": article.summary,
        "source": article.source_name,
        "published": article.publish_at,
        "chips": chips,
        "thumb": thumb(article.lead_photo),
    }
