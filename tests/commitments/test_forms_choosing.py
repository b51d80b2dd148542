"""A form sent once more from the page that shows both texts."""

import datetime as dt

import pytest
from django.http import QueryDict

from commitments.choices import Stage
from commitments.forms.choosing import sent_again
from commitments.forms.reports import ReportForm

STORED = {"stage": Stage.PLANNING, "narrative": "Theirs", "expected_on": dt.date(2021, 3, 31), "ticked": [1, 2]}
MILESTONES = [(1, "One"), (2, "Two")]


def chosen(query: str, stored=None) -> ReportForm:
    sent = QueryDict(f"version=3&period=2019-09-01&narrative=Mine&stage=delivered&expected_on_day=1&{query}")
    return ReportForm(sent, stored={**STORED, "version": 3} if stored is None else stored, milestones=MILESTONES)


@pytest.mark.parametrize(
    ("name", "stored"),
    [("narrative", "Theirs"), ("stage", Stage.PLANNING), ("expected_on", dt.date(2021, 3, 31)), ("ticked", [1, 2])],
)
def test_what_is_stored_takes_the_place_of_what_was_sent(name, stored):
    form = chosen(f"between={name}&choose_{name}=stored")

    form.is_valid()
    assert form.cleaned_data[name] == stored
    assert form.undecided == []


def test_what_was_sent_stands_where_its_writer_chose_so():
    form = chosen("between=narrative&choose_narrative=mine&between=stage&choose_stage=stored")

    form.is_valid()
    assert (form.cleaned_data["narrative"], form.cleaned_data["stage"]) == ("Mine", Stage.PLANNING)


@pytest.mark.parametrize("choice", ["", "&choose_narrative=", "&choose_narrative=both", "&whole=nothing"])
def test_a_field_between_whose_texts_nobody_chose_is_named(choice):
    assert chosen(f"between=narrative{choice}").undecided == ["narrative"]


def test_nothing_is_taken_from_a_record_that_changed_once_more():
    form = chosen("between=narrative&choose_narrative=stored", stored=STORED | {"version": 4})

    form.is_valid()
    assert form.cleaned_data["narrative"] == "Mine"


def test_a_field_the_form_does_not_have_cannot_be_chosen():
    form = chosen("between=state&choose_state=stored", stored=STORED | {"version": 3, "state": "signed_off"})

    assert form.undecided == ["state"]
    assert "state" not in form.data


def test_all_that_was_sent_is_sent_again_but_for_the_choice_and_the_tokens():
    form = chosen(
        "csrfmiddlewaretoken=x&form_key=z&writer=y&between=narrative&choose_narrative=mine&whole=mine&ticked=1&ticked=2"
    )

    again = sent_again(form, without="expected_on", version=5)

    assert again == [
        ("period", "2019-09-01"),
        ("narrative", "Mine"),
        ("stage", "delivered"),
        ("ticked", "1"),
        ("ticked", "2"),
        ("version", "5"),
    ]
