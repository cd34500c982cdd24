"""Pages of services: what the public sees, what a leader does on a telephone, hours."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from members.models import Notice
from signups.models import Attendance
from tests.factories import make_user, make_worker_with_login
from tests.volunteers.factories import make_membership
from tests.volunteers.services import (
    HOUR,
    begun,
    make_coordinator,
    make_deputy,
    make_event,
    make_led_team,
    served,
    sign_up,
)
from volunteers.enums import CountersignState, EventState, RecordState
from volunteers.models import Countersign, EventPhoto, ServiceEvent, ServiceRecord
from volunteers.services import countersign, hours
from volunteers.services.events import PostFacts, call_off_event

pytestmark = pytest.mark.django_db
PHONE = "13800001234"


def at(name, *args):
    return reverse(f"admin:volunteers_serviceevent_{name}", args=args)


def desk(name, *args):
    return reverse(f"admin:volunteers_servicerecord_{name}", args=args)


def typed_event(**changes):
    day = timezone.localdate() + timedelta(days=3)
    return {
        "title": "河岸清理",
        "kind": "green",
        "place": "江边公园",
        "starts_0": f"{day:%Y-%m-%d}",
        "starts_1": "9:00",
        "ends_0": f"{day:%Y-%m-%d}",
        "ends_1": "11：00",
        "contact_phone": "138 0000 1234",
        "contact_name": "示例联系人",
        "post0-name": "引导员",
        "post0-number": "6",
        "post1-name": "摄影",
        "post1-number": "1",
    } | changes


# --- the public page


def test_event_page_shows_the_number_to_call_to_who_is_signed_up_only(client):
    event = make_event(posts=[PostFacts("引导员", 1)])
    seated, waiting = sign_up(event), sign_up(event)
    page = event.get_absolute_url()

    for worker in (None, make_worker_with_login(), waiting.worker):
        if worker is not None:
            client.force_login(worker.user)
        answer = client.get(page)
        assert answer.status_code == 200
        assert PHONE not in answer.content.decode()
    client.force_login(seated.worker.user)
    assert PHONE in client.get(page).content.decode()


def test_event_page_hides_the_number_again_after_the_service(client):
    event = make_event()
    seated = sign_up(event)
    client.force_login(seated.worker.user)

    begun(event, ago=30 * HOUR)

    assert PHONE not in client.get(event.get_absolute_url()).content.decode()


def test_event_page_leads_to_the_check_in_while_one_may_tap(client):
    event = make_event()
    seated = sign_up(event)
    client.force_login(seated.worker.user)
    occasion = seated.offering.occasions.get()
    there = reverse("signups:check-in", args=[occasion.pk])

    assert there not in client.get(event.get_absolute_url()).content.decode()
    begun(event)
    assert there in client.get(event.get_absolute_url()).content.decode()


def test_event_page_called_off_says_why_and_offers_no_sign_up(client):
    event = make_event()
    call_off_event(event=event, reason="暴雨红色预警", by=event.team.leader.user)

    page = client.get(event.get_absolute_url()).content.decode()

    assert "暴雨红色预警" in page
    assert "/sign-up/" not in page


def test_event_page_takes_few_queries_however_many_come(client):
    def queries(people):
        event = make_event(posts=[PostFacts("引导员", 20), PostFacts("摄影", 2)])
        for _ in range(people):
            sign_up(event)
        with CaptureQueriesContext(
            connection,
        ) as seen:
            client.get(event.get_absolute_url())
        return len(seen)

    few, many = queries(1), queries(8)
    assert few == many <= 8


def test_team_page_and_directory_list_what_is_to_come(client):
    event = make_event()

    for page in (event.team.get_absolute_url(), reverse("volunteers:team-list")):
        assert event.title in client.get(page).content.decode()
    call_off_event(event=event, reason="暴雨", by=event.team.leader.user)
    for page in (event.team.get_absolute_url(), reverse("volunteers:team-list")):
        assert event.title not in client.get(page).content.decode()


def test_photo_is_for_the_team_until_it_is_published(client):
    event, _records = served()
    client.force_login(event.team.leader.user)
    out = BytesIO()
    Image.new("RGB", (640, 480), "#336").save(out, "PNG")
    client.post(
        at("photos", event.pk),
        {"file": SimpleUploadedFile("a.png", out.getvalue()), "caption": "合影"},
    )
    photo = EventPhoto.objects.get()
    there = reverse("volunteers:photo", args=[photo.key, 480])

    assert client.get(there).status_code == 200
    client.force_login(make_led_team().leader.user)
    assert client.get(there).status_code == 404
    client.force_login(event.team.leader.user)
    client.post(at("photos", event.pk), {"photo": photo.pk, "do": "publish"})
    client.logout()
    assert client.get(there).status_code == 200


# --- a leader's telephone


def test_new_page_opens_a_service_and_keeps_what_was_typed(client):
    team = make_led_team()
    client.force_login(team.leader.user)

    wrong = client.post(
        at("new", team.pk), typed_event(**{"ends_1": "8:00", "post1-number": ""})
    )
    assert wrong.status_code == 200
    page = wrong.content.decode()
    assert "摄影" in page and "江边公园" in page and "请填写人数" in page
    backwards = client.post(at("new", team.pk), typed_event(ends_1="8:00"))
    assert "结束时间应晚于开始时间" in backwards.content.decode()
    assert not ServiceEvent.objects.exists()

    answer = client.post(at("new", team.pk), typed_event())

    event = ServiceEvent.objects.get()
    assert answer.url == at("run", event.pk)
    assert [post.name for post in event.posts.order_by("position")] == [
        "引导员",
        "摄影",
    ]
    assert event.contact_phone == PHONE
    assert event.minutes == 120


def test_edit_page_changes_posts_and_takes_none_away(client):
    event = make_event()
    post = event.posts.get()
    client.force_login(event.team.leader.user)
    held = {"post0-pk": post.pk, "post0-name": "导引员", "post0-number": "12"}

    client.post(at("edit", event.pk), typed_event(**held))
    dropped = client.post(
        at("edit", event.pk), typed_event(**{"post0-pk": "", "post0-name": ""})
    )

    assert dropped.status_code == 200
    assert [p.name for p in event.posts.order_by("position")] == ["导引员", "摄影"]
    assert event.posts.get(pk=post.pk).offering.pools.get().capacity == 12


def test_leader_of_another_team_reaches_no_page_of_a_service(client):
    event, [record] = served()
    client.force_login(make_led_team().leader.user)
    addresses = [
        at(name, event.pk)
        for name in (
            "run", "edit", "call_off", "code", "picture", "roster", "close", "hours",
            "served", "photos",
        )
    ]  # fmt: skip
    addresses += [at("new", event.team_id), desk("work", record.pk)]

    for address in addresses:
        assert client.get(address).status_code == 404, address
        assert client.post(address).status_code in (404, 405), address


def test_member_without_a_role_and_the_auditor_change_nothing(client):
    event, [record] = served()
    auditor = make_user(roles=["审计员"], is_staff=True)
    client.force_login(auditor)

    assert client.get(at("run", event.pk)).status_code == 200
    assert client.get(desk("work", record.pk)).status_code == 200
    for address in (
        at("edit", event.pk),
        at("call_off", event.pk),
        at("hours", event.pk),
    ):
        assert client.post(address, {"reason": "x"}).status_code == 403, address
    assert client.post(desk("work", record.pk), {"do": "confirm"}).status_code == 403
    record.refresh_from_db()
    assert record.state == RecordState.RECORDED


def test_roster_notes_who_has_no_telephone_and_the_day_is_closed(client):
    event = make_event()
    one, two, three = (sign_up(event) for _ in range(3))
    begun(event, ago=3 * HOUR)
    client.force_login(event.team.leader.user)
    start, end = (timezone.localtime(m) for m in (event.starts_at, event.ends_at))
    line = {
        f"mark-{one.pk}": "here",
        f"in-{one.pk}": f"{start:%H:%M}",
        f"out-{one.pk}": f"{end:%H:%M}",
        f"mark-{two.pk}": "absent",
        f"mark-{three.pk}": "here",
        f"in-{three.pk}": "25:70",
    }

    wrong = client.post(at("roster", event.pk), line)
    assert "24小时制" in wrong.content.decode()
    assert not Attendance.objects.exists()
    del line[f"in-{three.pk}"]
    refused = client.post(at("roster", event.pk), line)
    assert "请写明补填的原因" in refused.content.decode()
    line |= {f"why-{one.pk}": "没有手机", f"in-{three.pk}": f"{start:%H:%M}"}
    assert client.post(at("roster", event.pk), line).status_code == 302
    open_end = client.post(at("close", event.pk))
    assert "没有签退" in open_end.content.decode()
    client.post(
        at("roster", event.pk),
        {f"out-{three.pk}": f"{end:%H:%M}", f"why-{three.pk}": "忘了"},
    )
    answer = client.post(at("close", event.pk))

    assert answer.url == at("hours", event.pk)
    minutes = ServiceRecord.objects.values_list("signup", "minutes")
    assert set(minutes) == {(one.pk, 120), (three.pk, 120)}
    event.refresh_from_db()
    assert event.state(timezone.now()) == EventState.CLOSED


def test_code_page_shows_one_code_for_all_posts(client):
    event = make_event(posts=[PostFacts("引导员", 2), PostFacts("摄影", 2)])
    sign_up(event), sign_up(event, post=1)
    begun(event)
    client.force_login(event.team.leader.user)

    page = client.get(at("code", event.pk)).content.decode()

    assert 'class="door__code"' in page and "共2人报名" in page
    picture = client.get(at("picture", event.pk))
    assert picture["Content-Type"] == "image/svg+xml"


# --- hours


def test_desk_confirms_what_is_ticked_and_never_ones_own_work(client):
    team = make_led_team()
    deputy = make_deputy(team)
    event, records = served(team=team, people=2)
    client.force_login(team.leader.user)
    own = client.get(desk("desk")).content.decode()
    assert f'value="{records[0].pk}"' not in own
    refused = client.post(desk("desk"), {"record": [records[0].pk]})
    assert "请另一位队长" in refused.content.decode()

    client.force_login(deputy.user)
    client.post(desk("desk"), {"record": [r.pk for r in records]})

    states = ServiceRecord.objects.values_list("state", flat=True)
    assert set(states) == {RecordState.CONFIRMED}
    assert event.records.count() == 2


def test_dispute_goes_from_the_worker_to_an_answer_and_a_second_confirmation(client):
    worker = make_worker_with_login()
    team = make_led_team()
    _event, [record] = served(team=team, worker=worker)
    by = make_coordinator()
    hours.confirm(records=[record], by=by)
    dispute = reverse("volunteers:hours-dispute", args=[record.pk])
    client.force_login(worker.user)

    empty = client.post(dispute, {"text": " "})
    assert "请说明哪里不对" in empty.content.decode()
    client.post(dispute, {"text": "多算了半小时"})
    page = client.get(reverse("volunteers:my-services")).content.decode()
    assert "有异议，处理中" in page

    client.force_login(team.leader.user)
    answer = {"do": "upheld", "minutes": "90", "reason": "核对签到后更正"}
    client.post(desk("work", record.pk), answer)
    correction = record.successors.get()
    client.force_login(by)
    client.post(desk("work", correction.pk), {"do": "confirm"})

    in_force = ServiceRecord.objects.in_force().get(worker=worker)
    assert (in_force.minutes, in_force.supersedes) == (90, record)
    kinds = Notice.objects.filter(user=worker.user).values_list("kind", flat=True)
    assert {"volunteers.dispute_answered", "volunteers.hours_corrected"} <= set(kinds)


def test_dispute_of_somebody_elses_record_is_404(client):
    _event, [record] = served()
    hours.confirm(records=[record], by=make_coordinator())
    client.force_login(make_worker_with_login().user)

    dispute = reverse("volunteers:hours-dispute", args=[record.pk])

    assert client.post(dispute, {"text": "不对"}).status_code == 404
    assert not record.disputes.exists()


def test_team_hours_are_for_members_and_who_runs_the_team(client):
    event, [record] = served()
    hours.confirm(records=[record], by=make_coordinator())
    page = reverse("volunteers:team-hours", args=[event.team_id])
    name = record.worker.name

    assert client.get(page).status_code == 302
    client.force_login(make_worker_with_login().user)
    assert client.get(page).status_code == 404
    member = make_worker_with_login()
    make_membership(team=event.team, worker=member)
    client.force_login(member.user)
    assert name in client.get(page).content.decode()


# --- the host


def test_host_confirms_by_the_link_without_a_log_in(client):
    event, _records = served()
    client.force_login(event.team.leader.user)
    typed = {"people": "30", "person_times": "45", "host": "示例社区"}
    wrong = client.post(at("served", event.pk), typed | {"person_times": "20"})
    assert "人次不能少于人数" in wrong.content.decode()
    shown = client.post(at("served", event.pk), typed)
    link = shown.context["link"]
    assert link not in client.get(at("run", event.pk)).content.decode()
    client.logout()

    assert client.get(link).status_code == 200
    nameless = client.post(link, {"do": "sign"})
    assert "请填写您的姓名" in nameless.content.decode()
    client.post(link, {"do": "sign", "signer": "王某"})

    assert Countersign.objects.get().state == CountersignState.SIGNED
    again = client.get(link)
    assert (again.status_code, "链接已失效" in again.content.decode()) == (404, True)
    page = client.get(event.get_absolute_url()).content.decode()
    assert "服务30人，45人次" in page and "王某" not in page


def test_host_page_shows_nobody_of_the_service(client):
    event, records = served()
    _row, token = countersign.ask(
        event=event, people=3, person_times=3, host="示例社区",
        by=event.team.leader.user,
    )  # fmt: skip

    page = client.get(reverse("volunteers:countersign", args=[token]))

    assert records[0].worker.name not in page.content.decode()
    assert PHONE not in page.content.decode()
    assert "no-store" in page["Cache-Control"]
