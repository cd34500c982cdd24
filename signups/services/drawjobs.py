"""The steps of a draw as staff ask for them: at once where few take part, in the
background where thousands do, with how far it is.

Lock order: none of its own; a step locks as ``draws`` says.
"""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from common import history, progress, tasks
from common.errors import Refusal
from members.models import User
from signups.models import Draw, Signup
from signups.services import draws

MANY = 500  # people from whom on nobody waits for the answer
_SECONDS = 900
STEPS = {"freeze": draws.freeze, "draw": draws.draw_lots, "release": draws.release}


@transaction.atomic
@history.on_record
def take(*, draw: Draw, step: str, by: User) -> bool:
    """Take a step ("freeze", "draw" or "release") in the name of ``by``. True: it is
    done; False: it is being done in the background, or already was. What a background
    task is refused stands in ``draw.said``. Refusal: that of the step, where it is done
    at once."""
    draw = Draw.objects.select_related("job").get(pk=draw.pk)
    if draw.is_underway:
        return False
    if people(draw) < MANY:
        STEPS[step](draw=draw, by=by)
        return True
    row = Draw.objects.select_for_update().get(pk=draw.pk)
    if not row.is_underway:
        row.job_id = take_in_background.enqueue(row.pk, step, by.pk).id
        row.said = ""
        row.save(update_fields=["job", "said", "updated_at"])
    return False


@tasks.task(title=_("摇号的一步"), seconds=_SECONDS, queue_name=tasks.LONG)
def take_in_background(draw_id: int, step: str, by_id: int) -> None:
    """Run again, it finds the step done and does nothing."""
    draw = Draw.objects.filter(pk=draw_id).first()
    by = User.objects.filter(pk=by_id).first()
    if draw is None or by is None:
        return
    try:
        STEPS[step](draw=draw, by=by)
    except Refusal as refusal:
        Draw.objects.filter(pk=draw_id).update(said=str(refusal)[:500])


def people(draw: Draw) -> int:
    """How many take part."""
    if draw.frozen_at is not None:
        return draw.entries.count()
    asked = Signup.objects.filter(offering__draw=draw, status="applied")
    return asked.order_by().values("worker").distinct().count()


def done(draw: Draw) -> int | None:
    """For how many people the step under way has been done so far; None when none is
    under way or it has said nothing yet."""
    return progress.announced(f"draw {draw.pk}")
