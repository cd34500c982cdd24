"""What the frame says in the demonstration: numbers and sites that can belong to
nobody, and the public addresses of sites that every union of the city would link to."""

from unionportal import services
from unionportal.enums import LinkGroup
from unionportal.models import FooterLink, SiteSettings

# The county unions and the local papers of the demonstration have no sites: their links
# lead to the domain that is kept free for examples (RFC 2606).
LINKS = [
    (LinkGroup.SUPERIOR, "中华全国总工会", "https://www.acftu.org/"),
    (LinkGroup.SUPERIOR, "四川省总工会", "https://www.scgh.org/"),
    (LinkGroup.COUNTY, "东区总工会", "https://example.com/dongqu/"),
    (LinkGroup.COUNTY, "西区总工会", "https://example.com/xiqu/"),
    (LinkGroup.COUNTY, "仁和区总工会", "https://example.com/renhe/"),
    (LinkGroup.COUNTY, "米易县总工会", "https://example.com/miyi/"),
    (LinkGroup.COUNTY, "盐边县总工会", "https://example.com/yanbian/"),
    (LinkGroup.GOVERNMENT, "攀枝花市人民政府", "http://www.panzhihua.gov.cn/"),
    (LinkGroup.GOVERNMENT, "四川省人民政府", "https://www.sc.gov.cn/"),
    (LinkGroup.GOVERNMENT, "人力资源和社会保障部", "http://www.mohrss.gov.cn/"),
    (LinkGroup.MEDIA, "示例日报", "https://example.com/ribao/"),
    (LinkGroup.MEDIA, "示例晚报", "https://example.com/wanbao/"),
    (LinkGroup.MEDIA, "示例广播电视台", "https://example.com/guangdian/"),
    (LinkGroup.REPORT, "违法和不良信息举报中心", "https://www.12377.cn/"),
    (LinkGroup.REPORT, "全国“扫黄打非”举报", "https://www.shdf.gov.cn/"),
]


def make() -> None:
    settings = SiteSettings(
        organiser="攀枝花市总工会宣教部",
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
