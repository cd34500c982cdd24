"""How the house says no."""

from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime


@dataclass(frozen=True)
class Reason:
    """One ground for a refusal.

    ``code`` names the rule, for tests and styles; ``text`` is a sentence fit to be
    shown to the person; ``lifts_at`` is when it stops holding by itself, or None if
    nobody can say; ``field`` is the form field it concerns, if it concerns one.
    """

    code: str
    text: str
    lifts_at: datetime | None = None
    field: str = ""

    def __str__(self):
        return str(self.text)

    def at(self, field: str) -> "Reason":
        """The same, said at another field."""
        return replace(self, field=field)


class Refusal(Exception):
    """A business "no" (不予办理): every reason for it, never only the first.

    Raised by services, after which nothing of what was asked has happened. Pages
    print it, the admin turns it into a message, commands write it to stderr.
    """

    def __init__(self, *reasons: Reason):
        if not reasons:
            raise ValueError("A refusal needs a reason.")
        self.reasons = reasons
        super().__init__("".join(str(reason) for reason in reasons))

    @property
    def codes(self) -> set[str]:
        return {reason.code for reason in self.reasons}

    def show_in(self, form) -> None:
        """Put each reason at its field, or above the form where it has no such field."""
        for reason in self.reasons:
            field = reason.field if reason.field in form.fields else None
            form.add_error(field, str(reason))

    def show_at(self, form, field: str) -> None:
        """Put every reason at this field."""
        for reason in self.reasons:
            form.add_error(field, str(reason))


class Busy(Refusal):
    """The database could not answer in time: nothing happened, ask again."""


@contextmanager
def at_field(field: str):
    """Whatever is refused inside concerns this field: a verb that calls another knows
    which of its own facts it handed on."""
    try:
        yield
    except Refusal as refusal:
        reasons = (reason.at(field) for reason in refusal.reasons)
        raise type(refusal)(*reasons) from refusal
