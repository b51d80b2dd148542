import datetime as dt

import pytest
from django import forms

from ltp_portal.widgets import DatePartsField


class PlanForm(forms.Form):
    due_on = DatePartsField(label="Due", error_messages={"required": "Enter the day it is due"})


def plan(day, month, year) -> PlanForm:
    return PlanForm({"due_on_day": day, "due_on_month": month, "due_on_year": year})


def test_three_boxes_make_a_date():
    form = plan("30", "9", "2019")

    assert form.is_valid()
    assert form.cleaned_data["due_on"] == dt.date(2019, 9, 30)


@pytest.mark.parametrize(
    "parts",
    [
        ("31", "2", "2019"),
        ("x", "9", "2019"),
        ("1", "9", "19"),
        ("1", "9", "0000"),
        ("²", "9", "2019"),
        ("1", "-9", "2019"),
    ],
)
def test_an_unreal_date_says_so(parts):
    assert plan(*parts).errors["due_on"] == ["Enter a real date, such as 30 9 2019"]


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        (("", "9", "2019"), "The date must include a day"),
        (("1", "9", ""), "The date must include a year"),
        (("1", "", " "), "The date must include a month and year"),
    ],
)
def test_a_missing_part_is_named(parts, words):
    assert plan(*parts).errors["due_on"] == [words]


def test_no_part_at_all_is_a_missing_date():
    assert plan("", "", "").errors["due_on"] == ["Enter the day it is due"]


def test_a_date_is_shown_in_its_three_boxes():
    html = str(PlanForm(initial={"due_on": dt.date(2019, 9, 30)}))

    assert 'value="30"' in html
    assert 'value="9"' in html
    assert 'value="2019"' in html


def test_a_date_that_came_from_elsewhere_is_kept():
    assert DatePartsField().clean(dt.date(2019, 9, 30)) == dt.date(2019, 9, 30)


def test_what_was_typed_is_shown_again_with_its_error():
    html = str(plan("31", "2", "2019"))

    assert 'value="31"' in html
    assert "nhsuk-input--error" in html
    assert 'id="id_due_on_error"' in html
