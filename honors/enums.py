from django.db import models
from django.utils.translation import gettext_lazy as _


class Level(models.TextChoices):
    NATIONAL = "national", _("国家级")
    PROVINCIAL = "provincial", _("省级")
    CITY = "city", _("市级")
    COUNTY = "county", _("县区级")
    UNIT = "unit", _("单位级")


class ProgramKind(models.TextChoices):
    CRAFTSMAN = "craftsman", _("工匠")
    BEAUTIFUL_WORKER = "beautiful", _("最美劳动者")
    CIVIL_PIONEER = "civil", _("文明先锋")
    MODEL_WORKER = "model", _("劳动模范")
    LABOUR_MEDAL = "medal", _("五一劳动奖章")
    COLLECTIVE = "collective", _("集体荣誉")
    OTHER = "other", _("其他")


class Industry(models.TextChoices):
    STEEL = "steel", _("钢铁钒钛")
    MINING = "mining", _("能源矿业")
    MACHINERY = "machinery", _("机械制造")
    BUILDING = "building", _("建筑水电")
    TRANSPORT = "transport", _("交通运输")
    HEALTH = "health", _("医疗卫生")
    EDUCATION = "education", _("教育科研")
    PUBLIC = "public", _("公共服务")
    CULTURE = "culture", _("文化旅游")
    FARMING = "farming", _("现代农业")
    OTHER = "other", _("其他行业")


class Gender(models.TextChoices):
    WOMAN = "woman", _("女")
    MAN = "man", _("男")


class Focus(models.TextChoices):
    """What of a portrait stays where its frame is narrower or lower than the picture."""

    TOP_LEFT = "top-left", _("左上")
    TOP = "top", _("上方（人像通常如此）")
    TOP_RIGHT = "top-right", _("右上")
    LEFT = "left", _("左侧")
    CENTRE = "centre", _("正中")
    RIGHT = "right", _("右侧")
    BOTTOM = "bottom", _("下方")


class WallOrder(models.TextChoices):
    """How those of one year stand on the wall."""

    PINYIN = "pinyin", _("按姓氏拼音")
    STROKES = "strokes", _("按姓氏笔画")


class ScoreMethod(models.TextChoices):
    """How the points of the jurors, each weighted by the criteria, become one score."""

    MEDIAN = "median", _("取中位数")
    TRIMMED = "trimmed", _("去掉一个最高分和一个最低分后取平均")


class JuryMode(models.TextChoices):
    ASSIGNED = "assigned", _("每份材料指定评委")
    EVERYBODY = "everybody", _("每位评委评全部材料")


class NameOrder(models.TextChoices):
    """The two customs of ordering names by strokes; they differ where a given name has
    one character."""

    SURNAME = "surname", _("按姓氏笔画（单名排在双名前）")
    FULL = "full", _("按姓名笔画（逐字比较）")


class CompositionKind(models.TextChoices):
    """Whom a rule about the make-up of a list counts; groups count for none."""

    FRONTLINE = "frontline", _("一线职工")
    WOMEN = "women", _("女职工")
    MIGRANT = "migrant", _("农民工")
    HEADS = "heads", _("企业负责人")


class Bound(models.TextChoices):
    FLOOR = "floor", _("不低于")
    CEILING = "ceiling", _("不高于")


class NominationState(models.TextChoices):
    """Where a nomination is. What leads from one to the next: ``MOVES``."""

    DRAFT = "draft", _("草稿")
    UNIT_NOTICE = "unit_notice", _("单位公示中")
    UNIT_SUBMITTED = "unit_submitted", _("待县区（产业）工会审核")
    COUNTY_REVIEW = "county_review", _("县区（产业）工会已同意，待资格审查")
    ELIGIBLE = "eligible", _("资格审查通过")
    JURY = "jury", _("评审中")
    SHORTLISTED = "shortlisted", _("拟推荐人选")
    CITY_NOTICE = "city_notice", _("市级公示中")
    APPROVED = "approved", _("已审定")
    CONFERRED = "conferred", _("已授予")
    RETURNED = "returned", _("已退回，待修改")
    REJECTED = "rejected", _("未通过")
    WITHDRAWN = "withdrawn", _("已撤回")
    REVOKED = "revoked", _("已撤销")


class NominationRole(models.TextChoices):
    """In what capacity somebody takes a step with a nomination."""

    STEWARD = "steward", _("推荐单位")
    REVIEWER = "reviewer", _("县区（产业）工会")
    SECRETARY = "secretary", _("市总工会")


_S, _R = NominationState, NominationRole
_UNIT, _COUNTY, _CITY = _R.STEWARD, _R.REVIEWER, _R.SECRETARY

