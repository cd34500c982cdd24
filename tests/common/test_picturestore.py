"""Pictures of forms that were refused and never came back."""

import os
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.utils import timezone

from honors import services as honors
from news import services as news
from tests.honors.factories import make_honoree
from tests.news.back_office import ADD, WRITES, photo_row, typed, with_rights
from tests.news.factories import make_column, make_draft, make_photo, make_upload

pytestmark = pytest.mark.django_db


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

    assert len(kept) == 4  # three renditions and the mark
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
        make_draft(photos=(make_photo(),))
        portrait = honors.keep_portrait(make_upload())
        honors.set_portrait(honoree=make_honoree(), portrait=portrait, by=None)
    marks = list((empty_store / "pending").rglob("?" * 32))
    days_go_by(empty_store)

    call_command("tick")

    assert marks == []
    assert files(empty_store) == sorted(["1600.jpg", "480.jpg", "960.jpg"] * 2)


def test_picturestore_sweep_deletes_no_named_picture_that_a_crash_left_marked(
    empty_store,
):
    make_draft(photos=(make_photo(),))  # its transaction never ends here
    days_go_by(empty_store)

    assert news.forget_pictures() == 0
    assert files(empty_store) == ["1600.jpg", "480.jpg", "960.jpg"]
