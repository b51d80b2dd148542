"""A paper as a page: its cover block, and numbered sections with numbered paragraphs."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from commitments.sentences import day_in_words
from engagement.models import Meeting, Paper


@dataclass(frozen=True, slots=True)
class Section:
    """A numbered heading with its paragraphs, numbered 2.1, 2.2 and so on."""

    number: int
    heading: str
    paragraphs: list[tuple[str, str]]


def cover(paper: Paper, meeting: Meeting) -> list[tuple[str, str]]:
    """The title block, as councils print it."""
    return [
        ("Title of meeting", meeting.committee.name),
        ("Date of meeting", day_in_words(meeting.held_on)),
        ("Agenda item", str(paper.item)),
        ("Subject", paper.title),
        ("Report by", paper.report_by),
        ("Wards affected", paper.wards_affected),
        ("Issued", day_in_words(paper.issued_on) if paper.issued_on else "Draft, not issued"),
        *([("Source", paper.source)] if paper.source else []),
    ]


def sections(paper: Paper) -> list[Section]:
    """What the paper says, section by section; those without words are left out."""
    said = [(heading, _paragraphs(text)) for heading, text in _parts(paper)]
    return [
        Section(number, heading, [(f"{number}.{n}", words) for n, words in enumerate(paragraphs, 1)])
        for number, (heading, paragraphs) in enumerate(((h, p) for h, p in said if p), 1)
    ]


def _parts(paper: Paper) -> Iterator[tuple[str, str]]:
    yield "Purpose", paper.purpose
    yield "Recommendations", f"The committee is asked to {paper.asked_to}" if paper.asked_to else ""
    yield "Report", paper.body
    if paper.is_for_decision:
        yield "Equality impact", paper.equality_impact
        yield "Legal comments", paper.legal_comments
        yield "Finance comments", paper.finance_comments


def _paragraphs(text: str) -> list[str]:
    return [words.strip() for words in re.split(r"\n\s*\n", text) if words.strip()]


def missing(paper: Paper) -> list[str]:
    """In words, what a paper for a decision still lacks before it can be issued."""
    return [name.replace("_", " ") for name in paper.missing_comments()]
