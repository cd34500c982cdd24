"""What an article's page in the back office says of it, and which ways it offers."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from news import services
from tests.factories import make_user
from tests.news.back_office import in_all_columns
from tests.news.factories import make_article, make_content, make_draft
from tests.pages import markup
from unionportal.services import write_roles

pytestmark = pytest.mark.django_db
SITE = "在网站上查看"


@pytest.fixture
def desk(client):
    """Somebody who writes and publishes; ``desk(article)`` is its page."""
    write_roles()
    user = in_all_columns(make_user(roles=["编辑", "终审"], is_staff=True))
    client.force_login(user)

    def page(article):
        address = f"/admin/news/article/{article.pk}/change/" if article else ADD
        return markup(client.get(address))

    return page


ADD = "/admin/news/article/add/"
WAYS = ["保存草稿 save", "保存并预览 preview", "送审 send"]


def standing(html):
    line = re.search(r'<p class="standing">(.*?)</p>', html, re.DOTALL)
    return " ".join(re.sub("<[^>]*>", "", line[1]).split()) if line else None


def ways(html):
    """The buttons that send the form, in their order, and what each asks for."""
    row = html[html.rindex('<div class="submit-row">') :]
    found = re.findall(r'<input type="submit" value="([^"]*)".*? name="_(\w+)">', row)
    return [f"{words} {name}" for words, name in found]


def changed(article):
    services.save_draft(article=article, content=make_content(), by=None)
    return article


def test_article_admin_offers_to_save_or_send_a_new_article(desk):
    html = desk(None)

    assert standing(html) is None
    assert ways(html) == WAYS
    assert SITE not in html


def test_article_admin_draft_says_so_and_leads_nowhere_public(desk):
    html = desk(make_draft())

    assert standing(html) == "草稿有未送审的修改"
    assert ways(html) == WAYS
    assert SITE not in html


def test_article_admin_public_says_which_version_and_opens_next_to_the_form(desk):
    html = desk(make_article())

    assert standing(html).startswith("已发布（第1版）")
    assert ways(html) == WAYS
    link = re.search(rf"<a [^>]*>{SITE}</a>", html)[0]
    assert 'target="_blank" rel="noopener"' in link


def test_article_admin_shows_a_change_not_yet_published_next_to_what_is(desk):
    html = desk(changed(make_article()))

    assert standing(html).startswith("已发布（第1版）有未送审的修改")


def test_article_admin_withdrawn_offers_no_way_to_the_site(desk):
    article = make_article()
    services.withdraw(article=article, by=None, reason="示例原因")

    html = desk(article)

    assert standing(html).startswith("已撤稿")
    assert ">立即发布</a>" in html
    assert SITE not in html


def test_withdraw_page_of_what_is_only_scheduled_calls_its_publication_off(
    desk, client
):
    article = make_article(at=timezone.now() + timezone.timedelta(days=1))
    page = reverse("admin:news_article_withdraw", args=[article.pk])

    assert ">取消定时发布</a>" in desk(article)
    asked = client.get(page).content.decode()
    done = client.post(page, {"reason": "改期"}, follow=True)

    assert f"要取消《{article.title}》的定时发布吗？" in asked
    assert 'value="取消定时发布"' in asked
    assert [str(m) for m in done.context["messages"]] == ["已取消定时发布。"]


def test_article_admin_scheduled_can_be_given_another_time(desk):
    html = desk(make_article(at=timezone.now() + timezone.timedelta(days=1)))

    assert standing(html).startswith("定于")
    assert ">立即发布</a>" in html
    assert SITE not in html


@pytest.mark.parametrize("may", [True, False])
def test_article_preview_leads_back_to_who_may_write(client, may):
    write_roles()
    user = in_all_columns(make_user(roles=["编辑" if may else "初审"], is_staff=True))
    client.force_login(user)

    html = client.get(f"/news/{make_draft().pk}/preview/").content.decode()

    assert ("返回修改" in html) == may


def test_withdraw_page_leads_back_to_the_article_and_to_all(desk, client):
    article = make_article(title="撤稿的题目")
    address = reverse("admin:news_article_withdraw", args=[article.pk])

    html = client.get(address).content.decode()

    crumbs = re.search(r'<div class="breadcrumbs">(.*?)</div>', html, re.DOTALL)[1]
    assert re.findall(r'href="([^"]*)"', crumbs) == [
        "/admin/",
        "/admin/news/article/",
        f"/admin/news/article/{article.pk}/change/",
    ]
    assert "要撤下《撤稿的题目》吗？" in html


@pytest.mark.parametrize("drafts", [0, 2])
def test_admin_index_leads_a_writer_to_a_new_article_and_to_what_waits(
    desk, client, drafts
):
    make_article()
    for _ in range(drafts):
        make_draft()

    context = client.get("/admin/").context

    assert ADD in {job.link for job in context["jobs"]}
    waits = next(one for one in context["waiting"] if one.title == "未送审的草稿")
    assert waits.number == drafts
    assert len(client.get(waits.link).context["cl"].result_list) == drafts


def test_admin_index_of_who_writes_nothing_says_nothing_of_articles(client):
    write_roles()
    client.force_login(make_user(roles=["工会干部"], is_staff=True))
    make_draft()

    html = markup(client.get("/admin/"))

    assert "写文章" not in html
    assert "草稿" not in html


def test_admin_index_says_what_was_done(desk, client):
    article = make_article(title="题目")
    client.post(
        reverse("admin:news_article_withdraw", args=[article.pk]), {"reason": "误"}
    )

    html = markup(client.get("/admin/"))

    deed = re.search(r'<ul class="actionlist"><li>(.*?)<time', html, re.DOTALL)[1]
    assert re.sub("<[^>]*>", " ", deed).split() == ["撤稿", "文章“题目”"]
