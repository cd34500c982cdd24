"""The back office in a real browser: nothing serious for axe, nothing wider than the
window, every word Chinese, every control named and large enough, no complaint of the
content policy. One content and one person for all; a page is loaded once."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib import admin
from django.urls import reverse
from django.utils import timezone

from activities.training.models import CourseClass, TermPlan
from activities.training.services import plans
from common import audit
from common.models import AuditEvent, Change
from members.models import RosterImport, Stewardship, UnionOrg, UnionTransfer, Worker
from members.services import roster, transfers
from news.models import Article
from signups.services import seats
from tests.activities.factories import make_class
from tests.browser.checks import EVERYWHERE
from tests.browser.conftest import enter, is_strange
from tests.factories import (
    make_union,
    make_user,
    make_user_of_every_role,
    make_worker,
)
from tests.honors.factories import make_honoree
from tests.members import rosters as made
from tests.news.factories import make_article, make_photo, make_sent, make_series
from tests.volunteers.factories import make_membership
from unionportal.services import write_roles

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.covers("back office"),
]

# one to bring in, one whose number is wrong
ROSTER = made.plain_csv(("示例·何一", made.number(1)), ("示例·何二", "1234"))

CHECKS = (Path(__file__).parent / "back_office_checks.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

# what stays in Latin letters in Chinese text too: kinds of files, addresses
ALLOWED = {
    "Ctrl",
    "GIF",
    "Excel",
    "ICP",
    "CSV",
    "xlsx",
    "csv",
    "MB",
    "JPG",
    "PNG",
    "PDF",
    "XLSX",
    "Word",
    "WebP",
    "https",
}

LOUD = ("error", "warning")
REPORT = """
document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`policy ${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
"""


@pytest.fixture
def office():
    """Rows of every kind whose pages are checked, and an account with every role."""
    write_roles()
    union = make_union(name="示例江畔化工厂工会委员会")
    user = make_user_of_every_role(name="示例·全能管理")
    held = Stewardship.objects.create(user=user, union_org=union)
    steward = make_user(name="示例·许干事", roles=["工会干部"], is_staff=True)
    Stewardship.objects.create(user=steward, union_org=union)
    worker = make_worker(union_org=union, name="阿卜杜热合曼·买买提吐尔逊示例")
    title = "示例市总工会召开新时代产业工人队伍建设改革推进会" * 4
    article = make_article(
        title=title[:100],
        photos=[make_photo(caption="示例说明")],
        series=make_series(),
        series_no=1,
    )
    make_sent()
    lessons = make_class()
    seats.sign_up(offering_id=lessons.offering_id, worker=worker, by=user)
    brought = roster.upload(
        union_org=union, file_name="二季度名册.csv", content=ROSTER, by=user
    )
    transfer = transfers.transfer(
        worker=worker, to=make_union(), reason="调动工作", by=steward
    )
    make_membership(worker=worker)
    audit.record("export", by=user, of=brought, reason="示例事由")
    return {
        "user": user,
        Stewardship: held,
        Worker: worker,
        UnionOrg: union,
        Article: article,
        CourseClass: lessons,
        RosterImport: brought,
        UnionTransfer: transfer,
        AuditEvent: AuditEvent.objects.first(),
        Change: Change.objects.filter(verb="update").first(),
        "plan": plans.copy_term(
            source=lessons.term,
            starts_on=plans.next_start(lessons.term),
            title="示例下一期",
            number=lessons.term.number + 1,
            by=user,
        ),
        "honoree": make_honoree(worker=worker),
    }


@pytest.fixture
def page(browser, base_url):
    """A page that keeps what its console says and whom it asks: ``page.said``."""
    context = browser.new_context(base_url=base_url, locale="zh-CN")
    context.add_init_script(REPORT)
    page = context.new_page()
    page.said = []

    def note(text):
        page.said.append(f"{page.url} {text}")

    page.on("console", lambda m: m.type in LOUD and note(m.text))
    page.on("pageerror", lambda error: note(str(error)))
    page.on("request", lambda r: is_strange(r.url, base_url) and note(r.url))
    page.set_viewport_size({"width": 1024, "height": 768})
    yield page
    context.close()


def to(row_or_model, page, *args):
    meta = row_or_model._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_{page}", args=args)


# pages of a job that belong to no row
JOBS = [
    ("common_holiday", "notice"),
    ("honors_awardedition", "juries"),
    ("honors_publicnotice", "choose"),
    ("news_comment", "desk"),
    ("news_comment", "switch"),
    ("news_phrase", "paste"),
    ("volunteers_hourscertificate", "issue"),
    ("volunteers_need", "indicators"),
    ("volunteers_serviceevent", "mine"),
    ("volunteers_servicerecord", "desk"),
    ("volunteers_volunteerteam", "mine"),
]


def pages_of(office) -> dict[str, str]:
    """Every list that there is, and each kind of page of six nouns."""
    pages = {
        "index": reverse("admin:index"),
        "section": reverse("admin:app_list", args=["members"]),
        "tables": reverse("admin:tables"),
        "found": reverse("admin:find") + "?q=示例",
        "steward": reverse("admin:steward"),
        "who is where": reverse("admin:steward_classes"),
        "audit": reverse("admin:audit"),
        "none found": to(Article, "changelist") + "?q=没有的",
        "filtered": to(Article, "changelist") + "?state=draft&_facets=True",
        "columns": to(RosterImport, "columns", office[RosterImport].pk),
        "check": to(RosterImport, "check", office[RosterImport].pk),
        "withdraw": to(Article, "withdraw", office[Article].pk),
        "by hand": to(Worker, "verify", office[Worker].pk),
        "delete stewardship": to(Stewardship, "delete", office[Stewardship].pk),
        "add account": to(office["user"], "add"),
        "honoree": to(office["honoree"], "change", office["honoree"].pk),
        "term": to(office[CourseClass].term, "change", office[CourseClass].term.pk),
    }
    made, worker = office[CourseClass], office[Worker]
    lesson = made.lessons.first().pk
    for name in ("run", "print", "write", "call_off"):
        pages[f"class {name}"] = to(CourseClass, name, made.pk)
    for name in ("move", "lesson_off", "attendance"):
        pages[f"class {name}"] = to(CourseClass, name, made.pk, lesson)
    pages["class mine"] = to(CourseClass, "mine")
    plan = office["plan"].pk
    for name in ("change", "publish", "drop"):
        pages[f"plan {name}"] = to(TermPlan, name, plan)
    pages["plan copy"] = to(TermPlan, "add")
    pages["desk find"] = reverse("admin:desk")
    for name in ("person", "sign-up"):
        pages[f"desk {name}"] = reverse(f"admin:desk-{name}", args=[worker.pk])
    signup = made.offering.signups.get().pk
    for name in ("slip", "cancel"):
        pages[f"desk {name}"] = reverse(f"admin:desk-{name}", args=[worker.pk, signup])
    pages["rooms"] = to(made.venue, "uses")
    pages["board"] = to(made.term, "figures", made.term.pk)
    pages["class unopened"] = to(CourseClass, "unopened", made.pk)
    pages["papers"] = reverse("admin:papers")
    for label, name in JOBS:
        pages[f"{label} {name}"] = reverse(f"admin:{label}_{name}")
    for model in admin.site._registry:
        pages[f"list {model.__name__}"] = to(model, "changelist")
    for model in (Article, CourseClass, Worker, UnionOrg, RosterImport, UnionTransfer):
        pages[f"add {model.__name__}"] = to(model, "add")
    for model in (
        Article, CourseClass, Worker, UnionOrg, UnionTransfer, AuditEvent, Change
    ):  # fmt: skip
        pages[f"change {model.__name__}"] = to(model, "change", office[model].pk)
    for model in (Article, CourseClass, Worker, Stewardship):
        pages[f"history {model.__name__}"] = to(model, "history", office[model].pk)
    return pages


# axe takes a second a page where the machine is busy: one page of each kind of each of
# the nouns staff work with; the lists and forms of the others are made of the same parts
FOR_AXE = (
    "index|found|steward|who is where|audit|withdraw|columns|check|add account|delete stewardship"
    "|class (run|attendance|mine)|plan change|desk (find|person|sign-up|slip)"
    "|(list|add|change|history) (Article|CourseClass|Worker|RosterImport|AuditEvent)"
)


ALSO = {
    "tables",
    "section",
    "none found",
    "filtered",
    "by hand",
    "list SiteSettings",
    "term",
    "rooms",
    "board",
}


def serious(axe, page, within=None):
    # at the end the bar of buttons stands in its own place and covers nothing
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    options = {
        "runOnly": {"type": "tag", "values": TAGS},
        "resultTypes": ["violations"],
        # axe would read the sheets once more by an inline style, which the policy refuses
        "preload": False,
    }
    return [
        f"{fault['id']} {node['target']}"
        for fault in axe.run(page, within, options).response["violations"]
        if fault["impact"] in ("serious", "critical")
        for node in fault["nodes"]
    ]


def english(words):
    """What is left of a page's words when the allowed ones are taken away."""
    found = re.findall(r"[A-Za-z]{2,}", re.sub(r"https?://\S+", "", " ".join(words)))
    return sorted(set(found) - ALLOWED)


def faults_of(page, axe=None):
    """What is wrong with the page that is open, as lines."""
    seen = page.evaluate(CHECKS)
    wrong = [f"English: {word}" for word in english(seen["words"])]
    for kind in ("small", "unnamed", "invisible", "undated"):
        wrong += [f"{kind}: {what}" for what in seen[kind]]
    if axe:
        wrong += serious(axe, page)
    return wrong


@pytest.mark.slow  # many pages, each in several modes and widths
def test_back_office_page_is_laid_out_well(office, page, base_url):
    wrong, axe = [], Axe()
    page.goto(reverse("admin:index"))
    assert page.url.partition("?")[0].endswith(reverse("account_login"))
    wrong += serious(axe, page)
    enter(page, office["user"], base_url)

    for name, address in pages_of(office).items():
        if not (EVERYWHERE or re.fullmatch(FOR_AXE, name) or name in ALSO):
            continue  # made of the same parts: make soak checks them
        answer = page.goto(address)
        assert answer.status == 200, name
        found = faults_of(page, axe if re.fullmatch(FOR_AXE, name) else None)
        for width in (1024, 375):
            if width != 1024:
                page.set_viewport_size({"width": width, "height": 768})
            wide = page.evaluate("document.documentElement.scrollWidth")
            if wide > width:
                found.append(f"{wide} px wide at {width}")
        page.set_viewport_size({"width": 1024, "height": 768})
        wrong += [f"{name}: {fault}" for fault in found]

    assert "\n".join(wrong) == ""
    assert page.said == []


@pytest.mark.slow  # many pages, each in several modes and widths
def test_back_office_what_scripts_build_keeps_to_the_policy_and_to_chinese(
    office, page, base_url
):
    """The calendar, the clock, the two boxes of roles, a box that suggests, a further
    row, the bar over a list."""
    wrong, axe = [], Axe()
    enter(page, office["user"], base_url)

    page.goto(to(CourseClass, "change", office[CourseClass].pk))
    page.locator("[id^=calendarlink]").first.click()
    wrong += faults_of(page)
    # what lies under the calendar is small for as long as it lies there
    wrong += serious(axe, page, "#calendarbox0")
    page.locator(".calendarbox:visible .calendar td a").first.click()
    page.locator("[id^=clocklink]").first.click()
    wrong += faults_of(page)
    page.locator(".clockbox:visible .timelist a").first.click()
    page.locator(".select2-selection").first.click()
    page.locator(".select2-results__option").first.wait_for()
    wrong += faults_of(page)

    page.goto(to(office["user"], "add"))
    page.select_option("#id_groups_from", label="编辑")
    page.locator("#id_groups_add").click()
    wrong += faults_of(page, axe)

    page.goto(to(Article, "change", office[Article].pk))
    page.locator(".add-row a").first.click()
    page.locator(".inline-deletelink").first.wait_for()
    wrong += faults_of(page)

    page.goto(to(Article, "changelist"))
    page.locator(".facet summary").first.click()
    wrong += faults_of(page)
    # here too, what lies under the open filter is small
    wrong += serious(axe, page, ".facet[open]")
    page.keyboard.press("Escape")
    assert page.locator(".facet[open]").count() == 0

    page.goto(to(CourseClass, "changelist"))
    page.locator("#action-toggle").check()
    wrong += faults_of(page)
    page.select_option("[name=action]", "call_off_selected")
    with page.expect_navigation():
        page.get_by_role("button", name="执行").click()
    wrong += faults_of(page, axe)

    assert "\n".join(wrong) == ""
    assert page.said == []


def test_back_office_colours_are_those_of_the_union_whatever_the_system_likes(
    office, page, base_url
):
    enter(page, office["user"], base_url)
    page.emulate_media(color_scheme="dark")
    page.goto(to(Worker, "changelist"))

    def style(selector, name):
        element = page.locator(selector).first
        return element.evaluate(f"element => getComputedStyle(element).{name}")

    assert "rgb(143, 13, 23)" in style("#header", "backgroundImage")
    assert style("body", "backgroundColor") == "rgb(247, 245, 242)"
    assert style("body", "color") == "rgb(31, 31, 31)"
    assert style("#result_list tbody th a", "color") == "rgb(11, 87, 164)"
    assert style("#result_list tbody th a", "textDecorationLine") == "underline"
    assert style("#result_list tbody th", "position") == "sticky"
    page.goto(to(Stewardship, "delete", office[Stewardship].pk))
    button = ".delete-confirmation input[type=submit]"
    assert style(button, "backgroundColor") == "rgb(176, 0, 32)"
    assert style(button, "color") == "rgb(255, 255, 255)"


def test_back_office_form_left_empty_says_in_the_houses_words_what_to_do(
    office, page, base_url
):
    enter(page, office["user"], base_url)
    page.goto(to(CourseClass, "add"))

    page.locator("[name=_save]").click()
    page.locator(".problems li").first.wait_for()

    assert page.title().startswith("有误：")
    said = page.locator(".problems li").all_inner_texts()
    assert "班名：请填写这一项。" in said
    assert not any("字段" in line for line in said)
    assert faults_of(page, Axe()) == []


def test_back_office_calendar_is_a_chinese_one_and_beijing_time_is_said_once(
    office, browser, base_url
):
    context = browser.new_context(
        base_url=base_url, locale="zh-CN", timezone_id="America/New_York"
    )
    page = context.new_page()
    enter(page, office["user"], base_url)
    page.goto(to(Article, "change", office[Article].pk))

    notes = page.locator(".timezone, .timezonewarning").all_inner_texts()
    assert len(notes) == 1 and "北京时间" in notes[0]
    day, hour = (page.locator(f"#id_publish_at_{n}").bounding_box() for n in (0, 1))
    assert day["y"] == hour["y"]

    page.fill("#id_publish_at_0", "2026-12-24")
    page.locator("#calendarlink0").click()
    box = page.locator(".calendarbox:visible")
    assert box.locator("caption").inner_text() == "2026年12月"
    assert box.locator("th").all_inner_texts() == list("一二三四五六日")
    box.locator(".calendarnav-next").click()
    assert box.locator("caption").inner_text() == "2027年1月"
    context.close()


FRAMED = """names => names.filter((name) => {
  const box = document.getElementById(name);
  return getComputedStyle(box).borderTopColor !== "rgb(176, 0, 32)";
})"""
QUIET = """() => [...document.querySelectorAll("#container :is(.help, .help *, .quiet, a, label)")]
  .filter((e) => e.checkVisibility() && e.innerText?.trim())
  .filter((e) => !e.closest(".ProseMirror, .tabular .datetimeshortcuts"))
  .filter((e) => parseFloat(getComputedStyle(e).fontSize) < 14)
  .map((e) => `${e.className} ${e.innerText.slice(0, 20)}`)"""


def middle(box):
    return box["y"] + box["height"] / 2


def test_back_office_form_shows_what_is_wrong_where_it_is(office, page, base_url):
    enter(page, office["user"], base_url)
    page.goto(to(Article, "change", office[Article].pk))
    page.set_viewport_size({"width": 1280, "height": 900})
    assert page.evaluate(QUIET) == []
    alt, tick = "#id_articlephoto-0-alt", "#id_articlephoto-0-is_decorative"
    boxes = [page.locator(name).bounding_box() for name in (alt, tick)]
    assert abs(middle(boxes[0]) - middle(boxes[1])) <= 2

    group = page.locator("#articlephoto-group")
    for _further in range(2):
        group.locator(".add-row a").click()
    photos = group.locator(".inline-related:visible .inline_label")
    assert photos.all_inner_texts() == [f"第{n}张照片" for n in (1, 2, 3)]
    more = page.locator(".add-row a").all_inner_texts()
    assert more == ["添加署名", "添加照片", "添加附件或视频文件", "添加视频链接"]
    file = group.locator(".filebox").last
    assert file.inner_text() == "选择照片未选择照片"
    file.locator("input").set_input_files(
        {"name": "合影.txt", "mimeType": "text/plain", "buffer": b"no"}
    )
    assert file.locator(".filebox__name").inner_text() == "合影.txt"

    page.fill("#id_title", "")
    page.fill("#id_publish_at_0", "2026-13-45")
    page.fill("#id_articlephoto-0-alt", "")
    page.locator("[name=_send]").click()
    page.locator(".problems li").first.wait_for()

    said = page.locator(".problems li").all_inner_texts()
    assert "标题：请填写这一项。" in said
    assert "发布时间：日期不对，请按2026-06-01的格式填写。" in said
    assert any(line.startswith("第1张照片的画面描述：") for line in said)
    wrong = ["id_title", "id_publish_at_0", "id_articlephoto-0-alt"]
    assert page.evaluate(FRAMED, wrong) == []
    assert page.evaluate(FRAMED, ["id_subtitle"]) == ["id_subtitle"]
    label = page.locator("label[for=id_title]").bounding_box()
    box = page.locator("#id_title").bounding_box()
    assert abs(middle(label) - middle(box)) < 8
    error = page.locator(".field-title .errorlist").bounding_box()
    assert error["y"] >= box["y"] + box["height"]


CUT = """() => [...document.querySelectorAll("#result_list tbody td")]
  .filter((cell) => cell.getBoundingClientRect().right > innerWidth + 1)
  .map((cell) => cell.innerText)"""


def test_back_office_list_keeps_dates_whole_and_its_pager_says_where_one_is(
    office, page, base_url, monkeypatch
):
    monkeypatch.setattr(admin.site._registry[Article], "list_per_page", 1)
    make_sent(publish_at=timezone.now() + timedelta(days=1))
    enter(page, office["user"], base_url)
    page.goto(to(Article, "changelist") + "?q=&p=2")
    page.set_viewport_size({"width": 1280, "height": 900})

    for cell in page.locator("#result_list td.nowrap").all():
        assert cell.evaluate("cell => getComputedStyle(cell).whiteSpace") == "nowrap"
    pager = page.locator(".paginator nav")
    assert pager.inner_text().split() == ["上一页", "1", "2", "3", "下一页"]
    grounds = "all => all.map((one) => getComputedStyle(one).backgroundColor)"
    filled = pager.locator("> *").evaluate_all(grounds)
    assert [ground == "rgb(179, 18, 29)" for ground in filled] == [0, 0, 1, 0, 0]
    pager.get_by_text("上一页").click()
    assert pager.inner_text().split()[0] == "1"
    # the box says that it is cut off where it is, and a phone stacks the rows
    ground = page.locator("#changelist-form .results").evaluate(
        "box => getComputedStyle(box).backgroundAttachment"
    )
    assert ground.startswith("local, scroll")
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.evaluate(CUT) == []
    heads = page.locator("#result_list tbody td").evaluate_all(
        "cells => cells.map((cell) => getComputedStyle(cell, '::before').content)"
    )
    assert any("发布时间" in head for head in heads)


def test_back_office_checks_see_what_is_wrong(page):
    """The control of all the tests above."""
    page.set_content(
        """<main id="content"><p><a href="/a">词</a></p>
        <a class="plain" href="/b" title="Edit this"
          >短链接</a><input id="bare" size="1"><button id="tiny">去</button>
        <span class="datetime"><input class="vDateField" id="d" aria-label="日期">
        </span></main>"""
    )
    page.add_style_tag(
        content=".plain { text-decoration: none } #tiny { all: unset; font-size: 9px }"
    )

    seen = page.evaluate(CHECKS)

    assert english(seen["words"]) == ["Edit", "this"]
    assert [word for word in seen["small"] if "tiny" in word]
    assert [word for word in seen["unnamed"] if "bare" in word]
    assert [word for word in seen["invisible"] if "短链接" in word]
    assert [word for word in seen["undated"] if word.endswith("#d")]
