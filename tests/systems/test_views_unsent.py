"""Signed out while writing about maturity: what was typed is back in its form, and nothing is saved meanwhile."""

import pytest
from django.test import Client

from systems.choices import AssessmentState
from systems.models import ActionMove, Assessment, ImprovementAction
from tests.commitments.test_views_unsent import (
    IN_THE_FORM,
    NOTICE,
    TYPED,
    comes_back,
    hidden,
    in_parts,
    is_signed_out_while_sending,
    sends_in_vain,
)
from tests.factories import TODAY, AssessmentFactory, ImprovementActionFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("settled")]

OF_SYSTEM = "/systems/QKK/maturity/QKK/"
PLAN = f"{OF_SYSTEM}plan/"


@pytest.fixture
def browser(approver):
    client = Client()
    comes_back(client, approver)
    return client


@pytest.fixture
def waiting(ladder, system):
    """An assessment of others that awaits sign-off."""
    other = UserFactory()
    draft = AssessmentFactory(framework=ladder.framework, footprint=system, begun_by=other)
    facts = {"assessed_on": TODAY, "submitted_on": TODAY, "submitted_by": other}
    Assessment.objects.filter(pk=draft.pk).update(state=AssessmentState.SUBMITTED, **facts)
    return draft


def planned(owner, criterion, **changes) -> dict:
    sent = {"title": TYPED, "owner": str(owner.pk), "closes": [str(criterion.pk)]}
    return sent | in_parts("due_on", TODAY.replace(year=2020)) | changes


def add(approver, ladder, system, waiting):
    return f"{PLAN}actions/?criterion={ladder.criteria[0].pk}", planned(approver, ladder.criteria[0])


def change(approver, ladder, system, waiting):
    there = ImprovementActionFactory(footprint=system, owner=approver, closes=ladder.criteria[:1])
    return f"{PLAN}actions/{there.pk}/", planned(approver, ladder.criteria[0], title="Appoint a chair", reason=TYPED)


def done(approver, ladder, system, waiting):
    there = ImprovementActionFactory(footprint=system)
    return f"{PLAN}actions/{there.pk}/done/", {"evidence": TYPED} | in_parts("done_on", TODAY)


def returned(approver, ladder, system, waiting):
    return f"{OF_SYSTEM}assessments/{waiting.pk}/", {"note": TYPED, "decision": "return"}


FORMS = [add, change, done, returned]


def facts() -> list:
    kept = (
        Assessment.objects.values_list("pk", "state"),
        ImprovementAction.objects.values_list("pk", "due_on", "done_on"),
    )
    return [*map(list, kept), ActionMove.objects.count()]


@pytest.mark.parametrize("form", FORMS)
def test_what_was_typed_is_back_in_its_form_and_nothing_is_saved(form, browser, approver, ladder, system, waiting):
    page, words = form(approver, ladder, system, waiting)
    before = facts()

    html = sends_in_vain(browser, approver, page, words)

    assert NOTICE in html
    assert IN_THE_FORM in html
    assert facts() == before


@pytest.mark.parametrize("form", FORMS)
def test_it_can_be_sent_then_and_is_kept_no_longer(form, browser, approver, ladder, system, waiting):
    page, words = form(approver, ladder, system, waiting)
    before = facts()
    again = hidden(sends_in_vain(browser, approver, page, words))

    answer = browser.post(page, again | words)

    assert answer.status_code == 302
    assert facts() != before
    assert NOTICE not in browser.get(page).content.decode()


def test_the_day_of_a_draft_is_back_and_the_draft_is_not_submitted(browser, approver, ladder, system):
    draft = AssessmentFactory(framework=ladder.framework, footprint=system, begun_by=approver)
    page = f"{OF_SYSTEM}assessments/{draft.pk}/"
    is_signed_out_while_sending(browser, page, in_parts("assessed_on", TODAY.replace(day=7)))
    comes_back(browser, approver)

    html = browser.get(page).content.decode()

    assert NOTICE in html
    assert 'name="assessed_on_day" value="7"' in html
    assert Assessment.objects.get(pk=draft.pk).is_draft


def test_a_note_about_an_assessment_that_was_decided_meanwhile_is_given_back(browser, approver, waiting):
    page = f"{OF_SYSTEM}assessments/{waiting.pk}/"
    is_signed_out_while_sending(browser, page, {"note": TYPED, "decision": "return"})
    decided = {"state": AssessmentState.SIGNED_OFF, "decided_by": UserFactory(), "decided_on": TODAY}
    Assessment.objects.filter(pk=waiting.pk).update(**decided)
    comes_back(browser, approver)

    html = browser.get(page).content.decode()

    assert "Your note was not sent:" in html
    assert IN_THE_FORM in html


def test_a_note_that_comes_too_late_is_given_back_at_once(browser, waiting):
    page = f"{OF_SYSTEM}assessments/{waiting.pk}/"
    fields = hidden(browser.get(page).content.decode())
    decided = {"state": AssessmentState.SIGNED_OFF, "decided_by": UserFactory(), "decided_on": TODAY}
    Assessment.objects.filter(pk=waiting.pk).update(**decided)

    answer = browser.post(page, fields | {"note": TYPED, "decision": "return"})

    assert answer.status_code == 409
    assert "Your note was not sent:" in answer.content.decode()
    assert IN_THE_FORM in answer.content.decode()


def test_a_file_that_shows_that_an_action_is_done_has_to_be_chosen_again(browser, approver, ladder, system):
    page, words = done(approver, ladder, system, None)
    is_signed_out_while_sending(browser, page, words)
    comes_back(browser, approver)

    assert "A file has to be chosen again." in browser.get(page).content.decode()
