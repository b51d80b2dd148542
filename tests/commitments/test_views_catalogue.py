import datetime as dt

import pytest
from django.urls import reverse

from commitments.choices import STATUS_MEANING, DeadlineKind, DeliveryLevel, Scope, Status
from commitments.models import Trajectory, TrajectoryPoint
from commitments.models.catalogue import NationalMilestone
from commitments.rules import RULES
from systems.choices import Verified
from tests.factories import (
    TODAY,
    CommitmentFactory,
    DeliveryFactory,
    MetricFactory,
    PlaceFactory,
    SystemFactory,
)

pytestmark = pytest.mark.django_db

CATALOGUE = reverse("commitments:commitments")


def page_of(commitment):
    return reverse("commitments:commitment", args=[commitment.code])


def published(metric, *points):
    trajectory = Trajectory.objects.create(metric=metric, source="Made for a test", recorded_on=TODAY)
    TrajectoryPoint.objects.bulk_create(TrajectoryPoint(trajectory=trajectory, due_on=d, value=v) for d, v in points)


# --- The catalogue ----------------------------------------------------------------------------------------


def test_the_catalogue_lists_commitments_with_links(reader):
    commitment = CommitmentFactory(title="Two-hour urgent response", deadline_text="within five years")

    page = reader.get(CATALOGUE).content.decode()

    assert "Two-hour urgent response" in page
    assert page_of(commitment) in page
    assert "within five years" in page
    assert "1 commitment found" in page


def test_the_catalogue_is_for_people_who_signed_in(client):
    assert client.get(CATALOGUE).status_code == 302


def test_a_filter_narrows_the_catalogue(reader):
    CommitmentFactory(title="Kept", verified=Verified.NO)
    CommitmentFactory(title="Left out")

    page = reader.get(CATALOGUE, {"verified": "no"}).content.decode()

    assert "Kept" in page
    assert "Left out" not in page


@pytest.mark.parametrize("query", ["theme=%00", "level=moon", "q=%00", "theme_class=%F0%9F%98%80", f"q={'x' * 300}"])
def test_a_filter_that_is_not_known_shows_the_form_again(reader, query):
    CommitmentFactory(title="Left out")

    answer = reader.get(f"{CATALOGUE}?{query}")

    page = answer.content.decode()
    assert answer.status_code == 200
    assert "There is a problem" in page
    assert "<title>Error: " in page
    assert "Left out" not in page


def test_the_sorted_column_says_so(reader):
    CommitmentFactory()

    assert 'aria-sort="ascending"' in reader.get(CATALOGUE, {"sort": "title"}).content.decode()
    assert 'aria-sort="descending"' in reader.get(CATALOGUE, {"sort": "-title"}).content.decode()


def test_the_catalogue_asks_no_more_for_more_rows(reader, django_assert_max_num_queries):
    CommitmentFactory()
    with django_assert_max_num_queries(50) as few:
        reader.get(CATALOGUE)
    for _ in range(20):
        CommitmentFactory()
    with django_assert_max_num_queries(len(few)):
        reader.get(CATALOGUE)


# --- One commitment ---------------------------------------------------------------------------------------


def test_a_commitment_shows_what_was_promised(reader):
    commitment = CommitmentFactory(
        title="Perinatal care",
        description="Women reached by community teams",
        deadline_text="2023/24",
        deadline_on=dt.date(2024, 3, 31),
        source="LTP para 3.100 via https://example.org/plan ; https://example.org/news",
    )

    page = reader.get(page_of(commitment)).content.decode()

    assert "Perinatal care" in page
    assert "Women reached by community teams" in page
    assert "2023/24" in page
    assert "31 March 2024. To be done by this date." in page
    assert 'https://example.org/plan</a><br><a href="https://example.org/news"' in page
    assert "Not verified" not in page


@pytest.mark.parametrize(
    ("verified", "notice"),
    [
        (Verified.NO, "Not verified: this was not seen in a source."),
        (Verified.PARTIAL, "Partly verified: some of this was not seen in a source."),
    ],
)
def test_what_was_not_seen_in_a_source_says_so(reader, verified, notice):
    commitment = CommitmentFactory(verified=verified)

    assert notice in reader.get(page_of(commitment)).content.decode()


