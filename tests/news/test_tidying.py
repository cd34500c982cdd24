"""A pasted page taken apart: proposals, and nothing that nobody accepted."""

import pytest
from django.test import Client
from django.urls import reverse

from common import pasting
from news import tidying
from news.models import Article
from news.tidying import Typed
from tests.news import pasted_report
from tests.news.back_office import ADD, WRITES, change_url, typed, with_rights
from tests.news.factories import make_column, make_draft

P = "<p>五年来，市总工会不断拓展渠道，丰富企业和职工文化内涵，受到职工的广泛欢迎。</p>"


def proposed(body, **words) -> dict:
    found = tidying.propose(Typed(body=body, **words))
    return {proposal.kind: proposal for proposal in found}


def accepted(body, *kinds, **words) -> Typed:
    return tidying.accept(Typed(body=body, **words), kinds)


def test_propose_takes_a_report_apart_in_ten_decisions_at_most():
    body = pasting.lines(pasted_report.as_text())
    now = Typed(body=body)
    found = tidying.propose(now)

    assert len(found) == 9
    then = now
    for proposal in reversed(found):  # in whatever order they are accepted
        then = tidying.accept(then, [proposal.kind])
    while again := tidying.propose(then):
        assert len(found) < 10
        found += again
        then = tidying.accept(then, [one.kind for one in again])
    values = vars(then) | {
        "publish_at_0": then.day,
        "byline-0-name": then.credits[0][1],
        "articlephoto-0-caption": then.photos[0][0],
        "articlephoto-0-credit": then.photos[0][1],
    }
    pasted_report.is_right(values)


def test_propose_changes_nothing_and_is_silent_of_a_text_that_is_right():
    body = (
        "<p>傍晚六点，文化宫三楼的灯一盏盏亮起来，下班的职工从四面八方赶来上课。</p>"
        f"<h2>把道理讲到班组里 把榜样请到身边来</h2>{P}<ul><li><p>会员证</p></li></ul>"
        f'{P}<p class="signed">示例市总工会</p><p class="signed">2018年6月1日</p>'
    )

    assert proposed(body, title="标题") == {}
    assert accepted(body, *tidying.KINDS, title="标题").body == body


@pytest.mark.parametrize(
    ("line", "source", "day", "clock"),
    [
        (
            "更新时间:2018-06-01  来源:攀枝花日报",
            "攀枝花日报",
            "2018-06-01",
            "00:00:00",
        ),
        ("2018年6月1日 09:30　来源：示例网", "示例网", "2018-06-01", "09:30:00"),
        ("示例工会 2018-06-01 19:05", "示例工会", "2018-06-01", "19:05:00"),
        (
            "发布时间：2018/6/1 点击数：128 来源：示例市总工会",
            "示例市总工会",
            "2018-06-01",
            "00:00:00",
        ),
    ],
)
def test_dateline_is_read_as_papers_and_sites_print_it(line, source, day, clock):
    then = accepted(f"<p>题目在这里</p><p>{line}</p>{P}", "dateline")

    assert (then.source_name, then.day, then.clock) == (source, day, clock)
    assert line not in then.body


@pytest.mark.parametrize(
    "line",
    [
        "2018年6月1日，市总工会举行座谈会。",
        "来源：",
        "更新时间：2018-13-01 来源：示例报",
        "会议时间：2018年6月1日上午九点在文化宫三楼多功能厅举行请准时参加",
    ],
)
def test_dateline_is_no_sentence_and_no_day_that_is_none(line):
    assert "dateline" not in proposed(f"<p>{line}</p>{P}")


@pytest.mark.parametrize(
    ("line", "credits_"),
    [
        ("□记者 王刚", (("reporter", "王刚"),)),
        ("本报记者 张三 李四", (("reporter", "张三"), ("reporter", "李四"))),
        (
            "（记者：张三　通讯员：王五）",
            (("reporter", "张三"), ("correspondent", "王五")),
        ),
        ("文/张三 图/李四", (("author", "张三"), ("photographer", "李四"))),
        ("责任编辑：赵六", (("responsible", "赵六"),)),
        ("记者走进车间", ()),
        ("作者 说明", (("author", "说明"),)),
        ("记者 在现场看到，大家都很高兴。", ()),
    ],
)
def test_byline_is_a_line_of_names_and_nothing_else(line, credits_):
    then = accepted(f"<p>题目在这里</p><p>{line}</p>{P}{P}", "byline")

    assert then.credits == credits_
    assert (line in then.body) == (not credits_)


@pytest.mark.parametrize(
    ("now", "then"),
    [
        ("五年来,全市", "五年来，全市"),
        ("送健康,5年来", "送健康，5年来"),
        ("职工(农民工)驿站", "职工（农民工）驿站"),
        ("完成98.5%,同比1,200人", "完成98.5%，同比1,200人"),
        ("网址https://example.com/a?b,c", "网址https://example.com/a?b,c"),
        ("上午9:30开始.", "上午9:30开始。"),
        ('他说"好"。', "他说“好”。"),
        ("APP(v2.0)上线", "APP(v2.0)上线"),
        ("a,b;c", "a,b;c"),
    ],
)
def test_punctuation_between_chinese_only(now, then):
    body = f"<p><strong>{now[:3]}</strong>{now[3:]}</p>"

    made = accepted(body, "punctuation").body

    assert made == f"<p><strong>{then[:3]}</strong>{then[3:]}</p>"
    assert ("punctuation" in proposed(body)) == (now != then)


