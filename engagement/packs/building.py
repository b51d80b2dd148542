"""Builds the document from the facts. Pure: the same facts give the same document."""

import re
from collections.abc import Callable, Iterable, Iterator

from engagement.choices import INFORMATION_ONLY
from engagement.packs import changes, glossary, maturity, standing
from engagement.packs.document import Block, Document, Paragraph, Section, Table
from engagement.packs.facts import Asked, PackFacts, PublishedSystem
from systems.sentences import day_in_words

# Words of a block that is yet to be numbered.
Unnumbered = str | Block
# A heading, what stands below it, and whether it starts a page.
Part = tuple[str, Iterable[Unnumbered], bool]


def build(facts: PackFacts) -> Document:
    """The whole pack."""
    parts = [(heading, list(blocks), starts_page) for heading, blocks, starts_page in _sections(facts)]
    sources = ("Sources", list(_sources(facts)), False)
    explained = glossary.found_in(_document(facts, [*parts, sources]).texts())
    return _document(facts, [*parts, ("Abbreviations", list(_abbreviations(explained)), False), sources])


def _document(facts: PackFacts, parts: Iterable[Part]) -> Document:
    edition = f", edition {facts.edition}" if facts.edition > 1 else ""
    return Document(
        title=f"{facts.subject}: {facts.committee}, {day_in_words(facts.meeting_on)}{edition}",
        heading=facts.subject,
        banner=INFORMATION_ONLY,
        as_at="; ".join(f"{system.name} as at {day_in_words(system.as_at_on)}" for system in facts.systems),
        cover=tuple(_cover(facts)),
        sections=tuple(_numbered(n, *part) for n, part in enumerate(parts, 1)),
        notices=facts.notices,
    )


def _numbered(number: int, heading: str, blocks: Iterable[Unnumbered], starts_page: bool) -> Section:
    numbered: list[Block] = []
    paragraph = 0
    for block in blocks:
        if isinstance(block, str):
            paragraph += 1
            block = Paragraph(f"{number}.{paragraph}", block)
        numbered.append(block)
    return Section(number, heading, tuple(numbered), starts_page)


def _cover(facts: PackFacts) -> Iterator[tuple[str, str]]:
    yield "Title of meeting", facts.committee
    yield "Date of meeting", day_in_words(facts.meeting_on)
    yield "Agenda item", facts.agenda_item
    yield "Subject", facts.subject
    yield "Report by", facts.report_by
    yield "Wards affected", facts.wards_affected
    yield "Edition", f"{facts.edition}, made on {day_in_words(facts.made_on)}"


def _sections(facts: PackFacts) -> Iterator[Part]:
    yield "Purpose", _paragraphs(facts.purpose), False
    yield "Recommendations", [f"The committee is asked to {facts.asked_to.rstrip('.')}."], False
    yield "Summary", _each(facts, standing.summary), False
    yield "What has changed since the last meeting", _each(facts, changes.since_last_meeting), False
    yield "Exceptions: missed and off track", _each(facts, standing.exceptions), False
    if any(system.ladders for system in facts.systems):
        yield "Maturity", _each(facts, maturity.standing), False
    for system in facts.systems:
        for borough in system.boroughs:
            yield borough.name, standing.borough_page(system, borough), True
    yield "What the committee asked, and where it stands", _asked(facts.asked), True


def _each(facts: PackFacts, say: Callable[..., Iterator[Unnumbered]]) -> Iterator[Unnumbered]:
    """What is said of each system; where there are several, below its name."""
    for system in facts.systems:
        yield from say(system, is_one_of_several=len(facts.systems) > 1)


def _paragraphs(text: str) -> list[str]:
    return [" ".join(words.split()) for words in re.split(r"\n\s*\n", text) if words.strip()]


# --- What the committee asked -----------------------------------------------------------------------------


def _asked(asked: tuple[Asked, ...]) -> Iterator[Unnumbered]:
    if not asked:
        yield "The committee has recorded no recommendation and no question."
        return
    overdue = sum(ask.is_overdue for ask in asked)
    late = f" {overdue} {'is' if overdue == 1 else 'are'} overdue." if overdue else ""
    yield f"The committee follows {len(asked)} recommendations and questions.{late} Only the committee closes them."
    yield Table(
        "Recommendations and questions",
        ("Reference", "What was asked", "State", "The answer of the NHS"),
        tuple((_reference(ask), _wording(ask), _state(ask), _answer(ask)) for ask in asked),
        (16, 36, 18, 30),
    )


def _reference(ask: Asked) -> str:
    return f"{ask.reference}, {day_in_words(ask.asked_on)}"


def _wording(ask: Asked) -> str:
    again = f" Asked {ask.times} times." if ask.times > 1 else ""
    return f"{ask.kind} to {ask.to_whom}: {ask.wording}{again}"


def _state(ask: Asked) -> str:
    if ask.reply:
        return ask.state
    return f"{ask.state}. {'Overdue: was due' if ask.is_overdue else 'Due'} {day_in_words(ask.due_on)}."


def _answer(ask: Asked) -> str:
    return f"{ask.reply}. {ask.words} Seen to by: {ask.owner}." if ask.reply else "No answer yet"


# --- At the end -------------------------------------------------------------------------------------------


def _abbreviations(explained: dict[str, str]) -> Iterator[Unnumbered]:
    yield "What the abbreviations in this pack stand for."
    rows = tuple((short, meaning) for short, meaning in sorted(explained.items(), key=lambda row: row[0].lower()))
    yield Table("Abbreviations", ("Abbreviation", "What it stands for"), rows, (25, 75))


def _sources(facts: PackFacts) -> Iterator[Unnumbered]:
    yield (
        "Every status, date and number about commitments is from the publications below, and stands as it was "
        "published: nothing in this pack changes when the live figures do."
    )
    yield Table(
        "Publications",
        ("System and month", "As at", "Where to read it"),
        tuple(_publication(system) for system in facts.systems),
        (34, 20, 46),
    )
    yield (
        "What the committee asked, and the answers, are from the portal’s record of the committee as it stood on "
        f"{day_in_words(facts.made_on)}."
    )
    boroughs = (borough for system in facts.systems for borough in system.boroughs)
    populations = sorted({borough.population_basis for borough in boroughs} - {""})
    if populations:
        yield f"Populations: {'; '.join(populations)}."
    rows = {source.code: source for system in facts.systems for source in system.sources}
    if rows:
        yield Table(
            "Where the commitments named under the exceptions are printed",
            ("Commitment", "Deadline as printed", "Source"),
            tuple((source.code, source.deadline, source.source) for _, source in sorted(rows.items())),
            (18, 22, 60),
        )


def _publication(system: PublishedSystem) -> tuple[str, str, str]:
    named = f"{system.name}, {system.month}, edition {system.edition}"
    corrected = f". Corrected: {system.corrected_because}" if system.corrected_because else ""
    return named + corrected, day_in_words(system.as_at_on), system.address
