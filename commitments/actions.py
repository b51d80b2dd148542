"""Writes that touch more than one table: keyword-only, atomic, the commitment's lock first.

A fact about one delivery and its recomputed position are one transaction, so that the page one lands on is right with
or without Redis. Larger work marks positions due and leaves them to a worker.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, QuerySet

from commitments import outbox
from commitments.choices import FOOTPRINT_LEVEL, Ask, DeliveryLevel, PeriodStep, ReportState, Trigger
from commitments.coverage import expire as expire_coverage
from commitments.models import (
    Commitment,
    DeadlineChange,
    Delivery,
    LocalLevel,
    Milestone,
    Observation,
    PeriodAct,
    PlanRevision,
    Position,
    Report,
    ReportingPeriod,
    Trajectory,
    TrajectoryPoint,
)
from commitments.models.deadlines import NOT_ONES_OWN_ASK
from commitments.models.reports import NOT_ONES_OWN
from commitments.recompute import lock_commitments, recompute_deliveries, set_due
from commitments.tasks import recompute_due, send_reminders
from systems.choices import Level
from systems.models import Footprint, User


class Conflict(Exception):
    """Somebody else changed it since it was read. Nothing was written."""


# --- Opening deliveries -----------------------------------------------------------------------------------


@transaction.atomic
def open_deliveries(*, system: Footprint, today: dt.date) -> int:
    """Opens a delivery, with its position, for every commitment at the level that delivers it in this system.

    Running it again opens only what is missing. Returns how many were opened.
    """
    lock_commitments(Commitment.objects.delivered_locally().values_list("pk", flat=True))
    missing = missing_deliveries(system=system, today=today)
    _open(missing, today)
    return len(missing)


def missing_deliveries(*, system: Footprint, today: dt.date) -> list[Delivery]:
    """The deliveries, not saved, that the catalogue and the system's own choice of levels ask for and nobody opened."""
    chosen = dict(LocalLevel.objects.filter(system=system).values_list("commitment_id", "level"))
    footprints = _open_footprints(system, today)
    wanted = [
        Delivery(commitment_id=commitment_id, footprint_id=footprint_id)
        for commitment_id, delivery_level in Commitment.objects.delivered_locally().values_list("id", "delivery_level")
        for footprint_id in footprints[chosen.get(commitment_id, FOOTPRINT_LEVEL[DeliveryLevel(delivery_level)])]
    ]
    there = set(Delivery.objects.inside(system).values_list("commitment_id", "footprint_id"))
    return [delivery for delivery in wanted if (delivery.commitment_id, delivery.footprint_id) not in there]


@transaction.atomic
def choose_local_level(
    *, system: Footprint, commitment: Commitment, level: Level, by: User, today: dt.date
) -> LocalLevel:
    """Delivers a commitment at a lower level of this system. The delivery above is kept, marked as not applicable."""
    lock_commitments([commitment.pk])
    choice = LocalLevel(system=system, commitment=commitment, level=level, chosen_by=by, chosen_on=today)
    choice.full_clean()
    choice.save()
    expire_coverage([commitment.pk], today)
    above = Delivery.objects.inside(system).filter(commitment=commitment, is_applicable=True)
    above = above.exclude(footprint__level=level)
    replaced = list(above.values_list("pk", flat=True))
    above.update(
        is_applicable=False,
        not_applicable_reason=f"Delivered by {Level(level).label.lower()} in {system.name}",
        version=F("version") + 1,
    )
    _open([d for d in missing_deliveries(system=system, today=today) if d.commitment_id == commitment.pk], today)
    PlanRevision.objects.record(replaced, today=today, by=by)
    recompute_deliveries(replaced, today)
    return choice


def _open_footprints(system: Footprint, today: dt.date) -> dict[str, list[int]]:
    by_level: dict[str, list[int]] = {level: [] for level in Level.values}
    for pk, level in Footprint.objects.inside(system).open_on(today).values_list("pk", "level"):
        by_level[level].append(pk)
    return by_level


