import datetime as dt

import pytest

from commitments.choices import Freshness, Status, ThemeClass
from commitments.models import Theme
from commitments.models.readmodels import Told
from commitments.models.standing import Counted, CountedDeadline, CountedReports
from commitments.presenters import overview, standing
from commitments.presenters.bars import bar
from commitments.presenters.cells import Number, cell
from commitments.presenters.coverage import share_in_words
from commitments.presenters.links import deliveries_href
from commitments.presenters.tallies import CountedFootprint, Tally, signals, tallies, tally
from systems.choices import Level
from systems.models import Footprint

TODAY = dt.date(2019, 9, 30)
CORE = Theme(pk=1, code="OOH", name="Out of hospital", theme_class=ThemeClass.CORE_FOUNDATION)
PRIORITISED = Theme(pk=2, code="CVD", name="Heart disease", theme_class=ThemeClass.PRIORITISED)
BEXLEY = Footprint(pk=11, code="E09000004", name="Bexley", level=Level.PLACE)
BROMLEY = Footprint(pk=12, code="E09000006", name="Bromley", level=Level.PLACE)
SYSTEM = Footprint(pk=10, code="QKK", name="South East London", level=Level.SYSTEM)


def counted(status, deliveries=1, *, theme=CORE, place=None, people=None):
    people = deliveries * 1000 if people is None else people
    return Counted(theme.pk, place.pk if place else None, status, deliveries, people)


def reported(status, deliveries=1, *, freshness=Freshness.FRESH, signs=(0,) * 9):
    return CountedReports(status, freshness, deliveries, signs)


# --- Tallies ----------------------------------------------------------------------------------------------


def test_a_tally_leaves_out_what_is_not_applicable():
    found = tally([counted(Status.ON_TRACK, 3), counted(Status.NOT_APPLICABLE, 5)])

    assert found.total == 3
    assert found.number(Status.NOT_APPLICABLE) == 5


def test_the_headline_is_the_worst_status_of_a_tenth_of_the_people():
    found = tally([counted(Status.OFF_TRACK, 5, people=99), counted(Status.AT_RISK, 1, people=901)])

    assert found.headline == Status.AT_RISK
    assert found.in_words(found.headline) == "1 of 6"


def test_the_headline_counts_deliveries_where_nobody_counted_people():
    found = tally([counted(Status.OFF_TRACK, 1, people=0), counted(Status.ON_TRACK, 8, people=0)])

    assert found.headline == Status.OFF_TRACK


def test_nothing_counted_is_no_data():
    assert Tally().headline is None
    assert Tally().in_words(None) == "No data"
    assert tally([counted(Status.NOT_APPLICABLE)]).headline is None


def test_tallies_are_kept_apart_by_key():
    found = tallies(
        [counted(Status.ON_TRACK, 2, place=BEXLEY), counted(Status.MISSED, place=BROMLEY)], lambda row: row.place_id
    )

    assert found[BEXLEY.pk].total == 2
    assert found[BROMLEY.pk].headline == Status.MISSED
    assert found[None].total == 0


# --- Links and bars ---------------------------------------------------------------------------------------


def test_a_link_leaves_out_filters_that_say_nothing():
    href = deliveries_href(system="QKK", place="", status=["missed", "off_track"])

    assert href == "/deliveries/?system=QKK&status=missed&status=off_track"


def test_a_bar_is_cut_by_status_and_says_so_in_words():
    found = bar("Enablers", tally([counted(Status.MISSED, 1), counted(Status.ON_TRACK, 19)]))

    assert [(s.x, s.width, s.number) for s in found.segments] == [(0, 5, ""), (5, 95, "19")]
    assert found.segments[1].middle == 52.5
    assert found.words == "1 missed, 19 on track"


def test_a_number_stands_in_a_bar_only_where_all_of_it_has_room():
    found = bar("Enablers", tally([counted(Status.AT_RISK, 100), counted(Status.ON_TRACK, 900)]))

    assert [segment.number for segment in found.segments] == ["", "900"]


@pytest.mark.parametrize(
    ("part", "share"), [(0, "0%"), (1, "under 1%"), (120, "12%"), (996, "over 99%"), (1000, "100%")]
)
def test_some_are_not_rounded_to_none_nor_most_to_all(part, share):
    assert share_in_words(part, 1000) == share


def test_a_bar_of_nothing_says_no_data():
    found = bar("Enablers", Tally())

    assert found.segments == []
    assert found.words == "No data"


def test_a_bar_is_drawn_with_its_words_its_segments_and_the_numbers_that_fit():
    found = bar("Heart & <lungs>", tally([counted(Status.MISSED, 1), counted(Status.ON_TRACK, 19)])).drawn

    assert found.startswith(
        '<svg role="img" aria-label="Heart &amp; &lt;lungs&gt;: 1 missed, 19 on track" width="100%"'
    )
    assert '<rect x="5.0%" y="1" width="95.0%" height="26" fill="#cce5d8" stroke="#4c6272" />' in found
    assert '<text x="52.5%" y="19" text-anchor="middle" fill="#004b23">19</text></svg>' in found
    assert found.count("<rect") == 2
    assert found.count("<text") == 1


