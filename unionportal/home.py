"""The home page's blocks: each wing is asked for one named queryset and laid out as
``home.html`` prints it.

What changes only when staff publish is cached under the page generation; what moves with
the clock and with sign-ups (the live strip) is asked again.
"""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from activities.training.models import Term
from common import pagecache
from honors.cards import person_card
from honors.models import AwardProgram, Honoree, PublicNotice
from news.cards import row, series_entry
from news.enums import Slot
from news.models import Article, Series
from news.pieces import holds_until, ranking
from unionportal import site
from volunteers.cards import team_card
from volunteers.models import VolunteerTeam

PICTURES = 5
TABS = 2
ROWS = 8


def blocks(at: pagecache.Moment) -> dict:
    """Everything of ``home.html`` but the live strip. No query while it is cached."""
    return pagecache.cached("home", lambda: _build(at), at=at)


def keeper(at: pagecache.Moment):
    """For the finished parts of ``home.html``; one of them says the day."""
    return pagecache.keeper(
        f"home:{timezone.localtime(at.now).date()}",
        at=at,
        until=lambda: holds_until(at),
    )


def linked(request, portal) -> dict:
    """Who runs the site and how it is searched, in words of schema.org."""
    base = f"{request.scheme}://{request.get_host()}"
    organisation = {
        "@type": "Organization",
        "@id": f"{base}/#organization",
        "name": str(portal.name),
        "url": f"{base}/",
        "telephone": portal.phone or portal.hotline,
    }
    if portal.address:
        organisation["address"] = portal.address
    found = f"{base}{reverse('search')}?q={{words}}"
    website = {
        "@type": "WebSite",
        "name": str(portal.name),
        "url": f"{base}/",
        "inLanguage": "zh-CN",
        "publisher": {"@id": organisation["@id"]},
        "potentialAction": {
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": found},
            "query-input": "required name=words",
        },
    }
    return {"@graph": [organisation, website]}


def _build(at):
    headline = Article.objects.headline()
    columns = [
        # what stands above in large letters is not said again in its column
        (column, [article for article in articles if article != headline] or articles)
        for column, articles in Article.objects.column_blocks(ROWS + 1)
    ]
    piece = {
        "headline": _headline(headline),
        "pictures": [
            {
                "title": article.title,
                "url": article.get_absolute_url(),
                "picture": _picture(article.lead_photo),
            }
            for article in Article.objects.illustrated(Slot.SHOW)[:PICTURES]
        ],
        "tabs": [
            {
                "title": column.name,
                "url": column.get_absolute_url(),
                "articles": [row(article) for article in articles[:ROWS]],
            }
            for column, articles in columns[:TABS]
        ]
        + _notices(),
        "columns": [_column(column, articles) for column, articles in columns[TABS:]],
        "series": [
            series_entry(newest)
            for newest in Series.objects.opened().order_by("-pk")[:1]
        ],
        "ranking": ranking(at),
        "tiles": _tiles(site.current(at).hotline),
        "honorees": [person_card(honoree) for honoree in Honoree.objects.for_home()],
        "honors_url": reverse("honors:honoree-list"),
        **_figures(),
    }
    # articles come and go at their minute
    return piece, holds_until(at)


def _notices() -> list[dict]:
    """公示 as a tab beside the first columns, where there is any."""
    rows = [
        {
            "url": notice.get_absolute_url(),
            "title": notice.title,
            "day": notice.starts_on.isoformat(),
            "short_day": f"{notice.starts_on:%m-%d}",
        }
        for notice in PublicNotice.objects.shown().for_list()[:ROWS]
    ]
    if not rows:
        return []
    return [
        {"title": _("公示"), "url": reverse("honors:notice-list"), "articles": rows}
    ]


def _headline(article):
    if article is None:
        return None
    return {
        "title": article.title,
        "subtitle": f"{article.subtitle}{article.part}" if article.subtitle else "",
        "url": article.get_absolute_url(),
    }


def _column(column, articles):
    """The first article with its picture and summary, then five rows."""
    first, *others = articles
    return {
        "title": column.name,
        "url": column.get_absolute_url(),
        "lead": row(first),
        "articles": [row(article) for article in others[:5]],
    }


def _picture(photo):
    return {
        "url": photo.medium_url,
        "srcset": photo.srcset,
        "width": photo.width,
        "height": photo.height,
        "alt": photo.spoken,
    }


def _tiles(hotline):
    """What a worker most often comes for; only what exists."""
    training = reverse("activities:training:term-current")
    return [
        {
            "title": _("培训报名"),
            "plain": _("报培训班"),
            "note": _("免费才艺培训"),
            "url": training,
            "icon": "train",
        },
        {
            "title": _("我的报名"),
            "plain": _("我的报名"),
            "note": _("报名与候补"),
            "url": reverse("my"),
            "icon": "event",
        },
        {
            "title": _("志愿服务"),
            "plain": _("志愿服务"),
            "note": _("查找队伍"),
            "url": reverse("volunteers:team-list"),
            "icon": "heart",
        },
        {
            "title": _("劳模工匠"),
            "plain": _("劳模工匠"),
            "note": _("荣誉殿堂"),
            "url": reverse("honors:honoree-list"),
            "icon": "medal",
        },
        {
            "title": _("新闻"),
            "plain": _("看新闻"),
            "note": _("要闻与公告"),
            "url": reverse("news:article-list"),
            "icon": "news",
        },
        {
            "title": _("服务热线"),
            "plain": _("打电话"),
            "note": hotline,
            "url": f"tel:{hotline}",
            "icon": "phone",
        },
    ]


def _figures():
    """Counted from the rows, each apart: people may hold several awards, so nothing
    here is ever added up."""
    counted = VolunteerTeam.objects.figures()
    teams = counted["teams"]
    programs = AwardProgram.objects.with_names_on_the_wall()
    figures = [(program.name, program.honoured, _("名")) for program in programs]
    if terms := Term.objects.published().count():
        figures.append((_("免费才艺培训"), terms, _("期")))
    if reports := Article.objects.live().count():
        figures.append((_("刊发文章"), reports, _("篇")))
    volunteers = teams and {
        "url": reverse("volunteers:team-list"),
        "figures": [
            (_("志愿服务队"), teams, _("支")),
            (_("本站登记队员"), counted["people"], _("名")),
            (_("正在招募"), counted["recruiting"], _("支")),
        ],
        "teams": [team_card(team) for team in VolunteerTeam.objects.for_home()],
    }
    return {"figures": figures, "volunteers": volunteers}
