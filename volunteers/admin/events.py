"""Services in the back office, for a leader's telephone: made, changed, called off, run on
the day, closed. Whose they are was decided by ``managed_by``; rules live in services."""

from django.contrib import admin, messages
from django.contrib.admin.options import csrf_protect_m
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET

from common import dates, images, picturestore
from common.errors import Reason, Refusal
from common.letters import is_key
from common.modeladmin import PortalModelAdmin, ViewOnly
from signups import rollcall
from signups.enums import SignupStatus
from signups.models import Attendance, Signup
from signups.services.standing import database_now
from volunteers import errors
from volunteers.enums import EventState, HoursState, NeedState
from volunteers.forms import EventForm, PostRows, RosterRows
from volunteers.models import Need, ServiceEvent, ServiceRecord, VolunteerTeam
from volunteers.querysets.events import RUN
from volunteers.services import countersign, day, events, hours, matching

MOST_PEOPLE = 500  # on one roster
MOST_SHOWN = 30  # services of each kind on a leader's page


@admin.register(ServiceEvent)
class ServiceEventAdmin(ViewOnly, PortalModelAdmin, admin.ModelAdmin):
    list_display = ["what", "team", "kind", "starts_at", "place", "state"]
    list_display_links = None
    list_filter = ["kind"]
    list_select_related = ["team"]
    search_fields = ["title", "team__name"]
    fields = [
        "team",
        "title",
        "kind",
        "about",
        "place",
        "meeting_point",
        "starts_at",
        "ends_at",
        "insurance",
        "weather",
        "called_off_reason",
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).managed_by(request.user)

    def get_urls(self):
        own = self._job_urls(
            ("mine/", self.mine_view, "mine"),
            ("new/<int:team>/", self.new_view, "new"),
            ("<int:pk>/run/", self.run_view, "run"),
            ("<int:pk>/edit/", self.edit_view, "edit"),
            ("<int:pk>/call-off/", self.call_off_view, "call_off"),
            ("<int:pk>/code/", self.code_view, "code"),
            ("<int:pk>/code.svg", self.picture_view, "picture"),
            ("<int:pk>/roster/", self.roster_view, "roster"),
            ("<int:pk>/close/", self.close_view, "close"),
            ("<int:pk>/hours/", self.hours_view, "hours"),
            ("<int:pk>/served/", self.served_view, "served"),
            ("<int:pk>/photos/", self.photos_view, "photos"),
        )
        return [*own, *super().get_urls()]

    # --- the list

    @admin.display(description=_("服务"), ordering="title")
    def what(self, event):
        return format_html('<a href="{}">{}</a>', self._at("run", event.pk), event)

    @admin.display(description=_("状态"))
    def state(self, event):
        return EventState(event.state(timezone.now())).label

    # --- whose, and may they

    def _event(self, request, pk, *, acts=True):
        if not self.has_view_permission(request):
            raise PermissionDenied
        if acts and not request.user.has_perm(RUN):
            raise PermissionDenied
        rows = self.get_queryset(request).select_related("team", "need")
        return get_object_or_404(rows, pk=pk)

    def _back(self, request, event, said="", to="run"):
        if said:
            self.message_user(request, said, messages.SUCCESS)
        return HttpResponseRedirect(self._at(to, event.pk))

    def _refused(self, request, refusal, event, to="run"):
        self.message_user(request, refusal, messages.ERROR)
        return HttpResponseRedirect(self._at(to, event.pk))

    def _page(self, request, name, title, event=None, **context):
        above = [(_("志愿服务活动"), self._at("mine"))]
        if event is not None and name != "run":
            above.append((event.title, self._at("run", event.pk)))
        context = {
            "above": above,
            "event": event,
            "when": event and dates.meeting(event.starts_at, event.ends_at),
            **context,
        }
        return self._job_page(
            request, f"volunteers/serviceevent/{name}", title, **context
        )

    # --- a leader's day

    @method_decorator(require_GET)
    def mine_view(self, request):
        """Today's services, those to come, those whose hours nobody has written down."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if not request.user.has_perm(RUN):
            return HttpResponseRedirect(self._at("changelist"))
        rows = ServiceEvent.objects.run_by(request.user).for_rows()
        today = timezone.localdate()
        coming = list(rows.coming()[:MOST_SHOWN])
        is_today = [timezone.localdate(event.starts_at) <= today for event in coming]
        teams = VolunteerTeam.objects.active().run_by(request.user)
        for event in coming:
            event.when = dates.meeting(event.starts_at, event.ends_at)
        to_record = list(rows.to_record()[:MOST_SHOWN])
        past = list(rows.past().exclude(closed_at=None)[:MOST_SHOWN])
        for event in [*to_record, *past]:
            event.when = dates.meeting(event.starts_at, event.ends_at)
        return self._page(
            request,
            "mine",
            _("志愿服务活动"),
            above=[],
            today=[e for e, at in zip(coming, is_today, strict=True) if at],
            coming=[e for e, at in zip(coming, is_today, strict=True) if not at],
            to_record=to_record,
            past=past,
            teams=list(teams.order_by("name")[:MOST_SHOWN]),
        )

    @csrf_protect_m
    def new_view(self, request, team):
        """A new service of one's team; of a need, if the address names one."""
        if not (self.has_view_permission(request) and request.user.has_perm(RUN)):
            raise PermissionDenied
        rows = VolunteerTeam.objects.active().managed_by(request.user)
        team = get_object_or_404(rows, pk=team)
        needs = Need.objects.filter(team=team, state=NeedState.TAKEN)
        event = ServiceEvent(team=team, kind=team.kind)
        typed = request.POST if request.method == "POST" else None
        form = EventForm(
            typed, instance=event, needs=needs, initial=self._of_need(request, needs)
        )
        posts = PostRows(typed)
        if typed is not None and self._store(request, form, posts, events.open_event):
            return self._back(request, form.instance, _("服务已发布，可以报名了。"))
        return self._page(
            request, "edit", _("发布服务"), form=form, posts=posts, team=team
        )

    @staticmethod
    def _of_need(request, needs):
        """What a need says already."""
        key = request.GET.get("need", "")
        need = needs.filter(pk=int(key)).first() if key.isdecimal() else None
        if need is None:
            return {}
        return {
            "need": need,
            "title": need.title[:40],
            "kind": need.kind,
            "place": need.place,
            "about": need.detail,
            "starts": need.starts_at,
            "ends": need.ends_at,
        }

    @csrf_protect_m
    @method_decorator(sensitive_variables())
    def edit_view(self, request, pk):
        event = self._event(request, pk)
        held = []
        for post in event.posts.prefetch_related("offering__pools"):
            pools = post.offering.pools.all()
            held.append((post, sum(pool.capacity for pool in pools)))
        typed = request.POST if request.method == "POST" else None
        form, posts = EventForm(typed, instance=event), PostRows(typed, held)
        if typed is not None and self._store(request, form, posts, events.change_event):
            said = _("已保存。时间、地点或集合安排有变动的，已通知报名的人。")
            return self._back(request, event, said)
        return self._page(
            request,
            "edit",
            _("修改服务"),
            event,
            form=form,
            posts=posts,
            team=event.team,
        )

    def _store(self, request, form, posts, verb) -> bool:
        """Whether it was stored; if not, what is wrong stands at its field."""
        valid = [form.is_valid(), posts.is_valid()]
        if not all(valid):
            return False
        try:
            verb(
                event=form.filled(),
                posts=posts.facts,
                contact_phone=form.cleaned_data["contact_phone"],
                by=request.user,
            )
        except Refusal as refusal:
            rest = [one for one in refusal.reasons if one.field != "posts"]
            at_posts = [str(one) for one in refusal.reasons if one.field == "posts"]
            posts.error = "".join(at_posts)
            if rest:
                Refusal(*rest).show_in(form)
            return False
        return True

    def run_view(self, request, pk):
        """One service: its posts, who comes, what there is to do."""
        event = self._event(request, pk, acts=False)
        return self._show(request, event)

    def _show(self, request, event, **more):
        now = database_now()
        state = event.state(now)
        may_act = request.user.has_perm(RUN)
        posts, people = self._posts(event)
        row = getattr(event, "countersign", None)
        if may_act and state == EventState.COMING:
            more["suggested"] = matching.volunteers_for(
                skills=[s.pk for s in event.need.skills.all()] if event.need else [],
                district=event.need.district if event.need else event.team.union_org,
                starts_at=event.starts_at,
                ends_at=event.ends_at,
                team=event.team,
                busy=[one.worker_id for one in people if one.worker_id],
            )
        can = {
            "may_act": may_act,
            "may_edit": may_act
            and state not in (EventState.CALLED_OFF, EventState.CLOSED),
            "may_call_off": may_act
            and state in (EventState.COMING, EventState.RUNNING),
            "has_day": may_act and state != EventState.CALLED_OFF,
            "has_served": may_act and state in (EventState.OVER, EventState.CLOSED),
        }
        return self._page(
            request,
            "run",
            event.title,
            event,
            state=state,
            state_word=EventState(state).label,
            posts=posts,
            countersign=row,
            photos=list(event.photos.all()),
            accept=images.ACCEPT,
            **can,
            **more,
        )

    @staticmethod
    def _posts(event):
        """(each post with its people, all people)"""
        posts = list(
            event.posts.select_related("offering").prefetch_related("offering__pools")
        )
        people = list(
            Signup.objects.for_list()
            .filter(offering__post__event=event)
            .order_by("pk")[:MOST_PEOPLE]
        )
        made = []
        for post in posts:
            pools = post.offering.pools.all()
            of_post = [one for one in people if one.offering_id == post.offering_id]
            made.append(
                {
                    "post": post,
                    "number": sum(pool.capacity for pool in pools),
                    "seated": [o for o in of_post if o.status != SignupStatus.WAITING],
                    "waiting": [o for o in of_post if o.status == SignupStatus.WAITING],
                }
            )
        return made, people

    @csrf_protect_m
    def call_off_view(self, request, pk):
        event = self._event(request, pk)
        if request.method != "POST":
            return self._back(request, event)
        typed = request.POST.get("reason", "")
        try:
            events.call_off_event(event=event, reason=typed, by=request.user)
        except Refusal as refusal:
            return self._show(
                request, event, off_problem=str(refusal), off_typed=typed[:300]
            )
        return self._back(request, event, _("服务已取消，报名的人都已通知。"))

    # --- the day

    @method_decorator(require_GET)
    def code_view(self, request, pk):
        """The code that people tap by; one code opens all posts of a service."""
        event = self._event(request, pk)
        occasions = [occasion for _post, occasion in events.occasions_of(event)]
        if not occasions or event.called_off_at is not None:
            return self._refused(request, Refusal(errors.EVENT_OFF), event)
        door = rollcall.door(request, occasions[0])
        signups = Signup.objects.filter(offering__post__event=event)
        here = Attendance.objects.filter(
            signup__in=signups, state__in=["present", "late", "made_up"]
        )
        door |= {"here": here.count(), "seated": signups.seated().count()}
        return self._page(
            request,
            "code",
            _("签到码"),
            event,
            door=door,
            picture=self._at("picture", event.pk),
        )

    @method_decorator(require_GET)
    def picture_view(self, request, pk):
        event = self._event(request, pk)
        found = events.occasions_of(event)
        if not found:
            raise Http404
        return rollcall.picture(request, found[0][1])

    @csrf_protect_m
    def roster_view(self, request, pk):
        """Those without a telephone, those who forgot: written down by the leader."""
        event = self._event(request, pk)
        typed = request.POST if request.method == "POST" else None
        roster = self._roster(event, typed)
        problems = []
        if typed is not None:
            lines = roster.lines()
            if not roster.has_errors:
                try:
                    noted = day.note_roster(event=event, lines=lines, by=request.user)
                except Refusal as refusal:
                    problems = roster.show(refusal)
                else:
                    said = _("已登记%(n)d人。") % {"n": noted}
                    return self._back(request, event, said, to="roster")
        return self._roster_page(request, event, roster, problems)

    def _roster_page(self, request, event, roster, problems=()):
        now = database_now()
        return self._page(
            request,
            "roster",
            _("点名"),
            event,
            roster=roster,
            problems=problems,
            state=event.state(now),
            is_over=now >= event.ends_at,
        )

    @staticmethod
    def _roster(event, typed=None):
        signups = list(
            Signup.objects.for_list()
            .filter(offering__post__event=event, status=SignupStatus.SEATED)
            .order_by("offering__post__position", "pk")[:MOST_PEOPLE]
        )
        stored = {
            row.signup_id: row
            for row in Attendance.objects.filter(signup__in=signups).select_related(
                "noted_by"
            )
        }
        names = {post.offering_id: post.name for post in event.posts.all()}
        return RosterRows(event, signups, stored, names, rollcall.said_of, typed)

    @csrf_protect_m
    def close_view(self, request, pk):
        """The day is done: hours are written down, or what is missing is named."""
        event = self._event(request, pk)
        if request.method != "POST":
            return self._back(request, event, to="roster")
        try:
            made = hours.close_day(event=event, by=request.user)
        except Refusal as refusal:
            roster = self._roster(event)
            return self._roster_page(request, event, roster, roster.show(refusal))
        said = _("已登记%(n)d人的时长，请另一位负责人确认。") % {"n": len(made)}
        return self._back(request, event, said, to="hours")

    # --- afterwards

    @csrf_protect_m
    def hours_view(self, request, pk):
        """The records of a service; somebody whom nothing shows may be added."""
        event = self._event(request, pk, acts=request.method == "POST")
        problems, typed = [], request.POST
        if request.method == "POST":
            try:
                made = hours.record_unproven(
                    event=event,
                    signup=self._signup(event, typed.get("signup", "")),
                    minutes=whole_number(typed.get("minutes", "")),
                    reason=typed.get("reason", ""),
                    by=request.user,
                )
            except Refusal as refusal:
                problems = [str(reason) for reason in refusal.reasons]
            else:
                said = _("已登记%(name)s，补齐佐证后请另一位负责人确认。")
                said %= {"name": made.worker.name}
                return self._back(request, event, said, to="hours")
        rows = ServiceRecord.objects.filter(event=event).live()
        records = list(rows.for_lists().order_by("worker__name", "pk")[:MOST_PEOPLE])
        for record in records:
            add_labels(record)
        known = {record.worker_id for record in records}
        seats = Signup.objects.filter(
            offering__post__event=event, worker__isnull=False
        ).exclude(worker__in=known)
        others = seats.filter(status__in=["seated", "no_show", "completed"])
        return self._page(
            request,
            "hours",
            _("服务时长"),
            event,
            records=records,
            others=list(others.select_related("worker")[:MOST_PEOPLE]),
            problems=problems,
            typed=typed,
            may_act=request.user.has_perm(RUN) and event.closed_at is not None,
        )

    @staticmethod
    def _signup(event, key):
        rows = Signup.objects.filter(offering__post__event=event)
        found = rows.filter(pk=int(key)).first() if is_key(key) else None
        if found is None:
            raise Refusal(errors.NOT_SEATED)
        return found

    @csrf_protect_m
    def served_view(self, request, pk):
        """How many were served, and the link for the host, shown on this answer alone."""
        event = self._event(request, pk)
        if request.method != "POST":
            return self._back(request, event)
        typed = request.POST
        try:
            _row, token = countersign.ask(
                event=event,
                people=whole_number(typed.get("people", "")),
                person_times=whole_number(typed.get("person_times", "")),
                host=typed.get("host", ""),
                by=request.user,
            )
        except Refusal as refusal:
            problems = [str(reason) for reason in refusal.reasons]
            return self._show(
                request, event, served_problems=problems, served_typed=typed
            )
        there = reverse("volunteers:countersign", args=[token])
        event = self._event(request, pk)
        link = request.build_absolute_uri(there)
        return self._show(request, event, link=link)

    @csrf_protect_m
    def photos_view(self, request, pk):
        """Keep a photo as evidence; publish one, or take it back."""
        event = self._event(request, pk)
        if request.method != "POST":
            return self._back(request, event)
        try:
            said = self._photo(request, event)
        except Refusal as refusal:
            return self._refused(request, refusal, event)
        return self._back(request, event, said)

    def _photo(self, request, event):
        key = request.POST.get("photo", "")
        if key:
            photo = get_object_or_404(
                event.photos, pk=int(key) if is_key(key) else None
            )
            is_public = request.POST.get("do") == "publish"
            day.publish_photo(photo=photo, is_public=is_public, by=request.user)
            return _("照片已公开。") if is_public else _("照片不再公开。")
        upload = request.FILES.get("file")
        if upload is None:
            raise Refusal(Reason("no_file", _("请选择照片。")))
        events.check_runs(request.user, event.team)
        day.add_photo(
            event=event,
            kept=picturestore.keep(day.SHELF, upload),
            caption=request.POST.get("caption", ""),
            by=request.user,
        )
        return _("照片已保存，公开以前只有本队和统筹人员看得到。")


def whole_number(typed) -> int:
    """A whole number as typed; 0, which every verb refuses, for anything else."""
    return int(typed) if is_key(typed.strip()) and len(typed.strip()) < 8 else 0


def add_labels(record) -> None:
    """What lists and pages print of a record (``for_lists``)."""
    record.state_said = HoursState(record.standing).label
    record.hours = hours.hours_said(record.minutes)
