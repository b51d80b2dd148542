"""What the tests of committees may ask for."""

import pytest

from engagement.choices import Seat
from tests.engagement.factories import CommitteeFactory, MeetingFactory, RecommendationFactory, seated


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
