"""The style page shows what there is: all states, all partials, all colours."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse

from signups import buttons
from unionportal import styleguide

ROOT = Path(settings.BASE_DIR)
FRAME = {
    "_demonstration.html",
    "_crumb_one.html",  # a breadcrumb of one step
    "_frame_banner.html",
    "_frame_bar.html",
    "_frame_foot.html",
    "_frame_mine.html",
    "_frame_scripts.html",
    "_frame_strip.html",
    "_frame_styles.html",
    "_friend_links.html",
    "_messages.html",
}

pytestmark = pytest.mark.django_db


@pytest.fixture
def html(client):
    return client.get(reverse("styleguide")).content.decode()


def source(path):
    return (ROOT / path).read_text(encoding="utf-8")


def test_styleguide_every_state_of_the_button_is_shown():
    made = set(re.findall(r'Button\(\s*"(\w+)"', source("signups/buttons.py")))

    shown = {button.state for _what, _standing, button, _line in styleguide._states()}

    assert shown == made | buttons._REFUSED.keys()


def test_styleguide_every_partial_is_shown(html):
    partials = {path.name for path in (ROOT / "templates/includes").glob("_*.html")}
    shown = set(
        re.findall(r'"includes/(_\w+\.html)"', source("templates/styleguide.html"))
    )

    assert shown == partials - FRAME


def test_styleguide_every_colour_is_shown(html):
    light = source("static/css/tokens.css").partition("}")[2].partition("}")[0]
    colours = set(re.findall(r"--([a-z0-9-]+): #", light))
    named_alike = {"grey", "on-red", "on-deep", "off", "focus-in", "focus-out"}

    assert set(styleguide.SWATCHES) == colours - named_alike
    sheet = source("static/css/styleguide.css")
    assert all(f".swatch--{name} " in sheet for name in styleguide.SWATCHES)
    assert all(f'swatch--{name}"' in html for name in styleguide.SWATCHES)


def test_styleguide_has_a_title_longer_than_any_and_a_name_as_long_as_any():
    assert len(styleguide.LONG_TITLE) >= 106
    assert 26 <= len(styleguide.LONG_NAME) <= 30


def test_styleguide_asks_the_database_for_nothing_of_its_own(
    client, django_assert_num_queries
):
    client.get("/styleguide/")  # the frame is cached from now on

    with django_assert_num_queries(1):  # the frame's clock
        client.get("/styleguide/")
