"""What was published stays: each constraint broken once, and everything tried that could change a row."""

import datetime as dt

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from commitments import models
from commitments.choices import DateKind, DeadlineKind, Direction, Freshness, Status, ThemeClass
from commitments.models import Publication
from commitments.models.published import PublishedRow
from systems.choices import Level, MaturityStatus, Role
from tests.factories import TODAY, PeriodFactory, PlaceFactory, SystemFactory, UserFactory, admin, person

pytestmark = pytest.mark.django_db

AUGUST = dt.date(2019, 8, 1)


def published(system, **facts) -> Publication:
    defaults = {
        "period": PeriodFactory(starts_on=AUGUST),
        "edition": 1,
        "as_at_on": TODAY,
        "published_by": UserFactory(),
        "system_name": system.name,
        "system_short_name": system.short_name,
    }
    return Publication.objects.create(system=system, **defaults | facts)


@pytest.fixture
def publication(system):
    return published(system)


@pytest.fixture
def rows(publication):
    """One frozen row of every kind."""
    theme = models.PublishedTheme.objects.create(
        publication=publication, code="CAN", name="Cancer", theme_class=ThemeClass.CORE_FOUNDATION, ordinal=1
    )
    place = models.PublishedFootprint.objects.create(
        publication=publication, code="E1", name="Bexley", short_name="Bexley", level=Level.PLACE, population=9
    )
    commitment = models.PublishedCommitment.objects.create(
        publication=publication, theme=theme, code="C1", title="Scan", deadline_kind=DeadlineKind.NONE
    )
    position = models.PublishedPosition.objects.create(
        publication=publication,
        commitment=commitment,
        footprint=place,
        status=Status.ON_TRACK,
        moved_on=TODAY,
        freshness=Freshness.FRESH,
        milestones=2,
        milestones_achieved=1,
    )
    coverage = models.PublishedCoverage.objects.create(
        publication=publication,
        commitment=commitment,
        footprint=place,
        status=Status.ON_TRACK,
        deliveries=1,
        people=9,
        counted=1,
        is_headline=True,
    )
    metric = models.PublishedMetric.objects.create(
        publication=publication,
        position=position,
        name="Scans",
        direction=Direction.INCREASE,
        value=1,
        observed_on=TODAY,
        seen_on=[TODAY],
        seen=[1],
        expected_on=[],
        expected=[],
    )
    moved = models.PublishedDateChange.objects.create(
        publication=publication,
        position=position,
        kind=DateKind.LOCAL_DEADLINE,
        old_on=AUGUST,
        new_on=TODAY,
        changed_on=TODAY,
        reason="The building opens later.",
    )
    delivered = (theme, place, commitment, position, coverage, metric, moved)
    return {row._meta.model_name: row for row in (*delivered, *rows_about_maturity(publication, place))}


def rows_about_maturity(publication, place):
    framework = models.PublishedFramework.objects.create(
        publication=publication, code="ICSM", name="ICS matrix", version="June 2019", ordinal=1
    )
    domain = models.PublishedMaturity.objects.create(
        publication=publication,
        framework=framework,
        footprint=place,
        domain="Leadership",
        ordinal=1,
        status=MaturityStatus.AT_RISK,
        reached_level="Emerging",
        expected_level="Nothing yet",
        next_level="Maturing",
        next_on=TODAY,
        time_left="0 days left",
        gap=2,
    )
    criterion = models.PublishedCriterion.objects.create(
        publication=publication, position=domain, ordinal=0, text="A board meets.", is_taken_up=True,
        is_draft_wording=True,
    )  # fmt: skip
    networks = models.PublishedNetworks.objects.create(
        publication=publication, framework=framework, footprint=place, sentence="1 of 2 PCNs at step 1 or above",
        networks=1, people=5, of_networks=2, of_people=9, assessed=1,
    )  # fmt: skip
    return framework, domain, criterion, networks


TABLES = [Publication, *PublishedRow.__subclasses__()]


