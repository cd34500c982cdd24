"""Signing up, logging in, a new password and another number, each by a code."""

import re

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils import timezone

from common.errors import Refusal
from members.enums import SmsKind
from members.models import Consent, SmsMessage, User
from members.services import codes, selfservice
from tests.concurrency import at_once
from tests.factories import PASSWORD, make_user
from tests.members.phone_tools import ask, let_pass, type_in
from tests.pages import markup

pytestmark = pytest.mark.django_db

NUMBER = "13912345678"
OTHER = "13987654321"
NEW_PASSWORD = "木棉花开在金沙江边"


def page_of(response):
    return response.content.decode()


def set_password(client, password=NEW_PASSWORD, **more):
    return client.post(reverse("account_set_password"), {"password": password, **more})


def is_in(client):
    return "_auth_user_id" in client.session


@pytest.mark.parametrize("door", ["account_signup", "account_request_login_code"])
def test_sign_up_takes_consent_a_number_and_a_code(client, outbox, door):
    """One flow for who has an account and who has none; a password is nobody's duty."""
    assert ask(client, door, NUMBER)["Location"] == reverse("account_code")
    before = client.session.session_key
    done = type_in(client, outbox.code_for(NUMBER))

    user = User.objects.by_phone("+86" + NUMBER)
    assert done["Location"] == reverse("my")
    assert client.session["_auth_user_id"] == str(user.pk)
    assert client.session.session_key != before
    assert NUMBER not in str(dict(client.session.items()))
    assert user.phone_verified
    assert not user.has_usable_password()
    assert Consent.objects.standing().filter(user=user).count() == 1


def test_log_in_by_code_with_consent_given_asks_for_it_no_second_time(
    client, outbox, settings
):
    """An account from before the notice changed: its tick came with the number."""
    user = make_user(phone=NUMBER)
    settings.PRIVACY_VERSION = "2030-01"
    ask(client, "account_request_login_code", NUMBER)

    done = type_in(client, outbox.code_for(NUMBER))

    assert done["Location"] == reverse("my")
    assert user.consents.filter(version="2030-01").count() == 1


def test_log_in_by_password_takes_no_tick_that_came_with_another_number(
    client, outbox, settings
):
    """Two people at one browser: what the first agreed to is not the second's."""
    user = make_user(phone=NUMBER)
    settings.PRIVACY_VERSION = "2030-01"
    ask(client, "account_request_login_code", OTHER)

    typed = {"login": NUMBER, "password": PASSWORD}
    done = client.post(reverse("account_login"), typed)

    assert done["Location"] == reverse("account_consent")
    assert not user.consents.filter(version="2030-01").exists()


def test_sign_up_returns_to_where_they_came_from(client, outbox):
    page = markup(client.get(reverse("account_login") + "?next=/activities/"))
    [hidden] = re.findall(r'<input type="hidden" name="next" value="([^"]*)"', page)
    typed = {"login": NUMBER, "agreed": "on", "how": "code", "next": hidden}
    client.post(reverse("account_login"), typed)

    assert type_in(client, outbox.code_for(NUMBER))["Location"] == "/activities/"


def test_log_in_page_uses_a_password_that_was_filled_in(client, outbox):
    """Enter presses the first button, which is that of the code."""
    make_user(phone=NUMBER)
    typed = {"login": NUMBER, "password": PASSWORD, "how": "code"}

    assert client.post(reverse("account_login"), typed)["Location"] == reverse("my")
    assert outbox.texts == []


def test_log_in_page_sends_a_code_after_a_password_that_was_wrong(client, outbox):
    """A browser fills the old one in again and again; the button now means a code."""
    make_user(phone=NUMBER)
    typed = {"login": NUMBER, "password": "an-old-one", "how": "code"}
    refused = markup(client.post(reverse("account_login"), typed))
    [how] = re.findall(r'name="how" value="([^"]*)"', refused)
    [number] = re.findall(r'name="login" value="([^"]*)"', refused)

    typed |= {"login": number, "how": how, "agreed": "on"}
    asked = client.post(reverse("account_login"), typed)

    assert "手机号或密码不正确" in refused
    assert refused.index('name="password"') < refused.index('name="how"')
    assert asked["Location"] == reverse("account_code")
    type_in(client, outbox.code_for(NUMBER))
    assert is_in(client)


