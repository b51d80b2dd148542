"""Writes about committees and engagement: keyword-only, atomic; a record is changed as it was read, or not at all."""

from commitments.actions import Conflict
from engagement.actions.engagements import record_engagement, withdraw_engagement
from engagement.actions.meetings import (
    add_item,
    add_meeting,
    add_paper,
    edit_item,
    edit_meeting,
    edit_paper,
    issue_paper,
)
from engagement.actions.recommendations import (
    add_action,
    add_evidence,
    answer,
    close,
    finish_action,
    link_commitments,
    record_recommendation,
    reopen,
)

__all__ = [
    "Conflict",
    "add_action",
    "add_evidence",
    "add_item",
    "add_meeting",
    "add_paper",
    "answer",
    "close",
    "edit_item",
    "edit_meeting",
    "edit_paper",
    "finish_action",
    "issue_paper",
    "link_commitments",
    "record_engagement",
    "record_recommendation",
    "reopen",
    "withdraw_engagement",
]
