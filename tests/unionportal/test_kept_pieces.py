"""Pieces of pages are kept for everybody: they hold nothing of the person for whom they
were made, and nothing that a sign-up changes."""

from dataclasses import fields, is_dataclass
from datetime import time

import pytest
from django.db.models import Model

from common import pagecache
from tests.activities.factories import check_page, make_class, make_term, seat
from tests.factories import make_worker_with_login
from tests.news.factories import make_article

pytestmark = pytest.mark.django_db


def words(thing) -> str:
    """Every text inside of a kept piece, one after the other."""
    if isinstance(thing, Model):
        return words(vars(thing))
    if is_dataclass(thing):
        return words([getattr(thing, one.name) for one in fields(thing)])
    if isinstance(thing, dict):
        return words([*thing, *thing.values()])
    if isinstance(thing, list | tuple | set):
        return "\n".join(words(one) for one in thing)
    return str(thing)


@pytest.fixture
def kept():
    """All that this process keeps, as text."""
    return lambda: words(list(pagecache._cached.items()))


def test_kept_pieces_hold_nothing_of_the_person_they_were_made_for(client, kept):
    worker = make_worker_with_login(name="欧阳示例甲")
    worker.user.name = worker.name
    worker.user.save()
    term = make_term(seats_each=9)
    mine, other, full = (
        make_class(term=term, capacity=n, starts=time(hour), ends=time(hour + 1))
        for hour, n in ((7, 3), (9, 3), (11, 0))
    )
    signups = [seat(mine, worker), seat(full, worker)]
    article = make_article()
    client.force_login(worker.user)
    pagecache.forget()

    read = [
        client.get(path).content.decode()
        for path in (
            "/",
            "/?page=1",
            term.get_absolute_url(),
            f"{term.get_absolute_url()}?free=1",
            mine.get_absolute_url(),
            full.get_absolute_url(),
            check_page(other),
            article.get_absolute_url(),
            article.column.get_absolute_url(),
            "/news/",
        )
    ]

    pages, pieces = "".join(read), kept()
    own = [worker.name, *(f"/signups/{signup.pk}/" for signup in signups)]
    assert [one in pages for one in own] == [True] * 3
    assert "csrfmiddlewaretoken" in pages
    assert "已报名" in pages
    secrets = [
        client.session.session_key,
        client.cookies["csrftoken"].value,
        "csrfmiddlewaretoken",
        "欧阳",
        "候补中",
        "取消报名",
        worker.user.phone_last4,
    ]
    assert [one for one in (*own, *secrets) if one in pieces] == []
    assert mine.name in pieces  # it does read what is kept


def test_kept_pieces_show_a_seat_and_a_state_of_this_moment(client):
    made = make_class(capacity=2, waitlist_limit=0)
    pages = ("/", made.term.get_absolute_url(), made.get_absolute_url())

    def shown(words):
        return [words in client.get(page).content.decode() for page in pages]

    assert shown("余2席") == [True] * 3
    keys = set(pagecache._cached)
    seat(made)
    assert shown("余1席") == [True] * 3
    seat(made)
    assert shown("已满") == [True] * 3
    assert set(pagecache._cached) == keys  # nothing was built for it


def test_kept_pieces_make_the_second_reader_of_a_page_render_its_frame_only(client):
    article, made = make_article(), make_class()
    pages = {
        "/": "home/_people.html",
        article.get_absolute_url(): "news/_article.html",
        article.column.get_absolute_url(): "news/_columns.html",
        made.get_absolute_url(): "activities/training/_class_about.html",
        made.term.get_absolute_url(): "activities/training/_class_facts.html",
    }

    for page, part in pages.items():
        first, second = client.get(page), client.get(page)
        used = [{one.name for one in answer.templates} for answer in (first, second)]
        assert [part in names for names in used] == [True, False], page
        assert first.content == second.content
