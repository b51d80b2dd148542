"""What the tests of pages share: where a delivery's page is, and a page as its reader sees it."""

import re

from django.urls import reverse


def page_of(delivery):
    return reverse("commitments:delivery", args=[delivery.pk])


def read(client, address, **query):
    return client.get(address, query).content.decode()


def sent_by(html: str) -> dict[str, list[str]]:
    """What the forms of a page send by themselves: the values of their hidden boxes."""
    form = html[html.index("<main") :]
    sent: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form):
        sent.setdefault(name, []).append(value)
    return sent
