"""Published rows in words: no database."""

import datetime as dt
from decimal import Decimal

import pytest

from commitments.charts.years import Slice, YearColumn, year_columns
from commitments.choices import DateKind, Status
from commitments.comparison import LevelMoved, Moved, Rung
from commitments.models import (
    PublishedCommitment,
    PublishedDateChange,
    PublishedFootprint,
    PublishedFramework,
    PublishedMaturity,
    PublishedMetric,
    PublishedNetworks,
    PublishedPosition,
)
from commitments.presenters.control import NO_TARGET
from commitments.presenters.deadline_years import deadline_years
from commitments.presenters.links import PublishedLinks
from commitments.presenters.published import lines, told_lines
from commitments.presenters.published_changes import changed_lines
from commitments.presenters.published_maturity import areas, moved_lines
from commitments.presenters.published_metrics import metric_chart, metric_lines, signs
from commitments.presenters.tallies import Counted
from commitments.presenters.tiles import place_tiles
from commitments.sentences import NO_PATH
from commitments.views.published_standing import population_in_words
from systems.choices import Level

AS_AT = dt.date(2019, 9, 30)
MARCH, JUNE = dt.date(2020, 3, 31), dt.date(2020, 6, 30)
LINKS = PublishedLinks("../")
BEXLEY = PublishedFootprint(pk=1, code="E1", name="Bexley", short_name="Bexley", level=Level.PLACE)
COMMITMENT = PublishedCommitment(pk=2, code="C1", title="Diagnose early")


def position(**facts) -> PublishedPosition:
    defaults = {"commitment": COMMITMENT, "footprint": BEXLEY, "status": Status.ON_TRACK, "milestones": 0}
    return PublishedPosition(**defaults | {"milestones_achieved": 0} | facts)


def metric(**facts) -> PublishedMetric:
    defaults = {
        "pk": 3, "position": position(), "name": "Scans", "unit": "%", "value": Decimal(20), "observed_on": AS_AT,
        "seen_on": [MARCH, JUNE], "seen": [Decimal(10), Decimal(20)], "expected_on": [], "expected": [],
    }  # fmt: skip
    return PublishedMetric(**defaults | facts)


# --- Lines ------------------------------------------------------------------------------------------------


def test_trouble_without_a_path_says_so_and_what_goes_well_needs_none():
    [well] = lines([position()], LINKS)
    [trouble] = lines([position(status=Status.OFF_TRACK)], LINKS)

    assert (well.path_to_green, trouble.path_to_green) == ("", NO_PATH)
    assert well.href == "../commitments/C1/"
    assert well.reported == "Never reported"


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (Status.AT_RISK, "1 of 2 achieved; next: Recruit, due 31 March 2020"),
        (Status.DELIVERED, "1 of 2 achieved"),
    ],
)
def test_the_next_milestone_is_told_of_what_is_still_to_be_done(status, said):
    steps = {"milestones": 2, "milestones_achieved": 1, "next_milestone": "Recruit", "next_milestone_on": MARCH}

    [line] = told_lines([position(status=status, **steps)], LINKS)

    assert line.told == [("Milestones", said)]


def test_a_milestone_that_moved_is_told_with_its_reason():
    moved = Moved("C1", "E1", DateKind.MILESTONE, "Recruit", MARCH, JUNE, AS_AT, "Nobody applied.")

    [line] = changed_lines([position()], {}, {moved.key: [moved]}, LINKS)

    [date] = line.dates
    assert (date.what, date.old_on, date.new_on, date.reason) == ("Milestone “Recruit”", MARCH, JUNE, "Nobody applied.")
    assert line.was is None


def test_a_population_nobody_knows_is_said():
    assert population_in_words(BEXLEY) == "Population not known"


# --- Maturity ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("was", "now", "said"),
    [
        (Rung("met", 1, "Emerging"), Rung("met", 2, "Developing"), "From emerging to developing"),
        (Rung("met", 2, "Developing"), Rung("gap", 1, "Emerging"), "Back from developing to emerging"),
        (Rung("met", 1, "Emerging"), Rung("gap", 1, "Emerging"), "Emerging, as before"),
    ],
)
def test_a_move_is_said_from_level_to_level(was, now, said):
    key = ("ICSM", "Leadership", "E1")
    row = PublishedMaturity(domain="Leadership", status=now.status)

    [line] = moved_lines([LevelMoved(key, was, now)], {key: row})

    assert (line.row, line.was, line.in_words) == (row, was.status, said)


