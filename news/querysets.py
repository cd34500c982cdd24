"""Questions about news. Whether something is public is asked here and nowhere else:
by the database's clock, so that no scheduler is needed."""

from datetime import datetime, timedelta
from itertools import pairwise

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connections, models
from django.db.models import (
    Case,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce, Greatest, JSONObject, Now
from django.utils import timezone

from common.paging import MOST_COUNTED
from news.enums import (
    LEVEL_OF,
    ArticleState,
    ColumnJob,
    Level,
    Outcome,
    Stage,
    Step,
)

MOST_RANKED = 20  # places of a ranking: a list prints ten, and some may be withdrawn
FIRST_YEAR = 1949  # nobody looks for articles from before
NEWEST_FIRST = ("-publish_at", "-pk")
BYLINE_FIELDS = ("role", "name")
PHOTO_FIELDS = (
    "id",
    "key",
    "caption",
    "credit",
    "alt",
    "is_decorative",
    "is_placed",
    "width",
    "height",
)
FILE_FIELDS = ("id", "key", "size", "kind", "name")
VIDEO_FIELDS = ("url", "title")


def _parts(version_model, name: str, of: str, fields: tuple[str, ...]):
    """The bylines or photos of the version that ``of`` points to, in their order, as
    one array of objects: a page's parts come with its row, without a query each."""
    model = version_model._meta.get_field(name).related_model
    rows = model.objects.filter(version=OuterRef(of)).order_by("order", "pk")
    return ArraySubquery(rows.values(row=JSONObject(**{name: name for name in fields})))


class _HowMany(Subquery):
    """The number of rows of a queryset, which may be sliced."""

    template = "(SELECT count(*) FROM (%(subquery)s) AS counted)"
    output_field = models.IntegerField()


SEARCHED = ("title", "subtitle", "summary", "source_name", "editor_note", "body")
ALL_COLUMNS = "news.all_columns"


class ColumnDutyQuerySet(models.QuerySet):
    def held_by(self, user, *jobs):
        """What this person does in the columns; ``jobs``: only of these."""
        held = self.filter(user=user)
        return held.filter(job__in=jobs) if jobs else held

    def working(self):
        """With the accounts that can still log in, for a list of who does what."""
        return self.filter(user__is_active=True).select_related("user", "column")


def _jobs_of(user, jobs) -> list[ColumnJob]:
    """Of these jobs (all of them for none named) those that the person's role allows."""
    return [job for job in jobs or ColumnJob if user.has_perm(ColumnJob(job).right)]


class ColumnQuerySet(models.QuerySet):
    def worked_in_by(self, user, *jobs):
        """Columns in which this person does one of these jobs (any, where none is
        named): the role allows it, and a ``ColumnDuty`` or the right to all columns says
        where. Who may read the newsroom's articles and has no job may read them there."""
        if not user.is_active:
            return self.none()
        allowed = _jobs_of(user, jobs)
        if user.has_perm(ALL_COLUMNS):
            return self if allowed or not jobs else self.none()
        if jobs and not allowed:
            return self.none()
        duties = self.model._meta.get_field("duties").related_model.objects
        held = duties.held_by(user, *(allowed if jobs else ()))
        return self.filter(Exists(held.filter(column=OuterRef("pk"))))

    def managed_by(self, user):
        """The columns whose rows are this person's: all, for who sets up columns."""
        if user.has_perm("news.change_column"):
            return self
        return self.worked_in_by(user)

    def active(self):
        return self.filter(is_active=True)

    def in_menu(self):
        """The columns of the main menu, in their order."""
        return self.active().filter(in_menu=True).order_by("order", "pk")

    def to_write_in(self, article: int | None):
        """Active columns, and the one that the article of this number stands in."""
        articles = self.model._meta.get_field("articles").related_model.objects
        its_own = articles.filter(pk=article).values("column")
        return self.filter(Q(is_active=True) | Q(pk__in=its_own))

    def opened(self):
        """Active columns of which the public can read something now, in their order."""
        articles = self.model._meta.get_field("articles").related_model.objects
        out = articles.live().filter(column=OuterRef("pk"))
        return self.active().filter(Exists(out)).order_by("order", "pk")

    def with_last_out(self):
        """Annotate ``last_out``, when the newest public article of a column came out
        (None: there is none), and ``next_out``, by when the next one is due by the time
        stated for the column; without one it counts from when the column was made."""
        articles = self.model._meta.get_field("articles").related_model.objects
        out = articles.live().filter(column=OuterRef("pk")).order_by("-publish_at")
        due = ExpressionWrapper(
            Coalesce(F("last_out"), F("created_at"))
            + F("update_every_days") * Value(timedelta(days=1)),
            output_field=models.DateTimeField(),
        )
        return self.annotate(last_out=Subquery(out.values("publish_at")[:1])).annotate(
            next_out=due
        )

    def not_updated(self):
        """Active columns without a new article in the time stated for them."""
        return self.active().with_last_out().filter(next_out__lt=Now())

    def with_numbers(self):
        """Annotate ``articles_out``: how many articles the public can read now, counted
        to ``MOST_COUNTED`` + 1."""
        articles = self.model._meta.get_field("articles").related_model.objects
        out = articles.live().filter(column=OuterRef("pk"))
        return self.annotate(
            articles_out=_HowMany(out.values("pk")[: MOST_COUNTED + 1])
        )


class SeriesQuerySet(models.QuerySet):
    def with_parts_out(self):
        """Annotate ``parts_out``: how many parts the public can read now."""
        return self.annotate(
            parts_out=Count("articles", filter=_live("articles__"), distinct=True)
        )

    def opened(self):
        """Series of which at least one part is public."""
        return self.with_parts_out().filter(parts_out__gt=0)


def _first_of(year: int, month: int = 1) -> datetime:
    """The first moment of a month in local time."""
    return timezone.make_aware(datetime(year, month, 1))


def _live(prefix: str = "") -> Q:
    """Published, not yet expired, not withdrawn: at the start of this statement."""
    return (
        Q(**{f"{prefix}live_version__isnull": False})
        & Q(**{f"{prefix}withdrawn_at__isnull": True})
        & Q(**{f"{prefix}publish_at__lte": Now()})
        & (
            Q(**{f"{prefix}expire_at__isnull": True})
            | Q(**{f"{prefix}expire_at__gt": Now()})
        )
    )


class ArticleQuerySet(models.QuerySet):
    def managed_by(self, user, *jobs):
        """Articles of the columns in which this person does one of these jobs; of any
        job where none is named. Every other article is 404 to them."""
        columns = self.model._meta.get_field("column").related_model.objects
        if user.has_perm(ALL_COLUMNS) and not jobs and user.is_active:
            return self
        return self.filter(column__in=columns.worked_in_by(user, *jobs).values("pk"))

    def naming_picture(self, key: str):
        """Articles that have this picture, in whichever version or in what is typed."""
        return self._naming("photos", key)

    def naming_file(self, key: str):
        """Articles that have this file, in whichever version or in what is typed."""
        return self._naming("files", key)

    def _naming(self, part: str, key: str):
        version = self.model._meta.get_field("live_version").related_model
        rows = version._meta.get_field(part).related_model.objects
        drafts = self.model._meta.get_field("draft").related_model.objects
        return self.filter(
            Q(pk__in=rows.filter(key=key).values("version__article"))
            | Q(pk__in=drafts.filter(picture_keys__contains=[key]).values("article"))
        )

    def awaiting(self, *stages):
        """Articles whose newest version stands at one of these stages."""
        return self.filter(stage__in=stages)

    def to_review_by(self, user):
        """What waits for a review that this person may give: of a version that they did
        not write, in their columns."""
        wanted = Q(pk__in=[])
        for stage, level in LEVEL_OF.items():
            if user.has_perm(level.right):
                columns = self.model._meta.get_field("column").related_model.objects
                theirs = columns.worked_in_by(user, ColumnJob(str(stage)))
                wanted |= Q(stage=stage, column__in=theirs.values("pk"))
        return self.filter(wanted).not_written_by(user).not_decided_by(user)

    def unsent(self):
        """Never public, and in nobody's hands but the editors'."""
        return self.filter(live_version=None, stage=Stage.NONE)

    def released_unread(self):
        """On the page by an urgent release, its three reviews still due, whatever has
        become of them since: a return or a newer version that waits does not end it."""
        version = self.model._meta.get_field("live_version").related_model
        steps = version._meta.get_field("steps").related_model.objects
        decisions = version._meta.get_field("decisions").related_model.objects
        final = {"level": Level.FINAL, "outcome": Outcome.APPROVED}
        return self.filter(
            Exists(steps.filter(version=OuterRef("live_version"), kind=Step.URGENT)),
            ~Exists(decisions.filter(version=OuterRef("live_version"), **final)),
            withdrawn_at=None,
        )

    def not_written_by(self, user):
        version = self.model._meta.get_field("live_version").related_model
        wrote = version.objects.filter(article=OuterRef("pk"))
        return self.exclude(
            Exists(wrote.filter(Q(author=user) | Q(editors__user=user)))
        )

    def not_decided_by(self, user):
        version = self.model._meta.get_field("live_version").related_model
        decision = version._meta.get_field("decisions").related_model
        return self.exclude(
            Exists(
                decision.objects.filter(
                    version=OuterRef("review_version"), reviewer=user
                )
            )
        )

    def with_comments(self):
        """Annotate ``comments_shown``, how many comments readers see, counted to
        ``MOST_COUNTED`` + 1, and ``comment_modes``, what the switches say."""
        shown = self.model._meta.get_field("comments").related_model.objects.shown()
        shown = shown.filter(article=OuterRef("pk")).order_by().values("pk")
        switch = self.model._meta.get_field("comment_switches").related_model.objects
        said = switch.filter(Q(article=None) | Q(article=OuterRef("pk")))
        return self.annotate(
            comments_shown=_HowMany(shown[: MOST_COUNTED + 1]),
            comment_modes=ArraySubquery(said.order_by().values("mode")),
        )

    def live(self):
        """What the public may read now: has a published version, ``publish_at`` has
        come, ``expire_at`` has not, and nobody withdrew it."""
        return self.filter(_live())

    def with_state(self):
        """Annotate ``state`` (``ArticleState``) by the database's clock."""
        return self.annotate(
            state=Case(
                When(live_version=None, then=Value(ArticleState.DRAFT)),
                When(withdrawn_at__isnull=False, then=Value(ArticleState.WITHDRAWN)),
                When(publish_at__gt=Now(), then=Value(ArticleState.SCHEDULED)),
                When(expire_at__lte=Now(), then=Value(ArticleState.EXPIRED)),
                default=Value(ArticleState.LIVE),
                output_field=models.CharField(),
            )
        )

    def drafts(self):
        """What never was on the page: no version of it was ever published."""
        return self.filter(live_version=None)

    def for_rows(self):
        """Everything a row or card of a list prints, newest first, in one query."""
        return self.select_related("lead_photo").order_by(*NEWEST_FIRST)

    def for_feed(self):
        """Everything a feed says of an article, newest first, in one query."""
        version = self.model._meta.get_field("live_version").related_model
        lines = _parts(version, "bylines", "live_version", BYLINE_FIELDS)
        found = self.select_related("column").annotate(byline_rows=lines)
        return found.order_by(*NEWEST_FIRST)

    def last_changed(self) -> datetime | None:
        """When one of these came out or was corrected last: the newest decides which of
        two moments, read from an index."""
        newest = self.order_by("-publish_at").values_list("publish_at", flat=True)
        corrected = self.filter(corrected_at__isnull=False).order_by("-corrected_at")
        moments = [
            newest.first(),
            corrected.values_list("corrected_at", flat=True).first(),
        ]
        return max(filter(None, moments), default=None)

    def for_sitemap(self):
        """Addresses and days of change, the newest first, and no words."""
        return self.only("publish_at", "corrected_at").order_by(*NEWEST_FIRST)

    def for_search(self, keys):
        """What can be found of these articles, as plain values: of those that are public
        or once were planned to be, with the words of the version that is read."""
        version = self.model._meta.get_field("live_version").related_model
        photo = self.model._meta.get_field("lead_photo").related_model
        captions = photo.objects.filter(version=OuterRef("live_version")).exclude(
            caption=""
        )
        credits = _parts(version, "bylines", "live_version", ("name",))
        return (
            self.filter(pk__in=keys, live_version__isnull=False, withdrawn_at=None)
            .annotate(
                byline_rows=credits,
                captions=ArraySubquery(captions.order_by("order").values("caption")),
            )
            .values(
                "pk",
                "publish_at",
                "expire_at",
                "column_id",
                "series__title",
                "byline_rows",
                "captions",
                *(f"live_version__{name}" for name in SEARCHED),
            )
        )

    def pinned_first(self):
        return self.order_by("-is_pinned", *NEWEST_FIRST)

    def headline(self):
        """The newest public article that staff marked 头条, with what it prints, or
        None."""
        return self.live().for_rows().filter(is_headline=True).first()

    def illustrated(self, slot: str):
        """Public articles with a lead picture: first those put forward in this place, in
        their order, then the newest."""
        placements = self.model._meta.get_field("placements").related_model.objects
        put = placements.shown().filter(slot=slot, article=OuterRef("pk"))
        found = self.live().for_rows().with_pictures()
        return found.annotate(place=Subquery(put.values("position")[:1])).order_by(
            F("place").asc(nulls_last=True), *NEWEST_FIRST
        )

    def sharing_words(self, article):
        """Other public articles with one of its keywords, the newest first."""
        found = self.live().for_rows().filter(keywords__overlap=article.keywords)
        return found.exclude(pk=article.pk)

    def chosen_for(self, article):
        """Public articles that an editor chose to be read after this one."""
        return self.live().for_rows().filter(chosen_by=article).exclude(pk=article.pk)

    def column_blocks(self, limit: int = 6) -> list[tuple]:
        """``(column, its newest public articles)`` for every active column that has
        any, in the columns' order: two queries however many columns there are."""
        column = self.model._meta.get_field("column").related_model
        newest = (
            self.live()
            .filter(column=OuterRef("pk"))
            .order_by(*NEWEST_FIRST)
            .values("pk")[:limit]
        )
        columns = list(
            column.objects.active()
            .order_by("order", "pk")
            .annotate(newest=ArraySubquery(newest))
        )
        wanted = [pk for column in columns for pk in column.newest]
        # live() again: the second statement is a moment later than the first
        found = self.live().for_rows().in_bulk(wanted)
        blocks = [
            (column, [found[pk] for pk in column.newest if pk in found])
            for column in columns
        ]
        return [(column, articles) for column, articles in blocks if articles]

    def years(self) -> list[tuple[int, int]]:
        """(year of publication in local time, number of articles, counted to
        ``MOST_COUNTED`` + 1), newest first. One query: as many probes of an index as
        years, since it takes no more to find a year empty than to find the first."""
        newest = timezone.localtime().year + 1  # what is out, the database's clock says
        years = range(newest, FIRST_YEAR - 1, -1)
        spans = [(_first_of(year), _first_of(year + 1)) for year in years]
        return [
            pair for pair in zip(years, self._numbers(spans), strict=True) if pair[1]
        ]

    def months(self, year: int) -> list[tuple[int, int]]:
        """(month of ``year``, number of articles) as ``years()``, newest first."""
        starts = [_first_of(year, month) for month in range(1, 13)]
        starts.append(_first_of(year + 1))
        numbers = self._numbers(list(pairwise(starts)))
        found = zip(range(1, 13), numbers, strict=True)
        return [pair for pair in found if pair[1]][::-1]

    def _numbers(self, spans: list[tuple[datetime, datetime]]) -> list[int]:
        """How many articles were published in each span, counted to ``MOST_COUNTED`` + 1:
        a piece of an index for each, where a GROUP BY would read them all. One query."""
        within = self.order_by().filter(
            publish_at__gte=RawSQL("span.starts", []),
            publish_at__lt=RawSQL("span.ends", []),
        )
        rows = within.values("pk")[: MOST_COUNTED + 1]
        sql, params = rows.query.sql_with_params()
        numbers = (
            f"SELECT (SELECT count(*) FROM ({sql}) AS counted) "  # noqa: S608 (Django's)
            "FROM unnest(%s::timestamptz[], %s::timestamptz[]) AS span(starts, ends)"
        )
        with connections[self.db].cursor() as cursor:
            ends = map(list, zip(*spans, strict=True))
            cursor.execute(numbers, [*params, *ends])
            return [number for (number,) in cursor.fetchall()]

    def with_pictures(self):
        return self.filter(lead_photo__isnull=False)

    def published_in(self, year: int, month: int | None = None):
        found = self.filter(publish_at__year=year)
        return found if month is None else found.filter(publish_at__month=month)

    def for_page(self):
        """What an article's page asks again for every reader: is it public, where does
        it stand. One query; the words are in its version, which never changes."""
        return self.select_related("column", "series").with_state()

    def most_read(self, column: int | None = None):
        """Public articles that were read most, of all or of one column, as the ranking
        was counted last: with ``days`` (7 or 30: an article may come twice) and
        ``read``, how often; a few more than a list prints. One query."""
        found = self.live().for_rows()
        if column is not None:
            found = found.filter(column=column)
        place = "ranked__place" if column is None else "ranked__place_in_column"
        return (
            found.filter(**{f"{place}__lte": MOST_RANKED})
            .annotate(days=F("ranked__days"), read=F("ranked__number"))
            .order_by("days", place)
        )

    def neighbours(self, article) -> dict[str, dict]:
        """The public articles just before and after this one in its column:
        ``{"previous": {pk, title}, "next": {…}}``, a key absent where there is none.
        One query."""
        # the plain bound lets the index start at the article; OR alone would not
        at = article.publish_at
        before = Q(publish_at__lte=at) & (Q(publish_at__lt=at) | Q(pk__lt=article.pk))
        after = Q(publish_at__gte=at) & (Q(publish_at__gt=at) | Q(pk__gt=article.pk))
        column = self.live().filter(column=article.column_id)
        previous = (
            column.filter(before)
            .order_by("-publish_at", "-pk")
            .annotate(side=Value("previous"))
        )
        following = (
            column.filter(after)
            .order_by("publish_at", "pk")
            .annotate(side=Value("next"))
        )
        fields = ("side", "pk", "title")
        found = previous.values(*fields)[:1].union(
            following.values(*fields)[:1], all=True
        )
        return {row["side"]: row for row in found}

    def next_change_at(self, now: datetime) -> datetime | None:
        """The next moment after ``now`` at which what is public changes by itself: a
        publication falling due or an article expiring. None if nothing is planned.
        One query."""
        planned = self.filter(live_version__isnull=False, withdrawn_at=None)
        due = (
            planned.filter(publish_at__gt=now)
            .order_by("publish_at")
            .values_list("publish_at")[:1]
        )
        over = (
            planned.filter(expire_at__gt=now)
            .order_by("expire_at")
            .values_list("expire_at")[:1]
        )
        return min((row[0] for row in due.union(over, all=True)), default=None)


class ArticleVersionQuerySet(models.QuerySet):
    def newest_of(self, article):
        """The article's newest version, published or not; None when it has none."""
        return self.filter(article=article).order_by("-number").first()

    def corrections_of(self, article):
        """(what was put right, since when the public reads it so) of every correction
        of this article that came out, the newest first. One query."""
        steps = self.model._meta.get_field("steps").related_model.objects
        out = (
            steps.filter(version=OuterRef("pk"), kind=Step.PUBLISHED)
            .order_by("pk")
            .values(moment=Greatest("at", "from_at"))[:1]
        )
        return (
            self.filter(article=article)
            .exclude(correction="")
            .annotate(out_at=Subquery(out))
            .filter(out_at__isnull=False)
            .order_by("-number")
            .values_list("correction", "out_at")
        )

    def with_parts(self):
        """Annotate ``byline_rows``, ``photo_rows``, ``file_rows`` and ``video_rows``: a
        version's parts come with its row, without a query each."""
        return self.annotate(
            byline_rows=_parts(self.model, "bylines", "pk", BYLINE_FIELDS),
            photo_rows=_parts(self.model, "photos", "pk", PHOTO_FIELDS),
            file_rows=_parts(self.model, "files", "pk", FILE_FIELDS),
            video_rows=_parts(self.model, "videos", "pk", VIDEO_FIELDS),
        )


class _PartQuerySet(models.QuerySet):
    def public(self):
        """Those of the version that the public reads now. A withdrawn article, and
        what a correction took out, are not among them."""
        return self.filter(
            _live("version__article__"),
            version__article__live_version=F("version"),
        )


class ArticlePhotoQuerySet(_PartQuerySet):
    pass


class ArticleFileQuerySet(_PartQuerySet):
    pass


class PlacementQuerySet(models.QuerySet):
    def managed_by(self, user):
        """Those of articles that this person works with."""
        articles = self.model._meta.get_field("article").related_model.objects
        mine = articles.managed_by(user).order_by().values("pk")
        return self.filter(article__in=mine)

    def waiting(self):
        return self.filter(approved_at=None)

    def shown(self):
        """Approved, begun and not over, by the database's clock."""
        over = Q(ends_at__isnull=True) | Q(ends_at__gt=Now())
        return self.filter(over, approved_at__isnull=False, starts_at__lte=Now())

    def next_change_at(self, now: datetime) -> datetime | None:
        """The next moment after ``now`` at which one begins or is over. One query."""
        rows = self.filter(approved_at__isnull=False)
        begins = rows.filter(starts_at__gt=now).order_by().values_list("starts_at")
        ends = rows.filter(ends_at__gt=now).order_by().values_list("ends_at")
        return min((row[0] for row in begins.union(ends)), default=None)


class StandingPageQuerySet(models.QuerySet):
    def open(self, kind: str = ""):
        """Pages that the public reads, of one kind or of all, in their order."""
        found = self.filter(live__isnull=False).order_by("order", "pk")
        return found.filter(kind=kind) if kind else found

    def waiting_for(self, user):
        """What waits for a second person, and this one did not write."""
        return self.filter(is_waiting=True).exclude(editors=user)


class ArticleReadersQuerySet(models.QuerySet):
    def of(self, article) -> int:
        """How often this article was read, once a reader and day."""
        found = self.filter(article=article).values_list("number", flat=True)
        return found.first() or 0
