"""The judge of the rooms: imports go up the table, never down; only the edges look at the clock.

Every module has a rank (room, app), rooms first. It may import only modules of a lower rank, so no two modules can
import each other, and a view may read any app while a model may not.
"""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
APPS = ("systems", "commitments", "engagement", "ltp_portal")

# From the ground up. Modules of one line share a rank's place and still may not import each other in a ring.
ROOMS = (
    "choices",
    "permissions",
    "measures",
    "sentences",
    "forecast",
    "spc",
    "signals",
    "rules",
    "comparison",
    "workdays",
    "duties",
    "arrays",
    "models",
    "measurements",
    "evidence",
    "locks",
    "coverage",
    "batches",
    "recompute",
    "runs",
    "outbox",
    "jobs",
    "sheets",
    "packs",
    "tasks",
    "actions",
    "loading",
    "demo",
    "filters",
    "tables",
    "forms",
    "charts",
    "presenters",
    "views",
    "urls",
)
# Django's own places, which nothing of ours imports.
OUTSIDE = {"__init__", "apps", "admin", "migrations", "management", "templatetags"}
CLOCK_READERS = {"views", "tasks", "management"}


def modules(apps=APPS[:3]) -> list[Path]:
    return sorted(path for app in apps for path in (ROOT / app).rglob("*.py"))


def room_of(dotted: str) -> str:
    parts = dotted.split(".")
    return parts[1] if len(parts) > 1 else "__init__"


def rank_of(dotted: str) -> tuple[int, int]:
    return ROOMS.index(room_of(dotted)), APPS.index(dotted.split(".")[0])


def dotted_name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imports(source: str) -> set[str]:
    """Every module of ours that this source names in an import, wherever it stands."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= (
                {f"{node.module}.{alias.name}" for alias in node.names} if "." not in node.module else {node.module}
            )
    return {name for name in found if name.split(".")[0] in APPS}


def broken_laws(name: str, source: str) -> list[str]:
    """What a module of one of the three apps does that it may not."""
    room = room_of(name)
    if room in OUTSIDE:
        return []
    if room not in ROOMS:
        return [f"{name}: no room is called {room}"]
    broken = []
    for imported in sorted(imports(source)):
        other = room_of(imported)
        if imported == "ltp_portal.clock":
            if room not in CLOCK_READERS:
                broken.append(f"{name} looks at the clock")
        elif imported.split(".")[0] == "ltp_portal":
            if ROOMS.index(room) < ROOMS.index("filters"):
                broken.append(f"{name} imports {imported}: the shell is above it")
        elif (imported.split(".")[0], other) == (name.split(".")[0], room):
            continue
        elif other not in ROOMS or rank_of(imported) >= rank_of(name):
            broken.append(f"{name} imports {imported}: not below it")
    if any(clock in source for clock in ("date.today(", "datetime.now(", "timezone.now(", "localdate(")):
        broken.append(f"{name} reads a clock of its own")
    return broken


@pytest.mark.parametrize("path", modules(), ids=dotted_name)
def test_each_module_keeps_to_its_room(path):
    assert broken_laws(dotted_name(path), path.read_text()) == []


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("commitments.rules", "from commitments.models import Delivery"),
        ("commitments.models.facts", "from commitments.tasks import recompute_due"),
        ("systems.models.people", "from commitments.models import Delivery"),
        ("commitments.recompute", "from ltp_portal.clock import today"),
        ("commitments.recompute", "import datetime as dt\n\n\ndef run(today=dt.date.today()): ..."),
        ("commitments.helpers", ""),
        ("commitments.presenters", "def f():\n    from commitments.views import reports"),
    ],
)
def test_the_judge_condemns_what_is_wrong(name, source):
    assert broken_laws(name, source)


def test_no_import_hides_in_a_function():
    hidden = [
        f"{dotted_name(path)}:{node.lineno}"
        for path in modules(APPS)
        for function in ast.walk(ast.parse(path.read_text()))
        if isinstance(function, ast.FunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]

    assert hidden == []


def test_nothing_refers_to_this_machine():
    texts = [path for path in modules(APPS) if "/work/" in path.read_text() or "../shared" in path.read_text()]

    assert texts == []
