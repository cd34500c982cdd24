"""Every list page, public and of the back office, costs the same however much it lists:
asked for over a few rows of everything and over several more, with nothing kept."""

from contextlib import suppress

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLResolver, get_resolver, reverse
from django.views.generic.list import MultipleObjectMixin

from common import pagecache
from members.models import User
from signups.services import offerings
from tests.activities.factories import (
    make_class,
    make_kind,
    make_term,
    make_venue,
    seat,
)
from tests.factories import make_draw, make_offering
from tests.honors.factories import make_edition, make_honoree
from tests.members import matrix
from tests.news.factories import make_article, make_column, make_photo, make_series
from tests.volunteers.factories import make_team

pytestmark = pytest.mark.django_db

MORE = "CD"  # sides of the house that are built on
# one row, one of each kind, or as many as there will be
SAME = {"unionportal.SiteSettings", "unionportal.SiteMark", "common.Holiday"}
SAME.add("volunteers.ReportedFigure")  # one of each kind
SAME.add("common.SearchWord")  # those that come with the tables fill its page


def grown(house):
    """A few rows more of everything that a list shows."""
    offering = house.row(matrix.Offering, "")
    for n, side in enumerate(MORE):
        matrix._plant(house, side, offering)
        for model in matrix.REGISTERED:
            if (side, model) not in house.rows:
                # what may be there once only is there
                with suppress(IntegrityError), transaction.atomic():
                    house.keep(matrix._grow(house, model, side), side)
        more_of_the_public(house, n)


def more_of_the_public(house, n):
    column, made = (
        house.row(matrix_model("news.Column"), ""),
        house.row(matrix.CourseClass, ""),
    )
    series = make_series()
    brought = make_article(column=column)
    by = house.row(User, "A")
    list(matrix.keep_of_article(brought, brought.live_version, by, f"more{n}"))
    matrix.Phrase.objects.create(wrong=f"示例误{n}", right=f"示例正{n}")
    make_article(column=column, photos=(make_photo(),), series=series, series_no=1)
    make_article(column=make_column(), photos=(make_photo(),))
    new = make_class(
        term=made.term, kind=make_kind(), venue=make_venue(), name=f"示例{n}班"
    )
    seat(new)
    make_offering(title=f"示例{n}")
    make_draw()
    edition = house.row(matrix_model("honors.AwardEdition"), "A")
    make_honoree(edition=edition)
    make_honoree(edition=make_edition())
    make_team(members=n + 1)
    make_term()
    offerings.publish_rules(kind="class", cancel_hours=n, text="示例", by=None)


def matrix_model(label):
    return next(model for model in matrix.REGISTERED if model._meta.label == label)


def list_views():
    """The names of the public list pages, as the URLs have them."""

    def walk(resolver, space):
        for pattern in resolver.url_patterns:
            if isinstance(pattern, URLResolver):
                if pattern.namespace != "admin":
                    yield from walk(pattern, [*space, pattern.namespace or ""])
                continue
            view = getattr(pattern.callback, "view_class", object)
            if issubclass(view, MultipleObjectMixin):
                yield ":".join([*filter(None, space), pattern.name])

    return sorted(walk(get_resolver(), []))


def public_pages(house) -> dict[str, str]:
    """Name → address: every list view, and the pages that are lists without being one."""

    def of(label, side=""):
        return [house.row(matrix_model(label), side).pk]

    arguments = {
        "news:column-detail": of("news.Column"),
        "activities:training:term-detail": of("activities_training.Term"),
        "honors:edition-detail": of("honors.AwardEdition", "A"),
    }
    others = {
        "home": [],
        "site-map": [],
        "sitemap": [],
        "my": [],
        "activities:hub": [],
        "news:series-detail": of("news.Series"),
        "news:feed": [],
    }
    named = {name: arguments.get(name, []) for name in list_views()} | others
    return {name: reverse(name, args=args) for name, args in named.items()}


def changelists() -> dict[str, str]:
    return {
        model._meta.label: reverse(
            f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
        )
        for model in matrix.REGISTERED
    }


def costs(client, pages, *, is_first=False) -> dict[str, list[str]]:
    """Page → the statements it took, with nothing kept in this process."""
    found = {}
    for name, address in pages.items():
        if is_first:
            client.get(address)  # content types and the like are read once for good
        pagecache.forget()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            answer = client.get(address)
            getattr(answer, "content", None)
        assert answer.status_code in (200, 302), f"{address}: {answer.status_code}"
        found[name] = [query["sql"] for query in queries]
    return found


@pytest.mark.slow  # fifty pages three times, over rows of every kind: 6 s
def test_lists_cost_the_same_however_much_they_list(monkeypatch):
    for n, side in enumerate(MORE):
        monkeypatch.setitem(matrix.PHONES, side, f"1375555666{n}")
    house = matrix.build()
    reader, staff = Client(), Client()
    reader.force_login(house.row(User, "A"))
    User.objects.filter(pk=house.staff["系统管理员"].pk).update(is_superuser=True)
    staff.force_login(house.staff["系统管理员"])
    doors = [(reader, public_pages(house)), (staff, changelists())]
    few = [costs(client, pages, is_first=True) for client, pages in doors]
    sizes = {model: model._base_manager.count() for model in matrix.REGISTERED}

    grown(house)

    stayed = {
        model._meta.label
        for model, size in sizes.items()
        if model._base_manager.count() <= size
    }
    assert stayed <= SAME, "Nothing was added to these; say how in more_of_the_public."
    for (client, pages), before in zip(doors, few, strict=True):
        for name, now in costs(client, pages).items():
            more = len(now) - len(before[name])
            assert more <= 0, f"{name} takes {more} more: " + "\n".join(
                sql[:300] for sql in now
            )
