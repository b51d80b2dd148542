"""The sentences that reports are put together from: fixtures/demo/phrases.json, by theme."""

import json
from pathlib import Path
from typing import Any

Phrases = dict[str, dict[str, Any]]

_ANY = "every theme"


def read_phrases(folder: Path) -> Phrases:
    return json.loads((folder / "phrases.json").read_text(encoding="utf-8"))


def of_theme(phrases: Phrases, theme: str) -> dict[str, Any]:
    """What is said in one theme: doing, next, trouble (reason and path), steps."""
    return phrases[theme]


def of_any(phrases: Phrases, occasion: str) -> list[str]:
    """What is said on an occasion in whatever theme."""
    return phrases[_ANY][occasion]


def not_applicable_reasons(phrases: Phrases, level: str) -> list[str]:
    return phrases[_ANY]["not applicable"][level]
