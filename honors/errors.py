"""The grounds on which an honour is not conferred, revoked or reinstated."""

from django.utils.translation import gettext_lazy as _

from common.errors import Reason

REASON_MISSING = Reason("reason_missing", _("请填写撤销原因。"))
ALREADY_REVOKED = Reason("already_revoked", _("这项荣誉已经撤销。"))
NOT_REVOKED = Reason("not_revoked", _("这项荣誉没有被撤销。"))
TOO_EARLY = Reason(
    "too_early", _("还没有到表彰日期，不能授予并公开。"), field="conferred_on"
)
DAY_AFTER_CONFERRAL = Reason(
    "day_after_conferral",
    _("这一届已经公开，表彰日期不能晚于今天。"),
    field="conferred_on",
)
ALREADY_HONOURED = Reason(
    "already_honoured", _("同一届中已有该单位的这位获奖者。"), field="name"
)
CERTIFICATE_TAKEN = Reason(
    "certificate_taken", _("该证书编号已登记给其他获奖者。"), field="cert_no"
)

# --- editions and nominations

ALREADY_NOMINATED = Reason(
    "already_nominated", _("这名职工在本届已有推荐，不能重复推荐。"), field="worker"
)
NOT_YOUR_UNIT = Reason("not_your_unit", _("您不负责这家工会的推荐。"), field="unit")
NOT_YOUR_WORKER = Reason(
    "not_your_worker", _("这名职工不在所选的工会。"), field="worker"
)
NOMINATIONS_CLOSED = Reason("nominations_closed", _("现在不在推荐时间内。"))
NOT_FROM_HERE = Reason("not_from_here", _("您不能办理这一步。"))
MOVED_ON = Reason("moved_on", _("这份推荐刚刚已由他人办理，请看最新的状态。"))
OTHER_WORDS = Reason(
    "other_words", _("这份推荐的内容已有改动，请先看过新的内容再办理。")
)
OWN_NOMINATION = Reason(
    "own_nomination", _("您经办过本单位的这份推荐，须由其他人审核。")
)
WORDS_FIXED = Reason("words_fixed", _("当前状态下不能修改内容。"))
VERSION_MOVED = Reason(
    "version_moved",
    _("您打开以后，有同事改过这份推荐。请比较两边的内容，确认后再保存一次。"),
)
PLACE_MISSING = Reason("place_missing", _("请填写公示地点。"), field="place")
NOTICE_PAST = Reason("notice_past", _("公示开始日期不能早于今天。"), field="first")
NOTICE_RUNS = Reason("notice_runs", _("单位公示还没有结束，结束后才能提交。"))
NOTICE_OTHER_WORDS = Reason(
    "notice_other_words", _("公示以后内容有改动，须重新公示后再提交。")
)
DECISION_REASON_MISSING = Reason("reason_missing", _("请填写原因。"), field="reason")
REASON_TOO_LONG = Reason("reason_too_long", _("意见最多500字。"), field="reason")
FILE_UNKNOWN = Reason(
    "file_unknown", _("只能上传PDF文件或照片（JPG、PNG、WebP、GIF）。"), field="file"
)
FILE_EMPTY = Reason("file_empty", _("这个文件是空的，请换一个。"), field="file")
FILE_BROKEN = Reason(
    "file_broken",
    _("打不开这个PDF文件，可能没有传完整，请重新导出后再传。"),
    field="file",
)
TOO_MANY_FILES = Reason(
    "too_many_files", _("材料太多，请先移除不需要的。"), field="file"
)
NOT_VERIFIED = Reason("not_verified", _("您的账号还没有认证职工身份。"))
ALREADY_PROPOSED = Reason(
    "already_proposed", _("您已提名过这位人选，请等待单位工会办理。"), field="name"
)
NO_PROPOSALS = Reason("no_proposals", _("这一届不接受职工提名。"))
PROPOSAL_ANSWERED = Reason("proposal_answered", _("这项提名已经办理。"))
ANSWER_MISSING = Reason(
    "answer_missing", _("请填写答复，让提名人知道原因。"), field="answer"
)
NOMINATORS_MISSING = Reason(
    "nominators_missing", _("发布前请写明谁可以推荐。"), field="nominators"
)
CRITERIA_MISSING = Reason("criteria_missing", _("请先填写这一荣誉称号的评选标准。"))
HAS_NOMINATIONS = Reason("has_nominations", _("已有推荐或提名，不能撤回发布。"))

