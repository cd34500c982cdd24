"""Every address of the portal and who may open it."""

from dataclasses import dataclass

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from common import pace
from tests.factories import make_user

pytestmark = pytest.mark.django_db

ANYONE = "anyone"  # 200, 404 for a row that is not there, or a redirect inside
LOGIN = "login"  # visitors go to the log-in page and come back
STAFF = "staff"  # the back office: staff with the model's permission
STAGE = "stage"  # in the middle of a log-in; everybody else is sent to their place


@dataclass(frozen=True)
class Door:
    who: str
    args: tuple = ()
    verb: bool = False  # acts on POST; GET does nothing
    sends_on: bool = False  # a later step: GET goes back to the first one


DOORS = {
    "home": Door(ANYONE),
    "my": Door(LOGIN),
    "my-messages": Door(LOGIN),
    "my-message": Door(LOGIN, (1,), verb=True),
    "my-messages-read": Door(LOGIN, verb=True, sends_on=True),
    "my-texts": Door(LOGIN, verb=True),
    "my-verify": Door(LOGIN, verb=True),
    "my-data": Door(LOGIN),
    "my-data-download": Door(LOGIN, verb=True),
    "my-name": Door(LOGIN, verb=True),
    "my-correction": Door(LOGIN, verb=True),
    "my-consent-withdraw": Door(LOGIN, verb=True),
    "my-volunteering": Door(LOGIN, verb=True),
    "my-passport": Door(LOGIN, verb=True),
    "passport": Door(ANYONE, ("none",)),
    "my-calendar": Door(LOGIN, verb=True),
    "my-close": Door(LOGIN, verb=True),
    "verify": Door(ANYONE),
    "search": Door(ANYONE),
    "search-suggestions": Door(ANYONE),
    "about": Door(ANYONE),
    "guide-list": Door(ANYONE),
    "guide-detail": Door(ANYONE, args=(1,)),
    "opensearch": Door(ANYONE),
    "site-map": Door(ANYONE),
    "statement": Door(ANYONE),
    "site-mark": Door(ANYONE, args=("none",)),
    "security-txt": Door(ANYONE),
    "robots": Door(ANYONE),
    "sitemap": Door(ANYONE),
    "sitemap-section": Door(ANYONE, args=("none",)),
    "healthz": Door(ANYONE),
    "readyz": Door(ANYONE),
    "account_login": Door(ANYONE),
    "account_logout": Door(ANYONE),
    "account_signup": Door(ANYONE),
    "account_inactive": Door(ANYONE),
    "account_privacy": Door(ANYONE),
    "account_consent": Door(ANYONE),
    "account_request_login_code": Door(ANYONE),
    "account_code": Door(ANYONE),
    "account_code_again": Door(ANYONE),
    "account_reset_password": Door(ANYONE),
    "account_set_password": Door(ANYONE),
    "account_change_phone": Door(LOGIN),
    "account_change_phone_old": Door(LOGIN, verb=True, sends_on=True),
    "account_change_phone_new": Door(LOGIN, sends_on=True),
    "account_unused": Door(ANYONE),
    "account_security": Door(LOGIN),
    "account_end_devices": Door(LOGIN, verb=True, sends_on=True),
    "account_change_password": Door(LOGIN),
    "account_renew_password": Door(STAGE),
    "account_prove_phone": Door(STAGE),
    "account_rested": Door(STAGE),
    "account_kept": Door(LOGIN),
    "account_kept_drop": Door(LOGIN, verb=True, sends_on=True),
    "mfa_authenticate": Door(STAGE),
    "mfa_first_set_up": Door(STAGE),
    "mfa_set_up": Door(STAFF),
    "mfa_recovery_codes": Door(STAFF),
    "mfa_switch_off": Door(STAFF),
    "styleguide": Door(ANYONE),
    "news:article-list": Door(ANYONE),
    "news:feed": Door(ANYONE),
    "news:rss": Door(ANYONE),
    "news:column-detail": Door(ANYONE, (1,)),
    "news:column-feed": Door(ANYONE, (1,)),
    "news:column-rss": Door(ANYONE, (1,)),
    "news:series-detail": Door(ANYONE, (1,)),
    "news:photo": Door(ANYONE, ("0" * 32, 480)),
    "news:file": Door(ANYONE, ("0" * 32,)),
    "news:article-detail": Door(ANYONE, (1,)),
    "news:article-preview": Door(STAFF, (1,)),
    "news:article-qr": Door(ANYONE, (1,)),
    "news:comments": Door(ANYONE, (1,), verb=True),  # writing asks for a log-in
    "news:my-comments": Door(LOGIN),
    "news:comment-vote": Door(LOGIN, (1,), verb=True),
    "news:comment-report": Door(LOGIN, (1,), verb=True),
    "news:comment-delete": Door(LOGIN, (1,), verb=True),
    "news:comment-appeal": Door(LOGIN, (1,), verb=True),
    "activities:hub": Door(ANYONE),
    "activities:venues:venue-list": Door(ANYONE),
    "activities:venues:venue-detail": Door(ANYONE, (1,)),
    "activities:training:term-current": Door(ANYONE),
    "activities:training:term-detail": Door(ANYONE, (1,)),
    "activities:training:class-detail": Door(ANYONE, (1,)),
    "activities:training:class-calendar": Door(ANYONE, (1,)),
    "honors:honoree-list": Door(ANYONE),
    "honors:honoree-detail": Door(ANYONE, (1,)),
    "honors:portrait": Door(ANYONE, ("0" * 32, 480)),
    "honors:edition-detail": Door(ANYONE, (1,)),
    "honors:nominate": Door(LOGIN, (1,), verb=True),
    "honors:propose": Door(LOGIN, (1,), verb=True),
    "honors:nomination-list": Door(LOGIN),
    "honors:nomination-detail": Door(LOGIN, (1,), verb=True),
    "honors:nomination-edit": Door(LOGIN, (1, 1), verb=True),
    "honors:document": Door(ANYONE, (1,)),  # for the log-ins that may read it
    "honors:proposal": Door(LOGIN, (1,), verb=True),
    "honors:vote": Door(LOGIN, (1,), verb=True),
    "honors:jury-list": Door(LOGIN),
    "honors:ballot": Door(LOGIN, (1,), verb=True),  # for the juror it lies before
    "honors:notice-list": Door(ANYONE),
    "honors:notice-detail": Door(ANYONE, (1,)),
    "honors:objection-create": Door(ANYONE, (1,), verb=True),
    "honors:objection-state": Door(ANYONE, verb=True),
    "honors:certificate": Door(LOGIN, ("2" * 12,)),
    "honors:certificate-qr": Door(LOGIN, ("2" * 12,)),
    "volunteers:team-list": Door(ANYONE),
    "volunteers:team-detail": Door(ANYONE, (1,)),
    "volunteers:team-join": Door(LOGIN, (1,), verb=True),
    "volunteers:team-leave": Door(LOGIN, (1,), verb=True),
    "volunteers:team-membership": Door(LOGIN, (1,), verb=True),
    "volunteers:join-answer": Door(LOGIN, (1,), verb=True),
    "volunteers:indicators": Door(ANYONE),
    "volunteers:team-hours": Door(LOGIN, (1,)),
    "volunteers:event-detail": Door(ANYONE, (1,)),
    "volunteers:event-calendar": Door(ANYONE, (1,)),
    "volunteers:photo": Door(ANYONE, ("0" * 32, 480)),
    "volunteers:my-services": Door(LOGIN),
    "volunteers:hours-dispute": Door(LOGIN, (1,), verb=True),
    "volunteers:certificates": Door(LOGIN, verb=True),
    "volunteers:certificate": Door(LOGIN, ("2" * 12,)),
    "volunteers:certificate-code": Door(LOGIN, ("2" * 12,)),
    "volunteers:countersign": Door(ANYONE, ("none",), verb=True),
    "signups:signup-create": Door(LOGIN, (1,), verb=True),
    "signups:signup-detail": Door(LOGIN, (1,)),
    "signups:signup-calendar": Door(LOGIN, (1,)),
    "signups:calendar-feed": Door(ANYONE, ("none",)),
    "signups:check-in": Door(LOGIN, (1,)),
    "signups:signup-cancel": Door(LOGIN, (1,), verb=True),
    "signups:draw-script": Door(ANYONE),
    "signups:draw-detail": Door(ANYONE, (1,)),
    "signups:draw-file": Door(ANYONE, (1,)),
    "signups:draw-order": Door(LOGIN, (1,), verb=True, sends_on=True),
    "signups:signup-accept": Door(LOGIN, (1,), verb=True),
    "signups:signup-decline": Door(LOGIN, (1,), verb=True),
    "signups:conduct": Door(LOGIN),
    "signups:appeal-create": Door(LOGIN, (1,), verb=True),
}