def _open(missing: list[Delivery], today: dt.date) -> None:
    opened = Delivery.objects.bulk_create(missing, batch_size=1000)
    Position.objects.bulk_create(
        [Position(delivery=delivery, moved_on=today, **Position.UNDECIDED) for delivery in opened], batch_size=1000
    )
    deliveries = [delivery.pk for delivery in opened]
    PlanRevision.objects.record(deliveries, today=today)
    recompute_deliveries(deliveries, today)


# --- The local plan ---------------------------------------------------------------------------------------


@transaction.atomic
def set_local_plan(*, delivery: Delivery, version: int, plan: dict[str, Any], by: User, today: dt.date) -> None:
    """Sets lead, planned start, first local deadline and applicability, unless somebody else did since `version`."""
    lock_commitments([delivery.commitment_id])
    as_read = Delivery.objects.filter(pk=delivery.pk, version=version)
    if "local_deadline_on" in plan:
        # Only the first is set here. Another is asked for, and decided by somebody else.
        as_read = as_read.filter(local_deadline_on=None)
    if not as_read.update(**plan, version=F("version") + 1):
        raise Conflict
    PlanRevision.objects.record([delivery.pk], today=today, by=by)
    recompute_deliveries([delivery.pk], today)


@transaction.atomic
def add_milestone(*, delivery: Delivery, title: str, due_on: dt.date, today: dt.date) -> Milestone:
    """Adds a dated step to a delivery's plan."""
    lock_commitments([delivery.commitment_id])
    milestone = Milestone(delivery=delivery, title=title, due_on=due_on, recorded_on=today)
    milestone.full_clean()
    milestone.save()
    recompute_deliveries([delivery.pk], today)
    return milestone


@transaction.atomic
def achieve_milestone(*, milestone: Milestone, by: User, today: dt.date) -> None:
    """Ticks a milestone as achieved today. Ticking it again changes nothing."""
    lock_commitments([milestone.delivery.commitment_id])
    Milestone.objects.filter(pk=milestone.pk, achieved_on__isnull=True).update(achieved_on=today, achieved_by=by)
    recompute_deliveries([milestone.delivery_id], today)


# --- Local deadlines that move ----------------------------------------------------------------------------


@transaction.atomic
def ask_deadline_change(
    *, delivery: Delivery, old_on: dt.date, new_on: dt.date, reason: str, by: User, today: dt.date
) -> DeadlineChange:
    """Asks for another local deadline, unless it is no longer `old_on` or somebody has asked already."""
    lock_commitments([delivery.commitment_id])
    stands = Delivery.objects.filter(pk=delivery.pk, local_deadline_on=old_on).exists()
    if not stands or DeadlineChange.objects.undecided().filter(delivery=delivery).exists():
        raise Conflict
    asked = {"delivery": delivery, "old_on": old_on, "new_on": new_on, "reason": reason}
    return DeadlineChange.objects.create(**asked, asked_by=by, asked_on=today)


@transaction.atomic
def agree_deadline_change(*, change: DeadlineChange, note: str, by: User, today: dt.date) -> None:
    """Moves the local deadline to the day asked for, and recomputes the position in the same transaction."""
    lock_commitments([change.delivery.commitment_id])
    _decide_change(change, state=Ask.AGREED, decision_note=note, by=by, today=today)
    delivery = Delivery.objects.get(pk=change.delivery_id)
    delivery.local_deadline_on = change.new_on
    delivery.validate_constraints()
    Delivery.objects.filter(pk=delivery.pk).update(local_deadline_on=change.new_on, version=F("version") + 1)
    PlanRevision.objects.record([delivery.pk], today=today, by=by)
    recompute_deliveries([delivery.pk], today)


@transaction.atomic
def refuse_deadline_change(*, change: DeadlineChange, note: str, by: User, today: dt.date) -> None:
    """Leaves the local deadline where it is, and says why."""
    lock_commitments([change.delivery.commitment_id])
    _decide_change(change, state=Ask.REFUSED, decision_note=note, by=by, today=today)


