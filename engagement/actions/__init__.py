"""Writes about committees and engagement: keyword-only, atomic; a record is changed as it was read, or not at all."""

from commitments.actions import Conflict
from engagement.actions.engagements import record_engagement, withdraw_engagement
from engagement.actions.following import follow, unfollow, unfollow_everything
from engagement.actions.meetings import (
    add_item,
    add_meeting,
    add_paper,
    edit_item,
    edit_meeting,
    edit_paper,
    issue_paper,
)
from engagement.actions.opinions import lodge_opinion, reply_to_opinion
from engagement.actions.packs import ask_for_pack
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
    "ask_for_pack",
    "close",
    "edit_item",
    "edit_meeting",
    "edit_paper",
    "finish_action",
    "follow",
    "issue_paper",
    "link_commitments",
    "lodge_opinion",
    "record_engagement",
    "record_recommendation",
    "reopen",
    "reply_to_opinion",
    "unfollow",
    "unfollow_everything",
    "withdraw_engagement",
]
