"""What was made stays: each constraint broken once, and everything tried that could change a pack."""

import datetime as dt

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models.functions import Now

from engagement.choices import PackFormat
from engagement.models import Pack, PackDocument, PackPublication
from tests.engagement.factories import MeetingFactory, PackFactory, seated
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def made(publication):
    """A pack with a publication and a document, made."""
    pack = PackFactory()
    PackPublication.objects.create(pack=pack, publication=publication)
    PackDocument.of(pack, PackFormat.HTML, b"<p>As it was</p>").save()
    Pack.objects.filter(pk=pack.pk).update(made_at=Now())
    pack.refresh_from_db()
    return pack


def document(pack, **facts) -> PackDocument:
    found = PackDocument.of(pack, PackFormat.PDF, b"pdf")
    for name, value in facts.items():
        setattr(found, name, value)
    return found


BROKEN = {
    "pack_has_the_words_of_its_cover": lambda: PackFactory(purpose=""),
    "pack_format_is_known": lambda: document(PackFactory(), format="odt").save(),
    "pack_sum_is_that_of_its_bytes": lambda: document(PackFactory(), sha256="0" * 64).save(),
}


@pytest.mark.parametrize("constraint", BROKEN)
def test_the_database_refuses(constraint):
    with pytest.raises(IntegrityError, match=constraint):
        BROKEN[constraint]()


def test_the_size_is_that_of_its_bytes():
    with pytest.raises(IntegrityError, match="pack_sum_is_that_of_its_bytes"):
        document(PackFactory(), size=4).save()


def test_a_pack_is_written_once_in_each_format():
    pack = PackFactory()
    document(pack).save()

    with pytest.raises(IntegrityError, match="pack_is_written_once_in_each_format"):
        document(pack).save()


def test_a_pack_holds_a_publication_once(publication):
    pack = PackFactory()
    PackPublication.objects.create(pack=pack, publication=publication)

    with pytest.raises(IntegrityError, match="pack_holds_a_publication_once"):
        PackPublication.objects.create(pack=pack, publication=publication)


def test_an_edition_is_made_once_for_a_meeting(made):
    another = PackFactory(meeting=made.meeting, item=made.item, edition=made.edition)

    with pytest.raises(IntegrityError, match="pack_edition_is_made_once_per_meeting"):
        Pack.objects.filter(pk=another.pk).update(made_at=Now())


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE engagement_pack SET subject = 'Another'",
        "UPDATE engagement_pack SET made_at = NULL",
        "UPDATE engagement_pack SET edition = 7",
        "DELETE FROM engagement_pack",
        "UPDATE engagement_packdocument SET content = 'x'",
        "DELETE FROM engagement_packdocument",
        "TRUNCATE engagement_packdocument",
        "DELETE FROM engagement_packpublication",
        "TRUNCATE engagement_pack CASCADE",
    ],
)
def test_no_statement_changes_what_was_made(made, statement):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)

    [kept] = PackDocument.objects.all()
    assert bytes(kept.content) == b"<p>As it was</p>"


def test_nothing_is_added_to_what_was_made(made, publication):
    for late in (document(made), PackPublication(pack=made, publication=publication)):
        with pytest.raises(IntegrityError, match="A pack is final"), transaction.atomic():
            late.save()


def test_what_was_asked_for_is_not_rewritten_while_it_is_made():
    pack = PackFactory()

    with pytest.raises(DatabaseError):
        Pack.objects.filter(pk=pack.pk).update(subject="Another")


def test_a_pack_is_seen_by_whoever_sees_the_committee(made):
    member = seated(made.meeting.committee)

    assert list(Pack.objects.visible_to(member)) == [made]
    assert not Pack.objects.visible_to(UserFactory().as_of(dt.date(2019, 9, 30)))


def test_packs_have_the_address_of_the_day_for_which_they_were_made(made):
    slug = made.meeting.committee.slug

    assert list(Pack.objects.at(slug, made.meeting_on)) == [made]
    assert not Pack.objects.at(slug, dt.date(2020, 1, 1))
    assert not Pack.objects.at(MeetingFactory().committee.slug, made.meeting_on)


def test_they_are_named(made):
    [kept] = made.documents.all()
    [chosen] = made.chosen.all()

    assert str(made) == f"Pack for {made.meeting}, edition 1"
    assert str(kept) == f"{made}, Web page"
    assert str(chosen) == f"{made}: {chosen.publication}"
