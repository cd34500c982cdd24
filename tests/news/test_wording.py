"""The guard of fixed wording, and who lets a find stand."""

import pytest
from django.urls import reverse

from common.errors import Refusal
from news import cards, services, wording
from news.enums import Level, Outcome, Stage
from news.models import (
    Article,
    ArticleStep,
    ArticleVersion,
    Decision,
    Phrase,
    WordingWaiver,
)
from news.services import wording as guard
from news.wording import Rule
from tests.factories import make_user
from tests.news.back_office import change_url, kept, moment, typed
from tests.news.factories import (
    approve,
    make_article,
    make_column,
    make_content,
    make_draft,
    make_photo,
    make_sent,
    reporter,
)
from unionportal.services import write_roles


def found(rule, text):
    return [hit.found for hit in wording.check([rule], [("正文", text)]).hits]


@pytest.mark.parametrize(
    ("rule", "text", "expected"),
    [
        (Rule("账号", "帐号"), "请登记帐号和密码", ["帐号"]),
        (Rule("账号", "帐号"), "请登记账号", []),
        # part of the right form is right
        (Rule("示例市总工会", "市总工会"), "示例市总工会主席", []),
        (Rule("示例市总工会", "市总工会"), "本市总工会主席", ["市总工会"]),
        # neither blanks, marks that nobody sees, full-width forms nor points hide it
        (Rule("示例主席", "示例副主席"), "示例\u3000副\u200b主席", ["示例副主席"]),
        (Rule("APP客户端", "APP软件"), "下载ＡＰＰ　软件", ["ＡＰＰ软件"]),
        (Rule("示例·王", "示例·汪"), "记者示例•汪……报道", ["示例•汪"]),
        # nor does a paragraph begin inside a word
        (Rule("账号", "帐号"), "……帐号", ["帐号"]),
        (Rule("不忘初心、牢记使命"), "开展“不忘初心、牢记使命”教育", []),
        (
            Rule("不忘初心、牢记使命"),
            "开展“不忘初心，牢记使命”教育",
            ["不忘初心，牢记使命"],
        ),
        (
            Rule("不忘初心、牢记使命"),
            "开展“不忘初心牢记使命”教育",
            ["不忘初心牢记使命"],
        ),
        (
            Rule("不忘初心、牢记使命"),
            "开展“不望初心、牢记使命”教育",
            ["不望初心、牢记使命"],
        ),
        (Rule("不忘初心、牢记使命"), "他没有忘记初心。", []),
    ],
)
def test_check_finds_what_departs_from_a_rule(rule, text, expected):
    assert found(rule, text) == expected


def test_check_of_more_than_it_looks_at_is_not_clean():
    rules = [
        Rule(f"规范用语第{n}号", f"错误用语第{n}号") for n in range(wording.MOST_HITS)
    ]
    texts = [(f"第{n}段", f"错误用语第{n % 100}号") for n in range(300)]

    checked = wording.check(rules, texts)

    assert len(checked.hits) == wording.MOST_HITS
    assert checked.is_cut
    # what was let stand takes no room from the rest
    waived = {hit.key for hit in checked.hits}
    assert wording.check(rules, texts, waived).waived == waived


