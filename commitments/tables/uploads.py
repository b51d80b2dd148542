"""What an uploaded spreadsheet would change, and what is wrong with it."""

import django_tables2 as tables

from commitments.models import CellProblem
from systems.tables.base import ListTable


class DifferenceTable(ListTable):
    """The rows of a sheet against what is stored. Expects commitments.presenters.uploads.Line."""

    number = tables.Column(verbose_name="Row", order_by=("number",))
    delivery = tables.Column(verbose_name="Delivery", linkify=("commitments:delivery", {"pk": tables.A("delivery_id")}))
    what = tables.Column(verbose_name="What happens")
    differences = tables.TemplateColumn(
        verbose_name="Differences",
        template_name="commitments/_differences.html",
        context_object_name="line",
        orderable=False,
    )

    caption = "Rows of the sheet"
    file_name = "spreadsheet-differences"

    class Meta(ListTable.Meta):
        empty_text = "No row."


class ProblemTable(ListTable):
    """Why rows cannot be taken, cell by cell."""

    row = tables.Column(verbose_name="Row")
    cell = tables.Column(verbose_name="Cell", order_by=("row", "id"))
    heading = tables.Column(verbose_name="Column", order_by=("heading", "row"))
    message = tables.Column(verbose_name="What is wrong", order_by=("message", "row"))

    caption = "Errors"
    file_name = "spreadsheet-errors"

    class Meta(ListTable.Meta):
        model = CellProblem
        fields = ("row", "cell", "heading", "message")