# --- public notices, objections, conferring

NOT_APPROVED = Reason(
    "not_approved", _("这一届由推荐产生，只能授予已审定的人选。"), field="name"
)
NOBODY_SHORTLISTED = Reason("nobody_shortlisted", _("这一届没有待公示的拟推荐人选。"))
LIST_MOVED = Reason("list_moved", _("名单刚刚有变动，请看过新的名单再发布。"))
START_PAST = Reason("start_past", _("公示开始日期不能早于今天。"), field="starts_on")
NOTICE_STOPPED = Reason("notice_stopped", _("这份公示已终止并重新公示。"))
NOTICE_NOT_OVER = Reason("notice_not_over", _("公示期还没有结束，结束后才能审定。"))
NOT_NOTICED = Reason("not_noticed", _("现在的内容还没有公示期满，不能审定。"))
NOBODY_TO_APPROVE = Reason("nobody_to_approve", _("这份公示中没有待审定的人选。"))
NOBODY_TO_CONFER = Reason(
    "nobody_to_confer", _("还没有审定的人选，公示期满并审定后才能授予。")
)
OBJECTION_OPEN = Reason("objection_open", _("还有没办结的异议，办结后才能审定或授予。"))
NOTICE_NOT_RUNNING = Reason("notice_not_running", _("这份公示现在不接受异议。"))
POSTMARK_MISSING = Reason(
    "postmark_missing", _("来信请填写邮戳日期。"), field="postmarked_on"
)
POSTMARK_OUTSIDE = Reason(
    "postmark_outside",
    _("邮戳日期不在公示期内，不能按本次公示的异议受理。"),
    field="postmarked_on",
)
SIGNER_MISSING = Reason("signer_missing", _("请填写真实姓名，便于核实。"), field="name")
PHONE_MISSING = Reason(
    "phone_missing", _("请填写能联系到您的电话，便于核实。"), field="phone"
)
SIGNING_UNIT_MISSING = Reason(
    "signing_unit_missing", _("以单位名义反映，请填写单位全称。"), field="unit"
)
SEAL_MISSING = Reason(
    "seal_missing", _("以单位名义反映，请上传加盖公章的材料。"), field="seal"
)
OBJECTION_EMPTY = Reason("objection_empty", _("请写明反映的事实和依据。"), field="text")
NOT_ON_LIST = Reason(
    "not_on_list", _("所选的人不在这份公示的名单上。"), field="nomination"
)
NOT_YOUR_DOCKET = Reason("not_your_docket", _("您不能办理这件异议。"))
DOCKET_MOVED = Reason("docket_moved", _("这件异议刚刚已由他人办理，请看最新的状态。"))
OUTCOME_MISSING = Reason("outcome_missing", _("请写明调查结论。"), field="text")
NOTE_MISSING = Reason("note_missing", _("请填写调查情况。"), field="text")
WHO_MISSING = Reason("who_missing", _("请选择异议涉及的人选。"), field="nomination")
STILL_CONFERRED = Reason(
    "still_conferred", _("该人选已被授予荣誉，请先撤销荣誉，再认定异议成立。")
)
RECEIPT_UNKNOWN = Reason(
    "receipt_unknown",
    _("没有找到。请核对回执编号，和提交时所留电话的后四位。"),
    field="receipt",
)

# --- jury, vote, shortlist

