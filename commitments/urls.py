"""The addresses of the catalogue, of the deliveries, of what is done to them, and of what is published."""

import datetime as dt

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from commitments.choices import StepKind
from commitments.views import (
    bulk,
    catalogue,
    changes,
    deadlines,
    deliveries,
    entirety,
    grid,
    highlight,
    levels,
    measurements,
    milestones,
    my_calendar,
    my_work,
    periods,
    plans,
    published,
    published_changes,
    published_england,
    published_pages,
    published_places,
    publishing,
    reports,
    runs,
    sign_off,
    spreadsheets,
)

app_name = "commitments"


class FootprintCode(StringConverter):
    """A slug, or a neighbourhood's code: `nb:southwark-borough`."""

    regex = "[-a-zA-Z0-9_:]+"


class Month:
    """A month, as its first day: 2019-08."""

    regex = "[0-9]{4}-[0-9]{2}"

    def to_python(self, value: str) -> dt.date:
        return dt.date.fromisoformat(f"{value}-01")

    def to_url(self, value: str) -> str:
        return value


register_converter(FootprintCode, "footprint")
register_converter(Month, "month")
EDITION = "systems/<slug:code>/published/<month:month>/<int:edition>/"

urlpatterns = [
    # The catalogue
    path("commitments/", catalogue.commitments, name="commitments"),
    path("commitments/<slug:code>/", catalogue.commitment, name="commitment"),
    path("commitments/<slug:code>/coverage/<footprint:footprint_code>/", catalogue.coverage, name="coverage"),
    # Deliveries
    path("deliveries/", deliveries.deliveries, name="deliveries"),
    path("deliveries/grid/", grid.grid, name="grid"),
    path("deliveries/grid/submit/", grid.grid_submit, name="grid_submit"),
    path("deliveries/grid/<int:pk>/", grid.grid_row, name="grid_row"),
    path("deliveries/change/", bulk.bulk_change, name="bulk_change"),
    path("deliveries/change/confirm/", bulk.bulk_confirm, name="bulk_confirm"),
    path("deliveries/<int:pk>/", deliveries.delivery, name="delivery"),
    path("deliveries/<int:pk>/highlight/", highlight.delivery_highlight, name="delivery_highlight"),
    # One delivery: report, plan, measure
    path("deliveries/<int:pk>/report/", reports.report, name="report"),
    path("deliveries/<int:pk>/report/draft/", reports.draft, name="report_draft"),
    path("deliveries/<int:pk>/report/unchanged/", reports.unchanged, name="report_unchanged"),
    path("deliveries/<int:pk>/plan/", plans.plan, name="plan"),
    path("deliveries/<int:pk>/milestones/", milestones.milestone_add, name="milestone_add"),
    *(
        path(
            f"deliveries/<int:pk>/milestones/<int:milestone_pk>/{word}/",
            milestones.milestone_change,
            {"kind": kind},
            name=f"milestone_{word}",
        )
        for word, kind in (
            ("move", StepKind.MOVED),
            ("achieve", StepKind.ACHIEVED),
            ("reopen", StepKind.REOPENED),
            ("withdraw", StepKind.WITHDRAWN),
        )
    ),
    path("deliveries/<int:pk>/evidence/<int:change_pk>/", milestones.evidence, name="evidence"),
    path("deliveries/<int:pk>/deadline/", deadlines.deadline, name="deadline"),
    path("deliveries/<int:pk>/observations/", measurements.observation, name="observation"),
    path("deliveries/<int:pk>/trajectory/", measurements.trajectory, name="trajectory"),
    # One's own work
    path("my-work/", my_work.my_work, name="my_work"),
    path("my-calendar/", my_calendar.calendar, name="calendar"),
    path("calendar/<str:key>.ics", my_calendar.feed, name="calendar_feed"),
    # The month as a spreadsheet
    path("my-work/spreadsheet/", spreadsheets.spreadsheet, name="spreadsheet"),
    path("my-work/spreadsheet/download/", spreadsheets.spreadsheet_download, name="spreadsheet_download"),
    path("uploads/<int:pk>/", spreadsheets.upload, name="upload"),
    path("uploads/<int:pk>/confirm/", spreadsheets.upload_confirm, name="upload_confirm"),
    # Sign-off
    path("sign-off/", sign_off.sign_off, name="sign_off"),
    path("sign-off/check/", sign_off.sign_off_many, name="sign_off_many"),
    path("sign-off/<int:pk>/", sign_off.sign_off_report, name="sign_off_report"),
    path("deadline-changes/<int:pk>/", deadlines.deadline_change, name="deadline_change"),
    # Levels
    path("systems/<slug:code>/levels/<slug:commitment_code>/", levels.level, name="level"),
    path("systems/<slug:code>/deliveries/open/", levels.open_deliveries, name="open_deliveries"),
    # Reporting periods
    path("systems/<slug:code>/periods/", periods.periods, name="periods"),
    path("systems/<slug:code>/periods/<month:month>/publish/", publishing.publish, name="publish"),
    path("systems/<slug:code>/periods/<slug:month>/<slug:step>/", periods.period_step, name="period_step"),
    # What is published
    path("published/", published_england.published_systems, name="published_systems"),
    path("systems/<slug:code>/public/", publishing.public_access, name="public_access"),
    path("systems/<slug:code>/published/", published.published, name="published"),
    path("systems/<slug:code>/published/<month:month>/", published.published_month, name="published_month"),
    path(EDITION, published_pages.publication, name="publication"),
    path(f"{EDITION}deliveries/", published_pages.published_positions, name="published_positions"),
    path(f"{EDITION}changes/", published_changes.published_changes, name="published_changes"),
    path(f"{EDITION}themes/<slug:theme_code>/", published_pages.published_theme, name="published_theme"),
    path(
        f"{EDITION}commitments/<slug:commitment_code>/",
        published_pages.published_commitment,
        name="published_commitment",
    ),
    path(f"{EDITION}places/<footprint:place_code>/", published_places.published_place, name="published_place"),
    path(f"{EDITION}places/<footprint:place_code>/sheet/", published_places.published_sheet, name="published_sheet"),
    # What changed, what is missing
    path("systems/<slug:code>/changes/", changes.system_changes, name="system_changes"),
    path("systems/<slug:code>/places/<slug:place_code>/changes/", changes.place_changes, name="place_changes"),
    path("systems/<slug:code>/themes/<slug:theme_code>/highlight/", highlight.theme_highlight, name="theme_highlight"),
    path("systems/<slug:code>/entirety/", entirety.entirety, name="entirety"),
    # How it works
    path("runs/", runs.runs, name="runs"),
    path("how-status-works/", catalogue.status_explained, name="status_explained"),
]
