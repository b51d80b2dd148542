"""What was published, as the files of its lists hold it: one fact a cell."""

from collections.abc import Callable, Iterable, Mapping

import django_tables2 as tables

from commitments.models import PublishedPosition
from commitments.sentences import path_to_green
from systems.tables.base import ListTable


class PublishedTable(ListTable):
    """Published positions. Expects them in words, with their publications; `otherwise` is what others rate them as."""

    system = tables.Column(accessor="publication__system_name", verbose_name="System")
    as_at_on = tables.Column(accessor="publication__as_at_on", verbose_name="As at")
    code = tables.Column(accessor="commitment__code", verbose_name="Code")
    commitment = tables.Column(accessor="commitment__title", verbose_name="Commitment")
    theme = tables.Column(accessor="commitment__theme__name", verbose_name="Theme")
    theme_class = tables.Column(accessor="commitment__theme__get_theme_class_display", verbose_name="Class")
    footprint = tables.Column(accessor="footprint__name", verbose_name="Where")
    place = tables.Column(accessor="footprint__place__name", verbose_name="Borough or place")
    status = tables.Column(verbose_name="Status")
    sentence = tables.Column(verbose_name="Why")
    contradiction = tables.Column(verbose_name="What contradicts the report")
    path_to_green = tables.Column(empty_values=(), verbose_name="Path to green")
    reported_on = tables.Column(verbose_name="Latest report")
    deadline_on = tables.Column(verbose_name="National deadline")
    local_deadline_on = tables.Column(verbose_name="Local deadline")
    expected_on = tables.Column(verbose_name="Expected date")
    second_opinions = tables.Column(empty_values=(), verbose_name="Second opinions")
    file_name = "published-deliveries"

    def __init__(self, *args, otherwise: Callable[[list[PublishedPosition]], Mapping[int, Iterable]], **kwargs):
        super().__init__(*args, **kwargs)
        self._otherwise = otherwise
        self._of: Mapping[int, Iterable] = {}

    def prepared(self, rows: list[PublishedPosition]) -> list[PublishedPosition]:
        self._of = self._otherwise(rows)
        return rows

    def value_second_opinions(self, record: PublishedPosition) -> str:
        return "; ".join(map(str, self._of.get(record.pk, ())))

    def value_path_to_green(self, record: PublishedPosition) -> str:
        return path_to_green(record.status, record.path_to_green)
