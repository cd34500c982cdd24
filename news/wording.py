"""Fixed wording: standard phrases, names and posts, and where a text departs from them.

Pure, and bounded: at most ``MOST_RULES`` rules, ``MOST_HITS`` finds and ``MOST_STEPS``
places looked at. Past a bound it says that it has not seen everything, which no reader
of its answer may take for a clean text.
"""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from common import letters

MOST_RULES = 3000
MOST_HITS = 200
MOST_STEPS = 100_000
SHORTEST_EXACT = 4  # characters; a shorter one has too many that are merely alike
LONGEST_FOUND, LONGEST_CONTEXT = 80, 160  # as a waiver keeps them
_AROUND = 12  # characters shown on each side of a find
_COMPARED = 20  # steps that one comparison of a stretch costs
# points that stand between the parts of a name, each in the one that is meant
_POINTS = dict.fromkeys(map(ord, "•‧∙⋅･・"), "·")


@dataclass(frozen=True)
class Rule:
    """``wrong`` must be written ``right``; without ``wrong``, ``right`` must be exact."""

    right: str
    wrong: str = ""


@dataclass(frozen=True)
class Hit:
    """One find: ``place`` in words (标题, 正文第3段), ``found`` as it is written there,
    ``right`` as it should be, ``context`` the words around it."""

    place: str
    found: str
    right: str
    context: str

    @property
    def key(self) -> tuple[str, str, str]:
        """What a waiver holds for: these words here, wherever the paragraph moves."""
        return self.found, self.right, self.context


@dataclass(frozen=True)
class Checked:
    """What a check came to: finds that nobody waived, in the order of the text, the
    keys of those that somebody did; ``is_cut``: there was more than it looked at."""

    hits: tuple[Hit, ...] = ()
    waived: frozenset = frozenset()
    is_cut: bool = False

    @property
    def is_clean(self) -> bool:
        return not self.hits and not self.is_cut


def check(
    rules: Iterable[Rule],
    texts: Iterable[tuple[str, str]],
    waived: Collection[tuple] = frozenset(),
) -> Checked:
    """The finds in ``texts``, pairs of place and words; each context once. Blanks count
    for nothing, nor do marks that nobody sees, full-width forms and kinds of points.

    ``waived``: keys that somebody let stand; they take no room from the others.
    """
    rules = list(rules)
    text, steps = _Text(texts), _Steps()
    found: dict[tuple, tuple[int, Hit]] = {}
    held, is_cut = set(), len(rules) > MOST_RULES
    for rule in rules[:MOST_RULES]:
        for begin, end in _departures(rule, text.plain, steps):
            hit = text.hit(begin, end, rule.right)
            if hit.key in waived:
                held.add(hit.key)
            elif len(found) < MOST_HITS:
                found.setdefault((hit.place, *hit.key), (begin, hit))
            else:
                is_cut = True
                break
        if is_cut or steps.are_spent:
            break
    hits = [hit for _at, hit in sorted(found.values(), key=lambda pair: pair[0])]
    return Checked(tuple(hits), frozenset(held), is_cut or steps.are_spent)


class _Steps:
    def __init__(self):
        self.left = MOST_STEPS

    @property
    def are_spent(self) -> bool:
        return self.left <= 0

    def take(self, number: int = 1) -> bool:
        """Whether there were so many left."""
        self.left -= number
        return self.left > 0


class _Text:
    """All texts as one, a line each: ``plain`` is searched, ``shown`` is what stands
    there; ``at`` says which character of ``shown`` one of ``plain`` comes from, since
    a full-width form may become several (…)."""

    def __init__(self, texts):
        self.places, self.begins = [], []
        plain, shown, at, known = [], [], [], {}
        for place, words in texts:
            self.places.append(place)
            self.begins.append(len(plain))
            for char in "".join(letters.characters(words).split()):
                if char not in known:
                    known[char] = letters.western(char).translate(_POINTS)
                usual = "".join(known[char].split())
                plain += usual
                at += [len(shown)] * len(usual)
                shown.append(char)
            plain.append("\n")
            at.append(len(shown))
            shown.append("\n")
        self.plain, self.shown, self.at = "".join(plain), "".join(shown), at

    def hit(self, begin: int, end: int, right: str) -> Hit:
        number = bisect_right(self.begins, begin) - 1
        first, last = self.at[begin], self.at[end - 1] + 1
        line_begin = self.at[self.begins[number]]
        line_end = self.shown.index("\n", first)
        around = slice(max(line_begin, first - _AROUND), min(line_end, last + _AROUND))
        return Hit(
            self.places[number],
            self.shown[first:last][:LONGEST_FOUND],
            right,
            self.shown[around][:LONGEST_CONTEXT],
        )


