"""The catalogue's files, and the load of all reference data."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from django.db import transaction
from django.db.models import Q

from commitments.choices import Trigger
from commitments.coverage import expire as expire_coverage
from commitments.locks import lock_commitments
from commitments.models import (
    Commitment,
    Delivery,
    Metric,
    NationalMilestone,
    Plan,
    PositionsVersion,
    ReportingPeriod,
    Theme,
    Trajectory,
    TrajectoryPoint,
)
from commitments.recompute import set_due
from commitments.tasks import recompute_due
from systems.loading import MATURITY_SHEETS, SHEETS, Outcome, Sheet, load, refresh_maturity

# The columns that name a metric in the files of trajectories.
_METRIC = ("commitment", "metric", "unit")

PLANS = Sheet(
    file="plans.csv",
    model=Plan,
    key=("code",),
    fields=("code", "name", "published_on", "final_submission_on", "source"),
)

THEMES = Sheet(
    file="themes.csv",
    model=Theme,
    key=("code",),
    fields=("code", "plan", "name", "theme_class", "ordinal"),
)

COMMITMENTS = Sheet(
    file="commitments.csv",
    model=Commitment,
    key=("code",),
    fields=(
        "code",
        "theme",
        "title",
        "description",
        "chapter",
        "life_stage",
        "delivery_level",
        "deadline_text",
        "deadline_on",
        "deadline_kind",
        "source",
        "verified",
    ),
)

NATIONAL_MILESTONES = Sheet(
    file="national_milestones.csv",
    model=NationalMilestone,
    key=("commitment", "title", "due_on"),
    fields=("commitment", "title", "due_on", "target_value", "unit", "source", "verified"),
)

METRICS = Sheet(
    file="metrics.csv",
    model=Metric,
    key=("commitment", "name", "unit"),
    fields=(
        "commitment",
        "name",
        "unit",
        "is_headline",
        "scope",
        "direction",
        "baseline",
        "baseline_on",
        "target",
        "source",
        "verified",
    ),
)

# Nationally published trajectories; those a footprint sets for itself are people's own.
TRAJECTORIES = Sheet(
    file="trajectories.csv",
    model=Trajectory,
    key=("metric",),
    fields=("metric", "basis", "recorded_on", "source"),
    headers={"metric": _METRIC},
    only=Q(footprint__isnull=True),
)

TRAJECTORY_POINTS = Sheet(
    file="trajectory_points.csv",
    model=TrajectoryPoint,
    key=("trajectory", "due_on"),
    fields=("trajectory", "due_on", "value", "source", "verified"),
    headers={"trajectory": _METRIC},
    only=Q(trajectory__footprint__isnull=True),
)

REPORTING_PERIODS = Sheet(
    file="reporting_periods.csv",
    model=ReportingPeriod,
    key=("starts_on",),
    fields=("starts_on", "ends_on", "opens_on", "due_on", "closes_on"),
)

CATALOGUE = (
    PLANS,
    THEMES,
    COMMITMENTS,
    NATIONAL_MILESTONES,
    METRICS,
    TRAJECTORIES,
    TRAJECTORY_POINTS,
    REPORTING_PERIODS,
)


@transaction.atomic
def load_reference(folder: Path, *, today: dt.date, more: Sequence[Sheet] = ()) -> list[Outcome]:
    """Loads the NHS map and the catalogue from their files: everything or nothing, and a second time nothing.

    `more` are the sheets of whoever knows both; no verdict hangs on them. Raises `systems.loading.Refused` where the
    files are wrong.
    """
    outcomes = load(folder, (*SHEETS, *MATURITY_SHEETS, *CATALOGUE, *more))
    judged_by = outcomes[: len(SHEETS + MATURITY_SHEETS + CATALOGUE)]
    touched = {outcome.file for outcome in judged_by if outcome.new or outcome.changed}
    if touched:
        _set_every_position_due(today)
        PositionsVersion.objects.bump_all()
    if touched & {sheet.file for sheet in SHEETS + MATURITY_SHEETS}:
        refresh_maturity(today)
    return outcomes


def _set_every_position_due(today: dt.date) -> None:
    """A changed deadline, target or population may change any verdict or roll-up; a worker finds out which."""
    commitments = list(Commitment.objects.values_list("pk", flat=True))
    lock_commitments(commitments)
    expire_coverage(commitments, today)
    deliveries = list(Delivery.objects.values_list("pk", flat=True))
    if deliveries:
        set_due(deliveries, today)
        recompute_due.delay_on_commit(Trigger.LOAD)
