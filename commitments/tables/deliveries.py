"""The lists of deliveries: as they stand, as they stood, what changed, and the history of one."""

import datetime as dt

import django_tables2 as tables
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from commitments.choices import Freshness, Status
from commitments.models import Commitment, Delivery, Position, PositionChange
from commitments.sentences import day_in_words, days_in_words
from commitments.signals import move
from ltp_portal.drawn import status_tag
from systems.sentences import NO_DATA
from systems.tables.base import ListTable, in_file, small


def _named(commitment: Commitment) -> SafeString:
    return format_html('{} <span class="portal-whole">({})</span>', commitment.title, commitment.code)


def _headroom(position: Position) -> SafeString | str:
    days = position.headroom_days
    if days is None:
        return ""
    return small(f"Headroom: {days_in_words(days)}" if days >= 0 else f"Expected {days_in_words(-days)} after it")


def _next_milestone(position: Position) -> SafeString | str:
    due_on = position.next_milestone_on
    return "" if due_on is None else small(f"Next milestone: {day_in_words(due_on)}")


class DeliveryTable(ListTable):
    """Deliveries with their stored verdicts."""

    commitment = tables.Column(
        accessor="commitment__title",
        verbose_name="Commitment",
        linkify=("commitments:delivery", {"pk": tables.A("pk")}),
        order_by=("commitment__title", "footprint__name", "pk"),
    )
    footprint = tables.Column(
        accessor="footprint__name", verbose_name="Footprint", order_by=("footprint__name", "commitment__code", "pk")
    )
    status = tables.Column(
        accessor="position", verbose_name="Status", order_by=("severity", "position__deadline_on", "pk")
    )
    report = tables.Column(accessor="position", verbose_name="Latest report", order_by=("position__reported_on", "pk"))
    deadline = tables.Column(
        accessor="position",
        verbose_name="Deadline, headroom, milestone",
        order_by=("position__deadline_on", "pk"),
    )
    lead = tables.Column(accessor="lead__name", verbose_name="Lead", default="No lead", order_by=("lead__name", "pk"))

    code = in_file("commitment__code", "Commitment code")
    system = in_file("footprint__system__name", "System")
    why = in_file("position", "Why")
    against = in_file("position", "Evidence against the report")
    freshness = in_file("position__freshness", "How recent the report is")
    headroom = in_file("position__headroom_days", "Headroom in days")
    next_milestone = in_file("position__next_milestone_on", "Next open milestone")

    caption = "Deliveries"
    file_name = "deliveries"

    class Meta(ListTable.Meta):
        model = Delivery
        fields = ("commitment", "footprint", "status", "report", "deadline", "lead")
        empty_text = "No delivery matches these filters."

    def __init__(self, *args, today: dt.date, **kwargs):
        self.today = today
        super().__init__(*args, **kwargs)

    def value_commitment(self, record: Delivery) -> str:
        return record.commitment.title

    def value_footprint(self, record: Delivery) -> str:
        return record.footprint.name

    def value_status(self, record: Delivery) -> str:
        return record.position.get_status_display()

    def value_why(self, record: Delivery) -> str:
        return record.position.sentence_on(self.today)

    def value_against(self, record: Delivery) -> str:
        return record.position.contradiction_on(self.today)

    def value_report(self, record: Delivery) -> dt.date | None:
        return record.position.reported_on

    def value_deadline(self, record: Delivery) -> dt.date | None:
        return record.position.deadline_on

    def render_commitment(self, record: Delivery) -> SafeString:
        return _named(record.commitment)

    def render_footprint(self, record: Delivery) -> SafeString | str:
        """With the system it lies in, unless it is one."""
        system = record.footprint.system
        if system is None or system == record.footprint:
            return record.footprint.name
        return format_html("{}{}", record.footprint.name, small(system.name))

    def render_status(self, value: Position) -> SafeString:
        against = value.contradiction_on(self.today)
        said = format_html("{}<br>{}", status_tag(value.status), value.sentence_on(self.today))
        return format_html("{}{}", said, small(against)) if against else said

    def render_report(self, value: Position) -> SafeString:
        reported = day_in_words(value.reported_on) if value.reported_on else NO_DATA
        return format_html("{}{}", reported, small(Freshness(value.freshness).label))

    def render_deadline(self, value: Position) -> SafeString:
        """The national deadline, the time left before it, and the next step on the way."""
        said = day_in_words(value.deadline_on) if value.deadline_on else "No date"
        return format_html("{}{}{}", said, _headroom(value), _next_milestone(value))


class TickedDeliveryTable(DeliveryTable):
    """Deliveries to tick, for those who may change some of them."""

    tick = tables.TemplateColumn(
        template_name="commitments/_tick.html", verbose_name="Tick", orderable=False, exclude_from_export=True
    )
    can_be_ticked, row_header = True, "commitment"

    class Meta(DeliveryTable.Meta):
        sequence = ("tick", "...")


class FootprintDeliveryTable(DeliveryTable):
    """One commitment's deliveries: named by where, not by what."""

    footprint = tables.Column(
        accessor="footprint__name",
        verbose_name="Footprint",
        linkify=("commitments:delivery", {"pk": tables.A("pk")}),
        order_by=("footprint__name", "pk"),
    )

    class Meta(DeliveryTable.Meta):
        exclude = ("commitment", "deadline")


