"""One commitment's page: what was promised, and how it stands in the footprints in sight."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.safestring import SafeString

from commitments.choices import THEME_CLASS_MEANING, DeadlineKind, DeliveryLevel, Status, ThemeClass
from commitments.models import Commitment, NationalMilestone
from commitments.presenters.measured import linked, measured
from commitments.sentences import day_in_words
from systems.choices import Verified

KIND_MEANING = {
    DeadlineKind.BY: "To be done by this date",
    DeadlineKind.FROM: "To have started by this date",
    DeadlineKind.CONTINUOUS: "To be kept up every year: there is no date to miss",
    DeadlineKind.NONE: "The plan gives no date",
}
NO_FIGURE = "No figure"
NOT_SEEN: dict[str, str] = {
    Verified.NO: "Not verified: this was not seen in a source.",
    Verified.PARTIAL: "Partly verified: some of this was not seen in a source.",
}


def commitment_facts(commitment: Commitment) -> list[tuple[str, str]]:
    """The catalogue's words, with what they mean."""
    theme_class = ThemeClass(commitment.theme.theme_class)
    read = day_in_words(commitment.deadline_on) if commitment.deadline_on else "No date"
    return [
        ("Theme", commitment.theme.name),
        ("Class", f"{theme_class.label}: {_uncapped(THEME_CLASS_MEANING[theme_class])}"),
        ("Life stage", commitment.get_life_stage_display()),
        ("Delivered by", delivered_by(commitment)),
        ("Deadline as printed", commitment.deadline_text),
        ("Deadline as we read it", f"{read}. {KIND_MEANING[DeadlineKind(commitment.deadline_kind)]}."),
        ("Chapter of the plan", str(commitment.chapter)),
        ("Source", linked(commitment.source)),
    ]


def _uncapped(sentence: str) -> str:
    return sentence[0].lower() + sentence[1:]


def delivered_by(commitment: Commitment) -> str:
    """Who delivers it, and at which level the portal keeps it."""
    level = DeliveryLevel(commitment.delivery_level)
    if commitment.footprint_level is None:
        return f"{level.label}: shown for context, no system delivers it"
    if level.value == commitment.footprint_level.value:
        return level.label
    return f"{level.label}, kept here by {commitment.footprint_level.label.lower()}"


@dataclass(frozen=True, slots=True)
class MilestoneLine:
    """A national step, with its figure and a word where its source was not seen."""

    title: str
    due: str
    target: str
    source: SafeString
    is_verified: bool


def milestone_lines(milestones: Iterable[NationalMilestone]) -> list[MilestoneLine]:
    """Each national step in words, in the order given."""
    return [
        MilestoneLine(
            title=milestone.title,
            due=day_in_words(milestone.due_on),
            target=NO_FIGURE if milestone.target_value is None else measured(milestone.target_value, milestone.unit),
            source=linked(milestone.source),
            is_verified=milestone.verified == Verified.YES,
        )
        for milestone in milestones
    ]


@dataclass(frozen=True, slots=True)
class SystemStanding:
    """How a commitment stands in one system: each status with its count, worst first, of how many."""

    code: str
    name: str
    total: int
    counts: list[tuple[Status, int]]
    not_applicable: int


def standings(counts: Iterable[tuple[str, str, str, int]]) -> list[SystemStanding]:
    """(system's code, its name, status, number) rows into one standing a system, in the order given."""
    by_system: dict[tuple[str, str], dict[str, int]] = {}
    for code, name, status, number in counts:
        by_system.setdefault((code, name), {})[status] = number
    return [_standing(code, name, found) for (code, name), found in by_system.items()]


def _standing(code: str, name: str, found: dict[str, int]) -> SystemStanding:
    not_applicable = found.pop(Status.NOT_APPLICABLE, 0)
    counted = [(status, found[status]) for status in Status if status in found]
    return SystemStanding(code, name, sum(found.values()), counted, not_applicable)
