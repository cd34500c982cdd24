from datetime import datetime, timedelta

from django.db import models
from django.db.models import (
    Count,
    Exists,
    ExpressionWrapper,
    F,
    Min,
    OuterRef,
    Prefetch,
    Q,
    Subquery,
    Sum,
    Window,
)
from django.db.models.functions import Coalesce, Now, RowNumber, TruncDate

from signups.enums import SignupStatus
from signups.functions import IsOpen
from signups.models import SeatPool, Signup

RECENT = timedelta(days=14)  # lessons whose people are still known to the teacher
SOON = timedelta(days=7)  # a sign-up that opens within this is worth announcing


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

    def next_change_at(self, now):
        """The next moment after ``now`` at which what pages say of a term changes by
        itself: its sign-up is announced, opens or closes. (Its last day ends at
        midnight, at which every page changes.) None if nothing is planned. One query."""
        found = (
            self.published()
            .order_by()
            .aggregate(
                opens=Min("opens_at", filter=Q(opens_at__gt=now)),
                closes=Min("closes_at", filter=Q(closes_at__gt=now)),
                announced=Min("opens_at", filter=Q(opens_at__gt=now + SOON)),
            )
        )
        if found["announced"]:
            found["announced"] -= SOON
        return min((at for at in found.values() if at), default=None)

    def with_current(self):
        """Annotate ``is_current``: its sign-up or its classes are not over yet. All of
        these are equal, however many there are; the newest is only one of them."""
        is_current = Q(closes_at__gt=Now()) | Q(ends_on__gte=TruncDate(Now()))
        return self.annotate(
            is_current=ExpressionWrapper(is_current, models.BooleanField())
        )

    def current(self):
        """The published terms that are not over, what can be asked for first: in sign-up
        (what closes first), then what has yet to open, then what only runs."""
        has_closed, is_to_open = Q(closes_at__lte=Now()), Q(opens_at__gt=Now())
        turn = models.Case(
            models.When(has_closed, then=2), models.When(is_to_open, then=1), default=0
        )
        return (
            self.published()
            .with_current()
            .filter(is_current=True)
            .order_by(turn, "closes_at", "pk")
        )

    def for_choice(self):
        """What the page of several current terms prints of each, in one query."""
        return self.current().annotate(
            class_count=Count(
                "classes", filter=Q(classes__offering__withdrawn_at__isnull=True)
            )
        )

    def for_page(self):
        """A term's page, with its limit of seats for each worker, in one query."""
        return self.published().select_related("limit")


