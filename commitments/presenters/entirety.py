"""Does a system deliver the whole plan? Every commitment against what it should have, the holes first."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from django.urls import reverse

from commitments.choices import PARTS_OF_A_DELIVERY, Part, ThemeClass
from commitments.models import Commitment
from commitments.presenters.links import deliveries_href
from commitments.sentences import day_in_words
from ltp_portal.crossings import Engaged
from systems.choices import FootprintKind
from systems.models import Footprint

PLURALS = {
    FootprintKind.BOROUGH: "boroughs",
    FootprintKind.UNITARY: "unitary authorities",
    FootprintKind.PCN: "networks",
}
# The form that fills a hole, and what the link to it says.
FILLED_BY = {
    Part.LEAD: ("commitments:plan", "Name a lead"),
    Part.DEADLINE: ("commitments:plan", "Set a deadline"),
    Part.MILESTONES: ("commitments:milestone_add", "Add a milestone"),
    Part.METRIC: ("commitments:observation", "Enter a value"),
    Part.REPORT: ("commitments:report", "Report"),
}
LACKS = {
    Part.LEAD: "a lead",
    Part.DEADLINE: "a local deadline",
    Part.MILESTONES: "milestones",
    Part.METRIC: "a measurement",
    Part.REPORT: "a signed-off report",
    Part.ENGAGEMENT: "engagement",
}
NOBODY_ENGAGED = Engaged()


class Counted(NamedTuple):
    """A row of `Delivery.objects.counted_by_part`: `lacking` in the order of `PARTS_OF_A_DELIVERY`."""

    commitment_id: int
    kind: str
    opened: int
    applying: int
    one_of_them: int | None
    lacking: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Check:
    """One commitment against one part: in words, whether something is missing, and where to read or fill in more.

    The address is made when it is drawn: a page shows 25 of some 240 lines.
    """

    words: str
    is_hole: bool = False
    href: Callable[[], str] | None = None
    says: str = ""
    beside: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One commitment, checked part by part. `applies` is not so where every delivery says it does not apply."""

    commitment: Commitment
    applies: bool
    checks: Mapping[Part, Check]

    @property
    def holes(self) -> int:
        return sum(check.is_hole for check in self.checks.values())


class Found(NamedTuple):
    """What is known of commitments, by their keys. `measured` are those that the catalogue measures."""

    rows: Mapping[int, list[Counted]]
    measured: Collection[int]
    engaged: Mapping[int, Engaged]


def counted(rows: Iterable[Sequence]) -> dict[int, list[Counted]]:
    """The rows by commitment."""
    found: dict[int, list[Counted]] = defaultdict(list)
    for commitment_id, kind, opened, applying, one, *lacking in rows:
        found[commitment_id].append(Counted(commitment_id, kind, opened, applying, one, tuple(lacking)))
    return found


def lines(
    commitments: Iterable[Commitment], found: Found, system: Footprint, may_fill: Callable[[Part], bool]
) -> list[Line]:
    """Each commitment; those with holes first, core foundations before the others, the most holes first."""
    order = {theme_class: place for place, theme_class in enumerate(ThemeClass)}
    checked = [_line(commitment, found, system, may_fill) for commitment in commitments]
    return sorted(checked, key=lambda line: (not line.holes, order[_class_of(line)], -line.holes))


def _class_of(line: Line) -> ThemeClass:
    return ThemeClass(line.commitment.theme.theme_class)


