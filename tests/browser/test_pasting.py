"""Pasting into the editor of an article in a real browser: what Word, WPS, WeChat and
other sites put into a clipboard comes out as is kept beside it, a report is taken apart in
ten decisions at most, and nothing that is pasted or posted acts anywhere."""

import re
from dataclasses import replace
from itertools import cycle
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from members.models import User
from news import services
from news.models import Article, Column
from news.services import FileWords, VideoLink
from tests.browser.test_publish_report import editor, log_in
from tests.filesamples import pdf, upload
from tests.news import pasted_report
from tests.news.back_office import kept
from tests.news.factories import (
    approve,
    make_column,
    make_content,
    make_draft,
    make_photo,
    publish_newest,
    save_version,
)

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.covers("editor"),
]

CASES = Path(__file__).parents[1] / "cases"
HOSTILE = (CASES / "hostile.txt").read_text(encoding="utf-8").splitlines()
# As a browser makes it: the editor's own handler reads this event.
PASTE = """([html, text]) => {
  const dom = document.querySelector(".tiptap");
  const data = new DataTransfer();
  if (html) data.setData("text/html", html);
  data.setData("text/plain", text);
  dom.focus();
  dom.dispatchEvent(new ClipboardEvent("paste",
    {clipboardData: data, bubbles: true, cancelable: true}));
}"""
# Whatever acts says so; a refusal by the content policy is one more complaint.
WATCH = """
  window.acted = [];
  window.act = window.alert = window.print = () => { window.acted.push("act"); };
  addEventListener("securitypolicyviolation",
    (event) => window.acted.push(event.violatedDirective + event.blockedURI));
"""
ACTS = """() => [...document.querySelectorAll("*")].flatMap((element) => [
  ...[...element.attributes].filter(({ name, value }) => /^on/i.test(name) || (
    /^(href|src|action|formaction)$/i.test(name) && /^\\s*(javascript|vbscript):/i.test(value)
  ) || (/^(src|srcset|action|background|ping)$/i.test(name) && /evil/.test(value)),
  ).map(({ name, value }) => `${name}=${value}`),
  ...(element.matches(":is(.tiptap, .prose, main) :is(iframe:not([src^='/news/']), object, embed, form[action*=evil])")
    ? [element.tagName] : []),
])"""


@pytest.fixture
def desk(page, live_server):
    """The page of a new article; gives the complaints of the console as they come."""
    editor()
    make_column(name="要闻", in_menu=True)
    complaints = []
    page.on("console", lambda said: complaints.append(said.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))

    def answer(dialog):
        if dialog.type != "beforeunload":  # the house's own: test_unsaved.py
            complaints.append(f"{page.url} {dialog.type}")
        dialog.accept()

    page.on("dialog", answer)
    page.add_init_script(WATCH)
    page.set_viewport_size({"width": 1280, "height": 900})
    page.set_default_timeout(15_000)
    log_in(page, live_server.url)
    page.goto("/admin/news/article/add/")
    page.wait_for_selector(".tiptap")
    return complaints


def paste(page, html, text=""):
    """Paste over all that stands in the editor; gives what it holds afterwards."""
    page.evaluate("document.querySelector('.tiptap').editor.commands.clearContent()")
    with page.expect_response(lambda answer: answer.url.endswith("/tidy/")) as answered:
        page.evaluate(PASTE, [html, text])
    answered.value.finished()
    return page.evaluate("document.querySelector('.tiptap').editor.getHTML()")


def shape(html):
    """What the editor writes besides: marks of links and lists, a line before a table.
    A picture that lay in the text stands where its mark would."""
    html = re.sub(
        r'<figure class="figure"><img src="/news/photos/[^>]*>'
        r"<figcaption[^>]*>([^<]*)</figcaption></figure>",
        r"<p>〔此处放照片：\1〕</p>",
        html,
    )
    html = re.sub(r' (?:rel|data-type)="[^"]*"', "", html)
    return re.sub(r"^<p></p>(?=<)|(?<=>)<p></p>$", "", html)


