"""Reminders: written once, sent once, one digest a person; and what becomes of them when something goes wrong."""

import datetime as dt

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone

from commitments import outbox
from commitments.choices import ReminderKind, ReminderState, ReportState, Status
from commitments.models import Position, Reminder
from commitments.models.outgoing import CUT_SHORT, KEPT_FOR, TRIES
from systems.choices import Role
from tests.elsewhere import all_at_once
from tests.factories import (
    TODAY,
    DeliveryFactory,
    PeriodActFactory,
    PeriodFactory,
    ReminderFactory,
    ReportFactory,
    person,
)

LATE = dt.date(2019, 10, 14)


@pytest.fixture
def lead(place, manager):
    return person(Role.VIEWER, place, name="Ada Lead", email="ada@example.org")


@pytest.fixture
def owed(place, lead):
    """A delivery whose report on September is not in."""
    PeriodFactory()
    return DeliveryFactory(footprint=place, lead=lead, position={"status": Status.ON_TRACK})


def written(today=TODAY):
    outbox.write_reminders(today)
    return list(Reminder.objects.order_by("pk").values_list("person__name", "kind", "falls_on"))


# --- Writing ----------------------------------------------------------------------------------------------


def test_the_lead_gets_a_reminder_of_the_open_month(owed):
    assert written() == [("Ada Lead", ReminderKind.FIRST, dt.date(2019, 9, 23))]


def test_written_twice_there_is_one(owed):
    written()

    assert len(written()) == len(written(TODAY + dt.timedelta(days=1))) == 1


def test_the_log_goes_after_a_year(owed):
    a_year_ago = timezone.now() - KEPT_FOR
    ReminderFactory(written_at=a_year_ago - dt.timedelta(minutes=1), falls_on=dt.date(2018, 9, 24))
    kept = ReminderFactory(written_at=a_year_ago + dt.timedelta(minutes=1), falls_on=dt.date(2018, 9, 25))

    outbox.write_reminders(dt.date(2019, 9, 8))

    assert list(Reminder.objects.all()) == [kept]


def test_one_reminder_a_person_however_many_reports_they_owe(owed, place, lead):
    DeliveryFactory(footprint=place, lead=lead, position={"status": Status.ON_TRACK})

    assert len(written()) == 1


@pytest.mark.parametrize("state", [ReportState.SUBMITTED, ReportState.SIGNED_OFF])
def test_a_report_that_is_in_is_owed_no_more(owed, approver, state):
    decided = {"decided_by": approver, "decided_on": TODAY} if state == ReportState.SIGNED_OFF else {}
    ReportFactory(delivery=owed, state=state, **decided)

    assert written() == []


@pytest.mark.parametrize("status", [Status.NOT_STARTED, Status.DELIVERED, Status.NOT_APPLICABLE])
def test_nobody_is_reminded_of_work_that_has_not_begun_is_done_or_does_not_apply(owed, status):
    Position.objects.update(status=status)

    assert written() == []


def test_a_closed_month_reminds_nobody(owed, system):
    PeriodActFactory(system=system)

    assert written() == []


def test_when_it_is_late_the_leads_manager_hears_of_it_each_week(owed, lead, approver):
    lead.manager = approver
    lead.save()

    assert written(LATE) == [(approver.name, ReminderKind.LATE, LATE)]
    assert len(written(LATE + dt.timedelta(days=4))) == 1
    assert len(written(LATE + dt.timedelta(days=7))) == 2


@pytest.mark.parametrize("leaves", ["account", "membership"])
def test_a_leaver_is_told_nothing_and_the_programme_manager_instead(owed, lead, manager, leaves):
    if leaves == "account":
        type(lead).objects.filter(pk=lead.pk).update(is_active=False)
    else:
        lead.memberships.update(ends_on=TODAY - dt.timedelta(days=1))

    assert [name for name, _, _ in written()] == [manager.name]


# --- Sending ----------------------------------------------------------------------------------------------


