"""Who is asking, and whether their session still holds."""

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.middleware import AuthenticationMiddleware, get_user
from django.contrib.auth.models import AnonymousUser
from django.utils.functional import SimpleLazyObject

from members.security import kept
from members.security.adapter import PASSED
from members.services import devices


class Authentication(AuthenticationMiddleware):
    """Django's, for sessions that end: staff who did nothing for half an hour, anybody
    after a week, staff who came without a second factor where it is needed.

    All of that is asked when a page asks who is there, of the session that was read for
    it: no query more. Stands behind the CSRF check, which has passed what is kept here.
    """

    def process_request(self, request):
        super().process_request(request)
        request.user = SimpleLazyObject(lambda: user_of(request))

    def process_view(self, request, *_view):
        has_session = settings.SESSION_COOKIE_NAME in request.COOKIES
        if request.method != "POST" or not has_session:
            return None
        return kept.intercept(request)


class SayWhy:
    """A visitor's POST that was sent to the log-in page instead of being done tells
    there why, unless ``kept.intercept`` has said so before the view was asked.

    Stands within the messages and behind ``Authentication``.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        was_over = getattr(request, "session_was_over", None)
        if was_over is not None:
            kept.say_why(request, response, was_over=was_over)
        return response

    def process_view(self, request, *_view):
        if request.method == "POST" and not request.user.is_authenticated:
            request.session_was_over = kept.is_unknown(request)


def user_of(request):
    """Who is logged in, by a session that still holds; else a visitor."""
    user, session = get_user(request), request.session
    if not user.is_authenticated:
        if whose := (session.lapsed or {}).get(SESSION_KEY):
            kept.lapse(session, whose)
        return user
    if is_over(session, user):
        kept.lapse(session, user.pk)
        user = request._cached_user = AnonymousUser()
        return user
    devices.note_use(
        user=user, session_key=session.session_key, used_at=session.used_at
    )
    return user


def is_over(session, user) -> bool:
    lacks_factor = (
        settings.STAFF_SECOND_FACTOR and user.is_staff and not session.get(PASSED)
    )
    return lacks_factor or devices.is_over(
        user=user, used_at=session.used_at, logged_in_at=session.get(devices.LIFE)
    )
