"""Public notices, and objections: whose they are to read."""

from django.db import models
from django.db.models import Exists, F, OuterRef, Prefetch, Q
from django.db.models.functions import Now, TruncDate

from honors.enums import ENDED, OPEN_OBJECTION, NominationRole, NominationState
from members.enums import StewardRole


class PublicNoticeQuerySet(models.QuerySet):
    def published(self):
        """Those that are for everybody from their first day on."""
        return self.filter(published_at__isnull=False)

    def shown(self):
        """Those that everybody may read by now, running, over or stopped."""
        return self.published().filter(starts_on__lte=_today())

    def standing(self):
        """Those that no other period took the place of."""
        return self.filter(stopped_at__isnull=True)

    def running(self):
        return self.shown().standing().filter(ends_on__gte=_today())

    def over(self):
        return self.shown().standing().filter(ends_on__lt=_today())

    def for_list(self):
        """What the public list prints, newest first."""
        return self.select_related("edition__program").order_by("-starts_on", "-pk")

    def for_page(self):
        """One notice with its list in its order. Two queries."""
        entries = self.model._meta.get_field("entries").related_model
        listed = entries.objects.select_related("nomination").order_by("number")
        return self.select_related(
            "edition__program", "restarts", "restarted_as"
        ).prefetch_related(Prefetch("entries", listed))

    def with_open_objections(self):
        """``opposed``: whether an objection to it is open."""
        objections = self.model._meta.get_field("objections").related_model
        open_ones = objections.objects.open().filter(notice=OuterRef("pk"))
        return self.annotate(opposed=Exists(open_ones))

    def changed(self):
        """Published and standing, but a nomination's words are not any more those that
        were shown: another period is due. (Who was withdrawn or rejected is no change.)
        """
        entries = self.model._meta.get_field("entries").related_model
        other = (
            entries.objects.filter(notice=OuterRef("pk"))
            .exclude(nomination__content_digest=F("content_digest"))
            .exclude(nomination__state__in=ENDED)
        )
        return self.published().standing().filter(Exists(other))

    def to_approve(self):
        """Over, unchanged, unopposed, with somebody on it who waits for approval."""
        entries = self.model._meta.get_field("entries").related_model
        waiting = entries.objects.filter(
            notice=OuterRef("pk"), nomination__state=NominationState.CITY_NOTICE
        )
        changed = self.model.objects.changed().values("pk")
        return (
            self.over()
            .with_open_objections()
            .filter(Exists(waiting), opposed=False)
            .exclude(pk__in=changed)
        )


class ObjectionQuerySet(models.QuerySet):
    def open(self):
        return self.filter(state__in=OPEN_OBJECTION)

    def readable_by(self, user):
        """The dockets this person may open: with the right to deal with objections, and
        neither of the union of who is concerned (as steward of it or of one above, as
        who nominated them) nor concerned themselves. An objection to a whole list
        concerns everybody on it."""
        if not user.has_perm("honors.handle_objection"):
            return self.none()
        entries = self.model._meta.get_field("notice").related_model._meta.get_field(
            "entries"
        )
        nominations = self.model._meta.get_field("nomination").related_model
        unions = nominations._meta.get_field("unit").related_model.objects
        stewarded = unions.below(
            unions.filter(
                stewardships__user=user, stewardships__role=StewardRole.STEWARD
            )
        )
        steps = nominations._meta.get_field("steps").related_model
        nominated = steps.objects.filter(
            nomination=OuterRef("nomination"), by=user, role=NominationRole.STEWARD
        )
        partial = entries.related_model.objects.filter(
            Q(nomination__unit__in=stewarded)
            | Q(nomination__worker__user=user)
            | Q(nomination__created_by=user)
            | Exists(nominated),
            notice=OuterRef("notice"),
        )
        concerned = partial.filter(nomination=OuterRef("nomination"))
        return self.exclude(
            Q(nomination__isnull=True) & Exists(partial)
            | Q(nomination__isnull=False) & Exists(concerned)
        )

    def for_docket(self):
        """One objection with its notice and whom it is about."""
        return self.select_related(
            "notice__edition", "nomination", "entered_by", "decided_by"
        ).defer("notice__edition__intro")

    def for_list(self):
        """What the list of dockets prints: nothing that was typed."""
        return self.select_related("notice").defer("sealed", "outcome").order_by("-pk")


def _today():
    """The day in Shanghai by the database's clock."""
    return TruncDate(Now())
