"""What the frame says in the demonstration: numbers that can belong to nobody, and the
public addresses of sites that every union of the city would link to."""

from unionportal import services
from unionportal.enums import LinkGroup
from unionportal.models import FooterLink, SiteSettings

LINKS = [
    (LinkGroup.SUPERIOR, "中华全国总工会", "https://www.acftu.org/"),
    (LinkGroup.SUPERIOR, "四川省总工会", "https://www.scgh.org/"),
    (LinkGroup.GOVERNMENT, "攀枝花市人民政府", "http://www.panzhihua.gov.cn/"),
    (LinkGroup.REPORT, "违法和不良信息举报中心", "https://www.12377.cn/"),
    (LinkGroup.REPORT, "全国“扫黄打非”举报", "https://www.shdf.gov.cn/"),
]


def make() -> None:
    settings = SiteSettings(
        address="四川省攀枝花市示例路1号",
        postcode="617000",
        phone="0812-0000000",
        report_phone="0812-0000001",
        report_email="jubao@example.com",
        icp="蜀ICP备00000000号-1",
        police_record="川公网安备00000000000000号",
    )
    services.save_site(settings=settings, by=None)
    for position, (group, name, url) in enumerate(LINKS):
        link = FooterLink(group=group, name=name, url=url, position=position)
        services.save_site_part(row=link, by=None)
