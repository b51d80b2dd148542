"""What a committee's file is refused for, and where the fault is."""

import csv

import pytest
from django.core.management import CommandError, call_command

from tests.reference_files import read_rows, set_cell, write_small_reference

pytestmark = pytest.mark.django_db


@pytest.fixture
def refusal(tmp_path):
    """What a load of the small folder is refused for."""
    write_small_reference(tmp_path)

    def of(file, column, text):
        set_cell(tmp_path / file, row=2, column=column, text=text)
        with pytest.raises(CommandError) as refused:
            call_command("load_reference", "--from", tmp_path)
        return str(refused.value)

    return of


def test_only_councils_send_members(refusal):
    assert "only councils send members" in refusal("committee_councils.csv", "council", "ccg:07n")


def test_a_committee_scrutinises_something(refusal, tmp_path):
    rows = read_rows(tmp_path / "committee_footprints.csv")
    with (tmp_path / "committee_footprints.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows[:1])

    assert "scrutinises no footprint" in refusal("committees.csv", "name", "Another name")


def test_a_kind_nobody_knows_is_refused_with_row_and_column(refusal):
    assert 'committees.csv, row 2, column kind: "club"' in refusal("committees.csv", "kind", "club")
