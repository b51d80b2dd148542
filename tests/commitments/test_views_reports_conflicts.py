"""A report that somebody else wrote meanwhile: nothing is lost, and both texts are shown."""

from commitments.models import Report
from tests.factories import (
    ReportFactory,
)


def test_two_writers_at_once_the_second_sees_both_texts_and_nothing_is_lost(
    signed_in, reporter, manager, report_address, green
):
    signed_in(reporter).post(report_address, green(then="draft", narrative="Words of the first"))

    response = signed_in(manager).post(report_address, green(then="draft", narrative="Words of the second"))

    html = response.content.decode()
    assert response.status_code == 409
    assert "Words of the first" in html
    assert "Words of the second" in html
    assert Report.objects.get().narrative == "Words of the first"


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


def test_a_submitted_report_cannot_be_overwritten(signed_in, reporter, delivery, period, report_address, green):
    ReportFactory(delivery=delivery, period=period, author=reporter, narrative="As submitted")

    response = signed_in(reporter).post(report_address, green(version="1", narrative="Too late"))

    assert response.status_code == 409
    assert Report.objects.get().narrative == "As submitted"
