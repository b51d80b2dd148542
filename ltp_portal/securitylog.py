"""The security log: who signed in, who was refused, who took data out. One event, one line of JSON, UTC.

The formatter (settings.LOGGING) escapes line breaks, so that nothing a visitor sends can forge a line. Passwords,
codes and reset links are never passed in.
"""

import ipaddress
import logging

from django.conf import settings
from django.http import HttpRequest

logger = logging.getLogger("portal.security")


def record(event: str, *, request: HttpRequest | None = None, user=None, **facts) -> None:
    """Writes one event. `user` may be named where the request does not know it, as at sign-in."""
    line = {"event": event, **facts}
    if request is not None:
        line |= {"address": client_address(request), "method": request.method, "page": _page(request)}
        user = user or getattr(request, "user", None)
    if user is not None and user.pk is not None:
        line["user"] = user.pk
    logger.info(event, extra=line)


def client_address(request: HttpRequest) -> str | None:
    """The visitor's address: the connection's own, unless proxies of ours stand in front.

    Each proxy adds the address it saw at the right of X-Forwarded-For. What stands further left came from the
    visitor and proves nothing.
    """
    address = request.META.get("REMOTE_ADDR", "")
    if settings.TRUSTED_PROXY_COUNT:
        hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
        address = hops[-min(settings.TRUSTED_PROXY_COUNT, len(hops))].strip() or address
    try:
        return str(ipaddress.ip_address(address))
    except ValueError:
        return None


def _page(request: HttpRequest) -> str:
    """The path; where it carries a secret (a reset link, a calendar's address), the page's name."""
    match = request.resolver_match
    if match and (match.view_name or "").startswith(("account_", "mfa_", "commitments:calendar_feed")):
        return match.view_name
    return request.path
