"""How commitments stand: the summary, the exceptions, and a page for each borough. Pure."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from commitments.choices import STATUS_COLOURS, Status, ThemeClass
from engagement.packs.document import Block, CountRow, Counts, Subheading, Table
from engagement.packs.facts import Borough, Head, PublishedSystem, Standing
from systems.sentences import day_in_words

COLUMNS = {
    ThemeClass.CORE_FOUNDATION: "Core foundations",
    ThemeClass.PRIORITISED: "Prioritised",
    ThemeClass.ENABLER: "Enablers",
}
# What is named on a borough's page, the worst first.
NAMED = (Status.MISSED, Status.OFF_TRACK, Status.NOT_REPORTED, Status.AT_RISK)
NAMED_ON_A_PAGE = 12
# The places a narrow column names, and those a sentence does.
NAMES_BESIDE, NAMES_IN_A_SENTENCE = 3, 12
HOW_COUNTED = (
    "A commitment delivered in several places counts once: under the worst status that at least 1 in 10 of the people "
    "live with. What does not apply here is not counted."
)


def summary(system: PublishedSystem, *, is_one_of_several: bool) -> Iterator[str | Block]:
    """The headline, then counts by status of each class of commitments."""
    if is_one_of_several:
        yield Subheading(system.name)
    yield _headline(system)
    yield _counted(
        f"{system.name}: commitments by status, as at {day_in_words(system.as_at_on)}",
        {name: [head for head in system.heads if head.theme_class == kind] for kind, name in COLUMNS.items()}
        | {"All": list(system.heads)},
        drawn=len(COLUMNS),
    )
    yield HOW_COUNTED


def _headline(system: PublishedSystem) -> str:
    counts = Counter(head.status for head in system.heads)
    counted = counts.total() - counts[Status.NOT_APPLICABLE]
    if not counted:
        return f"Nothing was published about the commitments of {system.name}."
    failing = counts[Status.MISSED] + counts[Status.OFF_TRACK]
    words = [
        f"{counts[status]:,} {status.label.lower()}"
        for status in (Status.MISSED, Status.OFF_TRACK, Status.AT_RISK, Status.ON_TRACK, Status.DELIVERED)
    ]
    return (
        f"{system.name}: {failing:,} of {counted:,} commitments are missed or off track. In all: "
        f"{', '.join(words[:-1])} and {words[-1]}; nothing recent is known of {counts[Status.NOT_REPORTED]:,}, and "
        f"{counts[Status.NOT_STARTED]:,} are not due to have started."
    )


def _counted(caption: str, columns: Mapping[str, Iterable[Head]], *, drawn: int) -> Counts:
    counts = [Counter(head.status for head in heads) for heads in columns.values()]
    rows = [CountRow(status, tuple(count[status] for count in counts)) for status in STATUS_COLOURS]
    return Counts(caption, "Status", tuple(columns), tuple(row for row in rows if any(row.numbers)), drawn)


def exceptions(system: PublishedSystem, *, is_one_of_several: bool) -> Iterator[str | Block]:
    """Each delivery that is missed or off track, the missed first, with its sentence and its path to green."""
    if is_one_of_several:
        yield Subheading(system.name)
    if not system.failing:
        yield f"Nothing in {system.name} was missed or off track on {day_in_words(system.as_at_on)}."
        return
    for status in (Status.MISSED, Status.OFF_TRACK):
        found = [standing for standing in system.failing if standing.status == status]
        if found:
            yield _exceptions(system, status, found)


def _exceptions(system: PublishedSystem, status: Status, found: list[Standing]) -> Table:
    alike = gathered(found, key=lambda standing: (standing.code, standing.sentence, standing.path_to_green))
    return Table(
        f"{status.label} in {system.name}: {len(found):,}",
        ("Commitment", "Status and where", "Why", "Path to green"),
        tuple(
            (
                named(same[0]),
                f"{status.label}: {where(same)}",
                f"{same[0].sentence}{listed(same, system)}",
                same[0].path_to_green,
            )
            for same in alike
        ),
        (26, 16, 31, 27),
    )


Alike = TypeVar("Alike")


def gathered(found: Iterable[Alike], key: Callable[[Alike], Hashable]) -> list[list[Alike]]:
    """Those of which the very same is said, together, in the order of the first of each."""
    alike: dict[Hashable, list[Alike]] = {}
    for one in found:
        alike.setdefault(key(one), []).append(one)
    return list(alike.values())


def where(same: Sequence[Standing]) -> str:
    """Where they are, by name if they are few."""
    return ", ".join(one.where for one in same) if len(same) <= NAMES_BESIDE else f"{len(same)} places"


def listed(same: Sequence[Standing], system: PublishedSystem) -> str:
    """The names of many places, where there is room for them; of very many, how many lie in each borough."""
    if len(same) <= NAMES_BESIDE:
        return ""
    if len(same) <= NAMES_IN_A_SENTENCE:
        return f" In {', '.join(sorted(one.where for one in same))}."
    boroughs = {borough.code: borough.name for borough in system.boroughs}
    counts = sorted(Counter(boroughs.get(one.place, one.where) for one in same).items())
    return f" In {', '.join(f'{name} ({number})' if number > 1 else name for name, number in counts)}."


def named(what: Head | Standing) -> str:
    """A commitment's title and code."""
    return f"{what.title} ({what.code})"


def borough_page(system: PublishedSystem, borough: Borough) -> Iterator[str | Block]:
    """A borough beside its system, then what needs attention there: one side of paper."""
    yield _people(system, borough)
    yield _counted(
        f"{borough.name} beside {system.name}: commitments by status",
        {borough.name: borough.heads, system.name: system.heads},
        drawn=0,
    )
    whole = {head.code: head.status for head in system.heads}
    named_first = sorted(
        (head for head in borough.heads if head.status in NAMED),
        key=lambda head: (NAMED.index(head.status), head.code),
    )
    if not named_first:
        yield f"Nothing in {borough.name} was missed, off track, not reported or at risk."
        return
    shown = named_first[:NAMED_ON_A_PAGE]
    yield Table(
        f"Needs attention in {borough.name}",
        ("Commitment", borough.name, f"Whole of {system.name}"),
        tuple((named(head), head.status, whole.get(head.code, "No data")) for head in shown),
        (56, 20, 24),
    )
    if len(named_first) > len(shown):
        yield (
            f"The {len(shown)} worst of {len(named_first)} are named here. All are in the publication: see the sources."
        )


def _people(system: PublishedSystem, borough: Borough) -> str:
    people = f"{borough.name} has {borough.population:,} people. " if borough.population else ""
    local = [standing for standing in system.failing if standing.place == borough.code]
    if not local:
        return f"{people}No delivery there is missed or off track."
    missed = sum(standing.status == Status.MISSED for standing in local)
    return (
        f"{people}Among the exceptions of this pack, {len(local):,} are deliveries there: {missed:,} missed and "
        f"{len(local) - missed:,} off track."
    )
