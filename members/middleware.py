from allauth.core.exceptions import RateLimited as TooMany
from django.contrib.auth import SESSION_KEY
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _


class RateLimited:
    """The log-in library lets its rate limit escape from some views: 429, not 500."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if not isinstance(exception, TooMany):
            return None
        response = render(
            request,
            "account/too_many.html",
            {"text": _("操作太频繁，请稍后再试。")},
            status=429,
        )
        response["Retry-After"] = "30"
        return response


class KeptByNobody:
    """A page made for somebody who is logged in stays in no cache, unless its view has
    said otherwise: it bears their name, and the next person at this screen may press
    Back (ASVS 14.3.2)."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        is_personal = request.session.accessed and SESSION_KEY in request.session
        if is_personal and not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
        return response
