"""An approver checks a month, publishes it, corrects it, and says who may read it."""

import datetime as dt

import pytest

from commitments.choices import PeriodStep, ReportState
from commitments.models import Position, PublicAccess, Publication
from commitments.recompute import recompute
from ltp_portal import unsent
from tests.factories import (
    TODAY,
    DeliveryFactory,
    MilestoneFactory,
    PeriodActFactory,
    PeriodFactory,
    ReportFactory,
    SignedOffReportFactory,
)
from tests.systems.pages import page, text

pytestmark = pytest.mark.django_db

CHECK = "/systems/QKK/periods/2019-08/publish/"
HOME = "/systems/QKK/published/2019-08/1/"
MONTHS = "/systems/QKK/periods/"
ACCESS = "/systems/QKK/public/"


@pytest.fixture
def august(system):
    period = PeriodFactory(starts_on=dt.date(2019, 8, 1))
    PeriodActFactory(system=system, period=period)
    return period


@pytest.fixture
def desk(signed_in, approver, august):
    """An approver at work, with everything worked out."""
    recompute(TODAY)
    return signed_in(approver)


def read(client, address) -> str:
    return text(page(client, address))


def row(html: str, name: str) -> str:
    """What the table of checks says about one thing."""
    return html.split(f">{name}</th>")[1].split("</tr>")[0]


# --- The check --------------------------------------------------------------------------------------------


def test_it_says_what_is_missing_late_and_contradicted(desk, place, august):
    silent = DeliveryFactory(footprint=place)
    ReportFactory(delivery=silent, state=ReportState.DRAFT, period=august)
    but = DeliveryFactory(footprint=place)
    SignedOffReportFactory(delivery=but, period=august, submitted_on=TODAY)
    MilestoneFactory(delivery=but, due_on=TODAY - dt.timedelta(days=23))
    Position.objects.update(next_change_on=TODAY)
    recompute(TODAY)
    Position.objects.filter(delivery=silent).update(status="not_reported")

    html = read(desk, CHECK)

    assert "Confirm and publish" in html
    assert ">1<" in row(html, "No report")
    assert ">1<" in row(html, "Draft or returned")
    assert ">1<" in row(html, "Late")
    assert ">1<" in row(html, "Contradicted")
    assert "1 of them is left out" in row(html, "Contradicted")
    assert "contradiction=1" in page(desk, CHECK)
    assert f'href="/deliveries/{silent.pk}/"' in page(desk, CHECK)


def test_an_open_month_is_closed_first(desk, system, august):
    PeriodActFactory(system=system, period=august, step=PeriodStep.OPENED)

    html = read(desk, CHECK)

    assert "August 2019 still takes reports." in html
    assert "/systems/QKK/periods/2019-08-01/close/" in html
    assert "Confirm and publish" not in html


def test_what_is_being_worked_out_is_waited_for(desk, place):
    DeliveryFactory(footprint=place)

    html = read(desk, CHECK)

    assert "being worked out" in html
    assert "Confirm and publish" not in html


def test_a_month_to_come_is_not_found(desk):
    PeriodFactory(starts_on=dt.date(2019, 10, 1))

    assert desk.get("/systems/QKK/periods/2019-10/publish/").status_code == 404


# --- Publishing -------------------------------------------------------------------------------------------


def test_confirming_publishes_and_shows_it(desk, approver):
    response = desk.post(CHECK, {"corrects": "0"}, follow=True)

    assert response.redirect_chain == [(HOME, 302)]
    assert "August 2019 is published. Councillors can read it now." in response.content.decode()
    assert Publication.objects.get().published_by == approver


def test_a_second_click_publishes_once(desk):
    sent = {"corrects": "0", "form_key": "0" * 31 + "1"}

    answers = [desk.post(CHECK, sent)["Location"] for _ in range(2)]

    assert answers == [HOME, HOME]
    assert Publication.objects.count() == 1


def test_who_was_overtaken_is_told(desk):
    desk.post(CHECK, {"corrects": "0"})

    response = desk.post(CHECK, {"corrects": "0", "reason": "Mine"}, follow=True)

    assert "somebody was there before you" in response.content.decode()
    assert Publication.objects.count() == 1