def _decide_change(change: DeadlineChange, *, by: User, today: dt.date, **decision: Any) -> None:
    if change.asked_by_id == by.pk:
        raise PermissionDenied(NOT_ONES_OWN_ASK)
    undecided = DeadlineChange.objects.undecided().filter(pk=change.pk)
    if not undecided.update(decided_by=by, decided_on=today, **decision):
        raise Conflict


# --- Measurements -----------------------------------------------------------------------------------------


@transaction.atomic
def record_observation(*, observation: Observation, today: dt.date) -> Observation:
    """Records a metric's value; the status follows, computed by a worker.

    A revision is a new row. The very value that stands already, sent once more, is not.
    """
    lock_commitments([observation.metric.commitment_id])
    stands = Observation.objects.filter(
        metric=observation.metric_id, footprint=observation.footprint_id, period_end_on=observation.period_end_on
    ).first()
    if stands is not None and (stands.value, stands.source) == (observation.value, observation.source):
        return stands
    observation.save()
    measured = Delivery.objects.filter(
        commitment=observation.metric.commitment_id, footprint=observation.footprint_id
    ).values_list("pk", flat=True)
    set_due(list(measured), today)
    recompute_due.delay_on_commit(Trigger.OBSERVATION)
    return observation


@transaction.atomic
def set_local_trajectory(
    *, delivery: Delivery, replaces: int, trajectory: Trajectory, points: dict[dt.date, Any], today: dt.date
) -> Trajectory:
    """Sets the path a footprint gives its own metric, unless somebody else did since `replaces` (0: none) was read.

    The one before stays readable.
    """
    lock_commitments([delivery.commitment_id])
    in_force = Trajectory.objects.filter(metric=trajectory.metric_id, footprint=trajectory.footprint_id).last()
    if (in_force.pk if in_force else 0) != replaces:
        raise Conflict
    trajectory.save()
    TrajectoryPoint.objects.bulk_create(
        TrajectoryPoint(trajectory=trajectory, due_on=due_on, value=value) for due_on, value in points.items()
    )
    recompute_deliveries([delivery.pk], today)
    return trajectory


# --- Reports ----------------------------------------------------------------------------------------------


@transaction.atomic
def save_report(
    *,
    delivery: Delivery,
    period: ReportingPeriod,
    words: dict[str, Any],
    version: int,
    submit: bool,
    by: User,
    today: dt.date,
) -> Report:
    """Saves the open report on a delivery for a period, as a draft or submitted; `version` 0 starts a new one.

    A report on a period that has a signed-off one supersedes it once it is signed off itself.
    """
    lock_commitments([delivery.commitment_id])
    if period not in open_months(delivery.footprint.system, today):
        raise Conflict
    report = Report.objects.still_open().filter(delivery=delivery, period=period).first()
    if report is None and version == 0:
        superseded = Report.objects.signed_off().filter(delivery=delivery, period=period).order_by("-pk").first()
        report = Report(delivery=delivery, period=period, supersedes=superseded)
    elif report is None or report.version != version or not report.is_editable:
        raise Conflict
    else:
        report.version += 1
    for name, value in words.items():
        setattr(report, name, value)
    report.author = by
    report.decided_by = report.decided_on = None
    report.state = ReportState.SUBMITTED if submit else ReportState.DRAFT
    report.submitted_on = today if submit else None
    report.save()
    return report


@transaction.atomic
def sign_off(*, report: Report, version: int, by: User, today: dt.date) -> None:
    """Signs a submitted report off as it was read (`version`), and recomputes its position in the same transaction."""
    lock_commitments([report.delivery.commitment_id])
    _decide(Report.objects.filter(pk=report.pk, version=version), by=by, today=today, state=ReportState.SIGNED_OFF)
    recompute_deliveries([report.delivery_id], today)


