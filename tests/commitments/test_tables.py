import datetime as dt

import pytest
from django.http import QueryDict

from commitments.choices import Freshness, Status
from commitments.models import Commitment, Delivery
from commitments.tables import CommitmentTable, DeliveryTable, FootprintDeliveryTable
from tests.factories import TODAY, CommitmentFactory, DeliveryFactory, PlaceFactory, SystemFactory, UserFactory

pytestmark = pytest.mark.django_db


def rows(query=""):
    return DeliveryTable(Delivery.objects.for_list().worst_first(), today=TODAY).as_asked(QueryDict(query))


def listed(table):
    return [row.record for row in table.page.object_list]


def cell(table, column):
    return str(table.page.object_list[0].get_cell(column))


def test_the_worst_comes_first():
    placed = [DeliveryFactory(position={"status": status}) for status in reversed(Status)]

    assert listed(rows()) == placed[::-1]


def test_among_equals_the_earlier_deadline_comes_first():
    later = DeliveryFactory(position={"deadline_on": dt.date(2024, 3, 31)})
    undated = DeliveryFactory()
    sooner = DeliveryFactory(position={"deadline_on": dt.date(2020, 3, 31)})

    assert listed(rows()) == [sooner, later, undated]


@pytest.mark.parametrize("column", ["commitment", "footprint", "status", "report", "deadline", "lead"])
def test_each_column_sorts_both_ways(column):
    DeliveryFactory(
        commitment=CommitmentFactory(title="A"),
        footprint=SystemFactory(name="A"),
        lead=UserFactory(name="A"),
        position={"status": Status.MISSED, "reported_on": dt.date(2019, 1, 1), "deadline_on": dt.date(2020, 1, 1)},
    )
    DeliveryFactory(
        commitment=CommitmentFactory(title="B"),
        footprint=SystemFactory(name="B"),
        lead=UserFactory(name="B"),
        position={"status": Status.ON_TRACK, "reported_on": dt.date(2019, 2, 1), "deadline_on": dt.date(2021, 1, 1)},
    )

    upward, downward = listed(rows(f"sort={column}")), listed(rows(f"sort=-{column}"))

    assert [delivery.footprint.name for delivery in upward] == ["A", "B"]
    assert downward == upward[::-1]


def test_a_page_has_25_rows_whatever_the_address_asks_for():
    system = SystemFactory()
    for _ in range(26):
        DeliveryFactory(footprint=system)

    assert len(listed(rows("per_page=100"))) == 25
    assert len(listed(rows("page=2"))) == 1


@pytest.mark.parametrize("query", ["page=x", "page=0", "page=-3", "page=99", "sort=nothing", "sort=", "sort=-"])
def test_a_page_or_column_that_is_not_there_is_passed_over(query):
    delivery = DeliveryFactory()

    assert listed(rows(query)) == [delivery]


def test_a_row_says_why_in_the_words_of_the_day():
    DeliveryFactory(
        position={
            "status": Status.MISSED,
            "sentence": "Missed: the deadline passed {days} ago.",
            "since_on": dt.date(2019, 9, 1),
            "reported_on": dt.date(2019, 5, 3),
            "freshness": Freshness.LAPSED,
            "deadline_on": dt.date(2019, 9, 1),
        }
    )

    table = rows()

    assert "portal-status--missed" in cell(table, "status")
    assert "Missed: the deadline passed 29 days ago." in cell(table, "status")
    assert "3 May 2019" in cell(table, "report")
    assert "Lapsed" in cell(table, "report")
    assert cell(table, "deadline") == "1 September 2019"


def test_no_cell_is_blank():
    DeliveryFactory()

    table = rows()

    assert "No data" in cell(table, "report")
    assert cell(table, "deadline") == "No date"
    assert cell(table, "lead") == "No lead"


@pytest.mark.parametrize(("days", "words"), [(426, "Headroom: 426 days"), (-1, "Expected 1 day after it")])
def test_the_time_left_is_said_without_a_minus(days, words):
    DeliveryFactory(position={"deadline_on": TODAY, "headroom_days": days})

    assert words in cell(rows(), "deadline")


def test_a_code_is_never_broken():
    DeliveryFactory(commitment=CommitmentFactory(code="LTP1-OOH-01"))

    assert '<span class="portal-whole">(LTP1-OOH-01)</span>' in cell(rows(), "commitment")


def test_a_footprint_is_named_with_its_system_and_a_system_alone():
    system = SystemFactory(name="South East London")
    DeliveryFactory(footprint=PlaceFactory(name="Bexley", parent=system))

    assert "South East London" in cell(rows(), "footprint")

    Delivery.objects.update(footprint=system)

    assert cell(rows(), "footprint") == "South East London"


def test_one_commitments_deliveries_are_named_by_where():
    delivery = DeliveryFactory()

    table = FootprintDeliveryTable(Delivery.objects.for_list().worst_first(), today=TODAY)

    assert [column.name for column in table.columns] == ["footprint", "status", "report", "lead"]
    assert f"/deliveries/{delivery.pk}/" in str(table.rows[0].get_cell("footprint"))


@pytest.mark.parametrize("column", ["code", "title", "theme", "delivered_by", "deadline", "verified"])
def test_the_catalogue_sorts_by_each_column(column):
    CommitmentFactory()
    CommitmentFactory()

    upward = CommitmentTable(Commitment.objects.all()).as_asked(QueryDict(f"sort={column}"))
    downward = CommitmentTable(Commitment.objects.all()).as_asked(QueryDict(f"sort=-{column}"))

    assert listed(downward) == listed(upward)[::-1]


def test_the_catalogue_shows_a_deadline_as_printed_and_as_read():
    CommitmentFactory(deadline_text="within five years", deadline_on=dt.date(2024, 3, 31))

    table = CommitmentTable(Commitment.objects.all()).as_asked(QueryDict())

    assert "within five years" in cell(table, "deadline")
    assert "By a date: 31 March 2024" in cell(table, "deadline")
    assert "Verified" in cell(table, "verified")
