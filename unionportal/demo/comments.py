"""What readers said: shown under two articles, waiting for the editors, reported,
appealed, and one that was turned down."""

from news.enums import CommentMode, ReportKind
from news.models import Article, Comment, CommentWord
from news.services import comments, commentwords, moderating
from unionportal.demo.members import FIRST_MEMBER, City
from unionportal.demo.newsroom import EDITOR, REVIEWERS, SECOND_COLUMNS, SECOND_EDITOR

FINAL = REVIEWERS[-1]
WORDS = [
    ("代开发票", "广告"),
    ("加微信", "广告、引流"),
    ("日结兼职", "广告"),
    ("招工押金", "诈骗"),
]
# member by the last digits, what they say, without a name
SHOWN = [
    (103, "活动办得好，车间里好几个工友都去了，希望明年名额再多一些。", False),
    (104, "请问外地来的职工能参加吗？", True),
    (105, "孩子放假在家，周末场次对我们倒班的很方便。\n谢谢工会。", False),
    (106, "照片拍得真好，看到师傅们上台特别亲切。", False),
    (107, "建议把报名时间提前一周通知，好安排换班。", True),
    (108, "点赞。", False),
]
SHOWN_TOO = [
    (109, "学习了，回去讲给班组听。", False),
    (110, "写得实在，就是我们身边的事。", False),
]
WAITING = [
    (111, "报道里提到的讲座还会再办吗？", False),
    (112, "支持，向先进学习。", False),
    (113, "需要代 开 发 票的联系我，价格优惠。", True),
    (114, "我们单位也想请老师来上课，找哪个科室？", False),
]


def make(city: City) -> int:
    """How many comments there are."""
    editor, second, final = (city.staff[n] for n in (EDITOR, SECOND_EDITOR, FINAL))
    for word, note in WORDS:
        commentwords.save_word(word=CommentWord(word=word, note=note), by=final)
    out = Article.objects.live().order_by("-publish_at", "-pk")
    first, other, third = out.exclude(column__name__in=SECOND_COLUMNS)[:3]
    foreign = out.filter(column__name__in=SECOND_COLUMNS).first()
    shown = [_let_through(city, first, said, editor) for said in SHOWN]
    shown += [_let_through(city, other, said, editor) for said in SHOWN_TOO]
    for number, comment in enumerate(shown):
        for member in range(120, 120 + number % 4 * 2):
            comments.like_comment(comment=comment, by=_account(city, member))
    for said in WAITING:
        _write(city, first, said)
    _write(city, foreign, (115, "基层的稿子越来越多了，好。", False))
    _report(
        city, _let_through(city, other, (116, "某某车间的人都在混日子。", True), final)
    )
    moderating.refuse_comment(
        comment=_write(city, first, (FIRST_MEMBER, "有事打我电话，我姓王。", False)),
        reason="评论中不要留联系方式，需要办事请到“办事大厅”或打12351",
        by=editor,
    )
    # an editor answers the appeal against the final reviewer's decision
    refused = _write(city, other, (117, "去年那次活动安排得乱，希望改进。", False))
    moderating.refuse_comment(comment=refused, reason="与本文无关", by=final)
    said = "说的就是报道里的这项活动，是善意的意见。"
    comments.appeal(comment=refused, text=said, by=refused.user)
    moderating.set_comments(
        article=third, mode=CommentMode.CLOSED, note="讨论已告一段落", by=editor
    )
    _let_through(city, foreign, (118, "我们工会也上新闻了。", False), second)
    return Comment.objects.count()


def _account(city, number):
    return city.members[number].user


def _write(city, article, said) -> Comment:
    number, text, hides_name = said
    by = _account(city, number)
    return comments.write_comment(
        article=article, text=text, by=by, hides_name=hides_name
    )


def _let_through(city, article, said, by) -> Comment:
    made = _write(city, article, said)
    return moderating.approve_comment(comment=made, by=by)


def _report(city, comment) -> None:
    for number, kind, note in [
        (119, ReportKind.ABUSE, "说的是我们车间，不是事实"),
        (121, ReportKind.FALSE, ""),
    ]:
        comments.report_comment(
            comment=comment, kind=kind, note=note, by=_account(city, number)
        )
