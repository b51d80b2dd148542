"""What the lists can be narrowed by. Each choice is a word of the address, so a view can be sent to a colleague."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, cast

import django_filters as filters
from django import forms
from django.db.models import Q, QuerySet

from commitments.choices import (
    FOOTPRINT_LEVEL,
    LOCAL_LEVELS,
    PARTS_OF_A_DELIVERY,
    DeadlineKind,
    DeliveryLevel,
    Freshness,
    LifeStage,
    NextMilestone,
    Part,
    Room,
    RunState,
    Status,
    Trigger,
)
from commitments.choices import ThemeClass as Class
from commitments.models import (
    Commitment,
    Delivery,
    Publication,
    PublishedCommitment,
    PublishedFootprint,
    PublishedPosition,
    PublishedTheme,
    Run,
    Theme,
)
from commitments.models.compared import once_each
from commitments.models.facts import lacking
from commitments.models.published import PublishedRow
from commitments.models.standing import having_room, next_milestone_is
from systems.choices import Level, Verified
from systems.models import Footprint
from systems.sentences import day_in_words

ANY = "Any"
# The levels of the map at which something can be delivered.
LEVELS = [(level.value, level.label) for level in Level if level in {*FOOTPRINT_LEVEL.values(), *LOCAL_LEVELS}]
OWN_PARTS = [(part.value, part.label) for part in PARTS_OF_A_DELIVERY]


def _systems_in_sight(request) -> QuerySet[Footprint]:
    """The systems this person sees all or part of."""
    seen = Footprint.objects.visible_to(request.user)
    return Footprint.objects.filter(pk__in=seen.order_by().values("system")).only("code", "name")


def _places_in_sight(request) -> QuerySet[Footprint]:
    return Footprint.objects.visible_to(request.user).places().only("code", "name")


class FilterForm(forms.Form):
    """A form of which all may be left out, so no label says so."""

    all_optional = True

    def in_use(self) -> str:
        """What narrows the list: "status: Missed, Off track; theme: Cancer". Empty where nothing does, or an error."""
        if not self.is_valid():
            return ""
        chosen = ((self.fields[name], self.cleaned_data[name]) for name in self.changed_data)
        return "; ".join(f"{str(field.label).lower()}: {_in_words(field, value)}" for field, value in chosen)


def _in_words(field: forms.Field, value: Any) -> str:
    if isinstance(value, dt.date):
        return day_in_words(value)
    labels: dict[str, str] = {}
    if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
        labels = dict(cast(Iterable[tuple[str, str]], field.choices))
    return ", ".join(str(labels.get(one, one)) for one in (value if isinstance(value, list) else [value]))


class FromList(filters.ChoiceFilter):
    """One of a list of words."""

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("empty_label", ANY)
        super().__init__(*args, **kwargs)
        self.extra["error_messages"] = {"invalid_choice": f"{self.label}: select one that is listed"}


class FromCodes(filters.ModelChoiceFilter):
    """One of several rows, named in the address by its code."""

    def __init__(self, *args, **kwargs):
        kwargs = {"to_field_name": "code", "empty_label": ANY} | kwargs
        super().__init__(*args, **kwargs)
        self.extra.setdefault("error_messages", {"invalid_choice": f"{self.label}: select one that is listed"})


class CommitmentFilter(filters.FilterSet):
    """The catalogue's filters."""

    q = filters.CharFilter(label="Words in the title or code", method="with_words", max_length=100)
    theme_class = FromList(label="Class", field_name="theme__theme_class", choices=Class.choices)
    theme = FromCodes(label="Theme", queryset=Theme.objects.all())
    level = FromList(label="Level", field_name="delivery_level", choices=DeliveryLevel.choices)
    deadline_kind = FromList(label="Kind of deadline", choices=DeadlineKind.choices)
    life_stage = FromList(label="Life stage", choices=LifeStage.choices)
    verified = FromList(label="Source", choices=Verified.choices)

    class Meta:
        model = Commitment
        form = FilterForm
        fields: list[str] = []

    def with_words(self, rows: QuerySet, name: str, words: str) -> QuerySet:
        return rows.filter(Q(title__icontains=words) | Q(code__icontains=words) | Q(description__icontains=words))


