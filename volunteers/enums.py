from django.db import models
from django.utils.translation import gettext_lazy as _

from common.dates import WEEKDAYS


class MemberRole(models.TextChoices):
    """The leader is the team's own field: a team has one, or none yet."""

    MEMBER = "member", _("队员")
    DEPUTY = "deputy", _("副队长")


class TeamKind(models.TextChoices):
    MODEL = "model", _("劳模爱心")
    HEALTH = "health", _("卫生健康")
    RED_STAR = "redstar", _("红星")
    LAW = "law", _("法律服务")
    GREEN = "green", _("生态环保")
    CIVILITY = "civility", _("文明劝导")
    CULTURE = "culture", _("文化文艺")
    SKILL = "skill", _("技能帮扶")
    SAFETY = "safety", _("安全应急")
    CARE = "care", _("关爱帮扶")
    OTHER = "other", _("其他")


class JoinMode(models.TextChoices):
    """How one comes into a team."""

    REQUEST = "request", _("申请，队长同意后加入")
    INVITATION = "invitation", _("队长邀请")
    FREE = "free", _("自由加入")
    CLOSED = "closed", _("不招新")


class JoinSide(models.TextChoices):
    """Who asked; the other side answers."""

    WORKER = "worker", _("职工申请")
    TEAM = "team", _("队长邀请")


class JoinState(models.TextChoices):
    OPEN = "open", _("待答复")
    ACCEPTED = "accepted", _("已同意")
    DECLINED = "declined", _("未同意")
    WITHDRAWN = "withdrawn", _("已撤回")


class PartOfDay(models.IntegerChoices):
    MORNING = 0, _("上午")
    AFTERNOON = 1, _("下午")
    EVENING = 2, _("晚上")


def time_in_words(time: int) -> str:
    """“周六上午”, of a time of the week: weekday × parts of a day, Monday's morning
    being 0."""
    weekday, part = divmod(time, len(PartOfDay))
    return f"周{WEEKDAYS[weekday]}{PartOfDay(part).label}"


class NeedState(models.TextChoices):
    """open → offered → taken → planned → done. An open need may be taken without an
    offer; a team that declines or gives it back leaves it open."""

    OPEN = "open", _("待承接")
    OFFERED = "offered", _("已指派，待队长答复")
    TAKEN = "taken", _("已承接")
    PLANNED = "planned", _("已安排服务")
    DONE = "done", _("已完成")
    UNMET = "unmet", _("未能满足")
    WITHDRAWN = "withdrawn", _("已撤回")


class NeedMove(models.TextChoices):
    """What happened to a need, for good."""

    FILED = "filed", _("提出")
    OFFERED = "offered", _("指派")
    TAKEN = "taken", _("承接")
    DECLINED = "declined", _("谢绝")
    RETURNED = "returned", _("退回")
    PLANNED = "planned", _("安排服务")
    UNPLANNED = "unplanned", _("服务取消")
    DONE = "done", _("完成")
    UNMET = "unmet", _("未能满足")
    WITHDRAWN = "withdrawn", _("撤回")


# a team has it on its hands
IN_HAND = (NeedState.TAKEN, NeedState.PLANNED)
OVER = (NeedState.DONE, NeedState.UNMET, NeedState.WITHDRAWN)


class ReportedOf(models.TextChoices):
    TEAMS = "teams", _("志愿服务队")
    PEOPLE = "people", _("志愿者")
    SERVICES = "services", _("志愿服务活动")
    SERVED = "served", _("服务职工群众")


class Qualifier(models.TextChoices):
    """Most figures of a report are soft; how soft stays with them."""

    EXACT = "", ""
    OVER = "over", _("余")
    NEARLY = "nearly", _("近")
