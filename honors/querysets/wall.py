from django.db import models
from django.db.models import Count, Exists, F, Min, OuterRef, Q
from django.db.models.functions import Now, TruncDate
from django.db.models.lookups import IsNull
from django.utils.translation import gettext as _

from honors.enums import NominationState
from honors.querysets import hall

HOME_PEOPLE = 6


def _is_conferred(prefix: str = "") -> Q:
    """Somebody has conferred the edition: no day makes it public by itself."""
    return Q(**{f"{prefix}conferred_at__isnull": False})


def _newest(prefix: str = "") -> list:
    """The order of editions in time; of a year, those without a day come last."""
    day = F(f"{prefix}conferred_on").desc(nulls_last=True)
    return [F(f"{prefix}year").desc(), day]


class AwardProgramQuerySet(models.QuerySet):
    def in_order(self):
        """All, as the wall names them."""
        return self.order_by("position", "pk")

    def with_names_on_the_wall(self):
        """Awards that have someone on the wall, each with ``honoured``, in one query.

        The number is derived from the rows, one per award, and never to be added up:
        one person may hold several awards.
        """
        shown = Q(editions__honorees__revoked_on__isnull=True) & _is_conferred(
            "editions__"
        )
        return (
            self.annotate(honoured=Count("editions__honorees", filter=shown))
            .filter(honoured__gt=0)
            .order_by("position", "pk")
        )


class AwardEditionQuerySet(models.QuerySet):
    def conferred(self):
        """Editions that were conferred, whose people are public."""
        return self.filter(_is_conferred())

    def public(self):
        """Editions that have a page: announced, or conferred."""
        return self.filter(_is_conferred() | Q(announced_at__isnull=False))

    def taking_nominations(self):
        """Announced, and between the two moments by the database's clock."""
        return self.filter(
            announced_at__isnull=False,
            nominations_open_at__lte=Now(),
            nominations_close_at__gt=Now(),
        )

    def for_hall(self, most):
        """Those on the front of the hall, in one query: (announced and not conferred
        yet, the one that ends first in front; conferred, newest first), at most
        ``most`` of each."""
        is_coming = IsNull(F("conferred_at"), True).desc()
        rows = self.public().for_page()
        rows = list(rows.order_by(is_coming, "-year", "program__position")[: 2 * most])
        coming = [row for row in rows if row.conferred_at is None]
        coming.sort(key=lambda row: (row.nominations_close_at, row.pk))
        conferred = [row for row in rows if row.conferred_at is not None]
        return coming[:most], conferred[:most]

    def to_confer(self):
        """Those with somebody to be made public: approved and not honoured yet, or
        entered without a nomination."""
        nominations = self.model.nominations.rel.related_model.objects.filter(
            edition=OuterRef("pk")
        )
        entered = self.model.honorees.rel.related_model.objects.filter(
            edition=OuterRef("pk")
        )
        approved = nominations.filter(state=NominationState.APPROVED)
        return self.filter(
            Exists(approved)
            | Q(Exists(entered), ~Exists(nominations), conferred_at__isnull=True)
        )

    def voting_not_over(self):
        """Those whose vote runs or is still to come, by the database's clock."""
        return self.filter(vote_closes_at__gt=Now())

    def judged(self):
        """Those that have come to their jury: nominations that are eligible or further,
        a juror who sits, or a vote."""
        model = self.model
        files = model._meta.get_field("nominations").related_model.objects
        seats = model._meta.get_field("jury_seats").related_model.objects
        return self.filter(
            Exists(
                files.filter(
                    edition=OuterRef("pk"),
                    state__in=[NominationState.ELIGIBLE, NominationState.JURY],
                )
            )
            | Exists(seats.filter(edition=OuterRef("pk")))
            | Q(vote_opens_at__isnull=False)
        )

    def to_judge(self):
        """Those in which eligible nominations wait to be brought before the jury."""
        files = self.model._meta.get_field("nominations").related_model.objects
        return self.filter(
            Exists(
                files.filter(edition=OuterRef("pk"), state=NominationState.ELIGIBLE)
            ),
            Q(jury_from__isnull=True) | Q(jury_from__lte=TruncDate(Now())),
        )

    def next_change_at(self, now):
        """The first moment after ``now`` at which the page of an edition changes by
        itself; None without."""
        names = (
            *("nominations_open_at", "nominations_close_at"),
            *("vote_opens_at", "vote_closes_at"),
        )
        found = self.filter(announced_at__isnull=False).aggregate(
            **{
                f"next_{name}": Min(name, filter=Q(**{f"{name}__gt": now}))
                for name in names
            }
        )
        return min(filter(None, found.values()), default=None)

    def others_of(self, edition):
        """The other conferrals of the same award that visitors may see, newest first."""
        others = self.conferred().filter(program=edition.program_id)
        return others.exclude(pk=edition.pk).order_by(*_newest(), "-pk")

    def for_page(self):
        """What the page of an edition and its admin list print, in one query."""
        return self.select_related("program").order_by("-year", "program__position")


