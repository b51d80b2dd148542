"""One delivery's history, and what of it each reader sees."""

import datetime as dt

import pytest
from django.urls import reverse

from commitments import actions
from commitments.choices import ReportState, Status
from commitments.models import PlanRevision, PositionChange
from tests.commitments.pages import page_of, read
from tests.factories import (
    TODAY,
    DeliveryFactory,
    MetricFactory,
    MilestoneFactory,
    PeriodFactory,
    ReportFactory,
    SignedOffReportFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

ACTIONS = ("report", "plan", "milestone_add", "observation", "trajectory")


# --- History ----------------------------------------------------------------------------------------------


def change(delivery, on, from_status, to_status):
    return PositionChange.objects.create(
        delivery=delivery,
        changed_on=on,
        from_status=from_status,
        to_status=to_status,
        to_reason_code="x",
        sentence="Why",
    )


def test_history_holds_reports_and_changes_newest_first(reader, delivery):
    august = PeriodFactory(starts_on=dt.date(2019, 8, 1))
    corrected = SignedOffReportFactory(delivery=delivery, period=august, decided_on=dt.date(2019, 9, 1))
    SignedOffReportFactory(delivery=delivery, period=august, decided_on=dt.date(2019, 9, 5), supersedes=corrected)
    change(delivery, dt.date(2019, 8, 1), "", Status.NOT_STARTED)
    change(delivery, dt.date(2019, 9, 1), Status.NOT_STARTED, Status.ON_TRACK)
    change(delivery, dt.date(2019, 9, 5), Status.ON_TRACK, Status.ON_TRACK)

    entries = [row.record.heading for row in reader.get(page_of(delivery)).context["history"].rows]

    assert entries == [
        "Same status, another reason",
        "Report for August 2019, signed off",
        "Status changed",
        "Report for August 2019, replaced by a later one",
        "First status",
    ]


def moved(milestone, by, due_on, today):
    actions.move_milestone(
        milestone=milestone, was_due_on=milestone.due_on, due_on=due_on, reason="The lease is late", by=by, today=today
    )


def test_history_tells_of_milestones_with_who_and_why(reader, delivery, manager):
    milestone = MilestoneFactory(delivery=delivery, title="Open a hub", recorded_by=UserFactory(name="Rita"))
    moved(milestone, manager, dt.date(2020, 6, 30), TODAY)

    rows = [row.record for row in reader.get(page_of(delivery)).context["history"].rows if row.record.change is None]

    assert [(row.happened_on, row.heading, row.text, row.who) for row in rows] == [
        (
            TODAY,
            "Milestone moved: Open a hub",
            "From 31 March 2020 to 30 June 2020. The lease is late",
            f"Recorded by {manager.name} on 30 September 2019.",
        ),
        (
            dt.date(2019, 4, 1),
            "Milestone added: Open a hub",
            "Due 31 March 2020.",
            "Added by Rita on 1 April 2019.",
        ),
    ]


def test_history_says_who_wrote_and_who_signed_off(reader, delivery):
    SignedOffReportFactory(
        delivery=delivery, author=UserFactory(name="Rita"), decided_by=UserFactory(name="Sam"),
    )  # fmt: skip
    who = "Submitted by Rita on 25 September 2019; signed off by Sam on 27 September 2019."

    assert who in read(reader, page_of(delivery))


def test_a_past_page_has_the_milestones_and_the_history_of_that_day(reader, delivery, manager):
    milestone = MilestoneFactory(delivery=delivery, title="Open a hub")
    moved(milestone, manager, dt.date(2020, 6, 30), TODAY)

    before = read(reader, page_of(delivery), as_of="2019-09-29")

    assert "31 March 2020" in before
    assert "30 June 2020" not in before
    assert "Milestone moved" not in before
    assert "Milestone added: Open a hub" in before


def test_history_comes_in_pages(reader, delivery):
    for day in range(1, 28):
        change(delivery, dt.date(2019, 8, day), Status.NOT_STARTED, Status.ON_TRACK)

    assert "27 August 2019" in read(reader, page_of(delivery))
    assert "27 August 2019" not in read(reader, page_of(delivery), page=2)


def test_a_delivery_asks_no_more_for_a_longer_history(reader, delivery, django_assert_max_num_queries):
    def add(months):
        for month in months:
            period = PeriodFactory(starts_on=dt.date(2019, month, 1))
            SignedOffReportFactory(delivery=delivery, period=period)
            MilestoneFactory(delivery=delivery)
            change(delivery, dt.date(2019, month, 1), Status.ON_TRACK, Status.AT_RISK)

    add([1])
    with django_assert_max_num_queries(60) as few:
        reader.get(page_of(delivery))
    add(range(2, 9))
    with django_assert_max_num_queries(len(few)):
        reader.get(page_of(delivery))


# --- Who sees what ----------------------------------------------------------------------------------------


def working_papers(delivery):
    """A draft, and a signed-off report that was once returned with a note."""
    ReportFactory(delivery=delivery, state=ReportState.DRAFT, narrative="Only a draft", author=UserFactory(name="Rita"))
    SignedOffReportFactory(
        delivery=delivery,
        period=PeriodFactory(starts_on=dt.date(2019, 8, 1)),
        narrative="Signed-off words",
        return_note="Say more about the money",
        author=UserFactory(name="Rita"),
    )


def test_a_viewer_reads_working_papers_too(reader, delivery):
    working_papers(delivery)

    page = read(reader, page_of(delivery))

    assert "Report for September 2019: draft." in page
    assert "Rita" in page


def test_a_returned_report_shows_its_note(reader, delivery):
    ReportFactory(
        delivery=delivery,
        state=ReportState.RETURNED,
        return_note="Say more",
        decided_by=UserFactory(),
        decided_on=dt.date(2019, 9, 27),
    )

    assert "Say more" in read(reader, page_of(delivery))


@pytest.mark.parametrize(
    ("who", "shown"),
    [
        ("viewer", ()),
        ("portal_admin", ()),
        ("reporter", ("report", "observation", "trajectory")),
        ("manager", ACTIONS),
        ("approver", ACTIONS),
    ],
)
def test_what_one_may_do_is_offered_and_nothing_else(request, signed_in, place, who, shown):
    metric = MetricFactory()
    delivery = DeliveryFactory(footprint=place, commitment=metric.commitment)
    milestone = MilestoneFactory(delivery=delivery)

    page = read(signed_in(request.getfixturevalue(who)), page_of(delivery))

    offered = [name for name in ACTIONS if f'href="{reverse(f"commitments:{name}", args=[delivery.pk])}"' in page]
    achieve = reverse("commitments:milestone_achieve", args=[delivery.pk, milestone.pk])
    assert offered == list(shown)
    assert (achieve in page) is ("report" in shown)


# --- The plan ---------------------------------------------------------------------------------------------


@pytest.fixture
def replanned(delivery, manager, approver):
    """A delivery whose lead, dates and applicability changed, on three days."""
    opened = {"lead": None, "planned_start_on": None, "local_deadline_on": None, "is_applicable": True}
    facts = {"delivery": delivery, "recorded_by": manager}
    led = opened | {"lead": approver, "local_deadline_on": dt.date(2021, 3, 31)}
    struck = led | {"is_applicable": False, "not_applicable_reason": "No hospital here"}
    for day, plan in ((2, opened), (3, led), (4, struck), (5, struck)):
        PlanRevision.objects.create(recorded_on=dt.date(2019, 9, day), **facts, **plan)
    return delivery


def test_changes_of_the_plan_stand_in_the_history_with_why(reader, approver, replanned):
    entries = [row.record for row in reader.get(page_of(replanned)).context["history"].rows]

    assert [(entry.happened_on.day, entry.heading, entry.text) for entry in entries if "plan" in entry.heading] == [
        (4, "Local plan changed", "It does not apply here: No hospital here"),
        (3, "Local plan changed", f"Lead: {approver.name}; before that nobody.\nLocal deadline: 31 March 2021."),
    ]


def test_history_says_who_changed_the_plan(reader, manager, replanned):
    assert f"Changed by {manager.name} on 4 September 2019" in read(reader, page_of(replanned))


def test_a_past_day_knows_the_changes_of_the_plan_up_to_it(reader, replanned):
    html = read(reader, page_of(replanned), as_of="2019-09-03")

    assert "Local deadline: 31 March 2021." in html
    assert "No hospital here" not in html
