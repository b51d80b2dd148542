"""Writes that touch more than one table: keyword-only, atomic, the commitment's lock first.

A fact about one delivery and its recomputed position are one transaction, so that the page one lands on is right with
or without Redis. Larger work marks positions due and leaves them to a worker.
"""

from commitments.actions.conflict import Conflict
from commitments.actions.deadlines import agree_deadline_change, ask_deadline_change, refuse_deadline_change
from commitments.actions.measurements import record_observation, set_local_trajectory
from commitments.actions.milestones import achieve_milestone, add_milestone, move_milestone, reopen_milestone
from commitments.actions.opening import choose_local_level, missing_deliveries, open_deliveries
from commitments.actions.plans import set_local_plan
from commitments.actions.reports import return_report, save_report, sign_off, sign_off_many

__all__ = [
    "Conflict",
    "achieve_milestone",
    "add_milestone",
    "agree_deadline_change",
    "ask_deadline_change",
    "choose_local_level",
    "missing_deliveries",
    "move_milestone",
    "open_deliveries",
    "record_observation",
    "refuse_deadline_change",
    "reopen_milestone",
    "return_report",
    "save_report",
    "set_local_plan",
    "set_local_trajectory",
    "sign_off",
    "sign_off_many",
]
