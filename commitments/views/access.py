"""How a page finds what it is about: within the reader's scope or 404, then by the permission table or 403."""

import datetime as dt
import re
from collections.abc import Iterable
from itertools import accumulate
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse

from commitments.models import Delivery
from commitments.tables import ROWS_A_PAGE
from systems.models import Membership, User
from systems.permissions import ALLOWED, Action, Located, may


def require(user: User, action: Action, thing: Located) -> None:
    """Refuses what this person sees but may not do."""
    if not may(user, action, thing):
        raise PermissionDenied


def delivery_for(request, pk: int, action: Action) -> Delivery:
    """A delivery that this person sees (else 404) and may do this to (else 403)."""
    delivery = get_object_or_404(Delivery.objects.visible_to(request.user).for_list(), pk=pk)
    require(request.user, action, delivery)
    return delivery


def people_who_may(action: Action, thing: Located, day: dt.date) -> QuerySet[User]:
    """Everybody who may do this here on this day, by name."""
    return people_who_may_somewhere(action, [thing], day)


def people_who_may_somewhere(action: Action, things: Iterable[Located], day: dt.date) -> QuerySet[User]:
    """Everybody who may do this to at least one of these things on this day, by name."""
    above = {path for thing in things for path in accumulate(re.findall(r"[^/]*/", thing.path))}
    held = Membership.objects.current(day).filter(role__in=ALLOWED[action], footprint__path__in=above)
    return User.objects.filter(is_active=True, memberships__in=held).distinct()


def pages_of(request, found: QuerySet, field: str) -> dict[str, Any]:
    """What was found, a page at a time, as `_components/pagination.html` takes it; `field` names it in the address."""
    paginator = Paginator(found, ROWS_A_PAGE)
    return {"page": paginator.get_page(request.GET.get(field)), "paginator": paginator, "prefixed_page_field": field}


def crumbs_to(delivery: Delivery) -> list[tuple[str, str]]:
    """The way from the list to the page of this delivery."""
    return [
        ("Deliveries", reverse("commitments:deliveries")),
        (str(delivery), reverse("commitments:delivery", args=[delivery.pk])),
    ]
