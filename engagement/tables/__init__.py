"""The lists of committees and of what they asked."""

from engagement.tables.committees import CommitteeTable, MemberTable
from engagement.tables.recommendations import RecommendationTable

__all__ = ["CommitteeTable", "MemberTable", "RecommendationTable"]