# (from, to) → who may take the step. There is no other step: the table refuses it, as it
# refuses one in a foreign capacity. Where no county or industry union stands above the
# unit, the city answers in its place.
MOVES: dict[tuple[str, str], tuple[str, ...]] = {
    (_S.DRAFT, _S.UNIT_NOTICE): (_UNIT,),
    (_S.UNIT_NOTICE, _S.DRAFT): (_UNIT,),  # its words change: the notice is void
    (_S.UNIT_NOTICE, _S.UNIT_SUBMITTED): (_UNIT,),
    (_S.RETURNED, _S.UNIT_NOTICE): (_UNIT,),
    # only papers were missing: the notice of the same words still holds
    (_S.RETURNED, _S.UNIT_SUBMITTED): (_UNIT,),
    (_S.UNIT_SUBMITTED, _S.COUNTY_REVIEW): (_COUNTY, _CITY),
    (_S.UNIT_SUBMITTED, _S.RETURNED): (_COUNTY, _CITY),
    (_S.UNIT_SUBMITTED, _S.REJECTED): (_COUNTY, _CITY),
    (_S.COUNTY_REVIEW, _S.ELIGIBLE): (_CITY,),
    (_S.COUNTY_REVIEW, _S.RETURNED): (_CITY,),
    (_S.COUNTY_REVIEW, _S.REJECTED): (_CITY,),
    (_S.ELIGIBLE, _S.JURY): (_CITY,),
    (_S.JURY, _S.SHORTLISTED): (_CITY,),
    (_S.SHORTLISTED, _S.JURY): (_CITY,),  # off the list again
    (_S.SHORTLISTED, _S.CITY_NOTICE): (_CITY,),
    (_S.CITY_NOTICE, _S.APPROVED): (_CITY,),
    (_S.APPROVED, _S.CONFERRED): (_CITY,),
    (_S.CONFERRED, _S.REVOKED): (_CITY,),
    (_S.REVOKED, _S.CONFERRED): (_CITY,),  # revoked in error
    **{
        (state, _S.REJECTED): (_CITY,)
        for state in (_S.ELIGIBLE, _S.JURY, _S.SHORTLISTED, _S.CITY_NOTICE, _S.APPROVED)
    },
    **{
        (state, _S.WITHDRAWN): (_UNIT,)
        for state in (_S.DRAFT, _S.UNIT_NOTICE, _S.RETURNED)
    },
    **{
        (state, _S.WITHDRAWN): (_UNIT, _CITY)
        for state in (
            *(_S.UNIT_SUBMITTED, _S.COUNTY_REVIEW, _S.ELIGIBLE, _S.JURY),
            *(_S.SHORTLISTED, _S.CITY_NOTICE, _S.APPROVED),
        )
    },
}

# Over without an honour: the same worker may be nominated again in the edition.
ENDED = (_S.REJECTED, _S.WITHDRAWN)
# Where the unit may type.
EDITABLE = (_S.DRAFT, _S.RETURNED)
# Where words may change at all: the city's corrections too, never under review, before
# the jury or after approval.
CORRECTABLE = (*EDITABLE, _S.ELIGIBLE, _S.SHORTLISTED, _S.CITY_NOTICE)
# Steps whose reason the people concerned have to hear.
NEED_REASON = (_S.RETURNED, _S.REJECTED, _S.WITHDRAWN, _S.REVOKED)


class DocumentKind(models.TextChoices):
    UNIT_OPINION = "unit", _("职代会或单位意见")
    SCAN = "scan", _("盖章的推荐表或证明")
    PHOTO = "photo", _("照片")
    OPINION = "opinion", _("有关部门意见")
    STEP = "step", _("办理文书")
    PASSPORT = "passport", _("职工成长档案")
    OTHER = "other", _("其他材料")


class DocumentFormat(models.TextChoices):
    PDF = "pdf", _("PDF文件")
    PICTURE = "picture", _("图片")


class ProposalState(models.TextChoices):
    OPEN = "open", _("待单位工会办理")
    TAKEN = "taken", _("单位工会已受理")
    DECLINED = "declined", _("单位工会未受理")


class PeriodState(models.TextChoices):
    """Where a public notice is by the calendar; objections stand beside it."""

    DRAFT = "draft", _("待发布")
    SCHEDULED = "scheduled", _("待公示")
    RUNNING = "running", _("公示中")
    ENDED = "ended", _("公示已结束")
    STOPPED = "stopped", _("已终止，重新公示")


class ObjectionKind(models.TextChoices):
    PERSON = "person", _("以个人名义")
    UNIT = "unit", _("以单位名义")


class ObjectionSource(models.TextChoices):
    ONLINE = "online", _("网上提交")
    LETTER = "letter", _("来信")
    VISIT = "visit", _("来电来访")


class ObjectionState(models.TextChoices):
    RECEIVED = "received", _("已收到，待调查")
    INVESTIGATING = "investigating", _("调查核实中")
    UPHELD = "upheld", _("反映属实，异议成立")
    DISMISSED = "dismissed", _("经查不属实，异议不成立")


# While one of these is there, nobody on the notice is approved or conferred.
OPEN_OBJECTION = (ObjectionState.RECEIVED, ObjectionState.INVESTIGATING)


class RecusalGround(models.TextChoices):
    """Why a juror has nothing to do with a file."""

    SELF = "self", _("本人是推荐人选")
    UNIT = "unit", _("推荐单位是评委所在单位或其下属单位")
    KIN = "kin", _("与推荐人选有亲属等利害关系")
    SECRETARY = "secretary", _("市总工会决定回避")
