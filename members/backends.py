from allauth.account.auth_backends import AuthenticationBackend

from members.models import User


class WorkerBackend(AuthenticationBackend):
    """Log-in as the library does it; who is logged in comes with their worker, which
    nearly every page asks for, in the same query."""

    def get_user(self, user_id):
        try:
            user = User.objects.select_related("worker").get(pk=user_id)
        except User.DoesNotExist:
            return None
        return user if self.user_can_authenticate(user) else None
