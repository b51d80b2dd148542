"""The approver's queue and decisions, as an approver sees them."""

import datetime as dt

import pytest
from django.urls import reverse

from commitments.choices import Confidence, ReportState, Status
from commitments.models import PositionChange, Report
from systems.choices import Role
from tests.commitments.pages import sent_by
from tests.factories import (
    TODAY,
    DeliveryFactory,
    PeriodFactory,
    PlaceFactory,
    ReportFactory,
    SignedOffReportFactory,
    person,
)

QUEUE = "/sign-off/"
CHECK = "/sign-off/check/"


@pytest.fixture(autouse=True)
def no_queue(monkeypatch):
    """What is enqueued after the commit is another test's matter."""
    monkeypatch.setattr("commitments.tasks.recompute_due.delay_on_commit", lambda trigger: None)


@pytest.fixture
def waiting(place, reporter):
    return ReportFactory(delivery=DeliveryFactory(footprint=place), author=reporter, narrative="Two hubs opened.")


@pytest.fixture
def address(waiting):
    return reverse("commitments:sign_off_report", args=[waiting.pk])


def ticked(*reports):
    return {"report": [f"{report.pk}-{report.version}" for report in reports]}


# --- The queue --------------------------------------------------------------------------------------------


def test_the_queue_shows_who_wrote_what_and_the_status_now(signed_in, approver, reporter, waiting):
    html = signed_in(approver).get(QUEUE).content.decode()

    assert waiting.delivery.commitment.title in html
    assert reporter.name in html
    assert "Green" in html
    assert "Two hubs opened." in html
    assert "portal-status--not_started" in html


def test_the_oldest_comes_first(signed_in, approver, place, waiting):
    older = ReportFactory(delivery=DeliveryFactory(footprint=place), submitted_on=dt.date(2019, 9, 21))

    html = signed_in(approver).get(QUEUE).content.decode()

    assert html.index(f"report-{older.pk}") < html.index(f"report-{waiting.pk}")


def test_ones_own_anothers_systems_and_decided_reports_are_not_in_the_queue(signed_in, approver, place):
    ReportFactory(delivery=DeliveryFactory(footprint=place), author=approver)
    ReportFactory()
    SignedOffReportFactory(delivery=DeliveryFactory(footprint=place))

    assert "Nothing awaits your sign-off" in signed_in(approver).get(QUEUE).content.decode()


def test_the_queue_has_25_a_page(signed_in, approver, place):
    for _ in range(26):
        ReportFactory(delivery=DeliveryFactory(footprint=place))
    browser = signed_in(approver)

    first, second = (browser.get(f"{QUEUE}?page={page}").content.decode() for page in (1, 2))

    assert (first.count('type="checkbox"'), second.count('type="checkbox"')) == (25, 1)
    assert 'aria-label="Pagination"' in first


@pytest.mark.parametrize("page", ["0", "-1", "99999999999999999999", "x", ""])
def test_a_page_that_is_not_there_shows_one_that_is(signed_in, approver, waiting, page):
    assert waiting.narrative in signed_in(approver).get(QUEUE, {"page": page}).content.decode()


def test_twice_the_reports_take_the_same_queries(signed_in, approver, place, django_assert_num_queries, waiting):
    browser = signed_in(approver)
    browser.get(QUEUE)
    with django_assert_num_queries(10, exact=False) as few:
        browser.get(QUEUE)
    for _ in range(3):
        ReportFactory(delivery=DeliveryFactory(footprint=place))

    with django_assert_num_queries(len(few)):
        browser.get(QUEUE)


@pytest.mark.parametrize("address", [QUEUE, CHECK])
def test_who_signs_off_nowhere_is_refused(signed_in, manager, reporter, viewer, councillor, portal_admin, address):
    people = (manager, reporter, viewer, councillor, portal_admin)

    assert {signed_in(user).get(address).status_code for user in people} == {403}
    assert signed_in(manager).post(CHECK).status_code == 403


