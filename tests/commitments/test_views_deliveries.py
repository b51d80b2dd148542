import datetime as dt

import pytest
from django.urls import reverse

from commitments import recompute
from commitments.choices import Confidence, Scope, Status
from commitments.models import Trajectory, TrajectoryPoint
from systems.choices import Verified
from tests.commitments.pages import page_of, read
from tests.factories import (
    TODAY,
    CommitmentFactory,
    DeliveryFactory,
    MetricFactory,
    MilestoneFactory,
    ObservationFactory,
    SignedOffReportFactory,
    SystemFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

LIST = reverse("commitments:deliveries")


@pytest.fixture
def delivery(system):
    return DeliveryFactory(footprint=system)


# --- The list ---------------------------------------------------------------------------------------------


def test_the_list_shows_what_one_may_see_and_nothing_else(reader, system):
    DeliveryFactory(footprint=system, commitment=CommitmentFactory(title="Ours"))
    DeliveryFactory(footprint=SystemFactory(), commitment=CommitmentFactory(title="Theirs"))

    page = read(reader, LIST)

    assert "Ours" in page
    assert "Theirs" not in page
    assert "1 delivery found" in page


def test_the_list_is_for_people_who_signed_in(client):
    assert client.get(LIST).status_code == 302


def test_a_filter_that_is_not_known_shows_the_form_again_and_no_rows(reader, delivery):
    page = read(reader, LIST, system="NOWHERE", status="purple", page="x")

    assert 0 < page.index("There is a problem") < page.index("<h1")
    assert "System: select one that is listed" in page
    assert "<title>Error: " in page
    assert "No delivery matches these filters." in page


def test_a_link_keeps_the_filters_when_sorting(reader, delivery):
    assert "?status=not_started&amp;sort=lead" in read(reader, LIST, status="not_started")


def test_words_from_people_are_escaped(reader, system):
    commitment = CommitmentFactory(title="<b>bold</b>")
    delivery = DeliveryFactory(footprint=system, commitment=commitment, position={"sentence": "<script>1</script>"})

    for address in (LIST, page_of(delivery)):
        page = read(reader, address)
        assert "<b>bold" not in page
        assert "<script>1" not in page


def test_the_list_shows_the_signals_beside_the_status(reader, system):
    signals = {
        "headroom_days": 426,
        "next_milestone_on": dt.date(2019, 10, 31),
        "contradiction": "Reported green, but 1 of 4 milestones is {days} overdue.",
        "contradiction_since_on": dt.date(2019, 9, 29),
    }
    DeliveryFactory(footprint=system, position=signals)

    page = read(reader, LIST)

    for said in (
        "Headroom: 426 days",
        "Next milestone: 31 October 2019",
        "Reported green, but 1 of 4 milestones is 1 day",
    ):
        assert said in page


def test_the_list_asks_no_more_for_more_rows(reader, system, django_assert_max_num_queries):
    DeliveryFactory(footprint=system, lead=UserFactory())
    with django_assert_max_num_queries(50) as few:
        reader.get(LIST)
    for _ in range(20):
        DeliveryFactory(footprint=system, lead=UserFactory())
    with django_assert_max_num_queries(len(few)):
        reader.get(LIST)


# --- One delivery -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [0, 987654321, 10**30])
def test_a_number_that_is_not_known_is_not_found(reader, number):
    assert reader.get(reverse("commitments:delivery", args=[number])).status_code == 404


def test_a_delivery_out_of_sight_is_not_found(reader):
    assert reader.get(page_of(DeliveryFactory())).status_code == 404


def test_pages_are_only_read(reader, delivery):
    assert reader.post(LIST).status_code == 405
    assert reader.post(page_of(delivery)).status_code == 405


def test_the_status_shown_is_the_stored_one(reader, system):
    facts = {"status": Status.MISSED, "sentence": "Missed: it was due {days} ago.", "since_on": dt.date(2019, 9, 29)}
    delivery = DeliveryFactory(footprint=system, position={**facts, "next_change_on": None})

    page = read(reader, page_of(delivery))

    assert "Missed: it was due 1 day ago." in page
    assert "Being recalculated" not in page


@pytest.mark.parametrize(("next_change_on", "is_due"), [(TODAY, True), (TODAY + dt.timedelta(1), False)])
def test_a_position_whose_day_has_come_is_being_recalculated(reader, system, next_change_on, is_due):
    delivery = DeliveryFactory(footprint=system, position={"next_change_on": next_change_on})

    assert ("Being recalculated" in read(reader, page_of(delivery))) is is_due


def test_why_this_status_shows_the_rules_down_to_the_one_that_decides(reader, delivery):
    answer = reader.get(page_of(delivery))

    tried = answer.context["tried"]
    assert [line.holds for line in tried] == [False] * (len(tried) - 1) + [True]
    assert tried[-1].rule.code == "not_phased_yet"
    assert "Holds, and decides:" in answer.content.decode()


def test_the_evidence_is_in_words(reader, delivery):
    MilestoneFactory(delivery=delivery, title="Recruit link workers", due_on=dt.date(2019, 8, 31))
    MilestoneFactory(delivery=delivery, achieved_on=dt.date(2019, 7, 1))
    SignedOffReportFactory(delivery=delivery, confidence=Confidence.GREEN, submitted_on=dt.date(2019, 9, 25))

    page = read(reader, page_of(delivery))

    assert "1 of 2 milestones achieved; oldest open: Recruit link workers, due 31 August 2019" in page
    assert "25 September 2019: under way, green, no expected date" in page
    assert "30 days overdue" in page
    assert "Achieved on 1 July 2019" in page


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (None, "Not known"),
        (0, "None: the very day of the national deadline"),
        (45, "45 days before the national deadline"),
        (-1, "1 day after the national deadline"),
        (426, "About 14 months (426 days) before the national deadline"),
    ],
)
def test_headroom_is_said_in_words(reader, system, days, words):
    delivery = DeliveryFactory(footprint=system, position={"headroom_days": days})

    assert words in read(reader, page_of(delivery))


