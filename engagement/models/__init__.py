"""Committees, their meetings and papers, and what they ask of the NHS; and whom systems spoke with themselves."""

from engagement.models.answers import CommitteeStep, RecommendationAction, RecommendationEvidence
from engagement.models.committees import Committee, CommitteeCouncil, CommitteeFootprint, CommitteeMembership
from engagement.models.engagements import Engagement, EngagementWithdrawal
from engagement.models.following import Follow, FollowLetter
from engagement.models.meetings import AgendaItem, Meeting, Paper
from engagement.models.opinions import Opinion, OpinionReply
from engagement.models.packs import Pack, PackDocument, PackPublication
from engagement.models.recommendations import Recommendation, RecommendationCommitment, Response

__all__ = [
    "AgendaItem",
    "Committee",
    "CommitteeCouncil",
    "CommitteeFootprint",
    "CommitteeMembership",
    "CommitteeStep",
    "Engagement",
    "EngagementWithdrawal",
    "Follow",
    "FollowLetter",
    "Meeting",
    "Opinion",
    "OpinionReply",
    "Pack",
    "PackDocument",
    "PackPublication",
    "Paper",
    "Recommendation",
    "RecommendationAction",
    "RecommendationCommitment",
    "RecommendationEvidence",
    "Response",
]
