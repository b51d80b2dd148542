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
    StepKind.WITHDRAWN: {"reason": "Entered twice"},
}


def write(kind, **facts):
    least = {"was_due_on": DUE, "due_on": DUE, "recorded_on": TODAY}
    return MilestoneChange.objects.create(milestone=MilestoneFactory(due_on=DUE), kind=kind, **least | facts)


@pytest.mark.parametrize("kind", StepKind)
def test_each_kind_of_change_is_taken(kind):
    assert write(kind, **GOOD[kind]).pk


# What breaks which constraint: also read by tests/commitments/test_models.py.
BREAKS = [
    ("milestone_change_changes_one_thing", StepKind.MOVED, {"due_on": DUE}),
    ("milestone_change_changes_one_thing", StepKind.MOVED, {"achieved_on": TODAY}),
    ("milestone_change_changes_one_thing", StepKind.MOVED, {"was_achieved_on": TODAY}),
    ("milestone_change_changes_one_thing", StepKind.ACHIEVED, {"achieved_on": None}),
    ("milestone_change_changes_one_thing", StepKind.ACHIEVED, {"was_achieved_on": TODAY}),
    ("milestone_change_changes_one_thing", StepKind.ACHIEVED, {"due_on": TODAY}),
    ("milestone_change_changes_one_thing", StepKind.REOPENED, {"was_achieved_on": None}),
    ("milestone_change_changes_one_thing", StepKind.REOPENED, {"achieved_on": TODAY}),
    ("milestone_change_changes_one_thing", StepKind.WITHDRAWN, {"due_on": TODAY}),
    ("milestone_change_changes_one_thing", StepKind.WITHDRAWN, {"achieved_on": TODAY}),
    ("milestone_change_changes_one_thing", "lost", {"reason": "x"}),
    ("milestone_change_moved_or_reopened_says_why", StepKind.MOVED, {"reason": ""}),
    ("milestone_change_moved_or_reopened_says_why", StepKind.REOPENED, {"reason": ""}),
    ("milestone_change_moved_or_reopened_says_why", StepKind.WITHDRAWN, {"reason": ""}),
    ("milestone_change_achieved_in_the_past", StepKind.ACHIEVED, {"achieved_on": TODAY + dt.timedelta(days=1)}),
    ("milestone_change_evidence_is_of_what_was_achieved", StepKind.MOVED, {"evidence_url": "https://example.org/"}),
    ("milestone_change_evidence_link_is_https", StepKind.ACHIEVED, {"evidence_url": "http://example.org/"}),
    ("milestone_change_evidence_file_has_a_name", StepKind.ACHIEVED, {"evidence_file": "a.pdf"}),
    ("milestone_change_evidence_file_has_a_name", StepKind.ACHIEVED, {"evidence_name": "a.pdf"}),
]


@pytest.mark.parametrize(("constraint", "kind", "facts"), BREAKS)
def test_a_change_that_makes_no_sense_is_refused(constraint, kind, facts):
    with pytest.raises(IntegrityError, match=constraint):
        write(kind, **GOOD.get(kind, {}) | facts)


def test_what_is_achieved_is_not_withdrawn():
    with pytest.raises(IntegrityError, match="milestone_withdrawn_was_not_achieved"):
        MilestoneFactory(achieved_on=TODAY, withdrawn_on=TODAY)


def test_a_title_is_free_again_once_its_milestone_is_withdrawn():
    withdrawn = MilestoneFactory(withdrawn_on=TODAY)

    assert MilestoneFactory(delivery=withdrawn.delivery, title=withdrawn.title).pk