def test_a_commitment_without_a_date_says_so(reader):
    commitment = CommitmentFactory(deadline_kind=DeadlineKind.NONE, deadline_on=None, deadline_text="not dated")

    assert "No date. The plan gives no date." in reader.get(page_of(commitment)).content.decode()


def test_a_providers_commitment_says_where_it_is_kept(reader):
    commitment = CommitmentFactory(delivery_level=DeliveryLevel.PROVIDER)

    assert "Provider, kept here by system" in reader.get(page_of(commitment)).content.decode()


def test_a_national_commitment_has_no_deliveries(reader):
    commitment = CommitmentFactory(delivery_level=DeliveryLevel.NATIONAL)

    page = reader.get(page_of(commitment)).content.decode()

    assert "there are no deliveries by systems" in page
    assert "<caption" not in page


def test_a_commitment_not_opened_in_sight_says_so(reader):
    assert "No delivery of it has been opened" in reader.get(page_of(CommitmentFactory())).content.decode()


def test_an_england_total_is_nobodys_own_target(reader):
    metric = MetricFactory(scope=Scope.ENGLAND, target=66000, unit="people")

    page = reader.get(page_of(metric.commitment)).content.decode()

    assert "England total: not any system&#x27;s own target" in page
    assert "66,000 people" in page


def test_a_published_path_is_drawn_with_its_numbers(reader):
    metric = MetricFactory(name="Women seen", unit="people", baseline=12000, target=66000, verified=Verified.PARTIAL)
    published(metric, (dt.date(2021, 3, 31), 47000), (dt.date(2022, 3, 31), 57000))

    page = reader.get(page_of(metric.commitment)).content.decode()

    assert 'role="img"' in page
    assert "The numbers in this chart" in page
    for number in ("12,000 people", "47,000 people", "57,000 people", "66,000 people"):
        assert number in page
    assert "Partly verified" in page


def test_a_single_figure_is_not_drawn(reader):
    metric = MetricFactory(baseline=None, baseline_on=None, target=None)

    page = reader.get(page_of(metric.commitment)).content.decode()

    assert "<svg" not in page.split("</header>")[1]


def test_the_one_system_measured_is_shown_with_its_chart(reader, system, measured_monthly):
    metric = MetricFactory(target=95)
    DeliveryFactory(commitment=metric.commitment, footprint=system)
    measured_monthly(metric, system, *[50, 52, 49] * 4, 70)

    page = reader.get(page_of(metric.commitment)).content.decode()

    assert "Upper limit" in page
    assert "Improvement: high" in page
    assert "Consistently failing the target" in page


def test_several_systems_are_listed_with_icons_and_their_own_targets(signed_in, portal_admin, measured_monthly):
    metric = MetricFactory(scope=Scope.ENGLAND, target=66000)
    systems = [SystemFactory(name=name) for name in ("Borsetshire", "Ambridge", "Felpersham")]
    for found, months in zip(systems, (13, 13, 12), strict=True):
        DeliveryFactory(commitment=metric.commitment, footprint=found)
        measured_monthly(metric, found, *([50, 52, 49, 51] * 4)[:months])
    trajectory = Trajectory.objects.create(metric=metric, footprint=systems[0], source="Our plan", recorded_on=TODAY)
    TrajectoryPoint.objects.create(trajectory=trajectory, due_on=dt.date(2021, 3, 31), value=40)

    answer = signed_in(portal_admin).get(page_of(metric.commitment))

    lines = [(c.delivery.footprint.name, c.control.signs[1].words) for c in answer.context["controls"]]
    assert lines == [
        ("Ambridge", "No target to be judged against"),
        ("Borsetshire", "Consistently hitting the target"),
    ]
    assert "What was measured, by system" in answer.content.decode()


def test_twice_the_systems_measured_take_the_same_queries(
    signed_in, portal_admin, measured_monthly, django_assert_num_queries
):
    metric = MetricFactory()
    admin = signed_in(portal_admin)

    def measure_two_more():
        for found in (SystemFactory(), SystemFactory()):
            DeliveryFactory(commitment=metric.commitment, footprint=found)
            measured_monthly(metric, found, *[50, 52, 49] * 5)

    measure_two_more()
    admin.get(page_of(metric.commitment))
    with django_assert_num_queries(60, exact=False) as few:
        admin.get(page_of(metric.commitment))
    measure_two_more()

    with django_assert_num_queries(len(few)):
        assert len(admin.get(page_of(metric.commitment)).context["controls"]) == 4


