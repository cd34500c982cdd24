"""The wing's own page: where to go from here. Its rooms stand beside each other."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from common.publicpages import PublicPage


class HubView(TemplateView):
    """职工服务: what a worker can ask the union for, the dearest first."""

    public_page = PublicPage()
    template_name = "activities/hub.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            cards=_services(), crumbs=[(_("职工服务"), "")], **kwargs
        )


def _services():
    return [
        {
            "title": _("职工免费才艺培训"),
            "icon": "train",
            "url": reverse("activities:training:term-current"),
            "text": _("声乐、舞蹈、茶艺、摄影等免费课程，工会会员在线报名。"),
            "act": _("看课程、报名"),
            "is_first": True,
        },
        {
            "title": _("活动场馆"),
            "icon": "place",
            "url": reverse("activities:venues:venue-list"),
            "text": _("各场馆的地址、电话和交通指引。"),
            "act": _("看场馆"),
        },
        {
            "title": _("职工志愿服务"),
            "icon": "heart",
            "url": reverse("volunteers:team-list"),
            "text": _("按类别、所属工会查找志愿服务队。"),
            "act": _("找队伍"),
        },
        {
            "title": _("我的报名"),
            "icon": "event",
            "url": reverse("my"),
            "text": _("查看已报的班和候补名次，也可以取消。"),
            "act": _("查我的报名"),
        },
        {
            "title": _("职工身份认证"),
            "icon": "card",
            "url": reverse("my-verify"),
            "text": _("报名前认证一次，以后都不用再填。"),
            "act": _("去认证"),
        },
    ]