class CourseClassQuerySet(models.QuerySet):
    def public(self):
        """Classes that have a public page, also those called off."""
        return self.filter(term__is_published=True)

    def for_search(self, keys):
        """What can be found of these: classes of published terms."""
        found = self.public().filter(pk__in=keys)
        return found.select_related("term", "kind", "venue")

    def in_search(self):
        """Classes that a search may show: public, and not called off."""
        return self.public().taking_place()

    def with_people(self):
        """Annotate ``seated`` and ``waiting``: how many hold a seat, how many wait."""
        signups = "offering__signups"
        return self.annotate(
            seated=Count(signups, filter=Q(**{f"{signups}__status": "seated"})),
            waiting=Count(signups, filter=Q(**{f"{signups}__status": "waiting"})),
        )

    def too_few(self):
        """Classes in which fewer people have a seat than they need to take place. Where
        a draw gives the seats, nobody has one before its release, so none is named."""
        pools = SeatPool.objects.filter(offering=OuterRef("offering")).order_by()
        held = pools.values("offering").annotate(n=Sum(F("taken") - F("owed")))
        return self.filter(
            min_to_open__gt=Coalesce(
                Subquery(held.values("n"), models.IntegerField()), 0
            )
        ).filter(Q(offering__draw=None) | Q(offering__draw__released_at__isnull=False))

    def to_decide(self):
        """Classes of a public term whose sign-up has closed with too few people, and
        that have not begun: somebody has to say whether they take place."""
        return (
            self.public()
            .taking_place()
            .too_few()
            .filter(offering__closes_at__lte=Now(), offering__starts_at__gt=Now())
        )

    def with_a_queue(self):
        """Classes for which somebody waits."""
        waiting = Signup.objects.filter(
            offering=OuterRef("offering"), status=SignupStatus.WAITING
        )
        return self.filter(Exists(waiting))

    def named_like(self, text):
        """Classes in whose name, or their teacher's, ``text`` stands, the newest term
        first."""
        return self.filter(
            Q(name__icontains=text) | Q(teacher_name__icontains=text)
        ).order_by("-term__number", "pk")

    def taking_place(self):
        """Classes that were not called off."""
        return self.filter(offering__withdrawn_at__isnull=True)

    def not_over(self):
        """Those that have a lesson to come, or no time yet."""
        ends_at = "offering__ends_at"
        return self.filter(
            Q((f"{ends_at}__isnull", True)) | Q((f"{ends_at}__gt", Now()))
        )

    def open_now(self):
        """Those whose sign-up runs now by the database's clock."""
        return self.filter(IsOpen("offering__"))

    def for_cards(self):
        """Everything a class card prints but its lessons, by the first lesson. One
        query; the desk's own columns are read with the seats."""
        return self.select_related("kind", "venue", "room").order_by(
            "offering__starts_at", "pk"
        )

    def for_page(self):
        """A class's page: public, with all that it prints but its lessons."""
        return self.public().select_related(
            "kind", "venue", "room", "term", "offering__rules"
        )

    def for_copy(self):
        """All that a class of the next term takes over from one of this, in four
        queries; in the order in which they were opened."""
        lesson = self.model._meta.get_field("lessons").related_model
        return (
            self.select_related("term", "room", "teacher", "offering")
            .prefetch_related(
                "offering__pools", Prefetch("lessons", lesson.objects.in_order())
            )
            .order_by("pk")
        )

    def for_home(self):
        """Classes for the live strip: sign-up runs now or opens within a week; those
        that can be asked for now come first, the terms taking turns, then by their
        opening. One query; slice it."""
        turn = Window(
            RowNumber(),
            partition_by=F("term"),
            order_by=["offering__opens_at", "offering__starts_at", "pk"],
        )
        is_to_open = models.Case(
            models.When(offering__opens_at__gt=Now(), then=1), default=0
        )
        return (
            self.public()
            .filter(
                offering__opens_at__lte=Now() + SOON,
                offering__closes_at__gt=Now(),
                offering__withdrawn_at__isnull=True,
            )
            .order_by(
                is_to_open, turn, "offering__opens_at", "offering__starts_at", "pk"
            )
            .select_related("term", "venue", "room", "offering")
        )

    def next_change_at(self, now: datetime) -> datetime | None:
        """The next moment after ``now`` at which ``for_home`` would answer otherwise by
        itself. One query."""
        opens, closes = "offering__opens_at", "offering__closes_at"
        soon = models.ExpressionWrapper(F(opens) - SOON, models.DateTimeField())
        found = (
            self.public()
            .order_by()
            .aggregate(
                soon=Min(soon, filter=Q(**{f"{opens}__gt": now + SOON})),
                opens=Min(opens, filter=Q(**{f"{opens}__gt": now})),
                closes=Min(closes, filter=Q(**{f"{closes}__gt": now})),
            )
        )
        return min((at for at in found.values() if at), default=None)

    def of_current_terms(self):
        """The classes of the terms that are not over (of the newest, if all are),
        called off ones left out, in one query: for a venue's page."""
        terms = self.model._meta.get_field("term").related_model.objects
        current = terms.current().order_by()
        newest = Q(term__in=terms.published()[:1]) & ~Exists(current)
        return (
            self.taking_place()
            .filter(Q(term__in=current.values("pk")) | newest)
            .select_related("kind", "offering")
            .order_by("offering__starts_at", "pk")
        )

    def of_teacher_of(self, course_class):
        """Classes not called off that the teacher of ``course_class`` gives: the same
        person, or one of the same name (most teachers are only names here)."""
        same = Q(teacher_name=course_class.teacher_name)
        if course_class.teacher_id is not None:
            same |= Q(teacher=course_class.teacher_id)
        return self.taking_place().filter(same)

    def alike_to(self, course_class):
        """Other classes of this kind that take place, of those given (of a term)."""
        others = self.taking_place().exclude(pk=course_class.pk)
        return others.filter(kind=course_class.kind_id)

    def meeting_with(self, course_class):
        """Other classes that meet while ``course_class`` does."""
        lessons = self.model._meta.get_field("lessons").related_model.objects
        mine = lessons.filter(
            course_class=course_class,
            occasion__starts_at__lt=OuterRef("occasion__ends_at"),
            occasion__ends_at__gt=OuterRef("occasion__starts_at"),
        )
        theirs = lessons.filter(Exists(mine), course_class=OuterRef("pk"))
        return self.exclude(pk=course_class.pk).filter(Exists(theirs))

    def managed_by(self, user):
        """Classes that this back-office user sees: a teacher their own, others all."""
        if user.has_perm("signups.manage_class") or user.has_perm(
            "signups.view_all_signups"
        ):
            return self.all()
        return self.filter(teacher__user=user)


class LessonQuerySet(models.QuerySet):
    def planned(self):
        """Class, first and last minute and the time first planned of each lesson, in
        order, as plain rows: a rhythm needs no more. What was called off is left
        out."""
        return (
            self.taking_place()
            .order_by("course_class", "number")
            .values_list(
                "course_class", "occasion__starts_at", "occasion__ends_at", "moved_from"
            )
        )

    def in_order(self):
        """Lessons with their times and rooms, first to last."""
        return self.select_related("occasion", "venue", "room").order_by("number")

    def with_attendance(self):
        """Annotate ``came`` (present, late or made up) and ``noted``: of how many it is
        written down whether they came."""
        noted = "occasion__attendances"
        came = Q(**{f"{noted}__state__in": ["present", "late", "made_up"]})
        return self.annotate(came=Count(noted, filter=came), noted=Count(noted))

    def of_teacher(self, user):
        """Lessons of the classes that this account's worker teaches, in the order of
        time; what was called off is left out."""
        return (
            self.taking_place()
            .filter(
                course_class__teacher__user=user,
                course_class__offering__withdrawn_at__isnull=True,
            )
            .select_related("occasion", "venue", "room", "course_class")
            .order_by("occasion__starts_at", "pk")
        )

    def to_note(self):
        """Those of the last two weeks that have begun, and of which it is not noted of
        everybody with a seat whether they came."""
        occasions = self.model._meta.get_field("occasion").related_model._meta
        noted = occasions.get_field("attendances").related_model.objects.filter(
            signup=OuterRef("pk"), occasion=OuterRef(OuterRef("occasion"))
        )
        seated = Signup.objects.filter(offering=OuterRef("occasion__offering")).seated()
        return self.filter(
            Exists(seated.filter(~Exists(noted))),
            occasion__starts_at__lte=Now(),
            occasion__starts_at__gt=Now() - RECENT,
        )

    def taking_place(self):
        """Those that were not called off one by one."""
        return self.filter(occasion__cancelled_at__isnull=True)


class TermPlanQuerySet(models.QuerySet):
    def open(self):
        """Those that are not published yet, the newest first."""
        return self.filter(term__isnull=True).order_by("-pk")

    def for_list(self):
        return self.select_related("changed_by", "term")
