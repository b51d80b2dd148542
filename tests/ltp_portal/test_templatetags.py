import datetime as dt
import re

import pytest
from django.conf import settings
from django.template import Context, Template

from commitments.choices import Status
from ltp_portal.templatetags.portal import (
    at_moment,
    day,
    inline_svg,
    moment,
    number,
    or_no_data,
    status_word,
    time_of_day,
)

TEMPLATES = settings.BASE_DIR / "templates"
TOKEN = "{% form_token %}"


def draw(source: str, **context) -> str:
    return Template(source).render(Context(context))


def test_nhsuk_draws_a_component():
    html = draw("{% nhsuk 'tag' text='Amber' colour='yellow' %}")

    assert "nhsuk-tag--yellow" in html
    assert "Amber" in html


def test_nhsuk_finds_a_macro_whose_name_differs_from_its_folder():
    html = draw("{% nhsuk 'tables.table' params %}", params={"caption": "People", "rows": [[{"text": "Grace"}]]})

    assert "<caption" in html
    assert "Grace" in html


def test_nhsuk_finds_a_macro_of_two_words():
    assert "<dl" in draw("{% nhsuk 'summary-list' params %}", params={"rows": [{"key": {"text": "Lead"}}]})


def test_nhsuk_escapes_what_it_is_given():
    assert "<script>" not in draw("{% nhsuk 'tag' text=text %}", text="<script>alert(1)</script>")


@pytest.mark.parametrize("status", Status)
def test_a_status_is_drawn_with_its_word(status):
    html = draw("{% include '_components/status_tag.html' %}", status=status)

    assert f">{status.label}<" in html
    assert f"portal-status--{status.value}" in html


def test_each_form_has_a_key_of_its_own_beside_the_page_s_token():
    html = draw("{% form_token %}{% form_token %}", csrf_token="from us")

    keys = re.findall('name="form_key" value="([0-9a-f]{32})"', html)
    assert len(set(keys)) == 2
    assert html.count('name="csrfmiddlewaretoken" value="from us"') == 2


def test_every_form_that_writes_has_a_key():
    """Except those that do the same when they are sent twice: of signing in and out, and two on published pages."""
    ours = [path for app in ("systems", "commitments", "engagement") for path in (TEMPLATES / app).rglob("*.html")]
    without = [path.name for path in ours if path.read_text().count('method="post"') != path.read_text().count(TOKEN)]

    assert sorted(without) == ["_corner.html", "_my_place_form.html"]


def test_every_status_has_a_colour_of_its_own(settings):
    css = (settings.BASE_DIR / "static" / "portal" / "portal.css").read_text()

    rules = {status: css.partition(f".portal-status--{status.value} {{")[2].partition("}")[0] for status in Status}

    assert all(rules.values())
    assert len(set(rules.values())) == len(Status)


def test_status_word():
    assert status_word("off_track") == "Off track"


def test_a_day_spells_its_month_out():
    assert day(dt.date(2019, 9, 30)) == "30 September 2019"


def test_the_day_of_a_moment_is_london_s():
    assert day(dt.datetime(2019, 6, 30, 23, 30, tzinfo=dt.UTC)) == "1 July 2019"


@pytest.mark.parametrize(
    ("hour", "minute", "words"),
    [(16, 30, "5:30pm"), (16, 0, "5pm"), (11, 0, "midday"), (23, 0, "midnight"), (8, 5, "9:05am"), (23, 5, "12:05am")],
)
def test_a_moment_is_written_as_the_service_manual_does(hour, minute, words):
    summer = dt.datetime(2019, 7, 1, hour, minute, tzinfo=dt.UTC)

    assert moment(summer).endswith(f"July 2019 at {words}")
    assert time_of_day(summer) == words


@pytest.mark.parametrize(
    ("hour", "words"), [(16, "at 5:30pm"), (23, "on 2 July 2019 at 12:30am"), (-2, "on 30 June 2019 at 11:30pm")]
)
def test_a_moment_of_today_needs_no_day(hour, words):
    noon, moved = dt.datetime(2019, 7, 1, 11, tzinfo=dt.UTC), dt.timedelta(hours=hour, minutes=30)

    assert at_moment(dt.datetime(2019, 7, 1, tzinfo=dt.UTC) + moved, noon) == words


def test_a_moment_without_a_zone_is_taken_as_it_is():
    assert moment(dt.datetime(2019, 7, 1, 17, 30)) == "1 July 2019 at 5:30pm"


@pytest.mark.parametrize(
    ("value", "words"), [(1250, "1,250"), (0, "0"), (1.5, "1.5"), (2.25, "2.25"), (1000.0, "1,000"), (100, "100")]
)
def test_numbers(value, words):
    assert number(value) == words


@pytest.mark.parametrize("draw_value", [day, moment, number, or_no_data])
@pytest.mark.parametrize("nothing", [None, ""])
def test_nothing_is_never_a_blank(draw_value, nothing):
    assert draw_value(nothing) == "No data"


def test_or_no_data_keeps_a_nought():
    assert or_no_data(0) == 0


def test_inline_svg_leaves_the_declaration_out():
    assert inline_svg("<?xml version='1.0'?><svg></svg>") == "<svg></svg>"
