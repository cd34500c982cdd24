"""How a log-in becomes that of a worker on the roster, and who does not."""

import time
from datetime import timedelta
from functools import partial
from threading import Barrier, local

import pytest
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from common import crypto
from common.errors import Refusal
from common.models import AuditEvent
from members.enums import TryOutcome
from members.models import Consent, VerificationTry, Worker
from members.services import owndata, verification
from tests.concurrency import at_once
from tests.factories import make_union, make_user, make_worker

LAST6 = "31002X"


def on_roster(**fields):
    fields.setdefault("name", "阿卜杜·示例")
    fields.setdefault("identity_last6_hmac", crypto.digest("identity-last6", LAST6))
    fields.setdefault("union_org", make_union())
    return make_worker(**fields)


def ask(user, row, **given):
    given = {"name": row.name, "identity_last6": LAST6, "consented": True} | given
    given.setdefault("union_org", row.union_org)
    return verification.verify(user=user, **given)


def refused(call, *args, **kwargs) -> Refusal:
    with pytest.raises(Refusal) as caught:
        call(*args, **kwargs)
    return caught.value


def wrong(user, row):
    return refused(ask, user, row, name="示例错")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "given",
    [
        {},
        {"name": "阿卜杜 • 示 例", "identity_last6": "３１００２x"},
        {"name": "阿卜杜▪示\U000e0100例", "identity_last6": "٣١٠٠٢x"},
        {"identity_last6": "", "member_number": " sl-9 ", "consented": False},
    ],
)
def test_verify_by_name_number_and_union_makes_a_login_the_workers(given):
    """However the roster and the person spell them."""
    user, row = make_user(), on_roster(name="阿卜杜‧示例", member_number="SL-9")

    verified = ask(user, row, **given)

    row.refresh_from_db()
    assert (verified, row.user) == (row, user)
    assert row.verified_at is not None
    assert user.verification_tries.get().outcome == TryOutcome.MATCHED


@pytest.mark.django_db
@pytest.mark.parametrize(
    "given",
    [
        {"name": "示例·阿卜杜"},
        {"identity_last6": "310020"},
        {"identity_last6": "", "member_number": "SL-8"},
        {"union_org": "another"},
        {"identity_last6": ""},  # a name alone is nobody's
        {"identity_last6": " \u200b", "member_number": " \u200b"},
    ],
)
def test_verify_answers_the_same_whatever_is_wrong(given):
    user, row = make_user(), on_roster(member_number="SL-9")
    if "union_org" in given:
        given = {"union_org": make_union()}

    refusal = refused(ask, user, row, **given)

    assert refusal.codes == {"not_on_roster"}
    assert str(refusal).startswith("所填信息与名册不符，还可以再试2次。")
    row.refresh_from_db()
    assert row.user is None


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["taken", "left"])
def test_verify_answers_a_row_that_is_taken_or_left_like_a_wrong_one(state):
    fields = {"user": make_user()} if state == "taken" else {"left_at": timezone.now()}
    row, union = on_roster(**fields), make_union()
    first, second = make_user(), make_user()

    said = str(refused(ask, first, row))

    assert said == str(refused(ask, second, row, union_org=union))
    outcomes = VerificationTry.objects.values_list("outcome", flat=True)
    assert list(outcomes) == [TryOutcome.WRONG, TryOutcome.WRONG]


@pytest.mark.django_db
def test_verify_finds_the_row_that_stayed_when_another_left():
    row = on_roster()
    on_roster(union_org=row.union_org, left_at=timezone.now())

    assert ask(make_user(), row) == row


@pytest.mark.django_db
def test_verify_records_a_taken_row_and_does_not_say_so_to_the_person():
    user, row = make_user(), on_roster(user=make_user())

    refused(ask, user, row)

    event = AuditEvent.objects.get(by=user, verb="verify_worker")
    assert event.outcome == "refused"
    assert (event.of_model, event.of_key) == ("members.worker", str(row.pk))


