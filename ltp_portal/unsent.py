"""What somebody was about to send when they were signed out: kept in the session, and given back after they sign in.

A form that wants this carries `{% writer_token %}`. It proves that the portal made the page for this person: nobody
else's words can be planted in a session, and nobody else gets them back. Its view fills it with `sent(request)`.
"""

from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, QueryDict

WRITER = "writer"
KEY = "unsent"
# A page of the grid full of long texts, as a browser sends it, is shorter.
MOST = 500_000
# As many forms, each of its own page, wait for one person; the oldest goes first.
MOST_FORMS = 5

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
    forms = request.session.get(KEY, {})
    forms.pop(request.get_full_path(), None)
    newest = dict(list(forms.items())[1 - MOST_FORMS :])
    request.session[KEY] = newest | {request.get_full_path(): {"writer": writer, "words": words}}
    return True


def page_of(request: HttpRequest) -> str:
    """The address under which something of this very person's is kept for this page; empty where nothing is.

    What was sent to an address with a query comes back there alone: the query says what the page is about.
    """
    forms, person = request.session.get(KEY, {}), str(request.user.pk)
    pages = (page for page in (request.get_full_path(), request.path) if page in forms)
    return next((page for page in pages if forms[page]["writer"] == person), "")


def kept(request: HttpRequest) -> QueryDict | None:
    """What this very person was about to send to this very page."""
    page = page_of(request)
    return QueryDict(request.session[KEY][page]["words"]) if page else None


def sent(request: HttpRequest) -> QueryDict | None:
    """What a form is filled with: what is sent now, else what its writer was about to send when signed out."""
    if request.method != "POST":
        return kept(request)
    forget(request, page_of(request))
    return request.POST


def forget(request: HttpRequest, page: str) -> bool:
    """Whoever sends the page again, or discards what was kept, needs it no more. Whether there was anything."""
    found = request.session.get(KEY, {}).get(page)
    if found is None or found["writer"] != str(request.user.pk):
        return False
    del request.session[KEY][page]
    request.session.modified = True
    return True
