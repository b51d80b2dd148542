"""What each of a system's commitments should have, and lacks."""

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from commitments.models import Commitment
from systems.tables.base import ListTable, small


class CheckColumn(tables.TemplateColumn):
    """A check with the way to fill a hole; in a file, its words alone."""

    def value(self, value):
        return f"{value.words}. {value.beside}" if value.beside else value.words


def _check(part: str, heading: str) -> tables.Column:
    return CheckColumn(
        accessor=f"checks__{part}",
        verbose_name=heading,
        template_name="commitments/_check.html",
        extra_context={"part": heading},
    )


class EntiretyTable(ListTable):
    """A system's commitments against what each should have: rows of `presenters.entirety`, in their order."""

    commitment = tables.Column(verbose_name="Commitment")
    lead = _check("lead", "Lead")
    deadline = _check("deadline", "Local deadline")
    milestones = _check("milestones", "Milestones")
    metric = _check("metric", "Measured")
    report = _check("report", "Signed-off report")
    engagement = _check("engagement", "Engagement")

    file_name = "entirety"
    caption = "Commitments, those with holes first, core foundations before the others"

    class Meta(ListTable.Meta):
        orderable = False
        empty_text = "No commitment matches these filters."

    def render_commitment(self, value: Commitment) -> SafeString:
        href = reverse("commitments:commitment", args=[value.code])
        beside = small(f"{value.code}, {value.theme.get_theme_class_display().lower()}")
        return format_html('<a href="{}">{}</a>{}', href, value.title, beside)
