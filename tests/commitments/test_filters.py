import datetime as dt

import pytest
from django.http import QueryDict

from commitments.choices import DeadlineKind, DeliveryLevel, Freshness, Status, ThemeClass
from commitments.filters import CommitmentFilter, DeliveryFilter
from commitments.models import Commitment, Delivery
from systems.choices import Level, Role, Verified
from tests.factories import (
    TODAY,
    CommitmentFactory,
    DeliveryFactory,
    PcnFactory,
    PlaceFactory,
    SystemFactory,
    ThemeFactory,
    person,
)
from tests.systems.pages import page

DAY = dt.timedelta(days=1)

pytestmark = pytest.mark.django_db


class Asking:
    """A request, as far as a filter looks at it."""

    def __init__(self, user):
        self.user = user


def catalogue(query):
    return CommitmentFilter(QueryDict(query), Commitment.objects.all())


def deliveries(query, user):
    return DeliveryFilter(QueryDict(query), Delivery.objects.visible_to(user), request=Asking(user), today=TODAY)


@pytest.mark.parametrize(
    ("query", "facts"),
    [
        ("q=stroke", {"title": "Stroke units in every area"}),
        ("q=ABC-9", {"code": "LTP3-ABC-99"}),
        ("q=thrombectomy", {"description": "More people have a thrombectomy"}),
        ("level=provider", {"delivery_level": DeliveryLevel.PROVIDER}),
        ("deadline_kind=continuous", {"deadline_kind": DeadlineKind.CONTINUOUS}),
        ("life_stage=age_well", {"life_stage": "age_well"}),
        ("verified=no", {"verified": Verified.NO}),
    ],
)
def test_the_catalogue_is_narrowed_to_what_is_asked(query, facts):
    wanted = CommitmentFactory(**facts)
    CommitmentFactory()

    assert list(catalogue(query).qs) == [wanted]


def test_the_catalogue_is_narrowed_by_class_and_theme():
    cancer = ThemeFactory(code="CAN", theme_class=ThemeClass.CORE_FOUNDATION)
    wanted = CommitmentFactory(theme=cancer)
    CommitmentFactory()

    assert list(catalogue("theme=CAN").qs) == [wanted]
    assert list(catalogue("theme_class=core_foundation").qs) == [wanted]


def test_a_place_stands_for_itself_and_everything_below_it(system, place, manager):
    here = DeliveryFactory(footprint=place)
    below = DeliveryFactory(footprint=PcnFactory(parent=place))
    DeliveryFactory(footprint=system)
    DeliveryFactory(footprint=PlaceFactory(parent=system))

    assert set(deliveries(f"place={place.code}", manager).qs) == {here, below}


def test_a_system_stands_for_itself_and_everything_below_it(system, place, portal_admin):
    inside = {DeliveryFactory(footprint=system), DeliveryFactory(footprint=place)}
    DeliveryFactory(footprint=SystemFactory())

    assert set(deliveries(f"system={system.code}", portal_admin).qs) == inside


def test_who_sees_one_place_may_name_its_system(place, reporter):
    seen = DeliveryFactory(footprint=place)
    DeliveryFactory(footprint=place.parent)

    assert list(deliveries(f"system={place.parent.code}", reporter).qs) == [seen]


def test_a_system_out_of_sight_is_not_offered(system, manager):
    other = SystemFactory(code="QRL")

    found = deliveries("system=QRL", manager)

    assert not found.is_valid()
    assert other not in found.form.fields["system"].queryset


