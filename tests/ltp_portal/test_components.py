"""The pieces every list and every filter is made of."""

import django_tables2 as tables
import pytest
from django import forms
from django.template.loader import render_to_string
from django.test import RequestFactory


class People(tables.Table):
    name = tables.Column()
    reports = tables.Column(attrs={"th": {"class": "portal-number"}, "td": {"class": "portal-number"}})
    note = tables.Column(orderable=False)

    caption = "People"


ROWS = [{"name": f"Person {n}", "reports": n, "note": "<b>bold</b>"} for n in range(60)]


def people(address: str = "/people/", rows=ROWS) -> str:
    request = RequestFactory().get(address)
    table = People(rows)
    tables.RequestConfig(request, paginate={"per_page": 25}).configure(table)
    return table.as_html(request)


def test_a_list_has_a_caption_and_scopes():
    html = people()

    assert "<caption" in html
    assert html.count('scope="col"') == 3
    assert html.count('scope="row"') == 25


@pytest.mark.parametrize(("order", "word"), [("reports", "ascending"), ("-reports", "descending")])
def test_a_sorted_column_says_which_way(order, word):
    html = people(f"/people/?sort={order}")

    assert html.count("aria-sort") == 1
    assert f'aria-sort="{word}"' in html


def test_a_column_that_cannot_be_sorted_is_no_link():
    assert "?sort=note" not in people()


def test_sorting_keeps_the_filters_in_the_address():
    assert "status=missed&amp;sort=name" in people("/people/?status=missed")


def test_pages_are_links_and_the_page_in_hand_says_so():
    html = people("/people/?page=2")

    assert 'aria-label="Page 2" aria-current="page"' in html
    assert 'rel="prev"' in html
    assert 'rel="next"' in html


def test_the_first_and_the_last_page_lead_nowhere_else():
    assert 'rel="prev"' not in people()
    assert 'rel="next"' not in people("/people/?page=3")


def test_a_short_list_has_no_pages():
    assert "nhsuk-pagination" not in people(rows=ROWS[:25])


def test_a_long_list_leaves_pages_out_of_the_row():
    assert "nhsuk-pagination__item--ellipsis" in people(rows=ROWS * 20)


def test_an_empty_list_says_so():
    assert "No data" in people(rows=[])


def test_numbers_stand_to_the_right_and_text_is_escaped():
    html = people()

    assert 'class="nhsuk-table__cell portal-number"' in html
    assert "&lt;b&gt;" in html
    assert "None" not in html


class Words(forms.Form):
    all_optional = True
    word = forms.CharField(required=False)
    since = forms.IntegerField(required=False, error_messages={"invalid": "Enter a year"})


class Filter:
    def __init__(self, **data):
        self.form = Words(data)


def draw_filters(**data) -> str:
    context = {"filter": Filter(**data), "request": RequestFactory().get("/people/?word=x")}
    return render_to_string("_components/filters_form.html", context)


def test_filters_are_a_form_that_only_asks():
    html = draw_filters(word="x")

    assert 'method="get"' in html
    assert 'value="x"' in html
    assert 'href="/people/"' in html


def test_a_filter_that_makes_no_sense_says_so_above_the_heading(signed_in, viewer):
    html = signed_in(viewer).get("/deliveries/?system=nonsense").content.decode()

    assert html.index("There is a problem") < html.index("<h1")
    assert 'href="#id_system"' in html


def test_breadcrumbs_end_with_a_way_back():
    html = render_to_string("_components/breadcrumbs.html", {"crumbs": [("Home", "/"), ("Systems", "/systems/")]})

    assert html.count("nhsuk-breadcrumb__list-item") == 2
    assert "Back to </span>Systems" in html


def test_a_summary_list_never_shows_a_blank():
    html = render_to_string("_components/summary_list.html", {"rows": [("Lead", ""), ("Place", "Bexley")]})

    assert "No data" in html
    assert "Bexley" in html


def test_an_error_summary_links_to_the_first_box_of_a_group():
    class Stage(forms.Form):
        stage = forms.ChoiceField(
            choices=[("a", "A")], widget=forms.RadioSelect, error_messages={"required": "Select a stage"}
        )

    html = render_to_string("_components/error_summary.html", {"form": Stage({})})

    assert '<a href="#id_stage_0">Select a stage</a>' in html


def test_an_error_summary_names_errors_of_the_whole_form_and_of_hidden_fields():
    class Strict(forms.Form):
        key = forms.CharField(widget=forms.HiddenInput, error_messages={"required": "Start again"})

        def clean(self):
            raise forms.ValidationError("These do not fit together")

    html = render_to_string("_components/error_summary.html", {"form": Strict({})})

    assert "<li>These do not fit together</li>" in html
    assert "<li>Start again</li>" in html