class DeliveryFilter(filters.FilterSet):
    """The deliveries' filters. A place stands for itself and everything below it, and so does a system."""

    q = filters.CharFilter(label="Words in the commitment or footprint", method="with_words", max_length=100)
    system = FromCodes(label="System", field_name="footprint__system", queryset=_systems_in_sight)
    place = FromCodes(label="Place", field_name="footprint__place", queryset=_places_in_sight)
    theme_class = FromList(label="Class", field_name="commitment__theme__theme_class", choices=Class.choices)
    theme = FromCodes(label="Theme", field_name="commitment__theme", queryset=Theme.objects.all())
    commitment = FromCodes(
        label="Commitment code",
        queryset=Commitment.objects.all(),
        widget=forms.TextInput,
        error_messages={"invalid_choice": "Enter the code of a commitment, such as LTP3-MH-13"},
    )
    level = FromList(label="Level", field_name="footprint__level", choices=LEVELS)
    freshness = FromList(label="Latest report", field_name="position__freshness", choices=Freshness.choices)
    headroom = FromList(label="Headroom", choices=Room.choices, method="with_room")
    milestone = FromList(label="Next milestone", choices=NextMilestone.choices, method="with_milestone_due")
    contradiction = FromList(label="Evidence", choices=[("1", "Contradicts the report")], method="contradicted")
    missing = FromList(label="Missing", choices=OWN_PARTS, method="without")
    status = filters.MultipleChoiceFilter(
        label="Status",
        field_name="position__status",
        choices=Status.choices,
        distinct=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Status: select one that is listed"},
    )

    class Meta:
        model = Delivery
        form = FilterForm
        fields: list[str] = []

    def __init__(self, *args, today: dt.date, **kwargs):
        self.today = today
        super().__init__(*args, **kwargs)

    def with_words(self, rows: QuerySet, name: str, words: str) -> QuerySet:
        return rows.filter(
            Q(commitment__title__icontains=words)
            | Q(commitment__code__icontains=words)
            | Q(footprint__name__icontains=words)
        )

    def with_room(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(having_room(Room(value), "position__"))

    def with_milestone_due(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(next_milestone_is(NextMilestone(value), self.today, "position__"))

    def without(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(lacking(Part(value)), is_applicable=True)

    def contradicted(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.exclude(position__contradiction="")


class EntiretyFilter(filters.FilterSet):
    """Which commitments of a system's check are shown. Expects by part which commitments lack it somewhere."""

    theme_class = FromList(label="Class", field_name="theme__theme_class", choices=Class.choices)
    theme = FromCodes(label="Theme", queryset=Theme.objects.all())
    missing = FromList(label="Missing", choices=Part.choices, method="with_hole")

    class Meta:
        model = Commitment
        form = FilterForm
        fields: list[str] = []

    def __init__(self, *args, holes: Mapping[Part, Collection[int]], **kwargs):
        self.holes = holes
        super().__init__(*args, **kwargs)

    def with_hole(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(pk__in=self.holes[Part(value)])


class FromPublished(FromCodes):
    """One of the rows of several publications, each of which has one of its own with the code."""

    def filter(self, rows: QuerySet, value: PublishedRow | None) -> QuerySet:
        return super().filter(rows, value and value.code)  # type: ignore[attr-defined]


class PublishedFilter(filters.FilterSet):
    """The filters of what was published: the words of the publications themselves.

    Expects them, with their systems where there are several, and the places that are listed.
    """

    system = FromList(label="System", field_name="publication__system__code")
    place = FromPublished(label="Borough or place", field_name="footprint__place__code", queryset=None)
    theme_class = FromList(label="Class", field_name="commitment__theme__theme_class", choices=Class.choices)
    theme = FromPublished(label="Theme", field_name="commitment__theme__code", queryset=None)
    commitment = FromPublished(
        label="Commitment code",
        field_name="commitment__code",
        queryset=None,
        widget=forms.TextInput,
        error_messages={"invalid_choice": "Enter the code of a commitment, such as LTP3-MH-13"},
    )
    freshness = FromList(label="Latest report", choices=Freshness.choices)
    contradiction = FromList(label="Evidence", choices=[("1", "Contradicts the report")], method="contradicted")
    status = filters.MultipleChoiceFilter(
        label="Status",
        choices=Status.choices,
        distinct=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Status: select one that is listed"},
    )

    class Meta:
        model = PublishedPosition
        form = FilterForm
        fields: list[str] = []

    def __init__(self, *args, publications: Sequence[Publication], places: QuerySet[PublishedFootprint], **kwargs):
        super().__init__(*args, **kwargs)
        if len(publications) > 1:
            named = [(one.system.code, one.system_short_name) for one in publications]
            self.filters["system"].extra["choices"] = named
        else:
            del self.filters["system"]
        self.filters["place"].queryset = places
        self.filters["theme"].queryset = once_each(PublishedTheme, publications)
        self.filters["commitment"].queryset = once_each(PublishedCommitment, publications)

    def contradicted(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.exclude(contradiction="")


class RunFilter(filters.FilterSet):
    """The filters of the list of runs."""

    trigger = FromList(label="Begun by", choices=Trigger.choices)
    state = FromList(label="State", choices=RunState.choices)

    class Meta:
        model = Run
        form = FilterForm
        fields: list[str] = []


class PastDeliveryFilter(DeliveryFilter):
    """The same of deliveries as they stood on a day. The log knows nothing that stood beside a status."""

    freshness = None  # type: ignore[assignment]
    headroom = None  # type: ignore[assignment]
    milestone = None  # type: ignore[assignment]
    contradiction = None  # type: ignore[assignment]
    missing = None  # type: ignore[assignment]
    status = filters.MultipleChoiceFilter(
        label="Status",
        field_name="then_status",
        choices=Status.choices,
        distinct=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Status: select one that is listed"},
    )
