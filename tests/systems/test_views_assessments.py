"""Assessments on their pages: written by several people, submitted whole, signed off by another, refused with words."""

from contextlib import closing

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from systems.choices import AssessmentState, Rater, Result
from systems.models import Assessment, Finding, MaturityPosition
from tests.factories import AssessmentFactory, CriterionFactory, FindingFactory, FrameworkFactory
from tests.systems.pages import page, text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("settled")]

OF_SYSTEM = "/systems/QKK/maturity/QKK/"
PDF = b"%PDF-1.7\nMinutes of the board"


@pytest.fixture
def draft(ladder, system, manager) -> Assessment:
    return AssessmentFactory(framework=ladder.framework, footprint=system, begun_by=manager)


def address(draft, *more) -> str:
    return "/".join([f"{OF_SYSTEM}assessments/{draft.pk}", *map(str, more), ""])


def of_domain(draft, ladder) -> str:
    return address(draft, "domains", ladder.domain.pk)


def answers(*criteria, version=0, result=Result.MET, evidence="Minutes", **more) -> dict:
    sent = {}
    for one in criteria:
        sent |= {f"c{one.pk}-{name}": value for name, value in more.items()}
        sent |= {f"c{one.pk}-version": version, f"c{one.pk}-result": result, f"c{one.pk}-evidence": evidence}
    return sent


def unanswered(*criteria) -> dict:
    return answers(*criteria, result="", evidence="")


def day(number: int, month: int = 9, year: int = 2019) -> dict:
    return {"assessed_on_day": number, "assessed_on_month": month, "assessed_on_year": year}


# --- Beginning --------------------------------------------------------------------------------------------


def test_an_assessment_is_begun(signed_in, reporter, place, ladder):
    here = f"/systems/QKK/maturity/{place.code}/assessments/"

    sent = {"framework": ladder.framework.pk, "rater": Rater.SELF, "partner": "council"}
    response = signed_in(reporter).post(here, sent, follow=True)

    begun = Assessment.objects.get()
    assert (begun.begun_by, begun.partner, begun.state) == (reporter, "council", AssessmentState.DRAFT)
    assert "0 of 4 criteria answered" in text(response.content.decode())


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"framework": ""}, "Select a framework from the list"),
        ({"rater": ""}, "Select who judges"),
        ({"rater": Rater.PEER, "partner": "nhs"}, "Only a self-assessment is one partner’s"),
    ],
)
def test_what_is_wrong_with_a_beginning_is_said(signed_in, reporter, place, ladder, changes, said):
    sent = {"framework": ladder.framework.pk, "rater": Rater.SELF, "partner": ""} | changes

    html = signed_in(reporter).post(f"/systems/QKK/maturity/{place.code}/assessments/", sent).content.decode()

    assert said in html
    assert not Assessment.objects.exists()


def test_a_second_draft_of_the_same_rater_is_refused_and_the_first_is_named(signed_in, manager, draft, ladder):
    sent = {"framework": ladder.framework.pk, "rater": Rater.SELF}

    html = signed_in(manager).post(f"{OF_SYSTEM}assessments/", sent).content.decode()

    assert "An assessment by this rater is already open here. Go on with that one." in html
    assert address(draft) in html


# --- Writing in it ----------------------------------------------------------------------------------------


def test_the_answers_of_a_domain_are_saved(signed_in, manager, draft, ladder):
    first, *others = ladder.criteria
    sent = answers(first, evidence_page="12") | unanswered(*others)

    response = signed_in(manager).post(of_domain(draft, ladder), sent, follow=True)

    assert list(draft.findings.values_list("criterion", "result", "evidence_page")) == [(first.pk, Result.MET, "12")]
    html = text(response.content.decode())
    assert "Answers saved: Leadership" in html
    assert "1 of 4 criteria answered" in html


def test_saving_can_go_on_to_the_next_domain(signed_in, manager, draft, ladder):
    following = CriterionFactory(domain__framework=ladder.framework).domain
    sent = unanswered(*ladder.criteria) | {"then": "next"}

    response = signed_in(manager).post(of_domain(draft, ladder), sent)

    assert response["Location"] == address(draft, "domains", following.pk)


def test_wrong_answers_are_said_at_their_boxes(signed_in, manager, draft, ladder):
    sent = unanswered(*ladder.criteria) | answers(ladder.criteria[0], result="splendid", evidence_url="http://x.y")

    html = signed_in(manager).post(of_domain(draft, ladder), sent).content.decode()

    assert "A1.1: Select what you found from the list" in html
    assert "Enter a link that begins with https://" in html
    assert "<title>Error: " in html
    assert not Finding.objects.exists()


