"""What the frame of every page says about the union itself.

Plain constants for now: staff-editable settings (filing numbers, contacts, grey mode)
come with the look. What the union has not supplied is empty and then not shown.
"""

from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Site:
    name: str = _("攀枝花市总工会")
    slogan: str = _("钒钛之都 · 阳光花城")
    hotline: str = "12351"
    host_unit: str = _("攀枝花市总工会")
    address: str = ""
    postcode: str = "617000"
    phone: str = ""
    email: str = ""
    icp: str = ""
    police_record: str = ""
    friend_links: list = field(
        default_factory=lambda: [
            (
                _("上级工会"),
                [
                    (_("中华全国总工会"), "https://www.acftu.org/"),
                    (_("四川省总工会"), "https://www.scgh.org/"),
                ],
            ),
            (
                _("政府与部门"),
                [(_("攀枝花市人民政府"), "http://www.panzhihua.gov.cn/")],
            ),
        ]
    )


SITE = Site()
