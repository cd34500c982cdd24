"""The editor's words: the compiled catalogue says what the readable one says."""

import gettext
import re

import pytest
from django.conf import settings
from django.urls import reverse

from news.forms import EXTENSIONS
from tests.factories import make_user

FOLDER = settings.BASE_DIR / "locale" / "zh_Hans" / "LC_MESSAGES"
PAIR = re.compile(r'(?:^msgctxt "(.+)"\n)?^msgid "(.+)"\nmsgstr "(.+)"$', re.MULTILINE)


@pytest.mark.parametrize("name", ["django", "djangojs"])
def test_catalogue_compiled_is_the_readable_one(name):
    readable = (FOLDER / f"{name}.po").read_text(encoding="utf-8")
    written = {
        (f"{context}\x04" if context else "") + word.replace('\\"', '"'): said.replace(
            '\\"', '"'
        )
        for context, word, said in PAIR.findall(readable)
    }

    with (FOLDER / f"{name}.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)

    singles = {key for key in compiled._catalog if isinstance(key, str)} - {""}
    assert {word: compiled.gettext(word) for word in written} == written
    assert singles == written.keys()
    assert compiled.ngettext("a", "b", 7) == "b"
    assert len(written) > 20


@pytest.mark.django_db
def test_admin_hands_the_words_to_the_browser(client):
    client.force_login(make_user(is_staff=True))

    script = client.get(reverse("admin:jsi18n")).content.decode()

    assert '"Insert Figure": "\\u63d2\\u5165\\u56fe\\u7247"' in script
    assert '"Cancel"' in script


def test_editor_has_none_of_the_buttons_that_break_the_content_policy():
    """These need inline styles or a foreign stacking context."""
    assert not EXTENSIONS.keys() & {"Fullscreen", "TextAlign", "Color", "Highlight"}
