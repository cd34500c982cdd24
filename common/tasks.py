"""Work that nobody waits for: how a room declares a task and asks for it.

    @tasks.task(title=_("发送通知短信"), seconds=120)
    def send_text(text_id: int) -> None: ...

    send_text.enqueue(text.pk)      # in the transaction of what it is about

The task is asked for by the commit of that transaction and runs in a worker process
(``manage.py worker``), with the rights of the application. What holds of every task
(docs/decisions/0024-background-tasks.md):

- Its arguments are keys and words of code, never a name or a number of a person: they
  are kept as plain text. The row says the rest when the task runs.
- It may run twice: a worker is killed after the deed and before it was noted. A deed in
  this database looks first; one outside carries a key that the other side knows.
- A task that fails is tried again after ``PAUSES``, and parked for staff after
  ``TRIES``. One that runs longer than its ``seconds`` is killed, which counts as a try.
- ``is_long``: runs in the queue of long tasks, so that nobody's text waits behind it.
"""

import re
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import connection
from django_tasks import base, task
from django_tasks_db.backend import DatabaseBackend

__all__ = [
    "LONG",
    "PAUSES",
    "QUEUES",
    "SHORT",
    "TRIES",
    "Job",
    "Queue",
    "pause",
    "task",
]

SHORT, LONG = "default", "long"
QUEUES = (SHORT, LONG)
TRIES = 5
# after the first, second, third and fourth try
PAUSES = [timedelta(seconds=s) for s in (10, 60, 600, 3600)]

_WORD = re.compile(r"[a-z][a-z_]{0,39}")
_MOST = 10**10  # a mobile number has eleven digits


@dataclass(frozen=True, slots=True, kw_only=True)
class Job(base.Task):
    """A declared task: ``title`` is what staff read, ``seconds`` the most it may take."""

    title: str = ""
    seconds: int = 60

    def enqueue(self, *args, **kwargs):
        """Ask for the task, with the commit of the transaction under way. Raises
        RuntimeError outside of one, ValueError for an argument that is no key."""
        if not connection.in_atomic_block:
            raise RuntimeError("A task is asked for within a transaction.")
        args = [_key(value) for value in args]
        kwargs = {name: _key(value) for name, value in kwargs.items()}
        return self.get_backend().enqueue(self, args, kwargs)


def _key(value):
    if isinstance(value, UUID):
        return str(value)
    is_key = isinstance(value, bool) or (isinstance(value, int) and 0 <= value < _MOST)
    if is_key or value is None or (isinstance(value, str) and _WORD.fullmatch(value)):
        return value
    raise ValueError("The arguments of a task are keys and words of code.")


class Queue(DatabaseBackend):
    """Tasks as rows of this database."""

    task_class = Job


def pause(tries: int) -> timedelta:
    """How long a task rests after so many tries in vain."""
    return PAUSES[min(tries, len(PAUSES)) - 1] if tries > 0 else timedelta(0)
