"""What the tests of committees may ask for."""

import pytest

from commitments.choices import DeliveryLevel
from engagement.choices import Seat
from tests.engagement.factories import CommitteeFactory, MeetingFactory, RecommendationFactory, seated
from tests.engagement.packs import publish
from tests.factories import CommitmentFactory, DeliveryFactory, SignedOffReportFactory


@pytest.fixture
def committee(system):
    return CommitteeFactory(slug="sel-jhosc", name="South East London committee", scrutinises=[system])


@pytest.fixture
def chair(committee):
    return seated(committee, Seat.CHAIR, name="Cllr Chair")


@pytest.fixture
def clerk(committee):
    return seated(committee, Seat.OFFICER, name="Clerk")


@pytest.fixture
def member(committee):
    return seated(committee, name="Cllr Member")


@pytest.fixture
def meeting(committee):
    return MeetingFactory(committee=committee)


@pytest.fixture
def recommendation(meeting, system):
    return RecommendationFactory(meeting=meeting, system=system)


@pytest.fixture
def publication(system, place, approver):
    """August as it stood: something off track in Bexley."""
    off_track = {"confidence": "red", "reason": "Too few staff", "path_to_green": "Recruit"}
    commitment = CommitmentFactory(delivery_level=DeliveryLevel.PLACE)
    SignedOffReportFactory(delivery=DeliveryFactory(footprint=place, commitment=commitment), **off_track)
    return publish(system, approver)
