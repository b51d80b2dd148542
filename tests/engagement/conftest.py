"""What the tests of committees may ask for."""

import pytest

from commitments.choices import DeliveryLevel
from engagement.choices import Seat
from systems.models import Representative, Tile
from tests.engagement.factories import CommitteeFactory, CouncilFactory, MeetingFactory, RecommendationFactory, seated
from tests.engagement.published import RED, position_of, report
from tests.factories import (
    TODAY,
    CommitmentFactory,
    DeliveryFactory,
    PlaceFactory,
    SignedOffReportFactory,
    SystemFactory,
    UserFactory,
)
from tests.publishing import publish


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
    return publish(system)


@pytest.fixture
def healthwatch(system, place):
    """The Healthwatch of the borough."""
    body = CouncilFactory(code="healthwatch:bexley", name="Healthwatch Bexley", kind="healthwatch", system=system)
    body.footprints.add(place, through_defaults={"verified": "yes", "source": "Made for a test"})
    return body


@pytest.fixture
def speaker(healthwatch):
    """Who speaks for it, and has no role anywhere."""
    user = UserFactory(name="Ada Speaker")
    Representative.objects.create(user=user, organisation=healthwatch, starts_on="2018-10-01")
    return user.as_of(TODAY)


@pytest.fixture
def delivered(place):
    """Something on track in the borough."""
    return report(place)


@pytest.fixture
def august(system, delivered):
    """What was delivered, as it was published."""
    return publish(system)


@pytest.fixture
def position(august, delivered):
    return position_of(august, delivered)


@pytest.fixture
def two_systems(system, place, committee):
    """A committee of two systems that published, with something red in each."""
    other = SystemFactory(code="QRV", name="North West London")
    committee.scope.create(footprint=other, source="Made for a test")
    brent = PlaceFactory(code="E09000005", name="Brent", parent=other)
    cancer = CommitmentFactory(code="LTP1-RED", title="Diagnose early", delivery_level="place")
    made = [report(where, commitment=cancer, **RED) for where in (place, brent)]
    report(place)
    for column, one in enumerate((system, other)):
        Tile.objects.create(grid="systems", code=one.code, column=column, row=3, label=one.code)
    return [publish(one) for one in (system, other)], made
