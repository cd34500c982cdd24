"""What the verbs of the room share: locks, places, a table's no in words."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from activities.training import errors
from activities.training.models import CourseClass, CourseKind, Term
from activities.venues.models import Room, Venue
from common.services import refusing
from signups.models import Rules

LONGEST_REASON = 200  # characters
_CANCEL_HOURS = 24  # where no rules say otherwise

_GROUND = {
    "activities_training_term_number_key": errors.NUMBER_TAKEN,
    "activities_training_courseclass_name_once": errors.NAME_TAKEN,
}


def notice_of(term: Term, min_to_open: int) -> str:
    """What a class asks people to agree to: the term's lines and its own."""
    lines = term.notice_lines
    if min_to_open:
        lines.append(_("报名不足%(n)d人，本班可能停办。") % {"n": min_to_open})
    return "\n".join(lines)


def alike(term: Term, kind: CourseKind) -> str:
    """Under which word the desk knows the classes that do for one another: of one kind
    in one term."""
    return f"class:{term.pk}:{kind.pk}"


def cancel_before(rules: Rules | None) -> timedelta:
    return timedelta(hours=rules.cancel_hours if rules else _CANCEL_HOURS)


def lock_class(pk: int) -> CourseClass:
    """What changes a class or its lessons locks the class first: one goes on to the
    offering, another to a lesson or the venue, and they would meet in a ring."""
    return (
        CourseClass.objects.select_for_update(of=("self",), no_key=True)
        .select_related("offering__rules", "venue", "room")
        .get(pk=pk)
    )


def place_of(venue: Venue, room: Room | None) -> str:
    """How a place is written where only one line is free: 市工人文化宫302教室."""
    return f"{venue.name}{room or ''}"


def moment_of(day: date, at: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, at))


def store(row):
    """Save a whole row; a constraint that knew better becomes a Refusal."""
    with refusing(_GROUND):
        row.save()
