"""The files of maturity frameworks, in the order in which they refer to each other."""

import datetime as dt

from django.db.models import Q

from systems.loading.sheets import Sheet
from systems.locks import lock_systems
from systems.models import Criterion, Domain, Expectation, Footprint, Framework, MaturityLevel
from systems.recompute import open_positions, set_due
from systems.tasks import recompute_maturity

FRAMEWORKS = Sheet(
    file="maturity_frameworks.csv",
    model=Framework,
    key=("code",),
    fields=(
        "code",
        "name",
        "version",
        "kind",
        "level",
        "used_at_places",
        "footprint",
        "replaces",
        "ordinal",
        "source",
    ),
)

DOMAINS = Sheet(
    file="maturity_domains.csv",
    model=Domain,
    key=("framework", "name"),
    fields=("framework", "name", "ordinal"),
)

LEVELS = Sheet(
    file="maturity_levels.csv",
    model=MaturityLevel,
    key=("framework", "ordinal"),
    fields=("framework", "ordinal", "name"),
)

CRITERIA = Sheet(
    file="maturity_criteria.csv",
    model=Criterion,
    key=("code",),
    fields=("code", "domain", "level", "text", "due_on", "replaces", "source", "verified"),
    headers={"domain": ("framework", "domain"), "level": ("framework", "level")},
)

# Local ones, without a code, are the admins' own.
EXPECTATIONS = Sheet(
    file="maturity_expectations.csv",
    model=Expectation,
    key=("code",),
    fields=("code", "level", "domain", "criterion", "footprint_level", "due_on", "source"),
    headers={"level": ("framework", "level"), "domain": ("framework", "domain")},
    only=Q(code__isnull=False),
)

MATURITY_SHEETS = (FRAMEWORKS, DOMAINS, LEVELS, CRITERIA, EXPECTATIONS)


def refresh_maturity(today: dt.date) -> None:
    """Gives new domains and footprints their positions; any verdict may have changed, and a worker finds out which."""
    lock_systems(Footprint.objects.systems().order_by("pk").values_list("pk", flat=True))
    open_positions(today)
    set_due(today)
    recompute_maturity.delay_on_commit()
