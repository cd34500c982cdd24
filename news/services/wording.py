"""The guard of fixed wording: what it finds in an article, who lets a find stand, and
what else is said before sending.

Lock order: Article, then its waivers.
"""

from collections.abc import Iterator

from django.db import transaction
from django.utils.translation import gettext as _

from common import history, letters, richtext
from common.errors import Reason, Refusal
from common.services import refusing
from members.models import User
from news import wording
from news.content import FORMAT, Content, digest
from news.enums import WRITERS, ColumnJob, PhraseKind
from news.models import Article, Phrase, WordingWaiver
from news.services import duties
from news.services.drafts import working_on
from news.services.versions import cleaned, content_of
from news.wording import Checked, Rule

LONGEST_TITLE = 36  # characters that fit on two lines of a telephone


def texts_of(content: Content) -> Iterator[tuple[str, str]]:
    """Everything that readers see of an article, with the name of its place."""
    yield _("标题"), content.title
    yield _("副题"), content.subtitle
    yield _("来源"), content.source_name
    yield _("摘要"), content.summary
    yield _("编者按"), content.editor_note
    yield _("更正说明"), content.correction
    for line in content.bylines:
        yield _("署名"), line.name
    for number, words in enumerate(_paragraphs(content.body), start=1):
        yield _("正文第%(n)d段") % {"n": number}, words
    for number, photo in enumerate(content.photos, start=1):
        yield _("第%(n)d张照片的说明") % {"n": number}, photo.caption
        yield _("第%(n)d张照片的供图") % {"n": number}, photo.credit
        yield _("第%(n)d张照片的画面描述") % {"n": number}, photo.alt
    for number, one in enumerate(content.files, start=1):
        yield _("第%(n)d个附件的名称") % {"n": number}, one.name
    for number, one in enumerate(content.videos, start=1):
        yield _("第%(n)d个视频链接的标题") % {"n": number}, one.title


# Inside a paragraph these part no words; whatever else begins or ends, begins a new one.
_WITHIN = {"a", "b", "strong", "i", "em", "u", "s", "del", "sub", "sup", "span", "br"}


def _paragraphs(body: str) -> list[str]:
    """The words of each paragraph, wherever they stand; captions are the photos'."""
    found, words = [], []

    def end():
        if text := "".join(words).strip():
            found.append(text)
        words.clear()

    waiting = [richtext.blocks(body)]
    while waiting:
        node = waiting.pop()
        if isinstance(node, str):
            words.append(node)
        elif node is None:
            end()
        elif node.tag in _WITHIN:
            waiting += reversed(node.children)
        elif node.tag != "figure":
            end()
            waiting += [None, *reversed(node.children)]
    end()
    return found


def check(*, article: Article, content: Content) -> Checked:
    """What departs from the rules in force in ``content``, and which of it somebody let
    stand in this article. Two queries; tells nobody.

    A waiver holds for the words that were found with the twelve characters on each
    side: an edit there voids it, an edit elsewhere does not.
    """
    rules = Phrase.objects.in_force().values_list("right", "wrong")
    rules = [Rule(right, wrong) for right, wrong in rules]
    if not rules:
        return Checked()
    given = WordingWaiver.objects.filter(article=article)
    given = set(given.values_list("wrong", "right", "context"))
    return wording.check(rules, texts_of(content), given)


def waivers(*, article: Article, checked: Checked) -> list[WordingWaiver]:
    """The waivers that hold in what was checked, to be read at the final review: what,
    where, who and why. One query at most."""
    if not checked.waived:
        return []
    rows = WordingWaiver.objects.filter(article=article).select_related("by")
    return [
        row for row in rows if (row.wrong, row.right, row.context) in checked.waived
    ]


def wording_reasons(*, article: Article, content: Content) -> list[Reason]:
    """Why this content may not pass the final review yet: one reason, which names the
    first of its open finds, or nothing."""
    return reasons_of(check(article=article, content=content))


def reasons_of(checked: Checked) -> list[Reason]:
    """The same of what was checked already."""
    if checked.is_clean:
        return []
    if not checked.hits:
        text = _("稿件太长或重复太多，规范用语没有检查完，请分成几篇再审")
        return [Reason("wording_unchecked", text)]
    text = _(
        "规范用语还有%(n)s处未处理（%(place)s：“%(found)s”应为“%(right)s”），"
        "请退改，或写明理由放行，再作终审"
    )
    first = checked.hits[0]
    number = f"{len(checked.hits)}{'+' if checked.is_cut else ''}"
    said = {"place": first.place, "found": first.found, "right": first.right}
    return [Reason("wording_open", text % {"n": number, **said})]


