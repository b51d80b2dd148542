"""The shell's one table: forms that were taken, for as long as somebody may send them again."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

KEPT_FOR = dt.timedelta(hours=24)


class SentFormQuerySet(models.QuerySet):
    def outdated(self) -> "SentFormQuerySet":
        """Forms nobody sends again."""
        return self.filter(sent_at__lt=Now() - KEPT_FOR)


class SentForm(models.Model):
    """A form that was taken: who sent what from where, and how they were answered."""

    key = models.UUIDField(primary_key=True)
    # It tells nothing about anybody's work: no reason to keep an account that could go.
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    path = models.TextField()
    content = models.CharField("SHA-256 of what was sent", max_length=64)
    answer = models.TextField("where its sender was sent")
    said = models.JSONField("messages, each with its level", default=list)
    sent_at = models.DateTimeField(db_default=Now())

    objects = SentFormQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["sent_at"], name="sent_form_by_age")]

    def __str__(self) -> str:
        return f"{self.path} by {self.sent_by}"
