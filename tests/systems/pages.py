"""What the tests of pages share: a page as its reader sees it, and a delivery as recompute left it."""

from commitments.choices import Status
from commitments.models import Delivery, PositionsVersion
from tests.factories import CommitmentFactory, DeliveryFactory

PLACE_PAGE = "/systems/QKK/places/E09000004/"


def page(client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def text(html: str) -> str:
    return " ".join(html.split())


def delivery(footprint, status=Status.ON_TRACK, *, commitment=None, **position) -> Delivery:
    """A delivery as recompute left it: the system's version has moved."""
    made = DeliveryFactory(
        footprint=footprint,
        commitment=commitment or CommitmentFactory(),
        position={"status": status, "sentence": f"{Status(status).label}: so it is.", **position},
    )
    version, _ = PositionsVersion.objects.get_or_create(system=footprint.system)
    PositionsVersion.objects.filter(pk=version.pk).update(number=version.number + 1)
    return made