@pytest.mark.parametrize(
    ("query", "position"),
    [
        ("status=missed", {"status": Status.MISSED}),
        ("status=missed&status=off_track", {"status": Status.OFF_TRACK}),
        ("freshness=lapsed", {"freshness": Freshness.LAPSED}),
        ("contradiction=1", {"contradiction": "Reported green, but a milestone is overdue."}),
        ("headroom=beyond", {"headroom_days": -1}),
        ("headroom=tight", {"headroom_days": 0}),
        ("headroom=tight", {"headroom_days": 29}),
        ("headroom=ample", {"headroom_days": 30}),
        ("milestone=overdue", {"next_milestone_on": TODAY - DAY}),
        ("milestone=soon", {"next_milestone_on": TODAY}),
        ("milestone=soon", {"next_milestone_on": TODAY + 30 * DAY}),
        ("milestone=later", {"next_milestone_on": TODAY + 31 * DAY}),
    ],
)
def test_deliveries_are_narrowed_by_their_position(system, manager, query, position):
    wanted = DeliveryFactory(footprint=system, position=position)
    DeliveryFactory(footprint=system, position={"status": Status.ON_TRACK})

    assert list(deliveries(query, manager).qs) == [wanted]


def test_what_has_no_headroom_or_no_open_milestone_can_be_listed(system, manager):
    unknown = DeliveryFactory(footprint=system, position={"next_milestone_on": TODAY})
    none_open = DeliveryFactory(footprint=system, position={"headroom_days": 5})

    assert list(deliveries("headroom=unknown", manager).qs) == [unknown]
    assert list(deliveries("milestone=none", manager).qs) == [none_open]


def test_deliveries_are_narrowed_by_what_was_promised(system, manager):
    theme = ThemeFactory(code="CAN", theme_class=ThemeClass.CORE_FOUNDATION)
    commitment = CommitmentFactory(code="LTP3-CAN-01", title="Faster diagnosis", theme=theme)
    wanted = DeliveryFactory(footprint=system, commitment=commitment)
    DeliveryFactory(footprint=system)

    for query in ("theme=CAN", "theme_class=core_foundation", "commitment=LTP3-CAN-01", "q=diagnosis", "q=can-01"):
        assert list(deliveries(query, manager).qs) == [wanted], query


def test_deliveries_are_narrowed_by_level_and_footprint(system, place, manager):
    wanted = DeliveryFactory(footprint=place)
    DeliveryFactory(footprint=system)

    assert list(deliveries(f"level={Level.PLACE}", manager).qs) == [wanted]
    assert list(deliveries("q=bexl", manager).qs) == [wanted]


@pytest.mark.parametrize(
    "query",
    [
        "system=NOWHERE",
        "place=%00",
        "theme=none",
        "theme_class=x",
        "status=purple",
        "freshness=x",
        "contradiction=2",
        "headroom=x",
        "milestone=x",
        "commitment=LTP9-X",
        "commitment=%00",
        "level=england",
        "q=%00",
        f"q={'x' * 101}",
    ],
)
def test_a_value_that_is_not_known_is_a_mistake_of_that_field(manager, query):
    found = deliveries(query, manager)

    assert list(found.form.errors) == [query.split("=")[0]]


def test_nobody_is_offered_a_place_they_may_not_read(system):
    PlaceFactory(parent=system)
    elsewhere = person(Role.VIEWER, SystemFactory())

    assert not deliveries("", elsewhere.as_of(TODAY)).form.fields["place"].queryset.exists()


# --- What is in use, in words -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("", ""),
        ("status=missed&status=off_track&level=pcn", "level: Primary care network; status: Missed, Off track"),
        ("place=E09000004&q=hub", "words in the commitment or footprint: hub; place: Bexley"),
        ("place=nowhere", ""),
    ],
)
def test_what_is_in_use_is_said_in_words(place, viewer, rf, asked, said):
    request = rf.get(f"/?{asked}")
    request.user = viewer

    assert DeliveryFilter(request.GET, request=request, today=TODAY).form.in_use() == said


def test_the_filters_are_folded_and_say_what_is_in_use(signed_in, viewer, place):
    client = signed_in(viewer)

    plain, narrowed, wrong = (page(client, f"/deliveries/{asked}") for asked in ("", "?status=missed", "?status=x"))

    assert ">Filter</span>" in plain
    assert ">Filtered by status: Missed</span>" in narrowed
    assert [" open>" in html for html in (plain, narrowed, wrong)] == [False, False, True]
