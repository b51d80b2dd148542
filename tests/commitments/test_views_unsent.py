"""Signed out while writing: whatever form it was, what was typed is back in it, and nothing is saved meanwhile."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from commitments.choices import ReportState
from commitments.models import DeadlineChange, Milestone, MilestoneChange, Observation, Report, Trajectory
from tests.commitments.grid import GRID, draft_of, sent
from tests.factories import (
    TODAY,
    DeadlineChangeFactory,
    MetricFactory,
    MilestoneFactory,
    ReportFactory,
    UserFactory,
)

TYPED = "Typed <b>over</b> an hour"
IN_THE_FORM = "Typed &lt;b&gt;over&lt;/b&gt; an hour"
NOTICE = "You were signed out while you were writing."

# Forms without a word to lose: buttons, ticks, choices of a few seconds, files.
NOTHING_TYPED = {
    "assessment_begin",
    "calendar",
    "deliveries_open",
    "grid_submit",
    "level_form",
    "period_check",
    "public_access",
    "sign_off_check",
    "spreadsheet",
    "upload_check",
    "_milestone_actions",
    "paper_issue",
    "following",
    "following_stop",
}


def test_every_form_in_which_people_type_says_whose_words_they_are():
    folders = [Path(settings.BASE_DIR) / "templates" / app for app in ("commitments", "engagement", "systems")]
    written = {page.stem: page.read_text() for folder in folders for page in folder.glob("*.html")}

    forms = {name for name, page in written.items() if "{% form_token %}" in page}

    assert {name for name in forms if "{% writer_token %}" not in written[name]} == NOTHING_TYPED


def in_parts(name, day):
    return {f"{name}_day": str(day.day), f"{name}_month": str(day.month), f"{name}_year": str(day.year)}


@pytest.fixture
def led(delivery):
    delivery.local_deadline_on = TODAY.replace(year=2020)
    delivery.save()
    return delivery


def plan(delivery, author):
    return ["commitments:plan", delivery.pk], {"is_applicable": "no", "not_applicable_reason": TYPED}


def deadline(delivery, author):
    return ["commitments:deadline", delivery.pk], {"reason": TYPED} | in_parts("new_on", TODAY.replace(year=2021))


def deadline_decision(delivery, author):
    asked = DeadlineChangeFactory(delivery=delivery, asked_by=author)
    return ["commitments:deadline_change", asked.pk], {"note": TYPED, "decision": "refuse"}


def milestone(delivery, author):
    return ["commitments:milestone_add", delivery.pk], {"title": TYPED} | in_parts("due_on", TODAY)


def move(delivery, author):
    step = MilestoneFactory(delivery=delivery)
    day = in_parts("due_on", TODAY.replace(year=2022))
    return ["commitments:milestone_move", delivery.pk, step.pk], {"reason": TYPED} | day


def achieve(delivery, author):
    step = MilestoneFactory(delivery=delivery)
    return ["commitments:milestone_achieve", delivery.pk, step.pk], {"evidence_url": f"https://nhs.uk/?{TYPED}"}


def observation(delivery, author):
    MetricFactory(commitment=delivery.commitment)
    facts = {"value": "12", "source": TYPED}
    return ["commitments:observation", delivery.pk], facts | in_parts("period_end_on", TODAY)


def trajectory(delivery, author):
    MetricFactory(commitment=delivery.commitment)
    return ["commitments:trajectory", delivery.pk], {"source": TYPED, "value_1": "1"} | in_parts("due_on_1", TODAY)


def sign_off(delivery, author):
    waiting = ReportFactory(delivery=delivery, author=author, state=ReportState.SUBMITTED)
    return ["commitments:sign_off_report", waiting.pk], {"note": TYPED, "decision": "return"}


FORMS = [plan, deadline, deadline_decision, milestone, move, achieve, observation, trajectory, sign_off]


@pytest.fixture
def browser(approver):
    client = Client()
    comes_back(client, approver)
    return client


def comes_back(client, user):
    client.force_login(user, backend="ltp_portal.backends.PortalBackend")


def hidden(html: str) -> dict[str, str]:
    """What the page's form sends by itself, the last of each name."""
    return dict(re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)"', html))


def is_signed_out_while_sending(client, page: str, words: dict, to: str = ""):
    """Opens the page, writes, is signed out, sends."""
    fields = hidden(client.get(page).content.decode())
    client.session.flush()
    return client.post(to or page, fields | words)


def sends_in_vain(client, user, page: str, words: dict) -> str:
    """Is signed out while sending, signs in again and opens the page: what it says then."""
    answer = is_signed_out_while_sending(client, page, words)
    assert answer["Location"].startswith("/accounts/login/?next=")
    comes_back(client, user)
    return client.get(page).content.decode()


def facts() -> list[int]:
    return [model.objects.count() for model in (DeadlineChange, Milestone, MilestoneChange, Observation, Trajectory)]


@pytest.mark.parametrize("form", FORMS)
def test_what_was_typed_is_back_in_its_form_and_nothing_is_saved(form, browser, approver, led):
    (name, *keys), words = form(led, UserFactory())
    page, before = reverse(name, args=keys), facts()

    html = sends_in_vain(browser, approver, page, words)

    assert NOTICE in html
    assert IN_THE_FORM in html
    assert facts() == before
    assert not Report.objects.filter(state=ReportState.RETURNED).exists()