def test_check_of_a_text_made_to_be_dear_ends_and_is_not_clean():
    phrase = "劳模精神和劳动精神和工匠精神和奉献精神和创新精神和团结精神和实干精神"
    text = phrase[: len(phrase) // 2] * 5000

    checked = wording.check([Rule(phrase)], [("正文", text)])

    assert not checked.is_clean


def test_read_lines_takes_every_arrow_and_names_bad_lines():
    rules, bad = wording.read_lines(
        "帐号 → 账号\n登陆=>登录\n\n既使\t即使\n不忘初心、牢记使命\n→ 空\n短\n一 → 一\n"
    )

    assert rules == [
        Rule("账号", "帐号"),
        Rule("登录", "登陆"),
        Rule("即使", "既使"),
        Rule("不忘初心、牢记使命"),
    ]
    assert [number for number, _line in bad] == [6, 7, 8]


# --- in an article ----------------------------------------------------------------------

pytest_db = pytest.mark.django_db
TEXT = "<p>旧时称为帐号，今不改。</p>"


def rule(wrong="帐号", right="账号"):
    return guard.save_phrase(phrase=Phrase(wrong=wrong, right=right), by=None)


def employ(role, column, job):
    user = make_user(roles=[role], is_staff=True, name=f"示例{role}")
    services.give_duty(column=column, user=user, job=job, by=None)
    return user


@pytest.fixture
def column(db):
    write_roles()
    return make_column()


@pytest.fixture
def staff(column):
    """The reviewers of the column, first to final."""
    jobs = {"初审": "first", "复审": "second", "终审": "final"}
    return [employ(role, column, job) for role, job in jobs.items()]


@pytest.fixture
def editor(column):
    return employ("编辑", column, "edit")


def opened(article, content):
    return guard.check(article=article, content=content).hits


def newest(article):
    return ArticleVersion.objects.newest_of(article)


def at(article, page):
    return reverse(f"admin:news_article_{page}", args=[article.pk])


def key_of(article):
    (hit,) = opened(article, services.content_of(newest(article)))
    return hit.key


def before_final(staff, **fields):
    """An article with one find, which waits for the final review."""
    rule()
    fields.setdefault("body", TEXT)
    article = make_sent(**fields)
    approve(newest(article), staff[:2])
    article.refresh_from_db()
    return article


@pytest_db
def test_hits_are_found_in_every_text_that_readers_see():
    rule()
    photo = make_photo(caption="帐号一", credit="帐号二", alt="帐号三")
    body = (
        "<h2>帐<strong>号</strong></h2><ul><li>帐号<ul><li>帐号</li></ul>帐 号</li></ul>"
        "<blockquote>帐号</blockquote><table><caption>帐号</caption><tr><td>帐<br>号"
    )
    content = make_content(
        title="帐号",
        subtitle="帐号",
        summary="帐号",
        editor_note="帐号",
        source_name="帐号",
        correction="帐号",
        body=body,
        bylines=(services.Credit("author", "帐号"),),
        photos=(photo,),
    )

    places = [hit.place for hit in opened(make_draft(), content)]

    assert len(places) == 7 + 7 + 3


@pytest_db
def test_final_review_by_page_action_and_raw_post_approves_no_open_find(client, staff):
    article = before_final(staff, column=staff_column(staff))
    version, final = newest(article), staff[-1]
    client.force_login(final)
    data = {
        "version": version.pk,
        "sha256": version.sha256,
        "level": 3,
        "outcome": "approved",
    }
    action = {
        "action": "approve_chosen",
        "_selected_action": [article.pk],
        "is_sure": "1",
        f"seen-{article.pk}": version.pk,
    }

    with pytest.raises(Refusal) as refused:
        services.decide(
            version=version, level=Level.FINAL, outcome=Outcome.APPROVED, by=final
        )
    assert refused.value.codes == {"wording_open"}
    page = client.post(at(article, "review"), data)
    assert "帐号" in str(page.context["errors"][0])
    client.post(reverse("admin:news_article_changelist"), action)
    client.post(at(article, "publish"))

    article.refresh_from_db()
    assert article.stage == Stage.FINAL
    assert not Decision.objects.filter(level=Level.FINAL).exists()
    assert not Article.objects.live().exists()
    # it may be given back all the same
    client.post(at(article, "review"), data | {"outcome": "returned", "reason": "改"})
    article.refresh_from_db()
    assert article.stage == Stage.RETURNED


def staff_column(staff):
    return staff[0].column_duties.get().column


@pytest_db
def test_waive_at_the_review_is_by_name_and_listed_at_the_final_one(client, staff):
    article = before_final(staff, column=staff_column(staff))
    found, right, context = key_of(article)
    client.force_login(staff[1])
    data = {"found": found, "right": right, "context": context, "back": "review"}

    client.post(at(article, "waive"), data | {"reason": " "})
    assert not WordingWaiver.objects.exists()
    for reason in ("引自旧文件", "再来一次"):
        done = client.post(at(article, "waive"), data | {"reason": reason})
        assert done.url.startswith(at(article, "review"))

    waiver = WordingWaiver.objects.get()
    assert (waiver.by, waiver.reason) == (staff[1], "引自旧文件")
    client.force_login(staff[2])
    assert client.get(at(article, "review")).context["wording"]["waivers"] == [waiver]
    asked = client.post(
        reverse("admin:news_article_changelist"),
        {"action": "approve_chosen", "_selected_action": [article.pk]},
    )
    assert "引自旧文件" in asked.content.decode()
    approve_final(article, staff)
    assert Article.objects.live().get() == article
    told = " ".join(words for _at, words in cards.history_of(article))
    assert f"{staff[1]}放行" in told


def approve_final(article, staff):
    services.decide(
        version=newest(article),
        level=Level.FINAL,
        outcome=Outcome.APPROVED,
        by=staff[-1],
    )


@pytest_db
def test_waiver_holds_for_these_words_of_this_article_only(staff):
    column = staff_column(staff)
    article = before_final(staff, column=column)
    services.waive(article=article, key=key_of(article), by=staff[0], reason="引文")

    elsewhere = make_content(body=f"<p>添一段。</p>{TEXT}")
    assert not opened(article, elsewhere)
    here = make_content(body="<p>现时称为帐号，今不改。</p>")
    assert len(opened(article, here)) == 1
    assert opened(make_draft(column=column), elsewhere)
    with pytest.raises(Refusal) as refused:
        services.waive(
            article=article, key=("帐号", "账号", "没有的"), by=staff[0], reason="引文"
        )
    assert refused.value.codes == {"hit_gone"}


@pytest_db
def test_waive_is_for_who_works_in_the_column(client, staff):
    rule()
    foreign = make_sent(body=TEXT)
    key = key_of(foreign)
    others = [
        staff[0],
        make_user(roles=["审计员"], is_staff=True),
        make_user(roles=["荣誉秘书"], is_staff=True),
    ]

    for user in others:
        with pytest.raises(Refusal) as refused:
            services.waive(article=foreign, key=key, by=user, reason="引文")
        assert refused.value.codes == {"no_right"}
    client.force_login(staff[0])
    data = dict(zip(("found", "right", "context"), key, strict=True))
    for page in ("check", "waive"):
        assert client.get(at(foreign, page)).status_code == 404
        answer = client.post(at(foreign, page), data | {"reason": "引文"})
        assert answer.status_code == 404
    for mode in ("", "?as=phone", "?as=card", "?as=framed"):
        assert client.get(f"/news/{foreign.pk}/preview/{mode}").status_code == 404
    assert not WordingWaiver.objects.exists()
    foreign.refresh_from_db()
    assert foreign.stage == Stage.FIRST


@pytest_db
def test_waiver_is_never_changed(staff):
    article = before_final(staff, column=staff_column(staff))
    services.waive(article=article, key=key_of(article), by=staff[0], reason="引文")

    with pytest.raises(Exception, match="[Cc]annot"):
        WordingWaiver.objects.update(reason="另一个")


@pytest_db
def test_release_urgently_says_and_records_what_it_does_not_wait_for(client, staff):
    rule()
    article = make_sent(body=TEXT, column=staff_column(staff))
    approve(newest(article), staff[:1])
    client.force_login(staff[-1])

    page = client.get(at(article, "urgent")).content.decode()
    assert "复审、终审、规范用语1处未处理" in page
    client.post(at(article, "urgent"), {"reason": "急" * 500})

    step = ArticleStep.objects.get(kind="urgent")
    assert "规范用语1处未处理" in step.reason
    assert len(step.reason) == 500
    assert Article.objects.live().get() == article
    assert any("规范用语1处未处理" in said for _at, said in cards.history_of(article))
    # and it remains due
    services.decide(version=newest(article), level=2, outcome="approved", by=staff[1])
    with pytest.raises(Refusal):
        approve_final(article, staff)


# --- before sending ---------------------------------------------------------------------


def test_advice_says_what_is_better_mended_before_sending():
    signed = (reporter(),)
    fine = make_content(title="短", bylines=signed)
    linked = make_content(source_url="https://example.com/", source_name="示例社")

    def said(content, **more):
        return len(services.sending_advice(content=content, **more))

    assert said(fine) == 0
    assert said(make_content(title="短")) == 1
    assert said(make_content(title="长" * 37, bylines=signed)) == 1
    assert said(linked) == 1
    assert said(fine, was_public=True, before=linked) == 1
    assert said(fine, was_public=True, before=fine) == 0


@pytest_db
def test_send_with_something_to_say_says_it_first_and_preview_does_not(client, editor):
    rule()
    column = editor.column_duties.get().column
    client.force_login(editor)
    add = reverse("admin:news_article_add")
    data = typed(column, title="长" * 37, body=TEXT)

    assert "/preview/" in client.post(add, data | {"_preview": ""}).url
    article = Article.objects.get()
    sent = typed(column, title="长" * 37, body=TEXT, base="0.1", _send="")
    stopped = client.post(change_url(article), sent)

    article.refresh_from_db()
    assert stopped.url == at(article, "check")
    assert article.stage == Stage.NONE
    page = client.get(stopped.url)
    assert len(page.context["advice"]) == 1
    assert len(page.context["wording"]["hits"]) == 1
    client.post(stopped.url, {"seen": "9.9"})  # about another draft
    article.refresh_from_db()
    assert article.stage == Stage.NONE
    done = client.post(stopped.url, {"seen": page.context["seen"]})
    article.refresh_from_db()
    assert (done.url, article.stage) == (at(article, "review"), Stage.FIRST)


@pytest_db
def test_send_of_many_says_first_what_is_to_be_said(client, editor):
    rule()
    column = editor.column_duties.get().column
    fine = make_draft(column=column, source_name="示例社")
    found = make_draft(column=column, source_name="示例社", body=TEXT)
    client.force_login(editor)
    address = reverse("admin:news_article_changelist")
    data = {"action": "send_chosen", "_selected_action": [fine.pk, found.pk]}

    asked = client.post(address, data)
    assert "应为“账号”" in asked.content.decode()
    assert not ArticleVersion.objects.exists()
    client.post(address, data | {"is_sure": "1"})

    assert ArticleVersion.objects.count() == 2


# --- corrections ------------------------------------------------------------------------


@pytest_db
def test_correction_is_public_with_its_day_once_three_people_read_it(
    client, staff, editor
):
    column = staff_column(staff)
    article = make_article(column=column, body="<p>一百人。</p>", source_name="示例社")
    address = article.get_absolute_url()
    client.force_login(editor)
    words = {"body": "<p>一百二十人。</p>", "source_name": "示例社", "base": "1.0"}
    words |= moment(article.publish_at)
    data = typed(column, title=article.title, **words)
    stopped = client.post(change_url(article), data | {"_send": ""})
    assert "/check/" in stopped.url  # changed in public, and nothing said
    data |= {"correction": "人数应为一百二十人", "base": "1.1"}
    client.post(change_url(article), data | {"_send": ""})
    preview = client.get(f"/news/{article.pk}/preview/").content.decode()
    assert "人数应为一百二十人" in preview
    client.logout()
    assert "人数应为" not in client.get(address).content.decode()

    approve(newest(article), staff)

    page = client.get(address).content.decode()
    assert "一百二十人" in page
    assert "更正说明" in page
    assert [v.body for v in article.versions.order_by("number")] == [
        "<p>一百人。</p>",
        "<p>一百二十人。</p>",
    ]
    article.refresh_from_db()
    assert kept(article).correction == ""  # the next one has its own


# --- the list ---------------------------------------------------------------------------


@pytest_db
def test_paste_page_adds_every_line_or_none(staff, client):
    client.force_login(staff[-1])
    address = reverse("admin:news_phrase_paste")

    answer = client.post(address, {"text": "帐号 → 账号\n→ 坏行"})
    assert answer.status_code == 200
    assert "第2行" in answer.content.decode()
    assert "帐号 → 账号" in answer.content.decode()  # nothing typed is lost
    assert not Phrase.objects.exists()

    client.post(address, {"text": "帐号 → 账号\n不忘初心、牢记使命"})
    assert set(Phrase.objects.values_list("kind", "right")) == {
        ("wrong", "账号"),
        ("exact", "不忘初心、牢记使命"),
    }


@pytest_db
def test_save_phrase_refuses_what_the_guard_could_not_tell_apart():
    for wrong, right in [("ＡＢ号", "AB 号"), (" ", "账号")]:
        with pytest.raises(Refusal):
            rule(wrong, right)
    with pytest.raises(Refusal):
        guard.save_phrase(phrase=Phrase(kind="exact", right="太短"), by=None)
