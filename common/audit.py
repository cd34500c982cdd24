"""The audit of what belongs to no row: log-ins, exports, reveals of a full number, rights
given and taken. Changes of rows are in their history (``common.history``).

    audit.record("reveal_phone", by=request.user, of=worker, reason=reason)

Who calls it need not know where the request came from: ``common.middleware.AuditScene``
keeps that in a context variable.
"""

import unicodedata
from contextlib import contextmanager
from contextvars import ContextVar

from allauth.account.adapter import get_adapter
from django.core.exceptions import PermissionDenied
from django.db import connection, models
from django.utils.text import Truncator

from common import logs
from common.enums import AuditOutcome, AuditVerb
from common.models import AuditEvent

__all__ = ["forget", "record", "scene"]

_NO_LINE = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


class _Scene:
    """One request, and what is to be written when it is over."""

    def __init__(self, request):
        self.request = request
        self.late = []


_scene: ContextVar[_Scene | None] = ContextVar("audit_scene", default=None)


def record(
    verb: str,
    *,
    by,
    of=None,
    outcome: str = AuditOutcome.DONE,
    reason: str = "",
    before: str = "",
    after: str = "",
) -> None:
    """Leave one audit event, at the database's clock.

    ``verb`` is one of ``AuditVerb``, ``outcome`` one of ``AuditOutcome``: any other is
    a ValueError, so that nothing is written under a name nobody filters by. ``by`` is
    who asked (None or an anonymous user for nobody known); ``of`` the row it was done
    to, or a model class when it was done to a list of them. ``reason`` is what the
    person typed; ``before`` and ``after`` say in words what changed.

    What was done is written at once, in the transaction of the deed, and rolled back
    with it. A refusal or failure within a request is written when the request is over:
    its transaction is about to be rolled back, and the event must not go with it.

    No text can break out of its line (control characters become blanks) or lead to a
    person (numbers are masked as in the logs).
    """
    event = AuditEvent(
        verb=AuditVerb(verb),
        by_id=getattr(by, "pk", None),
        by_label=_line(str(by), 60) if getattr(by, "pk", None) else "",
        of_model=of._meta.label_lower if of is not None else "",
        of_key=_line(str(of.pk), 40) if isinstance(of, models.Model) else "",
        outcome=AuditOutcome(outcome),
        reason=_line(reason, 200),
        before=_line(before, 500),
        after=_line(after, 500),
    )
    here = _scene.get()
    if here is not None:
        event.address = _address_of(here.request)
        event.request_id = logs.request_id.get()
    if here is not None and event.outcome != AuditOutcome.DONE:
        here.late.append(event)
    else:
        event.save(force_insert=True)


def _address_of(request):
    try:
        return get_adapter().get_client_ip(request)
    except PermissionDenied:  # nobody said so: the action is on record all the same
        return None


@contextmanager
def scene(request):
    """While it lasts, events are known to come from this request; then what was refused
    or failed is written down."""
    here = _Scene(request)
    token = _scene.set(here)
    try:
        yield
    finally:
        _scene.reset(token)
        for event in here.late:
            event.save(force_insert=True)


def forget(user) -> None:
    """Blank the frozen name in every event of a person whose account is being closed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT common_forget_names(%s)", [user.pk])


def _line(text: str, length: int) -> str:
    """One line of at most ``length`` characters that leads to nobody."""
    plain = "".join(
        " " if unicodedata.category(char) in _NO_LINE else char for char in text
    )
    return Truncator(logs.masked(plain).strip()).chars(length)
