"""The newsroom's back office through its own pages: what an editor types is stored, and
what is refused stands at its field."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from common import richtext
from news import services
from news.models import Article, Column
from tests.boxes import boxes_of
from tests.news.back_office import (
    ADD,
    WRITES,
    change_url,
    errors_at,
    kept,
    moment,
    newest,
    photo_errors,
    photo_row,
    typed,
    with_rights,
)
from tests.news.factories import (
    approve,
    make_article,
    make_column,
    make_content,
    make_draft,
    make_photo,
    make_sent,
    make_series,
    make_upload,
    reporter,
)
from tests.pages import markup

pytestmark = pytest.mark.django_db

PICTURES = Path(__file__).parents[1] / "cases" / "pictures"


# --- writing ------------------------------------------------------------------------


def test_article_admin_stores_a_report_typed_by_hand_whole(editor):
    series = make_series()
    day = timezone.now() - timedelta(days=3000)
    data = typed(
        make_column(),
        title="主题",
        subtitle="副题",
        is_reprint="on",
        source_name="示例日报",
        editor_note="按语",
        series=series.pk,
        series_no=1,
        bylines=[
            {"role": "reporter", "name": "示例·王"},
            {"role": "responsible", "name": "示例·刘"},
            {"role": "reporter", "name": ""},
        ],
        photos=[photo_row(file=make_upload(), caption="图说", credit="示例供图")],
        _send="",
        **moment(day),
    )

    response = editor.post(ADD, data, follow=True)

    article = Article.objects.get()
    content = kept(article)
    review = reverse("admin:news_article_review", args=[article.pk])
    assert response.redirect_chain == [(review, 302)]
    assert "已送审，等待初审。" in response.content.decode()
    assert (content.title, content.subtitle) == ("主题", "副题")
    assert (content.source_name, content.editor_note) == ("示例日报", "按语")
    assert [(line.role, line.name) for line in content.bylines] == [
        ("reporter", "示例·王"),
        ("responsible", "示例·刘"),
    ]
    assert [(p.caption, p.credit, p.alt) for p in content.photos] == [
        ("图说", "示例供图", "画面")
    ]
    assert article.part == "（一）"
    assert abs(article.publish_at - day) < timedelta(seconds=1)
    assert newest(article).author == response.context["user"]
    approve(newest(article))
    article.refresh_from_db()
    assert abs(article.publish_at - day) < timedelta(seconds=1)
    assert editor.get(article.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("ahead", [0, 1])
@pytest.mark.parametrize("is_changed", [True, False])
def test_article_admin_says_after_saving_what_readers_see(editor, ahead, is_changed):
    """Only times and places changed: nothing of it waits."""
    at = timezone.now() + timedelta(days=ahead)
    article = make_article(at=at)
    words = vars(kept(article))
    words = {name: words[name] for name in ("title", "body", "summary", "source_name")}
    if is_changed:
        words["title"] = "另一个题目"
    data = typed(article.column, is_pinned="on", **words, **moment(at))

    response = editor.post(change_url(article), data, follow=True)

    said = [str(message) for message in response.context["messages"]]
    waits = ["草稿已保存，尚未送审。公众看到的仍是原来的版本。"]
    if ahead:
        waits = ["草稿已保存，尚未送审。到时显示的仍是原来的版本。"]
    assert said == (waits if is_changed else ["已保存。"])


def test_article_admin_saving_is_not_publishing(editor):
    editor.post(ADD, typed(make_column()))

    article = Article.objects.get()
    assert article.live_version is None
    assert not Article.objects.live().exists()


@pytest.mark.parametrize("is_new", [True, False])
def test_article_admin_saving_goes_on_to_what_readers_will_see(editor, is_new):
    column = make_column()
    address = ADD if is_new else change_url(make_draft(column=column))
    data = typed(column, title="新的题目", _preview="")

    response = editor.post(address, data, follow=True)

    article = Article.objects.get()
    preview = reverse("news:article-preview", args=[article.pk])
    page = response.content.decode()
    assert response.redirect_chain == [(preview, 302)]
    assert "新的题目" in page
    assert "草稿已保存，尚未送审。" in page
    assert article.live_version is None


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ('<p>字</p><img src="https://example.com/a.png"><img src="a.png">', ["2"]),
        ("<p>字</p>", []),
    ],
)
def test_article_admin_loses_no_pasted_pictures_in_silence(editor, body, said):
    response = editor.post(ADD, typed(make_column(), body=body), follow=True)

    lost = re.findall(r"有(\d+)张从别处粘贴来的图片没有保留", response.content.decode())
    assert lost == said


def test_article_admin_stores_changed_words_as_a_draft_that_waits(editor):
    article = make_article(
        title="旧题", bylines=(reporter("甲"),), photos=(make_photo(),)
    )
    version = newest(article)
    rows = {
        "bylines": [{"role": "reporter", "name": "乙"}],
        "photos": [photo_row(key=version.photos.get().key, alt="新画面")],
    }
    data = typed(article.column, title="新题", **rows, **moment(article.publish_at))

    response = editor.post(change_url(article), data, follow=True)

    content = kept(article)
    article.refresh_from_db()
    assert "公众看到的仍是原来的版本" in response.content.decode()
    assert content.title == "新题"
    assert content.bylines == (reporter("乙"),)
    assert content.photos[0].alt == "新画面"
    assert content.photos[0].picture.key == version.photos.get().key
    assert article.title == "旧题"
    assert article.live_version == version == newest(article)


def test_article_admin_rows_struck_out_leave_the_next_version(editor):
    article = make_sent(
        bylines=(reporter("甲"), reporter("乙")), photos=(make_photo(),)
    )
    version = newest(article)
    data = typed(
        article.column,
        bylines=[
            {"role": "reporter", "name": "甲", "DELETE": "on"},
            {"role": "reporter", "name": "乙"},
        ],
        photos=[photo_row(key=version.photos.get().key, DELETE="on")],
    )

    editor.post(change_url(article), data)

    content = kept(article)
    assert content.bylines == (reporter("乙"),)
    assert content.photos == ()
    assert version.bylines.count() == 2


def test_article_admin_picture_struck_out_must_leave_the_text_too(editor):
    photo = make_photo()
    body = f'<figure><img data-file="{photo.picture.key}" src="/x"></figure>'
    article = make_sent(photos=(photo,), body=body)
    row = photo_row(key=photo.picture.key, DELETE="on")

    response = editor.post(
        change_url(article), typed(article.column, body=body, photos=[row])
    )

    assert "正文中有不属于本稿件的照片" in errors_at(response, "body")[0]
    assert kept(article).photos == (photo,)


def test_article_admin_pictures_stand_in_the_order_typed(editor):
    uploads = [make_upload(500 + n, 300) for n in range(3)]
    rows = [
        photo_row(file=upload, alt=f"图{n}", order=3 - n)
        for n, upload in enumerate(uploads)
    ]

    editor.post(ADD, typed(make_column(), photos=rows))

    content = kept(Article.objects.get())
    assert [photo.alt for photo in content.photos] == ["图2", "图1", "图0"]


# --- refused, with nothing lost ---------------------------------------------------------


@pytest.mark.parametrize(
    ("upload", "said"),
    [
        (SimpleUploadedFile("a.jpg", b""), "空"),
        (SimpleUploadedFile("a.jpg", b"\xff\xd8\xff\x00"), "打不开这个文件"),
        (SimpleUploadedFile("a.svg", b"<svg onload=alert(1)>"), "只支持"),
        (make_upload(9, 9, kind="BMP", name="photo.jpg"), "只支持"),
        (make_upload(7000, 7000, kind="PNG"), "图片尺寸过大"),
    ],
)
def test_article_admin_refuses_a_bad_picture_at_its_box_and_the_words_stay(
    editor, upload, said
):
    data = typed(
        make_column(),
        title="打了半天的题目",
        body="<p>打了半天的正文</p>",
        bylines=[{"role": "reporter", "name": "示例·王"}],
        photos=[photo_row(file=upload, caption="打好的图说")],
    )

    response = editor.post(ADD, data)

    page = response.content.decode()
    assert response.status_code == 200
    assert said in photo_errors(response)[0]["file"][0]
    for words in ("打了半天的题目", "打了半天的正文", "示例·王", "打好的图说"):
        assert words in page
    assert Article.objects.count() == 0


@pytest.mark.parametrize(
    "name",
    [
        "turned-resolution-as-text.jpg",
        "turned-negative-resolution.jpg",
        "bad-exif-chunk.png",
        "photoshop-long-history.png",
        "large-icc.png",
    ],
)
def test_article_admin_loses_no_article_for_odd_words_in_a_pictures_file(editor, name):
    upload = SimpleUploadedFile(name, (PICTURES / name).read_bytes())

    editor.post(ADD, typed(make_column(), photos=[photo_row(file=upload)]))

    assert len(kept(Article.objects.get()).photos) == 1


def test_article_admin_good_picture_survives_a_mistake_elsewhere(editor):
    row = photo_row(file=make_upload(777, 300))
    first = editor.post(ADD, typed(make_column(), title="", photos=[row]))
    receipt = re.search(
        r'name="articlephoto-0-receipt" value="([^"]+)"', first.content.decode()
    )[1]

    row = photo_row(receipt=receipt)
    editor.post(ADD, typed(Column.objects.get(), title="补上", photos=[row]))

    photo = kept(Article.objects.get()).photos[0]
    assert photo.picture.width == 777
    assert editor.get(f"/news/photos/{photo.picture.key}/480.jpg").status_code == 200


def test_article_admin_takes_no_forged_receipt_for_a_picture(editor):
    row = photo_row(receipt="eyJrZXkiOiAiLi4vLi4vZXRjIn0:1:forged")

    response = editor.post(ADD, typed(make_column(), photos=[row]))

    assert "照片请重新选择" in photo_errors(response)[0]["file"][0]


def test_article_admin_refuses_an_undescribed_picture_at_its_box(editor):
    row = photo_row(file=make_upload(), alt="")

    refused = editor.post(ADD, typed(make_column(), photos=[row], _send=""))
    allowed = editor.post(
        ADD,
        typed(
            Column.objects.get(),
            photos=[photo_row(file=make_upload(), alt="", is_decorative="on")],
            _send="",
        ),
    )

    assert photo_errors(refused)[0]["alt"] == ["请填写画面描述，或勾选“仅作装饰”"]
    assert allowed.status_code == 302


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ({"is_reprint": "on", "source_name": "", "_send": ""}, "source_name"),
        ({"series_no": "1"}, "series"),
        ({"title": ""}, "title"),
        ({"body": '<img data-file="0">'}, "body"),
        ({"body": "", "_send": ""}, "body"),
        (
            {"expire_at_0": "2000-01-01", "expire_at_1": "00:00", "_send": ""},
            "expire_at",
        ),
    ],
)
def test_article_admin_refusal_stands_at_its_field_and_the_words_stay(
    editor, words, field
):
    data = typed(make_column(), editor_note="打好的按语", **words)

    response = editor.post(ADD, data)

    assert response.status_code == 200
    assert len(errors_at(response, field)) == 1
    assert "打好的按语" in response.content.decode()
    assert Article.objects.count() == 0


def test_article_admin_refuses_a_part_that_is_taken_at_its_field(editor):
    series = make_series()
    make_draft(series=series, series_no=1)

    response = editor.post(ADD, typed(make_column(), series=series.pk, series_no=1))

    assert "这个系列已有第1期" in errors_at(response, "series_no")


def test_save_draft_does_not_write_over_somebody_elses(editor):
    """By a page that does not say what it showed."""
    article = make_draft()
    seen = services.working_on(article).token
    theirs = make_content(title="同事的")
    services.save_draft(article=article, content=theirs, by=None)

    response = editor.post(
        change_url(article), typed(article.column, title="我的", base=seen)
    )

    form = response.context["adminform"].form
    assert "已有他人保存" in form.non_field_errors()[0]
    assert 'value="我的"' in response.content.decode()
    assert kept(article).title == "同事的"


def test_article_admin_errors_stand_on_top_as_links_to_their_fields(editor):
    response = editor.post(ADD, typed(make_column(), title="", _send=""))

    said = markup(response).split('class="problems"')[1].split("</div>")[0]
    assert '<a href="#id_title">标题：' in said


# --- kept while one types -------------------------------------------------------------


def autosave(client, article, data):
    name = "autosave" if article else "autosave_new"
    address = reverse(
        f"admin:news_article_{name}", args=[article.pk] if article else []
    )
    return client.post(address, data)


def test_autosave_keeps_what_could_not_be_sent_and_the_page_goes_on(editor):
    article = make_draft(title="原来的")
    page = open_page(editor, article)
    page |= {"title": ["长" * 250], "is_reprint": ["on"], "body": ["<p>写到一半"]}

    said = autosave(editor, article, page).json()
    page |= {"base": [said["base"]], "parts": [said["parts"]], "_seen": [said["seen"]]}
    page["title"] = ["写完了"]
    page["source_name"] = ["示例日报"]
    done = editor.post(change_url(article), page)

    assert said["said"].startswith("已自动保存")
    assert done.status_code == 302
    assert (kept(article).title, kept(article).body) == ("写完了", "<p>写到一半</p>")
    assert not article.versions.exists()


def test_autosave_of_a_new_article_begins_one_and_says_where(editor):
    column = make_column()

    waits = autosave(editor, None, typed(column, title="")).json()
    said = autosave(editor, None, typed(column, title="开头", body="")).json()

    article = Article.objects.get()
    assert waits == {"waits": True}
    assert said["address"] == change_url(article)
    assert kept(article).title == article.title == "开头"


def test_autosave_writes_over_nobody(editor):
    article = make_draft()
    page = open_page(editor, article)
    theirs = make_content(title="同事的")
    services.save_draft(article=article, content=theirs, by=None)

    response = autosave(editor, article, page | {"title": ["我的"]})

    assert response.status_code == 409
    assert "他人" in response.json()["said"]
    assert kept(article).title == "同事的"


def test_discard_throws_away_what_was_never_sent_by_its_author_only(editor, client):
    editor.post(ADD, typed(make_column()))
    article = Article.objects.get()
    address = reverse("admin:news_article_discard", args=[article.pk])
    client.logout()
    client.force_login(with_rights(*WRITES))

    refused = client.post(address)
    client.force_login(article.draft.author)
    done = client.post(address)

    assert "请由起草人丢弃" in refused.content.decode()
    assert done.status_code == 302
    assert not Article.objects.exists()


def test_discard_of_a_draft_leaves_what_was_sent(editor):
    article = make_article(title="公众看到的")
    editor.post(change_url(article), typed(article.column, title="改到一半"))

    editor.post(reverse("admin:news_article_discard", args=[article.pk]))

    assert kept(article).title == "公众看到的"
    assert Article.objects.live().exists()


# --- publishing and withdrawing ---------------------------------------------------------


def test_publish_page_lets_a_scheduled_article_out_at_once(editor):
    article = make_article(at=timezone.now() + timedelta(days=2))
    address = reverse("admin:news_article_publish", args=[article.pk])

    assert editor.get(address).status_code == 200
    assert not Article.objects.live().exists()
    editor.post(address)

    article = Article.objects.live().get()
    assert article.publish_at <= timezone.now()
    assert article.corrected_at is None  # nobody had read the earlier words


def test_withdraw_page_asks_once_and_acts_on_post_only(editor):
    article = make_article(title="要撤的")
    address = reverse("admin:news_article_withdraw", args=[article.pk])

    asked = editor.get(address)
    assert "要撤下《要撤的》吗" in asked.content.decode()
    assert Article.objects.live().exists()

    refused = editor.post(address)
    assert "请填写原因" in refused.content.decode()
    assert Article.objects.live().exists()

    done = editor.post(address, {"reason": "事实有误"}, follow=True)
    assert "已撤稿。" in done.content.decode()
    assert not Article.objects.live().exists()
    assert editor.post(address, follow=True).status_code == 200


def test_withdraw_page_is_absent_for_a_draft(editor):
    draft = make_draft()

    response = editor.post(
        reverse("admin:news_article_withdraw", args=[draft.pk]), {"reason": "误"}
    )

    assert "没有发布过" in response.content.decode()


def test_article_admin_refuses_a_text_too_long_to_read_at_its_box_and_keeps_it(editor):
    body = "<p>" + "字" * richtext.LONGEST + "</p>"

    response = editor.post(ADD, typed(make_column(), body=body))

    assert response.status_code == 200
    assert [str(error) for error in errors_at(response, "body")]
    assert "字" * richtext.LONGEST in response.content.decode()
    assert not Article.objects.exists()


@pytest.mark.parametrize("times", [400, 900])
def test_article_admin_saves_a_text_of_nothing_but_depth_flat(editor, times):
    body = "<blockquote>" * times + "字" + "</blockquote>" * times

    editor.post(ADD, typed(make_column(), body=body))

    article = Article.objects.get()
    assert richtext.parse(kept(article).body).text.strip() == "字"
    assert editor.get(change_url(article)).status_code == 200


def test_article_admin_takes_a_moment_typed_on_a_chinese_keyboard(editor):
    words = {"publish_at_0": "2018－06－01", "publish_at_1": "19：00"}
    words |= {"expire_at_0": "2030年1月2日", "expire_at_1": "8点"}

    editor.post(ADD, typed(make_column(), **words))

    article = Article.objects.get()
    shown = [timezone.localtime(at) for at in (article.publish_at, article.expire_at)]
    assert [f"{at:%Y-%m-%d %H:%M}" for at in shown] == [
        "2018-06-01 19:00",
        "2030-01-02 08:00",
    ]


@pytest.mark.parametrize("year", ["1948", "2200"])
def test_article_admin_refuses_a_year_no_article_can_have_at_its_field(editor, year):
    words = {"publish_at_0": f"{year}-06-01", "publish_at_1": "19:00"}

    response = editor.post(ADD, typed(make_column(), title="打好的题目", **words))

    assert "1949" in errors_at(response, "publish_at")[0]
    assert "打好的题目" in response.content.decode()
    assert Article.objects.count() == 0


# --- two who have one article open ------------------------------------------------------


def open_page(client, article):
    return boxes_of(client.get(change_url(article)), "article_form")


def test_words_that_two_changed_come_back_with_both(editor):
    article = make_draft(content=make_content(title="原来的", summary="原来的摘要"))
    mine = open_page(editor, article)
    theirs = make_content(title="同事的", summary="同事的摘要")
    services.save_draft(article=article, content=theirs, by=None)

    mine["title"] = ["我的"]
    response = editor.post(change_url(article), mine)

    assert "同事的" in errors_at(response, "title")[0]
    assert kept(article).title == "同事的"
    again = boxes_of(response, "article_form")
    assert again["title"] == ["我的"]

    editor.post(change_url(article), again)

    assert (kept(article).title, kept(article).summary) == ("我的", "同事的摘要")


def test_bylines_that_only_another_changed_stay(editor):
    article = make_draft(content=make_content(title="原来的", bylines=(reporter(),)))
    mine = open_page(editor, article)
    theirs = make_content(title="原来的", bylines=(reporter("同事加的"),))
    services.save_draft(article=article, content=theirs, by=None)

    mine["title"] = ["我的"]
    response = editor.post(change_url(article), mine)

    assert response.status_code == 302
    assert kept(article).title == "我的"
    assert [line.name for line in kept(article).bylines] == ["同事加的"]


def test_bylines_that_two_changed_come_back_with_both(editor):
    article = make_draft(content=make_content(bylines=(reporter("原来的"),)))
    mine = open_page(editor, article)
    theirs = make_content(bylines=(reporter("同事的"),))
    services.save_draft(article=article, content=theirs, by=None)

    mine["byline-0-name"] = ["我的"]
    response = editor.post(change_url(article), mine)

    assert "同事的" in response.context["adminform"].form.non_field_errors()[0]
    again = boxes_of(response, "article_form")
    assert again["byline-0-name"] == ["我的"]

    editor.post(change_url(article), again)

    assert [line.name for line in kept(article).bylines] == ["我的"]