def test_networks_alone_have_a_ladder_without_rungs():
    framework = PublishedFramework(pk=1, code="PCNM", name="PCN matrix", ordinal=1)
    counted = PublishedNetworks(
        framework=framework, footprint=BEXLEY, sentence="1 of 2 PCNs at step 1 or above", assessed=1, of_networks=2
    )

    [area] = areas([], [counted])

    [ladder] = area.ladders
    assert (area.footprint, ladder.status, ladder.rows) == (BEXLEY, "", [])
    assert ladder.networks == "1 of 2 PCNs at step 1 or above; 1 of 2 assessed"


# --- Metrics ----------------------------------------------------------------------------------------------


def test_a_metric_has_the_icons_it_was_published_with():
    judged = metric(variation="Concern: low", assurance="Consistently failing the target")

    assert [sign.words for sign in signs(judged)] == ["Concern: low", "Consistently failing the target"]


def test_without_a_target_the_second_icon_says_so():
    assert [sign.words for sign in signs(metric(variation="Change: high"))] == ["Change: high", NO_TARGET]


def test_too_few_values_have_no_icons():
    [line] = metric_lines([metric()], LINKS)

    assert (line.signs, line.latest, line.target) == ((), "20% on 30 September 2019", "No data")


def test_the_chart_is_drawn_again_from_what_was_published():
    chart = metric_chart(metric(expected_on=[MARCH, JUNE], expected=[Decimal(15), Decimal(30)]))

    assert chart.title == "Scans, %: Bexley"
    assert chart.headings == ("Date", "Expected", "Observed")
    assert list(chart.rows) == [("31 March 2020", "15%", "10%"), ("30 June 2020", "30%", "20%")]


def test_a_single_value_is_no_line():
    assert metric_chart(metric(seen_on=[MARCH], seen=[Decimal(10)])) is None


# --- Deadlines on one line of time ------------------------------------------------------------------------


def test_deadlines_stand_in_their_nhs_year():
    rows = [(MARCH, Status.MISSED, 2), (dt.date(2020, 4, 1), Status.ON_TRACK, 1), (dt.date(2022, 3, 31), "at_risk", 3)]

    chart = deadline_years(rows, AS_AT)

    assert list(chart.rows) == [
        ("2019/20", "2", "2 missed"),
        ("2020/21", "1", "1 on track"),
        ("2021/22", "3", "3 at risk"),
    ]
    assert "30 September 2019" in chart.svg


def test_nothing_with_a_deadline_is_no_chart():
    assert deadline_years([], AS_AT) is None


@pytest.mark.parametrize(("day", "x"), [(dt.date(2019, 4, 1), 24.0), (dt.date(2018, 1, 1), 24.0), (MARCH, 699.0)])
def test_the_line_of_the_day_lies_where_the_day_does(day, x):
    column = YearColumn(dt.date(2019, 4, 1), "2019/20", (Slice(3, "#d5281b", "#ffffff"),))

    drawn = year_columns(name="n", title="t", description="d", columns=[column], day=day, said="today")

    line = float(drawn.split('<line x1="')[1].split('"')[0])
    assert abs(line - x) < 2


# --- The tile map -----------------------------------------------------------------------------------------


def test_tiles_lie_row_by_row_and_places_without_a_square_come_last():
    places = [
        PublishedFootprint(pk=7, code="E7", short_name="Nowhere"),
        PublishedFootprint(pk=8, code="E8", short_name="South", tile_column=0, tile_row=1),
        PublishedFootprint(pk=9, code="E9", short_name="North", tile_column=4, tile_row=0),
    ]
    rows = [Counted(1, 9, Status.MISSED, 1, 100), Counted(1, 9, Status.ON_TRACK, 2, 100)]

    north, south, nowhere = place_tiles(places, rows, LINKS)

    assert (north.name, north.status, north.in_words) == ("North", Status.MISSED, "1 of 3 missed or off track")
    assert (south.name, south.status, south.in_words) == ("South", None, "No data")
    assert nowhere.column is None
    assert north.href == "../places/E9/"


def test_rows_say_what_they_are():
    moved = PublishedDateChange(position=position(), old_on=MARCH, new_on=JUNE)

    assert str(moved) == "C1 Diagnose early, Bexley: On track: 2020-03-31 to 2020-06-30"
    assert str(metric()) == "Scans at Bexley: 20"
