"""Assessments as their pages show them: the criteria with what was found, and how far a draft is."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from systems.choices import Result
from systems.models import Assessment, Criterion, Domain, Finding, MaturityPosition
from systems.sentences import counted

# How a result is marked: the colours of a tag, always with the word.
RESULT_COLOURS = {
    Result.MET: "green",
    Result.PARTLY: "yellow",
    Result.NOT_MET: "red",
    Result.NOT_ASSESSED: "grey",
    "": "white",
}


@dataclass(frozen=True, slots=True)
class FoundLine:
    """What one rater found about one criterion."""

    finding: Finding
    by_whom: str
    colour: str


@dataclass(frozen=True, slots=True)
class CriterionLine:
    """One criterion with all that stands about it; `is_split` where raters disagree."""

    criterion: Criterion
    found: list[FoundLine]
    is_split: bool
    is_in_the_way: bool


@dataclass(frozen=True, slots=True)
class RungLines:
    """The criteria of one level of a domain."""

    name: str
    standing: str
    criteria: list[CriterionLine]


@dataclass(frozen=True, slots=True)
class DomainLines:
    """One domain with its levels, the lowest first, and how it stands."""

    domain: Domain
    position: MaturityPosition | None
    rungs: list[RungLines]


def domain_lines(
    criteria: Iterable[Criterion], findings: Iterable[Finding], positions: Mapping[int, MaturityPosition]
) -> list[DomainLines]:
    """A framework in full: what everybody found about each criterion, by domain and level."""
    found: dict[int, list[FoundLine]] = defaultdict(list)
    for finding in findings:
        found[finding.criterion_id].append(
            FoundLine(finding, finding.assessment.by_whom, RESULT_COLOURS[finding.result])
        )
    return [
        _domain(domain, positions.get(domain.pk), list(mine), found)
        for domain, mine in groupby(criteria, lambda criterion: criterion.domain)
    ]


def _domain(
    domain: Domain,
    position: MaturityPosition | None,
    criteria: list[Criterion],
    found: Mapping[int, list[FoundLine]],
) -> DomainLines:
    split, in_the_way = (set(position.split), set(position.in_the_way)) if position else (set(), set())
    rungs = []
    for level, mine in groupby(criteria, lambda criterion: criterion.level):
        lines = [CriterionLine(one, found.get(one.pk, []), one.pk in split, one.pk in in_the_way) for one in mine]
        rungs.append(RungLines(level.name.capitalize(), _rung_standing(level.ordinal, position), lines))
    return DomainLines(domain, position, rungs)


def _rung_standing(ordinal: int, position: MaturityPosition | None) -> str:
    """What this rung is to the domain: reached, expected now, or next."""
    if position is None:
        return ""
    said = ["reached"] if position.reached is not None and ordinal <= position.reached else []
    said += ["expected now"] if ordinal == position.expected else []
    said += ["expected next"] if ordinal == position.next_level else []
    return ", ".join(said)


@dataclass(frozen=True, slots=True)
class Progress:
    """One domain of an assessment: how many of its criteria are answered."""

    domain: Domain
    answered: int
    total: int

    @property
    def word(self) -> str:
        if self.answered == self.total:
            return "Completed"
        return f"{self.answered} of {self.total} answered" if self.answered else "Not started"

    @property
    def is_complete(self) -> bool:
        return self.answered == self.total


def progress(criteria: Iterable[Criterion], findings: Iterable[Finding]) -> list[Progress]:
    """How far an assessment is, domain by domain."""
    answered = {finding.criterion_id for finding in findings if finding.result}
    return [
        Progress(domain, sum(one.pk in answered for one in mine), len(mine))
        for domain, found in groupby(criteria, lambda criterion: criterion.domain)
        for mine in [list(found)]
    ]


def progress_in_words(steps: Sequence[Progress]) -> str:
    """ "31 of 46 criteria answered"."""
    answered, total = sum(step.answered for step in steps), sum(step.total for step in steps)
    return f"{answered:,} of {counted(total, 'criterion', 'criteria')} answered"


def history_of(assessment: Assessment) -> str:
    """Who did what with an assessment, in one sentence."""
    said = [f"Begun by {assessment.begun_by.name}"]
    if assessment.submitted_by:
        said.append(f"submitted by {assessment.submitted_by.name}")
    if assessment.decided_by:
        said.append(f"{assessment.get_state_display().lower()} by {assessment.decided_by.name}")
    return ", ".join(said)
