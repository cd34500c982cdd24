"""Verbs of the newsroom: what is stored, what is public, what is refused."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone
from PIL import Image

from common import pagecache, picturestore
from common.errors import Refusal
from common.models import Change
from common.picturestore import Kept
from news import content as news_content
from news import services
from news.models import Article, ArticlePhoto, ArticleVersion, Byline
from news.services import Content, Credit, PhotoWords, versions
from tests.factories import make_user
from tests.news.back_office import with_rights
from tests.news.factories import (
    make_article,
    make_column,
    make_content,
    make_draft,
    make_photo,
    make_sent,
    make_series,
    make_upload,
    publish_newest,
    reporter,
    save_version,
)

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def is_live(article):
    return Article.objects.live().filter(pk=article.pk).exists()


def codes(call, **arguments):
    with pytest.raises(Refusal) as refused:
        call(by=None, **arguments)
    return refused.value.codes


def placed(article, **changes):
    names = ("column", "series", "series_no", "publish_at", "expire_at")
    names += ("is_pinned", "is_headline")
    place = {name: getattr(article, name) for name in names} | changes
    return services.place(article=article, by=None, **place)


# --- versions --------------------------------------------------------------------


def test_content_of_gives_every_word_of_a_report_as_it_was_typed():
    """Each credit in its own column, pictures with theirs."""
    photo = make_photo(caption="颁奖现场", credit="（市总工会供图）", alt="三人举杯")
    content = make_content(
        title=" 主题 ",
        subtitle="——副题",
        is_reprint=True,
        source_name="示例日报",
        source_url="https://paper.example/1",
        summary="摘要",
        editor_note="按语一\r\n按语二",
        body="<p>　　正文</p>",
        bylines=(reporter("甲"), Credit("responsible", "乙"), Credit("editor", " ")),
        photos=(photo,),
    )

    article = make_sent(content=content)

    version = ArticleVersion.objects.newest_of(article)
    assert services.content_of(version) == replace(
        content,
        title="主题",
        subtitle="副题",
        editor_note="按语一\n按语二",
        body="<p>正文</p>",
        bylines=(reporter("甲"), Credit("responsible", "乙")),
        photos=(replace(photo, credit="市总工会供图"),),
    )
    assert version.photos.get().caption_with_credit == "颁奖现场（市总工会供图）"


def test_send_of_the_same_content_is_the_same_version():
    article = make_sent(body="<p>一</p>")
    first = ArticleVersion.objects.newest_of(article)
    content = services.content_of(first)

    again = services.save_draft(article=article, content=content, by=None)
    other = save_version(
        article=article, content=replace(content, title="别的题"), by=None
    )
    back = save_version(article=article, content=content, by=None)

    assert again is None
    assert (other.number, back.number) == (2, 3)
    assert back.sha256 == first.sha256 != other.sha256
    assert len(first.sha256) == 64


def test_send_knows_bylines_and_pictures_as_content():
    article = make_sent()
    version = ArticleVersion.objects.newest_of(article)
    content = services.content_of(version)
    changed = [
        replace(content, bylines=(reporter(),)),
        replace(content, photos=(make_photo(),)),
    ]

    found = {
        save_version(article=article, content=each, by=None).sha256 for each in changed
    }

    assert len(found | {version.sha256}) == 3


@pytest.mark.parametrize(
    "change",
    [
        lambda v: ArticleVersion.objects.filter(pk=v.pk).update(title="改"),
        lambda v: ArticleVersion.objects.filter(pk=v.pk).update(sha256="0" * 64),
        lambda v: ArticleVersion.objects.filter(pk=v.pk)._raw_delete("default"),
        lambda v: Byline.objects.filter(version=v).update(name="改"),
        lambda v: Byline.objects.filter(version=v).delete(),
        lambda v: ArticlePhoto.objects.filter(version=v).update(alt="改"),
        lambda v: ArticlePhoto.objects.filter(version=v).delete(),
    ],
)
def test_version_tables_refuse_to_change_a_version(change):
    article = make_sent(bylines=(reporter(),), photos=(make_photo(),))
    Article.objects.filter(pk=article.pk).update(lead_photo=None)
    version = ArticleVersion.objects.newest_of(article)

    with pytest.raises((DatabaseError, IntegrityError)), transaction.atomic():
        change(version)

    assert ArticleVersion.objects.newest_of(article).title == version.title


def test_version_outlives_its_forgotten_author():
    author = with_rights("change_article")
    article = make_sent(by=author)
    assert ArticleVersion.objects.newest_of(article).author == author

    ArticleVersion.objects.filter(article=article).update(author=None)

    assert ArticleVersion.objects.newest_of(article).author is None


def test_publish_refuses_a_version_tampered_with():
    article = make_sent()
    version = ArticleVersion.objects.newest_of(article)
    Byline.objects.create(version=version, role="reporter", name="后来加的")

    with pytest.raises(ValueError, match="not what was saved"):
        publish_newest(article=article, by=None)


def test_publish_knows_a_version_of_format_1_for_good():
    """The digest of these words was written by the first release: a field more in
    ``Content`` must not change what format 1 says, or nothing older is published."""
    photo = PhotoWords(Kept("k", "s", 3, 2), "说明", "供图", "画面")
    content = Content(
        title="题",
        source_name="日报",
        body="<p>文</p>",
        bylines=(Credit("reporter", "王某"),),
        photos=(photo,),
    )

    assert (
        news_content.digest(content, 1)
        == "ce2375a594f80044dcac1951a25c02bfeddbe21e17a02bf4a5fb34481e1368c1"
    )


def test_publish_takes_an_old_format_and_saving_again_writes_the_new(monkeypatch):
    article = make_sent(body="<p>文</p>")
    old = ArticleVersion.objects.newest_of(article)
    later = lambda content: {"format": 4, "title": content.title, "body": content.body}  # noqa: E731
    monkeypatch.setitem(news_content._FORMATS, 4, later)
    monkeypatch.setattr(versions, "FORMAT", 4)

    content = services.content_of(old)
    same = services.save_draft(article=article, content=content, by=None)
    assert same is None
    assert publish_newest(article=article).live_version == old
    new = save_version(article=article, content=replace(content, title="新题"), by=None)

    assert (old.format, new.format) == (3, 4)
    assert publish_newest(article=article).live_version == new


def test_publish_of_a_format_nobody_knows_is_an_error():
    article = make_sent()
    old = ArticleVersion.objects.newest_of(article)

    with pytest.raises(ValueError, match="Unknown format"):
        news_content.digest(services.content_of(old), 99)


def test_publish_refuses_when_a_newer_version_was_saved_meanwhile():
    article = make_article(title="公众看到的")
    seen = save_version(article=article, content=make_content(title="看过的"), by=None)
    save_version(article=article, content=make_content(), by=None)

    with pytest.raises(Refusal, match="第3版") as refusal:
        services.publish(article=article, version=seen, by=None)

    assert refusal.value.codes == {"stale"}
    article.refresh_from_db()
    assert article.title == "公众看到的"


def test_publish_refuses_a_version_of_another_article():
    article, other = make_sent(), make_sent()
    version = ArticleVersion.objects.newest_of(other)

    with pytest.raises(Refusal):
        services.publish(article=article, version=version, by=None)


def test_save_draft_of_two_editors_does_not_write_over_each_other():
    article = make_sent()
    seen = services.working_on(article).token
    services.save_draft(article=article, content=make_content(), by=None, seen=seen)

    refused = codes(
        services.save_draft, article=article, content=make_content(), seen=seen
    )

    assert refused == {"stale"}


# --- what may not be saved ----------------------------------------------------------


def test_send_refuses_a_reprint_without_its_source():
    article = make_draft(is_reprint=True, source_name=" ")

    assert codes(services.send, article=article) == {"source_missing"}
    with pytest.raises(IntegrityError, match="reprint_names_source"):
        ArticleVersion.objects.create(
            article=make_sent(),
            number=9,
            title="题",
            is_reprint=True,
            sha256="0",
            format=1,
        )


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:x", "//a.example"])
def test_create_article_refuses_a_source_that_is_no_page_of_the_web(address):
    content = make_content(source_url=address)

    assert codes(services.create_article, column=make_column(), content=content) == {
        "source_url_malformed"
    }
    with pytest.raises(IntegrityError, match="source_url_is_web"):
        ArticleVersion.objects.create(
            article=make_sent(),
            number=9,
            title="题",
            source_url=address,
            sha256="0",
            format=1,
        )


def test_send_refuses_a_picture_neither_described_nor_decorative():
    photo = make_photo(alt=" ")
    article = make_draft(photos=(photo,))

    assert codes(services.send, article=article) == {"photo_undescribed"}
    make_sent(photos=(replace(photo, is_decorative=True),))
    version = make_sent().versions.get()
    with pytest.raises(IntegrityError, match="articlephoto_described"):
        ArticlePhoto.objects.create(
            version=version, key="k", sha256="0", width=1, height=1
        )


def test_create_article_refuses_with_every_reason_at_once():
    content = make_content(
        title=" ",
        body='<p><img data-file="deadbeef"></p>',
    )

    refused = codes(
        services.create_article,
        column=make_column(),
        content=content,
        series=make_series(),
    )

    assert refused == {
        "title_missing",
        "picture_unknown",
        "part_missing",
    }
    assert Article.objects.count() == 0


def test_create_article_takes_the_same_picture_once():
    photo = make_photo()
    content = make_content(photos=(photo, photo))

    assert codes(services.create_article, column=make_column(), content=content) == {
        "photo_twice"
    }


def test_place_gives_a_part_of_a_series_once():
    series = make_series()
    make_sent(series=series, series_no=1)
    second = make_sent(series=series, series_no=2)

    with pytest.raises(Refusal, match="这个系列已有第1期"):
        placed(second, series_no=1)
    with pytest.raises(IntegrityError, match="series_part_once"), transaction.atomic():
        Article.objects.filter(pk=second.pk).update(series_no=1)
    assert placed(second, series_no=2).series_no == 2


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"series_no": 1}, "series_missing"),
        (
            {"publish_at": timezone.now(), "expire_at": timezone.now()},
            "expires_too_soon",
        ),
    ],
)
def test_create_article_refuses_places_that_make_no_sense(fields, code):
    if code == "expires_too_soon":
        fields["expire_at"] = fields["publish_at"] - HOUR
    arguments = {"column": make_column(), "content": make_content(), **fields}

    assert codes(services.create_article, **arguments) == {code}


# --- pictures -----------------------------------------------------------------------


def test_keep_picture_stores_its_files_under_a_name_of_its_own():
    first = services.keep_picture(make_upload(2000, 1000, name="../../张三 工牌.jpg"))
    again = services.keep_picture(make_upload(2000, 1000))

    assert first.key != again.key
    assert first.sha256 == again.sha256
    for width in (240, 480, 960, 1600):
        with default_storage.open(picturestore.path("news", first.key, width)) as file:
            assert Image.open(file).size == (width, width // 2)


def test_content_of_gives_a_picture_in_the_text_its_size_words_and_credit():
    photo = make_photo(alt="画面", caption="说明", credit="示例供图")
    article = make_sent(
        photos=(photo, make_photo()),
        body=f'<p>甲</p><figure><img data-file="{photo.picture.key}" src="/x" '
        'width="1"><figcaption>旧</figcaption></figure>',
    )

    version = ArticleVersion.objects.newest_of(article)
    url = f"/news/photos/{photo.picture.key}"
    assert version.body == (
        '<p>甲</p><figure class="fig">'
        f'<a href="{url}/1600.jpg" rel="noopener noreferrer">'
        f'<img src="{url}/960.jpg" srcset="{url}/240.jpg 240w, '
        f'{url}/480.jpg 480w, {url}/960.jpg 640w" '
        'sizes="(min-width: 800px) 720px, 100vw" alt="画面" width="640" height="400" '
        f'loading="lazy" data-file="{photo.picture.key}"></a>'
        "<figcaption>说明（示例供图）</figcaption></figure>"
    )
    assert list(version.photos.values_list("is_placed", flat=True)) == [True, False]
    assert article.versions.count() == 1
    again = services.content_of(version)
    assert services.save_draft(article=article, content=again, by=None) is None


# --- publishing ---------------------------------------------------------------------


def test_publish_makes_a_draft_public():
    article = make_sent()
    assert not is_live(article)

    publish_newest(article=article, by=None)

    assert is_live(article)


def test_publish_files_an_old_report_under_its_own_day():
    day = timezone.now() - timedelta(days=3000)

    article = publish_newest(article=make_sent(), by=None, at=day)

    assert article.publish_at == day
    assert article.corrected_at is None
    assert is_live(article)


def test_publish_of_a_correction_leaves_its_time():
    article = make_article(title="旧题")
    save_version(article=article, content=make_content(title="新题"), by=None)
    article.refresh_from_db()
    assert article.title == "旧题"

    corrected = publish_newest(article=article, by=None)

    assert corrected.title == "新题"
    assert corrected.publish_at == article.publish_at
    assert corrected.corrected_at is not None
    assert corrected.versions.get(number=1).title == "旧题"


def test_publish_of_the_same_again_is_no_correction():
    article = publish_newest(article=make_article(), by=None)

    assert article.corrected_at is None


def test_publish_cannot_put_off_a_public_article():
    article = make_article()

    refused = codes(
        publish_newest, article=article, at=timezone.now() + timedelta(days=1)
    )

    assert refused == {"already_public"}
    assert is_live(article)


def test_place_cannot_put_off_a_public_article_either():
    article = make_article()

    with pytest.raises(Refusal, match="不能改为定时"):
        placed(article, publish_at=timezone.now() + HOUR)
    services.withdraw(article=article, by=None, reason="示例原因")
    assert placed(article, publish_at=timezone.now() + HOUR)


def test_publish_refuses_an_article_that_would_be_over():
    draft = make_draft(expire_at=timezone.now() - HOUR)
    sent = make_sent()
    Article.objects.filter(pk=sent.pk).update(expire_at=timezone.now() - HOUR)

    assert codes(services.send, article=draft) == {"expires_too_soon"}
    assert codes(publish_newest, article=sent) == {"expires_too_soon"}


def test_withdraw_takes_effect_at_once_and_can_be_taken_back():
    article = make_article()

    withdrawn = services.withdraw(article=article, by=None, reason="示例原因")
    twice = services.withdraw(article=article, by=None, reason="示例原因")

    assert not is_live(article)
    assert twice.withdrawn_at == withdrawn.withdrawn_at
    publish_newest(article=article, by=None)
    assert is_live(article)


def test_withdraw_refuses_what_was_never_published():
    refused = codes(services.withdraw, article=make_sent(), reason="示例原因")

    assert refused == {"never_published"}


def test_place_keeps_a_time_for_a_published_article():
    article = make_article()

    with pytest.raises(Refusal, match="撤稿"):
        placed(article, publish_at=None)


@pytest.mark.parametrize(
    "act",
    [
        lambda a: publish_newest(article=a, by=None),
        lambda a: services.withdraw(article=a, by=None, reason="示例原因"),
        lambda a: placed(a, is_pinned=True),
        lambda a: services.save_column(column=a.column, by=None),
        lambda a: services.save_series(series=a.series, by=None),
    ],
)
def test_page_generation_rises_with_each_verb_that_changes_public_pages(act):
    article = make_article(series=make_series(), series_no=1)
    before = pagecache.moment().generation

    act(article)

    assert pagecache.moment().generation > before


def test_send_of_a_draft_leaves_the_pages_alone():
    column = make_column()
    before = pagecache.moment().generation

    article = make_sent(column=column)
    save_version(article=article, content=make_content(), by=None)

    assert pagecache.moment().generation == before


def test_article_history_has_each_state_on_record():
    article = make_article()
    services.withdraw(article=article, by=None, reason="示例原因")

    changes = list(Change.objects.of(article))

    assert (changes[0].verb, changes[0].after["withdrawn_at"]) == ("insert", None)
    assert (changes[-1].verb, changes[-1].before) == ("update", {"withdrawn_at": None})


def test_withdraw_leaves_who_asked():
    by = make_user()
    article = make_article()
    services.withdraw(article=article, by=by, reason="示例原因")

    assert Change.objects.of(article).last().by == by


def test_publish_writes_the_first_picture_and_the_beginning_of_the_text_for_lists():
    photo = make_photo()
    article = make_article(photos=(photo, make_photo()), body="<p>字" * 1 + "字" * 200)

    assert article.lead_photo.key == photo.picture.key
    assert article.summary == "字" * 100 + "……"
    assert isinstance(photo, PhotoWords)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("（市总工会供图）", "市总工会供图"),
        ("(市总工会供图)", "市总工会供图"),
        ("市总工会供图（示例图）", "市总工会供图（示例图）"),
        (" 市总工会供图 ", "市总工会供图"),
    ],
)
def test_credit_loses_only_brackets_around_the_whole(typed, kept):
    assert versions._unwrapped(typed) == kept


def test_create_article_title_has_no_mark_that_nobody_sees_and_no_radical():
    draft = make_sent(content=make_content(title="\u202d⽼厂 \u200b新事\u202c"))

    assert draft.title == draft.versions.get().title == "老厂 新事"
    with pytest.raises(Refusal) as caught:
        make_sent(content=make_content(title="\u200b\u2066"))
    assert caught.value.codes == {"title_missing"}


@pytest.mark.parametrize(
    "body",
    [
        "",
        "<p>  </p>",
        '<p><img src="https://example.com/a.jpg" alt="画面"></p>',
        "<hr><h2>&nbsp;</h2>",
    ],
)
def test_send_refuses_an_article_of_nothing_but_what_was_dropped(body):
    draft = make_draft(body=body)

    with pytest.raises(Refusal) as refusal:
        services.send(article=draft, by=None)

    assert [(r.code, r.field) for r in refusal.value.reasons] == [
        ("body_empty", "body")
    ]
    assert not draft.versions.exists()


def test_publish_takes_an_article_of_pictures():
    draft = make_sent(body="", photos=(make_photo(),))

    assert publish_newest(article=draft, by=None).live_version_id


def test_publish_is_refused_while_a_mark_holds_the_place_of_a_photo():
    article = make_draft(body="<p>字</p><p>〔此处放照片：领奖〕</p>")

    with pytest.raises(Refusal) as refused:
        publish_newest(article=article)

    assert [reason.code for reason in refused.value.reasons] == ["photo_missing"]
