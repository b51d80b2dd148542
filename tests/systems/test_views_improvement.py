"""The improvement plan on its pages: what would close which gap, what is left, and the actions themselves."""

import datetime as dt
from contextlib import closing

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from systems.choices import Result
from systems.models import ImprovementAction
from systems.recompute import recompute
from tests.factories import (
    TODAY,
    ActionMoveFactory,
    CriterionFactory,
    DomainFactory,
    ExpectationFactory,
    ImprovementActionFactory,
    signed_off_assessment,
)
from tests.systems.pages import page, text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("settled")]

PLAN = "/systems/QKK/maturity/QKK/plan/"
PDF = b"%PDF-1.7\nMinutes of the board"


def date(name, day, month, year) -> dict:
    return {f"{name}_day": day, f"{name}_month": month, f"{name}_year": year}


def action(owner, *criteria, **changes) -> dict:
    sent = {"title": "Appoint a chair", "owner": owner.pk, "version": 0, "closes": [one.pk for one in criteria]}
    return sent | date("due_on", 31, 3, 2020) | changes


@pytest.fixture
def gap(ladder, system):
    """Two criteria of "developing" and the one of "maturing" are missing."""
    first, *others = ladder.criteria
    signed_off_assessment(system, {first: Result.MET} | dict.fromkeys(others, Result.NOT_MET))
    recompute(TODAY, everything=True)
    return others


def test_the_plan_says_what_is_left_uncovered(signed_in, manager, system, gap):
    ImprovementActionFactory(footprint=system, title="Appoint a chair", closes=gap[:2])
    recompute(TODAY, everything=True)

    html = text(page(signed_in(manager), PLAN))

    assert "The plan does not close it." in html
    assert "Even if every open action is done in time, 1 criterion is left uncovered." in html
    assert f"{gap[2].text} <a" in html
    assert f"{gap[0].text}: Appoint a chair, due 31 March 2020" in html


def test_the_plan_says_that_it_would_close_the_gap_in_time(signed_in, viewer, system, gap):
    ImprovementActionFactory(footprint=system, closes=gap)
    recompute(TODAY, everything=True)

    html = text(page(signed_in(viewer), PLAN))

    assert "The plan closes it." in html
    assert "If every open action is done in time, the gap closes by 31 March 2020, in time for 30 April 2021." in html
    assert "Add an action" not in html


def test_a_gap_whose_day_has_passed_closes_late_or_not_at_all(signed_in, manager, system, gap, ladder, settings):
    settings.PORTAL_TODAY = dt.date(2021, 5, 1)
    recompute(settings.PORTAL_TODAY)
    assert "No open action takes this up in time: 3 criteria left uncovered." in text(page(signed_in(manager), PLAN))

    ImprovementActionFactory(footprint=system, closes=gap, due_on=dt.date(2021, 6, 30))
    recompute(settings.PORTAL_TODAY, everything=True)

    assert "the gap closes by 30 June 2021, after it was due on 30 April 2021." in text(page(signed_in(manager), PLAN))


def test_a_plan_for_single_criteria_is_not_measured_against_the_first_of_their_days(
    signed_in, viewer, system, gap, ladder
):
    for criterion, due_on in ((gap[0], dt.date(2019, 12, 31)), (gap[1], dt.date(2020, 12, 31))):
        own = {"criterion": criterion, "level": criterion.level, "domain": ladder.domain}
        ExpectationFactory(**own, due_on=due_on)
        ImprovementActionFactory(footprint=system, due_on=due_on, closes=[criterion])
    ImprovementActionFactory(footprint=system, closes=gap[2:])
    recompute(TODAY, everything=True)

    html = text(page(signed_in(viewer), PLAN))

    assert "If every open action is done in time, the gap closes by 31 December 2020, each criterion in time." in html


def test_an_action_of_a_paper_without_owner_and_day_cannot_be_counted_on(signed_in, viewer, system, gap):
    ImprovementActionFactory(footprint=system, owner=None, due_on=None, source="A paper of 2019", closes=gap)
    recompute(TODAY, everything=True)

    html = text(page(signed_in(viewer), PLAN))

    assert "No owner named. No date given: it cannot be counted on in time." in html
    assert "Source: A paper of 2019" in html
    assert "3 criteria left uncovered" in html


# --- Adding and changing ----------------------------------------------------------------------------------


