"""What search engines are told: every public address, for ``/sitemap.xml``.

Not the page 网站地图 (``unionportal.sitemap``), which people read. What is public is
asked of each wing's own queryset. A file is cached as a public page is: for a minute at
most, and not past a change.
"""

from contextlib import suppress

from django.contrib.sitemaps import Sitemap, views
from django.http import HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_safe

from activities.training.models import CourseClass, Term
from activities.venues.models import Venue
from common import pagecache
from common.publicpages import public_page
from honors.models import AwardEdition, Honoree
from news.enums import PageKind
from news.models import Article, Column, Series, StandingPage
from unionportal import site
from unionportal.nextchange import next_change_at
from volunteers.models import VolunteerTeam


class Rows(Sitemap):
    """The public pages of one noun."""

    limit = 2000  # addresses of a file: some 300 KB

    def __init__(self, rows, changed=None, newest=None):
        self.rows = rows
        self.changed = changed
        self.newest = newest

    def items(self):
        return self.rows()

    def lastmod(self, row):
        return self.changed(row) if self.changed else None

    def get_latest_lastmod(self):
        """For the index. Of a noun that does not know its newest cheaply it is left out:
        it would cost a read of every row."""
        return self.newest() if self.newest else None


class Pages(Sitemap):
    """Pages that are always there."""

    def items(self):
        return [
            "home",
            "about",
            "guide-list",
            "site-map",
            "statement",
            "verify",
            "account_privacy",
            "news:article-list",
            "activities:hub",
            "activities:training:term-current",
            "activities:venues:venue-list",
            "honors:honoree-list",
            "volunteers:team-list",
        ]

    def location(self, name):
        return reverse(name)


SECTIONS = {
    "pages": Pages(),
    "news": Rows(
        lambda: Article.objects.live().for_sitemap(),
        lambda article: article.corrected_at or article.publish_at,
        lambda: Article.objects.live().last_changed(),
    ),
    "guides": Rows(
        lambda: StandingPage.objects.open(PageKind.GUIDE), lambda page: page.live_at
    ),
    "columns": Rows(
        lambda: Column.objects.opened().with_last_out(), lambda column: column.last_out
    ),
    "series": Rows(lambda: Series.objects.opened().order_by("pk")),
    "terms": Rows(lambda: Term.objects.published()),
    "classes": Rows(lambda: CourseClass.objects.public().order_by("pk")),
    "venues": Rows(lambda: Venue.objects.active()),
    "honors": Rows(lambda: Honoree.objects.on_wall().order_by("pk")),
    "editions": Rows(lambda: AwardEdition.objects.conferred().order_by("pk")),
    "teams": Rows(lambda: VolunteerTeam.objects.active().order_by("pk")),
}


@public_page()
@require_safe
def index(request):
    """The list of the files, each of one noun."""
    return _kept(request, views.index, sitemap_url_name="sitemap-section")


@public_page("p")
@require_safe
def section(request, section):
    """Addresses of one noun; 404 for a noun or a page (``?p=``) that is not there."""
    return _kept(request, views.sitemap, section=section)


def _kept(request, view, **options):
    at = pagecache.moment_of(request)

    def build():
        response = view(request, sitemaps=SECTIONS, **options)
        return response.render().content, next_change_at(at)

    page = request.GET.get("p", "1")
    with suppress(ValueError):  # the view refuses what is no number
        page = int(page)  # 1 and 01 are one file
    key = ("sitemap", request.scheme, request.get_host(), *options.values(), page)
    return HttpResponse(
        pagecache.cached(key, build, at=at), content_type="application/xml"
    )


@public_page()
@require_safe
def robots(request):
    """What robots may read: all that is public; and where the list of it is."""
    lines = [
        "User-agent: *",
        *(
            f"Disallow: {path}"
            for path in ("/admin/", "/accounts/", "/my/", "/signups/", "/search/")
        ),
        "Allow: /accounts/privacy/",
        f"Sitemap: {request.build_absolute_uri(reverse('sitemap'))}",
    ]
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain")


@public_page()
@require_safe
def opensearch(request):
    """How a browser searches here from its own box."""
    base = f"{request.scheme}://{request.get_host()}"
    context = {
        "name": site.NAME,
        "search": f"{base}{reverse('search')}?q={{searchTerms}}",
        "icon": f"{base}{static('img/favicon.svg')}",
    }
    return render(
        request,
        "opensearch.xml",
        context,
        content_type="application/opensearchdescription+xml",
    )
