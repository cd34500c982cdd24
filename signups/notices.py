"""What the desk tells people, in its words. ``title`` is what was asked for."""

from django.utils.translation import gettext_lazy as _

from members.noticekinds import Kind, register

_HOLDER = _("本人；单位集体报名为经办人")
# of what has become otherwise, whatever was to be said before is no longer true
_EVERYTHING = ("*",)

PROMOTED = register(
    Kind(
        name="signups.promoted",
        label=_("候补递补"),
        gets=_HOLDER,
        title=_("递补成功：%(title)s"),
        body=_(
            "您候补的“%(title)s”空出名额，已为您报上。%(first)s"
            "不能参加的，请尽早取消，让给下一位。"
        ),
        text=_("您候补的“%(title)s”已递补成功。不能参加请登录取消，让给下一位。"),
        is_texted=True,
        replaces=("signups.offered",),
    )
)
OFFERED = register(
    Kind(
        name="signups.offered",
        label=_("名额待确认"),
        gets=_HOLDER,
        title=_("请确认名额：%(title)s"),
        body=_(
            "您候补的“%(title)s”空出名额，请于%(until)s前确认，逾期自动让给下一位。"
            "%(first)s"
        ),
        text=_(
            "您候补的“%(title)s”有名额了，请于%(until)s前登录确认，逾期让给下一位。"
        ),
        is_texted=True,
        may_refuse=False,
    )
)
LAPSED = register(
    Kind(
        name="signups.lapsed",
        label=_("逾期未确认"),
        gets=_HOLDER,
        title=_("名额已让给下一位：%(title)s"),
        body=_("“%(title)s”的名额没有在截止前确认，已让给下一位候补。"),
        replaces=("signups.offered",),
    )
)
SIGNED_UP = register(
    Kind(
        name="signups.signed_up",
        label=_("由他人代为报名"),
        gets=_("被报名的本人"),
        title=_("已为您报名：%(title)s"),
        body=_("工作人员已为您报名“%(title)s”，现为“%(state)s”。%(first)s"),
        text=_("工作人员已为您报名“%(title)s”，请登录查看。"),
    )
)
CANCELLED = register(
    Kind(
        name="signups.cancelled",
        label=_("报名被工作人员取消"),
        gets=_HOLDER,
        title=_("您的报名已被取消：%(title)s"),
        body=_("原因：%(reason)s"),
        text=_("您在“%(title)s”的报名已被取消，原因请登录后在消息中查看。"),
        is_texted=True,
        may_refuse=False,
        replaces=_EVERYTHING,
    )
)
CALLED_OFF = register(
    Kind(
        name="signups.called_off",
        label=_("停办"),
        gets=_("已报名和候补的全体；单位集体报名为经办人"),
        title=_("停办通知：%(title)s"),
        body=_("“%(title)s”停办，请不要前往。原因：%(reason)s"),
        text=_("“%(title)s”停办，请不要前往。原因请登录后在消息中查看。"),
        is_texted=True,
        may_refuse=False,
        replaces=_EVERYTHING,
    )
)
UNOPENED = register(
    Kind(
        name="signups.unopened",
        label=_("未开班"),
        gets=_("已报名和候补的全体；单位集体报名为经办人"),
        title=_("未开班通知：%(title)s"),
        body=_(
            "“%(title)s”未开班，请不要前往。原因：%(reason)s"
            "限报的门数已退还；愿意转到同类班的，点开这条消息即可选班，不愿意的无需办理。"
        ),
        text=_("“%(title)s”未开班，请不要前往。可登录转到同类班，不转无需办理。"),
        is_texted=True,
        may_refuse=False,
        replaces=_EVERYTHING,
    )
)
POINTS = register(
    Kind(
        name="signups.points",
        label=_("守约计分"),
        gets=_("逾期取消、无故缺席的本人"),
        title=_("计%(points)d分：%(title)s"),
        body=_(
            "事由：%(cause)s。计%(points)d分，%(until)s失效。%(total)s"
            "加班、出差、病假可请单位证明，其他情况可以申诉。"
        ),
        text=_("您在“%(title)s”有一次守约计分，可登录查看、申诉。"),
    )
)
POINTS_LIFTED = register(
    Kind(
        name="signups.points_lifted",
        label=_("守约计分撤销"),
        gets=_("本人"),
        title=_("计分已撤销：%(title)s"),
        body=_("%(why)s，这次的计分不再计算。%(answer)s"),
        replaces=("signups.points",),
    )
)
APPEAL_REFUSED = register(
    Kind(
        name="signups.appeal_refused",
        label=_("计分申诉未同意"),
        gets=_("申诉的本人"),
        title=_("申诉未同意：%(title)s"),
        body=_("答复：%(answer)s"),
    )
)
MOVED = register(
    Kind(
        name="signups.moved",
        label=_("改期"),
        gets=_("已报名和候补的全体；单位集体报名为经办人"),
        title=_("时间变更：%(title)s"),
        body=_("原定%(old)s，改为%(new)s。"),
        text=_("“%(title)s”%(started)s改为%(starts)s，地点请登录查看。"),
        is_texted=True,
        may_refuse=False,
        replaces=("signups.moved", "signups.elsewhere"),
    )
)
ELSEWHERE = register(
    Kind(
        name="signups.elsewhere",
        label=_("换地点"),
        gets=_("已报名和候补的全体；单位集体报名为经办人"),
        title=_("地点变更：%(title)s"),
        body=_("%(starts)s的地点改为%(place)s，时间不变。"),
        text=_("“%(title)s”%(starts)s的地点有变，请登录查看。"),
        is_texted=True,
        may_refuse=False,
        replaces=("signups.elsewhere",),
    )
)
RESCHEDULED = register(
    Kind(
        name="signups.rescheduled",
        label=_("多次改期或换地点"),
        gets=_("已报名和候补的全体；单位集体报名为经办人"),
        title=_("安排有变：%(title)s"),
        body=_(
            "“%(title)s”有%(n)d次的时间或地点有变，最近一次在%(starts)s。请查看新的安排。"
        ),
        text=_("“%(title)s”的时间或地点有变，最近一次在%(starts)s，请登录查看。"),
        is_texted=True,
        may_refuse=False,
        replaces=("signups.moved", "signups.elsewhere", "signups.rescheduled"),
    )
)
OCCASION_CANCELLED = register(
    Kind(
        name="signups.occasion_cancelled",
        label=_("停一次课或一场"),
        gets=_("已报名和候补的全体；单位集体报名为经办人"),
        title=_("有一次取消：%(title)s"),
        body=_("“%(title)s”%(old)s的一次取消，请不要前往。%(why)s"),
        text=_("“%(title)s”%(old)s的一次取消，请不要前往。"),
        is_texted=True,
        may_refuse=False,
        replaces=("signups.moved", "signups.elsewhere"),
    )
)
MESSAGE = register(
    Kind(
        name="signups.message",
        label=_("主办方写给学员的消息"),
        gets=_("已报名和候补的全体；单位集体报名为经办人"),
        title=_("“%(title)s”的消息"),
        body=_("%(text)s"),
        text=_("您所报的“%(title)s”有新消息，请登录查看。"),
    )
)
_ENTERED = _("参加摇号的全体")

