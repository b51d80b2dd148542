"""The highlight report: one page about a delivery or a theme, for whoever may see it and no more of it."""

import datetime as dt

import pytest
from django.urls import reverse

from commitments import actions
from commitments.choices import Confidence, Status
from tests.commitments.pages import read
from tests.factories import (
    TODAY,
    DeadlineChangeFactory,
    DeliveryFactory,
    MilestoneFactory,
    PlaceFactory,
    ReportFactory,
    SignedOffReportFactory,
    ThemeFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)
RED = {"confidence": Confidence.RED, "reason": "No staff", "path_to_green": "Recruit two nurses"}


def of_delivery(delivery):
    return reverse("commitments:delivery_highlight", args=[delivery.pk])


def of_theme(delivery):
    system = delivery.footprint.system
    return reverse("commitments:theme_highlight", args=[system.code, delivery.commitment.theme.code])


def sections(client, address):
    """What stands in each quarter of the page."""
    found = client.get(address).context["sections"]
    return {section.title: dict(section.lines) for section in found}


# --- One delivery -----------------------------------------------------------------------------------------


def test_nothing_is_said_where_nothing_is(reader, delivery):
    assert set(map(len, sections(reader, of_delivery(delivery)).values())) == {0}
    page = read(reader, of_delivery(delivery))
    for words in ("Nothing was reported.", "Nothing is planned for the next month.", "None."):
        assert words in page


def test_a_delivery_is_told_from_its_report_its_milestones_and_its_status(reader, delivery, reporter):
    SignedOffReportFactory(delivery=delivery, narrative="Two hubs opened", next_steps="Open a third", **RED)
    done, _soon, _later, _late = (
        MilestoneFactory(delivery=delivery, title=title, due_on=due_on)
        for title, due_on in (
            ("Done", TODAY), ("Soon", TODAY + 9 * DAY), ("Later", TODAY + 99 * DAY), ("Late", TODAY - 23 * DAY),
        )
    )  # fmt: skip
    actions.achieve_milestone(milestone=done, by=reporter, today=TODAY)

    found = sections(reader, of_delivery(delivery))

    assert found == {
        "This period": {"September 2019": "Two hubs opened", "Milestone achieved": "Done, 30 September 2019."},
        "Next period": {"Next steps": "Open a third", "Due 9 October 2019": "Soon"},
        "Risks": {
            "Why it is not green": "No staff",
            "Path to green": "Recruit two nurses",
            "23 days overdue": "Late, due 7 September 2019",
        },
        "Decisions needed": {
            "Reported red": "It needs a decision above its lead.",
            "Off track": "Whether and how the national deadline can still be met.",
        },
    }


def test_the_status_stands_with_its_sentence(reader, place):
    delivery = DeliveryFactory(
        footprint=place,
        position={"status": Status.OFF_TRACK, "sentence": "Off track: late.", "contradiction": "Reported green, but."},
    )

    page = read(reader, of_delivery(delivery))

    assert "Off track: late. As at 30 September 2019." in page
    assert "Reported green, but." in page
    assert "Whether and how the national deadline can still be met." in page


def test_long_texts_are_cut_at_a_word(reader, delivery):
    SignedOffReportFactory(delivery=delivery, narrative="word " * 800)

    said = sections(reader, of_delivery(delivery))["This period"]["September 2019"]

    assert len(said) <= 700
    assert said.endswith("word …")


def test_a_deadline_asked_for_is_a_decision_needed(reader, place):
    delivery = DeliveryFactory(footprint=place, local_deadline_on=dt.date(2021, 3, 31))
    DeadlineChangeFactory(delivery=delivery, asked_by=UserFactory(name="Ann"))

    for address in (of_delivery(delivery), of_theme(delivery)):
        assert "The building opens later. Asked for by Ann." in read(reader, address)


def test_only_what_was_signed_off_is_told(reader, delivery):
    ReportFactory(delivery=delivery, narrative="Not signed off", **RED)

    for address in (of_delivery(delivery), of_theme(delivery)):
        page = read(reader, address)
        assert "Not signed off" not in page
        assert "Recruit two nurses" not in page


# --- One theme --------------------------------------------------------------------------------------------


def test_a_theme_is_told_from_all_its_deliveries(reader, delivery, reporter):
    delivery.position.status, delivery.position.reason_code = Status.AT_RISK, "confidence_amber"
    delivery.position.save()
    SignedOffReportFactory(delivery=delivery, **RED)
    done = MilestoneFactory(delivery=delivery, title="Done", due_on=TODAY)
    MilestoneFactory(delivery=delivery, title="Soon", due_on=TODAY + DAY)
    actions.achieve_milestone(milestone=done, by=reporter, today=TODAY)
    delivery.position.refresh_from_db()
    where = f"{delivery.commitment.title}, Bexley"

    found = sections(reader, of_theme(delivery))

    assert found["This period"]["Milestone achieved"] == f"{where}: Done, 30 September 2019."
    assert found["This period"]["Status in the last month"] == "1 worse."
    assert found["Next period"] == {"Due 1 October 2019": f"Soon. {where}"}
    ((risk, said),) = found["Risks"].items()
    assert risk == f"Off track: {where}"
    assert said.endswith("Path to green: Recruit two nurses")
    assert found["Decisions needed"] == {"Reported red": where}
    assert "Of 1 delivery, 0 are on track" in read(reader, of_theme(delivery))


def test_a_theme_names_five_and_says_how_many_more(reader, system, place):
    theme = ThemeFactory()
    for number in range(8):
        milestone = MilestoneFactory(
            delivery=DeliveryFactory(footprint=place, commitment__theme=theme), due_on=TODAY + number * DAY
        )

    lines = sections(reader, of_theme(milestone.delivery))["Next period"]

    assert (len(lines), lines["And"]) == (6, "3 more")


def test_a_reporter_of_a_place_reads_only_about_it(signed_in, reporter, delivery, system):
    elsewhere = DeliveryFactory(commitment=delivery.commitment, footprint=PlaceFactory(parent=system, name="Bromley"))
    for one in (delivery, elsewhere):
        MilestoneFactory(delivery=one, due_on=TODAY + DAY)

    page = read(signed_in(reporter), of_theme(delivery))

    assert "Only the places that you can see." in page
    assert "Bexley" in page
    assert "Bromley" not in page
    assert signed_in(reporter).get(of_delivery(elsewhere)).status_code == 404


def test_a_theme_nobody_knows_is_not_found(reader, delivery, system):
    address = reverse("commitments:theme_highlight", args=[system.code, "nonsense"])

    assert reader.get(address).status_code == 404


def test_a_theme_asks_no_more_for_twice_the_deliveries(reader, place, django_assert_max_num_queries):
    theme = ThemeFactory()

    def add(number):
        for _one in range(number):
            delivery = DeliveryFactory(footprint=place, commitment__theme=theme, position={"status": Status.AT_RISK})
            SignedOffReportFactory(delivery=delivery, **RED)
            MilestoneFactory(delivery=delivery, due_on=TODAY + DAY)
            DeadlineChangeFactory(delivery=delivery)
        return delivery

    address = of_theme(add(2))
    with django_assert_max_num_queries(40) as few:
        reader.get(address)
    add(2)
    with django_assert_max_num_queries(len(few)):
        reader.get(address)


def test_the_delivery_and_the_dashboard_lead_to_the_page(reader, delivery, system):
    assert of_delivery(delivery) in read(reader, reverse("commitments:delivery", args=[delivery.pk]))
    assert of_theme(delivery) in read(reader, reverse("systems:dashboard", args=[system.code]))
