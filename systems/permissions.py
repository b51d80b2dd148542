"""Who may do what: the one permission table. Code, tests and docs/permissions.md are made from it.

A membership gives a role in a footprint and everything below it, between two dates. Admins (staff accounts)
hold no role: they read everything, load the catalogue and manage people.
"""

from dataclasses import dataclass
from typing import Protocol

import rules
from django.db import models

from systems.choices import Role


class Action(models.TextChoices):
    """Something a person may be allowed to do in a footprint."""

    READ_PUBLISHED = "read_published", "Read what a system published"
    READ_POSITIONS = "read_positions", "Read working positions, maturity, reports, drafts and notes"
    REPORT = (
        "report",
        "Write a report or assessment, tick a milestone or action, enter an observation or a trajectory",
    )
    SET_LOCAL_PLAN = (
        "set_local_plan",
        "Set plans: lead, first dates, milestones, applicability, local level, improvements, engagement",
    )
    ASK_DEADLINE = "ask_deadline", "Ask for another local deadline"
    SIGN_OFF = "sign_off", "Sign off or return a report or an assessment, decide a deadline change (never one's own)"
    RUN_PERIODS = "run_periods", "Open, nudge and close a reporting period of a system"
    PUBLISH = "publish", "Publish a period of a system, or correct what was published"
    OPEN_TO_PUBLIC = "open_to_public", "Say whether everybody may read what a system publishes"
    ANSWER_COMMITTEES = (
        "answer_committees",
        "Answer what a committee asked of a system, show what was done, reply to second opinions",
    )


_READERS = frozenset({Role.VIEWER, Role.REPORTER, Role.PROGRAMME_MANAGER, Role.APPROVER})

ALLOWED: dict[Action, frozenset[Role]] = {
    Action.READ_PUBLISHED: _READERS | {Role.JHOSC_MEMBER},
    Action.READ_POSITIONS: _READERS,
    Action.REPORT: frozenset({Role.REPORTER, Role.PROGRAMME_MANAGER, Role.APPROVER}),
    Action.SET_LOCAL_PLAN: frozenset({Role.PROGRAMME_MANAGER, Role.APPROVER}),
    Action.ASK_DEADLINE: frozenset({Role.REPORTER, Role.PROGRAMME_MANAGER, Role.APPROVER}),
    Action.SIGN_OFF: frozenset({Role.APPROVER}),
    Action.RUN_PERIODS: frozenset({Role.APPROVER}),
    Action.PUBLISH: frozenset({Role.APPROVER}),
    Action.OPEN_TO_PUBLIC: frozenset({Role.APPROVER}),
    Action.ANSWER_COMMITTEES: frozenset({Role.PROGRAMME_MANAGER, Role.APPROVER}),
}

# What an admin may do everywhere.
ADMIN_ALLOWED = frozenset({Action.READ_PUBLISHED, Action.READ_POSITIONS, Action.OPEN_TO_PUBLIC})
# What is published may be read everywhere by whoever works in any system.
ALLOWED_EVERYWHERE: dict[Action, frozenset[Role]] = {Action.READ_PUBLISHED: _READERS}

# The path of every footprint begins so: England is the root.
EVERYWHERE = ""


@dataclass(frozen=True, slots=True)
class Grant:
    """One role in one footprint, named by the footprint's path, so that all below it begins with the same text."""

    role: Role
    path: str


class Located(Protocol):
    """Anything that lies in one footprint."""

    @property
    def path(self) -> str: ...


def paths_for(action: Action, *, grants: tuple[Grant, ...], is_admin: bool) -> tuple[str, ...]:
    """The footprint paths below which `action` is allowed; empty where it is allowed nowhere."""
    if is_admin and action in ADMIN_ALLOWED:
        return (EVERYWHERE,)
    if any(grant.role in ALLOWED_EVERYWHERE.get(action, ()) for grant in grants):
        return (EVERYWHERE,)
    return tuple(sorted({grant.path for grant in grants if grant.role in ALLOWED[action]}))


def _allowed_where(action: Action) -> rules.predicates.Predicate:
    @rules.predicate(f"may_{action.value}")
    def allowed(user, thing: Located) -> bool:
        return user.is_authenticated and any(thing.path.startswith(path) for path in user.paths_for(action))

    return allowed


for _action in Action:
    rules.add_rule(_action.value, _allowed_where(_action))


def may(user, action: Action, thing: Located) -> bool:
    """Whether this person may do this to this thing. No account, superusers included, goes round the table."""
    return rules.test_rule(action.value, user, thing)
