"""Verbs of the queue of background tasks: taking one, running it, what becomes of it,
and what is done about a worker that died.

A task's row is READY, RUNNING, SUCCESSFUL or, when it is parked, FAILED. Its
``worker_ids`` are the workers that took it, one a try. Whatever is noted about a run is
noted only while the row still belongs to that run: a worker that was given up and comes
back changes nothing.

Locks: one task's row, never waited for (SKIP LOCKED).
"""

import logging
import traceback
from collections.abc import Iterable
from datetime import timedelta

from django.db import close_old_connections, connection, transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import TaskResultStatus as Status

from common import audit, history, logs, tasks
from common.errors import Reason, Refusal
from common.models import BackgroundTask, TaskWorker

log = logging.getLogger("portal.tasks")

ALIVE = timedelta(seconds=20)  # a worker that gave no sign for so long is dead
KEPT, PARKED_KEPT = timedelta(days=1), timedelta(days=90)
DIED = "worker died"  # instead of the class of an exception
_GRACE = timedelta(seconds=5)


# --- what a worker does ---------------------------------------------------------------


@transaction.atomic
def claim(*, worker: str, queues: Iterable[str]) -> BackgroundTask | None:
    """The next task that is due, taken by ``worker``; None when there is none. No task
    is taken twice, however many ask."""
    row = (
        BackgroundTask.objects.ready().filter(queue_name__in=list(queues)).get_locked()
    )
    if row is not None:
        row.claim(worker)
    return row


def run(row: BackgroundTask) -> BaseException | None:
    """Run a task that was claimed and note what came of it; the error if it failed.

    Raises what is no Exception (the worker is being stopped) after noting it.
    """
    try:
        job = row.task
        arguments = row.args_kwargs
        with history.because(cause=job.name):
            job.call(*arguments["args"], **arguments["kwargs"])
    except Exception as error:
        told = _told(error)
        log.error("Task %s failed: %s", row.task_path, told)
        if not connection.in_atomic_block:
            close_old_connections()  # it may be the connection that failed
        _failed(row, _class_of(error), told)
        return error
    except BaseException as error:
        _failed(row, _class_of(error), "", has_died=True)
        raise
    if not _note(row, status=Status.SUCCESSFUL, finished_at=timezone.now()):
        log.warning("Task %s ran, and was somebody else's by then", row.task_path)
    return None


def _class_of(error: BaseException) -> str:
    return f"{type(error).__module__}.{type(error).__qualname__}"


def _told(error: BaseException) -> str:
    """Where it went wrong, and the first line of why: the lines below it show values of
    rows."""
    frames = "".join(traceback.format_tb(error.__traceback__))
    why = str(error).partition("\n")[0]
    return logs.masked(f"{frames}{type(error).__name__}: {why}")[:20_000]


def _failed(row: BackgroundTask, name: str, told: str, *, has_died=False) -> bool:
    """Let it be tried again after its pause, or park it. When its worker has died it is
    tried at once, twice; then it may be what kills them, and rests as well."""
    now, tries = timezone.now(), len(row.worker_ids)
    values = {"exception_class_path": name, "traceback": told}
    if tries >= tasks.TRIES:
        log.error("Task %s is parked after %d tries", row.task_path, tries)
        return _note(row, status=Status.FAILED, finished_at=now, **values)
    rest = tasks.pause(tries - 2) if has_died else tasks.pause(tries)
    due = now + rest
    return _note(row, status=Status.READY, started_at=None, run_after=due, **values)


def _note(row: BackgroundTask, **values) -> bool:
    mine = BackgroundTask.objects.running().filter(pk=row.pk, worker_ids=row.worker_ids)
    return bool(mine.update(**values))


# --- workers that live and die --------------------------------------------------------


def beat(workers: Iterable[str]) -> None:
    """These workers live, by the database's clock."""
    TaskWorker.objects.bulk_create(
        [TaskWorker(name=name, seen_at=Now()) for name in workers],
        update_conflicts=True,
        unique_fields=["name"],
        update_fields=["seen_at"],
    )


def is_attended() -> bool:
    """Whether a worker lives."""
    return TaskWorker.objects.seen_within(ALIVE).exists()


def forget_worker(worker: str) -> int:
    """This worker has ended. What it was doing is taken up again at once."""
    TaskWorker.objects.filter(name=worker).delete()
    return rescue()


@transaction.atomic
def rescue() -> int:
    """Take up again what dead workers were doing, or park it after its tries; how many.
    May run at any time and concurrently with itself."""
    alive = set(TaskWorker.objects.seen_within(ALIVE).values_list("name", flat=True))
    running = BackgroundTask.objects.running().select_for_update(skip_locked=True)
    left = [row for row in running if row.worker_ids[-1] not in alive]
    for row in left:
        log.warning("Task %s was left by a worker that died", row.task_path)
        _failed(row, DIED, "", has_died=True)
    TaskWorker.objects.seen_before(KEPT).delete()
    return len(left)


def overdue(workers: Iterable[str]) -> list[str]:
    """Those of these workers whose task runs longer than it may."""
    now, late = timezone.now(), []
    for row in BackgroundTask.objects.running():
        worker = row.worker_ids[-1]
        most = timedelta(seconds=row.seconds) + _GRACE
        if worker in workers and row.started_at < now - most:
            late.append(worker)
    return late


def forget_finished() -> int:
    """Throw away tasks that ended well a day ago, and parked ones after 90 days; how
    many. Called by ``tick``."""
    return BackgroundTask.objects.outdated(KEPT, PARKED_KEPT).delete()[0]


# --- what staff do --------------------------------------------------------------------


@transaction.atomic
@history.on_record
def rerun(*, task: BackgroundTask, by) -> BackgroundTask:
    """Let a parked task be tried anew, at once and with all its tries. Raises Refusal
    when it is not parked (any more), or when the portal no longer knows it."""
    row = BackgroundTask.objects.parked().select_for_update().filter(pk=task.pk).first()
    if row is None:
        text = _("这项任务不在“已停止”状态，可能已经重新运行")
        raise Refusal(Reason("not_parked", text))
    if not row.is_known:
        text = _("系统已不再提供这项任务，无法重新运行")
        raise Refusal(Reason("task_unknown", text))
    row.status, row.worker_ids, row.run_after = Status.READY, [], timezone.now()
    row.started_at = row.finished_at = None
    row.save()
    audit.record("rerun_task", by=by, of=row, reason=row.title)
    return row
