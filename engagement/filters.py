"""What the list of recommendations can be narrowed by. Each choice is a word of the address."""

import datetime as dt

import django_filters as filters
from django.db.models import Q, QuerySet

from commitments.filters import FilterForm, FromCodes, FromList
from engagement.choices import AskKind, AskState
from engagement.models import Committee, Recommendation
from systems.models import Footprint


def _committees_in_sight(request) -> QuerySet[Committee]:
    return Committee.objects.visible_to(request.user)


def _systems_in_sight(request) -> QuerySet[Footprint]:
    """The systems to which something was addressed that this person sees."""
    seen = Recommendation.objects.visible_to(request.user)
    return Footprint.objects.filter(pk__in=seen.order_by().values("system"))


class RecommendationFilter(filters.FilterSet):
    """By committee, system, state and words."""

    committee = FromCodes(
        label="Committee", field_name="meeting__committee", queryset=_committees_in_sight, to_field_name="slug"
    )
    system = FromCodes(label="System", queryset=_systems_in_sight)
    state = FromList(label="State", choices=AskState.choices)
    kind = FromList(label="Kind", choices=AskKind.choices)
    mine = FromList(label="To answer", choices=[("1", "By my system")], method="that_are_mine")
    q = filters.CharFilter(label="Words in what was asked", method="with_words", max_length=100)
    overdue = FromList(label="Answer due", choices=[("1", "Overdue")], method="that_are_overdue")

    class Meta:
        model = Recommendation
        form = FilterForm
        fields: list[str] = []

    def __init__(self, *args, today: dt.date, **kwargs):
        self.today = today
        super().__init__(*args, **kwargs)

    def with_words(self, rows: QuerySet, name: str, words: str) -> QuerySet:
        return rows.filter(Q(wording__icontains=words) | Q(reference__icontains=words))

    def that_are_mine(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.addressed_to(self.request.user)  # type: ignore[attr-defined]

    def that_are_overdue(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.overdue(self.today)  # type: ignore[attr-defined]
