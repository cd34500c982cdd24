"""How many texts may be asked for, and by whom."""

import json
import re
import time
from datetime import timedelta
from functools import partial

import pytest
from django.urls import reverse

from common import crypto
from common.errors import Refusal
from members import captcha as captcha_module
from members import sms
from members.addresses import address_of
from members.captcha import Captcha
from members.enums import SmsKind
from members.models import SmsMessage
from members.services import texting
from tests.concurrency import at_once
from tests.factories import PASSWORD, make_user
from tests.members.phone_tools import ask, let_pass
from tests.members.test_captcha import solved, sum_of
from tests.members.test_enumeration import walk

pytestmark = pytest.mark.django_db

NUMBER = "13912345678"
HERE = "192.0.2.1"


def send(n=0, *, address=HERE, **more):
    return texting.send(
        kind=SmsKind.SIGNUP,
        phone=f"+86139{n:08d}",
        text="示例",
        address=address,
        **more,
    )


def refusal(*args, **more):
    with pytest.raises(Refusal) as caught:
        send(*args, **more)
    return caught.value


def test_send_code_gives_a_number_one_text_a_minute(outbox):
    send()
    let_pass(seconds=2)

    again = refusal()

    assert again.codes == {"too_soon"}
    assert str(again) == "发送太频繁，58秒后可重发"
    let_pass(seconds=58)
    send()
    assert len(outbox.texts) == 2


def test_send_code_gives_a_number_five_texts_an_hour(outbox):
    for _ in range(5):
        send()
        let_pass(minutes=2)

    again = refusal()

    assert again.codes == {"too_soon"}
    assert str(again) == "发送太频繁，50分钟后可重发"
    let_pass(minutes=50)
    send()
    assert len(outbox.texts) == 6


def test_send_code_limits_are_settings(outbox, settings):
    settings.SMS_NUMBER_SECONDS, settings.SMS_NUMBER_HOURLY = 0, 2
    send()
    send()

    assert refusal().codes == {"too_soon"}
    settings.SMS_NUMBER_HOURLY = 3
    send()


def test_send_code_twenty_numbers_ask_for_one_code_each(outbox, client):
    """The mock counts: the page tells the same limit as the verb."""
    for _ in range(20):
        page = ask(client, "account_signup", NUMBER)

    assert len(outbox.texts) == 1
    assert re.search(r"发送太频繁，\d+秒后可重发", page.content.decode())


def test_send_code_gives_an_account_so_many_an_hour_to_whatever_numbers(
    outbox, settings
):
    """Else somebody logged in could let any number of telephones ring."""
    settings.SMS_ACCOUNT_HOURLY = 3
    asking, other = make_user(), make_user()
    for n in range(3):
        send(n, by=asking)
        let_pass(minutes=10)

    again = refusal(3, by=asking)

    assert again.codes == {"too_soon"}
    assert str(again) == "发送太频繁，30分钟后可重发"
    send(4, by=other)
    send(5)
    let_pass(minutes=30)
    send(6, by=asking)
    assert len(outbox.texts) == 6


def test_send_code_on_the_pages_counts_for_who_is_logged_in(outbox, settings, client):
    settings.SMS_ACCOUNT_HOURLY = 2
    client.force_login(make_user())
    client.post(reverse("account_change_phone"), {"password": PASSWORD})
    for n in range(3):
        page = ask(client, "account_change_phone_new", f"1390000000{n}")

    assert re.search(r"发送太频繁，\d+分钟后可重发", page.content.decode())
    assert len(outbox.texts) == 2
    # nor by asking for the last one again, nor by the page for who forgot the password
    let_pass(minutes=2)
    client.post(reverse("account_code_again"))
    ask(client, "account_reset_password", "13900000009")
    assert len(outbox.texts) == 2


def test_send_code_that_is_refused_counts_for_nobody(outbox, settings):
    outbox.path.parent.write_text("in the way")
    assert refusal().codes == {"not_sent"}
    outbox.path.parent.unlink()

    send()

    assert len(outbox.texts) == 1


def test_send_code_has_a_ceiling_for_the_whole_site(outbox, settings, caplog):
    settings.SMS_SITE_HOURLY, settings.SMS_SITE_KEPT = 3, 0
    for n in range(3):
        send(n, address=f"192.0.2.{n}")
    assert caplog.records == []

    assert refusal(3, address="192.0.2.9").codes == {"site_busy"}
    [line] = caplog.records  # whoever runs the site hears of it
    assert line.levelname == "ERROR" and "ceiling" in line.getMessage()
    let_pass(minutes=61)
    send(3)


