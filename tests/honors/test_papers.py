"""Papers of nominations: who opens them, and what becomes of the file of one whose row
did not come to be."""

import os
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from honors.enums import NominationState
from honors.services import papers
from tests.architecture.test_doors import client_of
from tests.factories import make_user, make_worker_with_login
from tests.honors.juries import make_juror, make_leader
from tests.honors.nominations import (
    make_county,
    make_nomination,
    make_reviewer,
    make_secretary,
    make_steward,
    make_unit,
)

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


def test_paper_opens_for_those_who_work_on_it_and_is_not_there_for_others(
    settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    county, other_county = make_county(), make_county()
    unit = make_unit(county)
    worker = make_worker_with_login(union_org=unit)
    nomination = make_nomination(
        NominationState.UNIT_SUBMITTED, unit=unit, worker=worker
    )
    secretary, reviewer = make_secretary(), make_reviewer(county)
    paper = papers.keep(
        nomination=nomination,
        upload=SimpleUploadedFile("推荐表.pdf", b"%PDF-1.4 %%EOF"),
        by=None,
    )
    outside = [
        None,
        worker.user,  # who is nominated
        make_steward(make_unit(county)),
        make_steward(make_unit(other_county)),
        make_reviewer(other_county),
        make_juror(),
        make_leader(),
        make_user(roles=["审计员"], is_staff=True),
        make_user(roles=["系统管理员"], is_staff=True),
    ]
    address = reverse("honors:document", args=[paper.pk])

    for user in outside:
        assert client_of(user).get(address).status_code == 404, user
    for user in (make_steward(unit), reviewer, secretary):
        answer = client_of(user).get(address)
        assert answer.status_code == 200, user
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Disposition"].startswith("attachment")
        assert "no-store" in answer["Cache-Control"]
