"""Who plays the demonstration's part of the NHS, and how what they say is marked."""

from systems.choices import Role
from systems.models import Footprint, User

INVENTED = "Invented for the demonstration"


def somebody(role: Role, system: Footprint) -> User:
    """The account that holds this role in the system; the first where there are several."""
    return User.objects.filter(memberships__role=role, memberships__footprint=system).earliest("pk")