def test_what_came_due_meanwhile_is_said(desk, place):
    DeliveryFactory(footprint=place)

    response = desk.post(CHECK, {"corrects": "0"}, follow=True)

    assert "something has to be done first" in response.content.decode()
    assert not Publication.objects.exists()


def test_a_correction_needs_a_reason_and_keeps_the_old_edition(desk):
    desk.post(CHECK, {"corrects": "0"})
    assert "Check before you correct August 2019" in read(desk, CHECK)

    refused = desk.post(CHECK, {"corrects": "1", "reason": " "})
    assert "Enter why it is corrected" in refused.content.decode()

    response = desk.post(CHECK, {"corrects": "1", "reason": "A number was wrong."})
    assert response["Location"] == "/systems/QKK/published/2019-08/2/"
    assert "This edition was corrected" in read(desk, HOME)


def test_a_reason_typed_when_signed_out_is_back_in_the_form_and_nothing_is_published(desk, approver):
    desk.post(CHECK, {"corrects": "0"})
    desk.session.flush()

    desk.post(CHECK, {"corrects": "1", "reason": "A number was wrong.", "writer": unsent.token(approver)})
    desk.force_login(approver, backend="ltp_portal.backends.PortalBackend")

    assert "A number was wrong.</textarea>" in desk.get(CHECK).content.decode()
    assert Publication.objects.count() == 1


def test_an_earlier_month_cannot_be_published_after_a_later_one(desk, system):
    PeriodActFactory(system=system, period=PeriodFactory(starts_on=dt.date(2019, 7, 1)))
    desk.post(CHECK, {"corrects": "0"})

    html = read(desk, "/systems/QKK/periods/2019-07/publish/")

    assert "August 2019 is published already." in html
    assert "Confirm and publish" not in html


def test_the_months_lead_to_it(desk, system):
    PeriodActFactory(system=system, period=PeriodFactory(starts_on=dt.date(2019, 7, 1)))
    assert "Publish<span" in page(desk, MONTHS)

    desk.post(CHECK, {"corrects": "0"})

    html = read(desk, MONTHS)
    assert "as at 30 September 2019" in html
    assert f'href="{CHECK}">Correct<span' in page(desk, MONTHS)
    assert "/systems/QKK/periods/2019-07/publish/" not in html


def test_a_report_may_come_late_until_the_month_is_published(desk, system, august, save, place, reporter):
    delivery = DeliveryFactory(footprint=place)
    PeriodActFactory(system=system, period=august, step=PeriodStep.OPENED)

    save(delivery, reporter, period=august)

    assert delivery.reports.get().is_late()


# --- Who may read it --------------------------------------------------------------------------------------


def test_an_approver_opens_it_to_everybody(desk, client):
    assert "Members of its scrutiny committees" in read(desk, ACCESS)
    desk.post(CHECK, {"corrects": "0"})

    response = desk.post(ACCESS, {"is_public": "yes", "version": "0"}, follow=True)

    assert "Everybody may now read what South East London publishes." in response.content.decode()
    assert client.get(HOME).status_code == 200
    assert "Chosen by" in read(desk, ACCESS)

    desk.post(ACCESS, {"is_public": "no", "version": "1"})
    assert client.get(HOME).status_code == 302


def test_an_admin_may_too(signed_in, portal_admin, system):
    response = signed_in(portal_admin).post(ACCESS, {"is_public": "yes", "version": "0"})

    assert response["Location"] == "/systems/QKK/published/"
    assert PublicAccess.objects.get().chosen_by == portal_admin


def test_of_two_choices_at_once_the_second_is_told(desk):
    desk.post(ACCESS, {"is_public": "yes", "version": "0"})

    response = desk.post(ACCESS, {"is_public": "no", "version": "0"}, follow=True)

    assert "somebody was there before you" in response.content.decode()
    assert PublicAccess.objects.get().is_public


def test_nothing_chosen_is_asked_again(desk):
    assert "Select who may read what is published" in desk.post(ACCESS, {"version": "0"}).content.decode()
