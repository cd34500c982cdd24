"""The back office speaks as the house does, where the words are Django's too."""

import ast
import gettext as catalogs
import json
import re
from datetime import date
from pathlib import Path

import django
import pytest
from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.contrib.admin.utils import display_for_value
from django.contrib.auth.models import AnonymousUser
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from django.utils.translation import gettext

from common.modeladmin import PortalModelAdmin, yes_or_no
from news.services import give_duty
from tests.factories import make_user
from tests.news.factories import make_column
from tests.pages import markup
from unionportal.models import GreyPeriod
from unionportal.services import write_roles

CSS = settings.BASE_DIR / "static" / "css"
CONTRIB = Path(django.__file__).parent / "contrib"


def untranslated(room):
    """The English of Django's catalogue of ``room``, plain messages only."""
    path = CONTRIB / room / "locale/zh_Hans/LC_MESSAGES/django.mo"
    with path.open("rb") as file:
        messages = catalogs.GNUTranslations(file)._catalog
    return [key for key in messages if isinstance(key, str) and key]


@pytest.mark.parametrize("room", ["admin", "auth"])
def test_wording_of_django_addresses_people_as_the_house_does(room):
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
def test_wording_that_django_left_in_english_is_chinese(english):
    assert gettext(english).isascii() is False


def test_day_field_prints_a_day_for_typing_as_the_house_writes_it():
    field = forms.DateField(initial=date(2018, 6, 1))

    assert 'value="2018-06-01"' in field.widget.render("on", date(2018, 6, 1))
    assert field.clean("2018/6/1") == date(2018, 6, 1)


def test_form_page_says_what_to_do_not_what_a_field_is():
    field = forms.IntegerField(max_value=9)

    with pytest.raises(forms.ValidationError) as left_empty:
        field.clean("")
    with pytest.raises(forms.ValidationError) as too_large:
        field.clean("10")

    assert left_empty.value.messages == ["请填写这一项。"]
    assert too_large.value.messages == ["请填写不大于9的数。"]


class PeriodForm(forms.ModelForm):
    at = forms.SplitDateTimeField(label="时间")
    until = forms.SplitDateTimeField(label="直到", required=False)
    kind = forms.ChoiceField(choices=[("a", "甲")])

    class Meta:
        model = GreyPeriod
        fields = ["occasion"]


@pytest.mark.parametrize(
    ("day", "hour", "due", "told"),
    [
        ("2026-13-45", "10:00", True, "日期不对，请按2026-06-01的格式填写。"),
        ("2026-06-01", "25:00", True, "时间不对，请按09:30的格式填写。"),
        ("2026-13-45", "10:00", False, "日期不对，请按2026-06-01的格式填写。"),
        ("", "", True, "请填写日期和时间。"),
        ("2026-06-01", "", False, "请填写时间。"),
        ("", "10:00", False, "请填写日期。"),
    ],
)
def test_day_field_calls_a_wrong_day_wrong_and_a_missing_one_missing(
    rf, day, hour, due, told
):
    """In the forms of the back office."""

    class Office(PortalModelAdmin, admin.ModelAdmin):
        pass

    office = Office(GreyPeriod, admin.site)
    request = rf.get("/")
    request.user = AnonymousUser()
    made = office.get_form(request, fields=["occasion"], form=PeriodForm)
    name = "at" if due else "until"
    form = made({f"{name}_0": day, f"{name}_1": hour, "occasion": "示例"})

    assert form.errors[name] == [told]
    assert form.errors["kind"] == ["请选择。"]


def test_form_page_shows_no_alarm_for_an_ordinary_no():
    assert yes_or_no(True) == "是"
    assert yes_or_no(None) == "未知"
    assert "—" in yes_or_no(False) and "否" in yes_or_no(False)
    # where Django asks for its icons
    assert display_for_value(False, "-", boolean=True) == yes_or_no(False)


@pytest.mark.django_db
def test_history_page_names_people_and_begins_with_the_newest(client):
    write_roles()
    person = make_user(name="示例·周编辑", roles=["编辑"], is_staff=True)
    client.force_login(person)
    column = make_column()
    give_duty(column=column, user=person, job="edit", by=None)
    kind = ContentType.objects.get_for_model(column)
    for verb, said in ((ADDITION, [{"added": {}}]), (CHANGE, "保存")):
        LogEntry.objects.create(
            user=person,
            content_type=kind,
            object_id=str(column.pk),
            object_repr=str(column),
            action_flag=verb,
            change_message=said if isinstance(said, str) else json.dumps(said),
        )

    page = client.get(reverse("admin:news_column_history", args=[column.pk]))

    main = markup(page).partition("<main")[2]
    rows = re.findall(r"<td>([^<]*)</td><td>([^<]*)</td>", main)
    assert rows == [("示例·周编辑", "保存"), ("示例·周编辑", "新增")]
    assert "共2条" in markup(page)


def test_back_office_takes_its_colours_from_the_tokens():
    """But for the red and the amber of a doubtful cell, which are those of Excel, and
    the black and white of what is printed on paper."""
    sheets = sorted(CSS.glob("admin*.css"))
    text = "".join(sheet.read_text(encoding="utf-8") for sheet in sheets)

    raw = re.findall(r":[^;{]*(#[0-9a-f]{3,8})\b", text)

    raw = [colour for colour in raw if colour not in ("#000", "#fff")]
    assert raw == ["#ffc7ce", "#6b0010", "#ffeb9c", "#4a3800"]


# Words that read like a translation, or a second name for a thing: each with the one
# that is said instead.
STILTED = {
    "替代文字": "画面描述",
    "可报名项": "报名项目",
    "请您自备": "自备物品",
    "怎么来": "交通指引",
    "显示名": "称呼",
    "为了什么": "处理目的",
    "工会管辖": "工会干部任职",
    "免学费": "免费",
    "写给各单位": "面向各单位",
    "现在的照片": "页面配图",
    "离会": "不在册",
}
# Where people's own words for a column are understood, not said.
UNDERSTOOD = {"members/rosters.py"}


def spoken():
    """(file, text) of every template and every Chinese string of the code."""
    for path in sorted((settings.BASE_DIR / "templates").rglob("*.html")):
        yield path.relative_to(settings.BASE_DIR), path.read_text(encoding="utf-8")
    for room in ("common", "members", "signups", "news", "activities", "honors"):
        yield from written(room)
    yield from written("volunteers")
    yield from written("unionportal")


def written(room):
    for path in sorted((settings.BASE_DIR / room).rglob("*.py")):
        name = path.relative_to(settings.BASE_DIR)
        if "migrations" not in path.parts and str(name) not in UNDERSTOOD:
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    yield name, node.value


def test_wording_of_pages_is_as_people_speak_and_by_one_name():
    said = list(spoken())

    stilted = [
        f"{name}: {word} → {STILTED[word]}"
        for name, text in said
        for word in STILTED
        if word in text
    ]

    assert len(said) > 2000
    assert stilted == []
