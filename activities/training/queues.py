"""The part of the free classes in the back office's home (``common.queues``)."""

from django.urls import reverse
from django.utils.translation import gettext as _

from activities.training.models import CourseClass, Lesson, Term, TermPlan
from common.letters import characters
from common.queues import Agenda, Finder, Hit, Job, Queue, within

_CLASSES = "admin:activities_training_courseclass_changelist"
_MINE = "admin:activities_training_courseclass_mine"
_TERMS = "admin:activities_training_term_changelist"


def waiting(user) -> list[Queue]:
    """For who manages the classes: those that may not take place for want of people,
    while their sign-up still runs, and terms that nobody sees yet. For a teacher their
    lessons of which it is not noted who came."""
    if not user.has_perm("signups.manage_class"):
        return _of_teacher(user)
    return [
        Queue(
            _("报名中、人数未达开班线的班"),
            CourseClass.objects.taking_place().open_now().too_few(),
            f"{reverse(_CLASSES)}?people=few",
            due="offering__closes_at",
        ),
        Queue(
            _("报名已截止、人数不足，待定是否开班"),
            CourseClass.objects.to_decide(),
            f"{reverse(_CLASSES)}?people=decide",
            since="offering__closes_at",
            due="offering__starts_at",
        ),
        Queue(
            _("有人候补的班"),
            CourseClass.objects.taking_place().open_now().with_a_queue(),
            f"{reverse(_CLASSES)}?people=waiting",
        ),
        Queue(
            _("尚未公布的培训期"),
            Term.objects.filter(is_published=False),
            f"{reverse(_TERMS)}?is_published__exact=0",
            since="created_at",
            due="opens_at",
        ),
        Queue(
            _("新一期草稿"),
            TermPlan.objects.open(),
            reverse("admin:activities_training_termplan_changelist"),
            since="created_at",
        ),
    ]


def _of_teacher(user) -> list[Queue]:
    if not user.has_perm("signups.note_attendance"):
        return []
    return [
        Queue(
            _("待点名的课（近两周）"),
            Lesson.objects.of_teacher(user).to_note(),
            reverse(_MINE),
            since="occasion__starts_at",
        )
    ]


def today(user, day) -> list[Agenda]:
    """Lessons of one's own classes (a teacher's; all for who manages them), and the
    sign-ups that open and close."""
    made = []
    if not user.has_perm("activities_training.view_courseclass"):
        return made
    classes = CourseClass.objects.managed_by(user).taking_place()
    # a class meets once on a day, as a rule: its row leads to its page
    lessons = classes.filter(
        within("lessons__occasion__starts_at", day),
        lessons__occasion__cancelled_at=None,
    )
    made.append(
        Agenda(_("上课"), lessons, "lessons__occasion__starts_at", "name", _class)
    )
    if user.has_perm("signups.manage_class"):
        made += [
            Agenda(title, classes.filter(within(at, day)), at, "name", _class)
            for title, at in [
                (_("报名开始"), "offering__opens_at"),
                (_("报名截止"), "offering__closes_at"),
            ]
        ]
    return made


def jobs(user) -> list[Job]:
    if not user.has_perm("activities_training.view_courseclass"):
        return []
    is_all = user.has_perm("signups.manage_class") or user.has_perm(
        "signups.view_all_signups"
    )
    title = _("培训班") if is_all else _("我教的班")
    if is_all:
        made = [Job(title, reverse(_CLASSES), _("时间、教室、学员和候补"))]
        if user.has_perm("activities_training.view_term"):
            board = reverse("admin:activities_training_term_choose")
            said = _("报满、候补、递补、缺席和摇号，带图表")
            made.append(Job(_("本期看板"), board, said))
    else:
        made = [Job(title, reverse(_MINE), _("今天的课、点名、学员名单"))]
    if user.has_perm("activities_training.add_termplan"):
        made.append(
            Job(
                _("开新一期"),
                reverse("admin:activities_training_termplan_add"),
                _("沿用上一期的班，一张表改完一起公布"),
            )
        )
    return made


def found(user, text) -> list[Finder]:
    """Classes by a part of their name or the teacher's, the newest term first."""
    if not user.has_perm("activities_training.view_courseclass"):
        return []
    return [
        Finder(
            _("培训班"),
            CourseClass.objects.managed_by(user)
            .named_like(characters(text).strip())
            .select_related("term"),
            lambda course_class: Hit(
                course_class.name, _class(course_class.pk), course_class.term.title
            ),
        )
    ]


def _class(key):
    return reverse("admin:activities_training_courseclass_run", args=[key])
