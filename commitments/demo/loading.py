"""Writes the demonstration: one transaction, the year relived day by day so that the log of changes has its history."""

import csv
import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, fields
from pathlib import Path

from django.db import connection, transaction
from psycopg2.extras import execute_values

from commitments.actions import open_deliveries
from commitments.choices import FOOTPRINT_LEVEL
from commitments.demo.deadlines import move_deadlines
from commitments.demo.measuring import SOURCE, recorded_on, values_of
from commitments.demo.people import Cast, make_people
from commitments.demo.phrases import Phrases, read_phrases
from commitments.demo.plans import LocalPlan, plan_of
from commitments.demo.publishing import close_months, open_one_to_all, publish_newest
from commitments.demo.reporting import Told, reports_of
from commitments.demo.stories import Story, story_of
from commitments.demo.subjects import Found, Statements, find, read_statements
from commitments.demo.timetable import FIRST_DAY, LAST_DAY, NETWORKS_OPEN_ON, Month
from commitments.models import (
    Commitment,
    Delivery,
    LocalLevel,
    Milestone,
    MilestoneChange,
    Observation,
    PlanRevision,
    Report,
    ReportingPeriod,
    Trajectory,
    TrajectoryPoint,
)
from commitments.recompute import recompute
from systems.choices import Level
from systems.demo.maturity import Players, relive_maturity, tell_maturity
from systems.models import Footprint
from systems.recompute import recompute as recompute_maturity

_ROWS_A_STATEMENT = 1000
# A year's history in six sittings: each costs as much as a full recompute.
_MONTHS_RELIVED = {12, 3, 6, 7, 8}
_TRAJECTORIES_SET_ON = dt.date(2019, 6, 28)
# One statement for a thousand plans: Django's bulk_update needs thirty times as long.
_SET_PLANS = """
    UPDATE commitments_delivery AS delivery
       SET lead_id = plan.lead_id, planned_start_on = plan.planned_start_on,
           local_deadline_on = plan.local_deadline_on, is_applicable = plan.is_applicable,
           not_applicable_reason = plan.not_applicable_reason, source = plan.source
      FROM (VALUES %s) AS plan
           (id, lead_id, planned_start_on, local_deadline_on, is_applicable, not_applicable_reason, source)
     WHERE delivery.id = plan.id
"""
_PLAN_ROW = "(%s, %s::bigint, %s::date, %s::date, %s, %s, %s)"
_SAME_IN_REPORT = [field.name for field in fields(Told) if field.name not in ("month", "correction")]


class AlreadyThere(Exception):
    """There are deliveries already. Nothing was written."""


class NoReference(Exception):
    """The catalogue or the map is not loaded."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How much was invented."""

    deliveries: int
    reports: int
    observations: int


@transaction.atomic
def load(folder: Path, password: str) -> Counts:
    """Invents the demonstration where there are no deliveries yet."""
    if Delivery.objects.exists():
        raise AlreadyThere
    if not (Commitment.objects.exists() and ReportingPeriod.objects.filter(starts_on=FIRST_DAY).exists()):
        raise NoReference
    casts = make_people(folder, password)
    systems = list(Footprint.objects.systems().filter(code__in=casts).order_by("code"))
    _choose_local_levels(folder, casts)
    teller = _Teller(casts, read_phrases(folder), read_statements(folder))
    players = {code: Players(cast.manager, cast.approver) for code, cast in casts.items()}
    judged_on = tell_maturity(folder, players, LAST_DAY)
    before = FIRST_DAY
    for day in _days_relived(teller.months):
        if day in (FIRST_DAY, NETWORKS_OPEN_ON):
            _open_and_tell(systems, teller, day)
        else:
            if day == LAST_DAY:
                move_deadlines(systems, casts, teller.phrases)
            close_months(systems, casts, [month for month in teller.months if before < month.closes_on <= day])
            recompute(day, everything=True)
            relive_maturity(systems, sorted({day} | {on for on in judged_on if before < on <= day}))
            publish_newest(systems, casts, day)
            before = day
    open_one_to_all(systems, casts, LAST_DAY)
    recompute_maturity(LAST_DAY)
    _refresh_statistics()
    return Counts(Delivery.objects.count(), Report.objects.count(), Observation.objects.count())


def _days_relived(months: list[Month]) -> list[dt.date]:
    """The two days on which deliveries open, and the days on which reporting closed: quarterly, then monthly."""
    closed = {month.closes_on for month in months if month.starts_on.month in _MONTHS_RELIVED}
    return sorted({day for day in closed if day < LAST_DAY} | {FIRST_DAY, NETWORKS_OPEN_ON, LAST_DAY})


