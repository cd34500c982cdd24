"""What was called off is dead for those who had asked for it: on 我的, on the signup's
page, in their data, and in whatever is counted by person."""

import json
import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from signups.models import Offering, Signup
from signups.services import leaving, offerings, seats, standing
from tests.factories import make_limit, make_offering, make_worker_with_login
from tests.pages import markup

pytestmark = pytest.mark.django_db
REASON = "教室检修，本班停办"


def ask(offering, worker):
    return seats.sign_up(offering_id=offering.pk, worker=worker, by=None)


def call_off(offering):
    offerings.withdraw_offering(offering=offering, reason=REASON, by=None)


@pytest.fixture
def worker(client):
    worker = make_worker_with_login()
    client.force_login(worker.user)
    return worker


@pytest.fixture(params=[1, 0], ids=["seated", "waiting"])
def signup(request, worker):
    """The worker's seat, or place in the queue, of what was then called off."""
    offering = make_offering(title="声乐基础班", capacity=request.param)
    signup = ask(offering, worker)
    call_off(offering)
    return Signup.objects.select_related("offering").get(pk=signup.pk)


def to(name, signup):
    return reverse(f"signups:signup-{name}", args=[signup.pk])


def main(client, address):
    page = client.get(address).content.decode()
    return page[page.index("<main") : page.index("</main>")]


def test_withdraw_offering_my_page_says_why_and_offers_nothing_of_it(client, signup):
    page = main(client, reverse("my"))

    assert REASON in page
    assert "已停办" in page
    for alive in (to("cancel", signup), "下次：", "候补第", 'class="counts"'):
        assert alive not in page
    assert to("detail", signup) in page


def test_withdraw_offering_signup_page_offers_no_time_no_calendar_and_no_cancel(
    client, signup
):
    page = main(client, to("detail", signup))

    assert f"<p>{REASON}</p>" in page
    for alive in (to("cancel", signup), to("calendar", signup), "地点</dt>", "递补"):
        assert alive not in page


def test_withdraw_offering_leaves_nothing_to_cancel(client, signup):
    status = signup.status

    asked = client.get(to("cancel", signup))
    client.post(to("cancel", signup))

    assert asked["Location"] == to("detail", signup)
    assert "<strong>取消未成功</strong>" in markup(client.get(reverse("my")))
    signup.refresh_from_db()
    assert signup.status == status


def test_withdraw_offering_is_said_in_ones_own_data_with_its_reason(client, signup):
    file = client.post(reverse("my-data-download"), {"format": "json"})

    [row] = json.loads(file.content)["报名与候补"]
    assert row["状态"] == "已停办"
    assert row["停办或取消的原因"] == REASON
    assert REASON in main(client, reverse("my-data"))


def test_withdraw_offering_counts_no_more_against_ones_limits(client, worker):
    """One class a term, and the one chosen was called off."""
    limit = make_limit()
    start = timezone.now() + timedelta(days=5)
    times = [(start, start + timedelta(hours=2), "")]
    first, other = (make_offering(limits=[limit], times=times) for _ in range(2))
    ask(first, worker)
    assert set(standing.look_at(other, worker).codes) == {"limit", "clash"}

    call_off(first)
    client.post(
        reverse("signups:signup-create", args=[other.pk]),
        {"promised": "seat", "agree": "on"},
    )

    assert Signup.objects.get(offering=other).status == "seated"


def test_withdraw_offering_is_said_to_who_signs_up_again(client, signup):
    answer = client.post(
        reverse("signups:signup-create", args=[signup.offering_id]),
        {"promised": "seat", "agree": "on"},
    )

    assert answer["Location"] == signup.offering.get_absolute_url()
    assert REASON in client.get(reverse("my")).content.decode()
    worker = signup.worker
    assert standing.look_at(signup.offering, worker).codes == ["withdrawn"]


def test_withdraw_offering_stays_as_history_of_who_closes_their_account(signup):
    leaving.give_up_all(worker=signup.worker)

    before = signup.status
    signup.refresh_from_db()
    assert signup.status == before


def test_withdraw_offering_is_gone_from_my_page_when_it_would_be_over(client, signup):
    Offering.objects.update(ends_at=timezone.now() - timedelta(hours=1))

    assert "声乐基础班" not in main(client, reverse("my"))


def test_my_page_says_to_who_waited_in_vain_that_it_is_over(client, worker):
    offering = make_offering(title="声乐基础班", capacity=0)
    signup = ask(offering, worker)
    start = timezone.now() - timedelta(hours=1)
    times = [(start, start + timedelta(hours=9), "")]
    offerings.set_occasions(offering=offering, times=times, by=None)

    page = main(client, reverse("my"))

    assert "候补已结束" in page
    assert not re.search(r"第(None|\d)", page)
    assert to("detail", signup) in page


def test_my_page_says_only_what_is_held_to_who_signed_up_again(client, worker):
    offering = make_offering(title="声乐基础班")
    clerk = make_worker_with_login().user
    seats.cancel(signup=ask(offering, worker), by=clerk, reason="重复报名")
    before = main(client, reverse("my"))

    ask(offering, worker)

    assert "重复报名" in before
    assert "重复报名" not in main(client, reverse("my"))
