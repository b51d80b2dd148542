"""Reference data from files into the database: everything or nothing, and a second time nothing."""

from systems.loading.engine import Outcome, load
from systems.loading.files import SHEETS
from systems.loading.maturity import MATURITY_SHEETS, refresh_maturity
from systems.loading.problems import Problem, Refused
from systems.loading.sheets import Complaint, Sheet

__all__ = [
    "MATURITY_SHEETS",
    "SHEETS",
    "Complaint",
    "Outcome",
    "Problem",
    "Refused",
    "Sheet",
    "load",
    "refresh_maturity",
]