@pytest.mark.parametrize("model", TABLES, ids=lambda model: model._meta.model_name)
@pytest.mark.parametrize("sql", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_no_sql_changes_removes_or_empties_what_was_published(sql, model, rows):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

        with pytest.raises(DatabaseError, match="never changed"):
            cursor.execute(sql.format(model._meta.db_table))


@pytest.mark.parametrize("model", TABLES, ids=lambda model: model._meta.model_name)
def test_every_table_of_a_publication_is_final_and_written_at_once(model):
    names = {trigger.name for trigger in model._meta.triggers}

    assert "published_is_final" in names
    assert ("published_is_written_at_once" in names) is (model is not Publication)


@pytest.mark.django_db(transaction=True)
def test_nothing_is_added_to_a_publication_later(system):
    with transaction.atomic():
        publication = published(system)

    with pytest.raises(IntegrityError, match="written at once"):
        models.PublishedTheme.objects.create(
            publication=publication, code="X", name="X", theme_class=ThemeClass.ENABLER, ordinal=9
        )


def refused(name, make):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        make()


def test_an_edition_is_published_once(publication, system):
    refused("publication_edition_once_per_system_and_month", lambda: published(system))


def test_the_first_edition_corrects_nothing_and_later_ones_do(system):
    refused("publication_after_the_first_corrects_another", lambda: published(system, edition=2))


def test_a_correction_says_why(publication, system):
    refused("publication_correction_says_why", lambda: published(system, edition=2, supersedes=publication, reason=""))


def test_a_first_edition_gives_no_reason(system):
    refused("publication_correction_says_why", lambda: published(system, reason="Because"))


def test_a_month_is_not_published_before_it_begins(system):
    refused(
        "publication_is_as_at_its_month_or_later", lambda: published(system, as_at_on=AUGUST - dt.timedelta(days=1))
    )


@pytest.mark.parametrize("wrong", ["system", "period", "edition"])
def test_a_correction_is_the_next_edition_of_the_same_system_and_month(publication, system, wrong):
    facts = {"edition": 2, "supersedes": publication, "reason": "A number was wrong."}
    other = {"system": SystemFactory(), "period": PeriodFactory(), "edition": 3}[wrong]
    facts |= {wrong: other} if wrong != "system" else {}

    refused("next edition", lambda: published(other if wrong == "system" else system, **facts))


def test_an_edition_is_corrected_once(publication, system):
    correction = {"supersedes": publication, "reason": "A number was wrong."}
    published(system, edition=2, **correction)

    refused("supersedes_id", lambda: published(system, edition=2, **correction))


def copy(row, **facts):
    return type(row).objects.create(
        **{f.name: getattr(row, f.name) for f in row._meta.fields if f.name != "id"} | facts
    )


@pytest.mark.parametrize(
    ("kind", "constraint", "facts"),
    [
        ("publishedtheme", "published_theme_once_per_publication", {}),
        ("publishedfootprint", "published_footprint_once_per_publication", {}),
        ("publishedcommitment", "published_commitment_once_per_publication", {}),
        ("publishedposition", "published_position_once_per_commitment_and_footprint", {}),
        ("publishedposition", "published_position_words_are_known", {"status": "fine"}),
        ("publishedposition", "published_sentence_counts_its_days", {"sentence": "Missed {days} ago."}),
        ("publishedposition", "published_milestones_achieved_are_some_of_all", {"milestones_achieved": 3}),
        ("publishedcoverage", "published_coverage_one_row_a_status", {}),
        ("publishedcoverage", "published_coverage_has_one_headline", {"status": Status.MISSED}),
        ("publishedcoverage", "published_coverage_counts_a_part_of_all", {"deliveries": 2}),
        ("publishedmetric", "published_metric_has_a_value_for_each_day", {"seen": []}),
        ("publisheddatechange", "published_date_change_is_to_another_day", {"old_on": TODAY}),
        ("publishedframework", "published_framework_once_per_publication", {}),
        ("publishedmaturity", "published_maturity_once_per_domain_and_footprint", {}),
        ("publishedmaturity", "published_maturity_status_is_known", {"status": "fine"}),
        ("publishedmaturity", "published_maturity_says_how_long_is_left", {"time_left": ""}),
        ("publishedcriterion", "published_criterion_has_its_own_place", {}),
        ("publishednetworks", "published_networks_once_per_framework_and_footprint", {}),
        ("publishednetworks", "published_networks_are_some_of_all", {"networks": 3}),
    ],
)
def test_what_a_row_cannot_be(kind, constraint, facts, rows):
    refused(constraint, lambda: copy(rows[kind], **facts))


def test_they_say_what_they_are(system, publication, rows):
    second = published(system, edition=2, supersedes=publication, reason="A number was wrong.")
    access = models.PublicAccess(system=system, is_public=True)

    assert str(publication) == "South East London, August 2019"
    assert str(second) == "South East London, August 2019, edition 2"
    assert str(access) == "South East London: public"
    assert [str(rows[f"published{name}"]) for name in ("theme", "footprint", "commitment", "coverage")] == [
        "Cancer",
        "Bexley",
        "C1 Scan",
        "C1 Scan over Bexley: 1 On track",
    ]
    assert [str(rows[f"published{name}"]) for name in ("framework", "maturity", "criterion", "networks")] == [
        "ICS matrix, June 2019",
        "Leadership, Bexley: At risk",
        "A board meets.",
        "ICS matrix, June 2019, Bexley: 1 of 2 PCNs at step 1 or above",
    ]


def seen_by(user):
    return [publication.system.code for publication in Publication.objects.visible_to(user).order_by("system__code")]


@pytest.fixture
def two_systems(system, publication):
    published(SystemFactory(code="QRV"))


@pytest.mark.parametrize("role", [role for role in Role if role != Role.JHOSC_MEMBER])
def test_whoever_works_in_a_system_reads_what_every_system_published(role, two_systems, system):
    assert seen_by(person(role, system)) == ["QKK", "QRV"]


def test_an_admin_reads_what_every_system_published(two_systems):
    assert seen_by(admin()) == ["QKK", "QRV"]


def test_a_councillor_reads_what_their_systems_published(two_systems, councillor):
    assert seen_by(councillor) == ["QKK"]


def test_a_councillor_of_a_borough_reads_what_its_system_published(two_systems, place):
    assert seen_by(person(Role.JHOSC_MEMBER, place)) == ["QKK"]


def test_a_councillor_of_another_systems_borough_does_not(two_systems):
    assert seen_by(person(Role.JHOSC_MEMBER, PlaceFactory(parent=SystemFactory(code="QXX")))) == []
