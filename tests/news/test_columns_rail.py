"""The rail of columns beside every list of news."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.news.factories import make_article, make_column

pytestmark = pytest.mark.django_db


def test_the_rail_names_what_can_be_read_and_marks_where_one_is(client):
    full, empty = make_column(name="职工文化"), make_column(name="空着的栏目")
    make_article(column=full)
    make_article(column=full)
    make_article(column=empty, at=timezone.now() + timedelta(days=1))

    everything = client.get("/news/").context["columns"]
    page = client.get(full.get_absolute_url()).content.decode()

    assert [(row["title"], row["number"]) for row in everything] == [("职工文化", 2)]
    marked = f'<a href="{full.get_absolute_url()}" aria-current="page">职工文化'
    assert marked in page
