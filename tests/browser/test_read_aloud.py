"""An article read aloud, with a voice that writes down what it is told to say, and the
tools of the page beside it."""

import pytest

from tests.news.factories import make_article, make_column, make_photo, reporter

# Says one utterance when the test says so; as mute or voiceless as the test wants.
VOICE = """
window.said = [];
window.faults = [];
document.addEventListener("securitypolicyviolation", (e) => faults.push(e.violatedDirective));
let now = null;
const list = VOICES;
const fire = (name, event) => { const was = now; now = null; was?.[name]?.(event ?? {}); };
window.voice_ends = () => fire("onend");
window.voice_fails = () => fire("onerror", { error: "synthesis-failed" });
Object.defineProperty(window, "speechSynthesis", { value: {
  speaking: false, pending: false, paused: false,
  getVoices: () => list,
  addEventListener: () => {},
  speak: (one) => { now = one; said.push(one.text + "/" + one.lang); },
  cancel: () => { said.push("silence"); fire("onerror", { error: "canceled" }); },
  pause: () => said.push("pause"), resume: () => {},
}});
window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
"""
MANDARIN = "[{lang: 'en-US'}, {lang: 'zh-HK'}, {lang: 'zh-TW'}, {lang: 'zh_CN'}]"
LONG = "第一句话讲的是职工在文化宫里唱歌跳舞写字画画的那些事情。"  # 28 characters
LATER = "第二句话讲的是志愿者一起走进社区为大家修伞磨刀理发的日子！"


