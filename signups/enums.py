from django.db import models
from django.utils.translation import gettext_lazy as _


class OfferingKind(models.TextChoices):
    """What is asked for. Who may manage it is a right of its own for each kind:
    ``signups.manage_<kind>``."""

    CLASS = "class", _("培训班")
    PROGRAMME = "programme", _("演出活动")
    SLOT = "slot", _("场地时段")
    POST = "post", _("志愿服务岗位")
    MEET = "meet", _("联谊活动")

    @property
    def right(self) -> str:
        """The permission that manages offerings of this kind."""
        return f"signups.manage_{self.value}"

    @classmethod
    def managed_by(cls, user) -> list["OfferingKind"]:
        """The kinds that this back-office user may manage."""
        return [kind for kind in cls if user.has_perm(kind.right)]


# Kinds whose seats ask for rest, travel and a day's measure (``signups_spacing``).
SPACED = (OfferingKind.POST,)


class Mode(models.TextChoices):
    """How seats are given."""

    FIRST = "first", _("先到先得")
    DRAW = "draw", _("摇号")


class SignupStatus(models.TextChoices):
    """The states in which a signup lives (``ended_at`` is null), then those in which it
    has ended. The table spells both out, in two checks of ``Signup``. A seat that was
    used stays SEATED for good: who came is said by ``Attendance``, lesson by lesson, what
    staying away costs by ``ConductPoint`` (docs/signup-states.md)."""

    APPLIED = "applied", _("待摇号")
    WAITING = "waiting", _("候补")
    OFFERED = "offered", _("待确认")
    SEATED = "seated", _("已报名")
    CANCELLED = "cancelled", _("已取消")
    CANCELLED_LATE = "cancelled_late", _("逾期取消")
    LAPSED = "lapsed", _("逾期未确认")
    DECLINED = "declined", _("已放弃")
    NOT_DRAWN = "not_drawn", _("未中签")
    CALLED_OFF = "called_off", _("已停办")


class SignupState(models.TextChoices):
    """How a signup stands for its person now: its status, or that it waits in a queue
    that is over (``SignupQuerySet.with_state``)."""

    QUEUE_OVER = "queue_over", _("候补已结束")
    APPLIED = "applied", _("待摇号")
    WAITING = "waiting", _("候补")
    OFFERED = "offered", _("待确认")
    SEATED = "seated", _("已报名")
    CANCELLED = "cancelled", _("已取消")
    CANCELLED_LATE = "cancelled_late", _("逾期取消")
    LAPSED = "lapsed", _("逾期未确认")
    DECLINED = "declined", _("已放弃")
    NOT_DRAWN = "not_drawn", _("未中签")
    CALLED_OFF = "called_off", _("已停办")


class DrawStage(models.TextChoices):
    """How far a draw has come."""

    OPEN = "open", _("登记")
    FROZEN = "frozen", _("名单已封存")
    AGREED = "agreed", _("公开数已录入")
    DRAWN = "drawn", _("已摇号，未公布")
    RELEASED = "released", _("已公布")


class DrawOutcome(models.TextChoices):
    """What came of one choice in a draw."""

    WON = "won", _("中签")
    QUEUE = "queue", _("候补")
    OTHER = "other", _("已中其他志愿")


class ConductCause(models.TextChoices):
    """What a conduct point was given for."""

    LATE_CANCEL = "late_cancel", _("逾期取消")
    NO_SHOW = "no_show", _("无故缺席")


class Lifting(models.TextChoices):
    """Why a point does not count any more before its time."""

    CORRECTED = "corrected", _("考勤已更正")
    EXCUSED = "excused", _("单位已证明")
    APPEALED = "appealed", _("申诉成立")


class Ground(models.TextChoices):
    """Why somebody asks that a point be taken back. The first three are for the unit to
    confirm, the last for whoever runs what was missed."""

    OVERTIME = "overtime", _("加班")
    TRAVEL = "travel", _("出差")
    SICK = "sick", _("病假")
    OTHER = "other", _("其他原因")


UNIT_GROUNDS = (Ground.OVERTIME, Ground.TRAVEL, Ground.SICK)


class AppealState(models.TextChoices):
    OPEN = "open", _("待办理")
    ACCEPTED = "accepted", _("已同意")
    REFUSED = "refused", _("未同意")


# What one holds or asks for; what somebody else ended, shown with its reason.
HELD = (
    SignupState.APPLIED,
    SignupState.WAITING,
    SignupState.OFFERED,
    SignupState.SEATED,
)

LIVE = (
    SignupStatus.APPLIED,
    SignupStatus.WAITING,
    SignupStatus.OFFERED,
    SignupStatus.SEATED,
)

# ``queue_no`` of somebody who came by themselves: behind all who were given a number
UNNUMBERED = 2**31 - 1


class PoolKind(models.TextChoices):
    GENERAL = "general", _("普通名额")
    AUDIENCE = "audience", _("预留名额")
    UNION = "union", _("单位预留")
    DOOR = "door", _("现场名额")
    # who has come to so many things of this kind (``Rules.practised_after``)
    PRACTISED = "practised", _("熟手名额")


class Audience(models.TextChoices):
    """For whom a reserve is kept."""

    FRONTLINE = "frontline", _("一线职工")
    MIGRANT = "migrant", _("农民工")
    EITHER = "either", _("一线职工、农民工")


class LimitUnit(models.TextChoices):
    """What a limit counts."""

    SIGNUPS = "signups", _("项数")
    SEATS = "seats", _("名额数")
    MINUTES = "minutes", _("分钟")


class LimitPer(models.TextChoices):
    """Over what stretch of time (of Shanghai) a limit counts."""

    ALL = "all", _("全部")
    DAY = "day", _("每天")
    WEEK = "week", _("每周")
    MONTH = "month", _("每月")


class AttendanceState(models.TextChoices):
    PRESENT = "present", _("到场")
    LATE = "late", _("迟到")
    EXCUSED = "excused", _("请假")
    ABSENT = "absent", _("缺席")
    MADE_UP = "made_up", _("已补课")


class PaperPurpose(models.TextChoices):
    SIGN_UP = "sign_up", _("报名")
    ATTENDANCE = "attendance", _("签到")


class PaperOutcome(models.TextChoices):
    """What became of a ticked line of a list on paper."""

    DONE = "done", _("已办")
    WAITS = "waits", _("已排候补")
    REFUSED = "refused", _("未办成")
    TAKEN_BACK = "taken_back", _("已撤回")
