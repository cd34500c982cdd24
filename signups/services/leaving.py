"""The verb of a worker who leaves the portal: the desk takes back what they hold.

Lock order as for every cancel: worker, then pool; the pools in the order of their ids.
"""

from django.db import transaction

from common import history
from common.services import after_commit
from members.models import Worker
from signups.models import Appeal, Signup
from signups.services import seats


@transaction.atomic
def give_up_all(*, worker: Worker) -> int:
    """Cancel every signup of ``worker`` that is not over, whatever its deadline for
    cancelling; how many. The seats are owed to their queues at once. What is over stays
    as history, without what they wrote about it.

    Nothing is left by a concurrent sign-up either: one that was quicker is waited for,
    one that has to wait for us is taken back once the caller has committed.
    """
    Appeal.objects.filter(point__worker=worker).update(text="")
    after_commit(_take_back, worker)
    return _take_back(worker)


@transaction.atomic
def _take_back(worker: Worker) -> int:
    seats.lock(worker_id=worker.pk)
    held = list(Signup.objects.to_give_up(worker))
    with history.asked_by(None, cause="gave up all"):
        for signup in held:
            seats.cancel(signup=signup, by=None)
    return len(held)
