"""职工成长档案: what it gathers, and the addresses by which others read it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from common.errors import Refusal
from tests.factories import make_worker_with_login
from tests.volunteers.services import certifiable, served
from unionportal import passport, services
from unionportal.models import PassportShare

pytestmark = pytest.mark.django_db

MINE = reverse("my-passport")


def share(worker, **chosen):
    chosen = {"days": 30, "for_whom": "人事科", "shows_name": False} | chosen
    return services.share_passport(worker=worker, by=worker.user, **chosen)


def opened(client, token):
    return client.get(reverse("passport", args=[token]))


def test_gather_counts_what_may_be_certified_and_nothing_else():
    worker = make_worker_with_login()
    record = certifiable(worker=worker)
    served(worker=worker)  # nobody has confirmed it

    found = passport.gather(worker)

    assert (found.hours, found.services) == ("2", 1)
    assert found.teams == [(record.event.team.name, "2")]


def test_shared_passport_masks_the_name_unless_its_owner_chose_otherwise(client):
    worker = make_worker_with_login(name="王小刚", identity_last4="7788")
    _masked, first = share(worker)
    _whole, second = share(worker, shows_name=True)

    hidden, shown = opened(client, first), opened(client, second)

    assert "王*刚" in hidden.content.decode()
    assert "王小刚" not in hidden.content.decode()
    assert "王小刚" in shown.content.decode()
    assert "7788" not in shown.content.decode()
    for header, said in (
        ("X-Robots-Tag", "noindex"),
        ("Cache-Control", "no-store"),
        ("Referrer-Policy", "no-referrer"),
    ):
        assert said in hidden[header]


def test_share_ends_by_itself_when_revoked_and_with_the_account(client):
    worker = make_worker_with_login()
    (ended, first), (revoked, second), (_kept, third) = (
        share(worker) for _ in range(3)
    )
    PassportShare.objects.filter(pk=ended.pk).update(
        made_at=timezone.now() - timedelta(days=2),
        expires_at=timezone.now() - timedelta(seconds=1),
    )
    services.revoke_share(worker=worker, pk=revoked.pk, by=worker.user)

    assert opened(client, first).status_code == 404
    assert opened(client, second).status_code == 404
    assert opened(client, "none").status_code == 404
    assert opened(client, third).status_code == 200
    services.close_account(user=worker.user)
    worker.refresh_from_db()
    worker.user = make_worker_with_login().user  # somebody is verified as them again
    assert opened(client, third).status_code == 404
    assert not PassportShare.objects.usable().exists()


def test_secret_of_a_share_is_kept_nowhere():
    row, token = share(make_worker_with_login())

    assert token not in str(PassportShare.objects.filter(pk=row.pk).values().get())


def test_nobody_shares_or_revokes_the_passport_of_somebody_else(client):
    worker, other = make_worker_with_login(), make_worker_with_login()
    row, _token = share(worker)

    with pytest.raises(Refusal) as caught:
        services.share_passport(
            worker=worker, days=30, for_whom="", shows_name=True, by=other.user
        )
    client.force_login(other.user)

    assert caught.value.codes == {"not_yours"}
    assert client.post(MINE, {"revoke": row.pk}).status_code == 404
    assert PassportShare.objects.usable().get() == row


def test_worker_makes_an_address_reads_it_once_and_takes_it_back(client):
    worker = make_worker_with_login()
    client.force_login(worker.user)

    made = client.post(MINE, {"days": "7", "for_whom": "学校"}, follow=True)
    address = made.context["address"]
    again = client.get(MINE)

    assert client.get(address).status_code == 200
    assert address in made.content.decode() and again.context["address"] == ""
    row = PassportShare.objects.get()
    client.post(MINE, {"revoke": row.pk})
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("days", ["", "3650", "x"])
def test_share_of_no_known_length_is_refused_at_its_field(client, days):
    client.force_login(make_worker_with_login().user)

    response = client.post(MINE, {"days": days, "for_whom": "学校"})

    assert "days" in response.context["form"].errors
    assert not PassportShare.objects.exists()
