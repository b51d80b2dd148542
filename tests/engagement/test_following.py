"""What people follow, and the one letter a publication that tells them what changed in it."""

import datetime as dt

import pytest
from django.core.mail.backends.locmem import EmailBackend
from django.db import IntegrityError, transaction

from commitments.choices import ReminderState
from commitments.models.outgoing import TRY_AGAIN_AFTER
from engagement import actions, outbox
from engagement.choices import FollowKind
from engagement.models import Follow, FollowLetter
from engagement.tasks import send_letters
from systems.choices import Result, Role
from systems.recompute import recompute as recompute_maturity
from tests.engagement.factories import seated
from tests.engagement.published import RED, report
from tests.factories import (
    TODAY,
    CommitmentFactory,
    PlaceFactory,
    SignedOffReportFactory,
    SystemFactory,
    person,
    signed_off_assessment,
)
from tests.publishing import JULY, publish

pytestmark = pytest.mark.django_db

BEFORE = dt.date(2019, 9, 2)


@pytest.fixture
def follower(place):
    return person(Role.JHOSC_MEMBER, place, name="Ada Councillor", email="ada@example.org")


def follow(user, system, kind, code):
    actions.follow(system=system, kind=kind, code=code, by=user)


@pytest.fixture
def gone_red(system, place, delivered):
    """A second month in which what was on track in the borough is off track. Publishes it when called."""
    publish(system, JULY, BEFORE)

    def published(**facts):
        SignedOffReportFactory(delivery=delivered, period__starts_on=dt.date(2019, 8, 1), **(RED | facts))
        return publish(system)

    return published


def sent() -> int:
    outbox.write_letters()
    return outbox.send_waiting(TODAY)


# --- Following --------------------------------------------------------------------------------------------


def test_following_twice_is_following_once_and_unfollowing_ends_it(follower, system, place):
    for _ in range(2):
        follow(follower, system, FollowKind.PLACE, place.code)
    assert str(Follow.objects.get()) == f"Ada Councillor follows {place.code} of South East London"

    actions.unfollow(system=system, kind=FollowKind.PLACE, code=place.code, by=follower)
    assert not Follow.objects.exists()


def test_stopping_ends_all_of_ones_own_and_nobody_elses(follower, system, place, councillor):
    for user in (follower, councillor):
        follow(user, system, FollowKind.PLACE, place.code)

    actions.unfollow_everything(by=follower)

    assert Follow.objects.get().person == councillor


def test_the_database_refuses_what_is_no_following(follower, system):
    facts = {"person": follower, "system": system, "code": "CAN"}
    Follow.objects.create(**facts, kind="theme")

    for kind, name in (("theme", "follow_once_per_person_and_thing"), ("person", "follow_kind_is_known")):
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            Follow.objects.create(**facts, kind=kind)


def test_the_database_refuses_letters_that_cannot_be(follower, august):
    facts = {"person": follower, "publication": august}
    FollowLetter.objects.create(**facts)
    other = {"publication": august, "person": person(Role.VIEWER, august.system)}

    for letter, name in (
        (facts, "follow_letter_once_per_person_and_publication"),
        (other | {"state": "lost"}, "follow_letter_state_is_known"),
        (other | {"state": ReminderState.SENT}, "follow_letter_sent_says_when"),
    ):
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            FollowLetter.objects.create(**letter)


# --- Letters ----------------------------------------------------------------------------------------------


def test_a_letter_says_what_changed_in_what_one_follows(follower, system, place, gone_red, mailoutbox, settings):
    follow(follower, system, FollowKind.PLACE, place.code)
    gone_red()

    assert sent() == 1

    [letter] = mailoutbox
    assert letter.to == ["ada@example.org"]
    assert letter.subject == "What changed in what you follow: South East London, August 2019"
    assert "1 delivery changed since July 2019 (as at 2 September 2019)" in letter.body
    assert "Worse: 1" in letter.body
    assert "Was on track, is off track." in letter.body
    assert f"{settings.SITE_URL}/systems/QKK/published/2019-08/1/changes/" in letter.body
    assert f"{settings.SITE_URL}/following/stop/" in letter.body
    assert letter.content_subtype == "plain"
    assert str(FollowLetter.objects.get()) == "Ada Councillor: South East London, August 2019"


@pytest.mark.parametrize("kind", FollowKind)
def test_by_commitment_by_theme_and_by_borough(kind, follower, system, place, delivered, gone_red, mailoutbox):
    commitment = delivered.commitment
    codes = {"commitment": commitment.code, "theme": commitment.theme.code, "place": place.code}
    follow(follower, system, kind, codes[kind])
    gone_red()

    assert sent() == 1


def test_dates_that_moved_are_told_from_which_day_to_which(follower, system, place, delivered, gone_red, mailoutbox):
    follow(follower, system, FollowKind.PLACE, place.code)
    delivered.local_deadline_on = dt.date(2021, 6, 30)
    delivered.save()
    gone_red()

    sent()

    assert "Dates moved: 1" in mailoutbox[0].body
    assert "Local deadline: from 31 March 2021 to 30 June 2021" in mailoutbox[0].body


def judged_anew(footprint, mature):
    """The footprint has fallen back to the first rung."""
    first, *others = mature
    signed_off_assessment(footprint, {first: Result.MET} | dict.fromkeys(others, Result.NOT_MET))
    recompute_maturity(TODAY, everything=True)


