"""Pictures that go up by themselves while an article is typed."""

import os
import time
from dataclasses import replace
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse

from common.errors import Refusal
from news import services
from news.enums import ColumnJob
from news.models import Article, ArticleVersion
from tests.news.back_office import (
    ADD,
    WRITES,
    change_url,
    kept,
    photo_errors,
    photo_row,
    typed,
    with_rights,
)
from tests.news.factories import (
    make_column,
    make_content,
    make_draft,
    make_photo,
    make_sent,
    make_upload,
)

pytestmark = pytest.mark.django_db
NEW = "/admin/news/article/picture/"


def picture_of(article):
    return reverse("admin:news_article_picture", args=[article.pk])


@pytest.fixture
def of_one_column(client):
    """A client of who writes in one column only; gives it and that column."""
    column = make_column()
    user = with_rights(*WRITES)
    user.user_permissions.set(user.user_permissions.exclude(codename="all_columns"))
    services.give_duty(column=column, user=user, job=ColumnJob.EDIT, by=None)
    client.force_login(user)
    return client, column


def up(client, address, upload=None, **data):
    upload = upload or make_upload(exif=b"Exif\0\0MM\0*\0\0\0\x08\0\0")
    return client.post(address, {"file": upload, **data})


def test_upload_becomes_a_photo_of_the_draft_without_being_sent_again(of_one_column):
    client, column = of_one_column
    made = up(client, NEW).json()

    body = f'<p>前</p><img data-file="{made["key"]}"><p>后</p>'
    row = photo_row(key=made["key"], receipt=made["receipt"], alt="")
    client.post(ADD, typed(column, body=body, photos=[row]))

    content = kept(Article.objects.get())
    assert [photo.picture.key for photo in content.photos] == [made["key"]]
    assert f'data-file="{made["key"]}"' in content.body
    assert client.get(made["small"]).status_code == 200
    with default_storage.open(f"news/{made['key']}/480.jpg") as file:
        assert b"Exif" not in file.read()


def test_upload_that_is_no_picture_is_refused_in_words_and_nothing_stays(writer):
    make_column()
    answer = up(writer, NEW, make_upload(name="x.jpg", kind="TIFF"))

    assert answer.status_code == 400
    assert "照片" in answer.json()["refused"]
    assert up(writer, NEW, "x").status_code == 400
    assert not default_storage.exists("news")


def test_upload_is_for_who_writes_in_the_column(of_one_column):
    client, column = of_one_column
    mine, foreign = make_draft(column=column), make_draft()

    assert up(client, picture_of(mine)).status_code == 200
    assert up(client, picture_of(foreign)).status_code == 404
    assert client.get(picture_of(mine)).status_code == 405
    reader = Client()
    reader.force_login(with_rights("view_article"))
    assert up(reader, picture_of(mine)).status_code == 403
    assert up(reader, NEW).status_code == 403
    assert up(Client(), NEW).status_code == 302
    without = Client()
    user = with_rights(*WRITES)
    user.user_permissions.set(user.user_permissions.exclude(codename="all_columns"))
    without.force_login(user)
    assert up(without, NEW).status_code == 403  # writes, but in no column
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(with_rights(*WRITES))
    assert up(strict, NEW).status_code == 403


def test_picture_of_a_draft_is_seen_by_who_works_in_its_column_only(of_one_column):
    client, column = of_one_column
    mine = make_draft(column=column, photos=(make_photo(),))
    foreign = make_draft(photos=(make_photo(),))

    def seen(article):
        (photo,) = kept(article).photos
        return client.get(f"/news/photos/{photo.picture.key}/480.jpg").status_code

    assert seen(mine) == 200
    assert seen(foreign) == 404


def test_picture_without_words_is_asked_for_when_it_is_sent_and_not_before(writer):
    row = photo_row(file=make_upload(), alt="")
    column = make_column()
    assert writer.post(ADD, typed(column, photos=[row])).status_code == 302
    article = Article.objects.get()
    (photo,) = kept(article).photos
    row = photo_row(key=photo.picture.key, alt="")

    seen = writer.post(change_url(article), typed(column, photos=[row], _preview=""))
    refused = writer.post(change_url(article), typed(column, photos=[row], _send=""))

    assert seen.url == reverse("news:article-preview", args=[article.pk])
    assert writer.get(seen.url).status_code == 200
    assert "画面描述" in photo_errors(refused)[0]["alt"][0]
    assert not ArticleVersion.objects.exists()
    row["is_decorative"] = "on"
    sent = writer.post(change_url(article), typed(column, photos=[row], _send=""))
    assert sent.status_code == 302
    assert ArticleVersion.objects.get().photos.get().is_decorative


def test_send_by_any_door_refuses_a_picture_without_words():
    article = make_draft(photos=(make_photo(), make_photo(alt=" ")))

    with pytest.raises(Refusal) as refused:
        services.send(article=article, by=None)

    assert "第2张" in str(refused.value)
    photos = [replace(one, alt="画面") for one in kept(article).photos]
    services.save_draft(
        article=article, content=make_content(photos=tuple(photos)), by=None
    )
    assert services.send(article=article, by=None).photos.count() == 2


def test_receipt_that_ran_out_is_not_asked_of_a_picture_that_the_draft_has(writer):
    article = make_draft(photos=(make_photo(),))
    (photo,) = kept(article).photos
    row = photo_row(key=photo.picture.key, receipt="run:out:long-ago")

    data = typed(article.column, photos=[row])
    assert writer.post(change_url(article), data).status_code == 302
    assert len(kept(article).photos) == 1


def test_picture_that_nobody_came_to_name_is_swept(writer, settings):
    make_column()
    key = up(writer, NEW).json()["key"]
    mark = Path(settings.MEDIA_ROOT, "pending", "news", key)
    old = time.time() - 3 * 24 * 3600
    os.utime(mark, (old, old))
    sent = make_sent(photos=(make_photo(),))

    assert services.forget_pictures() == 1
    assert not Path(settings.MEDIA_ROOT, "news", key).exists()
    assert sent.versions.get().photos.count() == 1
