"""Who speaks for which body, and what they may read for it."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from commitments.models.publications import read_by
from systems.models import Footprint, Representative
from tests.engagement.factories import CouncilFactory
from tests.factories import TODAY, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def representative(system):
    body = CouncilFactory(kind="healthwatch", name="Healthwatch Bexley", system=system)
    return Representative.objects.create(
        user=UserFactory(name="Ada Speaker"), organisation=body, starts_on=TODAY, ends_on=TODAY
    )


def test_says_who_speaks_for_whom(representative):
    assert str(representative) == "Ada Speaker for Healthwatch Bexley"


@pytest.mark.parametrize(("days", "speaks"), [(-1, False), (0, True), (1, False)])
def test_from_one_day_to_another_both_included(representative, days, speaks):
    user = representative.user.as_of(TODAY + dt.timedelta(days=days))

    assert Representative.objects.held_by(user).exists() is speaks


def test_reads_what_the_system_of_the_body_published(representative, system):
    assert list(Footprint.objects.filter(read_by(representative.user.as_of(TODAY)))) == [system]


def test_the_database_refuses_the_same_twice_and_an_end_before_the_start(representative):
    facts = {"user": representative.user, "organisation": representative.organisation}

    with pytest.raises(IntegrityError, match="once_per_person_organisation_and_start"), transaction.atomic():
        Representative.objects.create(**facts, starts_on=TODAY)
    with pytest.raises(IntegrityError, match="representative_ends_after_it_starts"), transaction.atomic():
        Representative.objects.create(**facts, starts_on=TODAY + dt.timedelta(days=1), ends_on=TODAY)


def test_an_admin_says_so_and_it_is_logged(representative, signed_in, portal_admin, security_log):
    sent = {
        "user": UserFactory().pk,
        "organisation": representative.organisation_id,
        "starts_on": "2019-04-01",
        "ends_on": "",
    }

    signed_in(portal_admin).post("/admin/systems/representative/add/", sent)

    assert Representative.objects.count() == 2
    assert security_log()[-1]["event"] == "representative_changed"


def test_bodies_are_looked_up_and_never_typed_in(signed_in, portal_admin):
    client = signed_in(portal_admin)

    assert client.get("/admin/systems/organisation/").status_code == 200
    assert client.get("/admin/systems/organisation/add/").status_code == 403
