"""The grounds on which the volunteers' verbs say no."""

from django.utils.translation import gettext_lazy as _

from common.errors import Reason

ALREADY_IN_TEAM = Reason("already_in_team", _("该职工已在这支队伍中。"), field="worker")
HAS_HOME_TEAM = Reason("has_home_team", _("该职工已有主队。"), field="is_home")
AGREED_LATER = Reason(
    "agreed_later",
    _("同意公开全名的日期不能晚于今天。"),
    field="leader_agreed_on",
)
BACK_BEFORE_LEAVING = Reason(
    "back_before_leaving",
    _("该职工曾在这支队伍中，入队日期不能早于上次退队的日期。"),
    field="joined_on",
)
LEFT_BEFORE_JOINING = Reason(
    "left_before_joining", _("退队日期不能早于入队日期。"), field="left_on"
)
LEFT_LATER = Reason("left_later", _("退队日期不能晚于今天。"), field="left_on")
HAS_LEFT = Reason("has_left", _("该队员已退队；再次入队请另行登记。"))
TEAM_INACTIVE = Reason("team_inactive", _("这支队伍已不再活动。"), field="team")
# --- coming in by oneself or by invitation
ALREADY_MEMBER = Reason("already_in_team", _("您已在这支队伍中。"))
NOT_RECRUITING = Reason("not_recruiting", _("这支队伍目前不招新。"))
ONLY_INVITED = Reason("only_invited", _("这支队伍由队长邀请加入，请与队长联系。"))
OFF_ROSTER = Reason(
    "off_roster", _("您已不在工会名册上，暂时不能加入队伍，请联系所在单位工会。")
)
NOT_LEADER = Reason("not_leader", _("须由这支队伍的队长、副队长或统筹人员办理。"))
NOT_YOURS = Reason("not_yours", _("这不是您的申请或邀请。"))
ANSWERED = Reason("already_answered", _("这一项已有答复。"))
ANSWER_MISSING = Reason(
    "answer_missing", _("不同意时请写明原因，申请人会看到。"), field="answer"
)
NOT_FOUND = Reason(
    "worker_not_found", _("没有姓名与编号（或手机号）都相符的职工。"), field="number"
)
NO_ACCOUNT = Reason(
    "no_account",
    _("该职工还没有本站账号，不能在网上答复邀请，请统筹人员登记入队。"),
    field="number",
)
LEADS_TEAM = Reason(
    "leads_team", _("您是这支队伍的队长，请先请统筹人员更换队长，再退队。")
)
NOT_MEMBER = Reason("not_member", _("您不在这支队伍中。"))
TIMES_WRONG = Reason("times_wrong", _("请重新勾选有空的时间。"), field="free")
SKILLS_WRONG = Reason("skills_wrong", _("请重新勾选特长。"), field="skills")
# --- needs
NEED_NOT_YOURS = Reason("not_yours", _("您不能办理这项需求。"))
UNION_NOT_YOURS = Reason(
    "not_yours", _("您不能以这个单位的名义提出需求。"), field="union_org"
)
NEED_PAST = Reason(
    "need_past", _("需求的时间已过，请改为以后的时间。"), field="ends_at"
)
NEED_OVER_TIME = Reason("need_past", _("这项需求的时间已过，不能再承接。"))
NEED_NOT_OPEN = Reason("need_not_open", _("这项需求已不在等待承接。"))
NEED_TAKEN = Reason("need_taken", _("已有队伍承接，请先与队伍联系，或撤回后重新提出。"))
NEED_NOT_OFFERED = Reason("need_not_offered", _("这项需求已不在等您答复。"))
NEED_NOT_IN_HAND = Reason("need_not_in_hand", _("这项需求不在承接中。"))
NEED_IS_OVER = Reason("need_is_over", _("这项需求已经办结。"))
NEED_PLANNED = Reason("need_planned", _("已安排了服务，请先取消服务活动。"))
REASON_MISSING = Reason("reason_missing", _("请写明原因。"), field="reason")
PHONE_WRONG = Reason(
    "phone_wrong", _("联系电话请填手机号或座机号。"), field="contact_phone"
)
CONTACT_MISSING = Reason(
    "contact_missing",
    _("请填写联系人和联系电话，承接的队伍才看得到。"),
    field="contact_name",
)
PARTNER_ACCOUNT_UNKNOWN = Reason(
    "account_unknown", _("没有使用这个手机号的后台账号。"), field="account_phone"
)
PARTNER_ACCOUNT_TAKEN = Reason(
    "account_taken", _("这个账号已属于另一家社会组织。"), field="account_phone"
)
NO_LEADER = Reason(
    "no_leader", _("这支队伍没有能登录后台的队长，请先指定队长。"), field="team"
)
