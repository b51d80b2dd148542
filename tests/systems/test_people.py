"""Who somebody is and what they may do, asked at once, as every request does."""

import datetime as dt

import pytest

from systems.choices import Role
from systems.models import User
from tests.factories import TODAY, MembershipFactory, SystemFactory, UserFactory, admin

A_DAY = dt.timedelta(days=1)


@pytest.mark.parametrize("days", range(-2, 4))
@pytest.mark.parametrize("ends_on", [None, TODAY + A_DAY])
def test_who_signed_in_holds_the_roles_of_the_day(place, ends_on, days):
    user = UserFactory()
    MembershipFactory(user=user, footprint=place, role=Role.REPORTER, starts_on=TODAY, ends_on=ends_on)
    MembershipFactory(user=user, footprint=SystemFactory(), role=Role.VIEWER, starts_on=TODAY, ends_on=TODAY)
    MembershipFactory(footprint=place, role=Role.APPROVER)
    day = TODAY + days * A_DAY

    found = User.objects.signed_in(user.pk).as_of(day)

    assert set(found.grants) == set(user.as_of(day).grants)
    assert len(found.grants) == (days == 0) + (days >= 0 if ends_on is None else 0 <= days <= 1)


def test_who_signed_in_is_the_same_person(place):
    user = admin(name="Grace Hall")

    found = User.objects.signed_in(user.pk)

    assert found == user
    assert (found.name, found.email, found.is_staff, found.last_login) == ("Grace Hall", user.email, True, None)
    assert found.as_of(TODAY).grants == ()


def test_an_account_switched_off_holds_nothing(place):
    user = UserFactory(is_active=False)
    MembershipFactory(user=user, footprint=place, role=Role.REPORTER)

    assert User.objects.signed_in(user.pk).as_of(TODAY).grants == ()


@pytest.mark.django_db
def test_nobody_signs_in_as_who_is_not_there():
    assert User.objects.signed_in(0) is None
