"""The grounds on which a term, a class or a lesson is not arranged as asked."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.errors import Reason

TERM_WINDOW = Reason(
    "window_backwards", _("报名截止应晚于报名开始。"), field="closes_at"
)
TERM_DAYS = Reason("days_backwards", _("上课结束不能早于上课开始。"), field="ends_on")
NUMBER_TAKEN = Reason("number_taken", _("已有这一期。"), field="number")
NAME_TAKEN = Reason("name_taken", _("这一期已有同名的班。"), field="name")
NO_WEEKDAY = Reason("no_weekday", _("请选择星期几上课。"), field="weekdays")
TOO_FEW_LESSONS = Reason("lessons", _("课次应为1至60次。"), field="lessons")
TIMES_BACKWARDS = Reason("times_backwards", _("结束时间应晚于开始时间。"), field="ends")
OUTSIDE_TERM = Reason(
    "outside_term", _("第一次课应在本期上课日期之内。"), field="first_day"
)
TOO_MANY_SKIPPED = Reason(
    "too_many_skipped", _("停课日太多，两年内排不完这些课次。"), field="skip"
)
CALLED_OFF = Reason("called_off", _("该班已停办，不能再调整。"))
ENOUGH_PEOPLE = Reason("enough_people", _("人数已达开班人数，不能按未开班处理。"))
HAS_BEGUN = Reason("has_begun", _("已经开课，请用“停办”。"))
OVER = Reason("over", _("该班已结课，不能停办。"))
NEEDS_REASON = Reason("needs_reason", _("请填写停办原因，学员会看到。"))
REASON_TOO_LONG = Reason("reason_too_long", _("停办原因请不超过200字。"))
PLAN_PUBLISHED = Reason("plan_published", _("这一期已经公布，草稿不能再改。"))
PLAN_CHANGED = Reason(
    "plan_changed", _("您打开此页后，他人已修改这份草稿，不同之处见下面各格。")
)
PLAN_EMPTY = Reason("plan_empty", _("还没有班级，请至少填写一个班。"))
LESSON_OFF = Reason("lesson_off", _("这次课已停课，不能再调整。"))
LESSON_OVER = Reason("lesson_over", _("这次课已经上过，不能停课。"))
LAST_LESSON = Reason("last_lesson", _("只剩这一次课，请停办全班。"))
NEEDS_LESSON_REASON = Reason(
    "needs_reason", _("请填写停课原因，学员会看到。"), field="reason"
)
LESSON_REASON_TOO_LONG = Reason(
    "reason_too_long", _("停课原因请不超过200字。"), field="reason"
)


def too_few_to_open(needed: int) -> str:
    """Why a class is not opened, for those who read it."""
    return gettext("报名不足%(n)d人，未开班。") % {"n": needed}
