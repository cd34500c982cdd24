"""What the frame of every page says about the union, read once and cached.

The words, links and pictures are staff's (网站设置); what is empty is not shown. Only
the name stands here: it is also on the pages that must do without a database.
"""

import json
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import connection
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common import pagecache
from unionportal.enums import LinkGroup
from unionportal.models import SiteSettings

NAME = _("攀枝花市总工会")


@dataclass(frozen=True)
class Mark:
    """A picture of the settings: its address, its size in pixels, where it leads."""

    url: str
    width: int
    height: int
    link: str


@dataclass(frozen=True)
class Site:
    """Inputs of the frame. ``friend_links`` is a list of (title, [(name, url)]);
    ``marks`` has the keys of ``MarkKind``; ``is_grey`` holds today."""

    name: str
    settings: SiteSettings
    friend_links: list
    marks: dict[str, Mark]
    is_grey: bool

    def __getattr__(self, name):
        return getattr(self.settings, name)

    @property
    def imprint(self) -> str:
        """Who runs the site, on whose behalf, and where: a sentence."""
        says = str(self.name)
        if self.settings.organiser:
            says += gettext("，承办：") + self.settings.organiser
        if self.settings.address:
            says += gettext("。地址：") + self.settings.address
        return says + gettext("。")

    @property
    def police_record_url(self) -> str:
        """The public register's page of our record (its number is the only input)."""
        number = "".join(filter(str.isdigit, self.settings.police_record))
        return f"https://beian.mps.gov.cn/#/query/webSearch?code={number}"


def current(at: pagecache.Moment) -> Site:
    """What holds at this moment; one query once the settings change, then none.

    Changes by itself at the midnights at which a grey period begins or ends.
    """
    return pagecache.cached("site", lambda: _build(at), at=at)


def phone_by_heart() -> str:
    """The number that pages without a database tell: as this process last knew it."""
    known = pagecache.last("site")
    settings = known.settings if known else SiteSettings()
    return settings.phone or settings.hotline


def _build(at):
    today = timezone.localtime(at.now).date()
    with connection.cursor() as cursor:
        cursor.execute(_PARTS, [today])
        settings, periods, links, marks = map(json.loads, cursor.fetchone())
    periods = [tuple(map(date.fromisoformat, days)) for days in periods]
    site = Site(
        name=NAME,
        settings=SiteSettings(**settings),
        friend_links=_groups(links),
        marks={kind: _mark(*mark) for kind, *mark in marks},
        is_grey=any(starts_on <= today for starts_on, _ends_on in periods),
    )
    return site, _next_midnight(periods, today)


# One statement instead of four queries: every page needs it again after a publication.
_PARTS = """
SELECT coalesce((SELECT to_jsonb(s) - '{created_at,updated_at}'::text[]
        FROM unionportal_sitesettings s), '{}'),
    (SELECT coalesce(jsonb_agg(jsonb_build_array(starts_on, ends_on)), '[]')
        FROM unionportal_greyperiod WHERE ends_on >= %s),
    (SELECT coalesce(jsonb_agg(jsonb_build_array("group", name, url)
        ORDER BY position, id), '[]') FROM unionportal_footerlink),
    (SELECT coalesce(jsonb_agg(jsonb_build_array(kind, key, width, height, link)), '[]')
        FROM unionportal_sitemark)
"""


def _next_midnight(periods, today: date) -> datetime | None:
    """The first moment after today at which some period begins or is over."""
    edges = [starts_on for starts_on, _ends_on in periods]
    edges += [ends_on + timedelta(days=1) for _starts_on, ends_on in periods]
    coming = [day for day in edges if day > today]
    if not coming:
        return None
    return timezone.make_aware(datetime.combine(min(coming), time.min))


def _groups(links):
    groups = [
        (group.label, [(name, url) for of, name, url in links if of == group])
        for group in LinkGroup
    ]
    return [(title, entries) for title, entries in groups if entries]


def _mark(key, width, height, link) -> Mark:
    url = reverse("site-mark", args=[key])
    return Mark(url=url, width=width, height=height, link=link)
