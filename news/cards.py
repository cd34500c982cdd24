"""What the shared partials print of an article, as plain values that can be cached."""

from django.utils import timezone
from django.utils.translation import gettext as _

from news.models import Article, ArticlePhoto, Series


def thumb(photo: ArticlePhoto | None) -> dict | None:
    """The small rendition beside a row. Its words are in the title, so ``alt`` is
    empty: a screen reader need not hear them twice."""
    if photo is None:
        return None
    return {
        "url": photo.small_url,
        "srcset": photo.srcset,
        "width": photo.width,
        "height": photo.height,
        "alt": "",
    }


def row(article: Article, *, is_pinning: bool = False) -> dict:
    """One article for ``includes/_article_row.html`` and its kin; of ``for_rows()``.
    ``is_pinning``: in a list that puts pinned ones first, and so says which are."""
    chips = [_("置顶")] if article.is_pinned and is_pinning else []
    if article.part:
        chips.append(_("系列%(part)s") % {"part": article.part})
    # a draft has no time yet; a list prints days, and formatting one in a template
    # twice a row is a fifth of the page
    day = article.publish_at and timezone.localtime(article.publish_at).date()
    return {
        "pk": article.pk,
        "url": article.get_absolute_url(),
        "title": article.title,
        "subtitle": article.subtitle,
        "summary": article.summary,
        "source": article.source_name,
        "day": day.isoformat() if day else "",
        "short_day": f"{day:%m-%d}" if day else "",
        "chips": chips,
        "thumb": thumb(article.lead_photo),
    }


def series_entry(series: Series) -> dict:
    """A series of ``opened()``, and how much of it is out."""
    out = {"n": series.parts_out}
    running = series.awaits_more(series.parts_out)
    return {
        "title": series.title,
        "note": (_("已刊发%(n)d篇，待续") if running else _("共%(n)d篇")) % out,
        "url": series.get_absolute_url(),
    }
