from django.apps import AppConfig


class SystemsConfig(AppConfig):
    """Who: footprints, organisations, people and their memberships."""

    name = "systems"
