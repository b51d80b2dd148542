"""The generic load, shown on the files of the NHS map."""

import pytest
from django.db.models.expressions import RawSQL

from systems.loading import SHEETS, Refused, load
from systems.loading.problems import Problem
from systems.models import Boundary, Footprint, FootprintShare, Organisation, OrganisationFootprint, Tile
from tests.reference_files import drop_row, set_cell, write_outlines, write_small_reference

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path):
    return write_small_reference(tmp_path)


def refusal(folder):
    """What a load of this folder is refused with, having checked that it left nothing behind."""
    with pytest.raises(Refused) as refused:
        load(folder, SHEETS)
    models = (Footprint, FootprintShare, Organisation, OrganisationFootprint, Boundary, Tile)
    assert not any(model.objects.exists() for model in models)
    return str(refused.value).splitlines()


def counts(outcomes):
    return {outcome.file: (outcome.new, outcome.changed, outcome.same, outcome.unlisted) for outcome in outcomes}


def row_versions():
    """Each row with the transaction that wrote it."""
    return [
        list(model.objects.annotate(xmin=RawSQL("xmin::text", [])).order_by("pk").values_list("pk", "xmin"))
        for model in (Footprint, FootprintShare, Organisation, OrganisationFootprint, Boundary, Tile)
    ]


# --- What is right is loaded ------------------------------------------------------------------------------


def test_rows_may_refer_to_rows_further_down(folder):
    load(folder, SHEETS)

    pcn = Footprint.objects.get(code="U1")
    assert pcn.path == "ENG/Y56/QKK/E09000004/U1/"
    assert (pcn.system.code, pcn.place.code) == ("QKK", "E09000004")
    assert Organisation.objects.get(code="ccg:07n").successor.name == "NHS South East London CCG"


def test_the_second_load_writes_nothing(folder):
    load(folder, SHEETS)
    before = row_versions()

    outcomes = load(folder, SHEETS)

    assert row_versions() == before
    assert counts(outcomes)["footprints.csv"] == (0, 0, 5, 0)


def test_only_the_changed_row_is_written(folder):
    load(folder, SHEETS)
    set_cell(folder / "footprints.csv", row=3, column="population", text="250000")
    before = row_versions()[0]

    outcomes = load(folder, SHEETS)

    bexley = Footprint.objects.get(code="E09000004")
    assert counts(outcomes)["footprints.csv"] == (0, 1, 4, 0)
    assert bexley.population == 250_000
    assert bexley.path == "ENG/Y56/QKK/E09000004/"
    assert [now == then for now, then in zip(row_versions()[0], before, strict=True)].count(False) == 1


def test_a_changed_outline_replaces_the_old_one(folder):
    load(folder, SHEETS)
    larger = {"type": "Polygon", "coordinates": [[[0, 50], [2, 50], [2, 52], [0, 50]]]}
    write_outlines(folder, [{"footprint": "QKK", "is_verified": "no"}], larger)

    load(folder, SHEETS)

    boundary = Boundary.objects.get()
    assert (boundary.geometry, boundary.is_verified) == (larger, False)


def test_a_moved_place_takes_its_networks_along(folder):
    load(folder, SHEETS)
    set_cell(folder / "footprints.csv", row=4, column="parent", text="ENG")

    load(folder, SHEETS)

    assert Footprint.objects.get(code="U1").path == "ENG/QKK/E09000004/U1/"


def test_a_row_taken_out_of_a_file_stays_in_the_database(folder):
    load(folder, SHEETS)
    drop_row(folder / "tiles.csv", 2)

    outcomes = load(folder, SHEETS)

    assert counts(outcomes)["tiles.csv"] == (0, 0, 0, 1)
    assert Tile.objects.count() == 1


def test_columns_may_stand_in_any_order_and_blank_lines_and_spaces_do_not_matter(folder):
    (folder / "tiles.csv").write_text("\ufefflabel,row,column,code,grid\n\n SEL ,8,6,QKK,systems\n", encoding="utf-8")

    load(folder, SHEETS)

    assert Tile.objects.get().label == "SEL"


