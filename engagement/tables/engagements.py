"""Whom a system spoke with about one commitment."""

import datetime as dt

import django_tables2 as tables
from django.template.defaultfilters import linebreaksbr
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from commitments.sentences import day_in_words
from engagement.models import Engagement
from systems.tables.base import ListTable, in_file, small

NOT_WITHDRAWN = "No"


class EngagementTable(ListTable):
    """What was recorded, the latest first. Expects what `for_list` adds."""

    happened_on = tables.Column(verbose_name="When", order_by=("happened_on", "pk"))
    with_whom = tables.Column(verbose_name="With whom", order_by=("with_whom", "pk"))
    what_was_heard = tables.Column(verbose_name="What was heard", orderable=False)
    recorded_on = tables.Column(verbose_name="Recorded", order_by=("recorded_on", "pk"))

    link = in_file("link", "Link")
    recorded_by = in_file("recorded_by__name", "Recorded by")
    withdrawn = in_file("pk", "Withdrawn")

    caption = "What was heard, the latest first"
    file_name = "engagement"
    row_header = "with_whom"

    class Meta(ListTable.Meta):
        model = Engagement
        fields = ("happened_on", "with_whom", "what_was_heard", "recorded_on")
        empty_text = "Nothing is recorded yet."

    def __init__(self, *args, may_withdraw: bool, **kwargs):
        self.may_withdraw = may_withdraw
        super().__init__(*args, **kwargs)

    def value_happened_on(self, value: dt.date) -> dt.date:
        return value

    def value_what_was_heard(self, value: str) -> str:
        return value

    def value_recorded_on(self, value: dt.date) -> dt.date:
        return value

    def value_withdrawn(self, record: Engagement) -> str:
        return withdrawn(record) or NOT_WITHDRAWN

    def render_happened_on(self, value: dt.date) -> str:
        return day_in_words(value)

    def render_what_was_heard(self, record: Engagement, value: str) -> SafeString:
        """With the link to more of it; what was withdrawn says so first."""
        said = withdrawn(record)
        before = format_html("<strong>{}</strong><br>", said) if said else ""
        more = format_html('<br><a href="{0}">{0}</a>', record.link) if record.link else ""
        return format_html("{}{}{}", before, linebreaksbr(value, autoescape=True), more)

    def render_recorded_on(self, record: Engagement, value: dt.date) -> SafeString:
        beside = small(f"by {record.recorded_by.name}")
        if not self.may_withdraw or withdrawn(record):
            return format_html("{}{}", day_in_words(value), beside)
        href = reverse("engagement:engagement_withdraw", args=[record.pk])
        about = format_html('<span class="nhsuk-u-visually-hidden">: {}</span>', record)
        return format_html('{}{}<br><a href="{}">Withdraw{}</a>', day_in_words(value), beside, href, about)


def withdrawn(record: Engagement) -> str:
    """When, by whom and why it was withdrawn; nothing where it stands."""
    found = getattr(record, "withdrawal", None)
    if found is None:
        return ""
    return f"Withdrawn on {day_in_words(found.withdrawn_on)} by {found.withdrawn_by.name}: {found.reason}"
