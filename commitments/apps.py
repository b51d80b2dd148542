from django.apps import AppConfig


class CommitmentsConfig(AppConfig):
    """What: the catalogue, its deliveries, and the computed positions."""

    name = "commitments"
