"""The lists of committees, of what they asked, and of whom systems spoke with."""

from engagement.tables.committees import CommitteeTable, MemberTable
from engagement.tables.engagements import EngagementTable
from engagement.tables.recommendations import RecommendationTable

__all__ = ["CommitteeTable", "EngagementTable", "MemberTable", "RecommendationTable"]
