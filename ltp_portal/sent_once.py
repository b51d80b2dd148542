"""A form is taken once, however often it arrives.

People click twice, and a connection cut right after COMMIT shows an error although everything is stored. So each form
carries a key (`{% form_token %}`), and what was taken under a key is answered the second time as it was the first.
"""

import hashlib
import json
from functools import wraps
from uuid import UUID

from django.contrib.messages import add_message, get_messages
from django.contrib.messages.storage.base import BaseStorage, Message
from django.core.exceptions import BadRequest
from django.db import connection, transaction
from django.http import HttpResponseRedirect
from django.shortcuts import redirect, render

from ltp_portal.models import SentForm

FIELD = "form_key"
_IGNORED = {FIELD, "csrfmiddlewaretoken"}


def sent_once(view):
    """For a view that writes and then sends its reader elsewhere. What it writes and the key are one transaction.

    A second click waits for the first and gets its answer. An answer that is no redirect (an error to mend, a
    conflict) leaves no key: the form can be sent again. So can one that was changed since: the view judges it afresh.
    A key that was used on another page or by somebody else is refused. A form without a key is taken as it comes.
    """

    @wraps(view)
    def once(request, *args, **kwargs):
        if request.method != "POST" or FIELD not in request.POST:
            return view(request, *args, **kwargs)
        sending = SentForm(key=_key_of(request), sent_by=request.user, path=request.path, content=_fingerprint(request))
        with transaction.atomic():
            _hold(sending.key)
            before = SentForm.objects.filter(key=sending.key).first()
            if before is None or (_origin(before) == _origin(sending) and before.content != sending.content):
                return _take(request, sending, lambda: view(request, *args, **kwargs))
        if _origin(before) != _origin(sending):
            return render(request, "409.html", status=409)
        return _answer_again(request, before)

    return once


def _key_of(request) -> UUID:
    try:
        return UUID(request.POST[FIELD])
    except ValueError:
        raise BadRequest("No form of the portal has such a key.") from None


def _fingerprint(request) -> str:
    """What was sent, in 64 characters."""
    fields = sorted((name, values) for name, values in request.POST.lists() if name not in _IGNORED)
    digest = hashlib.sha256(json.dumps(fields).encode())
    for name, files in sorted(request.FILES.lists()):
        for file in files:
            digest.update(json.dumps([name, file.name, file.size]).encode())
            for chunk in file.chunks():
                digest.update(chunk)
            file.seek(0)
    return digest.hexdigest()


def _hold(key: UUID) -> None:
    """Until the transaction ends, whoever comes with the same key waits here."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [str(key)])


def _origin(form: SentForm) -> tuple[int, str]:
    return form.sent_by_id, form.path


def _take(request, sending: SentForm, answer):
    heard = len(_waiting(request))
    response = answer()
    if isinstance(response, HttpResponseRedirect):
        sending.answer = response.url
        sending.said = [[message.level, str(message)] for message in _waiting(request)[heard:]]
        sending.save()
    return response


def _answer_again(request, before: SentForm):
    unseen = {str(message) for message in _waiting(request)}
    for level, words in before.said:
        if words not in unseen:
            add_message(request, level, words)
    return redirect(before.answer)


def _waiting(request) -> list[Message]:
    """The messages the reader has not seen yet. Reading them here does not take them away."""
    storage = get_messages(request)
    assert isinstance(storage, BaseStorage)
    found = list(storage)
    storage.used = False
    return found
