"""A delivery's reports: month by month along its story's line, in the words of its theme."""

import datetime as dt
from dataclasses import dataclass, replace
from random import Random

from commitments.choices import Confidence, ReportState, Stage
from commitments.demo.phrases import Phrases, of_any, of_theme
from commitments.demo.plans import LocalPlan
from commitments.demo.stories import Statement, Story, Subject
from commitments.demo.timetable import LAST_DAY, PLAN_PUBLISHED_ON, Month
from commitments.sentences import day_in_words

_DAY = dt.timedelta(days=1)
_SILENT = "."
_CONFIDENCE = {
    "G": Confidence.GREEN,
    "A": Confidence.AMBER,
    "R": Confidence.RED,
    "D": Confidence.GREEN,
    "N": Confidence.AMBER,
}
# Where the date expected slips, it slips in the report of May 2019.
_SLIPS_FROM = dt.date(2019, 5, 1)
_UNDER_WAY_FROM = dt.date(2019, 4, 1)


@dataclass(frozen=True, slots=True)
class Told:
    """One invented report."""

    month: dt.date
    state: str
    stage: str
    confidence: str
    expected_on: dt.date | None
    narrative: str
    next_steps: str
    reason: str
    path_to_green: str
    evidence: str
    submitted_on: dt.date | None
    decided_on: dt.date | None
    return_note: str = ""
    # What a later report on the same month corrects, where there is one.
    correction: str = ""


def reports_of(subject: Subject, story: Story, plan: LocalPlan, months: list[Month], phrases: Phrases) -> list[Told]:
    """The reports of the year, oldest first."""
    dice = subject.dice("reports")
    telling = _Telling(subject, plan, phrases, dice)
    told = []
    for month, letter in _months_told(subject, story, months, dice):
        report = telling.report(month, letter)
        if subject.statement is not None and subject.statement.month == month.starts_on:
            report = _quoted(report, subject.statement, month)
        told.append(report)
    return told


def _months_told(subject: Subject, story: Story, months: list[Month], dice: Random) -> list[tuple[Month, str]]:
    """The months with a report, each with its letter."""
    first = 9 if subject.is_young else _first_month(dice)
    told = []
    for n, (month, letter) in enumerate(zip(months, story.line, strict=True)):
        is_missing = dice.random() < _share_missing(subject, n)
        is_quoted = subject.statement is not None and subject.statement.month == month.starts_on
        if letter != _SILENT and (is_quoted or (n >= first and not is_missing)):
            told.append((month, letter))
    return told


def _first_month(dice: Random) -> int:
    """Four in ten carry on work that began before the plan; the others report from the new year."""
    return dice.randint(0, 2) if dice.random() < 0.4 else dice.randint(3, 4)


def _share_missing(subject: Subject, n: int) -> float:
    """Networks report in July and September, a few in August too; everybody forgets now and then."""
    if subject.is_young:
        return (0.03, 0.75, 0.25)[n - 9] if n >= 9 else 1
    return 0.2 if n == 11 else 0.06


def _quoted(report: Told, said: Statement, month: Month) -> Told:
    """The report of the month in which a paper spoke of this delivery quotes it."""
    return replace(
        report,
        state=ReportState.SIGNED_OFF,
        stage=said.stage,
        confidence=said.confidence,
        narrative=f"{said.source}: “{said.statement}”",
        reason=said.reason,
        path_to_green=said.path_to_green,
        evidence=said.source,
        submitted_on=month.opens_on + _DAY,
        decided_on=month.opens_on + 3 * _DAY,
        return_note="",
        correction="",
    )