def names(resolver, namespace=""):
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            inner = pattern.namespace
            if inner == "admin":
                continue  # generated from the registered models, below
            path = f"{namespace}{inner}:" if inner else namespace
            yield from names(pattern, path)
        elif isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}"


def test_addresses_are_listed_with_who_may_open_each():
    assert set(names(get_resolver())) == DOORS.keys()


def address(name):
    return reverse(name, args=DOORS[name].args)


def of(who):
    return [name for name, door in DOORS.items() if door.who == who]


def client_of(user=None) -> Client:
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


def answer(client, address, method="get"):
    """How a door answers, in one value: the status, and where a redirect leads."""
    response = getattr(client, method)(address)
    return (response.status_code, response.get("Location", ""))


def test_addresses_that_are_open_answer_visitors():
    wrong = {}
    for name in of(ANYONE):
        status, leads_to = got = answer(Client(), address(name))
        if status not in ({404} if DOORS[name].args else {200, 302}):
            wrong[name] = got
        if "login" in leads_to:
            wrong[name] = got
    assert wrong == {}


@pytest.mark.parametrize("method", ["get", "post"])
def test_addresses_that_are_closed_send_visitors_to_log_in_and_back(method):
    wrong = {}
    for name in of(LOGIN):
        if method == "post" and not DOORS[name].verb:
            continue  # answers no POST at all: test_addresses_of_pages_answer_no_post
        got = answer(Client(), address(name), method)
        if got != (302, f"{reverse('account_login')}?next={address(name)}"):
            wrong[name] = got
    assert wrong == {}