def test_log_in_page_keeps_what_was_typed_when_the_tick_is_missing(client, outbox):
    typed = {"login": "139 1234 5678", "how": "code", "next": "/activities/"}

    page = markup(client.post(reverse("account_login"), typed))

    assert "同意后才能继续" in page
    assert 'name="login" value="139 1234 5678"' in page
    assert 'name="next" value="/activities/"' in page
    assert outbox.texts == []


def test_first_password_is_set_by_a_code_to_ones_own_number(client, outbox):
    ask(client, "account_request_login_code", NUMBER)
    type_in(client, outbox.code_for(NUMBER))
    let_pass(minutes=2)
    security = client.get(reverse("account_security"))
    [link] = re.findall(r'href="(/accounts/password/reset/[^"]*)"', page_of(security))

    assert client.post(link, {"phone": OTHER})["Location"] == reverse("account_code")
    assert len(outbox.texts) == 2 and outbox.texts[1]["to"] == "+86" + NUMBER
    type_in(client, outbox.code_for(NUMBER))
    done = set_password(client)

    assert done["Location"] == reverse("account_security")
    assert is_in(client)
    assert User.objects.get().check_password(NEW_PASSWORD)


def test_change_password_of_who_has_none_leads_to_the_first_one(client, outbox):
    ask(client, "account_request_login_code", NUMBER)
    type_in(client, outbox.code_for(NUMBER))

    answer = client.get(reverse("account_change_password"))

    assert answer["Location"].startswith(reverse("account_reset_password"))


def test_sign_up_leads_to_no_other_site_after_a_code(client, outbox):
    make_user(phone=NUMBER)
    client.get(reverse("account_request_login_code") + "?next=//evil.example/")
    ask(client, "account_request_login_code", NUMBER)

    done = type_in(client, outbox.code_for(NUMBER))

    assert done["Location"] == reverse("my")


def test_sign_up_makes_no_account_before_its_number_is_proven(client, outbox):
    ask(client, "account_signup", NUMBER)
    set_password(client)

    assert not User.objects.exists()


def test_log_in_by_code_takes_the_number_out_of_the_session(client, outbox):
    user = make_user(phone=NUMBER)
    make_user(phone=OTHER)
    ask(client, "account_request_login_code", NUMBER)
    before = client.session.session_key

    done = type_in(client, outbox.code_for(NUMBER))

    assert done["Location"] == reverse("my")
    assert client.session["_auth_user_id"] == str(user.pk)
    assert client.session.session_key != before
    assert NUMBER not in str(dict(client.session.items()))


def test_reset_password_by_code_ends_the_other_sessions(client, outbox):
    user = make_user(phone=NUMBER)
    other_device = type(client)()
    other_device.post(reverse("account_login"), {"login": NUMBER, "password": PASSWORD})
    old_session = other_device.session.session_key
    ask(client, "account_reset_password", NUMBER)
    type_in(client, outbox.code_for(NUMBER))

    done = set_password(client)

    user.refresh_from_db()
    assert done["Location"] == reverse("my")
    assert user.check_password(NEW_PASSWORD)
    assert is_in(client)
    assert not Session.objects.filter(pk=old_session).exists()
    assert user.devices.count() == 1
    assert other_device.get(reverse("my")).status_code == 302


def test_code_page_shows_four_digits_and_helps_the_phone(client, outbox):
    ask(client, "account_signup", NUMBER)

    page = page_of(client.get(reverse("account_code")))

    assert "尾号5678" in page
    assert NUMBER not in page and "1391234" not in page
    assert 'autocomplete="one-time-code"' in page


FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


