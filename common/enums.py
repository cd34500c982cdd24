from django.db import models
from django.utils.translation import gettext_lazy as _


class AuditOutcome(models.TextChoices):
    DONE = "done", _("成功")
    REFUSED = "refused", _("被拒绝")
    FAILED = "failed", _("失败")


class ChangeVerb(models.TextChoices):
    INSERT = "insert", _("新增")
    UPDATE = "update", _("修改")
    DELETE = "delete", _("删除")


class AuditVerb(models.TextChoices):
    """Every deed that leaves an audit event: a closed list, so that each can be filtered
    and none is written under two names. A new one is a line here."""

    # coming in and going out
    LOG_IN = "log_in", _("登录")
    LOG_OUT = "log_out", _("退出登录")
    END_SESSIONS = "end_sessions", _("退出全部设备")
    SECOND_FACTOR = "second_factor", _("动态口令验证")
    # an account and what opens it
    REGISTER = "register", _("注册账号")
    OPEN_ACCOUNT = "open_account", _("开设账号")
    CHANGE_ACCOUNT = "change_account", _("变更账号")
    CHANGE_PASSWORD = "change_password", _("修改密码")
    RESET_PASSWORD = "reset_password", _("找回密码")
    CHANGE_PHONE = "change_phone", _("更换手机号")
    SEND_CODE = "send_code", _("发送验证码")
    PROVE_PHONE = "prove_phone", _("验证手机号")
    SET_UP_SECOND_FACTOR = "set_up_second_factor", _("启用动态口令")
    REMOVE_SECOND_FACTOR = "remove_second_factor", _("停用动态口令")
    # rights
    CHANGE_ROLES = "change_roles", _("变更角色")
    ASK_ROLES = "ask_roles", _("申请角色")
    DECLINE_ROLES = "decline_roles", _("不同意角色申请")
    GIVE_STEWARDSHIP = "give_stewardship", _("任命工会干部")
    CHANGE_STEWARDSHIP = "change_stewardship", _("变更工会干部任职")
    TAKE_STEWARDSHIP = "take_stewardship", _("解除工会干部任职")
    # a person's own data
    CONSENT = "consent", _("同意个人信息告知")
    WITHDRAW_CONSENT = "withdraw_consent", _("撤回同意")
    VIEW_OWN_DATA = "view_own_data", _("查看本人信息")
    DOWNLOAD_OWN_DATA = "download_own_data", _("下载本人信息")
    CORRECT_OWN_DATA = "correct_own_data", _("更正本人信息")
    CLOSE_ACCOUNT = "close_account", _("注销账号")
    # other people's data
    REVEAL_PHONE = "reveal_phone", _("查看完整手机号")
    VERIFY_WORKER = "verify_worker", _("认证职工")
    TRANSFER_WORKER = "transfer_worker", _("转移工会关系")
    UPDATE_MEMBERSHIP = "update_membership", _("更新会籍")
    IMPORT_ROSTER = "import_roster", _("导入名册")
    EXPORT = "export", _("导出数据")
    VIEW_OBJECTION = "view_objection", _("查看异议卷宗")
    # what readers say
    WRITE_COMMENT = "write_comment", _("发表评论")
    REPORT_COMMENT = "report_comment", _("举报评论")
    # running the site
    RERUN_TASK = "rerun_task", _("重新运行后台任务")
    # telling people
    SETTLE_TEXT = "settle_text", _("处理短信通知")
