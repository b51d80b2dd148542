"""Lists about maturity that their pages draw themselves: what is in their files, one fact a cell."""

from collections.abc import Iterable

import django_tables2 as tables

from systems.choices import MaturityStatus
from systems.models import Criterion
from systems.tables.base import ListTable


def _word(status: str) -> str:
    return MaturityStatus(status).label if status else "Nothing yet"


class LadderTable(ListTable):
    """How domains stand. Expects systems.presenters.maturity.LadderRow."""

    code = tables.Column(accessor="position__footprint__code", verbose_name="Code")
    footprint = tables.Column(accessor="position__footprint__name", verbose_name="Name")
    framework = tables.Column(accessor="position__domain__framework__name", verbose_name="Framework")
    domain = tables.Column(accessor="position__domain__name", verbose_name="Area")
    status = tables.Column(accessor="position__get_status_display", verbose_name="Status")
    reached = tables.Column(verbose_name="Reached")
    spread = tables.Column(verbose_name="Where raters differ")
    expected = tables.Column(verbose_name="Expected now")
    expected_on = tables.Column(accessor="position__expected_on", verbose_name="Expected since")
    next_level = tables.Column(verbose_name="Expected next")
    next_on = tables.Column(accessor="position__next_on", verbose_name="Expected next by")
    why = tables.Column(accessor="position__sentence", verbose_name="Why")
    file_name = "maturity"


class AssessmentTable(ListTable):
    """Assessments of one footprint. Expects Assessment."""

    framework = tables.Column(accessor="framework__name", verbose_name="Framework")
    by_whom = tables.Column(verbose_name="Who judged")
    assessed_on = tables.Column(verbose_name="As it stood on")
    state = tables.Column(accessor="get_state_display", verbose_name="State")
    file_name = "assessments"


class ActionTable(ListTable):
    """The actions of an improvement plan. Expects systems.presenters.improvement.ActionLine."""

    title = tables.Column(accessor="action__title", verbose_name="Action")
    owner = tables.Column(verbose_name="Owner")
    due_on = tables.Column(accessor="action__due_on", verbose_name="Due")
    done_on = tables.Column(accessor="action__done_on", verbose_name="Done on")
    closes = tables.Column(verbose_name="Meets")
    moves = tables.Column(verbose_name="Moves of the due date")
    source = tables.Column(accessor="action__source", verbose_name="Source")
    file_name = "improvement-plan"

    def value_moves(self, value: Iterable[str]) -> str:
        return "; ".join(value)

    def value_closes(self, value: Iterable[Criterion]) -> str:
        return "; ".join(criterion.text for criterion in value)


class MoveTable(ListTable):
    """When domains moved. Expects systems.presenters.improvement.ChangeLine."""

    changed_on = tables.Column(accessor="change__changed_on", verbose_name="On")
    framework = tables.Column(accessor="change__domain__framework__name", verbose_name="Framework")
    domain = tables.Column(accessor="change__domain__name", verbose_name="Area")
    was = tables.Column(accessor="change__from_status", verbose_name="From", empty_values=())
    now = tables.Column(accessor="change__get_to_status_display", verbose_name="To")
    moved = tables.Column(verbose_name="Level")
    why = tables.Column(accessor="change__sentence", verbose_name="Why")
    file_name = "maturity-moves"

    def value_was(self, value: str) -> str:
        return _word(value)


class ComparedTable(ListTable):
    """Domains on two days. Expects systems.presenters.improvement.Compared."""

    framework = tables.Column(accessor="position__domain__framework__name", verbose_name="Framework")
    domain = tables.Column(accessor="position__domain__name", verbose_name="Area")
    first = tables.Column(verbose_name="Reached on the first day")
    first_status = tables.Column(verbose_name="Status on the first day")
    second = tables.Column(verbose_name="Reached on the second day")
    second_status = tables.Column(verbose_name="Status on the second day")
    differs = tables.Column(verbose_name="Changed")
    file_name = "maturity-compared"

    def value_first_status(self, value: str) -> str:
        return _word(value)

    def value_second_status(self, value: str) -> str:
        return _word(value)

    def value_differs(self, value: bool) -> str:
        return "Yes" if value else "No"
