"""Whatever is asked for, the portal answers in Chinese and never with a 5xx: every
address of the resolver, every parameter of every list, every form of the back office,
each with a small corpus of what strangers, scanners and slips of the hand send."""

import re
from itertools import product
from types import SimpleNamespace
from xml.dom import minidom

import pytest
from django.contrib import admin
from django.contrib.admin.utils import get_fields_from_path
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

from common.errors import Refusal
from news import services as news
from signups.services import seats
from tests.activities.factories import make_class
from tests.factories import make_user, make_worker_with_login
from tests.honors.factories import make_honoree
from tests.news.factories import make_article, make_sent, make_series
from tests.volunteers.factories import make_membership
from unionportal.services import write_roles

pytestmark = pytest.mark.django_db

HUGE = str(10**30)
NUMBERS = ("1", "-1", "999999", HUGE, "9" * 5000, "abc")
WORDS = (
    *("0", "-1", "abc", HUGE, "a" * 3000, "%_'\"\\([*", "9999-12-31", "\u202e😀１"),
)
# what a query may look like that no browser writes
RAW = ("{0}=%00", "{0}=%ff%fe", "{0}=%ED%A0%80", "{0}[]=1&{0}=2&{0}", "{0}=%", "=&&")
LISTS = {
    "news:article-list": ("page", "year", "pictures"),
    "news:column-detail": ("page", "year", "pictures"),
    "honors:honoree-list": ("page", "program", "year", "industry", "name"),
    "honors:edition-detail": ("page",),
    "volunteers:team-list": ("page", "kind", "district", "recruiting"),
    "activities:training:term-current": ("page", "kind"),
    "activities:training:term-detail": ("page", "kind", "venue", "when", "free"),
    "activities:venues:venue-list": ("page",),
    "home": ("elder", "contrast", "font"),
    "account_login": ("next",),
    "my-verify": ("q", "union", "next"),
}
CHINESE = re.compile("[\u4e00-\u9fff]")


@pytest.fixture
def house():
    """One row of everything, and who asks: a visitor, a worker, an administrator."""
    write_roles()
    article = make_article(series=make_series(), series_no=1)
    make_sent()
    news.withdraw(article=make_article(), by=None, reason="示例原因")
    made = make_class()
    worker = make_worker_with_login()
    signup = seats.sign_up(offering_id=made.offering.pk, worker=worker, by=worker.user)
    membership = make_membership()
    honoree = make_honoree()
    administrator = make_user(is_staff=True)
    administrator.is_superuser = True
    administrator.save(update_fields=["is_superuser"])
    return SimpleNamespace(
        article=article,
        made=made,
        signup=signup,
        membership=membership,
        honoree=honoree,
        asking=[None, worker.user, administrator],
        administrator=administrator,
    )


def client_of(user) -> Client:
    client = Client(raise_request_exception=False)
    if user is not None:
        client.force_login(user)
    return client


def is_fit(response) -> bool:
    """No 5xx, and a refusal that a person can read. A wrong method has no page."""
    if response.status_code in (405, 404) and response.streaming:
        return True
    if response.status_code < 400 or response.status_code == 405:
        return True
    return response.status_code < 500 and bool(
        CHINESE.search(response.content.decode("utf-8"))
    )


def unfit(client, requests) -> list:
    """Those of ``(path, query)`` whose answer is not fit, with its status."""
    found = []
    for path, query in requests:
        response = client.get(path, query)
        if not is_fit(response):
            found.append((path[:80], str(query)[:80], response.status_code))
    return found


def routes(resolver, before=""):
    for pattern in resolver.url_patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern, route)
        else:
            yield route


# Django's own pages of one row, which are the same code for every model
OF_A_ROW = re.compile(
    r"admin/\w+/\w+/<path:object_id>/(?:(?:change|delete|history)/)?$"
)


