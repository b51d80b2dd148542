"""What the status would become, shown before a report is submitted: by the same rules, and never a surprise."""

import datetime as dt
import re

import pytest
from django.urls import reverse

from commitments.models import Milestone, Report
from tests.factories import (
    TODAY,
    MetricFactory,
    MilestoneFactory,
    ObservationFactory,
    PeriodFactory,
    SignedOffReportFactory,
)


def foreseen(html: str) -> str:
    """The sentence about the status to come, as a reader sees it."""
    found = re.search(r"With this report the status will be: .*?</p>", html, re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", found[0])).strip() if found else ""


@pytest.fixture
def recruiting(delivery):
    return MilestoneFactory(delivery=delivery, title="Recruit", due_on=dt.date(2019, 9, 7))


def test_the_form_says_what_the_status_would_become_with_the_words_it_starts_from(
    signed_in, reporter, delivery, report_address, recruiting
):
    SignedOffReportFactory(delivery=delivery, period=PeriodFactory(starts_on=dt.date(2019, 8, 1)))

    html = signed_in(reporter).get(report_address).content.decode()

    assert foreseen(html) == (
        "With this report the status will be: At risk, because its only milestone is 23 days overdue "
        "(Recruit, due 7 September 2019)."
    )
    assert "Evidence against it:" in html


def test_an_empty_form_asks_for_what_it_takes_to_say_it(signed_in, reporter, report_address):
    html = signed_in(reporter).get(report_address).content.decode()

    assert "Once a stage and a delivery confidence are selected, the status to come stands here." in html


def test_without_a_script_a_button_shows_the_status_and_writes_nothing(
    signed_in, reporter, report_address, green, recruiting
):
    sent = green(then="preview", ticked=[recruiting.pk], narrative="Still typed")

    html = signed_in(reporter).post(report_address, sent).content.decode()

    assert foreseen(html) == (
        "With this report the status will be: On track, because it is reported green on 30 September 2019, "
        "and no evidence speaks against it."
    )
    assert "Still typed</textarea>" in html
    assert not Report.objects.exists()
    assert Milestone.objects.get().achieved_on is None


def test_a_status_its_writer_has_not_seen_is_shown_before_it_is_submitted(
    signed_in, reporter, report_address, green, recruiting
):
    browser = signed_in(reporter)

    html = browser.post(report_address, green(seen="on_track/on_track")).content.decode()
    mark = re.search(r'name="seen" value="([^"]+)"', html)[1]
    nothing_yet = not Report.objects.exists()
    browser.post(report_address, green(seen=mark))

    assert "Check before you submit" in html
    assert nothing_yet
    assert Report.objects.get().state == "submitted"


def test_a_draft_is_saved_without_a_question(signed_in, reporter, report_address, green):
    signed_in(reporter).post(report_address, green(then="draft", seen="nothing"))

    assert Report.objects.get().state == "draft"


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"expected_on_year": "2026"},
        {"stage": "delivered"},
        {"confidence": "amber", "reason": "Staff", "path_to_green": "Recruit"},
        {"confidence": "red", "reason": "Staff", "path_to_green": "Recruit"},
    ],
)
@pytest.mark.parametrize("is_ticked", [True, False])
def test_what_was_foreseen_is_what_comes_of_it_on_the_same_day(
    signed_in, reporter, approver, delivery, report_address, green, said, is_ticked
):
    metric = MetricFactory(commitment=delivery.commitment, baseline=None, baseline_on=None)
    ObservationFactory(metric=metric, footprint=delivery.footprint)
    first = MilestoneFactory(delivery=delivery, title="First", due_on=dt.date(2019, 9, 7))
    MilestoneFactory(delivery=delivery, title="Second", due_on=dt.date(2019, 9, 20))
    MilestoneFactory(delivery=delivery, title="Done", achieved_on=dt.date(2019, 8, 1), due_on=dt.date(2019, 8, 1))
    sent = green(ticked=[first.pk] if is_ticked else [], **said)
    browser = signed_in(reporter)

    promised = foreseen(browser.post(report_address, sent | {"then": "preview"}).content.decode())
    browser.post(report_address, sent)
    report = Report.objects.get()
    signed_in(approver).post(
        reverse("commitments:sign_off_report", args=[report.pk]), {"decision": "sign_off", "version": report.version}
    )

    delivery.position.refresh_from_db()
    label, _, because = delivery.position.sentence_on(TODAY).partition(": ")
    because = f"it is {because}" if because.startswith("reported") else because
    assert promised == f"With this report the status will be: {label}, because {because}"


