from django.apps import AppConfig
from django.core.checks import Tags, register

from ltp_portal.checks import no_demonstration_in_real_use


class PortalConfig(AppConfig):
    """The shell around the apps: settings, look, sign-in, health."""

    name = "ltp_portal"

    def ready(self):
        register(no_demonstration_in_real_use, Tags.database)
