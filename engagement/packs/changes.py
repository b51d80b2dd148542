"""What has changed since the last meeting, in words. Pure: what differs is found by `commitments.comparison`."""

from collections.abc import Iterator, Sequence

from commitments.choices import Status
from commitments.comparison import DATES, KINDS, DateLine
from engagement.packs.document import Block, Cell, Subheading, Table
from engagement.packs.facts import Changed, LevelChanged, PublishedSystem, Standing
from engagement.packs.standing import gathered, listed, named, where
from systems.sentences import day_in_words

# Lines of each kind; the publication's own page has the rest.
SHOWN = 40
NOTHING_BEFORE = "Nothing was published about {} before, so there is nothing to compare."
_OF_MOVES = ("Commitment", "Where", "Was", "Now", "Why")
_OF_DATES = ("Commitment", "Where", "From and to", "Reason")
Row = tuple[Cell, ...]


def since_last_meeting(system: PublishedSystem, *, is_one_of_several: bool) -> Iterator[str | Block]:
    """How many changed in which way, then each of them."""
    if is_one_of_several:
        yield Subheading(system.name)
    compared = system.compared
    if compared is None:
        yield NOTHING_BEFORE.format(system.name)
        return
    since = f"{compared.since}, as at {day_in_words(compared.since_on)}"
    yield f"{system.name} is compared with {since}: {compared.because}"
    counts = [f"{label.lower()}: {len(compared.found.get(kind, ())):,}" for kind, label in KINDS.items()]
    yield f"Deliveries that changed, by kind: {', '.join(counts)}."
    for kind, label in KINDS.items():
        found = compared.found.get(kind, ())
        rows = _dates(found) if kind == DATES else _moves(system, found)
        if rows:
            headings, widths = (_OF_DATES, (30, 14, 28, 28)) if kind == DATES else (_OF_MOVES, (30, 14, 12, 12, 32))
            yield Table(f"{label}: {len(found):,}", headings, tuple(rows[:SHOWN]), widths)
        if len(rows) > SHOWN:
            yield f"{label}: the first {SHOWN} of {len(rows):,} lines are shown. See the publication for all."
    if compared.levels:
        yield Table(
            f"Maturity moved: {len(compared.levels):,}",
            ("Area", "Where and status", "Level", "Why"),
            tuple(map(_level, compared.levels[:SHOWN])),
            (28, 20, 22, 30),
        )
    if len(compared.levels) > SHOWN:
        yield f"Maturity moved: the first {SHOWN} of {len(compared.levels):,} are shown. See the publication for all."


def _level(changed: LevelChanged) -> Row:
    where_and_status = f"{changed.where}: {changed.status.label}"
    return f"{changed.domain}, {changed.framework}", where_and_status, changed.moved, changed.sentence


def _moves(system: PublishedSystem, found: Sequence[Changed]) -> list[Row]:
    alike = gathered(found, key=lambda changed: (changed.standing.code, changed.was, changed.standing.sentence))
    return [_move(system, [changed.standing for changed in same], same[0].was) for same in alike]


def _move(system: PublishedSystem, same: Sequence[Standing], was: Status | None) -> Row:
    first = same[0]
    return named(first), where(same), was or "Not there", first.status, f"{first.sentence}{listed(same, system)}"


def _dates(found: Sequence[Changed]) -> list[Row]:
    return [
        (named(changed.standing), changed.standing.where, _from_to(date), date.reason)
        for changed in found
        for date in changed.dates
    ]


def _from_to(date: DateLine) -> str:
    return f"{date.what}: from {day_in_words(date.old_on)} to {day_in_words(date.new_on)}"
