"""The admin site: who gets in, what can be set there, and what the security log hears of it."""

import re

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.db import IntegrityError
from django.urls import reverse

from systems.choices import Role
from systems.models import Expectation, MaturityPosition, Membership, User
from tests.factories import TODAY, DomainFactory, ExpectationFactory, UserFactory, person

PASSWORD = "three random words"
USERS = "/admin/systems/user/"
MEMBERSHIPS = "/admin/systems/membership/"


@pytest.fixture
def somebody(db) -> User:
    return User.objects.create_user("old@example.org", PASSWORD, name="Grace Hall")


def account(**facts) -> dict:
    return {"email": "new@example.org", "name": "Grace Hall", "job_title": "", "is_active": "on"} | facts


def test_holds_people_the_map_expectations_and_what_was_sent_and_nothing_else_even_for_a_superuser(signed_in, db):
    root = User.objects.create_superuser("root@example.org", PASSWORD, name="Root")

    index = signed_in(root).get("/admin/").content.decode()

    assert set(re.findall(r'href="/admin/(\w+/\w+)/"', index)) == {
        "commitments/periodact",
        "commitments/reminder",
        "engagement/committee",
        "engagement/committeemembership",
        "systems/expectation",
        "systems/footprint",
        "systems/membership",
        "systems/organisation",
        "systems/representative",
        "systems/user",
    }


@pytest.mark.parametrize(
    "address", ["mfa/authenticator/", "account/emailaddress/", "django_celery_beat/periodictask/", "auth/group/"]
)
def test_has_no_page_for_what_other_packages_keep(signed_in, portal_admin, address):
    assert signed_in(portal_admin).get(f"/admin/{address}").status_code == 404


def test_opens_an_account_without_a_password(signed_in, portal_admin, security_log):
    signed_in(portal_admin).post(f"{USERS}add/", account())

    assert not User.objects.get(email="new@example.org").has_usable_password()
    assert security_log()[-1]["event"] == "account_opened"
    assert security_log()[-1]["user"] == portal_admin.pk


def test_sets_only_what_the_form_shows(signed_in, portal_admin, somebody):
    more = {"is_superuser": "on", "is_demo": "on", "password": "x", "groups": "1", "user_permissions": "1"}

    signed_in(portal_admin).post(f"{USERS}{somebody.pk}/change/", account(email=somebody.email, **more))

    somebody.refresh_from_db()
    assert not somebody.is_superuser
    assert not somebody.is_demo
    assert somebody.check_password(PASSWORD)


def test_making_an_admin_is_logged(signed_in, portal_admin, somebody, security_log):
    signed_in(portal_admin).post(f"{USERS}{somebody.pk}/change/", account(email=somebody.email, is_staff="on"))

    event = security_log()[-1]
    assert (event["event"], event["account"], event["admin"]) == ("account_changed", somebody.email, True)
    assert event["changed"] == ["is_staff"]


def test_giving_a_role_is_logged(signed_in, portal_admin, somebody, system, security_log):
    sent = {"user": somebody.pk, "footprint": system.pk, "role": Role.APPROVER, "starts_on": "2019-04-01"}

    signed_in(portal_admin).post(f"{MEMBERSHIPS}add/", sent)

    event = security_log()[-1]
    assert Membership.objects.get(user=somebody).role == Role.APPROVER
    assert (event["event"], event["account"], event["footprint"]) == ("role_changed", somebody.email, "QKK")
    assert event["role"] == Role.APPROVER


@pytest.mark.parametrize("name", ["user", "membership", "footprint"])
def test_nothing_is_deleted(signed_in, portal_admin, system, name):
    made = person(Role.VIEWER, system)
    pk = {"user": made.pk, "membership": made.memberships.get().pk, "footprint": system.pk}[name]

    assert signed_in(portal_admin).post(f"/admin/systems/{name}/{pk}/delete/", {"post": "yes"}).status_code == 403


def test_the_map_is_only_looked_at(signed_in, portal_admin, system):
    client = signed_in(portal_admin)

    assert client.post(f"/admin/systems/footprint/{system.pk}/change/", {"name": "Mine"}).status_code == 403
    assert client.get("/admin/systems/footprint/add/").status_code == 403


def test_a_password_s_hash_cannot_be_guessed_by_filtering(signed_in, portal_admin):
    assert signed_in(portal_admin).get(f"{USERS}?password__startswith=argon2").status_code == 400
    assert signed_in(portal_admin).get(f"{USERS}?calendar_key__startswith=a").status_code == 400


def test_says_who_somebodys_manager_is(signed_in, portal_admin, somebody):
    boss = UserFactory()

    signed_in(portal_admin).post(f"{USERS}{somebody.pk}/change/", account(email=somebody.email, manager=str(boss.pk)))

    somebody.refresh_from_db()
    assert somebody.manager == boss


def test_nobody_is_their_own_manager(signed_in, portal_admin, somebody):
    sent = account(email=somebody.email, manager=str(somebody.pk))

    html = signed_in(portal_admin).post(f"{USERS}{somebody.pk}/change/", sent).content.decode()

    assert "Nobody is their own manager." in html
    with pytest.raises(IntegrityError, match="user_is_not_their_own_manager"):
        User.objects.filter(pk=somebody.pk).update(manager=somebody.pk)


