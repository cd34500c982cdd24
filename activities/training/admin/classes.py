from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminTextareaWidget
from django.db.models import TextField
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from activities.training import errors, services
from activities.training.admin.boxes import ClassForm, LessonForm, NewClassForm
from activities.training.admin.people import RunsClass
from activities.training.facets import PeopleFilter
from activities.training.models import CourseClass, Lesson
from common import dates
from common.modeladmin import Named, PortalModelAdmin
from signups.services.offerings import Reserve


class LessonInline(Named, admin.TabularInline):
    """Topics and times of the lessons. Moving one is moving everybody's time."""

    model = Lesson
    form = LessonForm
    exclude = ["room"]  # the form's box takes a name, which the verb makes a room
    fields = ["number", "topic", "starts_at", "ends_at", "room", "moved_from"]
    readonly_fields = ["number", "moved_from"]
    extra = 0
    can_delete = False

    def get_queryset(self, request):
        return super().get_queryset(request).in_order()

    def has_add_permission(self, request, obj=None):
        return False

    # for those who may only view: the form's boxes are not there then
    @admin.display(description=_("开始"))
    def starts_at(self, lesson):
        return dates.moment(lesson.occasion.starts_at)

    @admin.display(description=_("结束"))
    def ends_at(self, lesson):
        return dates.moment(lesson.occasion.ends_at)


def _page_of(made):
    return reverse("admin:activities_training_courseclass_run", args=[made.pk])


