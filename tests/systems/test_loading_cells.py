import datetime as dt
from decimal import Decimal

import pytest

from systems.loading.cells import BadCell, quoted, value_of
from systems.models import Boundary, Footprint, FootprintShare, Tile
from tests.reference_files import SQUARE


def read(model, name, cell):
    return value_of(model._meta.get_field(name), cell)


@pytest.mark.parametrize(
    ("model", "name", "cell", "value"),
    [
        (Footprint, "name", "Bexley", "Bexley"),
        (Footprint, "label", "", ""),
        (Footprint, "population", "", None),
        (Footprint, "population", "41250", 41250),
        (Footprint, "opened_on", "2019-07-01", dt.date(2019, 7, 1)),
        (Footprint, "level", "pcn", "pcn"),
        (FootprintShare, "share", "0.5543", Decimal("0.5543")),
        (FootprintShare, "is_main", "yes", True),
        (FootprintShare, "is_main", "no", False),
        (Boundary, "geometry", SQUARE, SQUARE),
    ],
)
def test_a_good_cell_becomes_a_value(model, name, cell, value):
    assert read(model, name, cell) == value


@pytest.mark.parametrize(
    ("model", "name", "cell", "reason"),
    [
        (Footprint, "name", "", "the value is missing"),
        (Footprint, "name", "x" * 201, "at most 200 characters (it has 201)"),
        (Footprint, "name", "Bex\x00ley", "a character that cannot be stored"),
        (Footprint, "level", "borough", '"borough" is not one of england, region, system, place'),
        (Footprint, "population", "1,250", '"1,250" is not a whole number such as 41250'),
        (Footprint, "population", "١٢", "is not a whole number"),
        (Footprint, "population", "-1", "greater than or equal to 0"),
        (Footprint, "population", "2147483648", "less than or equal to 2147483647"),
        (Footprint, "population", "9" * 400, "is not a whole number"),
        (Tile, "column", "32768", "less than or equal to 32767"),
        (Footprint, "opened_on", "1/7/2019", '"1/7/2019" is not a date such as 2019-03-31'),
        (Footprint, "opened_on", "2019-02-29", '"2019-02-29" is not a date such as 2019-03-31'),
        (Footprint, "opened_on", "2019-W13-1", "is not a date"),
        (FootprintShare, "share", "NaN", '"NaN" is not a number such as 33.5'),
        (FootprintShare, "share", "1e3", '"1e3" is not a number such as 33.5'),
        (FootprintShare, "share", "0.1234567", "no more than 6 decimal places"),
        (FootprintShare, "is_main", "true", '"true" is not yes or no'),
        (Boundary, "geometry", None, "not a Polygon or MultiPolygon"),
        (Boundary, "geometry", {"type": "Point", "coordinates": [0, 51]}, "not a Polygon or MultiPolygon"),
        (Boundary, "geometry", {"type": "Polygon"}, "rings"),
        (Boundary, "geometry", {"type": "MultiPolygon", "coordinates": []}, "rings"),
        (Boundary, "geometry", {"type": "Polygon", "coordinates": [[[0, 51], [1, 51], [1, 52], [0, 50]]]}, "rings"),
        (Boundary, "geometry", {"type": "Polygon", "coordinates": [[["a", 1], [1, 1], [2, 1], ["a", 1]]]}, "rings"),
        (Boundary, "geometry", {"type": "Polygon", "coordinates": [[[530000, 180000]] * 4]}, "rings"),
    ],
)
def test_a_bad_cell_says_what_is_wrong(model, name, cell, reason):
    with pytest.raises(BadCell) as bad:
        read(model, name, cell)

    assert reason in str(bad.value)


def test_a_long_cell_is_shown_short_and_on_one_line():
    assert quoted("a\nb") == '"a b"'
    assert quoted("x" * 100) == f'"{"x" * 60}…"'