def test_headroom_names_what_it_is_drawn_from(reader, system):
    delivery = DeliveryFactory(footprint=system, position={"headroom_days": -3, "headroom_from": "milestones"})

    assert "3 days after the national deadline, by the milestones met so far" in read(reader, page_of(delivery))


def test_the_expected_finish_is_told_in_three_ways(reader, system):
    metric = MetricFactory(name="Patients seen", target=100)
    delivery = DeliveryFactory(footprint=system, commitment=metric.commitment)
    SignedOffReportFactory(delivery=delivery, submitted_on=dt.date(2019, 9, 25), expected_on=dt.date(2020, 6, 30))
    for month in (4, 5, 6):
        MilestoneFactory(delivery=delivery, due_on=dt.date(2019, month, 1), achieved_on=dt.date(2019, month, 21))
        ObservationFactory(
            metric=metric, footprint=system, period_end_on=dt.date(2019, 6, month * 4), value=month * 4,
        )  # fmt: skip
    MilestoneFactory(delivery=delivery, due_on=dt.date(2020, 3, 1))

    page = read(reader, page_of(delivery))

    assert "30 June 2020, as reported on 25 September 2019" in page
    assert "21 March 2020: the last open milestone is due on 1 March 2020" in page
    assert "3 milestones met so far were 20 days late on average" in page
    assert "8 September 2019 (already passed): Patients seen reaches 100% if it goes on as in the last 3 values" in page


def test_where_there_is_too_little_to_go_by_the_page_says_so(reader, delivery):
    page = read(reader, page_of(delivery))

    assert "No date: no report has been signed off yet" in page
    assert "No forecast: fewer than 3 milestones met" in page
    assert "No forecast: no metric with a target of this footprint&#x27;s own" in page


def test_what_speaks_against_the_report_is_shown(reader, system):
    against = "Reported green, but its only milestone is 30 days overdue."
    delivery = DeliveryFactory(footprint=system, position={"contradiction": against})

    assert against in read(reader, page_of(delivery))


def test_a_statement_names_its_source_and_what_is_unverified_says_so(reader, system):
    commitment = CommitmentFactory(verified=Verified.NO)
    delivery = DeliveryFactory(footprint=system, commitment=commitment, source="Portsmouth HOSP, 4.1")

    page = read(reader, page_of(delivery))

    assert "Portsmouth HOSP, 4.1" in page
    assert "Not verified" in page


def test_what_does_not_apply_says_why(reader, system):
    delivery = DeliveryFactory(
        footprint=system, is_applicable=False, not_applicable_reason="Delivered by place in South East London"
    )

    assert "No: Delivered by place in South East London" in read(reader, page_of(delivery))


