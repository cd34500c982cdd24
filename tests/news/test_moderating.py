"""What moderators do with comments: whose they are, one and many at once, appeals, the
switches, the list of words, and who is told."""

from functools import partial

import pytest
from django.test import Client
from django.urls import reverse

from common.errors import Refusal
from common.history import tracked
from common.models import Change
from members.models import Notice
from news.models import Comment, CommentAppeal, CommentSwitch, CommentWord
from news.services import comments, commentwords, moderating
from news.services import withdraw as withdraw_article
from tests.factories import make_user
from tests.news.comments import (
    approved,
    make_comment,
    make_moderator,
    turned_down,
)
from tests.news.factories import make_article
from unionportal.services import write_roles

pytestmark = pytest.mark.django_db
DESK = "/admin/news/comment/desk/"


def refused(call, *args, **kwargs):
    with pytest.raises(Refusal) as caught:
        call(*args, **kwargs)
    return caught.value.codes


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


def state_of(comment):
    comment.refresh_from_db()
    return comment.state


def told(user):
    rows = Notice.objects.filter(user=user).order_by("pk")
    return list(rows.values_list("kind", flat=True))


def work(comment):
    return reverse("admin:news_comment_work", args=[comment.pk])


# --- whose rows


def test_moderating_is_for_who_works_in_the_column_and_has_the_right():
    comment = make_comment(text="此处的话")
    stranger = make_moderator(make_comment())
    editor = make_moderator(comment)
    editor.user_permissions.remove(
        editor.user_permissions.get(codename="moderate_comment")
    )
    approve = partial(moderating.approve_comment, comment=comment)

    for user in (stranger, make_user(), type(editor).objects.get(pk=editor.pk)):
        assert refused(approve, by=user) == {"not_moderator"}
        client = client_of(user)
        assert "此处的话" not in client.get(DESK).content.decode()
        client.post(DESK, {"do": "approve", "comment": [comment.pk]})
        client.post(work(comment), {"do": "approve"})
    assert client_of(stranger).get(work(comment)).status_code == 404
    assert state_of(comment) == "pending"


def test_moderating_ones_own_comment_is_for_somebody_else():
    comment = make_comment()
    own = make_moderator(comment)

    mine = make_comment(article=comment.article, by=own, text="我自己写的")

    approve = partial(moderating.approve_comment, comment=mine, by=own)
    assert refused(approve) == {"own_comment"}
    assert "我自己写的" not in client_of(own).get(DESK).content.decode()
    client_of(own).post(DESK, {"do": "approve", "comment": [mine.pk]})
    assert state_of(mine) == "pending"


def test_desk_is_closed_to_who_may_only_read_or_answers_for_nothing():
    write_roles()
    comment = make_comment()
    for roles, there in [(["审计员"], 200), (["系统管理员"], 403), (["初审"], 403)]:
        client = client_of(make_user(is_staff=True, roles=roles))
        assert client.get(DESK).status_code == 403
        assert client.get(work(comment)).status_code == there
        assert client.post(work(comment), {"do": "approve"}).status_code == 403
        assert client.get("/admin/news/comment/switch/").status_code == 403
    assert state_of(comment) == "pending"


def test_desk_warns_whoever_moderates_a_column_alone():
    comment = make_comment()
    only = make_moderator(comment)
    warning = f"只有您一人审核评论的栏目：{comment.article.column}"
    assert warning in client_of(only).get(DESK).content.decode()

    second = make_moderator(comment)
    assert warning not in client_of(only).get(DESK).content.decode()
    type(second).objects.filter(pk=second.pk).update(is_active=False)
    assert warning in client_of(only).get(DESK).content.decode()


# --- one and many


def test_approving_tells_the_author_and_is_done_once():
    comment = make_comment()
    by = make_moderator(comment)

    client_of(by).post(work(comment), {"do": "approve"})

    assert state_of(comment) == "approved"
    assert comment.decided_by == by
    assert told(comment.user) == ["news.comment_shown"]
    again = partial(moderating.approve_comment, comment=comment, by=by)
    assert refused(again) == {"already_decided"}
    assert told(comment.user) == ["news.comment_shown"]


