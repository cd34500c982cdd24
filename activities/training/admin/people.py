"""Running a class: who is seated and who waits, their numbers on demand, lists to take
along, lessons moved and called off, somebody's seat taken back. And the teacher's part
of it: their own classes, today's first, and who came."""

from datetime import time

from django import forms
from django.contrib import messages
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET

from activities.training import services
from activities.training.admin.boxes import room_box
from activities.training.models import CourseClass, Lesson
from activities.training.services.ground import moment_of, place_of
from common import audit, dates, sheets
from common.enums import AuditVerb
from common.errors import Refusal
from common.moments import ClockField, DayField
from members import phones
from members.forms import RevealPhoneForm
from members.services import rights
from signups import rollcall
from signups.enums import PoolKind, SignupStatus
from signups.models import Signup
from signups.services import seats
from signups.services.messages import write_to_all
from signups.services.standing import alternatives, database_now

MOST_PEOPLE = 100  # on one page
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CALL = "signups.call_people"
NOTE = "signups.note_attendance"


class ReasonForm(forms.Form):
    """Why; those concerned will read it. Whether it is enough is the verb's to say."""

    reason = forms.CharField(
        label=_("原因"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"size": 50, "autofocus": True}),
    )


class MessageForm(forms.Form):
    text = forms.CharField(
        label=_("消息内容"),
        required=False,
        max_length=2000,
        widget=AdminTextareaWidget(attrs={"rows": 5}),
        help_text=_("学员登录后在“消息”里看到。请不要写个人的手机号。"),
    )


class MoveForm(forms.Form):
    """Another day, time or room for one lesson. ``moves`` is how often it had been moved
    when the page was opened."""

    day = DayField(label=_("日期"))
    starts = ClockField(label=_("上课时间"))
    ends = ClockField(label=_("下课时间"))
    room = room_box()
    moves = forms.IntegerField(widget=forms.HiddenInput, required=False)

    BOX_OF = {"starts_at": "starts", "ends_at": "ends"}


