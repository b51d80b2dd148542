"""The Celery application: `celery -A ltp_portal worker` and `celery -A ltp_portal beat`."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ltp_portal.settings")

app = Celery("ltp_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
