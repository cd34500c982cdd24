"""Feeds of what is public, as Atom and as RSS 2.0; a reader that has the newest gets 304.

What is unchanged is known by the ETag alone: when an article is withdrawn the newest
moment of a feed goes back, and by a ``Last-Modified`` whoever read it before would be
told that nothing has changed, and go on showing it.
"""

import re

from django.contrib.syndication.views import Feed
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed
from django.utils.html import escape
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import conditional_page, require_safe

from common.publicpages import public_page
from news.enums import WRITERS
from news.models import Article, Column

LENGTH = 20
PUBLISHER = _("攀枝花市总工会")
AUTHORS = WRITERS[:3]  # who wrote it, not who photographed
_NOT_XML = re.compile("[^\\t\\n\\r\\x20-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")


def fit(text: str) -> str:
    """``text`` without the characters that XML cannot carry: one of them, pasted from a
    word processor into one title, would break the feed for everybody."""
    return _NOT_XML.sub("", text)


class PlainAtom(Atom1Feed):
    """Summaries are words, not HTML: 若x<y reads the same wherever the feed is read."""

    def add_item_elements(self, handler, item):
        super().add_item_elements(handler, item | {"description": None})
        if item["description"]:
            handler.addQuickElement("summary", item["description"], {"type": "text"})


class PlainRss(Rss201rev2Feed):
    """RSS knows summaries as HTML only, so words are written as HTML that shows them."""

    def add_item_elements(self, handler, item):
        words = item | {"description": escape(item["description"])}
        super().add_item_elements(handler, words)


class LatestFeed(Feed):
    feed_type = PlainAtom
    title = _("攀枝花市总工会 - 最新发布")
    subtitle = _("工会要闻、通知公告和专题报道")

    author_name = PUBLISHER

    def __call__(self, request, *args, **kwargs):
        response = super().__call__(request, *args, **kwargs)
        response.headers.pop("Last-Modified", None)
        return response

    def link(self):
        return reverse("news:article-list")

    def items(self):
        return Article.objects.live().for_feed()[:LENGTH]

    def item_title(self, item):
        title = f"{item.title}——{item.subtitle}" if item.subtitle else item.title
        return fit(title)

    def item_description(self, item):
        return fit(item.summary)

    def item_author_name(self, item):
        """The reporters; without them the source, or the union that publishes it."""
        names = [row["name"] for row in item.byline_rows if row["role"] in AUTHORS]
        return fit("、".join(names) or item.source_name or str(PUBLISHER))

    def item_pubdate(self, item):
        return item.publish_at

    def item_updateddate(self, item):
        return item.corrected_at or item.publish_at

    def item_categories(self, item):
        return [fit(item.column.name)]


class ColumnFeed(LatestFeed):
    def get_object(self, request, pk):
        return get_object_or_404(Column, pk=pk)

    def title(self, column):
        return _("攀枝花市总工会 - %(column)s") % {"column": fit(column.name)}

    def subtitle(self, column):
        return fit(column.description)

    def link(self, column):
        return column.get_absolute_url()

    def items(self, column):
        return Article.objects.live().for_feed().filter(column=column)[:LENGTH]


class LatestRss(LatestFeed):
    feed_type = PlainRss


class ColumnRss(ColumnFeed):
    feed_type = PlainRss


latest, latest_rss, latest_of_column, latest_of_column_rss = (
    public_page()(require_safe(conditional_page(feed)))
    for feed in (LatestFeed(), LatestRss(), ColumnFeed(), ColumnRss())
)