def test_paste_of_every_case_comes_out_clean_and_says_what_went(page, desk):
    said = page.locator("[data-tidying] [role=status]")
    cases = sorted((CASES / "paste").glob("*.html"))
    for path in cases:
        html, *removed = path.with_suffix(".out").read_text("utf-8").splitlines()

        made = paste(page, path.read_text("utf-8"))

        assert shape(made) == html, path.stem
        for words in removed or ["没有去掉内容"]:
            expect(said).to_contain_text(words)
    assert len(cases) >= 38
    assert desk == []
    assert page.evaluate("window.acted") == []
    # the picture that lay in the text is a photo of the article, with its words
    assert page.locator("[name=articlephoto-0-receipt]").input_value()
    assert page.locator("[name=articlephoto-0-caption]").input_value() == "学员合影"


def test_paste_by_the_keys_and_own_text_moves_as_it_is(page, desk, context):
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate(
        """() => navigator.clipboard.write([new ClipboardItem({
          "text/html": new Blob(["<p><b>粗</b>体</p>"],
            {type: "text/html"}),
          "text/plain": new Blob(["粗体"], {type: "text/plain"})})])"""
    )
    text = page.locator(".tiptap")
    text.click()
    page.keyboard.type("前")
    page.keyboard.press("Control+v")
    expect(text.locator("strong")).to_have_text("粗")
    expect(text).to_have_text("前粗体")

    page.keyboard.press("Control+a")
    page.keyboard.press("Control+x")
    page.keyboard.press("Control+v")
    expect(text.locator("p").first).to_have_text("前粗体")
    assert desk == []


def test_paste_when_the_server_is_away_leaves_the_words_and_says_so(page, desk):
    page.route("**/article/paste/", lambda route: route.abort())
    page.route("**/article/tidy/", lambda route: route.abort())

    page.evaluate(PASTE, ["<p><b>甲</b></p><p>乙</p>", "甲\n乙 <i>"])

    expect(page.locator(".tiptap p")).to_have_text(["甲", "乙 <i>"])
    expect(page.locator("[data-tidying] [role=status]")).to_contain_text("暂时")


def test_paste_of_a_report_is_right_after_ten_clicks_at_most(page, desk):
    paste(page, "", pasted_report.as_text())
    clicks = 0
    while page.locator("[data-kind] [name=_tidy]").count():
        kind = page.locator("[data-kind]:has([name=_tidy])").first
        name = kind.get_attribute("data-kind")
        kind.locator("[name=_tidy]").click()
        clicks += 1
        # drawn anew by the answer, without what was taken
        expect(page.locator(f"[data-kind={name}] [name=_tidy]")).to_have_count(0)
        expect(page.locator("[data-tidying] [role=status]")).to_contain_text("尚未保存")

    assert clicks <= 10
    boxes = [
        *("title", "subtitle", "source_name", "publish_at_0", "editor_note"),
        *("byline-0-name", "articlephoto-0-caption", "articlephoto-0-credit"),
    ]
    values = {name: page.locator(f"[name={name}]").input_value() for name in boxes}
    values["body"] = page.evaluate("document.querySelector('.tiptap').editor.getHTML()")
    pasted_report.is_right(values)
    assert not Article.objects.exists()
    assert desk == []