# --- What stands around the form --------------------------------------------------------------------------


def test_deadline_headroom_the_metrics_chart_and_last_months_report_stand_beside_the_form(
    signed_in, reporter, delivery, report_address
):
    metric = MetricFactory(commitment=delivery.commitment, name="Patients seen")
    ObservationFactory(metric=metric, footprint=delivery.footprint, value=42)
    august = PeriodFactory(starts_on=dt.date(2019, 8, 1))
    SignedOffReportFactory(delivery=delivery, period=august, narrative="In August we planned.")

    html = signed_in(reporter).get(report_address).content.decode()

    assert "National deadline" in html
    assert "Headroom" in html
    assert 'aria-label="Chart: Patients seen' in html
    assert "The last report, for August 2019" in html
    assert html.count("In August we planned.") == 2


def test_no_signal_is_worked_out_where_none_is_shown(
    signed_in, reporter, delivery, report_address, measured_monthly, monkeypatch
):
    metric = MetricFactory(commitment=delivery.commitment)
    measured_monthly(metric, delivery.footprint, *range(15))
    monkeypatch.setattr("commitments.presenters.control.judge", None)

    html = signed_in(reporter).get(report_address).content.decode()

    assert f'aria-label="Chart: {metric.name}' in html


# --- Milestones to tick -----------------------------------------------------------------------------------


def test_several_milestones_are_ticked_with_the_report_and_count_from_the_day_it_is_submitted(
    signed_in, reporter, delivery, report_address, green
):
    ticked = [MilestoneFactory(delivery=delivery) for _ in range(2)]
    left = MilestoneFactory(delivery=delivery)

    signed_in(reporter).post(report_address, green(ticked=[m.pk for m in ticked]))

    facts = Milestone.objects.filter(pk__in=[m.pk for m in ticked]).values_list("achieved_on", "achieved_by")
    assert list(facts) == [(TODAY, reporter.pk)] * 2
    assert Milestone.objects.get(pk=left.pk).achieved_on is None
    assert delivery.position.__class__.objects.get(delivery=delivery).next_milestone_on == left.due_on
    assert not Report.objects.get().ticked.exists()


def test_a_draft_keeps_its_ticks_and_makes_no_fact_of_them(signed_in, reporter, delivery, report_address, green):
    milestone = MilestoneFactory(delivery=delivery)
    browser = signed_in(reporter)
    browser.post(report_address, green(then="draft", ticked=[milestone.pk]))

    html = browser.get(report_address).content.decode()

    milestone.refresh_from_db()
    assert milestone.achieved_on is None
    assert re.search(rf'value="{milestone.pk}"[^>]*checked', html)


def test_a_milestone_achieved_meanwhile_is_no_mistake_and_anothers_is(
    signed_in, reporter, place, delivery, report_address, green
):
    done = MilestoneFactory(delivery=delivery, achieved_on=dt.date(2019, 9, 1))
    elsewhere = MilestoneFactory()
    browser = signed_in(reporter)

    refused = browser.post(report_address, green(ticked=[elsewhere.pk]))
    browser.post(report_address, green(ticked=[done.pk]))

    done.refresh_from_db()
    assert "Select a milestone from the list" in refused.content.decode()
    assert done.achieved_on == dt.date(2019, 9, 1)
    assert Report.objects.get().state == "submitted"


@pytest.mark.parametrize("ticked", ["x", "9" * 40, "-1", "1\x00"])
def test_ticks_that_mean_nothing_are_refused(signed_in, reporter, recruiting, report_address, green, ticked):
    response = signed_in(reporter).post(report_address, green(ticked=[ticked]))

    assert response.status_code == 200
    assert "Select a milestone from the list" in response.content.decode()


# --- No change since last month ---------------------------------------------------------------------------

DATE = {"expected_on_day": "31", "expected_on_month": "3", "expected_on_year": "2021"}


@pytest.fixture
def august(delivery, period):
    month = PeriodFactory(starts_on=dt.date(2019, 8, 1))
    return SignedOffReportFactory(delivery=delivery, period=month, narrative="We plan.\nStill.", next_steps="Go on")


@pytest.fixture
def unchanged_address(delivery, august):
    return reverse("commitments:report_unchanged", args=[delivery.pk])


def hidden(html: str) -> dict[str, str]:
    """What the page sends by itself."""
    form = html[html.index('<form method="post" action="/deliveries/') :]
    form = form[: form.index("</form>")]
    return {
        name: value.replace("&#x27;", "'")
        for name, value in re.findall(r'<input type="hidden" name="(\w+)"(?: value="([^"]*)")?', form)
    }


