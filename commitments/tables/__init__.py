"""The lists: what each column shows and how it is sorted. Sorted on the server, 25 rows a page."""

from commitments.tables.catalogue import CommitmentTable
from commitments.tables.deliveries import (
    ChangeTable,
    DeliveryTable,
    FootprintDeliveryTable,
    HistoryTable,
    PastDeliveryTable,
    TickedDeliveryTable,
)
from commitments.tables.entirety import EntiretyTable
from commitments.tables.runs import RunTable
from commitments.tables.uploads import DifferenceTable, ProblemTable
from systems.tables.base import ListTable, Ordered

__all__ = [
    "ChangeTable",
    "CommitmentTable",
    "DeliveryTable",
    "DifferenceTable",
    "EntiretyTable",
    "FootprintDeliveryTable",
    "HistoryTable",
    "ListTable",
    "Ordered",
    "PastDeliveryTable",
    "ProblemTable",
    "RunTable",
    "TickedDeliveryTable",
]
