"""Lists that their pages draw themselves: what is in their files, one fact a cell."""

import django_tables2 as tables

from commitments.choices import Status
from systems.tables.base import ListTable


class OfDelivery(ListTable):
    """Rows about a delivery: which one, and how it stands."""

    code = tables.Column(accessor="delivery__commitment__code", verbose_name="Code")
    commitment = tables.Column(accessor="delivery__commitment__title", verbose_name="Commitment")
    footprint = tables.Column(accessor="delivery__footprint__name", verbose_name="Footprint")
    status = tables.Column(accessor="delivery__position__get_status_display", verbose_name="Status now")


class DueTable(OfDelivery):
    """Reports to write. Expects commitments.presenters.my_work.DueRow."""

    why = tables.Column(accessor="sentence", verbose_name="Why")
    month = tables.Column(verbose_name="Month")
    due_on = tables.Column(accessor="month__due_on", verbose_name="Due")
    left = tables.Column(verbose_name="Time left")
    has_draft = tables.Column(verbose_name="Draft saved")
    file_name = "reports-to-write"

    def value_has_draft(self, value: bool) -> str:
        return "Yes" if value else "No"


class AheadTable(OfDelivery):
    """What comes up. Expects commitments.presenters.my_work.AheadRow."""

    what = tables.Column(verbose_name="What")
    on = tables.Column(verbose_name="On")
    left = tables.Column(verbose_name="Time left")
    file_name = "coming-up"


class ContradictedTable(OfDelivery):
    """Reports the evidence contradicts. Expects (position, what speaks against its report)."""

    code = tables.Column(accessor="0__delivery__commitment__code", verbose_name="Code")
    commitment = tables.Column(accessor="0__delivery__commitment__title", verbose_name="Commitment")
    footprint = tables.Column(accessor="0__delivery__footprint__name", verbose_name="Footprint")
    status = tables.Column(accessor="0__get_status_display", verbose_name="Status now")
    against = tables.Column(accessor="1", verbose_name="What contradicts it")
    file_name = "contradicted"


class ReportTable(OfDelivery):
    """Reports in full, to be read by whoever reads working papers."""

    month = tables.Column(accessor="period", verbose_name="Month")
    author = tables.Column(accessor="author__name", verbose_name="Written by")
    stage = tables.Column(verbose_name="Stage")
    confidence = tables.Column(verbose_name="Confidence")
    expected_on = tables.Column(verbose_name="Expected date")
    narrative = tables.Column(verbose_name="What happened")
    next_steps = tables.Column(verbose_name="Next steps")
    reason = tables.Column(verbose_name="Why not green")
    path_to_green = tables.Column(verbose_name="Path to green")


class QueueTable(ReportTable):
    """Reports awaiting sign-off."""

    submitted_on = tables.Column(verbose_name="Submitted")
    is_late = tables.Column(verbose_name="Late")
    file_name = "awaiting-sign-off"

    def value_is_late(self, value: bool) -> str:
        return "Yes" if value else "No"


class ReturnedTable(ReportTable):
    """Reports that came back."""

    return_note = tables.Column(verbose_name="What needs to change")
    file_name = "returned-reports"


class DeadlineQueueTable(OfDelivery):
    """Deadline changes to decide."""

    asked_by = tables.Column(accessor="asked_by__name", verbose_name="Asked for by")
    asked_on = tables.Column(verbose_name="Asked for on")
    old_on = tables.Column(verbose_name="Deadline so far")
    new_on = tables.Column(verbose_name="Deadline asked for")
    reason = tables.Column(verbose_name="Why")
    file_name = "deadline-changes"


class PeriodTable(ListTable):
    """The months of a system. Expects commitments.presenters.periods.PeriodRow."""

    month = tables.Column(accessor="period", verbose_name="Month")
    due_on = tables.Column(accessor="period__due_on", verbose_name="Due")
    state = tables.Column(verbose_name="State")
    missing = tables.Column(verbose_name="Missing")
    unfinished = tables.Column(accessor="counts__unfinished", verbose_name="Draft or returned")
    waiting = tables.Column(accessor="counts__waiting", verbose_name="Awaiting sign-off")
    signed_off = tables.Column(accessor="counts__signed_off", verbose_name="Signed off")
    late = tables.Column(accessor="counts__late", verbose_name="Of these late")
    file_name = "reporting-periods"


class CoverageTable(ListTable):
    """How areas or themes are covered. Expects commitments.presenters.coverage.CoverageLine."""

    name = tables.Column(verbose_name="Name")
    level = tables.Column(verbose_name="Level or class")
    headline = tables.Column(verbose_name="Headline")
    in_words = tables.Column(verbose_name="In words")
    file_name = "coverage"

    def value_headline(self, value: Status) -> str:
        return value.label


class AreaTable(ListTable):
    """Systems and places. Expects commitments.presenters.overview.Area."""

    parent = tables.Column(accessor="footprint__parent__name", verbose_name="Inside")
    code = tables.Column(accessor="footprint__code", verbose_name="Code")
    name = tables.Column(accessor="footprint__name", verbose_name="Name")
    kind = tables.Column(accessor="footprint__get_kind_display", verbose_name="Kind")
    population = tables.Column(accessor="footprint__population", verbose_name="Population")
    status = tables.Column(verbose_name="Headline")
    in_words = tables.Column(verbose_name="How its deliveries stand")
    file_name = "systems"

    def value_status(self, value: Status) -> str:
        return value.label


class SheetTable(ListTable):
    """Sheets somebody sent."""

    file = tables.Column(accessor="file_name", verbose_name="Sheet")
    sent_at = tables.Column(verbose_name="Sent")
    outcome = tables.Column(accessor="came_to", verbose_name="What came of it")
    file_name = "sheets"


class EditionTable(ListTable):
    """What a system published."""

    month = tables.Column(verbose_name="Month")
    edition = tables.Column(verbose_name="Edition")
    as_at_on = tables.Column(verbose_name="As at")
    reason = tables.Column(verbose_name="Why it corrects the edition before")
    file_name = "publications"
