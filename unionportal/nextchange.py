"""When public pages next change by themselves: each wing is asked for its next moment,
by one named queryset method. A wing whose pages change with the clock is added here."""

from datetime import datetime, time, timedelta

from django.utils import timezone

from activities.training.models import Term
from common import pagecache
from honors.models import AwardEdition
from news.models import Article, Placement
from signups.models import Offering

# What was changed past the verbs that publish is seen after so long all the same.
AT_MOST = timedelta(minutes=1)


def next_change_at(at: pagecache.Moment) -> datetime:
    """The first moment after ``at`` at which some public page may differ from itself.
    Five queries a generation, then none until that moment."""

    def build():
        found = [
            rows.next_change_at(at.now)
            for rows in (
                Article.objects,
                Placement.objects,
                Offering.objects,
                Term.objects,
                AwardEdition.objects,
            )
        ]
        # the date on top, grey periods, terms that end, years that are left out
        found.append(_midnight_after(at.now))
        moment = min(moment for moment in found if moment is not None)
        return moment, moment

    return min(pagecache.cached("next", build, at=at), at.now + AT_MOST)


def _midnight_after(now: datetime) -> datetime:
    tomorrow = timezone.localtime(now).date() + timedelta(days=1)
    return timezone.make_aware(datetime.combine(tomorrow, time.min))
