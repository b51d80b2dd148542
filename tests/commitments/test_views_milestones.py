"""The milestones of a delivery: added, moved, achieved with evidence and opened again, by whom that is for."""

import datetime as dt
from contextlib import closing
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from commitments.choices import StepKind
from commitments.models import Milestone, MilestoneChange
from tests.commitments.pages import page_of, read
from tests.factories import TODAY, DeliveryFactory, MilestoneFactory

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)
PDF = b"%PDF-1.7\nMinutes of the board"


def date(name, day="", month="", year=""):
    return {f"{name}_day": day, f"{name}_month": month, f"{name}_year": year}


def address_of(milestone, word):
    return reverse(f"commitments:milestone_{word}", args=[milestone.delivery_id, milestone.pk])


@pytest.fixture
def milestone(delivery):
    return MilestoneFactory(delivery=delivery, title="Open a hub")


# --- Adding -----------------------------------------------------------------------------------------------


def test_a_milestone_is_added_to_the_plan(signed_in, manager, delivery):
    address = reverse("commitments:milestone_add", args=[delivery.pk])

    response = signed_in(manager).post(address, {"title": "Appoint a lead", **date("due_on", 31, 12, 2019)})

    milestone = Milestone.objects.get()
    assert response.headers["Location"] == reverse("commitments:delivery", args=[delivery.pk])
    assert (milestone.delivery, milestone.title, milestone.due_on) == (
        delivery, "Appoint a lead", dt.date(2019, 12, 31),
    )  # fmt: skip
    assert milestone.recorded_on == TODAY


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"title": ""}, "Enter what will be achieved"),
        ({"title": "x" * 201}, "Milestone must be 200 characters or fewer"),
        ({"title": "a\x00b"}, "Null characters are not allowed."),
        (date("due_on"), "Enter the date it is due"),
        (date("due_on", 1, 1, 1066), "Due date must be between 2015 and 2040"),
        ({"title": "Already there"}, "This delivery already has a milestone with this title."),
    ],
)
def test_what_is_wrong_with_a_milestone_is_said(signed_in, manager, delivery, changes, message):
    MilestoneFactory(delivery=delivery, title="Already there")
    address = reverse("commitments:milestone_add", args=[delivery.pk])

    response = signed_in(manager).post(address, {"title": "New", **date("due_on", 31, 12, 2019)} | changes)

    assert message in response.content.decode()
    assert Milestone.objects.count() == 1


def test_the_milestone_page_lists_those_already_there(signed_in, manager, delivery):
    MilestoneFactory(delivery=delivery, title="Already there")

    html = signed_in(manager).get(reverse("commitments:milestone_add", args=[delivery.pk])).content.decode()

    assert "Already there, due 31 March 2020: Open" in html


def test_a_milestone_is_ticked_once(signed_in, reporter, manager, delivery):
    milestone = MilestoneFactory(delivery=delivery)
    address = reverse("commitments:milestone_achieve", args=[delivery.pk, milestone.pk])

    signed_in(reporter).post(address)
    signed_in(manager).post(address)

    milestone.refresh_from_db()
    assert (milestone.achieved_on, milestone.achieved_by) == (TODAY, reporter)


def test_a_milestone_of_another_delivery_is_not_found(signed_in, reporter, place, delivery):
    other = MilestoneFactory(delivery=DeliveryFactory(footprint=place))
    address = reverse("commitments:milestone_achieve", args=[delivery.pk, other.pk])

    assert signed_in(reporter).post(address).status_code == 404
    other.refresh_from_db()
    assert other.achieved_on is None


# --- Moving -----------------------------------------------------------------------------------------------


def move(**changes):
    sent = {**date("due_on", 30, 6, 2020), "reason": "The lease is late", "was_due_on": "2020-03-31"}
    return sent | changes


def test_a_milestone_is_moved_with_a_reason(signed_in, manager, milestone):
    page = signed_in(manager).post(address_of(milestone, "move"), move(), follow=True).content.decode()

    milestone.refresh_from_db()
    change = MilestoneChange.objects.get()
    assert milestone.due_on == dt.date(2020, 6, 30)
    assert (change.was_due_on, change.due_on, change.reason) == (
        dt.date(2020, 3, 31), dt.date(2020, 6, 30), "The lease is late",
    )  # fmt: skip
    assert (change.recorded_by, change.recorded_on) == (manager, TODAY)
    assert "Milestone moved: Open a hub" in page
    assert "From 31 March 2020 to 30 June 2020. The lease is late" in page


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (date("due_on"), "Enter the new due date"),
        (date("due_on", 31, 3, 2020), "The new due date must differ from the due date so far"),
        (date("due_on", 1, 1, 1066), "New due date must be between 2015 and 2040"),
        ({"reason": " "}, "Enter why it moves"),
        ({"reason": "x" * 1001}, "Why it moves must be 1,000 characters or fewer"),
        ({"reason": "a\x00b"}, "Null characters are not allowed."),
        ({"was_due_on": ""}, "This page is out of date. Open it again"),
        ({"was_due_on": "yesterday"}, "This page is out of date. Open it again"),
    ],
)
def test_what_is_wrong_with_a_move_is_said(signed_in, manager, milestone, changes, message):
    page = signed_in(manager).post(address_of(milestone, "move"), move(**changes)).content.decode()

    assert message in page
    assert not MilestoneChange.objects.exists()


