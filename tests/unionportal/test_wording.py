"""The back office speaks as the house does, where the words are Django's too."""

import gettext as catalogs
from datetime import date
from pathlib import Path

import django
import pytest
from django import forms
from django.utils.translation import gettext

CONTRIB = Path(django.__file__).parent / "contrib"


def untranslated(room):
    """The English of Django's catalogue of ``room``, plain messages only."""
    path = CONTRIB / room / "locale/zh_Hans/LC_MESSAGES/django.mo"
    with path.open("rb") as file:
        messages = catalogs.GNUTranslations(file)._catalog
    return [key for key in messages if isinstance(key, str) and key]


@pytest.mark.parametrize("room", ["admin", "auth"])
def test_django_addresses_people_as_the_house_does(room):
    messages = untranslated(room)

    impolite = [
        said
        for said in map(gettext, messages)
        if any(word in said for word in ("你", "帐号", "账户", "登陆", "其它"))
    ]

    assert len(messages) > 50
    assert impolite == []


@pytest.mark.parametrize(
    "english", ["Model name", "Add link", "Change or view list link", "Error:"]
)
def test_what_django_left_in_english_is_chinese(english):
    assert gettext(english).isascii() is False


def test_a_day_is_printed_for_typing_as_the_house_writes_it():
    field = forms.DateField(initial=date(2018, 6, 1))

    assert 'value="2018-06-01"' in field.widget.render("on", date(2018, 6, 1))
    assert field.clean("2018/6/1") == date(2018, 6, 1)