@pytest.mark.parametrize("form", FORMS)
def test_it_can_be_sent_then_and_is_kept_no_longer(form, browser, approver, led):
    (name, *keys), words = form(led, UserFactory())
    page = reverse(name, args=keys)
    again = hidden(sends_in_vain(browser, approver, page, words))

    browser.post(page, again | words)

    assert NOTICE not in browser.get(page).content.decode()


def test_a_file_has_to_be_chosen_again(browser, approver, delivery):
    (name, *keys), words = achieve(delivery, None)
    page = reverse(name, args=keys)
    is_signed_out_while_sending(browser, page, words)
    comes_back(browser, approver)

    assert "A file has to be chosen again." in browser.get(page).content.decode()


def test_a_deadline_that_somebody_else_asked_for_meanwhile_stands_beside_it(browser, approver, led):
    page = reverse("commitments:deadline", args=[led.pk])
    is_signed_out_while_sending(browser, page, deadline(led, None)[1])
    DeadlineChangeFactory(delivery=led, old_on=led.local_deadline_on, reason="Asked meanwhile")
    comes_back(browser, approver)

    html = browser.get(page).content.decode()

    assert "Asked meanwhile" in html
    assert IN_THE_FORM in html


def test_a_note_about_a_report_that_was_decided_meanwhile_is_given_back(browser, approver, delivery):
    (name, *keys), words = sign_off(delivery, UserFactory())
    page = reverse(name, args=keys)
    is_signed_out_while_sending(browser, page, words)
    facts = {"state": ReportState.SIGNED_OFF, "decided_by": UserFactory(), "decided_on": TODAY}
    Report.objects.filter(pk=keys[0]).update(**facts)
    comes_back(browser, approver)

    html = browser.get(page).content.decode()

    assert "Your note was not sent:" in html
    assert IN_THE_FORM in html


def test_a_choice_between_two_plans_that_is_not_finished_is_asked_again(browser, approver, delivery):
    page = reverse("commitments:plan", args=[delivery.pk])
    words = plan(delivery, None)[1] | {"between": "not_applicable_reason", "version": str(delivery.version)}
    is_signed_out_while_sending(browser, page, words)
    comes_back(browser, approver)

    assert "Select which text to keep" in browser.get(page).content.decode()


# --- Many at once -----------------------------------------------------------------------------------------


def test_rows_of_the_grid_are_back_as_they_were_typed_and_are_then_saved(browser, approver, two, period):
    first, second = two
    draft_of(second, approver)
    shown = {"narrative": "Words of the draft"}
    words = sent((first, 0, {}, {"narrative": TYPED}), (second, 1, shown, shown))
    is_signed_out_while_sending(browser, f"{GRID}?level=place", words)
    comes_back(browser, approver)

    html = browser.get(f"{GRID}?level=place").content.decode()
    browser.post(GRID, words)

    assert NOTICE in html
    assert IN_THE_FORM in html
    assert html.count("You typed this before you were signed out.") == 1
    assert first.reports.get().narrative == TYPED


def test_a_row_that_somebody_else_changed_meanwhile_shows_both_texts(browser, approver, reporter, delivery, period):
    is_signed_out_while_sending(browser, GRID, sent((delivery, 0, {}, {"narrative": TYPED})))
    draft_of(delivery, reporter)
    comes_back(browser, approver)

    html = browser.get(GRID).content.decode()

    assert IN_THE_FORM in html
    assert "Words of the draft" in html


def test_rows_for_a_month_that_is_closed_by_now_are_given_back_to_copy(browser, approver, delivery, period):
    words = sent((delivery, 0, {}, {"narrative": TYPED}), period="2019-08-01")
    is_signed_out_while_sending(browser, GRID, words)
    comes_back(browser, approver)

    html = browser.get(GRID).content.decode()

    assert "What you typed is not saved" in html
    assert IN_THE_FORM in html


@pytest.mark.parametrize("step", ["bulk_change", "bulk_confirm"])
def test_a_change_to_many_is_shown_once_more_before_it_is_made(browser, approver, two, step):
    chosen = "&".join(f"delivery={delivery.pk}" for delivery in two)
    rows = " ".join(f"{delivery.pk}-{delivery.version}" for delivery in two)
    words = {"what": "deadline", "reason": TYPED, "row": rows} | in_parts("new_on", TODAY)
    page = f"{reverse('commitments:bulk_change')}?{chosen}"
    to = f"{reverse(f'commitments:{step}')}?{chosen}"
    is_signed_out_while_sending(browser, page, words, to)
    comes_back(browser, approver)

    html = browser.get(to).content.decode()

    assert NOTICE in html
    assert "Check before you change the local deadline" in html
    assert f'<input type="hidden" name="reason" value="{IN_THE_FORM}">' in html


def test_another_choice_of_many_begins_anew(browser, approver, two):
    address = reverse("commitments:bulk_change")
    words = {"what": "deadline", "reason": TYPED, "row": f"{two[0].pk}-{two[0].version}"}
    is_signed_out_while_sending(browser, f"{address}?delivery={two[0].pk}", words)
    comes_back(browser, approver)

    assert NOTICE not in browser.get(address, {"delivery": two[1].pk}).content.decode()


def test_a_signed_in_person_is_not_sent_anywhere_else_by_discarding(browser):
    answer = browser.post("/unsent/discard/", {"page": "https://elsewhere.example/"})

    assert answer["Location"] == "/"