def _choose_local_levels(folder: Path, casts: dict[str, Cast]) -> None:
    """Whole themes that a system delivers by borough."""
    above_places = [level for level, footprint in FOOTPRINT_LEVEL.items() if footprint == Level.SYSTEM]
    with (folder / "local_levels.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            system = Footprint.objects.get(code=row["system"])
            chosen = Commitment.objects.filter(theme__code=row["theme"], delivery_level__in=above_places)
            LocalLevel.objects.bulk_create(
                LocalLevel(
                    system=system,
                    commitment=commitment,
                    level=row["level"],
                    chosen_by=casts[system.code].manager,
                    chosen_on=FIRST_DAY,
                )
                for commitment in chosen
            )


def _open_and_tell(systems: Collection[Footprint], teller: "_Teller", day: dt.date) -> None:
    there = set(Delivery.objects.values_list("pk", flat=True))
    for system in systems:
        _refresh_statistics()
        open_deliveries(system=system, today=day)
    for found in find(Delivery.objects.exclude(pk__in=there), teller.statements, day):
        teller.tell(found)
    teller.write(day)
    _refresh_statistics()


def _refresh_statistics() -> None:
    """Tells the planner of the rows this transaction wrote; nobody else sees them yet, and its guesses are far off."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


class _Teller:
    """Gathers rows in memory, then writes them in bulk."""

    def __init__(self, casts: dict[str, Cast], phrases: Phrases, statements: Statements) -> None:
        self.casts, self.phrases, self.statements = casts, phrases, statements
        periods = ReportingPeriod.objects.filter(starts_on__gte=FIRST_DAY, starts_on__lte=LAST_DAY)
        self.months = [Month(p.starts_on, p.opens_on, p.due_on, p.closes_on) for p in periods.order_by("starts_on")]
        self._forget()

    def _forget(self) -> None:
        self.plans: list[tuple] = []
        self.milestones: list[Milestone] = []
        self.reports: list[Report] = []
        self.corrections: list[tuple[Report, str]] = []
        self.trajectories: list[Trajectory] = []
        self.points: list[TrajectoryPoint] = []
        self.observations: list[Observation] = []

    def tell(self, found: Found) -> None:
        """Invents all there is about one delivery."""
        story = story_of(found.subject)
        plan = plan_of(found.subject, story, self.phrases)
        self._plan(found, plan)
        self._report(found, story, plan)
        self._measure(found, story)

    def _plan(self, found: Found, plan: LocalPlan) -> None:
        delivery, subject = found.delivery, found.subject
        cast = self.casts[subject.system]
        lead = cast.lead_of(subject.theme, subject.commitment, subject.footprint, found.place)
        self.plans.append(
            (
                delivery.pk,
                lead.pk if plan.has_lead else None,
                plan.planned_start_on,
                plan.local_deadline_on,
                not plan.not_applicable_reason,
                plan.not_applicable_reason,
                subject.statement.source if subject.statement else "",
            )
        )
        reporter = cast.reporter_of(found.place)
        self.milestones += [
            Milestone(
                delivery=delivery,
                title=step.title,
                due_on=step.due_on,
                achieved_on=step.achieved_on,
                achieved_by=reporter if step.achieved_on else None,
                recorded_on=subject.opened_on,
                recorded_by=cast.manager,
            )
            for step in plan.steps
        ]

    def _report(self, found: Found, story: Story, plan: LocalPlan) -> None:
        cast = self.casts[found.subject.system]
        author = cast.reporter_of(found.place)
        for told in reports_of(found.subject, story, plan, self.months, self.phrases):
            report = Report(
                delivery=found.delivery,
                period_id=told.month,
                author=author,
                decided_by=cast.approver if told.decided_on else None,
                **{name: getattr(told, name) for name in _SAME_IN_REPORT},
            )
            self.reports.append(report)
            if told.correction:
                self.corrections.append((report, told.correction))

    def _measure(self, found: Found, story: Story) -> None:
        yardstick, subject, delivery = found.yardstick, found.subject, found.delivery
        if yardstick is None:
            return
        if yardstick.trajectory and not yardstick.is_own:
            trajectory = Trajectory(
                metric_id=yardstick.metric_id,
                footprint=delivery.footprint,
                basis="Share of the England total by population",
                source=SOURCE,
                recorded_on=_TRAJECTORIES_SET_ON,
                recorded_by=self.casts[subject.system].manager,
            )
            self.trajectories.append(trajectory)
            self.points += [
                TrajectoryPoint(trajectory=trajectory, due_on=on, value=value) for on, value in yardstick.trajectory
            ]
        dice = subject.dice("recorded")
        self.observations += [
            Observation(
                metric_id=yardstick.metric_id,
                footprint=delivery.footprint,
                period_end_on=day,
                value=value,
                source=SOURCE,
                recorded_on=recorded_on(day, dice),
                recorded_by=self.casts[subject.system].reporter_of(found.place),
            )
            for day, value in values_of(subject, story, yardstick)
        ]

    def write(self, day: dt.date) -> None:
        """Writes what was gathered, and forgets it."""
        with connection.cursor() as cursor:
            execute_values(cursor.cursor, _SET_PLANS, self.plans, _PLAN_ROW, page_size=_ROWS_A_STATEMENT)
        PlanRevision.objects.record([plan[0] for plan in self.plans], today=day)
        Milestone.objects.bulk_create(self.milestones, batch_size=_ROWS_A_STATEMENT)
        MilestoneChange.objects.record_achieved(step for step in self.milestones if step.achieved_on)
        Report.objects.bulk_create(self.reports, batch_size=_ROWS_A_STATEMENT)
        Report.objects.bulk_create([_corrected(*correction) for correction in self.corrections])
        Trajectory.objects.bulk_create(self.trajectories, batch_size=_ROWS_A_STATEMENT)
        TrajectoryPoint.objects.bulk_create(self.points, batch_size=_ROWS_A_STATEMENT)
        Observation.objects.bulk_create(self.observations, batch_size=_ROWS_A_STATEMENT)
        self._forget()


def _corrected(report: Report, why: str) -> Report:
    """The report that supersedes one that was signed off and found wrong."""
    signed_off_on = report.decided_on
    assert signed_off_on is not None
    same = {name: getattr(report, name) for name in (*_SAME_IN_REPORT, "delivery", "period_id", "author", "decided_by")}
    same["narrative"] = f"{why} {report.narrative}"
    same["submitted_on"] = same["decided_on"] = min(signed_off_on + dt.timedelta(days=2), LAST_DAY)
    return Report(supersedes=report, **same)
