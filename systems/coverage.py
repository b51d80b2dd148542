"""How far the networks of an area are by one framework: pure sums of what was counted, and the sentence for them."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from systems.sentences import share_in_words


class Headline(NamedTuple):
    """How many networks, and their people, have reached the lowest rung that is a step up, in all domains."""

    networks: int
    people: int
    of_networks: int
    of_people: int
    assessed: int
    in_words: str


def headline(rows: Sequence[tuple], rungs: Mapping[int, str]) -> Headline:
    """ "19 of 35 PCNs at step 1 or above, 54% of patients". `rows`: those of `covered`, less the framework."""
    ordinal = next((ordinal for ordinal in sorted(rungs) if ordinal > 0), max(rungs))
    at = [row for row in rows if row[1] == ordinal]
    number, people, total, everybody, judged = (sum(row[place] for row in at) for place in range(2, 7))
    what = "with all of it in place" if len(rungs) == 1 else f"at {rungs[ordinal]} or above"
    share = f", {share_in_words(people, everybody)} of patients" if everybody else ""
    return Headline(number, people, total, everybody, judged, f"{number:,} of {total:,} PCNs {what}{share}")