def test_the_second_writer_sees_the_firsts_answer_beside_their_own(
    signed_in, manager, reporter, draft, ladder, approver
):
    first, second, *others = ladder.criteria
    FindingFactory(assessment=draft, criterion=first, written_by=approver, evidence="Hers", result=Result.PARTLY)
    sent = answers(first, second, evidence="His") | unanswered(*others)

    response = signed_in(manager).post(of_domain(draft, ladder), sent)

    html = text(response.content.decode())
    assert response.status_code == 409
    assert f"{approver.name} answered: <strong>Partly met</strong>. Hers" in html
    assert "His</textarea>" in html
    assert draft.findings.get(criterion=first).evidence == "Hers"
    assert draft.findings.get(criterion=second).evidence == "His"

    again = answers(first, second, version=1, evidence="His") | unanswered(*others)
    assert signed_in(manager).post(of_domain(draft, ladder), again).status_code == 302
    assert draft.findings.get(criterion=first).evidence == "His"


def test_one_answer_is_saved_by_itself(signed_in, manager, draft, ladder):
    criterion = ladder.criteria[0]
    here = address(draft, "findings", criterion.pk)

    first = signed_in(manager).post(here, answers(criterion, evidence="Mi"))
    second = signed_in(manager).post(here, answers(criterion, version=1, evidence="Minutes", evidence_url="x"))

    assert "Saved at" in first.content.decode()
    assert f'name="c{criterion.pk}-version" id="id_c{criterion.pk}-version" value="2"' in second.content.decode()
    assert "Not yet saved: Link to the evidence" in second.content.decode()
    assert (draft.findings.get().evidence, draft.findings.get().version) == ("Minutes", 2)


def test_an_answer_that_came_too_late_is_not_saved_by_itself(signed_in, manager, draft, ladder):
    finding = FindingFactory(assessment=draft, criterion=ladder.criteria[0], evidence="Hers")
    here = address(draft, "findings", finding.criterion_id)

    late = signed_in(manager).post(here, answers(finding.criterion, evidence="His"))
    unreadable = signed_in(manager).post(here, answers(finding.criterion, version="x", evidence="His"))

    assert (late.status_code, unreadable.status_code) == (409, 409)
    assert f"Not saved: {finding.written_by.name} answered “Met” meanwhile." in text(late.content.decode())
    finding.refresh_from_db()
    assert finding.evidence == "Hers"


def test_a_criterion_of_another_framework_is_not_found(signed_in, manager, draft):
    other = CriterionFactory()

    assert signed_in(manager).post(address(draft, "findings", other.pk), answers(other)).status_code == 404
    assert signed_in(manager).get(address(draft, "domains", other.domain_id)).status_code == 404


def test_an_assessment_of_another_footprint_is_not_found(signed_in, manager, draft, place):
    assert signed_in(manager).get(f"/systems/QKK/maturity/{place.code}/assessments/{draft.pk}/").status_code == 404


def test_what_was_typed_when_one_was_signed_out_comes_back(signed_in, manager, draft, ladder):
    client = signed_in(manager)
    here = of_domain(draft, ladder)
    session = client.session
    words = f"c{ladder.criteria[0].pk}-evidence=Kept"
    session["unsent"] = {here: {"writer": str(manager.pk), "words": words}}
    session.save()

    html = client.get(here).content.decode()

    assert "Kept</textarea>" in html
    assert "You were signed out while you were writing." in html


# --- Files ------------------------------------------------------------------------------------------------


def test_a_file_is_kept_and_downloaded_by_a_colleague_only(signed_in, manager, viewer, councillor, draft, ladder):
    file = SimpleUploadedFile("Board minutes.pdf", PDF)
    sent = unanswered(*ladder.criteria) | answers(ladder.criteria[0], evidence="", evidence_file=file)
    signed_in(manager).post(of_domain(draft, ladder), sent)
    here = f"{OF_SYSTEM}evidence/{draft.findings.get().pk}/"

    assert "Board minutes" not in draft.findings.get().evidence_file.name
    assert signed_in(councillor).get(here).status_code == 404
    with closing(signed_in(viewer).get(here)) as response:
        assert response.getvalue() == PDF
        assert response["Content-Disposition"] == 'attachment; filename="Board minutes.pdf"'


def test_a_file_that_is_gone_is_not_found(signed_in, viewer, draft, ladder):
    finding = FindingFactory(
        assessment=draft, criterion=ladder.criteria[0], evidence_file="gone.pdf", evidence_name="Gone.pdf"
    )

    assert signed_in(viewer).get(f"{OF_SYSTEM}evidence/{finding.pk}/").status_code == 404


# --- Submitting and deciding ------------------------------------------------------------------------------


@pytest.fixture
def whole(draft, ladder, manager):
    for criterion in ladder.criteria:
        FindingFactory(assessment=draft, criterion=criterion, written_by=manager)
    return draft


