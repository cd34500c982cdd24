"""What the page 网站地图 lists: the sections of the portal and the pages in each."""

from django.urls import reverse
from django.utils.translation import gettext as _

from honors.models import AwardEdition
from news.enums import PageKind
from news.models import Column, Series, StandingPage

EDITIONS = 10  # the newest; all of them stand in the hall


def sections() -> list[tuple[str, list[tuple[str, str]]]]:
    """(title, [(name, address)]) of each section; four queries."""
    training = "activities:training:"
    return [
        (
            _("新闻"),
            [
                (_("全部新闻"), reverse("news:article-list")),
                *_links(Column.objects.opened()),
                *_links(Series.objects.opened()),
            ],
        ),
        (
            _("办事指南"),
            [(_("全部指南"), reverse("guide-list"))]
            + _links(StandingPage.objects.open(PageKind.GUIDE)),
        ),
        (
            _("职工服务"),
            [
                (_("全部服务"), reverse("activities:hub")),
                (_("培训报名"), reverse(training + "term-current")),
                (_("活动场馆"), reverse("activities:venues:venue-list")),
            ],
        ),
        (
            _("劳模工匠"),
            [
                (_("荣誉殿堂"), reverse("honors:honoree-list")),
                (_("评选公示"), reverse("honors:notice-list")),
                *_links(AwardEdition.objects.conferred().for_page()[:EDITIONS]),
            ],
        ),
        (_("志愿服务"), [(_("志愿服务队"), reverse("volunteers:team-list"))]),
        (
            _("我的"),
            [
                (_("我的报名"), reverse("my")),
                (_("职工身份认证"), reverse("my-verify")),
                (_("我的个人信息"), reverse("my-data")),
                (_("账号安全"), reverse("account_security")),
                (_("登录"), reverse("account_login")),
                (_("注册"), reverse("account_signup")),
            ],
        ),
        (
            _("关于本站"),
            [
                (_("机构概况"), reverse("about")),
                (_("证书验真"), reverse("verify")),
                (_("网站声明"), reverse("statement")),
                (_("隐私政策"), reverse("account_privacy")),
                (_("长者版"), reverse("home") + "?elder=1"),
            ],
        ),
    ]


def _links(rows):
    return [(str(row), row.get_absolute_url()) for row in rows]
