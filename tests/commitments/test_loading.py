"""The catalogue's files: what they refuse, and what a change of them sets in motion."""

import datetime as dt
from decimal import Decimal

import pytest

from commitments.loading import load_reference
from commitments.models import (
    Commitment,
    Metric,
    Plan,
    Position,
    PositionsVersion,
    ReportingPeriod,
    Theme,
    Trajectory,
    TrajectoryPoint,
)
from systems.loading import Refused
from systems.models import Footprint
from tests.factories import TODAY, DeliveryFactory
from tests.reference_files import drop_row, set_cell, write_small_reference

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path):
    return write_small_reference(tmp_path)


def refusal(folder):
    with pytest.raises(Refused) as refused:
        load_reference(folder, today=TODAY)
    assert not Footprint.objects.exists()
    assert not Plan.objects.exists()
    return str(refused.value)


def test_a_commitment_keeps_its_printed_words_and_our_reading(folder):
    load_reference(folder, today=TODAY)

    commitment = Commitment.objects.get(code="LTP1-OOH-01")
    assert (commitment.deadline_text, commitment.deadline_on) == ("2023/24", dt.date(2024, 3, 31))
    assert Commitment.objects.get(code="LTP1-UEC-01").verified == "no"


def test_a_trajectory_finds_its_metric_by_commitment_name_and_unit(folder):
    load_reference(folder, today=TODAY)

    points = Metric.objects.get().trajectories.get().points.values_list("due_on", "value")
    assert list(points) == [(dt.date(2021, 3, 31), Decimal(50)), (dt.date(2024, 3, 31), Decimal(100))]


@pytest.mark.parametrize(
    ("file", "row", "column", "text", "said"),
    [
        (
            "plans.csv",
            2,
            "final_submission_on",
            "2018-11-15",
            "column published_on, final_submission_on: Systems",
        ),
        ("themes.csv", 2, "plan", "XXX", 'themes.csv, row 2, column plan: there is no plan "XXX"'),
        ("themes.csv", 2, "code", "O O H", "themes.csv, row 2, column code: Enter a valid “slug”"),
        ("themes.csv", 3, "ordinal", "1", "row 3, column plan, ordinal: broken rule: theme order is unique in a plan"),
        ("commitments.csv", 3, "code", "LTP1/UEC 1", "row 3, column code: A commitment's code has only"),
        ("commitments.csv", 2, "theme", "ZZZ", 'commitments.csv, row 2, column theme: there is no theme "ZZZ"'),
        ("commitments.csv", 2, "deadline_on", "", "deadline_on, deadline_kind: A commitment due by a date needs the"),
        ("commitments.csv", 3, "deadline_on", "2020-03-31", "A commitment that is not dated cannot have a date."),
        (
            "commitments.csv",
            2,
            "deadline_kind",
            "soon",
            '"soon" is not one of by, from, continuous, none',
        ),
        ("commitments.csv", 2, "description", "", "commitments.csv, row 2, column description: the value is missing"),
        (
            "national_milestones.csv",
            2,
            "due_on",
            "2020/21",
            'due_on: "2020/21" is not a date such as 2019-03-31',
        ),
        ("metrics.csv", 2, "baseline_on", "", "row 2, column baseline, baseline_on: A baseline needs its date."),
        ("metrics.csv", 2, "target", "about 100", 'column target: "about 100" is not a number such as 33.5'),
        (
            "trajectories.csv",
            2,
            "unit",
            "%",
            'column commitment, metric, unit: there is no metric "LTP1',
        ),
        ("trajectory_points.csv", 2, "metric", "Other", 'there is no trajectory "LTP1-OOH-01", "Other", "% of places"'),
        ("trajectory_points.csv", 3, "due_on", "2021-03-31", "already stands in row 2"),
        ("reporting_periods.csv", 2, "due_on", "2019-09-01", "A reporting period opens, is due, and closes, in that"),
    ],
)
def test_a_bad_cell_is_named_and_nothing_is_loaded(folder, file, row, column, text, said):
    set_cell(folder / file, row=row, column=column, text=text)

    assert said in refusal(folder)


def test_two_periods_cannot_open_on_one_day(folder):
    with (folder / "reporting_periods.csv").open("a") as file:
        file.write("2019-09-02,2019-09-30,2019-09-20,2019-10-07,2019-10-14\n")

    assert refusal(folder) == "reporting_periods.csv, row 3: Key (opens_on)=(2019-09-20) already exists."


def test_a_mistake_in_the_catalogue_keeps_the_map_out_too(folder):
    set_cell(folder / "reporting_periods.csv", row=2, column="closes_on", text="never")

    refusal(folder)

    assert not ReportingPeriod.objects.exists()


def test_trajectories_that_people_set_are_left_alone(folder):
    load_reference(folder, today=TODAY)
    own = Trajectory.objects.create(
        metric=Metric.objects.get(),
        footprint=Footprint.objects.get(code="QKK"),
        recorded_on=TODAY,
        source="Paper",
    )
    TrajectoryPoint.objects.create(trajectory=own, due_on=dt.date(2021, 3, 31), value=40)

    outcomes = load_reference(folder, today=TODAY)

    assert not any(outcome.new or outcome.changed or outcome.unlisted for outcome in outcomes)
    assert own.points.get().value == 40


def test_a_changed_deadline_sets_positions_due(folder, django_capture_on_commit_callbacks):
    load_reference(folder, today=TODAY)
    position = DeliveryFactory(
        commitment=Commitment.objects.get(code="LTP1-OOH-01"), footprint=Footprint.objects.get(code="E09000004")
    ).position
    Position.objects.update(next_change_on=None)
    set_cell(folder / "commitments.csv", row=2, column="deadline_on", text="2023-03-31")

    with django_capture_on_commit_callbacks() as callbacks:
        load_reference(folder, today=TODAY)

    position.refresh_from_db()
    assert position.next_change_on == TODAY
    assert len(callbacks) == 1


def test_a_load_that_changes_nothing_leaves_positions_alone(folder, django_capture_on_commit_callbacks):
    load_reference(folder, today=TODAY)
    DeliveryFactory(commitment=Commitment.objects.get(code="LTP1-OOH-01"), footprint=Footprint.objects.get(code="QKK"))
    Position.objects.update(next_change_on=None)

    with django_capture_on_commit_callbacks() as callbacks:
        load_reference(folder, today=TODAY)

    assert not Position.objects.filter(next_change_on__isnull=False).exists()
    assert callbacks == []


def test_a_changed_name_has_the_pages_of_every_system_drawn_anew(folder):
    load_reference(folder, today=TODAY)
    system = Footprint.objects.get(code="QKK")
    before = PositionsVersion.objects.number_of(system)
    load_reference(folder, today=TODAY)
    assert PositionsVersion.objects.number_of(system) == before
    set_cell(folder / "commitments.csv", row=2, column="title", text="Response within two hours")

    load_reference(folder, today=TODAY)

    assert PositionsVersion.objects.number_of(system) == before + 1


def test_a_theme_taken_out_of_its_file_is_reported_and_kept(folder):
    load_reference(folder, today=TODAY)
    drop_row(folder / "commitments.csv", 3)
    drop_row(folder / "themes.csv", 3)

    outcomes = {outcome.file: outcome.unlisted for outcome in load_reference(folder, today=TODAY)}

    assert (outcomes["themes.csv"], outcomes["commitments.csv"]) == (1, 1)
    assert Theme.objects.count() == 2
