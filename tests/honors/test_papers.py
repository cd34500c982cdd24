"""What becomes of the file of a paper whose row did not come to be."""

import os
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone

from honors.services import papers
from tests.honors.nominations import make_nomination, make_steward

pytestmark = pytest.mark.django_db


def attach(nomination, by, content=b"%PDF-1.4 %%EOF"):
    upload = SimpleUploadedFile("推荐表.pdf", content)
    return papers.attach(nomination=nomination, upload=upload, by=by)


def days_go_by(folder):
    long_ago = (timezone.now() - timedelta(days=3)).timestamp()
    for path in folder.rglob("*"):
        os.utime(path, (long_ago, long_ago))


def test_forget_papers_takes_the_file_that_was_rolled_back_and_no_other(
    settings, tmp_path, django_capture_on_commit_callbacks
):
    settings.MEDIA_ROOT = tmp_path
    nomination = make_nomination()
    by = make_steward(nomination.unit)
    with django_capture_on_commit_callbacks(execute=True):
        kept = attach(nomination, by)
    with transaction.atomic():
        attach(nomination, by)
        transaction.set_rollback(True)
    with transaction.atomic():  # a crash came between the commit and the settling
        marked = attach(nomination, by)
    shelf = tmp_path / papers.SHELF
    assert len(list(shelf.iterdir())) == 3
    assert papers.forget_papers() == 0  # somebody may be at it still
    days_go_by(tmp_path)

    assert papers.forget_papers() == 1

    left = {path.stem for path in shelf.iterdir()}
    assert left == {kept.key, marked.key}
    assert not list((tmp_path / "pending").rglob("?" * 32))