def test_a_bar_of_nothing_says_so():
    assert ">No data</text></svg>" in bar("Enablers", Tally()).drawn


# --- Signals ----------------------------------------------------------------------------------------------


def test_signals_are_summed_by_name_and_none_is_nought():
    rows = [
        reported(Status.AT_RISK, signs=(1, 2, *[0] * 6, 4)),
        CountedReports.of(("", "", 9, 1, *[3] * 8)),
    ]

    found = signals(rows)

    assert (found["contradicted"], found["beyond"], found["none"]) == (2, 5, 7)
    assert signals([])["contradicted"] == 0


def test_the_time_left_is_told_of_what_is_still_to_be_done():
    signs = (1,) * 9
    rows = [reported(status, signs=signs) for status in (Status.ON_TRACK, Status.MISSED, Status.DELIVERED)]

    found = dict(standing.time_left(rows, system="QKK"))

    assert found["Headroom: under 30 days"].count == 2
    assert found["Next milestone: none open"].count == 2


# --- Cells ------------------------------------------------------------------------------------------------


def test_a_cell_is_drawn_with_its_status_its_count_and_its_link():
    found = cell(tally([counted(Status.OFF_TRACK, 3)]), "<Heart> & lungs, Bexley", "/deliveries/?a=1&b=2")

    assert found.drawn == (
        '<strong class="nhsuk-tag portal-status portal-status--off_track">Off track</strong><br>'
        '<a href="/deliveries/?a=1&amp;b=2">3 of 3'
        '<span class="nhsuk-u-visually-hidden"> off track: &lt;Heart&gt; &amp; lungs, Bexley</span></a>'
    )


def test_a_cell_with_nothing_to_count_is_no_data_and_no_link():
    assert cell(Tally(), "Heart disease, Bexley", "/deliveries/").drawn == "No data"


def test_a_number_leads_to_its_list_and_nothing_is_a_plain_nought():
    many = Number(1250, "Themes <a>", "/deliveries/?a=1&b=2")

    assert many.drawn == (
        '<a href="/deliveries/?a=1&amp;b=2"><span class="nhsuk-u-visually-hidden">Themes &lt;a&gt;: </span>1,250</a>'
    )
    assert Number(0, "Themes", "/deliveries/").drawn == "0"


# --- How an area stands -----------------------------------------------------------------------------------


def test_the_summary_accounts_for_every_delivery():
    found = tally(
        [
            counted(Status.ON_TRACK, 1_100),
            counted(Status.DELIVERED, 38),
            counted(Status.AT_RISK, 20),
            counted(Status.OFF_TRACK, 4),
            counted(Status.MISSED, 3),
            counted(Status.NOT_STARTED, 2),
            counted(Status.NOT_REPORTED, 1),
            counted(Status.NOT_APPLICABLE, 9),
        ]
    )

    assert standing.summary(found) == (
        "Of 1,168 deliveries, 1,138 are on track or delivered, 20 at risk, 4 off track, 3 past the national deadline, "
        "2 not started and 1 not reported."
    )


def test_the_summary_of_one_delivery_is_in_the_singular():
    assert "Of 1 delivery, 1 is on track or delivered" in standing.summary(tally([counted(Status.ON_TRACK)]))


def test_the_summary_of_nothing_says_so():
    assert standing.summary(Tally()) == "There are no deliveries to count yet."


def test_each_class_has_its_counts_and_the_list_behind_them():
    rows = [counted(Status.OFF_TRACK, 2), counted(Status.OFF_TRACK, 1, theme=PRIORITISED), counted(Status.ON_TRACK, 4)]

    table = standing.by_class([CORE, PRIORITISED], rows, deliveries_href, system="QKK")

    off_track = next(line for line in table.lines if line.status == Status.OFF_TRACK)
    assert [number.count for number in off_track.numbers] == [2, 1, 0, 3]
    assert table.totals == [6, 1, 0, 7]
    assert off_track.numbers[0].says == "Core foundation, off track"
    assert off_track.numbers[0].href == "/deliveries/?system=QKK&theme_class=core_foundation&status=off_track"
    assert off_track.numbers[3].href == "/deliveries/?system=QKK&status=off_track"
    assert [bar.words for bar in table.bars] == ["2 off track, 4 on track", "1 off track", "No data"]


def test_the_grid_has_the_whole_system_and_each_place():
    rows = [counted(Status.ON_TRACK, 3), counted(Status.OFF_TRACK, 2, place=BEXLEY)]

    columns = standing.columns_of(SYSTEM, [BEXLEY, BROMLEY], rows, deliveries_href)
    (group,) = standing.grid([CORE], columns)

    (row,) = group.rows
    assert [column.title for column in columns] == ["Whole system", "Bexley", "Bromley"]
    assert [(cell.status, cell.in_words) for cell in row.cells] == [
        (Status.OFF_TRACK, "2 of 5"),
        (Status.OFF_TRACK, "2 of 2"),
        (None, "No data"),
    ]
    assert row.cells[0].href == "/deliveries/?system=QKK&theme=OOH"
    assert row.cells[1].href == "/deliveries/?system=QKK&place=E09000004&theme=OOH"


