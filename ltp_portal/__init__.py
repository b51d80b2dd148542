"""The shell around the apps. The Celery application is loaded with Django, so that tasks find it."""

from ltp_portal.celery import app as celery_app

__all__ = ["celery_app"]
