from datetime import timedelta

from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, Subquery, Sum
from django.db.models.functions import Coalesce, Now

from activities.training.enums import Order, When
from signups.enums import PoolKind
from signups.models import SeatPool

SOON = timedelta(days=7)  # a sign-up that opens within this is worth announcing
EVENING_FROM = 17  # the hour


class TermQuerySet(models.QuerySet):
    def published(self):
        """Terms that have a public page, the newest first."""
        return self.filter(is_published=True).order_by("-number")

    def in_sign_up(self):
        """The published terms whose sign-up runs now by the database's clock, or opens
        within a week; the one that closes first comes first."""
        return self.filter(
            is_published=True, opens_at__lte=Now() + SOON, closes_at__gt=Now()
        ).order_by("closes_at", "pk")

    def for_page(self):
        """A term's page, with its limit of seats for each worker, in one query."""
        return self.published().select_related("group")


class CourseKindQuerySet(models.QuerySet):
    def of_term(self, term):
        """The kinds that have a class in ``term``, in their order."""
        return self.filter(classes__term=term).distinct().order_by("position", "pk")


class CourseClassQuerySet(models.QuerySet):
    def public(self):
        """Classes that have a public page, also those called off."""
        return self.filter(term__is_published=True)

    def with_seats_left(self):
        """Annotate ``seats_left``: seats that anybody may take now (a reserve counts
        once its time is up), 0 when full."""
        free = (
            SeatPool.objects.filter(offering=OuterRef("offering"))
            .filter(Q(kind=PoolKind.GENERAL) | Q(until__lte=Now()))
            .order_by()
            .values("offering")
            .annotate(free=Sum(F("capacity") - F("taken")))
            .values("free")
        )
        return self.annotate(
            seats_left=Coalesce(Subquery(free, models.IntegerField()), 0)
        )

    def with_people(self):
        """Annotate ``seated`` and ``waiting``: how many hold a seat, how many wait."""
        signups = "offering__signups"
        return self.annotate(
            seated=Count(signups, filter=Q(**{f"{signups}__status": "seated"})),
            waiting=Count(signups, filter=Q(**{f"{signups}__status": "waiting"})),
        )

    def taking_place(self):
        """Classes that were not called off."""
        return self.filter(offering__withdrawn_at__isnull=True)

    def open_now(self):
        """Those whose sign-up runs now by the database's clock."""
        return (
            self.taking_place()
            .filter(
                offering__opens_at__lte=Now(),
                offering__closes_at__gt=Now(),
            )
            .filter(Q(offering__ends_at__isnull=True) | Q(offering__ends_at__gt=Now()))
        )

    def chosen(self, *, kind=None, venue=None, when="", free=False):
        """Narrowed by what the visitor chose; whatever is empty does not narrow.

        ``kind`` and ``venue`` are ids, ``when`` an ``enums.When``, ``free`` leaves the
        classes that can be asked for now and have a seat.
        """
        rows = self
        if kind:
            rows = rows.filter(kind=kind)
        if venue:
            rows = rows.filter(venue=venue)
        if when == When.WEEKEND:
            rows = rows.filter(offering__starts_at__iso_week_day__gte=6)
        elif when:
            late = Q(offering__starts_at__hour__gte=EVENING_FROM)
            rows = rows.filter(
                late if when == When.EVENING else ~late,
                offering__starts_at__iso_week_day__lte=5,
            )
        if free:
            rows = rows.open_now().with_seats_left().filter(seats_left__gt=0)
        return rows

    def in_order(self, order: str):
        """By ``enums.Order``: the first lesson, or the most seats left."""
        if order == Order.SEATS:
            return self.with_seats_left().order_by(
                "-seats_left", "offering__starts_at", "pk"
            )
        return self.order_by("offering__starts_at", "pk")

    def for_cards(self):
        """Everything a class card prints, lessons included: two queries. Keeps the
        order it is given."""
        lesson = self.model._meta.get_field("lessons").related_model
        return self.select_related(
            "kind", "venue", "term", "offering__group"
        ).prefetch_related(Prefetch("lessons", lesson.objects.in_order()))

    def for_page(self):
        """A class's page: public, with all that it prints, in two queries."""
        return self.public().for_cards()

    def for_home(self):
        """Classes for the live strip: sign-up runs now or opens within a week; those
        that can be asked for now come first, then by their opening. Two queries; slice
        it."""
        return (
            self.public()
            .filter(
                offering__opens_at__lte=Now() + SOON,
                offering__closes_at__gt=Now(),
                offering__withdrawn_at__isnull=True,
            )
            .order_by("offering__opens_at", "offering__starts_at", "pk")
            .for_cards()
        )

    def of_current_term(self):
        """The classes of the newest published term, called off ones left out, in one
        query: for a venue's page."""
        terms = self.model._meta.get_field("term").related_model.objects
        return (
            self.filter(
                term__in=terms.published()[:1], offering__withdrawn_at__isnull=True
            )
            .select_related("kind", "offering")
            .order_by("offering__starts_at", "pk")
        )

    def of_teacher(self, name: str):
        """Classes not called off that this teacher gives. People are not rows here:
        two teachers of one name are one."""
        return self.taking_place().filter(teacher_name=name)

    def meeting_with(self, course_class):
        """Other classes that meet while ``course_class`` does."""
        lessons = self.model._meta.get_field("lessons").related_model.objects
        mine = lessons.filter(
            course_class=course_class, room_time__overlap=OuterRef("room_time")
        )
        theirs = lessons.filter(Exists(mine), course_class=OuterRef("pk"))
        return self.exclude(pk=course_class.pk).filter(Exists(theirs))


class LessonQuerySet(models.QuerySet):
    def in_order(self):
        """Lessons with their times, first to last."""
        return self.select_related("occasion", "venue").order_by("number")

    def holding_room(self, *, venue, room, times):
        """Lessons that hold this room in any part of ``times`` (starts and ends,
        half-open), in order."""
        in_any = Q()
        for stretch in times:
            in_any |= Q(room_time__overlap=stretch)
        if not in_any:
            return self.none()
        return self.filter(in_any, venue=venue, room=room).order_by("room_time")
