"""The history of rows: who changed which row of which table, from what to what.

A model is tracked by one line of its ``Meta``; every change of a row, also by
``queryset.update()``, becomes one row of ``common.Change`` (``common/sql/functions.sql``)::

    triggers = [history.track(but=["busy"])]

Who asked is said once at the start of a verb and holds to its end::

    @transaction.atomic
    @history.on_record
    def save_team(*, team: VolunteerTeam, by: User | None): ...
"""

import inspect
import json
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps

import pgtrigger
from django.db import connection
from pgtrigger import compiler

from common import logs

_KEY = "portal.context"
EVERY = pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete

# What this thread knows of who asks and why, and the text that the transaction under
# way knows of it ("" where nothing was said yet).
_known: ContextVar[dict | None] = ContextVar("history_known", default=None)
_said: ContextVar[str] = ContextVar("history_said", default="")


# --- which tables ---------------------------------------------------------------------


class TrackSql(compiler.UpsertTriggerSql):
    """The trigger without pgtrigger's way of ignoring one: who may set a setting of
    their session could else write past the history."""

    def get_template(self) -> str:
        return """
            CREATE OR REPLACE FUNCTION {pgid}() RETURNS trigger AS $$
                BEGIN {func} END;
            $$ LANGUAGE plpgsql;
            DROP TRIGGER IF EXISTS {pgid} ON {table};
            CREATE TRIGGER {pgid} {when} {operation} ON {table}
                FOR EACH ROW EXECUTE FUNCTION {execute};
            COMMENT ON TRIGGER {pgid} ON {table} IS '{hash}';
        """


class Track(pgtrigger.Trigger):
    """The trigger of a tracked table; made by ``track``."""

    name = "history"
    when = pgtrigger.After

    def __init__(self, *, but, operation):
        super().__init__(operation=operation)
        self.but = frozenset(but)

    def get_func(self, model):
        # when it was changed stands on the change
        left_out = {model._meta.get_field(name).column for name in self.but}
        columns = sorted(left_out | {"updated_at", "changed_at"})
        return (
            "PERFORM common_record_change(TG_TABLE_NAME, TG_OP, to_jsonb(OLD),"
            f" to_jsonb(NEW), '{{{','.join(columns)}}}'); RETURN NULL;"
        )

    def compile(self, model):
        made = TrackSql(
            pgid=self.get_pgid(model),
            func=self.get_func(model),
            table=model._meta.db_table,
            when=self.when,
            operation=self.operation,
        )
        return compiler.Trigger(name=self.name, sql=made)


def track(*, but=(), operation=EVERY) -> Track:
    """The trigger that writes a model's changes to the history; for ``Meta.triggers``.

    ``but``: fields that are not kept, among them everything that says who a person is:
    nobody can take it out of the history again. ``operation`` where not every change is
    worth a row; its ``UpdateOf`` names columns.
    """
    return Track(but=but, operation=operation)


def tracked() -> dict[str, type]:
    """Table → model of everything that has a history."""
    return {
        model._meta.db_table: model
        for model, trigger in pgtrigger.registered()
        if isinstance(trigger, Track)
    }


# --- who asked ------------------------------------------------------------------------


def on_record(verb):
    """A verb whose changes say who asked: its ``by``, or where it has none the ``user``
    who does it to themselves. A ``by`` of None is the system, or whoever asked the verb
    around it.

    The last decorator of a verb, below ``@transaction.atomic`` (tests/architecture/
    test_history.py). One statement, none where the verb around it has said the same.
    """
    names = inspect.signature(verb).parameters
    asker = next((name for name in ("by", "user") if name in names), None)

    @wraps(verb)
    def recorded(*args, **kwargs):
        _check_transaction()
        # with the outermost transaction the setting ends by itself
        is_last = len(connection.atomic_blocks) == 1
        with _said_by(kwargs.get(asker), {}, is_last=is_last):
            return verb(*args, **kwargs)

    return recorded


@contextmanager
def asked_by(by, **more):
    """While it lasts, changes in this transaction are ``by`` this account, and ``more``
    stands in their context (``cause``: a word for what brought them about). For what is
    not a whole verb.

    Directly inside ``transaction.atomic``; RuntimeError without one.
    What holds around it holds again afterwards.
    """
    _check_transaction()
    with _said_by(by, more, is_last=False):
        yield


@contextmanager
def because(**more):
    """While it lasts, whatever verb is called has this in the context of its changes:
    a command names itself by ``cause``."""
    token = _known.set((_known.get() or {}) | more)
    try:
        yield
    finally:
        _known.reset(token)


def _check_transaction():
    if not connection.in_atomic_block:
        raise RuntimeError("Who asked is said within a transaction.")


@contextmanager
def _said_by(by, more, *, is_last):
    asker = {} if by is None else {"user": by.pk}
    with because(**asker, **more):
        context = (_known.get() or {}) | _request()
        before, text = _said.get(), json.dumps(context) if context else ""
        if text == before:
            yield
            return
        _say(text)
        token = _said.set(text)
        try:
            yield
            if not is_last:
                _say(before)
            # after an error the rollback, also to a savepoint, puts back what was there
        finally:
            _said.reset(token)


def _request() -> dict:
    path = logs.request_path.get()
    return {"path": path, "request": logs.request_id.get()} if path else {}


def _say(text: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, true)", [_KEY, text])
