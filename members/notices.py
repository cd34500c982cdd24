"""What this room tells people, in its words."""

from django.utils.translation import gettext_lazy as _

from members.noticekinds import Kind, register

VERIFIED = register(
    Kind(
        name="members.verified",
        label=_("人工认证职工身份"),
        gets=_("被认证的本人"),
        title=_("您已认证为“%(title)s”的职工"),
        body=_("工作人员已为您的账号认证职工身份，现在可以报名了。"),
        text=_("您的账号已由工作人员认证为“%(title)s”的职工，登录后即可报名。"),
        is_texted=True,
        replaces=("members.unverified",),
    )
)
UNVERIFIED = register(
    Kind(
        name="members.unverified",
        label=_("解除职工身份认证"),
        gets=_("被解除认证的本人"),
        title=_("您的职工身份认证已解除"),
        body=_(
            "工作人员解除了您的账号与名册的关联。如有疑问，请联系单位工会或服务台。"
        ),
        text=_("您的账号的职工身份认证已解除，如有疑问请联系单位工会或服务台。"),
        is_texted=True,
        replaces=("members.verified",),
    )
)
TRANSFERRED = register(
    Kind(
        name="members.transferred",
        label=_("转会办结"),
        gets=_("转会的职工本人"),
        title=_("您的工会关系已转入“%(title)s”"),
        body=_("由“%(old)s”转入“%(title)s”。原有的报名和记录不变。"),
        text=_("您的工会关系已转入“%(title)s”。"),
        is_texted=True,
    )
)
TRANSFER_ANSWERED = register(
    Kind(
        name="members.transfer_answered",
        label=_("转会申请有了答复"),
        gets=_("提出转会的工会干部"),
        title=_("您提出的转会%(state)s"),
        body=_("%(name)s，由“%(old)s”转入“%(new)s”。%(answer)s"),
    )
)
CORRECTED = register(
    Kind(
        name="members.corrected",
        label=_("更正申请已办"),
        gets=_("申请更正的本人"),
        title=_("您申请更正的“%(title)s”已更正"),
        body=_("%(answer)s"),
        text=_("您申请更正的“%(title)s”已更正，请登录查看。"),
        is_texted=True,
    )
)
NOT_CORRECTED = register(
    Kind(
        name="members.not_corrected",
        label=_("更正申请不予更正"),
        gets=_("申请更正的本人"),
        title=_("您申请更正的“%(title)s”不予更正"),
        body=_("答复：%(answer)s"),
        text=_("您申请更正的“%(title)s”已有答复，请登录后在消息中查看。"),
        is_texted=True,
    )
)
ROSTER_CHANGED = register(
    Kind(
        name="members.roster_changed",
        label=_("名册信息有改动"),
        gets=_("名册上的本人"),
        title=_("工会改动了您在名册上的信息"),
        body=_("改动的是：%(fields)s。如有出入，请申请更正。"),
    )
)
ROLES_CHANGED = register(
    Kind(
        name="members.roles_changed",
        label=_("后台角色有变动"),
        gets=_("账号本人"),
        title=_("您在管理后台的角色有变动"),
        body=_("%(what)s"),
        text=_("您在管理后台的角色有变动，请登录查看。如有疑问请联系系统管理员。"),
    )
)
ROLES_ANSWERED = register(
    Kind(
        name="members.roles_answered",
        label=_("角色申请有了答复"),
        gets=_("提出申请的管理员"),
        title=_("您提出的角色申请%(state)s"),
        body=_("申请的角色：%(roles)s"),
    )
)
STEWARDSHIP = register(
    Kind(
        name="members.stewardship",
        label=_("工会干部任职有变动"),
        gets=_("任职的本人"),
        title=_("您的工会干部任职有变动"),
        body=_("%(what)s“%(title)s”（%(role)s）"),
        text=_("您在“%(title)s”的工会干部任职有变动，请登录查看。"),
    )
)
SECOND_FACTOR_RESET = register(
    Kind(
        name="members.second_factor_reset",
        label=_("动态口令被重置"),
        gets=_("账号本人"),
        title=_("您的动态口令已被重置"),
        body=_(
            "系统管理员重置了您的动态口令。如非您本人提出，请立即修改密码并联系系统管理员。"
        ),
        text=_(
            "您的动态口令已被管理员重置。如非您本人提出，请立即修改密码并拨打12351。"
        ),
        is_texted=True,
        may_refuse=False,
    )
)
REOPENED = register(
    Kind(
        name="members.reopened",
        label=_("账号重新启用"),
        gets=_("账号本人"),
        title=_("您的账号已重新启用"),
        body=_("账号因长期未用停用，系统管理员已为您重新启用。"),
    )
)
CERTIFICATE = register(
    Kind(
        name="members.certificate",
        label=_("颁发证书"),
        gets=_("证书持有人"),
        title=_("您有一份新证书：%(title)s"),
        body=_("编号%(number)s，可在“证书查验”核对。"),
        text=_("您有一份新证书“%(title)s”，请登录查看。"),
    )
)
CERTIFICATE_REVOKED = register(
    Kind(
        name="members.certificate_revoked",
        label=_("撤销证书"),
        gets=_("证书持有人"),
        title=_("您的证书已撤销：%(title)s"),
        body=_("编号%(number)s，原因：%(reason)s"),
        text=_("您的证书“%(title)s”已撤销，原因请登录查看。"),
        replaces=("members.certificate",),
    )
)
