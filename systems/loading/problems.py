"""What is wrong with a file, said so that the person who edits it finds the place."""

from dataclasses import dataclass, field

# Enough to see what kind of mistake it is; a shifted column makes thousands.
MOST_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong: the file, the row as a spreadsheet numbers it, the column, the reason."""

    file: str
    reason: str
    row: int | None = None
    column: str = ""

    def __str__(self) -> str:
        place = [self.file]
        if self.row:
            place.append(f"row {self.row}")
        if self.column:
            place.append(f"column {self.column}")
        return f"{', '.join(place)}: {self.reason}"


class Refused(Exception):
    """The files are wrong, and nothing of them was loaded."""

    def __init__(self, problems: list[Problem]):
        super().__init__(problems)
        self.problems = problems

    def __str__(self) -> str:
        lines = [str(problem) for problem in self.problems[:MOST_SHOWN]]
        if len(self.problems) > MOST_SHOWN:
            lines.append(f"and {len(self.problems) - MOST_SHOWN} more.")
        return "\n".join(lines)


@dataclass(slots=True)
class Problems:
    """Collects what is wrong, so that all of it is told at once."""

    found: list[Problem] = field(default_factory=list)

    def add(self, file: str, reason: str, *, row: int | None = None, column: str = "") -> None:
        self.found.append(Problem(file, reason, row, column))

    def refuse_if_any(self) -> None:
        if self.found:
            raise Refused(self.found)
