"""What was promised, what people told us about it, and what the rules concluded."""

from commitments.models.catalogue import (
    Commitment,
    Metric,
    NationalMilestone,
    Plan,
    Theme,
    Trajectory,
    TrajectoryPoint,
)
from commitments.models.coverage import Coverage, CoverageExpiry
from commitments.models.deadlines import DeadlineChange
from commitments.models.facts import (
    Delivery,
    LocalLevel,
    Milestone,
    Observation,
)
from commitments.models.milestones import MilestoneChange
from commitments.models.periods import PeriodAct, ReportingPeriod
from commitments.models.plans import PlanRevision
from commitments.models.publications import PublicAccess, Publication
from commitments.models.published import (
    PublishedCommitment,
    PublishedCoverage,
    PublishedDateChange,
    PublishedFootprint,
    PublishedMetric,
    PublishedPosition,
    PublishedTheme,
)
from commitments.models.published_maturity import (
    PublishedCriterion,
    PublishedFramework,
    PublishedMaturity,
    PublishedNetworks,
)
from commitments.models.readmodels import Position, PositionChange
from commitments.models.reminders import Reminder
from commitments.models.reports import Report
from commitments.models.runs import Run
from commitments.models.uploads import CellProblem, Upload, UploadedRow
from commitments.models.versions import PositionsVersion

__all__ = [
    "CellProblem",
    "Commitment",
    "Coverage",
    "CoverageExpiry",
    "DeadlineChange",
    "Delivery",
    "LocalLevel",
    "Metric",
    "Milestone",
    "MilestoneChange",
    "NationalMilestone",
    "Observation",
    "PeriodAct",
    "Plan",
    "PlanRevision",
    "Position",
    "PositionChange",
    "PositionsVersion",
    "PublicAccess",
    "Publication",
    "PublishedCommitment",
    "PublishedCoverage",
    "PublishedCriterion",
    "PublishedDateChange",
    "PublishedFootprint",
    "PublishedFramework",
    "PublishedMaturity",
    "PublishedMetric",
    "PublishedNetworks",
    "PublishedPosition",
    "PublishedTheme",
    "Reminder",
    "Report",
    "ReportingPeriod",
    "Run",
    "Theme",
    "Trajectory",
    "TrajectoryPoint",
    "Upload",
    "UploadedRow",
]