def test_the_second_of_two_movers_sees_both_texts(signed_in, manager, approver, milestone):
    signed_in(approver).post(address_of(milestone, "move"), move(reason="The board asked for it"))

    response = signed_in(manager).post(address_of(milestone, "move"), move(**date("due_on", 31, 7, 2020)))

    page = response.content.decode()
    assert response.status_code == 409
    for words in ("The board asked for it", "30 June 2020", "The lease is late", "31 July 2020"):
        assert words in page
    assert MilestoneChange.objects.count() == 1


def test_the_second_of_two_clicks_finds_its_own_move(signed_in, manager, milestone):
    browser = signed_in(manager)
    browser.post(address_of(milestone, "move"), move())

    assert browser.post(address_of(milestone, "move"), move()).status_code == 302
    assert MilestoneChange.objects.count() == 1


@pytest.mark.parametrize(("word", "achieved_on"), [("move", TODAY), ("achieve", TODAY), ("reopen", None)])
def test_a_step_that_cannot_be_taken_offers_no_form(signed_in, manager, delivery, word, achieved_on):
    milestone = MilestoneFactory(delivery=delivery, achieved_on=achieved_on)

    page = read(signed_in(manager), address_of(milestone, word))

    assert "This cannot be done now." in page
    assert "today’s date" not in page


@pytest.mark.parametrize(("word", "achieved_on"), [("move", None), ("achieve", None), ("reopen", TODAY)])
def test_a_step_that_can_be_taken_has_its_form(signed_in, manager, delivery, word, achieved_on):
    milestone = MilestoneFactory(delivery=delivery, achieved_on=achieved_on)

    assert "today’s date" in read(signed_in(manager), address_of(milestone, word))


# --- Achieving --------------------------------------------------------------------------------------------


def upload(content=PDF, name="minutes.pdf", kind="application/pdf"):
    return SimpleUploadedFile(name, content, kind)


def achieve(**changes):
    return date("achieved_on") | {"evidence_url": ""} | changes


def download(browser, change):
    response = browser.get(reverse("commitments:evidence", args=[change.milestone.delivery_id, change.pk]))
    with closing(response):
        return b"".join(response.streaming_content), response


def kept_files():
    root = Path(settings.STORAGES["evidence"]["OPTIONS"]["location"])
    return sorted(root.iterdir()) if root.exists() else []


def test_a_milestone_is_achieved_on_an_earlier_day_with_a_link(signed_in, reporter, milestone):
    sent = achieve(**date("achieved_on", 12, 9, 2019), evidence_url="https://www.example.nhs.uk/papers?id=1&p=2")

    page = signed_in(reporter).post(address_of(milestone, "achieve"), sent, follow=True).content.decode()

    milestone.refresh_from_db()
    assert (milestone.achieved_on, milestone.achieved_by) == (dt.date(2019, 9, 12), reporter)
    assert 'href="https://www.example.nhs.uk/papers?id=1&amp;p=2"' in page
    assert "Milestone achieved: Open a hub" in page
    assert "Achieved on 12 September 2019." in page


def test_a_file_is_kept_under_a_made_up_name_and_downloaded_by_a_colleague(signed_in, reporter, viewer, milestone):
    before = set(kept_files())
    sent = achieve(evidence_file=upload(name="../../etc/Board minutes.PDF"))

    signed_in(reporter).post(address_of(milestone, "achieve"), sent)

    change = MilestoneChange.objects.get()
    (kept,) = set(kept_files()) - before
    assert change.evidence_name == "Board minutes.PDF"
    assert (kept.name, kept.suffix, len(kept.stem)) == (change.evidence_file.name, ".pdf", 36)
    assert kept.stat().st_mode & 0o777 == 0o600
    content, response = download(signed_in(viewer), change)
    assert content == PDF
    assert response.headers["Content-Disposition"] == 'attachment; filename="Board minutes.PDF"'
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response.headers["Cache-Control"]