# --- What is wrong is refused, and says where -------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "row", "column", "text", "said"),
    [
        ("footprints.csv", 3, "name", "", "footprints.csv, row 3, column name: the value is missing"),
        ("footprints.csv", 2, "parent", "E9", 'footprints.csv, row 2, column parent: there is no footprint "E9"'),
        ("footprints.csv", 3, "kind", "town", 'footprints.csv, row 3, column kind: "town" is not one of country'),
        ("footprints.csv", 2, "opened_on", "July", 'row 2, column opened_on: "July" is not a date such as 2019-03-31'),
        ("footprints.csv", 3, "code", "QKK", 'footprints.csv, row 4, column code: "QKK" already stands in row 3'),
        ("footprints.csv", 3, "name", "x" * 201, "row 3, column name: Ensure this value has at most 200 characters"),
        ("footprints.csv", 5, "parent", "", "row 5, column level, parent: Every footprint except England lies in"),
        (
            "footprints.csv",
            2,
            "closed_on",
            "2019-01-01",
            "row 2, column opened_on, closed_on: A footprint cannot",
        ),
        (
            "footprints.csv",
            4,
            "successor",
            "U1",
            "row 4, column closed_on, successor: A footprint that has",
        ),
        ("footprints.csv", 2, "code", "U 1", "row 2, column code, level: A footprint's code has only letters"),
        ("footprints.csv", 2, "code", "U:1", "row 2, column code, level: A footprint's code has only letters"),
        ("footprints.csv", 4, "parent", "U1", "footprints.csv, row 4, column parent: a system cannot lie in a pcn"),
        ("footprint_shares.csv", 2, "share", "1.5", "row 2, column share: broken rule: footprint share is a fraction"),
        ("footprint_shares.csv", 2, "system", "Y56", "row 2, column is_main: the place lies in another system"),
        ("organisations.csv", 3, "system", "Y56", "organisations.csv, row 3, column system: a region is not a system"),
        (
            "organisation_footprints.csv",
            2,
            "organisation",
            "ccg:x",
            'there is no organisation "ccg:x"',
        ),
        ("tiles.csv", 2, "code", "QXX", "tiles.csv, row 2, column code: there is no footprint or organisation"),
        ("tiles.csv", 2, "column", "-1", "tiles.csv, row 2, column column: Ensure this value is greater than or"),
    ],
)
def test_a_bad_cell_is_named_and_nothing_is_loaded(folder, file, row, column, text, said):
    set_cell(folder / file, row=row, column=column, text=text)

    lines = refusal(folder)

    assert any(said in line for line in lines), lines


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"grid,code,column,row,label\nsystems,QKK,6,8,S\xe9L\n", "tiles.csv, row 2: the file is not UTF-8 text"),
        (b"grid,code,col,row,label\n", "tiles.csv, row 1, column col: this column is not known"),
        (b"grid,code,row,label\n", "tiles.csv, row 1, column column: this column is missing"),
        (b"grid,code,column,row,label,row\n", "tiles.csv, row 1, column row: this column stands twice"),
        (b"", "tiles.csv, row 1, column grid: this column is missing"),
        (b"grid,code,column,row,label\nsystems,QKK,6,8\n", "row 2: the row has 4 cells, the header has 5"),
        (b'grid,code,column,row,label\nsystems,QKK,6,8,"SEL\n', "tiles.csv, row 1: the file is not a CSV table"),
    ],
)
def test_a_bad_table_is_refused(folder, content, said):
    (folder / "tiles.csv").write_bytes(content)

    assert any(said in line for line in refusal(folder))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "boundaries.geojson, row 1: the file is not JSON"),
        ('{"features": [NaN]}', "boundaries.geojson: the file is not JSON: NaN is not a number"),
        ("[]", "boundaries.geojson: the file is not a GeoJSON collection of features"),
        ('{"features": [1]}', "boundaries.geojson, row 2: the feature has"),
        ('{"features": [{"properties": {"footprint": "QKK"}}]}', "row 2: the feature has"),
    ],
)
def test_a_bad_collection_of_outlines_is_refused(folder, content, said):
    (folder / "boundaries.geojson").write_text(content)

    assert any(said in line for line in refusal(folder))


