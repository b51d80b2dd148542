"""The lists: what each column shows and how it is sorted. Sorted on the server, 25 rows a page."""

import datetime as dt

import django_tables2 as tables
from django.http import QueryDict
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from commitments.choices import Freshness, RunState
from commitments.models import Commitment, Delivery, Position, PositionChange, Run
from commitments.sentences import NO_DATA, day_in_words, days_in_words
from commitments.signals import move

ROWS_A_PAGE = 25
FIGURES = {"th": {"class": "nhsuk-table__header--numeric"}, "td": {"class": "nhsuk-table__cell--numeric"}}


class ListTable(tables.Table):
    """A list of the portal, sorted and turned to a page by the words of the address."""

    class Meta:
        template_name = "django_tables2/table.html"

    def as_asked(self, query: QueryDict) -> "ListTable":
        """Sorted and paged as the address asks; a page or a column that is not there is passed over."""
        if asked := query.getlist(self.prefixed_order_by_field):
            self.order_by = asked
        self.paginate(per_page=ROWS_A_PAGE)
        self.page = self.paginator.get_page(query.get(self.prefixed_page_field))
        return self


def _status_tag(status: str) -> str:
    return render_to_string("_components/status_tag.html", {"status": status})


def _small(text: str) -> SafeString:
    return format_html('<br><span class="nhsuk-body-s nhsuk-u-secondary-text-colour">{}</span>', text)


def _headroom(position: Position) -> SafeString | str:
    return "" if position.headroom_days is None else _small(f"Headroom: {days_in_words(position.headroom_days)}")


def _next_milestone(position: Position) -> SafeString | str:
    due_on = position.next_milestone_on
    return "" if due_on is None else _small(f"Next milestone: {day_in_words(due_on)}")


class CommitmentTable(ListTable):
    """The catalogue."""

    code = tables.Column(verbose_name="Code")
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

    caption = "Commitments"

    class Meta(ListTable.Meta):
        model = Commitment
        fields = ("code", "title", "theme", "delivered_by", "deadline", "verified")
        empty_text = "No commitment matches these filters."

    def render_delivered_by(self, record: Commitment) -> str:
        return record.get_delivery_level_display()

    def render_deadline(self, record: Commitment) -> SafeString:
        """As printed, and below it as we read it."""
        read = day_in_words(record.deadline_on) if record.deadline_on else "no date"
        return format_html("{}{}", record.deadline_text, _small(f"{record.get_deadline_kind_display()}: {read}"))

    def render_verified(self, record: Commitment) -> str:
        return render_to_string("commitments/_verified_tag.html", {"commitment": record})


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

    caption = "Deliveries"

    class Meta(ListTable.Meta):
        model = Delivery
        fields = ("commitment", "footprint", "status", "report", "deadline", "lead")
        empty_text = "No delivery matches these filters."

    def __init__(self, *args, today: dt.date, **kwargs):
        self.today = today
        super().__init__(*args, **kwargs)

    def render_commitment(self, record: Delivery) -> str:
        return f"{record.commitment.title} ({record.commitment.code})"

    def render_footprint(self, record: Delivery) -> SafeString | str:
        """With the system it lies in, unless it is one."""
        system = record.footprint.system
        if system is None or system == record.footprint:
            return record.footprint.name
        return format_html("{}{}", record.footprint.name, _small(system.name))

    def render_status(self, value: Position) -> SafeString:
        against = value.contradiction_on(self.today)
        said = format_html("{}<br>{}", _status_tag(value.status), value.sentence_on(self.today))
        return format_html("{}{}", said, _small(against)) if against else said

    def render_report(self, value: Position) -> SafeString:
        reported = day_in_words(value.reported_on) if value.reported_on else NO_DATA
        return format_html("{}{}", reported, _small(Freshness(value.freshness).label))

    def render_deadline(self, value: Position) -> SafeString:
        """The national deadline, the time left before it, and the next step on the way."""
        said = day_in_words(value.deadline_on) if value.deadline_on else "No date"
        return format_html("{}{}{}", said, _headroom(value), _next_milestone(value))


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

    class Meta(ListTable.Meta):
        model = Delivery
        fields = ("commitment", "footprint", "status", "since", "deadline")
        exclude = ("report", "lead")
        empty_text = "No data: nothing that matches was recorded on or before this day."

    def render_commitment(self, record: Delivery) -> SafeString:  # type: ignore[override]
        href = f"{reverse('commitments:delivery', args=[record.pk])}?as_of={self.today}"
        return format_html('<a href="{}">{}</a>', href, super().render_commitment(record))

    def render_status(self, value: str, record: Delivery) -> SafeString:  # type: ignore[override]
        return format_html("{}<br>{}", _status_tag(record.then_status), value)  # type: ignore[attr-defined]

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

    caption = "What changed, the worst first"

    class Meta(ListTable.Meta):
        model = PositionChange
        fields = ("commitment", "footprint", "change", "why", "changed_on")
        empty_text = "Nothing changed between these days."

    def render_commitment(self, record: PositionChange) -> str:
        return f"{record.delivery.commitment.title} ({record.delivery.commitment.code})"

    def render_change(self, record: PositionChange) -> SafeString:
        was: str = record.was  # type: ignore[attr-defined]
        before = format_html("{} to ", _status_tag(was)) if was else ""
        return format_html("{}<br>{}{}", move(was, record.to_status).label, before, _status_tag(record.to_status))

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

    caption = "Reports, milestones, deadline changes and changes of status, newest first"

    class Meta(ListTable.Meta):
        orderable = False
        empty_text = "Nothing has happened yet."

    def render_happened_on(self, value: dt.date) -> str:
        return day_in_words(value)


def _check(part: str, heading: str) -> tables.Column:
    return tables.TemplateColumn(
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
    engagement = tables.Column(empty_values=(), verbose_name="Engagement")

    caption = "Commitments, those with holes first, core foundations before the others"

    class Meta(ListTable.Meta):
        orderable = False
        empty_text = "No commitment matches these filters."

    def render_commitment(self, value: Commitment) -> SafeString:
        href = reverse("commitments:commitment", args=[value.code])
        beside = _small(f"{value.code}, {value.theme.get_theme_class_display().lower()}")
        return format_html('<a href="{}">{}</a>{}', href, value.title, beside)

    def render_engagement(self) -> str:
        return "Not recorded yet"


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

    caption = "Recompute runs, newest first"

    class Meta(ListTable.Meta):
        model = Run
        fields = ("started", "scope", "trigger", "state", "seconds", "examined", "changed")
        empty_text = "No run matches these filters."

    def render_state(self, record: Run, value: str) -> SafeString | str:
        """With the error, where there is one."""
        label = RunState(value).label
        return format_html("{}{}", label, _small(record.error)) if record.error else label

    def render_seconds(self, value: float) -> str:
        return f"{value:,.1f}"

    def render_examined(self, value: int) -> str:
        return f"{value:,}"

    def render_changed(self, value: int) -> str:
        return f"{value:,}"
