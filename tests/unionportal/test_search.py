"""The search as people use it: what is found, what never is, what any string answers."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from common import pace, pagecache, searching
from common.models import SearchDue, SearchEntry, SearchRun, SearchWord
from common.services import indexing
from honors import services as honors
from news import services as news
from news.enums import PageKind
from news.models import Article
from news.services import approve_page
from tests.activities.factories import make_class, make_term, make_venue
from tests.background import run_tasks
from tests.factories import make_user, make_worker
from tests.honors.factories import make_edition, make_honoree
from tests.news.factories import (
    make_article,
    make_column,
    make_content,
    make_draft,
    make_sent,
    publish_newest,
    save_version,
)
from tests.news.test_pages import make_page
from tests.pages import markup
from tests.volunteers.factories import make_team
from unionportal import search, searchviews
from volunteers import services as volunteers

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
RARE = "珙桐"  # stands in none of the texts that tests make


@pytest.fixture(autouse=True)
def in_no_hurry():
    searchviews.asking.forget()
    searchviews.typing.forget()
    search._suggested.clear()


def asked(client, q, **chosen):
    return client.get(reverse("search"), {"q": q, **chosen})


def titles(client, q, **chosen):
    response = asked(client, q, **chosen)
    assert response.status_code == 200
    rows = response.context.get("hits") or []
    return ["".join(text for text, _hit in row["hit"].title) for row in rows]


def suggested(client, q):
    response = client.get(reverse("search-suggestions"), {"q": q})
    assert response.status_code == 200
    return response.json()["suggestions"]


def counts(client, q):
    found = asked(client, q).context.get("found")
    return {kind: n for kind, n in found.counts.items() if n} if found else {}


def is_nowhere(client, word=RARE):
    """Not on the page, in no count and not suggested."""
    response = asked(client, word)
    return (
        response.context["found"].total == 0
        and not response.context["hits"]
        and suggested(client, word) == []
        and not SearchEntry.objects.current().filter(title__contains=word).exists()
    )


# --- what is found --------------------------------------------------------------------


def test_search_finds_each_kind_of_thing(client):
    make_article(title=f"{RARE}花开")
    make_honoree(name="示例人", edition=make_edition(), deed=f"护育{RARE}")
    make_team(name=f"{RARE}志愿服务队")
    make_class(name=f"{RARE}盆景班")
    make_venue(name=f"{RARE}文化馆")
    approve_page(page=make_page(make_user(), title=f"{RARE}申领"), by=make_user())
    indexing.sweep()  # a test's venue is made by no verb

    assert counts(client, RARE) == {
        "news": 1,
        "pages": 1,
        "honors": 1,
        "teams": 1,
        "classes": 1,
        "venues": 1,
    }
    assert titles(client, RARE, scope="teams") == [f"{RARE}志愿服务队"]


def test_search_finds_pages_that_stay_by_what_was_approved(client):
    page = make_page(make_user(), kind=PageKind.ABOUT, title=f"{RARE}部门")
    assert is_nowhere(client)
    approve_page(page=page, by=make_user())
    page.refresh_from_db()
    page.title = f"{RARE}改名"
    news.save_page(page=page, by=make_user())

    assert titles(client, RARE, scope="pages") == [f"{RARE}部门"]
    [row] = asked(client, RARE).context["hits"]
    assert client.get(row["hit"].url)["Location"] == page.get_absolute_url()
    news.take_down_page(page=page, by=None)
    assert is_nowhere(client)
    assert client.get(row["hit"].url).status_code == 404


def test_search_finds_what_is_written_otherwise(client):
    make_article(title="职工疗休养安排", body="<p>第2018号文件。</p>")

    for q in ("療休養", "疗休养　安排", "２０１８", "lxy", "休养", "疗"):
        assert titles(client, q) == ["职工疗休养安排"], q


def test_search_keeps_words_apart(client):
    make_article(title="关心和服务职工")
    make_article(title="志愿服务在身边")
    make_article(title="老志愿军战士的故事")

    assert titles(client, "和服") == []
    assert titles(client, "志愿军") == ["老志愿军战士的故事"]
    assert sorted(titles(client, "志愿")) == ["志愿服务在身边", "老志愿军战士的故事"]


def test_search_finds_a_phrase_only_where_it_stands_together(client):
    make_article(title="甲", body="<p>工会干部走访一线。</p>")
    make_article(title="乙", body="<p>干部到工会走访。</p>")

    assert sorted(titles(client, "工会 干部")) == ["乙", "甲"]
    for q in ("“工会干部”", '"工会干部"', "「工会干部」"):
        assert titles(client, q) == ["甲"], q


def test_search_finds_a_name_and_not_its_characters_apart(client):
    make_article(title="甲", body="<p>技工罗永安说。</p>")
    make_article(title="乙", body="<p>罗家湾的永安桥通车。</p>")

    assert titles(client, "罗永安") == ["甲"]


def test_search_says_when_nothing_has_all_of_the_words(client):
    make_article(title="书法展")

    response = asked(client, f"书法展 {RARE}")

    assert response.context["found"].is_some
    assert titles(client, f"书法展 {RARE}") == ["书法展"]
    assert "没有同时含有" in response.content.decode()


def test_search_offers_words_that_sound_alike_when_nothing_is_found(client):
    make_article(title="职工疗休养安排")

    response = asked(client, "聊修养")

    assert [word for word, _url in response.context["corrected"]] == ["疗休养"]


def test_search_puts_the_title_before_the_text(client):
    make_article(title="示例通知", body=f"<p>{RARE}，{RARE}，{RARE}。</p>")
    make_article(title=f"{RARE}花开", at=timezone.now() - timedelta(days=900))

    assert titles(client, RARE) == [f"{RARE}花开", "示例通知"]
    assert titles(client, RARE, sort="time") == ["示例通知", f"{RARE}花开"]


def test_search_is_narrowed_by_column_and_year(client):
    column = make_column()
    year = timezone.localtime().year
    make_article(title=f"{RARE}甲", column=column)
    make_article(title=f"{RARE}乙", at=timezone.now().replace(year=year - 3, day=2))

    assert titles(client, RARE, column=column.pk) == [f"{RARE}甲"]
    assert titles(client, RARE, year=year - 3) == [f"{RARE}乙"]
    assert len(titles(client, RARE, year="x", column="-1", scope="none", page="z")) == 2


def test_search_counts_honestly_to_five_hundred(client, monkeypatch):
    monkeypatch.setattr(search, "MOST", 3)
    for n in range(5):
        make_article(title=f"{RARE}{n}")

    response = asked(client, RARE)

    assert response.context["total"] == "3+"
    assert len(response.context["found"].order) == 3


def test_search_finds_an_old_title_among_many_newer_texts(client, monkeypatch):
    monkeypatch.setattr(search, "MOST", 3)
    make_article(title=f"{RARE}花开", at=timezone.now() - timedelta(days=4000))
    for n in range(6):
        make_article(title=f"示例{n}", body=f"<p>{RARE}。</p>")

    assert titles(client, RARE)[0] == f"{RARE}花开"


def test_search_marks_what_was_asked_and_nothing_else(client):
    make_article(
        title="a<b>珙桐</b>&珙桐", body="<p>前文。<strong>珙</strong>桐开了。</p>"
    )

    html = markup(asked(client, RARE))

    assert "a&lt;b&gt;<mark>珙桐</mark>&lt;/b&gt;&amp;<mark>珙桐</mark>" in html
    assert "前文。<mark>珙桐</mark>开了" in html


def test_search_marks_the_parts_where_the_whole_stands_in_the_title_only(client):
    make_article(title="志愿服务队成立", body="<p>有人做饭，有人送书，服务到家。</p>")

    response = asked(client, "志愿服务")

    [row] = response.context["hits"]
    assert ("服务", True) in row["hit"].snippet


def test_suggestions_are_words_and_titles_that_begin_so(client):
    make_article(title="珙桐花开在山间")
    SearchWord.objects.create(word="珙桐节")

    assert suggested(client, "珙") == ["珙桐节", "珙桐花开在山间"]
    assert "珙桐花开在山间" in suggested(client, "珙桐花")
    assert "珙桐节" in suggested(client, "gtj")
    assert suggested(client, "") == suggested(client, "，&|!") == []


# --- what never is --------------------------------------------------------------------


def test_search_never_shows_what_was_not_published(client):
    make_draft(title=f"{RARE}草稿")
    make_sent(title=f"{RARE}送审")
    make_article(title=f"{RARE}定时", at=timezone.now() + HOUR)
    indexing.sweep()

    assert is_nowhere(client)


def test_search_shows_the_words_that_are_public_and_not_the_next(client):
    article = make_article(title="示例报道", body="<p>原文。</p>")
    save_version(article=article, content=make_content(title=f"{RARE}新稿"))
    indexing.sweep()

    assert is_nowhere(client)


def test_withdrawn_article_is_nowhere_at_once(client):
    article = make_article(title=f"{RARE}花开")
    assert titles(client, RARE) and suggested(client, RARE)

    news.withdraw(article=article, by=None, reason="示例原因")

    assert is_nowhere(client)
    assert not SearchEntry.objects.filter(kind="news", key=article.pk).exists()


def test_corrected_article_is_found_by_its_new_words_only(client):
    article = make_article(title=f"{RARE}花开")
    save_version(article=article, content=make_content(title="银杏叶落"))
    publish_newest(article=Article.objects.get(pk=article.pk))

    assert is_nowhere(client)
    assert titles(client, "银杏") == ["银杏叶落"]


def test_expired_article_is_nowhere_and_a_due_one_is_found_without_any_verb(client):
    expired = make_article(title=f"{RARE}花开")
    due = make_article(title="银杏叶落", at=timezone.now() + HOUR)
    now = timezone.now()
    SearchEntry.objects.filter(key=expired.pk).update(until=now - HOUR)
    SearchEntry.objects.filter(key=due.pk).update(since=now - HOUR)

    # the entry alone decides nothing: the newsroom is asked
    assert titles(client, "银杏") == []
    Article.objects.filter(pk=due.pk).update(publish_at=now - HOUR)
    SearchDue.objects.all().delete()
    assert titles(client, "银杏") == ["银杏叶落"]
    assert is_nowhere(client)


def test_change_past_the_verbs_hides_a_row_until_it_is_indexed(client):
    team = make_team(name=f"{RARE}队")
    type(team).objects.filter(pk=team.pk).update(name="银杏队")

    assert is_nowhere(client) and titles(client, "银杏") == []
    indexing.sweep()
    assert titles(client, "银杏") == ["银杏队"]


def test_things_of_every_wing_go_with_what_makes_them_public(client):
    edition = make_edition()
    honoree = make_honoree(name=f"{RARE}甲", edition=edition)
    team = make_team(name=f"{RARE}队")
    term = make_term()
    make_class(term=term, name=f"{RARE}班")
    assert len(titles(client, RARE)) == 3

    honors.revoke(honoree=honoree, by=None, reason="示例原因")
    team.is_active = team.is_recruiting = False
    volunteers.save_team(team=team, by=None)
    type(term).objects.filter(pk=term.pk).update(is_published=False)
    SearchDue.objects.all().delete()  # as if the trigger had been passed by

    assert counts(client, RARE) == {}
    assert titles(client, RARE) == suggested(client, RARE) == []


def test_edition_that_is_taken_back_takes_its_people_along(client):
    edition = make_edition()
    make_honoree(name=f"{RARE}甲", edition=edition)
    assert titles(client, RARE) == [f"{RARE}甲"]

    honors.unconfer_edition(edition=edition, by=None)

    assert is_nowhere(client)


def test_team_says_nothing_of_its_leader(client):
    make_team(name="示例队", leader=make_worker(name=f"{RARE}人"))

    assert is_nowhere(client)


@pytest.mark.django_db(transaction=True)
def test_rolled_back_withdrawal_changes_nothing(client):
    article = make_article(title=f"{RARE}花开")
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        news.withdraw(article=article, by=None, reason="示例原因")
        raise ZeroDivisionError

    assert titles(client, RARE) == [f"{RARE}花开"]
    assert not SearchDue.objects.exists()


# --- any string -----------------------------------------------------------------------

HOSTILE = [
    *Path("tests/cases/hostile.txt").read_text(encoding="utf-8").splitlines(),
    *[
        "&",
        "|",
        "!",
        "'",
        ":",
        "*",
        "\\",
        "(",
        ")",
        "<",
        ">",
        "<->",
        "%",
        "_",
        '"',
        "“",
        "”",
        "「",
        "」",
        "-",
        "+",
        "~",
        "的",
        "工",
        "a",
        "1",
        "。",
    ],
    "a & b | !c:* <2> 'd' \\'",
    '“” "" 「」 “工会',
    "''':*:A,B & k:news",
    "工" * 10_000,
    "ａ" * 5_000 + "\u202e\u200b\ufeff",
    "𠮷野家 䶮 \U000e0001 \U0010ffff",
    "工会 " * 60,
    "a" * 3_000,
    "重" * 99,
]


def test_any_string_is_answered(client):
    make_article(title="工会")

    # the lines of markup are much alike; each is a query in the test below
    for text in [*HOSTILE[:75:4], *HOSTILE[75:]]:
        searchviews.asking.forget()
        assert asked(client, text).status_code == 200, text[:40]


def test_any_string_that_is_being_typed_is_answered(client):
    make_article(title="工会")

    for text in HOSTILE:
        response = client.get(reverse("search-suggestions"), {"q": text})
        assert response.status_code == 200, text[:40]


@pytest.mark.parametrize("q", ["%00", "a%00b", "%ff%fe", "%ed%a0%80", "%u5de5"])
def test_broken_bytes_are_refused_and_not_an_error(client, q):
    for name in ("search", "search-suggestions"):
        response = client.get(f"{reverse(name)}?q={q}")
        assert response.status_code in (200, 400)


def test_lone_surrogate_and_nul_mean_nothing():
    question = searching.understood("\ud800\x00", indexing.cutter_of(()))

    assert not question


def test_every_question_is_a_query_the_database_understands():
    cutter = indexing.cutter_of(indexing.current_words())
    with connection.cursor() as cursor:
        for text in HOSTILE:
            question = searching.understood(text, cutter)
            queries = [question.all_of, question.in_title, question.one_of]
            for query in filter(None, [*queries, question.most_of]):
                cursor.execute("SELECT %s::tsquery", [query])


def test_question_is_bounded(client):
    response = asked(client, "工会" * 200)

    assert response.context["question"].is_cut
    assert len(response.context["question"].typed) == searching.LONGEST
    assert len(response.context["question"].terms) <= 12


# --- the page -------------------------------------------------------------------------


def test_empty_question_shows_what_others_look_for(client):
    SearchWord.objects.filter(word="劳模").update(is_suggested=True)

    page = markup(asked(client, ""))

    assert "热门搜索" in page and "劳模" in page


def test_search_is_kept_by_nobody_and_indexed_by_no_robot(client):
    for name in ("search", "search-suggestions"):
        view = client.get(reverse(name), {"q": "工会"})
        assert "public" not in view.get("Cache-Control", "")
    assert 'content="noindex, follow"' in asked(client, "工会").content.decode()


def test_what_is_asked_stands_in_no_log(client, caplog):
    with caplog.at_level("DEBUG"):
        asked(client, f"{RARE}病休赔偿")

    said = " ".join(
        str(r.getMessage()) for r in caplog.records if "django.db" not in r.name
    )
    assert RARE not in said


def test_address_that_asks_without_end_is_told_to_wait(client, monkeypatch):
    monkeypatch.setattr(searchviews, "asking", pace.Pace(2, 60))
    monkeypatch.setattr(searchviews, "typing", pace.Pace(1, 60))
    make_article(title=f"{RARE}花开")

    assert [asked(client, "工会").status_code for _n in range(3)] == [200, 200, 429]
    assert [bool(suggested(client, RARE)) for _n in range(2)] == [True, False]


def test_search_takes_as_many_queries_for_few_rows_as_for_many(
    client, django_assert_max_num_queries
):
    make_article(title=f"{RARE}0")
    asked(client, RARE)
    for n in range(25):
        make_article(title=f"{RARE}{n}")
    asked(client, RARE)

    with django_assert_max_num_queries(6):
        asked(client, RARE)


def test_results_go_on_on_the_next_page(client):
    for n in range(21):
        make_article(title=f"{RARE}{n}")

    assert len(titles(client, RARE)) == 20
    assert len(titles(client, RARE, page=2)) == 1
    assert "q=%E7%8F%99%E6%A1%90&amp;page=2" in asked(client, RARE).content.decode()


# --- the index ------------------------------------------------------------------------


def test_word_of_the_list_is_indexed_in_the_background(client):
    make_article(title="示例一", body="<p>单位组织珙桐节。</p>")
    make_article(title="示例二")
    before = {e.key: e.words for e in SearchEntry.objects.filter(kind="news")}

    indexing.save_word(word=SearchWord(word="珙桐节"), by=None)
    run_tasks()

    after = {e.key: e.words for e in SearchEntry.objects.filter(kind="news")}
    changed = [key for key in before if before[key] != after[key]]
    assert titles(client, "珙桐节") == ["示例一"]
    assert len(changed) == 1
    run = SearchRun.objects.first()
    assert (run.total, run.done, run.finished_at is None) == (1, 1, False)


def test_reindexing_makes_what_the_verbs_have_made():
    make_article(title="示例报道", body="<p>正文。</p>", summary="摘要在此")
    make_honoree(edition=make_edition())
    make_team()
    make_class()
    indexing.sweep()
    columns = ("kind", "key", "title", "text", "words", "at", "since", "until", "facet")
    before = set(SearchEntry.objects.values_list(*columns))
    SearchEntry.objects.filter(kind="news").delete()

    indexing.reindex()

    assert len(before) >= 4
    assert set(SearchEntry.objects.values_list(*columns)) == before


def test_many_changes_at_once_are_left_to_a_task(client, monkeypatch):
    monkeypatch.setattr(indexing, "MOST_AT_ONCE", 2)
    filings = [
        news.Filing(
            make_column(), make_content(title=f"{RARE}{n}"), timezone.now() - HOUR
        )
        for n in range(4)
    ]
    SearchDue.objects.all().delete()
    news.file_articles(filings=filings, by=None)

    assert is_nowhere(client)
    run_tasks()
    assert len(titles(client, RARE)) == 4


def test_every_source_has_a_scope_and_every_scope_a_source():
    assert search.SCOPES.keys() == searching.sources().keys()


def test_generation_is_raised_when_the_index_changes():
    team = make_team()
    type(team).objects.filter(pk=team.pk).update(name="银杏队")
    before = pagecache.moment().generation

    indexing.sweep()

    assert pagecache.moment().generation > before


def test_marked_pieces_are_the_text():
    text = "总工会的工会干部"

    pieces = search.marked(text, ("工会", "总工会"))

    assert "".join(piece for piece, _hit in pieces) == text
    assert [piece for piece, hit in pieces if hit] == ["总工会", "工会"]