@pytest.fixture
def article(transactional_db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return make_article(
        title="示例朗读",
        editor_note="从今天起刊发。",
        body=f"<p>短段。</p><h2>小标题</h2><p>{LONG}{LATER}</p>"
        "<ul><li><p>一项</p></li></ul>"
        "<table><tbody><tr><td>甲</td><td>乙</td></tr></tbody></table><p>■□</p>",
        column=make_column(),
        bylines=[reporter()],
        photos=[make_photo(caption="图说不读")],
    )


@pytest.fixture
def ask(page, article):
    """Open the article in a browser with these voices."""

    def ask(voices=MANDARIN):
        page.add_init_script(VOICE.replace("VOICES", voices))
        page.goto(article.get_absolute_url())
        return page

    return ask


def spoken(page):
    said = page.evaluate("said.filter((one) => one !== 'silence')")
    assert page.evaluate("faults") == []
    return [one.rpartition("/")[0] for one in said]


def press(page, words):
    page.get_by_role("button", name=words, exact=True).click()


def status(page):
    return page.text_content("[data-aloud-status]")


ALL = ["示例朗读", "编者按：从今天起刊发。", "短段。", "小标题", LONG, LATER]
ALL += ["一项", "甲，乙"]


def test_read_aloud_of_title_note_and_text_in_order_marks_where_it_is(ask):
    page = ask()
    assert spoken(page) == [], "it began by itself"

    press(page, "朗读")
    assert status(page) == "开始朗读"
    marked = []
    for _ in ALL:
        marked.append(page.text_content(".is-read").strip())
        page.evaluate("voice_ends()")

    assert spoken(page) == ALL
    assert page.evaluate("said.at(-2)").endswith("/zh_CN")
    assert marked[:3] == ["示例朗读", "编者按从今天起刊发。", "短段。"]
    assert marked[4] == marked[5] == LONG + LATER
    assert page.locator(".is-read").count() == 0
    assert status(page) == "朗读完毕"
    assert page.locator("[data-aloud]").is_visible()
    assert page.locator("[data-aloud-bar]").is_hidden()


def test_read_aloud_pause_remembers_the_sentence_and_stop_begins_again(ask):
    page = ask()
    press(page, "朗读")
    page.evaluate("voice_ends()")

    press(page, "暂停")
    assert status(page) == "已暂停朗读"
    assert page.evaluate("said.at(-1)") == "silence"
    assert page.text_content(".is-read").strip() == "编者按从今天起刊发。"
    press(page, "继续")
    assert spoken(page) == [ALL[0], ALL[1], ALL[1]]
    press(page, "停止")
    assert page.evaluate("said.at(-1)") == "silence"
    assert page.locator(".is-read").count() == 0
    press(page, "朗读")

    assert spoken(page) == [ALL[0], ALL[1], ALL[1], ALL[0]]


def test_read_aloud_by_keyboard_the_focus_goes_along(ask):
    page = ask()
    page.focus("[data-aloud]")

    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.textContent") == "暂停"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    assert page.evaluate("document.activeElement.textContent").strip() == "朗读"


def test_read_aloud_ends_on_leaving_the_page(ask):
    page = ask()
    press(page, "朗读")

    page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide'))")

    assert page.evaluate("said.at(-1)") == "silence"
    assert page.locator("[data-aloud]").is_visible()


def test_read_aloud_voice_that_fails_says_so_and_one_that_hangs_is_passed_by(ask, page):
    page.clock.install()
    page = ask()
    press(page, "朗读")

    page.clock.run_for(20_000)  # never ended, never failed
    assert spoken(page)[:2] == ALL[:2]
    page.evaluate("voice_fails()")

    assert page.get_by_text("这台设备暂时不能朗读").is_visible()
    assert page.locator("[data-aloud]").is_visible()


@pytest.mark.parametrize("voices", ["[]", "[{lang: 'en-US'}, {lang: 'zh-HK'}]"])
def test_read_aloud_without_a_voice_that_speaks_mandarin_there_is_no_button(
    ask, page, voices
):
    page.clock.install()
    page = ask(voices)
    page.clock.run_for(5_000)

    assert page.locator("[data-print]").is_visible(), "other tools are there"
    assert page.locator("[data-aloud]").is_hidden()


def test_read_aloud_without_speech_or_without_javascript_there_is_no_button(
    article, browser, base_url
):
    for has_script in (True, False):
        context = browser.new_context(base_url=base_url, java_script_enabled=has_script)
        page = context.new_page()
        if has_script:
            page.add_init_script(
                "Object.defineProperty(window, 'speechSynthesis', {value: undefined})"
            )
        page.goto(article.get_absolute_url())
        assert page.locator(".share summary").is_visible()
        assert page.locator("[data-print]").is_visible() is has_script
        assert page.locator("[data-aloud]").is_hidden()
        assert page.locator("[data-aloud-bar]").is_hidden()
        context.close()


def test_read_aloud_in_large_print_comes_first_and_is_large(ask, context, base_url):
    context.add_cookies([{"name": "display", "value": "elder", "url": base_url}])
    page = ask()
    page.set_viewport_size({"width": 375, "height": 667})

    box = page.locator("[data-aloud]").bounding_box()
    assert box["height"] >= 60
    assert box["width"] >= 300
    press(page, "朗读")
    for words in ("暂停", "停止"):
        button = page.get_by_role("button", name=words, exact=True)
        assert button.bounding_box()["height"] >= 60


@pytest.mark.parametrize("has_motion", [True, False])
def test_read_aloud_paragraph_that_is_read_comes_into_view(ask, page, has_motion):
    page.emulate_media(reduced_motion="no-preference" if has_motion else "reduce")
    page.set_viewport_size({"width": 320, "height": 300})
    page = ask()
    press(page, "朗读")
    page.evaluate(
        "void (Element.prototype.scrollIntoView = (how) => { window.how = how.behavior })"
    )
    for _ in range(5):
        page.evaluate("voice_ends()")

    assert page.evaluate("how") == ("smooth" if has_motion else "instant")


@pytest.mark.parametrize("is_wechat", [True, False])
def test_read_aloud_in_wechat_has_nothing_to_scan(
    article, browser, base_url, is_wechat
):
    agent = "Mozilla/5.0 (Linux; Android 14) MicroMessenger/8.0.50 NetType/WIFI"
    context = browser.new_context(
        base_url=base_url, user_agent=agent if is_wechat else None
    )
    page = context.new_page()
    page.goto(article.get_absolute_url())
    page.click(".share summary")

    words = page.inner_text(".share p").strip()
    assert words.startswith("点右上角" if is_wechat else "用微信扫一扫")
    assert page.locator(".share img").count() == (0 if is_wechat else 1)
    context.close()