def test_a_new_address_takes_the_account_from_the_old_one(
    client, signed_in, portal_admin, somebody, post_office, mailoutbox
):
    """allauth remembers an address of its own once somebody chose a new password by mail."""
    with post_office():
        client.post("/accounts/password/reset/", {"email": somebody.email})
    link = re.search(r"http://[^/]+(/\S+)", mailoutbox[0].body)[1]
    form = client.get(link, follow=True).request["PATH_INFO"]
    client.post(form, {"password1": "new random words", "password2": "new random words"})

    signed_in(portal_admin).post(f"{USERS}{somebody.pk}/change/", account())

    old = client.post("/accounts/login/", {"login": "old@example.org", "password": "new random words"})
    assert old.status_code == 200
    new = client.post("/accounts/login/", {"login": "new@example.org", "password": "new random words"})
    assert new.status_code == 302


def test_a_lost_second_factor_is_taken_away_and_its_owner_told(
    signed_in, portal_admin, somebody, security_log, post_office, mailoutbox
):
    TOTP.activate(somebody, "JBSWY3DPEHPK3PXP")
    untouched = UserFactory()
    sent = {"action": "take_away_second_factors", "_selected_action": [somebody.pk, untouched.pk]}

    with post_office():
        signed_in(portal_admin).post(USERS, sent)

    assert not somebody.authenticator_set.exists()
    taken = [event for event in security_log() if event["event"] == "second_factor_taken_away"]
    assert [(event["account"], event["user"]) for event in taken] == [(somebody.email, portal_admin.pk)]
    assert [message.to for message in mailoutbox] == [[somebody.email]]


# --- The way in and out -----------------------------------------------------------------------------------


def test_sends_visitors_to_the_portal_s_own_sign_in(client, db):
    answer = client.get("/admin/", follow=True)

    assert answer.request["PATH_INFO"] == reverse("account_login")


def test_has_no_sign_in_of_its_own_that_would_forget_the_second_factor(signed_in, portal_admin, somebody):
    portal_admin.set_password(PASSWORD)
    portal_admin.save()
    client = signed_in(somebody)

    answer = client.post("/admin/login/", {"username": portal_admin.email, "password": PASSWORD})

    assert answer.status_code == 405
    assert client.get("/admin/").status_code == 302
    assert client.session["_auth_user_id"] == str(somebody.pk)


def test_signing_out_there_is_signing_out_of_the_portal(signed_in, portal_admin, security_log):
    signed_in(portal_admin).post("/admin/logout/")

    assert security_log()[-1]["event"] == "signed_out"


def test_a_password_changed_there_is_told_to_its_owner(signed_in, somebody, post_office, mailoutbox):
    User.objects.update(is_staff=True)
    new = {"oldpassword": PASSWORD, "password1": "new random words", "password2": "new random words"}

    with post_office():
        signed_in(somebody).post("/admin/password_change/", new)

    assert mailoutbox[0].to == [somebody.email]


# --- What is locally expected -----------------------------------------------------------------------------

EXPECTATIONS = "/admin/systems/expectation/"


def expectation(ladder, system, **facts) -> dict:
    level = ladder.criteria[1].level
    sent = {"level": level.pk, "domain": "", "footprint_level": "system", "footprint": system.pk}
    return sent | {"due_on": "2020-03-31", "source": "Our partnership board, 1 May 2019"} | facts


def test_a_local_expectation_is_added_and_what_it_touches_is_due(
    signed_in, portal_admin, ladder, system, settled, security_log
):
    response = signed_in(portal_admin).post(f"{EXPECTATIONS}add/", expectation(ladder, system))

    added = Expectation.objects.get(footprint=system)
    assert (response.status_code, added.recorded_on, added.code) == (302, TODAY, None)
    assert MaturityPosition.objects.due(TODAY).filter(footprint=system).exists()
    assert security_log()[-1]["event"] == "expectation_changed"


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        ({"footprint": ""}, "Choose the footprint in which this is expected."),
        ({"source": ""}, "This field is required."),
        ({"due_on": "1999-01-01"}, "The date must be between 2015 and 2040."),
    ],
)
def test_what_is_wrong_with_an_expectation_is_said(signed_in, portal_admin, ladder, system, facts, message):
    html = signed_in(portal_admin).post(f"{EXPECTATIONS}add/", expectation(ladder, system, **facts)).content.decode()

    assert message in html
    assert not Expectation.objects.filter(footprint=system).exists()


def test_an_expectation_of_another_frameworks_area_is_refused(signed_in, portal_admin, ladder, system):
    sent = expectation(ladder, system, domain=DomainFactory().pk)

    html = signed_in(portal_admin).post(f"{EXPECTATIONS}add/", sent).content.decode()

    assert "Choose an area of the same framework as the level." in html


def test_one_criterion_may_be_expected_by_itself(signed_in, portal_admin, ladder, system):
    criterion = ladder.criteria[1]

    signed_in(portal_admin).post(f"{EXPECTATIONS}add/", expectation(ladder, system, criterion=criterion.pk))

    added = Expectation.objects.get(footprint=system)
    assert (added.criterion, added.domain, added.what) == (criterion, ladder.domain, criterion.text)


def test_a_criterion_of_another_level_is_refused(signed_in, portal_admin, ladder, system):
    sent = expectation(ladder, system, criterion=ladder.criteria[0].pk)

    html = signed_in(portal_admin).post(f"{EXPECTATIONS}add/", sent).content.decode()

    assert "Choose a criterion of the level and of the area." in html
    assert not Expectation.objects.filter(footprint=system).exists()


def test_what_was_loaded_from_files_is_not_changed_by_hand(signed_in, portal_admin, ladder, system):
    loaded = Expectation.objects.get()
    local = ExpectationFactory(code=None, footprint=system, level=ladder.criteria[1].level)

    client = signed_in(portal_admin)

    assert client.post(f"{EXPECTATIONS}{loaded.pk}/change/", expectation(ladder, system)).status_code == 403
    assert client.post(f"{EXPECTATIONS}{local.pk}/change/", expectation(ladder, system)).status_code == 302
