"""The real catalogue and the real England, loaded by the command as `make run` does."""

import datetime as dt
from collections import Counter

import pytest
from django.core.management import call_command
from django.db.models import Count, Sum
from django.db.models.expressions import RawSQL

from commitments.choices import DeadlineKind, DeliveryLevel, Scope
from commitments.loading import CATALOGUE
from commitments.models import Commitment, Metric, NationalMilestone, ReportingPeriod, Theme, Trajectory
from engagement import loading as committees
from systems.choices import Level, OrganisationKind, Verified
from systems.loading import MATURITY_SHEETS, SHEETS
from systems.models import Boundary, Footprint, FootprintShare, Organisation, Tile

pytestmark = pytest.mark.django_db

ALL = (*SHEETS, *MATURITY_SHEETS, *CATALOGUE, *committees.SHEETS)


def test_england_is_all_there(reference):
    levels = Counter(Footprint.objects.values_list("level", flat=True))

    assert levels == {
        Level.ENGLAND: 1,
        Level.REGION: 7,
        Level.SYSTEM: 42,
        Level.PLACE: 151,
        Level.NEIGHBOURHOOD: 9,
        Level.PCN: 1250,
    }
    assert (
        Footprint.objects.get(code="ENG").population == Footprint.objects.places().aggregate(n=Sum("population"))["n"]
    )
    assert Footprint.objects.exclude(path__startswith="ENG/").count() == 0


def test_a_network_of_bexley_lies_where_it_should(reference):
    pcn = Footprint.objects.filter(level=Level.PCN, place__name="Bexley").first()

    assert pcn.path == f"ENG/Y56/QKK/E09000004/{pcn.code}/"
    assert pcn.system.name == "South East London"
    assert pcn.population_basis == "people registered with a GP on 1 April 2020"


def test_networks_are_open_in_september_2019(reference):
    networks = Footprint.objects.filter(level=Level.PCN)

    assert networks.open_on(dt.date(2019, 9, 30)).count() == 1248
    assert networks.open_on(dt.date(2019, 6, 30)).count() == 0


def test_a_network_of_unknown_place_lies_in_its_system_and_says_so(reference):
    directly = Footprint.objects.filter(level=Level.PCN, parent__level=Level.SYSTEM)

    assert directly.count() == 299
    assert not directly.filter(note="").exists()
    assert not directly.filter(place__isnull=False).exists()


def test_hampshire_spans_two_systems(reference):
    shares = FootprintShare.objects.filter(place__name="Hampshire").order_by("-share")

    assert [(share.system.code, share.is_main) for share in shares] == [("QRL", True), ("QNQ", False)]
    assert FootprintShare.objects.values("place").annotate(n=Count("pk")).filter(n__gt=1).count() == 14


def test_ccgs_have_successors_and_days_of_closing(reference):
    bexley = Organisation.objects.get(ods_code="07N")
    brent = Organisation.objects.get(ods_code="07P")

    assert (bexley.successor.name, bexley.closed_on) == ("NHS South East London CCG", dt.date(2020, 3, 31))
    assert (brent.successor.name, brent.closed_on) == ("NHS North West London CCG", dt.date(2021, 3, 31))
    assert brent.successor.opened_on == dt.date(2021, 4, 1)
    assert Organisation.objects.filter(kind=OrganisationKind.CCG, opened_on__isnull=True).count() == 191


def test_every_organisation_serves_a_footprint(reference):
    assert Organisation.objects.count() == 668
    assert not Organisation.objects.filter(footprints__isnull=True).exists()
    assert set(Organisation.objects.get(ods_code="99M").footprints.values_list("name", flat=True)) == {
        "Hampshire",
        "Surrey",
    }


def test_every_system_and_place_has_an_outline_and_every_system_a_tile(reference):
    assert not Footprint.objects.systems().filter(boundary__isnull=True).exists()
    assert not Footprint.objects.places().filter(boundary__isnull=True).exists()
    assert Boundary.objects.filter(is_verified=False).count() == 5
    assert set(Tile.objects.filter(grid="systems").values_list("code", flat=True)) == set(
        Footprint.objects.systems().values_list("code", flat=True)
    )


