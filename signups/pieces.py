"""What the check page says of an offering to everybody, kept until staff change it or a
day begins (``common.pagecache``). Seats, and who asks, are never part of it."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from crispy_forms.utils import render_crispy_form
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from common import dates, pagecache
from common.pagecache import Moment
from signups.forms import SignupForm
from signups.models import Offering
from signups.services import standing


@dataclass(frozen=True)
class CheckPage:
    """``times`` and ``notice`` are finished HTML; so is ``fields``, by what the form
    promises: what stands in its form beside the token."""

    title: str
    url: str
    breadcrumb: str
    times: str
    notice: str
    fields: dict[str, str]


def check_page(at: Moment, pk: int) -> CheckPage:
    """Raises Offering.DoesNotExist, which is not kept."""

    def build():
        offering = Offering.objects.for_check().get(pk=pk)
        meetings = list(offering.occasions.all())
        title, url = offering.title, offering.get_absolute_url()
        steps = [(title, url), (_("核对报名信息"), "")]
        times = {"meetings": meetings, "span": span(meetings)}
        page = CheckPage(
            title=title,
            url=url,
            breadcrumb=render_to_string("includes/_breadcrumb.html", {"items": steps}),
            times=render_to_string("signups/_times.html", times),
            notice=render_to_string(
                "signups/_notice.html", {"notice": standing.notice(offering)}
            ),
            fields={
                promised: render_crispy_form(SignupForm(promised=promised))
                for promised in SignupForm.PROMISES
            },
        )
        # days are told without their year until another one begins
        tomorrow = timezone.localtime(at.now).date() + timedelta(days=1)
        return page, timezone.make_aware(datetime.combine(tomorrow, time.min))

    return pagecache.cached(f"signups:check:{pk}", build, at=at)


def span(meetings) -> str:
    """From the first day to the last, of several; one is named by its own time."""
    if len(meetings) < 2:
        return ""
    return dates.span(meetings[0].starts_at, meetings[-1].starts_at)