class HonoreeQuerySet(models.QuerySet):
    def conferred(self):
        """Conferred by now, whether since revoked or not: those that have an address."""
        return self.filter(_is_conferred("edition__"))

    def on_wall(self):
        """What the public sees: conferred and not revoked."""
        return self.conferred().filter(revoked_on__isnull=True)

    def for_cards(self, key="sort_key"):
        """Everything ``_person.html`` prints, in one query and in the wall's order:
        newest year first, within a year by the sound of the surname (``key``:
        ``stroke_key`` by its strokes)."""
        return (
            self.select_related("edition__program")
            .defer("deeds", "edition__program__intro", "edition__intro")
            .order_by(F("edition__year").desc(), key, "pk")
        )

    def for_home(self):
        """Six people (no groups) for the home page: the front of the wall, as cards.
        One query; already sliced."""
        return self.on_wall().filter(is_group=False).for_cards()[:HOME_PEOPLE]

    def for_search(self, keys):
        """What can be found of these: who is on the wall, with edition and award."""
        return self.on_wall().filter(pk__in=keys).select_related("edition__program")

    def for_profile(self):
        """One honoree's page."""
        return self.select_related("edition__program")

    def chosen(self, **chosen):
        """Narrowed by what the visitor chose; whatever is empty does not narrow.

        ``program`` is an award's id, ``year`` the edition's, ``industry`` and ``level``
        values of their enums, ``district`` a union's id; ``name`` is any part of a name,
        ``unit`` of the employer of then.
        """
        rows = self.filter(
            hall.named(name=chosen.get("name", ""), unit=chosen.get("unit", ""))
        )
        held = {path: chosen.get(name) for name, path in hall.FILTERS.items()}
        return rows.filter(**{path: value for path, value in held.items() if value})

    @staticmethod
    def filters():
        """The names of what ``chosen`` picks by value, not by text."""
        return list(hall.FILTERS)

    def for_hall(self, chosen, order=""):
        """(a list for the paginator, how many each filter would leave) of the wall.
        One query, and one for a page."""
        counts = hall.counted(self.on_wall(), chosen)
        return hall.Page(self.on_wall().chosen(**chosen), counts, order), counts

    def of_same_person(self, honoree):
        """Every honour on the wall of the worker behind ``honoree``, newest first;
        only this one when the award is not tied to a worker."""
        mine = Q(pk=honoree.pk)
        if honoree.worker_id:
            mine |= Q(worker=honoree.worker_id)
        return (
            self.on_wall()
            .filter(mine)
            .select_related("edition__program")
            .order_by(*_newest("edition__"), "pk")
        )

    def facts_of(self, worker) -> list[dict]:
        """Every honour tied to a worker, revoked ones too, oldest first, as label →
        plain value, for their own-data page. One query."""
        rows = self.filter(worker=worker).select_related("edition__program")
        return [
            {
                _("荣誉称号"): honoree.edition.program.name,
                _("届次"): honoree.edition.title,
                _("公示姓名"): honoree.name,
                _("获奖时的单位"): honoree.employer,
                _("获奖时的岗位"): honoree.position,
                _("性别"): honoree.get_gender_display(),
                _("民族"): honoree.ethnicity,
                _("事迹"): honoree.deed,
                _("本人的话"): honoree.motto,
                _("证书编号"): honoree.cert_no,
                _("撤销日期"): honoree.revoked_on,
            }
            for honoree in rows.order_by("pk")
        ]
