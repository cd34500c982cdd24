"""A review through its pages and the list's actions: the same verb, the same refusals."""

import re

import pytest
from django.urls import reverse

from news import services
from news.comparison import MOST_BLOCKS, compare
from news.enums import Stage
from news.models import Article, ArticleVersion, Decision
from tests.news.factories import (
    approve,
    make_article,
    make_column,
    make_content,
    make_photo,
    make_reviewers,
    make_sent,
    save_version,
)
from tests.pages import markup

pytestmark = pytest.mark.django_db
LIST = "/admin/news/article/"


@pytest.fixture
def reviewers():
    return make_reviewers()


def at(article, page="review"):
    return reverse(f"admin:news_article_{page}", args=[article.pk])


def newest(article):
    return ArticleVersion.objects.newest_of(article)


def answer(article, outcome="approved", **more):
    """What the form of the review page sends."""
    version = newest(article)
    data = {"version": version.pk, "sha256": version.sha256, "level": 1}
    return data | {"outcome": outcome} | more


def test_review_page_decides_and_leads_back_to_the_queue(client, reviewers):
    article = make_sent()
    client.force_login(reviewers[0])
    page = markup(client.get(at(article)))
    assert 'value="approved"' in page

    done = client.post(at(article), answer(article))

    assert done.url == f"{LIST}?stage=mine"
    article.refresh_from_db()
    assert article.stage == Stage.SECOND
    assert not list(client.get(done.url).context["cl"].result_list)
    assert 'value="approved"' not in markup(client.get(at(article)))


@pytest.mark.parametrize(
    "forged",
    [
        {"level": 2},
        {"level": 9},
        {"sha256": "0" * 64},
        {"outcome": "published"},
        {"outcome": "returned", "reason": " "},
    ],
)
def test_review_page_refuses_what_it_did_not_offer(client, reviewers, forged):
    article = make_sent()
    client.force_login(reviewers[0])

    response = client.post(at(article), answer(article) | forged)

    assert response.context["errors"]
    assert not Decision.objects.exists()


def test_review_page_of_words_that_changed_meanwhile_decides_nothing(client, reviewers):
    article = make_sent()
    client.force_login(reviewers[0])
    sent = answer(article, reason="写好的意见", outcome="returned")
    save_version(article=article, content=make_content())

    response = client.post(at(article), sent)

    assert "写好的意见" in response.content.decode()
    assert not Decision.objects.exists()


def test_review_page_shows_what_changed_since_three_people_read_it(client, reviewers):
    article = make_article(body="<p>甲</p><p>一百人参加</p>")
    changed = make_content(body="<p>甲</p><p>二百人参加</p>")
    save_version(article=article, content=changed)
    client.force_login(reviewers[0])

    page = markup(client.get(at(article)))

    assert "<del>一</del>百人参加" in page
    assert "<ins>二</ins>百人参加" in page


def test_actions_answer_row_by_row(client, reviewers):
    column = make_column()
    mine, own = make_sent(column=column, title="可审"), make_sent(title="会被改")
    approved = make_sent(title="已过初审")
    approve(newest(approved), make_reviewers()[:1])
    client.force_login(reviewers[0])
    data = {"action": "approve_chosen"}
    data["_selected_action"] = [mine.pk, own.pk, approved.pk]

    asked = client.post(LIST, data)
    kept = dict(asked.context["kept"])
    save_version(article=own, content=make_content(title="换过的"))
    done = client.post(LIST, data | kept | {"is_sure": "1"}, follow=True)

    said = [str(message) for message in done.context["messages"]]
    assert [words for words in said if "已通过1篇：《可审》" in words]
    assert len([words for words in said if "没有办" in words]) == 2
    assert Decision.objects.filter(reviewer=reviewers[0]).count() == 1


def test_actions_say_of_a_foreign_row_what_they_say_of_one_that_never_was(client):
    mine, foreign = make_sent(), make_sent(title="外栏稿件")
    client.force_login(make_reviewers(mine.column)[0])

    def said(*keys):
        data = {"action": "approve_chosen", "_selected_action": [mine.pk, *keys]}
        answer = client.post(LIST, data)
        assert [row.pk for row in answer.context["rows"]] == [mine.pk]
        assert "外栏稿件" not in answer.content.decode()
        [message] = map(str, answer.context["messages"])
        return message

    told, never = said(foreign.pk), foreign.pk + 10**6

    assert f"编号{foreign.pk}" in told
    assert said(never) == told.replace(str(foreign.pk), str(never))


def test_actions_touch_nothing_of_a_foreign_column(client):
    here = make_column()
    reviewer = make_reviewers(here)[0]
    foreign = make_sent()
    client.force_login(reviewer)
    data = {
        "action": "return_chosen",
        "_selected_action": [foreign.pk],
        "is_sure": "1",
        "reason": "越界",
        f"seen-{foreign.pk}": foreign.review_version_id,
    }

    client.post(LIST, data)

    assert not Decision.objects.exists()
    assert client.get(f"/news/{foreign.pk}/preview/").status_code == 404
    for page in ("review", "compare", "change", "history", "claim", "withdraw"):
        assert client.get(at(foreign, page)).status_code == 404


def test_picture_of_a_foreign_columns_draft_is_not_shown(client):
    reviewer = make_reviewers(make_column())[0]
    photo = make_photo()
    make_sent(photos=(photo,))
    client.force_login(reviewer)

    address = f"/news/photos/{photo.picture.key}/480.jpg"

    assert client.get(address).status_code == 404


def test_compare_page_knows_versions_of_this_article_only(client, reviewers):
    article = make_sent(body="<p>旧</p>")
    save_version(article=article, content=make_content(body="<p>新</p>"))
    client.force_login(reviewers[0])

    page = client.get(at(article, "compare") + "?old=1&new=2")

    assert page.context["comparison"].changed
    # on a phone there are no heads of columns: each text has its own
    heads = re.findall(r'<td data-head="(.*?)">', page.content.decode())
    assert heads and heads == ["第1版", "第2版"] * (len(heads) // 2)
    assert client.get(at(article, "compare") + "?old=1&new=9").status_code == 404
    assert client.get(at(article, "compare") + "?old=x").status_code == 404


def test_compare_names_fields_pictures_and_form_and_is_bounded():
    photo = make_photo(caption="旧说明")
    old = make_content(title="旧题", body="<p>同</p><p>字</p>", photos=(photo,))
    new = make_content(title="新题", body="<p>同</p><p><strong>字</strong></p>")
    many = "".join(f"<p>{n}</p>" for n in range(MOST_BLOCKS + 5))

    found = compare(old, new)
    long = compare(make_content(body=many), make_content(body=many + "<p>末</p>"))

    assert [row.label for row in found.rows] == ["标题", "照片"]
    assert [pair.only_form for pair in found.changed] == [True]
    assert long.is_cut
    assert len(long.pairs) == MOST_BLOCKS + 1


def test_history_page_says_everything_in_sentences(client, reviewers):
    article = make_sent()
    approve(newest(article), reviewers)
    services.withdraw(article=article, by=None, reason="事实有误")
    client.force_login(reviewers[0])

    page = client.get(at(article, "history")).content.decode()

    for words in ("送审第1版", "初审", "复审", "终审", "发布第1版", "事实有误"):
        assert words in page
    assert not Article.objects.live().exists()
