"""What every page knows about the portal itself."""

from django.conf import settings
from django.utils.functional import SimpleLazyObject

from ltp_portal.navigation import navigation_for


def portal(request) -> dict:
    """The service's name, the demonstration banner and the navigation of whoever asks.

    Kept pages are drawn with it (`ltp_portal.kept`): nothing here may depend on more than settings, address and rights.
    """
    return {
        "service_name": settings.SERVICE_NAME,
        "service_organisation": settings.SERVICE_ORGANISATION,
        "contact_email": settings.CONTACT_EMAIL,
        "portal_demo": settings.PORTAL_DEMO,
        "portal_today": settings.PORTAL_TODAY,
        "portal_nav": SimpleLazyObject(lambda: navigation_for(request)),
    }
