"""What was published, shaped for its pages: frozen rows in, no live one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from commitments.choices import OUTSTANDING, Confidence, DeadlineKind, Status
from commitments.models import (
    PublishedCommitment,
    PublishedCoverage,
    PublishedFootprint,
    PublishedMetric,
    PublishedPosition,
)
from commitments.presenters.bars import Bar, bar
from commitments.presenters.commitment import KIND_MEANING
from commitments.presenters.coverage import coverage_in_words
from commitments.presenters.links import AnyLinks, PublishedLinks
from commitments.presenters.measured import linked, measured
from commitments.presenters.tallies import CountedFootprint, Tally, tallies
from commitments.sentences import day_in_words, path_to_green
from ltp_portal.drawn import join, status_tag
from systems.choices import Level

# --- Lists ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OtherRating:
    """What a body rates a delivery as, where that is another than what was published."""

    whose: str
    rating: Status
    href: str
    # The month, and the edition, it was lodged on, where that is an earlier publication.
    lodged_on: str

    def __str__(self) -> str:
        earlier = f" (of what was published for {self.lodged_on})" if self.lodged_on else ""
        return f"{self.whose}: {self.rating.label}{earlier}"


# By position.
Otherwise = Mapping[int, Sequence[OtherRating]]


@dataclass(frozen=True, slots=True)
class PublishedLine:
    """One delivery as it was published: where it stood, why, and how it is to come right."""

    href: str
    title: str
    code: str
    where: str
    status: Status
    sentence: str
    contradiction: str
    path_to_green: str
    reported: str
    otherwise: Sequence[OtherRating]


def lines(
    positions: Iterable[PublishedPosition], links: AnyLinks, otherwise: Otherwise | None = None
) -> list[PublishedLine]:
    """Each delivery in words, in the order given, with what others rate it as."""
    return [_line(position, links, (otherwise or {}).get(position.pk, ())) for position in positions]


def _line(position: PublishedPosition, links: AnyLinks, otherwise: Sequence[OtherRating] = ()) -> PublishedLine:
    commitment, own = position.commitment, links.of(position.publication_id)
    return PublishedLine(
        own.commitment(commitment.code),
        commitment.title,
        commitment.code,
        ", ".join(filter(None, (position.footprint.short_name, own.says))),
        Status(position.status),
        position.sentence,
        position.contradiction,
        path_to_green(position.status, position.path_to_green),
        f"Latest report: {day_in_words(position.reported_on)}" if position.reported_on else "Never reported",
        otherwise,
    )


# --- A commitment -----------------------------------------------------------------------------------------


def commitment_facts(commitment: PublishedCommitment) -> list[tuple[str, str]]:
    """The catalogue's words, as they were."""
    read = day_in_words(commitment.deadline_on) if commitment.deadline_on else "No date"
    return [
        ("Theme", commitment.theme.name),
        ("Class", commitment.theme.get_theme_class_display()),
        ("Deadline as printed", commitment.deadline_text),
        ("Deadline as we read it", f"{read}. {KIND_MEANING[DeadlineKind(commitment.deadline_kind)]}."),
        ("Source", linked(commitment.source)),
    ]


@dataclass(frozen=True, slots=True)
class ToldLine:
    """One delivery with all that its owner said of it."""

    line: PublishedLine
    told: list[tuple[str, str]]


def told_lines(positions: Iterable[PublishedPosition], links: PublishedLinks) -> list[ToldLine]:
    """Each delivery with its dates and its report, in the order given."""
    return [ToldLine(_line(position, links), _told(position)) for position in positions]


def _told(position: PublishedPosition) -> list[tuple[str, str]]:
    dates = (
        ("Local deadline", position.local_deadline_on),
        ("Expected date", position.expected_on),
    )
    told = [(name, day_in_words(day)) for name, day in dates if day]
    if position.milestones:
        told.append(("Milestones", _milestones(position)))
    if position.confidence:
        told.append(("Reported confidence", Confidence(position.confidence).label))
    words = (
        ("What happened", position.narrative),
        ("Next steps", position.next_steps),
        ("Why it is not green", position.reason),
    )
    return told + [(name, text) for name, text in words if text]


def _milestones(position: PublishedPosition) -> str:
    said = f"{position.milestones_achieved} of {position.milestones} achieved"
    if position.next_milestone_on and position.status in OUTSTANDING:
        said += f"; next: {position.next_milestone}, due {day_in_words(position.next_milestone_on)}"
    return said