def test_what_others_measured_is_out_of_sight(reader, measured_monthly):
    delivery = DeliveryFactory(footprint=SystemFactory())
    measured_monthly(MetricFactory(commitment=delivery.commitment), delivery.footprint, *[50, 52, 49] * 5)

    assert reader.get(page_of(delivery.commitment)).context["controls"] == []


def test_national_milestones_are_listed(reader):
    commitment = CommitmentFactory()
    NationalMilestone.objects.create(
        commitment=commitment, title="Seven sites start", due_on=dt.date(2020, 4, 30), target_value=7, unit="sites",
        source="https://example.org", verified=Verified.NO,
    )  # fmt: skip
    NationalMilestone.objects.create(
        commitment=commitment, title="More areas funded", due_on=dt.date(2021, 12, 31), verified=Verified.YES
    )

    page = reader.get(page_of(commitment)).content.decode()

    assert "30 April 2020" in page
    assert "7 sites" in page
    assert "No figure" in page
    assert "Not verified" in page


def test_how_it_stands_counts_what_the_reader_may_see(reader, system):
    commitment = CommitmentFactory(delivery_level=DeliveryLevel.PLACE)
    for status in (Status.ON_TRACK, Status.MISSED, Status.MISSED, Status.NOT_APPLICABLE):
        DeliveryFactory(commitment=commitment, footprint=PlaceFactory(parent=system), position={"status": status})
    DeliveryFactory(commitment=commitment, footprint=PlaceFactory(parent=SystemFactory(name="Elsewhere")))

    answer = reader.get(page_of(commitment))

    [standing] = answer.context["standings"]
    assert standing.name == "South East London"
    assert standing.counts == [(Status.MISSED, 2), (Status.ON_TRACK, 1)]
    assert (standing.total, standing.not_applicable) == (3, 1)
    assert "1 not applicable" in answer.content.decode()
    assert "Elsewhere" not in answer.content.decode()


def test_a_commitment_asks_no_more_for_more_rows(reader, system, django_assert_max_num_queries):
    commitment = CommitmentFactory(delivery_level=DeliveryLevel.PLACE)
    metric = MetricFactory(commitment=commitment)
    published(metric, (dt.date(2021, 3, 31), 40))
    DeliveryFactory(commitment=commitment, footprint=PlaceFactory(parent=system))
    with django_assert_max_num_queries(50) as few:
        reader.get(page_of(commitment))
    for number in range(20):
        DeliveryFactory(commitment=commitment, footprint=PlaceFactory(parent=system))
        MetricFactory(commitment=commitment, is_headline=False, name=f"Metric {number}")
    with django_assert_max_num_queries(len(few)):
        reader.get(page_of(commitment))


@pytest.mark.parametrize("code", ["LTP9-NONE-01", "x" * 200])
def test_a_code_that_is_not_known_is_not_found(reader, code):
    assert reader.get(reverse("commitments:commitment", args=[code])).status_code == 404


def test_a_code_with_strange_characters_is_not_found(reader):
    assert reader.get("/commitments/%00/").status_code == 404
    assert reader.get("/commitments/a'--/").status_code == 404


# --- How status works -------------------------------------------------------------------------------------


def test_how_status_works_is_made_from_the_law_and_open_to_all(client):
    page = client.get(reverse("commitments:status_explained")).content.decode()

    for rule in RULES:
        assert f'id="{rule.code}"' in page
    for status, meaning in STATUS_MEANING.items():
        assert meaning in page
        assert f"portal-status--{status}" in page
    assert "more than 45 days old" in page
    assert "more than 92 days old" in page
    assert "least squares through its last 12 values" in page
    assert "at least 3 milestones met, or 3 values" in page
    assert "after 31 December 2040, is no forecast" in page


def test_pages_are_only_read(reader):
    for address in (CATALOGUE, page_of(CommitmentFactory()), reverse("commitments:status_explained")):
        assert reader.post(address).status_code == 405