@pytest.mark.django_db
def test_verify_refuses_two_rows_that_match_and_counts_no_try():
    user, row = make_user(), on_roster()
    on_roster(union_org=row.union_org, name="阿卜杜•示例")

    refusal = refused(ask, user, row)

    assert refusal.codes == {"ambiguous"}
    assert "联系所在单位工会或服务台" in str(refusal)
    assert not Worker.objects.filter(user=user).exists()
    assert verification.tries_left(user, now=timezone.now()).left == 3


@pytest.mark.django_db
def test_verify_second_row_of_the_same_person_gives_no_second_login():
    """One of two matching rows has a log-in: that is not the other's licence."""
    row = on_roster(user=make_user())
    on_roster(union_org=row.union_org)

    assert refused(ask, make_user(), row).codes == {"ambiguous"}


@pytest.mark.django_db
def test_verify_three_wrong_tries_lock_for_a_day_even_for_the_right_answer():
    user, row = make_user(), on_roster()

    said = [str(wrong(user, row)) for _ in range(3)]
    locked = refused(ask, user, row)

    assert ["再试2次" in said[0], "再试1次" in said[1]] == [True, True]
    assert "已连续3次" in said[2]
    assert locked.codes == {"locked"}
    third = VerificationTry.objects.latest("pk").at
    assert [reason.lifts_at for reason in locked.reasons] == [third + timedelta(days=1)]
    assert VerificationTry.objects.count() == 3


@pytest.mark.django_db
def test_verify_lock_runs_a_day_from_the_third_try_and_then_three_are_left():
    user, row = make_user(), on_roster()
    for _ in range(3):
        wrong(user, row)
    now = timezone.now()
    for hours, one in zip(
        (23, 1, 0), VerificationTry.objects.order_by("pk"), strict=True
    ):
        VerificationTry.objects.filter(pk=one.pk).update(
            at=now - timedelta(hours=hours)
        )

    def left(**after):
        return verification.tries_left(user, now=now + timedelta(**after)).left

    assert left() == 0
    assert left(hours=23, minutes=59) == 0
    assert left(hours=24) == 3


@pytest.mark.django_db
def test_verify_wrong_tries_of_different_days_do_not_add_up():
    user, row = make_user(), on_roster()
    wrong(user, row)
    wrong(user, row)
    VerificationTry.objects.update(at=timezone.now() - timedelta(hours=25))

    assert "再试2次" in str(wrong(user, row))


@pytest.mark.django_db
def test_verify_lock_is_not_for_another_account_and_another_row():
    row = on_roster()
    user = make_user()
    for _ in range(3):
        wrong(user, row)
    last6 = crypto.digest("identity-last6", "31003X")
    other = on_roster(name="示例二", union_org=row.union_org, identity_last6_hmac=last6)

    assert ask(make_user(), other, identity_last6="31003X") == other


@pytest.mark.django_db
@pytest.mark.parametrize(
    "typed",
    [
        {"identity_last6": "310020"},  # the name is known, the number is guessed
        {"name": "示例错"},  # the other way round
        {"identity_last6": "", "member_number": "SL-8"},
    ],
)
def test_verify_row_takes_three_wrong_tries_a_day_from_whomever(typed):
    row = on_roster(member_number="SL-9")
    for _ in range(3):
        refused(ask, make_user(), row, **typed)

    assert refused(ask, make_user(), row).codes == {"locked"}


@pytest.mark.django_db
def test_verify_lock_does_not_show_whether_there_is_such_a_row():
    row = on_roster()

    def answers(name):
        tries = [partial(refused, ask, make_user(), row, name=name) for _ in range(4)]
        return [
            [reason.code for reason in each(identity_last6=f"00000{n}").reasons]
            for n, each in enumerate(tries)
        ]

    assert answers(row.name) == answers("示例无此人")