def test_one_click_offers_last_months_words_and_asks_for_confidence_and_date_anew(
    signed_in, reporter, report_address, unchanged_address
):
    browser = signed_in(reporter)

    offered = browser.get(report_address).content.decode()
    html = browser.get(unchanged_address).content.decode()

    assert f'href="{unchanged_address}?month=2019-09-01"' in offered
    assert "No change since August 2019. We plan.<br>Still." in html
    assert 'name="confidence" value="green"' in html
    assert " checked" not in html
    assert not re.search(r'name="expected_on_\w+" value', html)


def test_with_both_said_the_report_is_submitted_once_its_status_was_seen(
    signed_in, reporter, august, unchanged_address
):
    browser = signed_in(reporter)
    sent = hidden(browser.get(unchanged_address).content.decode()) | DATE | {"confidence": "green", "then": "submit"}

    checked = browser.post(unchanged_address, sent).content.decode()
    response = browser.post(unchanged_address, sent | {"seen": hidden(checked)["seen"]}, follow=True)

    report = Report.objects.latest("pk")
    assert foreseen(checked).startswith("With this report the status will be: On track")
    assert "Report submitted for sign-off" in response.content.decode()
    assert (report.state, report.stage, report.next_steps) == ("submitted", august.stage, "Go on")
    assert report.narrative == "No change since August 2019. We plan.\nStill."
    assert (report.confidence, report.expected_on) == ("green", dt.date(2021, 3, 31))


@pytest.mark.parametrize(
    ("said", "message"),
    [
        (DATE, "Select a delivery confidence"),
        ({"confidence": "green"}, "Enter the date you now expect it to be delivered"),
        ({"confidence": "green"} | DATE | {"expected_on_month": "13"}, "Enter a real date, such as 30 9 2019"),
    ],
)
def test_neither_the_confidence_nor_the_date_is_taken_over(
    signed_in, reporter, unchanged_address, august, said, message
):
    browser = signed_in(reporter)
    sent = hidden(browser.get(unchanged_address).content.decode()) | {"then": "submit"} | said

    html = browser.post(unchanged_address, sent).content.decode()

    assert message in html
    assert "What the report will say" in html
    assert Report.objects.get() == august


def test_words_that_are_missing_are_asked_for_in_the_whole_form(signed_in, reporter, unchanged_address, august):
    browser = signed_in(reporter)
    sent = hidden(browser.get(unchanged_address).content.decode()) | DATE | {"confidence": "amber", "then": "submit"}

    html = browser.post(unchanged_address, sent).content.decode()

    assert "Enter why it is not green" in html
    assert "Still.</textarea>" in html
    assert Report.objects.get() == august


def test_nothing_has_changed_is_said_of_the_month_since_which_it_holds(signed_in, reporter, unchanged_address, august):
    SignedOffReportFactory(
        delivery=august.delivery, period=august.period, narrative="No change since June 2019. We plan."
    )

    html = signed_in(reporter).get(unchanged_address).content.decode()

    assert "No change since June 2019. We plan." in html
    assert "August 2019. No change" not in html


def test_once_this_month_is_begun_the_whole_form_is_the_place(
    signed_in, reporter, report_address, unchanged_address, green
):
    browser = signed_in(reporter)
    browser.post(report_address, green(then="draft"))

    assert browser.get(unchanged_address).headers["Location"] == f"{report_address}?month=2019-09-01"
    assert unchanged_address not in browser.get(report_address).content.decode()


def test_somebody_who_began_meanwhile_is_not_overwritten(
    signed_in, reporter, manager, report_address, unchanged_address, green
):
    browser = signed_in(reporter)
    sent = hidden(browser.get(unchanged_address).content.decode()) | DATE | {"confidence": "green", "then": "submit"}
    signed_in(manager).post(report_address, green(then="draft", narrative="Words of the first"))

    response = browser.post(unchanged_address, sent | {"seen": ""})

    assert response.status_code == 409
    assert "Words of the first" in response.content.decode()
    assert Report.objects.filter(state="submitted").count() == 0


def test_where_there_is_no_month_before_it_is_a_report_like_any_other(
    signed_in, reporter, delivery, report_address, green
):
    address = reverse("commitments:report_unchanged", args=[delivery.pk])

    empty = signed_in(reporter).post(address, {"then": "submit"})
    signed_in(reporter).post(address, green())

    assert "Select a stage" in empty.content.decode()
    assert Report.objects.get().narrative == "Two hubs opened."
