"""The menu at the top of each page, by what a person may do."""

from systems.permissions import Action

LANDING = ("Start page", "/")
MY_WORK = ("My work", "/my-work/")
PUBLISHED = ("Published", "/published/")
COMMITMENTS = ("Commitments", "/commitments/")
WORKING = (("Systems", "/systems/"), COMMITMENTS, ("Deliveries", "/deliveries/"))
COMMITTEES = ("Committees", "/committees/")
FOLLOWING = ("What I follow", "/following/")
SPREADSHEET = ("Spreadsheet", "/my-work/spreadsheet/")
SIGN_OFF = ("Sign-off", "/sign-off/")
RUNS = ("Recompute runs", "/runs/")
AUDIT = ("Audit log", "/audit/")
EXPLAINED = ("How status works", "/how-status-works/")


def navigation_for(request) -> list[dict]:
    """Nothing for who is not signed in: what anyone may read stands in the footer."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    items = [MY_WORK, SPREADSHEET] if user.paths_for(Action.REPORT) else [LANDING]
    working = bool(user.paths_for(Action.READ_POSITIONS))
    items += [*WORKING, PUBLISHED, COMMITTEES] if working else [PUBLISHED, COMMITMENTS, COMMITTEES, FOLLOWING]
    if user.paths_for(Action.SIGN_OFF):
        items.append(SIGN_OFF)
    if user.is_staff:
        items += [RUNS, AUDIT]
    items.append(EXPLAINED)
    # Of two entries that lead here, the one that leads nearer.
    here = max((href for _, href in items if request.path.startswith(href)), key=len, default="")
    return [
        {"text": text, "href": href, "current": _current(request.path, href) if href == here else ""}
        for text, href in items
    ]


def _current(path: str, href: str) -> str:
    """The value of aria-current: this very page, or a page below it."""
    if path == href:
        return "page"
    return "true" if href != "/" and path.startswith(href) else ""
