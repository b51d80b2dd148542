"""How a page finds what it is about: within the reader's scope or 404, then by the permission table or 403."""

import datetime as dt
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse

from commitments.choices import TOLD_REPORT_STATES
from commitments.duties import month_owed
from commitments.models import Delivery, ReportingPeriod
from ltp_portal import unsent
from systems.models import User
from systems.permissions import Action, Located, may
from systems.tables.base import ROWS_A_PAGE


def require(user: User, action: Action, thing: Located) -> None:
    """Refuses what this person sees but may not do."""
    if not may(user, action, thing):
        raise PermissionDenied


def delivery_for(request, pk: int, action: Action) -> Delivery:
    """A delivery that this person sees (else 404) and may do this to (else 403)."""
    delivery = get_object_or_404(Delivery.objects.visible_to(request.user).for_list(), pk=pk)
    require(request.user, action, delivery)
    return delivery


def month_for(request, delivery: Delivery, months: Sequence[ReportingPeriod]) -> ReportingPeriod | None:
    """The open month this request is about: the one it names, else the one that is owed, else the newest.

    None where none is open, or where the one it names is not.
    """
    with suppress(ValueError):
        return month_named(request, months)
    told = delivery.reports.filter(state__in=TOLD_REPORT_STATES).values_list("period_id", flat=True).first()
    return month_owed(months, told) or (months[-1] if months else None)


def month_named(request, months: Sequence[ReportingPeriod]) -> ReportingPeriod | None:
    """Of the open months the one this request names, None where that one is not open.

    Raises ValueError where it names none.
    """
    sent = request.POST or unsent.kept(request) or {}
    named = dt.date.fromisoformat(sent.get("period") or request.GET.get("month", ""))
    return next((month for month in months if month.pk == named), None)


def is_here_for_all(user: User) -> bool:
    """Whether all that this person may report on is theirs to do: they lead nothing of it, and sign nothing off."""
    return not user.paths_for(Action.SIGN_OFF) and not Delivery.objects.visible_to(user).filter(lead=user).exists()


def people_who_may(action: Action, thing: Located, day: dt.date) -> QuerySet[User]:
    """Everybody who may do this here on this day, by name."""
    return people_who_may_somewhere(action, [thing], day)


def people_who_may_somewhere(action: Action, things: Iterable[Located], day: dt.date) -> QuerySet[User]:
    """Everybody who may do this to at least one of these things on this day, by name."""
    return User.objects.who_may(action, things, day)


def pages_of(request, found: QuerySet | Sequence, field: str) -> dict[str, Any]:
    """What was found, a page at a time, as `_components/pagination.html` takes it; `field` names it in the address."""
    paginator = Paginator(found, ROWS_A_PAGE)
    return {"page": paginator.get_page(request.GET.get(field)), "paginator": paginator, "prefixed_page_field": field}


def crumbs_to(delivery: Delivery) -> list[tuple[str, str]]:
    """The way from the list to the page of this delivery."""
    return [
        ("Deliveries", reverse("commitments:deliveries")),
        (str(delivery), reverse("commitments:delivery", args=[delivery.pk])),
    ]
