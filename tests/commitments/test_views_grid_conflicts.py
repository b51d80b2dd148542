"""Two people in one row of the grid, and a row that is saved by itself."""

import pytest

from commitments.models import Delivery, Report
from systems.choices import Role
from tests.commitments.grid import GRID, draft_of, one_row, read, sent
from tests.factories import (
    DeliveryFactory,
    PlaceFactory,
    ReportFactory,
    person,
)

pytestmark = pytest.mark.usefixtures("period")


# --- Two people, one row ----------------------------------------------------------------------------------


def test_the_second_writer_sees_both_texts_and_the_other_rows_are_saved(desk, place, reporter):
    contested, free = (DeliveryFactory(footprint=place) for _ in range(2))
    draft_of(contested, reporter, narrative="Words of the first", version=2)

    response = desk.post(
        GRID,
        sent((contested, 1, {}, {"narrative": "Words of the second"}), (free, 0, {}, {"narrative": "Free"})),
    )

    html = read(response)
    assert response.status_code == 409
    assert f"{reporter.name} changed this row on" in html
    assert "Words of the first" in html
    assert "Words of the second" in html
    assert set(Report.objects.values_list("narrative", flat=True)) == {"Words of the first", "Free"}


@pytest.mark.parametrize(("keep", "stays"), [("mine", "Words of the second"), ("theirs", "Words of the first")])
def test_the_second_writer_chooses(desk, delivery, reporter, keep, stays):
    draft = draft_of(delivery, reporter, narrative="Words of the first", version=2)
    first = sent((delivery, 2, {}, {"narrative": "Words of the second", "is_conflict": "1"}))

    unanswered = desk.post(GRID, first)
    desk.post(GRID, first | {f"{delivery.pk}-keep": keep})

    draft.refresh_from_db()
    assert "Select which text should stay" in read(unanswered)
    assert f'name="{delivery.pk}-is_conflict" value="1"' in read(unanswered)
    assert "Words of the first" in read(unanswered)
    assert draft.narrative == stays


def test_a_third_writer_in_between_is_not_overwritten_either(desk, delivery, reporter):
    draft = draft_of(delivery, reporter, narrative="Words of the third", version=3)
    data = sent((delivery, 2, {}, {"narrative": "Mine", "is_conflict": "1", "keep": "mine"}))

    response = desk.post(GRID, data)

    draft.refresh_from_db()
    assert response.status_code == 409
    assert draft.narrative == "Words of the third"


def test_a_row_nobody_touched_here_is_no_conflict(desk, delivery, reporter):
    draft_of(delivery, reporter, narrative="Words of the first", version=2)

    response = desk.post(GRID, sent((delivery, 1, {"narrative": "Older"}, {})))

    assert response.status_code == 302
    assert Report.objects.get().narrative == "Words of the first"


def test_the_second_of_two_clicks_is_content(desk, delivery):
    data = sent((delivery, 0, {}, {"narrative": "Once"}))
    desk.post(GRID, data)

    assert desk.post(GRID, data).status_code == 302
    assert Report.objects.get().version == 1


def test_a_report_submitted_meanwhile_gives_back_what_was_typed(desk, delivery, reporter):
    ReportFactory(delivery=delivery, author=reporter, narrative="As submitted")

    response = desk.post(GRID, sent((delivery, 1, {}, {"narrative": "Too late"})))

    assert response.status_code == 409
    assert "It awaits sign-off" in read(response)
    assert "Too late" in read(response)
    assert Report.objects.get().narrative == "As submitted"


def test_a_draft_that_is_gone_can_be_written_anew(desk, delivery):
    response = desk.post(GRID, sent((delivery, 4, {}, {"narrative": "Still here"})))

    assert response.status_code == 409
    assert "The draft you had before you is no longer here" in read(response)
    assert f'name="{delivery.pk}-version" value="0"' in read(response)


# --- One row, as soon as a box was changed ----------------------------------------------------------------


def test_a_row_saved_by_itself_says_when_and_carries_its_new_version(desk, delivery):
    html = read(desk.post(one_row(delivery), sent((delivery, 0, {}, {"confidence": "green"}))))

    report = Report.objects.get()
    assert report.confidence == "green"
    assert "<strong>Saved " in html
    assert 'id="grid-said" hx-swap-oob="innerHTML">Saved ' in html
    assert f'name="{delivery.pk}-version" value="1"' in html
    assert f'name="initial-{delivery.pk}-confidence" value="green"' in html
    assert "Still needed: a stage, what happened this month." in html


def test_an_error_is_said_at_its_box(desk, delivery):
    html = read(desk.post(one_row(delivery), sent((delivery, 0, {}, {"expected_on": "soon"}))))

    assert f'id="id_{delivery.pk}-expected_on_slot" hx-swap-oob="innerHTML"><span class="nhsuk-error-message"' in html
    assert "<strong>Not saved.</strong>" in html
    assert not Report.objects.exists()


def test_a_row_somebody_else_changed_shows_both_texts(desk, delivery, reporter):
    draft_of(delivery, reporter, narrative="Words of the first", version=2)

    html = read(desk.post(one_row(delivery), sent((delivery, 1, {}, {"narrative": "Mine"}))))

    assert "Words of the first" in html
    assert "You typed: Mine" in html
    assert f'name="{delivery.pk}-keep"' in html


def test_keeping_what_is_stored_draws_the_row_anew(desk, delivery, reporter):
    draft_of(delivery, reporter, narrative="Words of the first", version=2)

    response = desk.post(one_row(delivery), sent((delivery, 2, {}, {"narrative": "Mine", "keep": "theirs"})))

    assert (response["HX-Retarget"], response["HX-Reswap"]) == (f"#row-{delivery.pk}", "outerHTML")
    assert "Words of the first" in read(response)
    assert "Mine" not in read(response)


def test_a_month_that_has_closed_is_said_in_the_row(desk, delivery):
    response = desk.post(one_row(delivery), sent((delivery, 0, {}, {"narrative": "Mine"}), period="2019-08-01"))

    assert "takes no more reports" in read(response)
    assert "Mine" in read(response)
    assert not Report.objects.exists()


def test_a_row_of_another_system_is_not_there(signed_in, place):
    elsewhere = person(Role.PROGRAMME_MANAGER, PlaceFactory())
    delivery = DeliveryFactory(footprint=place)

    assert (
        signed_in(elsewhere).post(one_row(delivery), sent((delivery, 0, {}, {"stage": "planning"}))).status_code == 404
    )
    assert Delivery.objects.get().reports.count() == 0
