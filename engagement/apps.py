from django.apps import AppConfig


class EngagementConfig(AppConfig):
    """Talk: committees, meetings and recommendations."""

    name = "engagement"
