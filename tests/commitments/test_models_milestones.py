"""What the database refuses of a milestone's changes, whoever writes them."""

import datetime as dt

import pytest
from django.db import IntegrityError

from commitments.choices import StepKind
from commitments.models import MilestoneChange
from tests.factories import TODAY, MilestoneFactory

pytestmark = pytest.mark.django_db

DUE = dt.date(2020, 3, 31)
GOOD = {
    StepKind.MOVED: {"due_on": TODAY, "reason": "Late"},
    StepKind.ACHIEVED: {"achieved_on": TODAY},
    StepKind.REOPENED: {"was_achieved_on": TODAY, "reason": "Wrong"},
}


def write(kind, **facts):
    least = {"was_due_on": DUE, "due_on": DUE, "recorded_on": TODAY}
    return MilestoneChange.objects.create(milestone=MilestoneFactory(due_on=DUE), kind=kind, **least | facts)


@pytest.mark.parametrize("kind", StepKind)
def test_each_kind_of_change_is_taken(kind):
    assert write(kind, **GOOD[kind]).pk


@pytest.mark.parametrize(
    ("constraint", "kind", "facts"),
    [
        ("changes_one_thing", StepKind.MOVED, {"due_on": DUE}),
        ("changes_one_thing", StepKind.MOVED, {"achieved_on": TODAY}),
        ("changes_one_thing", StepKind.MOVED, {"was_achieved_on": TODAY}),
        ("changes_one_thing", StepKind.ACHIEVED, {"achieved_on": None}),
        ("changes_one_thing", StepKind.ACHIEVED, {"was_achieved_on": TODAY}),
        ("changes_one_thing", StepKind.ACHIEVED, {"due_on": TODAY}),
        ("changes_one_thing", StepKind.REOPENED, {"was_achieved_on": None}),
        ("changes_one_thing", StepKind.REOPENED, {"achieved_on": TODAY}),
        ("changes_one_thing", "lost", {"reason": "x"}),
        ("moved_or_reopened_says_why", StepKind.MOVED, {"reason": ""}),
        ("moved_or_reopened_says_why", StepKind.REOPENED, {"reason": ""}),
        ("achieved_in_the_past", StepKind.ACHIEVED, {"achieved_on": TODAY + dt.timedelta(days=1)}),
        ("evidence_is_of_what_was_achieved", StepKind.MOVED, {"evidence_url": "https://example.org/"}),
        ("evidence_link_is_https", StepKind.ACHIEVED, {"evidence_url": "http://example.org/"}),
        ("evidence_file_has_a_name", StepKind.ACHIEVED, {"evidence_file": "a.pdf"}),
        ("evidence_file_has_a_name", StepKind.ACHIEVED, {"evidence_name": "a.pdf"}),
    ],
)
def test_a_change_that_makes_no_sense_is_refused(constraint, kind, facts):
    with pytest.raises(IntegrityError, match=f"milestone_change_{constraint}"):
        write(kind, **GOOD.get(kind, {}) | facts)
