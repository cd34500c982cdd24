"""What readers do with comments: who may, what is kept, how often, and what readers
see of it."""

from datetime import timedelta
from functools import partial

import pytest
from django.db import IntegrityError, InternalError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from common import pagecache
from common.errors import Refusal
from common.models import AuditEvent
from members.models import User
from members.querysets import UserManager
from news import services as news
from news.models import Comment, CommentReport, CommentSwitch, CommentVote
from news.services import comments, moderating
from tests.concurrency import at_once
from tests.factories import make_user
from tests.news.comments import (
    approved,
    make_comment,
    make_moderator,
    turned_down,
)
from tests.news.factories import make_article

pytestmark = pytest.mark.django_db


def refused(call, *args, **kwargs):
    with pytest.raises(Refusal) as caught:
        call(*args, **kwargs)
    return caught.value.codes


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


def text_of(response):
    return response.content.decode()


# --- who may, and what is kept


def test_writing_needs_a_proved_number():
    article, user = make_article(), make_user()
    User.objects.filter(pk=user.pk).update(phone_verified=False)

    codes = refused(comments.write_comment, article=article, text="好", by=user)

    assert codes == {"number_unproved"}
    assert not Comment.objects.exists()


def test_writing_sends_visitors_to_log_in(client):
    article = make_article()
    address = reverse("news:comments", args=[article.pk])

    response = client.post(address, {"text": "好"})

    assert response["Location"] == f"{reverse('account_login')}?next={address}"
    assert not Comment.objects.exists()


def test_writing_keeps_plain_text_without_marks_that_nobody_sees():
    comment = make_comment(
        text="\u202e 好\u200b文\x07\x1b[31m\r\n\r\n\r\n\r\n第二段 \ufeff"
    )

    assert comment.text == "好文[31m\n\n第二段"
    assert AuditEvent.objects.filter(verb="write_comment", by=comment.user).exists()


def test_writing_has_bounds():
    article, user = make_article(), make_user()
    write = partial(comments.write_comment, article=article, by=user)

    assert refused(write, text="\u200b \n") == {"empty"}
    assert refused(write, text="好" * 501) == {"too_long"}
    assert refused(write, text="\n".join("好" * 21)) == {"too_many_lines"}
    assert write(text="好" * 500).pk


def test_writing_again_what_waits_is_the_one_comment_and_elsewhere_is_refused():
    first = make_comment(text="支持，学习了")
    write = partial(comments.write_comment, by=first.user)

    assert write(article=first.article, text="支持，学习了") == first
    spaced = {"article": make_article(), "text": "支 持…学 习 了"}
    assert refused(write, **spaced) == {"repeated"}
    assert Comment.objects.count() == 1


def test_writing_is_limited_by_time_also_for_what_was_taken_back():
    article, user = make_article(), make_user()
    for n in range(5):
        made = comments.write_comment(article=article, text=f"第{n}条", by=user)
        comments.delete_comment(comment=made, by=user)

    with pytest.raises(Refusal) as caught:
        comments.write_comment(article=article, text="第六条", by=user)

    [reason] = caught.value.reasons
    assert reason.code == "too_often"
    assert reason.lifts_at > timezone.now()
    other = comments.write_comment(article=article, text="第六条", by=make_user())
    assert other.pk


@pytest.mark.parametrize("mode", ["closed", "off"])
def test_writing_is_closed_for_one_article_and_for_all(mode):
    article, open_one, user = make_article(), make_article(), make_user()
    CommentSwitch.objects.create(article=article, mode=mode)
    write = partial(comments.write_comment, by=user)

    assert refused(write, article=article, text="好") == {"closed"}
    assert write(article=open_one, text="好").pk
    CommentSwitch.objects.create(article=None, mode=mode)
    assert refused(write, article=open_one, text="很好") == {"closed"}


def test_writing_refused_loses_nothing_that_was_typed():
    article, user = make_article(), make_user()

    response = client_of(user).post(
        reverse("news:comments", args=[article.pk]),
        {"text": "长" * 501, "hides_name": "on"},
    )

    assert response.status_code == 200
    assert "长" * 501 in text_of(response)
    assert "现有501个" in text_of(response)


# --- the gate: the table


