"""A term and its limit at the desk; the kinds of classes."""

from datetime import date, datetime

from django.db import transaction

from activities.training import errors
from activities.training.models import CourseKind, Term
from activities.training.services.ground import notice_of, store
from common import history, pagecache
from common.errors import Refusal
from members.models import User
from signups.models import Offering
from signups.services import offerings


@transaction.atomic
@pagecache.publishes
@history.on_record
def open_term(
    *,
    number: int,
    title: str,
    seats_each: int,
    opens_at: datetime,
    closes_at: datetime,
    starts_on: date,
    ends_on: date,
    by: User | None,
    **facts,
) -> Term:
    """A term and its limit at the desk: ``seats_each`` classes a worker.

    ``facts``: ``audience``, ``notice``, ``contact_phone``, ``is_published``. Refusal:
    ``window_backwards``, ``days_backwards``, ``number_taken``.
    """
    _check_term(opens_at, closes_at, starts_on, ends_on)
    term = Term(
        number=number,
        title=title,
        opens_at=opens_at,
        closes_at=closes_at,
        starts_on=starts_on,
        ends_on=ends_on,
        limit=offerings.open_limit(title=title, most=seats_each, by=by),
        **facts,
    )
    store(term)
    return term


@transaction.atomic
@pagecache.publishes
@history.on_record
def change_term(*, term: Term, by: User | None, **changes) -> Term:
    """Change what ``open_term`` took. A new window reaches every class that had the
    term's; a class with a window of its own keeps it. Classes of a term that is not
    published are unknown to the desk as well: nobody signs up by guessing a number.

    Refusal: as ``open_term``.
    """
    term = Term.objects.select_for_update(of=("self",), no_key=True).get(pk=term.pk)
    old_window = (term.opens_at, term.closes_at)
    seats_each = changes.pop("seats_each", None)
    for name, value in changes.items():
        setattr(term, name, value)
    _check_term(term.opens_at, term.closes_at, term.starts_on, term.ends_on)
    store(term)
    if seats_each is not None or "title" in changes:
        offerings.change_limit(
            limit=term.limit,
            title=term.title,
            most=seats_each or term.limit.most,
            by=by,
        )
    if old_window != (term.opens_at, term.closes_at):
        alike = Offering.objects.filter(
            course_class__term=term, opens_at=old_window[0], closes_at=old_window[1]
        )
        for offering in alike.order_by("pk"):
            offerings.change_offering(
                offering=offering,
                by=by,
                opens_at=term.opens_at,
                closes_at=term.closes_at,
            )
    if "notice" in changes:
        for course_class in term.classes.select_related("offering").order_by("pk"):
            offerings.change_offering(
                offering=course_class.offering,
                by=by,
                notice=notice_of(term, course_class.min_to_open),
            )
    if "is_published" in changes:
        for offering in Offering.objects.filter(course_class__term=term).order_by("pk"):
            offerings.change_offering(
                offering=offering, by=by, is_listed=term.is_published
            )
    return term


def _check_term(opens_at, closes_at, starts_on, ends_on):
    grounds = []
    if closes_at <= opens_at:
        grounds.append(errors.TERM_WINDOW)
    if ends_on < starts_on:
        grounds.append(errors.TERM_DAYS)
    if grounds:
        raise Refusal(*grounds)


@transaction.atomic
@pagecache.publishes
@history.on_record
def save_kind(*, kind: CourseKind, by: User | None) -> CourseKind:
    """Store a kind as filled in; pages show it at once."""
    kind.save()
    return kind