@admin.register(CourseClass)
class CourseClassAdmin(RunsClass, PortalModelAdmin, admin.ModelAdmin):
    """Adding a row opens a class with its seats and lessons; every change goes through
    the verbs of the room and of the desk. Calling off needs a reason."""

    # the first three are in sight at 1024 px; the rest scrolls in the list's own box
    list_display = [
        "page",
        "state",
        "seats",
        "term_number",
        "kind",
        "venue",
        "room",
        "teacher_name",
    ]
    list_display_links = None  # the name leads to the class's own page
    list_filter = ["term", PeopleFilter, "kind", "venue"]
    list_select_related = ["term", "kind", "venue", "room", "offering"]
    search_fields = ["name", "teacher_name"]
    autocomplete_fields = ["term", "kind", "venue", "teacher"]
    exclude = ["room"]  # the form's box takes a name, which the verb makes a room
    actions = ["call_off_selected"]
    formfield_overrides = {
        TextField: {"widget": AdminTextareaWidget(attrs={"rows": 4})}
    }
    FACTS = [
        "kind",
        "name",
        "level",
        "venue",
        "room",
        "teacher_name",
        "teacher",
        "teacher_intro",
        "intro",
        "needs",
        "min_to_open",
    ]

    def get_form(self, request, obj=None, change=False, **kwargs):
        kwargs["form"] = ClassForm if obj else NewClassForm
        return super().get_form(request, obj, change=change, **kwargs)

    def get_fieldsets(self, request, obj=None):
        about = (_("班级"), {"fields": ["term", *self.FACTS]})
        if obj is None:
            return [
                about,
                (
                    _("名额"),
                    {
                        "fields": [
                            "capacity",
                            "reserved",
                            "reserved_for",
                            "reserved_until",
                            "waitlist_limit",
                            "is_members_only",
                        ]
                    },
                ),
                (
                    _("排课"),
                    {
                        "fields": [
                            "first_day",
                            "weekdays",
                            "starts",
                            "ends",
                            "lessons",
                            "avoids_holidays",
                            "skip",
                        ]
                    },
                ),
            ]
        if not self.has_change_permission(request, obj):
            return [about]
        return [
            about,
            (_("名额"), {"fields": ["capacity", "reserved", "waitlist_limit"]}),
            (
                _("报名"),
                {
                    "fields": [
                        "opens_at",
                        "closes_at",
                        "cancel_until",
                        "is_members_only",
                    ]
                },
            ),
        ]

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        if obj is not None:
            context["people_page"] = _page_of(obj)
            context["signup_count"] = obj.offering.signups.live().count()
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def get_readonly_fields(self, request, obj=None):
        return ["term"] if obj else []

    def get_inlines(self, request, obj):
        return [LessonInline] if obj else []

    def get_queryset(self, request):
        rows = super().get_queryset(request).managed_by(request.user)
        return rows.prefetch_related("offering__pools")

    def has_delete_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
        given = dict(form.cleaned_data)
        if change:
            changes = {name: given[name] for name in form.changed_data}
            made = services.change_class(course_class=obj, by=request.user, **changes)
        else:
            reserve = Reserve(
                audience=given.pop("reserved_for"),
                capacity=given.pop("reserved"),
                until=given.pop("reserved_until"),
            )
            made = services.open_class(by=request.user, reserve=reserve, **given)
            obj.pk, obj.offering = made.pk, made.offering
        for warning in services.teacher_clashes(course_class=made):
            self.message_user(request, warning, messages.WARNING)

    def save_formset(self, request, form, formset, change):
        for row in formset.forms:
            changed = set(row.changed_data)
            lesson = row.instance
            if changed & {"starts_at", "ends_at", "room"}:
                lesson = services.move_lesson(
                    lesson=lesson,
                    starts_at=row.cleaned_data["starts_at"],
                    ends_at=row.cleaned_data["ends_at"],
                    room=row.cleaned_data["room"],
                    by=request.user,
                )
            if "topic" in changed:
                services.name_lesson(
                    lesson=lesson, topic=row.cleaned_data["topic"], by=request.user
                )
        formset.new_objects, formset.deleted_objects = [], []
        formset.changed_objects = [
            (row.instance, row.changed_data)
            for row in formset.forms
            if row.changed_data
        ]

    @admin.action(description=_("停办所选培训班"), permissions=["change"])
    def call_off_selected(self, request, queryset):
        """Says first how many people it concerns, and asks for the reason: they will
        read it."""
        held = list(queryset.taking_place().not_over().with_people())
        if not held:
            said = _("所选培训班都已停办或结课。")
            self.message_user(request, said, messages.WARNING)
            return None
        for made in held:
            made.in_words = _("%(name)s（已报名%(seated)d人，候补%(waiting)d人）") % {
                "name": made.name,
                "seated": made.seated,
                "waiting": made.waiting,
            }
        reason = request.POST.get("reason", "").strip()
        if not reason:
            return self.ask_first(
                request,
                held,
                title=_("停办培训班"),
                consequence=_(
                    "共涉及%(people)d人次：已报名%(seated)d，候补%(waiting)d。停办后不能"
                    "恢复，不能再报名，教室和学员的时间随即空出，也不再占用学员的限报门"
                    "数。原因会显示给学员。"
                )
                % {
                    "people": sum(made.seated + made.waiting for made in held),
                    "seated": sum(made.seated for made in held),
                    "waiting": sum(made.waiting for made in held),
                },
                label=_("停办原因"),
                confirm=_("确定停办"),
                leave=_("不停办，返回"),
                error=errors.NEEDS_REASON.text if "reason" in request.POST else "",
            )
        self.act_on_each(
            request,
            held,
            lambda made: services.call_off_class(
                course_class=made, reason=reason, by=request.user
            ),
            _("已停办%(n)d个班。"),
        )
        return None

    @admin.display(description=_("班名"), ordering="name")
    def page(self, made):
        return format_html('<a href="{}">{}</a>', _page_of(made), made.name)

    @admin.display(description=_("已占/名额"))
    def seats(self, made):
        pools = made.offering.pools.all()
        return f"{sum(p.taken for p in pools)}/{sum(p.capacity for p in pools)}"

    @admin.display(description=_("状态"))
    def state(self, made):
        offering, now = made.offering, timezone.now()
        if offering.withdrawn_at is not None:
            return _("未开班") if offering.is_unopened else _("已停办")
        if offering.is_over:
            return _("已结课")
        if now < offering.opens_at:
            return _("未开始报名")
        return _("报名中") if now < offering.closes_at else _("报名已截止")

    @admin.display(description=_("期"), ordering="term__number")
    def term_number(self, made):
        return _("第%(n)d期") % {"n": made.term.number}