def test_a_download_is_written_into_the_security_log(signed_in, reporter, milestone, security_log):
    browser = signed_in(reporter)
    browser.post(address_of(milestone, "achieve"), achieve(evidence_file=upload()))
    change = MilestoneChange.objects.get()

    download(browser, change)

    assert [line["evidence"] for line in security_log() if line["event"] == "evidence_downloaded"] == [change.pk]


def test_evidence_is_for_those_who_read_working_positions_here(signed_in, reporter, councillor, milestone, place):
    signed_in(reporter).post(
        address_of(milestone, "achieve"), achieve(evidence_file=upload(), evidence_url="https://example.org/x")
    )
    change = MilestoneChange.objects.get()
    elsewhere = DeliveryFactory(footprint=place)

    address = reverse("commitments:evidence", args=[milestone.delivery_id, change.pk])
    assert signed_in(councillor).get(address).status_code == 404
    assert signed_in(reporter).get(reverse("commitments:evidence", args=[elsewhere.pk, change.pk])).status_code == 404


def test_evidence_that_is_a_link_or_is_gone_is_not_found(signed_in, reporter, milestone):
    browser = signed_in(reporter)
    browser.post(address_of(milestone, "achieve"), achieve(evidence_file=upload()))
    change = MilestoneChange.objects.get()
    linked = MilestoneChange.objects.create(
        milestone=milestone, kind=StepKind.REOPENED, reason="Wrong", recorded_on=TODAY,
        was_due_on=milestone.due_on, due_on=milestone.due_on, was_achieved_on=TODAY,
    )  # fmt: skip
    change.evidence_file.storage.delete(change.evidence_file.name)

    for row in (change, linked):
        assert browser.get(reverse("commitments:evidence", args=[milestone.delivery_id, row.pk])).status_code == 404


def test_evidence_lies_under_no_address(settings):
    location = Path(settings.STORAGES["evidence"]["OPTIONS"]["location"])

    served = [Path(settings.STATIC_ROOT), *map(Path, settings.STATICFILES_DIRS)]
    assert not any(location.is_relative_to(folder) or folder.is_relative_to(location) for folder in served)
    assert settings.STORAGES["evidence"]["OPTIONS"]["base_url"] is None


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (date("achieved_on", 1, 10, 2019), "Achieved on must be today or earlier"),
        (date("achieved_on", 31, 2, 2019), "Enter a real date, such as 30 9 2019"),
        ({"evidence_url": "http://example.org/"}, "Enter a link that begins with https://"),
        ({"evidence_url": "javascript:alert(1)"}, "Enter a link that begins with https://"),
        ({"evidence_url": "https://[oops"}, "Enter a link that begins with https://"),
        ({"evidence_url": "https://example.org/a\x00b"}, "Null characters are not allowed."),
        ({"evidence_url": f"https://example.org/{'x' * 500}"}, "must be 500 characters or fewer"),
    ],
)
def test_what_is_wrong_with_an_achievement_is_said(signed_in, reporter, milestone, changes, message):
    page = signed_in(reporter).post(address_of(milestone, "achieve"), achieve(**changes)).content.decode()

    assert message in page
    assert not MilestoneChange.objects.exists()


def test_a_refused_file_leaves_nothing_behind(signed_in, reporter, milestone):
    before = kept_files()
    sent = achieve(evidence_file=upload(b"MZ an executable", "minutes.pdf"))

    page = signed_in(reporter).post(address_of(milestone, "achieve"), sent).content.decode()

    assert "The selected file is not what its name says" in page
    assert kept_files() == before
    milestone.refresh_from_db()
    assert milestone.achieved_on is None


def test_evidence_is_not_lost_where_somebody_ticked_meanwhile(signed_in, reporter, manager, milestone):
    signed_in(manager).post(address_of(milestone, "achieve"))

    response = signed_in(reporter).post(address_of(milestone, "achieve"), achieve(evidence_file=upload()))

    assert response.status_code == 409
    assert "minutes.pdf" in response.content.decode()


def test_the_second_of_two_clicks_finds_its_own_evidence(signed_in, reporter, milestone):
    browser = signed_in(reporter)
    for _click in range(2):
        sent = achieve(evidence_file=upload(), evidence_url="https://example.org/x")
        assert browser.post(address_of(milestone, "achieve"), sent).status_code == 302

    assert MilestoneChange.objects.count() == 1


# --- A wrong tick -----------------------------------------------------------------------------------------


def test_a_wrong_tick_is_taken_back_and_stays_in_the_history(signed_in, reporter, reader, milestone):
    browser = signed_in(reporter)
    browser.post(address_of(milestone, "achieve"))

    browser.post(address_of(milestone, "reopen"), {"reason": "It was the other hub", "was_achieved_on": "2019-09-30"})

    milestone.refresh_from_db()
    assert (milestone.achieved_on, milestone.achieved_by) == (None, None)
    page = read(reader, page_of(milestone.delivery))
    assert "Milestone not achieved after all: Open a hub" in page
    assert "It was the other hub" in page
    assert "Milestone achieved: Open a hub" in page