def test_maturity_that_moved_is_told_of_a_borough(follower, system, place, mature, mailoutbox):
    recompute_maturity(BEFORE, everything=True)
    publish(system, JULY, BEFORE)
    follow(follower, system, FollowKind.PLACE, place.code)
    judged_anew(place, mature)
    publish(system)

    assert sent() == 1

    [letter] = mailoutbox
    assert "The maturity of a borough you follow moved since July 2019" in letter.body
    assert "Maturity moved: 1\n\n- Leadership (ICS matrix), Bexley\n  Back from maturing to emerging." in letter.body


@pytest.mark.parametrize("kind", [FollowKind.COMMITMENT, FollowKind.THEME])
def test_maturity_is_not_told_of_a_commitment_or_a_theme(kind, follower, system, place, delivered, mature, mailoutbox):
    recompute_maturity(BEFORE, everything=True)
    publish(system, JULY, BEFORE)
    codes = {"commitment": delivered.commitment.code, "theme": delivered.commitment.theme.code}
    follow(follower, system, kind, codes[kind])
    judged_anew(place, mature)
    publish(system)

    assert sent() == 0


def test_sent_once_however_often_it_is_swept(follower, system, place, gone_red, mailoutbox):
    follow(follower, system, FollowKind.PLACE, place.code)
    gone_red()

    assert [sent(), sent()] == [1, 0]
    send_letters()
    assert len(mailoutbox) == 1


def test_one_letter_however_much_one_follows(follower, system, place, delivered, gone_red, mailoutbox):
    follow(follower, system, FollowKind.PLACE, place.code)
    follow(follower, system, FollowKind.COMMITMENT, delivered.commitment.code)
    gone_red()

    assert sent() == 1
    assert mailoutbox[0].body.count(delivered.commitment.title) == 1


def test_nothing_when_nothing_changed_in_what_one_follows(follower, system, gone_red, mailoutbox):
    other = CommitmentFactory()
    follow(follower, system, FollowKind.COMMITMENT, other.code)
    gone_red()

    assert sent() == 0
    assert FollowLetter.objects.get().state == ReminderState.DROPPED


def test_nothing_about_a_first_publication(follower, system, place, august):
    follow(follower, system, FollowKind.PLACE, place.code)
    Follow.objects.update(followed_at=august.published_at)

    assert sent() == 0


def test_nothing_about_what_was_out_before_one_followed(follower, system, place, gone_red):
    gone_red()
    follow(follower, system, FollowKind.PLACE, place.code)

    assert sent() == 0
    assert not FollowLetter.objects.exists()


@pytest.mark.parametrize("leaves", ["account", "membership"])
def test_nothing_to_leavers(follower, system, place, gone_red, leaves, mailoutbox):
    follow(follower, system, FollowKind.PLACE, place.code)
    gone_red()
    if leaves == "account":
        type(follower).objects.update(is_active=False)
    else:
        follower.memberships.update(ends_on=TODAY - dt.timedelta(days=1))

    assert sent() == 0
    assert mailoutbox == []


def test_who_only_has_a_seat_is_told_too(committee, system, place, gone_red):
    follow(seated(committee), system, FollowKind.PLACE, place.code)
    gone_red()

    assert sent() == 1


def test_a_correction_is_told_against_the_edition_it_corrects(follower, system, place, gone_red, mailoutbox):
    follow(follower, system, FollowKind.PLACE, place.code)
    first = gone_red()
    sent()
    report(place, **RED)
    publish(system, corrects=first, reason="One was missing.")

    assert sent() == 0  # opened since: nothing that one is told of
    assert FollowLetter.objects.count() == 2


def test_a_publication_corrected_before_its_news_went_out_is_told_all_the_same(
    follower, system, place, gone_red, mailoutbox
):
    follow(follower, system, FollowKind.PLACE, place.code)
    publish(system, corrects=gone_red(), reason="One was missing.")

    assert sent() == 1
    assert "/systems/QKK/published/2019-08/1/changes/" in mailoutbox[0].body
    assert FollowLetter.objects.count() == 2


def test_another_systems_news_are_not_told(follower, system, place, gone_red):
    follow(follower, SystemFactory(), FollowKind.PLACE, place.code)
    gone_red()

    assert sent() == 0


def test_a_mail_server_that_is_away_is_tried_again_later(follower, system, place, gone_red, monkeypatch):
    follow(follower, system, FollowKind.PLACE, place.code)
    gone_red()
    with monkeypatch.context() as away:
        away.setattr(EmailBackend, "send_messages", lambda self, messages: (_ for _ in ()).throw(OSError("away")))
        assert sent() == 0
    assert FollowLetter.objects.get().error == "OSError: away"
    assert sent() == 0

    FollowLetter.objects.update(tried_at=FollowLetter.objects.get().tried_at - TRY_AGAIN_AFTER * 2)
    assert sent() == 1


def test_so_many_of_each_kind_are_told_and_the_page_has_the_rest(follower, system, place, mailoutbox):
    made = [report(place) for _ in range(outbox.TOLD + 2)]
    publish(system, JULY, BEFORE)
    follow(follower, system, FollowKind.PLACE, place.code)
    for delivery in made:
        SignedOffReportFactory(delivery=delivery, period__starts_on=dt.date(2019, 8, 1), **RED)
    publish(system)

    sent()

    assert "Worse: 12" in mailoutbox[0].body
    assert "and 2 more." in mailoutbox[0].body


def test_twice_the_followers_and_rows_take_no_query_a_row(
    follower, system, place, gone_red, django_assert_max_num_queries
):
    PlaceFactory(parent=system)
    follow(follower, system, FollowKind.PLACE, place.code)
    gone_red()
    outbox.write_letters()

    with django_assert_max_num_queries(22):
        outbox.send_waiting(TODAY)
