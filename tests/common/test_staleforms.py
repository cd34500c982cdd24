"""Two members of staff have the same page of the back office open."""

import json
import time
from contextlib import nullcontext

import pytest
from django.contrib import admin
from django.contrib.admin.options import InlineModelAdmin
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from common import services as turns
from common.modeladmin import Named, PortalModelAdmin
from honors import services
from members.models import Stewardship
from tests.activities.factories import make_class, make_kind, make_term, make_venue
from tests.boxes import boxes_of
from tests.concurrency import at_once
from tests.factories import make_offering, make_union, make_user, make_worker
from tests.honors.factories import make_edition, make_honoree, make_program
from tests.news.factories import make_column, make_series, make_upload
from tests.volunteers.factories import make_team
from unionportal.models import SiteSettings
from unionportal.services import write_roles

pytestmark = pytest.mark.django_db


@pytest.fixture
def both():
    """Two clients of the back office that may do everything."""
    clients = []
    for _each in range(2):
        user = make_user(is_staff=True)
        user.is_superuser = True
        user.save()
        client = Client()
        client.force_login(user)
        clients.append(client)
    return clients


class Page:
    """The form of a row as it stands in somebody's window."""

    def __init__(self, client, row):
        self.client, self.meta = client, row._meta
        label = f"{row._meta.app_label}_{row._meta.model_name}"
        self.address = reverse(f"admin:{label}_change", args=[row.pk])
        self.form_id = f"{row._meta.model_name}_form"
        self.boxes = boxes_of(client.get(self.address), self.form_id)

    def save(self, **typed):
        """Type and send; where the form comes back, it is what stands there now."""
        unknown = typed.keys() - self.boxes.keys()
        assert not unknown, f"no such box: {unknown}"
        self.boxes |= {name: [value] for name, value in typed.items()}
        answer = self.client.post(self.address, self.boxes)
        self.is_saved = answer.status_code == 302
        if not self.is_saved:
            self.boxes = boxes_of(answer, self.form_id)
            self.errors = dict(answer.context["adminform"].form.errors)
            self.row_errors = [
                error
                for inline in answer.context["inline_admin_formsets"]
                for error in inline.formset.errors
            ]
        return self


def make_stewardship():
    return Stewardship.objects.create(
        user=make_user(is_staff=True), union_org=make_union(), role="director"
    )


def site():
    return SiteSettings.objects.get_or_create(pk=1)[0]


