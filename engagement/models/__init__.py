"""Committees, their meetings and papers, and what they ask of the NHS."""

from engagement.models.answers import CommitteeStep, RecommendationAction, RecommendationEvidence
from engagement.models.committees import Committee, CommitteeCouncil, CommitteeFootprint, CommitteeMembership
from engagement.models.meetings import AgendaItem, Meeting, Paper
from engagement.models.recommendations import Recommendation, RecommendationCommitment, Response

__all__ = [
    "AgendaItem",
    "Committee",
    "CommitteeCouncil",
    "CommitteeFootprint",
    "CommitteeMembership",
    "CommitteeStep",
    "Meeting",
    "Paper",
    "Recommendation",
    "RecommendationAction",
    "RecommendationCommitment",
    "RecommendationEvidence",
    "Response",
]
