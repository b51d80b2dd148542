"""Maturity frameworks from files: the real ones whole, a second time nothing, and what is wrong with a file is said."""

import datetime as dt

import pytest
from django.conf import settings
from django.db.models import Q

from commitments.loading import load_reference
from systems.choices import FrameworkKind, Level
from systems.loading import MATURITY_SHEETS, SHEETS, Refused, load
from systems.models import Criterion, Domain, Expectation, Framework, MaturityPosition
from tests.factories import TODAY, ExpectationFactory, MaturityLevelFactory, SystemFactory
from tests.reference_files import set_cell, write_small_reference

pytestmark = pytest.mark.django_db
REFERENCE = settings.BASE_DIR / "fixtures" / "reference"


@pytest.fixture
def folder(tmp_path):
    return write_small_reference(tmp_path)


def test_the_real_frameworks_are_all_there_and_loaded_once():
    load(REFERENCE, SHEETS + MATURITY_SHEETS)

    again = load(REFERENCE, SHEETS + MATURITY_SHEETS)

    assert all(outcome.new == outcome.changed == 0 for outcome in again)
    matrices = Framework.objects.filter(kind=FrameworkKind.MATRIX)
    assert {(f.code, f.domains.count(), f.rungs.count()) for f in matrices} == {("ICSM", 5, 4), ("PCNM", 5, 4)}
    assert Criterion.objects.filter(domain__framework__code="ICSR").count() == 9
    assert Criterion.objects.filter(domain__framework__code="PCNF").count() == 22
    own = Framework.objects.filter(footprint__code="QKK")
    assert {(f.code, Criterion.objects.filter(domain__framework=f).count()) for f in own} == {("SELG", 3), ("SELC", 5)}
    assert {c.domain.framework.code for c in Criterion.objects.all() if c.is_draft_wording} == {"ICSM", "PCNM"}
    assert not Criterion.objects.filter(source="").exists()
    assert set(Expectation.objects.filter(footprint_level=Level.SYSTEM).values_list("level__name", "due_on__year")) == {
        ("maturing", 2021), ("in place", 2021),
    }  # fmt: skip


def test_every_day_that_a_criterion_carries_is_expected_with_its_source():
    load(REFERENCE, SHEETS + MATURITY_SHEETS)

    for criterion in Criterion.objects.filter(due_on__isnull=False).select_related("domain__framework"):
        level = Q(level=criterion.level, footprint_level=criterion.domain.framework.level, due_on=criterion.due_on)
        whose = Q(domain=None) | Q(domain=criterion.domain, criterion=None) | Q(criterion=criterion)
        (expectation,) = Expectation.objects.filter(level, whose)
        assert "13 February 2019" in expectation.source or "Long Term Plan" in expectation.source
    alone = Expectation.objects.get(criterion__isnull=False)
    assert (alone.criterion.code, alone.domain.name, alone.due_on) == ("PCNF-06", "Urgent care", dt.date(2020, 12, 31))


def test_every_domain_of_a_framework_gets_its_position(folder):
    load_reference(folder, today=TODAY)

    assert set(MaturityPosition.objects.values_list("footprint__code", flat=True)) == {"QKK", "E09000004"}
    assert MaturityPosition.objects.due(TODAY).count() == 2


def test_a_key_that_shares_a_column_names_nothing_where_its_own_part_is_empty(folder):
    load(folder, SHEETS + MATURITY_SHEETS)

    of_all, of_one, of_criterion = Expectation.objects.order_by("-due_on")
    assert (of_all.domain, of_one.domain) == (None, Domain.objects.get())
    assert (of_all.criterion, of_one.criterion, of_criterion.criterion.code) == (None, None, "A1.1")
    assert Criterion.objects.get(code="A2.1").replaces.code == "A1.1"


def test_local_expectations_are_none_of_the_files_business(folder):
    load(folder, SHEETS + MATURITY_SHEETS)
    local = ExpectationFactory(code=None, footprint=SystemFactory(), level=MaturityLevelFactory())

    outcomes = load(folder, SHEETS + MATURITY_SHEETS)

    assert outcomes[-1].unlisted == 0
    assert Expectation.objects.filter(pk=local.pk).exists()


@pytest.mark.parametrize(
    ("file", "column", "text", "said"),
    [
        ("maturity_criteria.csv", "level", "7", 'there is no maturity level "ICSM", "7"'),
        ("maturity_criteria.csv", "domain", "Money", 'there is no domain "ICSM", "Money"'),
        ("maturity_expectations.csv", "due_on", "1999-01-01", "The date must be between 2015 and 2040."),
        ("maturity_expectations.csv", "source", "", "the value is missing"),
        ("maturity_expectations.csv", "criterion", "A9.9", 'there is no criterion "A9.9"'),
        ("maturity_frameworks.csv", "level", "region", '"region" is not one of system, place, pcn'),
    ],
)
def test_what_is_wrong_with_a_file_is_said_and_nothing_is_loaded(folder, file, column, text, said):
    set_cell(folder / file, row=2, column=column, text=text)

    with pytest.raises(Refused, match=said):
        load(folder, SHEETS + MATURITY_SHEETS)

    assert not Framework.objects.exists()