@pytest.mark.parametrize(
    "spelling",
    [
        lambda code: f" {code[:3]} {code[3:]} ",
        lambda code: f"{code[:3]}-{code[3:]}",
        lambda code: code.translate(FULL_WIDTH),
        lambda code: code.translate(ARABIC),
        lambda code: f"\u202d{code}\u202c",
    ],
    ids=["blanks", "hyphen", "full-width", "arabic-indic", "unseen"],
)
def test_check_code_takes_any_usual_way_of_typing(client, outbox, spelling):
    make_user(phone=NUMBER)
    ask(client, "account_request_login_code", NUMBER)

    type_in(client, spelling(outbox.code_for(NUMBER)))

    assert is_in(client)


def wrong(code):
    return f"{(int(code) + 1) % 10**6:06d}"


def test_check_code_counts_wrong_codes_down_and_refuses_the_sixth_try(client, outbox):
    make_user(phone=NUMBER)
    ask(client, "account_request_login_code", NUMBER)
    code = outbox.code_for(NUMBER)

    said = [page_of(type_in(client, wrong(code))) for _ in range(5)]

    for n, page in zip([4, 3, 2, 1], said, strict=False):
        assert f"短信验证码不正确，还可以再试{n}次" in page
    assert "短信验证码不正确，请重新获取" in said[4]
    assert "输错次数太多，请重新获取验证码" in page_of(type_in(client, code))
    assert not is_in(client)


def test_check_code_counts_no_try_for_something_that_is_no_code(client, outbox):
    make_user(phone=NUMBER)
    ask(client, "account_request_login_code", NUMBER)

    said = page_of(type_in(client, "12345"))

    assert "短信验证码应为6位数字" in said
    assert SmsMessage.objects.get().tries == 0


def test_check_code_dies_after_ten_minutes(client, outbox):
    make_user(phone=NUMBER)
    ask(client, "account_request_login_code", NUMBER)
    let_pass(minutes=10, seconds=1)

    assert "验证码已过期，请重新获取" in page_of(
        type_in(client, outbox.code_for(NUMBER))
    )
    assert not is_in(client)


def test_check_code_works_to_the_end_of_its_ten_minutes(client, outbox):
    make_user(phone=NUMBER)
    ask(client, "account_request_login_code", NUMBER)
    let_pass(minutes=9, seconds=50)

    type_in(client, outbox.code_for(NUMBER))

    assert is_in(client)


def test_set_password_is_allowed_for_ten_minutes_after_the_number_is_proven(
    client, outbox
):
    user = make_user(phone=NUMBER)
    ask(client, "account_reset_password", NUMBER)
    type_in(client, outbox.code_for(NUMBER))
    let_pass(minutes=10, seconds=1)

    set_password(client)

    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_send_code_voids_the_old_code(client, outbox):
    make_user(phone=NUMBER)
    ask(client, "account_request_login_code", NUMBER)
    old = outbox.code_for(NUMBER)
    let_pass(seconds=61)
    client.post(reverse("account_code_again"))
    assert len(outbox.texts) == 2

    type_in(client, old)
    assert not is_in(client)
    type_in(client, outbox.code_for(NUMBER))
    assert is_in(client)


def sent(outbox, number=NUMBER, purpose=SmsKind.LOGIN):
    found = codes.send_code(purpose=purpose, phone="+86" + number, address="192.0.2.1")
    return found, outbox.code_for(number)


def refusal_of(found, typed):
    with pytest.raises(Refusal) as caught:
        codes.check(sent=found, typed=typed)
    return caught.value.codes


def test_check_code_is_used_once(outbox):
    make_user(phone=NUMBER)
    found, code = sent(outbox)
    codes.check(sent=found, typed=code)

    assert refusal_of(found, code) == {"code_expired"}


def test_check_code_is_good_for_its_own_number_purpose_and_message_only(outbox):
    make_user(phone=NUMBER)
    make_user(phone=OTHER)
    mine, my_code = sent(outbox)
    other, _code = sent(outbox, OTHER)
    let_pass(seconds=61)
    reset, _code = sent(outbox, purpose=SmsKind.RESET)

    for stranger in (other, reset):
        assert refusal_of(stranger, my_code) == {"code_wrong"}
    # nor can the session's parts be put together again
    for part in (
        {"purpose": SmsKind.RESET},
        {"phone": other.phone},
        {"message": other.message},
    ):
        forged = codes.SentCode(**(mine.as_dict() | part))
        assert refusal_of(forged, my_code) == {"code_wrong"}