def addresses(is_thorough=False) -> list[str]:
    """Every address of the portal, its arguments filled in every way; those of Django's
    own pages in two ways, another one for each model, unless thorough."""
    found = set()
    for turn, route in enumerate(routes(get_resolver())):
        numbers = NUMBERS
        if OF_A_ROW.match(route) and not is_thorough:
            numbers = (NUMBERS[0], NUMBERS[1 + turn % (len(NUMBERS) - 1)])
        route = re.sub(r"\(\?P<app_label>[^)]*\)|\(\?P<url>\.\*\)", "news", route)
        route = re.sub(r"<(key|slug):key>", "0" * 32, route)
        route = "/" + re.sub(r"[\^$]|\\Z", "", route)
        for number in numbers:
            found.add(re.sub("<[^>]*>", number, route))
    return sorted(found)


def test_no_5xx_walk_finds_the_house():
    found = addresses()

    assert len(found) > 500
    assert not [address for address in found if "<" in address or "(" in address]


@pytest.mark.slow  # every address of the back office
@pytest.mark.parametrize("who", [0, 1, 2], ids=["visitor", "worker", "administrator"])
def test_no_5xx_at_any_address(house, who):
    open_to = addresses()
    if who < 2:  # their way to the back office is tests/architecture/test_doors.py
        open_to = [address for address in open_to if not address.startswith("/admin/")]

    found = unfit(client_of(house.asking[who]), [(path, {}) for path in open_to])

    assert found == []


def test_no_5xx_for_any_method(house):
    client = client_of(house.asking[1])
    pages = [house.article, house.made, house.honoree, house.membership.team]
    paths = [page.get_absolute_url() for page in pages]
    paths += ["/", "/my/", "/admin/", "/nothing-here/", reverse("account_login")]

    answers = {
        (method, path): client.generic(method, path)
        for method, path in product(
            ("HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE", "MADE-UP"), paths
        )
    }

    assert {
        asked for asked, answer in answers.items() if answer.status_code >= 500
    } == (set())


@pytest.mark.parametrize("name", LISTS)
def test_no_5xx_for_any_parameter(house, name):
    rows = {
        "news:column-detail": house.article.column_id,
        "honors:edition-detail": house.honoree.edition_id,
        "activities:training:term-detail": house.made.term_id,
    }
    path = reverse(name, args=[rows[name]] if name in rows else [])
    asked = [(path, {word: value}) for word, value in product(LISTS[name], WORDS)]
    asked += [
        (f"{path}?{raw.format(word)}", {}) for word, raw in product(LISTS[name], RAW)
    ]

    assert unfit(client_of(None), asked) == []


@pytest.mark.parametrize("address", ["//[", "http://[evil", "\\\\x", "javascript:1"])
@pytest.mark.parametrize("name", ["account_login", "account_logout", "admin:login"])
def test_no_5xx_for_any_way_back(house, name, address):
    client = client_of(house.asking[1])

    read = client.get(reverse(name), {"next": address})
    sent = client.post(reverse(name), {"next": address})

    for response in (read, sent):
        assert is_fit(response)
        assert address not in response.headers.get("Location", "")


MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label_lower)


def admin_page(model, page, *args):
    label = f"{model._meta.app_label}_{model._meta.model_name}"
    return reverse(f"admin:{label}_{page}", args=args)


def list_queries(model):
    model_admin = admin.site.get_model_admin(model)
    words = ["p", "o", "q", "_to_field", "id__regex", "pk__in"]
    for asked in model_admin.list_filter:
        name = asked[0] if isinstance(asked, tuple) else asked
        if isinstance(name, str):
            words += [f"{name}__exact", f"{name}__isempty"]
    path = admin_page(model, "changelist")
    queries = [{word: value} for word, value in product(words, ("-1", HUGE, "(\\"))]
    if day := model_admin.date_hierarchy:
        queries += [
            {f"{day}__year": year, f"{day}__month": month}
            for year, month in (("9999", "12"), (HUGE, "1"), ("1", "1"), ("x", "13"))
        ]

    return [(path, query) for query in queries]


