"""机构概况 and 办事指南: written by one, approved by another, read by all."""

import pytest
from django.urls import reverse

from common.errors import Refusal
from news import services
from news.enums import PageKind
from news.models import StandingPage
from tests.factories import make_user
from tests.news.back_office import with_rights
from tests.pages import markup

pytestmark = pytest.mark.django_db


@pytest.fixture
def writer():
    return make_user(is_staff=True)


@pytest.fixture
def second():
    return make_user(is_staff=True)


def make_page(writer, **words):
    words.setdefault("title", "怎样入会")
    words.setdefault("steps", "申请\n\n  审批 ")
    page = StandingPage(kind=words.pop("kind", PageKind.GUIDE), **words)
    return services.save_page(page=page, by=writer)


def test_guide_is_public_once_a_second_person_approved_it(client, writer, second):
    page = make_page(writer, papers="身份证复印件1份", place="一楼3号窗口")
    assert client.get(page.get_absolute_url()).status_code == 404
    assert "怎样入会" not in markup(client.get(reverse("guide-list")))

    services.approve_page(page=page, by=second)

    text = markup(client.get(page.get_absolute_url()))
    for words in ("怎样入会", "<li>审批</li>", "身份证复印件1份", "一楼3号窗口"):
        assert words in text
    assert "怎样入会" in markup(client.get(reverse("guide-list")))
    services.take_down_page(page=page, by=second)
    assert client.get(page.get_absolute_url()).status_code == 404


def test_approve_page_refuses_whoever_wrote_in_it(writer, second):
    page = make_page(writer)
    services.save_page(page=page, by=second)

    for by in (writer, second):
        with pytest.raises(Refusal, match="另一位同事"):
            services.approve_page(page=page, by=by)
    services.approve_page(page=page, by=make_user(is_staff=True))
    page.refresh_from_db()
    services.save_page(page=page, by=second)
    services.approve_page(page=page, by=writer)  # of what the other has changed since


def test_approve_page_refuses_what_was_changed_since_it_was_read(writer, second):
    page = make_page(writer)
    seen = page.mark
    page.lead = "改过的说明"
    services.save_page(page=page, by=writer)

    with pytest.raises(Refusal, match="又有修改"):
        services.approve_page(page=page, by=second, seen=seen)


def test_public_page_stays_while_a_change_waits(client, writer, second):
    page = make_page(writer, lead="原来的说明")
    services.approve_page(page=page, by=second)
    page.refresh_from_db()
    page.lead = "改过的说明"
    services.save_page(page=page, by=writer)

    text = markup(client.get(page.get_absolute_url()))

    assert "原来的说明" in text
    assert "改过的说明" not in text


def test_page_text_is_cleaned_as_an_article_is(client, writer, second):
    hostile = '<p onclick="x()">职责</p><script>alert(1)</script><img src=x onerror=y>'
    page = make_page(writer, kind=PageKind.ABOUT, title="我们是谁", body=hostile)
    services.approve_page(page=page, by=second)

    text = markup(client.get(reverse("about")))

    assert "职责" in text
    assert "onclick" not in text
    assert "alert(1)" not in text
    assert "onerror" not in text


def test_page_without_words_is_refused(writer):
    with pytest.raises(Refusal) as refused:
        make_page(writer, steps=" ")

    assert [reason.field for reason in refused.value.reasons] == ["body"]


def test_read_page_of_the_back_office_approves_and_takes_down(client, writer):
    page = make_page(writer)
    address = reverse("admin:news_standingpage_read", args=[page.pk])
    client.force_login(with_rights("view_standingpage"))
    assert client.get(address).status_code == 200
    assert client.post(address, {"_approve": "1"}).status_code == 403

    client.force_login(with_rights("view_standingpage", "approve_standingpage"))
    client.post(address, {"_approve": "1", "seen": page.mark})
    page.refresh_from_db()
    assert page.live["title"] == "怎样入会"
    client.post(address, {"_take_down": "1"})
    page.refresh_from_db()
    assert page.live is None


def test_page_form_keeps_what_was_typed(client):
    client.force_login(with_rights("view_standingpage", "add_standingpage"))
    typed = {"kind": "guide", "title": "怎样转会", "order": 1, "steps": "提出\n确认"}

    client.post(reverse("admin:news_standingpage_add"), typed)

    page = StandingPage.objects.get()
    assert (page.title, page.steps, page.live) == ("怎样转会", "提出\n确认", None)
