"""Each button of the newsroom's back office asks for its permission; what its pages
cost and what they carry."""

import re

import pytest
from django.urls import reverse

from news.models import Article, Series
from tests.factories import make_user
from tests.news.back_office import (
    ADD,
    EVIL,
    change_url,
    errors_at,
    kept,
    typed,
    with_rights,
)
from tests.news.factories import (
    make_article,
    make_column,
    make_draft,
    make_photo,
    make_sent,
    make_series,
    reporter,
)

pytestmark = pytest.mark.django_db


# --- permissions --------------------------------------------------------------------


def test_withdraw_is_not_for_a_writer(writer):
    article = make_article()
    address = reverse("admin:news_article_withdraw", args=[article.pk])

    assert writer.get(address).status_code == 403
    assert writer.post(address).status_code == 403
    assert Article.objects.live().exists()
    assert address not in writer.get(change_url(article)).content.decode()


def test_article_admin_lets_no_writer_move_what_is_public(writer):
    article = make_article()
    other = make_column()
    data = typed(other, title="只是草稿", is_headline="on")

    response = writer.post(change_url(article), data)

    article.refresh_from_db()
    assert response.status_code == 302
    assert kept(article).title == "只是草稿"
    assert article.column != other
    assert not article.is_headline
    assert article.publish_at is not None


def test_article_admin_lets_a_reviewer_read_the_article_as_it_will_stand(client):
    client.force_login(with_rights("view_article"))
    draft = make_sent()

    response = client.get(change_url(draft))

    assert response.status_code == 302
    assert response.url == reverse("admin:news_article_review", args=[draft.pk])
    assert client.get(response.url).status_code == 200
    assert client.post(change_url(draft), typed(draft.column)).status_code == 302
    assert draft.versions.count() == 1


def test_article_admin_has_no_door_for_staff_of_other_rooms(client):
    client.force_login(make_user(is_staff=True))
    article = make_article(photos=(make_photo(),))

    for address in (
        ADD,
        "/admin/news/article/",
        change_url(article),
        reverse("admin:news_article_photos", args=[article.pk]) + "?CKEditorFuncNum=1",
        reverse("admin:news_article_withdraw", args=[article.pk]),
    ):
        assert client.get(address).status_code == 403


def test_article_admin_offers_a_retired_column_only_to_its_own_articles(editor):
    retired = make_column(name="旧栏目", is_active=False)
    article = make_draft(column=retired)

    assert "旧栏目" not in editor.get(ADD).content.decode()
    assert "旧栏目" in editor.get(change_url(article)).content.decode()
    response = editor.post(ADD, typed(retired))
    assert errors_at(response, "column")


# --- the pages ------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [1, 8])
def test_article_admin_list_costs_the_same_however_long(
    editor, rows, django_assert_num_queries
):
    series = make_series()
    for number in range(rows):
        make_article(series=series, series_no=number + 1, photos=(make_photo(),))

    with django_assert_num_queries(7):
        response = editor.get("/admin/news/article/")

    assert response.content.decode().count("已发布</td>") == rows


def test_article_admin_picker_offers_the_articles_own_pictures(editor):
    photo = make_photo(alt="画面", caption="图说", credit="示例供图")
    article = make_draft(photos=(photo,))
    make_draft(photos=(make_photo(alt="别人的"),))
    address = reverse("admin:news_article_photos", args=[article.pk])

    page = editor.get(f"{address}?CKEditorFuncNum=-3").content.decode()

    assert 'data-picker="-3"' in page
    assert f'data-key="{photo.picture.key}"' in page
    assert 'data-caption="图说（示例供图）"' in page
    assert "别人的" not in page
    assert editor.get(address).status_code == 404
    assert editor.get(f"{address}?CKEditorFuncNum=alert(1)").status_code == 404
    assert (
        "还没有照片"
        in editor.get(
            reverse("admin:news_article_photos", args=[make_draft().pk])
            + "?CKEditorFuncNum=1"
        ).content.decode()
    )


def test_article_admin_inline_scripts_carry_the_nonce(editor):
    response = editor.get(change_url(make_draft()))

    policy = response["Content-Security-Policy"]
    nonce = re.search(r"'nonce-([^']+)'", policy)[1]
    inline = [
        tag
        for tag in re.findall(r"<script[^>]*>", response.content.decode())
        if "src=" not in tag and "application/json" not in tag
    ]
    assert inline
    assert all(f'nonce="{nonce}"' in tag for tag in inline)
    assert "unsafe" not in policy


def test_article_admin_stored_text_is_inert(editor):
    series = make_series(title=EVIL, intro=EVIL)
    article = make_article(
        column=make_column(name=EVIL[:20]),
        series=series,
        series_no=1,
        title=EVIL,
        subtitle=EVIL,
        source_name=EVIL,
        editor_note=EVIL,
        bylines=(reporter(EVIL),),
        photos=(make_photo(caption=EVIL, credit=EVIL, alt=EVIL),),
        body=f"<p>{EVIL}</p>",
    )

    for address in (
        "/admin/news/article/",
        change_url(article),
        reverse("admin:news_article_history", args=[article.pk]),
        reverse("admin:news_article_photos", args=[article.pk]) + "?CKEditorFuncNum=1",
        reverse("admin:news_article_withdraw", args=[article.pk]),
        reverse("admin:news_article_review", args=[article.pk]),
        reverse("admin:news_article_compare", args=[article.pk]),
        f"/news/{article.pk}/preview/",
    ):
        assert "<script>alert" not in editor.get(address).content.decode()


def test_save_column_and_save_series_are_the_doors_of_their_forms(client):
    client.force_login(
        with_rights("add_column", "view_column", "add_series", "view_series")
    )

    client.post(
        "/admin/news/column/add/",
        {"name": "新栏目", "order": 1, "in_menu": "on", "is_active": "on"},
    )
    client.post("/admin/news/series/add/", {"title": "新系列", "planned_parts": 0})
    client.post("/admin/news/series/add/", {"title": "新系列", "planned_parts": 2})

    assert "新栏目" in client.get("/news/").content.decode()
    assert Series.objects.get().planned_parts == 2