def test_one_plain_digest_says_what_is_owed_and_where_to_go(owed, mailoutbox, settings):
    written()

    assert outbox.send_waiting(TODAY) == 1

    [letter] = mailoutbox
    assert letter.to == ["ada@example.org"]
    assert letter.subject == "1 report to write"
    assert str(owed) in letter.body
    assert "September 2019: 7 days left" in letter.body
    assert f"{settings.SITE_URL}/" in letter.body
    assert letter.content_subtype == "plain"


def test_titles_are_text_and_not_markup(owed, mailoutbox):
    owed.commitment.title = "A <b> & a 'c'"
    owed.commitment.save()
    written()

    outbox.send_waiting(TODAY)

    assert "A <b> & a 'c'" in mailoutbox[0].body


def test_sent_twice_it_leaves_once(owed, mailoutbox):
    written()
    outbox.send_waiting(TODAY)

    written()
    outbox.send_waiting(TODAY)

    assert len(mailoutbox) == 1
    reminder = Reminder.objects.get()
    assert (reminder.state, reminder.tries) == (ReminderState.SENT, 1)
    assert reminder.sent_at is not None


def test_several_reminders_of_one_person_are_one_letter(owed, lead, mailoutbox):
    ReminderFactory(person=lead, kind=ReminderKind.NUDGE)
    written()

    outbox.send_waiting(TODAY)

    assert len(mailoutbox) == 1
    assert set(Reminder.objects.values_list("state", flat=True)) == {ReminderState.SENT}


def test_a_manager_reads_what_is_late_below_them(owed, lead, approver, mailoutbox):
    lead.manager = approver
    lead.save()
    written(LATE)

    outbox.send_waiting(LATE)

    assert mailoutbox[0].to == [approver.email]
    assert mailoutbox[0].subject == "1 report late below you"
    assert "September 2019: 7 days overdue" in mailoutbox[0].body


def test_a_long_digest_is_cut_and_says_so(owed, place, lead, mailoutbox):
    for _ in range(outbox.TOLD + 2):
        DeliveryFactory(footprint=place, lead=lead, position={"status": Status.ON_TRACK})
    written()

    outbox.send_waiting(TODAY)

    assert mailoutbox[0].subject == "23 reports to write"
    assert mailoutbox[0].body.count("September 2019:") == outbox.TOLD
    assert "and 3 more." in mailoutbox[0].body


def test_what_was_reported_meanwhile_is_not_nagged_about(owed, mailoutbox):
    written()
    ReportFactory(delivery=owed)

    outbox.send_waiting(TODAY)

    assert mailoutbox == []
    assert Reminder.objects.get().state == ReminderState.DROPPED


@pytest.mark.parametrize("happens", ["left", "closed"])
def test_nothing_goes_to_leavers_or_after_the_close(owed, lead, system, mailoutbox, happens):
    written()
    if happens == "left":
        type(lead).objects.filter(pk=lead.pk).update(is_active=False)
    else:
        PeriodActFactory(system=system)

    outbox.send_waiting(TODAY)

    assert mailoutbox == []
    assert Reminder.objects.get().state == ReminderState.DROPPED


# --- When something goes wrong ----------------------------------------------------------------------------


class Killed(BaseException):
    """What a worker's end looks like from inside."""


def rest(minutes=16):
    """As if so much time had passed since the last try."""
    Reminder.objects.update(tried_at=timezone.now() - dt.timedelta(minutes=minutes))


def test_a_worker_killed_after_sending_and_before_noting_it_sends_nothing_twice(owed, mailoutbox, monkeypatch):
    written()
    send = EmailBackend.send_messages

    def send_and_die(self, messages):
        send(self, messages)
        raise Killed

    monkeypatch.setattr(EmailBackend, "send_messages", send_and_die)
    with pytest.raises(Killed):
        outbox.send_waiting(TODAY)
    monkeypatch.setattr(EmailBackend, "send_messages", send)

    rest()
    outbox.send_waiting(TODAY)

    assert len(mailoutbox) == 1
    reminder = Reminder.objects.get()
    assert (reminder.state, reminder.error) == (ReminderState.FAILED, CUT_SHORT)


