"""What the frame of every page says about the union, read once and cached.

The words, links and pictures are staff's (网站设置); what is empty is not shown. Only
the name stands here: it is also on the pages that must do without a database.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common import pagecache
from unionportal.enums import LinkGroup
from unionportal.models import FooterLink, GreyPeriod, SiteMark, SiteSettings

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
    """What holds at this moment; four queries once the settings change, then none.

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
    periods = list(GreyPeriod.objects.not_over(today))
    site = Site(
        name=NAME,
        settings=SiteSettings.objects.current(),
        friend_links=_groups(),
        marks={mark.kind: _mark(mark) for mark in SiteMark.objects.all()},
        is_grey=any(period.starts_on <= today for period in periods),
    )
    return site, _next_midnight(periods, today)


def _next_midnight(periods, today: date) -> datetime | None:
    """The first moment after today at which some period begins or is over."""
    edges = [period.starts_on for period in periods]
    edges += [period.ends_on + timedelta(days=1) for period in periods]
    coming = [day for day in edges if day > today]
    if not coming:
        return None
    return timezone.make_aware(datetime.combine(min(coming), time.min))


def _groups():
    links = list(FooterLink.objects.all())
    groups = [
        (group.label, [(link.name, link.url) for link in links if link.group == group])
        for group in LinkGroup
    ]
    return [(title, entries) for title, entries in groups if entries]


def _mark(mark) -> Mark:
    url = reverse("site-mark", args=[mark.key])
    return Mark(url=url, width=mark.width, height=mark.height, link=mark.link)
