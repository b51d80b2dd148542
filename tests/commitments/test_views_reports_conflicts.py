"""A report that somebody else wrote meanwhile: nothing is lost, and the second writer chooses."""

import pytest

from commitments.models import Report
from tests.commitments.pages import sent_by
from tests.factories import MilestoneFactory, ReportFactory, SignedOffReportFactory


@pytest.fixture
def both(signed_in, reporter, manager, report_address, green):
    """Two people write at once; the page that the second one gets."""

    def texts(**mine) -> str:
        signed_in(reporter).post(report_address, green(then="draft", narrative="Theirs", next_steps="Their step"))
        return signed_in(manager).post(report_address, green(**mine)).content.decode()

    return texts


def test_two_writers_at_once_the_second_sees_both_texts_and_nothing_is_lost(
    signed_in, reporter, manager, report_address, green
):
    signed_in(reporter).post(report_address, green(then="draft", narrative="Words of the first"))

    response = signed_in(manager).post(report_address, green(then="draft", narrative="Words of the second"))

    html = response.content.decode()
    assert response.status_code == 409
    assert "Words of the first" in html
    assert "Words of the second" in html
    assert reporter.name in html
    assert Report.objects.get().narrative == "Words of the first"


def test_only_what_differs_is_to_be_chosen(both):
    html = both(narrative="Mine")

    sent = sent_by(html)
    assert sent["between"] == ["narrative", "next_steps"]
    assert len(sent["form_key"]) == 1
    assert '?month=2019-09-01">Keep all that is stored</a>' in html
    assert (sent["version"], sent["narrative"], sent["then"]) == (["1"], ["Mine"], ["submit"])


def test_the_second_writer_chooses_field_by_field(signed_in, manager, report_address, both):
    sent = sent_by(both(narrative="Mine", next_steps="My step"))

    signed_in(manager).post(report_address, sent | {"choose_narrative": "mine", "choose_next_steps": "stored"})

    report = Report.objects.get()
    assert (report.narrative, report.next_steps) == ("Mine", "Their step")
    assert (report.state, report.author, report.version) == ("submitted", manager, 2)


def test_the_second_writer_takes_the_whole_of_theirs(signed_in, manager, report_address, both):
    sent = sent_by(both(narrative="Mine", next_steps="My step", then="draft"))

    signed_in(manager).post(report_address, sent | {"whole": "mine"})

    report = Report.objects.get()
    assert (report.narrative, report.next_steps, report.state) == ("Mine", "My step", "draft")


def test_dates_stages_and_ticks_are_chosen_like_words(signed_in, reporter, manager, delivery, report_address, green):
    milestone = MilestoneFactory(delivery=delivery, title="Recruit")
    signed_in(reporter).post(report_address, green(then="draft", stage="planning", ticked=[milestone.pk]))
    mine = green(then="draft", expected_on_day="", expected_on_month="", expected_on_year="")
    browser = signed_in(manager)
    html = browser.post(report_address, mine).content.decode()

    sent = sent_by(html)
    browser.post(report_address, sent | {f"choose_{name}": "stored" for name in sent["between"]})

    report = Report.objects.get()
    assert sent["between"] == ["stage", "expected_on", "ticked"]
    assert "31 March 2021" in html
    assert "Recruit" in html
    assert (report.stage, report.expected_on.year, report.ticked.get(), report.version) == (
        "planning", 2021, milestone, 2,
    )  # fmt: skip


@pytest.mark.parametrize("choice", ["mine", "stored"])
def test_what_nobody_chose_between_is_asked_again_and_what_was_chosen_stays_so(
    signed_in, manager, report_address, both, choice
):
    sent = sent_by(both(narrative="Mine", next_steps="My step"))

    response = signed_in(manager).post(report_address, sent | {"choose_narrative": choice, "choose_next_steps": "x"})

    html = response.content.decode()
    assert response.status_code == 409
    assert "Select which text to keep: Next steps" in html
    assert (html.count(" checked"), f'value="{choice}" checked' in html) == (1, True)
    assert (sent_by(html)["narrative"], sent_by(html)["next_steps"]) == (["Mine"], ["My step"])
    assert Report.objects.get().narrative == "Theirs"


def test_whoever_writes_a_third_time_meanwhile_is_not_overwritten_either(
    signed_in, reporter, manager, report_address, both, green
):
    sent = sent_by(both(narrative="Mine", next_steps="My step"))
    signed_in(reporter).post(report_address, green(version="1", then="draft", narrative="Theirs anew"))

    response = signed_in(manager).post(
        report_address, sent | {"choose_narrative": "mine", "choose_next_steps": "stored"}
    )

    html = response.content.decode()
    assert response.status_code == 409
    assert "Theirs anew" in html
    assert sent_by(html)["version"] == ["2"]
    assert sent_by(html)["next_steps"] == ["My step"]
    assert Report.objects.get().narrative == "Theirs anew"


def test_choices_that_mean_nothing_change_nothing(signed_in, manager, report_address, both):
    sent = sent_by(both(narrative="Mine", next_steps="My step"))

    response = signed_in(manager).post(
        report_address, sent | {"between": ["state", "author", "version"], "choose_state": "stored", "whole": "stored"}
    )

    assert response.status_code == 409
    assert Report.objects.get().state == "draft"


def test_the_second_of_two_clicks_is_content(signed_in, reporter, report_address, green):
    browser = signed_in(reporter)
    browser.post(report_address, green())

    response = browser.post(report_address, green(), follow=True)

    assert "Report submitted for sign-off" in response.content.decode()
    assert Report.objects.count() == 1


def test_words_written_for_a_month_that_has_passed_are_not_stored_under_another(
    signed_in, reporter, report_address, green
):
    response = signed_in(reporter).post(report_address, green(period="2019-08-01"))

    assert response.status_code == 409
    assert "Two hubs opened." in response.content.decode()
    assert not Report.objects.exists()


def test_but_their_writer_may_choose_to_use_them_for_the_month_that_is_open(signed_in, reporter, report_address, green):
    browser = signed_in(reporter)
    html = browser.post(report_address, green(period="2019-08-01")).content.decode()

    browser.post(report_address, sent_by(html))

    report = Report.objects.get()
    assert "Save it as a draft for September 2019" in html
    assert (str(report.period), report.narrative, report.state) == ("September 2019", "Two hubs opened.", "draft")


def test_a_submitted_report_cannot_be_overwritten(signed_in, reporter, delivery, period, report_address, green):
    ReportFactory(delivery=delivery, period=period, author=reporter, narrative="As submitted")

    response = signed_in(reporter).post(report_address, green(version="1", narrative="Too late"))

    html = response.content.decode()
    assert response.status_code == 409
    assert "yours cannot be saved. Copy what you want to keep." in html
    assert "Too late" in html
    assert "choose_" not in html
    assert Report.objects.get().narrative == "As submitted"


def test_a_report_signed_off_meanwhile_is_corrected_by_choice(
    signed_in, reporter, delivery, period, report_address, green
):
    SignedOffReportFactory(delivery=delivery, period=period, narrative="As signed off")
    browser = signed_in(reporter)
    html = browser.post(report_address, green(version="1", narrative="Mine")).content.decode()

    browser.post(report_address, sent_by(html) | {"whole": "mine"})

    assert sent_by(html)["version"] == ["0"]
    assert Report.objects.still_open().get().narrative == "Mine"
    assert Report.objects.signed_off().get().narrative == "As signed off"
