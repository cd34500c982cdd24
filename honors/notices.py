"""What this room tells people, in its words. ``title`` is the edition."""

from django.utils.translation import gettext_lazy as _

from members.noticekinds import Kind, register

_UNIT, _NOMINEE, _PROPOSER = _("推荐单位经办人"), _("被推荐的职工"), _("提名的职工")

NOMINATION_RETURNED = register(
    Kind(
        name="honors.nomination_returned",
        label=_("推荐材料被退回"),
        gets=_UNIT,
        title=_("推荐材料被退回：%(name)s"),
        body=_("%(title)s，编号%(number)s。退回原因：%(reason)s"),
        text=_("“%(title)s”的推荐材料被退回，请登录后台修改后重新提交。"),
    )
)
NOMINATION_ACCEPTED = register(
    Kind(
        name="honors.nomination_accepted",
        label=_("县区（产业）工会同意推荐"),
        gets=_UNIT,
        title=_("县区（产业）工会已同意：%(name)s"),
        body=_("%(title)s，编号%(number)s。下一步由市总工会审查资格。"),
    )
)
NOMINATION_ELIGIBLE = register(
    Kind(
        name="honors.nomination_eligible",
        label=_("资格审查通过"),
        gets=_UNIT,
        title=_("资格审查通过：%(name)s"),
        body=_("%(title)s，编号%(number)s。下一步由评委评审。"),
    )
)
NOMINATION_REJECTED = register(
    Kind(
        name="honors.nomination_rejected",
        label=_("推荐未通过"),
        gets=_UNIT,
        title=_("推荐未通过：%(name)s"),
        body=_("%(title)s，编号%(number)s。原因：%(reason)s"),
        text=_("“%(title)s”的推荐有了结果，请登录后在消息中查看。"),
    )
)
NOMINEE_ELIGIBLE = register(
    Kind(
        name="honors.nominee_eligible",
        label=_("您被推荐并通过资格审查"),
        gets=_NOMINEE,
        title=_("您被推荐参加%(title)s"),
        body=_("%(unit)s推荐了您，资格审查已通过，下一步由评委评审。"),
    )
)
NOMINEE_REJECTED = register(
    Kind(
        name="honors.nominee_rejected",
        label=_("对您的推荐未通过"),
        gets=_NOMINEE,
        title=_("对您的推荐未通过：%(title)s"),
        body=_("%(unit)s对您的推荐这次没有通过。详情请向单位工会了解。"),
    )
)
PROPOSAL_TAKEN = register(
    Kind(
        name="honors.proposal_taken",
        label=_("提名已受理"),
        gets=_PROPOSER,
        title=_("您的提名已受理：%(title)s"),
        body=_("%(unit)s将按程序推荐%(name)s。"),
    )
)
PROPOSAL_DECLINED = register(
    Kind(
        name="honors.proposal_declined",
        label=_("提名未受理"),
        gets=_PROPOSER,
        title=_("您的提名未受理：%(title)s"),
        body=_("%(unit)s对提名%(name)s的答复：%(answer)s"),
        text=_("您对“%(title)s”的提名已有答复，请登录后在消息中查看。"),
    )
)

NOMINATION_NOTICED = register(
    Kind(
        name="honors.nomination_noticed",
        label=_("推荐人选开始公示"),
        gets=_UNIT,
        title=_("开始公示：%(name)s"),
        body=_("%(title)s，编号%(number)s。公示期满无异议后由市总工会审定。"),
    )
)
NOMINEE_NOTICED = register(
    Kind(
        name="honors.nominee_noticed",
        label=_("您被列为拟推荐人选并公示"),
        gets=_NOMINEE,
        title=_("您已列入%(title)s的公示名单"),
        body=_("由%(unit)s推荐。公示期满无异议后由市总工会审定。"),
    )
)
NOMINATION_APPROVED = register(
    Kind(
        name="honors.nomination_approved",
        label=_("推荐人选已审定"),
        gets=_UNIT,
        title=_("已审定：%(name)s"),
        body=_("%(title)s，编号%(number)s。公示期满，市总工会已审定。"),
    )
)
NOMINEE_CONFERRED = register(
    Kind(
        name="honors.nominee_conferred",
        label=_("您被授予荣誉"),
        gets=_NOMINEE,
        title=_("祝贺您获得荣誉：%(title)s"),
        body=_("荣誉证书已生成，可在“我的”中打印。"),
        text=_("祝贺您获得“%(title)s”，请登录后查看和打印荣誉证书。"),
    )
)
OBJECTION_RECEIVED = register(
    Kind(
        name="honors.objection_received",
        label=_("收到公示异议"),
        gets=_("办理异议的人员"),
        title=_("收到一件异议：%(title)s"),
        body=_("请登录后台办理。内容和反映人信息保密。"),
        text=_("“%(title)s”收到一件异议，请登录后台办理。"),
    )
)
_JUROR = _("本届评委")

JURY_CALLED = register(
    Kind(
        name="honors.jury_called",
        label=_("有材料请您评审"),
        gets=_JUROR,
        title=_("请评审：%(title)s"),
        body=_("有%(n)s份推荐材料等您评分。与人选有利害关系的，请先申请回避。"),
        text=_("“%(title)s”的推荐材料请您评审，请登录后在“我的评审”中办理。"),
        is_texted=True,
    )
)
SHORTLISTED = register(
    Kind(
        name="honors.shortlisted",
        label=_("进入拟推荐名单"),
        gets=_UNIT,
        title=_("进入拟推荐名单：%(name)s"),
        body=_("%(title)s，编号%(number)s。名单将按规定公示。"),
        text=_("“%(title)s”的评审有了结果，请登录后在消息中查看。"),
    )
)
NOT_SHORTLISTED = register(
    Kind(
        name="honors.not_shortlisted",
        label=_("未进入拟推荐名单"),
        gets=_UNIT,
        title=_("未进入拟推荐名单：%(name)s"),
        body=_("%(title)s，编号%(number)s。感谢推荐，材料已存档。"),
        text=_("“%(title)s”的评审有了结果，请登录后在消息中查看。"),
    )
)
WAIVER_ASKED = register(
    Kind(
        name="honors.waiver_asked",
        label=_("名单豁免待审批"),
        gets=_("有审批权限的人"),
        title=_("请审批名单豁免：%(title)s"),
        body=_("要求：%(rule)s；名单实际：%(reading)s。理由：%(reason)s"),
    )
)
WAIVER_ANSWERED = register(
    Kind(
        name="honors.waiver_answered",
        label=_("名单豁免有了答复"),
        gets=_("申请豁免的人"),
        title=_("名单豁免%(state)s：%(title)s"),
        body=_("要求：%(rule)s。意见：%(answer)s"),
    )
)
