"""Writes that touch more than one table: keyword-only, atomic, the commitment's lock first.

A fact about one delivery and its recomputed position are one transaction, so that the page one lands on is right with
or without Redis. Larger work marks positions due and leaves them to a worker.
"""

from commitments.actions.bulk import NewDeadline, NewLead, OtherPeriod, change_many
from commitments.actions.deadlines import agree_deadline_change, ask_deadline_change, refuse_deadline_change
from commitments.actions.drafts import Draft, save_drafts, submit_many
from commitments.actions.measurements import record_observation, set_local_trajectory
from commitments.actions.milestones import (
    achieve_milestone,
    add_milestone,
    move_milestone,
    reopen_milestone,
    withdraw_milestone,
)
from commitments.actions.opening import choose_local_level, missing_deliveries, open_deliveries
from commitments.actions.periods import close_period, nudge_period, open_period
from commitments.actions.plans import set_local_plan
from commitments.actions.publishing import NotReady, Readiness, open_to_public, publish, readiness
from commitments.actions.reports import return_report, save_report, sign_off, sign_off_many
from commitments.actions.uploads import confirm_upload, take_upload
from systems.actions.conflict import Conflict

__all__ = [
    "Conflict",
    "Draft",
    "NewDeadline",
    "NewLead",
    "NotReady",
    "OtherPeriod",
    "Readiness",
    "achieve_milestone",
    "add_milestone",
    "agree_deadline_change",
    "ask_deadline_change",
    "change_many",
    "choose_local_level",
    "close_period",
    "confirm_upload",
    "missing_deliveries",
    "move_milestone",
    "nudge_period",
    "open_deliveries",
    "open_period",
    "open_to_public",
    "publish",
    "readiness",
    "record_observation",
    "refuse_deadline_change",
    "reopen_milestone",
    "return_report",
    "save_drafts",
    "save_report",
    "set_local_plan",
    "set_local_trajectory",
    "sign_off",
    "sign_off_many",
    "submit_many",
    "take_upload",
    "withdraw_milestone",
]