def _line(commitment: Commitment, found: Found, system: Footprint, may_fill: Callable[[Part], bool]) -> Line:
    engaged = found.engaged.get(commitment.pk, NOBODY_ENGAGED)
    engagement = {Part.ENGAGEMENT: _engagement(engaged, commitment, system, can_fill=may_fill(Part.ENGAGEMENT))}
    rows = found.rows.get(commitment.pk)
    if not rows:
        href = partial(reverse, "commitments:open_deliveries", args=[system.code]) if may_fill(Part.LEAD) else None
        not_opened = Check("Not opened", True, href, "Open it")
        return Line(commitment, True, dict.fromkeys(PARTS_OF_A_DELIVERY, not_opened) | engagement)
    applying = [row for row in rows if row.applying]
    if not applying:
        return Line(commitment, False, dict.fromkeys(Part, Check("Not applicable")))
    checks: dict[Part, Check] = {}
    for place, part in enumerate(PARTS_OF_A_DELIVERY):
        if part == Part.METRIC and commitment.pk not in found.measured:
            checks[part] = Check("No metric in the catalogue")
        else:
            lacking = sum(row.lacking[place] for row in applying)
            checks[part] = _check(part, lacking, applying, commitment, system, can_fill=may_fill(part))
    return Line(commitment, True, checks | engagement)


def _check(
    part: Part, lacking: int, applying: list[Counted], commitment: Commitment, system: Footprint, *, can_fill: bool
) -> Check:
    total = sum(row.applying for row in applying)
    words = ("No" if lacking else "Yes") if total == 1 else f"{total - lacking} of {total} {_areas(applying)}"
    if not lacking:
        return Check(words)
    if total == 1 and can_fill:
        form, says = FILLED_BY[part]
        return Check(words, True, partial(reverse, form, args=[applying[0].one_of_them]), says)
    href = partial(deliveries_href, system=system.code, commitment=commitment.code, missing=part.value)
    return Check(words, True, href, "See it" if total == 1 else f"See the {lacking} without")


def _engagement(engaged: Engaged, commitment: Commitment, system: Footprint, *, can_fill: bool) -> Check:
    """Whether people were heard about it in this system; beside it, how often committees asked about it."""
    here = [system.code, commitment.code]
    beside = f"Asked about by committees: {engaged.asked}" if engaged.asked else ""
    if engaged.awaiting:
        beside += f", {engaged.awaiting} awaiting an answer"
    if engaged.last_on is None:
        href = partial(reverse, "engagement:engagement_add", args=here) if can_fill else None
        return Check("No", True, href, "Record it", beside)
    last = f"on {day_in_words(engaged.last_on)}"
    words = f"Yes, {last}" if engaged.times == 1 else f"Yes, {engaged.times} times, last {last}"
    return Check(words, False, partial(reverse, "engagement:engagement", args=here), "See what was heard", beside)


def _areas(applying: list[Counted]) -> str:
    kinds = {FootprintKind(row.kind) for row in applying}
    return PLURALS.get(kinds.pop(), "places") if len(kinds) == 1 else "places"


def holes(found: Iterable[Line]) -> dict[Part, set[int]]:
    """By part, the commitments that lack it somewhere."""
    lines = list(found)
    return {part: {line.commitment.pk for line in lines if line.checks[part].is_hole} for part in Part}


def summaries(found: Iterable[Line]) -> list[str]:
    """By class, in one sentence: how many commitments lack what."""
    by_class: dict[ThemeClass, list[Line]] = defaultdict(list)
    for line in found:
        if line.applies:
            by_class[_class_of(line)].append(line)
    return [_summary(theme_class, by_class[theme_class]) for theme_class in ThemeClass if by_class[theme_class]]


def _summary(theme_class: ThemeClass, of_class: list[Line]) -> str:
    counts = {part: len(pks) for part, pks in holes(of_class).items()}
    lacking = [f"{count} {'lacks' if count == 1 else 'lack'} {LACKS[part]}" for part, count in counts.items() if count]
    whole = f"{len(of_class)} {theme_class.label.lower()}{'' if len(of_class) == 1 else 's'}"
    if not lacking:
        return f"Nothing is missing in the {whole}."
    said = lacking[0] if len(lacking) == 1 else f"{', '.join(lacking[:-1])} and {lacking[-1]}"
    return f"Of {whole}, {said}."