def test_refusing_needs_a_reason_which_the_author_reads():
    comment = make_comment()
    client = client_of(make_moderator(comment))

    page = client.post(work(comment), {"do": "refuse", "reason": " \u200b"})
    assert "请写明原因" in page.content.decode()
    assert state_of(comment) == "pending"

    client.post(work(comment), {"do": "refuse", "reason": "含他人电话"})
    assert state_of(comment) == "rejected"
    [notice] = Notice.objects.filter(user=comment.user)
    assert "含他人电话" in notice.body
    mine = client_of(comment.user).get(reverse("news:my-comments"))
    assert "含他人电话" in mine.content.decode()


def test_deciding_on_many_is_done_row_by_row():
    article = make_article()
    rows = [make_comment(article=article, text=f"第{n}条评论") for n in range(3)]
    by = make_moderator(rows[0])
    commentwords.save_word(word=CommentWord(word="代开发票"), by=None)
    marked = make_comment(article=article, text="专业 代-开 發票，联系我")
    gone = rows.pop()
    comments.delete_comment(comment=gone, by=gone.user)
    foreign = make_comment()
    client = client_of(by)

    keys = [row.pk for row in [*rows, marked, gone, foreign]]
    page = client.post(DESK, {"do": "approve", "comment": keys}).content.decode()

    assert [state_of(row) for row in rows] == ["approved", "approved"]
    assert [state_of(row) for row in (marked, gone, foreign)] == [
        "pending",
        "deleted",
        "pending",
    ]
    assert "已通过2条" in page
    assert "含提示词" in page
    assert "提示词：代开发票" in page  # marked, and never dropped


def test_deciding_on_many_without_a_reason_keeps_the_ticks():
    comment = make_comment()
    client = client_of(make_moderator(comment))

    page = client.post(DESK, {"do": "refuse", "comment": [comment.pk], "reason": ""})

    text = " ".join(page.content.decode().split())
    assert "请写明原因" in text
    assert f'value="{comment.pk}" checked' in text
    assert state_of(comment) == "pending"


def test_comment_with_a_word_is_approved_when_it_is_read_alone():
    comment = make_comment(text="加我微信")
    commentwords.save_word(word=CommentWord(word="微 信"), by=None)

    client_of(make_moderator(comment)).post(work(comment), {"do": "approve"})

    assert state_of(comment) == "approved"


def test_words_are_kept_once_however_they_are_spelled():
    word = commentwords.save_word(word=CommentWord(word="發 票"), by=None)

    assert word.folded == "发票"
    for spelled in ("发票", "发-票", "發票"):
        save = partial(commentwords.save_word, word=CommentWord(word=spelled), by=None)
        assert refused(save) == {"known"}
    save = partial(commentwords.save_word, word=CommentWord(word="——"), by=None)
    assert refused(save) == {"no_word"}
    found = commentwords.found_in("ＦＡ 发★票！", CommentWord.objects.folded())
    assert found == ["發 票"]


# --- what was reported


def test_reported_comment_is_kept_or_taken_off_and_who_reported_is_told(client):
    stays, goes = (approved(make_comment(text=f"第{n}条")) for n in range(2))
    reader = make_user()
    for comment in (stays, goes):
        comments.report_comment(comment=comment, kind="abuse", by=reader)

    for comment, data in [
        (stays, {"do": "keep"}),
        (goes, {"do": "hide", "reason": "辱骂他人"}),
    ]:
        desk = client_of(make_moderator(comment))
        assert comment.text in desk.get(DESK).content.decode()
        desk.post(DESK, {"comment": [comment.pk], **data})

    assert (state_of(stays), state_of(goes)) == ("approved", "hidden")
    assert told(reader) == ["news.comment_report_answered"] * 2
    assert told(goes.user) == ["news.comment_shown", "news.comment_hidden"]
    assert told(stays.user) == ["news.comment_shown"]
    assert not stays.reports.open().exists()
    again = make_user()
    comments.report_comment(comment=stays, kind="abuse", by=again)
    assert state_of(stays) == "flagged"


# --- appeals


def test_appeal_is_answered_by_somebody_else_than_who_turned_it_down(client):
    comment = turned_down(make_comment(text="请再看一看"))
    asked = comments.appeal(comment=comment, text="没有离题", by=comment.user)
    first = comment.decided_by
    answer = partial(moderating.answer_appeal, appeal=asked, is_upheld=True)

    assert refused(answer, by=first) == {"own_decision"}
    assert "没有离题" not in client_of(first).get(DESK).content.decode()
    assert refused(answer, by=make_user()) == {"not_moderator"}

    second = client_of(make_moderator(comment))
    assert "没有离题" in second.get(DESK).content.decode()
    second.post(work(comment), {"do": "uphold"})

    assert state_of(comment) == "approved"
    assert told(comment.user)[-1] == "news.comment_appeal_answered"
    page = client.get(comment.article.get_absolute_url()).content.decode()
    assert "请再看一看" in page