def test_criteria_are_offered_domain_by_domain_with_their_level(signed_in, manager, ladder, gap):
    html = text(page(signed_in(manager), f"{PLAN}actions/"))

    domain, criterion = ladder.domain, gap[0]
    group = html.split(f">{domain.name} ({domain.framework})</legend>", 1)[1].split("</fieldset>", 1)[0]
    assert f"Developing: {criterion.text}</label>" in group
    assert group.count('type="checkbox"') == len(ladder.criteria)


def test_an_action_is_added(signed_in, manager, viewer, gap):
    response = signed_in(manager).post(f"{PLAN}actions/", action(viewer, gap[0]), follow=True)

    added = ImprovementAction.objects.get()
    assert (added.owner, added.due_on, list(added.closes.all())) == (viewer, dt.date(2020, 3, 31), [gap[0]])
    assert "Action added to the improvement plan" in response.content.decode()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"title": ""}, "Enter what will be done"),
        ({"owner": ""}, "Select an owner from the list"),
        (date("due_on", "", "", ""), "Enter the date it is due"),
        ({"closes": []}, "Select at least one criterion"),
        ({"title": "Already there"}, "The plan already has an action with these words."),
    ],
)
def test_what_is_wrong_with_an_action_is_said(signed_in, manager, system, gap, changes, said):
    ImprovementActionFactory(footprint=system, title="Already there")

    html = signed_in(manager).post(f"{PLAN}actions/", action(manager, gap[0]) | changes).content.decode()

    assert said in html
    assert ImprovementAction.objects.count() == 1


def test_a_criterion_of_another_framework_is_refused(signed_in, manager, gap):
    other = CriterionFactory(domain=DomainFactory(framework__level="pcn"))

    html = signed_in(manager).post(f"{PLAN}actions/", action(manager, other)).content.decode()

    assert "Select criteria of a framework by which this footprint is judged" in html


def test_an_action_is_changed_and_the_second_of_two_is_told(signed_in, manager, system, gap):
    there = ImprovementActionFactory(footprint=system, title="Appoint a chair", owner=manager, closes=gap[:1])
    here = f"{PLAN}actions/{there.pk}/"
    assert "Appoint a chair" in page(signed_in(manager), here)

    first = signed_in(manager).post(here, action(manager, gap[1], title="Appoint two chairs", version=1))
    second = signed_in(manager).post(here, action(manager, gap[1], title="Appoint no chair", version=1))

    html = text(second.content.decode())
    assert (first.status_code, second.status_code) == (302, 409)
    assert "Nothing of yours was saved, and nothing of theirs was lost." in html
    assert "Appoint two chairs" in html
    assert "Appoint no chair" in html
    sent = action(manager, gap[1], title="Appoint no chair", version=2)
    assert signed_in(manager).post(here, sent).status_code == 302


def test_a_date_that_moves_needs_a_reason_and_the_plan_tells_the_move(signed_in, manager, viewer, system, gap):
    there = ImprovementActionFactory(footprint=system, title="Appoint a chair", owner=manager, closes=gap[:1])
    here, later = f"{PLAN}actions/{there.pk}/", date("due_on", 30, 6, 2020)
    assert "Why the date moves" in page(signed_in(manager), here)
    assert "Why the date moves" not in page(signed_in(manager), f"{PLAN}actions/")

    without = signed_in(manager).post(here, action(manager, gap[0], version=1, **later)).content.decode()
    same_day = signed_in(manager).post(here, action(manager, gap[0], version=1))
    said = {"version": 2, "reason": "The board meets later"} | later
    moved = signed_in(manager).post(here, action(manager, gap[0], **said))

    assert "Say why the date moves" in without
    assert (same_day.status_code, moved.status_code) == (302, 302)
    told = (
        f"Due date moved from 31 March 2020 to 30 June 2020 by {manager.name} on 30 September 2019: "
        "The board meets later"
    )
    assert told in text(page(signed_in(viewer), PLAN))
    assert told in signed_in(viewer).get(f"{PLAN}?_export=csv&list=actions").content.decode()


def test_the_first_date_of_an_action_is_told_without_a_reason(signed_in, manager, system, gap):
    there = ImprovementActionFactory(
        footprint=system, title="Appoint a chair", owner=None, due_on=None, source="A paper", closes=gap[:1]
    )

    signed_in(manager).post(f"{PLAN}actions/{there.pk}/", action(manager, gap[0], version=1))

    told = f"Due date set to 31 March 2020 by {manager.name} on 30 September 2019<"
    assert told in text(page(signed_in(manager), PLAN))