class _Telling:
    """Puts one delivery's reports into words, remembering what it said before."""

    def __init__(self, subject: Subject, plan: LocalPlan, phrases: Phrases, dice: Random) -> None:
        self.subject, self.plan, self.phrases, self.dice = subject, plan, phrases, dice
        self.words = of_theme(phrases, subject.theme)
        self.doing = dice.sample(self.words["doing"], len(self.words["doing"]))
        self.trouble = dice.choice(self.words["trouble"])
        self.before = ""
        self.count = 0

    def report(self, month: Month, letter: str) -> Told:
        state = self._state(month)
        submitted_on = self._submitted_on(month)
        is_green = letter in "GD"
        report = Told(
            month=month.starts_on,
            state=state,
            stage=self._stage(month, letter),
            confidence=_CONFIDENCE[letter],
            expected_on=self._expected_on(month, letter),
            narrative=self._narrative(month, letter),
            next_steps="" if letter == "D" else self._next_steps(submitted_on),
            reason="" if is_green else self.trouble["reason"],
            path_to_green="" if is_green else self.trouble["path"],
            evidence=self.dice.choice(of_any(self.phrases, "evidence")) if self.dice.random() < 0.5 else "",
            submitted_on=None if state == ReportState.DRAFT else submitted_on,
            decided_on=self._decided_on(state, submitted_on),
            return_note=self._say("returned") if state == ReportState.RETURNED else "",
            correction=self._correction(month),
        )
        self.before, self.count = letter, self.count + 1
        return report

    def _state(self, month: Month) -> ReportState:
        """Past months are signed off. In the month that is open some wait, some came back and some are drafts."""
        if month.closes_on <= LAST_DAY:
            return ReportState.SIGNED_OFF
        waiting, returned, draft = (0.008, 0.004, 0.04) if self.subject.is_young else (0.018, 0.03, 0.08)
        drawn = self.dice.random()
        if drawn < waiting:
            return ReportState.SUBMITTED
        if drawn < waiting + returned:
            return ReportState.RETURNED
        return ReportState.DRAFT if drawn < waiting + returned + draft else ReportState.SIGNED_OFF

    def _submitted_on(self, month: Month) -> dt.date:
        """Between opening and due day; one in twelve is a few days late."""
        last = min(month.due_on, LAST_DAY - 2 * _DAY)
        days = self.dice.randint(0, (last - month.opens_on).days)
        late = self.dice.randint(1, 5) if self.dice.random() < 1 / 12 and month.closes_on <= LAST_DAY else 0
        return last + late * _DAY if late else month.opens_on + days * _DAY

    def _decided_on(self, state: ReportState, submitted_on: dt.date) -> dt.date | None:
        if state in (ReportState.DRAFT, ReportState.SUBMITTED):
            return None
        return min(submitted_on + self.dice.randint(1, 5) * _DAY, LAST_DAY)

    def _stage(self, month: Month, letter: str) -> Stage:
        if letter == "D":
            return Stage.DELIVERED
        if letter == "N":
            return Stage.NOT_STARTED
        return Stage.UNDER_WAY if month.starts_on >= _UNDER_WAY_FROM or self.count >= 3 else Stage.PLANNING

    def _expected_on(self, month: Month, letter: str) -> dt.date | None:
        if letter == "D":
            return None
        return self.plan.expected_on if month.starts_on >= _SLIPS_FROM else self.plan.local_deadline_on

    def _correction(self, month: Month) -> str:
        return self._say("correction") if month.closes_on <= LAST_DAY and self.dice.random() < 0.004 else ""

    # --- Words ---

    def _say(self, occasion: str) -> str:
        return self.dice.choice(of_any(self.phrases, occasion))

    def _narrative(self, month: Month, letter: str) -> str:
        said = [self._say(_occasion(self.before, letter))]
        if not self.before and month.starts_on < PLAN_PUBLISHED_ON:
            said.append(self._say("before the plan"))
        reached = [step for step in self.plan.steps if step.achieved_on and month.holds(step.achieved_on)]
        if reached:
            said.append(f"Reached: {'; '.join(step.title[0].lower() + step.title[1:] for step in reached)}.")
        if letter in "GAR":
            said.append(self.doing[self.count % len(self.doing)])
        return " ".join(said).replace("{place}", self.subject.name)

    def _next_steps(self, submitted_on: dt.date) -> str:
        ahead = [s for s in self.plan.steps if s.due_on >= submitted_on and s.achieved_on is None]
        said = [self.words["next"][self.count % len(self.words["next"])]]
        said += [f"Next milestone: {step.title}, due {day_in_words(step.due_on)}." for step in ahead[:1]]
        return " ".join(said)


def _occasion(before: str, letter: str) -> str:
    """What the opening sentence is about: how this month's letter compares with the one before."""
    if letter == "D":
        return "still delivered" if before == "D" else "delivered"
    if letter == "N":
        return "not begun"
    if not before:
        return "first"
    if letter == "G":
        return "better" if before in "AR" else "same"
    return "still troubled" if before == letter else "worse"
