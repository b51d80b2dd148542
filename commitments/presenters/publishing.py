"""What an approver checks before they publish."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from commitments.choices import Status
from commitments.presenters.links import deliveries_href
from systems.models import Footprint


@dataclass(frozen=True, slots=True)
class Check:
    """One thing to look at: how many, what it means for who reads it, and where they are."""

    name: str
    count: int
    means: str
    href: str


def checks(
    system: Footprint,
    *,
    missing: int,
    late: int,
    waiting: int,
    unfinished: int,
    contradicted: int,
    grace: int,
    failing: int,
    unreported: int,
) -> Sequence[Check]:
    """All of it, what is missing first."""
    periods = reverse("commitments:periods", args=[system.code])

    def listed(**filters: str | Sequence[str]) -> str:
        return deliveries_href(system=system.code, **filters)

    return (
        Check("No report", missing, "They are published with their latest report, or as not reported.", periods),
        Check("Awaiting sign-off", waiting, "Not signed off, so not published.", reverse("commitments:sign_off")),
        Check("Draft or returned", unfinished, "Not signed off, so not published.", periods),
        Check("Late", late, "Submitted after the day they were due.", periods),
        Check(
            "Contradicted",
            contradicted,
            f"Published as “reported green, but …”. {grace:,} of them {'is' if grace == 1 else 'are'} left out: "
            "found within the last 2 working days, which are their owner’s.",
            listed(contradiction="1"),
        ),
        Check(
            "Missed or off track",
            failing,
            "Shown first, each with its path to green.",
            listed(status=[Status.MISSED, Status.OFF_TRACK]),
        ),
        Check("Not reported", unreported, "Nothing can be said of them.", listed(status=Status.NOT_REPORTED)),
    )
