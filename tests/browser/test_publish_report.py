"""An editor publishes a report by hand through the back office, in a real browser, and
it reads as a newspaper page should, on a phone and on a desk.

The report has the shape, the marks and the length of the one that this portal was
founded on; its words are invented.
"""

import re
from itertools import cycle, islice

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone
from playwright.sync_api import expect

from news.models import Article, ArticleVersion
from tests.factories import PASSWORD, make_user
from tests.news.factories import approve, make_column, make_series, make_upload

pytestmark = pytest.mark.django_db(transaction=True)

PHONE = "13800002018"
TITLE, SUBTITLE = "木棉花开满城红", "示例市总工会丰富职工文化生活纪实"
NOTE = [
    "五年是一段不短的路。示例市的工会干部带着“把好事办实”的念头，走遍了山谷里的工地。",
    "从今天起，本栏目连载“花城纪实”，请读者跟着记者的脚步去看看这些变化。",
]
SENTENCES = [
    "傍晚六点，文化宫三楼的灯一盏盏亮起来，下班的职工从四面八方赶来上课",
    "教室里有人练声，有人学茶，也有人第一次举起相机，彼此叫得出名字",
    "“以前下班就回家，现在每个星期都有盼头”，一位学员笑着说",
    "工会干部把座谈会开到井口和炉前，听到的意见当场记下，能办的当月就办",
    "演出队的卡车翻过两座山，在桥梁工地的空场上搭起了舞台",
    "书屋里的新书由班组自己挑，手机上也能借到，夜班的人不再错过",
    "球场边的记分牌换了新的，厂与厂之间的较量成了全城的节日",
    "志愿者的“红马甲”出现在路口、病房和社区课堂，成了一道寻常的风景",
]
SECTIONS = [
    ("把道理讲到班组里", ["请来身边的榜样", "守好自己的阵地", "算清发展的大账"]),
    ("把舞台搭到工地上", ["书香飘进车间", "才艺学在身边", "欢乐送到一线"]),
    ("把榜样立在人心里", ["先进有名有姓", "活动有声有色", "志愿有来有往"]),
]


def paragraphs():
    """(kind, text) of the body: a lead, then three subheads with what follows each."""
    sentences = cycle(SENTENCES)

    def some(number):
        return "，".join(islice(sentences, number)) + "。"

    yield "p", "　　" + some(5)
    for head, leads in SECTIONS:
        yield "h2", head
        yield "p", "　　" + some(4)
        for lead in leads:
            yield "p", f"　　——{lead}，件件有着落。" + some(7)


BODY = list(paragraphs())


def editor():
    user = make_user(phone=PHONE, is_staff=True)
    names = ["view_article", "add_article", "change_article", "publish_article"]
    names += ["view_series", "view_column", "all_columns"]
    user.user_permissions.set(
        Permission.objects.filter(content_type__app_label="news", codename__in=names)
    )


def log_in(page, site):
    page.goto(f"{site}/admin/")
    page.locator("[name=login]").fill(PHONE)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=password]").press("Enter")
    page.wait_for_url(f"{site}/admin/")


def type_body(page):
    """Type into the editor as a person would: subheads from the toolbar's menu."""
    page.locator(".field-body .tiptap").click()
    for number, (kind, text) in enumerate(BODY):
        if kind == "h2":
            page.locator(".prose-menubar__selected").first.click()
            page.locator(".prose-menubar__option:visible").first.click()
        page.keyboard.insert_text(text)
        if number < len(BODY) - 1:
            page.keyboard.press("Enter")


def pick_photo(page):
    """Put the saved photo behind the first paragraph through the picker window."""
    page.locator(".field-body .tiptap p").first.click()
    page.keyboard.press("Control+Home")
    page.locator(".field-body .tiptap p").first.press("End")
    page.locator(".prose-menubar [title='插入图片']").click()
    with page.expect_popup() as opened:
        page.locator("dialog button").filter(has_text="选择照片").click()
    opened.value.wait_for_load_state()
    opened.value.locator("[data-picker] button").click()
    expect(page.locator("dialog input[name=imageUrl]")).not_to_have_value("")
    page.get_by_role("button", name="插入", exact=True).click()