@transaction.atomic
def return_report(*, report: Report, version: int, note: str, by: User, today: dt.date) -> None:
    """Returns a submitted report, as it was read, to its writer with a note."""
    lock_commitments([report.delivery.commitment_id])
    _decide(
        Report.objects.filter(pk=report.pk, version=version),
        by=by,
        today=today,
        state=ReportState.RETURNED,
        return_note=note,
    )


@transaction.atomic
def sign_off_many(*, reports: Mapping[int, int], by: User, today: dt.date) -> int:
    """Signs several submitted reports off, each as it was read (its version by its key); a worker recomputes them.

    Returns how many were signed off; those decided or written anew meanwhile are left as they are.
    """
    lock_commitments(Report.objects.filter(pk__in=reports).order_by().values_list("delivery__commitment_id", flat=True))
    chosen = Report.objects.awaiting_sign_off_by(by).filter(pk__in=reports).order_by()
    deliveries = {
        pk: delivery_id
        for pk, version, delivery_id in chosen.values_list("pk", "version", "delivery_id")
        if version == reports[pk]
    }
    signed = Report.objects.filter(pk__in=deliveries).update(
        state=ReportState.SIGNED_OFF, decided_by=by, decided_on=today, version=F("version") + 1
    )
    set_due(deliveries.values(), today)
    recompute_due.delay_on_commit(Trigger.SIGN_OFF)
    return signed


def _decide(reports: QuerySet[Report], *, by: User, today: dt.date, **decision: Any) -> None:
    if reports.filter(author=by).exists():
        raise PermissionDenied(NOT_ONES_OWN)
    decided = reports.filter(state=ReportState.SUBMITTED).update(
        decided_by=by, decided_on=today, version=F("version") + 1, **decision
    )
    if not decided:
        raise Conflict


# --- Reporting periods ------------------------------------------------------------------------------------


def open_months(system: Footprint | None, today: dt.date) -> list[ReportingPeriod]:
    """The months that take reports in this system today, in order."""
    return ReportingPeriod.objects.open_in([system.pk], today)[system.pk] if system else []


@transaction.atomic
def open_period(*, system: Footprint, period: ReportingPeriod, by: User, today: dt.date) -> None:
    """Has a month take reports: before its day, or once more after it was closed."""
    lock_commitments(Commitment.objects.delivered_locally().values_list("pk", flat=True))
    if period in open_months(system, today):
        raise Conflict
    _record_step(system, [period], PeriodStep.OPENED, by, today)


@transaction.atomic
def close_period(*, system: Footprint, period: ReportingPeriod, by: User, today: dt.date) -> None:
    """Ends reporting on a month, and on each earlier one still open. No report is being saved meanwhile."""
    lock_commitments(Commitment.objects.delivered_locally().values_list("pk", flat=True))
    still_open = open_months(system, today)
    if period not in still_open:
        raise Conflict
    _record_step(system, [p for p in still_open if p.starts_on <= period.starts_on], PeriodStep.CLOSED, by, today)


@transaction.atomic
def nudge_period(*, system: Footprint, period: ReportingPeriod, by: User, today: dt.date) -> int:
    """Reminds everybody whose report on this month is missing, at most once a day. Returns how many people."""
    lock_commitments(Commitment.objects.delivered_locally().values_list("pk", flat=True))
    nudged = PeriodAct.objects.filter(system=system, period=period, step=PeriodStep.NUDGED, done_on=today).exists()
    if nudged or period not in open_months(system, today):
        raise Conflict
    _record_step(system, [period], PeriodStep.NUDGED, by, today)
    due = outbox.nudges(system, period, today)
    outbox.write(due)
    send_reminders.delay_on_commit()
    return len(due)


def _record_step(
    system: Footprint, periods: Iterable[ReportingPeriod], step: PeriodStep, by: User, today: dt.date
) -> None:
    PeriodAct.objects.bulk_create(
        PeriodAct(system=system, period=period, step=step, done_by=by, done_on=today) for period in periods
    )
