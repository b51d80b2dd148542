"""Each form that writes, sent twice: stored once, answered the same, and the page is not asked a second time."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from commitments.models import Report
from tests.factories import (
    CommitmentFactory,
    DeadlineChangeFactory,
    DeliveryFactory,
    MetricFactory,
    MilestoneFactory,
    PeriodFactory,
    ReportFactory,
)

KEY = "7f1b6c0e9d4a4c66a0d2f7b1f0a3c9e5"


@pytest.fixture(autouse=True)
def no_queue(monkeypatch):
    """What is enqueued after the commit is another test's matter."""
    monkeypatch.setattr("commitments.tasks.recompute_due.delay", lambda trigger: None)


def date(name: str, day: dt.date) -> dict[str, int]:
    return {f"{name}_day": day.day, f"{name}_month": day.month, f"{name}_year": day.year}


MARCH, SEPTEMBER = dt.date(2021, 3, 31), dt.date(2021, 9, 30)
FORMS = {
    "report": {"stage": "under_way", "confidence": "green", "narrative": "Two hubs opened.", "then": "submit"}
    | {"version": 0, "period": "2019-09-01"}
    | date("expected_on", MARCH),
    "plan": {"is_applicable": "yes", "version": 1} | date("planned_start_on", dt.date(2019, 4, 1)),
    "milestone_add": {"title": "Open the hub"} | date("due_on", MARCH),
    "milestone_achieve": {},
    "deadline": {"reason": "The building opens later.", "old_on": MARCH} | date("new_on", SEPTEMBER),
    "observation": {"value": "10.5", "source": "A return"} | date("period_end_on", dt.date(2019, 8, 31)),
    "trajectory": {"source": "The plan, page 9", "version": 0, "value_1": "10", "value_2": "20"}
    | date("due_on_1", MARCH)
    | date("due_on_2", SEPTEMBER),
    "level": {"level": "place", "understood": "on"},
    "open_deliveries": {},
    "deadline_change": {"decision": "agree"},
    "sign_off_report": {"decision": "sign_off", "version": 1},
    "sign_off_many": {},
}


@pytest.fixture
def sent(place, system):
    """What a browser sends, and to which address, by the name of the form."""
    PeriodFactory()
    delivery = DeliveryFactory(commitment=MetricFactory().commitment, footprint=place, local_deadline_on=MARCH)
    reports = [ReportFactory(delivery=DeliveryFactory(footprint=place)) for _ in range(3)]
    about = {
        "milestone_achieve": [delivery.pk, MilestoneFactory(delivery=delivery).pk],
        "level": [system.code, CommitmentFactory().code],
        "open_deliveries": [system.code],
        "deadline_change": [DeadlineChangeFactory(delivery__footprint=place).pk],
        "sign_off_report": [reports[0].pk],
        "sign_off_many": [],
    }
    more = {"sign_off_many": {"report": [f"{report.pk}-1" for report in reports[1:]]}}

    def form(name: str) -> tuple[str, dict]:
        address = reverse(f"commitments:{name}", args=about.get(name, [delivery.pk]))
        return address, FORMS[name] | more.get(name, {}) | {"form_key": KEY}

    return form


@pytest.mark.parametrize("name", FORMS)
def test_a_form_sent_twice_is_taken_once(signed_in, approver, sent, name):
    address, form = sent(name)
    browser = signed_in(approver)

    first = browser.post(address, form)
    said = [str(message) for message in browser.get(first["Location"]).context["messages"]]
    with CaptureQueriesContext(connection) as asked:
        second = browser.post(address, form)
    of_the_page = [query["sql"] for query in asked if "commitments_" in query["sql"]]

    assert (first.status_code, second.status_code) == (302, 302)
    assert second["Location"] == first["Location"]
    assert said == [str(message) for message in browser.get(second["Location"]).context["messages"]] != []
    assert of_the_page == []


def test_a_refused_form_can_be_sent_again(signed_in, approver, sent):
    """A conflict is no answer that counts: it leaves the key free."""
    address, form = sent("sign_off_report")
    Report.objects.update(version=2)

    assert signed_in(approver).post(address, form).status_code == 409
    assert signed_in(approver).post(address, form | {"version": 2}).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_a_worker_is_asked_once_the_form_is_stored(signed_in, approver, sent, monkeypatch):
    address, form = sent("sign_off_many")
    asked_in_transaction = []
    monkeypatch.setattr(
        "commitments.tasks.recompute_due.delay", lambda trigger: asked_in_transaction.append(connection.in_atomic_block)
    )

    for _ in range(2):
        signed_in(approver).post(address, form)

    assert asked_in_transaction == [False]
