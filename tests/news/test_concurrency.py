"""Two at once: a part of a series goes to one editor, a decision to one reviewer, in
words."""

import time
from contextlib import nullcontext
from functools import partial

import pytest
from django.db import IntegrityError

from common.errors import Refusal
from news import services
from news.models import Article, ArticleVersion, Decision, Series
from news.services import articles, reviewing
from tests.concurrency import at_once
from tests.news.factories import (
    make_column,
    make_content,
    make_reviewers,
    make_sent,
    make_series,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def rush(monkeypatch):
    """Four editors file the first part of one series, pausing after they checked."""
    series, column = make_series(), make_column()
    place_reasons = services.place_reasons

    def look_then_dawdle(**place):
        reasons = place_reasons(**place)
        time.sleep(0.2)
        return reasons

    monkeypatch.setattr(articles, "place_reasons", look_then_dawdle)
    return [
        partial(
            file_part, column=column, content=make_content(), series=series, series_no=1
        )
        for _ in range(4)
    ]


def file_part(**arguments):
    """The article, or the table's refusal as a value: the control expects those."""
    try:
        return services.create_article(by=None, **arguments)
    except IntegrityError as error:
        return error


def test_create_article_concurrently_gives_a_part_to_exactly_one_editor(rush):
    outcomes = at_once(rush)

    assert sorted(type(outcome).__name__ for outcome in outcomes) == [
        "Article",
        *["Refusal"] * 3,
    ]
    assert {code for o in outcomes if isinstance(o, Refusal) for code in o.codes} == {
        "part_taken"
    }
    assert Article.objects.count() == 1


def test_create_article_without_the_lock_only_the_table_would_refuse(rush, monkeypatch):
    """The control: if this fails, the test above proves nothing."""
    monkeypatch.setattr(
        type(Series.objects.all()), "select_for_update", lambda self: self
    )

    outcomes = at_once(rush)

    assert any(isinstance(outcome, IntegrityError) for outcome in outcomes)
    assert Article.objects.count() == 1


# --- two who decide at once ---------------------------------------------------------------


@pytest.fixture
def two_deciding(monkeypatch):
    """Two first reviewers of one version, one for it and one against, each pausing
    after they looked whether it waits for them."""
    first, other = make_reviewers()[0], make_reviewers()[0]
    version = ArticleVersion.objects.newest_of(make_sent())
    look = reviewing.decision_reasons

    def look_then_dawdle(**what):
        reasons = look(**what)
        time.sleep(0.2)
        return reasons

    monkeypatch.setattr(reviewing, "decision_reasons", look_then_dawdle)
    return [
        partial(decide_once, version=version, by=first, outcome="approved"),
        partial(
            decide_once, version=version, by=other, outcome="returned", reason="改"
        ),
    ]


def decide_once(**arguments):
    try:
        return services.decide(level=1, **arguments)
    except IntegrityError as error:
        return error


def test_decide_concurrently_leaves_one_decision(two_deciding):
    outcomes = at_once(two_deciding)

    assert sorted(type(outcome).__name__ for outcome in outcomes) == [
        "Decision",
        "Refusal",
    ]
    decision = Decision.objects.get()
    stage = {"approved": "second", "returned": "returned"}[decision.outcome]
    assert Article.objects.get().stage == stage


def test_decide_without_the_lock_only_the_table_would_refuse(two_deciding, monkeypatch):
    """The control: if this fails, the test above proves nothing."""
    monkeypatch.setattr(
        type(Article.objects.all()), "select_for_update", lambda self: self
    )
    monkeypatch.setattr(reviewing, "refusing", lambda grounds: nullcontext())

    outcomes = at_once(two_deciding)

    assert any(isinstance(outcome, IntegrityError) for outcome in outcomes)
    assert Decision.objects.count() == 1