@pytest.mark.parametrize(
    ("purpose", "has_account"), [(SmsKind.RESET, False), (SmsKind.NEW_PHONE, True)]
)
def test_check_code_of_a_text_without_a_code_takes_no_six_digits(
    outbox, monkeypatch, purpose, has_account
):
    """Nobody guesses their way into an account that there is not, or that is another's."""
    monkeypatch.setattr(codes.secrets, "randbelow", lambda _below: 135790)
    if has_account:
        make_user(phone=NUMBER)
    found = codes.send_code(purpose=purpose, phone="+86" + NUMBER, address="192.0.2.1")

    assert "135790" not in outbox.texts[0]["text"]
    assert refusal_of(found, "135790") == {"code_wrong"}


def test_check_code_proof_is_good_for_its_own_purpose_only(outbox):
    make_user(phone=NUMBER)
    found, code = sent(outbox)
    codes.check(sent=found, typed=code)

    assert codes.is_proven(found)
    other = codes.SentCode(**(found.as_dict() | {"purpose": SmsKind.RESET}))
    assert not codes.is_proven(other)


def test_check_code_compares_in_constant_time(outbox, monkeypatch):
    make_user(phone=NUMBER)
    found, code = sent(outbox)
    compared = []
    real = codes.constant_time_compare
    monkeypatch.setattr(
        codes,
        "constant_time_compare",
        lambda *pair: compared.append(pair) or real(*pair),
    )

    codes.check(sent=found, typed=code)

    assert len(compared) == 1


@pytest.mark.django_db(transaction=True)
def test_check_code_twenty_guesses_at_the_same_moment_count_as_twenty(outbox):
    make_user(phone=NUMBER)
    found, code = sent(outbox)
    guesses = [f"{(int(code) + n) % 10**6:06d}" for n in range(1, 21)]

    said = at_once([lambda g=g: codes.check(sent=found, typed=g) for g in guesses])

    assert SmsMessage.objects.get().tries == 5
    assert sum("code_dead" in refusal.codes for refusal in said) >= 15
    assert refusal_of(found, code) == {"code_dead"}


@pytest.mark.django_db(transaction=True)
def test_check_code_right_code_twice_at_the_same_moment_works_once(outbox):
    make_user(phone=NUMBER)
    found, code = sent(outbox)

    said = at_once([lambda: codes.check(sent=found, typed=code)] * 4)

    assert said.count(None) == 1


@pytest.mark.django_db(transaction=True)
def test_sign_up_by_two_with_one_number_at_once_makes_one_account(outbox):
    def register():
        return selfservice.register(
            phone="+86" + NUMBER,
            version="1",
            given_at=timezone.now(),
        )

    said = at_once([register] * 4)

    assert User.objects.count() == 1
    assert sum(isinstance(answer, User) for answer in said) == 1


def test_check_code_by_the_owner_ends_a_strangers_password(client, outbox):
    """Somebody typed a number in and set a password before its owner came."""
    user = make_user(phone=NUMBER)
    User.objects.filter(pk=user.pk).update(phone_verified=False)
    stranger = type(client)()
    typed = {"login": NUMBER, "password": PASSWORD}
    stranger.post(reverse("account_login"), typed)
    assert not is_in(stranger)
    ask(client, "account_request_login_code", NUMBER)
    type_in(client, outbox.code_for(NUMBER))
    assert is_in(client)

    stranger.post(reverse("account_login"), typed)

    assert not is_in(stranger)