@pytest.mark.django_db
def test_close_account_lifts_no_verify_lock_of_its_number():
    row, phone = on_roster(), "13900000001"
    user = make_user(phone=phone)
    for n in range(3):
        refused(ask, user, row, name=f"示例{n}", identity_last6=f"00000{n}")
    owndata.close(user=user)
    again = make_user(phone=phone)

    other = on_roster(name="示例另一", union_org=row.union_org)
    assert refused(ask, again, other).codes == {"locked"}
    assert verification.tries_left(again, now=timezone.now()).left == 0


@pytest.mark.django_db
def test_verify_what_counts_no_more_leads_to_nobody():
    row, closed, user = on_roster(), make_user(), make_user()
    wrong(closed, row)
    wrong(user, row)
    owndata.close(user=closed)
    VerificationTry.objects.update(at=timezone.now() - timedelta(days=2, minutes=1))
    wrong(user, row)

    verification.forget_outdated()

    kept = VerificationTry.objects.order_by("pk").values_list("user", "name_hmac")
    assert [(pk, bool(name)) for pk, name in kept] == [
        (user.pk, False),
        (user.pk, True),
    ]


@pytest.mark.django_db
def test_verify_by_identity_number_needs_its_own_consent_given_once():
    user, row = make_user(), on_roster()

    assert refused(ask, user, row, consented=False).codes == {"no_consent"}
    assert not VerificationTry.objects.exists()
    wrong(user, row)
    ask(user, row)

    consent = Consent.objects.get(user=user, kind="identity")
    assert consent.version == verification.IDENTITY_NOTICE


@pytest.mark.django_db
def test_verify_by_member_number_asks_for_no_consent():
    user, row = make_user(), on_roster(member_number="SL-9")

    ask(user, row, identity_last6="", member_number="SL-9", consented=False)

    assert not Consent.objects.filter(kind="identity").exists()


@pytest.mark.django_db
def test_verify_stores_nothing_typed_in_clear():
    user, row = make_user(), on_roster()
    refused(ask, user, row, identity_last6="987654", name="示例错")
    ask(user, row)

    rows = [
        *VerificationTry.objects.values(),
        *Consent.objects.values(),
        *AuditEvent.objects.values(),
        *Worker.objects.values(),
    ]
    for typed in ("987654", "示例错", LAST6):
        assert typed not in str(rows)


@pytest.mark.django_db
def test_verify_is_refused_to_who_is_verified():
    user, row = make_user(), on_roster()
    ask(user, row)

    other = on_roster(name="示例二")
    assert refused(ask, user, other).codes == {"already_verified"}


@pytest.mark.django_db(transaction=True)
def test_verify_counts_a_wrong_try_although_a_caller_rolls_back():
    user, row = make_user(), on_roster()
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        ask(user, row, name="示例错")


# --- twenty posts at once


@pytest.fixture
def slow_look(monkeypatch):
    """A pause between counting the tries and writing the next one."""
    checked = verification._Keys.tries_left

    def look_then_dawdle(self, user, *, now):
        found = checked(self, user, now=now)
        time.sleep(0.02)
        return found

    monkeypatch.setattr(verification._Keys, "tries_left", look_then_dawdle)


def twenty(user, row):
    outcomes = at_once([partial(ask, user, row, name=f"示例{n}") for n in range(20)])
    return [refusal.reasons[0].code for refusal in outcomes]


def twenty_accounts(users, row):
    outcomes = at_once([partial(wrong, user, row) for user in users])
    return [refusal.reasons[0].code for refusal in outcomes]


@pytest.mark.django_db(transaction=True)
def test_verify_counts_three_of_twenty_wrong_posts_at_once_and_locks_the_rest(
    slow_look,
):
    user, row = make_user(), on_roster()

    codes = twenty(user, row)

    assert (codes.count("not_on_roster"), codes.count("locked")) == (3, 17)
    assert VerificationTry.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_verify_counts_three_of_twenty_accounts_that_try_one_row_at_once(slow_look):
    users, row = [make_user() for _ in range(20)], on_roster()

    codes = twenty_accounts(users, row)

    assert (codes.count("not_on_roster"), codes.count("locked")) == (3, 17)


