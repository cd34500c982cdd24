"""What this room tells people, in its words. ``title`` is the team, or the need."""

from django.utils.translation import gettext_lazy as _

from members.noticekinds import Kind, register

_LEADERS = _("队长和副队长")

JOIN_ASKED = register(
    Kind(
        name="volunteers.join_asked",
        label=_("有人申请入队"),
        gets=_LEADERS,
        title=_("有新的入队申请：%(title)s"),
        body=_("%(name)s申请加入“%(title)s”，请答复。"),
    )
)
JOIN_ACCEPTED = register(
    Kind(
        name="volunteers.join_accepted",
        label=_("入队申请获同意"),
        gets=_("申请的职工"),
        title=_("您已加入“%(title)s”"),
        body=_("您的入队申请已获同意。可在“我的志愿服务”填写有空的时间和特长。"),
        text=_("您已加入“%(title)s”，登录后可查看队伍的服务安排。"),
    )
)
JOIN_DECLINED = register(
    Kind(
        name="volunteers.join_declined",
        label=_("入队申请未获同意"),
        gets=_("申请的职工"),
        title=_("您加入“%(title)s”的申请未获同意"),
        body=_("答复：%(answer)s"),
        text=_("您加入“%(title)s”的申请已有答复，请登录后在消息中查看。"),
    )
)
INVITED = register(
    Kind(
        name="volunteers.invited",
        label=_("邀请入队"),
        gets=_("被邀请的职工"),
        title=_("“%(title)s”邀请您加入"),
        body=_("请在“我的志愿服务”答复。%(message)s"),
        text=_("“%(title)s”邀请您加入志愿服务队，请登录后答复。"),
    )
)
INVITATION_ANSWERED = register(
    Kind(
        name="volunteers.invitation_answered",
        label=_("入队邀请有了答复"),
        gets=_LEADERS,
        title=_("%(name)s%(state)s：%(title)s"),
        body=_("您邀请%(name)s加入“%(title)s”，已有答复。"),
    )
)
MEMBER_LEFT = register(
    Kind(
        name="volunteers.member_left",
        label=_("队员退队"),
        gets=_LEADERS,
        title=_("有队员退出：%(title)s"),
        body=_("%(name)s已退出“%(title)s”。"),
    )
)
NEED_OFFERED = register(
    Kind(
        name="volunteers.need_offered",
        label=_("指派服务需求"),
        gets=_LEADERS,
        title=_("请答复服务需求：%(title)s"),
        body=_("统筹人员请“%(team)s”承接：%(title)s（%(when)s，%(place)s）。"),
        text=_("有一项服务需求请您的队伍承接，请登录后台答复：%(title)s。"),
    )
)
NEED_TAKEN = register(
    Kind(
        name="volunteers.need_taken",
        label=_("服务需求有人承接"),
        gets=_("提出需求的人"),
        title=_("“%(team)s”承接了：%(title)s"),
        body=_("队伍会按您留的联系方式与您商量时间。"),
        text=_("您提出的服务需求“%(title)s”已有队伍承接，请登录查看。"),
    )
)
NEED_RETURNED = register(
    Kind(
        name="volunteers.need_returned",
        label=_("队伍退回服务需求"),
        gets=_("提出需求的人"),
        title=_("需求重新等待承接：%(title)s"),
        body=_("“%(team)s”退回了这项需求，原因：%(reason)s。"),
    )
)
NEED_DONE = register(
    Kind(
        name="volunteers.need_done",
        label=_("服务需求完成"),
        gets=_("提出需求的人"),
        title=_("需求已完成：%(title)s"),
        body=_("“%(team)s”完成了这项服务。"),
    )
)
NEED_UNMET = register(
    Kind(
        name="volunteers.need_unmet",
        label=_("服务需求未能满足"),
        gets=_("提出需求的人"),
        title=_("需求未能满足：%(title)s"),
        body=_("原因：%(reason)s"),
    )
)
NEED_CHANGED = register(
    Kind(
        name="volunteers.need_changed",
        label=_("服务需求撤回或有变动"),
        gets=_LEADERS,
        title=_("需求%(state)s：%(title)s"),
        body=_("%(reason)s"),
        text=_("服务需求“%(title)s”有变动，请登录后台查看。"),
    )
)
EVENT_CHANGED = register(
    Kind(
        name="volunteers.event_changed",
        label=_("服务安排有变动"),
        gets=_("已报名和候补的志愿者"),
        title=_("服务安排有变动：%(title)s"),
        body=_("%(at)s的“%(title)s”：%(what)s。"),
        text=_("“%(title)s”的安排有变动，请登录查看。"),
    )
)
HOURS_RECORDED = register(
    Kind(
        name="volunteers.hours_recorded",
        label=_("服务时长已登记"),
        gets=_("参加服务的志愿者"),
        title=_("已登记服务时长：%(title)s"),
        body=_(
            "您参加“%(title)s”的时长登记为%(hours)s，公示至%(until)s。时长有误的，"
            "请在公示期内申请更正。"
        ),
    )
)
HOURS_CORRECTED = register(
    Kind(
        name="volunteers.hours_corrected",
        label=_("服务时长已更正"),
        gets=_("参加服务的志愿者"),
        title=_("服务时长已更正：%(title)s"),
        body=_("您参加“%(title)s”的时长更正为%(hours)s，公示至%(until)s。"),
    )
)
HOURS_DISPUTED = register(
    Kind(
        name="volunteers.hours_disputed",
        label=_("队员对时长有异议"),
        gets=_LEADERS,
        title=_("有队员对时长有异议：%(title)s"),
        body=_("请核对签到、签退，及时答复。"),
    )
)
DISPUTE_ANSWERED = register(
    Kind(
        name="volunteers.dispute_answered",
        label=_("时长异议已答复"),
        gets=_("提出异议的志愿者"),
        title=_("时长异议已答复：%(title)s"),
        body=_("%(state)s。答复：%(answer)s"),
    )
)
