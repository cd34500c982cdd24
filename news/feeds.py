"""Atom feeds of what is public; a reader that has the newest gets 304."""

import re

from django.contrib.syndication.views import Feed
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
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


class LatestFeed(Feed):
    feed_type = PlainAtom
    title = _("攀枝花市总工会 - 最新发布")
    subtitle = _("工会要闻、通知公告和专题报道")

    author_name = PUBLISHER

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


latest = public_page()(require_safe(conditional_page(LatestFeed())))
latest_of_column = public_page()(require_safe(conditional_page(ColumnFeed())))
