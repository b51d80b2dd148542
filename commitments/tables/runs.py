"""The list of the recompute's runs."""

import datetime as dt

import django_tables2 as tables
from django.utils.html import format_html
from django.utils.safestring import SafeString

from commitments.choices import RunState
from commitments.models import Run
from systems.sentences import NO_DATA
from systems.tables.base import FIGURES, ListTable, in_file, small


class RunTable(ListTable):
    """Runs of the recompute."""

    started = tables.TemplateColumn(
        "{{ record.started_at|moment }}", verbose_name="Started", order_by=("started_at", "pk")
    )
    scope = tables.Column(verbose_name="Scope", order_by=("scope", "-started_at"))
    trigger = tables.Column(verbose_name="Begun by", order_by=("trigger", "-started_at"))
    state = tables.Column(verbose_name="State", order_by=("state", "-started_at"))
    seconds = tables.Column(verbose_name="Seconds", default=NO_DATA, orderable=False, attrs=FIGURES)
    examined = tables.Column(verbose_name="Examined", attrs=FIGURES, order_by=("examined", "-started_at"))
    changed = tables.Column(verbose_name="Changed", attrs=FIGURES, order_by=("changed", "-started_at"))

    error = in_file("error", "Error")

    caption = "Recompute runs, newest first"
    file_name = "recompute-runs"

    class Meta(ListTable.Meta):
        model = Run
        fields = ("started", "scope", "trigger", "state", "seconds", "examined", "changed")
        empty_text = "No run matches these filters."

    def value_started(self, record: Run) -> dt.datetime:
        return record.started_at

    def value_state(self, value: str) -> str:
        return RunState(value).label

    def value_seconds(self, value: float) -> float:
        return value

    def value_examined(self, value: int) -> int:
        return value

    def value_changed(self, value: int) -> int:
        return value

    def render_state(self, record: Run, value: str) -> SafeString | str:
        """With the error, where there is one."""
        label = RunState(value).label
        return format_html("{}{}", label, small(record.error)) if record.error else label

    def render_seconds(self, value: float) -> str:
        return f"{value:,.1f}"

    def render_examined(self, value: int) -> str:
        return f"{value:,}"

    def render_changed(self, value: int) -> str:
        return f"{value:,}"