def test_send_code_asks_for_a_captcha_after_five_from_one_address(outbox, settings):
    settings.SMS_ADDRESS_HOURLY = 5
    for n in range(5):
        assert texting.captcha_level(HERE) is None
        send(n)

    assert texting.captcha_level(HERE) == 0
    assert refusal(5).codes == {"captcha"}
    assert refusal(5, captcha=Captcha()).codes == {"captcha"}
    send(5, captcha=solved())
    send(6, captcha=sum_of(captcha_module.new_sum()))
    send(7, address="192.0.2.2")
    assert len(outbox.texts) == 8
    let_pass(minutes=61)
    assert texting.captcha_level(HERE) is None


def test_send_code_doubles_the_work_with_every_five_from_one_address(outbox, settings):
    settings.SMS_ADDRESS_HOURLY, settings.CAPTCHA_WORK = 5, 500
    early = [solved(0) for _ in range(20)]  # fetched before anybody asked
    levels = []
    for n in range(25):
        levels.append(texting.captcha_level(HERE))
        send(n, captcha=solved(levels[-1] or 0))

    assert levels == [None] * 5 + [0] * 5 + [1] * 5 + [2] * 5 + [3] * 5
    assert refusal(25, captcha=early[0]).codes == {"captcha"}
    assert refusal(25, captcha=solved(1)).codes == {"captcha"}
    send(25, captcha=solved(2))  # somebody else asked while it was done
    task = json.loads(captcha_module.new_work(3))
    assert task["most"] == 8 * settings.CAPTCHA_WORK


def test_send_code_sum_takes_a_wait_once_many_asked_from_one_address(outbox, settings):
    settings.SMS_ADDRESS_HOURLY = 0
    for n in range(5):
        send(n, captcha=sum_of(captcha_module.new_sum()))
    answer = sum_of(captcha_module.new_sum())

    early = refusal(5, captcha=answer)

    assert early.codes == {"too_soon"}
    assert "请过10秒再按一次" in str(early)
    let_pass(seconds=11)
    send(5, captcha=answer)  # not used up by the refusal
    assert refusal(6, captcha=Captcha()).codes == {"captcha"}


def test_send_code_gives_an_address_so_many_texts_a_day(outbox, settings):
    settings.SMS_ADDRESS_DAILY = 3
    for n in range(3):
        send(n)
        let_pass(hours=2)

    again = refusal(3)

    assert again.codes == {"address_busy"}
    first = SmsMessage.objects.earliest("created_at").created_at
    assert again.reasons[0].lifts_at == first + timedelta(days=1)
    send(3, address="192.0.2.2")
    texting.send(kind=SmsKind.MOVED, phone="+8613900000009", text="示例", address=None)
    let_pass(hours=18, minutes=1)
    send(3)


@pytest.fixture
def crowd(outbox, settings):
    """Of ten texts an hour two are left, both kept for numbers with an account."""
    settings.SMS_SITE_HOURLY, settings.SMS_SITE_KEPT = 10, 0.2
    for n in range(8):
        send(n, address=f"192.0.2.{n}")
    return outbox


def test_send_code_reserves_the_last_part_of_the_hour_for_numbers_with_an_account(
    crowd,
):
    user = make_user(phone="13912340000")

    unknown = send(20)
    known = send(21, user=user)

    assert (unknown.outcome, known.outcome) == ("withheld", "sent")
    assert len(crowd.texts) == 9
    # who holds no account waits as everybody does, and spends nothing
    assert refusal(20).codes == {"too_soon"}
    send(22, user=make_user())
    assert refusal(23, user=make_user()).codes == {"site_busy"}
    assert refusal(24).codes == {"site_busy"}


@pytest.mark.parametrize(
    "door", ["account_request_login_code", "account_signup", "account_reset_password"]
)
def test_send_code_in_a_crowd_known_and_unknown_numbers_look_the_same(
    crowd, client, door
):
    make_user(phone="13912340000")

    known = walk(client, door, "13912340000")
    unknown = walk(client, door, "13812340000")

    assert known == unknown
    assert "短信可能收不到" in known[1][2]
    assert len(crowd.texts) == 9


def test_send_code_in_a_crowd_shows_nothing_by_the_clock(crowd, monkeypatch):
    slept = []
    monkeypatch.setattr(sms.time, "sleep", slept.append)
    monkeypatch.setattr(sms, "_took", [0.25])

    send(20)

    assert slept == [0.25]


def test_usage_shows_who_runs_the_site_how_many_texts_go_out(crowd, enter, client):
    send(20)
    enter("系统管理员")
    html = client.get(reverse("admin:index")).content.decode()
    enter("编辑")
    other = client.get(reverse("admin:index")).content.decode()

    assert "近1小时8条（上限10条，已用80%）" in html
    assert "另有1次" in html
    busiest = crypto.digest("sms-address", HERE)[:8]
    assert f"{busiest} 2次" in html and busiest not in other