def test_the_grid_is_grouped_by_class_and_leaves_out_classes_without_themes():
    groups = standing.grid([PRIORITISED, CORE], standing.columns_of(SYSTEM, [], [], deliveries_href))

    assert [group.theme_class for group in groups] == [ThemeClass.CORE_FOUNDATION, ThemeClass.PRIORITISED]
    assert [row.theme for row in groups[1].rows] == [PRIORITISED]
    assert groups[0].meaning == "A system must have a clear plan for it now."


def test_reports_are_counted_only_where_one_is_expected():
    rows = [
        reported(Status.AT_RISK, 3, freshness=Freshness.STALE),
        reported(Status.ON_TRACK, 4),
        reported(Status.NOT_STARTED, 5, freshness=Freshness.NEVER),
        reported(Status.DELIVERED, 6, freshness=Freshness.LAPSED),
    ]

    found = {word: number for word, number in standing.reports(rows, deliveries_href, system="QKK")}

    assert {word: number.count for word, number in found.items()} == {
        Freshness.FRESH: 4,
        Freshness.DUE: 0,
        Freshness.STALE: 3,
        Freshness.LAPSED: 0,
        Freshness.NEVER: 0,
    }
    assert found[Freshness.STALE].href == (
        "/deliveries/?system=QKK&freshness=stale"
        "&status=missed&status=off_track&status=not_reported&status=at_risk&status=on_track"
    )


def test_deadlines_stand_by_month_and_day():
    rows = [
        CountedDeadline(dt.date(2020, 3, 31), "LTP3-CVD-01", "Check blood pressure", Status.ON_TRACK, 2, 2000),
        CountedDeadline(dt.date(2020, 3, 1), "LTP1-OOH-02", "Rapid response", Status.AT_RISK, 1, 1000),
        CountedDeadline(dt.date(2019, 12, 31), "LTP1-OOH-01", "Care homes", Status.ON_TRACK, 1, 1000),
        CountedDeadline(dt.date(2019, 12, 31), "LTP1-OOH-01", "Care homes", Status.OFF_TRACK, 1, 1000),
    ]

    (december, due_first), (march, due_later) = standing.deadlines(rows, deliveries_href, system="QKK")

    assert (december, march) == ("December 2019", "March 2020")
    assert [deadline.title for deadline in due_later] == ["Rapid response", "Check blood pressure"]
    assert (due_first[0].cell.status, due_first[0].cell.in_words) == (Status.OFF_TRACK, "1 of 2")
    assert due_first[0].cell.href == "/deliveries/?system=QKK&commitment=LTP1-OOH-01"


def told(status, sentence, since_on, *, contradiction="", contradiction_since_on=None) -> Told:
    place = ("LTP1-OOH-01", "Care homes", "Bexley")
    return Told(7, status, sentence, since_on, contradiction, contradiction_since_on, None, *place)


def test_a_line_says_its_sentence_as_of_today():
    late = told(Status.MISSED, "Missed: {days} late.", dt.date(2019, 9, 29))

    (line,) = standing.lines([late], TODAY)

    assert (line.href, line.title, line.where) == ("/deliveries/7/", "Care homes", "Bexley")
    assert (line.status, line.sentence) == (Status.MISSED, "Missed: 1 day late.")


def test_a_contradiction_says_what_speaks_against_the_report():
    green = told(
        Status.AT_RISK,
        "At risk: a milestone is overdue.",
        None,
        contradiction="Reported green, but 1 milestone is {days} overdue.",
        contradiction_since_on=dt.date(2019, 9, 20),
    )

    (line,) = standing.contradictions([green], TODAY)

    assert line.sentence == "Reported green, but 1 milestone is 10 days overdue."


def test_a_number_of_all_leads_to_the_list():
    found = standing.listed(3, "contradicted", deliveries_href, system="QKK", contradiction="1")

    assert (found.count, found.href) == (3, "/deliveries/?system=QKK&contradiction=1")


# --- The list of systems ----------------------------------------------------------------------------------


def test_systems_stand_by_region_with_their_failures_in_words():
    london = Footprint(pk=9, code="Y56", name="London", level=Level.REGION)
    footprints = [
        Footprint(pk=pk, code=code, level=Level.SYSTEM, parent=london)
        for pk, code in ((1, "QKK"), (2, "QRV"), (3, "QMJ"))
    ]
    rows = [
        CountedFootprint(1, Status.MISSED, 3, 3000),
        CountedFootprint(1, Status.OFF_TRACK, 1200, 9000),
        CountedFootprint(2, Status.ON_TRACK, 4, 1000),
    ]

    ((region, found),) = overview.by_region(footprints, rows)

    assert region == "London"
    assert [area.in_words for area in found] == [
        "3 missed and 1,200 off track of 1,203",
        "None of 4 missed or off track",
        "No data",
    ]
    assert [area.status for area in found] == [Status.MISSED, Status.ON_TRACK, None]
    assert found[0].href == "/systems/QKK/"
