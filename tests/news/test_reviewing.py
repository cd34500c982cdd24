"""Three reviews by three people, none of whom wrote it: by the verb, and by the table
for whoever comes past the verb."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from common import workdays
from common.errors import Refusal
from members.models import Notice
from news import cards, services
from news.enums import ColumnJob, Level, Outcome, Stage, Step
from news.models import (
    Article,
    ArticleStep,
    ArticleVersion,
    Claim,
    ColumnDuty,
    Decision,
)
from tests.factories import make_user
from tests.news.back_office import with_rights
from tests.news.factories import (
    approve,
    make_article,
    make_column,
    make_content,
    make_draft,
    make_reviewers,
    make_sent,
    publish_newest,
    save_version,
)

pytestmark = pytest.mark.django_db
FIRST, SECOND, FINAL = Level


def decide(version, level, by, outcome=Outcome.APPROVED, **more):
    return services.decide(version=version, level=level, outcome=outcome, by=by, **more)


def give_back(version, level, by, reason="事实待核"):
    return decide(version, level, by, Outcome.RETURNED, reason=reason)


def refused(call, *args, **more):
    with pytest.raises(Refusal) as caught, transaction.atomic():
        call(*args, **more)
    return caught.value.codes


def newest(article):
    return ArticleVersion.objects.newest_of(article)


@pytest.fixture
def reviewers():
    return make_reviewers()


@pytest.fixture
def author():
    return with_rights("change_article", "review_first", "review_second")


# --- the way to the public ----------------------------------------------------------


def test_decide_leads_through_three_reviews_to_the_public(reviewers, author):
    article = make_sent(by=author)
    version, stages = newest(article), []

    for level, by in zip(Level, reviewers, strict=True):
        article.refresh_from_db()
        stages.append(article.stage)
        assert not Article.objects.live().exists()
        decide(version, level, by)

    article.refresh_from_db()
    assert stages == ["first", "second", "final"]
    assert article.stage == Stage.NONE
    assert article.live_version == version
    assert Article.objects.live().get() == article
    assert {one.sha256 for one in Decision.objects.all()} == {version.sha256}


def test_decide_of_the_third_review_waits_for_the_planned_time(reviewers):
    at = timezone.now() + timedelta(days=1)
    article = make_sent(publish_at=at)

    approve(newest(article), reviewers)

    assert Article.objects.with_state().get().state == "scheduled"
    assert Article.objects.get().publish_at == at


@pytest.mark.django_db(transaction=True)  # the database's clock
def test_decide_after_the_planned_time_publishes_at_once(reviewers):
    article = make_sent(publish_at=timezone.now() + timedelta(days=1))
    version, came = newest(article), timezone.now()
    Article.objects.filter(pk=article.pk).update(publish_at=came)

    approve(version, reviewers)

    article.refresh_from_db()
    assert article.publish_at > came
    assert Article.objects.live().exists()


def test_publish_refuses_what_fewer_than_three_approved(reviewers):
    article = make_sent()
    version = newest(article)
    approve(version, reviewers[:2])

    codes = refused(services.publish, article=article, version=version, by=None)

    assert codes == {"not_approved"}
    assert not Article.objects.live().exists()


def test_decide_returned_goes_back_and_begins_at_the_first_review(reviewers, author):
    article = make_sent(by=author, body="<p>一</p>")
    first = newest(article)
    decide(first, FIRST, reviewers[0])
    give_back(first, SECOND, reviewers[1], "核对人数")
    article.refresh_from_db()
    assert article.stage == Stage.RETURNED
    assert "核对人数" in cards.returned_with(article)

    again = services.send(article=article, by=author)

    article.refresh_from_db()
    assert (again.number, article.stage) == (2, Stage.FIRST)
    assert again.sha256 == first.sha256
    assert refused(decide, again, SECOND, reviewers[1]) == {"stale"}
    assert not again.decisions.exists()


def test_decide_returned_needs_a_reason(reviewers):
    version = newest(make_sent())

    assert refused(give_back, version, FIRST, reviewers[0], " ") == {"reason_missing"}
    assert not Decision.objects.exists()


def test_send_of_changed_words_voids_what_was_decided(reviewers, author):
    """The public goes on reading what three people read."""
    article = make_article(title="公众看到的")
    old = save_version(article=article, content=make_content(title="二"), by=author)
    decide(old, FIRST, reviewers[0])
    decide(old, SECOND, reviewers[1])

    new = save_version(article=article, content=make_content(title="三"), by=author)

    assert refused(decide, old, FINAL, reviewers[2]) == {"stale"}
    assert refused(decide, new, FINAL, reviewers[2]) == {"stale"}
    article.refresh_from_db()
    assert (article.title, article.stage) == ("公众看到的", Stage.FIRST)
    assert Article.objects.live().get() == article


def test_draft_on_top_of_a_version_under_review_leaves_the_review_alone(
    reviewers, author
):
    article = make_sent(by=author)
    version = newest(article)
    services.save_draft(article=article, content=make_content(), by=author)

    approve(version, reviewers)

    article.refresh_from_db()
    assert article.live_version == version
    assert article.draft


def test_send_refuses_what_is_there_already(author):
    sent, public = make_sent(), make_article()

    assert refused(services.send, article=sent, by=author) == {"under_review"}
    assert refused(services.send, article=public, by=author) == {"nothing_new"}


def test_recall_takes_it_from_the_reviewers_and_keeps_the_version(reviewers, author):
    article = make_sent(by=author)
    version = newest(article)

    assert refused(services.recall, article=article, by=author, reason="") == {
        "reason_missing"
    }
    services.recall(article=article, by=author, reason="还要补充")

    assert refused(decide, version, FIRST, reviewers[0]) == {"stale"}
    assert services.send(article=article, by=author) == version


def test_withdraw_ends_a_review_that_would_bring_it_back(reviewers):
    article = make_article()
    version = save_version(article=article, content=make_content())
    approve(version, reviewers[:2])

    services.withdraw(article=article, by=None, reason="事实有误")

    assert refused(decide, version, FINAL, reviewers[2]) == {"stale"}
    assert not Article.objects.live().exists()


# --- three people, never the author --------------------------------------------------


def test_decide_is_not_for_who_wrote_or_edited(reviewers, author):
    editor = with_rights("change_article", "review_first")
    article = make_draft()
    services.save_draft(article=article, content=make_content(title="甲"), by=author)
    services.save_draft(article=article, content=make_content(title="乙"), by=editor)
    sender = with_rights("change_article", "review_first")
    version = services.send(article=article, by=sender)

    for by in (author, editor, sender):
        assert refused(decide, version, FIRST, by) == {"own_words"}
    later = save_version(article=article, content=make_content(title="丙"))
    assert refused(decide, later, FIRST, author) == {"own_words"}
    decide(later, FIRST, reviewers[0])


def test_decide_once_for_each_person(reviewers):
    both = with_rights("review_first", "review_second")
    version = newest(make_sent())

    decide(version, FIRST, both)

    assert refused(decide, version, SECOND, both) == {"decided_before"}


def test_decide_skips_no_level(reviewers):
    version = newest(make_sent())

    assert refused(decide, version, SECOND, reviewers[1]) == {"stale"}
    assert refused(decide, version, FINAL, reviewers[2]) == {"stale"}


def test_decide_is_for_the_reviewers_of_the_level_in_their_column():
    column, other = make_column(), make_column()
    here, elsewhere = make_reviewers(column), make_reviewers(other)
    version = newest(make_sent(column=column))

    assert refused(decide, version, FIRST, elsewhere[0]) == {"no_right"}
    assert refused(decide, version, FIRST, here[1]) == {"no_right"}
    here[0].user_permissions.clear()
    stripped = type(here[0]).objects.get(pk=here[0].pk)
    assert refused(decide, version, FIRST, stripped) == {"no_right"}


def row(version, by, level=1, **more):
    """A decision past the verb."""
    more = {"sha256": version.sha256, "outcome": "approved", "reason": ""} | more
    Decision.objects.create(version=version, level=level, reviewer=by, **more)


@pytest.mark.parametrize(
    ("past", "rule"),
    [
        (lambda v, by, author: row(v, author), "not_author"),
        (lambda v, by, author: row(v, by, sha256="0" * 64), "same_words"),
        (lambda v, by, author: row(v, by, level=2), "is_due"),
        (lambda v, by, author: row(v, by, level=4), "is_due"),
        (lambda v, by, author: row(v, by, outcome="returned"), "has_reason"),
        (lambda v, by, author: skipped(v, by), "no_skip"),
        (lambda v, by, author: twice(v, by), "once_a_reviewer"),
    ],
)
def test_decision_table_refuses_what_comes_past_the_verb(author, past, rule):
    version, by = newest(make_sent(by=author)), make_user()

    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        past(version, by, author)

    diagnosis = caught.value.__cause__.diag
    assert diagnosis.constraint_name.endswith(rule)
    assert not Decision.objects.exists()


def at_stage(version, stage):
    Article.objects.filter(pk=version.article_id).update(stage=stage)


def skipped(version, by):
    at_stage(version, "second")
    row(version, by, level=2)


def twice(version, by):
    row(version, by)
    at_stage(version, "second")
    row(version, by, level=2)


def test_decision_is_never_changed(reviewers):
    version = newest(make_sent())
    decide(version, FIRST, reviewers[0])

    with pytest.raises(Exception, match="[Cc]annot"), transaction.atomic():
        Decision.objects.update(outcome="returned", reason="改")

    assert Decision.objects.get().outcome == "approved"


# --- urgent --------------------------------------------------------------------------


@pytest.fixture
def chief():
    return with_rights("view_article", "publish_urgently", "review_final")


def test_release_urgently_is_public_at_once_and_the_reviews_remain_due(
    reviewers, chief, author
):
    article = make_sent(by=author)
    version = newest(article)

    services.release_urgently(version=version, by=chief, reason="暴雨预警")

    assert Article.objects.live().get() == article
    assert Article.objects.released_unread().get() == article
    assert Article.objects.to_review_by(reviewers[0]).get() == article
    approve(version, [*reviewers[:2], chief])
    assert not Article.objects.released_unread().exists()
    assert any("暴雨预警" in said for _at, said in cards.history_of(article))


def test_release_urgently_owes_its_reviews_until_three_people_gave_them(
    reviewers, chief, author
):
    article = make_sent(by=author)
    services.release_urgently(version=newest(article), by=chief, reason="急")
    owing = Article.objects.released_unread()

    assert "released" in refused(
        services.recall, article=article, by=author, reason="撤回"
    )
    give_back(newest(article), FIRST, reviewers[0])
    assert owing.get() == article
    second = services.send(article=article, by=author)  # the same words, once more
    assert second.number == 2
    approve(second, reviewers[:1])
    assert owing.get() == article
    decide(second, SECOND, reviewers[1])
    decide(second, FINAL, reviewers[2])
    assert not owing.exists()
    assert Article.objects.live().get().live_version == second


def test_publish_now_brings_no_urgent_text_back_that_three_people_did_not_read(
    reviewers, chief, author
):
    article = make_sent(by=author)
    services.release_urgently(version=newest(article), by=chief, reason="急")
    services.withdraw(article=article, by=None, reason="不急了")

    assert refused(services.publish_now, article=article, by=author) == {"not_approved"}
    assert not Article.objects.live().exists()
    version = services.send(article=article, by=author)
    approve(version, reviewers)
    assert Article.objects.live().get() == article


def test_release_urgently_is_for_who_may_and_did_not_write(chief, author):
    article = make_sent(by=author)
    version = newest(article)
    release = services.release_urgently

    assert "no_right" in refused(release, version=version, by=author, reason="急")
    assert refused(release, version=version, by=chief, reason=" ") == {"reason_missing"}
    services.recall(article=article, by=None, reason="补充")
    assert refused(release, version=version, by=chief, reason="急") == {
        "not_under_review"
    }
    assert not Article.objects.live().exists()


# --- columns ---------------------------------------------------------------------------


@pytest.fixture
def own():
    """An editor of one column."""
    column = make_column()
    user = make_user(is_staff=True)
    all_rights = with_rights("view_article", "add_article", "change_article")
    names = all_rights.user_permissions.exclude(codename="all_columns")
    user.user_permissions.set(names)
    services.give_duty(column=column, user=user, job=ColumnJob.EDIT, by=None)
    return column, user


def test_verbs_write_in_the_editors_own_columns_only(own):
    column, user = own
    foreign = make_draft()
    begin = services.create_article

    assert begin(column=column, content=make_content(), by=user)
    assert refused(begin, column=foreign.column, content=make_content(), by=user) == {
        "column_foreign"
    }
    for verb, more in [
        (services.save_draft, {"content": make_content()}),
        (services.send, {}),
        (services.recall, {"reason": "改"}),
        (services.discard_draft, {}),
    ]:
        assert refused(verb, article=foreign, by=user, **more) == {"column_foreign"}


def test_place_moves_no_article_to_a_foreign_column(own):
    column, user = own
    article, foreign = make_draft(column=column), make_column()
    here = {"series": None, "series_no": None, "publish_at": None, "expire_at": None}
    here |= {"is_pinned": False, "is_headline": False}

    codes = refused(services.place, article=article, column=foreign, by=user, **here)

    assert codes == {"column_foreign"}
    article.refresh_from_db()
    assert article.column == column


def test_give_duty_needs_the_role_and_once_is_enough(own):
    column, user = own

    assert refused(
        services.give_duty, column=column, user=user, job="first", by=None
    ) == {"no_role"}
    assert refused(
        services.give_duty, column=column, user=user, job="edit", by=None
    ) == {"given"}
    services.take_duty(duty=ColumnDuty.objects.get(), by=None)
    assert not Article.objects.managed_by(user).exists()
    assert not services.may(user, column.pk)


# --- queues, dates, words ------------------------------------------------------------


def test_to_review_by_shows_each_their_level_and_nothing_of_their_own(reviewers):
    fresh, read = make_sent(), make_sent()
    decide(newest(read), FIRST, reviewers[0])
    own = make_sent(by=with_rights("change_article"))
    who = newest(own).author
    who.user_permissions.set(reviewers[0].user_permissions.all())
    writer = type(who).objects.get(pk=who.pk)

    found = [set(Article.objects.to_review_by(user)) for user in (*reviewers, writer)]

    assert found == [{fresh, own}, {read}, set(), {fresh}]


def test_send_and_decide_set_the_day_by_which_it_is_due(reviewers, settings):
    settings.NEWS_REVIEW_DAYS = {"first": 3, "second": 1, "final": 2}
    article = make_sent()
    today = timezone.localdate()

    first = Article.objects.get().due_on
    decide(newest(article), FIRST, reviewers[0])
    second = Article.objects.get().due_on

    assert first == workdays.add_workdays(today, 3)
    assert second == workdays.add_workdays(today, 1)


def test_claim_lasts_half_an_hour_and_is_not_taken_away(reviewers):
    article = make_sent()

    services.claim(article=article, user=reviewers[0])
    kept = services.claim(article=article, user=reviewers[1])
    Claim.objects.update(at=timezone.now() - timedelta(minutes=31))
    over = services.claim(article=article, user=reviewers[1])

    assert kept.user == reviewers[0]
    assert over.user == reviewers[1]
    decide(newest(article), FIRST, reviewers[0])  # it forbids nothing
    assert not Claim.objects.exists()


def test_decide_tells_the_author_and_history_says_it_in_sentences(reviewers, author):
    article = make_sent(by=author, title="示例稿")
    give_back(newest(article), FIRST, reviewers[0], "改题目")
    changed = replace(services.working_on(article).content, title="改后的题目")
    services.save_draft(article=article, content=changed, by=author)
    approve(services.send(article=article, by=author), reviewers)

    told = list(Notice.objects.filter(user=author).order_by("pk"))
    assert [notice.kind for notice in told] == [
        "news.returned",
        "news.published",
        "news.approved",
    ]
    assert "改题目" in told[0].body
    said = [words for _at, words in cards.history_of(article)][::-1]
    assert len(said) == 7
    assert said[1] == f"第1版：初审{reviewers[0]}退改：改题目"
    assert said[-1].startswith(f"第2版：终审{reviewers[2]}通过") or "发布" in said[-1]


def test_file_version_is_public_without_reviews_and_says_whence():
    article = make_sent()
    day = timezone.now() - timedelta(days=900)

    publish_newest(article=article, at=day)

    kinds = list(ArticleStep.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds == [Step.SENT, Step.FILED, Step.PUBLISHED]
    assert Article.objects.live().get().publish_at == day
