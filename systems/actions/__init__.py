"""Writes on the NHS map, and on how mature what lies on it is: keyword-only, atomic, the system's lock first."""

from systems.actions.assessments import (
    Answer,
    begin_assessment,
    return_assessment,
    save_findings,
    sign_off_assessment,
    submit_assessment,
    unfinished,
    wrote_in,
)
from systems.actions.conflict import Conflict
from systems.actions.improvement import change_action, expect, finish_action, plan_action
from systems.actions.tree import rebuild_tree

__all__ = [
    "Answer",
    "Conflict",
    "begin_assessment",
    "change_action",
    "expect",
    "finish_action",
    "plan_action",
    "rebuild_tree",
    "return_assessment",
    "save_findings",
    "sign_off_assessment",
    "submit_assessment",
    "unfinished",
    "wrote_in",
]
