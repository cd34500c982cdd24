"""What people are told of: every kind of notice, with its words in one place per room.

A room says its kinds in its ``notices.py``, which is imported when the portal starts
(``apps.py``)::

    PROMOTED = noticekinds.register(Kind(name="signups.promoted", …))

The words are filled in when the notice is written: what somebody was told stays as it
was said. ``facts`` of a kind are the named placeholders of its title, body and text.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings

LONGEST_TEXT = 70  # characters of one text message, its signature included

_KINDS: dict[str, "Kind"] = {}


@dataclass(frozen=True)
class Kind:
    """One kind of notice.

    ``gets`` says to staff who gets it. ``text`` is what goes out by SMS, empty where
    none ever does; it names no person, no reason and no number. ``is_texted`` is the
    choice that holds until staff make another. ``may_refuse``: whether a person may do
    without the text; not where somebody would come in vain or lose a seat. ``replaces``:
    kinds of which a text about the same thing that has not gone out is no longer true;
    ``"*"`` for all of them.
    """

    name: str
    label: str
    gets: str
    title: str
    body: str = ""
    text: str = ""
    is_texted: bool = False
    may_refuse: bool = True
    replaces: tuple[str, ...] = ()

    @property
    def sample(self) -> str:
        """The text as staff see it, with … where the facts go."""
        return _signed(str(self.text) % defaultdict(lambda: "…"))

    def title_of(self, facts: Mapping[str, object]) -> str:
        return str(self.title) % facts

    def body_of(self, facts: Mapping[str, object]) -> str:
        return str(self.body) % facts

    def text_of(self, facts: Mapping[str, object]) -> str:
        """The text with its signature, in one message: where it would be longer, the
        ``title`` of what it is about is cut short."""
        text = _signed(str(self.text) % facts)
        over = len(text) - LONGEST_TEXT
        if over <= 0:
            return text
        title = str(facts.get("title", ""))
        shorter = title[: max(len(title) - over - 1, 1)] + "…"
        text = _signed(str(self.text) % {**facts, "title": shorter})
        return text[:LONGEST_TEXT]


def _signed(words: str) -> str:
    return f"【{settings.SMS_SIGNATURE}】{words}"


def register(kind: Kind) -> Kind:
    """Make a kind known, once."""
    if kind.name in _KINDS:
        raise ValueError(f"There are two kinds of notice called {kind.name}.")
    _KINDS[kind.name] = kind
    return kind


def every() -> list[Kind]:
    """All kinds of all rooms, room by room."""
    return sorted(_KINDS.values(), key=lambda kind: kind.name.partition(".")[0])


def texted() -> list[Kind]:
    """Those of which a text may go out."""
    return [kind for kind in every() if kind.text]


def label_of(name: str) -> str:
    """What a kind is called; its bare name for one of an earlier release."""
    return str(_KINDS[name].label) if name in _KINDS else name
