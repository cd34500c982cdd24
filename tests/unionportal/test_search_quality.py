"""What people look for is found: a set of questions over the demonstration's articles.
``tests/soak/soak_search.py`` asks the same among 100,000 others."""

import pytest

from tests.unionportal import searched

pytestmark = pytest.mark.django_db


def test_questions_find_the_articles_they_mean():
    searched.file_demonstration()

    found = searched.score(searched.questions())

    assert found.asked >= 60
    assert found.found >= 0.95 * found.asked, found.missed
    assert found.first >= 0.88 * found.meant, found.missed
