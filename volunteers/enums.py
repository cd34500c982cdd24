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


class EventState(models.TextChoices):
    """How a service stands, computed from its times (``ServiceEvent.state``)."""

    CALLED_OFF = "called_off", _("已取消")
    COMING = "coming", _("未开始")
    RUNNING = "running", _("进行中")
    OVER = "over", _("已结束")
    CLOSED = "closed", _("已登记时长")


class Evidence(models.TextChoices):
    """What shows that somebody came, or went, when the record says so."""

    NONE = "none", _("没有签到")
    CODE = "code", _("签到码")
    ROSTER = "roster", _("队长点名")
    FILLED = "filled", _("队长补填")
    PROOF = "proof", _("事后佐证")


class Side(models.TextChoices):
    IN = "in", _("到场")
    OUT = "out", _("离开")


class RecordSort(models.TextChoices):
    SERVICE = "service", _("服务")
    CORRECTION = "correction", _("更正")
    VOID = "void", _("作废")


class RecordState(models.TextChoices):
    """unproven → recorded → confirmed, which never changes again; a correction or a
    voiding is a row of its own that takes the place of the one before."""

    UNPROVEN = "unproven", _("待佐证")
    RECORDED = "recorded", _("待确认")
    RETURNED = "returned", _("已退回")
    CONFIRMED = "confirmed", _("已确认")
    DROPPED = "dropped", _("已撤下")


class HoursState(models.TextChoices):
    """How a record stands now for its person (``ServiceRecordQuerySet.with_state``)."""

    UNPROVEN = "unproven", _("待佐证")
    RECORDED = "recorded", _("待确认")
    RETURNED = "returned", _("退回重登")
    DROPPED = "dropped", _("已撤下")
    DISPUTED = "disputed", _("有异议，处理中")
    PUBLICISED = "publicised", _("公示中")
    CERTIFIABLE = "certifiable", _("可出具证明")
    CORRECTED = "corrected", _("已被更正")
    VOID = "void", _("已作废")


class DisputeState(models.TextChoices):
    OPEN = "open", _("待处理")
    UPHELD = "upheld", _("同意更正")
    DISMISSED = "dismissed", _("维持原时长")


class CountersignState(models.TextChoices):
    WAITING = "waiting", _("待对方确认")
    SIGNED = "signed", _("对方已确认")
    DISPUTED = "disputed", _("对方有异议")
