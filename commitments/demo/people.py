"""The demonstration's people: invented, plainly marked, and unable to sign in once the demonstration is off."""

import csv
import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from random import Random

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX, check_password, make_password

from commitments.demo.timetable import FIRST_DAY
from systems.choices import Role
from systems.models import Footprint, Membership, Representative, User

ADMIN = "admin"
# Who speaks for a body and has no role in a footprint.
REPRESENTATIVE = "representative"


@dataclass(frozen=True, slots=True)
class Cast:
    """Who does what in one system."""

    manager: User
    approver: User
    leads: tuple[User, ...]
    # By the code of the place they report for.
    reporters: dict[str, User]

    def reporter_of(self, place: str | None) -> User:
        """A place's own reporter; the programme manager for the system itself."""
        return self.reporters.get(place or "", self.manager)

    def lead_of(self, theme: str, commitment: str, footprint: str, place: str | None) -> User:
        """Three leads share a theme; some of it is led by whoever reports, most of it for the system itself."""
        three = Random(f"2019:leads:{theme}").sample(self.leads, 3)  # noqa: S311 - a story, not a secret
        lead = Random(f"2019:lead:{theme}:{footprint}").choice(three)  # noqa: S311 - a story, not a secret
        dice = Random(f"2019:reporter leads:{commitment}:{footprint}")  # noqa: S311 - a story, not a secret
        return self.reporter_of(place) if dice.random() < (0.3 if place else 0.6) else lead


def make_people(folder: Path, password: str) -> dict[str, Cast]:
    """Makes the accounts that are missing, with their memberships; returns each system's people by its code."""
    footprints = Footprint.objects.select_related("system").in_bulk(field_name="code")
    found: dict[str, dict[str, dict[str, User]]] = defaultdict(lambda: defaultdict(dict))
    for row in read_people(folder):
        user = _account(row, password)
        if row["role"] in (ADMIN, REPRESENTATIVE):
            continue
        footprint = footprints[row["footprint"]]
        assert footprint.system is not None
        Membership.objects.get_or_create(user=user, footprint=footprint, role=row["role"], starts_on=FIRST_DAY)
        found[footprint.system.code][row["role"]][f"{footprint.code} {row['email']}"] = user
    return {system: _cast(people) for system, people in found.items()}


def read_people(folder: Path) -> list[dict[str, str]]:
    with (folder / "people.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def accounts_that_sign_in(today: dt.date) -> list[tuple[str, str, str]]:
    """(what they are, where, e-mail address) of each demonstration account that has a password."""
    able = User.objects.filter(is_demo=True, is_active=True).exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX)
    held = Membership.objects.current(today).filter(user__in=able).select_related("user", "footprint")
    accounts = [(m.get_role_display(), m.footprint.name, m.user.email) for m in held]
    spoken_for = Representative.objects.current(today).filter(user__in=able).select_related("user", "organisation")
    accounts += [("Representative", r.organisation.name, r.user.email) for r in spoken_for]
    accounts += [("Admin", "everywhere", user.email) for user in able if user.is_staff]
    return sorted(accounts, key=lambda account: (account[1], account[0]))


def give_password(password: str) -> None:
    """Gives the demonstration accounts that sign in this password, where it is not theirs already."""
    able = User.objects.filter(is_demo=True).exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX)
    first = able.first()
    if first is not None and not check_password(password, first.password):
        able.update(password=make_password(password))


def _account(row: dict[str, str], password: str) -> User:
    user = User.objects.filter(email=row["email"]).first()
    return user or User.objects.create_user(
        row["email"],
        password if row["signs_in"] == "yes" else None,
        name=row["name"],
        job_title=row["job_title"],
        is_staff=row["role"] == ADMIN,
        is_demo=True,
    )


def _cast(people: dict[str, dict[str, User]]) -> Cast:
    return Cast(
        manager=next(iter(people[Role.PROGRAMME_MANAGER].values())),
        approver=next(iter(people[Role.APPROVER].values())),
        leads=tuple(user for key, user in people[Role.VIEWER].items() if " lead" in key),
        reporters={key.split()[0]: user for key, user in people[Role.REPORTER].items()},
    )