# --- Several at once --------------------------------------------------------------------------------------


def test_ticked_reports_are_listed_once_more_before_anything_is_written(signed_in, approver, place, waiting):
    second = ReportFactory(delivery=DeliveryFactory(footprint=place))

    html = signed_in(approver).get(CHECK, ticked(waiting, second)).content.decode()

    assert "Sign off 2 reports" in html
    assert waiting.delivery.commitment.title in html
    assert not Report.objects.signed_off().exists()


def test_the_check_shows_each_text_and_the_status_it_would_bring(signed_in, approver, place, reporter):
    red = {"confidence": Confidence.RED, "reason": "Staff are short.", "path_to_green": "Recruit by May."}
    report = ReportFactory(
        delivery=DeliveryFactory(footprint=place, position={"status": Status.ON_TRACK}), author=reporter, **red
    )

    html = signed_in(approver).get(CHECK, ticked(report)).content.decode()

    for words in ("The work goes to plan.", "Staff are short.", "Recruit by May.", reporter.name):
        assert words in html
    assert "portal-status--on_track" in html
    assert "portal-status--off_track" in html
    assert "Off track: reported red on 25 September 2019" in html
    assert f'href="{reverse("commitments:sign_off_report", args=[report.pk])}"' in html
    assert not PositionChange.objects.exists()


def test_a_status_that_would_stay_is_said_to_stay(signed_in, approver, waiting):
    waiting.delivery.position.__class__.objects.update(status=Status.ON_TRACK)

    html = signed_in(approver).get(CHECK, ticked(waiting)).content.decode()

    assert "Stays" in html
    assert "On track: reported green on 25 September 2019" in html


def test_a_report_on_an_earlier_month_would_change_nothing(signed_in, approver, place, waiting):
    SignedOffReportFactory(delivery=waiting.delivery, submitted_on=dt.date(2019, 9, 26))
    august = PeriodFactory(starts_on=dt.date(2019, 8, 1))
    Report.objects.filter(pk=waiting.pk).update(period=august)

    html = signed_in(approver).get(CHECK, ticked(waiting)).content.decode()

    assert "On track: reported green on 26 September 2019" in html


def test_more_of_one_commitment_take_the_same_queries(signed_in, approver, system, waiting, django_assert_num_queries):
    browser = signed_in(approver)
    browser.get(CHECK, ticked(waiting))
    with django_assert_num_queries(20, exact=False) as few:
        browser.get(CHECK, ticked(waiting))
    commitment = waiting.delivery.commitment
    more = [
        ReportFactory(delivery=DeliveryFactory(commitment=commitment, footprint=PlaceFactory(parent=system)))
        for _ in range(3)
    ]

    with django_assert_num_queries(len(few)):
        browser.get(CHECK, ticked(waiting, *more))


def test_nobody_signs_off_more_than_they_can_read(signed_in, approver, waiting):
    sent = {"report": [f"{number}-1" for number in range(51)]}

    assert "Select 50 reports or fewer" in signed_in(approver).post(CHECK, sent).content.decode()


@pytest.mark.parametrize(
    ("behind", "when"),
    [
        (False, "within a minute."),
        (True, "later: background work is held up at the moment, and catches up by itself."),
    ],
)
def test_several_are_signed_off_at_once(signed_in, approver, place, waiting, monkeypatch, behind, when):
    monkeypatch.setattr("commitments.views.background.is_behind", lambda today: behind)
    second = ReportFactory(delivery=DeliveryFactory(footprint=place))

    response = signed_in(approver).post(CHECK, ticked(waiting, second), follow=True)

    assert f"2 reports signed off. Statuses follow {when}" in response.content.decode()
    assert set(Report.objects.values_list("state", "decided_by")) == {(ReportState.SIGNED_OFF, approver.pk)}
    assert waiting.delivery.position.__class__.objects.filter(next_change_on=TODAY).count() == 2


