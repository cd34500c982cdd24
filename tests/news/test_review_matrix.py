"""Whoever might try × every address and action of an article in the back office × where
it stands: what is written changes for those named here and for nobody else.

The addresses and actions come from the registry of the back office: one that is new is
missed in ``DOORS`` until somebody says who opens it. Each try is undone.
"""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db import transaction
from django.test import Client, RequestFactory
from django.urls import reverse

from news import services
from news.enums import LEVEL_OF, Level, Outcome
from news.models import Article, ArticleVersion
from tests.factories import make_user
from tests.members import matrix
from tests.news.back_office import moment, typed
from tests.news.factories import make_article, make_column, make_content, make_draft
from unionportal.services import write_roles

pytestmark = pytest.mark.django_db

ADMIN = admin.site._registry[Article]
LIST = reverse("admin:news_article_changelist")
JOBS = {"编辑": "edit", "初审": "first", "复审": "second", "终审": "final"}
REVIEWERS = {level.label: level for level in Level}
STATES = ["draft", "first", "second", "final", "returned", "live", "withdrawn"]
UNSENT, UNDER_REVIEW = {"draft", "live"}, {"first", "second", "final"}
EVERYWHERE = set(STATES)
EDITORS = {"作者", "编辑", "兼职"}
# Whose POST changes something, and where the article must stand for it. 兼职 has every
# role in this column and typed into the first version.
WRITE = dict.fromkeys(EDITORS, EVERYWHERE)
SEND = dict.fromkeys(EDITORS, UNSENT | {"returned"})
DECIDE = {"初审": {"first"}, "复审": {"second"}, "终审": {"final"}}
WITHDRAW = dict.fromkeys(EDITORS | {"终审"}, {"live"})
READ = {}
DOORS = {
    "change": WRITE,
    "autosave": WRITE,
    "check": SEND,
    "review": DECIDE,
    "claim": dict.fromkeys({"初审", "复审", "终审", "兼职"}, EVERYWHERE),
    "recall": dict.fromkeys(EDITORS, UNDER_REVIEW),
    "withdraw": WITHDRAW,
    "publish": dict.fromkeys(EDITORS | {"终审"}, {"withdrawn"}),
    "urgent": {"终审": UNDER_REVIEW},
    "discard": {"作者": UNSENT},
    "compare": READ,
    "history": READ,
    "photos": READ,
    "picture": READ,  # nothing is sent here to be kept
    "file": READ,
    "waive": READ,  # nothing is found in these words
    "delete": READ,
}
ACTIONS = {
    "send_chosen": SEND,
    "approve_chosen": DECIDE,
    "return_chosen": DECIDE,
    "withdraw_chosen": WITHDRAW,
}
OUTSIDE = [*(f"外{job}" for job in JOBS), "审计员", "无角色", "访客"]


def addresses():
    """The names of the addresses of one article."""
    names = []
    for pattern in ADMIN.get_urls():
        route = str(pattern.pattern)
        if pattern.name and ("<int:pk>" in route or "object_id" in route):
            names.append(pattern.name.removeprefix("news_article_"))
    return names


@pytest.fixture
def people():
    write_roles()
    column, foreign = make_column(), make_column()
    made = {
        "作者": make_user(roles=["编辑"], is_staff=True),
        "兼职": make_user(roles=[*JOBS], is_staff=True),
        "审计员": make_user(roles=["审计员"], is_staff=True),
        "无角色": make_user(is_staff=True),
        "访客": None,
    }
    for role in JOBS:
        made[role] = make_user(roles=[role], is_staff=True)
        made[f"外{role}"] = make_user(roles=[role], is_staff=True)
    duties = [(column, "作者", "编辑"), *((column, "兼职", role) for role in JOBS)]
    duties += [(column, role, role) for role in JOBS]
    duties += [(foreign, f"外{role}", role) for role in JOBS]
    for where, who, role in duties:
        services.give_duty(column=where, user=made[who], job=JOBS[role], by=None)
    return column, made


def make_standing(column, people, state):
    """An article in this state whose first version 兼职 typed and whose second is the
    author's."""
    article = services.create_article(
        column=column, content=make_content(title="头一版"), by=people["兼职"]
    )
    if state != "draft":
        services.send(article=article, by=people["兼职"])
    content = make_content(title="第二版")
    services.save_draft(article=article, content=content, by=people["作者"])
    if state == "draft":
        type(article.draft).objects.update(author=people["作者"])
        return article
    version = services.send(article=article, by=people["作者"])
    given = {"first": 0, "second": 1, "final": 2, "returned": 1}.get(state, 3)
    for level in list(Level)[:given]:
        services.decide(
            version=version,
            level=level,
            outcome=Outcome.RETURNED if state == "returned" else Outcome.APPROVED,
            by=people[level.label],
            reason="改",
        )
    article = Article.objects.get(pk=article.pk)
    if state == "live":
        content = make_content(title="改到一半")
        services.save_draft(article=article, content=content, by=people["作者"])
    if state == "withdrawn":
        services.withdraw(article=article, by=None, reason="撤")
    return Article.objects.get(pk=article.pk)


