"""Words that a moderator must not overlook in a comment. Nothing is refused for one:
it is marked, and its comment is never let through together with others.

Locks nothing but the row it changes.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from common import history, letters, segmentation
from common.errors import Reason, Refusal
from common.services import refusing
from members.models import User
from news.models import CommentWord


def folded(text: str) -> str:
    """``text`` as words are looked for in it: full-width, capital and traditional forms
    are one, and whatever is put between the characters is left out."""
    plain = segmentation.fold(letters.western(text))
    return "".join(char for char in plain if char.isalnum())


def found_in(text: str, words: list[tuple[str, str]]) -> list[str]:
    """The words of the list (``CommentWord.objects.folded()``) that stand in a text."""
    text = folded(text)
    return [word for part, word in words if part in text]


@transaction.atomic
@history.on_record
def save_word(*, word: CommentWord, by: User | None) -> CommentWord:
    """Put a word on the list, or change it; it counts for every comment that waits, at
    once. Raises Refusal: it has no letter in it, or stands there already."""
    word.word = letters.line(word.word)
    word.folded = folded(word.word)
    if not word.folded:
        text = _("请填写由汉字、字母或数字组成的词。")
        raise Refusal(Reason("no_word", text, field="word"))
    if len(word.folded) > 40:
        raise Refusal(Reason("too_long", _("提示词最多40个字。"), field="word"))
    known = Reason("known", _("这个词已经在表中。"), field="word")
    with refusing({"news_commentword_once": known}):
        word.save()
    return word


@transaction.atomic
@history.on_record
def remove_word(*, word: CommentWord, by: User | None) -> None:
    """Take a word off the list; the history keeps that it stood there."""
    word.delete()