def test_addresses_of_pages_answer_no_post():
    client = client_of(make_user())
    pages = [
        name
        for name, door in DOORS.items()
        if not door.verb
        # forms that post to themselves
        and not name.startswith("account_")
        and door.who != STAGE
    ]

    got = {}
    for name in pages:
        pace.people.forget()  # nobody would ask all of them within a minute
        got[name] = answer(client, address(name), "post")

    assert {
        name: how for name, how in got.items() if how[0] not in {403, 404, 405}
    } == {}


def test_addresses_of_a_row_that_is_not_there_are_404_for_who_is_logged_in():
    user, wrong = make_user(), {}
    for name in of(LOGIN):
        door = DOORS[name]
        expected = 404 if door.args else 302 if door.sends_on else 200
        got = answer(client_of(user), address(name))  # to its page
        if got[0] != expected:
            wrong[name] = got
    assert wrong == {}


@pytest.mark.parametrize("method", ["get", "post"])
def test_addresses_of_stages_of_a_log_in_are_closed_to_everybody_else(method):
    staff, wrong = make_user(is_staff=True), {}
    for name in of(STAGE):
        got = (
            answer(Client(), address(name), method),
            answer(client_of(staff), address(name), method),
        )
        if got != ((302, reverse("account_login")), (302, reverse("my"))):
            wrong[name] = got
    assert wrong == {}


def test_addresses_of_staff_are_closed_to_visitors_and_workers():
    worker, wrong = make_user(), {}
    for name in of(STAFF):
        visitor = answer(Client(), address(name))[0]
        inside = answer(client_of(worker), address(name))[0]
        if visitor not in {302, 404} or inside not in {403, 404}:
            wrong[name] = (visitor, inside)
    assert wrong == {}


# --- the back office, generated from what is registered --------------------------------


# open to all staff, or the library's own
FRAME = {
    "index",
    "login",
    "logout",
    "jsi18n",
    "password_change",
    "password_change_done",
}
FRAME |= {"autocomplete", "view_on_site", "app_list", "tables", "find"}


def admin_addresses():
    """Every address of the back office but its frame, Django's own and those of jobs;
    of rows that are not there."""
    (office,) = (
        pattern
        for pattern in get_resolver().url_patterns
        if getattr(pattern, "namespace", None) == "admin"
    )

    def walk(resolver, above):
        for pattern in resolver.url_patterns:
            names = {**above, **pattern.pattern.converters}
            if isinstance(pattern, URLResolver):
                yield from walk(pattern, names)
            elif pattern.name and pattern.name not in FRAME:
                yield reverse(f"admin:{pattern.name}", kwargs=dict.fromkeys(names, 1))

    return set(walk(office, {}))


ADMIN = sorted(admin_addresses())


def test_back_office_has_rooms():
    assert len(ADMIN) > 300


@pytest.mark.slow  # every address of the back office, asked thrice
def test_back_office_is_closed_to_visitors_and_workers():
    visitor, worker, wrong = Client(), client_of(make_user()), {}
    for address in ["/admin/", *ADMIN]:
        outside = answer(visitor, address)
        inside = worker.get(address, follow=True).status_code
        if outside[0] != 302 or reverse("admin:login") not in outside[1]:
            wrong[address] = outside
        if inside != 403:
            wrong[address] = inside
    assert wrong == {}


@pytest.mark.slow  # every address of the back office
def test_back_office_opens_nothing_to_staff_without_a_role():
    client, wrong = client_of(make_user(is_staff=True)), {}
    for address in ADMIN:
        got = answer(client, address)
        # a history looks for the row first, and sends them home; holidays and words of
        # the search come with the tables, and an article's page
        # asks for the right first
        is_history = address.endswith("/history/") and not any(
            name in address for name in ("/holiday/", "/searchword/", "/article/")
        )
        if got[0] in (302, 405) and not is_history:  # a verb: its GET does nothing
            got = answer(client, address, "post")
        if got != ((302, "/admin/") if is_history else (403, "")):
            wrong[address] = got
    assert wrong == {}