class RunsClass:
    """The pages of one class that are work and no form. Mix into the class's
    ModelAdmin; whose class it is was decided by ``managed_by``."""

    def get_urls(self):
        lesson, one = "<int:pk>/lessons/<int:lesson>", "<int:pk>/people/<int:signup>"
        own = self._job_urls(
            ("mine/", self.mine_view, "mine"),
            ("<int:pk>/run/", self.run_view, "run"),
            ("<int:pk>/people.xlsx", self.export_view, "export"),
            ("<int:pk>/print/", self.print_view, "print"),
            ("<int:pk>/call-off/", self.call_off_view, "call_off"),
            ("<int:pk>/unopened/", self.unopened_view, "unopened"),
            ("<int:pk>/write/", self.write_view, "write"),
            (f"{one}/phone/", self.number_view, "number"),
            (f"{one}/cancel/", self.cancel_view, "cancel"),
            (f"{lesson}/move/", self.move_view, "move"),
            (f"{lesson}/call-off/", self.lesson_off_view, "lesson_off"),
            (f"{lesson}/attendance/", self.attendance_view, "attendance"),
            (f"{lesson}/code/", self.code_view, "code"),
            (f"{lesson}/code.svg", self.code_picture_view, "code_picture"),
        )
        return [*own, *super().get_urls()]

    # --- whose, and may they

    def _class(self, request, pk, *, to_act=False):
        """A class of this person's, with what its pages print; acting is for those who
        manage classes."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if to_act and not request.user.has_perm("signups.manage_class"):
            raise PermissionDenied
        return get_object_or_404(
            self.get_queryset(request).select_related(
                "term", "venue", "room", "offering"
            ),
            pk=pk,
        )

    def _lesson(self, made, pk):
        return get_object_or_404(made.lessons.in_order(), pk=pk)

    def _signup(self, made, pk):
        rows = made.offering.signups.select_related("worker__user", "union_org")
        return get_object_or_404(rows, pk=pk)

    def _page_of(self, request, name, title, made=None, **context):
        above = []
        if request.user.has_perm("signups.manage_class"):
            listing = reverse("admin:activities_training_courseclass_changelist")
            above.append((_("培训班"), listing))
        else:
            above.append((_("我教的班"), self._at("mine")))
        if made is not None and name != "run":
            above.append((made.name, self._at("run", made.pk)))
        return self._job_page(
            request,
            f"activities_training/courseclass/{name}",
            title,
            above=above,
            made=made,
            **context,
        )

    def _back(self, request, made, said):
        self.message_user(request, said, messages.SUCCESS)
        return HttpResponseRedirect(self._at("run", made.pk))

    def _ask(self, request, made, act, **words):
        """A page that says the consequence and asks why; ``act(reason)`` is the deed."""
        form = ReasonForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            try:
                act(form.cleaned_data["reason"])
            except Refusal as refusal:
                refusal.show_at(form, "reason")
            else:
                return self._back(request, made, words["done"])
        return self._page_of(request, "reason", made=made, form=form, **words)

    # --- the class

    @method_decorator(require_GET)
    def run_view(self, request, pk):
        """Who is in the class and what it does when; every deed is a link from here."""
        made = self._class(request, pk)
        pages = Paginator(made.offering.signups.for_list(), MOST_PEOPLE)
        people = pages.get_page(request.GET.get("p"))
        manages = request.user.has_perm("signups.manage_class")
        pools = made.offering.pools.all()
        taken = sum(pool.taken - pool.owed for pool in pools)
        return self._page_of(
            request,
            "run",
            made.name,
            made,
            place=place_of(made.venue, made.room),
            state=self.state(made),
            people=people,
            pages=pages.get_elided_page_range(people.number),
            taken=taken,
            capacity=sum(pool.capacity for pool in pools),
            reserved=sum(p.capacity for p in pools if p.kind != PoolKind.GENERAL),
            lessons=self._lessons(made),
            manages=manages and made.offering.withdrawn_at is None,
            is_over=made.offering.is_over,
            may_call=request.user.has_perm(CALL),
            may_note=request.user.has_perm(NOTE),
            may_export=manages,
            is_short=self._is_short(made, taken),
        )

    @staticmethod
    def _is_short(made, taken):
        """Fewer people than it needs, and it has not begun."""
        starts_at = made.offering.starts_at
        has_begun = starts_at is not None and starts_at <= timezone.now()
        return taken < made.min_to_open and not has_begun

    def _lessons(self, made):
        today, rows = timezone.localdate(), []
        for lesson in made.lessons.in_order().with_attendance():
            lesson.day = timezone.localdate(lesson.occasion.starts_at)
            lesson.when = dates.meeting(
                lesson.occasion.starts_at, lesson.occasion.ends_at
            )
            lesson.is_off = lesson.occasion.cancelled_at is not None
            lesson.is_today = lesson.day == today and not lesson.is_off
            lesson.has_come = lesson.day <= today and not lesson.is_off
            lesson.is_over = lesson.occasion.ends_at <= timezone.now()
            rows.append(lesson)
        return rows

    def export_view(self, request, pk):
        """Everybody as a workbook, without a whole number of anybody; on record."""
        made = self._class(request, pk, to_act=True)
        people = list(made.offering.signups.for_list())
        audit.record(
            AuditVerb.EXPORT,
            by=request.user,
            of=made,
            reason=_("学员名单，%(n)d人") % {"n": len(people)},
        )
        head = [
            _("序号"),
            _("状态"),
            _("姓名"),
            _("工会"),
            _("手机尾号"),
            _("报名时间"),
        ]
        rows = [[sheets.Cell(str(word), "head") for word in head]]
        for number, signup in enumerate(people, start=1):
            rows.append(
                [
                    number,
                    _standing(signup),
                    str(signup.worker or _("单位集体报名")),
                    str(signup.worker.union_org if signup.worker else signup.union_org),
                    _last4(signup),
                    timezone.localtime(signup.created_at).strftime("%Y-%m-%d %H:%M"),
                ]
            )
        content = sheets.to_xlsx(
            rows, title=str(_("学员名单")), widths=[6, 14, 20, 30, 10, 18]
        )
        return HttpResponse(
            content,
            content_type=XLSX,
            headers={"Content-Disposition": f'attachment; filename="class-{pk}.xlsx"'},
        )

    @method_decorator(require_GET)
    def print_view(self, request, pk):
        """The list to take into the room: who is seated, a box for each lesson."""
        made = self._class(request, pk)
        people = made.offering.signups.for_list().seated()
        lessons = [row for row in self._lessons(made) if not row.is_off]
        return self._page_of(
            request,
            "print",
            _("点名册"),
            made,
            place=place_of(made.venue, made.room),
            people=list(people[:500]),
            lessons=lessons[:16],
        )

    def call_off_view(self, request, pk):
        made = self._class(request, pk, to_act=True)
        counted = CourseClass.objects.filter(pk=pk).with_people().get()
        return self._ask(
            request,
            made,
            lambda reason: services.call_off_class(
                course_class=made, reason=reason, by=request.user
            ),
            title=_("停办“%(name)s”") % {"name": made.name},
            consequence=_(
                "已报名%(seated)d人，候补%(waiting)d人。停办后不能恢复，不能再报名，教室和"
                "学员的时间随即空出，也不再占用学员的限报门数。原因会显示给学员。"
            )
            % {"seated": counted.seated, "waiting": counted.waiting},
            confirm=_("确定停办"),
            done=_("“%(name)s”已停办。") % {"name": made.name},
        )

    def unopened_view(self, request, pk):
        """未开班: says what becomes of its people, then releases and tells them."""
        made = self._class(request, pk, to_act=True)
        problems = []
        if request.method == "POST":
            try:
                services.leave_unopened(course_class=made, by=request.user)
            except Refusal as refusal:
                problems = refusal.reasons
            else:
                said = _("“%(name)s”已定为未开班，学员已收到通知。")
                return self._back(request, made, said % {"name": made.name})
        counted = CourseClass.objects.filter(pk=made.pk).with_people().get()
        return self._page_of(
            request,
            "unopened",
            _("“%(name)s”不开班") % {"name": made.name},
            made,
            counted=counted,
            problems=problems,
            others=alternatives(made.offering, None, now=database_now()),
        )

    def write_view(self, request, pk):
        """A message to all; says beforehand whom it will not reach."""
        made = self._class(request, pk, to_act=True)
        form = MessageForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            try:
                told = write_to_all(
                    offering=made.offering,
                    text=form.cleaned_data["text"],
                    by=request.user,
                )
            except Refusal as refusal:
                refusal.show_at(form, "text")
            else:
                said = _("消息已发给%(n)d人。") if told else _("这条消息已经发过。")
                return self._back(request, made, said % {"n": told} if told else said)
        people = made.offering.signups.live()
        return self._page_of(
            request,
            "write",
            _("给学员发消息"),
            made,
            form=form,
            everybody=people.count(),
            unreached=people.filter(
                worker__isnull=False, worker__user__isnull=True
            ).count(),
        )

    # --- its people

    @method_decorator(sensitive_variables())
    def number_view(self, request, pk, signup):
        """Asks why; by POST shows the number on this answer alone."""
        made = self._class(request, pk)
        if not request.user.has_perm(CALL):
            rights.refuse_reveal(of=made, by=request.user)
            raise PermissionDenied
        row = self._signup(made, signup)
        back = self._at("run", pk)
        account = row.worker.user if row.worker else None
        if account is None:
            said = _("该学员还没有账号，请向所在工会联系。")
            self.message_user(request, said, messages.WARNING)
            return HttpResponseRedirect(back)
        form, number = RevealPhoneForm(), ""
        if request.method == "POST":
            form = RevealPhoneForm(request.POST)
            form.is_valid()
            try:
                number = rights.reveal_phone(
                    user=account,
                    by=request.user,
                    reason=form.cleaned_data.get("reason", ""),
                    right=CALL,
                )
            except Refusal as refusal:
                refusal.show_in(form)
        context = self.admin_site.each_context(request) | {
            "title": _("查看完整手机号"),
            "opts": self.opts,
            "person": str(row.worker),
            "back": back,
            "form": form,
            "number": number,
        }
        return TemplateResponse(request, "admin/members/reveal_phone.html", context)

    def cancel_view(self, request, pk, signup):
        made = self._class(request, pk, to_act=True)
        if not request.user.has_perm("signups.change_signup"):
            raise PermissionDenied
        row = self._signup(made, signup)
        who = row.worker or row.union_org
        if not row.is_live:
            said = _("%(who)s的报名已经取消。") % {"who": who}
            self.message_user(request, said, messages.WARNING)
            return HttpResponseRedirect(self._at("run", pk))
        waits = row.status == SignupStatus.WAITING
        return self._ask(
            request,
            made,
            lambda reason: seats.cancel(signup=row, by=request.user, reason=reason),
            title=_("取消%(who)s的报名") % {"who": who},
            consequence=_("取消后不能恢复，只能重新排队。原因会显示给本人。")
            if waits
            else _(
                "空出的名额随即由候补的人依次递补；取消后不能恢复，只能重新报名。"
                "原因会显示给本人。"
            ),
            confirm=_("确定取消"),
            done=_("已取消%(who)s的报名。") % {"who": who},
        )

    # --- its lessons

    def move_view(self, request, pk, lesson):
        made = self._class(request, pk, to_act=True)
        row = self._lesson(made, lesson)
        start = timezone.localtime(row.occasion.starts_at)
        end = timezone.localtime(row.occasion.ends_at)
        initial = {
            "day": start.date().isoformat(),
            "starts": f"{start:%H:%M}",
            "ends": f"{end:%H:%M}",
            "room": row.room.name if row.room else "",
            "moves": row.occasion.moves,
        }
        form = MoveForm(request.POST or None, initial=initial)
        if request.method == "POST" and form.is_valid():
            given = form.cleaned_data
            if given["moves"] not in (None, row.occasion.moves):
                text = _("您打开此页后，他人已改为“%(when)s”。再次保存即以您的为准。")
                when = dates.meeting(start, end)
                form.add_error(None, text % {"when": when})
                form.data = form.data.copy()
                form.data["moves"] = row.occasion.moves
            else:
                try:
                    services.move_lesson(
                        lesson=row,
                        starts_at=moment_of(given["day"], given["starts"]),
                        ends_at=moment_of(given["day"], given["ends"]),
                        room=given["room"],
                        by=request.user,
                    )
                except Refusal as refusal:
                    for reason in refusal.reasons:
                        box = MoveForm.BOX_OF.get(reason.field, reason.field)
                        form.add_error(box or None, str(reason))
                else:
                    said = _("第%(n)d次课已调整。") % {"n": row.number}
                    return self._back(request, made, said)
        return self._page_of(
            request,
            "move",
            _("调整第%(n)d次课") % {"n": row.number},
            made,
            form=form,
            when=dates.meeting(start, end),
        )

    def lesson_off_view(self, request, pk, lesson):
        made = self._class(request, pk, to_act=True)
        row = self._lesson(made, lesson)
        when = dates.meeting(row.occasion.starts_at, row.occasion.ends_at)
        return self._ask(
            request,
            made,
            lambda reason: services.call_off_lesson(
                lesson=row, reason=reason, by=request.user
            ),
            title=_("第%(n)d次课停课") % {"n": row.number},
            consequence=_(
                "%(when)s这一次课停课：教室和学员的时间随即空出，不能恢复。只是改个时间，"
                "请用“改期”。原因会显示给学员。"
            )
            % {"when": when},
            confirm=_("确定停课"),
            done=_("第%(n)d次课已停课。") % {"n": row.number},
        )

    def attendance_view(self, request, pk, lesson):
        """The list of a lesson, ticked on a phone; the whole of it in one POST."""
        made, row = self._to_note(request, pk, lesson)
        roll = rollcall.read(request, row.occasion)
        if roll.noted is not None:
            said = _("第%(n)d次课的考勤已保存，登记了%(m)d人。")
            return self._back(request, made, said % {"n": row.number, "m": roll.noted})
        return self._page_of(
            request,
            "attendance",
            _("第%(n)d次课点名") % {"n": row.number},
            made,
            when=dates.meeting(row.occasion.starts_at, row.occasion.ends_at),
            place=place_of(row.venue, row.room),
            roll=roll,
            people=roll.people,
            has_errors=roll.has_errors,
        )

    @method_decorator(require_GET)
    def code_view(self, request, pk, lesson):
        """The code that people tap by, on the teacher's telephone."""
        made, row = self._to_note(request, pk, lesson)
        return self._page_of(
            request,
            "code",
            _("第%(n)d次课签到") % {"n": row.number},
            made,
            when=dates.meeting(row.occasion.starts_at, row.occasion.ends_at),
            place=place_of(row.venue, row.room),
            door=rollcall.door(request, row.occasion),
            picture=self._at("code_picture", pk, lesson),
            roll=self._at("attendance", pk, lesson),
        )

    @method_decorator(require_GET)
    def code_picture_view(self, request, pk, lesson):
        _made, row = self._to_note(request, pk, lesson)
        return rollcall.picture(request, row.occasion)

    def _to_note(self, request, pk, lesson):
        """(class, lesson) of theirs whose attendance they may note."""
        made = self._class(request, pk)
        if not request.user.has_perm(NOTE):
            raise PermissionDenied
        row = self._lesson(made, lesson)
        row.occasion.offering = made.offering
        return made, row

    # --- the teacher

    @method_decorator(require_GET)
    def mine_view(self, request):
        """A teacher's own day: today's lessons, those whose people are not noted yet,
        the next ones, their classes."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        today = timezone.localdate()
        lessons = Lesson.objects.of_teacher(request.user)
        midnight = moment_of(today, time.min)
        coming = _said(lessons.filter(occasion__ends_at__gte=midnight)[:20])
        earlier = lessons.to_note().filter(occasion__ends_at__lt=midnight)
        classes = (
            CourseClass.objects.filter(teacher__user=request.user)
            .select_related("term", "offering")
            .with_people()
            .order_by("-term__number", "offering__starts_at", "pk")[:30]
        )
        return self._page_of(
            request,
            "mine",
            _("我教的班"),
            today=[lesson for lesson in coming if lesson.day == today],
            coming=[lesson for lesson in coming if lesson.day != today][:5],
            to_note=_said(earlier[:20]),
            classes=classes,
            may_note=request.user.has_perm(NOTE),
        )


def _said(lessons):
    """Lessons with their day, and when and where they are, in words."""
    for lesson in lessons:
        starts_at = lesson.occasion.starts_at
        lesson.day = timezone.localdate(starts_at)
        lesson.when = dates.meeting(starts_at, lesson.occasion.ends_at)
        lesson.place = place_of(lesson.venue, lesson.room)
    return lessons


def _standing(signup: Signup) -> str:
    if signup.rank:
        return _("候补第%(n)d位") % {"n": signup.rank}
    return signup.get_status_display()


def _last4(signup: Signup) -> str:
    account = signup.worker.user if signup.worker else None
    return phones.masked(account.phone_last4) if account else ""
