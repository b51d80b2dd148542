"""Work of the shell itself that nobody should wait for."""

from functools import partial

from celery import shared_task
from celery.utils.log import get_task_logger
from django.contrib.sessions.backends.db import SessionStore
from django.core.mail import EmailMessage
from django.db import transaction
from kombu.exceptions import OperationalError

from ltp_portal.models import SentForm

logger = get_task_logger(__name__)


@shared_task(autoretry_for=(OSError,), retry_backoff=30, max_retries=8, soft_time_limit=60, time_limit=90)
def send_email(*, subject: str, body: str, sender: str, to: list[str]) -> None:
    EmailMessage(subject, body, sender, to).send()


@shared_task(soft_time_limit=60, time_limit=90)
def forget_what_is_over() -> None:
    """Removes sessions that have ended and the keys of forms nobody sends again. Daily; a day missed is made up for."""
    SentForm.objects.outdated().delete()
    SessionStore.clear_expired()


def post(message: EmailMessage) -> None:
    """Hands a message to the worker once the transaction holds.

    Sent off the request, so that a page takes the same time whether or not the account exists; and a broker that is
    away costs the message, not the page.
    """
    transaction.on_commit(partial(_enqueue, message))


def _enqueue(message: EmailMessage) -> None:
    try:
        send_email.delay(
            subject=str(message.subject), body=message.body, sender=message.from_email, to=list(message.to)
        )
    except OperationalError:
        logger.exception("An e-mail was not queued: the broker is away.")