@pytest.fixture
def submitted(whole, signed_in, manager):
    signed_in(manager).post(address(whole), {"version": 1} | day(30))
    whole.refresh_from_db()
    assert whole.state == AssessmentState.SUBMITTED
    return whole


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (day(1, 10), "The day must be today or earlier"),
        ({}, "Enter the day for which it was judged"),
    ],
)
def test_what_is_wrong_with_a_submission_is_said(signed_in, manager, whole, sent, said):
    assert said in signed_in(manager).post(address(whole), {"version": 1} | sent).content.decode()
    whole.refresh_from_db()
    assert whole.is_draft


def test_what_is_missing_is_named(signed_in, manager, draft, ladder):
    FindingFactory(assessment=draft, criterion=ladder.criteria[0], evidence="")

    html = text(signed_in(manager).post(address(draft), {"version": 1} | day(30)).content.decode())

    assert "Left: A2.1, A2.2, A3.1." in html
    assert "Say what shows that these are met: A1.1." in html


def test_a_submission_of_something_older_is_refused(signed_in, manager, whole):
    response = signed_in(manager).post(address(whole), {"version": 7} | day(30))

    assert response.status_code == 409
    assert "This assessment went on since you opened the page." in response.content.decode()


def test_another_signs_it_off_and_it_counts(signed_in, approver, submitted, system, viewer):
    html = page(signed_in(approver), address(submitted))
    assert "Sign off" in html

    sent = {"version": submitted.version, "decision": "sign_off", "note": ""}
    signed_in(approver).post(address(submitted), sent)

    assert MaturityPosition.objects.get(footprint=system).reached == 3
    assert "Met: maturing is reached" in page(signed_in(viewer), f"{OF_SYSTEM}frameworks/ICSM/")
    assert signed_in(approver).post(address(submitted), sent).status_code == 409


def test_nobody_signs_off_their_own(signed_in, approver, whole, ladder, manager):
    Finding.objects.filter(criterion=ladder.criteria[0]).update(written_by=approver)
    signed_in(manager).post(address(whole), {"version": 1} | day(30))
    whole.refresh_from_db()
    html = page(signed_in(approver), address(whole))
    assert "You wrote in this assessment or submitted it, so somebody else must sign it off." in html
    assert 'value="sign_off"' not in html

    sent = {"version": whole.version, "decision": "sign_off", "note": ""}
    response = signed_in(approver).post(address(whole), sent)

    assert response.status_code == 403
    assert "Nobody signs off or returns an assessment they wrote in or submitted." in response.content.decode()
    whole.refresh_from_db()
    assert whole.state == AssessmentState.SUBMITTED


def test_it_is_returned_with_a_note(signed_in, approver, manager, submitted):
    sent = {"version": submitted.version, "decision": "return", "note": ""}
    assert "Say what must change" in signed_in(approver).post(address(submitted), sent).content.decode()

    signed_in(approver).post(address(submitted), sent | {"note": "Ask the council"})

    assert "Returned: Ask the council" in page(signed_in(manager), address(submitted))


def test_an_approver_who_read_something_older_is_told(signed_in, approver, submitted):
    response = signed_in(approver).post(address(submitted), {"version": 1, "decision": "sign_off", "note": ""})

    assert response.status_code == 409


def test_what_was_submitted_is_written_in_no_more(signed_in, manager, submitted, ladder):
    here = of_domain(submitted, ladder)

    assert "Awaiting sign-off" in page(signed_in(manager), here)
    sent = answers(ladder.criteria[0], version=1, evidence="More")
    assert signed_in(manager).post(here, sent | unanswered(*ladder.criteria[1:])).status_code == 409
    finding = address(submitted, "findings", ladder.criteria[0].pk)
    response = signed_in(manager).post(finding, sent)
    assert response.status_code == 409


def test_who_may_not_submit_or_decide_is_refused(signed_in, viewer, whole, manager):
    assert signed_in(viewer).post(address(whole), {"version": 1} | day(30)).status_code == 403
    signed_in(manager).post(address(whole), {"version": 1} | day(30))
    assert signed_in(manager).post(address(whole), {"version": 2, "decision": "sign_off"}).status_code == 403


def test_the_number_of_queries_does_not_grow_with_the_criteria(
    signed_in, manager, draft, ladder, django_assert_num_queries
):
    client, counts = signed_in(manager), []
    page(client, address(draft))
    for _ in range(2):
        for _ in range(4):
            criterion = CriterionFactory(domain=ladder.domain)
            FindingFactory(assessment=draft, criterion=criterion)
        for here in (address(draft), of_domain(draft, ladder)):
            with django_assert_num_queries(40, exact=False) as asked:
                page(client, here)
            counts.append(len(asked))

    assert counts[:2] == counts[2:]


def test_another_framework_can_be_judged_beside_it(signed_in, manager, draft):
    other = FrameworkFactory()

    signed_in(manager).post(f"{OF_SYSTEM}assessments/", {"framework": other.pk, "rater": Rater.SELF})

    assert Assessment.objects.count() == 2