def tries(article, state):
    """(what is tried, the address, what is posted, who may) for everybody."""
    newest = ArticleVersion.objects.newest_of(article)
    oldest = article.versions.first()
    turn = LEVEL_OF.get(article.stage, Level.FIRST)
    data = typed(article.column, title="换过的题", reason="有原因")
    if article.publish_at:
        data |= moment(article.publish_at)
    working = services.working_on(article)
    data |= {"base": working.token, "seen": working.token}
    said = {"level": turn, "outcome": "approved"}
    if newest:
        said |= {"version": newest.pk, "sha256": newest.sha256}
    for name in addresses():
        at = reverse(f"admin:news_article_{name}", args=[article.pk])
        yield name, at, data | said, DOORS[name]
    seen = article.review_version_id or getattr(newest, "pk", "")
    for name, who in ACTIONS.items():
        posted = {"action": name, "_selected_action": [article.pk], "is_sure": "1"}
        posted |= {"reason": "有原因", f"seen-{article.pk}": seen}
        yield name, LIST, posted, who
    if not newest:
        return
    review = reverse("admin:news_article_review", args=[article.pk])
    for level in Level:
        if level != turn:
            yield f"skips to {level}", review, said | {"level": level.value}, {}
    old = {"version": oldest.pk, "sha256": oldest.sha256}
    yield "decides on an old version", review, said | old, {}
    yield "with old words", review, said | {"sha256": oldest.sha256}, {}
    stale = {"action": "approve_chosen", "_selected_action": [article.pk]}
    stale |= {"is_sure": "1", f"seen-{article.pk}": oldest.pk}
    yield "chooses an old version", LIST, stale, {}


def in_news():
    names = {table for table in matrix.tables() if table.startswith("news_")}
    return matrix.stored(names)


def visitor(user):
    client = Client()
    if user:
        client.force_login(user)
    return client


def test_matrix_names_every_address_and_action_of_an_article(people):
    request = RequestFactory().get(LIST)
    request.user = people[1]["兼职"]

    assert sorted(addresses()) == sorted(DOORS)
    assert sorted(ADMIN.get_actions(request)) == sorted(ACTIONS)
    assert Group.objects.filter(name__in=JOBS).count() == len(JOBS)


@pytest.mark.slow  # six people try thirty doors, each with a page behind it
@pytest.mark.parametrize("state", STATES)
def test_article_changes_for_those_named_and_for_nobody_else(people, state):
    column, made = people
    article = make_standing(column, made, state)
    before, wrong = in_news(), []
    for who in ["作者", "兼职", *JOBS]:
        client = visitor(made[who])
        for what, at, data, may in tries(article, state):
            with transaction.atomic():
                answer = client.post(at, data)
                is_changed = in_news() != before
                transaction.set_rollback(True)
            client.cookies.pop("messages", None)
            if is_changed != (state in may.get(who, ())) or answer.status_code >= 500:
                wrong.append((who, what, is_changed, answer.status_code))
    assert wrong == []


@pytest.mark.parametrize("state", ["draft", "final"])
def test_article_of_a_foreign_column_is_not_there_and_does_not_change(people, state):
    column, made = people
    article = make_standing(column, made, state)
    before, wrong = in_news(), []
    preview = reverse("news:article-preview", args=[article.pk])
    for who in OUTSIDE:
        client = visitor(made[who])
        pages = [at for what, at, _data, _may in tries(article, state) if at != LIST]
        for at in {*pages, preview} if who != "审计员" else ():
            answer = client.get(at)
            if answer.status_code not in ({404} if who[0] == "外" else {302, 403, 404}):
                wrong.append((who, at, answer.status_code))
        if who[0] == "外" and "第二版" in client.get(LIST).content.decode():
            wrong.append((who, LIST))
        for what, at, data, _may in tries(article, state):
            with transaction.atomic():
                client.post(at, data)
                if in_news() != before:
                    wrong.append((who, what))
                transaction.set_rollback(True)
    assert wrong == []


def test_article_form_names_no_draft_of_a_foreign_column(people):
    """A form that comes back shows the titles of the numbers it was sent."""
    column, made = people
    draft = make_draft(title="外栏目的题目")
    live = make_article(title="公开的题目")
    client = Client()
    client.force_login(made["编辑"])

    data = typed(column, title="一篇", chosen=[draft.pk, live.pk])
    response = client.post(reverse("admin:news_article_add"), data)

    said = matrix.words_of(response)
    assert "公开的题目" in said
    assert "外栏目的题目" not in said
    assert not Article.objects.filter(chosen=draft).exists()
