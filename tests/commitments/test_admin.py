"""What admins read of reminders and months, and the reminders they have sent again."""

from commitments.choices import ReminderState
from commitments.models import Reminder
from commitments.models.outgoing import CUT_SHORT
from tests.factories import TODAY, PeriodActFactory, ReminderFactory, UserFactory

REMINDERS = "/admin/commitments/reminder/"
ACTS = "/admin/commitments/periodact/"


def test_an_admin_reads_what_was_sent_and_who_ran_the_months(signed_in, portal_admin):
    failed = ReminderFactory(state=ReminderState.FAILED, error=CUT_SHORT, person__name="Ada Lead")
    act = PeriodActFactory(done_by__name="Grace Hall")
    admin = signed_in(portal_admin)

    reminders, acts = (admin.get(address).content.decode() for address in (REMINDERS, ACTS))

    assert "Ada Lead" in reminders
    assert CUT_SHORT in reminders
    assert "Grace Hall" in acts
    assert {admin.post(f"{REMINDERS}{failed.pk}/change/").status_code, admin.get(f"{ACTS}add/").status_code} == {403}
    assert admin.post(f"{ACTS}{act.pk}/delete/").status_code == 403


def test_only_a_failed_reminder_is_sent_again(signed_in, portal_admin):
    failed, waiting = ReminderFactory(state=ReminderState.FAILED, tries=8), ReminderFactory(tries=1)
    dropped = ReminderFactory(state=ReminderState.DROPPED, person=UserFactory(), falls_on=TODAY)
    chosen = {"action": "send_again", "_selected_action": [failed.pk, waiting.pk, dropped.pk]}

    signed_in(portal_admin).post(REMINDERS, chosen)

    found = {reminder.pk: (reminder.state, reminder.tries) for reminder in Reminder.objects.all()}
    assert found == {
        failed.pk: (ReminderState.WAITING, 0),
        waiting.pk: (ReminderState.WAITING, 1),
        dropped.pk: (ReminderState.DROPPED, 0),
    }
