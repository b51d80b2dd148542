"""Is the whole plan covered? What one system lacks, as its people see it."""

import csv
import datetime as dt
import io

import pytest
from django.urls import reverse

from commitments.choices import DeliveryLevel, ThemeClass
from engagement.choices import AskState
from tests.commitments.pages import read
from tests.engagement.factories import EngagementFactory, RecommendationFactory, WithdrawalFactory
from tests.factories import (
    CommitmentFactory,
    DeliveryFactory,
    MetricFactory,
    MilestoneFactory,
    ObservationFactory,
    PlaceFactory,
    SignedOffReportFactory,
    SystemFactory,
    ThemeFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def address(system):
    return reverse("commitments:entirety", args=[system.code])


def commitment(theme_class=ThemeClass.CORE_FOUNDATION, **facts):
    return CommitmentFactory(theme=ThemeFactory(theme_class=theme_class), **facts)


def whole(delivery):
    """Gives a delivery all it should have."""
    delivery.lead, delivery.local_deadline_on = UserFactory(), dt.date(2021, 3, 31)
    delivery.save()
    MilestoneFactory(delivery=delivery)
    delivery.position.reported_on = dt.date(2019, 9, 25)
    delivery.position.save()
    EngagementFactory(system=delivery.footprint.system, commitment=delivery.commitment)
    return delivery


def engagement(system, about, name="engagement"):
    """The address of what was recorded about a commitment, or of the form that records more."""
    return reverse(f"engagement:{name}", args=[system.code, about.code])


def lines(client, address, **query):
    """The rows of the table: the commitment's code, then each cell's words."""
    table = client.get(address, query).context["table"]
    parts = ("lead", "deadline", "milestones", "metric", "report", "engagement")
    return [
        (row.record.commitment.code, *(row.record.checks[part].words for part in parts)) for row in table.paginated_rows
    ]


def test_each_part_that_is_missing_is_said_beside_those_that_are_there(reader, system, address):
    bare, full = commitment(code="A-1"), commitment(code="A-2")
    DeliveryFactory(commitment=bare, footprint=system)
    whole(DeliveryFactory(commitment=full, footprint=system))

    assert lines(reader, address) == [
        ("A-1", "No", "No", "No", "No metric in the catalogue", "No", "No"),
        ("A-2", "Yes", "Yes", "Yes", "No metric in the catalogue", "Yes", "Yes, on 12 June 2019"),
    ]


def test_only_reports_that_were_signed_off_count(reader, system, address):
    delivery = DeliveryFactory(commitment=commitment(), footprint=system)
    SignedOffReportFactory(delivery=delivery)
    before = lines(reader, address)[0][5]

    delivery.position.reported_on = dt.date(2019, 9, 25)
    delivery.position.save()

    assert (before, lines(reader, address)[0][5]) == ("No", "Yes")


def test_a_metric_is_a_hole_until_a_value_is_there(reader, system, address):
    metric = MetricFactory(commitment=commitment())
    DeliveryFactory(commitment=metric.commitment, footprint=system)
    before = lines(reader, address)[0][4]

    ObservationFactory(metric=metric, footprint=system)

    assert (before, lines(reader, address)[0][4]) == ("No", "Yes")


def test_places_are_counted_and_the_commitment_lacks_it_until_all_have_it(reader, system, address):
    by_place = commitment(delivery_level=DeliveryLevel.PLACE)
    deliveries = [DeliveryFactory(commitment=by_place, footprint=PlaceFactory(parent=system)) for _place in range(3)]
    whole(deliveries[0])
    whole(deliveries[1])

    page = read(reader, address)

    assert lines(reader, address)[0][1] == "2 of 3 boroughs"
    assert "Of 1 core foundation, 1 lacks a lead" in page
    assert f"system={system.code}&amp;commitment={by_place.code}&amp;missing=lead" in page
    assert "See the 1 without" in page


def test_holes_come_first_and_core_foundations_before_the_others(reader, system, address):
    prioritised, core, enabler, done = (
        commitment(theme_class, code=code)
        for code, theme_class in (
            ("P", ThemeClass.PRIORITISED), ("C", ThemeClass.CORE_FOUNDATION), ("E", ThemeClass.ENABLER),
            ("D", ThemeClass.CORE_FOUNDATION),
        )
    )  # fmt: skip
    whole(DeliveryFactory(commitment=done, footprint=system))
    DeliveryFactory(commitment=prioritised, footprint=system)
    DeliveryFactory(commitment=core, footprint=system)

    assert [line[0] for line in lines(reader, address)] == ["C", "P", "E", "D"]
    assert lines(reader, address)[2][1:] == (*("Not opened",) * 5, "No")
    assert enabler.code == "E"


def test_what_does_not_apply_lacks_nothing_and_comes_last(reader, system, address):
    struck_out, full = commitment(code="A-1"), commitment(code="A-2")
    DeliveryFactory(
        commitment=struck_out, footprint=system, is_applicable=False, not_applicable_reason="Delivered by place"
    )
    whole(DeliveryFactory(commitment=full, footprint=system))

    assert ("A-1", *("Not applicable",) * 6) in lines(reader, address)
    assert "Nothing is missing in the 1 core foundation." in read(reader, address)


def test_a_commitment_delivered_below_by_choice_counts_only_there(reader, system, place, address):
    chosen = commitment()
    DeliveryFactory(commitment=chosen, footprint=system, is_applicable=False, not_applicable_reason="By place")
    whole(DeliveryFactory(commitment=chosen, footprint=place))

    assert lines(reader, address)[0][1:4] == ("Yes", "Yes", "Yes")


def test_national_commitments_are_not_listed(reader, system, address):
    commitment(delivery_level=DeliveryLevel.NATIONAL)

    assert lines(reader, address) == []


def test_engagement_is_a_hole_until_somebody_was_heard_in_this_very_system(reader, system, address):
    asked = commitment()
    EngagementFactory(commitment=asked, system=SystemFactory())
    WithdrawalFactory(engagement__commitment=asked, engagement__system=system)
    before = lines(reader, address)[0][6]

    for month in (6, 3):
        EngagementFactory(commitment=asked, system=system, happened_on=dt.date(2019, month, 12))

    assert (before, lines(reader, address)[0][6]) == ("No", "Yes, 2 times, last on 12 June 2019")
    assert f'href="{engagement(system, asked)}"' in read(reader, address)


def test_what_lacks_engagement_is_counted_and_found(reader, system, address):
    heard, unheard = commitment(code="H"), commitment(code="U")
    EngagementFactory(commitment=heard, system=system)

    assert [line[0] for line in lines(reader, address, missing="engagement")] == ["U"]
    assert "and 1 lacks engagement." in read(reader, address)
    assert unheard.code == "U"


def test_what_committees_asked_stands_beside_it(reader, system, address):
    asked = commitment()
    for state in (AskState.AWAITING, AskState.ANSWERED, AskState.CLOSED):
        recommendation = RecommendationFactory(system=system, state=state)
        recommendation.links.create(commitment=asked)
    RecommendationFactory(system=SystemFactory()).links.create(commitment=asked)

    page = read(reader, address)

    assert "Asked about by committees: 3, 1 awaiting an answer" in page
    assert lines(reader, address)[0][6] == "No"


def test_the_file_holds_the_words_of_each_check_alone(signed_in, manager, system, address):
    asked = commitment()
    RecommendationFactory(system=system, state=AskState.ANSWERED).links.create(commitment=asked)
    DeliveryFactory(commitment=asked, footprint=system)

    file = signed_in(manager).get(address, {"export": "csv"}).getvalue().decode("utf-8-sig")

    (row,) = csv.DictReader(io.StringIO(file))
    assert (row["Lead"], row["Engagement"]) == ("No", "No. Asked about by committees: 1")


def test_the_list_of_deliveries_does_not_ask_for_engagement(reader, system):
    offered = reader.get(reverse("commitments:deliveries")).context["filter"].form.fields["missing"].choices

    assert "engagement" not in dict(offered)
    assert "report" in dict(offered)


def test_the_check_is_narrowed_by_theme_class_and_what_is_missing(reader, system, address):
    core, prioritised = commitment(code="C"), commitment(ThemeClass.PRIORITISED, code="P")
    MilestoneFactory(delivery=DeliveryFactory(commitment=core, footprint=system))
    DeliveryFactory(commitment=prioritised, footprint=system)

    def found(**query):
        return [line[0] for line in lines(reader, address, **query)]

    assert found(theme_class="core_foundation") == ["C"]
    assert found(theme=prioritised.theme.code) == ["P"]
    assert found(missing="milestones") == ["P"]
    assert found(missing="lead") == ["C", "P"]
    assert found(missing="nonsense") == []


@pytest.mark.parametrize(
    ("who", "forms"),
    [
        ("viewer", set()),
        ("manager", {"plan", "milestone_add", "report", "observation", "open_deliveries", "engagement_add"}),
    ],
)
def test_each_hole_leads_to_where_it_is_filled_by_who_may(request, signed_in, who, forms, system, address):
    metric = MetricFactory(commitment=commitment())
    delivery = DeliveryFactory(commitment=metric.commitment, footprint=system)
    commitment()

    page = read(signed_in(request.getfixturevalue(who)), address)

    of_delivery = ("plan", "milestone_add", "report", "observation")
    addresses = {name: reverse(f"commitments:{name}", args=[delivery.pk]) for name in of_delivery}
    addresses["engagement_add"] = engagement(system, metric.commitment, "engagement_add")
    addresses["open_deliveries"] = reverse("commitments:open_deliveries", args=[system.code])
    assert {name for name, href in addresses.items() if f'href="{href}"' in page} == forms


def test_the_list_behind_a_count_has_exactly_those(reader, system, place):
    by_place = commitment(delivery_level=DeliveryLevel.PLACE)
    without, gone = (DeliveryFactory(commitment=by_place, footprint=PlaceFactory(parent=system)) for _place in range(2))
    gone.is_applicable, gone.not_applicable_reason = False, "Closed"
    gone.save()
    whole(DeliveryFactory(commitment=by_place, footprint=place))

    for part in ("lead", "deadline", "milestones", "report"):
        table = reader.get(reverse("commitments:deliveries"), {"missing": part}).context["table"]
        assert [row.record for row in table.rows] == [without], part


def test_the_check_asks_no_more_for_twice_the_commitments(reader, system, address, django_assert_max_num_queries):
    def add(number):
        for _commitment in range(number):
            whole(DeliveryFactory(commitment=MetricFactory(commitment=commitment()).commitment, footprint=system))

    add(3)
    with django_assert_max_num_queries(30) as few:
        reader.get(address)
    add(3)
    with django_assert_max_num_queries(len(few)):
        reader.get(address)


def test_the_dashboard_leads_to_the_check(reader, system, address):
    assert f'href="{address}"' in read(reader, reverse("systems:dashboard", args=[system.code]))