def test_send_code_does_not_use_up_an_answer_that_is_not_needed(outbox, settings):
    answer = solved()
    send(0, captcha=answer)

    settings.SMS_ADDRESS_HOURLY = 0
    send(1, captcha=answer)
    assert refusal(2, captcha=answer).codes == {"captcha"}


def test_send_code_gives_an_answer_back_when_the_text_did_not_go_out(outbox, settings):
    settings.SMS_ADDRESS_HOURLY = 0
    answer = solved()
    outbox.path.parent.write_text("in the way")
    assert refusal(captcha=answer).codes == {"not_sent"}
    outbox.path.parent.unlink()

    send(captcha=answer)

    assert len(outbox.texts) == 1


def test_send_code_form_asks_only_once_it_is_needed_and_takes_the_sum(
    outbox, settings, client
):
    settings.SMS_ADDRESS_HOURLY = 1
    make_user(phone=NUMBER)
    door = "account_request_login_code"
    assert "验证问题" not in (first := client.get(reverse(door)).content.decode())
    assert "proof.js" not in first
    ask(client, door, NUMBER)

    page = client.get(reverse(door)).content.decode()
    assert "等于几？" in page and "proof.js" in page and "data-proof" in page
    empty = ask(client, door, "13900000001").content.decode()
    assert "请先回答验证问题" in empty
    signed = re.search(r'name="signed" value="([^"]+)"', empty)[1]
    given = sum_of(signed).answer
    assert ask(client, door, "13900000001", signed=signed, answer=given)[
        "Location"
    ] == reverse("account_code")
    twice = ask(client, door, "13900000002", signed=signed, answer=given)
    assert "请先回答验证问题" in twice.content.decode()
    # and the next question is another one
    assert signed not in twice.content.decode()
    assert len(outbox.texts) == 2


def test_send_code_again_asks_for_a_captcha_too_and_keeps_the_page(
    outbox, settings, client
):
    make_user(phone=NUMBER)
    ask(client, "account_request_login_code", NUMBER)
    let_pass(seconds=61)
    settings.SMS_ADDRESS_HOURLY = 1

    page = client.post(reverse("account_code_again")).content.decode()

    assert "请先回答验证问题" in page and "尾号5678" in page
    assert 'action="/accounts/code/"' in page
    signed = re.search(r'name="signed" value="([^"]+)"', page)[1]
    client.post(
        reverse("account_code_again"),
        {"signed": signed, "answer": sum_of(signed).answer},
    )
    assert len(outbox.texts) == 2


def test_send_code_counts_every_household_of_an_ipv6_network_as_one(
    outbox, settings, client
):
    settings.SMS_ADDRESS_HOURLY = 1
    for n in range(3):
        page = client.post(
            reverse("account_signup"),
            {"phone": f"1390000000{n}", "agreed": "on"},
            REMOTE_ADDR=f"2001:db8::{n + 1}",
        )

    assert "请先回答验证问题" in page.content.decode()
    assert len(outbox.texts) == 1


def test_send_code_tells_visitors_by_ipv4_apart_however_the_socket_writes_them(rf):
    seen = {
        address: address_of(rf.get("/", REMOTE_ADDR=address))
        for address in ("::ffff:203.0.113.9", "::ffff:203.0.113.10", "203.0.113.9")
    }

    assert list(seen.values()) == ["203.0.113.9", "203.0.113.10", "203.0.113.9"]


@pytest.fixture
def rush(outbox, monkeypatch):
    """Twenty ask for the same number; a pause between counting and writing."""
    checked = texting._too_soon

    def look_then_dawdle(*args):
        grounds = checked(*args)
        time.sleep(0.05)
        return grounds

    monkeypatch.setattr(texting, "_too_soon", look_then_dawdle)
    return [partial(send, address=f"192.0.2.{n}") for n in range(20)]


@pytest.mark.django_db(transaction=True)
def test_send_code_twenty_at_once_give_one_text(rush, outbox):
    said = at_once(rush)

    assert sum(isinstance(answer, SmsMessage) for answer in said) == 1
    assert SmsMessage.objects.count() == 1
    assert len(outbox.texts) == 1


@pytest.mark.django_db(transaction=True)
def test_send_code_without_turns_would_send_more_at_once(rush, outbox, monkeypatch):
    """The control: if this fails, the test above proves nothing."""
    monkeypatch.setattr(texting, "_take_turns", lambda: None)

    at_once(rush)

    assert len(outbox.texts) > 1