# --- Measurements -----------------------------------------------------------------------------------------


def test_measurements_are_drawn_against_what_was_expected(reader, system):
    metric = MetricFactory(name="Patients seen", baseline=0, baseline_on=dt.date(2019, 4, 1), target=100)
    delivery = DeliveryFactory(footprint=system, commitment=metric.commitment)
    ObservationFactory(metric=metric, footprint=system, period_end_on=dt.date(2019, 7, 31), value=4)
    ObservationFactory(metric=metric, footprint=system, value=9)
    ObservationFactory(metric=metric, footprint=system, value=12)

    answer = reader.get(page_of(delivery))

    chart = answer.context["chart"]
    assert chart.headings == ("Date", "Expected", "Observed")
    assert ("31 August 2019", "8.3242%", "12%") in chart.rows
    assert "9%" not in {row[2] for row in chart.rows}
    assert "12% on 31 August 2019, expected 8.32%" in answer.content.decode()


def test_thirteen_values_bring_icons_limits_and_what_they_mean(reader, system, measured_monthly):
    metric = MetricFactory(target=95)
    measured_monthly(metric, system, *[50, 52, 49] * 4, 70)

    page = read(reader, page_of(DeliveryFactory(footprint=system, commitment=metric.commitment)))

    assert "Improvement: high" in page
    assert "1 point above the upper limit in April 2019" in page
    assert "Consistently failing the target" in page
    assert "How to read these icons and charts" in page


def test_twelve_values_say_that_limits_need_thirteen(reader, system, measured_monthly):
    metric = MetricFactory()
    measured_monthly(metric, system, *[50, 52, 49] * 4)

    page = read(reader, page_of(DeliveryFactory(footprint=system, commitment=metric.commitment)))

    assert "Control limits need 13 values; there are 12 so far." in page
    assert "How to read these icons" not in page


def test_a_past_day_has_the_signals_known_then(reader, system, measured_monthly):
    metric = MetricFactory()
    delivery = DeliveryFactory(footprint=system, commitment=metric.commitment)
    measured_monthly(metric, system, *[50, 52, 49] * 4, 51)
    ObservationFactory(
        metric=metric, footprint=system, period_end_on=dt.date(2019, 4, 28), value=90, recorded_on=dt.date(2019, 9, 20)
    )

    def signal(**asked):
        return reader.get(page_of(delivery), asked).context["control"].signs[0].words

    assert signal() == "Improvement: high"
    assert signal(as_of="2019-09-15") == "Common cause: no significant change"


def test_an_england_total_is_no_target_here(reader, system):
    metric = MetricFactory(scope=Scope.ENGLAND, target=66000)
    delivery = DeliveryFactory(footprint=system, commitment=metric.commitment)
    for day in (dt.date(2019, 7, 31), dt.date(2019, 8, 31)):
        ObservationFactory(metric=metric, footprint=system, period_end_on=day)

    answer = reader.get(page_of(delivery))

    assert answer.context["chart"].headings == ("Date", "Observed")
    assert "England total: not any system&#x27;s own target" in answer.content.decode()


def test_a_local_trajectory_is_a_target_of_its_own(reader, system):
    metric = MetricFactory(scope=Scope.ENGLAND, target=66000, baseline=None, baseline_on=None)
    delivery = DeliveryFactory(footprint=system, commitment=metric.commitment)
    trajectory = Trajectory.objects.create(metric=metric, footprint=system, source="Our plan", recorded_on=TODAY)
    for year, value in ((2020, 100), (2021, 200)):
        TrajectoryPoint.objects.create(trajectory=trajectory, due_on=dt.date(year, 3, 31), value=value)

    assert reader.get(page_of(delivery)).context["chart"].rows == [("31 March 2020", "100%"), ("31 March 2021", "200%")]


def test_nothing_measured_says_so(reader, system):
    metric = MetricFactory(baseline=None, baseline_on=None, target=None)
    delivery = DeliveryFactory(footprint=system, commitment=metric.commitment)

    assert "Nothing was measured here yet." in read(reader, page_of(delivery))


def test_the_page_agrees_with_the_rules_once_recomputed(reader, delivery):
    SignedOffReportFactory(delivery=delivery)
    recompute.recompute_deliveries([delivery.pk], TODAY)

    answer = reader.get(page_of(delivery))

    assert answer.context["status"].status == answer.context["tried"][-1].rule.status
