import datetime as dt
from decimal import Decimal
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from commitments.charts.control import control_chart
from commitments.charts.frame import LABEL_GAP, RIGHT
from commitments.charts.icons import MEANINGS, assurance_icon, variation_icon
from commitments.charts.marks import KIND
from commitments.spc import Assurance, Better, Variation, judge

SVG = "{http://www.w3.org/2000/svg}"
NOISE = [50, 52, 49, 51] * 4


def month(n):
    return dt.date(2018 + n // 12, n % 12 + 1, 1)


def drawn(values, *, target=None, rebase=()):
    found = judge(
        [(month(n), Decimal(value)) for n, value in enumerate(values)], better=Better.HIGH, target=target, rebase=rebase
    )
    svg = control_chart(name="m1", title="Seen <here>", description="Now 50", points=found.points, target=target)
    return ElementTree.fromstring(svg)


def words(picture):
    return [text.text for text in picture.iter(f"{SVG}text")]


def labels(picture):
    return {text.text: float(text.get("y")) for text in picture.iter(f"{SVG}text") if text.get("x") == str(RIGHT + 10)}


def test_the_mean_the_limits_and_the_target_are_named_with_their_values():
    assert set(labels(drawn(NOISE, target=Decimal(60)))) == {
        "Upper limit 56",
        "Mean 50.5",
        "Lower limit 45",
        "Target 60",
    }


def test_labels_that_would_collide_are_moved_apart():
    heights = sorted(labels(drawn([100] * 14, target=Decimal(100))).values())

    assert len(heights) == 4
    assert all(below - above >= LABEL_GAP for above, below in pairwise(heights))


def test_without_a_target_none_is_drawn():
    assert not [word for word in words(drawn(NOISE)) if "Target" in word]


def test_each_kind_of_point_has_a_shape_of_its_own_with_a_dark_outline():
    picture = drawn([*NOISE, 70, 30])

    shapes = {path.get("d").translate(str.maketrans("", "", "0123456789.,- ")) for path in picture.iter(f"{SVG}path")}
    outlines = {path.get("stroke") for path in picture.iter(f"{SVG}path")}
    assert len(shapes) == 3
    assert outlines == {"#212b32"}
    assert len({path for _, path, *_ in KIND.values()}) == 4


def test_the_key_names_the_kinds_in_the_chart_only():
    assert {"Common cause", "Improvement"} <= set(words(drawn([*NOISE, 70])))
    assert not {"Concern", "Change"} & set(words(drawn([*NOISE, 70])))


def test_lines_are_broken_where_the_chart_is_rebased():
    picture = drawn([*NOISE, *[value + 40 for value in NOISE]], rebase=[month(16)])

    assert len(list(picture.iter(f"{SVG}polyline"))) == 2
    assert len([line for line in picture.iter(f"{SVG}line") if line.get("stroke-dasharray") == "6 4"]) == 4
    assert "Mean 90.5" in words(picture)


def test_a_chart_is_named_escaped_and_needs_no_style():
    picture = drawn(NOISE)

    assert picture.get("role") == "img"
    assert picture.find(f"{SVG}title").text == "Seen <here>"
    assert picture.find(f"{SVG}desc").text == "Now 50"
    assert not [element for element in picture.iter() if element.get("style") or element.get("class")]


ICONS = [*map(variation_icon, [*Variation, None]), *map(assurance_icon, [*Assurance, None])]


@pytest.mark.parametrize("svg", ICONS)
def test_an_icon_says_what_it_shows_and_needs_no_style(svg):
    icon = ElementTree.fromstring(svg)

    assert icon.get("role") == "img"
    assert icon.find(f"{SVG}title").text
    assert icon.find(f"{SVG}desc").text
    assert not [element for element in icon.iter() if element.get("style") or element.get("class")]


def test_no_two_icons_look_the_same_without_colour():
    def without_words_and_colour(svg):
        icon = ElementTree.fromstring(svg)
        return [
            (part.tag, part.text, *(part.get(name) for name in ("d", "points", "x", "y", "stroke-dasharray")))
            for part in icon.iter()
            if part.tag not in (f"{SVG}title", f"{SVG}desc")
        ]

    looks = [str(without_words_and_colour(svg)) for svg in ICONS if ">No icon<" not in svg]

    assert len(set(looks)) == len(Variation) + len(Assurance)


def test_each_icon_has_a_meaning():
    assert set(MEANINGS) == {*Variation, *Assurance}
