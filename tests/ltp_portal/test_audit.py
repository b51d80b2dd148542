"""The audit log: what the database writes down by itself, and what admins read of it."""

import datetime as dt

import pytest
from django.apps import apps
from django.db import InternalError, connection
from django.urls import reverse

from commitments.models import (
    DeadlineChange,
    Delivery,
    MilestoneChange,
    PeriodAct,
    PlanRevision,
    PositionChange,
    Report,
)
from ltp_portal.audit import NOT_A_PERSON, audited_models
from systems.choices import EditKind
from systems.models import AuditEntry, Membership, User
from tests.factories import (
    CommitmentFactory,
    DeliveryFactory,
    MembershipFactory,
    MilestoneFactory,
    ObservationFactory,
    PeriodFactory,
    PlaceFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

# The tables of ours that are not audited, and why.
NOT_AUDITED = {
    "auditentry": "is the audit log",
    "boundary": "outlines, loaded from a file and never typed in",
    "tile": "a picture of the map, loaded from a file",
    "footprintancestor": "derived from the map",
    "position": "computed",
    "positionchange": "a history, append-only",
    "positionsversion": "computed",
    "coverage": "computed",
    "coverageexpiry": "computed",
    "run": "written by the worker",
    "actionmove": "a history, append-only",
    "maturityposition": "computed",
    "maturitychange": "a history, append-only",
    "maturityversion": "computed",
    "assessment": "a history: submitted ones are final, drafts are their writers'",
    "finding": "part of an assessment",
    "planrevision": "a history, append-only",
    "milestonechange": "a history, append-only",
    "deadlinechange": "a history: what was asked and decided is final",
    "periodact": "a history, append-only",
    "publication": "final from the moment it is written, with who published it",
    "publishedcommitment": "part of a publication",
    "publishedcoverage": "part of a publication",
    "publisheddatechange": "part of a publication",
    "publishedfootprint": "part of a publication",
    "publishedmetric": "part of a publication",
    "publishedframework": "part of a publication",
    "publishedmaturity": "part of a publication",
    "publishedcriterion": "part of a publication",
    "publishednetworks": "part of a publication",
    "publishedposition": "part of a publication",
    "publishedtheme": "part of a publication",
    "reminder": "written by the worker: what was sent to whom",
    "job": "work in the background, with who asked for it",
    "upload": "what somebody uploaded, and who and when; it goes after 30 days",
    "uploadedrow": "part of an upload",
    "cellproblem": "part of an upload",
    "response": "a history, append-only",
    "recommendationevidence": "a history, append-only",
    "committeestep": "a history, append-only",
    "opinion": "append-only, with who lodged it",
    "opinionreply": "append-only, with who replied",
    "followletter": "written by the worker: what was sent to whom",
    "pack": "final from the moment it is made, with who asked for it",
    "packpublication": "part of a pack",
    "packdocument": "part of a pack",
    "engagement": "a history, append-only",
    "engagementwithdrawal": "a history, append-only",
    "report": "a history: signed-off reports are final, drafts are their writer's",
}


def entries(model=None, **facts):
    found = AuditEntry.objects.filter(**facts)
    return found.filter(table_name=model._meta.db_table) if model else found


def test_every_table_is_audited_or_says_why_not():
    apps_of_ours = map(apps.get_app_config, ("systems", "commitments", "engagement"))
    ours = {model for app in apps_of_ours for model in app.get_models()}

    assert {model._meta.model_name for model in ours - set(audited_models())} == set(NOT_AUDITED)


# --- What is written --------------------------------------------------------------------------------------


def test_raw_sql_is_written_down_field_by_field():
    delivery = DeliveryFactory()
    before = AuditEntry.objects.count()

    with connection.cursor() as cursor:
        cursor.execute("UPDATE commitments_delivery SET local_deadline_on = '2021-03-31' WHERE id = %s", [delivery.pk])

    entry = AuditEntry.objects.first()
    assert AuditEntry.objects.count() == before + 1
    assert (entry.table_name, entry.row_id, entry.kind) == ("commitments_delivery", str(delivery.pk), "update")
    assert entry.changes == {"local_deadline_on": [None, "2021-03-31"]}
    assert (entry.person, entry.page) == (None, "")


def test_rows_added_and_removed_are_written_down_whole():
    period = PeriodFactory()
    period.delete()

    removed, added = entries(type(period))

    assert (added.kind, added.changes["due_on"]) == (EditKind.ADDED, [None, "2019-10-07"])
    assert (removed.kind, removed.changes["due_on"]) == (EditKind.REMOVED, ["2019-10-07", None])
    assert removed.row_id == "2019-09-01"


def test_an_update_that_changes_nothing_is_not_written_down():
    delivery = DeliveryFactory()
    before = AuditEntry.objects.count()

    Delivery.objects.filter(pk=delivery.pk).update(version=7, source=delivery.source)

    assert AuditEntry.objects.count() == before


def test_no_password_and_no_sign_in_is_written_down():
    user = UserFactory()
    user.set_password("a-password-nobody-knows")
    user.last_login = dt.datetime(2019, 9, 30, tzinfo=dt.UTC)
    user.save()

    assert entries(User).count() == 1
    assert not {"password", "last_login"} & set(entries(User).get().changes)


def test_a_bulk_write_is_written_down_row_by_row():
    deliveries = [DeliveryFactory(), DeliveryFactory()]
    lead = UserFactory()

    Delivery.objects.update(lead=lead)

    changed = entries(Delivery, kind="update")
    assert {entry.row_id for entry in changed} == {str(delivery.pk) for delivery in deliveries}
    assert all(entry.changes == {"lead_id": [None, lead.pk]} for entry in changed)


def test_who_it_was_and_on_which_page_is_written_down(signed_in, manager, place):
    delivery = DeliveryFactory(footprint=place)
    address = reverse("commitments:milestone_add", args=[delivery.pk])
    sent = {"title": "Open a hub", "due_on_day": "31", "due_on_month": "3", "due_on_year": "2020"}

    signed_in(manager).post(address, sent)

    entry = entries(table_name="commitments_milestone").get()
    assert (entry.person, entry.page) == (manager, address)


def test_the_next_one_on_the_same_connection_is_not_taken_for_the_last(signed_in, manager, place):
    delivery = DeliveryFactory(footprint=place)
    sent = {"title": "Open a hub", "due_on_day": "31", "due_on_month": "3", "due_on_year": "2020"}
    signed_in(manager).post(reverse("commitments:milestone_add", args=[delivery.pk]), sent)
    with connection.cursor() as cursor:
        # A transaction's end takes it away; a test is all one transaction.
        cursor.execute("SET LOCAL pghistory.context_metadata = ''")

    MilestoneFactory(delivery=delivery)

    assert entries(table_name="commitments_milestone").first().person is None


@pytest.mark.parametrize("statement", ["UPDATE {} SET person_id = NULL", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_log_itself_is_never_changed(statement):
    UserFactory()
    sql("SET CONSTRAINTS ALL IMMEDIATE")

    with pytest.raises(InternalError, match="it keeps what happened"):
        sql(statement.format("systems_auditentry"))


def sql(statement, *facts):
    with connection.cursor() as cursor:
        cursor.execute(statement, facts)


def test_one_statement_is_written_down_once_with_each_row_that_truly_differs():
    named, unnamed = UserFactory(name="Ann"), UserFactory(name="Bo")

    sql("UPDATE systems_user SET name = 'Ann' WHERE id = ANY(%s)", [named.pk, unnamed.pk])

    [entry] = entries(User, kind="update")
    assert (entry.row_id, entry.changes) == (str(unnamed.pk), {"name": ["Bo", "Ann"]})


def test_a_row_whose_key_is_changed_is_one_removed_and_one_added():
    user = UserFactory()

    sql("UPDATE systems_user SET id = %s WHERE id = %s", user.pk + 1000, user.pk)

    kinds = {entry.kind: entry.row_id for entry in entries(User)[:2]}
    assert kinds == {EditKind.REMOVED: str(user.pk), EditKind.ADDED: str(user.pk + 1000)}


def test_what_is_added_or_else_changed_is_written_down_as_what_it_was():
    theme = CommitmentFactory().theme

    columns = ", ".join(field.column for field in theme._meta.fields)
    sql(
        f"INSERT INTO commitments_theme ({columns}) SELECT {columns} FROM commitments_theme WHERE id = %s"
        " ON CONFLICT (id) DO UPDATE SET name = 'Another name'",
        theme.pk,
    )

    assert [entry.kind for entry in entries(type(theme))] == ["update", "insert"]


def test_what_pgtrigger_is_told_to_ignore_is_written_down_all_the_same():
    user = UserFactory(name="Ann")
    triggers = [trigger.get_pgid(User) for trigger in User._meta.triggers]

    sql("SELECT set_config('pgtrigger.ignore', %s, true)", "{" + ",".join(triggers) + "}")
    sql("UPDATE systems_user SET name = 'Bo' WHERE id = %s", user.pk)

    assert entries(User, kind="update").get().changes == {"name": ["Ann", "Bo"]}


def test_a_temporary_table_of_the_same_name_takes_no_entry_away():
    user = UserFactory(name="Ann")

    sql("CREATE TEMPORARY TABLE systems_auditentry (LIKE public.systems_auditentry) ON COMMIT DROP")
    sql("UPDATE systems_user SET name = 'Bo' WHERE id = %s", user.pk)

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM public.systems_auditentry WHERE kind = 'update'")
        assert cursor.fetchone() == (1,)


HISTORIES = (DeadlineChange, MilestoneChange, PeriodAct, PlanRevision, PositionChange, Report)


@pytest.mark.parametrize("model", [*HISTORIES, *audited_models()])
def test_no_table_that_keeps_what_happened_is_emptied(model):
    with pytest.raises(InternalError, match="it keeps what happened"):
        sql(f"TRUNCATE {model._meta.db_table} CASCADE")


# --- What admins read -------------------------------------------------------------------------------------


@pytest.fixture
def read(signed_in, portal_admin):
    """The page's text, and the entries it lists."""
    browser = signed_in(portal_admin)

    def page(**query):
        response = browser.get(reverse("audit"), query)
        return response.content.decode(), [row.record for row in response.context["table"].paginated_rows]

    return page


def test_an_edit_is_said_with_names_old_and_new(read, system):
    lead = UserFactory(name="Ann Lead")
    delivery = DeliveryFactory(footprint=system, commitment=CommitmentFactory(title="Link workers"))
    Delivery.objects.filter(pk=delivery.pk).update(
        lead=lead, local_deadline_on=dt.date(2021, 3, 31), is_applicable=False, not_applicable_reason="Closed"
    )

    page, (entry, *_) = read(table="commitments_delivery")

    assert entry.said.row == "Delivery: Link workers, South East London"
    assert entry.said.changes == [
        ("Lead", "nothing", "Ann Lead"),
        ("Local deadline", "nothing", "31 March 2021"),
        ("Applies here", "Yes", "No"),
        ("Why it does not apply here", "nothing", "Closed"),
    ]
    assert NOT_A_PERSON in page
    assert "Changed: Delivery: Link workers, South East London" in page


def test_words_of_the_catalogue_are_said_by_their_labels(read, manager, system):
    Membership.objects.filter(user=manager).update(role="approver")

    _, (entry, *_) = read(table="systems_membership")

    assert entry.said.changes == [("Role", "Programme manager", "Approver")]
    assert entry.said.row == f"Membership: {manager}, Approver of South East London"


def test_what_is_gone_is_named_by_its_number(read):
    period = PeriodFactory()
    period.delete()

    _, (entry, *_) = read()

    assert entry.said.row == "Reporting period: number 2019-09-01"


def test_times_are_utc(read):
    UserFactory()
    at = AuditEntry.objects.first().recorded_at.astimezone(dt.UTC)

    page, _ = read(table="systems_user")

    assert f"{at.day} {at:%B %Y} at {at:%H:%M:%S}" in page


def test_the_log_is_narrowed_by_table_person_and_day(read, signed_in, manager, place):
    delivery = DeliveryFactory(footprint=place)
    sent = {"title": "Open a hub", "due_on_day": "31", "due_on_month": "3", "due_on_year": "2020"}
    signed_in(manager).post(reverse("commitments:milestone_add", args=[delivery.pk]), sent)
    today = AuditEntry.objects.first().recorded_at.astimezone(dt.UTC).date()
    yesterday = today - dt.timedelta(days=1)

    def day(date):
        return {"day_day": date.day, "day_month": date.month, "day_year": date.year}

    assert {entry.table_name for entry in read(table="commitments_milestone")[1]} == {"commitments_milestone"}
    for words in (manager.email, manager.name):
        assert [entry.person for entry in read(person=words)[1]] == [manager]
    assert len(read(**day(today))[1]) > 0
    assert read(**day(yesterday))[1] == []
    assert read(table="auth_group")[1] == []
    assert "Enter a real date" in read(day_day=31, day_month=2, day_year=2019)[0]
    assert "Null characters are not allowed." in read(person="a\0b")[0]


def test_the_log_comes_in_pages_of_25(read):
    UserFactory.create_batch(30)

    assert len(read(table="systems_user")[1]) == 25
    assert len(read(table="systems_user", page=2)[1]) == 6


def test_the_log_asks_no_more_for_twice_the_entries(read, django_assert_max_num_queries):
    def edit(number):
        for _time in range(number):
            milestone = MilestoneFactory(delivery=DeliveryFactory(footprint=PlaceFactory()))
            ObservationFactory(footprint=milestone.delivery.footprint)
            MembershipFactory()

    edit(1)
    with django_assert_max_num_queries(40) as few:
        read()
    edit(2)
    with django_assert_max_num_queries(len(few)):
        read()


def test_the_log_is_for_admins(signed_in, approver):
    assert signed_in(approver).get(reverse("audit")).status_code == 403