@pytest.fixture
def published(page, live_server, settings, tmp_path):
    """The report, typed and published by hand; gives its address."""
    settings.MEDIA_ROOT = tmp_path / "media"
    editor()
    make_column(name="专题专栏", in_menu=True)
    make_series(title="花城纪实", planned_parts=3)
    site = live_server.url
    page.set_viewport_size({"width": 1280, "height": 900})
    page.set_default_timeout(15_000)
    complaints = []
    page.on("console", lambda said: complaints.append(said.text))
    log_in(page, site)

    page.goto(f"{site}/admin/news/article/add/")
    page.select_option("#id_column", label="专题专栏")
    page.fill("#id_title", TITLE)
    page.fill("#id_subtitle", SUBTITLE)
    page.locator(".field-series .select2-selection").click()
    page.locator(".select2-dropdown .select2-search__field").fill("花城")
    page.locator(".select2-results__option", has_text="花城纪实").click()
    page.fill("#id_series_no", "1")
    page.check("#id_is_reprint")
    page.fill("#id_source_name", "示例日报")
    page.fill("#id_editor_note", "\n".join(NOTE))
    page.fill("#id_publish_at_0", "2018-06-01")
    page.fill("#id_publish_at_1", "09:00:00")
    page.fill("#id_byline-0-name", "示例·王")
    page.locator("#articlephoto-group .add-row a").click()
    picture = make_upload(2000, 1250)
    page.set_input_files(
        "#id_articlephoto-0-file",
        {"name": "award.jpg", "mimeType": "image/jpeg", "buffer": picture.read()},
    )
    page.fill("#id_articlephoto-0-caption", "工匠代表登台领奖。")
    page.fill("#id_articlephoto-0-credit", "示例市总工会供图")
    page.fill("#id_articlephoto-0-alt", "三位工匠捧着证书站在台上")
    type_body(page)
    page.locator("[name=_save]").click()
    expect(page.locator(".messagelist")).to_contain_text("草稿已保存，尚未送审。")

    pick_photo(page)
    page.locator("[name=_send]").click()
    page.wait_for_url("**/review/")
    approve(ArticleVersion.objects.get())
    assert complaints == [], "the back office wrote to the console"
    return site + Article.objects.get().get_absolute_url()


def measure(page):
    """What a ruler on the screen says of the article's text."""
    return page.evaluate(
        """() => {
          const texts = [...document.querySelectorAll(".prose > p:not(.noindent)")];
          const prose = document.querySelector(".prose");
          const walker = document.createTreeWalker(prose, NodeFilter.SHOW_TEXT);
          let quote = 0;  // the widest: beside other marks the browser squeezes it
          while (walker.nextNode()) {
            for (const { index } of walker.currentNode.data.matchAll(/“/g)) {
              const range = document.createRange();
              range.setStart(walker.currentNode, index);
              range.setEnd(walker.currentNode, index + 1);
              quote = Math.max(quote, range.getBoundingClientRect().width);
            }
          }
          const size = parseFloat(getComputedStyle(texts[0]).fontSize);
          const line = texts[0].getBoundingClientRect().width / size;
          return {
            quote: quote / size,
            indents: [...new Set(texts.map(
              (p) => parseFloat(getComputedStyle(p).textIndent) / size))],
            firsts: texts.map((p) => p.textContent.slice(0, 2)),
            size, line,
            overflow: document.documentElement.scrollWidth - innerWidth,
          };
        }"""
    )


def test_publish_of_a_report_by_hand_reads_prints_and_enlarges(page, published):
    reads_like_a_newspaper_page(page, published)
    prints_on_four_sheets_at_most(page, published)
    is_large_and_fits_in_large_print(page, published)


def reads_like_a_newspaper_page(page, published):
    assert 2000 < sum(len(text) for _kind, text in BODY) < 4500
    for width, sizes in ((375, {17}), (1280, {18})):
        page.set_viewport_size({"width": width, "height": 812})
        page.goto(published)
        found = measure(page)

        assert found["overflow"] <= 0
        assert found["quote"] >= 0.9
        assert found["indents"] == [2]
        assert found["size"] in sizes
        assert 18 <= found["line"] <= 42
        assert not any(first.startswith("　") for first in found["firsts"])

    assert page.locator("h1").inner_text() == TITLE
    assert page.locator(".art__sub").inner_text() == f"——{SUBTITLE} 系列（一）"
    meta = page.locator(".art__meta")
    expect(meta).to_contain_text("发布时间：2018-06-01 09:00")
    expect(meta).to_contain_text("来源：示例日报")
    assert page.locator(".ednote p").all_inner_texts() == [
        "编者按" + NOTE[0],
        NOTE[1],
    ]
    assert page.locator(".byline").inner_text() == "□记者 示例·王"
    assert page.locator(".prose h2").all_inner_texts() == [head for head, _ in SECTIONS]
    leads = page.locator(".prose > p > strong:first-child").all_inner_texts()
    assert leads == [
        f"{lead}，件件有着落。" for _head, group in SECTIONS for lead in group
    ]
    figure = page.locator(".prose figure")
    assert figure.locator("figcaption").inner_text() == (
        "工匠代表登台领奖。（示例市总工会供图）"
    )
    picture = figure.locator("img")
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_js_property("complete", True)
    assert picture.get_attribute("alt") == "三位工匠捧着证书站在台上"
    assert picture.evaluate("image => image.naturalWidth") > 0
    assert page.locator(".series [aria-current]").text_content() == f"（一）{TITLE}"
    expect(page.locator(".side")).to_contain_text("待续")


def prints_on_four_sheets_at_most(page, published):
    page.goto(published)

    paper = page.pdf(prefer_css_page_size=True)

    sheets = len(re.findall(rb"/Type\s*/Page\b", paper))
    assert 2 <= sheets <= 4


def is_large_and_fits_in_large_print(page, published):
    page.set_viewport_size({"width": 375, "height": 812})

    page.goto(f"{published}?elder=1")

    found = measure(page)
    assert found["size"] >= 24
    assert found["indents"] == [0]
    assert found["overflow"] <= 0
    assert page.locator("html").get_attribute("data-display") == "elder"
    assert timezone.localtime(Article.objects.get().publish_at).year == 2018