def sending_advice(
    *, content: Content, was_public: bool = False, before: Content | None = None
) -> list[str]:
    """What is better mended before sending and forbids nothing: a sentence each.
    ``was_public``: readers have seen an earlier text of it, ``before``."""
    advice = []
    title = letters.line(content.title)
    if len(title) > LONGEST_TITLE:
        text = _("标题有%(n)d个字，超过%(most)d个字，在手机上会占三行以上")
        advice.append(text % {"n": len(title), "most": LONGEST_TITLE})
    if content.source_url and not content.is_reprint:
        advice.append(_("填写了原文网址，如是转载请勾选“转载”"))
    is_signed = any(line.role in WRITERS for line in content.bylines)
    if not is_signed and not content.source_name:
        text = _("没有署名，也没有来源；请填写记者、通讯员或作者，或写明来源单位")
        advice.append(text)
    if was_public and not content.correction.strip() and content != before:
        advice.append(
            _("公众已看过原来的版本；改动内容的，请填写更正说明，只改格式的可以不填")
        )
    return advice


def contents_of(article: Article) -> list[Content]:
    """What may be read of an article that is on its way: its draft, its newest
    version."""
    working = working_on(article)
    found = [working.content] if working.content else []
    if working.draft and working.newest:
        found.append(content_of(working.newest))
    return found


@transaction.atomic
@history.on_record
def waive(
    *, article: Article, key: tuple[str, str, str], by: User, reason: str
) -> WordingWaiver:
    """Let one find in the article's draft or newest version stand as it is, by name and
    for a reason, for good.

    Raises Refusal: ``by`` has not the right or no job in this column, no reason, or it
    is not (or no longer) found there. Twice is the first one's.
    """
    if not by.has_perm("news.add_wordingwaiver") or not duties.may(
        by, article.column_id, *ColumnJob
    ):
        raise Refusal(Reason("no_right", _("您没有放行规范用语的权限")))
    reason = letters.line(reason)
    if not 0 < len(reason) <= 200:
        text = _("请写明放行的理由，最多200个字")
        raise Refusal(Reason("reason_missing", text, field="reason"))
    Article.objects.select_for_update().get(pk=article.pk)
    hit = content = None
    for content in contents_of(article):
        hits = check(article=article, content=content).hits
        hit = next((hit for hit in hits if hit.key == tuple(key)), None)
        if hit:
            break
    else:
        known = WordingWaiver.objects.filter(
            article=article, wrong=key[0], right=key[1], context=key[2]
        ).first()
        if known:
            return known
        text = _("这一处已经修改，不需要放行")
        raise Refusal(Reason("hit_gone", text))
    return WordingWaiver.objects.create(
        article=article,
        wrong=hit.found,
        right=hit.right,
        context=hit.context,
        place=hit.place,
        sha256=digest(cleaned(content), FORMAT),
        by=by,
        reason=reason,
    )


# --- the list ---------------------------------------------------------------------------


@transaction.atomic
@history.on_record
def save_phrase(*, phrase: Phrase, by: User | None) -> Phrase:
    """Save one rule. Raises Refusal: it stands in the list, both spellings are one to
    the guard, or an exact one is so short that too much is alike."""
    right = wording.plain(phrase.right)
    if phrase.kind == PhraseKind.EXACT and len(right) < wording.SHORTEST_EXACT:
        text = _("“必须准确”的用语至少%(n)d个字") % {"n": wording.SHORTEST_EXACT}
        raise Refusal(Reason("too_short", text, field="right"))
    if phrase.kind == PhraseKind.WRONG and wording.plain(phrase.wrong) in ("", right):
        text = _("请填写错误写法；只差空格或全角半角的，视为同一写法")
        raise Refusal(Reason("same", text, field="wrong"))
    if (
        phrase.pk is None
        and phrase.is_active
        and Phrase.objects.in_force().count() >= wording.MOST_RULES
    ):
        raise Refusal(_too_many("right"))
    text = _("这一条已在列表中。")
    with refusing({"news_phrase_once": Reason("twice", text, field="right")}):
        phrase.save()
    return phrase


def _too_many(field: str) -> Reason:
    text = _("规范用语最多%(n)d条") % {"n": wording.MOST_RULES}
    return Reason("too_many", text, field=field)


@transaction.atomic
@history.on_record
def paste_phrases(*, text: str, by: User | None) -> int:
    """Add the rules of a pasted list; how many are new. Raises Refusal, and adds none,
    where lines are none: it names them."""
    rules, bad = wording.read_lines(text)
    if bad:
        said = _("第%(n)d行“%(line)s”")
        lines = "；".join(said % {"n": n, "line": line} for n, line in bad[:5])
        said = _("有%(n)d行不是“错误写法 → 规范写法”或4至60字的规范写法：%(lines)s")
        values = {"n": len(bad), "lines": lines}
        raise Refusal(Reason("lines_bad", said % values, field="text"))
    before = Phrase.objects.count()
    if before + len(rules) > wording.MOST_RULES:
        raise Refusal(_too_many("text"))
    Phrase.objects.bulk_create(
        [
            Phrase(
                kind=PhraseKind.WRONG if rule.wrong else PhraseKind.EXACT,
                wrong=rule.wrong,
                right=rule.right,
            )
            for rule in rules
        ],
        ignore_conflicts=True,
    )
    return Phrase.objects.count() - before
