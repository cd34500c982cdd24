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

# --- services

NOT_RUN_BY = Reason("not_run_by", _("只有队长、副队长和统筹人员可以办理。"))
EVENT_PAST = Reason("event_past", _("开始时间已过，请核对。"), field="starts")
EVENT_BACKWARDS = Reason("times_backwards", _("结束时间应晚于开始时间。"), field="ends")
EVENT_TOO_LONG = Reason("too_long", _("一次服务不超过24小时。"), field="ends")
EVENT_BEGUN = Reason("event_begun", _("服务已经开始，不能再改时间。"), field="starts")
EVENT_OFF = Reason("called_off", _("这次服务已取消。"))
EVENT_OVER = Reason("event_over", _("服务已经结束，不能取消。"))
EVENT_CLOSED = Reason("event_closed", _("这次服务的时长已登记。"))
EVENT_NOT_OVER = Reason("event_not_over", _("服务还没有结束，结束以后才能登记时长。"))
NO_POSTS = Reason("no_posts", _("请至少填写一个岗位的名称和人数。"), field="posts")
POST_TWICE = Reason("post_twice", _("岗位名称不能相同。"), field="posts")
NUMBER_WRONG = Reason("number_wrong", _("每个岗位的人数请填1至500。"), field="posts")
PRACTISED_WRONG = Reason(
    "practised_wrong", _("熟手人数不能超过岗位人数。"), field="posts"
)
CONTACT_WRONG = Reason(
    "phone_wrong", _("请填写能打通的电话号码，报名的人要用。"), field="contact_phone"
)
WHY_OFF = Reason("needs_reason", _("请填写取消原因，报名的人会看到。"), field="reason")
REASON_LONG = Reason("reason_too_long", _("原因请不超过200字。"), field="reason")
FOREIGN_NEED = Reason("foreign_need", _("这个需求不是本队承接的。"), field="need")

# --- the day

NOT_THE_DAY = Reason("not_the_day", _("还没有到服务当天，不能点名。"))
WHY_FILLED = Reason("needs_reason", _("请写明补填的原因。"))
OUT_BEFORE_IN = Reason("out_before_in", _("离开时间应晚于到场时间。"))
OUTSIDE_DAY = Reason("outside_day", _("时间应在这次服务前后半天以内，且不晚于现在。"))

# --- hours

OWN_RECORD = Reason("not_ones_own", _("不能确认本人的服务时长，请另一位负责人确认。"))
RECORDED_BY_ONESELF = Reason(
    "recorder_not_confirmer",
    _("这条时长是您登记的，请另一位队长、副队长或统筹人员确认。"),
)
PROVED_BY_ONESELF = Reason(
    "prover_not_confirmer", _("佐证材料是您补的，请另一位负责人确认。")
)
NOT_RECORDED = Reason("not_recorded", _("这条时长不在待确认之列。"))
NOT_UNPROVEN = Reason("not_unproven", _("这条时长已有依据，不用补佐证。"))
NOT_IN_FORCE = Reason("not_in_force", _("这条时长已被更正或作废。"))
IN_CORRECTION = Reason("in_correction", _("这条时长正在更正。"))
PROOF_MISSING = Reason(
    "proof_missing", _("请写明佐证：谁看见、什么材料。"), field="reason"
)
MINUTES_WRONG = Reason("minutes_wrong", _("时长应为1分钟以上。"), field="minutes")
HOURS_TOO_LONG = Reason(
    "within_length", _("时长不能超过这次服务的时长。"), field="minutes"
)
WHY_CORRECTED = Reason("needs_reason", _("请写明原因。"), field="reason")
DISPUTE_LATE = Reason("dispute_late", _("公示期已过，不能再提出。"))
DISPUTE_EARLY = Reason("dispute_early", _("这条时长还没有公示。"))
DISPUTE_TEXT = Reason("dispute_text", _("请说明哪里不对。"), field="text")
DISPUTE_TWICE = Reason("dispute_twice", _("已经提出过，请等候答复。"))
DISPUTE_ANSWERED = Reason("dispute_answered", _("已经答复过。"))
DISPUTE_ANSWER = Reason("dispute_answer", _("请写明答复，本人会看到。"), field="answer")

# --- certificates

NOT_CERTIFIER = Reason("not_certifier", _("您不能为他人出具或撤销志愿服务证明。"))
PERIOD_BACKWARDS = Reason(
    "period_backwards", _("结束日期不能早于开始日期。"), field="last_on"
)
NO_HOURS = Reason(
    "no_hours",
    _("这段时间没有可以出具证明的服务时长：须经确认并公示七天，没有未答复的异议。"),
    field="first_on",
)

# --- who was served

FIGURES_WRONG = Reason(
    "figures_wrong", _("人数至少为1，人次不能少于人数。"), field="person_times"
)
SIGNED_ALREADY = Reason("signed_already", _("对方已经确认，人数不能再改。"))
LINK_GONE = Reason("link_gone", _("链接已失效，请向志愿服务队要新的链接。"))
SIGNER_MISSING = Reason("signer_missing", _("请填写您的姓名。"), field="signer")
REMARK_MISSING = Reason("remark_missing", _("请写明哪里不对。"), field="remark")
NOT_SEATED = Reason("not_seated", _("该职工没有这次服务的名额。"))
NEVER_CAME = Reason("not_in", _("没有到场的不能填离开时间，请先点“到场”。"))