def kinds_of_query(model) -> set[str]:
    """In how many ways a list can be asked: each kind of column that narrows it."""
    model_admin = admin.site.get_model_admin(model)
    kinds = {"date hierarchy"} if model_admin.date_hierarchy else set()
    for asked in model_admin.list_filter:
        name = asked[0] if isinstance(asked, tuple) else asked
        if isinstance(name, str):
            field = get_fields_from_path(model, name)[-1]
            kinds.add(f"{name.count('__')} {type(field).__name__}")
    return kinds


def representatives() -> list:
    """Models whose lists, together, can be asked in every way there is."""
    chosen, seen = [], set()
    for model in sorted(MODELS, key=lambda model: -len(kinds_of_query(model))):
        if not chosen or kinds_of_query(model) - seen:
            chosen.append(model)
            seen |= kinds_of_query(model)
    return chosen


def test_no_5xx_in_any_back_office_list(house):
    """Of representative models; of all of them in make soak."""
    ask_every_list(house, representatives())


def ask_every_list(house, models):
    asked = [query for model in models for query in list_queries(model)]

    assert len(asked) > 20 * len(models)
    assert unfit(client_of(house.administrator), asked) == []


def test_autocomplete_is_for_the_boxes_that_ask(house):
    client = client_of(house.administrator)
    asked = [
        {
            "app_label": model._meta.app_label,
            "model_name": model._meta.model_name,
            "field_name": field.name,
        }
        for model in MODELS
        for field in model._meta.get_fields()
        if field.is_relation and not field.auto_created
    ]
    path = reverse("admin:autocomplete")

    answers = {tuple(query.values()): client.get(path, query) for query in asked}

    assert all(is_fit(answer) for answer in answers.values())
    given = {key for key, answer in answers.items() if answer.status_code == 200}
    assert ("news", "article", "series") in given
    assert ("news", "article", "column") not in given


def test_view_on_site_leads_to_rows_of_the_back_office_only(house):
    client = client_of(house.administrator)
    kinds = ContentType.objects.values_list("pk", flat=True)
    article = ContentType.objects.get_for_model(house.article).pk

    answers = [client.get(f"/admin/r/{kind}/1/") for kind in kinds]
    found = client.get(f"/admin/r/{article}/{house.article.pk}/")

    assert all(is_fit(answer) for answer in answers)
    assert found["Location"].endswith(house.article.get_absolute_url())


@pytest.mark.parametrize("role", ["审计员", "评委", "任课教师", "初审", "队长"])
def test_no_5xx_for_who_may_only_view_and_they_can(house, role):
    """A form without boxes is another page: each of its fields must be printable."""
    user = make_user(is_staff=True, roles=[role])
    client = client_of(user)
    seen = 0

    for model in MODELS:
        row = model._default_manager.first()
        if row is None or not user.has_perm(
            f"{model._meta.app_label}.view_{model._meta.model_name}"
        ):
            continue
        assert is_fit(client.get(admin_page(model, "change", row.pk))), model
        assert is_fit(client.get(admin_page(model, "history", row.pk))), model
        seen += 1

    assert seen


# --- what is typed into the back office ------------------------------------------------


def typed_class(made, **fields):
    """The form that opens a class, filled in, but for ``fields``."""
    return {
        "term": made.term_id,
        "kind": made.kind_id,
        "name": "示例又一班",
        "level": made.level,
        "venue": made.venue_id,
        "teacher_name": "示例·教师",
        "capacity": 5,
        "reserved": 0,
        "reserved_for": "either",
        "first_day": made.term.starts_on.isoformat(),
        "weekdays": [1, 2, 3, 4, 5, 6, 7],
        "starts": "08:00",
        "ends": "09:00",
        "lessons": 2,
        "min_to_open": 0,
    } | fields