def test_who_read_another_version_is_told_what_changed_before_a_reason_is_asked(signed_in, manager, system, gap):
    there = ImprovementActionFactory(footprint=system, title="Appoint a chair", owner=manager, closes=gap[:1])
    here, said = f"{PLAN}actions/{there.pk}/", {"version": 1, "reason": "The board meets later"}
    signed_in(manager).post(here, action(manager, gap[0], **said, **date("due_on", 30, 6, 2020)))

    second = signed_in(manager).post(here, action(manager, gap[0], version=1))
    third = signed_in(manager).post(here, action(manager, gap[0], version=2))

    assert second.status_code == 409
    assert "Say why the date moves" not in second.content.decode()
    assert "Say why the date moves" in third.content.decode()


def test_a_change_that_cannot_stand_is_said(signed_in, manager, system, gap):
    ImprovementActionFactory(footprint=system, title="Already there")
    there = ImprovementActionFactory(footprint=system, owner=manager)

    sent = action(manager, gap[0], title="Already there", version=1)

    html = signed_in(manager).post(f"{PLAN}actions/{there.pk}/", sent).content.decode()
    assert "The plan already has an action with these words." in html


def test_an_action_of_another_footprint_is_not_found(signed_in, manager, place):
    there = ImprovementActionFactory(footprint=place)

    assert signed_in(manager).get(f"{PLAN}actions/{there.pk}/").status_code == 404


# --- Done -------------------------------------------------------------------------------------------------


def done(version=1, **changes) -> dict:
    return {"version": version, "evidence": "Minutes of May"} | date("done_on", 30, 9, 2019) | changes


def test_an_action_is_done_with_evidence_that_a_colleague_downloads(signed_in, manager, viewer, councillor, system):
    there = ImprovementActionFactory(footprint=system)
    sent = done(evidence="", evidence_file=SimpleUploadedFile("Minutes.pdf", PDF))

    html = signed_in(manager).post(f"{PLAN}actions/{there.pk}/done/", sent, follow=True).content.decode()

    assert "Action done. Its criteria count as met once an assessment says so" in html
    assert "Done on 30 September 2019" in html
    assert signed_in(councillor).get(f"{PLAN}actions/{there.pk}/evidence/").status_code == 404
    assert "Minutes.pdf" in page(signed_in(viewer), PLAN)
    with closing(signed_in(viewer).get(f"{PLAN}actions/{there.pk}/evidence/")) as response:
        assert response.getvalue() == PDF


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"evidence": ""}, "Say what shows that it is done, or give a link or a file"),
        (date("done_on", 1, 10, 2019), "Done on must be today or earlier"),
        (date("done_on", "", "", ""), "Enter the day it was done"),
        ({"evidence_url": "ftp://x"}, "Enter a link that begins with https://"),
    ],
)
def test_what_is_wrong_with_done_is_said(signed_in, manager, system, changes, said):
    there = ImprovementActionFactory(footprint=system)

    assert said in signed_in(manager).post(f"{PLAN}actions/{there.pk}/done/", done(**changes)).content.decode()
    there.refresh_from_db()
    assert there.done_on is None


def test_what_is_done_is_done_once(signed_in, manager, system):
    there = ImprovementActionFactory(footprint=system)
    here = f"{PLAN}actions/{there.pk}/done/"
    signed_in(manager).post(here, done())

    response = signed_in(manager).post(here, done(evidence="Other minutes"))

    assert response.status_code == 409
    assert "This action is done, so nothing about it can be changed." in response.content.decode()


def test_a_file_that_is_gone_is_not_found(signed_in, viewer, manager, system):
    facts = {"done_on": TODAY, "done_by": manager, "evidence_file": "gone.pdf", "evidence_name": "Gone.pdf"}
    there = ImprovementActionFactory(footprint=system, **facts)

    assert signed_in(viewer).get(f"{PLAN}actions/{there.pk}/evidence/").status_code == 404


def test_the_number_of_queries_does_not_grow_with_the_actions(
    signed_in, manager, system, gap, django_assert_num_queries
):
    client, counts = signed_in(manager), []
    page(client, PLAN)
    for _ in range(2):
        for _ in range(4):
            ActionMoveFactory(action=ImprovementActionFactory(footprint=system, closes=gap))
        recompute(TODAY, everything=True)
        for here in (PLAN, f"{PLAN}actions/", "/systems/QKK/maturity/QKK/sheet/"):
            with django_assert_num_queries(60, exact=False) as asked:
                page(client, here)
            counts.append(len(asked))

    assert counts[:3] == counts[3:]
