from django.db import models
from django.utils.translation import gettext_lazy as _


class UnionLevel(models.TextChoices):
    CITY = "city", _("市总工会")
    COUNTY = "county", _("县（区）总工会")
    INDUSTRY = "industry", _("产业工会")
    GRASSROOTS = "grassroots", _("基层工会")


class StewardRole(models.TextChoices):
    STEWARD = "steward", _("工会干部")
    REVIEWER = "reviewer", _("审核人")


class CertificateKind(models.TextChoices):
    TRAINING = "training", _("培训结业证书")
    SERVICE = "service", _("志愿服务证明")
    HONOUR = "honour", _("荣誉证书")


class ImportState(models.TextChoices):
    """How far the import of a roster has come."""

    UPLOADED = "uploaded", _("待对应列")
    MATCHED = "matched", _("待导入")
    APPLIED = "applied", _("已导入")


class RosterState(models.TextChoices):
    """How a union stands with its half-yearly roster check."""

    CONFIRMED = "confirmed", _("已核对")
    DUE = "due", _("待核对")
    OVERDUE = "overdue", _("逾期未核对")


class TryOutcome(models.TextChoices):
    """How an attempt to be recognised on the roster ended."""

    MATCHED = "matched", _("通过")
    WRONG = "wrong", _("不符")
    AMBIGUOUS = "ambiguous", _("多条相符")


class TransferState(models.TextChoices):
    PROPOSED = "proposed", _("待对方确认")
    DONE = "done", _("已转")
    DECLINED = "declined", _("未同意")


class TransferSide(models.TextChoices):
    GIVING = "giving", _("转出工会")
    RECEIVING = "receiving", _("转入工会")


class CorrectionField(models.TextChoices):
    """What of a roster row a person may say is wrong."""

    NAME = "name", _("姓名")
    MEMBER_NUMBER = "member_number", _("会员编号")
    IS_MEMBER = "is_member", _("会籍")
    IS_FRONTLINE = "is_frontline", _("一线职工")
    IS_MIGRANT = "is_migrant", _("农民工")
    OTHER = "other", _("其他")


class CorrectionState(models.TextChoices):
    OPEN = "open", _("待处理")
    ACCEPTED = "accepted", _("已更正")
    REFUSED = "refused", _("不予更正")
    DROPPED = "dropped", _("已撤回")


class RoleRequestState(models.TextChoices):
    OPEN = "open", _("待确认")
    CONFIRMED = "confirmed", _("已确认")
    DECLINED = "declined", _("未同意")
    DROPPED = "dropped", _("已失效")


class SmsKind(models.TextChoices):
    """What a text message was for. The first five carry a code."""

    SIGNUP = "signup", _("注册验证码")  # of old rows: logging in signs up now
    LOGIN = "login", _("登录验证码")
    RESET = "reset", _("重设密码验证码")
    OLD_PHONE = "old_phone", _("换号验证码（原号码）")
    NEW_PHONE = "new_phone", _("换号验证码（新号码）")
    TAKEN = "taken", _("告知号码已有账号")
    NO_ACCOUNT = "no_account", _("告知号码没有账号")
    MOVED = "moved", _("告知原号码已换号")


class SmsOutcome(models.TextChoices):
    """How far a text message came, as far as the portal can know."""

    SENT = "sent", _("已发出")
    REFUSED = "refused", _("短信平台拒绝")
    FAILED = "failed", _("未能送到短信平台")
    UNKNOWN = "unknown", _("结果不明")
    # the number has no account, and what is left of the hour is kept for those that do
    WITHHELD = "withheld", _("未发（为已有账号者保留）")


class TextState(models.TextChoices):
    """How far the text beside a notice has come; the first two are under way."""

    WAITING = "waiting", _("待发送")
    SENDING = "sending", _("发送中")
    SENT = "sent", _("已发出")
    FAILED = "failed", _("未发出")
    UNKNOWN = "unknown", _("结果不明")
    CANCELLED = "cancelled", _("不再发送")


class TextDrop(models.TextChoices):
    """Why a text never went out."""

    REPLACED = "replaced", _("情况已变")
    READ = "read", _("本人已读消息")
    OUTDATED = "outdated", _("已经过时")
    NO_PHONE = "no_phone", _("没有已验证的手机号")
    REFUSED = "refused", _("本人不接收")


class ConsentKind(models.TextChoices):
    PRIVACY = "privacy", _("个人信息处理告知")
    # apart from everything else (PIPL art. 29, 30): the last six are compared
    IDENTITY = "identity", _("核对证件号后六位")
