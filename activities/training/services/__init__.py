"""Verbs of the training room. The only code that writes to its tables.

``terms``    a term and its limit, the kinds of classes
``classes``  a class with its seats and lessons
``lessons``  one lesson: moved, named
``plans``    a whole term on one sheet, published at once

Lock order: TermPlan, Term, then CourseClass, then whatever the desk locks
(``signups.services``), then rooms (``activities.venues.services``).
"""

from activities.training.services.classes import (
    MOST_LESSONS,
    MOST_SEATS,
    call_off_class,
    change_class,
    leave_unopened,
    lesson_days,
    open_class,
)
from activities.training.services.ground import LONGEST_REASON, place_of
from activities.training.services.lessons import (
    call_off_lesson,
    move_lesson,
    name_lesson,
    teacher_clashes,
)
from activities.training.services.terms import change_term, open_term, save_kind

__all__ = [
    "LONGEST_REASON",
    "MOST_LESSONS",
    "MOST_SEATS",
    "call_off_class",
    "call_off_lesson",
    "change_class",
    "change_term",
    "leave_unopened",
    "lesson_days",
    "move_lesson",
    "name_lesson",
    "open_class",
    "open_term",
    "place_of",
    "save_kind",
    "teacher_clashes",
]
