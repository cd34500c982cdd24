from datetime import timedelta

import pytest
from django.db import transaction

from common import pagecache

pytestmark = pytest.mark.django_db


class Builder:
    """Counts how often the piece is made."""

    def __init__(self, until=None):
        self.calls, self.until = 0, until

    def __call__(self):
        self.calls += 1
        return f"piece {self.calls}", self.until


def test_pagecache_makes_an_entry_once_under_one_generation():
    build, at = Builder(), pagecache.moment()

    assert pagecache.cached("k", build, at=at) == "piece 1"
    assert pagecache.cached("k", build, at=pagecache.moment()) == "piece 1"


def test_pagecache_drops_an_entry_when_the_generation_is_raised():
    build = Builder()
    pagecache.cached("k", build, at=pagecache.moment())

    pagecache.raise_generation()

    assert pagecache.cached("k", build, at=pagecache.moment()) == "piece 2"


def test_pagecache_drops_nothing_after_a_change_rolled_back():
    build = Builder()
    pagecache.cached("k", build, at=pagecache.moment())
    with transaction.atomic():
        pagecache.raise_generation()
        transaction.set_rollback(True)

    assert pagecache.cached("k", build, at=pagecache.moment()) == "piece 1"


def test_pagecache_drops_an_entry_at_its_own_time():
    at = pagecache.moment()
    build = Builder(until=at.now + timedelta(seconds=5))
    pagecache.cached("k", build, at=at)
    just = pagecache.Moment(at.generation, at.now + timedelta(seconds=4.9))
    late = pagecache.Moment(at.generation, at.now + timedelta(seconds=5))

    assert pagecache.cached("k", build, at=just) == "piece 1"
    assert pagecache.cached("k", build, at=late) == "piece 2"


def test_pagecache_memory_is_bounded(monkeypatch):
    monkeypatch.setattr(pagecache, "MOST", 3)
    at = pagecache.moment()
    for key in range(10):
        pagecache.cached(key, Builder(), at=at)

    assert len(pagecache._cached) == 3
