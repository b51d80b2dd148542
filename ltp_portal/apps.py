from django.apps import AppConfig


class PortalConfig(AppConfig):
    """The shell around the apps: settings, look, sign-in, health."""

    name = "ltp_portal"
