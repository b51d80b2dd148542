"""A pack asked for and made: once, by whoever is at it, and never another byte from then on."""

import datetime as dt
import importlib
from contextlib import suppress

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from engagement import tasks
from engagement.choices import PackFormat
from engagement.models import Committee, CommitteeMembership, Pack, PackDocument
from engagement.packs import making
from systems import jobs
from systems.choices import JobState
from systems.models import Job, User
from tests.engagement.factories import ItemFactory
from tests.engagement.packs import ask, make
from tests.factories import TODAY

pytestmark = pytest.mark.django_db

# What the database lets nobody change, and what a change of would say nothing.
FROZEN = ("published", "publication", "pack")


@pytest.fixture
def asked(meeting, publication, chair):
    return ask(meeting, ItemFactory(meeting=meeting, number=4, title="The plan"), [publication], chair)


def contents(pack) -> dict[str, bytes]:
    return {document.format: bytes(document.content) for document in pack.documents.all()}


def test_it_is_asked_for_with_its_words_and_enqueued(asked, publication, chair):
    assert (asked.edition, asked.made_at, asked.made_by) == (1, None, chair)
    assert list(asked.publications.all()) == [publication]
    assert (asked.job.state, asked.job.total) == (JobState.WAITING, making.STEPS)


def test_it_is_made_in_every_format(asked):
    made = make(asked)

    assert made.made_at
    assert made.job.state == JobState.FINISHED
    assert set(contents(made)) == set(PackFormat)
    assert b"Too few staff" not in contents(made)[PackFormat.HTML]
    assert b"Recruit" in contents(made)[PackFormat.HTML]


def test_it_leaves_for_the_worker_once_it_is_stored(post_office, meeting, publication, chair, settings):
    settings.PORTAL_TODAY = TODAY

    with post_office():
        pack = ask(meeting, ItemFactory(meeting=meeting), [publication], chair)

    assert Pack.objects.get(pk=pack.pk).made_at


def test_while_one_is_made_no_other_is_asked_for(asked, meeting, publication, chair):
    with pytest.raises(ValidationError, match="is being made"):
        ask(meeting, asked.item, [publication], chair)


def test_another_is_the_next_edition_and_the_old_one_stays(asked, meeting, publication, chair):
    before = contents(make(asked))

    second = make(ask(meeting, asked.item, [publication], chair, subject="Once more"))

    assert second.edition == 2
    assert contents(Pack.objects.get(edition=1)) == before
    assert b"Once more" in contents(second)[PackFormat.HTML]


def test_one_that_failed_leaves_its_number_to_the_next(asked, meeting, publication, chair):
    jobs.finish(asked.job, error="It broke.")

    assert ask(meeting, asked.item, [publication], chair).edition == 1


def test_an_address_is_never_used_twice(asked, meeting, committee, publication, chair):
    make(asked)
    type(meeting).objects.filter(pk=meeting.pk).update(held_on=dt.date(2019, 12, 1))
    another = type(meeting).objects.create(committee=committee, held_on=asked.meeting_on)

    pack = ask(another, ItemFactory(meeting=another), [publication], chair)

    assert (pack.meeting_on, pack.edition) == (asked.meeting_on, 2)


def test_the_words_of_the_cover_are_needed(meeting, publication, chair):
    with pytest.raises(ValidationError):
        ask(meeting, ItemFactory(meeting=meeting), [publication], chair, purpose="")


# --- The worker -------------------------------------------------------------------------------------------


def test_what_a_killed_worker_left_is_made_whole_by_the_next(asked, monkeypatch, settings):
    settings.PORTAL_TODAY = TODAY

    def killed(*args):
        raise KeyboardInterrupt

    monkeypatch.setattr(making.pdf, "write", killed)
    with pytest.raises(KeyboardInterrupt):
        make(asked)
    assert not PackDocument.objects.exists()
    assert Job.objects.get(pk=asked.job_id).state == JobState.RUNNING
    monkeypatch.undo()

    tasks.make_waiting_packs()

    assert len(contents(Pack.objects.get(pk=asked.pk))) == 4
    assert Job.objects.get(pk=asked.job_id).tries == 2


def test_made_twice_it_is_made_once(asked):
    before = contents(make(asked))

    tasks.make_pack(asked.job_id)
    tasks.make_waiting_packs()

    assert contents(Pack.objects.get()) == before


def test_who_no_longer_writes_for_the_committee_gets_none(asked, chair):
    CommitteeMembership.objects.filter(user=chair).update(ends_on=TODAY - dt.timedelta(days=1))

    made = make(asked)

    assert made.made_at is None
    assert made.job.error == making.NOT_YOURS


def test_without_pango_there_are_the_web_page_and_word(asked, monkeypatch):
    def missing(name):
        raise OSError("cannot load library 'libpango-1.0-0'")

    monkeypatch.setattr(importlib, "import_module", missing)

    assert set(contents(make(asked))) == {PackFormat.HTML, PackFormat.STYLE, PackFormat.WORD}


# --- For good ---------------------------------------------------------------------------------------------


def test_whatever_live_table_changes_the_pack_is_the_same_byte_for_byte(asked, committee, recommendation, signed_in):
    made = make(asked)
    desk = signed_in(made.made_by)
    address = f"/committees/{committee.slug}/meetings/{made.meeting_on}/pack"
    addresses = [f"{address}.{ending}?edition=1" for ending in PackFormat.values]
    before = [desk.get(address).content for address in addresses]
    assert all(before)

    changed = change_every_live_text()

    assert {"systems.footprint", "commitments.commitment", "commitments.position", "engagement.agendaitem"} <= changed
    assert Committee.objects.get(pk=committee.pk).name.startswith("changed")
    assert [desk.get(address).content for address in addresses] == before


def change_every_live_text() -> set[str]:
    """Writes other words into every text of every live table, and says which tables those were."""
    models = [model for model in apps.get_models() if model._meta.app_label in ("systems", "commitments", "engagement")]
    live = [model for model in models if not model._meta.model_name.startswith(FROZEN) and model is not User]
    texts = [
        (model, field)
        for model in live
        for field in model._meta.concrete_fields
        if field.get_internal_type() in ("CharField", "TextField") and not field.choices and not field.unique
    ]
    changed = set()
    with connection.cursor() as cursor:
        # No trigger stands in the way; what a constraint refuses stays.
        cursor.execute("SET LOCAL session_replication_role = replica")
        for model, field in texts:
            words = f"left('changed ' || {model._meta.pk.column}, {field.max_length or 60})"
            with suppress(IntegrityError), transaction.atomic():
                cursor.execute(f'UPDATE {model._meta.db_table} SET "{field.column}" = {words}')
                changed.add(model._meta.label_lower)
        cursor.execute("SET LOCAL session_replication_role = origin")
    return changed