def test_an_outline_of_an_unknown_footprint_is_refused(folder):
    write_outlines(folder, [{"footprint": "QKK", "is_verified": "yes"}, {"footprint": "QXX", "is_verified": "yes"}])

    assert refusal(folder) == ['boundaries.geojson, row 3, column footprint: there is no footprint "QXX"']


def test_a_missing_file_is_named_once_and_not_blamed_on_those_who_refer_to_it(folder):
    (folder / "footprints.csv").unlink()

    assert refusal(folder) == ["footprints.csv: the file is missing"]


def test_a_folder_in_place_of_a_file_is_refused(folder):
    (folder / "tiles.csv").unlink()
    (folder / "tiles.csv").mkdir()

    assert refusal(folder) == ["tiles.csv: the file cannot be read: Is a directory"]


def test_a_footprint_inside_itself_is_refused(folder):
    for code in ("a", "b"):
        other = {"a": "b", "b": "a"}[code]
        with (folder / "footprints.csv").open("a") as file:
            file.write(f"nb:{code},,Ring {code},,,neighbourhood,neighbourhood,nb:{other},,,,,,yes,Test,\n")

    assert refusal(folder) == [
        "footprints.csv, row 7, column parent: the footprint lies inside itself",
        "footprints.csv, row 8, column parent: the footprint lies inside itself",
    ]


def test_a_tree_too_deep_for_its_paths_is_refused(folder):
    parent = "E09000004"
    with (folder / "footprints.csv").open("a") as file:
        for depth in range(6):
            code = f"nb:{depth}{'x' * 55}"
            file.write(f"{code},,Deep {depth},,,neighbourhood,neighbourhood,{parent},,,,,,yes,Test,\n")
            parent = code

    assert refusal(folder) == ["footprints.csv: value too long for type character varying(300)"]


def test_two_tiles_on_one_square_are_refused(folder):
    with (folder / "tiles.csv").open("a") as file:
        file.write("systems,Y56,6,8,London\n")

    assert refusal(folder) == ["tiles.csv, row 3, column grid, column, row: broken rule: tile square holds one area"]


def test_a_bad_change_leaves_the_stored_row_as_it_was(folder):
    load(folder, SHEETS)
    set_cell(folder / "organisations.csv", row=2, column="name", text="Renamed")
    set_cell(folder / "organisations.csv", row=2, column="closed_on", text="")

    with pytest.raises(Refused, match="row 2, column closed_on, successor: An organisation that has a successor"):
        load(folder, SHEETS)

    assert Organisation.objects.get(code="ccg:07n").name == "NHS Bexley CCG"


def test_a_row_only_in_the_database_can_be_at_fault_too(folder):
    load(folder, SHEETS)
    drop_row(folder / "footprint_shares.csv", 2)
    set_cell(folder / "footprints.csv", row=3, column="parent", text="Y56")

    with pytest.raises(Refused, match=r"is_main: the place lies in another system .*E09000004, QKK, not in the file"):
        load(folder, SHEETS)


def test_every_mistake_is_told_at_once(folder):
    set_cell(folder / "footprints.csv", row=2, column="verified", text="perhaps")
    set_cell(folder / "footprints.csv", row=5, column="name", text="")
    set_cell(folder / "tiles.csv", row=2, column="row", text="eight")

    assert [line.split(":")[0] for line in refusal(folder)] == [
        "footprints.csv, row 2, column verified",
        "footprints.csv, row 5, column name",
        "tiles.csv, row 2, column row",
    ]


def test_no_more_than_fifty_mistakes_are_listed():
    lines = str(Refused([Problem("tiles.csv", "wrong", row=row) for row in range(2, 62)])).splitlines()

    assert len(lines) == 51
    assert lines[-1] == "and 10 more."
