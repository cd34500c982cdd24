"""The inbox: one's own notices, unread first, and which texts come beside them."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from members.models import Notice
from members.services import notices
from tests.factories import make_user
from tests.members.test_notices import kind, tell

pytestmark = pytest.mark.django_db

INBOX = reverse("my-messages")


@pytest.fixture
def user(client):
    user = make_user()
    client.force_login(user)
    return user


def one(user, key="1", **fields):
    tell(user, key=key, **fields)
    return Notice.objects.get(user=user, key__endswith=f":{key}")


def door(notice):
    return reverse("my-message", args=[notice.pk])


def marks(client, path="/"):
    """The numbers of the marks on a page, in the strip and on the bottom bar."""
    html = client.get(path).content.decode()
    return re.findall(r'class="unread num">(\d+\+?)<', html)


def test_inbox_shows_unread_first_and_reads_nothing_by_itself(client, user):
    old, new = one(user), one(user, "2")
    notices.read(notice=new)

    response = client.get(INBOX)

    assert [notice.pk for notice in response.context["notices"]] == [old.pk, new.pk]
    assert Notice.objects.unread_count(user) == 1


def test_inbox_shows_nothing_of_others_nor_of_what_is_not_released(client, user):
    one(make_user())
    release = notices.prepare_release(title="示例", by=None)
    one(user, release=release)

    response = client.get(INBOX)

    assert list(response.context["notices"]) == []
    assert "还没有消息" in response.content.decode()


def test_inbox_costs_the_same_however_full(client, user, django_assert_num_queries):
    for n in range(25):
        one(user, str(n))
    client.get(INBOX)

    # session, user with worker, count, rows, generation and clock, unread
    with django_assert_num_queries(6):
        response = client.get(INBOX)

    assert len(response.context["notices"]) == 20


def test_open_notice_reads_it_and_leads_to_what_it_is_about(client, user):
    notice = one(user, url_name="my-data")

    response = client.post(door(notice))
    again = client.post(door(notice))

    assert response["Location"] == again["Location"] == reverse("my-data")
    notice.refresh_from_db()
    assert notice.read_at is not None


def test_open_notice_by_get_does_nothing(client, user):
    notice = one(user)

    response = client.get(door(notice))

    assert response["Location"] == INBOX
    assert Notice.objects.unread_count(user) == 1


def test_open_notice_without_an_address_or_with_one_that_is_gone_stays(client, user):
    nowhere = one(user)
    gone = one(user, "2", url_name="no-such-page")

    assert client.post(door(nowhere))["Location"] == INBOX
    assert client.post(door(gone))["Location"] == INBOX


@pytest.mark.parametrize("method", ["get", "post"])
def test_notice_of_somebody_else_is_not_there(client, user, method):
    notice = one(make_user())

    assert getattr(client, method)(door(notice)).status_code == 404

    notice.refresh_from_db()
    assert notice.read_at is None


def test_notice_that_is_not_released_is_not_there(client, user):
    release = notices.prepare_release(title="示例", by=None)
    notice = one(user, release=release)

    assert client.post(door(notice)).status_code == 404


def test_read_all_leaves_what_came_while_looking(client, user):
    one(user)
    until = client.get(INBOX).context["looked_at"].isoformat()
    one(user, "2")
    Notice.objects.filter(key__endswith=":2").update(shown_at=timezone.now())

    client.post(reverse("my-messages-read"), {"until": until})

    unread = Notice.objects.shown_to(user).unread()
    assert [notice.key[-2:] for notice in unread] == [":2"]


@pytest.mark.parametrize("typed", ["", "soon", "2026-13-99T00:00", "9999-01-01T00:00"])
def test_read_all_with_any_moment_reads_the_own_ones_only(client, user, typed):
    one(user)
    one(make_user())

    client.post(reverse("my-messages-read"), {"until": typed})

    assert Notice.objects.unread_count(user) == 0
    assert Notice.objects.unread().count() == 1


# --- the mark --------------------------------------------------------------------------


def test_unread_mark_counts_ones_own_and_goes_with_reading(client, user):
    assert marks(client) == []
    notice = one(user)
    one(user, "2")
    one(make_user())

    assert marks(client) == ["2", "2"]
    notices.read(notice=notice)
    assert marks(client) == ["1", "1"]

    client.logout()
    assert marks(client) == []


def test_unread_mark_ends_at_99(client, user):
    now = timezone.now()
    Notice.objects.bulk_create(
        Notice(user=user, kind="x", title="示例", key=str(n), shown_at=now)
        for n in range(101)
    )

    assert marks(client) == ["99+", "99+"]


# --- which texts -----------------------------------------------------------------------

TEXTS = reverse("my-texts")


def test_texts_page_offers_what_may_be_refused_and_names_the_rest(client, user):
    response = client.get(TEXTS)

    form = response.context["form"]
    offered = [name for name, _label in form.fields["kinds"].choices]
    assert "signups.promoted" in offered
    assert "signups.called_off" not in offered
    assert form.fields["kinds"].initial == offered
    assert "停办" in [str(label) for label in form.always]


def test_texts_page_refuses_and_takes_back(client, user):
    client.post(TEXTS, {"kinds": ["members.corrected"]})
    assert tell(user, of=kind("signups.promoted")) == 1
    assert Notice.objects.filter(sms=None).count() == 1

    client.post(TEXTS, {"kinds": ["members.corrected", "signups.promoted"]})

    assert not user.sms_refusals.filter(kind="signups.promoted").exists()


def test_texts_page_cannot_refuse_what_must_be_told(client, user):
    response = client.post(TEXTS, {"kinds": ["signups.called_off"]})

    assert response.context["form"].errors
    assert user.sms_refusals.count() == 0