def plain(words: str) -> str:
    """``words`` as they are compared."""
    return "".join(letters.western(words).translate(_POINTS).split())


def _departures(rule: Rule, text: str, steps: _Steps) -> Iterator[tuple[int, int]]:
    right = plain(rule.right)
    if rule.wrong:
        wrong = plain(rule.wrong)
        inside = list(_places(wrong, right))
        for at in _places(wrong, text):
            if not steps.take(1 + len(inside)):
                return
            # the wrong form may be part of the right one: 总工会 in 市总工会
            if not any(text.startswith(right, at - n) for n in inside if n <= at):
                yield at, at + len(wrong)
    elif len(right) >= SHORTEST_EXACT:
        yield from _alike(right, text, steps)


def _places(sought: str, text: str) -> Iterator[int]:
    at = text.find(sought) if sought else -1
    while at >= 0:
        yield at
        at = text.find(sought, at + 1)


def _alike(right: str, text: str, steps: _Steps) -> Iterator[tuple[int, int]]:
    """Where one half of the phrase stands and the whole is almost there: one character
    in seven may be another, be missing or be too many, and one at least."""
    half = len(right) // 2
    most = max(1, len(right) // 7)
    found = set()
    for part, rest, offset in (
        (right[:half], right[half:], 0),
        (right[half:], right[:half], half),
    ):
        for at in _places(part, text):
            if not steps.take():
                return
            if at >= offset and text.startswith(right, at - offset):
                continue
            if not steps.take(_COMPARED):
                return
            span = _beside(text, at, len(part), rest, most, is_after=not offset)
            if span and span not in found:
                found.add(span)
                yield span


def _beside(text, at, length, rest, most, *, is_after) -> tuple[int, int] | None:
    """The stretch with the half at ``at`` and what is nearest to the other half beside
    it, if that is near enough."""
    reach = len(rest) + most
    if is_after:
        stretch = text[at + length : at + length + reach]
    else:
        stretch, rest = text[max(0, at - reach) : at][::-1], rest[::-1]
    stretch = stretch.partition("\n")[0]
    taken = _nearest(rest, stretch, most)
    if taken is None or rest.startswith(stretch[:taken]):
        return None  # too far, or shortened on purpose
    if is_after:
        return at, at + length + taken
    return at - taken, at + length


def _nearest(rest: str, stretch: str, most: int) -> int | None:
    """How many characters of the beginning of ``stretch`` are nearest to ``rest``; None
    where more than ``most`` would have to be changed, added or taken away."""
    row = list(range(len(stretch) + 1))
    for i, a in enumerate(rest, start=1):
        before, row = row, [i]
        for j, b in enumerate(stretch, start=1):
            row.append(min(before[j] + 1, row[-1] + 1, before[j - 1] + (a != b)))
        if min(row) > most:
            return None
    best = min(range(len(row)), key=lambda j: (row[j], abs(j - len(rest))))
    return best if 0 < row[best] <= most else None


def read_lines(text: str) -> tuple[list[Rule], list[tuple[int, str]]]:
    """Rules pasted a line each, “错误写法 → 规范写法” or the exact phrase alone, and the
    lines that are none: (number, line)."""
    rules, bad = {}, []
    for number, typed in enumerate(text.splitlines(), start=1):
        line = letters.line(typed.replace("\t", "→"))
        if not line:
            continue
        for arrow in ("=>", "->", "＝＞", "—>", "|"):
            line = line.replace(arrow, "→")
        wrong, has_arrow, right = (part.strip() for part in line.partition("→"))
        rule = Rule(right, wrong) if has_arrow else Rule(wrong)
        if (has_arrow and not rule.wrong) or "→" in rule.right or not _fits(rule):
            bad.append((number, line[:60]))
        else:
            rules[rule] = True
    return list(rules), bad


def _fits(rule: Rule) -> bool:
    right, wrong = plain(rule.right), plain(rule.wrong)
    if max(map(len, (rule.right, rule.wrong))) > 60 or not right:
        return False
    if not rule.wrong:
        return len(right) >= SHORTEST_EXACT
    return bool(wrong) and wrong != right
