"""Text cut into the words by which it is found.

Text and query are folded and cut by the same functions: what is indexed as a word is
sought as that word. Folding changes characters one by one and never their number, so a
place in the folded text is the same place in the text that people read.

The cutter and the tables of characters are loaded by the process that first cuts a text
(about 40 MB), never at start.
"""

import json
import re
import threading
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

_HAN = "〇㐀-䶿一-鿿\U00020000-\U000323af"
_RUN = re.compile(rf"[{_HAN}]+|[^\W_{_HAN}]+")
_IS_HAN = re.compile(f"[{_HAN}]")
LONGEST = 40  # characters of a word that is not Chinese
_OWN_WORD = 100_000  # how often a word of the list counts as having been seen


class Word(NamedTuple):
    """A word as it is looked up and where it begins in the text."""

    text: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)


# --- folding --------------------------------------------------------------------------


class _Folds(dict):
    """Character → what it counts as: half width, small, simplified. Filled as
    characters are met."""

    def __missing__(self, code: int):
        self[code] = found = _folded(chr(code))
        return found


def _folded(character: str) -> str:
    if unicodedata.category(character) in ("Cs", "Cc", "Cf"):
        return " "
    for change in (
        lambda c: unicodedata.normalize("NFKC", c),
        str.lower,
        _simplifier().convert,
    ):
        changed = change(character)
        if len(changed) == 1:  # "…" would become three: it stays
            character = changed
    return character


@cache
def _simplifier():
    from opencc import OpenCC

    return OpenCC("t2s")


_folds = _Folds()


def fold(text: str) -> str:
    """``text`` as it is compared: full-width forms, capital letters and traditional
    characters are those they stand for. As long as ``text``."""
    return text.translate(_folds)


def is_han(text: str) -> bool:
    return bool(_IS_HAN.match(text))


# --- cutting --------------------------------------------------------------------------


class Cutter:
    """Cuts by the general dictionary and a list of words of one's own.

    A word that is in another's way is never cut out of it: 和服 does not stand in 和服务.
    """

    def __init__(self, own: Iterable[str]):
        self._jieba = _dictionary(frozenset(word for word in own if len(word) > 1))
        self._lock = threading.Lock()
        self._pieces = lru_cache(50_000)(self._pieces_of)

    def words(self, folded: str) -> Iterator[Word]:
        """The words of a folded text in their order, none inside another."""
        for run in _RUN.finditer(folded):
            start, text = run.start(), run[0]
            if not is_han(text):
                yield Word(text[:LONGEST], start)
                continue
            with self._lock:
                cut = self._jieba.cut(text, False)
            for word in cut:
                yield Word(word, start)
                start += len(word)

    def pieces(self, word: str) -> tuple[Word, ...]:
        """The shorter words of which a word is made: 工人文化宫 gives 工人, 文化, 文化宫 and
        not 人文, beside which nothing whole is left."""
        return self._pieces(word)

    def tiling(self, word: str) -> tuple[Word, ...]:
        """``word`` laid out in the fewest shorter words of two characters and more, in
        their order; nothing where that cannot be done."""
        return min(self._tilings(word, 0, len(word)), key=len, default=())

    def _pieces_of(self, word):
        if len(word) < 3 or not is_han(word):
            return ()
        found = set()
        # with one character over at either end: 总工会 has 工会, 志愿军 has 志愿
        for first in (0, 1):
            for last in (len(word), len(word) - 1):
                for tiling in self._tilings(word, first, last):
                    found.update(tiling)
        return tuple(sorted(found))

    def _tilings(self, word, start, stop, depth=0):
        if start >= stop:
            return [()] if start == stop and depth else []
        found = []
        if depth > 6:
            return found
        for end in range(start + 2, stop + 1):
            piece = word[start:end]
            if end - start < len(word) and self._has(piece):
                rest = self._tilings(word, end, stop, depth + 1)
                found += [(Word(piece, start), *tiling) for tiling in rest]
        return found

    def _has(self, word) -> bool:
        with self._lock:
            return self._jieba.has_word(word)


_made: dict = {}  # the dictionary of this process and the words added to it
_making = threading.Lock()


def _dictionary(own: frozenset[str]):
    """The general dictionary with these words. One for a process, 33 MB: it takes what
    is new, and is made anew where a word has gone, since it forgets none."""
    import rjieba

    with _making:
        if not _made:
            # the library has made one already, and its functions are that one's
            _made.update(dictionary=rjieba, own=frozenset())
        if _made["own"] - own:
            if _made["dictionary"] is rjieba:
                rjieba.clear()
            _made.update(dictionary=rjieba.Jieba(), own=frozenset())
        for word in own - _made["own"]:
            _made["dictionary"].add_word(word, _OWN_WORD, "n")
        _made["own"] = own
        return _made["dictionary"]


# --- sounds ---------------------------------------------------------------------------

_TONES = str.maketrans("āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜüńňǹḿ", "aaaaeeeeiiiioooouuuuvvvvvnnnm")
_MOST_READINGS = 8


@cache
def _readings() -> dict[str, tuple[str, ...]]:
    """Character → how it may be read, without tones. Read from the data of pypinyin by
    itself: the library would bring its dictionary of phrases, 40 MB, with it."""
    folder = Path(find_spec("pypinyin").origin).parent
    table = json.loads((folder / "pinyin_dict.json").read_text(encoding="utf-8"))
    known: dict[str, str] = {}
    found = {}
    for code, said in table.items():
        character = chr(int(code))
        if "一" <= character <= "鿿":
            plain = dict.fromkeys(said.translate(_TONES).split(","))
            found[character] = tuple(known.setdefault(s, s) for s in plain)
    return found


def _said(folded: str, shorten) -> set[str]:
    """Every way to read a text, a bounded number of them."""
    said = {""}
    for character in folded:
        ways = _readings().get(character, (character,))
        heard = {shorten(way) for way in ways}
        said = {before + way for before in said for way in heard}
        if len(said) > _MOST_READINGS:
            said = set(sorted(said)[:_MOST_READINGS])
    return said


def initials(folded: str) -> set[str]:
    """The first letters of a text's syllables: 重庆 gives zq and cq."""
    return _said(folded, lambda way: way[:1])


def sounds(folded: str) -> set[str]:
    """A text's syllables, one after another."""
    return _said(folded, lambda way: f"{way} ")
