"""What a committee's pages say of what was published."""

import datetime as dt
from dataclasses import dataclass

from commitments.models import Publication


@dataclass(frozen=True, slots=True)
class Since:
    """A system's latest publication, and the one that was current at the last meeting, if there was one."""

    system: str
    held_on: dt.date
    latest: Publication
    before: Publication | None
    href: str

    @property
    def is_new(self) -> bool:
        """Whether something was published since."""
        return self.before != self.latest


def opinion_counts(lodged: int, replied: int) -> str:
    """How many second opinions there are, and how many the systems answered."""
    if not lodged:
        return "No second opinion has been lodged."
    opinions = "second opinion" if lodged == 1 else "second opinions"
    return f"{lodged:,} {opinions} lodged, {lodged - replied:,} without a reply of the system."
