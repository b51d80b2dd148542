"""Many reports written at once, and two people who write the same one."""

import pytest

from commitments import actions
from commitments.choices import Confidence, ReportState, Stage
from commitments.models import Report
from tests.elsewhere import all_at_once, tell
from tests.factories import TODAY, DeliveryFactory, PeriodFactory, ReportFactory, SignedOffReportFactory

BLANK = {"stage": "", "confidence": "", "expected_on": None} | dict.fromkeys(
    ("narrative", "next_steps", "reason", "path_to_green", "evidence"), ""
)


def draft(delivery, version=0, **words):
    return actions.Draft(delivery, version, BLANK | words)


def save(*drafts, by):
    return actions.save_drafts(period=PeriodFactory(), drafts=drafts, by=by, today=TODAY)


def test_each_row_is_saved_unless_somebody_else_wrote_meanwhile(place, manager, reporter):
    new, kept, contested, waiting, done = (DeliveryFactory(footprint=place) for _ in range(5))
    ReportFactory(delivery=kept, state=ReportState.DRAFT, submitted_on=None, author=reporter, version=2)
    ReportFactory(delivery=contested, state=ReportState.DRAFT, submitted_on=None, author=reporter, version=3)
    ReportFactory(delivery=waiting, author=reporter)
    SignedOffReportFactory(delivery=done)

    saved = save(
        draft(new, narrative="New"),
        draft(kept, 2, narrative="Kept"),
        draft(contested, 2, narrative="Lost"),
        draft(waiting, 1, narrative="Lost"),
        draft(done, 0, narrative="Lost"),
        by=manager,
    )

    assert saved == {new.pk, kept.pk}
    written = Report.objects.filter(author=manager).values_list("delivery", "narrative", "version", "state")
    assert set(written) == {(new.pk, "New", 1, "draft"), (kept.pk, "Kept", 3, "draft")}
    assert not Report.objects.filter(narrative="Lost").exists()


def test_a_draft_begun_by_somebody_else_is_not_begun_again(place, manager, reporter):
    delivery = DeliveryFactory(footprint=place)
    save(draft(delivery, narrative="First"), by=reporter)

    assert save(draft(delivery, narrative="Second"), by=manager) == set()
    assert Report.objects.get().narrative == "First"


def test_twice_the_rows_take_the_same_queries(place, manager, django_assert_num_queries):
    deliveries = [DeliveryFactory(footprint=place) for _ in range(9)]
    save(*[draft(delivery, narrative="One") for delivery in deliveries], by=manager)
    with django_assert_num_queries(20, exact=False) as few:
        save(*[draft(delivery, 1, narrative="Two") for delivery in deliveries[:3]], by=manager)

    with django_assert_num_queries(len(few)):
        save(*[draft(delivery, 1, narrative="Two") for delivery in deliveries[3:]], by=manager)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("version", [0, 1])
def test_of_two_who_save_the_same_rows_at_once_each_row_is_one_persons(place, manager, reporter, version):
    period = PeriodFactory()
    deliveries = [DeliveryFactory(footprint=place) for _ in range(6)]
    if version:
        for delivery in deliveries:
            ReportFactory(delivery=delivery, state=ReportState.DRAFT, submitted_on=None)
    saved = {}

    def write(by, rows):
        drafts = [draft(delivery, version, narrative=by.name) for delivery in rows]
        saved[by.name] = actions.save_drafts(period=period, drafts=drafts, by=by, today=TODAY)

    all_at_once(lambda: write(manager, deliveries), lambda: write(reporter, deliveries[::-1]))

    stored = dict(Report.objects.values_list("delivery", "narrative"))
    assert len(stored) == 6
    assert saved[manager.name] | saved[reporter.name] == set(stored)
    assert all(stored[key] == name for name, keys in saved.items() for key in keys)


@pytest.mark.django_db(transaction=True)
def test_a_draft_that_is_written_while_it_is_submitted_is_one_or_the_other(place, manager, reporter):
    period = PeriodFactory()
    delivery = DeliveryFactory(footprint=place)
    words = {"stage": Stage.UNDER_WAY, "confidence": Confidence.GREEN, "narrative": "As read"}
    actions.save_drafts(period=period, drafts=[draft(delivery, **words)], by=reporter, today=TODAY)
    report = Report.objects.get()
    sent, saved = [], []

    all_at_once(
        lambda: sent.append(actions.submit_many(reports={report.pk: 1}, period=period, by=manager, today=TODAY)),
        lambda: saved.append(save(draft(delivery, 1, **words | {"narrative": "Later"}), by=reporter)),
    )

    report.refresh_from_db()
    was_submitted = (report.state, report.narrative) == (ReportState.SUBMITTED, "As read")
    was_written = (report.state, report.narrative) == (ReportState.DRAFT, "Later")
    assert (sent, saved) == (([1], [set()]) if was_submitted else ([0], [{delivery.pk}]))
    assert was_submitted or was_written


@pytest.mark.django_db(transaction=True)
def test_of_two_who_change_the_same_plans_at_once_each_row_is_one_persons(place, manager, approver, enqueued):
    deliveries = [DeliveryFactory(footprint=place) for _ in range(6)]
    done = {}

    def change(lead, keys):
        done[lead] = actions.change_many(
            change=actions.NewLead(lead), versions=dict.fromkeys(keys, 1), by=manager, today=TODAY
        )

    keys = [delivery.pk for delivery in deliveries]
    all_at_once(lambda: change(manager, keys), lambda: change(approver, keys[::-1]))

    assert sorted(len(outcome.changed) for outcome in done.values()) == [0, 6]
    assert sorted(len(outcome.contested) for outcome in done.values()) == [0, 6]


@pytest.mark.django_db(transaction=True)
def test_two_who_change_one_plan_by_its_page_and_in_bulk_do_not_lose_one_silently(place, manager, approver, enqueued):
    delivery = DeliveryFactory(footprint=place)
    outcomes, done = [], []

    def by_its_page():
        actions.set_local_plan(delivery=delivery, version=1, plan={"lead": manager}, by=manager, today=TODAY)

    def in_bulk():
        change = actions.NewLead(approver)
        done.append(actions.change_many(change=change, versions={delivery.pk: 1}, by=manager, today=TODAY))

    all_at_once(tell(outcomes, by_its_page), in_bulk)

    delivery.refresh_from_db()
    assert delivery.version == 2
    assert (outcomes, len(done[0].changed)) == ((["done"], 0) if delivery.lead == manager else (["conflict"], 1))
