from systems.choices import FootprintKind, Level, OrganisationKind
from systems.models import Footprint, Organisation
from systems.presenters import address_of, by_kind, crumbs_to, home_of, population_in_words

SYSTEM = Footprint(pk=1, code="QKK", name="South East London", level=Level.SYSTEM, kind=FootprintKind.ICS)
OTHER = Footprint(pk=2, code="QRV", name="North West London", level=Level.SYSTEM, kind=FootprintKind.STP)
PLACE = Footprint(pk=3, code="E09000004", name="Bexley", level=Level.PLACE, system=SYSTEM)


def test_population_says_who_was_counted():
    place = Footprint(population=248_287, population_basis="ONS mid-2019 residents")

    assert population_in_words(place) == "248,287 ONS mid-2019 residents"


def test_population_without_a_basis_counts_people():
    assert population_in_words(Footprint(population=1_250)) == "1,250 people"


def test_population_that_nobody_knows_is_not_0():
    assert population_in_words(Footprint()) == "Population not known"


def test_bodies_stand_by_kind_and_name():
    ccg = Organisation(name="NHS Bexley CCG", kind=OrganisationKind.CCG)
    council = Organisation(name="London Borough of Bexley", kind=OrganisationKind.LOCAL_AUTHORITY)
    other_ccg = Organisation(name="NHS Another CCG", kind=OrganisationKind.CCG)

    found = by_kind([council, ccg, other_ccg])

    assert found == [("Clinical commissioning group", [other_ccg, ccg]), ("Council", [council])]


def test_the_address_of_a_place_names_its_system():
    assert address_of(SYSTEM) == "/systems/QKK/"
    assert address_of(PLACE) == "/systems/QKK/places/E09000004/"


def test_home_is_the_one_system_then_the_one_place_then_the_list():
    assert home_of([SYSTEM], [PLACE]) == "/systems/QKK/"
    assert home_of([SYSTEM, OTHER], [PLACE]) == "/systems/"
    assert home_of([], [PLACE]) == "/systems/QKK/places/E09000004/"
    assert home_of([], []) == "/systems/"


def test_the_way_down_names_only_what_the_reader_may_see():
    assert crumbs_to() == [("Systems", "/systems/")]
    assert crumbs_to(SYSTEM) == [("Systems", "/systems/"), ("South East London", "/systems/QKK/")]
