"""Our crispy pack, on real forms: names, ids, errors in words, nothing typed is lost."""

from html.parser import HTMLParser

import pytest
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout, Row, Submit
from crispy_forms.utils import render_crispy_form
from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string


class SignupForm(forms.Form):
    """One field of every kind that the pack must carry."""

    name = forms.CharField(
        label="姓名",
        help_text="请按身份证填写",
        error_messages={"required": "请填写姓名"},
    )
    phone = forms.CharField(
        label="手机号码", min_length=11, error_messages={"min_length": "应为11位数字"}
    )
    note = forms.CharField(label="备注", required=False, widget=forms.Textarea)
    worker = forms.ChoiceField(
        label="是否一线职工",
        choices=[("y", "是"), ("n", "否")],
        widget=forms.RadioSelect,
        help_text="预留6席",
    )
    kinds = forms.MultipleChoiceField(
        label="兴趣",
        choices=[("a", "声乐"), ("b", "舞蹈")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    photo = forms.FileField(label="照片", help_text="不超过10MB")
    arrives_at = forms.SplitDateTimeField(
        label="到达时间", widget=forms.SplitDateTimeWidget
    )
    agree = forms.BooleanField(label="我已阅读并同意报名须知")
    token = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper(self)
        self.helper.layout = Layout(
            Fieldset("个人信息", "name", "phone", "note", "worker", "kinds"),
            "photo",
            Row("arrives_at", "agree"),
            "token",
            Submit("save", "提交"),
        )

    def clean(self):
        raise ValidationError("每人限报2门")


class Page(HTMLParser):
    """Every element with its attributes, and the text of the page."""

    def __init__(self, html):
        super().__init__()
        self.elements, self.words = [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.words.append(data)

    def all(self, *tags):
        return [attrs for tag, attrs in self.elements if tag in tags]

    def with_id(self, name):
        return [attrs for _, attrs in self.elements if attrs.get("id") == name]

    @property
    def text(self):
        return " ".join("".join(self.words).split())


def page_of(form, **context):
    return Page(render_crispy_form(form, context=context))


@pytest.fixture
def wrong():
    return page_of(SignupForm({"name": "", "phone": "1380", "note": "靠窗"}, {}))


@pytest.fixture
def fresh():
    return page_of(SignupForm())


@pytest.mark.parametrize("which", ["fresh", "wrong"])
def test_forms_every_id_is_used_once(which, request):
    ids = [a["id"] for _, a in request.getfixturevalue(which).elements if "id" in a]

    assert sorted(ids) == sorted(set(ids))


@pytest.mark.parametrize("which", ["fresh", "wrong"])
def test_forms_every_aria_describedby_points_at_something(which, request):
    page = request.getfixturevalue(which)
    wanted = [
        name
        for _, attrs in page.elements
        for name in attrs.get("aria-describedby", "").split()
    ]

    assert "id_name_helptext" in wanted
    assert "id_worker_helptext" in wanted, "a group of radios is described as a group"
    assert [name for name in wanted if not page.with_id(name)] == []


def test_forms_wrong_field_is_described_by_its_error(wrong):
    (box,) = wrong.with_id("id_name")

    assert box["aria-invalid"] == "true"
    assert box["aria-describedby"] == "id_name_helptext id_name_error"
    assert "错误：请填写姓名" in wrong.text


@pytest.mark.parametrize("which", ["fresh", "wrong"])
def test_forms_every_control_has_a_label_of_its_own(which, request):
    page = request.getfixturevalue(which)
    labelled = {attrs["for"] for attrs in page.all("label")}
    controls = [
        attrs
        for attrs in page.all("input", "select", "textarea")
        if attrs.get("type") != "hidden"
    ]

    assert len(controls) == 11
    assert [a["id"] for a in controls if a["id"] not in labelled] == []


def test_form_summary_links_every_wrong_field_and_says_what_belongs_to_none(wrong):
    links = [
        attrs["href"]
        for attrs in wrong.all("a")
        if attrs.get("href", "").startswith("#")
    ]

    assert links == [
        "#id_name",
        "#id_phone",
        "#id_worker_0",
        "#id_photo",
        "#id_arrives_at_0",
        "#id_agree",
    ]
    assert [link for link in links if not wrong.with_id(link[1:])] == []
    assert "请先改正以下问题 每人限报2门" in wrong.text
    assert "手机号码：应为11位数字" in wrong.text


def test_forms_fresh_form_shows_no_summary(fresh):
    assert "请先改正" not in fresh.text
    assert not any("errsum" in attrs.get("class", "") for _, attrs in fresh.elements)


def test_forms_what_was_typed_is_still_there(wrong):
    assert wrong.with_id("id_phone")[0]["value"] == "1380"
    assert "靠窗" in wrong.text


def test_forms_required_and_optional_are_words(fresh):
    assert "姓名必填" in fresh.text
    assert "备注选填" in fresh.text
    assert "我已阅读并同意报名须知必填" in fresh.text


def test_forms_form_can_carry_a_file_and_leaves_checking_to_the_server(fresh):
    (form,) = fresh.all("form")

    assert form["enctype"] == "multipart/form-data"
    assert form["method"] == "post"
    assert "novalidate" in form


def test_forms_post_form_carries_its_csrf_token_and_a_get_form_none():
    form = SignupForm()
    assert "csrfmiddlewaretoken" in render_crispy_form(
        form, context={"csrf_token": "t"}
    )

    form.helper.form_method = "get"
    assert "csrfmiddlewaretoken" not in render_crispy_form(
        form, context={"csrf_token": "t"}
    )


def test_forms_words_of_people_are_escaped_everywhere():
    evil = "<img src=x onerror=alert(1)>"

    class Evil(forms.Form):
        name = forms.CharField(label=evil, help_text=evil)
        kind = forms.ChoiceField(choices=[(evil, evil)], label=evil)

        def clean_name(self):
            raise ValidationError(self.cleaned_data["name"])

    html = render_crispy_form(Evil({"name": evil}))

    assert "<img" not in html
    assert "&lt;img" in html


def test_forms_form_without_a_layout_shows_its_fields_once():
    class Plain(forms.Form):
        name = forms.CharField(label="姓名")
        token = forms.CharField(widget=forms.HiddenInput)

    page = page_of(Plain())

    assert len(page.with_id("id_name")) == 1
    assert len(page.with_id("id_token")) == 1


def test_forms_form_laid_out_by_hand_gets_the_same_summary_and_fields():
    form = SignupForm({"phone": "1380"}, {})

    page = Page(
        render_to_string("forms/errors.html", {"form": form})
        + render_to_string("forms/uni_form.html", {"form": form})
    )

    assert "请先改正以下问题" in page.text
    assert "错误：请填写姓名" in page.text
    assert len(page.with_id("id_name")) == 1


def test_forms_label_may_be_heard_without_being_seen():
    form = SignupForm()
    form.helper.form_show_labels = False

    labels = [a for a in page_of(form).all("label") if a["for"] == "id_name"]

    assert labels == [{"for": "id_name", "class": "vh"}]