def test_hostile_words_of_pictures_files_and_films_act_nowhere(
    page, desk, live_server, settings, tmp_path
):
    """The corpus as captions, credits and titles, where plain words belong."""
    settings.MEDIA_ROOT = tmp_path / "media"
    author = User.objects.get()
    words = iter(cycle(HOSTILE))
    photos = tuple(
        make_photo(caption=a[:200], credit=b[:60], alt=c[:200])
        for a, b, c in zip(HOSTILE[::3], HOSTILE[1::3], HOSTILE[2::3], strict=True)
    )
    files = tuple(
        FileWords(
            replace(services.keep_file(upload(pdf(), "x.pdf")), name=""),
            next(words)[:80],
        )
        for _number in range(20)
    )
    videos = tuple(
        VideoLink(f"https://v.qq.com/x/page/a{number}.html", next(words)[:80])
        for number in range(20)
    )
    content = make_content(
        title=HOSTILE[0],
        photos=photos,
        files=files,
        videos=videos,
        body="".join(f'<img data-file="{p.picture.key}">' for p in photos[::2]),
    )
    article = make_draft(
        column=Column.objects.get(), content=make_content(title=HOSTILE[4])
    )
    services.send(article=article, by=author)
    services.save_draft(article=article, content=content, by=author)

    page.goto(reverse("admin:news_article_changelist"))
    page.locator("[name=_selected_action]").check()
    page.select_option("[name=action]", "send_chosen")
    page.locator("[name=index]").click()
    page.get_by_role("button", name="就这样送审", exact=True).click()
    expect(page.locator(".messagelist")).to_contain_text("act()")
    assert page.evaluate(ACTS) == []
    article.refresh_from_db()
    approve(article.review_version)

    preview = reverse("news:article-preview", args=[article.pk])
    names = ["review", "compare", "change", "history", "photos", "withdraw", "check"]
    ways = [reverse(f"admin:news_article_{name}", args=[article.pk]) for name in names]
    ways[4] += "?CKEditorFuncNum=1"
    ways += [preview, f"{preview}?as=phone", f"{preview}?as=card"]
    ways += [
        article.get_absolute_url(),
        "/",
        "/news/",
        "/my/messages/",
        "/search/?q=act",
    ]
    ways += [article.column.get_absolute_url(), reverse("news:feed")]
    for address in ways:
        answer = page.goto(address)
        assert answer.status == 200, address
        page.wait_for_load_state("load")
        for frame in page.frames if "feed" not in address else ():
            assert frame.evaluate(ACTS) == [], address
            assert frame.evaluate("window.acted") == [], address
    assert [line for line in desk if "favicon" not in line] == []


def test_paste_and_post_of_hostile_text_act_nowhere(page, desk, live_server, settings):
    """In the editor, what is saved, the list and its summary, preview, history, message,
    feed and page."""
    assert len(HOSTILE) >= 60
    for fragment in HOSTILE:
        paste(page, fragment, "字")
        assert page.evaluate(ACTS) == [], fragment
    paste(page, "\n".join(HOSTILE), "字")
    assert page.evaluate("window.acted") == []

    evil = '"><img src=x onerror=act()><script>act()</script>'
    # as it would be without a script: the text goes into the form as it stands
    page.evaluate(
        """(html) => {
          document.querySelector(".tiptap").editor.destroy();
          document.getElementById("article_form").elements.body.value = html;
        }""",
        # links that lead nowhere and pictures of nobody are refused: not these here
        "\n".join(one for one in HOSTILE if not re.search("href|data-file", one))
        + f"<p>{evil}</p><p>字。</p>",
    )
    page.select_option("#id_column", label="要闻")
    for name in ("title", "subtitle", "editor_note", "source_name"):
        page.fill(f"[name={name}]", evil[: 60 if name == "source_name" else 150])
    page.fill("[name=byline-0-name]", evil[:60])
    page.locator("[name=_save]").click()
    expect(page.locator(".messagelist")).to_contain_text("已保存")
    article = Article.objects.get()
    assert "〔此处" not in kept(article).body
    back = [
        reverse("admin:news_article_review", args=[article.pk]),
        reverse("admin:news_article_compare", args=[article.pk]) + "?old=1&new=2",
        reverse("admin:news_article_change", args=[article.pk]),
        reverse("admin:news_article_history", args=[article.pk]),
        reverse("admin:news_article_changelist"),
        reverse("news:article-preview", args=[article.pk]),
    ]
    publish_newest(article=article)
    words = replace(kept(article), title=evil + "2", body=f"<p>{evil}改</p>")
    save_version(article=article, content=words)
    seen = [
        *("/", "/news/", article.column.get_absolute_url(), article.get_absolute_url()),
        reverse("news:feed"),
    ]
    for address in back + seen:
        page.goto(address)
        page.wait_for_load_state("load")
        if not address.endswith((".xml", "feed/")):
            assert page.evaluate(ACTS) == [], address
            assert page.evaluate("window.acted") == [], address
    assert [line for line in desk if "favicon" not in line] == []
