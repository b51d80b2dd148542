"""Who may sign in, asked again on every request: an account switched off is out at its next click."""

from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings

from engagement.models.committees import SEATS_AS_ROLES
from systems.models import User


class PortalBackend(AuthenticationBackend):
    """E-mail address and password. Demonstration accounts exist only in a demonstration."""

    def get_user(self, user_id) -> User | None:
        """Who a session belongs to, with their memberships and what their seats on committees give them."""
        user = User.objects.signed_in(user_id, also=SEATS_AS_ROLES)
        return user if user is not None and self.user_can_authenticate(user) else None

    def user_can_authenticate(self, user) -> bool:
        return super().user_can_authenticate(user) and (settings.PORTAL_DEMO or not user.is_demo)
