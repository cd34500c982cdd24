"""Venues as people see them, at constant cost."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from activities.training.models import Term
from tests.activities.factories import make_class, make_term, make_venue

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


# --- venues


def test_venue_page_lists_the_classes_of_the_terms_that_are_not_over(client):
    old = make_class(term=make_term(number=201), name="旧班")
    for number, name in ((202, "本期班"), (203, "下期班")):
        make_class(term=make_term(number=number), name=name, venue=old.venue)
    yesterday = timezone.localdate() - DAY
    Term.objects.filter(number=201).update(
        opens_at=timezone.now() - 9 * DAY,
        closes_at=timezone.now() - DAY,
        starts_on=yesterday,
        ends_on=yesterday,
    )

    text = client.get(old.venue.get_absolute_url()).content.decode()
    Term.objects.exclude(number=201).update(is_published=False)
    alone = client.get(old.venue.get_absolute_url()).content.decode()

    assert "本期班" in text
    assert "下期班" in text
    assert "旧班" not in text
    assert "旧班" in alone


@pytest.mark.parametrize("rows", [1, 6])
def test_venue_list_costs_the_same_however_long(
    client, rows, django_assert_num_queries
):
    for _n in range(rows):
        make_venue()
    url = reverse("activities:venues:venue-list")
    client.get(url)

    with django_assert_num_queries(3):  # clock, count, page
        response = client.get(url)

    assert len(response.context["venues"]) == rows


@pytest.mark.parametrize("rows", [1, 6])
def test_venue_page_costs_the_same_however_many_classes(
    client, rows, django_assert_num_queries
):
    venue, term = make_venue(), make_term()
    for _n in range(rows):
        make_class(term=term, venue=venue)
    client.get(venue.get_absolute_url())

    with django_assert_num_queries(3):  # venue, classes, clock
        client.get(venue.get_absolute_url())


def test_venue_page_of_a_closed_venue_is_gone(client):
    venue = make_venue(is_active=False)

    assert client.get(venue.get_absolute_url()).status_code == 404
