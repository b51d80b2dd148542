"""When a status that a worker computes will be there."""

from ltp_portal.clock import today
from ltp_portal.health import is_behind

SOON = "within a minute"
LATER = "later: background work is held up at the moment, and catches up by itself"


def when_it_follows() -> str:
    """Ends a sentence that begins with "The status follows". Asked before anything is written or locked."""
    return LATER if is_behind(today()) else SOON
