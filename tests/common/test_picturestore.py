"""Pictures of forms that were refused and never came back."""

import io
import os
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.utils import timezone
from PIL import Image

from common import images, picturestore
from common.errors import Reason, Refusal
from honors import services as honors
from news import services as news
from tests.honors.factories import make_honoree
from tests.news.back_office import ADD, WRITES, photo_row, typed, with_rights
from tests.news.factories import (
    make_article,
    make_column,
    make_photo,
    make_sent,
    make_upload,
)

pytestmark = pytest.mark.django_db

RENDITIONS = ["240.jpg", "480.jpg", "960.jpg", "1600.jpg"]
BROWSER = {"Accept": "image/avif,image/webp,image/*,*/*;q=0.8"}


@pytest.fixture(autouse=True)
def empty_store(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def files(folder):
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def days_go_by(folder, days=3):
    long_ago = (timezone.now() - timedelta(days=days)).timestamp()
    for path in folder.rglob("*"):
        os.utime(path, (long_ago, long_ago))


def test_picturestore_has_no_picture_of_a_refused_article(client, empty_store):
    client.force_login(with_rights(*WRITES))
    photo = photo_row(file=make_upload())
    client.post(ADD, typed(make_column(), title="", photos=[photo]))
    call_command("tick")
    kept = files(empty_store)

    days_go_by(empty_store)
    call_command("tick")

    assert len(kept) == 5  # four renditions and the mark
    assert files(empty_store) == []
    assert default_storage.listdir("news")[0] == []


def test_picturestore_has_nothing_of_a_refused_portrait(empty_store):
    honors.keep_portrait(make_upload())
    days_go_by(empty_store)

    call_command("tick")

    assert files(empty_store) == []


def test_picturestore_sweep_leaves_for_good_what_a_row_names(
    empty_store, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        make_sent(photos=(make_photo(),))
        portrait = honors.keep_portrait(make_upload())
        honors.set_portrait(honoree=make_honoree(), portrait=portrait, by=None)
    marks = list((empty_store / "pending").rglob("?" * 32))
    days_go_by(empty_store)

    call_command("tick")

    assert marks == []
    assert files(empty_store) == sorted(RENDITIONS * 2)


def test_picturestore_sweep_deletes_no_named_picture_that_a_crash_left_marked(
    empty_store,
):
    make_sent(photos=(make_photo(),))  # its transaction never ends here
    days_go_by(empty_store)

    assert news.forget_pictures() == 0
    assert files(empty_store) == sorted(RENDITIONS)


def published_photo():
    article = make_article(photos=(make_photo(),))
    return article, article.live_version.photos.get()


def test_picture_is_webp_for_who_asks_for_it_and_jpeg_for_all_others(client):
    _article, photo = published_photo()

    for name in ("240", "1600"):
        address = f"/news/photos/{photo.key}/{name}.jpg"
        modern, old = client.get(address, headers=BROWSER), client.get(address)

        assert modern["Content-Type"] == "image/webp"
        assert old["Content-Type"] == "image/jpeg"
        with Image.open(io.BytesIO(modern.content)) as image:
            assert image.format == "WEBP"
            modern_size = image.size
        with Image.open(io.BytesIO(old.content)) as image:
            assert image.format == "JPEG"
            assert image.size == modern_size
        # a cache on the way must not give one's answer to the other
        assert "Accept" in modern["Vary"] and "Accept" in old["Vary"]
        assert modern["ETag"] != old["ETag"]
        known = {**BROWSER, "If-None-Match": modern["ETag"]}
        assert client.get(address, headers=known).status_code == 304


def test_picture_of_before_has_the_widths_and_kinds_of_today(client, empty_store):
    _article, photo = published_photo()
    (empty_store / "news" / photo.key / "240.jpg").unlink()
    address = f"/news/photos/{photo.key}/240.jpg"

    assert client.get(address).status_code == 200
    assert client.get(address, headers=BROWSER).status_code == 200
    # made once, under the names that are looked for
    assert files(empty_store / "news") == sorted([*RENDITIONS, "240.webp"])


def test_picture_is_a_jpeg_while_no_webp_can_be_made(client, monkeypatch):
    def busy(*_arguments):
        raise Refusal(Reason("picture_busy", "忙"))

    _article, photo = published_photo()
    monkeypatch.setattr(images, "derived", busy)

    answer = client.get(f"/news/photos/{photo.key}/480.jpg", headers=BROWSER)

    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    assert "webp" not in answer["ETag"]


def test_withdrawn_picture_is_gone_in_every_kind(client, empty_store):
    article, photo = published_photo()
    address = f"/news/photos/{photo.key}/480.jpg"
    assert client.get(address, headers=BROWSER).status_code == 200

    news.withdraw(article=article, by=None, reason="示例原因")

    assert client.get(address, headers=BROWSER).status_code == 404
    unmade = f"/news/photos/{photo.key}/240.jpg"
    assert client.get(unmade, headers=BROWSER).status_code == 404
    assert "240.webp" not in files(empty_store)


def test_picturestore_sweeps_what_was_derived_too(empty_store, rf):
    kept = honors.keep_portrait(make_upload())
    picturestore.show(rf.get("/", headers=BROWSER), "honors", kept.key, 480)
    assert "480.webp" in files(empty_store)
    days_go_by(empty_store)

    call_command("tick")

    assert files(empty_store) == []
