"""`manage.py load_reference` on a small folder: what it prints and how it ends."""

import pytest
from django.core.management import CommandError, call_command

from systems.models import Footprint
from tests.reference_files import drop_row, set_cell, write_small_reference

pytestmark = pytest.mark.django_db


def test_another_folder_can_be_loaded_and_rows_it_lacks_are_counted(tmp_path, capsys):
    write_small_reference(tmp_path)
    call_command("load_reference", "--from", tmp_path)
    drop_row(tmp_path / "tiles.csv", 2)

    call_command("load_reference", "--from", tmp_path)

    assert "0 the same       1 only in the database" in capsys.readouterr().out


def test_a_load_and_a_refused_load_are_logged(tmp_path, security_log):
    write_small_reference(tmp_path)
    call_command("load_reference", "--from", tmp_path)
    call_command("load_reference", "--from", tmp_path)
    set_cell(tmp_path / "commitments.csv", row=3, column="chapter", text="one")

    with pytest.raises(CommandError):
        call_command("load_reference", "--from", tmp_path)

    first, second, refused = security_log()
    assert (first["event"], first["folder"], first["changed"]) == ("reference_loaded", str(tmp_path), 0)
    assert first["new"] > second["new"] == 0
    assert refused["event"] == "reference_refused"


def test_a_bad_file_ends_the_command_with_file_row_column_and_reason(tmp_path):
    write_small_reference(tmp_path)
    set_cell(tmp_path / "commitments.csv", row=3, column="chapter", text="one")

    with pytest.raises(CommandError) as refused:
        call_command("load_reference", "--from", tmp_path)

    assert refused.value.returncode == 1
    assert str(refused.value).splitlines() == [
        "Nothing was loaded.",
        'commitments.csv, row 3, column chapter: "one" is not a whole number such as 41250',
    ]
    assert not Footprint.objects.exists()
