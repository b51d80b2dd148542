"""Submitting this month's drafts together: each is shown, and those that are not complete say why."""

import datetime as dt

import pytest

from commitments.choices import Confidence, ReportState, Trigger
from commitments.models import Report
from tests.commitments.grid import GRID, draft_of, read, sent
from tests.factories import TODAY, DeliveryFactory, MilestoneFactory, PeriodFactory, PlaceFactory, ReportFactory

SUBMIT = "/deliveries/grid/submit/"


pytestmark = pytest.mark.usefixtures("period")


def ticked(*reports):
    return {"report": [f"{report.pk}-{report.version}" for report in reports]}


def test_each_draft_is_shown_and_says_what_it_still_needs(desk, place, reporter):
    complete, amber, begun, unwritten = (DeliveryFactory(footprint=place) for _ in range(4))
    ready = draft_of(complete, reporter)
    draft_of(amber, reporter, confidence=Confidence.AMBER)
    draft_of(begun, reporter, stage="", narrative="")

    html = read(desk.get(SUBMIT))

    assert f'value="{ready.pk}-1" checked' in html
    assert html.count('type="checkbox"') == 1
    assert "Still needed: an expected date, why it is not green, the path to green." in html
    assert "Still needed: a stage, what happened this month." in html
    assert "1 delivery has nothing saved for September 2019 yet." in html
    assert str(unwritten) not in html


def test_what_was_returned_must_be_changed_first(desk, delivery, approver, manager):
    ReportFactory(
        delivery=delivery, author=manager, state=ReportState.RETURNED, decided_by=approver,
        decided_on=dt.date(2019, 9, 28), return_note="Which?",
    )  # fmt: skip

    html = read(desk.get(SUBMIT))

    assert "It was returned and has not been changed since." in html
    assert "No draft is complete." in html


def test_only_what_matches_the_filters_and_is_of_this_month_is_there(desk, place, reporter):
    here, elsewhere, older = (draft_of(DeliveryFactory(footprint=place), reporter) for _ in range(3))
    Report.objects.filter(pk=older.pk).update(period=PeriodFactory(starts_on=dt.date(2019, 8, 1)))

    html = read(desk.get(SUBMIT, {"commitment": here.delivery.commitment.code}))

    assert [f'value="{report.pk}-1"' in html for report in (here, elsewhere, older)] == [True, False, False]
    assert f'value="{older.pk}-1"' not in read(desk.get(SUBMIT))


def test_the_ticked_ones_are_submitted_and_the_others_stay_drafts(desk, place, reporter, manager):
    first, second, left = (draft_of(DeliveryFactory(footprint=place), reporter) for _ in range(3))

    response = desk.post(SUBMIT, ticked(first, second), follow=True)

    assert "2 reports submitted for sign-off" in read(response)
    submitted = Report.objects.filter(state=ReportState.SUBMITTED)
    assert set(submitted.values_list("pk", "author", "submitted_on", "version")) == {
        (first.pk, manager.pk, TODAY, 2),
        (second.pk, manager.pk, TODAY, 2),
    }
    left.refresh_from_db()
    assert left.state == ReportState.DRAFT


def test_nothing_ticked_shows_the_list_with_a_message(desk, delivery, reporter):
    report = draft_of(delivery, reporter)

    html = read(desk.post(SUBMIT, {"report": "x\x00"}))

    assert "Select at least one report" in html
    assert f'href="#report-{report.pk}"' in html


def test_what_is_changed_incomplete_or_out_of_reach_is_not_submitted(signed_in, reporter, place, system):
    changed = draft_of(DeliveryFactory(footprint=place), reporter)
    incomplete = draft_of(DeliveryFactory(footprint=place), reporter, narrative="")
    amber = draft_of(DeliveryFactory(footprint=place), reporter, confidence=Confidence.AMBER)
    out_of_reach = draft_of(DeliveryFactory(footprint=PlaceFactory(parent=system)), reporter)
    struck_out = draft_of(DeliveryFactory(footprint=place, is_applicable=False, not_applicable_reason="No"), reporter)
    chosen = ticked(changed, incomplete, amber, out_of_reach, struck_out)
    Report.objects.filter(pk=changed.pk).update(version=2)

    html = read(signed_in(reporter).post(SUBMIT, chosen, follow=True))

    assert "5 drafts are not submitted here: submitted or changed since you looked." in html
    assert not Report.objects.filter(state=ReportState.SUBMITTED).exists()


def test_the_grid_saves_before_it_leads_to_the_check(desk, delivery):
    response = desk.post(GRID, sent((delivery, 0, {}, {"narrative": "Typed"}), then="submit"), follow=True)

    assert response.redirect_chain == [(f"{SUBMIT}?", 302)]
    assert "Typed" in read(response)


def test_twice_the_drafts_take_the_same_queries(desk, place, reporter, django_assert_num_queries):
    drafts = [draft_of(DeliveryFactory(footprint=place), reporter) for _ in range(6)]
    desk.get(SUBMIT)
    with django_assert_num_queries(20, exact=False) as read_few:
        desk.get(SUBMIT, {"commitment": drafts[0].delivery.commitment.code})
    with django_assert_num_queries(len(read_few) - 1):
        desk.get(SUBMIT)
    with django_assert_num_queries(20, exact=False) as sent_few:
        desk.post(SUBMIT, ticked(*drafts[:2]))

    with django_assert_num_queries(len(sent_few)):
        desk.post(SUBMIT, ticked(*drafts[2:]))


def test_what_is_ticked_in_a_draft_is_achieved_when_it_is_submitted(desk, place, reporter, enqueued):
    sent_now, kept = (draft_of(DeliveryFactory(footprint=place), reporter) for _ in range(2))
    milestones = [MilestoneFactory(delivery=draft.delivery) for draft in (sent_now, kept)]
    for draft, milestone in zip((sent_now, kept), milestones, strict=True):
        draft.ticked.add(milestone)

    desk.post(SUBMIT, ticked(sent_now))

    for milestone in milestones:
        milestone.refresh_from_db()
    assert [milestone.achieved_on for milestone in milestones] == [TODAY, None]
    assert (sent_now.ticked.count(), kept.ticked.count()) == (0, 1)
    assert enqueued == [Trigger.BULK_CHANGE]
