from django.apps import AppConfig
from django.core.checks import Tags, register


class PortalConfig(AppConfig):
    """The shell around the apps: settings, look, sign-in, health."""

    name = "ltp_portal"

    def ready(self):
        from ltp_portal.checks import no_demonstration_in_real_use  # the models must be there first

        register(no_demonstration_in_real_use, Tags.database)