NOTHING_ELIGIBLE = Reason(
    "nothing_eligible", _("本届没有资格审查通过、等待评审的人选。")
)
NO_JURORS = Reason("no_jurors", _("请先聘任评委，再开始评审。"))
ALREADY_SEATED = Reason(
    "already_seated", _("这位评委已在本届评委名单中。"), field="user"
)
NOT_A_JUROR = Reason("not_a_juror", _("只有“评委”角色的账号才能聘任。"), field="user")
RUNS_THE_EDITION = Reason(
    "runs_the_edition",
    _("组织评选或审批名单的人不能同时担任评委。"),
    field="user",
)
HAS_SCORED = Reason(
    "has_scored", _("这位评委已有提交的评分或登记的回避，不能移出名单。")
)
JURY_BEGUN = Reason("jury_begun", _("评审还没有开始。"))
JURY_RULES_FIXED = Reason("jury_rules_fixed", _("评审已经开始，计分办法不能再改。"))
JURY_LOCKED = Reason("jury_locked", _("评审结果已签认，不能再改动。"))
VOTE_BEGUN = Reason("vote_begun", _("投票已有人参加，不能再增加人选。"))
VOTE_RUNS = Reason("vote_runs", _("投票还没有结束，结束后才能签认评审结果。"))
NOT_ASSIGNED = Reason("not_assigned", _("这份材料没有分给您，或您已回避。"))
FILE_ENDED = Reason("file_ended", _("这份推荐已不在评审中。"))
WORD_MISSING = Reason("word_missing", _("请写明回避的原因。"), field="word")
NOTHING_TO_SIGN = Reason("nothing_to_sign", _("没有处于评审中的人选。"))
NOT_SIGNED_OFF = Reason("not_signed_off", _("评审结果还没有签认，不能确定名单。"))
NOBODY_PICKED = Reason("nobody_picked", _("请至少选择一名人选。"))
NOT_BEFORE_JURY = Reason(
    "not_before_jury", _("所选人选中有的已不在评审中，请重新选择。")
)
ORDER_REASON_MISSING = Reason(
    "order_reason_missing",
    _("名单没有按名次确定，请写明理由。"),
    field="reason",
)
SHORTLIST_EXISTS = Reason(
    "shortlist_exists", _("已有确定的名单。要改动，请先撤下名单。")
)
NO_SHORTLIST = Reason("no_shortlist", _("还没有确定名单。"))
WAIVER_REASON_MISSING = Reason(
    "waiver_reason_missing", _("请填写申请理由。"), field="reason"
)
WAIVER_NOT_NEEDED = Reason("waiver_not_needed", _("这份名单符合这项要求，不用豁免。"))
WAIVER_PENDING = Reason("waiver_pending", _("同一份名单的豁免申请正在审批。"))
WAIVER_ANSWERED = Reason("waiver_answered", _("这项申请已经答复。"))
WAIVER_OWN = Reason("waiver_own", _("豁免须由申请人以外的人审批。"))
WAIVER_NO_RIGHT = Reason("waiver_no_right", _("您没有审批名单豁免的权限。"))
WAIVER_ANSWER_MISSING = Reason(
    "waiver_answer_missing", _("请填写审批意见。"), field="answer"
)
VOTE_NONE = Reason("vote_none", _("这一届没有公众投票。"))
VOTE_NOT_OPEN = Reason("vote_not_open", _("投票还没有开始。"))
VOTE_CLOSED = Reason("vote_closed", _("投票已经结束。"))
VOTE_NOT_VERIFIED = Reason(
    "vote_not_verified", _("您的账号还没有认证职工身份，认证后才能投票。")
)
VOTE_NOT_MEMBER = Reason("vote_not_member", _("投票限在册的工会会员参加。"))
VOTED_ALREADY = Reason("voted_already", _("您已经投过票，每人只投一次，不能更改。"))
VOTE_NOBODY = Reason("vote_nobody", _("请至少选择一位人选。"), field="choices")
VOTE_CANDIDATES = Reason(
    "vote_candidates",
    _("所选人选中有的不能投，请重新选择。"),
    field="choices",
)
VOID_REASON_MISSING = Reason(
    "void_reason_missing", _("请填写作废原因。"), field="reason"
)
VOID_COUNTED = Reason("void_counted", _("选票已经计入结果，不能再作废。"))

REPORT_UNKNOWN = Reason(
    "report_unknown",
    _("没有这篇已发布的新闻，请核对网址。"),
    field="report_pages",
)
TOO_MANY_REPORTS = Reason(
    "too_many_reports", _("相关报道最多10篇。"), field="report_pages"
)
