"""Terms of free classes, their classes and lessons. Seats stand at the desk."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.templatetags.static import static
from django.utils.translation import gettext_lazy as _

from activities.training.enums import Level, Motif
from activities.training.querysets import (
    CourseClassQuerySet,
    LessonQuerySet,
    TermPlanQuerySet,
    TermQuerySet,
)
from activities.venues.models import Room, Venue
from common import history, links, searching
from common.models import Timestamped
from members.models import Worker
from signups.models import Limit, Occasion, Offering


class Term(Timestamped):
    """One term of free classes. Its limit at the desk says how many a worker may hold."""

    number = models.PositiveSmallIntegerField(_("期号"), unique=True)
    title = models.CharField(_("名称"), max_length=80)
    limit = models.OneToOneField(
        Limit,
        verbose_name=_("限报"),
        on_delete=models.PROTECT,
        editable=False,
        related_name="term",
    )
    opens_at = models.DateTimeField(_("报名开始"))
    closes_at = models.DateTimeField(_("报名截止"))
    starts_on = models.DateField(_("上课开始"))
    ends_on = models.DateField(_("上课结束"))
    audience = models.CharField(_("招生对象"), max_length=80, default=_("本市工会会员"))
    notice = models.TextField(_("报名须知"), blank=True, help_text=_("一行一条。"))
    contact_phone = models.CharField(_("咨询电话"), max_length=40, blank=True)
    is_published = models.BooleanField(
        _("公布"), default=False, help_text=_("公布后所有人可见。")
    )

    objects = TermQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("培训期")
        ordering = ["-number"]
        constraints = [
            models.CheckConstraint(
                name="activities_training_term_has_title",
                condition=~Q(title="") & Q(number__gte=1),
                violation_error_message=_("请填写期号和名称。"),
            ),
            models.CheckConstraint(
                name="activities_training_term_window_forward",
                condition=Q(closes_at__gt=F("opens_at")),
                violation_error_message=_("报名截止应晚于报名开始。"),
            ),
            models.CheckConstraint(
                name="activities_training_term_days_forward",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("上课结束不能早于上课开始。"),
            ),
        ]
        triggers = [
            history.track(),
            searching.watch(
                "classes",
                columns=["title", "is_published"],
                keys="SELECT id FROM activities_training_courseclass"
                " WHERE term_id = NEW.id",
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return links.row("activities:training:term-detail", self.pk)

    @property
    def notice_lines(self) -> list[str]:
        return [line.strip() for line in self.notice.splitlines() if line.strip()]


class CourseKind(models.Model):
    """What is taught: singing, tea, photography …"""

    name = models.CharField(_("名称"), max_length=20, unique=True)
    position = models.PositiveSmallIntegerField(
        _("次序"), default=0, help_text=_("小的在前。")
    )
    motif = models.CharField(
        _("配图"), max_length=10, choices=Motif, default=Motif.OTHER
    )

    class Meta:
        verbose_name = verbose_name_plural = _("课程门类")
        ordering = ["position", "pk"]

    def __str__(self):
        return self.name

    @property
    def picture_url(self) -> str:
        return static(f"img/class-{self.motif}.svg")


class CourseClass(Timestamped):
    """One class of a term. Its window, rules and seats are its offering's."""

    term = models.ForeignKey(
        Term,
        verbose_name=_("培训期"),
        on_delete=models.PROTECT,
        related_name="classes",
    )
    kind = models.ForeignKey(
        CourseKind,
        verbose_name=_("门类"),
        on_delete=models.PROTECT,
        related_name="classes",
    )
    name = models.CharField(
        _("班名"), max_length=60, help_text=_("如：瑜伽基础班（周二晚）")
    )
    level = models.CharField(
        _("程度"), max_length=10, choices=Level, default=Level.ZERO
    )
    venue = models.ForeignKey(
        Venue,
        verbose_name=_("场馆"),
        on_delete=models.PROTECT,
        related_name="classes",
    )
    room = models.ForeignKey(
        Room,
        verbose_name=_("教室"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="classes",
    )
    teacher_name = models.CharField(_("任课教师"), max_length=30)
    # a teacher who is one of the people of the house sees their class in the back office
    teacher = models.ForeignKey(
        Worker,
        verbose_name=_("教师（职工）"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="classes_taught",
        help_text=_("教师本人在册时选，本人可在后台看到自己的班。"),
    )
    teacher_intro = models.TextField(_("教师简介"), blank=True)
    intro = models.TextField(
        _("课程介绍"), blank=True, help_text=_("空一行即另起一段。")
    )
    needs = models.TextField(_("自备物品"), blank=True, help_text=_("一行一条。"))
    min_to_open = models.PositiveSmallIntegerField(
        _("开班人数"), default=10, help_text=_("不足此数可以不开班，0为不限。")
    )
    offering = models.OneToOneField(
        Offering,
        verbose_name=_("报名项目"),
        on_delete=models.PROTECT,
        editable=False,
        related_name="course_class",
    )

    objects = CourseClassQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("培训班")
        ordering = ["-term__number", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="activities_training_courseclass_name_once",
                fields=["term", "name"],
                violation_error_message=_("这一期已有同名的班。"),
            ),
            models.CheckConstraint(
                name="activities_training_courseclass_has_name",
                condition=~Q(name="") & ~Q(teacher_name=""),
                violation_error_message=_("请填写班名和任课教师。"),
            ),
        ]
        triggers = [
            history.track(),
            searching.watch(
                "classes",
                columns=[
                    "term_id",
                    "kind_id",
                    "name",
                    "level",
                    "venue_id",
                    "teacher_name",
                    "teacher_intro",
                    "intro",
                ],
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return links.row("activities:training:class-detail", self.pk)

    @property
    def room_name(self) -> str:
        return self.room.name if self.room else ""

    @property
    def needs_lines(self) -> list[str]:
        return [line.strip() for line in self.needs.splitlines() if line.strip()]


class Lesson(models.Model):
    """One meeting of a class. When it takes place stands in its occasion at the desk,
    that it has its room in ``venues.RoomUse``."""

    course_class = models.ForeignKey(
        CourseClass,
        verbose_name=_("培训班"),
        on_delete=models.CASCADE,
        related_name="lessons",
    )
    number = models.PositiveSmallIntegerField(_("次"))
    topic = models.CharField(_("内容"), max_length=80, blank=True)
    occasion = models.OneToOneField(
        Occasion,
        verbose_name=_("场次"),
        on_delete=models.PROTECT,
        editable=False,
        related_name="lesson",
    )
    venue = models.ForeignKey(
        Venue,
        verbose_name=_("场馆"),
        on_delete=models.PROTECT,
        editable=False,
        related_name="lessons",
    )
    room = models.ForeignKey(
        Room,
        verbose_name=_("教室"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="lessons",
    )
    moved_from = models.DateTimeField(
        _("原定时间"), null=True, blank=True, editable=False
    )
    # that it does not take place stands in its occasion; this is what people read
    called_off_reason = models.CharField(
        _("停课原因"), max_length=200, blank=True, default="", editable=False
    )

    objects = LessonQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("课次")
        ordering = ["course_class", "number"]
        constraints = [
            models.UniqueConstraint(
                name="activities_training_lesson_number_once",
                fields=["course_class", "number"],
            ),
        ]
        triggers = [history.track()]

    def __str__(self):
        # no relation is followed: this prints in every log entry of the admin
        return f"{self._meta.verbose_name} {self.number}"


class TermPlan(Timestamped):
    """A term that is being prepared: its facts and classes as somebody typed them, right
    or wrong. Nothing of it exists for anybody else until all of it is published at once
    (``services.plans``)."""

    source = models.ForeignKey(
        Term,
        verbose_name=_("沿用"),
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="plans",
    )
    # of the term and of each class: the text of each box, by its name
    content = models.JSONField(_("内容"), default=dict, editable=False)
    # counts each saving: a page that was opened before another one was saved is told
    revision = models.PositiveIntegerField(_("版次"), default=0, editable=False)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("最近修改"),
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
    )
    term = models.OneToOneField(
        Term,
        verbose_name=_("已公布为"),
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="plan",
    )

    objects = TermPlanQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("新一期草稿")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                name="activities_training_termplan_one_open",
                fields=["source"],
                condition=Q(term__isnull=True),
                violation_error_message=_("这一期已有一份草稿。"),
            )
        ]
        triggers = [history.track(but=["content"])]

    def __str__(self):
        return self.title or f"{self._meta.verbose_name} #{self.pk}"

    @property
    def title(self) -> str:
        return self.content.get("term", {}).get("title", "")

    @property
    def rows(self) -> list[dict]:
        return self.content.get("classes", [])
