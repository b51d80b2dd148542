"""Who may sign in, asked again on every request: an account switched off is out at its next click."""

from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings


class PortalBackend(AuthenticationBackend):
    """E-mail address and password. Demonstration accounts exist only in a demonstration."""

    def user_can_authenticate(self, user) -> bool:
        return super().user_can_authenticate(user) and (settings.PORTAL_DEMO or not user.is_demo)
