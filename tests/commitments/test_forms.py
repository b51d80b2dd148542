"""What the forms accept on their own, on both sides of each limit."""

import datetime as dt
from decimal import Decimal

import pytest
from django import forms

from commitments.choices import CONFIDENCE_MEANING, Confidence
from commitments.forms.fields import (
    FIRST_DAY,
    LAST_DAY,
    ChosenRowsField,
    LineField,
    PlanDateField,
    VersionField,
    WordsField,
)
from commitments.forms.measurements import AmountField, TrajectoryForm
from commitments.forms.reports import DecisionForm, ReportForm
from commitments.models import Report
from commitments.models.reports import NEEDED_UNLESS_GREEN

DAY = dt.timedelta(days=1)


def parts(day: dt.date) -> list[str]:
    return [str(day.day), str(day.month), str(day.year)]


@pytest.mark.parametrize("field", [WordsField("Notes", limit=5), LineField("Notes", limit=5)])
def test_words_may_be_as_long_as_the_limit_and_no_longer(field):
    assert field.clean("12345") == "12345"
    with pytest.raises(forms.ValidationError, match="Notes must be 5 characters or fewer"):
        field.clean("123456")


def test_no_browser_cuts_pasted_words_silently():
    assert "maxlength" not in WordsField("Notes", limit=5).widget.attrs
    assert "maxlength" not in LineField("Notes", limit=5).widget.attrs


def test_a_line_break_is_one_character():
    assert WordsField("Notes", limit=3).clean("a\r\nb") == "a\nb"


@pytest.mark.parametrize("day", [FIRST_DAY, LAST_DAY])
def test_the_first_and_the_last_day_of_a_plan_are_days_of_it(day):
    assert PlanDateField("Due").clean(parts(day)) == day


@pytest.mark.parametrize("day", [FIRST_DAY - DAY, LAST_DAY + DAY])
def test_days_outside_are_refused(day):
    with pytest.raises(forms.ValidationError, match="Due must be between 2015 and 2040"):
        PlanDateField("Due").clean(parts(day))


@pytest.mark.parametrize("value", ["0", "2147483647"])
def test_a_version_is_a_number_the_database_can_hold(value):
    assert VersionField().clean(value) == int(value)


@pytest.mark.parametrize("value", ["", "-1", "2147483648", "1.5", "one"])
def test_any_other_version_is_of_another_page(value):
    with pytest.raises(forms.ValidationError, match="This page is out of date"):
        VersionField().clean(value)


@pytest.mark.parametrize("value", ["999999999999.9999", "-999999999999.9999", "0", "1e5"])
def test_amounts_are_those_the_database_can_hold(value):
    assert AmountField("Value").clean(value) == Decimal(value)


@pytest.mark.parametrize(
    ("sent", "understood"),
    [
        (["12-3"], {12: 3}),
        (["12-3", "13-1", "12-3"], {12: 3, 13: 1}),
        (["12", "x-1", "-1-1", "1-", "１-1", "1" * 16 + "-1", "12-3"], {12: 3}),
    ],
)
def test_ticked_reports_are_read_with_their_versions_and_the_rest_is_left(sent, understood):
    assert ChosenRowsField().clean(sent) == understood


def test_each_confidence_is_shown_with_what_it_means():
    shown = dict(ReportForm.base_fields["confidence"].choices)

    assert set(shown) == set(Confidence.values)
    assert all(meaning in shown[confidence] for confidence, meaning in CONFIDENCE_MEANING.items())


def report_form(**changes) -> ReportForm:
    words = {"stage": "delivered", "confidence": "green", "narrative": "Done.", "version": "0", "period": "2019-09-01"}
    return ReportForm(words | changes)


def test_green_needs_no_reason_and_no_date():
    assert report_form(then="submit").is_valid()


@pytest.mark.parametrize("confidence", ["amber", "red"])
def test_amber_and_red_need_three_things_more(confidence):
    form = report_form(then="submit", confidence=confidence)

    assert set(form.errors) == set(NEEDED_UNLESS_GREEN)


@pytest.mark.parametrize("then", ["draft", "", "publish"])
def test_whatever_is_not_submitted_is_a_draft(then):
    form = report_form(then=then, stage="", confidence="red", narrative="")

    assert form.is_valid()
    assert not form.is_submission


def test_the_form_takes_the_reports_words_and_nothing_else():
    form = report_form(state="signed_off", author="1")

    assert form.is_valid()
    assert set(form.words()) == set(ReportForm.WORDS)
    assert not {"state", "author", "decided_by", "supersedes"} & set(form.cleaned_data)


def test_a_form_says_the_same_as_a_report_with_its_words_only():
    form = report_form()
    form.is_valid()

    assert form.says_the_same_as(Report(**form.words()))
    assert not form.says_the_same_as(Report(**form.words() | {"narrative": "Other words"}))


def test_a_note_is_needed_only_to_return():
    assert DecisionForm({"decision": "sign_off", "version": "1"}).is_valid()
    assert DecisionForm({"decision": "return", "version": "1"}).errors == {"note": ["Enter what needs to change"]}


def test_a_trajectory_starts_from_no_more_points_than_it_has_rows():
    points = [(FIRST_DAY + number * DAY, Decimal(number)) for number in range(TrajectoryForm.POINTS + 3)]

    shown = TrajectoryForm.starting_from(points)

    assert len(shown) == 2 * TrajectoryForm.POINTS
    assert shown["value_12"] == 11
