"""Second opinions: what the database refuses, who may lodge one, and who sees it."""

import datetime as dt

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import Error, IntegrityError, connection, transaction

from commitments.choices import Status
from commitments.models import PublicAccess
from engagement import actions
from engagement.choices import Seat
from engagement.models import Opinion, OpinionReply
from engagement.models.opinions import is_concerned, voices_of
from systems.choices import Role
from systems.models import Representative
from tests.engagement.factories import CommitteeFactory, CouncilFactory, seated
from tests.engagement.published import position_of, report
from tests.factories import TODAY, PcnFactory, PlaceFactory, SystemFactory, UserFactory, person
from tests.publishing import JULY, publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def facts(position, healthwatch, speaker):
    """The least of a valid opinion."""
    return {
        "position": position,
        "publication": position.publication,
        "organisation": healthwatch,
        "rating": Status.AT_RISK,
        "reasons": "People tell us otherwise.",
        "evidence": "12 of 15 had not heard of it.",
        "lodged_on": TODAY,
        "lodged_by": speaker,
    }


def lodge(position, voice, by, **facts) -> Opinion:
    words = {"rating": Status.AT_RISK, "reasons": "We saw otherwise.", "evidence": "Visits on 6 and 14 August."}
    return actions.lodge_opinion(position=position, voice=voice, facts=words | facts, by=by, today=TODAY)


# --- What the database refuses ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"organisation": None}, "opinion_is_of_a_committee_or_of_an_organisation"),
        ({"rating": "marvellous"}, "opinion_rating_is_a_status"),
        ({"rating": Status.NOT_APPLICABLE}, "opinion_rating_is_a_status"),
        ({"reasons": ""}, "opinion_says_why"),
        ({"evidence": ""}, "opinion_has_evidence"),
        ({"url": "http://example.org"}, "opinion_link_is_https"),
        ({"file": "made-up.pdf"}, "opinion_file_has_a_name"),
        ({"rating": Status.ON_TRACK}, "A second opinion is another than what was published"),
    ],
)
def test_what_is_no_opinion_is_refused(facts, changes, name):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Opinion.objects.create(**facts | changes)


def test_a_position_of_another_publication_is_refused(facts, august, system):
    later = publish(system, corrects=august, reason="One was missing.")

    with pytest.raises(IntegrityError, match="in its very publication"):
        Opinion.objects.create(**facts | {"publication": later})


def test_of_a_committee_and_of_an_organisation_at_once_is_refused(facts, committee):
    with pytest.raises(IntegrityError, match="opinion_is_of_a_committee_or_of_an_organisation"):
        Opinion.objects.create(**facts, committee=committee)


def test_each_body_says_it_once(facts, committee):
    of_committee = facts | {"organisation": None, "committee": committee}
    for said in (facts, of_committee):
        Opinion.objects.create(**said)

    for said, name in (
        (facts, "opinion_of_an_organisation_once_per_position"),
        (of_committee, "opinion_of_a_committee_once_per_position"),
    ):
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            Opinion.objects.create(**said)


def test_neither_an_opinion_nor_its_reply_is_ever_changed(facts, manager):
    opinion = Opinion.objects.create(**facts)
    OpinionReply.objects.create(opinion=opinion, words="We will look.", replied_on=TODAY, replied_by=manager)

    for table, column in (("opinion", "reasons"), ("opinionreply", "words")):
        for word, sql in (("update", "UPDATE engagement_{} SET {} = 'x'"), ("delete", "DELETE FROM engagement_{}")):
            with pytest.raises(Error, match=f"Cannot.* {word}"), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(sql.format(table, column))


def test_a_reply_has_words(facts, manager):
    opinion = Opinion.objects.create(**facts)

    with pytest.raises(IntegrityError, match="opinion_reply_has_words"):
        OpinionReply.objects.create(opinion=opinion, words="", replied_on=TODAY, replied_by=manager)


# --- Lodging and replying ---------------------------------------------------------------------------------


def test_the_same_rating_as_published_is_refused_in_words(position, healthwatch, speaker):
    with pytest.raises(ValidationError, match="A second opinion is another status"):
        lodge(position, healthwatch, speaker, rating=Status.ON_TRACK)


def test_lodged_twice_is_refused_in_words(position, healthwatch, speaker):
    lodge(position, healthwatch, speaker)

    with pytest.raises(ValidationError, match="The organisation has lodged an opinion on this already"):
        lodge(position, healthwatch, speaker)


def test_what_is_not_written_leaves_no_file_behind(position, healthwatch, speaker, settings, tmp_path, monkeypatch):
    settings.STORAGES = settings.STORAGES | {
        "evidence": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path)}}
    }
    monkeypatch.setattr("django.db.models.base.Model.save_base", lambda *args, **kwargs: 1 / 0)
    file = ContentFile(b"%PDF-1.4", name="visits.pdf")

    with pytest.raises(ZeroDivisionError):
        lodge(position, healthwatch, speaker, file=file, file_name="visits.pdf")

    assert list(tmp_path.iterdir()) == []


