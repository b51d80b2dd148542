"""What has changed since the last meeting, in words. Pure: what differs is found by `commitments.comparison`."""

from collections.abc import Iterator

from commitments.comparison import DATES, KINDS, DateLine
from commitments.sentences import day_in_words
from engagement.packs.document import Block, Cell, Subheading, Table
from engagement.packs.facts import Changed, PublishedSystem
from engagement.packs.standing import named

# Of each kind; the publication's own page has the rest.
SHOWN = 40
NOTHING_BEFORE = "Nothing was published about {} before the committee’s last meeting, so there is nothing to compare."


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
        if found:
            yield _dates(label, found) if kind == DATES else _moves(label, found)
        if len(found) > SHOWN:
            yield f"{label}: the {SHOWN} worst of {len(found):,} are shown. The publication has all (see the sources)."


def _moves(label: str, found: tuple[Changed, ...]) -> Table:
    return Table(
        f"{label}: {len(found):,}",
        ("Commitment", "Where", "Was", "Now", "Why"),
        tuple(_move(changed) for changed in found[:SHOWN]),
        (30, 14, 12, 12, 32),
    )


def _move(changed: Changed) -> tuple[Cell, ...]:
    standing = changed.standing
    was: Cell = changed.was or "Not there"
    return named(standing), standing.where, was, standing.status, standing.sentence


def _dates(label: str, found: tuple[Changed, ...]) -> Table:
    return Table(
        f"{label}: {len(found):,}",
        ("Commitment", "Where", "From and to", "Reason"),
        tuple(
            (named(changed.standing), changed.standing.where, _from_to(date), date.reason)
            for changed in found[:SHOWN]
            for date in changed.dates
        ),
        (30, 14, 28, 28),
    )


def _from_to(date: DateLine) -> str:
    return f"{date.what}: from {day_in_words(date.old_on)} to {day_in_words(date.new_on)}"
