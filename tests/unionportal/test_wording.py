"""The back office speaks as the house does, where the words are Django's too."""

import gettext as catalogs
import re
from datetime import date
from pathlib import Path

import django
import pytest
from django import forms
from django.conf import settings
from django.utils.translation import gettext

CSS = settings.BASE_DIR / "static" / "css"
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


def test_a_form_says_what_to_do_not_what_a_field_is():
    field = forms.IntegerField(max_value=9)

    with pytest.raises(forms.ValidationError) as left_empty:
        field.clean("")
    with pytest.raises(forms.ValidationError) as too_large:
        field.clean("10")

    assert left_empty.value.messages == ["请填写这一项。"]
    assert too_large.value.messages == ["请填写不大于9的数。"]


def test_the_back_office_takes_its_colours_from_the_tokens():
    """But for the red and the amber of a doubtful cell, which are those of Excel."""
    sheets = sorted(CSS.glob("admin*.css"))
    text = "".join(sheet.read_text(encoding="utf-8") for sheet in sheets)

    raw = re.findall(r":[^;{]*(#[0-9a-f]{3,8})\b", text)

    assert raw == ["#ffc7ce", "#6b0010", "#ffeb9c", "#4a3800"]