def test_the_catalogue_is_all_there(reference):
    classes = Counter(Theme.objects.values_list("theme_class", flat=True))
    levels = Counter(Commitment.objects.values_list("delivery_level", flat=True))

    assert classes == {"core_foundation": 8, "prioritised_commitment": 12, "enabler": 5}
    assert levels == {
        DeliveryLevel.SYSTEM: 128,
        DeliveryLevel.PROVIDER: 53,
        DeliveryLevel.NATIONAL: 52,
        DeliveryLevel.NEIGHBOURHOOD: 35,
        DeliveryLevel.PLACE: 22,
    }
    assert Commitment.objects.exclude(verified=Verified.YES).count() == 34
    assert NationalMilestone.objects.count() == 86
    assert [theme.code for theme in Theme.objects.all()][:3] == ["OOH", "UEC", "PERS"]


@pytest.mark.parametrize(
    ("code", "kind", "on"),
    [
        ("LTP1-OOH-01", DeadlineKind.BY, dt.date(2024, 3, 31)),
        ("LTP1-OOH-12", DeadlineKind.FROM, dt.date(2021, 4, 30)),
        ("LTP1-UEC-12", DeadlineKind.FROM, None),
        ("LTP1-OOH-04", DeadlineKind.CONTINUOUS, dt.date(2024, 3, 31)),
        ("LTP3-MH-09", DeadlineKind.CONTINUOUS, dt.date(2021, 3, 31)),
        ("LTP3-MH-18", DeadlineKind.CONTINUOUS, dt.date(2024, 3, 31)),
        ("LTP3-EL-01", DeadlineKind.CONTINUOUS, dt.date(2024, 3, 31)),
        ("LTP6-FIN-11", DeadlineKind.CONTINUOUS, None),
        ("LTP1-UEC-05", DeadlineKind.NONE, None),
    ],
)
def test_printed_deadlines_are_read_as_the_notes_say(reference, code, kind, on):
    commitment = Commitment.objects.get(code=code)

    assert (commitment.deadline_kind, commitment.deadline_on) == (kind, on)


def test_metrics_and_published_trajectories(reference):
    headline = Metric.objects.get(commitment__code="LTP3-MH-13", is_headline=True)
    further = Metric.objects.filter(is_headline=False)

    assert headline.scope == Scope.ENGLAND
    assert headline.trajectories.get().points.get(due_on=dt.date(2024, 3, 31)).value == 66_000
    assert sorted(further.values_list("commitment__code", "unit")) == [
        ("LTP3-MAT-09", "women"),
        ("LTP3-MH-13", "% of births"),
        ("LTP3-MH-17", "% access rate"),
    ]
    assert Trajectory.objects.count() == 30


def test_every_month_of_the_plan_has_its_period(reference):
    september = ReportingPeriod.objects.get(starts_on=dt.date(2019, 9, 1))
    december = ReportingPeriod.objects.get(starts_on=dt.date(2019, 12, 1))

    assert ReportingPeriod.objects.count() == 66
    assert (september.opens_on, september.due_on) == (dt.date(2019, 9, 20), dt.date(2019, 10, 7))
    # New Year's Day is no working day.
    assert (december.due_on, december.closes_on) == (dt.date(2020, 1, 8), dt.date(2020, 1, 15))


def test_the_second_run_writes_nothing(reference, capsys):
    def written():
        models = [sheet.model for sheet in ALL]
        return [
            list(model.objects.annotate(xmin=RawSQL("xmin::text", [])).order_by("pk").values_list("pk", "xmin"))
            for model in models
        ]

    before = written()

    call_command("load_reference")

    assert written() == before
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(ALL) + 1
    assert all(" 0 new " in line and " 0 changed " in line for line in lines[:-1])


def test_the_command_says_what_it_did(reference):
    assert "footprints.csv                1,460 new       0 changed       0 the same" in reference
    assert reference.splitlines()[-1].startswith("Loaded in ")
