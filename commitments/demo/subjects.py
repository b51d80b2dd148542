"""Reads what there is before anything is invented: the deliveries, their metrics, and what the papers said."""

import csv
import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from django.db.models import QuerySet

from commitments.choices import Scope, ThemeClass
from commitments.demo.measuring import Yardstick, with_own_trajectory
from commitments.demo.stories import Statement, Subject
from commitments.demo.timetable import LAST_DAY, NETWORKS_OPEN_ON
from commitments.models import Delivery, Metric, NationalMilestone
from systems.choices import Level
from systems.models import Footprint

Statements = dict[tuple[str, str], Statement]


@dataclass(frozen=True, slots=True)
class Found:
    """A delivery as it stands, and what is measured there."""

    delivery: Delivery
    subject: Subject
    place: str | None
    yardstick: Yardstick | None


def read_statements(folder: Path) -> Statements:
    """What the papers of 2019 say, by commitment and footprint."""
    with (folder / "seed_statements.csv").open(encoding="utf-8", newline="") as lines:
        return {
            (row.pop("commitment"), row.pop("footprint")): Statement(dt.date.fromisoformat(row.pop("month")), **row)
            for row in csv.DictReader(lines)
        }


def find(deliveries: QuerySet[Delivery], statements: Statements, opened_on: dt.date) -> Iterator[Found]:
    """Each delivery with all that its story needs."""
    england = Footprint.objects.get(level=Level.ENGLAND)
    yardsticks = _yardsticks()
    national = _national_steps()
    rows = deliveries.select_related("commitment__theme", "footprint__system", "footprint__place")
    for delivery in rows.order_by("commitment__code", "footprint__code"):
        subject = _subject(delivery, statements, national, opened_on)
        yardstick = yardsticks.get(delivery.commitment_id)
        if yardstick is not None:
            population = delivery.footprint.population or 0
            yardstick = with_own_trajectory(yardstick, subject, population, england.population or 1)
            subject = replace(subject, is_measured=yardstick.has_line)
        place = delivery.footprint.place
        yield Found(delivery, subject, place.code if place else None, yardstick)


def _subject(delivery: Delivery, statements: Statements, national: dict, opened_on: dt.date) -> Subject:
    commitment, footprint = delivery.commitment, delivery.footprint
    return Subject(
        commitment=commitment.code,
        theme=commitment.theme.code,
        is_core=commitment.theme.theme_class == ThemeClass.CORE_FOUNDATION,
        deadline_kind=commitment.deadline_kind,
        deadline_on=commitment.deadline_on,
        footprint=footprint.code,
        name=footprint.short_name,
        level=footprint.level,
        system=footprint.system.code if footprint.system else footprint.code,
        opened_on=opened_on,
        national_steps=() if opened_on == NETWORKS_OPEN_ON else tuple(national[commitment.pk]),
        statement=statements.get((commitment.code, footprint.code)),
    )


def _yardsticks() -> dict[int, Yardstick]:
    """Each commitment's headline metric that has a target, with its published path where that is a system's own."""
    return {
        metric.commitment_id: Yardstick(
            metric_id=metric.pk,
            unit=metric.unit,
            direction=metric.direction,
            is_own=metric.scope == Scope.PER_ICS,
            target=metric.target,
            target_on=metric.commitment.deadline_on,
            baseline=metric.baseline,
            baseline_on=metric.baseline_on,
            trajectory=_published(metric),
        )
        for metric in Metric.objects.filter(is_headline=True).select_related("commitment")
        if metric.target is not None
    }


def _published(metric: Metric) -> tuple:
    if metric.scope != Scope.PER_ICS:
        return ()
    trajectories = metric.trajectories.filter(footprint__isnull=True)
    return tuple(trajectories.order_by("points__due_on").values_list("points__due_on", "points__value"))


def _national_steps() -> dict[int, list[tuple[str, dt.date]]]:
    """The national steps still to come, by commitment: a system's plan carries them."""
    steps: dict[int, list[tuple[str, dt.date]]] = defaultdict(list)
    for step in NationalMilestone.objects.filter(due_on__gt=LAST_DAY).order_by("due_on", "pk"):
        steps[step.commitment_id].append((step.title, step.due_on))
    return steps
