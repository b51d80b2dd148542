"""The pages about whom a system spoke with about a commitment."""

import csv
import datetime as dt
import io

import pytest
from django.test import Client
from django.urls import reverse

from commitments.choices import DeliveryLevel
from engagement.models import Engagement
from tests.engagement.factories import EngagementFactory, WithdrawalFactory
from tests.factories import CommitmentFactory, SystemFactory

pytestmark = pytest.mark.django_db

KEY = "7f1b6c0e9d4a4c66a0d2f7b1f0a3c9e5"


@pytest.fixture
def commitment(db):
    return CommitmentFactory(code="LTP1-PERS-03", title="Link workers")


@pytest.fixture
def desk(signed_in, manager):
    return signed_in(manager)


@pytest.fixture
def place_of(system, commitment):
    """The address of one of the pages about this commitment."""
    return lambda name="engagement": reverse(f"engagement:{name}", args=[system.code, commitment.code])


def withdraw_address(engagement):
    return reverse("engagement:engagement_withdraw", args=[engagement.pk])


def sent(**changes):
    facts = {"happened_on_day": 12, "happened_on_month": 6, "happened_on_year": 2019, "link": ""}
    return facts | {"with_whom": "Bexley groups", "what_was_heard": "Travel <b>matters</b>."} | changes


def page_of(client, address):
    return client.get(address).content.decode()


def test_all_is_listed_the_latest_first(system, commitment, signed_in, viewer, place_of):
    old = EngagementFactory(system=system, commitment=commitment, happened_on=dt.date(2019, 2, 1))
    late = EngagementFactory(system=system, commitment=commitment, link="https://www.example.org/notes")
    EngagementFactory(system=SystemFactory(), commitment=commitment)
    EngagementFactory(system=system)
    reader = signed_in(viewer)

    table = reader.get(place_of()).context["table"]
    page = page_of(reader, place_of())

    assert [row.record for row in table.rows] == [late, old]
    assert "12 June 2019" in page
    assert 'href="https://www.example.org/notes"' in page
    assert place_of("engagement_add") not in page
    assert withdraw_address(old) not in page


def test_where_nothing_is_recorded_the_page_says_so(desk, place_of):
    page = page_of(desk, place_of())

    assert "Nothing is recorded yet." in page
    assert place_of("engagement_add") in page


def test_the_list_asks_no_more_for_twice_the_rows(system, commitment, desk, place_of, django_assert_max_num_queries):
    def add(number):
        for _ in range(number):
            engagement = EngagementFactory(system=system, commitment=commitment)
            WithdrawalFactory(engagement=EngagementFactory(system=system, commitment=commitment))
        return engagement

    add(3)
    with django_assert_max_num_queries(30) as few:
        desk.get(place_of())
    add(3)
    with django_assert_max_num_queries(len(few)):
        desk.get(place_of())


def test_the_file_holds_each_fact_in_its_own_cell(system, commitment, desk, place_of, manager):
    made = EngagementFactory(system=system, commitment=commitment, recorded_by=manager, link="https://x.example.org")
    WithdrawalFactory(engagement=EngagementFactory(system=system, commitment=commitment), withdrawn_by=manager)

    answer = desk.get(place_of(), {"export": "csv"})
    withdrawn, stands = csv.DictReader(io.StringIO(answer.getvalue().decode("utf-8-sig")))

    assert stands["What was heard"] == made.what_was_heard
    assert (stands["When"], stands["Recorded"], stands["Recorded by"]) == ("2019-06-12", "2019-06-13", manager.name)
    assert (stands["Link"], stands["Withdrawn"]) == ("https://x.example.org", "No")
    assert withdrawn["Withdrawn"] == f"Withdrawn on 20 June 2019 by {manager.name}: Entered twice."


def test_a_programme_manager_records_what_was_heard_once(desk, manager, commitment, system, place_of):
    answers = [desk.post(place_of("engagement_add"), sent(form_key=KEY)) for _ in range(2)]

    made = Engagement.objects.get()
    assert [answer["Location"] for answer in answers] == [place_of(), place_of()]
    assert (made.system, made.commitment, made.recorded_by) == (system, commitment, manager)
    page = page_of(desk, place_of())
    assert "Engagement recorded" in page
    assert "Travel &lt;b&gt;matters&lt;/b&gt;." in page


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"happened_on_day": "", "happened_on_month": "", "happened_on_year": ""}, "Enter the day when it took place"),
        ({"happened_on_day": 1, "happened_on_month": 10}, "The day when it took place must be today or in the past"),
        ({"with_whom": ""}, "Enter with whom"),
        ({"what_was_heard": ""}, "Enter what was heard"),
        ({"link": "http://www.example.org"}, "Enter a link that begins with https://"),
    ],
)
def test_what_is_wrong_is_said_in_words(desk, place_of, changes, words):
    page = desk.post(place_of("engagement_add"), sent(**changes)).content.decode()

    assert words in page
    assert not Engagement.objects.exists()


def test_what_was_typed_comes_back_after_signing_in_again(manager, place_of):
    browser = Client()
    browser.force_login(manager, backend="ltp_portal.backends.PortalBackend")
    writer = browser.get(place_of("engagement_add")).content.decode().split('name="writer" value="')[1].split('"')[0]
    browser.logout()

    browser.post(place_of("engagement_add"), sent(writer=writer, what_was_heard="Typed over an hour"))
    browser.force_login(manager, backend="ltp_portal.backends.PortalBackend")

    assert "Typed over an hour" in page_of(browser, place_of("engagement_add"))
    assert not Engagement.objects.exists()


def test_nobody_records_what_the_system_does_not_deliver(desk, system):
    national = CommitmentFactory(delivery_level=DeliveryLevel.NATIONAL)

    for name in ("engagement", "engagement_add"):
        assert desk.get(reverse(f"engagement:{name}", args=[system.code, national.code])).status_code == 404


def test_what_was_entered_by_mistake_is_withdrawn_with_a_reason_and_stays(desk, manager, system, commitment, place_of):
    made = EngagementFactory(system=system, commitment=commitment)
    assert withdraw_address(made) in page_of(desk, place_of())
    assert "Enter why it is withdrawn" in desk.post(withdraw_address(made), {"reason": ""}).content.decode()

    response = desk.post(withdraw_address(made), {"reason": "Another commitment."})

    assert response["Location"] == place_of()
    page = page_of(desk, place_of())
    assert f"Withdrawn on 30 September 2019 by {manager.name}: Another commitment." in page
    assert made.what_was_heard in page
    assert withdraw_address(made) not in page


def test_the_second_who_withdraws_is_told_and_keeps_what_was_typed(desk, system, commitment):
    made = WithdrawalFactory(engagement__system=system, engagement__commitment=commitment).engagement

    shown = page_of(desk, withdraw_address(made))
    response = desk.post(withdraw_address(made), {"reason": "I saw it too."})

    assert "Entered twice." in shown
    assert "<form method" not in shown.split("<main")[1]
    assert response.status_code == 409
    for words in ("Entered twice.", "Nothing of yours was saved.", "I saw it too."):
        assert words in response.content.decode()
