"""On paper: a report of a newspaper page on at most four sheets, black on white, the
same from every mode of the screen; and what a worker takes along on one sheet."""

import re

import pytest
from django.urls import reverse

from honors.enums import NominationState
from honors.services import confer_edition, publicnotices
from members import phones
from signups.services import seats
from tests.activities.factories import make_class
from tests.factories import PASSWORD, make_worker_with_login
from tests.honors.factories import make_honoree
from tests.honors.nominations import (
    know_days_off,
    make_call,
    make_nomination,
    make_secretary,
    put_up,
)
from tests.news.factories import make_article, make_photo, make_series, reporter

MODES = ["", "elder.contrast.font-l"]
SENTENCE = "工友们下班以后走进文化宫的教室，老师一句一句地教，大家一遍一遍地练。"
NOT_ON_PAPER = ".strip, .banner, .nav, .crumb, .tools, .aloud, .side, .pn, .foot"
NOT_ON_PAPER += ", .bottombar, .stickybar, .skip"
CM = 96 / 2.54  # a pixel of CSS is a 96th of an inch
STYLE = """(what) => {
  const style = getComputedStyle(document.querySelector(what));
  return [style.color, style.fontSize, style.textAlign];
}"""


@pytest.fixture
def report(transactional_db, settings, tmp_path):
    """As long as the report the portal began with: some 2,900 characters, three
    subheads, an editor's note and a picture."""
    settings.MEDIA_ROOT = tmp_path
    paragraph = f"<p>{SENTENCE * 5}</p>"
    part = f"<h2>下班以后 走进教室</h2>{paragraph * 5}"
    body = part * 3 + paragraph * 2
    assert 2900 < len(re.sub("<[^>]+>", "", body)) < 3000
    return make_article(
        title="下班以后走进教室",
        subtitle="示例市总工会职工文化工作纪实",
        editor_note=SENTENCE * 4,
        body=body,
        bylines=[reporter()],
        photos=[make_photo(caption="示例图说", credit="示例")],
    )


def sheets(page):
    """How many pages the printer gives out."""
    return len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True)))


def to_paper(page, address):
    page.goto(address)
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    page.wait_for_load_state("networkidle")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 627, "height": 957})  # what A4 leaves
    # nothing of the frame takes room on the paper
    seen = page.evaluate(
        "(what) => Array.from(document.querySelectorAll(what))"
        ".filter((one) => one.getClientRects().length).map((one) => one.className)",
        NOT_ON_PAPER,
    )
    assert seen == []


def black_and_white(page):
    inks = page.evaluate(
        "() => [...new Set(Array.from(document.querySelectorAll('main *'))"
        ".filter((one) => one.getClientRects().length && one.innerText)"
        ".map((one) => getComputedStyle(one).color))]"
    )
    grounds = page.evaluate(
        "() => [...new Set(Array.from(document.querySelectorAll('body, main *'))"
        ".filter((one) => one.getClientRects().length)"
        ".map((one) => getComputedStyle(one).backgroundColor))]"
    )
    white = {"rgb(255, 255, 255)", "rgba(0, 0, 0, 0)"}
    return inks == ["rgb(0, 0, 0)"] and white.issuperset(grounds)


@pytest.mark.parametrize("mode", MODES)
def test_print_of_a_report_is_at_most_four_sheets(
    report, page, context, base_url, mode
):
    context.add_cookies([{"name": "display", "value": mode, "url": base_url}])
    to_paper(page, report.get_absolute_url())

    assert page.evaluate("document.documentElement.dataset.display") == mode.replace(
        ".", " "
    )
    assert sheets(page) in (3, 4)
    assert black_and_white(page)
    assert page.evaluate(STYLE, ".art h1") == ["rgb(0, 0, 0)", "24px", "center"]
    assert page.evaluate(STYLE, ".prose > p")[1] == "16px"
    assert page.evaluate(STYLE, ".prose > p:not(.noindent)")[2] == "justify"
    photo = page.locator(".fig img").bounding_box()
    assert 5 * CM < photo["width"] <= 14 * CM + 1
    assert page.get_by_text(f"{base_url}{report.get_absolute_url()}").is_visible()
    code = page.locator(".printfoot img")
    assert code.bounding_box()["width"] >= 2.5 * CM
    assert code.evaluate("(one) => one.complete && one.naturalWidth > 0")


@pytest.mark.parametrize("mode", [*MODES, "contrast"])
def test_print_of_what_one_takes_along(transactional_db, page, context, base_url, mode):
    context.add_cookies([{"name": "display", "value": mode, "url": base_url}])
    worker = make_worker_with_login()
    made = make_class()
    article = make_article(series=make_series(), series_no=1)
    signup = seats.sign_up(offering_id=made.offering.pk, worker=worker, by=worker.user)
    page.goto(reverse("account_login"))
    page.fill("[name=login]", phones.of(worker.user))
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url("**" + reverse("my"))

    pages = {
        reverse("signups:signup-detail", args=[signup.pk]): "报名号",
        reverse("my"): made.name,
        made.get_absolute_url(): made.name,
        made.term.get_absolute_url(): made.name,
        make_honoree().get_absolute_url(): "事迹",
        # the telephones of a text are part of it, only what leads on is left out
        reverse("statement"): "热线：12351",
        article.series.get_absolute_url(): article.title,
        reverse("honors:honoree-list"): "荣誉",
        reverse("home"): article.title,
    }
    if mode == "contrast":  # the other pages have their black grounds in both
        pages = {reverse("home"): article.title}
    for address, words in pages.items():
        page.emulate_media(media="screen")
        to_paper(page, address)
        longer = (made.get_absolute_url(), reverse("home"))
        assert sheets(page) <= (2 if address in longer else 1), address
        assert black_and_white(page), address
        assert words in page.inner_text("main"), address
        assert page.locator(".printhead").inner_text() == "攀枝花市总工会"


def test_print_of_a_public_notice_and_a_certificate_of_honour_is_one_sheet(
    transactional_db, page
):
    """Eleven people, with names and words as long as there is room for."""
    know_days_off()
    secretary, edition = make_secretary(), make_call()
    secretary.set_password(PASSWORD)
    secretary.save()
    people = [
        make_nomination(
            NominationState.CITY_NOTICE,
            edition=edition,
            name="阿卜杜热合曼·买买提吐尔逊" if n == 0 else f"示例人选{n}",
            employer="示例钢铁钒钛资源综合利用有限责任公司炼铁分厂",
            brief="二十七年守在同一座高炉旁，把一炉铁水的温差控制在五度以内，"
            "带出四十多名徒弟，总结的操作法在全厂推广使用至今。",
        )
        for n in range(11)
    ]
    notice = put_up(people)
    to_paper(page, notice.get_absolute_url())
    assert sheets(page) == 1
    assert page.get_by_role("rowheader", name="示例人选10").is_visible()

    publicnotices.approve(notice=notice, by=secretary)
    confer_edition(edition=edition, by=secretary)
    page.set_viewport_size({"width": 1280, "height": 900})
    page.emulate_media(media="screen")
    page.goto(reverse("account_login"))
    page.fill("[name=login]", phones.of(secretary))
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/")
    for honoree in edition.honorees.order_by("pk")[:2]:
        number = honoree.certificate.number
        to_paper(page, reverse("honors:certificate", args=[number]))
        assert sheets(page) == 1
        code = page.locator(".honour__foot img")
        assert code.evaluate("(one) => one.complete && one.naturalWidth > 0")
        assert page.get_by_text(honoree.certificate.printed_number).is_visible()
