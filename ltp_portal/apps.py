from django.apps import AppConfig
from django.contrib.staticfiles.apps import StaticFilesConfig
from django.core.checks import Tags, register

from ltp_portal.checks import no_demonstration_in_real_use


class PortalConfig(AppConfig):
    """The shell around the apps: settings, look, sign-in, health."""

    name = "ltp_portal"
    default = True

    def ready(self):
        register(no_demonstration_in_real_use, Tags.database)


class StaticFiles(StaticFilesConfig):
    """Leaves out htmx's extensions: nobody asks for them, and one names a file that is not there."""

    ignore_patterns = [*StaticFilesConfig.ignore_patterns, "django_htmx/ext/*"]
