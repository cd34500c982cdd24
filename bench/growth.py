"""``growth_…``: the time a page takes in a city of 300,000 workers and 100,000 articles
against one of 3,000 and 1,000. ``deep_page``: page 5,000 of all news against page 1.

Nothing is kept from one request to the next, since what is kept does not grow. Both are
served at the same time and asked in turn.
"""

import statistics
from contextlib import ExitStack
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from activities.training.models import CourseClass, Term
from bench import kept, pages, scene, server
from bench.report import Figure
from members.models import User, Worker
from news.models import Article, Column
from volunteers.models import Need, VolunteerTeam

ROUNDS = 5
SECONDS = 0.3
PAGE, OFFICE = 1.3, 2  # times as long, at most
DEEP = {"deep_page": 5_000}
ARTICLES_ON_A_PAGE = 20


def measure(wanted):
    with ExitStack() as servers:
        cities = [_open(size, servers) for size in ("town", "city")]
        yield from _deep(wanted, cities[1])
        # the small one and the large one in turn: the machine's mood is that of both
        shares = {name: [] for name in cities[0].pages if name in wanted}
        for number in range(1 + ROUNDS):  # the first warms up
            for name, found in shares.items():
                town, city = (_rate(one.port, *one.pages[name]) for one in cities)
                if number:
                    found.append(town / city)
    for name, found in shares.items():
        grown = statistics.median(found)
        yield Figure(
            name,
            grown,
            "times",
            grown,
            "the same page in a town of a hundredth",
            OFFICE if name.startswith("growth_admin_") else PAGE,
            is_limit=True,
        )


@dataclass(frozen=True)
class City:
    """A server of its own on a database of its own."""

    port: int
    pages: dict[str, tuple[str, str]]
    last_page: int


def _open(size: str, servers: ExitStack) -> City:
    with kept.database(size):
        found = _pages()
        last = Article.objects.live().count() // ARTICLES_ON_A_PAGE
        # it keeps the environment of this moment
        port, _process = servers.enter_context(
            server.running(workers=1, loads=pages.DJANGO, keeps=False)
        )
    return City(port, found, last)


def _pages() -> dict[str, tuple[str, str]]:
    """Line → address and session."""
    article = Article.objects.live().order_by("publish_at").first()
    column = Column.objects.filter(articles=article).get()
    made = CourseClass.objects.filter(term__in=Term.objects.in_sign_up()).first()
    worker = scene.log_in(Worker.objects.filter(user__isnull=False).last().user)
    staff = scene.log_in(User.objects.by_phone("+8613900009999"))
    team = VolunteerTeam.objects.filter(is_active=True).first()
    need = Need.objects.waiting().order_by("pk").first()
    # of the town too, and of none of the demonstration's own
    name = Worker.objects.get(member_number="SC00001000").name

    def office(noun, action="changelist", *args, **query):
        address = reverse(f"admin:{noun}_{action}", args=args)
        return f"{address}?{urlencode(query)}", staff

    def suggested(app, model, field, term):
        asked = {
            "app_label": app,
            "model_name": model,
            "field_name": field,
            "term": term,
        }
        return f"{reverse('admin:autocomplete')}?{urlencode(asked)}", staff

    articles = "news_article"
    return {
        "growth_home": (reverse("home"), ""),
        "growth_article": (article.get_absolute_url(), ""),
        "growth_list": (column.get_absolute_url(), ""),
        "growth_all_news": (reverse("news:article-list"), ""),
        # as somebody who is logged in: the desk is asked again for each of them
        "growth_class": (made.get_absolute_url(), worker),
        "growth_term": (made.term.get_absolute_url(), worker),
        "growth_check": (
            reverse("signups:signup-create", args=[made.offering.pk]),
            worker,
        ),
        "growth_my": (reverse("my"), worker),
        "growth_hall": (reverse("honors:honoree-list"), ""),
        "growth_teams": (reverse("volunteers:team-list"), ""),
        "growth_team": (team.get_absolute_url(), ""),
        "growth_site_map": (reverse("site-map"), ""),
        "growth_sitemap_xml": (reverse("sitemap"), ""),
        "growth_admin_articles": office(articles),
        "growth_admin_articles_searched": office(articles, q="技能比武"),
        "growth_admin_article_form": office(articles, "change", article.pk),
        "growth_admin_workers": office("members_worker"),
        "growth_admin_workers_searched": office("members_worker", q=name),
        "growth_admin_workers_suggested": suggested(
            "signups", "signup", "worker", name
        ),
        "growth_admin_unions": office("members_unionorg"),
        "growth_admin_unions_suggested": suggested(
            "members", "worker", "union_org", "建筑"
        ),
        "growth_admin_offerings": office("signups_offering"),
        "growth_admin_signups": office("signups_signup"),
        "growth_admin_signups_searched": office("signups_signup", q=name),
        # a team at work with its members, one of them found by name; a need with the
        # teams and volunteers suggested for it
        "growth_admin_team": office("volunteers_volunteerteam", "run", team.pk),
        "growth_admin_team_searched": office(
            "volunteers_volunteerteam", "run", team.pk, q=name
        ),
        "growth_admin_members": office("volunteers_membership"),
        "growth_admin_members_searched": office("volunteers_membership", q=name),
        "growth_admin_need": office("volunteers_need", "work", need.pk),
    }


def _rate(port, path, session="") -> float:
    return pages.rate(port, path, session, seconds=SECONDS, connections=1)


def _deep(wanted, city):
    if not DEEP.keys() & wanted:
        return
    number = min(DEEP["deep_page"], city.last_page)
    first, deep = (
        f"{reverse('news:article-list')}?page={page}" for page in (1, number)
    )
    for path in (first, deep):
        _rate(city.port, path)
    grown = statistics.median(
        _rate(city.port, first) / _rate(city.port, deep) for _ in range(ROUNDS)
    )
    yield Figure(
        "deep_page",
        grown,
        "times",
        grown,
        f"page 1 of all news (this is page {number})",
        2,
        is_limit=True,
    )
