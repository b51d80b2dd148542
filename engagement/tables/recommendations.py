"""What committees asked, with whose turn it is."""

import datetime as dt

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from commitments.sentences import day_in_words, days_left
from engagement.choices import Reply
from engagement.models import Recommendation
from systems.tables.base import ListTable, in_file, small


def times_in_words(times: int) -> str:
    """How often the same was asked; nothing where once."""
    return "" if times == 1 else "Asked twice" if times == 2 else f"Asked {times} times"


class RecommendationTable(ListTable):
    """Recommendations and questions taken away. Expects what `for_list` adds."""

    wording = tables.Column(verbose_name="What was asked", order_by=("wording", "pk"))
    committee = tables.Column(
        accessor="meeting__committee__name",
        verbose_name="Committee and meeting",
        order_by=("meeting__committee__name", "-meeting__held_on", "pk"),
    )
    addressee = tables.Column(
        accessor="addressee", verbose_name="To whom", order_by=("system__name", "organisation__name", "pk")
    )
    state = tables.Column(verbose_name="State", order_by=("rank", "due_on", "pk"))
    due_on = tables.Column(verbose_name="Answer due", order_by=("due_on", "pk"))

    kind = in_file("kind", "Kind")
    reference = in_file("reference", "Minute reference")
    asked_by = in_file("asked_by", "Who asked")
    met_on = in_file("meeting__held_on", "Meeting")
    reply = in_file("latest_reply", "Latest answer")
    times = in_file("times_asked", "Times asked")
    overdue = in_file("pk", "Overdue")

    caption = "What awaits an answer first, the longest due at the top"
    file_name = "recommendations"

    class Meta(ListTable.Meta):
        model = Recommendation
        fields = ("wording", "committee", "addressee", "state", "due_on")
        empty_text = "Nothing that was asked matches these filters."

    def __init__(self, *args, today: dt.date, **kwargs):
        self.today = today
        super().__init__(*args, **kwargs)

    def value_wording(self, record: Recommendation) -> str:
        return record.wording

    def value_committee(self, record: Recommendation) -> str:
        return record.meeting.committee.name

    def value_state(self, value: str) -> str:
        return value

    def value_due_on(self, value: dt.date) -> dt.date:
        return value

    def value_reply(self, value: str) -> str:
        return Reply(value).label

    def value_overdue(self, record: Recommendation) -> str:
        return "Yes" if record.is_overdue(self.today) else "No"

    def render_wording(self, record: Recommendation) -> SafeString:
        href = reverse("engagement:recommendation", args=[record.pk])
        times = times_in_words(record.times_asked)  # type: ignore[attr-defined]
        beside = f"{record}. {times}." if times else str(record)
        return format_html('<a href="{}">{}</a>{}', href, record.wording, small(beside))

    def render_committee(self, record: Recommendation) -> SafeString:
        return format_html("{}{}", record.meeting.committee.name, small(day_in_words(record.meeting.held_on)))

    def render_state(self, record: Recommendation, value: str) -> SafeString | str:
        reply = record.latest_reply  # type: ignore[attr-defined]
        return format_html("{}{}", value, small(Reply(reply).label) if reply else "")

    def render_due_on(self, record: Recommendation, value: dt.date) -> SafeString | str:
        """With how long it is overdue, where it is."""
        said = day_in_words(value)
        if not record.is_overdue(self.today):
            return said
        return format_html("{}{}", said, small(days_left(value, self.today)))