def test_the_system_replies_once(position, healthwatch, speaker, manager):
    opinion = lodge(position, healthwatch, speaker)
    actions.reply_to_opinion(opinion=opinion, words="We will look.", by=manager, today=TODAY)

    with pytest.raises(ValidationError, match="already"):
        actions.reply_to_opinion(opinion=opinion, words="Once more.", by=manager, today=TODAY)

    assert OpinionReply.objects.get().words == "We will look."


# --- Who may lodge ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("seat", Seat.values)
def test_whoever_sits_on_a_committee_speaks_for_it(committee, seat):
    assert voices_of(seated(committee, seat)) == [committee]


@pytest.mark.parametrize(
    ("kind", "speaks"), [("healthwatch", True), ("local_authority", True), ("trust", False), ("ccg", False)]
)
def test_representatives_of_healthwatch_and_councils_speak_for_them(kind, speaks):
    body = CouncilFactory(kind=kind)
    user = UserFactory()
    Representative.objects.create(user=user, organisation=body, starts_on="2018-10-01")

    assert (voices_of(user.as_of(TODAY)) == [body]) is speaks


def test_nobody_else_speaks_for_anybody(committee, councillor, approver):
    assert [voices_of(user) for user in (councillor, approver, AnonymousUser())] == [[], [], []]


def test_leavers_speak_for_nobody(speaker, committee):
    left = seated(committee)
    left.committee_seats.update(ends_on=TODAY - dt.timedelta(days=1))
    Representative.objects.update(ends_on=TODAY - dt.timedelta(days=1))

    assert [voices_of(left), voices_of(speaker)] == [[], []]


def test_who_is_switched_off_speaks_for_nobody(speaker):
    speaker.is_active = False

    assert voices_of(speaker) == []


def test_a_body_is_concerned_by_what_lies_in_it_and_by_the_whole_system(system, place, healthwatch):
    bromley = PlaceFactory(code="E09000006", parent=system)
    made = [report(where) for where in (place, PcnFactory(parent=place), system, bromley)]
    published = publish(system)

    concerned = [is_concerned(healthwatch, position_of(published, one), system) for one in made]

    assert concerned == [True, True, True, False]


def test_a_committee_of_the_system_is_concerned_by_all_and_one_of_another_by_nothing(position, system, committee):
    other = CommitteeFactory(scrutinises=[SystemFactory()])

    assert is_concerned(committee, position, system)
    assert not is_concerned(other, position, system)


# --- Who sees it ------------------------------------------------------------------------------------------


def test_seen_by_whoever_reads_what_it_is_about(position, healthwatch, speaker, councillor, manager, system):
    lodge(position, healthwatch, speaker)
    stranger = person(Role.JHOSC_MEMBER, SystemFactory())

    def seen(user):
        return Opinion.objects.visible_to(user).exists()

    assert [seen(user) for user in (councillor, manager, speaker, stranger, AnonymousUser())] == [
        True, True, True, False, False,
    ]  # fmt: skip
    PublicAccess.objects.create(system=system, is_public=True, chosen_by=manager, chosen_on=TODAY)
    assert seen(AnonymousUser())


def test_a_reader_of_an_earlier_publication_is_not_told_of_a_later_one(system, delivered, healthwatch, speaker):
    july = publish(system, JULY, dt.date(2019, 9, 2))
    august = publish(system)
    lodge(position_of(august, delivered), healthwatch, speaker)

    assert not Opinion.objects.beside(july).exists()
    assert Opinion.objects.beside(august).exists()


def test_a_reader_of_a_later_publication_is_told(system, delivered, healthwatch, speaker):
    july = publish(system, JULY, dt.date(2019, 9, 2))
    lodge(position_of(july, delivered), healthwatch, speaker)

    assert Opinion.objects.beside(publish(system)).exists()


def test_repliable_by_approvers_and_programme_managers_of_the_system(position, healthwatch, speaker, manager, approver):
    lodge(position, healthwatch, speaker)
    others = [person(Role.PROGRAMME_MANAGER, SystemFactory()), speaker, AnonymousUser()]

    assert all(Opinion.objects.repliable_by(user).unanswered().exists() for user in (manager, approver))
    assert not any(Opinion.objects.repliable_by(user).exists() for user in others)


def test_its_mark_moves_with_each_opinion_and_each_reply(position, healthwatch, speaker, manager):
    marks = [Opinion.objects.all().mark()]
    opinion = lodge(position, healthwatch, speaker)
    marks.append(Opinion.objects.all().mark())
    actions.reply_to_opinion(opinion=opinion, words="We will look.", by=manager, today=TODAY)
    marks.append(Opinion.objects.all().mark())

    assert marks == [(0, 0), (1, 0), (1, 1)]
    assert str(opinion.reply) == f"Reply to {opinion}" == "Reply to Healthwatch Bexley: At risk"
