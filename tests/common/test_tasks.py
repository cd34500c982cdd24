"""Background tasks: asked for with the commit, tried again, parked, taken up again when
their worker died, never taken twice."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from common import tasks
from common.errors import Refusal
from common.models import AuditEvent, BackgroundTask, TaskWorker
from common.services import queue
from tests import errands
from tests.background import run_tasks
from tests.concurrency import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_done():
    errands.done.clear()


def only():
    return BackgroundTask.objects.get()


# --- asking for one


def test_task_runs_once_with_its_arguments():
    errands.note.enqueue(7)

    assert (run_tasks(), run_tasks()) == (1, 0)
    assert errands.done == [7]
    assert only().status == "SUCCESSFUL"


@pytest.mark.django_db(transaction=True)
def test_task_is_asked_for_by_the_commit_only():
    with pytest.raises(RuntimeError, match="within a transaction"):
        errands.note.enqueue(1)
    with transaction.atomic():
        errands.note.enqueue(2)
        transaction.set_rollback(True)

    assert run_tasks() == 0


@pytest.mark.parametrize("value", [13912345678, "张三", "13912345678", -1, 1.5, [1]])
def test_task_refuses_an_argument_that_is_no_key(value):
    with pytest.raises(ValueError, match="keys"):
        errands.note.enqueue(value)
    assert not BackgroundTask.objects.exists()


def test_task_takes_keys_and_words_of_code():
    errands.note.enqueue(uuid4())
    errands.note.enqueue("moved_lesson")

    assert run_tasks() == 2


# --- trying again


def test_task_that_fails_rests_longer_each_time_and_is_parked_after_five_tries():
    errands.fail.enqueue(1)

    rests = []
    for tries in range(1, 5):
        assert run_tasks(raising=False, later=tries > 1) == 1
        task = only()
        assert (task.status, task.tries) == ("READY", tries)
        rests.append(task.run_after - timezone.now())
        assert run_tasks(raising=False) == 0  # it rests
    run_tasks(raising=False, later=True)

    assert rests == sorted(rests)
    assert rests[-1] > timedelta(minutes=50)
    assert only().status == "FAILED"
    assert list(BackgroundTask.objects.parked()) == [only()]
    assert run_tasks(raising=False, later=True) == 0
    assert errands.done == [1] * 5


def test_task_keeps_of_an_error_no_value_of_a_row():
    errands.fail.enqueue(1)
    run_tasks(raising=False)

    told = only().traceback
    assert "LookupError: no row" in told
    assert "张三" not in told
    assert "13912345678" not in told


def test_task_that_the_portal_no_longer_has_is_parked_and_breaks_nothing():
    errands.note.enqueue(1)
    BackgroundTask.objects.update(task_path="tests.errands.gone")

    for _ in range(5):
        run_tasks(raising=False, later=True)

    assert only().status == "FAILED"
    assert only().title == "gone"
    with pytest.raises(Refusal):
        queue.rerun(task=only(), by=None)


# --- workers


def test_task_of_a_dead_worker_is_taken_up_again_and_only_then():
    errands.note.enqueue(1)
    queue.beat(["alive"])
    queue.claim(worker="alive", queues=tasks.QUEUES)

    assert queue.rescue() == 0
    TaskWorker.objects.update(seen_at=timezone.now() - queue.ALIVE)
    assert (queue.rescue(), queue.rescue()) == (1, 0)
    assert run_tasks() == 1
    assert only().worker_ids == ["alive", "tests"]


def test_task_that_kills_its_worker_is_parked_after_five_tries():
    errands.die.enqueue(1)

    rests = []
    for number in range(5):
        BackgroundTask.objects.update(run_after=timezone.now())
        assert queue.claim(worker=f"dead {number}", queues=tasks.QUEUES)
        queue.forget_worker(f"dead {number}")
        rests.append(only().run_after - timezone.now())

    assert max(rests[:2]) < timedelta(0)  # due at once
    assert timedelta(0) < rests[2] < rests[3]

    assert only().status == "FAILED"
    assert only().exception_class_path == queue.DIED


def test_task_that_was_taken_up_again_is_not_ended_by_its_first_worker():
    errands.note.enqueue(1)
    first = queue.claim(worker="first", queues=tasks.QUEUES)
    queue.forget_worker("first")
    queue.beat(["second"])
    queue.claim(worker="second", queues=tasks.QUEUES)

    queue.run(first)

    assert only().status == "RUNNING"


def test_overdue_names_the_worker_whose_task_takes_too_long():
    errands.dawdle.enqueue(1)
    queue.claim(worker="slow", queues=[tasks.LONG])

    assert queue.overdue(["slow"]) == []
    BackgroundTask.objects.update(started_at=timezone.now() - timedelta(seconds=30))
    assert queue.overdue(["slow"]) == ["slow"]
    assert queue.overdue(["another"]) == []


def test_long_task_is_not_taken_from_the_queue_of_short_ones():
    errands.dawdle.enqueue(1)

    assert queue.claim(worker="w", queues=[tasks.SHORT]) is None


@pytest.mark.django_db(transaction=True)
def test_claim_gives_each_task_to_one_of_many_workers():
    with transaction.atomic():
        for key in range(3):
            errands.note.enqueue(key)

    def claim():
        return queue.claim(worker="w", queues=tasks.QUEUES)

    taken = [row.pk for row in at_once([claim] * 6) if row]

    assert len(taken) == len(set(taken))
    assert queue.claim(worker="w", queues=tasks.QUEUES) is None or len(taken) < 3
    assert BackgroundTask.objects.running().count() == 3


def test_forget_finished_keeps_what_is_young_waits_or_was_parked():
    for _ in range(4):
        errands.note.enqueue(1)
    old, young, waiting, parked = BackgroundTask.objects.all()
    ended = timezone.now() - timedelta(days=2)
    for task, status in [(old, "SUCCESSFUL"), (parked, "FAILED")]:
        BackgroundTask.objects.filter(pk=task.pk).update(
            status=status, finished_at=ended
        )
    BackgroundTask.objects.filter(pk=young.pk).update(
        status="SUCCESSFUL", finished_at=timezone.now()
    )

    assert (queue.forget_finished(), queue.forget_finished()) == (1, 0)
    assert set(BackgroundTask.objects.all()) == {young, waiting, parked}


# --- the page of staff


@pytest.fixture
def parked():
    errands.note.enqueue(1)
    BackgroundTask.objects.update(
        status="FAILED", finished_at=timezone.now(), worker_ids=["w"] * 5
    )
    return only()


def test_back_office_reruns_a_parked_task_with_all_its_tries(client, enter, parked):
    enter("系统管理员")
    page = reverse("admin:common_backgroundtask_change", args=[parked.pk])
    assert "重新运行" in client.get(page).content.decode()

    client.post(page, {"_rerun": "1"})
    again = client.post(page, {"_rerun": "1"}, follow=True)

    assert (only().status, only().tries) == ("READY", 0)
    assert "可能已经重新运行" in again.content.decode()
    assert AuditEvent.objects.filter(verb="rerun_task", of_key=parked.pk).count() == 1
    assert run_tasks() == 1


def test_back_office_reruns_chosen_tasks_and_says_that_no_worker_runs(
    client, enter, parked
):
    enter("系统管理员")
    page = reverse("admin:common_backgroundtask_changelist")
    assert "后台任务进程没有运行" in client.get(page).content.decode()

    answer = client.post(
        page,
        {"action": "rerun_chosen", "_selected_action": [parked.pk]},
        follow=True,
    )

    assert "1项任务将重新运行" in answer.content.decode()
    assert only().status == "READY"
    queue.beat(["w"])
    assert "后台任务进程没有运行" not in client.get(page).content.decode()


def test_back_office_tasks_are_only_read_by_the_auditor(client, enter, parked):
    enter("审计员")

    page = reverse("admin:common_backgroundtask_change", args=[parked.pk])
    assert "重新运行" not in client.get(page).content.decode()
    assert client.post(page, {"_rerun": "1"}).status_code == 403
    assert only().status == "FAILED"


@pytest.mark.parametrize("role", ["编辑", "工会干部"])
def test_back_office_tasks_are_closed_to_others(client, enter, parked, role):
    enter(role)

    page = reverse("admin:common_backgroundtask_change", args=[parked.pk])
    assert client.get(page).status_code == 403
    assert client.post(page, {"_rerun": "1"}).status_code == 403
    assert only().status == "FAILED"


@pytest.mark.parametrize("rows", [2, 9])
def test_back_office_list_of_tasks_costs_the_same_however_long(
    client, enter, rows, django_assert_max_num_queries
):
    enter("系统管理员")
    for key in range(rows):
        errands.note.enqueue(key)

    with django_assert_max_num_queries(8):
        client.get(reverse("admin:common_backgroundtask_changelist"))