def test_what_was_decided_or_rewritten_meanwhile_is_left_alone_and_said(signed_in, approver, place, waiting):
    rewritten = ReportFactory(delivery=DeliveryFactory(footprint=place))
    sent = ticked(waiting, rewritten)
    Report.objects.filter(pk=rewritten.pk).update(version=2, narrative="Other words")

    html = signed_in(approver).post(CHECK, sent, follow=True).content.decode()

    rewritten.refresh_from_db()
    assert "1 report signed off" in html
    assert "1 report was left as it stood" in html
    assert rewritten.state == ReportState.SUBMITTED


@pytest.mark.parametrize("sent", [{}, {"report": ""}, {"report": "x"}, {"report": "1-x"}, {"report": "1\x00-2"}])
@pytest.mark.parametrize("method", ["get", "post"])
def test_nothing_ticked_shows_the_queue_with_a_message(signed_in, approver, waiting, sent, method):
    html = getattr(signed_in(approver), method)(CHECK, sent).content.decode()

    assert "Select at least one report" in html
    assert f'href="#report-{waiting.pk}"' in html


def test_reports_one_may_not_decide_cannot_be_slipped_in(signed_in, approver, place, waiting):
    own = ReportFactory(delivery=DeliveryFactory(footprint=place), author=approver)
    elsewhere = ReportFactory()

    signed_in(approver).post(CHECK, ticked(waiting, own, elsewhere))

    assert Report.objects.signed_off().get() == waiting


def test_ticks_that_mean_nothing_any_more_are_said_to_be_so(signed_in, approver):
    html = signed_in(approver).get(CHECK, {"report": "999999999999999-1"}).content.decode()

    assert "None of the reports you ticked awaits your sign-off any more" in html


# --- One report -------------------------------------------------------------------------------------------


def test_one_report_is_read_with_all_its_words(signed_in, approver, waiting, address):
    Report.objects.filter(pk=waiting.pk).update(
        confidence=Confidence.AMBER, reason="Staff are short.", path_to_green="Recruit by May.", evidence="Minutes"
    )

    html = signed_in(approver).get(address).content.decode()

    assert [words in html for words in ("Two hubs opened.", "Staff are short.", "Recruit by May.", "Minutes")] == [
        True
    ] * 4


def test_signing_off_moves_the_status_at_once(signed_in, approver, waiting, address):
    browser = signed_in(approver)

    response = browser.post(address, {"decision": "sign_off", "version": "1"}, follow=True)

    waiting.refresh_from_db()
    assert "Report signed off" in response.content.decode()
    assert (waiting.state, waiting.decided_by, waiting.decided_on) == (ReportState.SIGNED_OFF, approver, TODAY)
    assert waiting.delivery.position.status == "on_track"


def test_returning_takes_a_note_and_moves_no_status(signed_in, approver, waiting, address):
    signed_in(approver).post(address, {"decision": "return", "version": "1", "note": "Which hubs?"})

    waiting.refresh_from_db()
    assert (waiting.state, waiting.return_note) == (ReportState.RETURNED, "Which hubs?")
    assert waiting.delivery.position.status == "not_started"


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({"decision": "return", "version": "1"}, "Enter what needs to change"),
        ({"decision": "return", "version": "1", "note": "x" * 2001}, "What needs to change must be 2,000 characters"),
        ({"decision": "return", "version": "1", "note": "a\x00b"}, "Null characters are not allowed."),
        ({"decision": "burn", "version": "1"}, "Select whether to sign off or return the report"),
        ({"version": "1"}, "Select whether to sign off or return the report"),
        ({"decision": "sign_off", "version": "-1"}, "This page is out of date. Open it again"),
    ],
)
def test_what_is_wrong_with_a_decision_is_said(signed_in, approver, waiting, address, sent, message):
    response = signed_in(approver).post(address, sent)

    waiting.refresh_from_db()
    assert message in response.content.decode()
    assert waiting.state == ReportState.SUBMITTED


