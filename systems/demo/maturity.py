"""Writes the demonstration's assessments and improvement plans, and relives the days on which they were signed off."""

import csv
import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from systems.choices import AssessmentState, Level
from systems.demo.invented import SOURCE, Story, actions_of, stories_of
from systems.models import Assessment, Criterion, Finding, Footprint, Framework, ImprovementAction, User
from systems.recompute import recompute

_ROWS_A_STATEMENT = 1000


@dataclass(frozen=True, slots=True)
class Players:
    """Who writes and who signs off in one system."""

    manager: User
    approver: User


def tell_maturity(folder: Path, players: Mapping[str, Players], today: dt.date) -> list[dt.date]:
    """Writes what the papers say and what is invented for these systems. Returns the days of its sign-offs."""
    criteria = {one.code: one for one in Criterion.objects.select_related("domain__framework", "level")}
    footprints = {one.code: one for one in _footprints(players, today)}
    told = [*_from_papers(folder, criteria), *stories_of(footprints.values(), list(criteria.values()))]
    days = sorted({story.on for story in told})
    for day in days:
        _write([story for story in told if story.on == day], footprints, players)
    _write_actions(folder, footprints, players, criteria)
    return days


def relive_maturity(systems: Collection[Footprint], days: Iterable[dt.date]) -> None:
    """How these systems stood on each of these days, in their order."""
    for day in days:
        for system in systems:
            recompute(day, inside=system.path, everything=True)


def _footprints(players: Mapping[str, Players], today: dt.date) -> Iterable[Footprint]:
    """The systems with all that is judged in them."""
    found = Footprint.objects.filter(system__code__in=players, level__in=(Level.SYSTEM, Level.PLACE, Level.PCN))
    return found.open_on(today).select_related("system").order_by("code")


def _from_papers(folder: Path, criteria: Mapping[str, Criterion]) -> Iterator[Story]:
    """What each paper says about a footprint, by framework; nothing is added to it."""
    told: dict[tuple[str, str, str, str], dict[Criterion, tuple[str, str]]] = defaultdict(dict)
    with (folder / "seed_maturity.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            criterion = criteria[row["criterion"]]
            key = (row["footprint"], criterion.domain.framework.code, row["on"], row["source"])
            told[key][criterion] = (row["result"], row["statement"])
    for (footprint, _, on, source), said in told.items():
        yield Story(footprint, dt.date.fromisoformat(on), said, source=source)


def _write(told: Iterable[Story], footprints: Mapping[str, Footprint], players: Mapping[str, Players]) -> None:
    """The stories of one day, each as a draft with its findings and then signed off, as people would have done it."""
    stories = [story for story in told if story.footprint in footprints]
    assessments = Assessment.objects.bulk_create(
        (_draft(story, footprints[story.footprint], players) for story in stories), batch_size=_ROWS_A_STATEMENT
    )
    findings = [
        Finding(
            assessment=assessment,
            criterion=criterion,
            result=result,
            evidence=words,
            written_by=assessment.begun_by,
        )
        for story, assessment in zip(stories, assessments, strict=True)
        for criterion, (result, words) in story.said.items()
    ]
    Finding.objects.bulk_create(findings, batch_size=_ROWS_A_STATEMENT)
    for story, assessment in zip(stories, assessments, strict=True):
        system = footprints[story.footprint].system
        assert system is not None
        assessment.state = AssessmentState.SIGNED_OFF
        assessment.assessed_on = assessment.submitted_on = assessment.decided_on = story.on
        assessment.submitted_by, assessment.decided_by = assessment.begun_by, players[system.code].approver
    decided = ("state", "assessed_on", "submitted_on", "decided_on", "submitted_by", "decided_by")
    Assessment.objects.bulk_update(assessments, decided, batch_size=200)


def _draft(story: Story, footprint: Footprint, players: Mapping[str, Players]) -> Assessment:
    assert footprint.system is not None
    framework: Framework = next(iter(story.said)).domain.framework
    return Assessment(
        framework=framework,
        footprint=footprint,
        rater=story.rater,
        partner=story.partner,
        begun_by=players[footprint.system.code].manager,
        begun_on=story.on,
        source=story.source,
    )


def _write_actions(
    folder: Path,
    footprints: Mapping[str, Footprint],
    players: Mapping[str, Players],
    criteria: Mapping[str, Criterion],
) -> None:
    """The paper's own commitments, which name neither owner nor day; and invented ones, which do."""
    with (folder / "seed_improvement.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            action = ImprovementAction.objects.create(
                footprint=footprints[row["footprint"]],
                title=row["title"],
                source=row["source"],
                recorded_on=row["on"],
                recorded_by=players[row["footprint"]].manager,
            )
            action.closes.set(criteria[code] for code in row["closes"].split())
    for code, people in players.items():
        for title, due_on, closes in actions_of(code):
            action = ImprovementAction.objects.create(
                footprint=footprints[code],
                title=title,
                owner=people.manager,
                due_on=due_on,
                source=SOURCE,
                recorded_on=dt.date(2019, 9, 16),
                recorded_by=people.manager,
            )
            action.closes.set(criteria[one] for one in closes)
