"""The outbox and the choice of kinds in the back office."""

import pytest
from django.contrib.admin import helpers
from django.urls import reverse
from django.utils import timezone

from members import noticekinds
from members.models import NoticeText, SmsChoice, Worker
from tests.factories import make_user, make_worker
from tests.members.test_notices import tell

pytestmark = pytest.mark.django_db

OUTBOX = reverse("admin:members_noticetext_changelist")
CHOICES = reverse("admin:members_smschoice_changelist")


@pytest.fixture
def texts():
    """One of each end, to a worker of this name and number."""
    worker = make_worker(name="王示刚", user=make_user(phone="13811112222"))
    for state in ("sent", "failed", "unknown"):
        tell(worker.user, key=state)
        NoticeText.objects.filter(notice__key__endswith=state).update(
            state=state, ended_at=timezone.now()
        )
    return {text.state: text for text in NoticeText.objects.all()}


def act(client, action, *texts, **more):
    chosen = {helpers.ACTION_CHECKBOX_NAME: [text.pk for text in texts]}
    return client.post(OUTBOX, {"action": action, **chosen, **more}, follow=True)


def states():
    return [text.state for text in NoticeText.objects.order_by("pk")]


def test_outbox_shows_the_person_masked(client, enter, texts):
    enter("服务台")

    html = client.get(OUTBOX).content.decode()
    page = client.get(
        reverse("admin:members_noticetext_change", args=[texts["sent"].pk])
    ).content.decode()

    for shown in (html, page):
        assert "王*刚（尾号2222）" in shown
        assert "王示刚" not in shown
        assert "13811112222" not in shown


@pytest.mark.parametrize("words", ["2222", "SL-77", "王示刚"])
def test_outbox_is_searched_by_the_numbers_of_the_person(client, enter, texts, words):
    Worker.objects.update(member_number="SL-77")
    enter("服务台")

    response = client.get(OUTBOX, {"q": words})

    found = {text.state for text in response.context["cl"].result_list}
    # staff look a name up among the people, where they see whose it is
    assert found == (set() if words == "王示刚" else {"sent", "failed", "unknown"})


def test_outbox_costs_the_same_however_many(
    client, enter, texts, django_assert_max_num_queries
):
    enter("服务台")
    for n in range(9):
        tell(make_user(), key=str(n))
    client.get(OUTBOX)

    with django_assert_max_num_queries(12):
        client.get(OUTBOX)


def test_outbox_resends_what_is_stuck_once_somebody_is_sure(client, enter, texts):
    enter("服务台")

    act(client, "resend_selected", *texts.values())
    assert states() == ["sent", "failed", "unknown"]
    act(client, "resend_selected", *texts.values(), is_sure="1")

    assert states() == ["sent", "waiting", "waiting"]


def test_outbox_notes_what_the_person_knows(client, enter, texts):
    enter("服务台")

    act(client, "note_as_sent", *texts.values())

    assert states() == ["sent", "sent", "sent"]


@pytest.mark.parametrize(
    ("role", "state", "offers"),
    [
        ("服务台", "unknown", True),
        ("服务台", "sent", False),
        ("审计员", "unknown", False),
    ],
)
def test_outbox_page_of_a_text_offers_what_its_list_does(
    client, enter, texts, role, state, offers
):
    enter(role)
    page = reverse("admin:members_noticetext_change", args=[texts[state].pk])

    html = client.get(page).content.decode()

    assert ('value="note_as_sent"' in html) is offers
    assert (f'name="_selected_action" value="{texts[state].pk}"' in html) is offers


@pytest.mark.parametrize("role", ["培训管理员", "审计员"])
def test_outbox_is_looked_at_by_others_and_resent_by_the_desk_only(
    client, enter, texts, role
):
    enter(role)

    assert client.get(OUTBOX).status_code == 200
    act(client, "resend_selected", *texts.values(), is_sure="1")

    assert states() == ["sent", "failed", "unknown"]


def test_outbox_is_closed_to_who_runs_the_site(client, enter, texts):
    enter("系统管理员")

    assert client.get(OUTBOX).status_code == 403


def test_unknown_texts_wait_on_the_home_of_the_desk(client, enter, texts):
    from members import queues

    desk, other = enter("服务台"), enter("培训管理员")

    def waiting(user):
        return [q for q in queues.waiting(user) if "noticetext" in q.link]

    [queue] = waiting(desk)
    assert list(queue.rows) == [texts["unknown"]]
    assert waiting(other) == []


def test_choices_are_stored_for_what_was_changed_only(client, enter):
    enter("系统管理员")
    chosen = [k.name for k in noticekinds.texted() if k.is_texted]
    client.post(CHOICES, {"kinds": chosen})
    assert SmsChoice.objects.count() == 0

    client.post(CHOICES, {"kinds": [*chosen[1:], "no.such.kind"]})

    choice = SmsChoice.objects.get()
    assert (choice.kind, choice.is_on) == (chosen[0], False)


def test_choices_are_read_by_the_auditor_and_made_by_who_runs_the_site(client, enter):
    enter("审计员")

    assert client.get(CHOICES).status_code == 200
    assert client.post(CHOICES, {"kinds": []}).status_code == 403

    assert SmsChoice.objects.count() == 0
