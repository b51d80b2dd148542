"""What somebody was about to send when they were signed out: kept in the session, and given back after they sign in.

A form that wants this carries `{% writer_token %}`. It proves that the portal made the page for this person: nobody
else's words can be planted in a session, and nobody else gets them back.
"""

from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, QueryDict

WRITER = "writer"
KEY = "unsent"
# A report of nothing but the longest characters, as a browser sends it, is shorter.
MOST = 200_000

_signer = Signer(salt="ltp_portal.unsent")


def token(user) -> str:
    return _signer.sign(str(user.pk))


def writer_of(request: HttpRequest) -> str:
    """The person for whom the page was made from which this was sent; empty where nobody knows."""
    try:
        return _signer.unsign(request.POST.get(WRITER, ""))
    except BadSignature:
        return ""


def keep(request: HttpRequest) -> bool:
    """Keeps a form that was not taken. Not under another person's session, and not without a writer's token."""
    writer, sent = writer_of(request), request.POST.copy()
    sent.pop("csrfmiddlewaretoken", None)
    words = sent.urlencode()
    if not writer or len(words) > MOST or (request.user.is_authenticated and str(request.user.pk) != writer):
        return False
    request.session[KEY] = {"path": request.path, "writer": writer, "words": words}
    return True


def kept(request: HttpRequest) -> QueryDict | None:
    """What this very person was about to send to this very page."""
    found = request.session.get(KEY)
    if found is None or (found["path"], found["writer"]) != (request.path, str(request.user.pk)):
        return None
    return QueryDict(found["words"])


def forget(request: HttpRequest) -> None:
    """Whoever sends the page again, or discards what was kept, needs it no more."""
    if kept(request) is not None:
        del request.session[KEY]
