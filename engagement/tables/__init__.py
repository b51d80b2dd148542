"""The lists of committees and of what they asked."""

from engagement.tables.recommendations import RecommendationTable

__all__ = ["RecommendationTable"]
