"""The list of runs, as an admin sees it."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from commitments.choices import Trigger
from commitments.models import Run

LIST = reverse("commitments:runs")
BEGAN = dt.datetime(2019, 9, 30, 16, 30, tzinfo=dt.UTC)


def run(**facts) -> Run:
    ended = {"started_at": BEGAN, "finished_at": BEGAN + dt.timedelta(seconds=90.26), "scope": "Positions due"}
    return Run.objects.create(**{"trigger": Trigger.SWEEP} | ended | facts)


@pytest.fixture
def admins_page(signed_in, portal_admin):
    browser = signed_in(portal_admin)
    return lambda query="": browser.get(LIST + query).content.decode()


def test_a_run_is_listed_with_what_it_did(admins_page):
    run(trigger=Trigger.LOAD, scope="Every position in QKK", examined=78_500, changed=1_234)

    page = admins_page()

    for shown in ("30 September 2019 at 5:30pm", "Every position in QKK", "Reference data loaded", "Finished"):
        assert shown in page
    assert [figure for figure in ("90.3", "78,500", "1,234") if figure not in page] == []
    assert "1 run found" in page


def test_a_failure_is_shown_with_its_error_and_a_death_as_one(admins_page):
    run(error="OperationalError: server <closed> the connection")
    run(finished_at=None)

    page = admins_page()

    assert "OperationalError: server &lt;closed&gt; the connection" in page
    assert "Did not finish" in page
    assert "No data" in page


def test_the_newest_comes_first_25_a_page(admins_page):
    for minutes in range(30):
        run(scope=f"Run number {minutes}", started_at=BEGAN + dt.timedelta(minutes=minutes), finished_at=None)

    first, second = admins_page(), admins_page("?page=2")

    assert "Run number 29" in first
    assert first.count("Run number") == 25
    assert second.count("Run number") == 5


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?trigger=load", {"Loaded"}),
        ("?state=failed", {"Failed run"}),
        ("?state=unfinished", {"Killed"}),
        ("?state=finished&trigger=sweep", {"Swept"}),
        ("?state=running", set()),
        ("?state=nonsense", set()),
    ],
)
def test_the_list_is_narrowed_by_trigger_and_state(admins_page, query, found):
    run(scope="Loaded", trigger=Trigger.LOAD)
    run(scope="Failed run", error="ValueError")
    run(scope="Killed", finished_at=None)
    run(scope="Swept")

    body = admins_page(query).partition("<tbody")[2]

    assert {scope for scope in ("Loaded", "Failed run", "Killed", "Swept") if scope in body} == found


def test_twice_the_runs_take_the_same_queries(admins_page):
    def queries():
        with CaptureQueriesContext(
            connection,
        ) as seen:
            admins_page()
        return len(seen)

    admins_page()
    for _ in range(5):
        run()
    few = queries()
    for _ in range(5):
        run()

    assert queries() == few


def test_nothing_yet_is_said_so(admins_page):
    assert "No run matches these filters." in admins_page()


def test_only_admins_see_it(signed_in, approver):
    assert signed_in(approver).get(LIST).status_code == 403
