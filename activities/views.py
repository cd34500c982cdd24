"""The wing's own page: where to go from here. Its rooms stand beside each other."""

from django.utils.translation import gettext as _
from django.views.generic import TemplateView


class HubView(TemplateView):
    template_name = "activities/hub.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(crumbs=[(_("职工服务"), "")], **kwargs)
