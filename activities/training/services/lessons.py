"""One lesson: moved, named, called off; and whose teacher stands in two rooms at once."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from activities.training import errors
from activities.training.models import CourseClass, Lesson
from activities.training.services.ground import (
    LONGEST_REASON,
    cancel_before,
    lock_class,
    place_of,
)
from activities.venues.services import hold_room, release_rooms, room_named
from common import history, pagecache
from common.errors import Refusal
from members.models import User
from signups.services import offerings


@transaction.atomic
@pagecache.publishes
@history.on_record
def move_lesson(
    *,
    lesson: Lesson,
    starts_at: datetime,
    ends_at: datetime,
    by: User | None,
    room: str | None = None,
) -> Lesson:
    """Move one lesson to another time or room of its venue; the day it was first
    planned for stays on record and is shown struck out.

    Where this moves the start of the class, the usual deadline for giving a seat back
    moves with it. The desk recomputes everybody's time. Refusal: ``called_off``, ``times_backwards``,
    ``room_taken``.
    """
    lock_class(lesson.course_class_id)
    lesson = Lesson.objects.select_related(
        "course_class__offering__rules", "occasion", "venue", "room"
    ).get(pk=lesson.pk)
    if lesson.course_class.offering.withdrawn_at is not None:
        raise Refusal(errors.CALLED_OFF)
    if lesson.occasion.cancelled_at is not None:
        raise Refusal(errors.LESSON_OFF)
    if ends_at <= starts_at:
        raise Refusal(errors.TIMES_BACKWARDS.at("ends_at"))
    if room is not None:
        lesson.room = room_named(venue=lesson.venue, name=room)
    if starts_at != lesson.occasion.starts_at:
        first_planned = lesson.moved_from or lesson.occasion.starts_at
        # back where it was planned: nothing to strike out
        lesson.moved_from = None if starts_at == first_planned else first_planned
    lesson.save(update_fields=["room", "moved_from"])
    offering = lesson.course_class.offering
    began_at = offering.starts_at
    lesson.occasion = offerings.move_occasion(
        occasion=lesson.occasion,
        starts_at=starts_at,
        ends_at=ends_at,
        place=place_of(lesson.venue, lesson.room),
        by=by,
    )
    _let_deadline_follow(offering, began_at, by)
    hold_room(
        room=lesson.room, occasions=[lesson.occasion], title=lesson.course_class.name
    )
    return lesson


@transaction.atomic
@pagecache.publishes
@history.on_record
def call_off_lesson(*, lesson: Lesson, reason: str, by: User | None) -> Lesson:
    """Let one lesson not take place (停课): its room and its people's time are free,
    pages say why. Calling off twice is calling off once.

    Refusal: ``called_off`` (the class), ``lesson_over``, ``last_lesson``,
    ``needs_reason``, ``reason_too_long``.
    """
    reason = reason.strip()
    made = lock_class(lesson.course_class_id)
    lesson = Lesson.objects.select_related("occasion").get(pk=lesson.pk)
    if lesson.occasion.cancelled_at is not None:
        return lesson
    grounds = []
    if made.offering.withdrawn_at is not None:
        grounds.append(errors.CALLED_OFF)
    elif lesson.occasion.ends_at <= timezone.now():
        grounds.append(errors.LESSON_OVER)
    elif made.lessons.taking_place().count() == 1:
        grounds.append(errors.LAST_LESSON)
    if not reason:
        grounds.append(errors.NEEDS_LESSON_REASON)
    elif len(reason) > LONGEST_REASON:
        grounds.append(errors.LESSON_REASON_TOO_LONG)
    if grounds:
        raise Refusal(*grounds)
    began_at = made.offering.starts_at
    lesson.called_off_reason = reason
    lesson.save(update_fields=["called_off_reason"])
    lesson.occasion = offerings.cancel_occasion(
        occasion=lesson.occasion, by=by, reason=reason
    )
    release_rooms(occasions=[lesson.occasion])
    _let_deadline_follow(made.offering, began_at, by)
    return lesson


def _let_deadline_follow(offering, began_at, by):
    """The usual deadline for giving a seat back keeps its distance to the first lesson;
    one that was set by hand stays."""
    offering.refresh_from_db(fields=["starts_at", "cancel_until"])
    before = cancel_before(offering.rules)
    if offering.starts_at != began_at and offering.cancel_until == began_at - before:
        offerings.change_offering(
            offering=offering, by=by, cancel_until=offering.starts_at - before
        )


@transaction.atomic
@pagecache.publishes
@history.on_record
def name_lesson(*, lesson: Lesson, topic: str, by: User | None) -> Lesson:
    """Say what a lesson is about."""
    lock_class(lesson.course_class_id)
    lesson.topic = topic
    lesson.save(update_fields=["topic"])
    return lesson


def teacher_clashes(*, course_class: CourseClass) -> list[str]:
    """A sentence for each other class in which this teacher, or one of this name, stands
    at the same time: a warning, for two teachers may share a name."""
    others = CourseClass.objects.of_teacher_of(course_class).meeting_with(course_class)
    return [
        _("教师%(teacher)s同一时间还有“%(name)s”，请核对。")
        % {"teacher": course_class.teacher_name, "name": other.name}
        for other in others
    ]
