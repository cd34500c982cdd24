from allauth.core.exceptions import RateLimited as TooMany
from django.utils.translation import gettext as _

from common import pace


class RateLimited:
    """The log-in library lets its rate limit escape from some views: 429, not 500."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if not isinstance(exception, TooMany):
            return None
        return pace.too_many(request, _("操作太频繁，请稍后再试。"), 30)