@pytest.mark.parametrize(
    "fields",
    [
        {"capacity": 10**11},
        {"reserved": 10**11},
        {"waitlist_limit": 10**11},
        {"first_day": "9999-12-31"},
        {"first_day": "0001-01-01"},
        {"skip": "a" * 9000},
        {"name": "x\0y"},
    ],
    ids=["seats", "reserved", "queue", "last day", "first day", "long", "zero byte"],
)
def test_class_admin_add_breaks_at_nothing_that_is_typed(house, fields):
    client = client_of(house.administrator)
    path = reverse("admin:activities_training_courseclass_add")

    right = client.get(path)
    response = client.post(path, typed_class(house.made, **fields))

    assert right.status_code == 200
    assert response.status_code in {200, 400}
    assert is_fit(response)


def test_class_admin_add_typed_right_opens_the_class(house):
    client = client_of(house.administrator)
    path = reverse("admin:activities_training_courseclass_add")

    response = client.post(path, typed_class(house.made))

    assert response.status_code == 302


@pytest.mark.parametrize("number", [40_000, 10**11])
def test_article_admin_add_breaks_at_no_part_of_a_series(house, number):
    article = house.article
    with pytest.raises(Refusal) as refused:
        news.place(
            article=article,
            column=article.column,
            series=article.series,
            series_no=number,
            publish_at=article.publish_at,
            expire_at=None,
            is_pinned=False,
            is_headline=False,
            by=None,
        )

    assert [reason.code for reason in refused.value.reasons] == ["part_too_large"]


@pytest.mark.parametrize("chosen", ["abc", HUGE, "-1", "x\0y"], ids=str)
@pytest.mark.parametrize(
    "action", ["cancel_selected", "call_off_selected", "revoke_selected"]
)
def test_no_5xx_for_any_action_on_rows(house, action, chosen):
    lists = {
        "cancel_selected": "admin:signups_signup_changelist",
        "call_off_selected": "admin:activities_training_courseclass_changelist",
        "revoke_selected": "admin:honors_honoree_changelist",
    }
    sent = {"action": action, "_selected_action": [chosen], "reason": "示例"}

    response = client_of(house.administrator).post(reverse(lists[action]), sent)

    assert is_fit(response)
    house.signup.refresh_from_db()
    assert house.signup.status == "seated"


@pytest.mark.parametrize("reason", ["示" * 5000, "x\0y"], ids=["long", "nul"])
def test_call_off_class_admin_breaks_at_no_reason(house, reason):
    made = house.made
    sent = {
        "action": "call_off_selected",
        "_selected_action": [made.pk],
        "reason": reason,
    }
    path = reverse("admin:activities_training_courseclass_changelist")

    response = client_of(house.administrator).post(path, sent)

    assert is_fit(response)
    made.offering.refresh_from_db()
    assert made.offering.withdrawn_at is None


@pytest.mark.parametrize("character", ["\x01", "\x08", "\x0b", "\x1b", "\ufffe"])
def test_feed_breaks_at_no_pasted_character(house, character):
    """Word processors leave such characters in what is copied from them."""
    make_article(title=f"示例{character}标题", body=f"<p>示例{character}正文</p>")

    response = client_of(None).get(reverse("news:feed"))

    assert response.status_code == 200
    assert minidom.parseString(response.content)  # noqa: S318  our own answer
    assert re.search("示例 ?标题", response.content.decode("utf-8"))


# --- what is cached, and what a visitor's address is -------------------------------------


def test_pages_of_somebody_logged_in_stay_in_no_cache(house):
    client = client_of(house.asking[1])
    own = ["signup-detail", "signup-cancel", "signup-calendar"]
    paths = [reverse(f"signups:{name}", args=[house.signup.pk]) for name in own]
    paths += ["/", house.article.get_absolute_url(), house.made.get_absolute_url()]

    cached = [
        path for path in paths if "no-store" not in client.get(path)["Cache-Control"]
    ]

    assert cached == []
    assert "no-store" not in client_of(None).get("/")["Cache-Control"]