def test_a_report_sent_anew_since_it_was_read_is_not_decided(signed_in, approver, waiting, address):
    Report.objects.filter(pk=waiting.pk).update(version=3, narrative="Other words")

    response = signed_in(approver).post(address, {"decision": "sign_off", "version": "1"})

    waiting.refresh_from_db()
    assert response.status_code == 409
    assert "sent anew since you opened it" in response.content.decode()
    assert waiting.state == ReportState.SUBMITTED


def test_the_approver_sees_what_has_changed_and_decides_again(signed_in, approver, waiting, address):
    browser = signed_in(approver)
    read = sent_by(browser.get(address).content.decode())
    Report.objects.filter(pk=waiting.pk).update(version=3, narrative="Three hubs opened.")

    html = browser.post(address, read | {"decision": "return", "note": "Which hubs?"}).content.decode()
    browser.post(address, sent_by(html) | {"decision": "return", "note": "Which hubs?"})

    changed = html[html.index("What has changed") : html.index("</table>")]
    waiting.refresh_from_db()
    assert "Two hubs opened." in changed
    assert "Three hubs opened." in changed
    assert "Green" not in changed
    assert "Which hubs?</textarea>" in html
    assert (waiting.state, waiting.return_note) == (ReportState.RETURNED, "Which hubs?")


def test_a_note_for_a_report_that_is_decided_already_is_given_back(signed_in, approver, system, waiting, address):
    signed_in(person(Role.APPROVER, system)).post(address, {"decision": "sign_off", "version": "1"})

    response = signed_in(approver).post(address, {"decision": "return", "version": "1", "note": "Which <hubs>?"})

    assert "Your note was not sent:</strong> Which &lt;hubs&gt;?" in response.content.decode()


def test_two_approvers_at_once_the_second_learns_what_the_first_decided(signed_in, approver, system, waiting, address):
    second = person(Role.APPROVER, system)
    signed_in(approver).post(address, {"decision": "sign_off", "version": "1"})

    response = signed_in(second).post(address, {"decision": "return", "version": "1", "note": "No"})

    assert response.status_code == 409
    assert f"{approver.name} signed off this report on 30 September 2019" in response.content.decode()


def test_the_second_of_two_clicks_is_told_so(signed_in, approver, waiting, address):
    browser = signed_in(approver)
    browser.post(address, {"decision": "sign_off", "version": "1"})

    response = browser.post(address, {"decision": "sign_off", "version": "1"}, follow=True)

    assert "You have decided about this report already" in response.content.decode()


def test_a_decided_report_can_still_be_read_here(signed_in, approver, system, waiting, address):
    signed_in(person(Role.APPROVER, system)).post(address, {"decision": "return", "version": "1", "note": "Which?"})

    html = signed_in(approver).get(address).content.decode()

    assert "There is nothing left to decide" in html
    assert "Which?" in html
    assert 'name="decision"' not in html


def test_nobody_decides_their_own(signed_in, approver, place):
    own = ReportFactory(delivery=DeliveryFactory(footprint=place), author=approver)
    address = reverse("commitments:sign_off_report", args=[own.pk])

    answers = [signed_in(approver).get(address), signed_in(approver).post(address, {"decision": "sign_off"})]

    assert [answer.status_code for answer in answers] == [403, 403]


def test_seen_but_not_decided_is_403_and_not_seen_is_404(signed_in, manager, councillor, approver, waiting, address):
    elsewhere = reverse("commitments:sign_off_report", args=[ReportFactory().pk])
    draft = ReportFactory(
        delivery=waiting.delivery, period=PeriodFactory(starts_on=dt.date(2019, 8, 1)), state=ReportState.DRAFT
    )
    unsent = reverse("commitments:sign_off_report", args=[draft.pk])

    assert signed_in(manager).get(address).status_code == 403
    assert signed_in(councillor).get(address).status_code == 404
    assert [signed_in(approver).get(page).status_code for page in (elsewhere, unsent)] == [404, 404]
