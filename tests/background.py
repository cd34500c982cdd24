"""Background tasks in tests: no worker runs, a test says when."""

from django.utils import timezone

from common import tasks
from common.models import BackgroundTask
from common.services import queue

WORKER = "tests"


def run_tasks(*, raising: bool = True, later: bool = False) -> int:
    """Run every task that is due, also those that these ask for; how many runs.

    The first error is raised unless not ``raising``; then the task rests as it would.
    ``later``: time goes by, also what rests is due.
    """
    runs = 0
    queue.beat([WORKER])
    if later:
        BackgroundTask.objects.waiting().update(run_after=timezone.now())
    while row := queue.claim(worker=WORKER, queues=tasks.QUEUES):
        runs += 1
        error = queue.run(row)
        if error is not None and raising:
            raise error
    return runs