def test_appeal_dismissed_says_why_and_is_over():
    comment = turned_down()
    asked = comments.appeal(comment=comment, text="没有离题", by=comment.user)
    client = client_of(make_moderator(comment))

    client.post(work(comment), {"do": "dismiss", "reason": ""})
    assert CommentAppeal.objects.open().exists()
    client.post(work(comment), {"do": "dismiss", "reason": "确与本文无关"})

    asked.refresh_from_db()
    assert asked.is_upheld is False
    assert state_of(comment) == "rejected"
    assert "确与本文无关" in Notice.objects.filter(user=comment.user).latest("pk").body
    again = partial(moderating.answer_appeal, appeal=asked, is_upheld=True)
    assert refused(again, by=make_moderator(comment)) == {"already_decided"}


# --- what waits


def test_work_of_a_moderator_counts_what_is_theirs(client):
    comment = make_comment()
    approved(make_comment(article=comment.article))
    reported = approved(make_comment(article=comment.article))
    comments.report_comment(comment=reported, kind="abuse", by=make_user())
    appealed = turned_down(make_comment(article=comment.article))
    comments.appeal(comment=appealed, text="没有离题", by=appealed.user)
    make_comment()  # of another column
    by = make_moderator(comment)

    mine = Comment.objects.moderated_by(by)
    assert mine.pending().get() == comment
    assert mine.flagged().get() == reported
    assert CommentAppeal.objects.answered_by(by).get().comment == appealed
    home = client_of(by).get("/admin/").content.decode()
    assert all(words in home for words in ("待审核的评论", "被举报的评论", "评论申诉"))

    withdraw_article(article=comment.article, by=None, reason="示例")
    assert not mine.pending().exists()
    assert not mine.flagged().exists()
    assert not CommentAppeal.objects.answered_by(by).exists()


# --- the switches


def test_switch_of_all_is_for_who_answers_for_the_newsroom():
    comment = approved()
    moderator = make_moderator(comment)
    chief = make_moderator(comment, may_close=True)
    turn = partial(moderating.set_comments, article=None, mode="off")

    assert refused(turn, by=moderator) == {"not_moderator"}
    address = "/admin/news/comment/switch/"
    assert client_of(moderator).post(address, {"mode": "off"}).status_code == 403
    client_of(chief).post(address, {"mode": "off", "note": "专项检查"})

    switch = CommentSwitch.objects.get(article=None)
    assert (switch.mode, switch.changed_by) == ("off", chief)
    seen = client_of(moderator).get(DESK).content.decode()
    assert "全部关闭" in seen
    assert "专项检查" in seen
    turn(mode="open", by=chief)
    assert CommentSwitch.objects.get().mode == "open"
    assert Change.objects.filter(of_table="news_commentswitch", by=chief).exists()


def test_switch_of_an_article_is_for_moderators_of_its_column(client):
    comment = approved(make_comment(text="仍可阅读"))
    address = reverse("admin:news_comment_article", args=[comment.article_id])
    stranger = make_moderator(make_comment())

    assert client_of(stranger).get(address).status_code == 404
    assert client_of(stranger).post(address, {"mode": "off"}).status_code == 404
    moderator = client_of(make_moderator(comment))
    assert moderator.post(address, {"mode": "nonsense"}).status_code == 200
    moderator.post(address, {"mode": "closed"})

    page = client.get(comment.article.get_absolute_url()).content.decode()
    assert "已停止评论" in page
    assert "仍可阅读" in page
    assert comment.article.title in moderator.get(DESK).content.decode()
    other = approved().article
    assert "已停止评论" not in client.get(other.get_absolute_url()).content.decode()


def test_history_keeps_who_decided_and_none_of_the_words():
    comment = approved(make_comment(text="历史里没有"))

    rows = Change.objects.filter(of_table="news_comment", of_id=comment.pk)

    assert "news_comment" in tracked()
    assert rows.filter(by=comment.decided_by).exists()
    assert "历史里没有" not in str(list(rows.values_list("before", "after")))


def test_refusal_tells_the_author_why_and_nobody_else():
    comment = turned_down(reason="与文章无关")

    notice = Notice.objects.get()
    assert (notice.user, notice.kind) == (comment.user, "news.comment_refused")
    assert "与文章无关" in notice.body