def test_table_takes_no_comment_that_nobody_read():
    article, user = make_article(), make_user()
    facts = {"article": article, "user": user, "text": "好"}

    with pytest.raises(InternalError), transaction.atomic():
        Comment.objects.create(state="approved", decided_at=timezone.now(), **facts)
    waiting = Comment.objects.filter(pk=make_comment().pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        waiting.update(state="approved")
    with pytest.raises(InternalError), transaction.atomic():
        waiting.update(state="hidden", decided_at=timezone.now(), reason="r")


def test_table_lets_no_words_be_edited_nor_a_comment_go():
    rows = Comment.objects.filter(pk=approved().pk)

    for change in [
        {"text": "改过"},
        {"text": ""},
        {"hides_name": True},
        {"article": make_article()},
        {"user": make_user()},
    ]:
        with pytest.raises((InternalError, IntegrityError)), transaction.atomic():
            rows.update(**change)
    with pytest.raises(InternalError), transaction.atomic():
        rows.delete()


# --- what readers see


@pytest.mark.parametrize("state", ["pending", "rejected", "hidden", "deleted"])
def test_pages_show_no_comment_that_was_not_let_through_or_is_gone(client, state):
    comment = make_comment(text="不该看到的话")
    if state == "rejected":
        turned_down(comment)
    if state in ("hidden", "deleted"):
        approved(comment)
    if state == "hidden":
        moderating.hide_comment(
            comment=comment, by=make_moderator(comment), reason="离题"
        )
    if state == "deleted":
        comments.delete_comment(comment=comment, by=comment.user)
    article = comment.article

    for reader in [client, client_of(make_user())]:
        for address in [
            article.get_absolute_url(),
            reverse("news:comments", args=[article.pk]),
            "/news/feed/",
        ]:
            page = text_of(reader.get(address))
            assert f"comment-{comment.pk}" not in page
            assert "不该看到的话" not in page
        found = text_of(reader.get("/search/?q=不该看到"))
        assert "不该看到的话" not in found
        report = reverse("news:comment-report", args=[comment.pk])
        vote = reverse("news:comment-vote", args=[comment.pk])
        asked = client_of(make_user())
        assert asked.get(report).status_code == 404
        assert asked.post(vote).status_code == 404


def test_page_names_no_author_in_full_and_none_on_request(client):
    masked = approved(make_comment(by=make_user(name="欧阳示例"), text="第一"))
    article = masked.article
    hidden = make_comment(
        article=article, by=make_user(name="司马藏名"), text="第二", hides_name=True
    )
    approved(hidden)

    for reader in [client, client_of(make_user())]:
        page = text_of(reader.get(article.get_absolute_url()))
        assert "欧**例" in page
        assert "欧阳示例" not in page
        assert "匿名网友" in page
        assert not any(part in page for part in ("司马藏名", "司**名"))


def test_page_prints_hostile_text_as_text(client):
    said = (
        "<script>alert(1)</script> <img src=x onerror=alert(2)> "
        "https://evil.example/ [a](javascript:b) {{ 7|add:7 }} {% now 'Y' %}"
    )
    comment = approved(make_comment(text=said, by=make_user(name="<b>x</b>")))

    for address in [
        comment.article.get_absolute_url(),
        reverse("news:comments", args=[comment.article_id]),
    ]:
        page = text_of(client.get(address))
        assert "&lt;script&gt;alert(1)" in page
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert 'href="https://evil.example/' not in page
        assert "{{ 7|add:7 }}" in page
        assert "<b>x</b>" not in page


def test_page_of_a_withdrawn_article_has_no_comments_anywhere(client):
    comment = approved(make_comment(text="原来的评论"))
    article, author = comment.article, comment.user
    news.withdraw(article=article, by=None, reason="示例")
    moderator = make_moderator(comment)

    assert client.get(reverse("news:comments", args=[article.pk])).status_code == 410
    assert "原来的评论" not in text_of(client.get(article.get_absolute_url()))
    report = reverse("news:comment-report", args=[comment.pk])
    assert client_of(make_user()).get(report).status_code == 404
    assert client_of(moderator).get("/admin/news/comment/desk/").status_code == 200
    mine = text_of(client_of(author).get(reverse("news:my-comments")))
    assert article.title not in mine
    codes = refused(comments.write_comment, article=article, text="好", by=author)
    assert codes == {"not_public"}


def test_page_says_that_comments_are_closed(client):
    comment = approved(make_comment(text="早先的话"))
    address = comment.article.get_absolute_url()
    chief = make_moderator(comment, may_close=True)

    moderating.set_comments(article=None, mode="closed", by=chief)
    page = text_of(client.get(address))
    assert "已停止评论" in page
    assert "早先的话" in page

    moderating.set_comments(article=None, mode="off", by=chief)
    page = text_of(client.get(address))
    assert "评论已关闭" in page
    assert "早先的话" not in page


def test_page_lists_comments_page_by_page(client):
    article = make_article()
    for n in range(23):
        approved(make_comment(article=article, text=f"第{n}条。"))
    address = reverse("news:comments", args=[article.pk])

    first, second = (text_of(client.get(f"{address}?page={n}")) for n in (1, 2))

    assert first.count('class="comment"') == 20
    assert second.count('class="comment"') == 3
    assert "第22条。" in first
    assert "第0条。" in second
    under = text_of(client.get(article.get_absolute_url()))
    assert under.count('class="comment"') == 5
    assert "全部评论" in under
    for odd in ("3", "0", "-1", "x", "9" * 40):
        assert client.get(f"{address}?page={odd}").status_code == 404


# --- the page cache


def test_page_for_visitors_is_public_and_holds_nothing_of_a_reader(client):
    comment = approved(make_comment())
    article, reader = comment.article, make_user(name="读者甲乙")
    comments.like_comment(comment=comment, by=reader)
    for address in [
        article.get_absolute_url(),
        reverse("news:comments", args=[article.pk]),
    ]:
        own = text_of(client_of(reader).get(address))
        assert "csrfmiddlewaretoken" in own
        assert "已赞" in own

        response = client.get(address)

        page = text_of(response)
        assert "public" in response["Cache-Control"]
        assert not response.cookies
        assert "csrfmiddlewaretoken" not in page
        assert "读者甲乙" not in page
        assert "已赞" not in page
        assert "登录后发表评论" in page


def test_page_for_visitors_costs_no_query_for_its_comments_once_kept(
    client, django_assert_max_num_queries
):
    comment = approved(make_comment())
    address = comment.article.get_absolute_url()
    client.get(address)

    with django_assert_max_num_queries(1):  # the moment
        page = text_of(client.get(address))

    assert comment.text in page


def test_approving_lets_every_kept_page_go_and_nothing_else_does(client):
    comment = make_comment(text="刚刚通过")
    address, before = comment.article.get_absolute_url(), pagecache.moment()
    client.get(address)
    comments.write_comment(article=comment.article, text="还在等", by=make_user())
    assert pagecache.moment().generation == before.generation

    approved(comment)

    assert pagecache.moment().generation > before.generation
    assert "刚刚通过" in text_of(client.get(address))
    comments.like_comment(comment=comment, by=make_user())
    after = pagecache.moment().generation
    comments.report_comment(comment=comment, kind="abuse", by=make_user())
    assert pagecache.moment().generation == after


# --- voting


def test_voting_counts_each_person_once_and_can_be_taken_back():
    comment, reader = approved(make_comment()), make_user()
    client = client_of(reader)
    address = reverse("news:comment-vote", args=[comment.pk])
    for _time in range(3):
        client.post(address, {"do": "give"})

    assert CommentVote.objects.count() == 1
    client.get(address)
    assert CommentVote.objects.count() == 1
    client.post(address, {"do": "back"})
    assert CommentVote.objects.count() == 0


def test_voting_is_not_for_ones_own_nor_without_a_proved_number():
    comment, stranger = approved(make_comment()), make_user()
    User.objects.filter(pk=stranger.pk).update(phone_verified=False)
    stranger.refresh_from_db()
    like = partial(comments.like_comment, comment=comment)

    assert refused(like, by=comment.user) == {"own"}
    assert refused(like, by=stranger) == {"number_unproved"}
    CommentSwitch.objects.create(article=comment.article, mode="closed")
    assert refused(like, by=make_user()) == {"closed"}


# --- reporting and appealing


def test_reporting_once_each_and_leaves_the_comment_until_somebody_looked(client):
    comment, reader = approved(make_comment(text="有争议")), make_user()
    report = partial(comments.report_comment, comment=comment, by=reader)

    first = report(kind="abuse", note="骂人")
    assert report(kind="advert") == first
    comments.report_comment(comment=comment, kind="false", by=make_user())

    comment.refresh_from_db()
    assert comment.state == "flagged"
    assert CommentReport.objects.count() == 2
    assert "有争议" in text_of(client.get(comment.article.get_absolute_url()))
    own = {"comment": comment, "kind": "other", "by": comment.user}
    assert refused(comments.report_comment, **own) == {"own"}
    mine = text_of(client_of(comment.user).get(reverse("news:my-comments")))
    assert "举报" not in markup_main(mine)


def markup_main(page):
    return page[
        page.index('id="mine"') : page.index("</section>", page.index('id="mine"'))
    ]


def test_reporting_is_limited_by_the_day():
    reader, article = make_user(), make_article()
    rows = [approved(make_comment(article=article, text=f"第{n}")) for n in range(21)]
    for comment in rows[:20]:
        comments.report_comment(comment=comment, kind="other", by=reader)

    asked = {"comment": rows[20], "kind": "other", "by": reader}
    assert refused(comments.report_comment, **asked) == {"too_often"}


def test_appealing_is_for_the_author_of_what_was_turned_down_once():
    comment = turned_down(make_comment())
    ask = partial(comments.appeal, comment=comment, text="并没有离题")

    assert refused(ask, by=make_user()) == {"not_yours"}
    address = reverse("news:comment-appeal", args=[comment.pk])
    assert client_of(make_user()).post(address, {"text": "x"}).status_code == 404
    assert (
        client_of(comment.user).post(address, {"text": "没有离题"}).status_code == 302
    )
    assert refused(ask, by=comment.user) == {"already_appealed"}
    shown = approved(make_comment())
    asked = {"comment": shown, "text": "x", "by": shown.user}
    assert refused(comments.appeal, **asked) == {"not_turned_down"}


# --- one's own


def test_deleting_is_for_the_author_alone_and_at_once(client):
    comment = approved(make_comment(text="我要删掉"))
    address = reverse("news:comment-delete", args=[comment.pk])
    page = comment.article.get_absolute_url()
    assert "我要删掉" in text_of(client.get(page))

    assert client_of(make_user()).post(address).status_code == 404
    codes = refused(comments.delete_comment, comment=comment, by=make_user())
    assert codes == {"not_yours"}
    own = client_of(comment.user)
    assert own.get(address).status_code == 200
    assert "我要删掉" in text_of(client.get(page))
    own.post(address)
    own.post(address)  # twice is once

    assert "我要删掉" not in text_of(client.get(page))
    assert "我要删掉" not in text_of(own.get(reverse("news:my-comments")))


def test_words_taken_back_are_blanked_after_half_a_year_and_no_others():
    stays, goes, young = (approved(make_comment(text=f"第{n}")) for n in range(3))
    for comment in (goes, young):
        comments.delete_comment(comment=comment, by=comment.user)
    long_ago = timezone.now() - timedelta(days=184)
    Comment.objects.filter(pk__in=[stays.pk, goes.pk]).update(state_at=long_ago)

    assert comments.forget_texts() == 1

    texts = dict(Comment.objects.values_list("pk", "text"))
    assert texts == {stays.pk: "第0", goes.pk: "", young.pk: "第2"}


# --- everybody at once


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    @pytest.fixture
    def limited(self):
        """Four were written; five more are sent at the same moment."""
        article, user = make_article(), make_user()
        for n in range(4):
            comments.write_comment(article=article, text=f"先写的{n}", by=user)
        return [
            partial(comments.write_comment, article=article, text=f"同时{n}", by=user)
            for n in range(5)
        ]

    def test_writing_at_once_stays_within_the_limit(self, limited):
        outcomes = at_once(limited)

        assert sum(isinstance(one, Comment) for one in outcomes) == 1
        assert Comment.objects.count() == 5

    def test_writing_without_the_lock_would_pass_the_limit(self, limited, monkeypatch):
        """The control: if this fails, the test above proves nothing."""
        monkeypatch.setattr(
            UserManager, "select_for_update", lambda self, **how: self.get_queryset()
        )
        at_once(limited)

        assert Comment.objects.count() > 5

    def test_voting_at_once_counts_once(self):
        comment, reader = approved(make_comment()), make_user()

        at_once([partial(comments.like_comment, comment=comment, by=reader)] * 4)

        assert CommentVote.objects.count() == 1

    def test_voting_without_the_constraint_would_count_more(self):
        """The control: if this fails, the test above proves nothing."""
        comment, reader = approved(make_comment()), make_user()
        table = "ALTER TABLE news_commentvote"
        once = "CONSTRAINT news_commentvote_once"
        with connection.cursor() as cursor:
            cursor.execute(f"{table} DROP {once}")
        try:
            at_once([partial(comments.like_comment, comment=comment, by=reader)] * 4)
            assert CommentVote.objects.count() > 1
        finally:
            CommentVote.objects.all().delete()
            with connection.cursor() as cursor:
                cursor.execute(f"{table} ADD {once} UNIQUE (comment_id, user_id)")
