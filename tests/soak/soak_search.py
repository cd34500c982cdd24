"""The questions of ``tests/unionportal/searched.py`` among 100,000 articles more, and
as many again about those."""

import random

import pytest
from django.db import connection

from common import pagecache
from common.services import indexing
from news.models import Article
from tests.unionportal import searched
from unionportal import search, services
from unionportal.demo import city, members

pytestmark = pytest.mark.django_db
NUMBERED = 60


def test_questions_find_the_articles_they_mean_among_a_hundred_thousand():
    services.write_roles()
    members.make()
    searched.file_demonstration()
    city._unions(print, 300)
    city._articles(print, city.ARTICLES)
    _analyze()  # else each step of the sweep is planned for the empty tables it began with
    indexing.sweep()
    _analyze()
    dice = random.Random(1)
    found = searched.score(searched.questions())
    titles = Article.objects.filter(title__contains="（第").order_by("pk")
    titles = dice.sample(list(titles.values_list("title", flat=True)), NUMBERED)
    city_found = searched.score([(_asked(title), title, True) for title in titles])

    print(found, city_found)
    assert found.asked >= 60
    assert found.found >= 0.95 * found.asked, found.missed
    assert found.first >= 0.88 * found.meant, found.missed
    assert city_found.first == NUMBERED, city_found.missed
    everywhere = search.find(search.ask("工会", pagecache.moment()), pagecache.moment())
    assert everywhere.counts["news"] == search.MOST + 1


def _analyze():
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _asked(title) -> str:
    """As somebody asks who remembers what it was about, and which it was."""
    name, _bracket, number = title.partition("（")
    return f"{name[-4:]} {number.strip('）')}"