def test_a_tick_is_not_taken_back_without_a_reason(signed_in, reporter, milestone):
    browser = signed_in(reporter)
    browser.post(address_of(milestone, "achieve"))

    page = browser.post(address_of(milestone, "reopen"), {"reason": "", "was_achieved_on": "2019-09-30"})

    assert "Enter why it is not achieved after all" in page.content.decode()
    milestone.refresh_from_db()
    assert milestone.achieved_on == TODAY


# --- Who may ----------------------------------------------------------------------------------------------


def test_a_reporter_ticks_and_does_not_move(signed_in, reporter, milestone):
    browser = signed_in(reporter)

    assert browser.post(address_of(milestone, "move"), move()).status_code == 403
    assert browser.get(address_of(milestone, "achieve")).status_code == 200
    assert address_of(milestone, "move") not in read(browser, page_of(milestone.delivery))


def test_what_can_be_done_with_a_milestone_is_offered_beside_it(signed_in, manager, milestone):
    done = MilestoneFactory(delivery=milestone.delivery, achieved_on=TODAY)

    page = read(signed_in(manager), page_of(milestone.delivery))

    offered = [
        (row.pk, word)
        for row in (milestone, done)
        for word in ("move", "achieve", "reopen")
        if f'href="{address_of(row, word)}"' in page
    ]
    assert offered == [(milestone.pk, "move"), (milestone.pk, "achieve"), (done.pk, "reopen")]


def test_the_forms_of_another_delivery_find_no_milestone_here(signed_in, manager, milestone, place):
    other = DeliveryFactory(footprint=place)

    for word in ("move", "achieve", "reopen"):
        address = reverse(f"commitments:milestone_{word}", args=[other.pk, milestone.pk])
        assert signed_in(manager).get(address).status_code == 404


# --- Withdrawing ------------------------------------------------------------------------------------------


def test_a_milestone_entered_by_mistake_is_withdrawn_with_a_reason(signed_in, manager, reader, milestone):
    browser = signed_in(manager)
    page = page_of(milestone.delivery)
    assert address_of(milestone, "withdraw") in read(browser, page)

    refused = browser.post(address_of(milestone, "withdraw"), {"reason": "", "was_due_on": milestone.due_on})
    browser.post(address_of(milestone, "withdraw"), {"reason": "Entered twice", "was_due_on": milestone.due_on})

    html = read(reader, page)
    assert "Enter why it is withdrawn" in refused.content.decode()
    assert "No milestone has been set." in html
    assert "Milestone withdrawn: Open a hub" in html
    assert "Entered twice" in html
    assert f"Recorded by {manager.name}" in html


def test_a_withdrawn_milestone_is_nowhere_to_be_ticked_or_awaited(signed_in, manager, reporter, milestone, period):
    report = reverse("commitments:report", args=[milestone.delivery_id])
    assert "Open a hub" in read(signed_in(reporter), report)
    browser = signed_in(manager)
    browser.post(address_of(milestone, "withdraw"), {"reason": "Entered twice", "was_due_on": milestone.due_on})

    assert "Open a hub" not in read(signed_in(reporter), report)
    assert "This cannot be done now." in read(browser, address_of(milestone, "move"))
    assert "0 of" not in read(browser, page_of(milestone.delivery))


def test_words_about_a_milestone_that_was_withdrawn_meanwhile_are_given_back(signed_in, manager, approver, milestone):
    facts = {"reason": "Entered twice", "was_due_on": milestone.due_on}
    signed_in(approver).post(address_of(milestone, "withdraw"), facts)

    move = date("due_on", 30, 6, 2020) | {"reason": "The builder left", "was_due_on": milestone.due_on}
    answer = signed_in(manager).post(address_of(milestone, "move"), move)

    assert answer.status_code == 409
    assert "The builder left" in answer.content.decode()
    assert "Entered twice" in answer.content.decode()


def test_a_past_day_still_has_a_milestone_that_was_withdrawn_since(signed_in, manager, delivery):
    milestone = MilestoneFactory(delivery=delivery, title="Open a hub", recorded_on=TODAY - 9 * DAY)
    browser = signed_in(manager)
    browser.post(address_of(milestone, "withdraw"), {"reason": "Entered twice", "was_due_on": milestone.due_on})

    then = read(browser, page_of(delivery), as_of=(TODAY - DAY).isoformat())

    assert "Open a hub" in then
    assert "Entered twice" not in then