DRAWN = register(
    Kind(
        name="signups.drawn",
        label=_("中签"),
        gets=_ENTERED,
        title=_("您已中签：%(title)s"),
        body=_(
            "摇号结果已公布，您中签“%(title)s”，名额已为您留好。%(first)s"
            "不能参加的，请尽早取消，让给下一位。"
        ),
        text=_("您已中签“%(title)s”。不能参加请登录取消，让给下一位。"),
        is_texted=True,
    )
)
DRAWN_BUT = register(
    Kind(
        name="signups.drawn_but",
        label=_("中签但不能占座"),
        gets=_ENTERED,
        title=_("中签，但与您已报的冲突：%(title)s"),
        body=_(
            "您中签“%(title)s”，但您已报了同一时间的其他项目、达到限报数或已不是会员，"
            "名额不能给您。您排在候补第1位，冲突消除后有空额即为您递补。%(first)s"
        ),
        text=_("您中签“%(title)s”，但与您已报的项目冲突，请登录查看。"),
        is_texted=True,
    )
)
NOT_DRAWN = register(
    Kind(
        name="signups.not_drawn",
        label=_("未中签"),
        gets=_ENTERED,
        title=_("摇号结果已公布：%(title)s"),
        body=_(
            "很抱歉，这次您没有中签。您已按摇号的顺序进入候补，位次见“我的”；下次摇号"
            "您的机会多一份。"
        ),
        text=_("“%(title)s”摇号结果已公布，您未中签，已转候补，位次请登录查看。"),
        is_texted=True,
    )
)