def test_check_code_at_a_proven_number_leaves_the_password_alone(client, outbox):
    user = make_user(phone=NUMBER)
    ask(client, "account_request_login_code", NUMBER)
    type_in(client, outbox.code_for(NUMBER))

    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_log_in_by_code_refuses_an_account_that_is_switched_off(client, outbox):
    user = make_user(phone=NUMBER)
    User.objects.filter(pk=user.pk).update(is_active=False)
    ask(client, "account_request_login_code", NUMBER)

    done = type_in(client, outbox.code_for(NUMBER))

    assert done["Location"] == reverse("account_inactive")
    assert not is_in(client)


def test_set_password_reports_a_weak_password_and_the_number_stays_proven(
    client, outbox
):
    make_user(phone=NUMBER)
    ask(client, "account_reset_password", NUMBER)
    type_in(client, outbox.code_for(NUMBER))

    weak = page_of(set_password(client, "123"))
    strong = set_password(client)

    assert "密码" in weak and "errsum" in weak
    assert strong["Location"] == reverse("my")


def test_set_password_refuses_ones_own_number(client, outbox):
    user = make_user(phone=NUMBER)
    ask(client, "account_reset_password", NUMBER)
    type_in(client, outbox.code_for(NUMBER))

    page = page_of(set_password(client, NUMBER))

    assert "密码不能是自己的手机号" in page
    assert 'id="id_password_error"' in page  # at the field
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_set_password_takes_a_long_password_whole_and_it_opens_every_door(
    client, outbox
):
    """A browser cuts a pasted text at a field's limit, without a word."""
    password = " " + "江" * 200 + " "
    make_user(phone=NUMBER)
    ask(client, "account_reset_password", NUMBER)
    type_in(client, outbox.code_for(NUMBER))
    page = page_of(client.get(reverse("account_set_password")))

    set_password(client, password)
    again = page_of(client.get(reverse("account_change_phone")))
    answer = client.post(reverse("account_change_phone"), {"password": password})

    for shown in (page, again):
        [field] = re.findall('<input[^>]*name="password"[^>]*>', shown)
        assert "maxlength" not in field
    assert answer["Location"] == reverse("account_change_phone_new")
    elsewhere = type(client)()
    typed = {"login": NUMBER, "password": password}
    elsewhere.post(reverse("account_login"), typed)
    assert is_in(elsewhere)
    assert not User.objects.get().check_password(password.strip())


def test_sign_up_ignores_fields_that_nobody_asked_for(client, outbox):
    more = {"is_staff": "1", "is_superuser": "1", "groups": "1", "user": "2"}
    ask(client, "account_signup", NUMBER, **more)
    client.post(reverse("account_code"), {"code": outbox.code_for(NUMBER), **more})

    user = User.objects.get()
    assert (user.is_staff, user.is_superuser, user.groups.count()) == (False, False, 0)


def test_send_code_again_leads_on_to_the_password(client, outbox):
    """A second tap: the number is proven already, in this very session."""
    make_user(phone=NUMBER)
    ask(client, "account_reset_password", NUMBER)
    type_in(client, outbox.code_for(NUMBER))

    again = type_in(client, outbox.code_for(NUMBER))

    assert again["Location"] == reverse("account_set_password")


@pytest.mark.parametrize(
    "door",
    [
        "account_signup",
        "account_request_login_code",
        "account_reset_password",
        "account_code",
        "account_login",
    ],
)
def test_code_page_with_a_proven_number_is_stored_by_no_browser(client, door):

    assert "no-store" in client.get(reverse(door))["Cache-Control"]


# --- pages without a code on its way ---------------------------------------------------


@pytest.mark.parametrize(
    "door", ["account_code", "account_set_password", "account_code_again"]
)
def test_code_page_without_a_code_on_its_way_says_where_to_get_one(client, door):
    page = client.get(reverse(door), follow=True)
    posted = client.post(reverse(door), {"code": "123456"}, follow=True)

    for answer in (page, posted):
        assert answer.status_code == 200
        assert "没有可用的验证码" in page_of(answer)


def test_sign_up_page_is_not_shown_to_who_is_logged_in(client):
    client.force_login(make_user(phone=NUMBER))

    for door in ("account_signup", "account_request_login_code"):
        assert client.get(reverse(door))["Location"] == reverse("my")