@pytest.fixture
def all_look_first(monkeypatch):
    """Nobody goes on before all twenty have counted the tries, however slow it goes."""
    checked, gate = verification._Keys.tries_left, Barrier(20, timeout=60)
    passed = local()

    def look_and_wait(self, user, *, now):
        found = checked(self, user, now=now)
        if not hasattr(passed, "gate"):
            passed.gate = gate.wait()
        return found

    monkeypatch.setattr(verification._Keys, "tries_left", look_and_wait)


@pytest.mark.django_db(transaction=True)
def test_verify_without_the_lock_would_count_more_than_three(
    all_look_first, monkeypatch
):
    """The control: if this fails, the test above proves nothing."""
    user, row = make_user(), on_roster()
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **kwargs: self)
    monkeypatch.setattr(verification._Keys, "lock", lambda self: None)

    twenty(user, row)

    assert VerificationTry.objects.count() > 3


@pytest.mark.django_db(transaction=True)
def test_verify_by_two_who_claim_one_row_at_once_gives_it_to_one(monkeypatch):
    row = on_roster()
    found = verification._rows

    def find_then_dawdle(*args):
        rows = found(*args)
        time.sleep(0.2)
        return rows

    monkeypatch.setattr(verification, "_rows", find_then_dawdle)
    users = [make_user(), make_user()]

    outcomes = at_once([partial(ask, user, row) for user in users])

    assert sorted(type(outcome).__name__ for outcome in outcomes) == [
        "Refusal",
        "Worker",
    ]
    row.refresh_from_db()
    assert row.user in users


# --- by hand


@pytest.mark.django_db
def test_verify_by_hand_ignores_locks_and_is_on_record():
    user, row, steward = make_user(), on_roster(), make_user(is_staff=True)
    for _ in range(3):
        wrong(user, row)

    verification.verify_by_hand(worker=row, user=user, by=steward, reason="看过身份证")

    row.refresh_from_db()
    assert row.user == user
    event = AuditEvent.objects.get(by=steward)
    assert (event.verb, event.outcome) == ("verify_worker", "done")
    assert (event.of_key, event.reason) == (str(row.pk), "看过身份证")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("own_account", {"user": "steward"}),
        ("account_closed", {"is_active": False}),
        ("already_verified", {"other": True}),
        ("row_taken", {"taken": True}),
        ("row_left", {"left": True}),
        ("reason_missing", {"reason": "  "}),
    ],
)
def test_verify_by_hand_is_refused_with_a_reason(code, change):
    user, row, steward = make_user(), on_roster(), make_user(is_staff=True)
    if change.get("is_active") is False:
        user.is_active = False
        user.save()
    if "other" in change:
        make_worker(user=user)
    if "taken" in change:
        row.user = make_user()
    if "left" in change:
        row.left_at = timezone.now()
    row.save()
    if change.get("user") == "steward":
        user = steward

    refusal = refused(
        verification.verify_by_hand,
        worker=row,
        user=user,
        by=steward,
        reason=change.get("reason", "看过身份证"),
    )

    assert refusal.codes == {code}


@pytest.mark.django_db
def test_undo_verification_frees_row_and_account_and_is_on_record():
    user, row, steward = make_user(), on_roster(), make_user(is_staff=True)
    ask(user, row)

    verification.undo(worker=row, by=steward, reason="认错了人")

    row.refresh_from_db()
    assert (row.user, row.verified_at) == (None, None)
    assert AuditEvent.objects.get(by=steward).after == "已解除认证"
    assert ask(make_user(), row) == row


@pytest.mark.django_db
def test_undo_verification_needs_a_verification_a_reason_and_another_person():
    row, steward = on_roster(), make_user(is_staff=True)

    codes = refused(verification.undo, worker=row, by=steward, reason="").codes
    row.user = steward
    row.save()
    own = refused(verification.undo, worker=row, by=steward, reason="不要").codes

    assert codes == {"not_verified", "reason_missing"}
    assert own == {"own_account"}