# --- Coverage ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CoveredLine:
    """How a commitment stood over one piece of the map."""

    name: str
    level: str
    headline: Status | None
    in_words: str
    bar: Bar
    href: str


def covered_areas(rows: Iterable[PublishedCoverage], links: PublishedLinks) -> list[CoveredLine]:
    """A commitment over the system and each place, the system first. Expects rows with their footprints."""
    known = list(rows)
    areas = {row.footprint_id: row.footprint for row in known}
    counted = tallies(map(_counted, known), lambda row: row.footprint_id)
    heads = {row.footprint_id: Status(row.status) for row in known if row.is_headline}
    ordered = sorted(areas.values(), key=lambda area: (area.level != Level.SYSTEM, area.name))
    return [_covered(area, counted[area.pk], heads.get(area.pk), _area_href(area, links)) for area in ordered]


def _area_href(area: PublishedFootprint, links: PublishedLinks) -> str:
    return links.place(area.code) if area.level == Level.PLACE else links.home


def _counted(row: PublishedCoverage) -> CountedFootprint:
    return CountedFootprint(row.footprint_id, Status(row.status), row.deliveries, row.people)


def _covered(area: PublishedFootprint, counts: Tally, headline: Status | None, href: str) -> CoveredLine:
    kind = str(Level(area.level).label)
    return CoveredLine(area.short_name, kind, headline, coverage_in_words(counts), bar(area.short_name, counts), href)


def covered_commitments(rows: Iterable[PublishedCoverage], links: PublishedLinks) -> list[CoveredLine]:
    """Commitments over one piece of the map, in the catalogue's order. Expects rows with their commitments."""
    known = list(rows)
    commitments = {row.commitment_id: row.commitment for row in known}
    heads = {row.commitment_id: Status(row.status) for row in known if row.is_headline}
    counted: dict[int, Tally] = tallies(
        (CountedFootprint(row.commitment_id, Status(row.status), row.deliveries, row.people) for row in known),
        lambda row: row.footprint_id or 0,
    )
    return [
        CoveredLine(
            commitment.title,
            f"{commitment.code}, deadline as printed: {commitment.deadline_text}",
            heads.get(pk),
            coverage_in_words(counted[pk]),
            bar(commitment.title, counted[pk]),
            links.commitment(commitment.code),
        )
        for pk, commitment in sorted(commitments.items(), key=lambda item: item[1].code)
    ]


# --- A borough beside its system --------------------------------------------------------------------------


_ROW = '<tr><th scope="row"><a href="%s">%s</a></th><td>%s %s</td><td>%s %s</td></tr>'


@dataclass(frozen=True, slots=True)
class BesideLine:
    """One commitment in a borough and in the whole system."""

    title: str
    code: str
    href: str
    here: Status | None
    here_in_words: str
    whole: Status | None
    whole_in_words: str

    @property
    def drawn(self) -> SafeString:
        """As a row: a borough has a hundred of them, so by one escaped join."""
        here, whole = (status_tag(status) if status else "" for status in (self.here, self.whole))
        return join(_ROW, (self.href, self.title, here, self.here_in_words, whole, self.whole_in_words))


def beside(
    commitments: Iterable[PublishedCommitment],
    here: Mapping[int, Tally],
    whole: Mapping[int, Tally],
    links: PublishedLinks,
) -> list[BesideLine]:
    """The commitments delivered in a borough, the worst first; tallies by commitment."""
    found = [
        _beside(commitment, here[commitment.pk], whole.get(commitment.pk, Tally()), links)
        for commitment in commitments
        if commitment.pk in here
    ]
    worst_first = list(Status)
    return sorted(found, key=lambda line: (worst_first.index(line.here or Status.NOT_APPLICABLE), line.code))


def _beside(commitment: PublishedCommitment, here: Tally, whole: Tally, links: PublishedLinks) -> BesideLine:
    status, status_of_all = here.headline, whole.headline
    return BesideLine(
        commitment.title,
        commitment.code,
        links.commitment(commitment.code),
        status,
        here.in_words(status),
        status_of_all,
        whole.in_words(status_of_all),
    )


# --- Metrics ----------------------------------------------------------------------------------------------


def latest(metric: PublishedMetric) -> str:
    """The latest value and its day: 85% on 31 August 2019."""
    return f"{measured(metric.value, metric.unit)} on {day_in_words(metric.observed_on)}"
