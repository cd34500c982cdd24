"""A pasted page taken apart: what of a text belongs into fields of its own, what is the
furniture of a web page, what a newspaper sets otherwise.

All of it is proposed, nothing is done: ``propose`` looks at an article as it is typed and
says what it would change, at most one proposal of each kind of ``KINDS``; ``accept`` does
what was chosen. Both look at the text anew, so that a proposal is always about what
stands there now, with a script or without.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common import letters, pasting, richtext
from common.markup import Node
from news import pagelines, punctuation
from news.enums import BylineRole

KINDS = {
    "furniture": gettext_lazy("网页上的其他内容"),
    "title": gettext_lazy("标题"),
    "dateline": gettext_lazy("日期和来源"),
    "byline": gettext_lazy("署名"),
    "note": gettext_lazy("编者按"),
    "photos": gettext_lazy("图片说明"),
    "subheads": gettext_lazy("小标题"),
    "signature": gettext_lazy("落款"),
    "punctuation": gettext_lazy("标点"),
    "indents": gettext_lazy("段首空格"),
}
_SAMPLES = 4  # rows of a preview; more are counted
_LONGEST_SAMPLE = 80


@dataclass(frozen=True)
class Typed:
    """What stands in the form, as far as a proposal may touch it. ``day`` and ``clock``
    are those of the time of publication, None where it may not be changed here;
    ``credits`` are (role, name), ``photos`` (caption, credit)."""

    title: str = ""
    subtitle: str = ""
    source_name: str = ""
    is_reprint: bool = False
    editor_note: str = ""
    body: str = ""
    day: str | None = ""
    clock: str | None = ""
    credits: tuple[tuple[str, str], ...] = ()
    photos: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Proposal:
    """``rows`` are (what, the words now, the words then), for a person to look at;
    ``more`` is how many there are besides."""

    kind: str
    rows: tuple[tuple[str, str, str], ...]
    more: int = 0
    note: str = ""

    @property
    def label(self) -> str:
        return str(KINDS[self.kind])


def propose(typed: Typed, left: Iterable[str] = ()) -> list[Proposal]:
    """What could be better, without the kinds in ``left``. Too long a text is let be."""
    if len(typed.body) > richtext.LONGEST:
        return []
    page = _Page(typed)
    found = (look(page) for kind, look in _LOOKS.items() if kind not in set(left))
    return [finding.proposal for finding in found if finding]


def accept(typed: Typed, kinds: Iterable[str]) -> Typed:
    """The article with these proposals carried out, in the order of ``KINDS``; a kind
    of which nothing is found (any more) changes nothing."""
    if len(typed.body) > richtext.LONGEST:
        return typed
    wanted = set(kinds)
    for kind, look in _LOOKS.items():
        if kind in wanted:
            page = _Page(typed)
            if finding := look(page):
                typed = finding.carry_out()
    return typed


@dataclass
class _Finding:
    proposal: Proposal
    carry_out: Callable[[], Typed]


@dataclass
class _Page:
    """The blocks of a body and what each of them is."""

    typed: Typed
    blocks: list[Node] = field(default_factory=list)
    furniture: list[int] = field(default_factory=list)
    taken: set[int] = field(default_factory=set)  # what belongs to a field

    def __post_init__(self):
        root = richtext.blocks(self.typed.body)
        self.blocks = root.children
        self.furniture = pagelines.furniture(self.blocks)
        self.taken = set(self.furniture)

    def text(self, at: int) -> str:
        return pagelines.words(self.blocks[at])

    def head(self, most: int) -> list[int]:
        """The first blocks that are no furniture."""
        return [at for at in range(len(self.blocks)) if at not in self.furniture][:most]

    def tail(self, most: int) -> list[int]:
        return [at for at in range(len(self.blocks)) if at not in self.furniture][
            -most:
        ]

    def without(self, gone: Iterable[int], **changed) -> Typed:
        gone = set(gone)
        kept = [block for at, block in enumerate(self.blocks) if at not in gone]
        return self.with_blocks(kept, **changed)

    def with_blocks(self, blocks: list[Node], **changed) -> Typed:
        return replace(self.typed, body=Node("", {}, blocks).html(), **changed)


def _proposal(kind: str, rows, note: str = "") -> Proposal:
    rows = [(what, _short(now), _short(then)) for what, now, then in rows]
    more = max(0, len(rows) - _SAMPLES)
    return Proposal(kind, tuple(rows[:_SAMPLES]), more, note)


def _short(text: str) -> str:
    if len(text) <= _LONGEST_SAMPLE:
        return text
    half = _LONGEST_SAMPLE // 2
    return f"{text[:half]}……{text[-half:]}"


# --- the furniture of a page --------------------------------------------------------------


def _look_furniture(page: _Page) -> _Finding | None:
    if not page.furniture:
        return None
    rows = [(_("删去"), page.text(at), "") for at in page.furniture]
    return _Finding(_proposal("furniture", rows), lambda: page.without(page.furniture))


# --- title and dateline -------------------------------------------------------------------

_STOPS = "。！？；：，、…!?;:,"
_PARTED = re.compile(r"\s*(?:——|──|--|—)\s*")


def _datelines(page: _Page) -> dict[int, pagelines.Line]:
    lines = {}
    for at in dict.fromkeys((*page.head(9), *page.tail(4))):
        block = page.blocks[at]
        if block.tag in ("p", "h2", "h3") and block.attributes.get("class") != "signed":
            read = pagelines.read_dateline(page.text(at))
            if read:
                lines[at] = read
    return lines


def _title(page: _Page) -> tuple[list[int], str, str] | None:
    """Where the title stands, the title and the subtitle."""
    head = page.head(6)
    lines = _datelines(page)
    head = [at for at in head if at not in lines or at > min(lines, default=0)]
    if not head or page.blocks[head[0]].tag not in ("p", "h2", "h3"):
        return None
    first, text = head[0], page.text(head[0])
    if (
        not 4 <= len(text) <= 80
        or text[-1] in "。；：，、;:,"
        or pasting.MARK.search(text)
    ):
        return None
    if pagelines.read_byline(text) or pagelines.read_caption(text):
        return None
    if text.startswith(("——", "编者按")):
        return None
    block = page.blocks[first]
    is_stated = (
        block.tag in ("h2", "h3")
        or _is_bold(block)
        or any(first < at <= first + 4 for at in lines)
        or any(pagelines.read_byline(page.text(at)) for at in head[1:4])
    )
    longest = max((len(page.text(at)) for at in head[1:4]), default=0)
    is_alone = not page.typed.title and len(text) <= 40 and longest > 60
    if not (is_stated or is_alone):
        return None
    places, parts = [first], _PARTED.split(text, maxsplit=1)
    title, subtitle = parts[0], parts[1] if len(parts) == 2 else ""
    if not title.strip():
        return None
    if not subtitle and len(head) > 1:
        second = page.text(head[1])
        if second.startswith(("——", "──", "--")) and (
            len(second) <= 60 and not set(second) & set("。；")
        ):
            places.append(head[1])
            subtitle = second.lstrip("—─- ")
    return places, letters.line(title), letters.line(subtitle)


def _is_bold(block: Node) -> bool:
    """All of its words are bold."""
    text = block.text.strip()
    bold = "".join(node.text for node in block.walk() if node.tag == "strong")
    return bool(text) and bold.strip() == text


def _look_title(page: _Page) -> _Finding | None:
    """Only for an article that has no title yet, or whose text begins with the one it
    has: nobody who wrote a title is asked to take another."""
    found = _title(page)
    if not found:
        return None
    if page.typed.title and found[1] != letters.line(page.typed.title):
        return None
    places, title, subtitle = found
    rows = [(_("标题"), page.typed.title, title)]
    if subtitle:
        rows.append((_("副题"), page.typed.subtitle, subtitle))
    words = {"title": title[:200]}
    if subtitle:
        words["subtitle"] = subtitle[:200]
    return _Finding(
        _proposal("title", rows, _("从正文移到“标题”栏")),
        lambda: page.without(places, **words),
    )


def _look_dateline(page: _Page) -> _Finding | None:
    lines = _datelines(page)
    if not lines:
        return None
    typed, words, rows = page.typed, {}, []
    for line in lines.values():
        if line.day and typed.day is not None and "day" not in words:
            words |= {"day": line.day, "clock": line.clock or "00:00:00"}
            now = f"{typed.day} {typed.clock}".strip()
            rows.append((_("发布时间"), now, f"{line.day} {line.clock[:5]}".strip()))
        if line.source and "source_name" not in words:
            words["source_name"] = line.source[:60]
            rows.append((_("来源"), typed.source_name, line.source))
            if pagelines.MEDIA.fullmatch(line.source) and not typed.is_reprint:
                words["is_reprint"] = True
                rows.append((_("转载"), "", _("勾选（来源是媒体）")))
        fresh = [one for one in line.credits if one not in typed.credits]
        if fresh:
            known = words.get("credits", typed.credits)
            words["credits"] = (*known, *fresh)
            rows += [(str(BylineRole(role).label), "", name) for role, name in fresh]
    if not rows:
        rows = [(_("删去"), page.text(at), "") for at in lines]
    return _Finding(
        _proposal("dateline", rows, _("从正文移到各自的栏目")),
        lambda: page.without(lines, **words),
    )


# --- who wrote it --------------------------------------------------------------------------


def _bylines(page: _Page) -> dict[int, tuple]:
    found = {}
    for at in dict.fromkeys((*page.head(8), *page.tail(5))):
        if page.blocks[at].tag in ("p", "h2", "h3"):
            read = pagelines.read_byline(page.text(at))
            if read:
                found[at] = read
    return found


def _look_byline(page: _Page) -> _Finding | None:
    found = _bylines(page)
    if not found:
        return None
    credits_ = page.typed.credits
    fresh = [one for line in found.values() for one in line if one not in credits_]
    fresh = list(dict.fromkeys(fresh))
    rows = [(str(BylineRole(role).label), "", name) for role, name in fresh]
    rows = rows or [(_("删去"), page.text(at), "") for at in found]
    return _Finding(
        _proposal("byline", rows, _("从正文移到“署名”")),
        lambda: page.without(found, credits=(*credits_, *fresh)),
    )


# --- the editor's note ---------------------------------------------------------------------

_NOTE = re.compile(
    r"[【\[（]?(?:编者按|编者的话|编前话|编前语|开栏语|开栏的话|按语)[】\]）]?\s*[:：]?\s*"
)
_NOTE_ENDS = re.compile(
    r"以飨读者|敬请(?:关注|垂注|期待)|从(?:今天|今日|即日|本期)起|今起|本报将|本栏目|"
    r"陆续(?:推出|刊发|刊登)|开设.{0,12}(?:专栏|栏目)|连载"
)


def _note(page: _Page) -> tuple[list[int], str] | None:
    for at in page.head(12):
        text = page.text(at)
        head = _NOTE.match(text)
        if not head or page.blocks[at].tag not in ("p", "h2", "h3", "blockquote"):
            continue
        rest = text[head.end() :]
        if rest and not (head[0].strip()[-1] in ":：】]）" or _is_led(page.blocks[at])):
            continue
        after = []
        for next_ in range(at + 1, min(at + 6, len(page.blocks))):
            is_text = page.blocks[next_].tag == "p" and len(page.text(next_)) > 30
            if not is_text or page.text(next_).startswith("——"):
                break
            after.append(next_)
        last = -1 if rest else 0
        for number, next_ in enumerate(after[:4]):
            if _NOTE_ENDS.search(page.text(next_)):
                last = number
        places = after[: last + 1]
        lines = [rest, *(page.text(place) for place in places)]
        words = "\n".join(filter(None, lines))
        if words:
            return [at, *places], words
    return None


def _is_led(block: Node) -> bool:
    first = block.children[0] if block.children else ""
    return isinstance(first, Node) and first.tag == "strong"


def _look_note(page: _Page) -> _Finding | None:
    found = _note(page)
    if not found:
        return None
    places, words = found
    rows = [(_("编者按"), page.typed.editor_note, words)]
    return _Finding(
        _proposal("note", rows, _("从正文移到“编者按”栏")),
        lambda: page.without(places, editor_note=words),
    )


# --- captions ------------------------------------------------------------------------------


def _look_photos(page: _Page) -> _Finding | None:
    marks, captions, joined = {}, {}, set()
    title = _title(page)
    taken = page.taken | set(_datelines(page)) | set(_bylines(page))
    taken |= set(title[0]) if title else set()
    for at, block in enumerate(page.blocks):
        text = page.text(at)
        if at in taken or block.tag != "p":
            continue
        if mark := pasting.MARK.fullmatch(text):
            marks[at] = mark[1] or ""
        elif read := pagelines.read_caption(text):
            captions[at] = read
    photos = []
    for at in sorted(marks | captions):
        if at in joined:
            continue
        if at in captions:
            photos.append((at, captions[at]))
        elif at + 1 in captions:
            joined.add(at + 1)
            photos.append((at, captions[at + 1]))
        elif marks[at]:
            photos.append((at, pagelines.read_caption(marks[at]) or (marks[at], "")))
    known = {caption for caption, _credit in page.typed.photos}
    photos = [(at, words) for at, words in photos if words[0] not in known]
    if not photos:
        return None
    rows = [
        (_("照片"), "", f"{caption}（{credit}）" if credit else caption)
        for _at, (caption, credit) in photos
    ]

    def carry_out():
        blocks = list(page.blocks)
        for at, (caption, _credit) in photos:
            blocks[at] = Node("p", {}, [pasting.mark_of(caption)])
        kept = [block for at, block in enumerate(blocks) if at not in joined]
        fresh = tuple((words[0][:200], words[1][:60]) for _at, words in photos)
        return page.with_blocks(kept, photos=(*page.typed.photos, *fresh))

    note = _("在“照片”中各添一行，写好说明和供图；正文原处留下记号，请选照片文件")
    return _Finding(_proposal("photos", rows, note), carry_out)


# --- what a newspaper sets otherwise ----------------------------------------------------------

_NUMBERED = re.compile(
    r"(?:[一二三四五六七八九十]{1,3}、|（[一二三四五六七八九十]{1,3}）|\d{1,2}[、.．])"
)
_HAN_WORD = re.compile(r"[\u4e00-\u9fff“”《》·—]{4,}")


def _is_subhead(page: _Page, at: int) -> bool:
    block, text = page.blocks[at], page.text(at)
    if block.tag != "p" or block.attributes.get("class") == "signed":
        return False
    if not 4 <= len(text) <= 36 or text[-1] in _STOPS or text.startswith("——"):
        return False
    if (
        set(text) & set("。；")
        or pasting.MARK.search(text)
        or pagelines.DATE.search(text)
    ):
        return False
    if any(node.tag in ("img", "a") for node in block.walk()):
        return False
    after = next((n for n in range(at + 1, len(page.blocks))), None)
    if after is None or after in page.furniture:
        return False
    follows = page.blocks[after]
    if len(page.text(after)) < 30 and follows.tag == "p" and not _NUMBERED.match(text):
        return False
    parts = text.split()
    is_spaced = len(parts) > 1 and all(_HAN_WORD.fullmatch(part) for part in parts)
    return is_spaced or _is_bold(block) or bool(_NUMBERED.match(text))


def _look_subheads(page: _Page) -> _Finding | None:
    title, note = _title(page), _note(page)
    taken = page.taken | set(_datelines(page)) | set(_bylines(page))
    taken |= set(title[0]) if title and _look_title(page) else set()
    taken |= set(note[0]) if note else set()
    found = [
        at
        for at in range(len(page.blocks))
        if at not in taken and _is_subhead(page, at)
    ]
    if not found:
        return None
    has_first = any(
        re.match("[一二三四五六七八九十]{1,3}、", page.text(at)) for at in found
    )

    def carry_out():
        blocks = list(page.blocks)
        for at in found:
            is_lower = has_first and re.match(r"（|\d", page.text(at))
            blocks[at] = Node("h3" if is_lower else "h2", {}, [page.text(at)])
        return page.with_blocks(blocks)

    rows = [(_("小标题"), "", page.text(at)) for at in found]
    return _Finding(_proposal("subheads", rows, _("段落改为小标题")), carry_out)


_OF_BODY = re.compile(r".*(?:会|局|部|委|办|办公室|中心|公司|小组|学校|院|馆|宫|站)$")


def _look_signature(page: _Page) -> _Finding | None:
    tail = [at for at in page.tail(4) if page.blocks[at].tag == "p"]
    days = [at for at in tail if pagelines.DATE.fullmatch(page.text(at))]
    if not days or page.blocks[days[-1]].attributes.get("class") == "signed":
        return None
    at = days[-1]
    if at - 1 not in tail or not _OF_BODY.fullmatch(page.text(at - 1)[:30]):
        return None
    found = [at - 1, at]

    def carry_out():
        blocks = list(page.blocks)
        for place in found:
            blocks[place] = Node("p", {"class": "signed"}, [page.text(place)])
        return page.with_blocks(blocks)

    rows = [(_("靠右"), "", page.text(place)) for place in found]
    return _Finding(_proposal("signature", rows), carry_out)


def _look_punctuation(page: _Page) -> _Finding | None:
    typed, blocks, words, rows = page.typed, [], {}, []
    for at, block in enumerate(page.blocks):
        made = block if at in page.furniture else punctuation.mended(block)
        blocks.append(made)
        if made is not block:
            rows += punctuation.samples(block.text, made.text)
    for name in ("title", "subtitle", "editor_note"):  # they may have come from here
        now = getattr(typed, name)
        then = punctuation.full(now)
        if then != now:
            words[name] = then
            rows += punctuation.samples(now, then)
    photos = tuple((punctuation.full(said), credit) for said, credit in typed.photos)
    if photos != typed.photos:
        words["photos"] = photos
        for (now, _credit), (then, _same) in zip(typed.photos, photos, strict=True):
            rows += punctuation.samples(now, then)
    if not rows:
        return None
    rows = [(_("标点"), now, then) for now, then in rows]
    return _Finding(
        _proposal("punctuation", rows, _("中文之间的半角标点改为全角")),
        lambda: page.with_blocks(blocks, **words),
    )


def _look_indents(page: _Page) -> _Finding | None:
    found = [
        at
        for at, block in enumerate(page.blocks)
        if block.tag in ("p", "h2", "h3")
        and block.text[:1] in "\u3000\u00a0\u2002\u2003"
        if block.text.strip() and at not in page.furniture
    ]
    if not found:
        return None

    def carry_out():
        for at in found:
            richtext.drop_indent(page.blocks[at])
        return page.with_blocks(page.blocks)

    rows = [
        (_("段首"), f"　　{page.text(at)[:16]}……", f"{page.text(at)[:16]}……")
        for at in found
    ]
    note = _("页面会自动缩进两字；保存时也会去掉，以免缩进两次")
    return _Finding(_proposal("indents", rows, note), carry_out)


_LOOKS: dict[str, Callable[[_Page], _Finding | None]] = {
    "furniture": _look_furniture,
    "title": _look_title,
    "dateline": _look_dateline,
    "byline": _look_byline,
    "note": _look_note,
    "photos": _look_photos,
    "subheads": _look_subheads,
    "signature": _look_signature,
    "punctuation": _look_punctuation,
    "indents": _look_indents,
}
