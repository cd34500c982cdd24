"""Two rules for passwords, and what a change of one does."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from common.errors import Refusal
from members.models import OldPassword, User
from members.services import accounts, passwords
from tests.factories import PASSWORD, agreed, make_user
from tests.members import phone_tools
from tests.members.guard import NUMBER, STAFF_RULE, is_in, log_in, make_staff

pytestmark = pytest.mark.django_db

CHANGE = "/accounts/password/change/"
RENEW = "/accounts/password/renew/"
GOOD = "Hua-Kai-2018-Nian"


@pytest.fixture
def strict(settings):
    """The rule for staff as in production."""
    settings.PASSWORD_RULES = settings.PASSWORD_RULES | {"staff": STAFF_RULE}


def codes(user, password):
    try:
        passwords.check(user=user, password=password)
    except Refusal as refusal:
        return refusal.codes
    return set()


# --- the rules


@pytest.mark.parametrize(
    "password, grounds",
    [
        ("a1b2c3d", {"password_short"}),
        ("123456", {"password_short"}),
        ("qwertyuiop", {"password_common"}),
        ("QWERTYUIOP", {"password_common"}),
        ("12345678", {"password_common"}),
        (NUMBER, {"password_phone"}),
        ("+86 139-1234-5678", {"password_phone"}),
        ("x" * 257, {"password_long"}),
        ("jinshajiang", set()),
        ("木棉花开在江边的早上", set()),
        ("one long sentence without a digit in it", set()),
        ("y" * 64, set()),
        ("z" * 200, set()),
    ],
)
def test_check_password_rule_for_workers(password, grounds):
    assert codes(make_user(phone=NUMBER), password) == grounds


@pytest.mark.parametrize(
    "password, grounds",
    [
        ("Ab3$Ab3$Ab3", {"password_short"}),
        ("abcdefghijkl2018", {"password_kinds"}),
        ("abcdefghijklmnop", {"password_kinds"}),
        ("Ab1", {"password_short"}),
        ("Password1", {"password_short"}),
        ("ab1", {"password_short", "password_kinds"}),
        ("Abcdefghijkl2018", set()),
        ("abcdefghijkl-2018", set()),
        (GOOD, set()),
    ],
)
def test_check_password_rule_for_staff(strict, password, grounds):
    assert codes(User(is_staff=True), password) == grounds


@pytest.mark.parametrize("whose", ["worker", "staff"])
def test_check_password_both_rules_are_settings(settings, whose):
    other = {"length": 15, "kinds": 2, "days": 30, "barred": 2}
    user = make_user(phone=NUMBER, is_staff=whose == "staff")
    settings.PASSWORD_RULES = settings.PASSWORD_RULES | {whose: other}

    assert codes(user, "jinshajiang") == {"password_short", "password_kinds"}
    passwords.set_password(user=user, password="jinshajiang 2018", by=user)
    assert codes(user, "jinshajiang 2018") == {"password_used"}
    assert "15" in passwords.in_words(user) and "2种" in passwords.in_words(user)
    assert not passwords.is_overdue(user)
    assert passwords.is_overdue(aged(user, 31))


def test_check_password_is_met_by_the_frameworks_forms_and_commands(strict):
    from django.contrib.auth.password_validation import validate_password

    with pytest.raises(ValidationError, match="至少12个字符"):
        validate_password("Ab3$", User(is_staff=True))
    with pytest.raises(ValidationError, match="太常见"):
        validate_password("qwertyuiop")


def test_set_password_refuses_the_last_five(strict):
    user = make_staff_with(GOOD + "0")
    for n in range(1, 5):
        passwords.set_password(user=user, password=f"{GOOD}{n}", by=user)

    barred = [n for n in range(5) if codes(user, f"{GOOD}{n}")]

    assert barred == [0, 1, 2, 3, 4]
    assert codes(user, GOOD + "0") == {"password_used"}
    passwords.set_password(user=user, password=GOOD + "5", by=user)
    assert codes(user, GOOD + "0") == set()
    assert OldPassword.objects.filter(user=user).count() == 4


def make_staff_with(password, **fields):
    return agreed(
        accounts.open_account(phone=NUMBER, password=password, is_staff=True, **fields)
    )


def test_set_password_stores_nothing_of_workers_old_passwords():
    user = make_user()

    passwords.set_password(user=user, password="jinshajiang", by=user)
    passwords.set_password(user=user, password=PASSWORD, by=user)

    assert not OldPassword.objects.exists()


def test_set_password_by_an_administrator_refuses_staff_a_weak_password(strict):
    with pytest.raises(Refusal) as caught:
        make_staff_with("demo-2018")

    assert caught.value.codes == {"password_short"}
    assert [reason.field for reason in caught.value.reasons] == ["password1"]


def test_open_account_refuses_its_own_number_as_password():
    with pytest.raises(Refusal) as caught:
        accounts.open_account(phone=NUMBER, password="139 1234 5678")

    assert caught.value.codes == {"password_phone"}


# --- the next log-in


def aged(user, days):
    user.password_set_at = timezone.now() - timedelta(days=days)
    user.save()
    return user


@pytest.mark.parametrize("days, due", [(89, False), (90, True), (400, True)])
def test_log_in_makes_staff_change_a_password_older_than_90_days(
    client, strict, days, due
):
    aged(make_staff_with(GOOD), days)

    response = log_in(client, password=GOOD, to="/admin/")

    assert response["Location"] == (RENEW if due else "/admin/")
    assert is_in(client) is not due


def test_log_in_with_an_old_password_lets_in_only_after_another_is_set(client, strict):
    user = aged(make_staff_with(GOOD), 91)
    log_in(client, password=GOOD, to="/admin/")

    same = client.post(RENEW, {"password1": GOOD, "password2": GOOD})
    weak = client.post(RENEW, {"password1": "demo-2018", "password2": "demo-2018"})
    assert "不能与最近5次用过的密码相同" in same.content.decode()
    assert "密码至少12个字符，现在是9个" in weak.content.decode()
    assert not is_in(client)
    done = client.post(RENEW, {"password1": GOOD + "!", "password2": GOOD + "!"})

    assert done["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200
    user.refresh_from_db()
    assert user.check_password(GOOD + "!")


def test_log_in_makes_one_change_a_password_somebody_else_chose(client, strict):
    make_staff_with(GOOD)

    assert log_in(client, password=GOOD)["Location"] == RENEW


def test_log_in_applies_the_rule_for_staff_to_who_became_staff(client, strict):
    user = make_user(phone=NUMBER)
    passwords.set_password(user=user, password="jinshajiang", by=user)
    log_in(client, password="jinshajiang")
    assert is_in(client)

    accounts.change_account(
        user=User.objects.get(pk=user.pk),
        by=None,
        name=user.name,
        is_staff=True,
        is_active=True,
        roles=Group.objects.none(),
    )

    assert not is_in(client)
    assert log_in(client, password="jinshajiang")["Location"] == RENEW


def test_reset_password_of_staff_goes_by_the_rule_for_staff(client, strict, outbox):
    user = make_staff_with(GOOD)
    phone_tools.ask(client, "account_reset_password", NUMBER)
    phone_tools.type_in(client, outbox.code_for(NUMBER))
    page = reverse("account_set_password")

    said = client.get(page).content.decode()
    short = client.post(page, {"password": "jinshajiang"}).content.decode()
    same = client.post(page, {"password": GOOD}).content.decode()

    assert "至少12个字符，含大写字母" in said
    assert "密码至少12个字符，现在是11个" in short
    assert "不能与最近5次用过的密码相同" in same
    user.refresh_from_db()
    assert user.check_password(GOOD)
    client.post(page, {"password": GOOD + "!"})
    assert is_in(client)


def test_log_in_never_makes_workers_change_their_password(client, strict):
    aged(make_user(phone=NUMBER), 4000)

    log_in(client)

    assert is_in(client)


def test_log_in_lets_the_demonstration_accounts_keep_their_password(client):
    aged(make_staff(), 4000)

    log_in(client)

    assert is_in(client)


# --- changing it


def change(client, old=PASSWORD, new="jinshajiang", again=None):
    return client.post(
        CHANGE,
        {"oldpassword": old, "password1": new, "password2": again or new},
    )


@pytest.fixture
def user(client):
    made = make_user(phone=NUMBER)
    log_in(client)
    return made


def test_change_password_ends_every_other_session_and_keeps_this_one(client, user):
    elsewhere = type(client)()
    log_in(elsewhere)
    came = timezone.now() - timedelta(days=3)
    user.devices.update(logged_in_at=came)
    began = client.session["logged_in_at"]
    old_cookie = client.cookies["sessionid"].value

    response = change(client)

    # before its next visit: it stands in no list any more
    assert not Session.objects.filter(pk=elsewhere.session.session_key).exists()

    assert response["Location"] == reverse("account_security")
    assert is_in(client)
    assert not is_in(elsewhere)
    assert client.cookies["sessionid"].value != old_cookie
    stolen = type(client)()
    stolen.cookies["sessionid"] = old_cookie
    assert not is_in(stolen)
    user.refresh_from_db()
    assert user.check_password("jinshajiang")
    assert user.password_set_at is not None
    assert user.devices.get().logged_in_at == came
    assert client.session["logged_in_at"] == began  # and the week goes on


def test_change_password_asks_for_the_old_password(client, user):
    page = change(client, old="wrong-password").content.decode()

    assert "现在的密码不正确" in page
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_change_password_does_not_let_the_old_one_be_guessed(client, user):
    for _ in range(5):
        change(client, old="wrong-password")

    page = change(client).content.decode()

    assert "连续输错5次，请10分钟后再试" in page
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_change_password_reports_two_different_new_passwords(client, user):
    page = change(client, again="something-else").content.decode()

    assert "两次填写的新密码不一样" in page
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_change_password_never_prints_a_password_back(client, user):
    page = change(client, new="jinshajiang", again="different-one").content.decode()

    for typed in ("jinshajiang", "different-one", PASSWORD):
        assert typed not in page


def test_change_password_fields_take_64_characters_a_paste_and_a_manager(client, user):
    page = client.get(CHANGE).content.decode()

    assert 'autocomplete="new-password"' in page
    assert 'autocomplete="current-password"' in page
    assert "maxlength" not in page.partition("<main")[2]
    assert "onpaste" not in page
    assert change(client, new=" a space at either end stays " * 3).status_code == 302
    user.refresh_from_db()
    assert user.check_password(" a space at either end stays " * 3)


def test_change_password_of_the_back_office_is_this_one(client):
    client.force_login(make_staff())

    assert client.get("/admin/password_change/")["Location"] == CHANGE
    sent = {"old_password": PASSWORD, "new_password1": "x", "new_password2": "x"}
    assert client.post("/admin/password_change/", sent)["Location"] == CHANGE


# --- accounts that lay unused


@pytest.mark.parametrize("days, refused", [(89, False), (90, True)])
def test_log_in_refuses_staff_who_did_not_come_for_90_days(client, days, refused):
    user = make_staff()
    long_ago = timezone.now() - timedelta(days=days)
    User.objects.filter(pk=user.pk).update(created_at=long_ago, last_login=long_ago)

    response = log_in(client)

    assert response["Location"] == (
        reverse("account_unused") if refused else reverse("my")
    )
    assert is_in(client) is not refused
    if refused:
        page = client.get(response["Location"]).content.decode()
        assert "超过90天没有登录" in page


def test_log_in_says_that_an_account_lay_unused_to_the_right_password_only(client):
    user = make_staff()
    User.objects.filter(pk=user.pk).update(
        created_at=timezone.now() - timedelta(days=100)
    )

    page = log_in(client, password="wrong-password").content.decode()

    assert "手机号或密码不正确" in page


def test_log_in_lets_workers_stay_away_for_years(client):
    user = make_user(phone=NUMBER)
    User.objects.filter(pk=user.pk).update(
        created_at=timezone.now() - timedelta(days=4000)
    )

    log_in(client)

    assert is_in(client)


def test_reopen_by_an_administrator_opens_an_unused_account(client):
    from unionportal.services import write_roles

    write_roles()
    user = make_staff()
    User.objects.filter(pk=user.pk).update(
        created_at=timezone.now() - timedelta(days=100)
    )
    client.force_login(make_staff(phone="13912345679", roles=["系统管理员"]))
    sent = {"action": "reopen", "_selected_action": [user.pk]}
    page = reverse("admin:members_user_changelist")

    done = client.post(page, sent, follow=True).content.decode()
    again = client.post(page, sent, follow=True).content.decode()

    assert "已重新启用1个账号" in done
    assert "无需重新启用" in again
    browser = type(client)()
    log_in(browser)
    assert is_in(browser)
