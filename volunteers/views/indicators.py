"""精准 多元 智慧 实效, measured: the public page."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from common.publicpages import PublicPage
from volunteers.services import indicators


class IndicatorsView(TemplateView):
    """The twelve months up to today, from records. The page is made anew each hour at
    the latest: needs are filed without publishing."""

    public_page = PublicPage(is_moving=True)
    template_name = "volunteers/indicators.html"

    def get_context_data(self, **kwargs):
        now = timezone.now()
        return super().get_context_data(
            indicators=indicators.measure(*indicators.last_year(now)),
            crumbs=[
                (_("志愿服务"), reverse("volunteers:team-list")),
                (_("服务指标"), ""),
            ],
            **kwargs,
        )
