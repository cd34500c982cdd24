"""A service's page, its calendar entry, its photos."""

from datetime import timedelta

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import DetailView, View

from common import dates, images, pagecache, picturestore
from common.publicpages import PublicPage
from signups.buttons import button, seats_line
from signups.calendars import calendar_of
from signups.cards import seat_bar, state_button
from signups.enums import SignupStatus
from signups.models import Occasion
from signups.services import checkin, standing
from volunteers.enums import CountersignState, EventState
from volunteers.models import EventPhoto, ServiceEvent, ServiceRecord
from volunteers.services.day import SHELF
from volunteers.services.events import occasions_of
from volunteers.services.hours import hours_said

# one may still call after it, for what was left behind
CALLS_AFTER = timedelta(days=1)


def posts_of(event, user, now):
    """Each post with its seats and what this person may do about it, in order. The desk's
    questions, asked once for all of them."""
    worker = getattr(user, "worker", None) if user.is_authenticated else None
    posts = list(event.posts.all())
    seen = standing.look([post.offering for post in posts], worker, now=now)
    made = []
    for post in posts:
        one = seen[post.offering_id]
        words, is_tight = seats_line(one)
        made.append(
            {
                "post": post,
                "standing": one,
                "bar": seat_bar(one.taken, one.capacity, words, is_tight),
                "button": state_button(button(one, user=user), post.name),
            }
        )
    return made


class EventDetailView(DetailView):
    """P19: what, when, where, which posts; on the day where one checks in; afterwards
    what came of it."""

    public_page = PublicPage(is_moving=True)
    template_name = "volunteers/event_detail.html"
    context_object_name = "event"

    def get_queryset(self):
        return ServiceEvent.objects.public().for_page()

    def get_context_data(self, **kwargs):
        event, user = self.object, self.request.user
        now = pagecache.moment_of(self.request).now
        state = event.state(now)
        posts = posts_of(event, user, now)
        seat = next(
            (
                row["standing"].signup
                for row in posts
                if row["standing"].signup
                and row["standing"].signup.status == SignupStatus.SEATED
            ),
            None,
        )
        is_past = state in (EventState.OVER, EventState.CLOSED)
        context = {
            "state": state,
            "state_word": state.label,
            "when": dates.meeting(event.starts_at, event.ends_at),
            "posts": posts,
            "seat": seat,
            "is_off": state == EventState.CALLED_OFF,
            "is_past": is_past,
            "rules": self._rules(event, posts) if not is_past else [],
            "contact": event.contact_phone
            if seat and now < event.ends_at + CALLS_AFTER
            else "",
            "photos": list(event.photos.published()[:12]),
            "crumbs": [
                (_("志愿服务"), reverse("volunteers:team-list")),
                (event.team.name, event.team.get_absolute_url()),
                (event.title, ""),
            ],
        }
        if seat is not None and not context["is_off"]:
            context |= self._day(event, seat, now)
        if state == EventState.CLOSED:
            context |= self._report(event)
        return super().get_context_data(**context, **kwargs)

    @staticmethod
    def _rules(event, posts):
        if not posts:
            return []
        hours = checkin.hours_of(_occasion(event, posts[0]["post"].offering))
        lines = [
            _(
                "%(from)s起可以签到，%(late)s起记为迟到；离开时签退，时长按签到、签退登记。"
            )
            % {
                "from": dates.clock(hours.opens_at),
                "late": dates.clock(hours.late_from),
            }
        ]
        return lines + standing.conduct_lines(posts[0]["post"].offering)

    @staticmethod
    def _day(event, seat, now):
        """Where to tap, from when it opens until one may leave no more."""
        occasion = next(
            one
            for post, one in occasions_of(event)
            if post.offering_id == seat.offering_id
        )
        if not checkin.hours_of(occasion).shows_code(now):
            return {}
        return {"check_in": reverse("signups:check-in", args=[occasion.pk])}

    @staticmethod
    def _report(event):
        total = ServiceRecord.objects.filter(event=event).in_force().total()
        signed = getattr(event, "countersign", None)
        if signed is not None and signed.state != CountersignState.SIGNED:
            signed = None
        return {
            "volunteers": total["people"],
            "hours": hours_said(total["minutes"]) if total["minutes"] else "",
            "signed": signed,
        }


def _occasion(event, offering):
    """As the desk would make it, to ask for its hours without a query."""
    return Occasion(offering=offering, starts_at=event.starts_at, ends_at=event.ends_at)


class EventCalendarView(View):
    """加入日历: the time of a service as a calendar file."""

    def get(self, request, pk):
        event = get_object_or_404(ServiceEvent.objects.public().for_page(), pk=pk)
        found = occasions_of(event)
        if not found:
            raise Http404
        post, occasion = found[0]
        address = request.build_absolute_uri(event.get_absolute_url())
        return HttpResponse(
            calendar_of(post.offering, [occasion], url=address),
            content_type="text/calendar; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="service-{pk}.ics"'},
        )


class PhotoView(View):
    """A photo of a service: everybody sees what was published, the team all of it."""

    def get(self, request, key, width):
        if width not in images.WIDTHS:
            raise Http404
        photo = EventPhoto.objects.visible_to(request.user).filter(key=key).first()
        if photo is None:
            raise Http404
        # a published one may be taken back
        holds = 300 if photo.published_at else 0
        return picturestore.show(request, SHELF, key, width, public_for=holds)
