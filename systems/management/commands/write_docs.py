"""Writes the pages of docs/ that are made from code; `--check` only says whether they are up to date."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from systems.choices import Role
from systems.permissions import ADMIN_ALLOWED, ALLOWED, ALLOWED_EVERYWHERE, Action

PAGE = Path("docs") / "permissions.md"
HEAD = """# Who may do what

Made from `systems/permissions.py` by `manage.py write_docs`; do not edit.

A membership gives a person a role in one footprint and everything below it, from one day to another. "Own" means
inside that footprint. What one may not see answers 404; what one may see but not do answers 403. Rights taken away
bite at the next request. Nobody signs off or returns their own report, or decides a deadline change they asked for:
the database refuses it too. Admins are staff accounts: they read everything, load the catalogue and manage people, and
hold no role.

Councillors (JHOSC members) read what was published and no working page: their own systems', whole, also where their
membership is of one borough of it.

"""

TAIL = """
## Committees

A seat on a committee, from one day to another, gives rights of its own; admins give seats. Members, vice-chairs,
chairs and officers read all that is the committee's: meetings, issued papers, recommendations and questions, answers
and evidence, and they may read what is published about the systems it scrutinises. Its chair and officers alone write
meetings, agendas, drafts of papers and recommendations, issue papers, and close what was asked or open it again.
Whoever reads the drafts of a system reads the pages of the committees that scrutinise it or a place in it. Everybody
else finds nothing there (404).

## Second opinions

Whoever sits on a committee, in whatever seat, may lodge another rating of a published position that concerns the
committee; so may who speaks for a Healthwatch or a council, from one day to another, which admins enter. What is
delivered in the body's footprints concerns it, and what is delivered by the whole system they lie in. Who speaks for
a body reads what its system published. Approvers and programme managers of the system reply, once. Opinions, their
evidence and replies are read by whoever reads the publication, without the names of people. Everybody with an account
may follow what they may read.
"""


def permissions_page() -> str:
    heads = ["", "Signed out", *Role.labels, "Admin"]
    rows = [
        [action.label, signed_out(action), *(where(role, action) for role in Role),
         "everywhere" if action in ADMIN_ALLOWED else "–"]
        for action in Action
    ]  # fmt: skip
    rows.append(["Load the catalogue and organisations, manage people", *["–"] * (len(Role) + 1), "yes"])
    lines = [heads, ["---"] * len(heads), *rows]
    return HEAD + "".join(f"| {' | '.join(cells)} |\n" for cells in lines) + TAIL


def signed_out(action: Action) -> str:
    return "where the system shows it to everybody" if action == Action.READ_PUBLISHED else "–"


def where(role: Role, action: Action) -> str:
    if role in ALLOWED_EVERYWHERE.get(action, ()):
        return "everywhere"
    return "own" if role in ALLOWED[action] else "–"


class Command(BaseCommand):
    help = "Writes the pages of docs/ that are made from code."

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when a page is out of date")

    def handle(self, *args, check, **options):
        page = settings.BASE_DIR / PAGE
        if check and (not page.exists() or page.read_text() != permissions_page()):
            raise CommandError(f"{PAGE} is out of date: run manage.py write_docs.")
        if not check:
            page.write_text(permissions_page())
            self.stdout.write(f"Wrote {PAGE}.")
