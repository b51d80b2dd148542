"""The catalogue's list."""

import django_tables2 as tables
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString

from commitments.models import Commitment
from commitments.sentences import day_in_words
from systems.tables.base import ListTable, in_file, small


class CommitmentTable(ListTable):
    """The catalogue."""

    code = tables.Column(verbose_name="Code", attrs={"td": {"class": "portal-whole"}})
    title = tables.Column(
        verbose_name="Commitment",
        linkify=("commitments:commitment", {"code": tables.A("code")}),
        order_by=("title", "code"),
    )
    theme = tables.Column(accessor="theme__name", verbose_name="Theme", order_by=("theme__ordinal", "code"))
    delivered_by = tables.Column(
        accessor="delivery_level", verbose_name="Delivered by", order_by=("delivery_level", "code")
    )
    deadline = tables.Column(accessor="deadline_text", verbose_name="Deadline", order_by=("deadline_on", "code"))
    verified = tables.Column(verbose_name="Source", order_by=("verified", "code"))

    deadline_read = in_file("deadline_on", "Deadline as read")
    deadline_kind = in_file("deadline_kind", "Kind of deadline")

    caption = "Commitments"
    file_name = "commitments"

    class Meta(ListTable.Meta):
        model = Commitment
        fields = ("code", "title", "theme", "delivered_by", "deadline", "verified")
        empty_text = "No commitment matches these filters."

    def render_delivered_by(self, record: Commitment) -> str:
        return record.get_delivery_level_display()

    def value_deadline(self, record: Commitment) -> str:
        return record.deadline_text

    def render_deadline(self, record: Commitment) -> SafeString:
        """As printed, and below it as we read it."""
        read = day_in_words(record.deadline_on) if record.deadline_on else "no date"
        return format_html("{}{}", record.deadline_text, small(f"{record.get_deadline_kind_display()}: {read}"))

    def render_verified(self, record: Commitment) -> str:
        return render_to_string("commitments/_verified_tag.html", {"commitment": record})
