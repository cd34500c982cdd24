"""Pictures dropped on an article, pasted into it or chosen by its button, in a real
browser: three clicks at most until one stands in the text with its words."""

import base64

import pytest
from playwright.sync_api import expect

from news.models import Article
from tests.browser.test_publish_report import editor, log_in
from tests.news.back_office import kept
from tests.news.factories import make_column, make_upload

pytestmark = pytest.mark.django_db(transaction=True)

# as a browser makes it of files from a desktop or a clipboard
GIVE = """([deed, pictures]) => {
  const data = new DataTransfer();
  for (const [name, type, content] of pictures) {
    const bytes = Uint8Array.from(atob(content), (c) => c.charCodeAt(0));
    data.items.add(new File([bytes], name, { type }));
  }
  const paragraph = document.querySelector(".tiptap p");
  const place = paragraph.getBoundingClientRect();
  const event = deed === "drop"
    ? new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true,
        clientX: place.right - 4, clientY: place.top + place.height / 2 })
    : new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
  paragraph.dispatchEvent(event);
}"""


def picture(name="photo.jpg", colour=(180, 20, 30)):
    content = make_upload(colour=colour).read()
    return [name, "image/jpeg", base64.b64encode(content).decode()]


@pytest.fixture
def desk(page, live_server, settings, tmp_path):
    """The page of a new article that has a text; the complaints of its console."""
    settings.MEDIA_ROOT = tmp_path / "media"
    editor()
    make_column(name="要闻", in_menu=True)
    complaints = []
    page.on("console", lambda said: complaints.append(said.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.set_viewport_size({"width": 1280, "height": 900})
    page.set_default_timeout(15_000)
    log_in(page, live_server.url)
    page.goto("/admin/news/article/add/")
    page.select_option("#id_column", label="要闻")
    page.fill("#id_title", "木棉花开")
    page.locator(".tiptap").click()
    page.keyboard.insert_text("第一段。")
    page.keyboard.press("Enter")
    page.keyboard.insert_text("第二段。")
    page.locator(".tiptap p").first.click()
    page.keyboard.press("End")
    yield complaints
    assert complaints == []


def save(page):
    page.locator("[name=_save]").click()
    expect(page.locator(".messagelist")).to_contain_text("草稿已保存")
    return kept(Article.objects.get())


def test_pictures_dropped_stand_where_they_fell_with_their_words(page, desk):
    two = [picture("a.jpg"), picture("b.jpg", (20, 30, 180))]
    page.evaluate(GIVE, ["drop", two])
    dialog = page.locator("[data-picture-words]")
    expect(dialog).to_be_visible()
    for number, words in enumerate(["三位工匠站在台上", "木棉树下练太极"]):
        dialog.locator("[data-word=alt]").nth(number).fill(words)
    dialog.locator("[data-word=caption]").first.fill("工匠登台。")
    dialog.locator("[value=done]").click()
    expect(page.locator(".tiptap figcaption")).to_have_text("工匠登台。")

    content = save(page)

    assert [(one.alt, one.caption) for one in content.photos] == [
        ("三位工匠站在台上", "工匠登台。"),
        ("木棉树下练太极", ""),
    ]
    first, second = (one.picture.key for one in content.photos)
    parts = ["第一段。", first, second, "第二段。"]
    places = [content.body.index(part) for part in parts]
    assert places == sorted(places)


def test_picture_of_the_button_is_placed_in_three_clicks(page, desk):
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="插入照片", exact=True).click()  # one
    upload = make_upload()
    chooser.value.set_files(  # two: the file
        {"name": "x.jpg", "mimeType": "image/jpeg", "buffer": upload.read()}
    )
    page.locator("[data-word=alt]").fill("台上的三位工匠")
    page.keyboard.press("Enter")  # three, or the button

    expect(page.locator(".tiptap figure img")).to_have_attribute(
        "alt", "台上的三位工匠"
    )
    assert save(page).photos[0].alt == "台上的三位工匠"


def test_picture_pasted_waits_for_its_words_and_what_is_none_is_said(page, desk):
    bad = ["bad.png", "image/png", base64.b64encode(b"no picture").decode()]
    page.evaluate(GIVE, ["paste", [picture(), bad]])
    dialog = page.locator("[data-picture-words]")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    said = page.locator("[data-tidying] [role=status]")
    expect(said).to_contain_text("bad.png：")
    expect(page.locator(".tiptap figure")).to_have_count(1)

    page.locator("[name=_send]").click()

    expect(page.locator(".errorlist").filter(has_text="画面描述").first).to_be_visible()
    page.locator("[name$='-0-alt']").fill("木棉")
    page.locator("[name=_send]").click()
    page.get_by_role("button", name="就这样送审", exact=True).click()
    page.wait_for_url("**/review/")
    shown = page.locator("figure.fig img")
    expect(shown).to_have_js_property("complete", True)
    assert shown.evaluate("image => image.naturalWidth") > 0
    assert any("400" in line for line in desk)  # the refused upload
    desk.clear()
