"""Small commands of the roof."""

from datetime import timedelta
from io import StringIO

import pytest
from django.contrib.auth.models import Group, Permission
from django.contrib.sessions.models import Session
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.utils import timezone

from common.models import AuditEvent
from members.models import LoginDevice, RosterImport, SmsMessage
from members.services import devices, roster
from signups.models import SeatPool, Signup
from signups.services import seats
from tests.factories import make_offering, make_union, make_user, make_worker
from unionportal import services
from unionportal.roles import ROLES


def run(name):
    out = StringIO()
    call_command(name, stdout=out)
    return out.getvalue().strip()


@pytest.mark.django_db(transaction=True)
def test_tick_settles_what_a_crash_left_and_may_run_twice():
    offering = make_offering(capacity=1)
    seated, waiter = (
        seats.sign_up(offering_id=offering.pk, worker=make_worker(), by=None)
        for _ in range(2)
    )
    Signup.objects.filter(pk=seated.pk).update(
        status="cancelled", pool=None, busy=None, ended_at=timezone.now()
    )
    SeatPool.objects.filter(offering=offering).update(owed=1)

    first, second = run("tick"), run("tick")

    waiter.refresh_from_db()
    assert (first, second) == ("1 seats passed on.", "0 seats passed on.")
    assert waiter.status == "seated"


@pytest.mark.django_db
def test_sync_roles_gives_exactly_the_permissions_however_often():
    run("sync_roles")
    editor = Group.objects.get(name="编辑")
    editor.permissions.add(Permission.objects.get(codename="delete_article"))

    said = run("sync_roles")

    rights = {
        f"{label}.{codename}"
        for label, codename in editor.permissions.values_list(
            "content_type__app_label", "codename"
        )
    }
    assert rights == ROLES["编辑"]
    assert said == f"{len(ROLES)} roles written."


@pytest.mark.django_db
def test_sync_roles_takes_the_permissions_of_a_role_that_left_the_list(monkeypatch):
    run("sync_roles")
    monkeypatch.delitem(services.ROLES, "编辑")

    run("sync_roles")

    assert not Group.objects.get(name="编辑").permissions.exists()


@pytest.mark.django_db
def test_sync_roles_reports_an_unknown_permission(monkeypatch):
    monkeypatch.setitem(services.ROLES, "编辑", {"news.fly"})

    with pytest.raises(ImproperlyConfigured, match="news.fly"):
        services.write_roles()


@pytest.mark.django_db
@pytest.mark.parametrize("role", sorted(ROLES))
def test_sync_roles_lets_nobody_delete_work_or_hold_every_right(role):
    """Rows are ended by verbs that keep history; leaving a team is such a verb, and a
    stewardship or a duty in a column is a right that was given, not work. What the frame says is in the hands
    of who runs the site."""
    services.write_roles()
    user = make_user(is_staff=True, roles=[role])

    rights = user.get_all_permissions()

    assert rights == ROLES[role]
    deletes = {right for right in rights if ".delete_" in right}
    frame = {
        f"unionportal.delete_{row}" for row in ("greyperiod", "footerlink", "sitemark")
    }
    known = {"members.delete_stewardship", "news.delete_columnduty"}
    known.add("common.delete_searchword")  # a word by which texts are cut
    known.add("news.delete_placement")  # what is put forward on home
    known.add("news.delete_commentword")  # a word that moderators are shown
    # what an edition asks for and how it is judged
    known |= {
        f"honors.delete_{row}"
        for row in ("criterion", "requireddocument", "compositionrule")
    }
    assert deletes <= known | frame
    assert not user.is_superuser


@pytest.mark.django_db
def test_tick_throws_rosters_away_after_a_day():
    content = "姓名,身份证号\n示例甲,1\n".encode()
    kept = roster.upload(
        union_org=make_union(), file_name="a.csv", content=content, by=None
    )
    RosterImport.objects.update(created_at=timezone.now() - timedelta(hours=25))

    said = run("tick")

    kept.refresh_from_db()
    assert kept.content == ""
    assert said.splitlines()[-1] == "1 rosters thrown away."


@pytest.mark.django_db
def test_tick_throws_ended_sessions_away_after_a_day():
    user, now = make_user(), timezone.now()
    ages = {"lasting": -1, "ended": 23, "forgotten": 25}  # hours since the end
    for key, hours in ages.items():
        Session.objects.create(
            session_key=key, session_data="", expire_date=now - timedelta(hours=hours)
        )
        devices.note_device(user=user, session_key=key, kind="", address="", since=None)

    said = run("tick")

    assert set(Session.objects.values_list("pk", flat=True)) == {"lasting", "ended"}
    assert LoginDevice.objects.count() == 2
    assert said.splitlines()[-1] == "1 ended sessions thrown away."


@pytest.mark.django_db
def test_tick_blanks_addresses_in_the_audit_after_half_a_year():
    for days in (182, 184):
        AuditEvent.objects.create(
            at=timezone.now() - timedelta(days=days),
            verb="log_in",
            outcome="done",
            address="203.0.113.5",
        )

    said = run("tick")

    assert AuditEvent.objects.filter(address=None).count() == 1
    assert said.splitlines()[-1] == "1 addresses in the audit blanked."


@pytest.mark.django_db
def test_tick_throws_traces_of_texts_away_after_half_a_year():
    for days in (182, 184):
        trace = SmsMessage.objects.create(
            kind="login", phone_hmac="x", address_hmac="x"
        )
        SmsMessage.objects.filter(pk=trace.pk).update(
            created_at=timezone.now() - timedelta(days=days)
        )

    said = run("tick")

    assert SmsMessage.objects.count() == 1
    assert said.splitlines()[-1] == "1 traces of texts thrown away."