def test_furniture_of_a_page_ends_where_sentences_begin():
    page = f"<p>首页 &gt; 新闻</p><p>题</p>{P}<p>【打印】【关闭】</p><p>上一篇：无</p>"

    assert accepted(page, "furniture").body == f"<p>题</p>{P}"
    assert "furniture" not in proposed(f"{P}<p>相关阅读：</p>{P}")
    assert "furniture" not in proposed("<p>登录</p>")


def test_title_that_somebody_wrote_is_not_proposed_away():
    body = f"<h2>另一个题目</h2><p>2018-06-01 来源：示例报</p>{P}"

    assert proposed(body)["title"].rows[0][2] == "另一个题目"
    assert "title" not in proposed(body, title="自己的题目")
    assert "另一个题目" not in accepted(body, "title", title="另一个题目").body


def test_captions_become_photos_and_keep_their_place():
    body = f"{P}<p>〔此处放照片〕</p><p>学员在练习（李明 摄）</p>{P}"

    then = accepted(body, "photos")

    assert then.photos == (("学员在练习", "李明 摄"),)
    assert then.body == f"{P}<p>〔此处放照片：学员在练习〕</p>{P}"
    assert tidying.propose(then) == []


# --- the doors ---------------------------------------------------------------------------

PASTE, TIDY = "admin:news_article_paste", "admin:news_article_tidy"
pytestmark = pytest.mark.django_db


def test_paste_and_tidy_are_for_writers_by_post_with_a_token():
    reader = with_rights("view_article")
    for name in (PASTE, TIDY):
        client = Client()
        client.force_login(reader)
        assert client.post(reverse(name), {"html": "<p>字"}).status_code == 403
        writer = Client(enforce_csrf_checks=True)
        writer.force_login(with_rights(*WRITES))
        assert writer.get(reverse(name)).status_code == 405
        assert writer.post(reverse(name), {"html": "<p>字"}).status_code == 403


def test_paste_answers_with_clean_text_or_a_refusal(client):
    client.force_login(with_rights(*WRITES))
    address = reverse(PASTE)

    made = client.post(address, {"html": "<p onclick=x>字<script>1</script>"}).json()
    plain = client.post(address, {"text": "一\n<b>"}).json()
    long = client.post(address, {"html": "a" * (pasting.LONGEST + 1)})

    assert made["html"] == "<p>字</p>"
    assert made["removed"]
    assert plain["html"] == "<p>一</p><p>&lt;b&gt;</p>"
    assert long.status_code == 413
    assert "分几次" in long.json()["refused"]


def test_tidy_accepts_one_and_remembers_what_was_declined(client):
    client.force_login(with_rights(*WRITES))
    body = f"<p>首页 &gt; 新闻</p><p>□记者 王刚</p>{P}"
    form = typed(
        make_column(), title="题", body=body, bylines=[{"role": "reporter", "name": ""}]
    )

    answer = client.post(reverse(TIDY), form | {"_tidy": "byline"}).json()
    declined = client.post(reverse(TIDY), form | {"_leave": "furniture"}).json()

    assert answer["fields"]["byline-0-name"] == "王刚"
    assert "王刚" not in answer["fields"]["body"]
    assert declined["fields"] == {}
    assert 'value="furniture"' in declined["panel"].split("tidy__all")[0]
    assert 'data-kind="furniture"' not in declined["panel"]


def test_panel_without_a_script_brings_the_form_back_and_saves_nothing(client):
    client.force_login(with_rights(*WRITES, "publish_article"))
    column = make_column()
    body = pasting.lines(pasted_report.as_text())
    form = typed(column, title="", body=body) | {"_tidy": "all"}

    page = client.post(ADD, form)

    shown = page.context["adminform"].form
    values = {name: shown[name].value() for name in ("title", "subtitle", "body")}
    values |= {name: shown[name].value() for name in ("source_name", "editor_note")}
    values["publish_at_0"] = shown["publish_at"].value()[0]
    inlines = page.context["inline_admin_formsets"]
    bylines, photos, *_others = (one.formset for one in inlines)
    values["byline-0-name"] = bylines.forms[0]["name"].value()
    values["articlephoto-0-caption"] = photos.forms[0]["caption"].value()
    values["articlephoto-0-credit"] = photos.forms[0]["credit"].value()
    pasted_report.is_right(values)
    assert page.context["proposals"] == []
    assert not Article.objects.exists()


def test_page_of_an_article_shows_what_is_proposed_for_it_and_changes_nothing(client):
    client.force_login(with_rights(*WRITES))
    article = make_draft(body=f"{P}<p>送健康,送法律</p>")

    page = client.get(change_url(article))

    assert [one.kind for one in page.context["proposals"]] == ["punctuation"]
    assert not article.versions.exists()


def test_page_of_a_published_article_offers_no_day_to_who_may_not_set_it(client):
    form = {"body": f"<p>题目在这里</p><p>2018-06-01 来源：示例报</p>{P}"}
    client.force_login(with_rights(*WRITES))

    answer = client.post(reverse(TIDY), form | {"_tidy": "dateline"}).json()

    assert answer["fields"]["source_name"] == "示例报"
    assert "publish_at_0" not in answer["fields"]
