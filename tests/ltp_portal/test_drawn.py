"""Pieces drawn without templates come out as the templates would draw them."""

import django_tables2 as tables
import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.safestring import SafeString, mark_safe

from commitments.choices import Status
from ltp_portal.drawn import join, status_tag, table_rows

CHOICES = [
    ("", "Any"),
    (1, "One & <only>"),
    ('"2"', mark_safe("<b>Two</b>")),
    ("More", [("3", "Three"), ("4", "Four")]),
]


class Choose(forms.Form):
    one = forms.ChoiceField(choices=CHOICES, widget=forms.Select({"data-x": 'a"b', "hidden": True, "lang": False}))
    several = forms.MultipleChoiceField(choices=CHOICES, widget=forms.SelectMultiple)


@pytest.mark.parametrize("name", ["one", "several"])
@pytest.mark.parametrize("data", [None, {"one": "1", "several": ["3", "4"]}, {"one": "x", "several": ["x"]}])
def test_a_list_to_choose_from_is_what_django_draws(name, data):
    ours = str(Choose(data)[name])
    field = Choose(data)[name]
    widget = field.field.widget
    by_django = widget.render(
        field.html_name,
        field.value(),
        field.build_widget_attrs(widget.attrs) | {"id": field.auto_id},
        DjangoTemplates(),
    )

    assert squeezed(ours) == squeezed(by_django)


def squeezed(html: str) -> str:
    return "".join(line.strip() for line in html.splitlines())


def test_what_is_joined_is_escaped_and_what_is_safe_is_not_twice():
    found = join("<p>%s %s</p>", ('<a> & "b"', mark_safe("<i>")))

    assert isinstance(found, SafeString)
    assert found == "<p>&lt;a&gt; &amp; &quot;b&quot; <i></p>"


def test_a_status_is_drawn_once_and_only_a_status_is():
    assert status_tag("missed") is status_tag("missed") == status_tag(Status.MISSED)
    with pytest.raises(ValueError, match="nonsense"):
        status_tag("nonsense")


class People(tables.Table):
    name = tables.Column()
    reports = tables.Column(attrs={"td": {"class": "portal-number"}})
    note = tables.Column(default="No data")


def test_rows_begin_with_a_heading_and_show_what_is_there():
    rows = table_rows(People([{"name": "<Grace>", "reports": 1250, "note": mark_safe("<b>!</b>")}, {"name": "50%"}]))

    assert rows.splitlines() == [
        '<tr class="nhsuk-table__row"><th scope="row" class="nhsuk-table__header ">&lt;Grace&gt;</th>'
        '<td class="nhsuk-table__cell portal-number">1250</td><td class="nhsuk-table__cell "><b>!</b></td></tr>',
        '<tr class="nhsuk-table__row"><th scope="row" class="nhsuk-table__header ">50%</th>'
        '<td class="nhsuk-table__cell portal-number">—</td><td class="nhsuk-table__cell ">No data</td></tr>',
    ]
