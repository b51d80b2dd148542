"""What the tests of the grid share: a draft, what a browser sends of some rows, and the page that comes back."""

import datetime as dt

from django.urls import reverse

from commitments.choices import ReportState
from tests.factories import ReportFactory

GRID = "/deliveries/grid/"
AUGUST = dt.date(2019, 8, 1)


def one_row(delivery):
    return reverse("commitments:grid_row", args=[delivery.pk])


def draft_of(delivery, author, **facts):
    words = {"submitted_on": None, "state": ReportState.DRAFT, "narrative": "Words of the draft"}
    return ReportFactory(delivery=delivery, author=author, **words | facts)


def sent(*rows, **more):
    """What a browser sends of these rows: the boxes as shown, then as they were changed."""
    data = {"period": "2019-09-01", "row": [str(delivery.pk) for delivery, *_ in rows]} | more
    for delivery, version, shown, changed in rows:
        boxes = {"confidence": "", "stage": "", "expected_on": "", "narrative": ""} | shown
        data |= {f"initial-{delivery.pk}-{name}": value for name, value in boxes.items()}
        boxes |= {"version": str(version)} | changed
        data |= {f"{delivery.pk}-{name}": value for name, value in boxes.items()}
    return data


def read(response):
    return response.content.decode()