# how a row comes to be, the box both change, and one that only the first changes
KINDS = {
    "term": (make_term, "title", ("contact_phone", "0411-1234567")),
    "kind": (make_kind, "name", ("position", "7")),
    "class": (make_class, "teacher_name", ("capacity", "41")),
    "venue": (make_venue, "name", ("address", "示例路9号")),
    "offering": (make_offering, "waitlist_limit", ("closes_at_0", "2098-12-24")),
    "column": (make_column, "name", ("order", "7")),
    "series": (make_series, "title", ("planned_parts", "9")),
    "program": (make_program, "name", ("position", "7")),
    "edition": (make_edition, "title", ("doc_no", "示例〔2018〕9号")),
    "honoree": (make_honoree, "name", ("employer", "示例九厂")),
    "team": (make_team, "name", ("slogan", "同事写的口号")),
    "union": (make_union, "name", ("code", "9909")),
    "worker": (make_worker, "name", ("member_number", "210200009999")),
    "user": (lambda: make_user(name="原名"), "name", ("is_active", "on")),
    "site": (site, "organiser", ("address", "示例路9号")),
}
TYPED = {
    "offering": ("3", "5"),
    "worker": ("王同事", "王本人"),
    "user": ("王同事", "王本人"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_stale_form_change_by_two_loses_nothing(both, kind):
    make, box, (further, value) = KINDS[kind]
    theirs, mine = TYPED.get(kind, ("同事改的", "我改的"))
    row = make()
    second, first = (Page(client, row) for client in both)

    assert first.save(**{box: theirs, further: value}).is_saved, first.errors

    assert not second.save(**{box: mine}).is_saved
    assert theirs in second.errors[box][0]
    assert second.boxes[box] == [mine]
    assert second.boxes[further] == [value]
    row = type(row).objects.get(pk=row.pk)
    assert str(getattr(row, box)) == theirs

    assert second.save().is_saved, second.errors

    row = type(row).objects.get(pk=row.pk)
    assert str(getattr(row, box)) == mine
    assert Page(both[0], row).boxes[further] == [value]


def test_stale_form_reports_what_another_changed_in_other_boxes(both):
    """Only the first page changes the introduction, only the second the name."""
    row = make_program(intro="原来的介绍")
    second, first = (Page(client, row) for client in both)
    assert first.save(intro="同事写的介绍").is_saved

    assert not second.save(name="我改的").is_saved

    assert "同事写的介绍" in second.errors["intro"][0]
    assert second.boxes["intro"] == ["同事写的介绍"]
    assert second.save().is_saved
    row.refresh_from_db()
    assert (row.intro, row.name) == ("同事写的介绍", "我改的")


def test_stale_form_saved_without_a_change_keeps_what_another_saved(both):
    row = make_program(intro="原来的介绍")
    second, first = (Page(client, row) for client in both)
    assert first.save(intro="同事写的介绍").is_saved

    assert second.save().is_saved

    row.refresh_from_db()
    assert row.intro == "同事写的介绍"


def test_stale_form_change_by_two_to_the_same_is_no_conflict(both):
    row = make_program()
    second, first = (Page(client, row) for client in both)

    assert first.save(intro="同一句\n两行").is_saved
    assert second.save(intro="同一句\r\n两行").is_saved


def test_stale_form_emptied_box_is_not_filled_again(both):
    """The second page was opened with a text that both take out or change."""
    row = make_program(intro="原来的介绍")
    second, first = (Page(client, row) for client in both)
    assert first.save(intro="").is_saved

    assert not second.save(intro="我写的介绍").is_saved
    assert second.boxes["intro"] == ["我写的介绍"]


def test_stale_form_change_of_roles_by_two_loses_none(both):
    write_roles()
    secretary = Group.objects.get(name="荣誉秘书")
    row = make_user(name="示例")
    second, first = (Page(client, row) for client in both)
    assert first.save(groups=str(secretary.pk)).is_saved

    assert not second.save(name="我改的").is_saved
    assert second.boxes["groups"] == [str(secretary.pk)]

    assert second.save().is_saved
    assert list(row.groups.all()) == [secretary]


def test_stale_form_change_of_a_lesson_by_two_loses_nothing(both):
    row = make_class()
    lesson = row.lessons.in_order().first()
    box = "lessons-0-"
    second, first = (Page(client, row) for client in both)
    assert first.save(
        **{f"{box}topic": "同事的内容", f"{box}room": "同事教室"}
    ).is_saved

    assert not second.save(**{f"{box}topic": "我的内容"}).is_saved

    (found,) = filter(None, second.row_errors)
    assert "同事的内容" in found["topic"][0]
    assert second.boxes[f"{box}topic"] == ["我的内容"]
    assert second.boxes[f"{box}room"] == ["同事教室"]
    assert second.save().is_saved
    lesson.refresh_from_db()
    assert (lesson.topic, lesson.room.name) == ("我的内容", "同事教室")


def test_stale_form_change_of_one_lesson_keeps_what_another_changed_in_the_next(both):
    row = make_class()
    second, first = (Page(client, row) for client in both)
    assert first.save(**{"lessons-0-room": "同事教室"}).is_saved

    assert second.save(**{"lessons-1-topic": "我的内容"}).is_saved

    assert row.lessons.in_order()[0].room.name == "同事教室"


@pytest.mark.parametrize("said", ["", "x", "[]", "[" * 9999, '{"a":1}', '{"x:1":[]}'])
def test_stale_form_from_a_page_that_says_nothing_is_saved(both, said):
    row = make_program()
    page = Page(both[0], row)

    assert page.save(_seen=said, name="我改的").is_saved


UNGUARDED = {
    "PartsInline": "rows of a version are never changed: a save makes a new version",
    "BylineInline": "as PartsInline",
    "PhotoInline": "as PartsInline",
    "SeatPoolInline": "shown only",
}


def inlines_under(kind):
    for child in kind.__subclasses__():
        if not child.__module__.startswith("django."):
            yield child
        yield from inlines_under(child)


def test_stale_form_guards_every_form_of_the_back_office():
    pages = admin.site._registry.values()
    inlines = set(inlines_under(InlineModelAdmin))

    unguarded = {
        inline.__name__
        for inline in inlines
        if not issubclass(inline, Named) or "get_formset" in vars(inline)
    }

    assert [page for page in pages if not isinstance(page, PortalModelAdmin)] == []
    assert unguarded <= UNGUARDED.keys()
    assert len(inlines) > len(UNGUARDED)


def test_stale_form_says_nothing_of_what_it_does_not_show(both):
    """A fingerprint of a mobile number would be as good as the number."""
    page = Page(both[0], make_user(name="示例"))

    (row,) = json.loads(page.boxes["_seen"][0]).values()

    assert row.keys() == {"name", "groups", "is_staff", "is_active"}


def save_at_once(both):
    row = make_program(intro="原来的介绍")
    second, first = (Page(client, row) for client in both)
    at_once(
        [
            lambda: second.save(intro="我改的").is_saved,
            lambda: first.save(intro="同事改的"),
        ]
    )
    return {second.is_saved, first.is_saved}


@pytest.mark.django_db(transaction=True)
def test_stale_form_saved_at_the_same_moment_is_seen_by_the_second(both, monkeypatch):
    saving = services.save_award

    def slow(**given):
        time.sleep(0.3)
        return saving(**given)

    monkeypatch.setattr(services, "save_award", slow)

    assert save_at_once(both) == {True, False}

    monkeypatch.setattr(turns, "in_turn", lambda row: nullcontext())  # the control
    assert save_at_once(both) == {True}


def test_change_of_a_picture_by_two_is_asked_about(both, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    row = make_honoree()
    second, first = (Page(client, row) for client in both)
    first.boxes["portrait"] = [make_upload()]
    assert first.save().is_saved
    row.refresh_from_db()
    theirs = row.portrait_key

    second.boxes["portrait"] = [make_upload(300, 400)]
    assert not second.save().is_saved
    assert second.errors.keys() == {"portrait"}
    row.refresh_from_db()
    assert row.portrait_key == theirs

    assert second.save().is_saved  # by the receipt
    row.refresh_from_db()
    assert row.portrait_key not in ("", theirs)