def test_a_worker_killed_before_it_took_the_reminder_loses_nothing(owed, mailoutbox, monkeypatch):
    written()

    def die(person):
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(outbox, "_take", die)
        with pytest.raises(Killed):
            outbox.send_waiting(TODAY)

    outbox.send_waiting(TODAY)

    assert len(mailoutbox) == 1


def test_a_server_that_refuses_is_asked_again_later_and_not_at_once(owed, mailoutbox, monkeypatch):
    written()

    def refuse(self, messages):
        raise OSError("no such mailbox\nat all")

    with monkeypatch.context() as patched:
        patched.setattr(EmailBackend, "send_messages", refuse)
        outbox.send_waiting(TODAY)
    outbox.send_waiting(TODAY)

    reminder = Reminder.objects.get()
    assert (reminder.state, reminder.tries, reminder.error) == (
        ReminderState.WAITING,
        1,
        "OSError: no such mailbox at all",
    )
    assert mailoutbox == []

    rest()
    outbox.send_waiting(TODAY)

    assert len(mailoutbox) == 1
    assert Reminder.objects.get().error == ""


def test_after_so_many_tries_it_has_failed(owed, monkeypatch):
    written()

    def refuse(self, messages):
        raise OSError("away")

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    for _ in range(TRIES + 1):
        rest()
        outbox.send_waiting(TODAY)

    reminder = Reminder.objects.get()
    assert (reminder.state, reminder.tries) == (ReminderState.FAILED, TRIES)


def test_one_refused_letter_does_not_hold_up_the_others(owed, place, mailoutbox, monkeypatch):
    other = person(Role.VIEWER, place, email="zoe@example.org")
    DeliveryFactory(footprint=place, lead=other, position={"status": Status.ON_TRACK})
    written()
    send = EmailBackend.send_messages

    def refuse_ada(self, messages):
        if messages[0].to == ["ada@example.org"]:
            raise OSError("no such mailbox")
        return send(self, messages)

    monkeypatch.setattr(EmailBackend, "send_messages", refuse_ada)

    assert outbox.send_waiting(TODAY) == 1
    assert mailoutbox[0].to == ["zoe@example.org"]


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_one_letter(owed):
    written()
    mail.outbox = []

    all_at_once(lambda: outbox.send_waiting(TODAY), lambda: outbox.send_waiting(TODAY))

    assert len(mail.outbox) == 1


def test_sent_again_it_carries_the_same_name_for_the_receiver_to_know_it_by(owed, mailoutbox):
    written()
    outbox.send_waiting(TODAY)
    Reminder.objects.update(state=ReminderState.WAITING, sent_at=None, tried_at=None)

    outbox.send_waiting(TODAY)

    first, second = (letter.extra_headers["Message-ID"] for letter in mailoutbox)
    assert first == second == f"<reminder-{Reminder.objects.get().pk}@127.0.0.1>"


# --- Nudges -----------------------------------------------------------------------------------------------


def test_a_nudge_is_for_whoever_owes_that_month_in_that_system(owed, system, lead, manager):
    DeliveryFactory(lead=person(Role.VIEWER, DeliveryFactory().footprint), position={"status": Status.ON_TRACK})
    august = PeriodFactory(starts_on=dt.date(2019, 8, 1))

    due = outbox.nudges(system, august, TODAY)

    assert [(d.person_id, d.kind, d.month, d.falls_on) for d in due] == [
        (lead.pk, ReminderKind.NUDGE, august.pk, TODAY)
    ]


def test_twice_the_deliveries_take_the_same_queries(owed, place, lead, django_assert_num_queries):
    written()
    with django_assert_num_queries(30, exact=False) as few:
        outbox.send_waiting(TODAY)
    Reminder.objects.update(state=ReminderState.WAITING, sent_at=None, tried_at=None)
    for _ in range(3):
        DeliveryFactory(footprint=place, lead=lead, position={"status": Status.ON_TRACK})

    with django_assert_num_queries(len(few)):
        outbox.send_waiting(TODAY)