class PastDeliveryTable(DeliveryTable):
    """Deliveries as they stood on a day, from the log. Expects what `PositionChange.objects.onto` adds."""

    commitment = tables.Column(
        accessor="commitment__title",
        verbose_name="Commitment",
        order_by=("commitment__title", "footprint__name", "pk"),
    )
    status = tables.Column(accessor="then_sentence", verbose_name="Status", order_by=("severity", "pk"))
    since = tables.Column(accessor="then_on", verbose_name="Recorded on", order_by=("then_on", "pk"))
    deadline = tables.Column(
        accessor="commitment__deadline_on",
        verbose_name="National deadline",
        default="No date",
        order_by=("commitment__deadline_on", "pk"),
    )

    why = in_file("then_sentence", "Why")

    class Meta(ListTable.Meta):
        model = Delivery
        fields = ("commitment", "footprint", "status", "since", "deadline")
        # The log knows nothing that stood beside a status.
        exclude = ("report", "lead", "against", "freshness", "headroom", "next_milestone")
        empty_text = "No data: nothing that matches was recorded on or before this day."

    def value_status(self, record: Delivery) -> str:
        return Status(record.then_status).label  # type: ignore[attr-defined]

    def value_why(self, record: Delivery) -> str:
        return record.then_sentence  # type: ignore[attr-defined]

    def value_since(self, value: dt.date) -> dt.date:
        return value

    def value_deadline(self, record: Delivery) -> dt.date | None:
        return record.commitment.deadline_on

    def render_commitment(self, record: Delivery) -> SafeString:
        href = f"{reverse('commitments:delivery', args=[record.pk])}?as_of={self.today}"
        return format_html('<a href="{}">{}</a>', href, super().render_commitment(record))

    def render_status(self, value: str, record: Delivery) -> SafeString:  # type: ignore[override]
        return format_html("{}<br>{}", status_tag(record.then_status), value)  # type: ignore[attr-defined]

    def render_since(self, value: dt.date) -> str:
        return day_in_words(value)

    def render_deadline(self, value: dt.date) -> str:  # type: ignore[override]
        return day_in_words(value)


class ChangeTable(ListTable):
    """What became of deliveries between two days. Expects `PositionChange.objects.between`."""

    commitment = tables.Column(
        accessor="delivery__commitment__title",
        verbose_name="Commitment",
        linkify=("commitments:delivery", {"pk": tables.A("delivery_id")}),
        order_by=("delivery__commitment__title", "delivery__footprint__name", "pk"),
    )
    footprint = tables.Column(
        accessor="delivery__footprint__name",
        verbose_name="Footprint",
        order_by=("delivery__footprint__name", "delivery__commitment__code", "pk"),
    )
    change = tables.Column(accessor="to_status", verbose_name="Change", orderable=False)
    why = tables.Column(accessor="sentence", verbose_name="Why", orderable=False)
    changed_on = tables.Column(verbose_name="Date", order_by=("changed_on", "pk"))

    code = in_file("delivery__commitment__code", "Commitment code")
    before = in_file("was", "Status before")
    after = in_file("to_status", "Status after")

    caption = "What changed, the worst first"
    file_name = "what-changed"

    class Meta(ListTable.Meta):
        model = PositionChange
        fields = ("commitment", "footprint", "change", "why", "changed_on")
        empty_text = "Nothing changed between these days."

    def value_commitment(self, record: PositionChange) -> str:
        return record.delivery.commitment.title

    def value_change(self, record: PositionChange) -> str:
        return move(record.was, record.to_status).label  # type: ignore[attr-defined]

    def value_before(self, value: str) -> str:
        return Status(value).label

    def value_changed_on(self, value: dt.date) -> dt.date:
        return value

    def render_commitment(self, record: PositionChange) -> SafeString:
        return _named(record.delivery.commitment)

    def render_change(self, record: PositionChange) -> SafeString:
        was: str = record.was  # type: ignore[attr-defined]
        before = format_html("{} to ", status_tag(was)) if was else ""
        return format_html("{}<br>{}{}", move(was, record.to_status).label, before, status_tag(record.to_status))

    def render_changed_on(self, value: dt.date) -> str:
        return day_in_words(value)


class HistoryTable(ListTable):
    """What happened to one delivery, newest first."""

    happened_on = tables.Column(verbose_name="Date")
    what = tables.TemplateColumn(
        accessor="heading",
        verbose_name="What happened",
        template_name="commitments/_history_entry.html",
        context_object_name="entry",
    )

    caption = "Reports, milestones, changes of the plan, of deadlines and of status, newest first"
    file_name = "history"

    class Meta(ListTable.Meta):
        orderable = False
        empty_text = "Nothing has happened yet."

    def value_happened_on(self, value: dt.date) -> dt.date:
        return value

    def value_what(self, record) -> str:
        return render_to_string("commitments/_history_entry.html", {"entry": record})

    def render_happened_on(self, value: dt.date) -> str:
        return day_in_words(value)
